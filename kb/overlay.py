"""Reviewed facts brought up to date by what ``kb ingest`` fetched.

Two things only, because only they are the registry's or the database's to say: the integrity of a paper
(corrected, retracted …) and the administrative facts of a registration (status, enrolment, dates …). What a person
judged (product key, findings, doubts) is never touched, and neither is what says how a person read it (``source``,
``retrieved``, ``checked``): the judges fill in more of a registration that somebody read than of one known from
elsewhere, and a fetch is nobody's reading.

Days: an answer fetched after the build's day moves no registration, since nobody knows what the registry said on that
day. A notice about a paper counts from its own date, whenever it was fetched: a paper retracted in 2015 was retracted
in 2016.
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
from kb.records.article import Article
from kb.records.fetched import Fetched, Snapshot
from kb.records.integrity import EventKind, IntegrityEvent
from kb.records.registration import Registration
from kb.records.study import Phase, Study
from kb.records.trial import Status, Trial
from kb.same_paper import owners
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
        articles: fetched records, which tell what ids one paper has (:mod:`kb.same_paper`).
    """

    def __init__(
        self,
        data: Dataset,
        events: Iterable[IntegrityEvent],
        until: date | None = None,
        articles: Iterable[Article] = (),
    ) -> None:
        self._until = until
        self._owners = owners(data.studies, articles)
        self._studies = {study.id for study in data.studies}
        self._events: dict[str, set[IntegrityEvent]] = {}
        self._fetched: set[str] = set()
        for event in events:
            paper = self._paper(event.record_id)
            self._events.setdefault(paper, set()).add(event)
            if not _after(event, until):
                self._fetched.add(paper)
        for study in data.studies:
            if (event_ := reviewed(study)) is not None:
                self._events.setdefault(study.id, set()).add(event_)

    def _paper(self, name: str) -> str:
        return self._owners.get(name.lower(), name.lower())

    def record(self, name: str) -> str:
        """Return the id of the study on file that a paper is, known by any of its ids; the name itself when none is."""
        paper = self._paper(name)
        return paper if paper in self._studies else name

    def events(self) -> list[IntegrityEvent]:
        """Return every event, sorted."""
        return sorted({event for events in self._events.values() for event in events})

    def fetched(self, name: str) -> bool:
        """Tell whether an outside service said anything of this paper that had happened by the last day."""
        return self._paper(name) in self._fetched

    def state(self, name: str) -> IntegrityState:
        """Return the state of one paper, known by any of its ids."""
        return state(self._events.get(self._paper(name), ()), self._until)


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
    integrity = Integrity(data, fetched.events, day, (held.article for held in fetched.articles))
    looks = Looks(fetched.snapshots, until)
    on_file = {trial.id for trial in data.trials}
    return replace(
        data,
        studies=tuple(_study(study, integrity) for study in data.studies),
        trials=tuple(_trial(trial, looks, reasons, on_file) for trial in data.trials),
    )


def _after(event: IntegrityEvent, until: date | None) -> bool:
    """Tell whether an event lies after a day: its own date, or for want of one the day it was first seen."""
    when = event.date or event.seen
    return until is not None and bool(when) and PartialDate.parse(when).first > until


def _study(study: Study, integrity: Integrity) -> Study:
    if not integrity.fetched(study.id):
        return study
    now = integrity.state(study.id)
    if now.kind == "unchecked":
        return study
    return study.model_copy(update={"integrity": now.kind, "integrity_date": now.date or study.integrity_date})


class Looks:
    """What a registry was seen to say of each number.

    Args:
        snapshots: every look.
        until: last day (``YYYY-MM-DD``) whose looks count.
    """

    def __init__(self, snapshots: Iterable[Snapshot], until: str) -> None:
        self._until = until
        self._own: dict[str, list[tuple[str, Registration]]] = {}
        #: Former number → number it was seen to lead to → last day it was.
        self._led: dict[str, dict[str, str]] = {}
        for one in snapshots:
            if one.day <= until:
                number = one.registration.id
                self._own.setdefault(number, []).append((one.day, one.registration))
                for alias in set(one.registration.aliases) - {number}:
                    led = self._led.setdefault(alias, {})
                    led[number] = max(one.day, led.get(number, ""))

    def newest(self, number: str) -> tuple[str, Registration] | None:
        """Return the newest words on a number and the day they were seen; None when there are none.

        The registration of that very number, unless a later look showed that the registry sends the number on to
        another one. Where it was sent on to two on the same day, nobody can tell which is meant: the number's own.
        """
        seen = self._known(number)
        own_day = seen[0] if seen else ""
        later = {
            other: day
            for other, day in self._led.get(number, {}).items()
            if day > own_day and (state_ := self._known(other)) and number in state_[1].aliases
        }
        last = [other for other, day in later.items() if day == max(later.values())]
        return self._known(last[0]) if len(last) == 1 else seen

    def _known(self, number: str) -> tuple[str, Registration] | None:
        looks = self._own.get(number, [])
        state_ = latest(looks, self._until)  # never of two registrations at once
        return (max(day for day, _ in looks), state_) if state_ is not None else None


def _trial(trial: Trial, looks: Looks, reasons: StopReasons, on_file: set[str]) -> Trial:
    """Return a registration with the registry's own newest words, when they are not older than what is on file."""
    seen = looks.newest(trial.id)
    if seen is None:
        return trial
    day, one = seen
    facts = {**_facts(one), **_status(trial, one, reasons, day)}
    if _reviewed_until(trial) > date.fromisoformat(day):  # what a person read later stands
        if trial.status or trial.status_raw:
            return trial
        facts = _blanks(trial, facts)
    facts |= _contradicted(trial, facts)
    if one.id != trial.id and one.id in on_file:
        merged = f"the registry sends this number on to {one.id}: count once"
        facts["doubt"] = f"{trial.doubt}; {merged}" if trial.doubt else merged
    return trial.model_copy(update={**facts, "registry_seen": PartialDate.parse(day)})


def _reviewed_until(trial: Trial) -> date:
    """Return the last day that what a person read may speak of: it cannot be later than the reading."""
    read = trial.retrieved.last
    return min(trial.status_date.last, read) if trial.status_date else read


#: Fields that say one thing together: two sources must not mix in them.
_TOGETHER = (
    ("title", "title_kind"),
    ("phase", "phase_raw"),
    ("status", "status_raw", "status_date", "status_dispute", "why_stopped", "stop_reason"),
)


def _blanks(trial: Trial, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts for fields that the row leaves empty."""
    filled = {name for name in facts if getattr(trial, name) not in (None, ())}
    filled |= {name for group in _TOGETHER if filled & set(group) for name in group}
    return {name: value for name, value in facts.items() if name not in filled}


def _contradicted(trial: Trial, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return, emptied, the date on file that cannot be true beside the registry's own other one."""
    start, completion = (facts.get(name) or getattr(trial, name) for name in ("start_date", "completion_date"))
    if not start or not completion or completion.last >= start.first:
        return {}
    return {name: None for name in ("start_date", "completion_date") if not facts.get(name)}


def _facts(one: Registration) -> dict[str, Any]:
    """Return what the registry says of everything but the status.

    Its silence is no answer and is left out. A word of its own that our list of phases lacks stands as it is printed.
    """
    dates = {"first_posted": one.first_posted, "start_date": one.start_date, "completion_date": one.completion_date}
    said: dict[str, Any] = {
        "title": one.title,
        "title_kind": "registry" if one.title else "",
        "enrollment": one.enrollment,
        "sponsor": one.sponsor,
        "countries": one.countries,
        "conditions": " | ".join(one.conditions),
        **{name: PartialDate.parse(value) for name, value in dates.items() if value},
    }
    facts = {name: value for name, value in said.items() if value not in (None, "", ())}
    if one.phase:
        facts |= {"phase": one.phase if one.phase in _PHASES else None, "phase_raw": one.phase}
    if one.enrollment_unknown:  # said, and said to be nobody's knowledge
        facts["enrollment"] = None
    return facts


def _status(trial: Trial, one: Registration, reasons: StopReasons, day: str) -> dict[str, Any]:
    """Return the status of the day, and why the trial was stopped if it was; nothing where the registry is silent.

    A word that our list of statuses lacks stands as it is printed, and no status beside it. What a person made of a
    stop stays while the registry gives no other reason for it, or gives one in the same words or in words that the
    vocabulary cannot read; other words are read by the vocabulary.
    """
    if not one.status:
        return {}
    why, reason = None, None
    if one.status in _STOPPED:
        same = one.why_stopped == trial.why_stopped
        still = trial.stop_reason if trial.status in _STOPPED else None
        why = one.why_stopped or (trial.why_stopped if trial.status in _STOPPED else None)
        reason = still if same or not one.why_stopped else reasons.settled(one.why_stopped) or still
    return {
        "status": one.status if one.status in _STATUSES else None,
        "status_raw": one.status,
        "status_date": PartialDate.parse(day),
        "status_dispute": None,
        "why_stopped": why,
        "stop_reason": reason,
    }
