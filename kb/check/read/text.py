"""Plain text: what is a heading, a list, a table or a footnote has to be told from its lines."""

from __future__ import annotations

import re
from typing import Literal

from kb.check.read.drafts import Drawn
from kb.check.read.grids import grid
from kb.check.read.lines import Line, lines_of, unwrapped
from kb.check.read.plain_tables import table_at
from kb.check.read.references import is_references
from kb.check.read.stretch import Draft
from kb.check.read.titles import has_year, is_label, is_question, is_short, is_title, without_markers
from kb.check.read.traced import Traced, joined, of_source

_Sort = Literal["bare", "item", "text", "intro", "note", "question"]
_NOTE = re.compile(r"(?:([†‡§#]+|\*+)\s*|([¹²³⁴-⁹⁰]{1,3})\s*|\[\^(\w+)\]:\s*)(?=\S)")
_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
#: So many bare lines one after the other are a list without bullets, not headings.
_CHAIN = 4
#: A list without bullets is looked for this many lines up and down, which bounds the time.
_REACH = 200
#: A sentence-case line is a heading only when it is this short.
_MOST_WORDS = 8


def draw_text(source: str) -> Drawn:
    """Return the stretches of a text.

    Args:
        source: its characters.
    """
    drawn = Drawn(source)
    run: list[Line] = []
    lines = lines_of(source)
    at, tables = 0, 0
    while at < len(lines):
        found = table_at(source, lines, at)
        if found is None:
            run.append(lines[at])
            at += 1
            continue
        rows, taken = found
        tables += 1
        drawn.drafts += [*_Run(source, unwrapped(run), True).drafts(), *grid(rows, tables, None)]
        run = []
        at += taken
    drawn.drafts += _Run(source, unwrapped(run), False).drafts()
    if drawn.drafts and drawn.drafts[0].kind == "heading":
        drawn.drafts[0].level = 1
    return drawn


class _Run:
    """Lines between two tables."""

    def __init__(self, source: str, lines: list[Line], before_table: bool) -> None:
        self.source, self.lines, self.before_table = source, lines, before_table
        self.starred = bool(re.search(r"[^\s*]\*+(?!\w)", source))
        self.sorts: list[_Sort] = [self._sort(at) for at in range(len(lines))]

    def drafts(self) -> list[Draft]:
        """Return its stretches."""
        headings = self._headings()
        found: list[Draft] = []
        depth: list[tuple[str, int]] = []
        listed = False
        for at, line in enumerate(self.lines):
            sort = self.sorts[at]
            if at in headings:
                listed = is_references(line.text)
                found.append(Draft("heading", self._traced(line), headings[at]))
            elif sort == "item":
                found.append(self._item(line, depth))
                continue
            elif sort == "note":
                found.append(self._note(line))
            elif sort == "bare" and not listed and self._unmarked(at, headings):
                found.append(Draft("item", self._traced(line), 1))
            else:
                found.append(Draft("paragraph", self._traced(line)))
            depth.clear()
        return found

    def _traced(self, line: Line) -> Traced:
        return joined([of_source(self.source, start, end) for start, end in line.places])

    def _item(self, line: Line, depth: list[tuple[str, int]]) -> Draft:
        """An item's depth: another kind of mark, or one further in, opens a list within the list."""
        assert line.bullet is not None
        sort = line.bullet.sort
        while len(depth) > 1 and depth[-1][1] > line.indent:
            depth.pop()
        known = [level for level, (kind, indent) in enumerate(depth) if kind == sort and indent >= line.indent]
        if known:
            del depth[known[0] + 1 :]
        elif not depth or depth[-1][0] != sort or depth[-1][1] < line.indent:
            depth.append((sort, line.indent))
        traced = self._traced(Line(line.start + line.bullet.length, line.end, "", 0, False, parts=line.parts))
        return Draft("item", traced, max(1, len(depth)), number=line.bullet.number)

    def _note(self, line: Line) -> Draft:
        found = _NOTE.match(line.text)
        assert found is not None
        label = found[1] or found[3] or found[2].translate(_PLAIN)
        traced = self._traced(Line(line.start + found.end(), line.end, "", 0, False, parts=line.parts))
        return Draft("footnote", traced, label=label)

    def _sort(self, at: int) -> _Sort:
        line = self.lines[at]
        if self._is_note(at):
            return "note"
        if line.bullet is not None:
            return "text" if self._numbered_heading(at) and not line.parts else "item"
        text = without_markers(line.text)
        if text.endswith(":") and not (line.ruled or is_references(text)):
            return "intro"
        if is_question(line.text) and not line.parts:
            return "question"
        # A marker of a reference stands behind a statement.
        bare = is_short(text) and text == line.text and not line.parts and not is_label(text)
        return "bare" if bare or is_references(text) else "text"

    def _is_note(self, at: int) -> bool:
        """A line that begins with the sign of a footnote; a single star only where a word above carries one."""
        line = self.lines[at]
        found = _NOTE.match(line.text)
        if found is None or line.text[0] == "#":
            return False
        if line.text[0] != "*":
            return True
        around = self.lines[max(0, at - 1) : at] + self.lines[at + 1 : at + 2]
        starred = any(other.bullet is not None and other.bullet.sort == "*" for other in around)
        closed = re.match(r"\*+[^*]+\*+", line.text)
        return self.starred and not closed and (found[1] != "*" or not starred)

    def _numbered_heading(self, at: int) -> bool:
        """Tell: "2. Methods" with running text below is a heading; with a bullet or another number below, an item."""
        line = self.lines[at]
        if line.bullet is None or not line.bullet.number or at + 1 >= len(self.lines):
            return False
        rest, after = line.text[line.bullet.length :], self.lines[at + 1]
        return (
            is_title(rest) and is_short(rest) and after.bullet is None and len(after.text) > 60 and not has_year(rest)
        )

    def _headings(self) -> dict[int, int]:
        """Return position → level of the lines that are headings."""
        found: dict[int, int] = {}
        at, listed = 0, False
        while at < len(self.lines):
            if not self._may_head(at, listed):
                at += 1
                continue
            end = at
            while end < len(self.lines) and self._may_head(end, listed) and (end == at or self._chained(end)):
                end += 1
            chain = range(at, end)
            long = len(chain) >= _CHAIN
            for place, one in enumerate(chain):
                if long and place > 0 and not (one == chain[-1] and self._text_follows(one)):
                    continue
                found[one] = self._level(one, place, 2 if long else len(chain))
            listed = is_references(self.lines[at].text)
            at = end
        return found

    def _chained(self, at: int) -> bool:
        return self.sorts[at] == "bare"

    def _level(self, at: int, place: int, length: int) -> int:
        line = self.lines[at]
        if line.ruled:
            return 1 if line.ruled == "=" else 2
        below = self.sorts[at + 1] if at + 1 < len(self.lines) else "text"
        if self.sorts[at] == "question":
            return 2 if below == "bare" and is_title(self.lines[at + 1].text) else 3
        if below == "question":
            return 2
        if length > 1:
            return min(2 + place, 4)
        return 2 if is_references(line.text) else 4 if below == "item" else 3

    def _may_head(self, at: int, listed: bool) -> bool:
        line, sort = self.lines[at], self.sorts[at]
        if line.ruled and sort in ("bare", "intro", "question") and len(line.text) <= 100:
            return True
        if sort == "question":
            return True
        if line.bullet is not None:
            return sort == "text"
        if sort != "bare" or (listed and has_year(line.text)):
            return False
        last = at + 1 >= len(self.lines)
        if at == 0 or is_references(line.text):
            return True
        if self._unmarked(at, {}):
            return False
        if is_title(line.text):
            return not last or self.before_table
        if last and not self.before_table:
            return False
        words = len(line.text.split())
        before = self.sorts[at - 1]
        if before == "item" and not line.blank_before:
            return words <= _MOST_WORDS // 2
        return words <= _MOST_WORDS and self._text_follows(at)

    def _text_follows(self, at: int) -> bool:
        if at + 1 >= len(self.lines):
            return self.before_table
        return self.sorts[at + 1] in ("text", "intro", "item", "question")

    def _unmarked(self, at: int, headings: dict[int, int]) -> bool:
        """Tell whether a bare line is an item of a list without bullets.

        Such a list stands under a line ending with a colon, or is one of many bare lines under a heading; three at
        least, no empty line between them.
        """
        start = at
        while start > max(0, at - _REACH) and self.sorts[start] == "bare" and start not in headings:
            if self.lines[start].blank_before and self.sorts[start - 1] == "bare":
                break
            start -= 1
        end = at
        last = min(len(self.lines), at + _REACH) - 1
        while end < last and self.sorts[end + 1] == "bare" and not self.lines[end + 1].blank_before:
            end += 1
        led = self.sorts[start] == "intro" or start in headings
        if (
            end + 1 < len(self.lines)
            and self.sorts[end + 1] in ("text", "intro", "item")
            and is_title(self.lines[end].text)
        ):
            if end == at:
                return False
            end -= 1
        return led and end - start >= (3 if self.sorts[start] == "intro" else _CHAIN - 1)
