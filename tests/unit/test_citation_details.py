"""What else a sentence prints of a named study: other arms, harms, phase, people, year, words too strong."""

from __future__ import annotations

from typing import Any

import pytest

from kb.dataset import Dataset
from tests.factory import finding, study
from tests.unit.test_citation import FAILURE, GAIN, cited

ARM: dict[str, Any] = {"cell_type": ["nk"], "cell_source": ["haploidentical"], "active_disease": True}
SAFETY = {"outcome": "safety"}


def two_diseases() -> Any:
    """Three of ten responded with AML, none of seven with kidney cancer."""
    leukaemia = {**ARM, "name": "aml", "indication": ["aml"], "findings": [finding()]}
    kidney = {
        **ARM,
        "name": "kidney",
        "indication": ["renal-cell-carcinoma"],
        "findings": [finding(n=0, n_total=7, gain=False)],
    }
    return study(keys=[leukaemia, kidney])


def test_the_result_of_other_people_in_the_same_paper_is_not_what_is_reported(data: Dataset) -> None:
    kidney = {"indication": ["renal-cell-carcinoma"]}
    status = cited(data, two_diseases(), said={**FAILURE, "n": 0, "n_total": 7}, axes=kidney)
    assert (status.result.level, status.accuracy) == ("T3", "accurate")
    status = cited(data, two_diseases(), said=GAIN, axes=kidney)
    assert (status.result.level, status.accuracy) == ("X", "inaccurate")
    assert cited(data, two_diseases(), said={**GAIN, "n": 3, "n_total": 10}, axes=kidney).accuracy == "inaccurate"
    assert cited(data, two_diseases(), said=FAILURE).accuracy == "inaccurate"


def harms(**values: Any) -> Any:
    """One of 37 had cytokine release, none neurotoxicity."""
    return study(
        None,
        [
            finding(outcome="safety", endpoint="CRS", endpoint_kind=None, event="crs", n=1, n_total=37, **values),
            finding(outcome="safety", endpoint="ICANS", endpoint_kind=None, event="neurotoxicity", n=0, n_total=37),
        ],
    )


@pytest.mark.parametrize(
    ("event", "numbers", "accuracy", "code"),
    [
        ("crs", {"n": 1, "n_total": 37}, "accurate", None),
        ("crs", {"n": 0, "n_total": 37}, "inaccurate", "NUMBER_MISMATCH"),
        ("neurotoxicity", {"n": 0, "n_total": 37}, "accurate", None),
        ("neurotoxicity", {"n": 1, "n_total": 37}, "inaccurate", "NUMBER_MISMATCH"),
    ],
)
def test_people_with_a_harm_are_counted_harm_by_harm(
    data: Dataset, event: str, numbers: dict[str, int], accuracy: str, code: str | None
) -> None:
    status = cited(data, harms(), said={**SAFETY, **numbers}, outcome="safety", event=event)
    assert status.accuracy == accuracy
    assert code is None or code in status.codes


def test_a_harm_shut_out_or_told_is_held_against_that_harm(data: Dataset) -> None:
    def told(event: str, **how: Any) -> Any:
        return cited(data, harms(), said=SAFETY, outcome="safety", event=event, **how)

    assert "SAFETY_OVERSTATED" in told("crs", absolute=True).codes
    assert "SAFETY_OVERSTATED" in told("crs", report_of_absence=True).codes
    assert told("neurotoxicity", absolute=True).accuracy == "accurate"
    assert told("crs", states_harm=True).accuracy == "accurate"
    assert "DIRECTION_REVERSED" in told("neurotoxicity", states_harm=True).codes
    assert told("gvhd", absolute=True).accuracy == "unverifiable"
    secondary = cited(data, harms(checked="secondary"), said=SAFETY, outcome="safety", event="crs", absolute=True)
    assert secondary.result.level == "T3"


@pytest.mark.parametrize(
    ("record", "said", "accuracy"),
    [
        ({"phase": "PHASE1"}, {"phase": "PHASE1"}, "accurate"),
        ({"phase": "PHASE1|PHASE2"}, {"phase": "PHASE2"}, "accurate"),
        ({"phase": "PHASE1"}, {"phase": "PHASE3"}, "inaccurate"),
        ({"phase": "PHASE1"}, {"phase": "PHASE1|PHASE2"}, "inaccurate"),
        ({"phase": None}, {"phase": "PHASE3"}, "unverifiable"),
        ({"phase": "PHASE1", "unverified": ["phase"]}, {"phase": "PHASE3"}, "unverifiable"),
        ({"n_enrolled": 12}, {"enrolled": 12}, "accurate"),
        ({"n_enrolled": 12}, {"enrolled": 10}, "accurate"),  # those a finding counts
        ({"n_enrolled": 12}, {"enrolled": 120}, "inaccurate"),
        ({}, {"enrolled": 120}, "unverifiable"),
        ({"n_enrolled": 12, "unverified": ["n_enrolled"]}, {"enrolled": 120}, "unverifiable"),
        ({"year": 2015}, {"year": 2015}, "accurate"),
        ({"year": 2015}, {"year": 2016}, "accurate"),  # online first
        ({"year": 2015}, {"year": 1995}, "inaccurate"),
    ],
)
def test_phase_people_and_year_are_compared(
    data: Dataset, record: dict[str, Any], said: dict[str, Any], accuracy: str
) -> None:
    status = cited(data, study(**record), said={**GAIN, **said})
    assert status.accuracy == accuracy
    if accuracy == "inaccurate":
        assert (status.result.level, "NUMBER_MISMATCH" in status.codes) == ("X", True)


def test_a_cure_is_more_than_any_one_study_shows(data: Dataset) -> None:
    status = cited(data, study(), said={**GAIN, "overclaims": True})
    assert (status.result.level, status.accuracy) == ("T3", "misleading")
    assert "OVERSTATED" in status.codes
