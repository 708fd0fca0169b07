"""Which endpoint, time and group a figure belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kb.tag.endpoints import Named
from kb.tag.measures import Measure
from kb.tag.quantities import Figure

#: Between a figure and the endpoint behind it: "4 of 8 patients achieved remission", "an 85% response rate".
_FROM_FIGURE_STOP = re.compile(
    r";|\.\s|[)\]]\s?,|\b(?:vs\.?|versus|compared|whereas|while|but|although|than|before|because|until|prior to)\b|,\s(?:and|with|including|of which|respectively)\b|"
    r"\band\b(?!\s?(?:or|had|have|achieved|a\b))|\)\s?and\b|:\s",
    re.IGNORECASE,
)
_BRACKET = re.compile(
    r"\s?(?:rates?\s|events?\s)?[(\[]\s?(?:n\s?=\s?|in\s|grade[^()]{0,14}[,;]\s?|all grade[^()]{0,9}[,;]\s?)?"
)
#: Between an endpoint and the figure behind it: "ORR was 62%", "remission was seen in 5 of 9".
_COPULA = re.compile(
    r"(?:\s?[(\[]\w[^()\[\]]{0,30}[)\]])?\s?(?:rates?\s|probability\s|time\s|cases\s)?"
    r"(?:(?:in|for|at|after|with)\s(?:[\w/+-]+\s){1,6}?)?"
    r"(?:(?:was|were|is|are|had been|has been|have been)\s(?:\w+\s){0,3}?(?:in|by|of|at|for|to be|among|with|as)?\s?"
    r"|(?:of|in|by|for|at|among|reached|occurred in|rates? of|seen in|observed in|reported in|noted in)\s|:\s?|=\s?|,\s)"
    r"(?:(?:an?|the|only|all|estimated|about|approximately|up to|over|nearly|almost)\s|[<>~≈≥]\s?)*[(\[]?\s?(?:n\s?=\s?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Bound:
    """A result with its endpoint."""

    measure: Measure
    named: Named


def free_names(named: Sequence[Named], figures: Sequence[Figure]) -> list[Named]:
    """Return the names that are no part of a figure ("5 patients", "hazard ratio for death")."""
    return [
        name
        for name in named
        if not any(f.start < name.end and name.start < f.end for f in figures if f.kind != "size")
    ]


def bind(text: str, measures: Sequence[Measure], named: Sequence[Named]) -> list[Bound]:
    """Give each result the endpoint it measures; a result without one is left out.

    Args:
        text: the plain sentence.
        measures: its results in order.
        named: names of endpoints in it, in order, those inside figures left out.
    """
    listed = _respectively(text, measures, named)
    names: list[Named | None] = []
    for i, measure in enumerate(measures):
        name = listed.get(i) or _endpoint(text, measures, named, i)
        if name is None and i and names[-1] is not None and _owned_by(measure, named, text, measures[i - 1].end):
            name = names[-1]
        names.append(name)
    # "1 of 6, 2 of 6 and 5 of 7 patients responded": the endpoint behind the last is everybody's.
    for i in range(len(measures) - 2, -1, -1):
        after = names[i + 1]
        if names[i] is None and after is not None and after.start >= measures[i + 1].end and _alike(text, measures, i):
            names[i] = after
    return [Bound(m, n) for m, n in zip(measures, names, strict=True) if n is not None and n.endpoint.outcome]


def _owned_by(measure: Measure, named: Sequence[Named], text: str, before: int) -> bool:
    """Tell whether a figure goes on with the endpoint of the one before ("60% in the NK group and 46% in controls")."""
    gap = text[before : measure.start]
    return (
        len(gap) < 160
        and "; " not in gap
        and not any(before <= n.start < measure.start and _blocks(n, measure) for n in named)
    )


def _alike(text: str, measures: Sequence[Measure], i: int) -> bool:
    one, other = measures[i], measures[i + 1]
    gap = text[one.end : other.start]
    same = (one.n is None) == (other.n is None) and bool(one.value) == bool(other.value)
    return (
        same
        and len(gap) < 60
        and re.search(r"(?:,|\band|\bor|\bvs\.?|\bversus)\s$", gap) is not None
        and ";" not in gap
    )


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


#: Rows of the table that own people, and rows that own other figures.
_OF_PEOPLE = "people-of-the-study"


def _blocks(name: Named, measure: Measure) -> bool:
    """Tell whether a name that is no result can own this figure."""
    if name.endpoint.outcome:
        return False
    people = measure.n is not None
    return people if name.endpoint.id == _OF_PEOPLE else not people


def _endpoint(text: str, measures: Sequence[Measure], named: Sequence[Named], i: int) -> Named | None:
    measure = measures[i]
    left_limit = measures[i - 1].end if i else 0
    right_limit = measures[i + 1].start if i + 1 < len(measures) else len(text)
    inside = [n for n in named if measure.start <= n.start and n.end <= measure.end and n.endpoint.outcome]
    if inside:  # "Six responded (40%)"
        return inside[0]
    usable = [n for n in named if n.endpoint.outcome or _blocks(n, measure)]
    left = [n for n in usable if left_limit <= n.start and n.end <= measure.start]
    right = [n for n in usable if measure.end <= n.start < right_limit]
    nearest = left[-1] if left else None
    if nearest is not None and _BRACKET.fullmatch(text[nearest.end : measure.start]):
        return _of_ratio(measure, nearest, left)
    forward = _forward(text, measure, right)
    if nearest is not None and _tight(text[nearest.end : measure.start]):
        close = forward is not None and forward.start - measure.end < 3 and (measure.percent or measure.n is not None)
        if not close and not (forward is not None and not nearest.endpoint.outcome):
            return _of_ratio(measure, nearest, left)
    if forward is not None:
        return forward
    results = [n for n in left if n.endpoint.outcome]
    if not results or (nearest is not None and nearest is not results[-1] and not _loose(text, nearest, measure)):
        return None
    return _of_ratio(measure, results[-1], left)


def _loose(text: str, block: Named, measure: Measure) -> bool:
    """Tell whether a figure stands too far from a name that is no result to be its own ("randomised to cells (HR 1.5")."""
    return measure.ratio is not None or not _tight(text[block.end : measure.start])


def _of_ratio(measure: Measure, name: Named, left: Sequence[Named]) -> Named | None:
    """A ratio is never one of people treated or of follow-up: the last endpoint before it is meant."""
    if name.endpoint.outcome or measure.ratio is None:
        return name
    return next((n for n in reversed(left) if n.endpoint.outcome), None)


def _tight(gap: str) -> bool:
    """Tell whether only a copula stands between an endpoint and its figure."""
    return len(gap) < 140 and _COPULA.fullmatch(gap) is not None


def _forward(text: str, measure: Measure, right: Sequence[Named]) -> Named | None:
    """Return the endpoint behind a figure when nothing ends the clause between."""
    for name in right:
        gap = text[measure.end : name.start]
        # What a bracket holds does not end the clause: "Nine (60%; P = 0.1) responded".
        gap = re.sub(r"^[^()\[\]]{0,80}[)\]]|\([^()]{0,80}\)|\[[^\[\]]{0,80}\]", " ", gap)
        if _FROM_FIGURE_STOP.search(gap) or len(gap) > 90:
            return None
        if measure.value and not re.fullmatch(r"\s?(?:of |median |in |progression-free |the )*", gap):
            return None
        if measure.ratio is not None:
            return None
        if name.endpoint.outcome or re.fullmatch(
            r"\s?(?:of whom |also |who )?(?:\w+ )?(?:were |was |have been |of )?", gap
        ):
            return name
    return None


def times_listed(text: str, bound: Sequence[Bound], times: Sequence[Figure]) -> dict[int, str]:
    """Pair "the 1-, 2- and 3-year rates were 83%, 64% and 51%, respectively"."""
    place = text.lower().find("respectively")
    if place < 0:
        return {}
    run = _run(text, [one.measure for one in bound], place)
    if len(run) < 2:
        return {}
    before = [time for time in times if time.end <= bound[run[0]].measure.start]
    if len(before) < len(run):
        return {}
    chain = before[-len(run) :]
    near = all(other.start - one.end < 14 for one, other in zip(chain, chain[1:], strict=False))
    if not near or (len(before) > len(run) and chain[0].start - before[-len(run) - 1].end < 14):
        return {}
    return {i: time.amount for i, time in zip(run, chain, strict=True)}


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
