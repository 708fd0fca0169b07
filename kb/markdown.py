"""The few pieces of Markdown that pages made from a store share."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

#: First line of every generated page.
MADE = "<!-- Made by `make docs`; do not edit by hand. -->\n"


def fetch(db: sqlite3.Connection, sql: str, *parameters: Any) -> list[dict[str, Any]]:
    """Return the rows of a query, each as column → value."""
    cursor = db.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def table(head: Sequence[str], body: Iterable[Sequence[Any]]) -> list[str]:
    """Return the lines of a table, an empty one last; a bar inside a cell is escaped."""
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in row)} |" for row in body]
    return [*lines, ""]


def share(part: int, whole: int) -> str:
    """Return a share with its denominator: "3 of 12 (25%)"."""
    return f"{part} of {whole} ({100 * part / whole:.0f}%)" if whole else "none"
