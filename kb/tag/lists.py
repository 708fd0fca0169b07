"""Figures and names that are listed, and the pairs they make ("PFS and OS were 5.6 and 12.3 months, respectively")."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.tag.brackets import depth
from kb.tag.endpoints import Named
from kb.tag.measures import Measure


def runs(text: str, measures: Sequence[Measure]) -> list[list[int]]:
    """Return lists of results that follow each other ("80%, 60% and 45%, respectively"), each with two or more.

    A list without the word "respectively" counts when its figures are of one kind and stand side by side. A ratio in
    the bracket behind a figure is no item of its own.
    """
    places = [match.start() for match in re.finditer("respectively", text, re.IGNORECASE)]
    found = [said for place in places if len(said := _run(text, measures, place)) > 1]
    taken = {i for said in found for i in said}
    run: list[int] = []
    for i, measure in enumerate(measures):
        beside = run and re.fullmatch(r"[)\]]?\s?(?:,|and|, and|,? or)\s?", text[measures[run[-1]].end : measure.start])
        run = [] if i in taken else [*run, i] if beside else [i]
        if len(run) > 1:
            found = [*(other for other in found if other[0] != run[0]), run]
    return sorted(found)


def _run(text: str, measures: Sequence[Measure], place: int) -> list[int]:
    """Return the results listed right before "respectively"."""
    run: list[int] = []
    for i in range(len(measures) - 1, -1, -1):
        measure = measures[i]
        if measure.start > place or (
            i and measure.ratio is not None and re.fullmatch(r"\s?[(\[]", text[measures[i - 1].end : measure.start])
        ):
            continue
        gap = text[measure.end : measures[run[0]].start if run else place]
        gap = re.sub(r"\([^()]{0,120}\)|\[[^\[\]]{0,120}\]", " ", gap)
        if len(gap) > (40 if run else 80) or ("(" in gap and ")" not in gap):
            break
        if run and not re.fullmatch(r"[^;.]{0,12}?(?:,|and|vs\.?|versus|or)\s?[^;.]{0,14}|\s?;\s(?:and\s)?", gap):
            break
        run.insert(0, i)
    return run


_LINK = re.compile(
    r"\s?(?:[(\[][^()\[\]]{1,30}[)\]])?\s?(?:rates?\s?)?(?:,\s?and|,\s?or|,|and|or|/)\s?"
    r"(?:(?!(?:was|were|in|with|had|is|are|at)\b)[\w≥-]+\s){0,6}"
)


def listed_names(text: str, measures: Sequence[Measure], named: Sequence[Named]) -> dict[int, Named | None]:
    """Pair "PFS and OS were 5.6 and 12.3 months, respectively": index of the result → its endpoint.

    Where the numbers of names and figures differ, a figure of the list has none (the value is None).

    Args:
        text: the plain sentence.
        measures: its results in order.
        named: the endpoints it names, in order.
    """
    paired: dict[int, Named | None] = {}
    last: list[Named] = []
    for run in runs(text, measures):
        start = measures[run[0]].start
        before = [name for name in named if name.end <= start and name.endpoint.outcome]
        names = chain(text, before)
        if len(names) != len(run):  # one may stand in a bracket only: "overall (OS) and disease-free survival"
            other = chain(text, before, flat=False)
            names = other if len(other) == len(run) else names
        if names and last and _OTHER_RESULT.search(text[names[-1].end : start]):
            names = last
        said = "respectively" in text[measures[run[-1]].end : measures[run[-1]].end + 90]
        if len(names) == len(run):
            paired.update(zip(run, names, strict=True))
            last = names
        elif said and _ambiguous(text, start, before, names):
            paired.update(dict.fromkeys(run))
    _pair_groups(text, measures, named, paired)
    return paired


def _ambiguous(text: str, start: int, before: Sequence[Named], names: Sequence[Named]) -> bool:
    """Tell whether a list of figures may be of several endpoints, named in its list or with figures before it."""
    if len({name.endpoint.id for name in names}) > 1:
        return True
    several = len({name.endpoint.id for name in before}) > 1
    return several and _OTHER_RESULT.search(text[names[-1].end : start]) is not None


def _pair_groups(
    text: str, measures: Sequence[Measure], named: Sequence[Named], paired: dict[int, Named | None]
) -> None:
    """Pair "survival and relapse were 78% versus 87% and 28% versus 11%"; what does not fit gets no endpoint."""
    for i, measure in enumerate(measures):
        before = [name for name in named if name.end <= measure.start and name.endpoint.outcome]
        if i in paired or not before or (i and measures[i - 1].end > before[-1].end):
            continue
        names = chain(text, before)
        if len({name.endpoint.id for name in names}) < 2 or not _WERE.fullmatch(text[names[-1].end : measure.start]):
            continue
        later = [name.start for name in named if name.start > measure.end and name.endpoint.outcome]
        end = min([*later, len(text)])
        group = [k for k in range(i, len(measures)) if measures[k].end <= end and k not in paired]
        for k, place in enumerate(group):
            size = len(group) // len(names)
            fits = size in (1, 2) and len(group) == size * len(names)
            paired[place] = names[k // size] if fits else None


_WERE = re.compile(r"\s?(?:[(\[]\w{1,6}[)\]]\s?)?(?:rates?\s)?(?:was|were)\s(?:\w+\s){0,2}")
_OTHER_RESULT = re.compile(r"\d\s?(?:%|months)")


def chain(text: str, before: Sequence[Named], flat: bool = True) -> list[Named]:
    """Return the names listed last, an abbreviation behind its long form counting once."""
    outside = [name for name in before if depth(text[: name.start]) == 0]
    names: list[Named] = []
    for name in reversed(outside if flat and outside else before):
        if names:
            gap = text[name.end : names[0].start]
            if re.fullmatch(r"\s?[(\[]\s?", gap) and name.endpoint.id == names[0].endpoint.id:
                names[0] = name
                continue
            if not _LINK.fullmatch(gap):
                break
        names.insert(0, name)
    return names
