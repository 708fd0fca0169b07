"""What would change a class: the smallest removal, missing detail or addition of one fact.

Nothing here is guessed: each change is tried, by the same rules, and told only when the class moves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kb.assess.base import Base
from kb.assess.benefit import BenefitJudge, Query
from kb.assess.evidence import Item, Stance
from kb.assess.match import AxisRelation, Vector
from kb.rules import Rules

#: A record nobody has: the one a change would add.
_NEW = "(new)"

#: What could be added, from the weakest to the strongest: (name, stance, level).
_GAINS: tuple[tuple[str, Stance, str], ...] = (
    ("registration", "under_way", ""),
    ("response", "positive", "T3"),
    ("randomised_gain", "positive", "T2r"),
    ("confirmatory_gain", "positive", "T1"),
)
_FAILURES: tuple[tuple[str, Stance, str], ...] = (
    ("failure", "negative", "T3"),
    ("uncontrolled_failure", "negative", "T2s"),
    ("randomised_failure", "negative", "T2r"),
    ("confirmatory_failure", "negative", "T1"),
)


@dataclass(frozen=True)
class Tried:
    """One change that moves the class.

    Attributes:
        kind: removal, detail or addition.
        level: level the claim would have.
        record: the record removed or completed ("" for an addition).
        what: for an addition, its name; for a detail, the axes that would have to be the sentence's.
        needed_for: for an addition that is needed more than once: what each would be about.
        others: further records of which the removal alone would do the same.
    """

    kind: str
    level: str
    record: str = ""
    what: tuple[str, ...] = ()
    needed_for: tuple[str, ...] = ()
    others: int = 0

    def as_json(self, rules: Rules) -> dict[str, Any]:
        """Return the change as it stands in a proof."""
        details = {
            "record": self.record,
            "what": list(self.what),
            "needed_for": list(self.needed_for),
            "others": self.others,
        }
        told = {name: value for name, value in details.items() if value}
        return {"kind": self.kind, "level": self.level, "class": rules.class_of[self.level], **told}


#: Where more groups of patients than this came out alike, each of the others would do, and no single one matters.
_EACH_WOULD_DO = 2


def removals(base: Base, used: Iterable[Iterable[str]], level: str, judge: Callable[[], str]) -> Tried | None:
    """Return the removal of one record that moves the class.

    Args:
        base: the facts.
        used: the records the status rests on, those together that came out alike.
        level: the level with all of them.
        judge: judges again, with the facts as they are when it is called.
    """
    class_of = base.data.rules.class_of
    cohorts = base.cohorts()
    moving: set[tuple[str, str]] = set()
    for alike in used:
        records = sorted(set(alike))
        if len({cohorts.get(record, record) for record in records}) > _EACH_WOULD_DO:
            continue
        for record in records:
            with base.without(record):
                after = judge()
            if class_of[after] != class_of[level]:
                moving.add((record, after))
    if not moving:
        return None
    record, after = min(moving)
    return Tried("removal", after, record, others=len(moving) - 1)


def benefit_changes(judge: BenefitJudge, query: Query, place: str, level: str) -> Iterator[Tried]:
    """Yield the missing detail and the additions that move the class of a promised benefit.

    Args:
        judge: judges with a change of what is on file.
        query: what was judged.
        place: where.
        level: the level it has.
    """
    rules = judge.base.data.rules
    if level in ("A_FULL", "A_COND", "?"):
        return
    detail = _detail(judge, query, place, level)
    if detail:
        yield detail
    up = rules.class_of[level] == "unsupported"
    if not up and query.wanted.explicit and not set(rules.status.efficacy_outcomes) & set(query.wanted.groups):
        return  # no study can fail on a marker
    addition = _addition(judge, query, place, level, _GAINS if up else _FAILURES)
    if addition:
        yield addition


def _detail(judge: BenefitJudge, query: Query, place: str, level: str) -> Tried | None:
    """Return the record that would move the class if an axis nobody reported were as the sentence says."""
    rules = judge.base.data.rules
    near: dict[tuple[object, ...], Item] = {}
    for cell_type in query.key.cell_type:
        for indication in query.key.indication or ("",):
            for item in judge.gather(query, cell_type, indication):
                if _lacks_only_details(item, query):
                    # Of records that come out alike in every way one is enough.
                    near.setdefault((item.stance, item.level, item.vector, item.hits), item)
    for item in sorted(near.values(), key=lambda one: (len(one.vector.axes("unknown")), one.record_id, one.key_id)):

        def filled(
            cell_type: str, indication: str, items: tuple[Item, ...], wanted: str = item.key_id
        ) -> tuple[Item, ...]:
            whole = judge.gather(query, cell_type, indication)
            return (*items, *(_known(one) for one in whole if one.key_id == wanted and _lacks_only_details(one, query)))

        after = judge.judge(query, place, listed=False, change=filled).level
        if rules.class_of[after] != rules.class_of[level]:
            return Tried("detail", after, item.record_id, item.vector.axes("unknown"))
    return None


def _lacks_only_details(item: Item, query: Query) -> bool:
    unknown = item.vector.axes("unknown")
    if any(len(getattr(query.key, axis)) > 1 for axis in ("cell_type", "indication") if axis in unknown):
        return False  # which of several it was would still be open
    relations = item.vector.relations
    return (
        item.match == "possible"
        and "unknown" in relations
        and "broader" not in relations
        and not item.excluded
        and not item.hits
        and item.stance in ("positive", "negative", "under_way")
    )


def _known(item: Item) -> Item:
    """Return the record as it would be with every unreported axis as the sentence says."""
    relations: tuple[AxisRelation, ...] = tuple(
        "same" if relation == "unknown" else relation for relation in item.vector.relations
    )
    vector = Vector(relations)
    # As for any failure: one in a narrower disease, or where none is named, contradicts nothing.
    hits = item.stance == "negative" and vector["indication"] == "same"
    return replace(item, vector=vector, match=vector.match, hits=hits)


def _addition(
    judge: BenefitJudge, query: Query, place: str, level: str, ladder: Sequence[tuple[str, Stance, str]]
) -> Tried | None:
    """Return the weakest new record that moves the class; where one is not enough, one for each part."""
    rules = judge.base.data.rules
    parts = [(c, i) for c in query.key.cell_type for i in query.key.indication or ("",)]
    for name, stance, own in ladder:
        if query.compared_with is not None and name in ("registration", "response"):
            continue  # a comparison needs both arms in one study

        def level_with(chosen: Sequence[tuple[str, str]], stance: Stance = stance, own: str = own) -> str:
            def added(cell_type: str, indication: str, items: tuple[Item, ...]) -> tuple[Item, ...]:
                return (*items, _new(stance, own, indication)) if (cell_type, indication) in chosen else items

            return judge.judge(query, place, listed=False, change=added).level

        for part in parts:
            after = level_with([part])
            if rules.class_of[after] != rules.class_of[level]:
                return Tried("addition", after, what=(name,), needed_for=_about(judge.base, [part], parts))
        if len(parts) > 1:
            after = level_with(parts)
            if rules.class_of[after] != rules.class_of[level]:
                return Tried("addition", after, what=(name,), needed_for=_about(judge.base, parts, parts))
    return None


def _about(base: Base, chosen: Sequence[tuple[str, str]], parts: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    if len(parts) == 1:
        return ()
    label = base.data.vocabulary.label
    return tuple(
        label("cell_type", cell_type) + (f" in {label('indication', indication)}" if indication else "")
        for cell_type, indication in chosen
    )


def _new(stance: Stance, level: str, indication: str) -> Item:
    vector = Vector(("same",) * 7)
    kind = "study" if level else "trial"
    # Where no disease is named, a failure in one contradicts nothing.
    hits = stance == "negative" and bool(indication)
    return Item(kind, _NEW, _NEW, vector, "direct", stance, level, _NEW, hits=hits)  # type: ignore[arg-type]
