"""Short forms a record defines itself, read by their definitions wherever the vocabulary says something else.

"malignant melanoma (MM)" makes every later MM melanoma and not myeloma; "mean difference (MD)" makes MD nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from operator import itemgetter

from kb.tag.forms import HYPHEN, forms_of, tokens_of
from kb.tag.names import Candidate, Cut, Entry, Names, rank_of
from kb.tag.normal import canonical
from kb.tag.tags import Hit
from kb.vocabulary import Vocabulary

#: In a long form that names cells, names of these facets count as well ("umbilical cord blood NK cells (UCB-NK)").
_OF_PRODUCT = ("cell_source", "expansion", "engineering")
#: Words behind the name in a long form that leave its meaning ("natural killer cell therapy").
_LIGHT = frozenset(map(canonical, ("disease", "infusion", "patient", "product", "therapy", "treatment")))
#: Definitions kept in memory.
_MEMORY = 10_000
#: A name is the head of a long form when it makes up this part of its words at least.
_HEAD_PART = 3
_CONTENT_LETTERS = 4
_STEM = 6

#: What a short form stands for, perhaps nothing; None: what it stands for in the vocabulary.
Meaning = tuple[Entry, ...] | None


class ShortForms:
    """Reads short forms by their definitions.

    Args:
        vocabulary: the concepts.
        find: names in a text, without definitions (:meth:`kb.tag.matcher.Matcher.find`).
        doubtful: whether a hit needs support; such a name inside a long form counts for nothing.
    """

    def __init__(
        self, vocabulary: Vocabulary, find: Callable[[str], list[Hit]], doubtful: Callable[[Hit], bool]
    ) -> None:
        self._vocabulary = vocabulary
        self._find = find
        self._doubtful = doubtful
        self._meanings: dict[tuple[str, str], Meaning] = {}
        self._words: dict[tuple[str, str], list[list[str]]] = {}
        self._last: dict[str, str] = {}
        self._names = Names(())

    def read(self, cut: Cut, found: list[Candidate], definitions: Mapping[str, str]) -> list[Candidate]:
        """Return the candidates of a text with every defined short form read by its definition.

        Args:
            cut: the text.
            found: candidates by the vocabulary.
            definitions: short form → long form.
        """
        if definitions != self._last:
            self._last = dict(definitions)
            self._names = Names(entry for short in definitions for entry in _short_forms(short))
        places = list(self._places(cut))
        if not places:
            return found
        around = {token: place for place in places for token in range(place[1], place[2])}
        result = []
        for one in found:
            short, first, last = around.get(one.first, ("", 0, 0))
            if one.last > last or one.entry.look:
                result.append(one)
                continue
            long = definitions[short]
            meaning = self._meaning(short, long)
            if (one.first, one.last) != (first, last):
                if one.entry.facet not in {entry.facet for entry in meaning or ()}:
                    result.append(one)
            elif meaning is None and not _behind(long, cut, first):
                result.append(one._replace(long=long))
        for short, first, last in places:
            long = definitions[short]
            meaning = self._meaning(short, long)
            if meaning and not _behind(long, cut, first):
                result += [Candidate(rank_of(first, last), first, last, entry, long) for entry in meaning]
        return sorted(result, key=itemgetter(0))

    def _places(self, cut: Cut) -> Iterator[tuple[str, int, int]]:
        """Yield the short forms in a text with their tokens, the leftmost and longest of overlapping ones."""
        end = 0
        for one in sorted(self._names.places(cut), key=itemgetter(0)):
            if one.first >= end and not _goes_on(cut, one.last):
                end = one.last
                yield one.entry.concept, one.first, end

    def _meaning(self, short: str, long: str) -> Meaning:
        if (short, long) not in self._meanings:
            if len(self._meanings) >= _MEMORY:
                self._meanings.clear()
            self._meanings[short, long] = self._resolve(short, long)
        return self._meanings[short, long]

    def _resolve(self, short: str, long: str) -> Meaning:
        """Return what a long form names; None when it agrees with what the vocabulary has for the short form.

        The vocabulary may be more exact than our names for the long form ("B-acute lymphoblastic leukaemia (B-ALL)").
        """
        named = [hit for hit in self._find(long) if not self._doubtful(hit)]
        heads = [hit for hit in named if _is_head(hit, long)]
        usual = [hit for hit in self._find(short) if (hit.start, hit.end) == (0, len(short))]
        agreeing = [hit for hit in usual if self._agrees(hit, long)]
        is_a = self._vocabulary.is_a
        if agreeing and all(
            is_a(hit.facet, hit.concept, head.concept) for head in heads for hit in agreeing if hit.facet == head.facet
        ):
            return None
        cells = any(hit.facet == "cell_type" for hit in heads)
        of_product = [hit for hit in named if cells and hit.facet in _OF_PRODUCT]
        form = next(forms_of(short))
        concepts = dict.fromkeys((hit.facet, hit.concept) for hit in (*heads, *of_product))
        return tuple(
            Entry(facet, concept, f"{facet}:{concept}", replace(form, cased=True)) for facet, concept in concepts
        )

    def _agrees(self, hit: Hit, long: str) -> bool:
        """Tell whether more than half of the words of a long form are those of one name of a concept.

        Half is enough for an abbreviation that is not in doubt, or "nature killer (NK)" would make NK nothing.
        """
        key = (hit.facet, hit.concept)
        if key not in self._words:
            concept = self._vocabulary.concepts[hit.facet][hit.concept]
            self._words[key] = [_content(name) for name in (concept.label, *concept.synonyms)]
        wanted = _content(long)
        needed = len(wanted) + self._doubtful(hit)
        return any(
            2 * sum(any(_akin(word, other) for other in words) for word in wanted) >= max(needed, 1)
            for words in self._words[key]
        )


def _short_forms(short: str) -> Iterator[Entry]:
    """Yield the written forms of a short form, all letters by case; "MSCs" also without its s."""
    singular = short[:-1] if short.endswith("s") and short[:-1].isupper() else short
    for text in dict.fromkeys((short, singular)):
        by_case = tuple((at, token.surface) for at, token in enumerate(tokens_of(text)) if token.surface[:1].isalpha())
        for form in islice(forms_of(text), 1):
            yield Entry("", short, short, replace(form, by_case=by_case, cased=True))


def _goes_on(cut: Cut, last: int) -> bool:
    """Tell whether a number joined by a hyphen makes a token another name ("IL-15" where IL is defined)."""
    return last < len(cut.words) and cut.words[last].isdigit() and cut.gaps[last - 1] == HYPHEN


def _behind(long: str, cut: Cut, first: int) -> bool:
    """Tell whether a short form stands in brackets behind its long form: the two are one mention."""
    if not first or cut.words[first - 1] not in ("(", "["):
        return False
    keys = [token.key for token in tokens_of(long)]
    start = first - 1 - len(keys)
    return start >= 0 and [canonical(word) for word in cut.words[start : first - 1]] == keys


def _is_head(hit: Hit, long: str) -> bool:
    """Tell whether a hit is what a long form speaks of: it stands last but for light words, and is no small part.

    "Circulating tumour cells (CTC)" are no tumour; of an infusion of NK cells the cells are what it speaks of.
    """
    light = _LIGHT | {"cell"} if hit.facet == "cell_type" else _LIGHT
    size = len(tokens_of(hit.text))
    rest = tokens_of(long[hit.end :])
    return all(token.key in light for token in rest) and _HEAD_PART * (size + len(rest)) >= len(tokens_of(long))


def _content(name: str) -> list[str]:
    return [token.key for token in tokens_of(name) if len(token.key) >= _CONTENT_LETTERS and token.key[0].isalpha()]


def _akin(word: str, other: str) -> bool:
    return word.startswith(other) or other.startswith(word) or (len(word) >= _STEM and word[:_STEM] == other[:_STEM])
