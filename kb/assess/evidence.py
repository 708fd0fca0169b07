"""Every record that bears on a product key on a given day, and how it bears on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal

import networkx as nx

from kb.assess.licence import State, in_force
from kb.assess.match import Match, Vector, bare, compare, complete, complete_record, member_relation, with_cell_type
from kb.assess.outcome import Wanted, read
from kb.dataset import Dataset
from kb.dates import PartialDate, months_before, years_before
from kb.jurisdictions import JURISDICTIONS
from kb.records.approval import Approval, SafetyEvent
from kb.records.common import Checked, ProductKey
from kb.records.study import Study, StudyKey
from kb.records.trial import Trial

Kind = Literal["study", "trial", "laboratory", "safety_event"]
#: How a record bears on the sentence, as the public ``evidence`` table prints it.
Stance = Literal[
    "positive",
    "negative",
    "other_result",
    "safety_only",
    "marker_only",
    "no_result",
    "reports_safety",
    "under_way",
    "stopped_safety",
    "stopped_futility",
    "stopped_other",
    "silent",
    "laboratory",
]

_OPEN = {"NOT_YET_RECRUITING", "RECRUITING", "ENROLLING_BY_INVITATION", "ACTIVE_NOT_RECRUITING"}
_STOPPED = {"TERMINATED", "WITHDRAWN", "SUSPENDED"}


@dataclass(frozen=True, slots=True)
class Item:
    """One record (one arm of it) against one product key.

    Attributes:
        record_id, key_id: what it is; ``key_id`` names the arm.
        level: level a positive result of this record would give ("" for trials without results).
        cohort: group of people; records of one cohort count once.
        findings: positions of the findings that decided.
        excluded: why the record may not be used on that day ("" when it may).
        codes: remarks that go with it.
    """

    kind: Kind
    record_id: str
    key_id: str
    vector: Vector
    match: Match
    stance: Stance
    level: str
    cohort: str
    findings: tuple[int, ...] = ()
    excluded: str = ""
    codes: tuple[str, ...] = ()

    @property
    def lifts(self) -> bool:
        """Whether its match is close enough for its benefit to count."""
        return not self.excluded and self.match in ("direct", "partial")


def study_level(study: Study, arm: StudyKey | None = None) -> str:
    """Return the level a positive result of this study, or of one arm, gives, from its phase and design.

    An arm of another design than its study (a cohort told together with a trial) takes no part in its phase.
    """
    own = arm.design if arm else None
    phase = "" if own else study.phase or ""
    design = own or study.design
    if "PHASE3" in phase and _primary_met(study):
        return "T1"
    if design == "randomised-controlled":
        return "T2r"
    controlled = design in (
        "single-arm",
        "dose-escalation",
        "nonrandomised-controlled",
        "comparative",
        "matched-cohort",
    )
    return "T2s" if controlled and ("PHASE2" in phase or "PHASE3" in phase) else "T3"


def _primary_met(study: Study) -> bool:
    """Tell whether a primary endpoint of efficacy is on file as met."""
    harmless = ("safety", "feasibility", "biomarker")
    return any(f.is_primary and f.met and f.outcome not in harmless for key in study.keys for f in key.findings)


def negative_rank_level(study: Study, arm: StudyKey | None = None) -> str:
    """Return the level a *negative* result counts at: a failed phase 3 weighs as a confirmatory one."""
    own = arm.design if arm else None
    return "T1" if "PHASE3" in (study.phase or "") and not own else study_level(study, arm)


def study_date(study: Study) -> PartialDate:
    """Return the date of a publication: of print, else its year, else the day we read it."""
    if study.publication_date:
        return study.publication_date
    return PartialDate.parse(str(study.year)) if study.year else study.retrieved


def trial_date(trial: Trial) -> PartialDate:
    """Return the day from which a registration is known."""
    return trial.first_posted or trial.start_date or trial.status_date or trial.retrieved


@dataclass(frozen=True)
class Base:
    """The dataset as the judges need it: completed keys, cohorts, links, on one day.

    Args:
        data: all records.
        as_of: the day; no fact is used before its date.
    """

    data: Dataset
    as_of: date

    @cached_property
    def keys(self) -> list[tuple[Study, StudyKey, ProductKey, str]]:
        """Every arm of every study: (study, arm, completed key, key id)."""
        return [
            (study, key, complete_record(self.data.vocabulary, bare(key), study.checked), f"{study.id}#{key.name}")
            for study in self.data.studies
            for key in study.keys
        ]

    @cached_property
    def checked(self) -> dict[str, Checked]:
        """Record id → how it was read, for every record a status can rest on."""
        data = self.data
        others: list[Any] = [*data.trials, *data.approvals, *data.absences, *data.access_routes, *data.safety_events]
        found: dict[str, Checked] = {record.id: record.checked for record in others}
        found.update({name: study.checked for name, study in self.study_by_id.items()})
        return found

    @cached_property
    def arms(self) -> dict[str, tuple[Study, StudyKey, ProductKey]]:
        """Key id → study, arm and completed key."""
        return {key_id: (study, arm, key) for study, arm, key, key_id in self.keys}

    @cached_property
    def trials(self) -> list[tuple[Trial, ProductKey]]:
        """Every registration with its completed key."""
        return [
            (trial, complete_record(self.data.vocabulary, bare(trial), trial.checked)) for trial in self.data.trials
        ]

    def _near(
        self, claim: ProductKey, member: str
    ) -> tuple[list[tuple[Study, StudyKey, ProductKey, str]], list[tuple[Trial, ProductKey]]]:
        """Return the records that can be listed at all: same disease, or same cells where none is named.

        A registration of other cells is left out: without a result it tells nothing about these.
        """
        axis, concept = ("indication", claim.indication[0]) if claim.indication else ("cell_type", member)
        if (axis, concept) not in self._nearby:
            relation = self.data.vocabulary.relation

            def near(key: ProductKey) -> bool:
                own = getattr(key, axis)
                return not own or any(relation(axis, one, concept) != "different" for one in own)

            self._nearby[axis, concept] = (
                [found for found in self.keys if near(found[2])],
                [found for found in self.trials if near(found[1])],
            )
        return self._nearby[axis, concept]

    @cached_property
    def _nearby(
        self,
    ) -> dict[tuple[str, str], tuple[list[tuple[Study, StudyKey, ProductKey, str]], list[tuple[Trial, ProductKey]]]]:
        return {}

    @cached_property
    def licences(self) -> dict[str, list[tuple[Approval, State]]]:
        """Place → authorisations in force there on that day."""
        return {place: in_force(self.data.approvals, place, self.as_of) for place in JURISDICTIONS}

    @cached_property
    def study_by_id(self) -> dict[str, Study]:
        """Study id or alias → study."""
        return {alias: study for study in self.data.studies for alias in (study.id, *study.aliases)}

    @cached_property
    def cohorts(self) -> dict[str, str]:
        """Record id → name of its cohort: papers of one trial, or tied as the same people."""
        graph: nx.Graph[str] = nx.Graph()
        for study in self.data.studies:
            graph.add_node(study.id)
            for trial_id in study.registry_ids:
                graph.add_edge(study.id, trial_id)
            for relation in study.relations:
                if relation.type in ("same_cohort", "reports_on"):
                    target = self.study_by_id.get(relation.target)
                    graph.add_edge(study.id, target.id if target else relation.target)
        return {member: min(group) for group in nx.connected_components(graph) for member in group}

    @cached_property
    def with_results(self) -> frozenset[str]:
        """Registrations whose results a stored study reports by that day."""
        return frozenset(
            trial_id
            for study in self.data.studies
            if study.evidence_kind == "human"
            and any(key.findings for key in study.keys)
            and study_date(study).helps_from() <= self.as_of
            for trial_id in study.registry_ids
        )

    def retracted(self, study: Study) -> bool:
        """Tell whether the paper stood retracted on that day."""
        return (
            study.integrity == "retracted"
            and study.integrity_date is not None
            and study.integrity_date.harms_from() <= self.as_of
        )

    def corrected(self, study: Study) -> bool:
        """Tell whether a correction or an expression of concern stood on that day."""
        since = study.integrity_date
        return study.integrity in ("corrected", "concern") and since is not None and since.harms_from() <= self.as_of

    def studies_for(self, claim: ProductKey, cell_types: Sequence[str], member: str, wanted: Wanted) -> list[Item]:
        """Return the human and laboratory studies that bear on one cell type of a sentence.

        Args:
            claim: completed key of the sentence, with one indication at most.
            cell_types: all cell types the sentence names together.
            member: the one being judged.
            wanted: the claimed outcome.
        """
        items = []
        for study, arm, key, key_id in self._near(claim, member)[0]:
            vector = self._vector(key, claim, tuple(cell_types), member, arm.control_shares)
            if study.evidence_kind in ("animal", "in_vitro"):
                items.append(
                    Item(
                        "laboratory",
                        study.id,
                        key_id,
                        vector,
                        vector.match,
                        "laboratory",
                        "P",
                        study.id,
                        excluded=self._too_early(study),
                    )
                )
                continue
            if study.evidence_kind != "human":
                continue  # reviews never lift; their studies do
            reading = read(self.data.rules, study, arm, wanted)
            level = (negative_rank_level if reading.stance == "negative" else study_level)(study, arm)
            date_ = study_date(study)
            ready = date_.harms_from() if reading.stance == "negative" else date_.helps_from()
            excluded = (
                "retracted"
                if self.retracted(study)
                else ""
                if ready <= self.as_of
                else f"published {date_}, after the day asked for"
            )
            codes = tuple(
                code
                for code, holds in (
                    ("RETRACTED_SOURCE", self.retracted(study)),
                    ("CORRECTED_SOURCE", self.corrected(study)),
                    ("DISPUTED", study.second_check == "disputed"),
                    ("SECONDARY_SOURCE", _secondary(study, arm, reading.findings) or _doubtful_axis(study, vector)),
                )
                if holds
            )
            items.append(
                Item(
                    "study",
                    study.id,
                    key_id,
                    vector,
                    vector.match,
                    reading.stance,
                    level,
                    self.cohorts[study.id],
                    reading.findings,
                    excluded,
                    codes,
                )
            )
        return items

    def trials_for(self, claim: ProductKey, cell_types: Sequence[str], member: str) -> list[Item]:
        """Return the registrations that bear on one cell type of a sentence."""
        items = []
        relation = self.data.vocabulary.relation
        for trial, key in self._near(claim, member)[1]:
            if key.cell_type and all(relation("cell_type", own, member) == "different" for own in key.cell_type):
                continue
            vector = self._vector(key, claim, tuple(cell_types), member, ())
            excluded = ""
            codes: tuple[str, ...] = ()
            if trial.doubt:
                excluded, codes = "doubtful registration, kept out of answers", ("DOUBTFUL_REGISTRATION",)
            elif trial.status_dispute:
                excluded, codes = "two sources disagree about its status", ("DISPUTED",)
            elif trial_date(trial).helps_from() > self.as_of:
                excluded = f"known from {trial_date(trial)}, after the day asked for"
            stance = self.trial_stance(trial)
            if trial.id in self.with_results and (stance != "under_way" or trial.status not in _OPEN):
                excluded = excluded or "its results are counted with the publication"
            items.append(
                Item(
                    "trial",
                    trial.id,
                    trial.id,
                    vector,
                    vector.match,
                    stance,
                    "",
                    self.cohorts.get(trial.id, trial.id),
                    excluded=excluded,
                    codes=codes,
                )
            )
        return items

    def _vector(
        self, key: ProductKey, claim: ProductKey, cell_types: tuple[str, ...], member: str, shares: Iterable[str]
    ) -> Vector:
        vector = compare(self.data.vocabulary, key, claim, shares)
        return with_cell_type(vector, member_relation(self.data.vocabulary, key, cell_types, member))

    def _too_early(self, study: Study) -> str:
        return "" if study_date(study).helps_from() <= self.as_of else f"published {study_date(study)}"

    def running(self, trial: Trial) -> bool:
        """Tell whether a registration was open, or treating people, when last seen, and was seen lately."""
        return trial.status in _OPEN and self.trial_stance(trial) == "under_way"

    def trial_stance(self, trial: Trial) -> Stance:
        """Return what a registration without results is on the day: under way, stopped and why, or silent."""
        constants = self.data.rules.status.constants
        if trial.status in _STOPPED:
            if trial.status_date and trial.status_date.harms_from() > self.as_of:  # it stopped later, or nobody knew
                ended = trial.completion_date
                return "under_way" if ended and ended.first > self.as_of else "silent"
            reasons: dict[str | None, Stance] = {
                "safety": "stopped_safety",
                "futility": "stopped_futility",
                "other": "stopped_other",
            }
            return reasons.get(trial.stop_reason, "silent")
        if trial.status in _OPEN and trial.status_date:
            fresh = trial.status_date.last >= months_before(self.as_of, constants.open_status_months)
            return "under_way" if fresh else "silent"
        if trial.status == "COMPLETED" and trial.completion_date:
            recent = trial.completion_date.harms_from() >= years_before(self.as_of, constants.completed_years)
            return "under_way" if recent else "silent"
        return "silent"


#: The axes that say what was given.
_MAKE = {"cell_type", "cell_source", "expansion", "engineering"}


def _doubtful_axis(study: Study, vector: Vector) -> bool:
    """Tell whether what the sentence says of the cells (kind, source, making) was met by a secondary source only."""
    doubtful = {field.rpartition(".")[2] for field in study.unverified} & _MAKE
    return any(vector[axis] != "open" for axis in doubtful)


def _secondary(study: Study, arm: StudyKey, findings: tuple[int, ...]) -> bool:
    """Tell whether the findings that decided were read in a secondary source only."""
    return bool(findings) and all((arm.findings[i].checked or study.checked) == "secondary" for i in findings)


def harms(base: Base) -> list[tuple[SafetyEvent, ProductKey]]:
    """Return the safety events known on that day, with completed keys."""
    vocabulary = base.data.vocabulary
    return [
        (event, complete(vocabulary, bare(event)))
        for event in base.data.safety_events
        if (event.date or event.retrieved).harms_from() <= base.as_of
    ]
