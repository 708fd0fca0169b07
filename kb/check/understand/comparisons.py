"""Sentences that set a product against something else: better, safer, more than, instead of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from kb.check.understand.benefits import Benefits
from kb.check.understand.lines import Lines
from kb.check.understand.names import Names, names_in
from kb.check.understand.units import Unit
from kb.check.understand.wording import wording
from kb.records.common import ProductKey

_THAN = re.compile(
    r"\b(?:than|versus|vs\.?|compared (?:with|to)|superior to|unlike|over|instead of|rather than|alternative to|beats|"
    r"outperforms?|surpasses)\b(?P<rest>.*)",
    re.IGNORECASE,
)
_STANDARD = re.compile(
    r"\b(?:chemo\w*|radiation|radiotherapy|surgery|standard|conventional|traditional|usual|drugs?|other (?:treatments|"
    r"therap\w+)|alternatives?|approaches)\b",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"\b(?:standard immunity|ordinary|natural immunity|immune system|no treatment|doing nothing|placebo|untreated)\b",
    re.IGNORECASE,
)
_DEGREE = re.compile(
    r"\b(?:stronger|more|better|superior|powerful|safer|fewer|less|longer|higher|works?)\b", re.IGNORECASE
)
_OF_PEOPLE = re.compile(r"\b(?:the healthier|health significantly|starting health|impacts? outcomes?)\b", re.IGNORECASE)


def comparison(
    benefits: Benefits, unit: Unit, names: Names, above: Lines, before: Sequence[str]
) -> dict[str, Any] | None:
    """Return the fields of a comparative claim, None when the sentence compares nothing that can be judged.

    Args:
        benefits: makes product keys.
        unit: the sentence.
        names: what it names.
        above: the lines above it.
        before: other products the section spoke of; "safer" alone is meant against them.
    """
    text, kit = unit.text, benefits.kit
    found = _THAN.search(text)
    rest = found["rest"] if found else ""
    other = _other(names_in(kit, rest), text, rest, before)
    harms = names.concepts("event")
    about = harms or names.concepts("outcome") or kit.lexicon.has(text, "benefit") or _DEGREE.search(text)
    if not other or not about:
        return None
    head = names_in(kit, text[: found.start()] if found else text)
    fields: dict[str, Any] = {"wording": wording(kit.lexicon, text), "compared_with": ProductKey(**other)}
    if harms:
        fields |= {"outcome": "safety", "event": harms[0]}
    elif outcome := benefits.outcome(names):
        fields["outcome"] = outcome
    subject = benefits.subjects.of(text[: found.start()] if found else text, head, above, "comparative")
    return benefits.product(fields, head, above, text, "comparative", subject, above.cells)


def _other(than: Names, text: str, rest: str, before: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the product key of what is compared with; empty when nothing tells."""
    if cells := than.concepts("cell_type"):
        return {"cell_type": cells}
    if made := than.concepts("engineering"):
        return {"engineering": made}
    if _NOTHING.search(rest):
        return {"cell_type": ("no-product",)}
    if _STANDARD.search(rest):
        return {"combination": ("best-supportive-care",)}
    if than.concepts("indication") or than.concepts("setting"):
        return {"indication": than.concepts("indication") or ("disease",)}
    if before and not rest:
        return {"cell_type": tuple(before)}
    if _OF_PEOPLE.search(text):
        return {"indication": ("disease",)}
    return {"combination": ("best-supportive-care",)} if rest.strip() and len(rest.split()) < 8 else {}
