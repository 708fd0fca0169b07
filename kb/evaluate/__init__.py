"""How often the tagger is right: labelled cases, scores with intervals, and the page that shows them."""
