"""Reviewed facts brought up to date by what ``kb ingest`` fetched.

Two things only, because only they are the registry's or the database's to say: the integrity of a paper
(corrected, retracted …) and the administrative facts of a registration (status, enrolment, dates …). What a person
judged (product key, findings, doubts) is never touched. Nothing fetched after the build's day is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, get_args

from kb.dataset import Dataset
from kb.dates import PartialDate
from kb.history import latest
from kb.integrity import IntegrityState, state
from kb.records.fetched import Fetched
from kb.records.integrity import EventKind, IntegrityEvent
from kb.records.registration import Registration
from kb.records.study import Phase, Study
from kb.records.trial import Status, Trial
from kb.rows.base import trial_url
from kb.stop_reasons import StopReasons

_STATUSES = frozenset(get_args(Status))
_PHASES = frozenset(get_args(Phase))
_STOPPED = frozenset({"TERMINATED", "WITHDRAWN", "SUSPENDED"})


class Integrity:
    """What every source says happened to papers: fetched events together with those a person entered.

    Args:
        data: the reviewed facts.
        events: what was fetched.
        until: last day whose events count; None for all.
    """

    def __init__(self, data: Dataset, events: Iterable[IntegrityEvent], until: date | None = None) -> None:
        self._until = until
        self._names: dict[str, str] = {}
        for study in data.studies:
            for name in _names(study):
                self._names[name.lower()] = study.id
        self._events: dict[str, set[IntegrityEvent]] = {}
        self._fetched: set[str] = set()
        for event in events:
            record = self._record(event.record_id)
            self._events.setdefault(record, set()).add(event)
            self._fetched.add(record)
        for study in data.studies:
            if (event_ := reviewed(study)) is not None:
                self._events.setdefault(study.id, set()).add(event_)

    def _record(self, record_id: str) -> str:
        return self._names.get(record_id.lower(), record_id)

    def events(self) -> list[IntegrityEvent]:
        """Return every event, sorted."""
        return sorted({event for events in self._events.values() for event in events})

    def fetched(self, record_id: str) -> bool:
        """Tell whether an outside service said anything of this paper."""
        return self._record(record_id) in self._fetched

    def state(self, record_id: str) -> IntegrityState:
        """Return the state of one paper, known by any of its ids."""
        return state(self._events.get(self._record(record_id), ()), self._until)


def _names(study: Study) -> list[str]:
    names = [study.id, *study.aliases]
    names += [f"PMID:{study.pmid}"] if study.pmid else []
    names += [f"DOI:{study.doi}"] if study.doi else []
    names += [f"PMC:{study.pmcid}"] if study.pmcid else []
    return names


def reviewed(study: Study) -> IntegrityEvent | None:
    """Return what a person entered of a paper's integrity as an event, None where nobody looked."""
    kinds: dict[str, EventKind] = {"none": "checked"}
    if study.integrity == "unchecked":
        return None
    kind: EventKind = kinds.get(study.integrity, study.integrity)  # type: ignore[arg-type]
    when = study.integrity_date or study.retrieved
    return IntegrityEvent(study.id, kind, str(when), "", "entered by hand", (), study.source, "reviewed")


def overlaid(data: Dataset, fetched: Fetched, reasons: StopReasons, day: date) -> Dataset:
    """Return the facts as they stand on a day, with what was fetched until then.

    Args:
        data: the reviewed facts.
        fetched: what the raw store holds.
        reasons: the vocabulary of reasons for stopping.
        day: the build's day.
    """
    until = day.isoformat()
    known = [event for event in fetched.events if not _after(event, until)]
    integrity = Integrity(data, known, day)
    seen: dict[str, list[tuple[str, Registration]]] = {}
    for one in fetched.snapshots:
        if one.day <= until:
            for number in (one.registration.id, *one.registration.aliases):
                seen.setdefault(number, []).append((one.day, one.registration))
    on_file = {trial.id for trial in data.trials}
    return replace(
        data,
        studies=tuple(_study(study, integrity) for study in data.studies),
        trials=tuple(_trial(trial, seen, reasons, until, on_file) for trial in data.trials),
    )


def _after(event: IntegrityEvent, until: str) -> bool:
    """Tell whether an event became known only after a day: its date, or the day of the look, is later."""
    return bool(event.date) and PartialDate.parse(event.date).first.isoformat() > until


def _study(study: Study, integrity: Integrity) -> Study:
    if not integrity.fetched(study.id):
        return study
    now = integrity.state(study.id)
    if now.kind == "unchecked":
        return study
    return study.model_copy(update={"integrity": now.kind, "integrity_date": now.date or study.integrity_date})


def _trial(
    trial: Trial,
    seen: Mapping[str, list[tuple[str, Registration]]],
    reasons: StopReasons,
    until: str,
    on_file: set[str],
) -> Trial:
    """Return a registration with the registry's own newest words, when they are newer than what is on file."""
    snapshots = seen.get(trial.id, [])
    state_ = latest(snapshots, until) if snapshots else None
    if state_ is None:
        return trial
    day = max(when for when, _ in snapshots)
    on_file_since = trial.status_date or trial.retrieved
    if trial.status and on_file_since.first.isoformat() > day:  # what a person read later stands
        return trial
    facts = {**_facts(state_), **_status(trial, state_, reasons, day)}
    if state_.sparse:  # what was not asked for stays as it was
        facts = {name: value for name, value in facts.items() if value not in (None, ())}
    if state_.id != trial.id and state_.id in on_file:
        facts["doubt"] = f"the registry sends this number on to {state_.id}: count once"
    source = {
        "source": trial_url(state_.id) or trial.source,
        "retrieved": PartialDate.parse(day),
        "checked": "registry",
    }
    return trial.model_copy(update={**facts, **source})


def _facts(one: Registration) -> dict[str, Any]:
    """Return what the registry says of everything but the status; None where it says nothing."""
    dates = {"first_posted": one.first_posted, "start_date": one.start_date, "completion_date": one.completion_date}
    return {
        "title": one.title or None,
        "title_kind": "registry" if one.title else None,
        "phase": one.phase if one.phase in _PHASES else None,
        "phase_raw": one.phase or None,
        "enrollment": one.enrollment,
        "sponsor": one.sponsor or None,
        "countries": one.countries,
        "conditions": " | ".join(one.conditions) or None,
        **{name: PartialDate.parse(value) if value else None for name, value in dates.items()},
    }


def _status(trial: Trial, one: Registration, reasons: StopReasons, day: str) -> dict[str, Any]:
    """Return the status of the day, and why the trial was stopped if it was.

    A reason that a person read out of the very same words stays; other words are read by the vocabulary.
    """
    if one.status not in _STATUSES:
        return {}
    why = one.why_stopped if one.status in _STOPPED else ""
    reason = trial.stop_reason if why and why == trial.why_stopped else reasons.group(why) or None
    return {
        "status": one.status,
        "status_raw": one.status,
        "status_date": PartialDate.parse(day),
        "status_dispute": None,
        "why_stopped": why or None,
        "stop_reason": reason,
    }
