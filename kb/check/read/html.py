"""HTML: what a browser would show, read with the standard library's tokenizer; nothing is executed or fetched."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

from kb.check.read.drafts import Drawn
from kb.check.read.visible import Visible


def draw_html(source: str) -> Drawn:
    """Return what is visible of an HTML page.

    Args:
        source: the decoded file; offsets count in it.
    """
    drawn = Drawn(source)
    visible = Visible(drawn)
    Tags(visible).read(source, 0)
    visible.finish()
    return drawn


class Tags(HTMLParser):
    """Tells a :class:`Visible` of tags and text, with their places.

    Args:
        visible: is told.
    """

    def __init__(self, visible: Visible) -> None:
        super().__init__(convert_charrefs=False)
        self.visible = visible
        self.text, self.base, self.starts = "", 0, [0]

    def read(self, text: str, base: int) -> None:
        """Read HTML that stands in the source from ``base`` on; what was left open before is still open."""
        self.text, self.base = text, base
        self.starts = [0, *(found.end() for found in re.finditer("\n", text))]
        # Of a script that did not end the tokenizer keeps the rest, which stood elsewhere.
        self.rawdata, self.lineno, self.offset = "", 1, 0
        # Behind the last ">" no tag ends: the tokenizer would look for an end once for each "<" there.
        last = text.rfind(">") + 1
        self.feed(text[:last])
        self.close()
        if rest := text[last:].partition("<")[0]:
            self.visible.text(rest, base + last, True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        self.visible.start(tag, dict(attrs), self._at(), self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element with a stroke ("<br/>"); on others than empty ones browsers ignore the stroke."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """Close an element."""
        self.visible.end(tag, self._at())

    def handle_data(self, data: str) -> None:
        """Take running text."""
        self.visible.text(data, self._at(), True)

    def handle_entityref(self, name: str) -> None:
        """Write out a named character."""
        self._reference("&" + name)

    def handle_charref(self, name: str) -> None:
        """Write out a numbered character."""
        self._reference("&#" + name)

    def unknown_decl(self, data: str) -> None:
        """Pass over a marked section; browsers show none."""

    def _reference(self, written: str) -> None:
        at = self._at()
        written += ";" if self.text.startswith(";", at - self.base + len(written)) else ""
        meant = html.unescape(written)
        self.visible.text(meant, at, meant == written)

    def _at(self) -> int:
        line, column = self.getpos()
        return self.base + self.starts[line - 1] + column
