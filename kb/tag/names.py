"""The tree of all names of a vocabulary, and the places in a text where one of them stands.

A text is cut into tokens once. Every token that begins a name is followed through the tree, and every name that ends on
the way is checked for its gaps, its case and both its ends, so a name is never lost to a longer one that fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain, compress, islice, pairwise
from operator import itemgetter
from typing import NamedTuple

from kb.tag.forms import GAPS, GLUED, SPACE, TOKEN, Form, forms_of, leading, tokens_of
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
    """A written form of a name of a concept.

    Attributes:
        facet, concept, key: of what; the key is unique across facets.
        form: how it is written.
        look: it is no name, but a text that must not be taken for the concept.
    """

    facet: str
    concept: str
    key: str
    form: Form
    look: bool = False


class Candidate(NamedTuple):
    """A name at tokens ``first`` to ``last`` (excluded) of a text.

    Attributes:
        rank: what candidates are sorted by: the leftmost first, of these the longest.
        long: the long form it was read by, where the record defines the name; "" otherwise.
    """

    rank: int
    first: int
    last: int
    entry: Entry
    long: str = ""


def rank_of(first: int, last: int) -> int:
    """Return the rank of a candidate; no name comes near a thousand tokens."""
    return first * 1024 + first - last


class Cut:
    """A text cut into tokens.

    Attributes:
        original, folded: the text as given and in one spelling.
        words: its tokens in small letters, possessive endings included.
        gaps: the kind of the gap behind each token (:func:`kb.tag.forms.gap_of`).
        quoted: there is a quotation mark, so tokens may end with one.
        offsets: characters of the folded text at which token, gap, token, gap … begin.
    """

    def __init__(self, text: str) -> None:
        self.original = text
        self.folded: Folded = fold(text)
        lead = leading(self.folded.lower)
        pairs: list[tuple[str, str]] = TOKEN.findall(self.folded.lower, lead)
        self.words: list[str] = list(map(itemgetter(0), pairs))
        self.gaps: list[int] = list(map(GAPS.__getitem__, map(itemgetter(1), pairs)))
        self.offsets = list(accumulate(map(len, chain.from_iterable(pairs)), initial=lead))
        self.quoted = "'" in self.folded.lower
        self._capitals: bool | None = None

    def surface(self, place: int) -> str:
        """Return a token as written, without a possessive ending."""
        bare = self.folded.cased[self.offsets[2 * place] : self.offsets[2 * place + 1]]
        return bare.rstrip("'").removesuffix("'s").removesuffix("'S") if self.quoted and len(bare) > 1 else bare

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
        if self.quoted and self.folded.lower[stop - 1] == "'" and len(self.words[last - 1]) > 1:
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


class Names:
    """Written forms in a tree of their tokens.

    Args:
        entries: in order of preference; of two with the same form the first is kept.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._root = _Node()
        for entry in entries:
            _plant(self._root, entry)
        self._keys = _Keys()

    def places(self, cut: Cut) -> list[Candidate]:
        """Return every entry that stands in a text, sorted by first token; they overlap.

        An abbreviation in brackets may stand within a name ("natural killer (NK) cells"), and a name may begin in
        brackets and go on behind them ("(CAR) T cells").
        """
        words, gaps = cut.words, cut.gaps
        keys = list(map(self._keys.__getitem__, words))
        nodes = list(map(self._root.after.get, keys))
        count = len(words)
        found: list[Candidate] = []
        for first in compress(range(count), nodes):
            node = nodes[first]
            last = first + 1
            if first and gaps[first - 1] == GLUED and _touch(words[first - 1], words[first]):
                continue
            while node is not None:
                if node.ends and (last == count or gaps[last - 1] != GLUED or not _touch(words[last - 1], words[last])):
                    for entry in node.ends:
                        form = entry.form
                        if (not form.gaps or _joined(form.gaps, gaps, first)) and (
                            not form.by_case or _cased(form, cut, range(first, last))
                        ):
                            found.append(Candidate(rank_of(first, last), first, last, entry))
                if last == count:
                    break
                if words[last] in _BRACKETS and node.after and (behind := cut.behind_aside(first, last)):
                    self._across(cut, keys, node, [*range(first, last)], behind, found)
                node = node.after.get(keys[last])
                last += 1
        return found

    def _across(
        self, cut: Cut, keys: list[str], start: _Node, places: list[int], place: int, found: list[Candidate]
    ) -> None:
        """Add the entries that go on at a token behind brackets; ``places`` are their tokens before them."""
        node: _Node | None = start
        while node is not None and place < len(keys):
            # One aside between two tokens of a name; a row of them would go on for ever.
            aside = places[-1] == place - 1 and cut.words[place] in _BRACKETS
            if aside and (behind := cut.behind_aside(place, place)):
                self._across(cut, keys, node, places, behind, found)
            node = node.after.get(keys[place])
            places = [*places, place]
            place += 1
            if node is None or (cut.gaps[place - 1] == GLUED and _touch(*cut.words[place - 1 : place + 1])):
                continue
            for entry in node.ends:
                form = entry.form
                kinds = [_apart(cut.gaps, one, two) for one, two in pairwise(places)]
                if _joined(form.gaps, kinds, 0) and (not form.by_case or _cased(form, cut, places)):
                    found.append(Candidate(rank_of(places[0], place), places[0], place, entry))


def entries_of(concept: Concept) -> Iterator[Entry]:
    """Yield all written forms of a concept's names and look-alikes."""
    names = (concept.label, *concept.synonyms)
    short = {letters.lower() for name in names for form in forms_of(name) for _, letters in form.by_case}
    for name in names:
        for form in forms_of(name):
            yield Entry(concept.facet, concept.id, concept.key, form)
    for name in concept.look_alikes:
        for form in forms_of(name):
            yield Entry(concept.facet, concept.id, concept.key, _look_form(form, name, short), True)


def _look_form(form: Form, name: str, short: set[str]) -> Form:
    """Return a look-alike's form, with the words by case that the concept has as abbreviations.

    Otherwise "all patients" would hide "ALL patients".
    """
    tokens = tokens_of(name)
    if len(tokens) != len(form.keys):
        return form
    small = [(at, token.surface) for at, token in enumerate(tokens) if token.surface in short]
    return replace(form, by_case=tuple(sorted({*form.by_case, *small})))


def _plant(root: _Node, entry: Entry) -> None:
    node = root
    for key in entry.form.keys:
        node = node.after.setdefault(key, _Node())
    if all(_rules(other) != _rules(entry) for other in node.ends):
        node.ends.append(entry)


def _rules(entry: Entry) -> tuple[str, bool, tuple[int, ...], tuple[tuple[int, str], ...]]:
    return entry.key, entry.look, entry.form.gaps, entry.form.by_case


def _touch(word: str, following: str = "") -> bool:
    """Tell whether two tokens without a gap are letters and digits of one word; then no name ends between them."""
    return word[-1].isalnum() and following[:1].isalnum()


def _apart(gaps: list[int], place: int, following: int) -> int:
    """Return the gap between two tokens of a name; behind brackets at least a space."""
    if following == place + 1:
        return gaps[place]
    return SPACE if gaps[following - 1] == GLUED else gaps[following - 1]


def _joined(allowed: tuple[int, ...], gaps: list[int], first: int) -> bool:
    """Tell whether the gaps from a token on are among those allowed."""
    for kinds in allowed:
        if not gaps[first] & kinds:
            return False
        first += 1
    return True


def _cased(form: Form, cut: Cut, places: Sequence[int]) -> bool:
    """Tell whether the letters of a form that count by case are written as it wants them."""
    for index, wanted in form.by_case:
        surface = cut.surface(places[index])
        if surface != wanted and not same_case(surface, wanted, cut):
            return False
    return True


def same_case(surface: str, wanted: str, cut: Cut) -> bool:
    """Tell whether letters are those wanted, an s of the plural aside; in a text all in capitals all letters are."""
    if surface == wanted or surface == wanted + "s":
        return True
    return surface.isupper() and surface in (wanted.upper(), wanted.upper() + "S") and cut.capitals
