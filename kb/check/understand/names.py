"""What a stretch of a page names: cells, diseases, aims, people, partners, harms, outcomes, each at its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kb.check.understand.kit import Kit
from kb.check.understand.lexicon import FACETS
from kb.tag.ellipsis import completed
from kb.tag.matcher import needs_support
from kb.tag.tags import Hit

#: Before a name of cells, these say that the cells are what something is done to, or that they are only compared.
_TO = re.compile(
    r"\b(?:activat\w*|stimulat\w*|recruit\w*|amplif\w*|wak\w*|engage\w*|suppress\w*|from"
    r"|such as)\s+(?:\w+[\s,]+){0,2}$",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"\b(?:target\w*|against|unlike|than|versus|vs\.?|compared (?:with|to)|instead of|rather than"
    r"|other immune cells)\s+"
    r"(?:\w+[\s,]+){0,2}$",
    re.IGNORECASE,
)
#: Words that make of a named drug or other cells a partner of the product.
_WITH = re.compile(
    r"\b(?:with|plus|and|alongside|combin\w+|together|added|after|before|following|during|to"
    r"|on top of|besides)\b[^.;]*$"
    r"|[+&/]\s*$",
    re.IGNORECASE,
)

#: Before the name of a condition, these say that people are in it, or that they came into it.
_CONDITION = re.compile(r"\b(?:in|while|during|after|with|for)\s+(?:\w+\s+){0,2}\w{0,3}$", re.IGNORECASE)
_BROUGHT = re.compile(
    r"\b(?:were|was|are|is|stay\w*|remain\w*|went|put|kept|keep\w*|bring\w*|brought|achiev\w*|reach\w*|enter\w*|led|lead\w*"
    r"|result\w*)\s+(?:back\s+)?(?:to\s+|in\s+|into\s+)?(?:\w+\s+){0,2}\w{0,3}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Name:
    """One concept named at a place.

    Attributes:
        facet, concept: what; facet ``outcome`` and ``event`` included.
        start, end: characters of the text.
        name: as the vocabulary spells it; "" for words of the lexicon.
    """

    facet: str
    concept: str
    start: int
    end: int
    name: str = ""


@dataclass(frozen=True)
class Names:
    """Everything a text names."""

    text: str
    found: tuple[Name, ...]

    def of(self, facet: str) -> tuple[Name, ...]:
        """Return the names of a facet, left to right."""
        return tuple(one for one in self.found if one.facet == facet)

    def concepts(self, facet: str) -> tuple[str, ...]:
        """Return the concepts of a facet, each once, left to right."""
        return tuple(dict.fromkeys(one.concept for one in self.found if one.facet == facet))

    def without(self, *facets: str) -> Names:
        """Return the same without some facets."""
        return replace(self, found=tuple(one for one in self.found if one.facet not in facets))

    def outside_brackets(self) -> Names:
        """Return the same without what stands in brackets."""
        return replace(
            self,
            found=tuple(
                one for one in self.found if self.text.count("(", 0, one.start) <= self.text.count(")", 0, one.start)
            ),
        )


def names_in(kit: Kit, text: str) -> Names:
    """Return what a text names.

    Names of the vocabulary and words of the lexicon compete within a facet: the longer stretch wins; concepts that
    share a stretch are all kept. A concept gives way to a narrower one in the same text.
    """
    found = [_name(hit) for hit in _hits(kit, text)]
    for facet in FACETS:
        found += [Name(facet, word.value, word.start, word.end) for word in kit.lexicon.of_slot(text, facet)]
    kept = [one for one in _longest(found) if not _is_result(text, one, found)]
    return Names(text, tuple(sorted(_specific(kit, kept), key=lambda one: (one.start, one.end, one.facet))))


def _is_result(text: str, one: Name, found: Sequence[Name]) -> bool:
    """Tell whether the name of a condition of people is what a treatment brought about ("reached remission")."""
    if one.facet != "setting":
        return False
    overlaps = any(other.facet == "outcome" and other.start < one.end and one.start < other.end for other in found)
    before = text[: one.start + 3]
    return overlaps and (_BROUGHT.search(before) is not None or not _CONDITION.search(before))


def _hits(kit: Kit, text: str) -> list[Hit]:
    found = [hit for hit in kit.matcher.find(text) if not needs_support(hit) or len(text) < 60]
    more = completed(text, [hit for hit in found if hit.facet == "indication"], kit.matcher.find)
    taken = {(hit.facet, hit.start) for hit in found}
    return [*found, *(hit for hit in more if (hit.facet, hit.start) not in taken)]


def _name(hit: Hit) -> Name:
    return Name(hit.facet, hit.concept, hit.start, hit.end, hit.name)


def _longest(found: Iterable[Name]) -> Iterable[Name]:
    kept: dict[str, list[Name]] = {}
    for one in sorted(found, key=lambda one: (one.start - one.end, not one.name, one.start)):
        others = kept.setdefault(one.facet, [])
        same = [other for other in others if (other.start, other.end) == (one.start, one.end)]
        if same:
            if one.name and same[0].name and one.concept not in {other.concept for other in same}:
                others.append(one)
            continue
        if all(one.end <= other.start or other.end <= one.start for other in others):
            others.append(one)
    return [one for ones in kept.values() for one in ones]


def _specific(kit: Kit, found: Sequence[Name]) -> Iterable[Name]:
    """Yield the names without those a narrower name of the same text makes idle."""
    for one in found:
        narrower = any(
            other.facet == one.facet
            and other.concept != one.concept
            and kit.vocabulary.is_a(one.facet, other.concept, one.concept)
            for other in found
        )
        listed = one.facet in ("event", "outcome", "cell_type") or (
            one.facet == "indication" and one.concept == "infection"
        )
        if not narrower or listed:
            yield one


def licensed_product(kit: Kit, names: Names, cells: Sequence[str]) -> str | None:
    """Return the ``product_id`` of the one authorised product a text speaks of.

    None when it names several, or names it only beside the cells it speaks of. A licensed drug that is no cell product
    is meant only where no cells are spoken of.

    Args:
        kit: names, with those of authorised products.
        names: what the text names.
        cells: the kinds of cells it speaks of.
    """
    found = {
        kit.licensed[one.name.casefold()]
        for one in (names.of("cell_type") if cells else names.of("combination"))
        if one.name.casefold() in kit.licensed
        and (one.concept in cells or not cells)
        and not _BESIDE.search(names.text[: one.start])
    }
    return found.pop() if len(found) == 1 else None


def products_named(kit: Kit, names: Names) -> tuple[str, ...]:
    """Return the kinds of cells that a text speaks of as what is given or acts, not as what something is done to."""
    found: dict[str, None] = {}
    for one in names.of("cell_type"):
        if one.concept in ("cells", "product", "not-cells", "no-product"):
            continue
        before = names.text[: one.start]
        if _BESIDE.search(before) or (found and _TO.search(before)):
            continue
        found[one.concept] = None
    own = [concept for concept in found if kit.of_lineage(concept)]
    ordered = own or list(found)
    # "CAR-NK cells, a kind of NK cells": the narrower is meant unless both are listed side by side.
    return tuple(
        concept
        for concept in ordered
        if not any(
            other != concept and kit.vocabulary.is_a("cell_type", other, concept) and concept not in ("nk", "nkt")
            for other in ordered
        )
    )


def partners_named(kit: Kit, names: Names, product: Sequence[str]) -> tuple[str, ...]:
    """Return the treatments that a text says are given together with the product."""
    found: dict[str, None] = {}
    first = min((one.start for one in names.of("cell_type") if one.concept in product), default=0)
    covered = [(one.start, one.end) for one in names.of("setting")]
    for one in names.outside_brackets().of("combination"):
        if any(start <= one.start and one.end <= end for start, end in covered):
            continue  # "after a transplant" says when, not with what
        before = names.text[: one.start]
        if one.concept == "partner" or (
            one.start > first and _WITH.search(before[max(0, len(before) - 60) :]) and product
        ):
            found[one.concept] = None
    known = tuple(found)
    return tuple(one for one in known if one != "partner" or len(known) == 1)
