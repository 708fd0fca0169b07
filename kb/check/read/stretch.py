"""One stretch of text on its way to becoming a block."""

from __future__ import annotations

from dataclasses import dataclass

from kb.check.page import BlockKind, Cell
from kb.check.read.traced import Traced


@dataclass
class Draft:
    """A stretch of text.

    Attributes:
        kind, level, cell, label, place: as of :class:`kb.check.page.Block`.
        traced: its text and places.
        number: the number of an entry of a numbered list where it is no part of the text; "" else.
    """

    kind: BlockKind
    traced: Traced
    level: int = 0
    cell: Cell | None = None
    label: str = ""
    place: str = ""
    number: str = ""
