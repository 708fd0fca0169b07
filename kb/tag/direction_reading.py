"""One passage read for one question: which group is named where, and which clause speaks of the outcome."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.tag.direction_cues import Cue, cues
from kb.tag.direction_text import Arm, Plain, Question, Role, Word, named, plain, roles, words

_CLAUSE = re.compile(r"[;.](?=\s|$)|\n+|,?\s(?:but|whereas|while|although|though|however)\b", re.IGNORECASE)
#: Words between two names of one arm that do not part them.
_GLUE = named("and or of the a an plus with - / + ( ) mg in for 's only")
_PLACED = named("in for with among after by under on within of from at receiving using given taking assigned treated")
#: Characters between "than" and the group it names ("than that in the", "with those who received").
_REACH = 48


@dataclass(frozen=True, slots=True)
class Mention:
    """A group named in the text.

    Attributes:
        start, end: characters of the plain text.
        arm: which.
        reference: it stands after "than", "compared with", "over": the other one is spoken of.
        placed: a preposition stands before it ("in the …", "with …").
    """

    start: int
    end: int
    arm: Arm
    reference: bool
    placed: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """A passage with all that the rules and the model look at.

    Attributes:
        plain: the text, with its offsets.
        words, roles: its words and the role of each.
        cues: its cues.
        mentions: the groups named in it.
        start, end: the clause that speaks of the outcome, in characters of the plain text.
        covered: share of the outcome's words found in that clause.
        place: middle of the outcome's words there, -1 without any.
        asked: the question.
    """

    plain: Plain
    words: tuple[Word, ...]
    roles: tuple[Role, ...]
    cues: tuple[Cue, ...]
    mentions: tuple[Mention, ...]
    start: int
    end: int
    covered: float
    place: int
    asked: Question

    def focus(self) -> list[Cue]:
        """Return the cues of the clause that speaks of the outcome."""
        return [cue for cue in self.cues if self.start <= cue.start < self.end]

    def mentioned(self, start: int, end: int) -> list[Mention]:
        """Return the groups named between two places."""
        return [mention for mention in self.mentions if start <= mention.start < end]


def read(text: str, asked: Question) -> Reading:
    """Read a passage for a question.

    Args:
        text: a sentence or more, as given.
        asked: the question.
    """
    flat = plain(text)
    found = words(flat.text)
    marks = roles(flat.text, found, asked)
    told = cues(flat.text)
    start, end, covered, place = _focus(flat.text, found, marks, told, asked)
    mentions = tuple(_mentions(flat.text, found, marks, told))
    return Reading(flat, tuple(found), tuple(marks), tuple(told), mentions, start, end, covered, place, asked)


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _CLAUSE.finditer(text):
        if match.start() > start:
            yield start, match.start()
        start = match.start() if match.group()[-1].isalpha() else match.end()
    if start < len(text):
        yield start, len(text)


def _focus(
    text: str, found: Sequence[Word], marks: Sequence[Role], told: Sequence[Cue], asked: Question
) -> tuple[int, int, float, int]:
    """Return the clause that names most of the outcome; of equals, the one that says how it came out."""
    best: tuple[float, int, int, float, int] | None = None
    for start, end in _clauses(text):
        places = [
            (word.start, word.stem)
            for word, role in zip(found, marks, strict=True)
            if role == "OUT" and start <= word.start < end
        ]
        share = len({stem for _, stem in places}) / max(1, len(asked.outcome))
        says = sum(1 for cue in told if start <= cue.start < end and cue.kind not in ("NUM", "BUT", "NEG"))
        score = share + 0.1 * min(says, 3)
        if best is None or score > best[0]:
            middle = sorted(place for place, _ in places)[len(places) // 2] if places else -1
            best = (score, start, end, share, middle)
    if best is None:
        return 0, len(text), 0.0, -1
    return best[1:]


def _mentions(text: str, found: Sequence[Word], marks: Sequence[Role], told: Sequence[Cue]) -> Iterator[Mention]:
    pending: tuple[int, int, Arm] | None = None
    gap = 0
    for word, role in zip(found, marks, strict=True):
        if role == "INT" or role == "CMP":
            if pending and pending[2] == role and gap <= 3:
                pending = (pending[0], word.end, role)
            else:
                if pending:
                    yield _mention(text, pending, found, told)
                pending = (word.start, word.end, role)
            gap = 0
        elif word.low not in _GLUE and not word.low[0].isdigit():
            gap += 4
        else:
            gap += 1
    if pending:
        yield _mention(text, pending, found, told)


def _mention(text: str, span: tuple[int, int, Arm], found: Sequence[Word], told: Sequence[Cue]) -> Mention:
    start, end, arm = span
    before = text[max(0, start - _REACH) : start]
    reference = False
    for cue in reversed(told):
        if cue.end <= start and cue.kind == "THAN" and start - cue.end <= _REACH:
            between = text[cue.end : start]
            reference = not re.search(r"[.;]\s|\d\s*%?\s*(?:vs|and)|, ", between)
            break
    near = before.lower().replace("(", " ").split()[-4:]
    return Mention(start, end, arm, reference, bool(set(near) & _PLACED))
