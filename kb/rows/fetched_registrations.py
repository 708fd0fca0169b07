"""Rows of the registrations that ``kb ingest`` fetched, of their results and of what changed in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import asdict

from kb.dataset import Dataset
from kb.history import changes, latest
from kb.records.fetched import Fetched
from kb.records.registration import Measure, Registration
from kb.rows.base import Row, dumps, flag, trial_url
from kb.stop_reasons import StopReasons


def current(fetched: Fetched, until: str) -> list[tuple[str, Registration]]:
    """Return the state of each registration known on a day, with the day it was last seen."""
    by_id: dict[str, list[tuple[str, Registration]]] = {}
    for one in fetched.snapshots:
        by_id.setdefault(one.registration.id, []).append((one.day, one.registration))
    found = []
    for _, seen in sorted(by_id.items()):
        state = latest(seen, until)
        if state is not None:
            found.append((max(day for day, _ in seen if day <= until), state))
    return found


def on_file_as(one: Registration, trials: Container[str]) -> str | None:
    """Return the trial on file a registration is: under its own number, else the first under a former one."""
    return next((number for number in (one.id, *one.aliases) if number in trials), None)


def registrations(fetched: Fetched, data: Dataset, reasons: StopReasons, until: str) -> Iterator[Row]:
    """The newest known state of each registration, and the trial on file it is."""
    trials = {trial.id for trial in data.trials}
    gone = {number: day for source, number, day in fetched.gone if source == "clinicaltrials"}
    for day, one in current(fetched, until):
        yield {
            "id": one.id,
            "registry": one.registry,
            "aliases": dumps(one.aliases),
            "title": one.title or None,
            "official_title": one.official_title or None,
            "phase": one.phase or None,
            "status": one.status or None,
            "status_verified": one.status_verified or None,
            "study_type": one.study_type or None,
            "allocation": one.allocation or None,
            "enrollment": one.enrollment,
            "enrollment_type": one.enrollment_type or None,
            "first_posted": one.first_posted or None,
            "updated": one.updated or None,
            "start_date": one.start_date or None,
            "completion_date": one.completion_date or None,
            "sponsor": one.sponsor or None,
            "countries": dumps(one.countries),
            "conditions": dumps(one.conditions),
            "interventions": dumps([[item.type, item.names[0] if item.names else ""] for item in one.interventions]),
            "why_stopped": one.why_stopped or None,
            "stop_reasons": dumps([tag.id for tag in reasons.classify(one.why_stopped)]),
            "stop_reason": reasons.settled(one.why_stopped) or None,
            "has_results": flag(one.has_results),
            "participants": one.participants,
            "pmids": dumps(one.pmids),
            "sparse": int(one.sparse),
            "gone": gone.get(one.id),
            "trial_id": on_file_as(one, trials),
            "source": trial_url(one.id) or "https://trialsearch.who.int/",
            "retrieved": day,
        }


def registration_outcomes(fetched: Fetched, until: str) -> Iterator[Row]:
    """Every outcome measure."""
    for _, one in current(fetched, until):
        for position, measure in enumerate(one.outcomes, 1):
            yield {
                "id": f"{one.id}#o{position}",
                "registration_id": one.id,
                "rank": measure.rank,
                "title": measure.title,
                "time_frame": measure.time_frame or None,
                "reported": int(measure.reported),
                "population": measure.population or None,
                "unit": measure.unit or None,
                "param": measure.param or None,
                "dispersion": measure.dispersion or None,
                "groups": dumps(measure.groups),
                "analyses": dumps(_analyses(measure)),
            }


def _analyses(measure: Measure) -> list[dict[str, object]]:
    """Return every analysis with what is said of it, and any P value that came without one."""
    found = [asdict(analysis) for analysis in measure.analyses]
    told = Counter((analysis.p_value, analysis.method) for analysis in measure.analyses)
    bare = Counter(measure.p_values) - told
    found += [{"p_value": p_value, "method": method} for p_value, method in bare.elements()]
    return [{name: value for name, value in one.items() if value} for one in found]


def registration_harms(fetched: Fetched, until: str) -> Iterator[Row]:
    """Serious adverse events, and the totals of each group."""
    for _, one in current(fetched, until):
        rows: list[tuple[str, str, str, int | None, int | None]] = []
        for total in one.harm_totals:
            rows.append(("all serious events", "", total.group, total.serious, total.serious_at_risk))
            rows.append(("deaths of any cause", "", total.group, total.deaths, total.deaths_at_risk))
        rows.extend((harm.term, harm.organ_system, harm.group, harm.n, harm.n_total) for harm in one.harms)
        for position, (term, organ, group, n, n_total) in enumerate(rows, 1):
            yield {
                "id": f"{one.id}#h{position}",
                "registration_id": one.id,
                "term": term,
                "organ_system": organ or None,
                "arm": group,
                "n": n,
                "n_total": n_total,
            }


def trial_changes(fetched: Fetched, until: str) -> Iterator[Row]:
    """What changed between the days a registration was seen."""
    by_id: dict[str, list[tuple[str, Registration]]] = {}
    for one in fetched.snapshots:
        if one.day <= until:
            by_id.setdefault(one.registration.id, []).append((one.day, one.registration))
    for _, seen in sorted(by_id.items()):
        numbers: Counter[str] = Counter()
        for change in changes(seen):
            name = f"{change.record_id}#{change.field}#{change.seen_after}"
            numbers[name] += 1
            yield {
                # A field may change and change back within the looks of one day.
                "id": name if numbers[name] == 1 else f"{name}#{numbers[name]}",
                "registration_id": change.record_id,
                "field": change.field,
                "before": change.before or None,
                "after": change.after or None,
                "seen_before": change.seen_before,
                "seen_after": change.seen_after,
            }
