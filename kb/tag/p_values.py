"""Which result a P value belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kb.tag.binding import Bound
from kb.tag.endpoints import Named
from kb.tag.measures import Measure, joined
from kb.tag.quantities import Figure

#: "disease-free survival from remission": since when or in whom, not what the P value is of.
_SINCE = re.compile(
    r"\b(?:from|after|since|following|achieving|(?:who|that) (?:achieved|had|were in)|associated with)\s"
    r"(?:[\w-]+\s){0,2}$",
    re.IGNORECASE,
)


#: "did not reduce mortality but did increase colitis (P < 0.001)": the P value is not of mortality.
_BUT_DID = re.compile(r"\bbut\s(?:did|was|were|had|increas\w+|decreas\w+|reduc\w+|improv\w+)\b")


def with_p(text: str, bound: Sequence[Bound], read: Sequence[Figure], named: Sequence[Named]) -> list[Bound]:
    """Give each P value to the result before it and to the one it is set against, else to the endpoint before it."""
    result = list(bound)
    last = 0
    values = [figure for figure in read if figure.kind == "p"]
    listed = _p_lists(text, values)
    for i, figure in enumerate(values):
        start, last = last, figure.end
        if i in listed:
            if listed[i] != i:
                continue
            _with_p_list(result, [values[k] for k in sorted(k for k in listed if listed[k] == i)], start)
            continue
        before = [k for k, one in enumerate(result) if start <= one.measure.start and one.measure.end <= figure.start]
        names = [name for name in named if start <= name.start and name.end <= figure.start and name.endpoint.outcome]
        names = [name for name in names if not _SINCE.search(text, max(0, name.start - 40), name.start)]
        behind = names and (not before or names[-1].start >= result[before[-1]].measure.end)
        if behind and _BUT_DID.search(text, names[-1].end, figure.start):
            continue
        if behind and (not before or result[before[-1]].named is not names[-1]):
            result.append(Bound(Measure(figure.start, figure.end, p=figure.amount), names[-1]))
        elif before:
            _with_p_of_run(text, result, before, figure.amount)
        elif start == 0:
            following = [k for k, one in enumerate(result) if one.measure.start >= figure.end]
            if following and not result[following[0]].measure.p:
                result[following[0]] = _p_added(result[following[0]], figure.amount)
    return sorted(result, key=lambda one: one.measure.start)


def _with_p_of_run(text: str, result: list[Bound], before: Sequence[int], p: str) -> None:
    """Give a P value to the last result and to those it is set against."""
    result[before[-1]] = _p_added(result[before[-1]], p)
    for j in reversed(before[:-1]):
        one, other = result[j], result[j + 1]
        if one.named.endpoint != other.named.endpoint or one.measure.p or not joined(text, one.measure, other.measure):
            return
        result[j] = _p_added(one, p)


def _p_lists(text: str, values: Sequence[Figure]) -> dict[int, int]:
    """Return the P values printed in a row ("P = 0.02 and P = 0.5, respectively"): index → index of the first."""
    rows: dict[int, int] = {}
    for i in range(1, len(values)):
        if re.fullmatch(r"\s?(?:,|;|and|, and)\s?", text[values[i - 1].end : values[i].start]):
            first = rows.setdefault(i - 1, i - 1)
            rows[i] = first
    return rows


def _with_p_list(result: list[Bound], values: Sequence[Figure], start: int) -> None:
    """Pair P values in a row with as many results before them; with any other number none gets one."""
    before = [k for k, one in enumerate(result) if start <= one.measure.start and one.measure.end <= values[0].start]
    own = before[-len(values) :]
    kinds = {result[k].named.endpoint for k in own}
    if len(own) == len(values) and (len(kinds) == len(values) or len(before) == len(values)):
        for k, value in zip(own, values, strict=True):
            result[k] = _p_added(result[k], value.amount)


def _p_added(one: Bound, p: str) -> Bound:
    return Bound(replace(one.measure, p=p), one.named)
