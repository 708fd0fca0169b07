"""A page as it was read: blocks of text whose every character knows its place in the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kb.errors import KbError

PageFormat = Literal["txt", "md", "html", "docx", "pdf"]
BlockKind = Literal["heading", "paragraph", "item", "cell", "footnote", "reference", "alt"]


class PageError(KbError):
    """A page that cannot be checked; the message says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a table cell stands.

    Attributes:
        table, row, column: counted from 1 within the page, the table and the row.
        header: it names its column or row.
        heads: texts of the header cells that speak for it, column first.
    """

    table: int
    row: int
    column: int
    header: bool = False
    heads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """One stretch of visible text.

    Attributes:
        kind: ``heading``, ``paragraph``, ``item`` (of a list), ``cell`` (of a table), ``footnote``, ``reference``
            (an entry of a list of references) or ``alt`` (the text alternative of a picture).
        text: visible characters; runs of white space are one space; bracket markers ("[1]") stay, and superscript
            markers are written as such ("[1]").
        offsets: for each character of ``text`` its place in :attr:`Page.source`; as long as ``text``, never falling.
        line: line of the source in which the block begins, from 1.
        level: of a heading 1 (highest) to 6; of a list item its depth from 1; else 0.
        cell: for cells.
        label: of a footnote or reference the marker that leads to it, without brackets ("12").
        place: where a reader finds it in a file without lines ("page 2", "paragraph 14"); else "".
    """

    kind: BlockKind
    text: str
    offsets: tuple[int, ...]
    line: int
    level: int = 0
    cell: Cell | None = None
    label: str = ""
    place: str = ""

    def __post_init__(self) -> None:
        if len(self.offsets) != len(self.text):
            raise ValueError(f"{len(self.text)} characters have {len(self.offsets)} places")

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the source of the characters ``start`` to ``end`` (not included) of the text."""
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"no such characters: {start} to {end} of {len(self.text)}")
        return self.offsets[start], self.offsets[end - 1] + 1


@dataclass(frozen=True)
class Page:
    """A document to be checked.

    Attributes:
        name: the file's name as the user gave it.
        sha256: of its bytes, in hex.
        source: the text in which offsets and lines count: of .txt, .md and .html the file itself, decoded; of .docx
            and .pdf the text drawn from it, in reading order.
        title: its title, "" when it has none.
        blocks: in reading order.
        references: marker (without brackets) → entry of the page's own list of references.
        links: place in the source of a link's first character → address, for links to records.
        notes: what could not be read, in words for the user; never silent.
    """

    name: str
    format: PageFormat
    sha256: str
    source: str
    title: str
    blocks: tuple[Block, ...]
    references: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[int, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def line_of(self, offset: int) -> int:
        """Return the line, from 1, of a place in the source."""
        return self.source.count("\n", 0, offset) + 1

    @property
    def line_count(self) -> int:
        """Number of lines of the source."""
        return self.source.count("\n") + (not self.source.endswith("\n") and bool(self.source))
