"""Markdown: what a browser would show of it; code is left out, addresses of links are not text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import count
from typing import Any

from markdown_it.token import Token

from kb.check.read.drafts import Drawn
from kb.check.read.html import Tags
from kb.check.read.marks import AT, END, parser
from kb.check.read.stretch import Draft
from kb.check.read.traced import BREAK, Trace
from kb.check.read.visible import Visible

_FRONT = re.compile(r"\s*?(---|\+\+\+)[ \t]*\r?\n((?:(?!---|\+\+\+).*\n)*?)\1[ \t]*(?:\r?\n|\Z)")
_TITLE = re.compile(r"^title[ \t]*[:=][ \t]*(.+?)[ \t]*\r?$", re.MULTILINE | re.IGNORECASE)
_NEW_LINE = re.compile(r"\r\n|\r|\n")
#: Beginnings of lines that Markdown joins to the line before, though the writer meant a new one.
_ANEW = re.compile(r"\s*(?:[•●▪►▶▸➔➜➤✓✔✅☑→◦‣·–]\s*\S|\[\d{1,3}\]\s|\d{1,3}[.)]\s+[A-Z])")
_TASK = re.compile(r"\[[ xX]\]\s+(?=\S)")
#: Links that stand for markers of references: "[15]", "[15][16]".
_MARKERS = re.compile(r"(?:\[\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*\])+")
_NUMBERS = re.compile(r"\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*")
_LABEL = re.compile(r"\d{1,3}")


def draw_markdown(source: str) -> Drawn:
    """Return what is visible of a Markdown page; HTML in it is read as :mod:`kb.check.read.html` reads it.

    Args:
        source: the decoded file; offsets count in it.
    """
    drawn = Drawn(source)
    front = _FRONT.match(source)
    if front:
        title = _TITLE.search(front[2])
        drawn.title = title[1].strip("\"'") if title else ""
        drawn.notes.append("Front matter (settings above the text): not read.")
    _Reader(drawn, front.end() if front else 0).read()
    return drawn


class _Reader:
    """Tells a :class:`Visible` of tokens, with their places in the source."""

    def __init__(self, drawn: Drawn, begin: int) -> None:
        self.drawn, self.source = drawn, drawn.source
        self.visible = Visible(drawn)
        self.tags = Tags(self.visible)
        ends = list(_NEW_LINE.finditer(self.source, begin))
        self.starts = [begin, *(found.end() for found in ends)]
        self.ends = [*(found.start() for found in ends), len(self.source)]
        self.cursors: dict[int, int] = {}
        self.notes: list[tuple[str, int]] = []
        self.covered: set[int] = set()
        self.codes: list[int] = []
        self.quotes = 0

    def read(self) -> None:
        """Read the whole text."""
        env: dict[str, dict[str, Any]] = {}
        for token in parser().parse(self.source[self.starts[0] :], env):
            self._block(token)
        self.visible.finish()
        self._definitions(env.get("references", {}))
        if self.codes:
            lines = ", ".join(str(self._line(line)) for line in self.codes[:12])
            self.drawn.notes.append(f"Code: {len(self.codes)} blocks not read (from lines {lines}).")
        lost = [line for line in range(len(self.starts)) if line not in self.covered and self._has_text(line)]
        if lost:
            self.drawn.notes.append(f"Nested too deeply and not read: {len(lost)} lines from {self._line(lost[0])} on.")

    # ----------------------------------------------------------------- blocks

    def _block(self, token: Token) -> None:
        first, last = token.map or (0, 0)
        at = self.starts[min(first, len(self.starts) - 1)]
        if token.type == "inline":
            self.covered.update(range(first, last))
            _Inline(self, token).read()
        elif token.type == "html_block":
            self.covered.update(range(first, last))
            self._html(token, first, min(last, len(self.starts)))
        elif token.type == "fence":
            self.covered.update(range(first, last))
            self.codes.append(first)
        elif token.type == "hr":
            self.covered.update(range(first, last))
            self.visible.start("hr", {}, at)
        elif token.type == "footnote_reference_open":
            self.covered.add(first)
            self.notes.append((str(token.meta["label"]), len(self.drawn.drafts)))
        elif token.type == "footnote_reference_close":
            label, before = self.notes.pop()
            for draft in self.drawn.drafts[before:]:
                draft.kind, draft.level, draft.label = "footnote", 0, label
        elif token.tag:
            self._element(token, first, last, at)

    def _element(self, token: Token, first: int, last: int, at: int) -> None:
        if token.type.startswith("blockquote"):
            self.quotes += token.nesting
        if token.nesting < 0:
            self.visible.end(token.tag, at)
            return
        if token.tag in ("table", "li", "h1", "h2", "h3", "h4", "h5", "h6"):
            # The line of dashes under a table's or a text's head; an item or a heading without text.
            self.covered.update(range(first, last) if token.tag != "li" else (first,))
        self.visible.start(token.tag, {name: str(value) for name, value in token.attrs.items()}, at)

    def _html(self, token: Token, first: int, last: int) -> None:
        """HTML between two lines; marks of quotations in front of its lines are blotted out."""
        begin = self.starts[first]
        text = self.source[begin : self.ends[last - 1]]
        head = token.content.partition("\n")[0].strip()
        lead = text.find(head)
        if self.quotes:
            mark = re.compile(rf"(?:[ \t]*>){{1,{self.quotes}}}")
            text = "\n".join(
                mark.sub(lambda found: " " * len(found.group()), line, count=1) for line in text.split("\n")
            )
        self.tags.read(text[lead:], begin + lead)

    def _definitions(self, found: dict[str, Any]) -> None:
        """Take definitions: "[15]: https://…" is an entry of a list of references."""
        drafts: list[Draft] = []
        for label, definition in found.items():
            first, last = definition["map"]
            self.covered.update(range(first, last))
            if not _LABEL.fullmatch(label):
                continue
            begin = self.source.index(":", self.starts[first]) + 1
            trace = Trace()
            trace.add(self.source[begin : self.ends[min(last, len(self.ends)) - 1]], begin)
            drafts.append(Draft("reference", trace.finish(), label=label))
        for draft in drafts:
            places = [other.traced.offsets[0] for other in self.drawn.drafts if other.traced.offsets]
            self.drawn.drafts.insert(bisect_left(places, draft.traced.offsets[0]), draft)

    def _has_text(self, line: int) -> bool:
        return any(map(str.isalnum, self.source[self.starts[line] : self.ends[line]]))

    def _line(self, line: int) -> int:
        return self.source.count("\n", 0, self.starts[line]) + 1

    # ----------------------------------------------------------------- places

    def places(self, content: str, first: int) -> list[int]:
        """Return for each character of a block's text its place in the source.

        Args:
            content: lines of the source without what Markdown puts around them (quotation marks, hashes, bars).
            first: number of its first line, from 0.
        """
        found: list[int] = []
        for number, line in zip(count(first), content.split("\n"), strict=False):
            found += self._placed(line, min(number, len(self.starts) - 1))
            found.append(self.ends[min(number, len(self.ends) - 1)])
        return found

    def _placed(self, text: str, line: int) -> list[int]:
        start, end = self.starts[line], self.ends[line]
        bare = text.strip()
        lead = len(text) - len(text.lstrip())
        begin = self.cursors.get(line, start)
        if self.source.endswith(bare, begin, end) if bare else False:
            at = end - len(bare)
        else:
            at = self.source.find(bare, begin, end)
        found = list(range(at, at + len(bare))) if bare and at >= 0 else _unescaped(bare, self.source, begin, end)
        if found and self.visible.tables.depth:
            self.cursors[line] = found[-1] + 1
        first, after = (found[0], found[-1]) if found else (begin, begin)
        return [first] * lead + found + [after] * (len(text) - lead - len(bare))


def _unescaped(text: str, source: str, at: int, end: int) -> list[int]:
    """Places of a cell's characters: a bar behind a backslash stands for a bar."""
    found = re.compile(re.escape(text).replace(r"\|", r"\\?\|")).search(source, at, end)
    at = found.start() if found else at
    places: list[int] = []
    for char in text:
        at += source[at : at + 2] == "\\|" and char == "|"
        places.append(min(at, max(end - 1, 0)))
        at += 1
    return places


class _Inline:
    """The text of one block."""

    def __init__(self, reader: _Reader, token: Token) -> None:
        self.reader, self.visible = reader, reader.visible
        self.content = token.content
        self.children: Sequence[Token] = token.children or ()
        self.places = reader.places(token.content, token.map[0] if token.map else 0)

    def read(self) -> None:
        """Read all its tokens."""
        task = _TASK.match(self.content) if self.visible.open.within("li") else None
        done = task.end() if task else 0
        for token, after in zip(self.children, [*self.children[1:], None], strict=True):
            at = int(token.meta[AT])
            if token.type == "text":
                done = self._text(token.content, max(at, done), at)
            elif token.type == "link_open":
                self.visible.start("a", {"href": str(token.attrs.get("href", ""))}, self.places[at])
                if self._is_marker(at, token, after):
                    self.visible.text("[", self.places[at], True)
            elif token.type == "link_close":
                self._close_link(token)
            else:
                self._other(token, at)

    def _other(self, token: Token, at: int) -> None:
        place = self.places[min(at, len(self.places) - 1)]
        if token.type == "text_special":
            self.visible.text(token.content, place, False)
        elif token.type == "code_inline":
            begin = self.content.find(token.content.strip(), at + len(token.markup))
            self._text(token.content.strip(), max(begin, at), max(begin, at))
        elif token.type == "softbreak":
            begin = self.content.find("\n", at) + 1
            self.visible.text(BREAK if _ANEW.match(self.content, begin) else "\n", place, True)
        elif token.type == "hardbreak":
            self.visible.text(BREAK, place, True)
        elif token.type == "html_inline":
            self.reader.tags.read(token.content, place)
        elif token.type == "footnote_ref":
            self.visible.text("[", place, True)
            self._text(str(token.meta["label"]), at + 2, at + 2)
            self.visible.text("]", self.places[at + 2 + len(token.meta["label"])], True)
        elif token.type == "image":
            self._image(token, at)
        elif token.tag and token.nesting > 0:
            self.visible.start(token.tag, {}, place)
        elif token.tag:
            self.visible.end(token.tag, place)

    def _text(self, text: str, begin: int, at: int) -> int:
        """Take characters that stand in the block's text from ``at`` on, those before ``begin`` left out."""
        text = text[begin - at :]
        if not self.content.startswith(text, begin):
            self.visible.text(text, self.places[min(begin, len(self.places) - 1)], False)
            return begin
        while text:
            length = 1
            while length < len(text) and self.places[begin + length] == self.places[begin] + length:
                length += 1
            self.visible.text(text[:length], self.places[begin], True)
            text, begin = text[length:], begin + length
        return begin

    def _is_marker(self, at: int, token: Token, after: Token | None) -> bool:
        """Tell whether a link is written "[15]", or "[15](#…)" directly behind a word: its brackets are text."""
        if after is None or after.type != "text" or not _NUMBERS.fullmatch(after.content):
            return False
        behind = self.content[at + 1 + len(after.content) :]
        href = str(token.attrs.get("href", ""))
        glued = at > 0 and not self.content[at - 1].isspace()
        return not behind.startswith("](") or href.startswith("#") or glued

    def _close_link(self, token: Token) -> None:
        opened = next(one for one in reversed(self.children[: self.children.index(token)]) if one.type == "link_open")
        at = int(opened.meta[AT])
        inside = self.children[self.children.index(opened) + 1]
        if self._is_marker(at, opened, inside):
            close = at + 1 + len(inside.content)
            self.visible.text("]", self.places[close], True)
            written = self.content[close + 1 : int(token.meta.get(END, close + 1))]
            if _MARKERS.fullmatch(written):
                self._text(written, close + 1, close + 1)
        self.visible.end("a", self.places[at])

    def _image(self, token: Token, at: int) -> None:
        trace = Trace()
        for child in token.children or ():
            begin = at + 2 + int(child.meta.get(AT, 0))
            if child.type in ("text", "code_inline", "text_special") and child.content:
                spread = self.content.startswith(child.content, begin) and child.type == "text"
                for offset, char in enumerate(child.content):
                    trace.put(char, self.places[begin + offset if spread else begin])
            elif child.type in ("softbreak", "hardbreak"):
                trace.put(" ", self.places[begin])
        text = trace.finish()
        if text.text:
            self.visible.alternative(text)
        else:
            self.visible.left_out("Pictures without a text alternative")
