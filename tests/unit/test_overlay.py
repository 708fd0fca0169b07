"""What fetched records may change in reviewed facts, and what they may not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kb.dataset import Dataset
from kb.overlay import Integrity, overlaid
from kb.records.fetched import Fetched, Snapshot
from kb.records.integrity import IntegrityEvent
from kb.records.registration import Registration
from kb.records.study import Study
from kb.records.trial import Trial
from kb.stop_reasons import StopReasons, load
from tests.conftest import DATA
from tests.factory import study, trial

DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def reasons() -> StopReasons:
    return load(Path(DATA) / "rules" / "stop_reasons.tsv")


def registration(**values: Any) -> Registration:
    """A whole document of a registry, with what a whole document has."""
    given = {"id": "NCT00000001", "registry": "ClinicalTrials.gov", "title": "In the registry", "status": "COMPLETED"}
    return Registration(**{**given, **values})


def event(kind: str, day: str, **values: Any) -> IntegrityEvent:
    given = {"record_id": "PMID:1", "notice": "", "detail": "x", "reasons": (), "source": "https://example.org/1"}
    return IntegrityEvent(**{**given, "kind": kind, "date": day, "origin": "pubmed", **values})


def after(data: Dataset, reasons: StopReasons, *records: Any, day: date = DAY, **fetched: Any) -> Dataset:
    facts = replace(
        data,
        studies=tuple(one for one in records if isinstance(one, Study)),
        trials=tuple(one for one in records if isinstance(one, Trial)),
    )
    return overlaid(facts, Fetched(digest="x", **fetched), reasons, day)


def one_trial(data: Dataset, reasons: StopReasons, on_file: Trial, *seen: tuple[str, Registration]) -> Trial:
    snapshots = tuple(Snapshot(day, state) for day, state in seen)
    (found,) = after(data, reasons, on_file, snapshots=snapshots).trials
    return found


OLD = {"status": "RECRUITING", "status_date": "2020-01-01", "retrieved": "2020-01-01", "checked": "secondary"}


# ---------------------------------------------------------------------------- registrations


def test_the_registry_s_words_replace_older_ones_and_say_where_they_are_from(
    data: Dataset, reasons: StopReasons
) -> None:
    state = registration(enrollment=12, phase="PHASE1|PHASE2", sponsor="Sponsor", start_date="2020-02")
    found = one_trial(data, reasons, trial(id="NCT00000001", enrollment=50, **OLD), ("2026-11-01", state))
    assert (found.status, str(found.status_date), found.enrollment) == ("COMPLETED", "2026-11-01", 12)
    assert (found.phase, found.sponsor, str(found.start_date)) == ("PHASE1|PHASE2", "Sponsor", "2020-02")
    assert (found.title, found.title_kind, found.checked) == ("In the registry", "registry", "registry")
    assert (found.source, str(found.retrieved)) == ("https://clinicaltrials.gov/study/NCT00000001", "2026-11-01")


def test_what_a_person_judged_is_never_touched(data: Dataset, reasons: StopReasons) -> None:
    on_file = trial(id="NCT00000001", doubt="perhaps not NK", note="said so", **OLD)
    found = one_trial(data, reasons, on_file, ("2026-11-01", registration(conditions=("Something else",))))
    for name in ("cell_type", "cell_source", "indication", "is_nk_therapy", "doubt", "note"):
        assert getattr(found, name) == getattr(on_file, name), name


def test_silence_of_a_whole_document_is_an_answer_and_of_a_cut_one_is_not(data: Dataset, reasons: StopReasons) -> None:
    on_file = trial(id="NCT00000001", enrollment=50, sponsor="Old", **OLD)
    assert one_trial(data, reasons, on_file, ("2026-11-01", registration())).enrollment is None
    cut = registration(sparse=True)
    kept = one_trial(data, reasons, on_file, ("2026-11-01", cut))
    assert (kept.enrollment, kept.sponsor, kept.status) == (50, "Old", "COMPLETED")


def test_what_a_person_read_later_stands(data: Dataset, reasons: StopReasons) -> None:
    later = {**OLD, "status_date": "2026-11-10", "retrieved": "2026-11-10"}
    on_file = trial(id="NCT00000001", **later)
    assert one_trial(data, reasons, on_file, ("2026-11-01", registration())) == on_file


def test_nothing_seen_after_the_day_is_used(data: Dataset, reasons: StopReasons) -> None:
    on_file = trial(id="NCT00000001", **OLD)
    seen = (("2026-11-01", registration(enrollment=1)), ("2026-12-01", registration(enrollment=2)))
    assert one_trial(data, reasons, on_file, *seen).enrollment == 1
    assert one_trial(data, reasons, on_file, seen[1]) == on_file


@pytest.mark.parametrize(
    ("status", "why", "group"),
    [
        ("TERMINATED", "Serious adverse events in two patients", "safety"),
        ("TERMINATED", "Sponsor decision, not related to safety", "other"),
        ("WITHDRAWN", "Lack of funding", "other"),
        ("TERMINATED", "qwertz", None),
        ("TERMINATED", "", None),
        ("COMPLETED", "Serious adverse events", None),
    ],
)
def test_a_reason_for_stopping_belongs_to_a_stopped_trial(
    data: Dataset, reasons: StopReasons, status: str, why: str, group: str | None
) -> None:
    found = one_trial(
        data, reasons, trial(id="NCT00000001", **OLD), ("2026-11-01", registration(status=status, why_stopped=why))
    )
    assert found.stop_reason == group
    assert bool(found.why_stopped) is (bool(why) and status != "COMPLETED")


def test_a_reason_a_person_read_out_of_the_same_words_stays(data: Dataset, reasons: StopReasons) -> None:
    old = {**OLD, "status": "TERMINATED", "why_stopped": "see publication", "stop_reason": "futility"}
    on_file = trial(id="NCT00000001", **old)
    same = registration(status="TERMINATED", why_stopped="see publication")
    other = registration(status="TERMINATED", why_stopped="Low enrollment")
    assert one_trial(data, reasons, on_file, ("2026-11-01", same)).stop_reason == "futility"
    assert one_trial(data, reasons, on_file, ("2026-11-01", other)).stop_reason == "other"


def test_a_dispute_about_the_status_ends_with_the_registry_s_word(data: Dataset, reasons: StopReasons) -> None:
    on_file = trial(id="NCT00000001", status_dispute="two copies disagree", **OLD)
    assert one_trial(data, reasons, on_file, ("2026-11-01", registration())).status_dispute is None


def test_a_status_nobody_knows_changes_no_status(data: Dataset, reasons: StopReasons) -> None:
    on_file = trial(id="NCT00000001", **OLD)
    assert one_trial(data, reasons, on_file, ("2026-11-01", registration(status="BRAND_NEW"))).status == "RECRUITING"


def test_a_merged_number_is_doubtful_only_when_its_successor_is_on_file(data: Dataset, reasons: StopReasons) -> None:
    new = registration(id="NCT00000002", aliases=("NCT00000001",))
    old, other = trial(id="NCT00000001", **OLD), trial(id="NCT00000002", **OLD)
    snapshots = (Snapshot("2026-11-01", new),)
    both = {one.id: one for one in after(data, reasons, old, other, snapshots=snapshots).trials}
    assert "NCT00000002" in str(both["NCT00000001"].doubt)
    assert both["NCT00000002"].doubt is None
    (alone,) = after(data, reasons, old, snapshots=snapshots).trials
    assert alone.doubt is None
    assert alone.status == "COMPLETED"


# ---------------------------------------------------------------------------- papers


def paper(**values: Any) -> Study:
    return study(id="PMID:1", pmid="1", doi="10.1000/A.b", **values)


def integrity(data: Dataset, reasons: StopReasons, on_file: Study, *events: IntegrityEvent, day: date = DAY) -> str:
    (found,) = after(data, reasons, on_file, events=events, day=day).studies
    return f"{found.integrity} {found.integrity_date}"


def test_a_retraction_counts_from_its_date_on(data: Dataset, reasons: StopReasons) -> None:
    told = (event("checked", "2026-01-01"), event("retracted", "2026-05-05"))
    assert integrity(data, reasons, paper(), *told) == "retracted 2026-05-05"
    assert integrity(data, reasons, paper(), *told, day=date(2026, 5, 4)) == "none 2026-01-01"
    assert integrity(data, reasons, paper(), *told, day=date(2025, 5, 4)) == "unchecked None"


@pytest.mark.parametrize("name", ["PMID:1", "DOI:10.1000/A.b", "DOI:10.1000/a.B"])
def test_a_paper_is_known_by_all_its_names(data: Dataset, reasons: StopReasons, name: str) -> None:
    told = event("retracted", "2026-05-05", record_id=name, origin="retraction_watch")
    assert integrity(data, reasons, paper(), told) == "retracted 2026-05-05"
    assert integrity(data, reasons, paper(), replace(told, record_id="PMID:11")) == "unchecked None"


def test_what_a_person_entered_is_one_more_event(data: Dataset, reasons: StopReasons) -> None:
    on_file = paper(integrity="retracted", integrity_date="2020-02-02")
    assert integrity(data, reasons, on_file, event("checked", "2026-01-01")) == "retracted 2020-02-02"
    back = event("reinstated", "2021-03-03", origin="retraction_watch")
    assert integrity(data, reasons, on_file, back) == "reinstated 2021-03-03"


def test_a_paper_nobody_fetched_stays_as_it_was(data: Dataset, reasons: StopReasons) -> None:
    on_file = paper(integrity="corrected", integrity_date="2020-02-02")
    (found,) = after(data, reasons, on_file, events=(event("retracted", "2026-01-01", record_id="PMID:2"),)).studies
    assert found is on_file


def test_the_order_of_events_means_nothing(data: Dataset, reasons: StopReasons) -> None:
    told = [event("retracted", "2026-05-05"), event("checked", "2026-06-06"), event("corrected", "2025-01-01")]
    facts = replace(data, studies=(paper(),))
    assert Integrity(facts, told).state("PMID:1") == Integrity(facts, told[::-1]).state("PMID:1")
    assert Integrity(facts, told).events() == Integrity(facts, [*told, *told]).events()
