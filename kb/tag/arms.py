"""Which of a study's arms a sentence speaks of: a drug of an arm that got no cells is no partner of theirs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from kb.tag.mentions import Part

_NUMBER = r"(?:[a-d]|[1-4]|i{1,3}|one|two|three)"
#: "… (arm B)", "… (control group)": what stands before the label is that arm's.
_LABEL = re.compile(
    rf"\(\s*(?:(?:arm|group)\s+{_NUMBER}|(?:control|experimental|treatment|study|comparator|combination)"
    r"(?:\s+(?:arm|group))?)\b[^()]{0,30}\)",
    re.IGNORECASE,
)
#: "Arm B received …", "group 2: …": what stands behind it is that arm's.
_HEAD = re.compile(
    rf"\b(?:arm|group)\s+{_NUMBER}\b(?:\s*\([^()]{{0,30}}\))?\s*(?::|,?\s+(?:patients\s+|subjects\s+)?(?:received|got|had|"
    r"underwent|(?:was|were) (?:given|treated)))",
    re.IGNORECASE,
)
#: Where the account of the arms begins in a sentence: what stands before is for all of them.
_SHARED = re.compile(
    r"\b(?:received|receiving|given|got|either|(?:assigned|allocated|randomi[sz]ed) to|treated with)\b", re.IGNORECASE
)
#: Two things in one arm; a drug alone before its label may only replace another one ("with X (arm A) or Y (arm B)").
_JOINER = re.compile(r"\b(?:plus|with|and|alone|only|followed|placebo|combined)\b|\+", re.IGNORECASE)
_OR_TO = re.compile(r"\bor\s+to\s+(?=[^.;,]{3,})", re.IGNORECASE)


def in_other_arm(sentence: str, at: int, cells: Collection[int]) -> bool:
    """Tell whether a name stands in the account of an arm without the product, beside one with it.

    Args:
        sentence: its text.
        at: where the name begins in it.
        cells: where the product or its kind is named in it.
    """
    for arms in (_labelled(sentence), _headed(sentence), _choices(sentence)):
        mine = [(start, end) for start, end in arms if start <= at < end]
        if not mine or any(_holds(arm, cells) for arm in mine):
            continue
        if any(_holds(arm, cells) for arm in arms):
            return True
    return False


def arms_without(parts: Iterable[Part], named: Collection[tuple[str, int]]) -> frozenset[tuple[str, int]]:
    """Return the sentences, as (field, start), that open with an arm and name no product, where another's does.

    Args:
        parts: the sentences of a record.
        named: sentences that name the product or its kind.
    """
    opened = [
        (part.passage.field, part.sentence.start) for part in parts if _HEAD.match(part.sentence.text.lstrip("( "))
    ]
    others = frozenset(where for where in opened if where not in named)
    return others if len(others) < len(opened) else frozenset()


def _holds(arm: tuple[int, int], cells: Collection[int]) -> bool:
    return any(arm[0] <= cell < arm[1] for cell in cells)


def _labelled(sentence: str) -> list[tuple[int, int]]:
    labels = list(_LABEL.finditer(sentence))
    if len(labels) < 2:
        return []
    shared = [found.end() for found in _SHARED.finditer(sentence, 0, labels[0].start())]
    starts = [shared[-1] if shared else labels[0].start(), *(label.end() for label in labels[:-1])]
    arms = [(start, label.start()) for start, label in zip(starts, labels, strict=True)]
    return [(start, end) for start, end in arms if _JOINER.search(sentence, start, end)]


def _headed(sentence: str) -> list[tuple[int, int]]:
    heads = list(_HEAD.finditer(sentence))
    if len(heads) < 2:
        return []
    ends = [*(head.start() for head in heads[1:]), len(sentence)]
    return [(head.end(), end) for head, end in zip(heads, ends, strict=True)]


def _choices(sentence: str) -> list[tuple[int, int]]:
    """Return the two sides of "assigned to … or to …"."""
    found = _OR_TO.search(sentence)
    if found is None:
        return []
    before = [one.end() for one in _SHARED.finditer(sentence, 0, found.start())]
    if not before:
        return []
    stop = re.compile(r"[.;,]").search(sentence, found.end())
    return [(before[-1], found.start()), (found.end(), stop.start() if stop else len(sentence))]
