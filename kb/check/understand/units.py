"""The units of a page that can claim something: sentences, bullets, table cells, each with what introduces it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kb.check.page import Block, Page
from kb.tag.record import Passage
from kb.tag.sentences import sentences

_INTRODUCES = re.compile(r":\s*(?:\[[\d,\s\]\[–-]+\])*\s*$")
_QUESTION = re.compile(r"\?\s*$")
#: A sentence that is nothing but a reference to a source.
_ONLY_SOURCE = re.compile(
    r"\W*(?:see(?: also)?|source|sources|ref|reference|cf|citation|from|study)?\W*"
    r"(?:(?:PMID|PubMed(?: ID)?|doi|NCT|https?)\b\S*(?:\W*(?:\d[\w./-]*|10\.\S+))?\W*)+",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[^\W\d_]{2}")
#: Clauses that can be judged apart: after these words another statement begins.
_BREAK = re.compile(
    r";\s+|\s+[—–]\s*|\s*—\s+|,\s+(?=not (?:in|by|elsewhere|anywhere)\b)|"
    r",\s+(?=(?:but|while|whereas|although|though|however|yet)\b)|\s+(?=but\s+(?:not|is|are|has|have|"
    r"can|cannot|it|they|we|the|no|there)\b)|,\s+(?=and (?:it|they|we|the|there|your|our|no|has|have|is|are|can|may|"
    r"will|does|do)\b)|\s+(?=and (?:it|they|there|we) (?:is|are|has|have|can|may|will|do|does)\b)"
)
#: A clause shorter than this (words) says nothing by itself.
_SHORTEST = 3
_DASHES = ("–", "—")
#: A remark between dashes has at most so many words.
_REMARK = 6
_SENTENCE = re.compile(r"\b(?:they|it|these|we|you|is|are|can|will|has|have)\b", re.IGNORECASE)
#: A line this short (words) that introduces a list goes on with what the line before it introduces …
_LABEL = 8
#: … unless that was only a label itself.
_BARE = 4


@dataclass(frozen=True, slots=True)
class Unit:
    """One stretch of a block that is read by itself.

    Attributes:
        block: its block.
        start, end: characters of the block's text.
        text: those characters.
        headings: headings above it, outermost first.
        intros: lines ending in a colon that introduce it, outermost first; of a nested item also the items above.
        question: the question it answers, "" without one.
        before: the sentence before it in its block, "" for the first.
        heads: for table cells the headers of its column and row.
        whole: it is the whole sentence or item, not a clause of one.
    """

    block: Block
    start: int
    end: int
    text: str
    headings: tuple[str, ...]
    intros: tuple[str, ...]
    question: str
    before: str
    heads: tuple[str, ...]
    whole: bool = True

    @property
    def intro(self) -> str:
        """The nearest line that introduces it, else the nearest heading, else ""."""
        if self.intros:
            return self.intros[-1]
        return self.headings[-1] if self.headings else ""


@dataclass
class _Above:
    """What stands above the block being read."""

    headings: list[tuple[int, str]]
    intros: list[str]
    items: list[tuple[int, str]]
    question: str = ""

    def heading(self, block: Block) -> None:
        """Enter a heading; a question is one that the blocks below answer."""
        self.headings = [(level, text) for level, text in self.headings if level < block.level]
        self.headings.append((block.level, block.text))
        self.intros, self.items = [], []
        self.question = block.text if _QUESTION.search(block.text) else ""


def units(page: Page) -> Iterator[Unit]:
    """Yield the units of a page in reading order, whole sentences and items; see :func:`clauses` for their parts."""
    above = _Above([], [], [])
    for block in page.blocks:
        if block.kind == "reference":
            continue
        if block.kind == "heading":
            yield from _of(block, above)
            above.heading(block)
            continue
        if block.kind == "item":
            above.items = [(level, text) for level, text in above.items if level < block.level]
        elif block.kind == "paragraph":
            above.items = []
        yield from _of(block, above)
        if block.kind == "item":
            above.items.append((block.level, block.text))
        elif block.kind == "paragraph":
            _introduce(block, above)


def _introduce(block: Block, above: _Above) -> None:
    """Note a paragraph that introduces what follows; a short label joins the sentence before it."""
    last = _last_sentence(block.text)
    if not _INTRODUCES.search(last):
        above.intros = []
        return
    label = len(last.split()) <= _LABEL and not _SENTENCE.search(last)
    kept = [intro for intro in above.intros if len(intro.split()) > _BARE][-1:] if label else []
    above.intros = [*kept, last]


def _last_sentence(text: str) -> str:
    found = [text[one.start : one.end] for one in sentences(Passage("page", "title", text))]
    return found[-1] if found else text


def _of(block: Block, above: _Above) -> Iterator[Unit]:
    headings = tuple(text for _, text in above.headings)
    listed = block.kind in ("item", "cell")
    intros = (*above.intros, *(text for _, text in above.items)) if listed else tuple(above.intros)
    heads = block.cell.heads if block.cell else ()
    before = ""
    for start, end in _with_sources(block.text):
        text = block.text[start:end]
        if _LETTER.search(text):
            yield Unit(block, start, end, text, headings, intros, above.question, before, heads)
        before = text


def _with_sources(text: str) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a text; one that only names a source ("See PMID 123.") belongs to the one before it."""
    held: tuple[int, int] | None = None
    for one in sentences(Passage("page", "title", text)):
        if held and _ONLY_SOURCE.fullmatch(text[one.start : one.end]):
            held = (held[0], one.end)
            continue
        if held:
            yield held
        held = (one.start, one.end)
    if held:
        yield held


def clauses(unit: Unit) -> Sequence[Unit]:
    """Return the parts of a unit that make statements of their own; the unit itself when it has only one."""
    cuts = [0, *(end for end in _breaks(unit.text)), len(unit.text)]
    parts: list[tuple[int, int]] = []
    for start, end in pairwise(cuts):
        if parts and (len(unit.text[start:end].split()) < _SHORTEST or _within(unit.text, start)):
            parts[-1] = (parts[-1][0], end)
        elif not parts or len(unit.text[parts[-1][0] : parts[-1][1]].split()) >= _SHORTEST:
            parts.append((start, end))
        else:
            parts[-1] = (parts[-1][0], end)
    if len(parts) == 1:
        return (unit,)
    made = []
    for start, end in parts:
        text = unit.text[start:end]
        left, right = len(text) - len(text.lstrip(" ;,—–-")), len(text.rstrip(" ;,—–-"))
        if right > left:
            first, last = unit.start + start + left, unit.start + start + right
            made.append(
                Unit(
                    unit.block,
                    first,
                    last,
                    text[left:right],
                    unit.headings,
                    unit.intros,
                    unit.question,
                    unit.before,
                    unit.heads,
                    whole=False,
                )
            )
    return tuple(made)


def _breaks(text: str) -> Iterator[int]:
    """Yield where a new statement begins; two dashes close together only set a remark apart ("– 5 of 19 –")."""
    found = list(_BREAK.finditer(text))
    skipped = -1
    for place, match in enumerate(found):
        if place == skipped:
            continue
        after = found[place + 1] if place + 1 < len(found) else None
        if after is not None and match.group().strip() in _DASHES and after.group().strip() in _DASHES:
            inside, behind = text[match.end() : after.start()], text[after.end() :]
            if len(inside.split()) <= _REMARK and behind[:1].islower():
                skipped = place + 1
                continue
        yield match.end()


def _within(text: str, place: int) -> bool:
    """Tell whether a place is inside brackets."""
    return text.count("(", 0, place) > text.count(")", 0, place)
