"""Tables in a text without mark-up: cells parted by bars, by tabs, or set in columns by spaces."""

from __future__ import annotations

import re

from kb.check.read.lines import Line
from kb.check.read.traced import Traced, of_source

_BAR, _TAB, _GAP = re.compile(r"[|│]"), re.compile(r"\t+"), re.compile(r"\s{2,}")
_DASHES = re.compile(r"[\s|│+:=-]+")
#: Columns made by spaces must begin in the same place in so many lines.
_FEWEST_SET = 3

Rows = list[list[Traced]]


def table_at(source: str, lines: list[Line], at: int) -> tuple[Rows, int] | None:
    """Return the table that begins at a line and how many lines it takes; None where there is none.

    Args:
        source: of the page.
        lines: of the page, as they were broken.
        at: position in ``lines``.
    """
    for parting in (_BAR, _TAB, _GAP):
        taken = 0
        rows: Rows = []
        width = 0
        starts: list[int] = []
        while at + taken < len(lines):
            line = lines[at + taken]
            if (line.blank_before and taken) or (line.bullet is not None and parting is not _BAR):
                break
            if taken and parting is _BAR and _DASHES.fullmatch(line.text):
                taken += 1
                continue
            cells = _cells(line, parting)
            if len(cells) < 2 or (rows and len(cells) != width):
                break
            own = [line.indent + cells_start - line.start for cells_start, _ in cells]
            if parting is _GAP and rows and own != starts:
                break
            width, starts = len(cells), own
            rows.append([of_source(source, start, end) for start, end in cells])
            taken += 1
        if len(rows) >= (_FEWEST_SET if parting is _GAP else 2):
            return rows, taken
    return None


def _cells(line: Line, parting: re.Pattern[str]) -> list[tuple[int, int]]:
    """Return the places of the cells of a line; bars at its ends part nothing."""
    places: list[tuple[int, int]] = []
    begin = 0
    for found in parting.finditer(line.text):
        places.append((begin, found.start()))
        begin = found.end()
    places.append((begin, len(line.text)))
    if parting is _BAR:
        places = places[places[0][0] == places[0][1] :]
        places = places[:-1] if places and places[-1][0] == places[-1][1] else places
    return [(line.start + start, line.start + end) for start, end in places]
