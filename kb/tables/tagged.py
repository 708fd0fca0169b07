"""What the tagger read in fetched records. Nobody reviewed it: it finds and sorts, no status rests on it."""

from __future__ import annotations

from kb.read_notice import READ_ERRORS
from kb.shape import Table
from kb.shape import column as c

_READ = "Read by rules in a fetched record; nobody reviewed it, and no status rests on it."

TAGGED: tuple[Table, ...] = (
    Table(
        "tagged_records",
        "Records tagged",
        f"Whether a fetched article or registration is about people treated with the cells of this map. {_READ}",
        (
            c("id", "article or registration", required=True),
            c("kind", "article or registration", required=True),
            c("title", "title", required=True),
            c("relevant", "1 when such cells are the product", "integer", required=True),
            c("flags", "kind of record, or why it is not relevant: JSON list"),
            c("reason", "why, in words", required=True),
            c("unread", "fields left out because they are not in English: JSON list", required=True),
            c("conflicts", "where two origins of its tags do not agree: JSON list of sentences"),
            c("on_file", "reviewed study or trial, when there is one", references="nodes"),
        ),
        label="title",
        facets=("kind", "relevant"),
        indexes=(("relevant", "kind"), ("on_file",)),
        search=("title",),
    ),
    Table(
        "stated_results",
        "Results stated in abstracts",
        f"One result as an abstract states it: figures as printed, their place, and what is doubtful. {_READ} "
        f"{READ_ERRORS}",
        (
            c("id", "article and place", required=True),
            c("record_id", "article", references="tagged_records", required=True),
            c("field", "field of the article, as in tags", required=True),
            c("start", "first character of the sentence", "integer", required=True),
            c("end", "character after the sentence", "integer", required=True),
            c("endpoint", "what was measured, as printed"),
            c("outcome", "outcome group", references="concepts"),
            c("event", "kind of harm", references="concepts"),
            c("grade", "lowest and highest grade stated: JSON list"),
            c("arm", "group, as printed"),
            c("n", "people with the event", "integer"),
            c("n_total", "people looked at", "integer"),
            c("n_basis", "who was counted: evaluable, enrolled or treated; empty = not said"),
            c("percent", "percentage as printed", "float"),
            c("interval_low", "lower limit of the interval", "float"),
            c("interval_high", "upper limit of the interval", "float"),
            c("interval_level", "level of the interval in percent", "float"),
            c("value", "another figure, with its unit"),
            c("ratio", "hazard, odds or risk ratio", "float"),
            c("ratio_kind", "hazard, odds or risk"),
            c("p", "P value as printed"),
            c("time_point", "time point"),
            c("direction", "better, no_difference, worse or not_comparative: of the treated group", required=True),
            c("is_primary", "1 for the primary endpoint, 0 for another; empty = not said", "integer"),
            c("met", "1 when the text says that its target was met, 0 when missed; empty = not said", "integer"),
            c("assertion", "present, absent, possible, historical or contrast", required=True),
            c(
                "flags",
                "no_denominator, spin (called better although P is not below 0.05), percent_mismatch, subgroup, "
                "historical_control: JSON list",
            ),
        ),
        facets=("direction",),
        indexes=(("record_id",), ("outcome",), ("event",), ("direction",)),
        hidden=True,
    ),
    Table(
        "stated_doses",
        "Cell doses stated in abstracts",
        f"One dose of cells as an abstract states it. {_READ}",
        (
            c("id", "article and place", required=True),
            c("record_id", "article", references="tagged_records", required=True),
            c("field", "field of the article", required=True),
            c("start", "first character of the words", "integer", required=True),
            c("end", "character after them", "integer", required=True),
            c("low", "cells, lower end", "float", required=True),
            c("high", "cells, upper end", "float", required=True),
            c("per", "kg, m2, or empty for a total"),
            c("infusions", "number of infusions; empty = not said", "integer"),
        ),
        indexes=(("record_id",),),
        hidden=True,
    ),
)
