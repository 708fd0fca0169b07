"""Tables of an HTML page: spans are laid out, tables made for looks only are taken apart again."""

from __future__ import annotations

from dataclasses import dataclass, field

from kb.check.read.grids import Spot, heads_settled
from kb.check.read.stretch import Draft

#: Browsers allow no larger spans; a table cannot claim a million columns.
_WIDEST, _TALLEST = 100, 1000


@dataclass
class _Table:
    looks: bool
    spots: list[Spot] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    taken: dict[int, int] = field(default_factory=dict)
    row: int = 0
    column: int = 1


class Tables:
    """The open tables, innermost last."""

    def __init__(self) -> None:
        self._open: list[_Table] = []
        self._count = 0

    @property
    def depth(self) -> int:
        """How many tables are open."""
        return len(self._open)

    def open(self, looks: bool) -> None:
        """Begin a table; one that holds another is there for its looks."""
        if self._open:
            self._open[-1].looks = True
        self._open.append(_Table(looks))

    def row(self) -> None:
        """Begin a row."""
        if self._open:
            self._open[-1].row += 1
            self._open[-1].column = 1

    def cell(self, header: bool, given: dict[str, str | None]) -> None:
        """Begin a cell, in the first column that no cell from above reaches into."""
        if not self._open:
            return
        table = self._open[-1]
        table.row = max(1, table.row)
        while table.taken.get(table.column, 0) >= table.row:
            table.column += 1
        rows, columns = _span(given.get("rowspan"), _TALLEST), _span(given.get("colspan"), _WIDEST)
        for column in range(table.column, table.column + columns):
            table.taken[column] = table.row + rows - 1
        table.spots.append(Spot(table.row, table.column, rows, columns, header, []))
        table.column += columns

    def emit(self, draft: Draft, in_cell: bool) -> None:
        """Take a stretch of the innermost table."""
        table = self._open[-1]
        table.drafts.append(draft)
        if in_cell and table.spots:
            table.spots[-1].drafts.append(draft)
            table.looks = table.looks or draft.kind == "heading"

    def close(self) -> list[Draft]:
        """End the innermost table and return its stretches in reading order."""
        if not self._open:
            return []
        table = self._open.pop()
        spots = [spot for spot in table.spots if spot.drafts]
        single = max((spot.column for spot in spots), default=1) == 1
        if not table.looks and not (single and not any(spot.header for spot in spots)):
            self._count += 1
            heads_settled(spots, self._count)
        return table.drafts


def _span(value: str | None, most: int) -> int:
    value = (value or "").strip()
    return min(max(1, int(value)), most) if value.isascii() and value.isdigit() and len(value) < 6 else 1
