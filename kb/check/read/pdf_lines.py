"""Lines of a PDF page with their place on the paper, in the order in which columns are read."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

#: Columns are looked for where at least so many lines stand on either side.
_FEWEST = 4
#: Lines of running text fill at least this share of their column; cells of a table do not.
_FILLED = 0.55
_DEEPEST = 3


@dataclass
class PaperLine:
    """One line as it is printed.

    Attributes:
        text: its characters.
        raised: positions of characters that are superscript.
        x0, x1, y0, y1: its box in points, counted from the lower left of the page.
        size: of its largest common type.
        bold: most of it is bold.
        page: number from 1.
    """

    text: str
    raised: tuple[int, ...]
    x0: float
    x1: float
    y0: float
    y1: float
    size: float
    bold: bool
    page: int

    @property
    def middle(self) -> float:
        """Height of its middle on the page."""
        return (self.y0 + self.y1) / 2


def in_reading_order(lines: list[PaperLine], depth: int = 0) -> list[PaperLine]:
    """Order lines of a page: down each column in turn; lines across columns part what is above from what is below."""
    ordered = sorted(lines, key=lambda line: (-round(line.middle, 1), line.x0))
    gutter = _gutter(ordered) if depth < _DEEPEST else None
    if gutter is None:
        return _rows(ordered)
    found: list[PaperLine] = []
    left: list[PaperLine] = []
    right: list[PaperLine] = []
    for line in ordered:
        if line.x0 < gutter - 1 and line.x1 > gutter + 1:
            found += [*in_reading_order(left, depth + 1), *in_reading_order(right, depth + 1), line]
            left, right = [], []
        else:
            (left if line.x1 <= gutter + 1 else right).append(line)
    return [*found, *in_reading_order(left, depth + 1), *in_reading_order(right, depth + 1)]


def _rows(ordered: list[PaperLine]) -> list[PaperLine]:
    """Lines side by side read from left to right, though one may sit a little higher."""
    found: list[PaperLine] = []
    row: list[PaperLine] = []
    for line in ordered:
        if row and abs(row[0].middle - line.middle) > 0.5 * min(row[0].y1 - row[0].y0, line.y1 - line.y0):
            found += sorted(row, key=lambda one: one.x0)
            row = []
        row.append(line)
    return [*found, *sorted(row, key=lambda one: one.x0)]


def _gutter(lines: list[PaperLine]) -> float | None:
    """Return where a page has a white gutter between two columns of running text."""
    if len(lines) < 2 * _FEWEST:
        return None
    begin, end = min(line.x0 for line in lines), max(line.x1 for line in lines)
    best: tuple[int, float] | None = None
    for at in sorted({round(line.x0, 0) for line in lines if begin + 0.2 * (end - begin) < line.x0 < end}):
        gutter = at - 3.0
        left = [line for line in lines if line.x1 <= gutter + 1]
        right = [line for line in lines if line.x0 >= gutter - 1]
        crossing = len(lines) - len(left) - len(right)
        if min(len(left), len(right)) < _FEWEST or crossing > 0.4 * len(lines) or not _side_by_side(left, right):
            continue
        if _filled(left) and _filled(right) and (best is None or crossing < best[0]):
            best = (crossing, gutter)
    return best[1] if best else None


def _side_by_side(left: list[PaperLine], right: list[PaperLine]) -> bool:
    top = min(max(line.y1 for line in left), max(line.y1 for line in right))
    bottom = max(min(line.y0 for line in left), min(line.y0 for line in right))
    return top - bottom > 2 * median(line.y1 - line.y0 for line in left)


def _filled(lines: list[PaperLine]) -> bool:
    width = max(line.x1 for line in lines) - min(line.x0 for line in lines)
    return median(line.x1 - line.x0 for line in lines) >= _FILLED * width and width > 60
