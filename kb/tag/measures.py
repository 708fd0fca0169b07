"""Figures that say the same thing put together: 5 of 9 and its 55.6%, a rate and its interval, a ratio and its P."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kb.tag.brackets import depth
from kb.tag.numbers import NUM, decimals, number
from kb.tag.quantities import Basis, Figure, RatioKind


@dataclass(frozen=True, slots=True)
class Measure:
    """One result of a plain sentence before its endpoint is known.

    Attributes:
        start, end: characters from its first figure to its last.
        n, total, basis, percent, value, unit, ratio, ratio_kind, low, high, level, p: as in ``Finding``.
        interval_of_ratio: the interval is that of the ratio.
    """

    start: int
    end: int
    n: int | None = None
    total: int | None = None
    basis: Basis = ""
    percent: str = ""
    value: str = ""
    unit: str = ""
    ratio: float | None = None
    ratio_kind: RatioKind = ""
    low: float | None = None
    high: float | None = None
    level: float | None = None
    p: str = ""


_JOIN_BRACKET = re.compile(
    r"(?:\s?(?!who\b|that\b|includ|receiv|with\b)[\w-]+,?){0,5}\s?[(\[]\s?(?:i\.e\.,?\s?|or\s|=\s?|~\s?|"
    r"approximately\s)?"
)
_JOIN_BARE = re.compile(r"\s?(?:[,;:=]|or|,\s?or|\s-)\s?(?:n\s?=\s?)?")
_JOIN_INTERVAL = re.compile(r"[\s,;:(\[\])]{0,6}(?:with (?:a|an)\s|two-sided\s)?[\s(\[]?")
_RANGE_IN_BRACKETS = re.compile(rf"\s?[\[(]\s?(?P<low>-?{NUM})\s?%?\s?(?:-|to|,)\s?(?P<high>{NUM})\s?%?\s?[\])]")
_VERSUS = re.compile(
    r"[^.;]*\b(?:vs\.?|versus|compared (?:with|to)|against|and|than|while|whereas|but)\b[^.;]*", re.IGNORECASE
)


def agrees(n: int, total: int, percent: str) -> bool:
    """Tell whether ``n`` of ``total`` gives the percentage as printed, within its rounding.

    Half a unit of the last printed digit is allowed, and cutting off instead of rounding.
    """
    if not total:
        return False
    exact = 100 * n / total
    step = 10.0 ** -decimals(percent)
    difference = exact - number(percent)
    return -step / 2 - 1e-9 <= difference < step + 1e-9


def measures(text: str, figures: Sequence[Figure]) -> list[Measure]:
    """Put figures together into results.

    Args:
        text: the plain sentence.
        figures: its figures in order; P values, times and sizes are left to others.

    Returns:
        Results in order of their first figure.
    """
    found: list[Measure] = []
    said = _LEVEL.search(text)
    explicit = said is not None
    for figure in figures:
        if figure.kind == "interval":
            _with_interval(text, found, figure)
        elif figure.kind == "people":
            _with_people(text, found, figure)
        elif figure.kind == "percent":
            _with_percent(text, found, figure)
            found[-1] = _with_range(text, found[-1], explicit, found[-1].percent)
        elif figure.kind == "value":
            made = Measure(figure.start, figure.end, value=figure.amount, unit=figure.unit)
            found.append(_with_range(text, made, explicit, figure.amount))
        elif figure.kind == "ratio":
            made = Measure(figure.start, figure.end, ratio=number(figure.amount), ratio_kind=figure.ratio)
            found.append(_with_range(text, made, True, figure.amount))
    level = number(said["level"] or said["other"]) if said and (said["level"] or said["other"]) else None
    return [replace(m, level=level) if m.low is not None and m.level is None and m.ratio is None else m for m in found]


_LEVEL = re.compile(
    r"(?P<level>\d\d)\s?%\s?(?:CI|confidence)|\bCI\s?(?P<other>\d\d)\s?%|confidence intervals?|\bCIs?\b"
)


def _with_range(text: str, measure: Measure, wanted: bool, amount: str) -> Measure:
    """Read "0.62 (0.44-0.88)" as an interval where the sentence prints such intervals and it holds the figure."""
    match = _RANGE_IN_BRACKETS.match(text, measure.end)
    if not wanted or match is None or measure.low is not None or not amount[:1].isdigit():
        return measure
    low, high = float(match["low"].replace(",", "")), number(match["high"])
    if not low <= number(amount) <= high:
        return measure
    return replace(measure, end=match.end(), low=low, high=high)


def _with_interval(text: str, found: list[Measure], figure: Figure) -> None:
    if not found or found[-1].low is not None:
        return
    last = found[-1]
    gap = text[last.end : figure.start]
    if _JOIN_INTERVAL.fullmatch(gap) or (
        len(gap) < 50 and re.fullmatch(r"[^.;%\d]*[(\[]\s?(?:exact\s|two-sided\s)?", gap)
    ):
        found[-1] = replace(last, end=figure.end, low=figure.low, high=figure.high, level=figure.level)


def _with_people(text: str, found: list[Measure], figure: Figure) -> None:
    percent = figure.percent
    made = Measure(figure.start, figure.end, n=figure.n, total=figure.total, basis=figure.basis, percent=percent)
    if percent or not found:
        found.append(made)
        return
    alone = found[-1].percent and found[-1].n is None and found[-1].total is None and figure.total is None
    if alone and re.fullmatch(r"\s(?:in|of|among)\s(?:the\s|all\s|these\s)?", text[found[-1].end : figure.start]):
        found[-1] = replace(found[-1], total=figure.n, basis=figure.basis, end=figure.end)  # "68% of 31 patients"
        return
    # The percentage may stand some way back: "62% vs 40% (18/29 vs 12/30)".
    if figure.n is not None and figure.total is not None:
        for i in range(len(found) - 1, max(-1, len(found) - 4), -1):
            other = found[i]
            if (
                other.percent
                and other.n is None
                and "." not in _sentence_gap(text, other.end, figure.start)
                and agrees(figure.n, figure.total, other.percent)
                and _opens_bracket(text, figure.start)
            ):
                found[i] = replace(
                    other, n=figure.n, total=figure.total, basis=figure.basis, end=_end(found, i, figure)
                )
                return
    last = found[-1]
    gap = text[last.end : figure.start]
    if last.percent and last.n == figure.n and last.total is None and depth(text[: figure.start]) > 0 and len(gap) < 6:
        found[-1] = replace(last, total=figure.total, basis=figure.basis, end=figure.end)
        return
    if (
        last.percent
        and last.n is None
        and last.low is None
        and re.fullmatch(r"\s?(?:patients\s)?[(\[]\s?(?:n\s?=\s?)?|\s?[,;]\s?(?:n\s?=\s?)", gap)
    ):
        found[-1] = replace(last, n=figure.n, total=figure.total, basis=figure.basis, end=figure.end)
        return
    found.append(made)


def _sentence_gap(text: str, start: int, end: int) -> str:
    return re.sub(r"(?<=\d)\.(?=\d)|(?<=vs)\.|(?<=[Pp] [=<] )\.", " ", text[start:end])


def _end(found: list[Measure], i: int, figure: Figure) -> int:
    return figure.end if i == len(found) - 1 else found[i].end


_FIGURES_ONLY = re.compile(r"[\d\s/,;.%]*(?:n\s?=\s?|vs\.?\s|versus\s|and\s|or\s|i\.e\.,?\s)?[\d\s/,;.%]*")


def _opens_bracket(text: str, start: int) -> bool:
    """Tell whether nothing but figures stands between an open bracket and a place ("(18/29 vs 12/30")."""
    opening = max(text.rfind("(", 0, start), text.rfind("[", 0, start))
    return depth(text[:start]) > 0 and _FIGURES_ONLY.fullmatch(text[opening + 1 : start]) is not None


def _with_percent(text: str, found: list[Measure], figure: Figure) -> None:
    made = Measure(figure.start, figure.end, percent=figure.amount)
    for i in range(len(found) - 1, max(-1, len(found) - 4), -1):
        other = found[i]
        if (
            other.n is not None
            and other.total is not None
            and not other.percent
            and agrees(other.n, other.total, figure.amount)
            and (_opens_bracket(text, figure.start) or _JOIN_BARE.fullmatch(text[other.end : figure.start]))
        ):
            found[i] = replace(other, percent=figure.amount, end=figure.end if i == len(found) - 1 else other.end)
            return
    if found:
        last = found[-1]
        gap = text[last.end : figure.start]
        if (
            last.n is not None
            and not last.percent
            and last.low is None
            and (last.n or last.total is None)  # "none of the 13 carriers (9%)": the share of the carriers
            and (_JOIN_BRACKET.fullmatch(gap) or (depth(text[: figure.start]) > 0 and _JOIN_BARE.fullmatch(gap)))
            and not re.search(r"\b(?:and|or|but|while|vs|versus|group|arm)\b", gap)
        ):
            found[-1] = replace(last, percent=figure.amount, end=figure.end)
            return
    found.append(made)


def joined(text: str, one: Measure, other: Measure) -> bool:
    """Tell whether two results are set against each other in one breath ("60% vs 46%")."""
    return _VERSUS.fullmatch(_sentence_gap(text, one.end, other.start)) is not None
