"""Reading the store for pages: parameters are always bound, results are plain dictionaries."""

from __future__ import annotations

import re
from typing import Any

Record = dict[str, Any]
DATABASE = "evidence"


def database(datasette: Any) -> Any:
    """Return the served store, whatever file name it has."""
    names = [name for name in datasette.databases if not name.startswith("_")]
    return datasette.get_database(DATABASE if DATABASE in names else names[0])


async def rows(datasette: Any, sql: str, parameters: Record | None = None) -> list[Record]:
    """Return all rows of a query with bound parameters."""
    result = await database(datasette).execute(
        sql, parameters or {}, truncate=False, page_size=100_000, custom_time_limit=5000
    )
    return [dict(row) for row in result.rows]


async def row(datasette: Any, sql: str, parameters: Record | None = None) -> Record | None:
    """Return the first row of a query, or None."""
    found = await rows(datasette, sql, parameters)
    return found[0] if found else None


def match_expression(text: str) -> str:
    """Return an FTS5 expression that cannot be a syntax error: every word quoted, the last a prefix.

    >>> match_expression('CAR-NK "aml')
    '"CAR-NK" "aml"*'
    """
    words = re.findall(r"[^\s\"]+", text)
    words = [word for word in words if any(c.isalnum() for c in word)]
    if not words:
        return ""
    return " ".join(f'"{word}"' for word in words) + "*"
