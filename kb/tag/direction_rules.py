"""Rules for the direction of a result; the first that speaks is the answer.

Each rule has a name, which is the explanation a reader is given.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kb.tag.direction_cues import Cue
from kb.tag.direction_reading import Mention, Reading
from kb.tag.polarity import polarity

Change = Literal["increased", "decreased", "no_difference"]

#: A pair of figures of two groups: "12.3 vs 10.1", "53% and 48%".
_PAIR_WORDS = re.compile(
    r"^[\s%)\]]{0,4}(?:\((?:[^()]{1,40})\)|\[[^\[\]]{1,40}\])?[^.;\d]{0,24}(?:\b(?:vs|versus|and|compared (?:with|to)|against|v)\b|/)",
    re.IGNORECASE,
)
#: Characters between a group's name and its figure.
_NEAR = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """What a rule says.

    Attributes:
        change: of the outcome in the intervention group against the comparator.
        rule: its name.
        cue: the words it rests on.
    """

    change: Change
    rule: str
    cue: Cue


def answer(reading: Reading, outcome: str) -> Answer | None:
    """Return what the first rule that speaks says; None when none does.

    Args:
        reading: the passage read for the question.
        outcome: the question's outcome, for the polarity of "improved" and "worse".
    """
    good = polarity(outcome)
    told = reading.focus()
    probability = nearest_p(reading)
    same = [cue for cue in told if cue.kind == "SAME"]
    if same and not (probability is not None and probability.kind == "P+" and _mixed(told)):
        return Answer("no_difference", "said not to differ", same[0])
    if probability is not None and probability.kind == "P-":
        return Answer("no_difference", "P not below 0.05", probability)
    crossing = next((cue for cue in told if cue.kind == "CI0"), None)
    if crossing is not None and not any(cue.kind == "P+" for cue in told):
        return Answer("no_difference", "interval includes no difference", crossing)
    for cue in by_distance(reading, told):
        sign = sign_of(cue, good)
        if sign:
            rule = "comparative, group named" if spoken_of(reading, cue) else "change, no group named"
            arm = spoken_of(reading, cue) or "INT"
            if denied(reading, cue):
                return Answer("no_difference", "change denied", cue)
            return Answer("increased" if (sign > 0) == (arm == "INT") else "decreased", rule, cue)
    figures = compared(reading)
    if figures is not None and figures[0]:
        return Answer("increased" if figures[0] > 0 else "decreased", "figures of both groups", figures[1])
    interval = next((cue for cue in told if cue.kind in ("CI<", "CI>")), None)
    if interval is not None:
        return Answer("increased" if interval.kind == "CI>" else "decreased", "interval on one side", interval)
    any_same = next((cue for cue in reading.cues if cue.kind in ("SAME", "P-", "CI0")), None)
    return Answer("no_difference", "said not to differ, elsewhere in the passage", any_same) if any_same else None


def _mixed(told: Sequence[Cue]) -> bool:
    return any(cue.kind in ("UP", "DOWN", "GOOD", "BAD") for cue in told)


def by_distance(reading: Reading, told: Sequence[Cue]) -> list[Cue]:
    """Return cues with those nearest to the outcome's words first; in order where the outcome is not named."""
    if reading.place < 0:
        return list(told)
    return sorted(told, key=lambda cue: (abs(cue.start - reading.place), cue.start))


def nearest_p(reading: Reading) -> Cue | None:
    """Return the P value that belongs to the outcome: the first after its words, else the last of the clause."""
    values = [cue for cue in reading.focus() if cue.kind in ("P+", "P-")]
    if not values:
        return None
    return next((cue for cue in values if cue.start >= reading.place), values[-1])


def sign_of(cue: Cue, good: int) -> int:
    """Return +1 for more of the outcome, -1 for less, 0 when the cue does not tell.

    Args:
        cue: the cue.
        good: polarity of the outcome: +1 more is better, -1 less is better, 0 unknown.
    """
    if cue.kind in ("UP", "SLOW"):
        return 1
    if cue.kind in ("DOWN", "FAST"):
        return -1
    if cue.kind == "GOOD":
        return good or 1
    if cue.kind == "BAD":
        return -good or -1
    return 0


def denied(reading: Reading, cue: Cue) -> bool:
    """Return whether a denial stands shortly before the cue, in the same clause."""
    return any(
        other.kind == "NEG" and 0 <= cue.start - other.end <= 30 and other.start >= reading.start
        for other in reading.cues
    )


def spoken_of(reading: Reading, cue: Cue) -> Literal["INT", "CMP"] | None:
    """Return the group of which the cue is said, None when no group is named near it.

    A group after "than" or "compared with" is the other one; else it is the group the cue is placed in ("higher in the
    … group"), else the one named before it.
    """
    start, end = _sentence(reading, cue)
    near = reading.mentioned(start, end)
    if not near:
        return None
    references = [mention for mention in near if mention.reference]
    if references:
        nearest = min(references, key=lambda mention: abs(mention.start - cue.end))
        return "CMP" if nearest.arm == "INT" else "INT"
    after = next((m for m in near if m.start >= cue.end and m.placed and m.start - cue.end < 60), None)
    before = [mention for mention in near if mention.end <= cue.start]
    subject = before[-1] if before else None
    if after is not None and (subject is None or after.start - cue.end < 30):
        return after.arm
    chosen = subject or near[0]
    return chosen.arm


def _sentence(reading: Reading, cue: Cue) -> tuple[int, int]:
    text = reading.plain.text
    start = max(text.rfind(". ", 0, cue.start), text.rfind("; ", 0, cue.start)) + 1
    ends = [place for place in (text.find(". ", cue.end), text.find("; ", cue.end)) if place >= 0]
    return start, min(ends, default=len(text))


def compared(reading: Reading) -> tuple[int, Cue] | None:
    """Return the sign of the intervention's figure minus the comparator's, and the figure it rests on.

    Read from "A x, B y", "x in A and y in B", "x and y in A and B, respectively" and "x vs y", the last in the order in
    which the groups are named.
    """
    figures = [c for c in reading.cues if c.kind == "NUM" and reading.start <= c.start < reading.end]
    figures = [cue for cue in figures if not _spread(reading, cue)]
    mentions = reading.mentioned(reading.start, reading.end)
    for first, second in zip(mentions, mentions[1:], strict=False):
        if first.arm != second.arm and (pair := _beside(reading, figures, first, second)):
            sign = _sign(pair[0].value - pair[1].value)
            return (sign if first.arm == "INT" else -sign), pair[0]
    for one, two in zip(figures, figures[1:], strict=False):
        between = reading.plain.text[one.end : two.start]
        if len(between) <= 60 and _PAIR_WORDS.match(between):
            before = [m for m in mentions if m.end <= one.start]
            named = before or [m for m in mentions if m.start >= two.end]
            sign = _sign(one.value - two.value)
            return (-sign if named and _first(named) == "CMP" else sign), one
    return None


def _beside(reading: Reading, figures: Sequence[Cue], one: Mention, two: Mention) -> tuple[Cue, Cue] | None:
    """Return the figures that belong to two groups named one after the other."""
    inside = [cue for cue in figures if one.end <= cue.start < two.start]
    before = [cue for cue in figures if one.start - _NEAR <= cue.start < one.start]
    after = [cue for cue in figures if two.end <= cue.start < two.end + _NEAR]
    if inside and before and (one.placed or not after):
        return _alike(reading, before[-2:], inside)
    if inside and after:
        return _alike(reading, inside, after)
    for pair in (after, before):
        if not inside and len(pair) >= 2:
            return pair[0], pair[1]
    return None


def _alike(reading: Reading, one: Sequence[Cue], two: Sequence[Cue]) -> tuple[Cue, Cue]:
    """Of "12/40 (30%)" and "20%", compare the percentages."""
    text = reading.plain.text
    percents = [[c for c in side if text[c.end : c.end + 2].strip().startswith("%")] for side in (one, two)]
    if percents[0] and percents[1]:
        return percents[0][0], percents[1][0]
    return one[0], two[0]


def _first(mentions: Sequence[Mention]) -> Literal["INT", "CMP"]:
    """The order in which figures follow: as named, unless only a reference is named."""
    plain = [mention for mention in mentions if not mention.reference]
    if plain:
        return plain[0].arm
    return "CMP" if mentions[0].arm == "INT" else "INT"


def _spread(reading: Reading, cue: Cue) -> bool:
    """A standard deviation or range beside a figure is no figure of its own."""
    before = reading.plain.text[max(0, cue.start - 4) : cue.start]
    return "±" in before or "+/-" in before or "+-" in before


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)
