"""What every part of the evaluation hands over: a titled sheet of figures, confusions and cases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from kb.evaluate.metrics import Confusion, Quality, Share

#: What a goal is set for; ``share`` and ``accuracy`` are the one value of a :class:`Share`.
Measure = Literal["precision", "recall", "F1", "accuracy", "share"]
MEASURES: tuple[Measure, ...] = get_args(Measure)


@dataclass(frozen=True, slots=True)
class Goal:
    """What was asked for: a measure, and the least it must reach."""

    measure: Measure
    minimum: float

    def value(self, figure: Quality | Share) -> float | None:
        """Return what a figure says on the measure; None when there was nothing to score.

        Raises:
            ValueError: the figure has no such measure.
        """
        if isinstance(figure, Share) and self.measure in ("accuracy", "share"):
            return figure.value
        if isinstance(figure, Quality) and self.measure in ("precision", "recall", "F1"):
            both = {"precision": figure.precision.value, "recall": figure.recall.value, "F1": figure.f1}
            return both[self.measure]
        raise ValueError(f"no {self.measure} in {figure!r}")


def prose(goals: Sequence[Goal]) -> str:
    """Return goals in words: "precision and recall at least 0.97", "" without one."""
    minima = dict.fromkeys(goal.minimum for goal in goals)
    parts = []
    for minimum in minima:
        names = " and ".join(one.measure for one in goals if one.minimum == minimum and one.measure != "share")
        parts.append(f"{names} at least {minimum:.2f}".strip())
    return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Line:
    """One figure.

    Attributes:
        name: of what, in plain words.
        figure: the headline; every disputed case counts as an error.
        without: the same figure without the cases of ``disputed.tsv``; None where none is disputed.
        asked: what was asked for; empty where nothing was.
    """

    name: str
    figure: Quality | Share
    without: Quality | Share | None = None
    asked: tuple[Goal, ...] = ()

    @property
    def missed(self) -> tuple[Goal, ...]:
        """The goals that the headline does not reach. What could not be scored is neither reached nor missed."""
        values = [(goal, goal.value(self.figure)) for goal in self.asked]
        return tuple(goal for goal, value in values if value is not None and value < goal.minimum)


@dataclass(frozen=True, slots=True)
class Case:
    """A record that came out wrong.

    Attributes:
        id: of the record.
        errors: how many statements are wrong or missing.
        expected, found: what the gold says and what we say, only where they differ.
        why: the words and the rule behind each wrong statement.
    """

    id: str
    errors: int
    expected: str
    found: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Figures on one question.

    Attributes:
        title: the question.
        text: what was measured and how to read it.
        lines: the figures.
        confusions: what was taken for what.
        cases: records that came out wrong; never saved for corpora outside the repository.
        cases_title: heading of the cases.
        found_title: head of their column of what we say.
    """

    title: str
    text: str
    lines: tuple[Line, ...] = ()
    confusions: tuple[Confusion, ...] = ()
    cases: tuple[Case, ...] = ()
    cases_title: str = "Cases that came out wrong"
    found_title: str = "found"


def worst(cases: Iterable[Case], number: int) -> tuple[Case, ...]:
    """Return the cases with most errors, by number of errors, then by id."""
    return tuple(sorted(cases, key=lambda case: (-case.errors, case.id))[:number])


def goals(sheets: Iterable[Sheet]) -> tuple[int, list[tuple[Line, Goal]]]:
    """Return how many goals were set, and those that were missed, each with its line."""
    lines = [line for sheet in sheets for line in sheet.lines]
    return sum(len(line.asked) for line in lines), [(line, goal) for line in lines for goal in line.missed]
