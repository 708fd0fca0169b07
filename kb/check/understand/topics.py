"""What the lines above a unit say it is about: side effects, candidates, applications, how cells work or are made."""

from __future__ import annotations

import re

from kb.check.understand.lexicon import Lexicon
from kb.check.understand.units import Unit

_TREATS = re.compile(r"\b(?:therap\w+|treatments?|infusions?|our|we|your)\b", re.IGNORECASE)


def topic_of(lexicon: Lexicon, text: str) -> str:
    """Return what a heading or an introducing line is about, "" when it does not tell; the table's order decides."""
    for topic in lexicon.values.get("topic", ()):
        if lexicon.find(text, "topic", topic):
            return topic
    return ""


def topic(lexicon: Lexicon, unit: Unit) -> str:
    """Return what a unit is about by the lines above it: the line that introduces it, then headings from near to far.

    Below a line that speaks of a treatment, what is said further above of how cells work no longer counts.
    """
    treats = False
    for line in (*reversed(unit.intros), *reversed(unit.heads), unit.question, *list(reversed(unit.headings))[:2]):
        found = topic_of(lexicon, line) if line else ""
        if found and not (found == "mechanism" and treats):
            return found
        treats = treats or _TREATS.search(line) is not None
    return ""
