"""What fetched records may change in reviewed facts, and what they may not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kb.assess.base import Base
from kb.assess.evidence import trial_stance
from kb.dataset import Dataset
from kb.dates import PartialDate
from kb.overlay import Integrity, overlaid
from kb.records.article import Article
from kb.records.fetched import Fetched, HeldArticle, Snapshot
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


def test_the_registry_s_words_replace_older_ones_and_say_of_what_day_they_are(
    data: Dataset, reasons: StopReasons
) -> None:
    state = registration(enrollment=12, phase="PHASE1|PHASE2", sponsor="Sponsor", start_date="2020-02")
    found = one_trial(data, reasons, trial(id="NCT00000001", enrollment=50, **OLD), ("2026-11-01", state))
    assert (found.status, str(found.status_date), found.enrollment) == ("COMPLETED", "2026-11-01", 12)
    assert (found.phase, found.sponsor, str(found.start_date)) == ("PHASE1|PHASE2", "Sponsor", "2020-02")
    assert (found.title, found.title_kind, str(found.registry_seen)) == ("In the registry", "registry", "2026-11-01")


def test_a_fetch_is_nobody_s_reading(data: Dataset, reasons: StopReasons) -> None:
    on_file = trial(id="NCT00000001", cell_source=["autologous"], engineering=[], **OLD)
    found = one_trial(data, reasons, on_file, ("2026-11-01", registration()))
    for name in ("source", "retrieved", "checked"):
        assert getattr(found, name) == getattr(on_file, name), name
    ((_, key),) = Base(replace(data, trials=(found,)), DAY).trials
    assert key.engineering == (), "what a registration means unless it says otherwise holds for those that were read"
    assert one_trial(data, reasons, on_file).registry_seen is None


def test_what_a_person_judged_is_never_touched(data: Dataset, reasons: StopReasons) -> None:
    on_file = trial(id="NCT00000001", doubt="perhaps not NK", note="said so", **OLD)
    found = one_trial(data, reasons, on_file, ("2026-11-01", registration(conditions=("Something else",))))
    for name in ("cell_type", "cell_source", "indication", "is_nk_therapy", "doubt", "note"):
        assert getattr(found, name) == getattr(on_file, name), name


REVIEWED = {
    "title": "Ours",
    "title_kind": "description",
    "phase": "PHASE2",
    "phase_raw": "Phase 2",
    "status_raw": "Recruiting",
    "first_posted": "2019-01",
    "enrollment": 50,
    "sponsor": "Old",
    "countries": ["Korea, Republic of"],
    "start_date": "2019",
    "completion_date": "2022",
    "conditions": "AML",
}


@pytest.mark.parametrize("sparse", [True, False])
def test_the_registry_s_silence_erases_nothing(data: Dataset, reasons: StopReasons, sparse: bool) -> None:
    on_file = trial(id="NCT00000001", why_stopped="in our words", **{**OLD, **REVIEWED, "status": "SUSPENDED"})
    silent = Registration("NCT00000001", "ClinicalTrials.gov", sparse=sparse)
    found = one_trial(data, reasons, on_file, ("2026-11-01", silent))
    assert found == on_file.model_copy(update={"registry_seen": PartialDate.parse("2026-11-01")})


def test_only_the_sentinel_empties_the_enrolment(data: Dataset, reasons: StopReasons) -> None:
    on_file = trial(id="NCT00000001", **{**OLD, **REVIEWED})
    nobody_knows = registration(enrollment_unknown=True)
    assert one_trial(data, reasons, on_file, ("2026-11-01", nobody_knows)).enrollment is None
    assert one_trial(data, reasons, on_file, ("2026-11-01", registration(enrollment=0))).enrollment == 0


def test_a_date_on_file_yields_to_a_registry_s_date_that_it_contradicts(data: Dataset, reasons: StopReasons) -> None:
    on_file = trial(id="NCT00000001", **{**OLD, **REVIEWED})
    found = one_trial(data, reasons, on_file, ("2026-11-01", registration(start_date="2023-05")))
    assert (str(found.start_date), found.completion_date) == ("2023-05", None)
    found = one_trial(data, reasons, on_file, ("2026-11-01", registration(completion_date="2018-05")))
    assert (found.start_date, str(found.completion_date)) == (None, "2018-05")
    found = one_trial(data, reasons, on_file, ("2026-11-01", registration(start_date="2020-05")))
    assert (str(found.start_date), str(found.completion_date)) == ("2020-05", "2022")


def test_a_phase_that_our_list_lacks_stands_as_printed(data: Dataset, reasons: StopReasons) -> None:
    on_file = trial(id="NCT00000001", **{**OLD, **REVIEWED})
    found = one_trial(data, reasons, on_file, ("2026-11-01", registration(phase="PHASE1|PHASE4")))
    assert (found.phase, found.phase_raw) == (None, "PHASE1|PHASE4")


def test_what_a_person_read_later_stands(data: Dataset, reasons: StopReasons) -> None:
    later = {**OLD, "status_date": "2026-11-10", "retrieved": "2026-11-10"}
    on_file = trial(id="NCT00000001", **later)
    assert one_trial(data, reasons, on_file, ("2026-11-01", registration())) == on_file


@pytest.mark.parametrize(
    ("status_date", "retrieved", "seen", "stands"),
    [
        ("2026", "2026-11-23", "2026-01-05", True),
        ("2026", "2026-03-01", "2026-03-02", False),  # the year ends after the reading
        ("2026", "2026-03-01", "2026-02-28", True),
        ("2025", "2026-11-23", "2026-01-05", False),
        ("2026-10", "2026-11-23", "2026-10-30", True),
        ("2026-10", "2026-11-23", "2026-10-31", False),
        ("2026-11-01", "2026-11-01", "2026-11-01", False),  # the same day: the registry's words
    ],
)
def test_a_partial_date_may_speak_of_its_last_day_but_not_of_one_after_the_reading(
    data: Dataset, reasons: StopReasons, status_date: str, retrieved: str, seen: str, stands: bool
) -> None:
    on_file = trial(id="NCT00000001", **{**OLD, "status_date": status_date, "retrieved": retrieved})
    found = one_trial(data, reasons, on_file, (seen, registration()))
    assert (found.status == "RECRUITING") is stands
    assert (found == on_file) is stands


def test_an_older_answer_fills_the_blanks_of_a_row_without_a_status(data: Dataset, reasons: StopReasons) -> None:
    given = {
        "status": None,
        "status_date": None,
        "retrieved": "2026-11-10",
        "enrollment": 50,
        "title": "Ours",
        "phase_raw": "1/2",
    }
    on_file = trial(id="NCT00000001", **{**OLD, **given, "title_kind": "description"})
    seen = registration(
        status="TERMINATED", why_stopped="Lack of funding", enrollment=12, sponsor="Sponsor", phase="PHASE2"
    )
    found = one_trial(data, reasons, on_file, ("2026-11-01", seen))
    assert (found.status, str(found.status_date), found.stop_reason) == ("TERMINATED", "2026-11-01", "other")
    assert (found.enrollment, found.sponsor, found.title, found.title_kind) == (50, "Sponsor", "Ours", "description")
    assert (found.phase, found.phase_raw) == (None, "1/2"), "two sources do not mix in what says one thing"


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
        ("TERMINATED", "Lack of funding; two serious adverse events were also seen", None),
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


def test_a_reason_stays_while_the_trial_is_stopped_and_goes_with_the_stop(data: Dataset, reasons: StopReasons) -> None:
    old = {**OLD, "status": "SUSPENDED", "why_stopped": "one death", "stop_reason": "safety"}
    on_file = trial(id="NCT00000001", **old)
    for state, why, reason in (
        (registration(status="TERMINATED"), "one death", "safety"),
        (registration(status="TERMINATED", why_stopped="qwertz"), "qwertz", "safety"),
        (registration(status="TERMINATED", why_stopped="Lack of funding"), "Lack of funding", "other"),
        (registration(status="RECRUITING"), None, None),
        (registration(status="UNKNOWN"), None, None),
        (registration(status="WITHHELD"), None, None),
    ):
        found = one_trial(data, reasons, on_file, ("2026-11-01", state))
        assert (found.why_stopped, found.stop_reason) == (why, reason), state.status


@pytest.mark.parametrize("word", ["NO_LONGER_AVAILABLE", "APPROVED_FOR_MARKETING", "WITHHELD", "BRAND_NEW"])
def test_a_status_that_our_list_lacks_stands_as_printed_and_no_older_one_beside_it(
    data: Dataset, reasons: StopReasons, word: str
) -> None:
    on_file = trial(id="NCT00000001", status_dispute="two copies disagree", **OLD)
    found = one_trial(data, reasons, on_file, ("2026-11-01", registration(status=word)))
    assert (found.status, found.status_raw, str(found.status_date)) == (None, word, "2026-11-01")
    assert found.status_dispute is None
    assert Trial.model_validate({name: getattr(found, name) for name in Trial.model_fields}) == found
    assert trial_stance(Base(replace(data, trials=(found,)), DAY), found) == "silent"


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


def test_a_doubt_of_a_person_is_kept_beside_the_registry_s(data: Dataset, reasons: StopReasons) -> None:
    old = trial(id="NCT00000001", doubt="perhaps not NK", **OLD)
    new = registration(id="NCT00000002", aliases=("NCT00000001",))
    found = after(data, reasons, old, trial(id="NCT00000002", **OLD), snapshots=(Snapshot("2026-11-01", new),)).trials
    assert found[0].doubt == "perhaps not NK; the registry sends this number on to NCT00000002: count once"


def other(number: str, *aliases: str, **values: Any) -> Registration:
    return registration(id=f"NCT0000000{number}", aliases=tuple(f"NCT0000000{one}" for one in aliases), **values)


@pytest.mark.parametrize(
    ("seen", "people"),
    [
        ([("2026-10-01", other("1", enrollment=1)), ("2026-11-01", other("2", "1", enrollment=2))], 2),
        ([("2026-11-01", other("1", enrollment=1)), ("2026-10-01", other("2", "1", enrollment=2))], 1),
        ([("2026-11-01", other("1", enrollment=1)), ("2026-11-01", other("2", "1", enrollment=2))], 1),
        ([("2026-10-01", other("2", "1", enrollment=2)), ("2026-11-01", other("3", "1", enrollment=3))], 3),
        ([("2026-11-01", other("2", "1", enrollment=2)), ("2026-11-01", other("3", "1", enrollment=3))], 50),
        ([("2026-10-01", other("2", "1", enrollment=2)), ("2026-11-01", other("2", enrollment=3))], 50),
        # The new number was seen before it took the old one in: the old one's own later look is not its past.
        ([("2026-09-01", other("2")), ("2026-10-01", other("1", enrollment=1)), ("2026-11-01", other("2", "1"))], 50),
    ],
)
def test_the_looks_of_one_registration_are_chosen_and_never_mixed(
    data: Dataset, reasons: StopReasons, seen: list[tuple[str, Registration]], people: int
) -> None:
    on_file = trial(id="NCT00000001", enrollment=50, **OLD)
    for looks in (seen, seen[::-1]):
        assert one_trial(data, reasons, on_file, *looks).enrollment == people


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


def held(**values: Any) -> HeldArticle:
    return HeldArticle("2026-11-20", Article(**values))


@pytest.mark.parametrize(
    "articles",
    [
        (held(id="PMID:7", pmid="7", doi="10.1000/a.B"),),
        (
            held(id="DOI:10.1000/a.b", doi="10.1000/a.b", pmcid="PMC3", database="europepmc"),
            held(id="PMID:7", pmid="7", pmcid="PMC3"),
        ),
    ],
)
def test_a_study_known_by_its_doi_alone_is_the_record_that_carries_it(
    data: Dataset, reasons: StopReasons, articles: tuple[HeldArticle, ...]
) -> None:
    on_file = study(id="DOI:10.1000/A.b", pmid=None, doi="10.1000/A.b")
    told = event("retracted", "2026-05-05", record_id="PMID:7")
    (found,) = after(data, reasons, on_file, events=(told,), articles=articles).studies
    assert f"{found.integrity} {found.integrity_date}" == "retracted 2026-05-05"
    (found,) = after(data, reasons, on_file, events=(told,)).studies
    assert found is on_file
    known = Integrity(replace(data, studies=(on_file,)), (told,), None, [one.article for one in articles])
    assert [known.record(name) for name in ("PMID:7", "doi:10.1000/A.B", "PMID:8")] == [
        on_file.id,
        on_file.id,
        "PMID:8",
    ]


def test_a_notice_counts_from_its_own_date_whenever_it_was_fetched(data: Dataset, reasons: StopReasons) -> None:
    old = event("retracted", "2015-01-01", seen="2026-11-20")
    assert integrity(data, reasons, paper(), old, day=date(2016, 1, 1)) == "retracted 2015-01-01"
    undated = event("retracted", "", seen="2026-11-20")
    assert integrity(data, reasons, paper(), undated, day=date(2016, 1, 1)) == "unchecked None"
    assert integrity(data, reasons, paper(), undated) == "retracted 2026-11-20"


@pytest.mark.parametrize("when", ["2026-05-05", ""])
def test_what_happened_after_the_day_touches_nothing(data: Dataset, reasons: StopReasons, when: str) -> None:
    later = event("retracted", when, seen="2026-05-05")
    (found,) = after(data, reasons, paper(integrity="none"), events=(later,), day=date(2026, 5, 4)).studies
    assert (found.integrity, found.integrity_date) == ("none", None)


def test_a_notice_dated_by_two_sources_is_one_on_every_day(data: Dataset, reasons: StopReasons) -> None:
    told = [
        event("retracted", when, notice="PMID:9", origin=who) for when, who in (("2026-05", "a"), ("2026-05-20", "b"))
    ]
    assert integrity(data, reasons, paper(), *told, day=date(2026, 5, 10)) == "unchecked None"
    assert integrity(data, reasons, paper(), *told, day=date(2026, 5, 20)) == "retracted 2026-05-20"


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
