"""Names of concepts in a text: exact, longest first, by whole tokens, facet by facet.

All names that stand in a text are collected with their overlaps (:mod:`kb.tag.names`). What a look-alike, a prefix, a
suffix or the record's own definitions take away goes, and only then the leftmost and longest of each facet is chosen:
no name is lost to a longer one that was none ("NKT" in "CAR-NKT", taken by "CAR-NK").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter

from kb.tag.forms import ENGLISH, HYPHEN, SPACE
from kb.tag.names import Candidate, Cut, Names, entries_of
from kb.tag.shortforms import ShortForms
from kb.tag.tags import Hit
from kb.vocabulary import FACETS, Vocabulary

#: Before a name and joined to it by a hyphen, these say that something else is meant ("non-CIK cell", "anti-CD19").
_OTHER = frozenset({"non", "anti", "pre", "pseudo"})
_CELLS = "cell_type"
_PROPERTY_WORDS = (
    "activating associated defective deficient dependent depleted depleting directed engaging enhancing free "
    "independent inhibiting insensitive like mediated negative recruiting resistant restricted sensitive specific "
    "stimulating stimulatory susceptible targeted targeting"
)
#: Behind a name of cells, these speak of a property of something else: cells that only look like NK cells
#: ("NK-like"), targets ("NK-sensitive", "NK-resistant"), ways of killing ("NK cell-mediated"), drugs ("NK-activating"),
#: grafts and mice without such cells ("NK-depleted", "NK-deficient"). The cells are no product there, and names of
#: other facets within that name ("CAR-T-resistant") do not count either.
_PROPERTY = frozenset(_PROPERTY_WORDS.split())
_PROPERTY_SIGNS = _PROPERTY | {"/"}
#: Behind a space too, when the name is in the singular: "NK cell mediated lysis", not "NK cells mediated lysis".
_PROPERTY_APART = frozenset({"dependent", "depleted", "like", "mediated", "resistant", "sensitive"})
#: "NK/T" is one word for cells between the two kinds.
_HALVES = frozenset({"nk", "killer"})

#: The two-letter abbreviations that mean nothing else beside cells and patients. Counted in the definitions of 3,300
#: abstracts of all kinds: OS 62 of 63, CR 50 of 51, NK 117 of 121 as ours. "R/R" and "R/M" are without their stroke.
_PLAIN = frozenset({"CR", "NK", "OS", "RM", "RR"})
#: One letter with a number in so few characters may be a measure ("2L", "90Y"); "N-803" is a code.
_SHORT_CODE = 3
_AMBIGUOUS_WORDS = (
    "AAV ADC AMI ANK APC APS ART ASC ATC AVN AYA BSC BSI BTC CART CCA CHC CIS DSA EOC IRE IRR ITP LPD MCC MCL "
    "MPE MPM MSD MUD NAD NEC NED NET NKL NPC ONK PCA PCL PID PNET RFA RMS SAA SCI SSC STS SVF TAE TBI TIP"
)
#: Abbreviations of three letters and more that the literature uses as often for something else: those which the same
#: count showed (ART, IRR, NPC, ASC, NET …), and others known from medicine at large (TBI, ATC, SCI …).
_AMBIGUOUS = frozenset(_AMBIGUOUS_WORDS.split())


class Matcher:
    """Finds the names of a vocabulary.

    Args:
        vocabulary: labels and synonyms are the names; look-alikes are what must not be taken for them.
        facets: the facets to look for.
    """

    def __init__(self, vocabulary: Vocabulary, facets: Iterable[str] = FACETS) -> None:
        self._vocabulary = vocabulary
        self._names = Names(
            entry
            for facet in facets
            for concept in vocabulary.concepts.get(facet, {}).values()
            for entry in entries_of(concept)
        )
        self._short_forms = ShortForms(vocabulary, self.find, needs_support)

    def find(self, text: str, definitions: Mapping[str, str] | None = None) -> list[Hit]:
        """Return the names in a text, sorted by place; of overlapping ones of a facet the leftmost, then the longest.

        Concepts that share a name are all returned. In a text all in capitals an abbreviation that may be an English
        word ("ALL") counts only when a longer name contains it or another name of the same, a broader or a narrower
        concept stands in the text.

        Args:
            text: any; offsets of the hits count its characters.
            definitions: short form → long form, of the whole record (:func:`kb.tag.abbreviations.defined`). A short
                form then means what its long form names, and nothing when that names no concept; right behind its
                long form it is no mention of its own.
        """
        cut = Cut(text)
        found = self._names.places(cut)
        if definitions:
            found = self._short_forms.read(cut, found, definitions)
        found = self._counting(found, cut)
        if cut.capitals:
            found = list(self._supported(found, cut))
        return [_hit(one, cut) for one in _longest(found)]

    def _counting(self, found: list[Candidate], cut: Cut) -> list[Candidate]:
        """Return the candidates that no look-alike, no prefix and no suffix takes away."""
        others = not _OTHER.isdisjoint(cut.words)
        properties = not _PROPERTY_SIGNS.isdisjoint(cut.words)
        looks: list[Candidate] = []
        barred: list[Candidate] = []
        left: list[Candidate] = []
        for one in found:
            if one.entry.look:
                looks.append(one)
            elif properties and one.entry.facet == _CELLS and _is_property(one, cut):
                barred.append(one)
            elif not (others and _is_other(one, cut)):
                left.append(one)
        if looks:
            left = list(_unlike(left, looks))
        if barred:
            reach = _reach(barred)
            left = [one for one in left if reach.get(one.first, 0) < one.last]
        return left

    def _supported(self, found: list[Candidate], cut: Cut) -> Iterator[Candidate]:
        """Yield the candidates of a text in capitals without the English words that nothing supports."""
        plain = {(one.entry.facet, one.entry.concept) for one in found if not _is_english(one, cut)}
        related = {
            (facet, other)
            for facet, concept in plain
            for other in self._vocabulary.concepts[facet]
            if self._vocabulary.relation(facet, other, concept) != "different"
        }
        reach = _reach([one for one in found if one.last - one.first > 1])
        for one in found:
            inside = reach.get(one.first, 0) >= one.last
            known = (one.entry.facet, one.entry.concept) in related
            if one.long or inside or known or not _is_english(one, cut):
                yield one


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
        return len(hit.text) <= _SHORT_CODE
    return (len(letters) <= 2 and letters.upper() not in _PLAIN) or hit.text.removesuffix("s").upper() in _AMBIGUOUS


def _unlike(found: list[Candidate], looks: list[Candidate]) -> Iterator[Candidate]:
    """Yield the names that no look-alike of their concept overlaps.

    A name that holds the whole look-alike and more was written down in its knowledge ("non-myeloablative conditioning"
    beside the look-alike "myeloablative conditioning") and stays.
    """
    over: dict[tuple[str, int], list[Candidate]] = {}
    for look in looks:
        for token in range(look.first, look.last):
            over.setdefault((look.entry.key, token), []).append(look)
    for one in found:
        size = one.last - one.first
        if all(
            one.first <= look.first and look.last <= one.last and look.last - look.first < size
            for token in range(one.first, one.last)
            for look in over.get((one.entry.key, token), ())
        ):
            yield one


def _longest(found: list[Candidate]) -> Iterator[Candidate]:
    """Yield the leftmost-longest of each facet; concepts that share a name are all yielded, each once."""
    taken: dict[str, tuple[int, int, set[str]]] = {}
    for one in sorted(found, key=itemgetter(0)):
        facet, key = one.entry.facet, one.entry.key
        before = taken.get(facet)
        if before is None or one.first >= before[1]:
            taken[facet] = (one.first, one.last, {key})
            yield one
        elif before[:2] == (one.first, one.last) and key not in before[2]:
            before[2].add(key)
            yield one


def _hit(one: Candidate, cut: Cut) -> Hit:
    _, first, last, entry, long = one
    start, end = cut.span(first, last)
    form = entry.form
    text = cut.original[start:end]
    return Hit(entry.facet, entry.concept, start, end, text, long or form.name, form.cased, long != "")


def _is_other(one: Candidate, cut: Cut) -> bool:
    """Tell whether a prefix before the name makes it something else; "non" does so behind a space as well."""
    if one.first == 0 or (before := cut.words[one.first - 1]) not in _OTHER:
        return False
    gap = cut.gaps[one.first - 1]
    return gap == HYPHEN or (before == "non" and gap == SPACE)


def _is_property(one: Candidate, cut: Cut) -> bool:
    """Tell whether a name of cells only says what something else is like (see :data:`_PROPERTY`)."""
    if one.last >= len(cut.words):
        return False
    behind, own = cut.words[one.last], cut.words[one.last - 1]
    if behind == "/":
        return own in _HALVES and cut.words[one.last + 1 : one.last + 2] == ["t"]
    if behind not in _PROPERTY:
        return False
    gap = cut.gaps[one.last - 1]
    return gap == HYPHEN or (gap == SPACE and behind in _PROPERTY_APART and not own.endswith("s"))


def _reach(stretches: Iterable[Candidate]) -> dict[int, int]:
    """Return for every token of some stretches how far one that it stands in goes."""
    reach: dict[int, int] = {}
    for one in stretches:
        for token in range(one.first, one.last):
            reach[token] = max(reach.get(token, 0), one.last)
    return reach


def _is_english(one: Candidate, cut: Cut) -> bool:
    return one.entry.form.cased and one.last - one.first == 1 and cut.surface(one.first).upper() in ENGLISH
