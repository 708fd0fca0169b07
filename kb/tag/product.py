"""Which of the cells (or drugs) a record names are what was given: the product.

Every mention of a kind of cell gets a role from the frames around it (:mod:`kb.tag.frames`). A concept is the product when
its mentions in the study's own sentences say that it was given to people or made to be given; what is only measured in
them, tried on animals, denied, of the past, or of other studies is a mention and no more.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from kb.tag import frames
from kb.tag.mentions import Mention
from kb.vocabulary import Vocabulary

#: ``given`` to people, in words that only fit something given; ``used`` as a treatment; ``made`` to be given;
#: ``headed``: named in the title without them; ``named`` without telling words; ``measured`` in the body; part of a ``disease`` name or of a drug's ``code``; ``animal``: on animals or in a dish; ``denied``, ``history``,
#: ``contrast``, ``supposed`` by its assertion; ``field``: of other studies.
Role = Literal[
    "given",
    "used",
    "made",
    "headed",
    "named",
    "measured",
    "disease",
    "code",
    "animal",
    "denied",
    "history",
    "contrast",
    "supposed",
    "field",
]
#: Concepts of ``data/vocabulary/cell_type.tsv`` with a meaning for the code: the root of all cells, and "nothing given".
CELLS, NO_PRODUCT = "cells", "no-product"
#: Roles that speak for a product. ``given`` alone is enough; the others need each other or the title.
SIGNS: tuple[Role, ...] = ("given", "used", "made", "headed")


@dataclass(frozen=True, slots=True)
class Judged:
    """A mention with its role, and the rule that gave it."""

    mention: Mention
    role: Role
    rule: str


_EXPLAINING = re.compile(r"\s*(?:\(|,\s*(?:an?|the)?|\s(?:is|are)\s(?:an?|the)?)\s*[^.;:()]{0,80}")
_BY_ASSERTION: dict[str, Role] = {"absent": "denied", "historical": "history", "contrast": "contrast"}


def judged(mention: Mention, interventions: Sequence[str] = ()) -> Judged:
    """Return a mention of a possible product with its role.

    Args:
        mention: of facet ``cell_type``.
        interventions: names of registered interventions, lower case.
    """
    if mention.assertion in _BY_ASSERTION:
        return Judged(mention, _BY_ASSERTION[mention.assertion], f"cue: {mention.cue.lower()}")
    role, rule = _framed(mention)
    if mention.passage.kind == "intervention" and role in ("named", "measured", "made", "used"):
        role, rule = "given", "named as an intervention"
    if role in ("named", "made", "headed") and _explains(mention.left, interventions):
        role, rule = "given", "says what a registered intervention is"
    animal = frames.ANIMAL.search(mention.around)
    if animal and role in SIGNS and not (frames.PEOPLE.search(mention.around) or frames.TRIAL.search(mention.around)):
        return Judged(mention, "animal", f"animals or a dish: {animal.group().lower()}")
    if not mention.own and role in (*SIGNS, "named"):
        return Judged(mention, "field", "a sentence about the field")
    if mention.assertion == "possible" and role in (*SIGNS, "named"):
        return Judged(mention, "supposed", f"cue: {mention.cue.lower()}")
    return Judged(mention, role, rule)


def _explains(left: str, interventions: Sequence[str]) -> bool:
    """Tell whether the words before a mention end in "<intervention> (" or "<intervention> is an"."""
    for name in interventions:
        place = left.rfind(name)
        if place >= 0 and _EXPLAINING.fullmatch(left[place + len(name) :]):
            return True
    return False


def _framed(mention: Mention) -> tuple[Role, str]:
    left, right = mention.left, mention.right
    title = mention.passage.kind == "title"
    if frames.DISEASE_RIGHT.search(right):
        return "disease", "part of the name of a disease"
    if frames.CODE_RIGHT.search(right):
        return "code", "part of a drug's code"
    if frames.GIVEN_RIGHT.search(right) or frames.NAMED_LEFT.search(left):
        return "given", "name of a treatment"
    measured = (
        frames.MEASURED_LEFT.search(left) or frames.MEASURED_RIGHT.search(right) or frames.MEASURED_VERB.search(right)
    )
    if measured:
        return "measured", f"measured: {measured.group().strip(' -')[:40]}"
    if frames.GIVEN_VERB.search(right):
        return "given", "said to be given"
    if frames.GIVEN_LEFT.search(left):
        return "given", "object of giving"
    if frames.TREATED_LEFT.search(left):
        return "used", "object of treating"
    if frames.DOSED.search(right) or frames.DOSE_LEFT.search(left):
        return "used", "has a dose"
    if title and frames.TRIAL.search(mention.around):
        return "given", "in the title of a trial"
    if title and (frames.FOR_RIGHT.search(right) or frames.PARTNER_LEFT.search(left)):
        return "used", "subject of the title"
    if frames.MADE_LEFT.search(left):
        return "made", "words for a product before it"
    if frames.MADE_RIGHT.search(right):
        return "made", "said to be made"
    if title:
        return "headed", "named in the title"
    if frames.ADMINISTERED.search(mention.around) and frames.COUNTED.search(mention.around):
        return "used", "where people are given something"
    return "named", "named only"


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
    every: Sequence[Judged], vocabulary: Vocabulary, partners: Collection[tuple[str, int, int]], *, people: bool
) -> Product:
    """Return what was given.

    A parent named beside its child ("NK cells" in a paper on CAR-NK cells) is the child said shortly: its signs count for
    the child, and it is no product of its own.

    Args:
        every: the mentions of facet ``cell_type`` with their roles.
        vocabulary: for the hierarchy.
        partners: (field, start, end) of names of partners ("IL-2", "stem cell transplantation"): beside other cells
            they are what went with the product, and so is every drug.
        people: the record says that people were treated.
    """
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
        if _enough(concept, pooled[concept], every, people=people)
    }
    shared = {
        concept
        for concept in kept
        for other in kept
        if other != concept and vocabulary.is_a("cell_type", other, concept)
    }
    left = {concept: found for concept, found in kept.items() if concept not in shared and concept != NO_PRODUCT}
    cells = {
        concept
        for concept in left
        if vocabulary.is_a("cell_type", concept, CELLS) and not all(_partner(one, partners) for one in left[concept])
    }
    if cells:
        left = {concept: found for concept, found in left.items() if concept in cells}
    order = sorted(left, key=lambda concept: (-_weight(left[concept]), concept))
    return Product(tuple(order), {concept: left[concept] for concept in order}, tuple(every))


def _partner(one: Judged, partners: Collection[tuple[str, int, int]]) -> bool:
    hit, place = one.mention.hit, one.mention.passage.field
    return any(field == place and start < hit.end and hit.start < end for field, start, end in partners)


def _enough(concept: str, found: Sequence[Judged], every: Sequence[Judged], *, people: bool) -> bool:
    """Tell whether signs make a product.

    One mention as given is enough, and so are two weaker signs. A lone sign in the title is enough where no text follows,
    and where people were treated and nothing in the text says that such cells were only measured.
    """
    if any(one.role == "given" for one in found) or len(found) > 1:
        return True
    titled = any(one.mention.passage.kind == "title" and one.role in ("used", "made") for one in found)
    below = [one for one in every if one.mention.passage.kind in ("abstract", "summary")]
    if not titled or not below:
        return titled
    return people and not any(one.role == "measured" and one.mention.hit.concept == concept for one in below)


def _weight(found: Sequence[Judged]) -> int:
    return sum((3 if one.mention.passage.kind in ("title", "intervention") else 1) for one in found)
