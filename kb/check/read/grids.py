"""Tables: what a grid of cells says of each of its cells."""

from __future__ import annotations

from dataclasses import dataclass

from kb.check.page import Cell
from kb.check.read.stretch import Draft
from kb.check.read.traced import Traced

#: A longer text in the first column is no name of its row.
_LONGEST_NAME = 60
_STOPS = (".", "!", "?", ";")


@dataclass
class Spot:
    """One cell of a grid: its place (from 1), its extent, and its stretches of text."""

    row: int
    column: int
    rows: int
    columns: int
    header: bool
    drafts: list[Draft]

    @property
    def text(self) -> str:
        """All it says."""
        return " ".join(draft.traced.text for draft in self.drafts)


def heads_settled(spots: list[Spot], table: int) -> None:
    """Tell each stretch of a table where it stands and which cells speak for it.

    Where no cell is marked as a header, the first row is one if all its cells are short names. A short first cell
    speaks for its row in a table that has column headers, though it is not itself called one.

    Args:
        spots: cells in reading order; their drafts are changed.
        table: number of the table within the page.
    """
    marked = any(spot.header for spot in spots)
    if not marked:
        named = _names_columns(spots)
        for spot in spots:
            spot.header = named and spot.row == 1
    # A header cell beside plain ones speaks for its row, else for its columns.
    mixed = {spot.row for spot in spots if not spot.header and spot.text}
    columns: dict[int, list[Spot]] = {}
    rows: dict[int, list[Spot]] = {}
    for spot in spots:
        if spot.header and spot.text and spot.row not in mixed:
            for column in range(spot.column, spot.column + spot.columns):
                columns.setdefault(column, []).append(spot)
        if (spot.header and spot.row in mixed) or _names_its_row(spot, columns):
            for row in range(spot.row, spot.row + spot.rows):
                rows.setdefault(row, []).append(spot)
    for spot in spots:
        above = [head.text for head in columns.get(spot.column, ()) if head.row + head.rows <= spot.row]
        beside = [head.text for head in rows.get(spot.row, ()) if head.column + head.columns <= spot.column]
        heads = tuple(dict.fromkeys([*above, *beside]))
        for draft in spot.drafts:
            draft.kind, draft.level = "cell", 0
            draft.cell = Cell(table, spot.row, spot.column, spot.header, heads)


def grid(rows: list[list[Traced]], table: int, header: bool | None, place: str = "") -> list[Draft]:
    """Return the cells of a plain table.

    Args:
        rows: texts, row by row; empty ones are left out.
        table: number of the table within the page.
        header: the first row names the columns; None leaves it to its looks.
        place: of :class:`kb.check.page.Block`.
    """
    spots = [
        Spot(row, column, 1, 1, bool(header) and row == 1, [Draft("cell", traced, place=place)])
        for row, cells in enumerate(rows, 1)
        for column, traced in enumerate(cells, 1)
        if traced.text
    ]
    heads_settled(spots, table)
    return [draft for spot in spots for draft in spot.drafts]


def _names_columns(spots: list[Spot]) -> bool:
    first = [spot for spot in spots if spot.row == 1]
    width = max((spot.column + spot.columns for spot in spots), default=1) - 1
    rows = max((spot.row for spot in spots), default=0)
    full = sum(spot.columns for spot in first) >= width - 1
    return width > 1 and rows > 1 and full and all(_is_name(spot.text) for spot in first)


def _is_name(text: str) -> bool:
    return len(text) <= _LONGEST_NAME and not text.endswith(_STOPS) and not text[:1].isdigit()


def _names_its_row(spot: Spot, columns: dict[int, list[Spot]]) -> bool:
    first = spot.column == 1 and not spot.header and bool(columns)
    return first and _is_name(spot.text) and any(map(str.isalpha, spot.text))
