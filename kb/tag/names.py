"""The tree of all names of a vocabulary, and the places in a text where one of them stands.

A text is cut into tokens once. Every token that begins a name is followed through the tree, and every name that ends on
the way is checked for its gaps, its case and both its ends, so a name is never lost to a longer one that fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain, compress, islice

from kb.tag.forms import GLUED, SPACE, TOKEN, Form, forms_of, gap_of, leading, tokens_of
from kb.tag.normal import Folded, canonical, fold
from kb.vocabulary import Concept

#: Spellings of tokens kept in memory; a longer life than any record needs, and a bound for hostile texts.
_MEMORY = 200_000
#: An aside that a name goes on behind holds an abbreviation of at most this many tokens and characters.
_ASIDE_TOKENS = 7
_ASIDE_LENGTH = 12
_OPENING = {"(": ")", "[": "]"}
_CLOSING = {")": "(", "]": "["}
_BRACKETS = frozenset("()[]")
_SMALL_WORD = re.compile(r"\b[a-z]{3,}\b")
_CAPITAL_WORD = re.compile(r"\b[A-Z]{5,}\b")


@dataclass(frozen=True, slots=True)
class Entry:
    """A written form of a name of a concept; ``look``: of a text that must not be taken for the concept."""

    facet: str
    concept: str
    form: Form
    look: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name at tokens ``first`` to ``last`` (excluded) of a text.

    Attributes:
        concept: "" for a stretch in which no name of the facet counts.
        name, cased, defined: as in :class:`kb.tag.tags.Hit`.
    """

    first: int
    last: int
    facet: str
    concept: str
    name: str = ""
    cased: bool = False
    defined: bool = False


class Cut:
    """A text cut into tokens.

    Attributes:
        original, folded: the text as given and in one spelling.
        words: its tokens in small letters, possessive endings included.
        between: the gap behind each token, as characters.
        offsets: characters of the folded text at which token, gap, token, gap … begin.
    """

    def __init__(self, text: str) -> None:
        self.original = text
        self.folded: Folded = fold(text)
        lead = leading(self.folded.lower)
        pairs: list[tuple[str, str]] = TOKEN.findall(self.folded.lower, lead)
        self.words: tuple[str, ...] = ()
        self.between: tuple[str, ...] = ()
        if pairs:
            self.words, self.between = zip(*pairs, strict=True)
        self.offsets = list(accumulate(map(len, chain.from_iterable(pairs)), initial=lead))
        self._capitals: bool | None = None

    def gap(self, place: int) -> int:
        """Return the kind of gap behind a token."""
        return gap_of(self.between[place])

    def surface(self, place: int) -> str:
        """Return a token as written, without a possessive ending."""
        bare = self.folded.cased[self.offsets[2 * place] : self.offsets[2 * place + 1]]
        return bare.rstrip("'").removesuffix("'s").removesuffix("'S") if "'" in bare[1:] else bare

    @property
    def capitals(self) -> bool:
        """Whether all is written in capitals: two long words in capitals, hardly a word in small letters."""
        if self._capitals is None:
            cased = self.folded.cased
            small = len(list(islice(_SMALL_WORD.finditer(cased), 3)))
            self._capitals = small < 3 and len(list(islice(_CAPITAL_WORD.finditer(cased), 4))) >= 2 + small
        return self._capitals

    def behind_aside(self, first: int, place: int) -> int:
        """Return the token behind an abbreviation in brackets, 0 when there is none.

        Args:
            first: where a name begins; the bracket right before it may close at ``place``.
            place: of an opening bracket, or of that closing one.
        """
        words = self.words
        if words[place] in _CLOSING:
            return place + 1 if first and words[first - 1] == _CLOSING[words[place]] else 0
        for end in range(place + 2, min(place + _ASIDE_TOKENS, len(words))):
            if words[end] in _CLOSING:
                inside = self.folded.cased[self.offsets[2 * place + 2] : self.offsets[2 * end]]
                short = len(inside) <= _ASIDE_LENGTH and any(char.isupper() for char in inside)
                return end + 1 if short and words[end] == _OPENING[words[place]] else 0
        return 0

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return the characters of the original that tokens ``first`` to ``last`` (excluded) stand for."""
        stop = self.offsets[2 * last - 1]
        if self.folded.lower[stop - 1] == "'" and len(self.words[last - 1]) > 1:
            stop -= 1
        return self.folded.span(self.offsets[2 * first], stop)


class _Node:
    """A place in the tree: the names that end here, and the tokens that may come next."""

    __slots__ = ("after", "ends")

    def __init__(self) -> None:
        self.ends: list[Entry] = []
        self.after: dict[str, _Node] = {}


class _Keys(dict[str, str]):
    """Token of a text → its key, computed once for each spelling that turns up."""

    def __missing__(self, word: str) -> str:
        if len(self) >= _MEMORY:
            self.clear()
        self[word] = key = canonical(word)
        return key


class _Roots(dict[str, "_Node | None"]):
    """Token of a text → the node it leads to from the root."""

    def __init__(self, root: _Node) -> None:
        super().__init__()
        self.root = root

    def __missing__(self, word: str) -> _Node | None:
        if len(self) >= _MEMORY:
            self.clear()
        self[word] = node = self.root.after.get(canonical(word))
        return node


class Names:
    """Written forms in a tree of their tokens.

    Args:
        entries: in order of preference; of two with the same form the first is kept.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        root = _Node()
        for entry in entries:
            _plant(root, entry)
        self._roots = _Roots(root)
        self._keys = _Keys()

    def places(self, cut: Cut) -> Iterator[tuple[int, int, Entry]]:
        """Yield every entry that stands in a text, with its first token and the one behind its last; overlaps too.

        An abbreviation in brackets may stand within a name ("natural killer (NK) cells"), and a name may begin in
        brackets and go on behind them ("(CAR) T cells").
        """
        words, keys = cut.words, self._keys
        nodes = list(map(self._roots.__getitem__, words))
        count = len(words)
        for first in compress(range(count), nodes):
            node = nodes[first]
            last = first + 1
            while node is not None:
                for entry in node.ends:
                    if fits(entry.form, cut, range(first, last)):
                        yield first, last, entry
                if last >= count:
                    break
                word = words[last]
                if word in _BRACKETS and (behind := cut.behind_aside(first, last)):
                    yield from self._across(cut, node, [*range(first, last)], behind)
                node = node.after.get(keys[word])
                last += 1

    def _across(self, cut: Cut, node: _Node, places: list[int], place: int) -> Iterator[tuple[int, int, Entry]]:
        """Yield the entries that go on at a token behind brackets; ``places`` are their tokens before them."""
        following: _Node | None = node
        while place < len(cut.words):
            word = cut.words[place]
            if len(places) > 1 and word in _BRACKETS and following and (behind := cut.behind_aside(place, place)):
                yield from self._across(cut, following, places, behind)
            following = following.after.get(self._keys[word]) if following else None
            if following is None:
                return
            places = [*places, place]
            place += 1
            for entry in following.ends:
                if fits(entry.form, cut, places):
                    yield places[0], place, entry


def entries_of(concept: Concept) -> Iterator[Entry]:
    """Yield all written forms of a concept's names and look-alikes."""
    names = (concept.label, *concept.synonyms)
    short = {surface.lower() for name in names for form in forms_of(name) for surface in form.surfaces if surface}
    for name in names:
        for form in forms_of(name):
            yield Entry(concept.facet, concept.id, form, False)
    for name in concept.look_alikes:
        for form in forms_of(name):
            yield Entry(concept.facet, concept.id, _look_form(form, name, short), True)


def _look_form(form: Form, name: str, short: set[str]) -> Form:
    """Return a look-alike's form, with the words by case that the concept has as abbreviations.

    Otherwise "all patients" would hide "ALL patients".
    """
    surfaces = tuple(
        token.surface if token.surface.islower() and token.surface in short else surface
        for token, surface in zip(tokens_of(name), form.surfaces, strict=False)
    )
    return replace(form, surfaces=surfaces, by_case=any(surfaces)) if len(surfaces) == len(form.surfaces) else form


def _plant(root: _Node, entry: Entry) -> None:
    node = root
    for key in entry.form.keys:
        node = node.after.setdefault(key, _Node())
    if all(_rules(other) != _rules(entry) for other in node.ends):
        node.ends.append(entry)


def _rules(entry: Entry) -> tuple[str, str, bool, tuple[int, ...], tuple[str, ...]]:
    return entry.facet, entry.concept, entry.look, entry.form.gaps, entry.form.surfaces


def fits(form: Form, cut: Cut, places: Sequence[int]) -> bool:
    """Tell whether gaps, both ends and case of tokens that have the form's keys are those of the form."""
    between, words = cut.between, cut.words
    first, last = places[0], places[-1] + 1
    # No letter or digit may touch the name from outside.
    if first and not between[first - 1] and words[first - 1][-1].isalnum() and words[first][0].isalnum():
        return False
    if last < len(words) and not between[last - 1] and words[last][0].isalnum() and words[last - 1][-1].isalnum():
        return False
    for allowed, place, following in zip(form.gaps, places, places[1:], strict=False):
        if following == place + 1:
            gap = gap_of(between[place])
        else:
            gap = gap_of(between[following - 1])
            gap = SPACE if gap == GLUED else gap
        if not gap & allowed:
            return False
    if not form.by_case:
        return True
    return all(
        not wanted or same_case(cut.surface(place), wanted, cut)
        for wanted, place in zip(form.surfaces, places, strict=True)
    )


def same_case(surface: str, wanted: str, cut: Cut) -> bool:
    """Tell whether letters are those wanted, an s of the plural aside; in a text all in capitals all letters are."""
    if surface == wanted or surface == wanted + "s":
        return True
    return surface.isupper() and surface in (wanted.upper(), wanted.upper() + "S") and cut.capitals
