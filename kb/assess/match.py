"""The mismatch vector: how a record's product key stands to the key of a sentence.

Source of the table: the project's design, "Product key". For each axis the relation is that of
the *record* to the *sentence*: ``narrower`` means the record tested something more specific.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from kb.records.common import AXES, PRODUCT_AXES, ProductKey
from kb.vocabulary import Vocabulary

AxisRelation = Literal["same", "narrower", "broader", "different", "open", "unknown"]
Match = Literal["direct", "partial", "possible", "indirect", "unrelated"]
#: The engineering value that excludes all others.
_UNTOUCHED = "not-engineered"


_POSITION = {axis: position for position, axis in enumerate(AXES)}


@dataclass(frozen=True, slots=True)
class Vector:
    """One relation for each of the seven axes, in the order of ``AXES``."""

    relations: tuple[AxisRelation, ...]

    def __getitem__(self, axis: str) -> AxisRelation:
        return self.relations[_POSITION[axis]]

    def as_dict(self) -> dict[str, str]:
        """Return axis → relation."""
        return dict(zip(AXES, self.relations, strict=True))

    def axes(self, *wanted: AxisRelation) -> tuple[str, ...]:
        """Return the axes whose relation is one of ``wanted``."""
        return _axes(self.relations, wanted)

    @property
    def match(self) -> Match:
        """Fold the vector into one of five kinds of match."""
        return _folded(self.relations)

    @property
    def product_matches(self) -> bool:
        """Whether the product axes match as a direct match needs them to."""
        return all(self[axis] in ("same", "narrower", "open") for axis in PRODUCT_AXES)


# Few vectors occur, and each often.
@cache
def _axes(relations: tuple[AxisRelation, ...], wanted: tuple[AxisRelation, ...]) -> tuple[str, ...]:
    return tuple(axis for axis, relation in zip(AXES, relations, strict=True) if relation in wanted)


@cache
def _folded(relations: tuple[AxisRelation, ...]) -> Match:
    by_axis = dict(zip(AXES, relations, strict=True))
    if by_axis["indication"] == "different":
        return "unrelated"
    if "different" in relations:
        return "indirect"
    if "unknown" in relations or "broader" in relations:
        return "possible"
    if "narrower" in (by_axis["indication"], by_axis["setting"]):
        return "partial"
    return "direct"


def bare(record: ProductKey) -> ProductKey:
    """Return only the seven axes of a record that has more fields."""
    return ProductKey(**{axis: getattr(record, axis) for axis in AXES})


def complete(vocabulary: Vocabulary, key: ProductKey) -> ProductKey:
    """Return the key with the axes filled that its concepts imply (CAR-NK: engineered with a CAR)."""
    axes: dict[str, tuple[str, ...]] = {axis: getattr(key, axis) for axis in AXES}
    for axis in AXES:
        if axes[axis]:
            implied = [set(vocabulary.concepts[axis][member].implies) for member in axes[axis]]
            for target in sorted(set.intersection(*implied)):
                other, _, wanted = target.partition(":")
                axes[other] = axes[other] or (wanted,)
    return ProductKey(**axes)


def complete_record(vocabulary: Vocabulary, key: ProductKey, checked: str) -> ProductKey:
    """Return a record's key with what its cells imply, and what the field means unless it says otherwise.

    Genetic engineering makes another product and is always named in a record; so a paper or
    registration that was itself read and names none speaks of cells that were not engineered.
    Never applied to sentences, nor to records known from a secondary source only.
    """
    filled = complete(vocabulary, key)
    if checked == "secondary":
        return filled
    axes: dict[str, tuple[str, ...]] = {axis: getattr(filled, axis) for axis in AXES}
    if axes["cell_type"]:
        meant = [set(vocabulary.concepts["cell_type"][member].unless_stated) for member in axes["cell_type"]]
        for target in sorted(set.intersection(*meant)):
            other, _, wanted = target.partition(":")
            axes[other] = axes[other] or (wanted,)
    return ProductKey(**axes)


def overlay(key: ProductKey, base: ProductKey) -> ProductKey:
    """Return ``key`` with its silent axes filled from ``base``."""
    return ProductKey(**{axis: getattr(key, axis) or getattr(base, axis) for axis in AXES})


def compare(
    vocabulary: Vocabulary, record: ProductKey, claim: ProductKey, control_shares: Iterable[str] = ()
) -> Vector:
    """Return how ``record`` stands to ``claim`` on every axis.

    Args:
        vocabulary: the concepts and their hierarchy.
        record: the key of a study arm, trial or label.
        claim: the key of a sentence. Its cell types and indications are judged one at a time, so
            each has at most one member here, unless the sentence names a mixture.
        control_shares: partners the control arm got as well; they do not set the record apart.
    """
    shared = frozenset(control_shares)
    known = vocabulary.found
    relations: list[AxisRelation] = []
    for axis in AXES:
        theirs = getattr(claim, axis)
        if not theirs:
            relations.append("open")
            continue
        # Few pairs of values occur, and each occurs often.
        token = (axis, getattr(record, axis), theirs, shared if axis == "combination" else None)
        relation = known.get(token)
        if relation is None:
            relation = known[token] = _relation(vocabulary, axis, token[1], theirs, shared)
        relations.append(relation)
    return Vector(tuple(relations))


def _relation(
    vocabulary: Vocabulary, axis: str, ours: tuple[str, ...], theirs: tuple[str, ...], shared: frozenset[str]
) -> AxisRelation:
    """Return the relation on one axis on which the sentence says something."""
    if axis == "setting":
        return _setting(vocabulary, ours, theirs)
    if axis == "combination":
        return _combination(vocabulary, ours, theirs, shared)
    if not ours:
        return "unknown"
    if axis == "engineering" and _UNTOUCHED not in (*ours, *theirs):
        return _together(vocabulary, axis, ours, theirs)
    if axis == "indication" and all(vocabulary.is_a("indication", one, "aim") for one in (*ours, *theirs)):
        # Diseases of a basket are different people; aims are what the same people were treated for.
        found = {_best(vocabulary, axis, value, theirs) for value in ours}
        return next((r for r in ("same", "narrower", "broader") if r in found), "different")
    return _pooled(vocabulary, axis, ours, theirs)


def member_relation(
    vocabulary: Vocabulary, record: ProductKey, claim_types: tuple[str, ...], member: str
) -> AxisRelation:
    """Return the cell-type relation for one member of a set of cell types named together.

    A record of exactly the mixture the sentence names is the same for each member; a mixture
    with something else in it is broader, since its effects cannot be told apart.
    """
    known = vocabulary.found
    token = ("member", record.cell_type, claim_types, member)
    relation = known.get(token)
    if relation is None:
        relation = known[token] = _member(vocabulary, record.cell_type, claim_types, member)
    return relation


def _member(vocabulary: Vocabulary, ours: tuple[str, ...], theirs: tuple[str, ...], member: str) -> AxisRelation:
    if not ours:
        return "unknown"
    own = [vocabulary.relation("cell_type", one, member) for one in ours]
    related = [relation for relation in own if relation != "different"]
    if not related:
        return "different"
    outside = any(all(vocabulary.relation("cell_type", one, said) == "different" for said in theirs) for one in ours)
    if outside or "broader" in related:
        return "broader"
    return "same" if "same" in related else "narrower"


def with_cell_type(vector: Vector, relation: AxisRelation) -> Vector:
    """Return the vector with another relation on the cell-type axis."""
    return Vector((relation, *vector.relations[1:]))  # cell type is the first axis


def _best(vocabulary: Vocabulary, axis: str, ours: str, theirs: Iterable[str]) -> AxisRelation:
    found = {vocabulary.relation(axis, ours, value) for value in theirs}
    for relation in ("same", "narrower", "broader"):
        if relation in found:
            return relation
    return "different"


def _pooled(vocabulary: Vocabulary, axis: str, ours: tuple[str, ...], theirs: tuple[str, ...]) -> AxisRelation:
    """Relation where the record's values are alternatives: part inside, part outside is broader."""
    found = {_best(vocabulary, axis, value, theirs) for value in ours}
    if found == {"different"}:
        return "different"
    if "different" in found or "broader" in found:
        return "broader"
    return "same" if found == {"same"} else "narrower"


def _together(vocabulary: Vocabulary, axis: str, ours: tuple[str, ...], theirs: tuple[str, ...]) -> AxisRelation:
    """Relation where a record's values hold together: a CAR and a built-in cytokine are one product.

    Each of the sentence's values must be met; what the record has besides makes it a special case.
    """
    met = {_best(vocabulary, axis, value, ours) for value in theirs}
    if "different" in met:
        return "different"
    # _best looks from the sentence at the record: what is narrower there is broader here.
    if "narrower" in met:
        return "broader"
    return "narrower" if "broader" in met or len(ours) > len(theirs) else "same"


def _setting(vocabulary: Vocabulary, ours: tuple[str, ...], theirs: tuple[str, ...]) -> AxisRelation:
    """Compare line, transplantation, age group, severity and marker apart, and keep the worst.

    Values of one dimension hold together ("relapsed" and "after transplant"), so each of the
    sentence's values must be met by one of the record's.
    """
    found: set[AxisRelation] = set()
    for value in theirs:
        root = vocabulary.root("setting", value)
        peers = [own for own in ours if vocabulary.root("setting", own) == root]
        if not peers:
            found.add("unknown")
            continue
        relations = {vocabulary.relation("setting", own, value) for own in peers}
        found.add(next((r for r in ("same", "narrower", "broader") if r in relations), "different"))
    for relation in ("different", "unknown", "broader", "narrower"):
        if relation in found:
            return relation
    return "same"


def _combination(
    vocabulary: Vocabulary, ours: tuple[str, ...], theirs: tuple[str, ...], shared: frozenset[str]
) -> AxisRelation:
    if not ours:
        return "unknown"
    if theirs == ("alone",):
        own = [value for value in ours if value != "alone" and value not in shared]
        return "different" if own else "same"
    found = {
        next(
            (
                r
                for r in ("same", "narrower", "broader")
                if r in {vocabulary.relation("combination", own, value) for own in ours}
            ),
            "different",
        )
        for value in theirs
    }
    for relation in ("different", "broader"):
        if relation in found:
            return relation
    return "same" if set(ours) == set(theirs) else "narrower"
