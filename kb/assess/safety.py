"""Judging what a sentence says of harm: reports, absolutes, admissions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from kb.assess.base import Base, study_date
from kb.assess.evidence import Candidate, Item, on_the_day, studies_for
from kb.assess.match import Vector, compare, member_relation, with_cell_type
from kb.assess.outcome import Wanted
from kb.records.claim import Claim
from kb.records.common import ProductKey
from kb.records.study import Finding, Study
from kb.rules import Accuracy


@dataclass(frozen=True, slots=True)
class Harm:
    """One recorded harm, or its recorded absence, for a kind of product.

    Attributes:
        record_id, key_id: study arm or safety event.
        event: kind of harm.
        n, n_total: people harmed of people watched, where stated.
        vector: how the product stands to the sentence's.
        any_cause: deaths a study counts, whatever people died of; in fatal diseases they refute nothing.
    """

    record_id: str
    key_id: str
    event: str
    n: int | None
    n_total: int | None
    vector: Vector
    any_cause: bool = False

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
        harms: recorded events of the kind the sentence speaks of, on this kind of product.
        licences: authorisations whose label warns of the harm.
        none_among: (events, people) summed over matching findings, for an exact upper bound.
        codes: remarks.
        references: listed references of a definition that excludes the harm.
    """

    condition: str
    level: str
    items: tuple[Item, ...]
    harms: tuple[Harm, ...]
    licences: tuple[str, ...]
    none_among: tuple[int, int]
    codes: frozenset[str] = frozenset()
    references: tuple[str, ...] = ()

    @property
    def happened(self) -> tuple[Harm, ...]:
        """Recorded harms with at least one person harmed."""
        return tuple(harm for harm in self.harms if harm.happened)

    @property
    def deciding(self) -> frozenset[str]:
        """Records the status rests on."""
        if self.condition == "label_warns":
            return frozenset(self.licences)
        if self.condition == "harm_excluded_by_definition":
            return frozenset(self.references)
        if self.condition == "safety_findings":
            return frozenset(item.record_id for item in self.items if item.lifts and item.level == self.level)
        return frozenset(harm.record_id for harm in self.harms if _refutes(harm))


def safety_accuracy(claim: Claim, judged: SafetyJudgement) -> tuple[Accuracy, frozenset[str]]:
    """Return accuracy and codes of a safety sentence.

    "Safe", "mild" and "rare" are misleading at best without people, follow-up and population; a
    report of absence is printed with its exact bound; an admitted harm is accurate once recorded.
    """
    none: frozenset[str] = frozenset()
    if judged.condition == "absolute_refuted":
        return "inaccurate", frozenset({"SAFETY_OVERSTATED"})
    if judged.condition in ("harm_excluded_by_definition", "label_warns"):
        return "accurate", none
    if claim.states_harm and judged.happened:
        return "accurate", none
    if judged.condition == "nothing" and judged.happened and not claim.states_harm:
        return "misleading", frozenset({"NO_FOLLOW_UP"})  # harms on file of such cells, and no word of them
    if judged.condition == "nothing" or (claim.event and not judged.harms):
        return "unverifiable", none
    if claim.report_of_absence and len({harm.record_id for harm in judged.harms if not harm.happened}) > 1:
        return "accurate_with_caveat", none  # the studies that did see it are printed beside
    if claim.event and not judged.happened:
        return "accurate_with_caveat", none
    return "misleading", frozenset({"NO_FOLLOW_UP"})


class SafetyJudge:
    """Judges safety sentences against one base."""

    def __init__(self, base: Base) -> None:
        self.base = base
        self._recorded: dict[tuple[object, ...], list[tuple[Harm, Study | None, date]]] = {}
        self._candidates: dict[tuple[object, ...], list[Candidate]] = {}

    def recorded(self, key: ProductKey, event: str | None) -> list[Harm]:
        """Return every recorded harm (or its absence) of this kind of product, by usable records.

        Cells, their source and their engineering must not be different; an axis nobody reported
        keeps a harm on the list (its harm counts, its benefit would not).
        """
        token = (key.cell_type, key.cell_source, key.engineering, event)
        if token not in self._recorded:
            self._recorded[token] = list(self._harms(key, event))
        return [
            harm
            for harm, study, since in self._recorded[token]
            if self.base.shows(harm.record_id)
            and self.base.reached(since)
            and not (study and self.base.retracted(study))
        ]

    def _harms(self, key: ProductKey, event: str | None) -> Iterator[tuple[Harm, Study | None, date]]:
        """Yield each harm on file with its study and the day from which it may be used."""
        vocabulary = self.base.data.vocabulary

        def of_kind(found: str | None) -> bool:
            return found is not None and (event is None or vocabulary.is_a("event", found, event))

        for study, arm, own, key_id in self.base.keys:
            if study.evidence_kind != "human" or not any(of_kind(finding.event) for finding in arm.findings):
                continue
            vector = self._vector(own, key)
            if vector is None:
                continue
            for finding in arm.findings:
                if finding.direction == "no_difference":
                    continue  # as often without the cells: no harm of theirs
                if of_kind(finding.event) and (finding.n is not None or finding.value or finding.percent):
                    kind = finding.event or ""
                    deaths = vocabulary.is_a("event", kind, "death")
                    harm = Harm(study.id, key_id, kind, finding.n, finding.n_total, vector, deaths)
                    when = study_date(study)
                    yield harm, study, when.harms_from() if harm.happened else when.helps_from()
        for saf, own in self.base.harms:
            vector = self._vector(own, key)
            if vector is not None and own.cell_type and of_kind(saf.event):
                since = (saf.date or saf.retrieved).harms_from()
                yield Harm(saf.id, saf.id, saf.event, saf.n, saf.n_total, vector), None, since

    def judge(self, claim: Claim, key: ProductKey, place: str, takes_lower: bool) -> SafetyJudgement:
        """Judge a safety sentence whose key is complete and names a cell type."""
        recorded = tuple(self.recorded(key, claim.event))
        level, items, codes = self._findings(claim, key, takes_lower)
        licences = self._warned(claim, key, place)
        condition = "safety_findings" if level else "nothing"
        if claim.absolute and any(_refutes(harm) for harm in recorded):
            condition = "absolute_refuted"
        elif claim.absolute and self.base.usable(claim.supported_by):
            condition = "harm_excluded_by_definition"
        elif licences:
            condition = "label_warns"
            level = min((now for _, now in licences), key=lambda one: self.base.data.rules.rank[one])
        elif claim.states_harm and not any(harm.happened for harm in recorded):
            condition, level = "nothing", ""
        names = tuple(sorted(approval_id for approval_id, _ in licences))
        references = self.base.usable(claim.supported_by) if condition == "harm_excluded_by_definition" else ()
        return SafetyJudgement(condition, level, items, recorded, names, self._pooled(recorded), codes, references)

    def _pooled(self, recorded: tuple[Harm, ...]) -> tuple[int, int]:
        """Return (people harmed, people watched) of the same product; each group of patients once."""
        groups: dict[str, tuple[int, int]] = {}
        cohorts = self.base.cohorts()
        for harm in recorded:
            if harm.n is None or not harm.n_total or not _same_or_open(harm.vector):
                continue
            cohort = cohorts.get(harm.record_id, harm.record_id)
            arm = f"{cohort} {harm.key_id.rpartition('#')[2]}"
            groups[arm] = max(groups.get(arm, (0, 0)), (harm.n, harm.n_total), key=lambda pair: (pair[1], pair[0]))
        return sum(n for n, _ in groups.values()), sum(total for _, total in groups.values())

    def _findings(
        self, claim: Claim, key: ProductKey, takes_lower: bool
    ) -> tuple[str, tuple[Item, ...], frozenset[str]]:
        """Return level, records and codes of the studies that report safety of this product.

        Members, lists of diseases and wholes fold as for a benefit.
        """
        rank = self.base.data.rules.rank
        everything: dict[str, Item] = {}
        per_member: list[str] = []
        for member in key.cell_type:
            per_disease = []
            for indication in key.indication or ("",):
                one = key.model_copy(update={"indication": (indication,) if indication else ()})
                items = on_the_day(
                    self.base, self._watching(one, key.cell_type, member, claim.event), deciding_only=False
                )
                items = tuple(replace(item, stance="reports_safety") for item in items)
                everything.update((item.key_id, item) for item in items)
                levels = [i.level for i in items if i.lifts and not (claim.universal and i.match == "partial")]
                per_disease.append(min(levels, key=lambda level: rank[level]) if levels else "U")
            per_member.append(max(per_disease, key=lambda level: rank[level]))
        level = (max if takes_lower else min)(per_member, key=lambda one: rank[one])
        unsupported = per_member.count("U")
        codes = {"MEMBER_UNSUPPORTED"} if 0 < unsupported < len(per_member) else set()
        order = {"direct": 0, "partial": 1, "possible": 2, "indirect": 3, "unrelated": 4}
        listed = sorted(everything.values(), key=lambda item: (order[item.match], item.record_id, item.key_id))
        return ("" if level == "U" else level), tuple(listed), frozenset(codes)

    def _watching(
        self, key: ProductKey, cell_types: tuple[str, ...], member: str, event: str | None
    ) -> list[Candidate]:
        """Return the studies of this product that report safety, and of this kind of harm where one is named."""
        token = (key, cell_types, member, event)
        if token not in self._candidates:
            self._candidates[token] = [
                one
                for one in studies_for(self.base, key, cell_types, member, _SAFETY)
                if one.kind == "study"
                and one.match != "indirect"
                and self._watched(self.base.arms[one.key_id][1].findings, event)
            ]
        return self._candidates[token]

    def _watched(self, findings: tuple[Finding, ...], event: str | None) -> bool:
        """Tell whether an arm reports safety, and of this kind of harm where the sentence names one."""
        vocabulary = self.base.data.vocabulary
        general = event is None or not vocabulary.concepts["event"][event].parents
        return any(
            finding.outcome == "safety"
            and (general or (finding.event is not None and vocabulary.is_a("event", finding.event, event or "")))
            for finding in findings
        )

    def _warned(self, claim: Claim, key: ProductKey, place: str) -> list[tuple[str, str]]:
        """Return (authorisation, level) of licensed products spoken of as such whose label warns of the harm."""
        if not (claim.licensed_as_such and claim.states_harm and claim.event):
            return []
        vocabulary = self.base.data.vocabulary
        return [
            (approval.id, "A_FULL" if now.standing == "full" else "A_COND")
            for approval, now in (self.base.licences(place) if place else ())
            if any(vocabulary.is_a("event", risk.event, claim.event) for risk in approval.label_risks)
            and any(
                vocabulary.is_a("cell_type", own, wanted)
                for own in approval.label.cell_type
                for wanted in key.cell_type
            )
        ]

    def _vector(self, record: ProductKey, claim: ProductKey) -> Vector | None:
        """Compare cells, source and engineering only: a harm of the kind counts whatever the setting."""
        vocabulary = self.base.data.vocabulary
        relations = [member_relation(vocabulary, record, claim.cell_type, member) for member in claim.cell_type]
        related = [relation for relation in relations if relation != "different"]
        if not related:
            return None
        kind = ProductKey(cell_type=claim.cell_type, cell_source=claim.cell_source, engineering=claim.engineering)
        vector = with_cell_type(compare(vocabulary, record, kind), related[0])
        return None if vector.axes("different") else vector


#: The outcome a safety sentence is about.
_SAFETY = Wanted(("safety",), True)


def _refutes(harm: Harm) -> bool:
    """Tell whether a harm refutes an absolute: it happened, to the same kind of product, and is a harm of its own."""
    return harm.happened and not harm.any_cause and _same_or_open(harm.vector)


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
    from math import exp, lgamma, log, log1p

    if events >= people:
        return 1.0
    # By logarithms: for some thousand people a binomial coefficient is no longer a float.
    ways = [lgamma(people + 1) - lgamma(k + 1) - lgamma(people - k + 1) for k in range(events + 1)]
    low, high = events / people, 1.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        yes, no = log(middle), log1p(-middle)
        below = sum(exp(way + k * yes + (people - k) * no) for k, way in enumerate(ways))
        low, high = (middle, high) if below > 1 - confidence else (low, middle)
    return high
