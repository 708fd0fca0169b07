"""What the readers of all formats hand over, and how a page is made of it."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate

from kb.check.page import Block, Page, PageFormat
from kb.check.read.foreign import refuse_foreign
from kb.check.read.references import mark_references
from kb.check.read.stretch import Draft


@dataclass
class Drawn:
    """What a reader drew from a file: its text, its stretches in reading order, links and notes."""

    source: str
    drafts: list[Draft] = field(default_factory=list)
    title: str = ""
    links: dict[int, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def page_of(drawn: Drawn, name: str, page_format: PageFormat, data: bytes) -> Page:
    """Make the page: references are told apart, lines counted, a title found, a foreign language refused.

    Raises:
        PageError: nothing can be read, or it is not in English.
    """
    drafts = [draft for draft in drawn.drafts if draft.traced.text]
    references = mark_references(drafts)
    starts = _line_starts(drawn.source)
    blocks = tuple(_block(draft, starts) for draft in drafts)
    notes = [*drawn.notes, *refuse_foreign(name, blocks, paged=page_format in ("docx", "pdf"))]
    return Page(
        name=name,
        format=page_format,
        sha256=hashlib.sha256(data).hexdigest(),
        source=drawn.source,
        title=drawn.title or _first_heading(blocks),
        blocks=blocks,
        references=references,
        links=drawn.links,
        notes=tuple(dict.fromkeys(notes)),
    )


def _block(draft: Draft, starts: list[int]) -> Block:
    traced = draft.traced
    line = bisect_right(starts, traced.offsets[0]) + 1
    # Superscripts within superscripts, which no page needs, could be written out of order.
    offsets = tuple(accumulate(traced.offsets, max))
    return Block(draft.kind, traced.text, offsets, line, draft.level, draft.cell, draft.label, draft.place)


def _line_starts(source: str) -> list[int]:
    """Return where the second line begins, the third, and so on."""
    return [found.end() for found in re.finditer("\n", source)]


def _first_heading(blocks: tuple[Block, ...]) -> str:
    highest = min((block.level for block in blocks if block.kind == "heading"), default=0)
    return next((block.text for block in blocks if block.kind == "heading" and block.level == highest), "")
