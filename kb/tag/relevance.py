"""Whether a record is about people treated with cells of the lineage, or about something that only looks like it.

Rules, in order; the first that holds gives the reason. "The product" is what :mod:`kb.tag.product` found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kb.tag import frames, publication_types
from kb.tag.cell_roles import NO_PRODUCT, Judged
from kb.tag.language import english
from kb.tag.mentions import Part
from kb.tag.product import Product
from kb.tag.record import TagRecord
from kb.vocabulary import Vocabulary

#: Kinds of record that report no people of their own.
_NO_STUDY = {
    "review": "a review: its studies count, not itself",
    "commentary": "a comment: it reports no people of its own",
    "retraction_notice": "a notice about another paper",
}


@dataclass(frozen=True, slots=True)
class Relevance:
    """Whether, why not, and in plain words why."""

    relevant: bool
    flags: tuple[str, ...]
    reason: str


#: Sentences from which on an abstract is taken to be whole.
_WHOLE_ABSTRACT = 6


@dataclass(frozen=True, slots=True)
class Signs:
    """What the sentences of a record say of people and of animals.

    Attributes:
        people: sentences of the study's own that say people were treated.
        animals: sentences of the study's own about animals or cells in a dish.
        clinical: words of clinical research in the title, or a publication type that tells of people.
        bench: the title speaks of animals, a dish or preclinical work.
        sentences: every sentence of the abstract.
        title: the title.
        made: sentences of the abstract about manufacture.
    """

    people: int
    animals: int
    clinical: bool
    bench: bool
    sentences: tuple[str, ...] = ()
    title: str = ""
    made: int = 0


def signs(record: TagRecord, parts: Sequence[Part]) -> Signs:
    """Return the signs of people and animals in a record."""
    own = [part for part in parts if part.own and part.passage.kind in ("abstract", "summary")]
    titles = [part.sentence.text for part in parts if part.passage.kind == "title"]
    title = " ".join(titles)
    return Signs(
        sum(1 for part in own if _of_people(part.sentence.text)),
        sum(1 for part in own if frames.bench(part.sentence.text)),
        publication_types.tells_of_people(record.publication_types)
        or frames.TRIAL.search(title) is not None
        or frames.TREATED.search(title) is not None
        or (frames.PEOPLE.search(title) is not None and not frames.bench(title)),
        frames.TRIAL.search(title) is None
        and (frames.bench(title) or (frames.BENCH_TITLE.search(title) is not None and not frames.PEOPLE.search(title))),
        tuple(part.sentence.text for part in parts if part.passage.kind == "abstract"),
        title,
        sum(1 for part in own if frames.MANUFACTURE.search(part.sentence.text)),
    )


def _of_people(text: str) -> bool:
    """Tell whether a sentence says that people were treated, or counts them."""
    if frames.CREATURES.search(text):
        return False
    if frames.TREATED.search(text):
        return True
    return frames.COUNTED.search(text) is not None and not frames.bench(text)


def relevance(
    record: TagRecord, found: Product, told: Signs, kinds: Iterable[str], lineage: Sequence[str], vocabulary: Vocabulary
) -> Relevance:
    """Judge a record.

    Args:
        record: what is judged.
        found: its product.
        told: what it says of people and of animals.
        kinds: kinds of record that publication type and text give (``review``, ``protocol`` …).
        lineage: cell types the topic is about, with everything narrower.
        vocabulary: for the hierarchy.
    """
    flags = set(kinds)
    ours = [
        concept for concept in found.concepts if any(vocabulary.is_a("cell_type", concept, root) for root in lineage)
    ]
    if ours and _made_for_people(told):
        flags.add("manufacturing")
    named = [
        one
        for one in found.judged
        if one.mention.hit.concept == NO_PRODUCT
        or any(vocabulary.is_a("cell_type", one.mention.hit.concept, root) for root in lineage)
    ]
    labels = ", ".join(vocabulary.label("cell_type", concept) for concept in ours)
    if record.kind == "registration":
        if ours:
            return Relevance(True, _sorted(flags - {"preclinical", "review"}), f"registered as the product: {labels}")
        return Relevance(False, _sorted(flags | _why_not(found, named, vocabulary, lineage)), _not_given(named))
    for kind, reason in _NO_STUDY.items():
        if kind in flags:
            return Relevance(False, _sorted(flags - {"preclinical"}), reason)
    if not ours:
        if named and _bench(told):
            flags.add("preclinical")
        return Relevance(False, _sorted(flags | _why_not(found, named, vocabulary, lineage)), _not_given(named))
    if any(frames.OTHERS.search(part) for part in told.sentences):
        return Relevance(False, _sorted(flags | {"commentary"}), _NO_STUDY["commentary"])
    given = any(
        one.role == "given" and one.mention.passage.kind != "title" for ones in found.evidence.values() for one in ones
    )
    if _bench(told) or ("preclinical" in flags and not (told.people and given)):
        return Relevance(
            False, _sorted(flags | {"preclinical"}), f"{labels}: animals or cells in a dish, no people treated"
        )
    if any(frames.NOBODY.search(sentence) for sentence in told.sentences):
        return Relevance(False, _sorted(flags), f"{labels}: the text says that nobody was treated")
    # The title of a trial is enough where the text is short or cut; a whole abstract names the people it treated.
    short = len(told.sentences) < _WHOLE_ABSTRACT or record.truncated or not english(" ".join(told.sentences))
    shown = told.people or (told.clinical and short) or flags & {"protocol", "manufacturing"}
    if not shown and told.sentences:
        return Relevance(False, _sorted(flags), f"{labels}: nobody is said to be treated")
    return Relevance(True, _sorted(flags - {"preclinical"}), f"given to people or made for them: {labels}")


def _bench(told: Signs) -> bool:
    return (told.bench and not told.people) or (told.animals > 0 and not told.people and not told.clinical)


def _made_for_people(told: Signs) -> bool:
    """Tell whether a record is about making a product: its title says so, or two sentences, and nobody is treated."""
    if frames.MANUFACTURE.search(told.title):
        return not told.people or told.made > 1
    return told.made > 1 and not told.people


def _why_not(found: Product, named: Sequence[Judged], vocabulary: Vocabulary, lineage: Sequence[str]) -> set[str]:
    roles = {one.role for one in named}
    flags: set[str] = {"disease"} if "disease" in roles else set()
    others = [
        concept
        for concept in found.concepts
        if not any(vocabulary.is_a("cell_type", concept, root) for root in lineage)
    ]
    if any(vocabulary.is_a("cell_type", concept, "cells") for concept in others):
        flags.add("other_cells")
    if "code" in roles or any(not vocabulary.is_a("cell_type", concept, "cells") for concept in others):
        flags.add("drug_only")
    if not others and ("measured" in roles or any(one.mention.hit.concept == NO_PRODUCT for one in named)):
        flags.add("biomarker")
    return flags


def _not_given(named: Sequence[Judged]) -> str:
    if not named:
        return "no cells of the lineage are named"
    roles = {one.role for one in named}
    words = {
        "measured": "only measured",
        "disease": "part of the name of a disease",
        "code": "part of a drug's code",
        "field": "named of other studies only",
        "supposed": "only supposed",
        "history": "given earlier, not in this study",
        "contrast": "only what it is set against",
        "denied": "said not to be given",
        "animal": "only on animals or in a dish",
        "named": "named, but nobody is said to get them",
        "made": "named as made, but nobody is said to get them",
        "used": "named, but nobody is said to get them",
        "headed": "named in the title only",
        "given": "named as a treatment, but not of this study",
    }
    first = next(role for role in words if role in roles)
    return f"cells of the lineage are {words[first]}"


def _sorted(flags: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(flags))
