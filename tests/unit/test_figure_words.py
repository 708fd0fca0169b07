"""Figures as words: nothing that a text leaves open is left out silently, and no number changes on its way."""

from __future__ import annotations

from typing import Any

import pytest

from kb.figure_words import dose, grade, measured, people


@pytest.mark.parametrize(
    ("n", "total", "basis", "words"),
    [
        (5, 12, "", "5 of 12"),
        (5, 12, "evaluable", "5 of 12 evaluable"),
        (0, 9, "", "0 of 9"),
        (1, None, "", "1 (of how many is not said)"),
        (None, 12, "", "of 12 (how many is not said)"),
        (None, None, "treated", "treated"),
        (None, None, "", ""),
    ],
)
def test_who_was_counted(n: int | None, total: int | None, basis: str, words: str) -> None:
    assert people(n, total, basis) == words


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"percent": 42.0}, ["42%"]),
        ({"percent": 0.05}, ["0.05%"]),
        ({"value": "1234567 cells"}, ["1234567 cells"]),
        (
            {"ratio": 0.91, "ratio_kind": "hazard", "low": 0.6, "high": 1.38, "level": 97.5, "p": "0.65"},
            ["hazard ratio 0.91", "97.5% interval 0.6 to 1.38", "P = 0.65"],
        ),
        ({"ratio": 2.0}, ["ratio 2"]),
        ({"low": 0.0, "high": 1234567.0}, ["interval 0 to 1234567"]),
        ({"low": 0.4, "p": "<0.001"}, ["P <0.001"]),
        ({"p": "ns"}, ["P ns"]),
        ({}, []),
    ],
)
def test_figures(given: dict[str, Any], words: list[str]) -> None:
    nothing = {"percent": None, "value": "", "ratio": None, "ratio_kind": "", "low": None, "high": None, "level": None}
    assert measured(**{**nothing, "p": "", **given}) == words


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (3, 3, "grade 3"),
        (1, 2, "grade 1 to 2"),
        (3, None, "grade 3 or higher"),
        (None, 2, "grade 2 or lower"),
        (None, None, ""),
    ],
)
def test_grades(low: int | None, high: int | None, words: str) -> None:
    assert grade(low, high) == words


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ((1e7, 1e7, "kg", None), "1 × 10^7 cells per kg"),
        ((5e6, 1.5e9, "m2", 3), "5 × 10^6 to 1.5 × 10^9 cells per m², 3 infusions"),
        ((2e9, 2e9, "", 1), "2 × 10^9 cells in all, 1 infusion"),
    ],
)
def test_doses(given: tuple[float, float, str, int | None], words: str) -> None:
    assert dose(*given) == words
