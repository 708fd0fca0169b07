"""What a table, a column and a view are; shared by :mod:`kb.schema` and :mod:`kb.tables`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ColumnType = Literal["text", "integer", "float"]

DISCLAIMER = "Not legal or medical advice."

AXIS_MEANING = {
    "cell_type": "cells that were given",
    "cell_source": "where the cells came from",
    "expansion": "whether the cells were expanded outside the body",
    "engineering": "whether the cells were genetically engineered",
    "indication": "disease or aim",
    "setting": "line of treatment, age group, stage or other restriction of the people",
    "combination": "what was given together with the cells",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: name, SQLite type, meaning, and what it points to."""

    name: str
    meaning: str
    type: ColumnType = "text"
    references: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table.

    Attributes:
        title: heading on pages.
        meaning: what one row is.
        key: primary key columns.
        label: column Datasette shows where another table points here.
        facets: columns offered as filters.
        indexes: other indexed columns, each a tuple.
        search: columns in the full-text index.
        hidden: kept out of the list of tables (still open to queries).
        hashed: part of the content fingerprint; False for what says how facts came, not what they are.
    """

    name: str
    title: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("id",)
    label: str = ""
    facets: tuple[str, ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()
    search: tuple[str, ...] = ()
    hidden: bool = False
    hashed: bool = True


@dataclass(frozen=True, slots=True)
class View:
    """One view: SQL, and the meaning of each column it returns."""

    name: str
    title: str
    meaning: str
    sql: str
    columns: tuple[tuple[str, str], ...]


def column(
    name: str, meaning: str, kind: ColumnType = "text", references: str = "", *, required: bool = False
) -> Column:
    """Return a column; the short form the table definitions use."""
    return Column(name, meaning, kind, references, required)


ID = column("id", "stable key; never reused", required=True)
PROVENANCE = (
    column("source", "public page on which a reader can open the fact", required=True),
    column("retrieved", "day the fact was taken from the source (YYYY-MM-DD)", required=True),
    column(
        "checked", "best reading behind the row: full_text, abstract, registry, regulator or secondary", required=True
    ),
)
AXIS_COLUMNS = tuple(
    column(axis, f"{meaning}: JSON list of concept ids; empty list = not stated")
    for axis, meaning in AXIS_MEANING.items()
)
