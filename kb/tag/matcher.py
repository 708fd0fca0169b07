"""Names of concepts in a text: exact, longest first, by whole tokens, facet by facet.

Every token that begins a name is followed through a tree of tokens, and every name that ends on the way is kept until
it has passed all checks: gaps, case, both ends, prefixes, look-alikes, definitions. Only then the leftmost and longest
of each facet is chosen, so no name is lost to a longer one that was none ("NKT" in "CAR-NKT", taken by "CAR-NK").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate, chain, compress, islice

from kb.tag.forms import BREAK, ENGLISH, GLUED, HYPHEN, SPACE, TOKEN, Form, forms_of, gap_of, leading, tokens_of
from kb.tag.normal import Folded, canonical, fold
from kb.tag.tags import Hit
from kb.vocabulary import FACETS, Concept, Vocabulary

#: Before a name and joined to it by a hyphen, these say that something else is meant ("non-CIK cell", "anti-CD19").
_OTHER = frozenset({"non", "anti", "pre", "pseudo"})
#: Behind a name of cells, these speak of a property of something else: cells that only look like NK cells
#: ("NK-like"), targets ("NK-sensitive", "NK-resistant"), ways of killing ("NK cell-mediated"), drugs ("NK-activating"),
#: grafts and mice without such cells ("NK-depleted", "NK-deficient"). The cells are no product there.
_PROPERTY = frozenset(
    "activating associated defective deficient dependent depleted depleting directed engaging enhancing free "
    "independent inhibiting insensitive like mediated negative recruiting resistant restricted sensitive specific "
    "stimulating stimulatory susceptible targeted targeting".split()  # noqa: SIM905 - reads better than a column
)
#: Behind a space too, when the name is in the singular: "NK cell mediated lysis", not "NK cells mediated lysis".
_PROPERTY_APART = frozenset({"dependent", "depleted", "like", "mediated", "resistant", "sensitive"})
_CELLS = "cell_type"
#: In a long form that names cells, names of these facets count as well ("umbilical cord blood NK cells (UCB-NK)").
_OF_PRODUCT = ("cell_source", "expansion", "engineering")
#: Words behind the name in a long form that leave its meaning ("natural killer cell therapy").
_LIGHT = frozenset(
    map(canonical, "cell cells disease diseases infusion infusions patient patients therapy treatment".split())
)
_MEMORY = 200_000
_SMALL_WORD = re.compile(r"\b[a-z]{3,}\b")
_CAPITAL_WORD = re.compile(r"\b[A-Z]{5,}\b")

#: Two-letter abbreviations that mean nothing else beside cells and patients.
_PLAIN = frozenset({"NK"})
#: Abbreviations of three letters and more that the literature uses as often for something else.
_AMBIGUOUS = frozenset(
    "AAV ADC AMI APC APS ART ASC ATC AVN AYA BSC BSI BTC CART CCA CHC CIS DSA EOC IRE IRR ITP LPD MCC MCL "
    "MPE MPM MSD MUD NAD NEC NED NET NPC PCA PCL PID PNET RFA RMS SAA SCI SSC STS SVF TAE TBI TIP".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A written form of a name, or of a look-alike, of a concept."""

    facet: str
    concept: str
    form: Form
    look: bool


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An entry at tokens ``first`` to ``last`` (excluded) of a text."""

    first: int
    last: int
    facet: str
    concept: str
    name: str
    cased: bool
    defined: bool = False


#: A node of the tree: key of the next token → node; "" → the entries that end here.
_Node = dict[str, object]


class _Roots(dict[str, "_Node | None"]):
    """Token of a text → the node it leads to from the root; computed once for each spelling that turns up."""

    def __init__(self, root: _Node) -> None:
        super().__init__()
        self.root = root

    def __missing__(self, word: str) -> _Node | None:
        if len(self) >= _MEMORY:
            self.clear()
        node = self.root.get(canonical(word))
        found = node if isinstance(node, dict) else None
        self[word] = found
        return found


class _Text:
    """A text cut into tokens."""

    def __init__(self, text: str) -> None:
        self.original = text
        self.folded: Folded = fold(text)
        lead = leading(self.folded.lower)
        self.pairs: list[tuple[str, str]] = TOKEN.findall(self.folded.lower, lead)
        self.words = [word for word, _ in self.pairs]
        self.offsets = list(accumulate(map(len, chain.from_iterable(self.pairs)), initial=lead))
        self._capitals: bool | None = None

    def gap(self, place: int) -> int:
        """Return the kind of gap behind a token."""
        between = self.pairs[place][1]
        return GLUED if not between else SPACE if between == " " else HYPHEN if between == "-" else gap_of(between)

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

    def hit(self, found: _Candidate) -> Hit:
        """Return a candidate as a hit of the original text."""
        stop = self.offsets[2 * found.last - 1]
        if stop - self.offsets[2 * found.last - 2] > 1 and self.folded.lower[stop - 1] == "'":
            stop -= 1
        start, end = self.folded.span(self.offsets[2 * found.first], stop)
        text = self.original[start:end]
        return Hit(found.facet, found.concept, start, end, text, found.name, found.cased, found.defined)


class Matcher:
    """Finds the names of a vocabulary.

    Args:
        vocabulary: labels and synonyms are the names; look-alikes are what must not be taken for them.
        facets: the facets to look for.
    """

    def __init__(self, vocabulary: Vocabulary, facets: Iterable[str] = FACETS) -> None:
        self.vocabulary = vocabulary
        self.facets = tuple(facets)
        self._order = {facet: place for place, facet in enumerate(self.facets)}
        self._words: dict[tuple[str, str], list[frozenset[str]]] = {}
        root: _Node = {}
        for facet in self.facets:
            for concept in vocabulary.concepts.get(facet, {}).values():
                for entry in _entries(concept):
                    _plant(root, entry)
        self._roots = _Roots(root)
        self._resolved: dict[tuple[str, str], tuple[tuple[str, str], ...] | None] = {}

    def find(self, text: str, definitions: Mapping[str, str] | None = None) -> list[Hit]:
        """Return the names in a text, sorted by place; of overlapping ones of a facet the leftmost, then the longest.

        Args:
            text: any; offsets of the hits count its characters.
            definitions: short form → long form, of the whole record (:mod:`kb.tag.abbreviations`). A short form then
                means what its long form names, and nothing when that names no concept.
        """
        cut = _Text(text)
        found, looks = self._candidates(cut)
        if definitions:
            found = self._defined(cut, found, definitions)
        found = _without(found, looks)
        if cut.capitals:
            found = [one for one in found if one.defined or self._supported(cut, one, found)]
        return [cut.hit(one) for one in self._longest(found)]

    # ------------------------------------------------------------------ candidates

    def _candidates(self, cut: _Text) -> tuple[list[_Candidate], list[_Candidate]]:
        """Return names and look-alikes that pass gaps, case and both ends."""
        found: list[_Candidate] = []
        looks: list[_Candidate] = []
        roots = self._roots
        words = cut.words
        for first in compress(range(len(words)), map(roots.__getitem__, words)):
            for last, entry in _walk(roots[words[first]], cut, first):
                if not _fits(entry.form, cut, first, last):
                    continue
                one = _Candidate(first, last, entry.facet, entry.concept, entry.form.name, entry.form.cased)
                if entry.look:
                    looks.append(one)
                elif _is_property(one, cut):
                    looks.append(replace(one, concept=""))
                elif not _is_other(one, cut):
                    found.append(one)
        return found, looks

    def _longest(self, found: list[_Candidate]) -> Iterator[_Candidate]:
        """Yield the leftmost-longest of each facet; concepts that share a name are all yielded, each once."""
        taken: dict[str, tuple[int, int]] = {}
        seen: set[tuple[int, str, str]] = set()
        for one in sorted(found, key=lambda one: (one.first, -one.last, self._order[one.facet], one.concept)):
            first, last = taken.get(one.facet, (-1, -1))
            key = (one.first, one.facet, one.concept)
            if (one.first >= last or (first, last) == (one.first, one.last)) and key not in seen:
                taken[one.facet] = (one.first, one.last)
                seen.add(key)
                yield one

    def _supported(self, cut: _Text, one: _Candidate, found: list[_Candidate]) -> bool:
        """Tell whether a name that may be an English word has support in a text all in capitals.

        It has when a longer name contains it ("CAR-NK CELLS") or another, plain name of the same, a broader or a
        narrower concept stands in the same text ("ACUTE LYMPHOBLASTIC LEUKEMIA").
        """
        if not one.cased or not _is_english(cut, one):
            return True
        for other in found:
            longer = other.last - other.first > one.last - one.first
            if longer and other.first <= one.first and one.last <= other.last:
                return True
            if other.facet == one.facet and not (other.cased and _is_english(cut, other)):
                relation = self.vocabulary.relation(one.facet, other.concept, one.concept)
                if relation != "different":
                    return True
        return False

    # ------------------------------------------------------------------ definitions

    def _defined(self, cut: _Text, found: list[_Candidate], definitions: Mapping[str, str]) -> list[_Candidate]:
        """Return the candidates with every short form of the record read by its definition."""
        for short, long in definitions.items():
            for form in _short_forms(short):
                places = [
                    (first, first + len(form.keys))
                    for first in range(len(cut.words) - len(form.keys) + 1)
                    if canonical(cut.words[first]) == form.keys[0]
                    and all(canonical(cut.words[first + i]) == key for i, key in enumerate(form.keys))
                    and _fits(form, cut, first, first + len(form.keys))
                ]
                if places:
                    found = self._read_short(cut, found, places, short, long)
        return found

    def _read_short(
        self, cut: _Text, found: list[_Candidate], places: list[tuple[int, int]], short: str, long: str
    ) -> list[_Candidate]:
        meaning = self._meaning(short, long)
        result = []
        exact = set(places)
        facets = {facet for facet, _ in meaning} if meaning is not None else set()
        for one in found:
            if (one.first, one.last) in exact:
                if meaning is None:
                    result.append(replace(one, defined=True, name=long))
                continue
            inside = any(first <= one.first and one.last <= last for first, last in places)
            if not (inside and one.facet in facets):
                result.append(one)
        for first, last in places:
            if meaning is None or _at_definition(cut, first, last, long):
                continue
            for facet, concept in meaning:
                one = _Candidate(first, last, facet, concept, long, True, True)
                if not _is_other(one, cut) and not _is_property(one, cut):
                    result.append(one)
        return [
            one
            for one in result
            if not (one.defined and (one.first, one.last) in exact and _at_definition(cut, one.first, one.last, long))
        ]

    def _meaning(self, short: str, long: str) -> tuple[tuple[str, str], ...] | None:
        """Return the concepts a long form names, perhaps none.

        None when it agrees with what the short form means in the vocabulary, which may be more exact than our names
        for the long form.
        """
        key = (short, long)
        if key not in self._resolved:
            if len(self._resolved) >= _MEMORY:
                self._resolved.clear()
            self._resolved[key] = self._resolve(short, long)
        return self._resolved[key]

    def _resolve(self, short: str, long: str) -> tuple[tuple[str, str], ...] | None:
        named = [hit for hit in self.find(long) if not (hit.cased and needs_support(hit))]
        tail = [canonical(token.surface.lower()) for token in tokens_of(long)]
        heads = [hit for hit in named if _is_head(hit, long, tail)]
        usual = [hit for hit in self.find(short) if (hit.start, hit.end) == (0, len(short))]
        agreeing = [hit for hit in usual if self._agrees(hit, long)]
        if agreeing and all(
            self.vocabulary.is_a(hit.facet, hit.concept, head.concept)
            for head in heads
            for hit in agreeing
            if hit.facet == head.facet
        ):
            return None
        cells = any(hit.facet == _CELLS for hit in heads)
        of_product = [hit for hit in named if cells and hit.facet in _OF_PRODUCT]
        return tuple(dict.fromkeys((hit.facet, hit.concept) for hit in (*heads, *of_product)))

    def _agrees(self, hit: Hit, long: str) -> bool:
        """Tell whether more than half of the words of a long form are those of one name of a concept."""
        key = (hit.facet, hit.concept)
        if key not in self._words:
            concept = self.vocabulary.concepts[hit.facet][hit.concept]
            self._words[key] = [frozenset(_content(name)) for name in (concept.label, *concept.synonyms)]
        wanted = _content(long)
        return any(
            2 * sum(any(_akin(word, other) for other in words) for word in wanted) > len(wanted)
            for words in self._words[key]
        )


def needs_support(hit: Hit) -> bool:
    """Tell whether a hit should count only with a second sign in the record.

    So it is for an abbreviation that the record does not define and that has at most two letters ("MM", "RA", "CB";
    "NK" alone is plain enough), or is on our list of longer ones with other common meanings ("NET", "TBI", "SCI").

    Args:
        hit: from :meth:`Matcher.find`.
    """
    if not hit.cased or hit.defined:
        return False
    letters = "".join(char for char in hit.text if char.isalpha())
    letters = letters.removesuffix("s") if len(letters) > 1 else letters
    if any(char.isdigit() for char in hit.text):
        return len(letters) < 2
    return (len(letters) <= 2 and letters not in _PLAIN) or letters.upper() in _AMBIGUOUS


# ---------------------------------------------------------------------------- the tree


def _entries(concept: Concept) -> Iterator[_Entry]:
    """Yield all written forms of a concept's names and look-alikes."""
    short = {
        surface.lower()
        for name in (concept.label, *concept.synonyms)
        for form in forms_of(name)
        for surface in form.surfaces
        if surface
    }
    for name in (concept.label, *concept.synonyms):
        for form in forms_of(name):
            yield _Entry(concept.facet, concept.id, form, False)
    for name in concept.look_alikes:
        for form in forms_of(name):
            yield _Entry(concept.facet, concept.id, _look_form(form, name, short), True)


def _look_form(form: Form, name: str, short: set[str]) -> Form:
    """Return a look-alike's form, with the words by case that the concept has as abbreviations.

    Otherwise "all patients" would hide "ALL patients".
    """
    surfaces = tuple(
        token.surface if token.surface.islower() and token.surface in short else surface
        for token, surface in zip(tokens_of(name), form.surfaces, strict=False)
    )
    return replace(form, surfaces=surfaces) if len(surfaces) == len(form.surfaces) else form


def _plant(root: _Node, entry: _Entry) -> None:
    node = root
    for key in entry.form.keys:
        child = node.setdefault(key, {})
        assert isinstance(child, dict)
        node = child
    ends = node.setdefault("", [])
    assert isinstance(ends, list)
    if all(
        (entry.facet, entry.concept, entry.look) != (o.facet, o.concept, o.look) or _rules(o) != _rules(entry)
        for o in ends
    ):
        ends.append(entry)


def _rules(entry: _Entry) -> tuple[tuple[int, ...], tuple[str, ...]]:
    return entry.form.gaps, entry.form.surfaces


def _walk(node: object, cut: _Text, first: int) -> Iterator[tuple[int, _Entry]]:
    """Yield the entries whose tokens follow each other from ``first``, with the token behind the last."""
    words = cut.words
    place = first
    while isinstance(node, dict):
        place += 1
        for entry in node.get("", ()):
            yield place, entry
        if place >= len(words) or len(node) == ("" in node) or cut.gap(place - 1) == BREAK:
            return
        node = node.get(canonical(words[place]))


# ---------------------------------------------------------------------------- checks


def _fits(form: Form, cut: _Text, first: int, last: int) -> bool:
    """Tell whether gaps, both ends and case are those of the form."""
    if not _ends_free(cut, first, last):
        return False
    for place, allowed in enumerate(form.gaps, first):
        if not cut.gap(place) & allowed:
            return False
    return not any(form.surfaces) or all(
        not wanted or _same_case(cut.surface(place), wanted, cut) for place, wanted in enumerate(form.surfaces, first)
    )


def _ends_free(cut: _Text, first: int, last: int) -> bool:
    """Tell whether no letter or digit touches the tokens from outside."""
    pairs = cut.pairs
    before = first > 0 and not pairs[first - 1][1] and pairs[first - 1][0][-1].isalnum()
    if before and pairs[first][0][0].isalnum():
        return False
    after = last < len(pairs) and not pairs[last - 1][1] and pairs[last][0][0].isalnum()
    return not (after and pairs[last - 1][0][-1].isalnum())


def _same_case(surface: str, wanted: str, cut: _Text) -> bool:
    """Tell whether letters are those wanted, an s of the plural aside; in a text all in capitals all letters are."""
    if surface in (wanted, wanted + "s"):
        return True
    return cut.capitals and surface.isupper() and surface in (wanted.upper(), wanted.upper() + "S")


def _is_other(one: _Candidate, cut: _Text) -> bool:
    """Tell whether a prefix before the name makes it something else; "non" does so behind a space as well."""
    if one.first == 0:
        return False
    before = cut.words[one.first - 1]
    return before in _OTHER and (
        cut.gap(one.first - 1) == HYPHEN or (before == "non" and cut.gap(one.first - 1) == SPACE)
    )


def _is_property(one: _Candidate, cut: _Text) -> bool:
    """Tell whether a name of cells only says what something else is like (see :data:`_PROPERTY`).

    So does the first half of "NK/T", which is one word for cells between the two kinds.
    """
    if one.facet != _CELLS or one.last >= len(cut.words):
        return False
    behind, gap = cut.words[one.last], cut.gap(one.last - 1)
    if behind == "/":
        own = cut.words[one.last - 1]
        return own in ("nk", "killer") and cut.words[one.last + 1 : one.last + 2] == ["t"]
    if gap == HYPHEN:
        return behind in _PROPERTY
    return gap == SPACE and behind in _PROPERTY_APART and not cut.words[one.last - 1].endswith("s")


def _without(found: list[_Candidate], looks: list[_Candidate]) -> list[_Candidate]:
    """Return the candidates that no look-alike of their concept overlaps and that are in no mere property."""
    if not looks:
        return found
    return [
        one
        for one in found
        if not any(
            look.facet == one.facet
            and look.first < one.last
            and one.first < look.last
            and (
                look.concept == one.concept or (not look.concept and look.first <= one.first and one.last <= look.last)
            )
            for look in looks
        )
    ]


def _is_english(cut: _Text, one: _Candidate) -> bool:
    return one.last - one.first == 1 and cut.surface(one.first).upper() in ENGLISH


# ---------------------------------------------------------------------------- definitions


def _short_forms(short: str) -> Iterator[Form]:
    """Yield the forms of a short form, all letters by case; "MSCs" also without its s."""
    for text in dict.fromkeys((short, short[:-1] if short.endswith("s") and short[:-1].isupper() else short)):
        for form in islice(forms_of(text), 1):
            surfaces = tuple(token.surface if token.surface[:1].isalpha() else "" for token in tokens_of(text))
            yield replace(form, surfaces=surfaces, cased=True)


def _at_definition(cut: _Text, first: int, last: int, long: str) -> bool:
    """Tell whether the short form stands in brackets behind its long form: the two are one mention."""
    keys = [token.key for token in tokens_of(long)]
    start = first - 1 - len(keys)
    if start < 0 or cut.words[first - 1] not in ("(", "["):
        return False
    return [canonical(word) for word in cut.words[start : first - 1]] == keys


def _is_head(hit: Hit, long: str, tail: list[str]) -> bool:
    """Tell whether a hit ends a long form but for words that leave its meaning."""
    rest = tokens_of(long[hit.end :])
    return all(token.key in _LIGHT for token in rest) and len(rest) < len(tail)


def _content(name: str) -> list[str]:
    return [token.key for token in tokens_of(name) if len(token.surface) >= 4 and token.surface[0].isalpha()]


def _akin(word: str, other: str) -> bool:
    return word.startswith(other) or other.startswith(word) or (len(word) > 6 and word[:6] == other[:6])
