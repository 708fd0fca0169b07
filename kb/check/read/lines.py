"""Lines of a text without mark-up: which belong together because only the width of a mail broke them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from kb.check.read.bullets import Bullet, bullet_of

#: Lines longer than this were not broken by hand or by a mail program.
_WIDEST = 120
#: A line shorter than this was not broken because the next word did not fit.
_NARROWEST = 40
_STOPPED = re.compile(r"[.!?:;][)\]\"'”’»*]*(?:\s*\[[\d,;\s–-]+\])*$")
_RULED = re.compile(r"[-=_*~#+·–—\s]{3,}")


@dataclass
class Line:
    """A line of the source, without white space at either end.

    Attributes:
        start, end: its place.
        text: its characters.
        indent: columns of white space in front.
        blank_before: an empty line, or the beginning of the file, stands in front of it.
        ruled: a line of signs stood directly below it; the sign.
        parts: places of the lines that continue it.
    """

    start: int
    end: int
    text: str
    indent: int
    blank_before: bool
    ruled: str = ""
    bullet: Bullet | None = None
    parts: list[tuple[int, int]] | None = None

    @property
    def places(self) -> list[tuple[int, int]]:
        """Its own place and those of the lines that continue it."""
        return [(self.start, self.end), *(self.parts or [])]


def lines_of(source: str) -> list[Line]:
    """Return the lines that hold text; a line of signs only underlines the one above it or separates."""
    found: list[Line] = []
    blank, at = True, 0
    for raw in source.split("\n"):
        text = raw.strip().strip("\ufeff\u200b")
        if not text:
            blank = True
        elif _RULED.fullmatch(text):
            if found and not blank and text[0] in "=-~_" and len(set(text)) == 1:
                found[-1].ruled = text[0]
            blank = True
        else:
            start = at + raw.index(text)
            indent = len(raw[: start - at].expandtabs(4))
            found.append(Line(start, start + len(text), text, indent, blank, bullet=bullet_of(text)))
            blank = False
        at += len(raw) + 1
    return found


def unwrapped(lines: list[Line]) -> list[Line]:
    """Join lines that were broken only because the width ended. A text with one paragraph a line is left alone."""
    width = _width(lines)
    found: list[Line] = []
    last = ""
    for line in lines:
        own = line.text
        if found and _continues(found[-1], last, line, width):
            before = found[-1]
            before.parts = [*(before.parts or []), (line.start, line.end)]
            before.ruled = line.ruled
            before.text += " " + own
        else:
            found.append(line)
        last = own
    return found


def _width(lines: list[Line]) -> int:
    """The width at which lines were broken: of the longest that goes on in lower case; 0 where none does."""
    return max(
        (
            len(line.text) + line.indent
            for line, after in pairwise(lines)
            if not after.blank_before and _goes_on(line.text, after)
        ),
        default=0,
    )


def _goes_on(text: str, after: Line) -> bool:
    """A sentence plainly goes on in the next line."""
    return (
        _NARROWEST <= len(text) <= _WIDEST
        and not _STOPPED.search(text)
        and after.bullet is None
        and after.text[0].islower()
    )


def _continues(whole: Line, last: str, line: Line, width: int) -> bool:
    """Tell whether a line goes on with the one above it, whose own text is ``last``."""
    if line.blank_before or whole.ruled or line.bullet is not None or last.endswith(":"):
        return False
    if whole.bullet is not None and line.indent >= whole.indent + 2:
        return True
    if _goes_on(last, line):
        return True
    if not width or not _NARROWEST <= len(last) <= _WIDEST or line.text[0] in "[*¹²³†‡":
        return False
    return whole.indent + len(last) + 1 + len(line.text.split(maxsplit=1)[0]) > width
