"""How an outcome changed in one group against another, as a passage says: more, less, or no difference.

Rules read first and give the explanation (:mod:`kb.tag.direction_rules`). A small linear model, trained on Evidence
Inference 2.0 (https://github.com/jayded/evidence-inference, MIT licence), gives the answer and its probability; the rules'
answer is one of the things it looks at. Its weights are those of hashed features: no text of the corpus ships. How it is
trained: ``tests/benchmarks/train_direction.py``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.errors import DataError, Problem
from kb.tag.direction_features import features, hashed, of_sentence
from kb.tag.direction_reading import Reading, read
from kb.tag.direction_rules import Change, answer
from kb.tag.direction_text import Question, defined, plain, question
from kb.tag.polarity import for_patient
from kb.tag.record import Passage
from kb.tag.sentences import sentences

__all__ = ["CHANGES", "Change", "DirectionJudge", "Verdict", "for_patient"]

#: The answers, in the order of the weights.
CHANGES: tuple[Change, ...] = ("decreased", "increased", "no_difference")
#: Where the weights lie in a data directory.
MODEL = Path("rules") / "direction_model.json"
_DEFAULT = Path(__file__).resolve().parents[2] / "data" / MODEL
#: A text of so many sentences or fewer is read as one piece, as annotators marked it; a longer one is searched.
_WHOLE = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the outcome changed.

    Attributes:
        change: in the intervention group against the comparator.
        probability: of that answer, 0 to 1, by the model.
        start, end: the sentence or sentences it rests on, in characters of the text as given.
        rule: the rule that says the same, "model only" when none does.
        cue: the words that rule rests on, as printed, "" for "model only".
        cue_start, cue_end: their place in the text as given; equal to ``start`` when there are none.
        found: share of the outcome's words found in those sentences, 0 to 1: at 0 the text does not name the outcome.
    """

    change: Change
    probability: float
    start: int
    end: int
    rule: str
    cue: str
    cue_start: int
    cue_end: int
    found: float


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of the text, how likely it is the one that answers, and what it says."""

    start: int
    end: int
    reading: Reading
    weight: float
    chances: tuple[float, ...]


class DirectionJudge:
    """Rules and weights, ready to judge.

    Args:
        change: place of a feature → its weights for :data:`CHANGES`.
        evidence: place of a feature → its weight for being the sentence that answers.
        sharpness: how much more the likeliest sentence counts than the others.
    """

    def __init__(
        self, change: Mapping[int, tuple[float, ...]], evidence: Mapping[int, float], sharpness: float = 1.0
    ) -> None:
        self._change = change
        self._evidence = evidence
        self._sharpness = sharpness

    @classmethod
    def load(cls, path: Path | None = None) -> DirectionJudge:
        """Load the weights.

        Args:
            path: the file of weights or a data directory; the repository's own without one.

        Raises:
            DataError: there is no such file, or it holds no weights.
        """
        path = _DEFAULT if path is None else path / MODEL if path.is_dir() else path
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            return cls(*_weights(raw))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            remedy = "make it with tests/benchmarks/train_direction.py, or take it from the repository"
            problem = Problem(f"{path.parent.name}/{path.name}", 0, "", f"no weights can be read: {error}", remedy)
            raise DataError([problem]) from error

    def judge(self, text: str, outcome: str, intervention: str, comparator: str) -> Verdict:
        """Say how the outcome changed in the intervention group against the comparator.

        Args:
            text: a sentence, some sentences or an abstract, as given.
            outcome, intervention, comparator: the question, in free words; all may be empty.

        Returns:
            Always one of the three answers; a text that says nothing of the outcome gets a low ``probability`` and
            ``found`` 0, and it is the caller's part to leave such a verdict out.
        """
        asked = defined(text, question(outcome, intervention, comparator))
        pieces = self._pieces(text, asked, outcome)
        total = [sum(piece.weight * piece.chances[at] for piece in pieces) for at in range(len(CHANGES))]
        best = max(range(len(CHANGES)), key=lambda at: (total[at], -at))
        chosen = max(pieces, key=lambda piece: piece.weight * piece.chances[best])
        return _verdict(text, chosen, outcome, CHANGES[best], total[best])

    def _pieces(self, text: str, asked: Question, outcome: str) -> list[_Piece]:
        spans = [(s.start, s.end) for s in sentences(Passage("", "abstract", text))]
        if len(spans) <= _WHOLE:
            spans = [(spans[0][0], spans[-1][1])] if spans else [(0, len(text))]
        readings = [read(text[start:end], asked) for start, end in spans]
        scores = [self._score(readings, at) for at in range(len(readings))] if len(readings) > 1 else [0.0]
        chances = [softmax([self._sharpness * score for score in scores])]
        return [
            _Piece(start, end, reading, weight, self.chances(reading, outcome))
            for (start, end), reading, weight in zip(spans, readings, chances[0], strict=True)
        ]

    def _score(self, readings: list[Reading], at: int) -> float:
        return sum(self._evidence.get(place, 0.0) for place in hashed(of_sentence(readings, at)))

    def chances(self, reading: Reading, outcome: str) -> tuple[float, ...]:
        """Return the probability of each of :data:`CHANGES` for one piece of text."""
        total = [0.0] * len(CHANGES)
        for place in hashed(features(reading, outcome)):
            for at, weight in enumerate(self._change.get(place, ())):
                total[at] += weight
        return tuple(softmax(total))


def softmax(scores: list[float]) -> list[float]:
    """Return scores as shares of one."""
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    whole = sum(powers)
    return [power / whole for power in powers]


def _weights(raw: Any) -> tuple[dict[int, tuple[float, ...]], dict[int, float], float]:
    change = {int(place): tuple(float(x) for x in values) for place, values in raw["change"].items()}
    if any(len(values) != len(CHANGES) for values in change.values()):
        raise ValueError(f"each feature has {len(CHANGES)} weights")
    return change, {int(place): float(x) for place, x in raw["evidence"].items()}, float(raw["sharpness"])


def _verdict(text: str, piece: _Piece, outcome: str, change: Change, probability: float) -> Verdict:
    said = answer(piece.reading, outcome)
    if said is None or said.change != change:
        return Verdict(
            change,
            probability,
            piece.start,
            piece.end,
            "model only",
            "",
            piece.start,
            piece.start,
            piece.reading.covered,
        )
    start = piece.start + piece.reading.plain.original(said.cue.start)
    end = piece.start + piece.reading.plain.original(said.cue.end)
    return Verdict(
        change, probability, piece.start, piece.end, said.rule, text[start:end], start, end, piece.reading.covered
    )
