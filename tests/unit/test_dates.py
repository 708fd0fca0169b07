"""Partial dates, and what each dated fact may do to a status before and after its day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.dataset import Dataset
from kb.dates import PartialDate, day_after, months_before, years_before
from tests.factory import claim, finding, judge, study, trial


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("2015", date(2015, 1, 1), date(2015, 12, 31), "year"),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29), "month"),
        ("2015-02", date(2015, 2, 1), date(2015, 2, 28), "month"),
        ("2015-06-15", date(2015, 6, 15), date(2015, 6, 15), "day"),
        (" 2015-12 ", date(2015, 12, 1), date(2015, 12, 31), "month"),
    ],
)
def test_a_partial_date_is_the_period_it_names(text: str, first: date, last: date, precision: str) -> None:
    parsed = PartialDate.parse(text)
    assert (parsed.first, parsed.last, parsed.precision) == (first, last, precision)
    assert str(parsed) == text.strip()


@pytest.mark.parametrize("text", ["", "15", "2015-13", "2015-02-30", "2015-1", "2015/06", "2000 Spring", "2015-06-1"])
def test_anything_else_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match="is not a date"):
        PartialDate.parse(text)


@settings(database=None, deadline=None)
@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from([4, 7, 10]))
def test_a_partial_date_never_helps_before_it_can_harm(day: date, length: int) -> None:
    parsed = PartialDate.parse(day.isoformat()[:length])
    assert parsed.harms_from() <= day <= parsed.helps_from()
    assert parsed.harms_from() == parsed.first
    assert parsed.helps_from() == parsed.last


def test_a_leap_day_some_years_earlier_is_the_28th() -> None:
    assert years_before(date(2024, 2, 29), 3) == date(2021, 2, 28)
    assert years_before(date(2024, 2, 29), 4) == date(2020, 2, 29)


def test_months_earlier_are_clipped_to_the_end_of_the_month() -> None:
    assert months_before(date(2024, 3, 31), 1) == date(2024, 2, 29)
    assert months_before(date(2026, 1, 1), 24) == date(2024, 1, 1)
    assert months_before(date(2026, 1, 31), 2) == date(2025, 11, 30)


def test_the_day_after_new_years_eve_is_new_years_day() -> None:
    assert day_after(date(2025, 12, 31)) == date(2026, 1, 1)


# ---------------------------------------------------------------------- studies


@pytest.mark.parametrize(
    ("dated", "from_day"),
    [
        ({"year": 2015}, date(2015, 12, 31)),
        ({"year": 2015, "publication_date": "2015-06"}, date(2015, 6, 30)),
        ({"year": 2015, "publication_date": "2015-06-15"}, date(2015, 6, 15)),
        ({"year": None, "retrieved": "2025-03-04"}, date(2025, 3, 4)),
    ],
)
def test_a_positive_study_helps_from_the_end_of_its_period_and_not_before(
    data: Dataset, dated: dict[str, Any], from_day: date
) -> None:
    record = study(**dated)
    assert judge(data, claim(), record, day=from_day).result.level == "T3"
    assert judge(data, claim(), record, day=from_day - timedelta(days=1)).result.level == "U"


@pytest.mark.parametrize(
    ("dated", "from_day"),
    [
        ({"year": 2015}, date(2015, 1, 1)),
        ({"year": 2015, "publication_date": "2015-06"}, date(2015, 6, 1)),
        ({"year": 2015, "publication_date": "2015-06-15"}, date(2015, 6, 15)),
        ({"year": None, "retrieved": "2025-03-04"}, date(2025, 3, 4)),
    ],
)
def test_a_negative_study_harms_from_the_start_of_its_period_and_not_before(
    data: Dataset, dated: dict[str, Any], from_day: date
) -> None:
    record = study(None, [finding(n=0, is_primary=True)], **dated)
    assert judge(data, claim(), record, day=from_day).result.level == "X"
    assert judge(data, claim(), record, day=from_day - timedelta(days=1)).result.level == "U"


def test_an_animal_study_counts_from_the_end_of_its_period(data: Dataset) -> None:
    record = study(evidence_kind="animal")
    assert judge(data, claim(), record, day=date(2015, 12, 31)).result.level == "P"
    assert judge(data, claim(), record, day=date(2015, 12, 30)).result.level == "U"


def test_a_retraction_harms_from_the_start_of_its_period_and_not_before(data: Dataset) -> None:
    record = study(integrity="retracted", integrity_date="2020-06")
    before = judge(data, claim(), record, day=date(2020, 5, 31))
    after = judge(data, claim(), record, day=date(2020, 6, 1))
    assert before.result.level == "T3"
    assert after.result.level == "U"
    assert "RETRACTED_SOURCE" in after.codes
    assert "RETRACTED_SOURCE" not in before.codes


# ---------------------------------------------------------------------- registrations


def test_a_registration_counts_from_the_end_of_the_month_it_was_posted(data: Dataset) -> None:
    record = trial(first_posted="2024-05")
    assert judge(data, claim(), record, day=date(2024, 5, 31)).result.level == "T4"
    assert judge(data, claim(), record, day=date(2024, 5, 30)).result.level == "U"


def test_a_registration_without_any_date_counts_from_the_day_it_was_read(data: Dataset) -> None:
    record = trial(first_posted=None, status=None, status_date=None, retrieved="2025-01-01")
    assert judge(data, claim(), record, day=date(2025, 1, 1)).result.level == "T5u"
    assert judge(data, claim(), record, day=date(2024, 12, 31)).result.level == "U"


@pytest.mark.parametrize(
    "status", ["NOT_YET_RECRUITING", "RECRUITING", "ENROLLING_BY_INVITATION", "ACTIVE_NOT_RECRUITING"]
)
def test_an_open_status_goes_stale_two_years_after_it_was_true(data: Dataset, status: str) -> None:
    fresh = trial(status=status, first_posted="2020", status_date="2024-01-01")
    stale = trial(status=status, first_posted="2020", status_date="2023-12-31")
    day = date(2026, 1, 1)
    assert judge(data, claim(), fresh, day=day).result.level == "T4"
    assert judge(data, claim(), stale, day=day).result.level == "T5u"


def test_a_completed_trial_without_results_counts_as_tested_for_three_years(data: Dataset) -> None:
    recent = trial(status="COMPLETED", first_posted="2018", completion_date="2023-01-01")
    old = trial(status="COMPLETED", first_posted="2018", completion_date="2022-12-31")
    day = date(2026, 1, 1)
    assert judge(data, claim(), recent, day=day).result.level == "T4"
    assert judge(data, claim(), old, day=day).result.level == "T5u"


def test_a_completion_year_gives_no_more_time_than_its_first_day(data: Dataset) -> None:
    record = trial(status="COMPLETED", first_posted="2018", completion_date="2022")
    assert judge(data, claim(), record, day=date(2025, 1, 1)).result.level == "T4"
    assert judge(data, claim(), record, day=date(2025, 1, 2)).result.level == "T5u"


def test_a_completed_trial_without_a_completion_date_is_silent(data: Dataset) -> None:
    assert judge(data, claim(), trial(status="COMPLETED")).result.level == "T5u"


def test_an_unknown_status_is_silent(data: Dataset) -> None:
    assert judge(data, claim(), trial(status="UNKNOWN")).result.level == "T5u"


def test_a_stop_later_than_the_day_asked_for_is_not_known_yet(data: Dataset) -> None:
    for reason in ("safety", "futility", "other", None):
        record = trial(
            status="TERMINATED", stop_reason=reason, first_posted="2018", status_date="2024-03", completion_date="2023"
        )
        before = judge(data, claim(), record, day=date(2022, 6, 1)).result.level
        between = judge(data, claim(), record, day=date(2024, 2, 29)).result.level
        after = judge(data, claim(), record, day=date(2024, 3, 1)).result.level
        assert (before, between) == ("T4", "T5u")
        assert after == {"safety": "T5s", "futility": "T5f", "other": "T5o", None: "T5u"}[reason]


@pytest.mark.parametrize(("status", "expected"), [("COMPLETED", "U"), ("RECRUITING", "T4")])
def test_a_completed_trial_with_its_own_published_result_is_no_longer_being_tested(
    data: Dataset, status: str, expected: str
) -> None:
    record = trial(status=status, first_posted="2018", completion_date="2025-06-01")
    marker = finding(outcome="biomarker", marker="NK count", n=None, n_total=None)
    report = study(None, [marker], registry_ids=[record.id], publication_date="2025-09-01")
    assert judge(data, claim(), record).result.level == "T4"
    assert judge(data, claim(), record, report).result.level == expected
    assert judge(data, claim(), record, report, day=date(2025, 8, 31)).result.level == "T4"
    other = study(None, [marker], registry_ids=["NCT99999999"], publication_date="2025-09-01")
    assert judge(data, claim(), record, other).result.level == "T4"
