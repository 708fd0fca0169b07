"""Of how many people: denominators that a phrase or the sentence before gives."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kb.tag.measures import Measure
from kb.tag.numbers import WHOLE, plain
from kb.tag.quantities import Basis, basis_of, figures
from kb.tag.shapes import WHICH

_OF_ALL = re.compile(
    rf"(?:(?:^|[(,;:]\s?|\b(?:and|but|while|whereas)\s)of|(?:^|[\s(,;:])(?:among|out of|"
    rf"of(?=\s(?:the|all|these|our)\s)))\s{WHICH}$",
    re.IGNORECASE,
)
#: "In 42 patients, expansion was seen in 10%": the people of the one percentage that follows.
_IN_THESE = re.compile(r"(?:^|\b(?:whereas|while|and|but)\s)in\s(?:the\s|these\s)?$", re.IGNORECASE)
_EVALUABLE = re.compile(r"\s?(?:\w+\s){0,2}(?:were|was)\s(?:\w+\s)?(?:evaluable|assessable)\b", re.IGNORECASE)
_OF_THESE = re.compile(r"\bof (?:these|those|them|whom),?\s(?:patients,?\s)?(?:only\s)?$", re.IGNORECASE)
_OF_WHOM = re.compile(r"\s?of\s(?:whom|which|these|those|them)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _People:
    total: int
    basis: Basis
    #: Only for the next result.
    once: bool = False


def denominators(text: str, found: Sequence[Measure]) -> list[Measure]:
    """Return the results with the denominator a phrase before them gives ("Of 17 evaluable patients, nine …").

    The phrase itself ("Of 17 evaluable patients") is no result and is left out. A semicolon ends its reach.

    Args:
        text: the plain sentence.
        found: its results in order.
    """
    result: list[Measure] = []
    people: _People | None = None
    bases: dict[int, Basis] = {}
    end = 0
    for i, measure in enumerate(found):
        if people is not None and ";" in text[end : measure.start] and "(" not in text[end : measure.start]:
            people = None
        end = measure.end
        following = found[i + 1] if i + 1 < len(found) else None
        looked_at = _looked_at(text, measure, following)
        if looked_at is not None:
            people = looked_at
            bases[people.total] = people.basis
            continue
        if result and _in_all_of(text, result[-1], measure):
            result[-1] = replace(result[-1], total=measure.n, basis=measure.basis)
            continue
        if measure.total is not None:  # "17 were evaluable; 9 of 17"
            result.append(replace(measure, basis=measure.basis or bases.get(measure.total, "")))
        else:
            result.append(_with_total(text, measure, people, found[:i]))
        if people is not None and people.once:
            people = None
    return result


def _in_all_of(text: str, before: Measure, measure: Measure) -> bool:
    """Tell whether a bare count says of how many the one before it was ("two remissions were seen in 15 patients")."""
    if before.n is None or before.total is not None or before.percent or measure.n is None or measure.total is not None:
        return False
    gap = text[before.end : measure.start]
    counts = re.fullmatch(r"\s(?:[\w/-]+\s){1,6}(?:in|among)\s(?:the\s|all\s|these\s|our\s)?", gap)
    own = re.search(r"\b(?:and|had|patients?|who|with)\b", gap)
    return counts is not None and own is None and measure.n >= before.n and not measure.percent


def _looked_at(text: str, measure: Measure, following: Measure | None) -> _People | None:
    """Return the people a bare count names as those looked at, None when it is a result."""
    if measure.n is None or measure.total is not None or measure.percent:
        return None
    before, after = text[: measure.start], text[measure.end :]
    if following is not None and _OF_ALL.search(before):
        words = re.match(r"[^,;.]{0,30}", after)
        return _People(measure.n, measure.basis or basis_of(words.group() if words else ""))
    rate_follows = following is not None and following.percent and following.n is None and following.total is None
    if rate_follows and _IN_THESE.search(before):
        return _People(measure.n, measure.basis, once=True)
    return _People(measure.n, "evaluable") if _EVALUABLE.match(after) else None


def _with_total(text: str, measure: Measure, people: _People | None, before: Sequence[Measure]) -> Measure:
    counted = [m.n for m in before if m.n is not None]
    pointing = _OF_THESE.search(text[: measure.start]) or _OF_WHOM.match(text, measure.end)
    if measure.n is not None and pointing:
        fits = counted and measure.n <= counted[-1]
        return replace(measure, total=counted[-1]) if fits else measure
    if people is None or not (measure.percent or measure.n is not None) or (measure.n or 0) > people.total:
        return measure
    return replace(measure, total=people.total, basis=measure.basis or people.basis)


def of_sentence_before(found: list[Measure], text: str, before: str) -> list[Measure]:
    """Give "Of these, nine responded" and "Nine responded" the denominator of the sentence before, where that is sure.

    Sure is: that sentence counts people once, and either this one points back ("of these") or it begins with a bare
    number and that one says who was evaluable.

    Args:
        found: the results of this sentence.
        text: this sentence, plain.
        before: the sentence before as given, "" without one.
    """
    counts = [m for m in found if m.n is not None]
    if not counts or not before or counts[0].total is not None:
        return found
    first = counts[0]
    pointing = _OF_THESE.search(text[: first.start])
    elliptic = first.start == 0 and re.fullmatch(WHOLE, text[: first.end], re.IGNORECASE)
    if not pointing and not elliptic:
        return found
    earlier = plain(before).text
    people = [figure for figure in figures(earlier) if figure.kind == "people"]
    if len(people) != 1 or people[0].n is None or people[0].total is not None or (first.n or 0) > people[0].n:
        return found
    evaluable = re.search(r"evaluable|assessable", earlier, re.IGNORECASE)
    if not evaluable and not pointing:
        return found
    total, basis = people[0].n, people[0].basis
    return [
        replace(m, total=total, basis="evaluable" if evaluable else basis)
        if m.n is not None and m.total is None and m.n <= total
        else m
        for m in found
    ]
