"""How a sentence says it: asserted, hedged, implied or denied."""

from __future__ import annotations

import re

from kb.check.understand.lexicon import Lexicon
from kb.records.claim import Wording

#: A denial that praises: nothing is denied by them.
_PRAISING = re.compile(
    r"\b(?:not only|no doubt|without (?:a )?doubt|no (?:longer|wonder|matter|other|one else|better)"
    r"|not just|nothing (?:but|is left)|"
    r"not to mention|no more|can(?:no|')t (?:wait|go wrong)|why not|without (?:genetic|prior|surgery"
    r"|hospital|chemo|feeder|"
    r"delay|waiting|harming|damaging|affecting)|no need|not from a donor)\b",
    re.IGNORECASE,
)
#: Questions, offers and aims put a claim without asserting it.
_IMPLIES = re.compile(
    r"\b(?:aim(?:s|ed)? (?:to|at)|designed (?:to|for)|intended (?:to|for)|goal is|focus(?:es|ed)? on|seeks? to|"
    r"imagine|whether your goal|want(?:s|ed)? to|looking to|for those|if you)\b|\?\s*$",
    re.IGNORECASE,
)
#: "Promising" and its kind say that something is not yet shown; so do the words "early evidence".
_SOFT = re.compile(
    r"\bpromis(?:e|ing)\b|\bemerging\b|\bpotential\b|\bpreliminary\b|\bearly\b|\bencouraging\b", re.IGNORECASE
)


def denies(lexicon: Lexicon, text: str) -> bool:
    """Tell whether a benefit or a standing is denied ("has not been shown", "does not cure", "unproven")."""
    plain = _PRAISING.sub(" ", text)
    return bool(lexicon.cue(plain, "limit"))


def negated(lexicon: Lexicon, text: str) -> bool:
    """Tell whether there is a negation of any kind that is no praise."""
    return bool(lexicon.cue(_PRAISING.sub(" ", text), "denial"))


def wording(lexicon: Lexicon, text: str, above: str = "", *, listed: bool = False) -> Wording:
    """Return the wording of a sentence that promises a benefit.

    Args:
        lexicon: cues.
        text: the sentence.
        above: the line that introduces it; a bullet takes its hedges over.
        listed: it is an item under a line like "Applications include", which says no more than that.
    """
    if denies(lexicon, text):
        return "denied"
    if lexicon.has(text, "hedge") or (above and lexicon.has(above, "hedge")):
        return "hedged"
    if listed or _IMPLIES.search(text) or (above and _IMPLIES.search(above)):
        return "implied"
    return "asserted"
