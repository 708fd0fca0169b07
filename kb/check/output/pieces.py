"""The page's text cut at its findings: what a reader sees, with the places where claims begin and end.

Blocks hold visible text and know where each character stands in the source; findings name places in the source. So a
block is cut at the findings' ends, and each piece knows the findings that cover it. Findings may lie in one another
or on the same words; each ends in exactly one piece of the page.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kb.check.page import Block, Page
from kb.check.report import Finding


@dataclass(frozen=True)
class Piece:
    """A stretch of a block's text that no finding's end divides.

    Attributes:
        start, end: characters of the block's text.
        covered: findings whose words these are, in the order of the page.
        ends: findings whose last visible character is the last of this piece.
    """

    start: int
    end: int
    covered: tuple[Finding, ...]
    ends: tuple[Finding, ...]


@dataclass(frozen=True)
class Cut:
    """A block with its pieces; ``findings`` are those that end in it."""

    block: Block
    pieces: tuple[Piece, ...]
    findings: tuple[Finding, ...]


def cut_page(page: Page, findings: Sequence[Finding]) -> tuple[list[Cut], list[Finding]]:
    """Cut a page's blocks at its findings.

    Args:
        page: what was read.
        findings: places in its source.

    Returns:
        The blocks in order, and the findings with no character in any of them. Each finding ends in one block or is
        among the latter, never both.
    """
    places: dict[int, dict[int, tuple[int, int]]] = {}
    last: dict[int, int] = {}
    for index, finding in enumerate(findings):
        for at, block in enumerate(page.blocks):
            start, end = (bisect_left(block.offsets, place) for place in (finding.start, finding.end))
            if start < end:
                places.setdefault(at, {})[index] = (start, end)
                last[index] = at
    cuts = []
    for at, block in enumerate(page.blocks):
        spans = places.get(at, {})
        ending = [index for index in spans if last[index] == at]
        cuts.append(Cut(block, _pieces(block, spans, ending, findings), tuple(findings[index] for index in ending)))
    return cuts, [finding for index, finding in enumerate(findings) if index not in last]


def _pieces(
    block: Block, spans: dict[int, tuple[int, int]], ending: list[int], findings: Sequence[Finding]
) -> tuple[Piece, ...]:
    edges = sorted({0, len(block.text), *(edge for span in spans.values() for edge in span)})
    pieces = []
    for start, end in pairwise(edges):
        covered = tuple(findings[one] for one, (first, stop) in sorted(spans.items()) if first <= start and end <= stop)
        ends = tuple(findings[one] for one in ending if spans[one][1] == end)
        pieces.append(Piece(start, end, covered, ends))
    return tuple(pieces)
