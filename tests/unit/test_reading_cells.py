"""Cells of a table that hold a list."""

from __future__ import annotations

import pytest

from kb.reading import split_cell


@pytest.mark.parametrize(
    ("cell", "parts"), [("", ()), (" ; ;", ()), ("NK", ("NK",)), (" NK ;CIK; ", ("NK", "CIK")), ("a, b", ("a, b",))]
)
def test_parts_of_a_cell(cell: str, parts: tuple[str, ...]) -> None:
    assert split_cell(cell) == parts
