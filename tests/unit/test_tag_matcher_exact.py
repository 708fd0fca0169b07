"""The matcher against a slow one that is plain to see: every name is tried at every token, and nothing is shared.

Both cut names into forms with the same code; finding them, choosing among them and the way back to the original text
are done here a second time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from kb.tag.forms import Form, forms_of
from kb.tag.matcher import Matcher
from kb.tag.names import entries_of
from kb.tag.normal import canonical, fold
from kb.vocabulary import Concept, Vocabulary, load_vocabulary
from tests.conftest import DATA
from tests.unit.test_tag_matcher import concept, vocabulary_of

Found = tuple[int, int, str, str]
SIZE = 120


@dataclass
class Piece:
    start: int
    end: int
    word: str


def pieces_of(lower: str) -> list[Piece]:
    """Cut a folded text the long way, character by character."""
    pieces: list[Piece] = []
    place = 0
    while place < len(lower):
        start = place
        char = lower[place]
        if char.isspace() or char == "-":
            place += 1
            continue
        kind = "[0-9]" if re.match("[0-9]", char) else "[a-zß-öø-῿]" if re.match("[a-zß-öø-῿]", char) else ""
        place += 1
        while kind and place < len(lower) and re.match(kind, lower[place]):
            place += 1
        if kind.startswith("[a") and (tail := re.match(r"'s?(?![a-z0-9])", lower[place:])):
            place += tail.end()
        pieces.append(Piece(start, place, lower[start:place]))
    return pieces


def gap_bit(between: str) -> int:
    if between == "":
        return 1
    if between.count("-") > 1 or between.count("\n") > 1 or (between[0] != "-" != between[-1] and "-" in between):
        return 8
    return 2 if "-" in between else 4


class Slow:
    """The reference."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.entries = [entry for one in vocabulary for entry in entries_of(one)]
        self.order = list(vocabulary.concepts)

    def find(self, text: str) -> set[Found]:
        self.folded = fold(text)
        self.lower = self.folded.lower
        self.pieces = pieces_of(self.lower)
        self.keys = [canonical(piece.word) for piece in self.pieces]
        names: list[Found] = []
        bars: list[Found] = []
        for entry in self.entries:
            for first, last in self.stands(entry.form):
                one = (first, last, entry.facet, entry.concept)
                if entry.look:
                    bars.append(one)
                elif entry.facet == "cell_type" and self.is_property(last):
                    bars.append((first, last, "", ""))
                elif not self.is_other(first):
                    names.append(one)
        left = [one for one in names if not any(self.barred(one, bar) for bar in bars)]
        chosen = {one for facet in self.order for one in self.longest([n for n in left if n[2] == facet])}
        return {(*self.original(first, last), facet, name) for first, last, facet, name in chosen}

    def stands(self, form: Form) -> Iterator[tuple[int, int]]:
        for first in range(len(self.pieces)):
            for places in self.readings(form.keys, first, first):
                if self.holds(form, places):
                    yield places[0], places[-1] + 1

    def readings(self, keys: tuple[str, ...], place: int, first: int) -> Iterator[list[int]]:
        """Yield the tokens that spell some keys, with or without an abbreviation in brackets on the way."""
        if place >= len(self.pieces) or self.keys[place] != keys[0]:
            return
        if len(keys) == 1:
            yield [place]
            return
        following = {place + 1, self.behind(place + 1, first)} - {0}
        for other in following:
            for rest in self.readings(keys[1:], other, first):
                yield [place, *rest]

    def behind(self, place: int, first: int) -> int:
        words = [piece.word for piece in self.pieces]
        if place >= len(words):
            return 0
        for opening, closing in ("()", "[]"):
            if words[place] == closing:
                opened = first > 0 and words[first - 1] == opening and self.unbroken(first, place)
                return place + 1 if opened else 0
            if words[place] == opening:
                for end in range(place + 2, min(place + 7, len(words))):
                    if words[end] in ")]":
                        inside = self.folded.cased[self.pieces[place + 1].start : self.pieces[end].start]
                        good = words[end] == closing and len(inside) <= 12 and inside.lower() != inside
                        return end + 1 if good else 0
        return 0

    def unbroken(self, first: int, place: int) -> bool:
        return not any(piece.word in "()[]" for piece in self.pieces[first:place])

    def holds(self, form: Form, places: list[int]) -> bool:
        first, last = self.pieces[places[0]], self.pieces[places[-1]]
        if self.touches(first.start) or self.touches(last.end):
            return False
        for allowed, one, two in zip(form.gaps, places, places[1:], strict=False):
            bit = gap_bit(self.lower[self.pieces[two - 1].end : self.pieces[two].start])
            if two > one + 1 and bit == 1:
                bit = 4
            if not bit & allowed:
                return False
        for index, wanted in form.by_case:
            piece = self.pieces[places[index]]
            written = re.sub("'[sS]?$", "", self.folded.cased[piece.start : piece.end])
            if written not in (wanted, wanted + "s"):
                return False
        return True

    def touches(self, at: int) -> bool:
        """Tell whether letters or digits stand on both sides of a place."""
        before, after = self.lower[max(0, at - 1) : at], self.lower[at : at + 1]
        return (before.isalnum() or before == "'") and after.isalnum() and self.same_run(at)

    def same_run(self, at: int) -> bool:
        return any(piece.end == at and piece.word[-1].isalnum() for piece in self.pieces)

    def is_other(self, first: int) -> bool:
        if first == 0:
            return False
        before, piece = self.pieces[first - 1], self.pieces[first]
        bit = gap_bit(self.lower[before.end : piece.start])
        return before.word in ("non", "anti", "pre", "pseudo") and (bit == 2 or (bit == 4 and before.word == "non"))

    def is_property(self, last: int) -> bool:
        if last >= len(self.pieces):
            return False
        own, behind = self.pieces[last - 1], self.pieces[last]
        if behind.word == "/":
            return own.word in ("nk", "killer") and [piece.word for piece in self.pieces[last + 1 : last + 2]] == ["t"]
        bit = gap_bit(self.lower[own.end : behind.start])
        return behind.word in ("like", "mediated") and (bit == 2 or (bit == 4 and not own.word.endswith("s")))

    @staticmethod
    def barred(one: Found, bar: Found) -> bool:
        if not bar[2]:
            return bar[0] <= one[0] and one[1] <= bar[1]
        overlap = one[2:] == bar[2:] and bar[0] < one[1] and one[0] < bar[1]
        return overlap and (bar[:2] == one[:2] or bar[0] < one[0] or one[1] < bar[1])

    @staticmethod
    def longest(found: list[Found]) -> Iterator[Found]:
        end = 0
        while found := [one for one in found if one[0] >= end]:
            start = min(one[0] for one in found)
            end = max(one[1] for one in found if one[0] == start)
            yield from (one for one in found if one[:2] == (start, end))

    def original(self, first: int, last: int) -> tuple[int, int]:
        start, end = self.pieces[first].start, self.pieces[last - 1].end
        if self.lower[end - 1] == "'" and end - self.pieces[last - 1].start > 1:
            end -= 1
        return self.folded.span(start, end)


def same(vocabulary: Vocabulary, text: str) -> None:
    hits = Matcher(vocabulary, list(vocabulary.concepts)).find(text)
    assert {(hit.start, hit.end, hit.facet, hit.concept) for hit in hits} == Slow(vocabulary).find(text)
    assert all(hit.text == text[hit.start : hit.end] for hit in hits)


WORDS = [
    "nk",
    "NK",
    "T",
    "car",
    "CAR",
    "cell",
    "cells",
    "killers",
    "natural",
    "like",
    "mediated",
    "non",
    "tumour",
    "tumors",
]
GAPS = [
    " ",
    "-",
    "",
    "/",
    " - ",
    "\n",
    "\n\n",
    ".",
    " (",
    ") ",
    "(",
    ")",
    "+",
    "'s ",
    "–",
    "<sup>",
    "</sup>",
    " [",
    "] ",
]
BEFORE = ["", "", "non-", "non ", "anti-", "2", "("]
BEHIND = ["", "", "-like", " mediated", "/T", "s", ")", "2", " "]
ASIDES = [" (NK) ", " (CAR)-", " (CAR)", " (the old ones) ", " (NK)-like [T] "]
OTHERS = ["2", "92", "é", "α", "&amp;", "10", "ж", "all", "ALL", "A", "of"]
texts = st.lists(st.sampled_from([*WORDS, *WORDS, *GAPS, *GAPS, *OTHERS]), max_size=8).map("".join)
names = st.lists(
    st.sampled_from(["nk", "NK", "T", "CAR", "cell", "cells", "natural", "tumour", "2", "92", "ALL"]),
    min_size=1,
    max_size=4,
)
spelled = st.tuples(names, st.sampled_from([" ", "-", "/", "", "."])).map(lambda pair: pair[1].join(pair[0]))


@st.composite
def vocabularies(draw: st.DrawFn) -> Vocabulary:
    made: list[Concept] = []
    for facet in ("cell_type", "event"):
        for number in range(draw(st.integers(1, 4))):
            looks = tuple(draw(st.lists(spelled, max_size=2)))
            made.append(concept(facet, f"c{number}", tuple(draw(st.lists(spelled, min_size=1, max_size=3))), looks))
    return vocabulary_of(*made)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Vocabulary, str]:
    """A vocabulary with a text that holds its names, their gaps changed, among other things."""
    vocabulary = draw(vocabularies())
    known = sorted({name for one in vocabulary for name in (*one.synonyms, *one.look_alikes)})
    between = st.sampled_from(["", " ", "-", "/", *GAPS, *ASIDES])
    text = ""
    for name in draw(st.lists(st.sampled_from(known), max_size=5)):
        tokens = re.findall("[A-Za-z]+|[0-9]+|[/.]", name)
        text += draw(st.sampled_from(BEFORE)) + tokens[0]
        text += "".join(draw(between) + token for token in tokens[1:])
        text += draw(st.sampled_from(BEHIND)) + draw(st.sampled_from(GAPS))
    return vocabulary, text


@given(cases())
@settings(max_examples=SIZE * 2, deadline=None)
def test_same_as_the_slow_one_on_any_vocabulary(case: tuple[Vocabulary, str]) -> None:
    same(*case)


KINDS = load_vocabulary(DATA)
CELLS = Vocabulary({"cell_type": KINDS.concepts["cell_type"], "indication": KINDS.concepts["indication"]})
SLOW = Slow(CELLS)
FAST = Matcher(CELLS, list(CELLS.concepts))
PHRASES = sorted({name for one in CELLS for name in (one.label, *one.synonyms, *one.look_alikes)})


@given(st.lists(st.one_of(st.sampled_from(PHRASES), st.sampled_from([*GAPS, *WORDS])), max_size=14).map("".join))
@settings(max_examples=SIZE, deadline=None)
def test_same_as_the_slow_one_on_shipped_names(text: str) -> None:
    assert {(hit.start, hit.end, hit.facet, hit.concept) for hit in FAST.find(text)} == SLOW.find(text)


@given(spelled)
def test_every_form_of_a_name_has_one_gap_less_than_keys(name: str) -> None:
    for form in forms_of(name):
        assert len(form.gaps) == len(form.keys) - 1
