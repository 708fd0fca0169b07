"""Judging what a sentence says of harm: reports, absolutes, admissions."""

from __future__ import annotations

from dataclasses import dataclass

from kb.assess.evidence import Base, Item, harms, study_date, study_level
from kb.assess.match import Vector, compare, member_relation, with_cell_type
from kb.records.claim import Claim
from kb.records.common import ProductKey
from kb.records.study import Finding
from kb.rules import Accuracy


@dataclass(frozen=True, slots=True)
class Harm:
    """One recorded harm, or its recorded absence, for a kind of product.

    Attributes:
        record_id, key_id: study arm or safety event.
        event: kind of harm.
        n, n_total: people harmed of people watched, where stated.
        vector: how the product stands to the sentence's.
    """

    record_id: str
    key_id: str
    event: str
    n: int | None
    n_total: int | None
    vector: Vector

    @property
    def happened(self) -> bool:
        """Whether at least one person was harmed."""
        return self.n is None or self.n > 0


@dataclass(frozen=True)
class SafetyJudgement:
    """The result of judging a safety sentence.

    Attributes:
        condition: the condition of the rule that decides.
        level: level of the best matching safety findings, or of the licence whose label warns ("" when neither).
        items: studies with safety findings.
        harms: recorded events of the kind the sentence speaks of, same cell type and source.
        licences: authorisations whose label warns of the harm.
        none_among: (events, people) summed over matching findings, for an exact upper bound.
    """

    condition: str
    level: str
    items: tuple[Item, ...]
    harms: tuple[Harm, ...]
    licences: tuple[str, ...]
    none_among: tuple[int, int]

    @property
    def happened(self) -> tuple[Harm, ...]:
        """Recorded harms with at least one person harmed."""
        return tuple(harm for harm in self.harms if harm.happened)

    @property
    def deciding(self) -> frozenset[str]:
        """Records the status rests on."""
        if self.condition == "licence_covers":
            return frozenset(self.licences)
        if self.condition == "safety_findings":
            return frozenset(item.record_id for item in self.items if item.lifts and item.level == self.level)
        return frozenset(harm.record_id for harm in self.happened)


def safety_accuracy(claim: Claim, judged: SafetyJudgement) -> tuple[Accuracy, frozenset[str]]:
    """Return accuracy and codes of a safety sentence.

    "Safe", "mild" and "rare" are misleading at best without people, follow-up and population; a
    report of absence is printed with its exact bound; an admitted harm is accurate once recorded.
    """
    none: frozenset[str] = frozenset()
    if judged.condition == "absolute_refuted":
        return "inaccurate", frozenset({"SAFETY_OVERSTATED"})
    if judged.condition in ("harm_excluded_by_definition", "licence_covers"):
        return "accurate", none
    if judged.condition == "nothing" or (claim.event and not judged.harms):
        return "unverifiable", none
    if claim.states_harm:
        return "accurate", none
    if claim.event and not judged.happened:
        return "accurate_with_caveat", none
    return "misleading", frozenset({"NO_FOLLOW_UP"})


class SafetyJudge:
    """Judges safety sentences against one base."""

    def __init__(self, base: Base) -> None:
        self.base = base

    def recorded(self, key: ProductKey, event: str | None) -> list[Harm]:
        """Return every recorded harm (or its absence) that bears on a product.

        A finding bears on it when nothing is different on the product axes; the benefit of an
        unknown axis does not count, its harm does.
        """
        vocabulary = self.base.data.vocabulary
        bare = key.model_copy(update={"indication": (), "setting": ()})
        found = []
        for study, arm, own, key_id in self.base.keys:
            if study.evidence_kind != "human" or study_date(study).harms_from() > self.base.as_of:
                continue
            vector = self._vector(own, bare)
            if vector is None:
                continue
            found += [
                Harm(study.id, key_id, finding.event, finding.n, finding.n_total, vector)
                for finding in arm.findings
                if finding.event
                and (finding.n is not None or finding.value or finding.percent)
                and (event is None or vocabulary.is_a("event", finding.event, event))
            ]
        for saf, own in harms(self.base):
            vector = self._vector(own, bare)
            if vector is not None and own.cell_type and (event is None or vocabulary.is_a("event", saf.event, event)):
                found.append(Harm(saf.id, saf.id, saf.event, saf.n, saf.n_total, vector))
        return found

    def judge(self, claim: Claim, key: ProductKey, place: str) -> SafetyJudgement:
        """Judge a safety sentence whose key is complete and names a cell type."""
        closest = tuple(h for h in self.recorded(key, claim.event) if _same_or_open(h.vector))
        happened = any(harm.happened for harm in closest)
        items = self._items(key)
        level = self._level(items)
        licences = self._warned(claim, key, place)
        counted = [h for h in closest if h.n is not None and h.n_total]
        none_among = (sum(h.n or 0 for h in counted), sum(h.n_total or 0 for h in counted))
        condition = "safety_findings" if level else "nothing"
        if claim.absolute and happened:
            condition = "absolute_refuted"
        elif claim.absolute and claim.supported_by:
            condition = "harm_excluded_by_definition"
        elif licences:
            condition = "licence_covers"
            level = min((now for _, now in licences), key=lambda one: self.base.data.rules.rank[one])
        elif claim.states_harm and not happened:
            condition, level = "nothing", ""
        names = tuple(sorted(approval_id for approval_id, _ in licences))
        return SafetyJudgement(condition, level, items, closest, names, none_among)

    def _warned(self, claim: Claim, key: ProductKey, place: str) -> list[tuple[str, str]]:
        """Return (authorisation, level) of licensed products spoken of as such whose label warns of the harm."""
        if not (claim.licensed_as_such and claim.states_harm and claim.event):
            return []
        vocabulary = self.base.data.vocabulary
        return [
            (approval.id, "A_FULL" if now.standing == "full" else "A_COND")
            for approval, now in self.base.licences.get(place, [])
            if any(vocabulary.is_a("event", risk.event, claim.event) for risk in approval.label_risks)
            and any(
                vocabulary.is_a("cell_type", own, wanted)
                for own in approval.label.cell_type
                for wanted in key.cell_type
            )
        ]

    def _items(self, key: ProductKey) -> tuple[Item, ...]:
        """Return the human studies with safety findings on this product, best match first."""
        vocabulary = self.base.data.vocabulary
        found = []
        for study, arm, own, key_id in self.base.keys:
            if study.evidence_kind != "human" or not _safety(arm.findings):
                continue
            relations = [member_relation(vocabulary, own, key.cell_type, member) for member in key.cell_type]
            related = [relation for relation in relations if relation != "different"]
            vector = with_cell_type(
                compare(vocabulary, own, key, arm.control_shares), related[0] if related else "different"
            )
            if vector["cell_type"] == "different" or vector.match == "unrelated":
                continue
            late = study_date(study).helps_from() > self.base.as_of
            excluded = "retracted" if self.base.retracted(study) else "published later" if late else ""
            positions = tuple(i for i, f in enumerate(arm.findings) if f.outcome == "safety")
            found.append(
                Item(
                    "study",
                    study.id,
                    key_id,
                    vector,
                    vector.match,
                    "safety_only",
                    study_level(study),
                    self.base.cohorts[study.id],
                    positions,
                    excluded,
                )
            )
        order = {"direct": 0, "partial": 1, "possible": 2, "indirect": 3, "unrelated": 4}
        return tuple(sorted(found, key=lambda item: (order[item.match], item.record_id, item.key_id)))

    def _level(self, items: tuple[Item, ...]) -> str:
        rank = self.base.data.rules.rank
        levels = [item.level for item in items if item.lifts]
        return min(levels, key=lambda level: rank[level]) if levels else ""

    def _vector(self, record: ProductKey, claim: ProductKey) -> Vector | None:
        vocabulary = self.base.data.vocabulary
        relations = [member_relation(vocabulary, record, claim.cell_type, member) for member in claim.cell_type]
        related = [relation for relation in relations if relation != "different"]
        if not related:
            return None
        vector = with_cell_type(compare(vocabulary, record, claim), related[0])
        return None if vector.axes("different") else vector


def _safety(findings: tuple[Finding, ...]) -> bool:
    return any(finding.outcome == "safety" for finding in findings)


def _same_or_open(vector: Vector) -> bool:
    """An event counts against an absolute when cell type and source are the same or not restricted."""
    return vector["cell_type"] in ("same", "narrower") and vector["cell_source"] in ("same", "narrower", "open")


def upper_bound(events: int, people: int, confidence: float = 0.95) -> float:
    """Return the exact (Clopper-Pearson) one-sided upper bound of a share, as a fraction.

    Args:
        events: people with the event.
        people: people watched, at least one.
        confidence: one-sided confidence.

    Source: Clopper and Pearson 1934, Biometrika 26:404-413. Solved by bisection on the binomial
    distribution, exact to 1e-9.

    >>> round(upper_bound(0, 9), 3)
    0.283
    """
    from math import comb

    if events >= people:
        return 1.0
    low, high = events / people, 1.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        below = sum(comb(people, k) * middle**k * (1 - middle) ** (people - k) for k in range(events + 1))
        low, high = (middle, high) if below > 1 - confidence else (low, middle)
    return high
