"""Every record that bears on a product key, and how it bears on it on a given day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal

from kb.assess.base import Base, study_date, trial_date
from kb.assess.match import Match, Vector, compare, member_relation, with_cell_type
from kb.assess.outcome import Wanted
from kb.dates import months_before, years_before
from kb.records.common import ProductKey
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
    """One record (one arm of it) against one product key, on one day.

    Attributes:
        record_id, key_id: what it is; ``key_id`` names the arm.
        level: level a positive result of this record would give ("" for trials without results).
        cohort: group of people; records of one cohort count once.
        findings: positions of the findings that decided.
        excluded: why the record may not be used on that day ("" when it may).
        codes: remarks that go with it.
        hits: a failure of this record contradicts the sentence (design, "X (results)").
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
    hits: bool = False

    @property
    def lifts(self) -> bool:
        """Whether its match is close enough for its benefit to count."""
        return not self.excluded and self.match in ("direct", "partial")


@dataclass(slots=True)
class Candidate:
    """One record (one arm of it) against one product key, before the day is known.

    Attributes:
        decides: whether it can change a verdict at all; the others are only listed.
        study, trial: the record.
    """

    kind: Kind
    record_id: str
    key_id: str
    vector: Vector
    match: Match
    stance: Stance
    level: str
    findings: tuple[int, ...]
    hits: bool
    decides: bool
    codes: tuple[str, ...]
    study: Study | None = None
    trial: Trial | None = None
    _last: tuple[date, date, dict[str, str], Item] | None = None

    def item(self, base: Base, cohorts: dict[str, str]) -> Item:
        """Return what the record is to the key on the day of ``base``."""
        clock, last = base.clock, self._last
        touched = self.record_id in base.touched
        if last and last[0] <= clock.day < last[1] and last[2] is cohorts and not touched:
            if last[1] < clock.until:  # as Clock.holds_until; this line runs millions of times
                clock.until = last[1]
            return last[3]
        # What a record is on a day does not depend on the sentence: it is found once for all that meet it.
        state, since, until = base.state(self.record_id, self.kind, self.stance, self._state)
        clock.holds_until(until)
        made = self._item(state, cohorts.get(self.record_id, self.record_id))
        if not touched:
            self._last = (since, until, cohorts, made)
        return made

    def _state(self, base: Base) -> tuple[str, ...]:
        if self.study is not None:
            return _study_state(base, self.study, self.kind, self.stance)
        assert self.trial is not None
        return _trial_state(base, self.trial)

    def _item(self, state: tuple[str, ...], cohort: str) -> Item:
        stance, excluded, *codes = state
        return Item(
            self.kind,
            self.record_id,
            self.key_id,
            self.vector,
            self.match,
            stance,  # type: ignore[arg-type]
            self.level,
            self.record_id if self.kind == "laboratory" else cohort,
            self.findings,
            excluded,
            (*self.codes, *codes) if codes else self.codes,
            self.hits,
        )


def _study_state(base: Base, study: Study, kind: Kind, stance: Stance) -> tuple[str, ...]:
    """Return stance, why it is excluded, and codes, on the day."""
    when = study_date(study)
    if kind == "laboratory":
        return stance, "" if base.reached(when.helps_from()) else _not_yet(study)
    retracted = base.retracted(study)
    ready = base.reached(when.harms_from() if stance == "negative" else when.helps_from())
    excluded = "retracted" if retracted else "" if ready else _not_yet(study)
    codes = ["RETRACTED_SOURCE"] if retracted else ["CORRECTED_SOURCE"] if base.corrected(study) else []
    return stance, excluded, *codes


def _not_yet(study: Study) -> str:
    if study.publication_date or study.year:
        return f"published {study_date(study)}, after the day asked for"
    return f"its date is unknown, so it counts from the day it was read ({study.retrieved}), after the day asked for"


def _trial_state(base: Base, trial: Trial) -> tuple[str, ...]:
    """Return stance, why it is excluded, and codes, on the day."""
    stance = trial_stance(base, trial)
    if not base.reached(trial_date(trial).helps_from()):
        excluded = f"known from {trial_date(trial)}, after the day asked for"
    elif trial.doubt:
        return stance, "doubtful registration, kept out of answers", "DOUBTFUL_REGISTRATION"
    elif trial.status_dispute:
        return stance, "two sources disagree about its status", "DISPUTED"
    elif (stance != "under_way" or trial.status not in _OPEN) and base.reported(trial.id):
        excluded = "its results are counted with the publication"
    else:
        excluded = ""
    return stance, excluded


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


def studies_for(
    base: Base, claim: ProductKey, cell_types: tuple[str, ...], member: str, wanted: Wanted
) -> list[Candidate]:
    """Return the human and laboratory studies that bear on one cell type of a sentence.

    Args:
        base: the facts.
        claim: completed key of the sentence, with one indication at most.
        cell_types: all cell types the sentence names together.
        member: the one being judged.
        wanted: the claimed outcome.
    """
    found = []
    alike: dict[tuple[int, tuple[str, ...]], Vector] = {}
    for study, arm, key, key_id in base.near(claim, member)[0]:
        laboratory = study.evidence_kind in ("animal", "in_vitro")
        if not laboratory and study.evidence_kind != "human":
            continue  # reviews never lift; their studies do
        # Many records have the same key, and equal keys are one object (Base.keys): each is compared once.
        vector = alike.get((id(key), arm.control_shares))
        if vector is None:
            vector = _vector(base, key, claim, cell_types, member, arm.control_shares)
            alike[id(key), arm.control_shares] = vector
        match = vector.match
        if laboratory:
            found.append(
                Candidate(
                    "laboratory",
                    study.id,
                    key_id,
                    vector,
                    match,
                    "laboratory",
                    "P",
                    (),
                    False,
                    match != "indirect",
                    (),
                    study,
                )
            )
            continue
        reading = base.reading(key_id, wanted)
        negative = reading.stance == "negative"
        hits = negative and _hits(base, vector, key, claim)
        doubtful = study.unverified and _doubtful_axis(study, vector)
        codes = tuple(
            code
            for code, holds in (
                ("DISPUTED", study.second_check == "disputed"),
                ("SECONDARY_SOURCE", _secondary(study, arm, reading.findings) or doubtful),
            )
            if holds
        )
        found.append(
            Candidate(
                "study",
                study.id,
                key_id,
                vector,
                match,
                reading.stance,
                negative_rank_level(study, arm) if negative else study_level(study, arm),
                reading.findings,
                hits,
                hits or match in ("direct", "partial"),
                codes,
                study,
            )
        )
    return found


def _hits(base: Base, vector: Vector, key: ProductKey, claim: ProductKey) -> bool:
    """Tell whether a failure is of the same product in the same or a broader disease.

    Stage, severity and line belong to the setting and do not count here (design, "X (results)").
    Broader means the disease as a whole: people with other diseases in the same basket do not
    make a failure in this one.
    """
    if not vector.product_matches or vector["indication"] not in ("same", "broader"):
        return False
    if vector["indication"] == "same":
        return True
    return all(base.data.vocabulary.is_a("indication", claim.indication[0], own) for own in key.indication)


def trials_for(base: Base, claim: ProductKey, cell_types: tuple[str, ...], member: str) -> list[Candidate]:
    """Return the registrations that bear on one cell type of a sentence.

    A registration of other cells is left out: without a result it tells nothing about these.
    """
    relation = base.data.vocabulary.relation
    found = []
    alike: dict[int, Vector | None] = {}  # as for studies; None: of other cells
    for trial, key in base.near(claim, member)[1]:
        if id(key) not in alike:
            others = key.cell_type and all(relation("cell_type", own, member) == "different" for own in key.cell_type)
            alike[id(key)] = None if others else _vector(base, key, claim, cell_types, member, ())
        vector = alike[id(key)]
        if vector is None:
            continue
        match = vector.match
        decides = match in ("direct", "partial")
        found.append(
            Candidate("trial", trial.id, trial.id, vector, match, "silent", "", (), False, decides, (), None, trial)
        )
    return found


def _vector(
    base: Base, key: ProductKey, claim: ProductKey, cell_types: tuple[str, ...], member: str, shares: Iterable[str]
) -> Vector:
    vector = compare(base.data.vocabulary, key, claim, shares)
    return with_cell_type(vector, member_relation(base.data.vocabulary, key, cell_types, member))


def on_the_day(base: Base, candidates: Sequence[Candidate], *, deciding_only: bool) -> tuple[Item, ...]:
    """Return what the records are to the key on the day of ``base``.

    Args:
        base: the facts and the day.
        candidates: from :func:`studies_for` and :func:`trials_for`.
        deciding_only: leave out those that are listed and can decide nothing.
    """
    cohorts = base.cohorts()
    return tuple(
        one.item(base, cohorts)
        for one in candidates
        if (one.decides or not deciding_only) and base.shows(one.record_id)
    )


def running(base: Base, trial: Trial) -> bool:
    """Tell whether a registration was open, or treating people, when last seen, and was seen lately."""
    return trial.status in _OPEN and trial_stance(base, trial) == "under_way"


def trial_stance(base: Base, trial: Trial) -> Stance:
    """Return what a registration without results is on the day: under way, stopped and why, or silent."""
    constants = base.data.rules.status.constants
    ended = trial.completion_date
    told = trial.status_date
    by_dates = trial.status in _STOPPED or (trial.status == "COMPLETED" and not ended)
    if by_dates and told and not base.reached(told.harms_from()):
        # It ended later, or nobody knew yet: till then as one that was last heard of when it was posted.
        since = trial_date(trial).last
        over = ended.first if ended else first_too_late(since, months=constants.open_status_months)
        return "silent" if base.reached(over) else "under_way"
    if trial.status in _STOPPED:
        reasons: dict[str | None, Stance] = {
            "safety": "stopped_safety",
            "futility": "stopped_futility",
            "other": "stopped_other",
        }
        return reasons.get(trial.stop_reason, "silent")
    if trial.status in _OPEN and trial.status_date:
        stale = first_too_late(trial.status_date.last, months=constants.open_status_months)
        return "silent" if base.reached(stale) else "under_way"
    if trial.status == "COMPLETED" and ended:
        stale = first_too_late(ended.harms_from(), years=constants.completed_years)
        return "silent" if base.reached(stale) else "under_way"
    return "silent"


@cache
def first_too_late(since: date, *, months: int = 0, years: int = 0) -> date:
    """Return the first day on which a date lies more than so many months, or years, back.

    >>> first_too_late(date(2024, 2, 29), years=3)
    datetime.date(2027, 3, 1)
    """

    def back(day: date) -> date:
        return months_before(day, months) if months else years_before(day, years)

    day = since + timedelta(days=months * 28 + years * 365)
    while back(day) <= since:
        day += timedelta(days=1)
    return day


#: The axes that say what was given.
_MAKE = {"cell_type", "cell_source", "expansion", "engineering"}


def _doubtful_axis(study: Study, vector: Vector) -> bool:
    """Tell whether what the sentence says of the cells (kind, source, making) was met by a secondary source only."""
    doubtful = {field.rpartition(".")[2] for field in study.unverified} & _MAKE
    return any(vector[axis] != "open" for axis in doubtful)


def _secondary(study: Study, arm: StudyKey, findings: tuple[int, ...]) -> bool:
    """Tell whether the findings that decided were read in a secondary source only."""
    return bool(findings) and all((arm.findings[i].checked or study.checked) == "secondary" for i in findings)
