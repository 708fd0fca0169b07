"""Rules for the direction of a result; the first that speaks is the answer.

Each rule has a name, which is the explanation a reader is given.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kb.tag.direction_cues import Cue
from kb.tag.direction_figures import compared, in_list
from kb.tag.direction_reading import Reading
from kb.tag.direction_text import stem
from kb.tag.polarity import polarity

_SIDED = "comparative, both groups named"
_UNNAMED = "change, no group named"
#: Name of the rule that compares figures.
FIGURES = "figures of both groups"
Change = Literal["increased", "decreased", "no_difference"]

#: Words of degree, and what they do to the word they belong to.
_DEGREES = {
    **dict.fromkeys(
        ("more", "greater", "larger", "higher", "greatest", "most", "largest", "stronger", "additional"), 1
    ),
    **dict.fromkeys(("less", "smaller", "lower", "lesser", "fewer", "least", "smallest", "lowest", "weaker"), -1),
}
_NOUN = re.compile(
    r"reduc|decreas|declin|drop|fall|loss|increas|rise|gain|improv|elevat|attenu|deterior|wors|inhibit|suppress|benefi|"
    r"recover|lower|prolong|shrink|effic|effective|impair"
)
_FROM = re.compile(r"\s(?:\w+\s)?from\b")
#: After "than": a number, or the same people before.
_BEFORE = (
    r"(?:at |the |their |that |those |values? |levels? |of |with |to |from |after ){0,4}"
    r"(?:baseline|before|pre|prior|entry|expected|start|\d)"
)
_OWN = re.compile(rf"\s{_BEFORE}", re.IGNORECASE)
_OWN_THAN = re.compile(rf"\s(?:than|or|\w+ than) {_BEFORE}", re.IGNORECASE)
_COMPARED = re.compile(
    r"higher|greater|longer|larger|lower|fewer|less|shorter|smaller|better|worse|more|superior\w*|inferior\w*|"
    r"faster|slower|"
    r"sooner|earlier|stronger|weaker|twice|half|halved|doubled",
    re.IGNORECASE,
)
_UNREPORTED = re.compile(
    r"\bnot (?:yet )?(?:been )?(?:separately )?(?:reported|assessed|analy[sz]ed|evaluated|compared|measured|"
    r"available|mature)\b",
    re.IGNORECASE,
)
_SIDES = re.compile(
    r"\b(?:control|placebo|sham|comparison|other|standard[- ]care|usual[- ]care) (?:group|arm)s?\b|\bcontrols\b|"
    r"\bplacebo\b|\b(?:per|each|either) (?:arm|group)\b|\bthe addition of\b|\b(?:odds|hazards?|risk|rate) ratio\b|"
    r"\brelative risk\b",
    re.IGNORECASE,
)
_PARTED = re.compile(r"[,;.]|\b(?:and|than|in the|group)\b")


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
    for effect in effects(reading, told, good):
        arm = spoken_of(reading, effect.cue)
        if denied(reading, effect.cue):
            return Answer("no_difference", "change denied", effect.cue)
        rule = _SIDED if arm and referred(reading, effect.cue) else "comparative, group named" if arm else _UNNAMED
        return Answer("increased" if (effect.sign > 0) == (arm != "CMP") else "decreased", rule, effect.cue)
    figures = compared(reading)
    if figures is not None and figures[0]:
        return Answer("increased" if figures[0] > 0 else "decreased", FIGURES, figures[1])
    interval = next((cue for cue in told if cue.kind in ("CI<", "CI>", "R<", "R>")), None)
    if interval is not None:
        return Answer("increased" if ">" in interval.kind else "decreased", "ratio or interval on one side", interval)
    any_same = next((cue for cue in reading.cues if cue.kind in ("SAME", "P-", "CI0")), None)
    return Answer("no_difference", "said not to differ, elsewhere in the passage", any_same) if any_same else None


def _mixed(told: Sequence[Cue]) -> bool:
    return any(cue.kind in ("UP", "DOWN", "GOOD", "BAD") for cue in told)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a cue, or two that belong together, say of the outcome.

    Attributes:
        cue: the cue; of "greater reduction" both words.
        sign: +1 more of the outcome, -1 less, of the group spoken of.
    """

    cue: Cue
    sign: int


def effects(reading: Reading, told: Sequence[Cue], good: int) -> list[Effect]:
    """Return what cues say of the outcome, those nearest to its words first.

    A cue that is part of the outcome's own name ("weight loss") says nothing. Of "greater reduction", "decreased more"
    and "more effective in reducing" both words count.

    Args:
        reading: the passage.
        told: cues of it, in order.
        good: polarity of the outcome.
    """
    text = reading.plain.text
    kept = [c for c in told if sign_of(c, good) and stem(text[c.start : c.end].lower()) not in reading.asked.said]
    found: list[Effect] = []
    at = 0
    while at < len(kept):
        cue, sign = kept[at], sign_of(kept[at], good)
        after = kept[at + 1] if at + 1 < len(kept) else None
        joined = None if after is None else _joined(cue, after, text[cue.end : after.start], good)
        if after is not None and joined is not None:
            cue = Cue(cue.start, after.end, cue.kind, f"{cue.lemma}+{after.lemma}"[:20])
            sign = joined
            at += 1
        found.append(Effect(cue, sign))
        at += 1
    if reading.place < 0:
        return found
    return sorted(found, key=lambda one: (abs(one.cue.start - reading.place), one.cue.start))


def _joined(one: Cue, two: Cue, between: str, good: int) -> int | None:
    """Return the sign of two cues that belong together, None when they do not."""
    if _PARTED.search(between):
        return None
    sign = sign_of(two, good)
    if one.lemma in _DEGREES and len(between) <= 30 and _NOUN.match(two.lemma):
        return sign * _DEGREES[one.lemma]
    if two.lemma in _DEGREES and len(between) <= 3:
        return sign_of(one, good) * _DEGREES[two.lemma]
    if one.kind == "GOOD" and two.kind in ("UP", "DOWN") and re.match(r"^ (?:in|at|for|to) ", between):
        return sign
    return None


def nearest_p(reading: Reading) -> Cue | None:
    """Return the P value of the outcome: the one at its place in a list, else the first after its words."""
    values = [cue for cue in reading.focus() if cue.kind in ("P+", "P-")]
    if not values:
        return None
    index, size = in_list(reading)
    if size == len(values) > 1:
        return values[index]
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
    later = [mention for mention in near if mention.start >= cue.end]
    if len({mention.arm for mention in later}) == 2 and _FROM.match(reading.plain.text, cue.end):
        return later[-1].arm  # "fell from … in A to … in B": B is where it fell to
    after = next((mention for mention in later if mention.placed and mention.start - cue.end < 60), None)
    before = [mention for mention in near if mention.end <= cue.start]
    subject = before[-1] if before else None
    if after is not None and (subject is None or after.start - cue.end < 30):
        return after.arm
    chosen = subject or near[0]
    return chosen.arm


def referred(reading: Reading, cue: Cue) -> bool:
    """Return whether one group is named as the reference of the other, "… in A than in B", around the cue."""
    near = reading.mentioned(*_sentence(reading, cue))
    references = {mention.arm for mention in near if mention.reference}
    return len(references) == 1 and bool({mention.arm for mention in near if not mention.reference} - references)


def _sentence(reading: Reading, cue: Cue) -> tuple[int, int]:
    text = reading.plain.text
    start = max(text.rfind(". ", 0, cue.start), text.rfind("; ", 0, cue.start)) + 1
    ends = [place for place in (text.find(". ", cue.end), text.find("; ", cue.end)) if place >= 0]
    return start, min(ends, default=len(text))


def compares(reading: Reading) -> bool:
    """Return whether a passage sets two groups side by side.

    Two named groups, "both groups", a reference ("than", "versus") that is no number and no earlier time of the same
    people, a word of comparison ("longer with"), a ratio of risks, or a difference or effect that is denied. Not where
    the outcome is said not to have been reported.
    """
    if _UNREPORTED.search(reading.plain.text, reading.start, reading.end):
        return False
    if {mention.arm for mention in reading.mentions} == {"INT", "CMP"} or "ALL" in reading.roles:
        return True
    text = reading.plain.text
    for cue in reading.cues:
        if cue.kind in ("R<", "R>", "VS") or (cue.kind in ("SAME", "THAN") and not _OWN.match(text, cue.end)):
            return True
        if _COMPARED.fullmatch(text, cue.start, cue.end) and not _OWN_THAN.match(text, cue.end):
            return True
        if cue.kind in ("GOOD", "UP", "DOWN") and denied(reading, cue):
            return True
    return _SIDES.search(text) is not None
