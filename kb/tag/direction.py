"""How an outcome changed in one group against another, as a passage says: more, less, or no difference.

Rules read first and give the explanation (:mod:`kb.tag.direction_rules`). A small linear model, trained on Evidence
Inference 2.0 (https://github.com/jayded/evidence-inference, MIT licence), gives the answer and its probability; what
the rules say is one of the things it looks at. Its weights are those of hashed features: no text of the corpus ships.
Trained by ``tests/benchmarks/train_direction.py``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from kb.errors import DataError, Problem
from kb.tag.direction_defined import defined
from kb.tag.direction_features import features, hashed, of_sentence, weights_of
from kb.tag.direction_reading import Reading, read
from kb.tag.direction_rules import FIGURES, Answer, Change, answer, compares
from kb.tag.direction_text import question
from kb.tag.polarity import for_patient
from kb.tag.record import Passage
from kb.tag.sentences import sentences

__all__ = ["CHANGES", "NO_RULE", "Change", "DirectionJudge", "Verdict", "for_patient"]

#: The answers, in the order of the weights.
CHANGES: tuple[Change, ...] = ("decreased", "increased", "no_difference")
#: What stands for a rule where none agrees with the model.
NO_RULE = "model only"
#: Where the weights lie in a data directory.
MODEL = Path("rules") / "direction_model.json"
_DEFAULT = Path(__file__).resolve().parents[2] / "data" / MODEL
#: A text of so many sentences or fewer is read as one piece, as annotators marked it; a longer one is searched.
_WHOLE = 3
#: Sentences, and characters of each, that are read; an abstract has 40 of 300 at most.
_MOST = 300
_LONGEST = 3000
#: Below this probability the figures of both groups decide where they can be read: by cross-validation on the training
#: papers they were right in 23 such passages of 38, the model in 13.
_UNSURE = 0.6


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
        found: share of the outcome's words found in those sentences, 0 to 1: at 0 they do not name the outcome.
        comparative: the text sets groups side by side; else there is nothing a change could be measured against.
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
    comparative: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence of the text, or the whole of a short one.

    Attributes:
        start, end: characters of the text as given.
        reading: how it reads for the question.
        weight: how likely it is the one that answers; those of a text add up to 1.
        chances: probability of each of :data:`CHANGES` by this piece alone.
    """

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
        summary: for each of :data:`CHANGES` the weights of :func:`summarised`; without them the sentences' mean counts.
    """

    def __init__(
        self,
        change: Mapping[int, Sequence[float]],
        evidence: Mapping[int, float],
        summary: Sequence[Sequence[float]] = (),
        trained_on: Iterable[str] = (),
    ) -> None:
        self._change = change
        self._evidence = evidence
        self._summary = summary
        self._trained_on = frozenset(trained_on)

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
            return cls(*_weights(raw), trained_on=raw["trained_on"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            remedy = "make it with tests/benchmarks/train_direction.py, or take it from the repository"
            problem = Problem(f"{path.parent.name}/{path.name}", 0, "", f"no weights can be read: {error}", remedy)
            raise DataError([problem]) from error

    def unseen(self, pmcid: str) -> bool:
        """Tell whether a paper ("PMC" and digits) was not trained on."""
        return pmcid.removeprefix("PMC") not in self._trained_on

    def judge(self, text: str, outcome: str, intervention: str, comparator: str) -> Verdict:
        """Say how the outcome changed in the intervention group against the comparator.

        Args:
            text: a sentence, some sentences or an abstract, as given; of a longer one the first 300 sentences are read.
            outcome: what was measured, in free words; may be empty, as the next two.
            intervention: the group spoken of.
            comparator: the group it is measured against.

        Returns:
            Always one of the three answers; a text that says nothing of the outcome gets a low ``probability`` and
            ``found`` 0, and it is the caller's part to leave such a verdict out.
        """
        pieces = self.pieces(text, outcome, intervention, comparator)
        if len(pieces) > 1 and self._summary:
            seen = summarised(pieces)
            total = softmax([sum(x * w for x, w in zip(seen, row, strict=True)) for row in self._summary])
        else:
            total = mixed(pieces)
        best = max(range(len(CHANGES)), key=lambda at: (total[at], -at))
        chosen = max(pieces, key=lambda piece: piece.weight * piece.chances[best])
        said = answer(chosen.reading, outcome)
        if said is not None and said.rule == FIGURES and total[best] < _UNSURE:
            best = CHANGES.index(said.change)
        return _verdict(text, chosen, said, CHANGES[best], total[best], pieces)

    def pieces(self, text: str, outcome: str, intervention: str, comparator: str) -> list[Piece]:
        """Return the sentences of a text, each judged by itself; a short text is one piece.

        Args:
            text: as for :meth:`judge`, like the others.
            outcome: what was measured.
            intervention: the group spoken of.
            comparator: the group it is measured against.
        """
        asked = defined(text[: _MOST * _LONGEST], question(outcome, intervention, comparator))
        found = sentences(Passage("", "abstract", text[: _MOST * _LONGEST]))
        spans = [(one.start, min(one.end, one.start + _LONGEST)) for one in islice(found, _MOST)]
        if len(spans) <= _WHOLE:
            start, end = (spans[0][0], spans[-1][1]) if spans else (0, len(text))
            spans = [(start, min(end, start + _LONGEST))]
        readings = [read(text[start:end], asked) for start, end in spans]
        shares = softmax(self._scores(readings))
        return [
            Piece(start, end, reading, share, self.chances(reading, outcome))
            for (start, end), reading, share in zip(spans, readings, shares, strict=True)
        ]

    def _scores(self, readings: list[Reading]) -> list[float]:
        if len(readings) == 1:
            return [0.0]
        weights = weights_of(readings)
        return [
            sum(self._evidence.get(place, 0.0) for place in hashed(of_sentence(readings, at, weights)))
            for at in range(len(readings))
        ]

    def chances(self, reading: Reading, outcome: str) -> tuple[float, ...]:
        """Return the probability of each of :data:`CHANGES` for one piece of text."""
        total = [0.0] * len(CHANGES)
        for place in hashed(features(reading, outcome)):
            for at, weight in enumerate(self._change.get(place, ())):
                total[at] += weight
        return tuple(softmax(total))


def softmax(scores: Sequence[float]) -> list[float]:
    """Return scores as shares of one."""
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    whole = sum(powers)
    return [power / whole for power in powers]


def mixed(pieces: Sequence[Piece]) -> list[float]:
    """Return the probability of each of :data:`CHANGES`: the pieces' own, each by its weight."""
    return [sum(piece.weight * piece.chances[at] for piece in pieces) for at in range(len(CHANGES))]


def summarised(pieces: Sequence[Piece]) -> list[float]:
    """Return what is looked at for a text of several sentences.

    The weighted mean of its sentences, the mean of the last two (authors conclude at the end), the plain mean, each as
    logarithms of :data:`CHANGES`; and how much of the outcome is named at all, in steps of a quarter: what an abstract
    passes over is mostly what did not differ.
    """
    rows = [mixed(pieces), _mean(pieces[-2:]), _mean(pieces)]
    named = int(4 * min(1.0, max(piece.reading.covered for piece in pieces)))
    return [math.log(x + 1e-3) for row in rows for x in row] + [float(named == step) for step in range(5)]


def _mean(pieces: Sequence[Piece]) -> list[float]:
    return [sum(piece.chances[at] for piece in pieces) / len(pieces) for at in range(len(CHANGES))]


def _weights(raw: Any) -> tuple[dict[int, tuple[float, ...]], dict[int, float], list[list[float]]]:
    change = {int(place): tuple(float(x) for x in values) for place, values in raw["change"].items()}
    summary = [[float(x) for x in row] for row in raw["summary"]]
    if any(len(values) != len(CHANGES) for values in change.values()) or len(summary) not in (0, len(CHANGES)):
        raise ValueError(f"each feature has {len(CHANGES)} weights")
    return change, {int(place): float(x) for place, x in raw["evidence"].items()}, summary


def _verdict(
    text: str, piece: Piece, said: Answer | None, change: Change, chance: float, pieces: Sequence[Piece]
) -> Verdict:
    start = end = piece.start
    rule = NO_RULE
    if said is not None and said.change == change:
        rule = said.rule
        start += piece.reading.plain.original(said.cue.start)
        end += piece.reading.plain.original(said.cue.end)
    sides = any(compares(one.reading) for one in pieces)
    found = min(1.0, piece.reading.covered)
    return Verdict(change, chance, piece.start, piece.end, rule, text[start:end], start, end, found, sides)
