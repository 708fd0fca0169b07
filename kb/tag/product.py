"""Which of the cells (or drugs) a record names are what was given: the product.

Every mention of a kind of cell has a role (:mod:`kb.tag.cell_roles`). A concept is the product when its mentions in the
study's own sentences say that it was given to people or made to be given; what is only measured in them, tried on
animals, denied, of the past, or of other studies is a mention and no more.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from kb.tag import frames
from kb.tag.cell_roles import NO_PRODUCT, SIGNS, Judged
from kb.vocabulary import Vocabulary

#: The root of all cells in ``data/vocabulary/cell_type.tsv``; what stands beside it is a drug.
CELLS = "cells"
#: Characters between "… therapy" and the cells it uses.
_USING_REACH = 80


@dataclass(frozen=True, slots=True)
class Product:
    """What a record's sentences say was given.

    Attributes:
        concepts: the products, most specific ones, in order of the weight of their evidence.
        evidence: mentions that make each a product.
        judged: every mention of a cell or drug as a product, with its role.
    """

    concepts: tuple[str, ...]
    evidence: dict[str, tuple[Judged, ...]]
    judged: tuple[Judged, ...]


def product(
    every: Sequence[Judged],
    vocabulary: Vocabulary,
    partners: Collection[tuple[str, int, int]],
    *,
    people: bool,
    registered: bool,
) -> Product:
    """Return what was given.

    A parent named beside its child ("NK cells" in a paper on CAR-NK cells) is the child said shortly: its signs count
    for the child, and it is no product of its own.

    Args:
        every: the mentions of facet ``cell_type`` with their roles.
        vocabulary: for the hierarchy.
        partners: (field, start, end) of names of partners ("IL-2", "stem cell transplantation"): beside other cells
            they are what went with the product, and so is every drug.
        people: the record says that people were treated.
        registered: it is a registration.
    """
    every = _without_bare_names(every, vocabulary)
    evidence: dict[str, list[Judged]] = {}
    for one in every:
        if one.role in SIGNS:
            evidence.setdefault(one.mention.hit.concept, []).append(one)
    pooled = {
        concept: [
            one for other, ones in evidence.items() if vocabulary.is_a("cell_type", concept, other) for one in ones
        ]
        for concept in evidence
    }
    kept = {
        concept: tuple(found)
        for concept, found in evidence.items()
        if _enough(concept, pooled[concept], every, people=people, registered=registered)
    }
    shared = {
        concept
        for concept in kept
        for other in kept
        if other != concept and vocabulary.is_a("cell_type", other, concept)
    }
    left = {concept: found for concept, found in kept.items() if concept not in shared and concept != NO_PRODUCT}
    own = {
        concept
        for concept in left
        if vocabulary.is_a("cell_type", concept, CELLS) and not all(_partner(one, partners) for one in left[concept])
    }
    cells = {concept for concept in own if not all(_grafted(one) for one in left[concept])} or own
    if cells:
        left = {concept: found for concept, found in left.items() if concept in cells}
    order = sorted(left, key=lambda concept: (-_weight(left[concept]), concept))
    return Product(tuple(order), {concept: left[concept] for concept in order}, tuple(every))


def _partner(one: Judged, partners: Collection[tuple[str, int, int]]) -> bool:
    hit, place = one.mention.hit, one.mention.passage.field
    return any(field == place and start <= hit.start and hit.end <= end for field, start, end in partners)


def _grafted(one: Judged) -> bool:
    return frames.GRAFT_RIGHT.search(one.mention.right) is not None


def _without_bare_names(every: Sequence[Judged], vocabulary: Vocabulary) -> list[Judged]:
    """Return the mentions, with "NKT cell therapy" no product where it goes on "using α-GalCer-pulsed cells"."""
    result = []
    for one in every:
        mention = one.mention
        if one.role in SIGNS and frames.THERAPY_USING.search(mention.right):
            behind = [
                other.mention.hit
                for other in every
                if other.mention.sentence == mention.sentence
                and other.mention.passage == mention.passage
                and 0 < other.mention.hit.start - mention.hit.end < _USING_REACH
            ]
            if behind and not any(_kin(mention.hit.concept, hit.concept, vocabulary) for hit in behind):
                one = replace(one, role="named", rule="a treatment named after it uses other cells")
        result.append(one)
    return result


def _kin(one: str, other: str, vocabulary: Vocabulary) -> bool:
    return vocabulary.is_a("cell_type", one, other) or vocabulary.is_a("cell_type", other, one)


def _enough(concept: str, found: Sequence[Judged], every: Sequence[Judged], *, people: bool, registered: bool) -> bool:
    """Tell whether signs make a product.

    One mention as given is enough, and so are two weaker signs. A lone sign in the title is enough where no text
    follows, and where people were treated and nothing in the text says that such cells were only measured.
    """
    if any(one.role == "given" for one in found) or len(found) > 1:
        return True
    coded = any(one.role in ("code", "disease") for one in every)
    signs = SIGNS if registered and not coded else ("used", "made")  # the title of a trial names what is tried
    titled = any(one.mention.passage.kind == "title" and one.role in signs for one in found)
    below = [one for one in every if one.mention.passage.kind in ("abstract", "summary")]
    if not titled or not below:
        return titled
    return people and not any(one.role == "measured" and one.mention.hit.concept == concept for one in below)


def _weight(found: Sequence[Judged]) -> int:
    return sum((3 if one.mention.passage.kind in ("title", "intervention") else 1) for one in found)


def renamed(given: Product, names: Mapping[str, str]) -> Product:
    """Return a product with concepts replaced by narrower ones; two that become one are one.

    Args:
        given: the product.
        names: concept → what it is really, for each of its concepts.
    """
    evidence: dict[str, tuple[Judged, ...]] = {}
    for concept in given.concepts:
        evidence[names[concept]] = (*evidence.get(names[concept], ()), *given.evidence[concept])
    return Product(tuple(evidence), evidence, given.judged)
