"""Numbers and dates that must agree inside one record: what no source could rightly print.

The records' own validators refuse what is impossible in one field or finding; here fields are held
against each other and against the day of the build.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from kb.errors import Problem
from kb.records.approval import Absence, AccessRoute, Approval, SafetyEvent
from kb.records.common import Date, Provenance
from kb.records.study import Finding, Study
from kb.records.trial import Trial

if TYPE_CHECKING:
    from kb.dataset import Dataset

_Found = tuple[str, str, str, tuple[str | int, ...]]

#: Electronic publication and the printed issue may lie in neighbouring years.
_YEARS_APART = 1
#: How a text begins that reports no harm at all.
_NONE = re.compile(r"(?:none|no|not|nobody|nil|never|without|0)\b", re.IGNORECASE)
#: Page of a publication → the identifier in its address: (name of the page, field, address).
_PAGES = (
    ("PubMed", "pmid", re.compile(r"https://pubmed\.ncbi\.nlm\.nih\.gov/(\d+)")),
    ("DOI", "doi", re.compile(r"https?://(?:dx\.)?doi\.org/(10\.\S+)")),
    ("PMC", "pmcid", re.compile(r"https?://(?:www\.)?(?:pmc\.)?ncbi\.nlm\.nih\.gov/(?:pmc/)?articles/(PMC\d+)")),
)
_REGISTRY_PAGE = re.compile(r"https?://(?:www\.)?clinicaltrials\.gov/(?:ct2/show|study)/(NCT\d{8})")


def plausibility(data: Dataset) -> Iterator[Problem]:
    """Yield every disagreement inside a record, with the rule it breaks."""
    today = date.fromisoformat(data.build.as_of)

    def problems(record_id: str, found: Iterator[_Found]) -> Iterator[Problem]:
        place = data.places[record_id]
        for rule, message, remedy, path in found:
            yield Problem(place.file, place.at(*path), record_id, message, remedy, rule)

    for study in data.studies:
        yield from problems(study.id, _study(study, today))
    for trial in data.trials:
        yield from problems(trial.id, _trial(trial, today))
    for approval in data.approvals:
        yield from problems(approval.id, _provenance(approval, today, "second_check_date"))
        yield from problems(approval.id, _second_check(approval))
        for index, event in enumerate(approval.events):
            if event.date and event.date.first > today:
                remedy = "an authorisation is a fact, not a plan: correct the date"
                message = f"{event.event} is dated {event.date}, after the day of the build ({today})"
                yield from problems(approval.id, iter([("dates", message, remedy, ("events", index, "date"))]))
    others: list[Absence | AccessRoute | SafetyEvent] = [*data.absences, *data.access_routes, *data.safety_events]
    for record in others:
        yield from problems(record.id, _provenance(record, today, "date"))


def _provenance(record: Provenance, today: date, *others: str) -> Iterator[_Found]:
    """No fact was read, checked or dated after the day of the build."""
    for name in ("retrieved", *others):
        day: Date | None = getattr(record, name)
        if day and day.first > today:
            remedy = "correct the date, or move as_of in build.yml"
            yield "dates", f"{name} {day} is after the day of the build ({today})", remedy, (name,)


def _second_check(record: Study | Approval) -> Iterator[_Found]:
    if record.second_check and not (record.second_check_by and record.second_check_date):
        remedy = "add second_check_by and second_check_date"
        yield "second-check", "second_check does not say who checked and when", remedy, ("second_check",)


def _study(study: Study, today: date) -> Iterator[_Found]:
    yield from _provenance(study, today, "second_check_date", "integrity_date")
    published = study.publication_date
    if published and study.year and abs(published.first.year - study.year) > _YEARS_APART:
        yield "dates", f"year is {study.year}, but publication_date is {published}", "correct one of the two", ("year",)
    if published and study.integrity_date and study.integrity_date.last < published.first:
        message = f"integrity_date {study.integrity_date} is before publication ({published})"
        yield "dates", message, "a notice follows its paper: correct one of the two", ("integrity_date",)
    yield from _second_check(study)
    for kind, name, address in _PAGES:
        page, own = address.match(study.source), getattr(study, name)
        if page and own and study.checked != "secondary" and page[1].lower() != own.lower():
            message = f"source is the {kind} page of {page[1]}, but {name} is {own}"
            yield "identifier", message, "correct one of the two", ("source",)
    for i, key in enumerate(study.keys):
        if key.n is not None and study.n_enrolled is not None and key.n > study.n_enrolled:
            message = f"arm '{key.name}' has {key.n} people, but n_enrolled is {study.n_enrolled}"
            yield "numbers", message, "an arm is part of the study: correct one of the two", ("keys", i, "n")
        for j, finding in enumerate(key.findings):
            yield from _finding(study, finding, ("keys", i, "findings", j))


def _finding(study: Study, finding: Finding, path: tuple[str | int, ...]) -> Iterator[_Found]:
    if finding.n_total is not None and study.n_enrolled is not None and finding.n_total > study.n_enrolled:
        message = f"'{finding.endpoint}' counts {finding.n_total} people, but n_enrolled is {study.n_enrolled}"
        yield "numbers", message, "nobody is counted who was not enrolled: correct one", (*path, "n_total")
    if finding.event and finding.n is None and finding.value and _NONE.match(finding.value):
        message = f"'{finding.endpoint}' says '{finding.value}', but an event without n counts as harm that happened"
        remedy = "write n: 0, or leave event out when the source says only that none was notable"
        yield "harm", message, remedy, (*path, "event")
    if finding.percent is not None and finding.n is not None and finding.n_total:
        exact = 100 * finding.n / finding.n_total
        if not rounds_to(exact, finding.percent):
            message = f"'{finding.endpoint}': {finding.n}/{finding.n_total} is {exact:.2f}%, not {finding.percent:g}%"
            remedy = "correct the count or the percentage; if the source misprints it, leave the percentage to a note"
            yield "rounding", message, remedy, (*path, "percent")


def rounds_to(exact: float, printed: float) -> bool:
    """Tell whether a share was rightly rounded, or cut, to the digits printed.

    Args:
        exact: the share in percent.
        printed: as the source prints it; its own digits set the unit (55 → 1, 55.6 → 0.1).
    """
    digits = len(f"{printed:g}".partition(".")[2])
    unit = 10.0**-digits
    rounded = abs(exact - printed) <= unit / 2 + 1e-9
    cut = 0 <= exact - printed < unit
    return rounded or cut


def _trial(trial: Trial, today: date) -> Iterator[_Found]:
    yield from _provenance(trial, today, "status_date", "first_posted")
    if trial.status_date and trial.status_date.first > trial.retrieved.last:
        message = f"status_date {trial.status_date} is after retrieved {trial.retrieved}"
        yield "dates", message, "nobody saw that status then: correct one of the two", ()
    if trial.first_posted and trial.status_date and trial.first_posted.first > trial.status_date.last:
        message = f"first_posted {trial.first_posted} is after status_date {trial.status_date}"
        yield "dates", message, "a trial has no status before it is posted: correct one of the two", ()
    page = _REGISTRY_PAGE.match(trial.source)
    if page and trial.id.startswith("NCT") and page[1] != trial.id:
        yield "identifier", f"source is the page of {page[1]}", "correct the id or the source", ()
