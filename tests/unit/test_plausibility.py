"""Numbers and dates of one record are held against each other and against the day of the build."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kb.dataset import Dataset, Place
from kb.plausibility import plausibility, rounds_to
from tests.factory import approval, finding, safety_event, study, trial


@pytest.mark.parametrize(
    ("exact", "printed", "holds"),
    [
        (55.5556, 56, True),
        (55.5556, 55, True),  # cut, as many papers do
        (55.5556, 55.6, True),
        (55.5556, 55.5, True),  # cut at the second digit
        (55.5556, 54, False),
        (55.5556, 57, False),
        (55.5556, 55.4, False),
        (44.4444, 45, False),
        (50.0, 50, True),
        (0.0, 0, True),
        (100.0, 100, True),
        (99.6, 100, True),
        (2.5, 3, True),
        (2.5, 2, True),
    ],
)
def test_a_share_is_rounded_or_cut_to_its_printed_digits(exact: float, printed: float, holds: bool) -> None:
    assert rounds_to(exact, printed) is holds


def found(data: Dataset, **records: Any) -> list[str]:
    """Return the rules broken by made-up records alone."""
    empty: dict[str, Any] = dict.fromkeys(
        ("studies", "trials", "approvals", "absences", "access_routes", "safety_events"), ()
    )
    names = {record.id: Place("made up", 1) for group in records.values() for record in group}
    return [problem.rule for problem in plausibility(replace(data, **{**empty, **records}, places=names))]


@pytest.mark.parametrize(
    ("values", "rules"),
    [
        ({}, []),
        ({"year": 2015, "publication_date": "2014-12-20"}, []),  # electronic first
        ({"year": 2015, "publication_date": "2013"}, ["dates"]),
        ({"retrieved": "2099"}, ["dates"]),
        ({"integrity": "retracted", "integrity_date": "2014", "publication_date": "2015-03"}, ["dates"]),
        ({"integrity": "retracted", "integrity_date": "2015", "publication_date": "2015-03"}, []),
        ({"second_check": "agrees"}, ["second-check"]),
        ({"second_check": "agrees", "second_check_by": "automated", "second_check_date": "2026-01-01"}, []),
        ({"second_check": "agrees", "second_check_by": "automated", "second_check_date": "2099-01-01"}, ["dates"]),
        ({"doi": "10.1234/abc", "source": "https://doi.org/10.1234/ABC"}, []),
        ({"doi": "10.1234/abc", "source": "https://doi.org/10.1234/abd"}, ["identifier"]),
        ({"doi": "10.1234/abc", "source": "https://doi.org/10.1234/abd", "checked": "secondary"}, []),
        ({"pmcid": "PMC12", "source": "https://pmc.ncbi.nlm.nih.gov/articles/PMC13/"}, ["identifier"]),
        ({"n_enrolled": 9}, ["numbers"]),  # the arm's finding counts ten
        ({"n_enrolled": 10}, []),
    ],
)
def test_a_study_agrees_with_itself(data: Dataset, values: dict[str, Any], rules: list[str]) -> None:
    assert found(data, studies=(study(**values),)) == rules


def test_an_arm_is_no_larger_than_its_study(data: Dataset) -> None:
    assert found(data, studies=(study({"n": 11}, n_enrolled=10),)) == ["numbers"]
    assert found(data, studies=(study({"n": 10}, n_enrolled=10),)) == []


def test_a_percentage_is_that_of_its_count(data: Dataset) -> None:
    assert found(data, studies=(study(None, [finding(n=5, n_total=9, percent=56)]),)) == []
    assert found(data, studies=(study(None, [finding(n=5, n_total=9, percent=50)]),)) == ["rounding"]
    assert found(data, studies=(study(None, [finding(n=3, n_total=10, percent=70)]),)) == ["rounding"]
    assert found(data, studies=(study(None, [finding(n=None, n_total=10, percent=70)]),)) == []


@pytest.mark.parametrize(
    ("values", "rules"),
    [
        ({}, []),
        ({"status_date": "2025-02", "retrieved": "2025-01-01"}, ["dates"]),
        ({"first_posted": "2025-07", "status_date": "2025-06", "retrieved": "2025-08"}, ["dates"]),
        ({"source": "https://clinicaltrials.gov/study/NCT99999999"}, ["identifier"]),
        ({"status_date": "2099-01", "retrieved": "2099-02"}, ["dates", "dates"]),
    ],
)
def test_a_registration_agrees_with_itself(data: Dataset, values: dict[str, Any], rules: list[str]) -> None:
    good = {"status_date": "2025-01-01", "retrieved": "2025-01-01"}
    assert found(data, trials=(trial(**{**good, **values}),)) == rules


def test_an_authorisation_has_no_step_in_the_future(data: Dataset) -> None:
    assert found(data, approvals=(approval(),)) == []
    granted = [{"event": "granted_full", "date": "2099"}]
    assert found(data, approvals=(approval(granted),)) == ["dates"]


def test_harm_has_no_date_in_the_future(data: Dataset) -> None:
    assert found(data, safety_events=(safety_event(),)) == []
    assert found(data, safety_events=(safety_event(date="2099-01-01"),)) == ["dates"]


@pytest.mark.parametrize(
    ("values", "rules"),
    [
        ({"value": "none seen"}, ["harm"]),
        ({"value": "No case was reported"}, ["harm"]),
        ({"value": "none seen", "n": 0}, []),
        ({"value": "noticeable in most"}, []),  # begins like "no", and is none
        ({"value": "occurred; number not given"}, []),
    ],
)
def test_a_harm_that_nobody_had_has_a_count_of_none(data: Dataset, values: dict[str, Any], rules: list[str]) -> None:
    harm = {"endpoint": "GvHD", "outcome": "safety", "event": "gvhd", **values}
    assert found(data, studies=(study(None, [harm]),)) == rules
