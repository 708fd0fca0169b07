"""Figures of two groups, set side by side, and whose is the greater.

Only figures that can be a group's result count: no doses, sizes, ages, days, thresholds, spreads, ranges, changes "by".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kb.tag.direction_cues import Cue
from kb.tag.direction_reading import Mention, Reading
from kb.tag.direction_text import Arm

_FIGURE = re.compile(
    r"(?<![\w.,/])(?P<value>(?:(?<!\d)(?<!\d )(?<!% "
    r")(?<!%)(?<![A-Za-z])[-+])?\d{1,7}(?:,\d{3})*(?:\.\d{1,6})?)(?![\w.]*[A-Za-z]\d)"
    r"(?P<of>\s?/\s?\d{1,6}(?!\.?\d))?(?P<percent>\s?%)?(?!\w)",
    re.ASCII,
)
_NO_RESULT_BEFORE = re.compile(
    r"(?:\bn\s?=|\btable|\bfig(?:ure)?\.?|\bday|\bweeks?|\bmonths?|\byears?|\bgroups?|\barm|\bgrade|\bphase|"
    r"\bref\.?|\bvisit|"
    r"\btype|\bstage|±|\+/-|\+-|\bsd\s?=?|\bsem?\s?=?|\b[FtzrX]\d{0,3}\s?(?:\([^()]{0,12}\))?\s?=|χ2?\s?=?|"
    r"\ddf\s?=|\bdf\s?=|[\d%]\s?-|[A-Za-z]-|"
    r"\bat least|\bmore than|\bless than|\bbaseline of|\bfrom|\bby|\bby about|\bapproximately|[<>≥≤]|\d\s?to)\s?\(?$",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"\b(?:at|after|for|within|during|over|every|until|first|last|to|about|age[ds]?|the|t\s?=)\s?$", re.IGNORECASE
)
_UNIT_OF_TIME = re.compile(
    r"^[\s-]?(?:weeks?|wk|months?|mo|years?|yr|days?|hours?|hrs?|h|minutes?|mins?|seconds?|s)\b", re.IGNORECASE
)
_NO_RESULT_AFTER = re.compile(
    r"^[\s-]?(?:mg|mcg|µg|μg|g/kg|iu|ml/kg|(?:weeks?|months?|years?|days?)[- ]old|%? ?CI\b|%? ?conf|people|"
    r"patients\b|subjects\b|"
    r"participants\b|women\b|men\b|children\b|item\b|-point\b|-fold\b)",
    re.IGNORECASE,
)
#: Between the figures of a pair.
_VERSUS = re.compile(
    r"^[^.;\d]{0,24}?(?:\b(?:vs|versus|compared (?:with|to)|as compared to|against|v)\b)[^;\d]{0,40}$", re.IGNORECASE
)
_AND = re.compile(r"^[^.;\d]{0,24}?\band\b[^;\d]{0,24}$", re.IGNORECASE)
_BRACKETS = re.compile(r"\([^()]{0,80}\)|\[[^\[\]]{0,80}\]")
_SENTENCE = re.compile(r"[.;](?=\s)|\n|,\s(?:but|however|although)\b")
_LIST_ENDS = re.compile(r"\b(?:was|were|showed|increased|decreased|improved|did|had|is|are)\b|[:(\[]", re.IGNORECASE)
_ITEM_ENDS = re.compile(r",\s(?:and\s|or\s)?|\sand\s|\sor\s")
#: Characters between a group's name and its figure.
_NEAR = 70


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that can be a group's result.

    Attributes:
        start, end: characters of the plain text.
        value: the number; of "33/91" the percentage.
        percent: it is a percentage.
    """

    start: int
    end: int
    value: float
    percent: bool


def compared(reading: Reading) -> tuple[int, Cue] | None:
    """Return the sign of the intervention's figure minus the comparator's, and the figure it rests on.

    Read from "A x, B y", "x in A and y in B", "x and y in A and B, respectively" and "x vs y", the last in the order in
    which the groups are named; first in the sentence that names the outcome, then in the whole passage.

    Returns:
        None when no two figures can be set against each other.
    """
    start, end = _sentence(reading)
    found = _compared(reading, start, end)
    if found is None and (start, end) != (0, len(reading.plain.text)):
        found = _compared(reading, start, len(reading.plain.text))
    return found


def _compared(reading: Reading, start: int, end: int) -> tuple[int, Cue] | None:
    figures = list(_figures(reading, start, end))
    mentions = reading.mentioned(start, end)
    pairs = _pairs(reading, figures, start, end)
    if len(pairs) > 1:
        return _of_pair(_chosen(reading, pairs), mentions)
    for first, second in pairwise(mentions):
        if first.arm != second.arm and (pair := _beside(figures, first, second)):
            return _answer(pair[0], pair[1], first.arm)
    return _of_pair(pairs[0], mentions) if pairs else None


def _of_pair(pair: tuple[Figure, Figure], mentions: Sequence[Mention]) -> tuple[int, Cue]:
    one, two = pair
    before = [m for m in mentions if m.end <= one.start]
    return _answer(one, two, _first(before or [m for m in mentions if m.start >= two.end]))


def _pairs(reading: Reading, figures: Sequence[Figure], start: int, end: int) -> list[tuple[Figure, Figure]]:
    respectively = any(cue.kind == "RESP" and start <= cue.start < end for cue in reading.cues)
    found: list[tuple[Figure, Figure]] = []
    for one, two in pairwise(figures):
        between = _BRACKETS.sub(" ", reading.plain.text[one.end : two.start])
        if len(between) <= 60 and (_VERSUS.match(between) or (respectively and _AND.match(between))):
            found.append((one, two))
    return found


def _chosen(reading: Reading, pairs: Sequence[tuple[Figure, Figure]]) -> tuple[Figure, Figure]:
    """Return the pair of the outcome: by its place in a list of outcomes, else the first after its words."""
    index, size = in_list(reading)
    if size == len(pairs):
        return pairs[index]
    return next((pair for pair in pairs if pair[0].start >= reading.place), pairs[-1])


def in_list(reading: Reading) -> tuple[int, int]:
    """Return which item of a list the outcome is, and how many there are: "A, B and C were …" → (1, 3) for B.

    (0, 1) where there is no such list.
    """
    start, end = _sentence(reading)
    text = reading.plain.text
    ends = _LIST_ENDS.search(text, max(start, reading.place), end)
    if reading.place < 0 or ends is None:
        return 0, 1
    marks = [match.end() for match in _ITEM_ENDS.finditer(text, start, ends.start())]
    index = sum(mark <= reading.place for mark in marks)
    return index, len(marks) + 1


def _answer(one: Figure, two: Figure, arm: Arm) -> tuple[int, Cue]:
    sign = (one.value > two.value) - (one.value < two.value)
    return (sign if arm == "INT" else -sign), Cue(one.start, two.end, "NUM", "", one.value)


def _sentence(reading: Reading) -> tuple[int, int]:
    text = reading.plain.text
    start, end = 0, len(text)
    for match in _SENTENCE.finditer(text):
        if match.end() <= reading.start + 1:
            start = match.end()
        elif match.start() >= reading.end - 1:
            end = match.start()
            break
    return start, end


def _figures(reading: Reading, start: int, end: int) -> list[Figure]:
    text = reading.plain.text
    taken = [(cue.start, cue.end) for cue in reading.cues if cue.kind[0] in "PCR" and cue.kind != "RESP"]
    found: list[Figure] = []
    for match in _FIGURE.finditer(text, start, end):
        if any(since <= match.start() < to for since, to in taken) or _no_result(text, match):
            continue
        figure = _figure(match)
        if found and _inside(text, found[-1], figure):
            if figure.percent and not found[-1].percent:
                found[-1] = figure
            continue
        found.append(figure)
    return found


def _figure(match: re.Match[str]) -> Figure:
    value = float(match["value"].replace(",", ""))
    if match["of"]:
        whole = float(match["of"].strip(" /\u00a0"))
        if 0 <= value <= whole and whole:
            return Figure(match.start(), match.end(), 100 * value / whole, True)
    return Figure(match.start(), match.end(), value, bool(match["percent"]))


def _inside(text: str, last: Figure, figure: Figure) -> bool:
    """A figure in brackets right after a figure is its percentage, spread or range, not another group's."""
    between = text[last.end : figure.start]
    opened = between.count("(") + between.count("[") - between.count(")") - between.count("]")
    if opened > 0 and not re.search(r"[A-Za-z]{3,}", between.split("(")[0].split("[")[0]):
        return True
    return figure.percent and not last.percent and re.fullmatch(r",? ", between) is not None


def _no_result(text: str, match: re.Match[str]) -> bool:
    before, after = text[max(0, match.start() - 16) : match.start()], text[match.end() : match.end() + 18]
    if _NO_RESULT_BEFORE.search(before) or _NO_RESULT_AFTER.match(after):
        return True
    return _UNIT_OF_TIME.match(after) is not None and _WHEN.search(before) is not None


def _beside(figures: Sequence[Figure], one: Mention, two: Mention) -> tuple[Figure, Figure] | None:
    """Return the figures that belong to two groups named one after the other."""
    inside = [figure for figure in figures if one.end <= figure.start < two.start]
    before = [figure for figure in figures if one.start - _NEAR <= figure.start < one.start]
    after = [figure for figure in figures if two.end <= figure.start < two.end + _NEAR]
    if inside and before and (one.placed or not after):
        return _alike(before[-2:], inside)
    if inside and after:
        return _alike(inside, after)
    for pair in (after, before):
        if not inside and len(pair) >= 2:
            return pair[0], pair[1]
    if len(inside) == 2:  # "A: x, against y in B"
        return inside[0], inside[1]
    return None


def _alike(one: Sequence[Figure], two: Sequence[Figure]) -> tuple[Figure, Figure]:
    """Of "12 (30%)" and "20%", compare the percentages."""
    percents = [[figure for figure in side if figure.percent] for side in (one, two)]
    if percents[0] and percents[1]:
        return percents[0][0], percents[1][0]
    return one[-1] if len(one) > 1 and one is not two and not percents[0] else one[0], two[0]


def _first(mentions: Sequence[Mention]) -> Arm:
    """The order of figures: as groups are named, unless only a reference is; the intervention's first by default."""
    plain = [mention for mention in mentions if not mention.reference]
    if plain:
        return plain[0].arm
    return "CMP" if mentions and mentions[0].arm == "INT" else "INT"
