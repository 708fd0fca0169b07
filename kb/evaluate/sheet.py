"""What every part of the evaluation hands over: a titled sheet of figures, confusions and cases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kb.evaluate.metrics import Confusion, Quality, Share


@dataclass(frozen=True, slots=True)
class Line:
    """One figure.

    Attributes:
        name: of what, in plain words.
        figure: the headline; every disputed case counts as an error.
        without: the same figure without the cases of ``disputed.tsv``; None where none is disputed.
        asked: what was asked for, in words ("F1 at least 0.93"), "" where nothing was.
    """

    name: str
    figure: Quality | Share
    without: Quality | Share | None = None
    asked: str = ""


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
    """

    title: str
    text: str
    lines: tuple[Line, ...] = ()
    confusions: tuple[Confusion, ...] = ()
    cases: tuple[Case, ...] = ()
    cases_title: str = "Cases that came out wrong"


def worst(cases: Iterable[Case], number: int) -> tuple[Case, ...]:
    """Return the cases with most errors, by number of errors, then by id."""
    return tuple(sorted(cases, key=lambda case: (-case.errors, case.id))[:number])
