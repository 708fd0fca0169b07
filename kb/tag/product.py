"""Which of the cells (or drugs) a record names are what was given: the product.

Every mention of a kind of cell gets a role from the frames around it (:mod:`kb.tag.frames`). A concept is the product when
its mentions in the study's own sentences say that it was given to people or made to be given; what is only measured in
them, tried on animals, denied, of the past, or of other studies is a mention and no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from kb.tag import frames
from kb.tag.mentions import Mention
from kb.vocabulary import Vocabulary

#: ``given`` to people or written of in a way that only makes sense of something given; ``made`` to be given;
#: ``named`` without telling words; ``measured`` in the body; ``animal``: on animals or in a dish; ``denied``, ``history``,
#: ``contrast``, ``supposed`` by its assertion; ``field``: of other studies.
Role = Literal["given", "made", "named", "measured", "animal", "denied", "history", "contrast", "supposed", "field"]


@dataclass(frozen=True, slots=True)
class Judged:
    """A mention with its role, and the rule that gave it."""

    mention: Mention
    role: Role
    rule: str


_BY_ASSERTION: dict[str, Role] = {"absent": "denied", "historical": "history", "contrast": "contrast"}


def judged(mention: Mention) -> Judged:
    """Return a mention of a possible product with its role.

    Args:
        mention: of facet ``cell_type``.
    """
    if mention.assertion in _BY_ASSERTION:
        return Judged(mention, _BY_ASSERTION[mention.assertion], f"cue: {mention.cue.lower()}")
    role, rule = _framed(mention)
    if mention.passage.kind == "intervention" and role in ("named", "measured", "made"):
        role, rule = "given", "named as an intervention"
    animal = frames.ANIMAL.search(mention.around)
    if animal and role in ("given", "made") and not frames.PEOPLE.search(mention.around):
        return Judged(mention, "animal", f"animals or a dish: {animal.group().lower()}")
    if not mention.own and role in ("given", "made", "named"):
        return Judged(mention, "field", "a sentence about the field")
    if mention.assertion == "possible" and role in ("given", "made", "named"):
        return Judged(mention, "supposed", f"cue: {mention.cue.lower()}")
    return Judged(mention, role, rule)


def _framed(mention: Mention) -> tuple[Role, str]:
    left, right = mention.left, mention.right
    if frames.GIVEN_RIGHT.search(right):
        return "given", "name of a treatment"
    measured = frames.MEASURED_LEFT.search(left) or frames.MEASURED_RIGHT.search(right)
    if measured:
        return "measured", f"measured: {measured.group().strip(' -')[:40]}"
    if frames.GIVEN_VERB.search(right):
        return "given", "said to be given"
    if frames.DOSED.search(right) or frames.DOSE_LEFT.search(left):
        return "given", "has a dose"
    if frames.GIVEN_LEFT.search(left):
        return "given", "object of giving"
    if mention.passage.kind == "title" and (frames.FOR_RIGHT.search(right) or frames.PARTNER_LEFT.search(left)):
        return "given", "subject of the title"
    if frames.MADE_LEFT.search(left):
        return "made", "words for a product before it"
    if frames.MADE_RIGHT.search(right):
        return "made", "said to be made"
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


def product(mentions: Iterable[Mention], vocabulary: Vocabulary) -> Product:
    """Return what was given, from the mentions of facet ``cell_type``.

    A parent named beside its child ("NK cells" in a paper on CAR-NK cells) is the child said shortly.
    """
    every = tuple(judged(mention) for mention in mentions)
    evidence: dict[str, list[Judged]] = {}
    for one in every:
        if one.role in ("given", "made"):
            evidence.setdefault(one.mention.hit.concept, []).append(one)
    kept = {
        concept: tuple(found)
        for concept, found in evidence.items()
        if any(one.role == "given" for one in found) or any(one.mention.passage.kind == "title" for one in found)
    }
    shared = {
        concept
        for concept in kept
        for other in kept
        if other != concept and vocabulary.is_a("cell_type", other, concept)
    }
    left = {concept: found for concept, found in kept.items() if concept not in shared}
    order = sorted(left, key=lambda concept: (-_weight(left[concept]), concept))
    return Product(tuple(order), {concept: left[concept] for concept in order}, every)


def _weight(found: Sequence[Judged]) -> int:
    return sum((3 if one.mention.passage.kind in ("title", "intervention") else 1) for one in found)
