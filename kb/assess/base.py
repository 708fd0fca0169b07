"""The facts as the judges need them: completed keys, cohorts, links, on a day that can be moved.

What does not depend on the day is found once. What does goes through the :class:`~kb.assess.clock.Clock`,
so that every judgement knows how long it holds. A record can be hidden, or taken for retracted, for a
while: what then changes is what rests on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from typing import Any

import networkx as nx

from kb.assess.clock import LAST, Clock
from kb.assess.cohorts import tied
from kb.assess.licence import State, in_force
from kb.assess.match import bare, complete, complete_record
from kb.assess.outcome import Reading, Wanted, read
from kb.dataset import Dataset
from kb.dates import PartialDate
from kb.records.approval import Absence, AccessRoute, Approval, SafetyEvent
from kb.records.claim import Claim
from kb.records.common import Checked, ProductKey
from kb.records.study import Study, StudyKey
from kb.records.trial import Trial

#: An arm of a study: (study, arm, completed key, key id).
Arm = tuple[Study, StudyKey, ProductKey, str]


def study_date(study: Study) -> PartialDate:
    """Return the date of a publication: of print, else its year, else the day we read it."""
    if study.publication_date:
        return study.publication_date
    return PartialDate.parse(str(study.year)) if study.year else study.retrieved


def trial_date(trial: Trial) -> PartialDate:
    """Return the day from which a registration is known."""
    return trial.first_posted or trial.start_date or trial.status_date or trial.retrieved


class Base:
    """One dataset on one day.

    Args:
        data: all records.
        as_of: the day; no fact is used before its date.

    Attributes:
        clock: the day; moving it (:meth:`Clock.set`) moves every judgement.
        touched: records that are themselves otherwise while another is hidden or taken for retracted; mostly none.
        sayings: sentence → its number, the same for all who judge with this base.
    """

    def __init__(self, data: Dataset, as_of: date) -> None:
        self.data = data
        self.clock = Clock(as_of)
        self._hidden: frozenset[str] = frozenset()
        self._retracted: frozenset[str] = frozenset()
        self.touched: frozenset[str] = frozenset()
        self.sayings: dict[Claim, int] = {}

    @property
    def as_of(self) -> date:
        """The day asked for, to be printed; judges ask :meth:`Clock.reached`."""
        return self.clock.day

    # ------------------------------------------------------------------ what if

    @contextmanager
    def without(self, record_id: str) -> Iterator[None]:
        """Judge as though a record were not on file.

        Args:
            record_id: id of a study, trial, approval, absence, route or safety event.
        """
        with self._otherwise():
            self._hidden |= {record_id}
            hidden = self.study_by_id.get(record_id)
            if hidden:  # its registrations may again be without results
                self.touched |= set(hidden.registry_ids)
            yield

    @contextmanager
    def retracting(self, study_id: str) -> Iterator[None]:
        """Judge as though a study had been retracted before the day asked for."""
        with self._otherwise():
            self._retracted |= {study_id}
            self.touched |= {study_id}
            yield

    @contextmanager
    def _otherwise(self) -> Iterator[None]:
        """Let the facts be others for a while."""
        before = (self._hidden, self._retracted, self.touched)
        with self.clock.apart():
            try:
                yield
            finally:
                self._hidden, self._retracted, self.touched = before

    def shows(self, record_id: str) -> bool:
        """Tell whether a record is on file (and not hidden for a while)."""
        return record_id not in self._hidden

    # ------------------------------------------------------------------ what does not depend on the day

    @cached_property
    def keys(self) -> list[Arm]:
        """Every arm of every study; equal completed keys are one object."""
        return [
            (study, key, self._completed(bare(key), study.checked), f"{study.id}#{key.name}")
            for study in self.data.studies
            for key in study.keys
        ]

    @cached_property
    def arms(self) -> dict[str, tuple[Study, StudyKey, ProductKey]]:
        """Key id → study, arm and completed key."""
        return {key_id: (study, arm, key) for study, arm, key, key_id in self.keys}

    def reading(self, key_id: str, wanted: Wanted) -> Reading:
        """Return what the findings of an arm say about a wanted outcome."""
        token = (key_id, wanted)
        if token not in self._readings:
            study, arm, _ = self.arms[key_id]
            self._readings[token] = read(self.data.rules, study, arm, wanted)
        return self._readings[token]

    @cached_property
    def _readings(self) -> dict[tuple[str, Wanted], Reading]:
        return {}

    @cached_property
    def arms_of(self) -> dict[str, list[Arm]]:
        """Study id → its arms."""
        found: dict[str, list[Arm]] = {study.id: [] for study in self.data.studies}
        for one in self.keys:
            found[one[0].id].append(one)
        return found

    @cached_property
    def trials(self) -> list[tuple[Trial, ProductKey]]:
        """Every registration with its completed key; equal ones are one object."""
        return [(trial, self._completed(bare(trial), trial.checked)) for trial in self.data.trials]

    def _completed(self, key: ProductKey, checked: Checked) -> ProductKey:
        """Return a record's key completed; equal ones are one object, so that they need be compared once only."""
        made = complete_record(self.data.vocabulary, key, checked)
        return self._shared_keys.setdefault(made, made)

    @cached_property
    def _shared_keys(self) -> dict[ProductKey, ProductKey]:
        return {}

    @cached_property
    def stored_keys(self) -> dict[str, list[ProductKey]]:
        """Record id → its product keys as entered, as the graph holds them."""
        found: dict[str, list[ProductKey]] = {}
        for study in self.data.studies:
            found[study.id] = [bare(key) for key in study.keys]
        found.update({trial.id: [bare(trial)] for trial in self.data.trials})
        found.update({event.id: [bare(event)] for event in self.data.safety_events})
        for approval in self.data.approvals:
            found[approval.id] = [approval.label]
        return found

    @cached_property
    def harms(self) -> list[tuple[SafetyEvent, ProductKey]]:
        """Every safety event with its completed key."""
        return [(event, complete(self.data.vocabulary, bare(event))) for event in self.data.safety_events]

    @cached_property
    def checked(self) -> dict[str, Checked]:
        """Record id → how it was read, for every record a status can rest on."""
        data = self.data
        others: list[Any] = [*data.trials, *data.approvals, *data.absences, *data.access_routes, *data.safety_events]
        found: dict[str, Checked] = {record.id: record.checked for record in others}
        found.update({name: study.checked for name, study in self.study_by_id.items()})
        return found

    @cached_property
    def study_by_id(self) -> dict[str, Study]:
        """Study id or alias → study."""
        return {alias: study for study in self.data.studies for alias in (study.id, *study.aliases)}

    def mates(self, cohort: str) -> Sequence[Study]:
        """Return the studies with results on the people of a cohort, by the ties known that day."""

        def grouped() -> dict[str, list[Study]]:
            cohorts = self.cohorts()  # asked here, so that what is kept ends when a tie becomes known
            found: dict[str, list[Study]] = {}
            for study in self.data.studies:
                if study.evidence_kind == "human" and any(key.findings for key in study.keys):
                    found.setdefault(cohorts[study.id], []).append(study)
            return found

        return self.clock.kept("mates", grouped).get(cohort, ())

    @cached_property
    def _followed_by(self) -> dict[str, list[str]]:
        """Study id → studies that say of themselves that they follow it up."""
        found: dict[str, list[str]] = {}
        for study in self.data.studies:
            for relation in study.relations:
                target = self.study_by_id.get(relation.target)
                if relation.type == "follow_up_of" and target:
                    found.setdefault(target.id, []).append(study.id)
        return found

    def follow_ups_of(self, study_id: str) -> list[Study]:
        """Return the usable studies that follow a study up, and those that follow these up, nearest first."""
        found: dict[str, None] = {}
        queue = sorted(self._followed_by.get(study_id, ()))
        while queue:
            name = queue.pop(0)
            if name not in found and name != study_id:
                found[name] = None
                queue += sorted(self._followed_by.get(name, ()))
        return [self.study_by_id[name] for name in found if self.usable((name,), harms=True)]

    @cached_property
    def _reporting(self) -> dict[str, list[Study]]:
        """Registration → human studies that report results of it."""
        found: dict[str, list[Study]] = {}
        for study in self.data.studies:
            if study.evidence_kind == "human" and any(key.findings for key in study.keys):
                for trial_id in study.registry_ids:
                    found.setdefault(trial_id, []).append(study)
        return found

    def near(self, claim: ProductKey, member: str) -> tuple[list[Arm], list[tuple[Trial, ProductKey]]]:
        """Return the records that can be listed at all: same disease, or same cells where none is named.

        Args:
            claim: completed key of a sentence, with one indication at most.
            member: the cell type being judged.
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
    def _nearby(self) -> dict[tuple[str, str], tuple[list[Arm], list[tuple[Trial, ProductKey]]]]:
        return {}

    # ------------------------------------------------------------------ what depends on the day

    def reached(self, when: date) -> bool:
        """Tell whether a date has come."""
        return self.clock.reached(when)

    def state(
        self, record_id: str, kind: str, stance: str, make: Callable[[Base], tuple[str, ...]]
    ) -> tuple[tuple[str, ...], date, date]:
        """Return what a record is on the day, and the days (first, day after the last) on which it stays so.

        Args:
            record_id: the record.
            kind: its kind, for one that is several things (a paper with laboratory and human work).
            stance: how it came out.
            make: answers; every date it looks at goes through :meth:`reached`.
        """
        token = (record_id, kind, stance)
        day = self.clock.day
        known = None if record_id in self.touched else self._states.get(token)
        if known is None or not known[1] <= day < known[2]:
            outer, self.clock.until = self.clock.until, LAST
            known = (make(self), day, self.clock.until)
            self.clock.until = outer
            if record_id not in self.touched:
                self._states[token] = known
        return known

    @cached_property
    def _states(self) -> dict[tuple[str, str, str], tuple[tuple[str, ...], date, date]]:
        return {}

    def cohorts(self) -> dict[str, str]:
        """Return record id → name of its cohort: papers of one trial, or tied as the same people.

        A paper that ties groups together which were told apart before does so from its own date.
        """
        return self.clock.kept("cohorts", self._cohorts)

    def _cohorts(self) -> dict[str, str]:
        # Whoever has one tie only joins a group; whoever has two may make one group of two.
        cut = frozenset(
            study.id
            for study in self._bridges
            if not self.shows(study.id) or not self.reached(study_date(study).harms_from())
        )
        if cut not in self._grouped:
            graph: nx.Graph[str] = nx.Graph()
            graph.add_nodes_from(self._tied)
            graph.add_edges_from((one, other) for one, other in self._tied.edges if not {one, other} & cut)
            groups = nx.connected_components(graph)
            self._grouped[cut] = {member: min(group) for group in groups for member in group}
        return self._grouped[cut]

    @cached_property
    def _bridges(self) -> list[Study]:
        return [study for study in self.data.studies if self._tied.degree(study.id) > 1]

    @cached_property
    def _grouped(self) -> dict[frozenset[str], dict[str, str]]:
        return {}

    @cached_property
    def _tied(self) -> nx.Graph[str]:
        return tied(self.data.studies, self.study_by_id)

    def reported(self, trial_id: str) -> bool:
        """Tell whether a stored study reports results of this registration by that day."""
        return any(
            self.reached(study_date(study).helps_from())
            for study in self._reporting.get(trial_id, ())
            if self.shows(study.id)
        )

    def licences(self, place: str) -> list[tuple[Approval, State]]:
        """Return the authorisations in force in a place on that day."""
        return self.clock.kept(("licences", place), lambda: in_force(self.approvals(place), place, self.reached))

    @cached_property
    def _approvals(self) -> dict[str, list[Approval]]:
        found: dict[str, list[Approval]] = {}
        for approval in self.data.approvals:
            found.setdefault(approval.jurisdiction, []).append(approval)
        return found

    def approvals(self, place: str) -> Sequence[Approval]:
        """Return every authorisation ever on file in a place."""
        return [one for one in self._approvals.get(place, ()) if self.shows(one.id)]

    def routes(self) -> list[AccessRoute]:
        """Return the access routes and designations known on that day."""
        return [
            route
            for route in self.data.access_routes
            if self.shows(route.id) and self.reached((route.date or route.retrieved).harms_from())
        ]

    def absences(self) -> list[Absence]:
        """Return every finding of absence."""
        return [absence for absence in self.data.absences if self.shows(absence.id)]

    def study(self, name: str) -> Study | None:
        """Return a study by id or alias; None when it is not on file."""
        study = self.study_by_id.get(name)
        return study if study and self.shows(study.id) else None

    def usable(self, names: Iterable[str], *, harms: bool = False) -> tuple[str, ...]:
        """Return those studies that are on file, published by that day and not retracted, under their own ids.

        Args:
            names: ids or aliases.
            harms: they count against a sentence, so a partial date counts from its start.
        """
        found = [study for study in map(self.study, names) if study and not self.retracted(study)]
        dates = [study_date(study) for study in found]
        ready = [self.reached(when.harms_from() if harms else when.helps_from()) for when in dates]
        return tuple(study.id for study, known in zip(found, ready, strict=True) if known)

    def retracted(self, study: Study) -> bool:
        """Tell whether the paper stood retracted on that day."""
        if study.id in self._retracted:
            return True
        return (
            study.integrity == "retracted"
            and study.integrity_date is not None
            and self.reached(study.integrity_date.harms_from())
        )

    def corrected(self, study: Study) -> bool:
        """Tell whether a correction or an expression of concern stood on that day."""
        since = study.integrity_date
        return (
            study.id not in self._retracted
            and study.integrity in ("corrected", "concern")
            and since is not None
            and self.reached(since.harms_from())
        )
