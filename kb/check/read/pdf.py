"""PDF: blocks are told from where lines stand, how large they are printed and how they begin."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from kb.check.page import PageError
from kb.check.read.bullets import bullet_of
from kb.check.read.drafts import Drawn
from kb.check.read.grids import Spot, heads_settled
from kb.check.read.pdf_lines import PaperLine, in_reading_order
from kb.check.read.pdf_pages import MOST_PAGES, pages_of
from kb.check.read.stretch import Draft
from kb.check.read.titles import is_question, is_short
from kb.check.read.traced import Trace

_NUMBERS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"(?:page\s*)?[-–—|]?\s*\d{1,4}\s*[-–—|]?(?:\s*(?:/|of|\|)\s*\d{1,4})?", re.IGNORECASE)
_NOTE = re.compile(r"(\*+|[†‡§]+)\s*(?=\S)")
_ENTRY = re.compile(r"\[\d{1,3}\]\s*\S|\d{1,3}\.\s+[A-Z]")
_STOPPED = re.compile(r"[.!?:]['\"”’)\]]*(?:\[[\d,–-]+\])*$")
#: Share of the page's height, at top and bottom, in which running heads stand.
_MARGIN = 0.12
#: A heading is printed this much larger than running text.
_LARGER = 1.12
_FEWEST_LETTERS = 20


def draw_pdf(data: bytes, name: str) -> Drawn:
    """Return the stretches of a PDF; its source has one line for each line printed.

    Raises:
        PageError: damaged, protected, too large, or pictures of text without text.
    """
    pages, pictures, cut = pages_of(data, name)
    letters = sum(sum(map(str.isalpha, line.text)) for page in pages for line in page)
    if letters < _FEWEST_LETTERS:
        raise PageError(
            f"{name}: a PDF without text ({len(pages)} pages, {pictures} pictures): it was scanned or drawn. Run text "
            "recognition (OCR) first, or give the text."
        )
    drawn = Drawn("")
    dropped = _drop_running(pages)
    if dropped:
        drawn.notes.append(f"Running heads, feet and page numbers: {dropped} lines not read.")
    if pictures:
        drawn.notes.append(f"Pictures: {pictures} not read; text in them is not checked.")
    bare = [str(number) for number, page in enumerate(pages, 1) if not page]
    if bare:
        drawn.notes.append(f"Pages without text, not read: {', '.join(bare[:12])}{' …' if len(bare) > 12 else ''}.")
    if cut:
        drawn.notes.append(f"Only the first {MOST_PAGES} pages were read.")
    _Paper(drawn, [line for page in pages for line in in_reading_order(page)]).read()
    return drawn


def _drop_running(pages: list[list[PaperLine]]) -> int:
    """Take away what repeats at the head or foot of pages, and page numbers; return how many lines that were."""
    margins: list[tuple[list[PaperLine], PaperLine, str]] = []
    for page in pages:
        top, bottom = max((line.y1 for line in page), default=0), min((line.y0 for line in page), default=0)
        reach = _MARGIN * max(top - bottom, 400)
        margins += [
            (page, line, _NUMBERS.sub("#", line.text.strip()))
            for line in page
            if line.y0 >= top - reach or line.y1 <= bottom + reach
        ]
    seen = Counter((key, line.page) for _, line, key in margins)
    often = Counter(key for key, _ in seen)
    dropped = 0
    for page, line, key in margins:
        edge = line.y1 >= max(other.y1 for other in page) or line.y0 <= min(other.y0 for other in page)
        running = often[key] >= max(2, 0.5 * len(pages)) and len(pages) > 1
        if running or (edge and _PAGE_NUMBER.fullmatch(line.text.strip())):
            page.remove(line)
            dropped += 1
    return dropped


class _Paper:
    """Joins lines to stretches."""

    def __init__(self, drawn: Drawn, lines: list[PaperLine]) -> None:
        self.drawn, self.lines = drawn, lines
        self.starts: list[int] = []
        length = 0
        for line in lines:
            self.starts.append(length)
            length += len(line.text.rstrip()) + 1
        drawn.source = "".join(line.text.rstrip() + "\n" for line in lines)
        sizes: Counter[float] = Counter()
        for line in lines:
            sizes[line.size] += len(line.text)
        self.body = max(sizes, key=lambda size: (sizes[size], -size))
        larger = sorted({size for size in sizes if size >= _LARGER * self.body}, reverse=True)
        self.levels = {size: min(level, 5) for level, size in enumerate(larger, 1)}
        self.tables = 0
        self.right = _right_edges(lines)

    def read(self) -> None:
        """Fill the stretches."""
        at = 0
        while at < len(self.lines):
            taken = self._table(at) or self._stretch(at)
            at += taken

    # ----------------------------------------------------------------- running text

    def _stretch(self, at: int) -> int:
        end = at + 1
        while end < len(self.lines) and self._goes_on(at, end):
            end += 1
        first = self.lines[at]
        trace = Trace()
        for line in range(at, end):
            self._add(trace, line, line + 1 < end)
        traced = trace.finish()
        place = f"page {first.page}"
        level = self._level(at, end)
        bullet = bullet_of(first.text.strip())
        note = _NOTE.match(first.text.strip())
        if level:
            draft = Draft("heading", traced, level, place=place)
        elif note and (note[1] != "*" or not self._starred(at, end)) and first.size < self.body:
            draft = Draft("footnote", traced.part(note.end()), label=note[1], place=place)
        elif bullet is not None:
            draft = Draft("item", traced.part(bullet.length), self._depth(at), number=bullet.number, place=place)
        else:
            draft = Draft("paragraph", traced, place=place)
        self.drawn.drafts.append(draft)
        return end - at

    def _starred(self, at: int, end: int) -> bool:
        near = self.lines[max(0, at - 1) : at] + self.lines[end : end + 1]
        return any(line.text.strip().startswith("*") for line in near)

    def _add(self, trace: Trace, at: int, more: bool) -> None:
        """Add a line; a word parted at its end is joined, unless its parts are a compound ("CAR-", "NK-")."""
        line, start = self.lines[at], self.starts[at]
        text = line.text.rstrip()
        following = self.lines[at + 1].text.lstrip() if more else ""
        cut = len(text)
        glued = False
        if more and re.search(r"[^\W\d_]{2}[-‐\u00ad]$", text) and following[:1].islower():
            stem = re.split(r"[\s(/]", text)[-1]
            glued = True
            # "anti-", "non-": only lower-case words are parted by the margin; "CAR-" keeps its hyphen.
            cut = len(text) - 1 if stem[:-1].isalpha() and not stem[-3:-1].isupper() else cut
        elif more and re.search(r"\w[-‐–/]$", text):
            glued = True
        done = 0
        for begin, end in _stretches(line.raised):
            trace.add(text[done:begin], start + done)
            mark = len(trace)
            trace.add(text[begin:end], start + begin)
            trace.raise_from(mark, start + begin)
            done = end
        trace.add(text[done:cut], start + done)
        if more and not glued:
            trace.put(" ", start + len(text))

    def _goes_on(self, first: int, at: int) -> bool:
        """Tell whether a line belongs to the stretch of the lines before it."""
        start, before, line = self.lines[first], self.lines[at - 1], self.lines[at]
        text = line.text.strip()
        if abs(line.size - before.size) > 0.6 or line.bold != before.bold:
            return False
        if bullet_of(text) is not None or _ENTRY.match(text) or _NOTE.match(text):
            return False
        if line.page != before.page or line.y0 > before.y0 + 1:
            return not _STOPPED.search(before.text.rstrip()) and text[:1].islower()
        height = before.y1 - before.y0
        if before.y0 - line.y1 > 0.75 * height or abs(before.middle - line.middle) < 0.3 * height:
            return False
        if bullet_of(start.text.strip()) is not None and line.x0 > start.x0 + 2:
            return True
        if self._level(first, at):
            return True
        if line.x0 > before.x0 + 6 and at - 1 > first:
            return False
        stopped = bool(_STOPPED.search(before.text.rstrip()))
        short = before.x1 < self.right[at - 1] - 0.25 * (self.right[at - 1] - before.x0)
        return not (short and (stopped or text[:1].isupper())) or (text[:1].islower() and not stopped)

    def _level(self, first: int, end: int) -> int:
        """The level of a heading: by size, or bold and short; 0 for running text."""
        line = self.lines[first]
        text = " ".join(one.text.strip() for one in self.lines[first:end])
        if line.size in self.levels and len(text) <= 200 and any(map(str.isalpha, text)):
            return self.levels[line.size] if not bullet_of(text) or bullet_of(text[:1] + " x") is None else 0
        if line.bold and (is_short(text) or is_question(text)) and bullet_of(text) is None and len(text) > 2:
            alone = not any(other.bold for other in self.lines[max(0, first - 1) : first])
            return min(len(self.levels) + 1, 6) if alone else 0
        return 0

    def _depth(self, at: int) -> int:
        """Depth by indentation against the items right above."""
        left = self.lines[at].x0
        lefts = {round(left)}
        for line in reversed(self.lines[max(0, at - 40) : at]):
            if bullet_of(line.text.strip()) is None and line.x0 < left - 2:
                break
            if bullet_of(line.text.strip()) is not None and line.x0 < min(lefts) - 4:
                lefts.add(round(line.x0))
        return len(lefts)

    # ----------------------------------------------------------------- tables

    def _table(self, at: int) -> int:
        """Two or more rows of cells side by side are a table; columns are told by where cells begin."""
        rows: list[list[int]] = []
        end = at
        while end < len(self.lines):
            row = [end]
            while end + len(row) < len(self.lines) and self._beside(end, end + len(row)):
                row.append(end + len(row))
            if len(row) < 2:
                break
            if rows and self.lines[rows[-1][0]].y0 - self.lines[end].y1 > 4 * (self.lines[end].y1 - self.lines[end].y0):
                break
            rows.append(row)
            end += len(row)
        if len(rows) < 2:
            return 0
        self.tables += 1
        edges: list[float] = []
        for left in sorted(self.lines[cell].x0 for row in rows for cell in row):
            if not edges or left - edges[-1] > 14:
                edges.append(left)
        spots: list[Spot] = []
        for number, row in enumerate(rows, 1):
            for cell in row:
                column = sum(edge <= self.lines[cell].x0 + 0.5 for edge in edges)
                trace = Trace()
                self._add(trace, cell, False)
                spots.append(
                    Spot(number, column, 1, 1, False, [Draft("cell", trace.finish(), place=self._place(cell))])
                )
        heads_settled(spots, self.tables)
        self.drawn.drafts += [draft for spot in spots for draft in spot.drafts]
        return end - at

    def _place(self, at: int) -> str:
        return f"page {self.lines[at].page}"

    def _beside(self, first: int, at: int) -> bool:
        """Printed on the same height, further right, and no bullet is all that stands in front of it."""
        one, other = self.lines[first], self.lines[at]
        height = min(one.y1 - one.y0, other.y1 - other.y0)
        same = one.page == other.page and abs(one.middle - other.middle) < 0.4 * height
        return same and other.x0 > self.lines[at - 1].x1 and len(one.text.strip()) > 1


def _stretches(places: tuple[int, ...]) -> list[tuple[int, int]]:
    """Return runs of positions that follow one another, each as beginning and end."""
    if not places:
        return []
    breaks = [at for at, (one, other) in enumerate(pairwise(places), 1) if other != one + 1]
    return [(run[0], run[-1] + 1) for start, end in pairwise([0, *breaks, len(places)]) if (run := places[start:end])]


def _right_edges(lines: list[PaperLine]) -> list[float]:
    """Return for each line how far right the lines of its column reach."""
    furthest: dict[tuple[int, int], float] = {}
    for line in lines:
        key = (line.page, round(line.x0 / 20))
        furthest[key] = max(furthest.get(key, 0.0), line.x1)
    return [furthest[line.page, round(line.x0 / 20)] for line in lines]
