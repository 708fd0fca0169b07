"""Figures of first runs on texts that do not ship, as written down on the day (``data/gold/first_looks.tsv``)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kb.errors import DataError, Problem
from kb.reading import Row, display, read_table

#: Columns of the file, and of the tables of the page.
COLUMNS = ("date", "texts", "unseen", "measure", "figure", "note")
_FILLED = ("date", "texts", "measure", "figure")
_COUNTS = re.compile(r"\d of \d|\d right of \d")
#: Stands in the note of a share whose counts nobody wrote down: none is invented afterwards.
NOT_KEPT = "counts not kept"


@dataclass(frozen=True, slots=True)
class FirstLook:
    """One figure.

    Attributes:
        date: ISO date of the run.
        texts: what was read, and who labelled it.
        unseen: nobody who wrote rules had seen or labelled any of the texts before the run.
        measure, figure, note: in plain words.
    """

    date: str
    texts: str
    unseen: bool
    measure: str
    figure: str
    note: str


def load_first_looks(data_dir: Path) -> tuple[FirstLook, ...]:
    """Read ``gold/first_looks.tsv``; without the file there is no first look.

    Raises:
        DataError: a wrong table, a date that is none, an empty cell, ``unseen`` neither yes nor no, a share without
            counts that does not say so.
    """
    path = data_dir / "gold" / "first_looks.tsv"
    if not path.exists():
        return ()
    name, problems, looks = display(path, data_dir), [], []
    for row in read_table(path, data_dir, COLUMNS, "\t"):
        problems += _wrong(name, row)
        cells = row.cells
        words = (cells["measure"], cells["figure"], cells["note"])
        looks.append(FirstLook(cells["date"], cells["texts"], cells["unseen"] == "yes", *words))
    if problems:
        raise DataError(problems)
    return tuple(looks)


def _wrong(name: str, row: Row) -> list[Problem]:
    cells = row.cells
    found = [(column, f"{column} is empty", "fill the cell") for column in _FILLED if not cells[column]]
    if cells["date"] and not _is_date(cells["date"]):
        found.append(("date", f"{cells['date']!r} is no date", "write YYYY-MM-DD"))
    if cells["unseen"] not in ("yes", "no"):
        found.append(("unseen", f"unseen is {cells['unseen']!r}", "write yes or no"))
    if cells["figure"] and not _COUNTS.search(cells["figure"]) and NOT_KEPT not in cells["note"]:
        remedy = f"write them (“44 of 47”), or “{NOT_KEPT}” in the note"
        found.append(("figure", f"{cells['figure']!r} has no counts", remedy))
    return [Problem(name, row.line, where, message, remedy, "gold") for where, message, remedy in found]


def _is_date(cell: str) -> bool:
    try:
        return date.fromisoformat(cell).isoformat() == cell
    except ValueError:
        return False
