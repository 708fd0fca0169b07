"""Which endpoint, time and group a figure belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kb.tag.endpoints import Named
from kb.tag.measures import Measure
from kb.tag.quantities import Figure

#: Between an endpoint and the figure behind it: "ORR was 62%", "remission in 5 of 9", "fever (4/24".
_TO_FIGURE = re.compile(
    r"(?:[^;.]{0,30}?\s)?(?:was|were|is|are|of|in|by|to|reached|rates?|at|as|being|had|for|only|than|:|=|about|approximately|"
    r"occurred in|estimated at|between|respectively)?\s?(?:the\s|only\s|about\s|approximately\s|up to\s)?[(\[,:=~≈<>]?\s?(?:n\s?=\s?)?"
)
#: Between a figure and the endpoint behind it: "4 of 8 patients achieved remission", "an 85% response rate".
_FROM_FIGURE_STOP = re.compile(
    r";|\.\s|[)\]]\s?,|\b(?:vs\.?|versus|compared|whereas|while|but|although|than|before|because|until|prior to)\b|,\s(?:and|with|including|of which|respectively)\b|"
    r"\band\b(?!\s?(?:or|had|have|achieved|a\b))|\)\s?and\b|:\s",
    re.IGNORECASE,
)
_BRACKET = re.compile(
    r"\s?(?:rates?\s|events?\s)?[(\[]\s?(?:n\s?=\s?|in\s|grade[^()]{0,14}[,;]\s?|all grade[^()]{0,9}[,;]\s?)?"
)
_COPULA = re.compile(
    r"[^;.]{0,60}?\b(?:was|were|is|are|of|in|by|reached|being|occurred|observed|seen|reported|noted|had|to|at|as|for|from|to be|with)\b"
    r"[^;.]{0,25}|\s?(?:rates?|proportion|probability)?\s?[:=,]?\s?[(\[]?\s?(?:n\s?=\s?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Bound:
    """A result with its endpoint."""

    measure: Measure
    named: Named


def free_names(named: Sequence[Named], measures: Sequence[Measure]) -> list[Named]:
    """Return the names that are no part of a figure ("5 patients", "95% CI")."""
    return [
        name
        for name in named
        if not any(
            m.start <= name.start and name.end <= m.end and not (m.end - m.start > name.end - name.start + 40)
            for m in measures
        )
    ]


def bind(text: str, measures: Sequence[Measure], named: Sequence[Named]) -> list[Bound]:
    """Give each result the endpoint it measures; a result without one is left out.

    Args:
        text: the plain sentence.
        measures: its results in order.
        named: names of endpoints in it, in order, those inside figures left out.
    """
    listed = _respectively(text, measures, named)
    bound: list[Bound] = []
    for i, measure in enumerate(measures):
        name = listed.get(i) or _endpoint(text, measures, named, i, bound)
        if name is not None:
            bound.append(Bound(measure, name))
    return bound


def _respectively(text: str, measures: Sequence[Measure], named: Sequence[Named]) -> dict[int, Named]:
    """Pair "PFS and OS were 5.6 and 12.3 months, respectively"."""
    place = text.lower().find("respectively")
    if place < 0:
        return {}
    run = _run(text, measures, place)
    if len(run) < 2:
        return {}
    before = [name for name in named if name.end <= measures[run[0]].start and name.endpoint.outcome]
    chain: list[Named] = []
    for name in reversed(before):
        if chain and not re.fullmatch(
            r"\s?(?:\([^()]{1,20}\))?\s?(?:rates?)?\s?(?:,|and|or|, and|/|,\s?and)\s?(?:the |a |median )?(?:\d-year )?",
            text[name.end : chain[0].start],
        ):
            # An abbreviation behind its long form is the same endpoint.
            if re.fullmatch(r"\s?[(\[]\s?", text[name.end : chain[0].start]) and name.endpoint == chain[0].endpoint:
                chain[0] = name
                continue
            break
        chain.insert(0, name)
    if len(chain) != len(run):
        return {}
    return dict(zip(run, chain, strict=True))


def _run(text: str, measures: Sequence[Measure], place: int) -> list[int]:
    """Return the results listed right before "respectively"."""
    run: list[int] = []
    for i in range(len(measures) - 1, -1, -1):
        measure = measures[i]
        if measure.start > place:
            continue
        end = measures[run[0]].start if run else place
        gap = text[measure.end : end]
        if len(gap) > (80 if not run else 40) or (
            run and not re.fullmatch(r"[^;.]{0,12}?(?:,|and|vs\.?|versus|or|, and)\s?[^;.]{0,14}", gap)
        ):
            break
        run.insert(0, i)
    return run


def _endpoint(
    text: str, measures: Sequence[Measure], named: Sequence[Named], i: int, bound: Sequence[Bound]
) -> Named | None:
    measure = measures[i]
    left_limit = measures[i - 1].end if i else 0
    right_limit = measures[i + 1].start if i + 1 < len(measures) else len(text)
    left = [name for name in named if name.end <= measure.start]
    right = [name for name in named if measure.end <= name.start < right_limit]
    nearest = left[-1] if left else None
    if nearest is not None and nearest.end >= left_limit and _BRACKET.fullmatch(text[nearest.end : measure.start]):
        return nearest if nearest.endpoint.outcome else None
    forward = _forward(text, measure, right)
    tight = nearest is not None and nearest.end >= left_limit and _tight(text[nearest.end : measure.start])
    if tight and nearest is not None and not (forward and forward.start - measure.end < 3 and measure.percent):
        return nearest if nearest.endpoint.outcome else _beyond(nearest, forward)
    if forward is not None:
        return forward if forward.endpoint.outcome else None
    if nearest is not None and nearest.end >= left_limit:
        return nearest if nearest.endpoint.outcome else None
    if bound and bound[-1].measure == measures[i - 1] and _goes_on(text[left_limit : measure.start]):
        return bound[-1].named
    return None


def _beyond(block: Named, forward: Named | None) -> Named | None:
    """A name that is no result owns the figure, unless an endpoint follows ("of those treated, 5 responded")."""
    return forward if forward is not None and forward.endpoint.outcome else None


def _tight(gap: str) -> bool:
    return (
        re.fullmatch(
            r"(?:\s?\(\w[^()]{0,30}\))?\s?(?:rates?\s|probability\s|time\s)?(?:in [\w /+-]{1,40}\s|for [\w /+-]{1,40}\s|at [\w ]{1,20}\s|after [\w ]{1,20}\s)?"
            r"(?:(?:was|were|is|had been|has been|have been)\s(?:\w+\s){0,3}(?:in|by|of|at|for|to be|among|with)?\s?|of\s|in\s|by\s|:\s?|=\s?|,\s|at\s|reached\s|occurred in\s|for\s|rates? of\s|among\s)"
            r"(?:an?\s|the\s|only\s|all\s|estimated\s|about\s|approximately\s|up to\s|over\s|nearly\s|almost\s|[<>~≈≥]\s?)*[(\[]?\s?(?:n\s?=\s?)?",
            gap,
            re.IGNORECASE,
        )
        is not None
    )


def _forward(text: str, measure: Measure, right: Sequence[Named]) -> Named | None:
    """Return the endpoint behind a figure when nothing ends the clause between."""
    for name in right:
        gap = text[measure.end : name.start]
        # What a bracket holds does not end the clause: "Nine (60%; P = 0.1) responded".
        gap = re.sub(r"^[^()\[\]]*[)\]]|\([^()]*\)|\[[^\[\]]*\]", " ", gap)
        if _FROM_FIGURE_STOP.search(gap) or len(gap) > 90:
            return None
        if measure.value and not re.fullmatch(r"\s?(?:of |median |in |progression-free |the )*", gap):
            return None
        if name.endpoint.outcome or re.match(r"\s?(?:of whom |also )?(?:\w+ )?(?:were |was |have been |)", gap):
            return name
    return None


def _goes_on(gap: str) -> bool:
    """Tell whether a figure goes on with the endpoint of the one before ("60% in the NK group and 46% in controls")."""
    return ";" not in gap and len(gap) < 160


def time_of(text: str, measure: Measure, times: Sequence[Figure], measures: Sequence[Measure]) -> str:
    """Return the time point of a result ("2 years", "day 28"), "" without one.

    The one close behind it ("45% at 2 years") is better than the last one before it ("2-year OS was 45%").
    """
    after = [t for t in times if t.start >= measure.end]
    if after:
        gap = text[measure.end : after[0].start]
        between = any(measure.end <= m.start < after[0].start for m in measures)
        if not between and len(gap) < 60 and not re.search(r"[;.]|\band\b|,\s(?:and|with)\b", gap):
            return after[0].amount
    inside = [t for t in times if measure.start <= t.start < measure.end]
    if inside:
        return inside[0].amount
    before = [t for t in times if t.end <= measure.start]
    if before and not re.search(r";|\.\s", text[before[-1].end : measure.start]):
        later = [m for m in measures if before[-1].end <= m.start < measure.start]
        return "" if later and not _same_breath(text, later[0], measure) else before[-1].amount
    return ""


def _same_breath(text: str, one: Measure, other: Measure) -> bool:
    return re.search(r"[;:]", text[one.end : other.start]) is None


_GROUP = r"(?:groups?|arms?|cohorts?|recipients|controls)"
_ARM_AFTER = re.compile(
    rf"\s?(?:\([^()]*\)|\[[^\[\]]*\]|[)\]])?\s?(?:of\s(?:the\s)?(?:patients|those)\s)?(?:in|for|with|among|of)\s(?:the\s|patients in the\s|those in the\s)?"
    rf"(?P<arm>(?:[\w/+αβγ-]+\s){{0,6}}?{_GROUP}\b(?:\s[A-D1-4]\b)?)"
    r"|\s?(?:\([^()]*\)|\[[^\[\]]*\]|[)\]])?\s?(?:in|for|with)\s(?P<letter>(?:arm|group|cohort)\s[A-D1-4]\b)"
    r"|\s?(?:\([^()]*\)|\[[^\[\]]*\]|[)\]])?\s?(?:with|for|in|after|on)\s(?P<plain>(?:the\s)?(?:placebo|controls?|chemotherapy alone|standard care|"
    r"NK cells?(?: plus [\w-]+)?|CIK cells?|historical controls?))\b",
    re.IGNORECASE,
)
_ARM_BEFORE = re.compile(
    rf"\b(?:in|for|among|of)\s(?:the\s|patients in the\s)?(?P<arm>(?:[\w/+αβγ-]+\s){{0,6}}?{_GROUP}\b(?:\s[A-D1-4]\b)?)[^.;]{{0,80}}$",
    re.IGNORECASE,
)


def arm_of(text: str, measure: Measure, measures: Sequence[Measure]) -> str:
    """Return the words for the group a result is of, "" when not said."""
    following = [m.start for m in measures if m.start >= measure.end]
    match = _ARM_AFTER.match(text, measure.end, min(following, default=len(text)))
    if match:
        return (match["arm"] or match["letter"] or match["plain"]).strip()
    preceding = [m.end for m in measures if m.end <= measure.start]
    before = _ARM_BEFORE.search(text, max(preceding, default=0), measure.start)
    return before["arm"].strip() if before else ""
