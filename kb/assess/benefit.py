"""Judging a promised benefit: efficacy, eligibility, and mechanism that promises something.

One cell type and one indication at a time; :func:`judge` folds them: the lower for what a seller
sells and for a list of diseases, the higher for a statement about the field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from kb.assess.base import Base
from kb.assess.evidence import Candidate, Item, on_the_day, studies_for, trials_for
from kb.assess.licence import Coverage, State, coverage, ended_for_efficacy
from kb.assess.match import Match, compare, complete
from kb.assess.outcome import Wanted
from kb.records.approval import Approval
from kb.records.common import PRODUCT_AXES, ProductKey


@dataclass(frozen=True)
class Query:
    """What is to be judged.

    Attributes:
        key: what the sentence says, silent axes filled where the subject inherits them.
        wanted: claimed outcome.
        universal: only evidence for the whole lifts.
        takes_lower: several cell types take the lower class (the seller's product) or the higher.
        names_product: an authorised product the sentence names.
        licensed_as_such: it speaks of licensed products as such.
        may_use_licence: False for what a seller sells, unless the document names the authorised product.
        compared_with: the other product of a comparison; both must be arms of one study.
    """

    key: ProductKey
    wanted: Wanted
    universal: bool = False
    takes_lower: bool = False
    names_product: str | None = None
    licensed_as_such: bool = False
    compared_with: ProductKey | None = None
    may_use_licence: bool = True


@dataclass(frozen=True)
class Part:
    """The judgement on one cell type and one indication.

    Attributes:
        rule: id of the rule that decided.
        used, listed: records that decided, and records shown without deciding.
        licence: authorisation that covers (or the reason why the nearest one does not).
    """

    cell_type: str
    indication: str
    level: str
    rule: str
    items: tuple[Item, ...]
    used: tuple[Item, ...]
    licence: tuple[Approval, State] | None = None
    licence_note: str = ""
    codes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Judgement:
    """The folded result for a query in one jurisdiction.

    Attributes:
        query: what was judged.
        parts: one for each cell type × indication; ``deciding`` is the one that gave the level.
    """

    query: Query
    level: str
    rule: str
    parts: tuple[Part, ...]
    deciding: Part
    codes: frozenset[str]

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Every record of every part, those of the deciding part first."""
        others = (part for part in self.parts if part is not self.deciding)
        return tuple(item for part in (self.deciding, *others) for item in part.items)


def wanted_of(base: Base, outcome: str | None, marker: str | None, indications: Sequence[str]) -> Wanted:
    """Return the outcome groups a sentence accepts; a silent one accepts the published groups."""
    status = base.data.rules.status
    if outcome:
        return Wanted((outcome,), True, marker)
    groups: tuple[str, ...] = status.silent_outcomes
    vocabulary = base.data.vocabulary
    if indications and all(vocabulary.is_a("indication", i, "infection") for i in indications):
        groups = (*groups, *status.silent_outcomes_infection)
    return Wanted(groups, False)


#: Changes what is on file for one cell type and one indication: (cell type, indication, items) → items.
Change = Callable[[str, str, tuple[Item, ...]], tuple[Item, ...]]


class BenefitJudge:
    """Judges benefit queries against one base; what a query meets is found once for all days and places."""

    def __init__(self, base: Base) -> None:
        self.base = base
        self._candidates: dict[tuple[object, ...], list[Candidate]] = {}

    def judge(self, query: Query, jurisdiction: str, *, listed: bool = True, change: Change | None = None) -> Judgement:
        """Judge a query in one jurisdiction.

        Args:
            query: what is to be judged.
            jurisdiction: the place.
            listed: also return the records that are shown and can decide nothing.
            change: what would be on file otherwise, to find out what a change would do.

        Raises:
            ValueError: the query names no cell type; the gate must have caught that.
        """
        if not query.key.cell_type:
            raise ValueError("a benefit needs a cell type")
        parts = [
            self._part(query, cell_type, indication, jurisdiction, listed, change)
            for cell_type, indication in product(query.key.cell_type, query.key.indication or ("",))
        ]
        return self._fold(query, parts)

    def gather(self, query: Query, cell_type: str, indication: str, *, listed: bool = True) -> tuple[Item, ...]:
        """Return every record that bears on one cell type and one indication, best match first."""
        key = query.key.model_copy(update={"indication": (indication,) if indication else ()})
        token = (key, query.key.cell_type, cell_type, query.wanted, query.compared_with)
        if token not in self._candidates:
            types = query.key.cell_type
            found = [
                *studies_for(self.base, key, types, cell_type, query.wanted),
                *trials_for(self.base, key, types, cell_type),
            ]
            if query.compared_with is not None:
                found = [one for one in found if self._compares(one, query.compared_with)]
            self._candidates[token] = sorted(found, key=_order)
        return self.base.clock.kept(
            ("items", token, listed), lambda: on_the_day(self.base, self._candidates[token], deciding_only=not listed)
        )

    def _compares(self, one: Candidate, other: ProductKey) -> bool:
        """Tell whether a record sets this arm against an arm of the other product, in a comparison."""
        if one.kind != "study" or not any(getattr(other, axis) for axis in ProductKey.model_fields):
            return False
        mine = self.base.arms[one.key_id][1]
        if not any(mine.findings[i].comparative for i in one.findings):
            return False
        return any(
            not compare(self.base.data.vocabulary, key, other).axes("different", "unknown")
            for _, _, key, key_id in self.base.arms_of[one.record_id]
            if key_id != one.key_id
        )

    # ------------------------------------------------------------------ one cell type, one disease

    def _part(
        self, query: Query, cell_type: str, indication: str, jurisdiction: str, listed: bool, change: Change | None
    ) -> Part:
        rules = self.base.data.rules
        items = self.gather(query, cell_type, indication, listed=listed)
        if change:
            items = change(cell_type, indication, items)
        lifting = [item for item in items if item.lifts and not (query.universal and item.match == "partial")]
        positives = [item for item in lifting if item.stance == "positive"]
        negatives = [item for item in items if item.stance == "negative" and not item.excluded]
        licence, licence_note, licence_codes = self._licence(query, cell_type, indication, jurisdiction)

        conditions: dict[str, list[Item]] = {}
        if licence:
            conditions["licence_covers"] = []
        if self._ended(query, cell_type, indication, jurisdiction):
            conditions["licence_ended_for_efficacy"] = []
        contradicting = self._contradicting(negatives, positives)
        if contradicting:
            conditions["contradicted_by_result"] = contradicting
        if positives:
            best = min(rules.rank[item.level] for item in positives)
            at_best = [item for item in positives if rules.rank[item.level] == best]
            cohorts = {item.cohort for item in at_best}
            against = [
                item
                for item in negatives
                if rules.rank[item.level] == best
                and (item.match in ("direct", "partial") or item.hits)
                and item.cohort not in cohorts
            ]
            conditions["conflicting" if against else "positive"] = [*at_best, *against]
        if query.compared_with is None:
            conditions.update(self._unlifted(lifting, indication))
        if not conditions:
            laboratory = [
                item for item in items if item.kind == "laboratory" and item.match != "indirect" and not item.excluded
            ]
            conditions["laboratory_only" if laboratory else "nothing"] = laboratory

        rule = rules.order(frozenset(conditions))
        used = conditions[rule.when]
        if used and all("DISPUTED" in item.codes for item in used):
            rule = rules.by_condition["not_decidable"]  # two sources disagree about the deciding fact
        level = rule.level
        if level == "licence":
            assert licence
            level = "A_FULL" if licence[1].standing == "full" else "A_COND"
        elif level == "best":
            level = min((item.level for item in used), key=lambda value: rules.rank[value])
        codes = licence_codes | self._codes(query, level, items, used, indication)
        return Part(cell_type, indication, level, rule.id, items, tuple(used), licence, licence_note, codes)

    def _contradicting(self, negatives: Iterable[Item], positives: Sequence[Item]) -> list[Item]:
        """Return the negatives that contradict: direct on the product, same or broader disease, unanswered."""
        rank = self.base.data.rules.rank
        best: dict[str, int] = {}
        for item in positives:
            best[item.cohort] = min(rank[item.level], best.get(item.cohort, len(rank)))
        first_two = sorted(best.items(), key=lambda pair: pair[1])[:2]
        return [
            item
            for item in negatives
            if item.hits and not any(c != item.cohort and level <= rank[item.level] for c, level in first_two)
        ]

    def _unlifted(self, lifting: Sequence[Item], indication: str) -> dict[str, list[Item]]:
        """Sort what does not lift into the levels below a positive result."""
        vocabulary = self.base.data.vocabulary
        disease = bool(indication) and vocabulary.is_a("indication", indication, "disease")
        found: dict[str, list[Item]] = {}

        def put(condition: str, item: Item) -> None:
            found.setdefault(condition, []).append(item)

        for item in lifting:
            if (
                item.stance == "under_way"
                or item.stance == "other_result"
                or (item.stance in ("safety_only", "no_result") and (disease or not indication))
            ):
                put("being_tested", item)
            elif item.stance == "stopped_safety":
                put("stopped_for_safety_direct" if item.match == "direct" else "stopped_other", item)
            elif item.stance == "stopped_futility":
                put("stopped_futility", item)
            elif item.stance == "stopped_other":
                put("stopped_other", item)
            elif item.stance == "silent":
                put("stopped_silent", item)
        return found

    def _licence(
        self, query: Query, cell_type: str, indication: str, jurisdiction: str
    ) -> tuple[tuple[Approval, State] | None, str, frozenset[str]]:
        """Return the authorisation that covers, or why the nearest does not."""
        if not query.may_use_licence or not (query.names_product or query.licensed_as_such):
            return None, "", frozenset()
        vocabulary = self.base.data.vocabulary
        key = query.key.model_copy(
            update={"cell_type": (cell_type,), "indication": (indication,) if indication else ()}
        )
        note, codes = "", set()
        for approval, now in self.base.licences(jurisdiction):
            if query.names_product and approval.product_id != query.names_product:
                continue
            if not query.names_product and not any(
                vocabulary.relation("cell_type", own, cell_type) in ("same", "narrower")
                for own in approval.label.cell_type
            ):
                continue
            named = key if not query.names_product else complete(vocabulary, _with_product(key, approval))
            result: Coverage = coverage(vocabulary, approval, named)
            if result.covers:
                return (approval, now), "", frozenset()
            note = f"{approval.product} is authorised here, but {result.reason}"
            codes.add("BROADER_THAN_LABEL")
        return None, note, frozenset(codes)

    def may_have_ended(self, key: ProductKey, jurisdiction: str) -> bool:
        """Tell cheaply whether an authorisation of such cells was ever ended in a place for lack of efficacy."""
        relation = self.base.data.vocabulary.relation
        return any(
            relation("cell_type", own, said) != "different"
            for approval in self._ended_in.get(jurisdiction, ())
            for own in approval.label.cell_type
            for said in key.cell_type
        )

    @cached_property
    def _ended_in(self) -> dict[str, list[Approval]]:
        """Place → authorisations that were ended there, some day, for lack of efficacy."""
        found: dict[str, list[Approval]] = {}
        for approval in self.base.data.approvals:
            if any(event.reason == "efficacy" for event in approval.events):
                found.setdefault(approval.jurisdiction, []).append(approval)
        return found

    def _ended(self, query: Query, cell_type: str, indication: str, jurisdiction: str) -> bool:
        key = query.key.model_copy(
            update={"cell_type": (cell_type,), "indication": (indication,) if indication else ()}
        )
        return any(
            ended_for_efficacy(self.base.data.vocabulary, approval, key, self.base.reached)
            for approval in self._ended_in.get(jurisdiction, ())
            if self.base.shows(approval.id) and indication and query.names_product in (None, approval.product_id)
        )

    def _codes(
        self, query: Query, level: str, items: Sequence[Item], used: Sequence[Item], indication: str
    ) -> frozenset[str]:
        codes = {code for item in used for code in item.codes}
        if (
            used
            and level.startswith(("T", "M"))
            and all(item.match == "partial" for item in used if item.stance != "negative")
        ):
            codes.add("INDICATION_BROADER")
        if level == "MIXED":
            codes.add("CONFLICTING")
        if level == "X":
            codes.add("CONTRADICTED")
        if level.startswith("T5"):
            codes.add("STOPPED_TRIAL")
        near = [item for item in items if item.match in ("direct", "partial")]
        if level in ("U", "P", "T4") and any(item.stance == "marker_only" and not item.excluded for item in near):
            codes.add("ENDPOINT_SURROGATE")
        rank = self.base.data.rules.rank
        if any(
            item.stance == "positive" and "RETRACTED_SOURCE" in item.codes and rank[item.level] <= rank[level]
            for item in near
        ):
            codes.add("RETRACTED_SOURCE")  # the sentence would rest on it
        if any("DOUBTFUL_REGISTRATION" in item.codes for item in near):
            codes.add("DOUBTFUL_REGISTRATION")
        return frozenset(codes)

    # ------------------------------------------------------------------ folding

    def _fold(self, query: Query, parts: Sequence[Part]) -> Judgement:
        rank = self.base.data.rules.rank
        per_type: list[Part] = []
        for cell_type in query.key.cell_type:
            mine = [part for part in parts if part.cell_type == cell_type]
            per_type.append(max(mine, key=lambda part: rank[part.level]))  # a list of diseases takes the lower
        pick = max if query.takes_lower else min
        deciding = pick(per_type, key=lambda part: rank[part.level])
        codes = set(deciding.codes)
        without = [part for part in per_type if self.base.data.rules.class_of[part.level] == "unsupported"]
        if len(per_type) > 1 and without and len(without) < len(per_type):
            codes.add("MEMBER_UNSUPPORTED")
        others = {part.level for part in per_type if part is not deciding}
        if "X" in others and deciding.level != "X":
            codes.add("MEMBER_CONTRADICTED")
        if "MIXED" in others:
            codes.add("CONFLICTING")
        return Judgement(query, deciding.level, deciding.rule, tuple(parts), deciding, frozenset(codes))


def _with_product(key: ProductKey, approval: Approval) -> ProductKey:
    """A sentence that names a product says what the product is on the product axes."""
    return key.model_copy(
        update={
            axis: getattr(approval.label, axis)
            for axis in PRODUCT_AXES
            if axis != "combination" and not (axis != "cell_type" and getattr(key, axis))
        }
    )


_MATCH_ORDER: dict[Match, int] = {"direct": 0, "partial": 1, "possible": 2, "indirect": 3, "unrelated": 4}


def _order(item: Candidate) -> tuple[int, int, int, str, str]:
    kind = {"study": 0, "laboratory": 1, "trial": 2, "safety_event": 3}[item.kind]
    return (
        _MATCH_ORDER[item.match],
        len(item.vector.axes("different", "unknown", "broader")),
        kind,
        item.record_id,
        item.key_id,
    )
