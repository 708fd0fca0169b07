"""Positive, negative, or neither: how the findings of one arm are read for a claimed outcome."""

from __future__ import annotations

from typing import Any

import pytest

from kb.assess.outcome import Reading, Wanted, p_value_upper, read
from kb.dataset import Dataset
from tests.factory import claim, finding, judge, study, trial

SILENT = Wanted(("response", "survival", "relapse", "symptom_function"), explicit=False)
RANDOMISED: dict[str, Any] = {"design": "randomised-controlled", "phase": "PHASE2"}


def reading(
    data: Dataset, *findings: dict[str, Any], wanted: Wanted = SILENT, arm: dict[str, Any] | None = None, **values: Any
) -> Reading:
    """Read a made-up arm of which these are the findings."""
    record = study(arm, list(findings), **values)
    return read(data.rules, record, record.keys[0], wanted)


def compared(data: Dataset, *findings: dict[str, Any], wanted: Wanted = SILENT, **arm: Any) -> Reading:
    """Read a randomised comparison with chemotherapy alone."""
    return reading(data, *findings, wanted=wanted, arm={"control": "chemotherapy", **arm}, **RANDOMISED)


# ---------------------------------------------------------------------- positive: comparisons


@pytest.mark.parametrize(
    ("p", "stance"),
    [
        (None, "positive"),
        ("0.049", "positive"),
        ("<0.05", "positive"),
        ("<0.001", "positive"),
        ("< 0.05", "positive"),
        ("<=0.05", "other_result"),
        ("<= 0.05", "other_result"),
        ("0.05", "other_result"),
        ("=0.05", "other_result"),
        ("0.36", "other_result"),
        (">0.05", "other_result"),
        (">=0.01", "other_result"),
        ("<0.1", "other_result"),
        ("ns", "other_result"),
        ("1", "other_result"),
    ],
)
def test_a_difference_counts_only_when_p_is_below_five_percent_or_not_given(
    data: Dataset, p: str | None, stance: str
) -> None:
    assert compared(data, finding(direction="better", p=p)).stance == stance


@pytest.mark.parametrize("p", ["0.05", "0.36", "ns", ">0.05"])
def test_an_insignificant_difference_never_lifts(data: Dataset, p: str) -> None:
    record = study({"control": "chemotherapy"}, [finding(direction="better", p=p)], **RANDOMISED)
    assert judge(data, claim(), record).result.level == "T4"


def test_a_printed_p_value_is_read_as_its_largest_value() -> None:
    assert p_value_upper("0.03") == 0.03
    assert p_value_upper("<0.001") == 0.001
    assert p_value_upper(">0.2") == 1.0
    assert p_value_upper("ns") == 1.0


def test_a_subgroup_proves_nothing_where_the_whole_group_was_no_better(data: Dataset) -> None:
    part = finding(outcome="survival", n_basis="subgroup", direction="better", p="0.01")
    whole = finding(outcome="survival", n_basis="treated", direction="no_difference", p="0.4")
    assert compared(data, part).stance == "positive"
    assert compared(data, whole, part).stance == "other_result"
    relapse = {**whole, "outcome": "relapse"}
    assert compared(data, relapse, part).stance == "positive"  # another outcome group says nothing of this one
    later = {**whole, "direction": "better", "p": "0.03"}
    assert compared(data, whole, later, part).stance == "positive"  # the whole group was better at another time


def test_responses_in_the_treated_arm_of_a_comparison_are_no_gain_by_themselves(data: Dataset) -> None:
    assert compared(data, finding(n=9)).stance == "other_result"
    assert compared(data, finding(direction="no_difference")).stance == "other_result"


def test_a_comparator_that_got_cells_as_well_says_nothing_for_or_against_the_cells(data: Dataset) -> None:
    arm = {"control": "another dose", "control_has_cells": True}
    better = finding(direction="better", p="0.001", n=None, n_total=None)
    missed = finding(direction="no_difference", is_primary=True, met=False, n=None, n_total=None)
    assert reading(data, better, arm=arm, **RANDOMISED).stance == "other_result"
    assert reading(data, missed, arm=arm, **RANDOMISED).stance == "other_result"


def test_responses_stay_responses_when_only_doses_were_compared(data: Dataset) -> None:
    arm = {"control": "another dose", "control_has_cells": True}
    assert reading(data, finding(n=3), arm=arm, **RANDOMISED).stance == "positive"


# ---------------------------------------------------------------------- positive: single arms


def test_one_response_in_people_with_active_disease_is_positive(data: Dataset) -> None:
    found = reading(data, finding(outcome="safety", endpoint="harm"), finding(n=1))
    assert (found.stance, found.findings) == ("positive", (1,))


@pytest.mark.parametrize("active", [False, None])
def test_staying_in_remission_is_no_response(data: Dataset, active: bool | None) -> None:
    remission = {"active_disease": active, "setting": ["first-remission"]}
    staying = [finding(outcome="relapse", endpoint="relapse-free", gain=True), finding(n=10)]
    assert reading(data, *staying, arm=remission).stance == "other_result"
    assert judge(data, claim(), study(remission, staying)).result.level == "T4"


def test_a_gain_in_survival_or_function_without_a_comparator_needs_somebody_who_gained(data: Dataset) -> None:
    survival: dict[str, Any] = {"outcome": "survival", "endpoint": "alive at one year", "endpoint_kind": "os"}
    assert reading(data, finding(**survival, gain=True)).stance == "positive"
    assert reading(data, finding(**survival, gain=None)).stance == "other_result"
    function = {"outcome": "symptom_function", "endpoint": "score", "endpoint_kind": "other"}
    assert reading(data, finding(**function, gain=False)).stance == "other_result"


def test_stable_disease_is_no_response(data: Dataset) -> None:
    stable: dict[str, Any] = {"endpoint": "stable disease", "endpoint_kind": "other"}
    assert reading(data, finding(**stable)).stance == "other_result"
    assert reading(data, finding(**stable), finding(n=1)).findings == (1,)


def test_no_response_at_all_is_not_positive(data: Dataset) -> None:
    assert reading(data, finding(n=0)).stance == "other_result"
    assert reading(data, finding(n=2, gain=False)).stance == "other_result"


# ---------------------------------------------------------------------- negative


@pytest.mark.parametrize(
    "missed",
    [
        {"met": False, "direction": "no_difference"},
        {"met": False, "direction": "better", "p": "0.3"},
        {"direction": "no_difference"},
        {"direction": "worse", "p": "0.01"},
        {"direction": "worse"},
    ],
)
def test_a_missed_primary_efficacy_endpoint_of_a_comparison_is_negative(data: Dataset, missed: dict[str, Any]) -> None:
    assert compared(data, finding(is_primary=True, **missed)).stance == "negative"


@pytest.mark.parametrize(
    "kept",
    [
        {"is_primary": True, "direction": "worse", "p": "0.4"},
        {"is_primary": None, "direction": "no_difference"},
        {"is_primary": False, "direction": "worse", "p": "0.01"},
    ],
)
def test_anything_less_than_a_failed_primary_endpoint_is_not_negative(data: Dataset, kept: dict[str, Any]) -> None:
    assert compared(data, finding(**kept)).stance == "other_result"


def test_where_the_primary_was_not_efficacy_nothing_better_is_negative(data: Dataset) -> None:
    safety = finding(outcome="safety", endpoint="harm", is_primary=True, met=True)
    assert compared(data, safety, finding(direction="no_difference")).stance == "negative"
    assert compared(data, safety, finding(direction="better", p="0.36")).stance == "negative"
    assert compared(data, safety, finding(direction="better", p="0.01")).stance == "positive"
    other = finding(outcome="infection_control", endpoint="viral load", direction="no_difference")
    assert compared(data, safety, other).stance != "negative"  # another group than the one claimed


@pytest.mark.parametrize("failed", [{"met": False}, {"n": 0}, {"gain": False, "outcome": "survival"}])
def test_a_single_arm_that_misses_its_primary_efficacy_endpoint_is_negative(
    data: Dataset, failed: dict[str, Any]
) -> None:
    assert reading(data, finding(**{"n": 2, "is_primary": True, **failed}), arm={"active_disease": False}).stance == (
        "negative"
    )


def test_no_response_where_response_was_not_the_primary_endpoint_is_only_a_result(data: Dataset) -> None:
    safety = finding(outcome="safety", endpoint="harm", is_primary=True)
    assert reading(data, safety, finding(n=0)).stance == "other_result"
    assert reading(data, finding(n=0)).stance == "other_result"


def test_a_missed_safety_target_is_no_negative_for_efficacy(data: Dataset) -> None:
    found = reading(data, finding(outcome="safety", endpoint="harm", is_primary=True, met=False))
    assert found.stance == "safety_only"


def test_a_gain_beside_a_failed_primary_endpoint_needs_a_sentence_that_names_it(data: Dataset) -> None:
    failed = finding(outcome="survival", endpoint="survival", direction="no_difference", is_primary=True, met=False)
    gain = finding(direction="better", p="0.01")
    assert compared(data, failed, gain).stance == "negative"
    assert compared(data, failed, gain, wanted=Wanted(("response",), explicit=True)).stance == "positive"
    assert compared(data, failed, gain, wanted=Wanted(("survival",), explicit=True)).stance == "negative"


# ---------------------------------------------------------------------- the claimed group decides


@pytest.mark.parametrize("outcome", ["response", "survival", "relapse", "symptom_function"])
def test_a_silent_claim_accepts_response_survival_relapse_and_function(data: Dataset, outcome: str) -> None:
    assert judge(data, claim(), study(None, [finding(outcome=outcome, gain=True)])).result.level == "T3"


@pytest.mark.parametrize("outcome", ["infection_control", "prevention"])
def test_a_silent_claim_accepts_no_other_group(data: Dataset, outcome: str) -> None:
    assert judge(data, claim(), study(None, [finding(outcome=outcome, gain=True)])).result.level == "T4"


def test_a_silent_claim_on_an_infection_accepts_control_of_the_infection(data: Dataset) -> None:
    said = claim(axes={"cell_type": ["nk"], "indication": ["covid-19"]})
    record = study({"indication": ["covid-19"]}, [finding(outcome="infection_control", gain=True)])
    assert judge(data, said, record).result.level == "T3"


def test_a_record_lifts_only_the_outcome_group_it_reports(data: Dataset) -> None:
    assert judge(data, claim(outcome="response"), study()).result.level == "T3"
    assert judge(data, claim(outcome="survival"), study()).result.level == "T4"


@pytest.mark.parametrize("outcome", ["safety", "feasibility"])
def test_safety_and_feasibility_count_as_being_tested_in_people_with_the_disease(data: Dataset, outcome: str) -> None:
    record = study(None, [finding(outcome=outcome)])
    assert judge(data, claim(), record).result.level == "T4"


@pytest.mark.parametrize("outcome", ["safety", "feasibility"])
def test_safety_and_feasibility_never_lift_an_aim_that_is_no_disease(data: Dataset, outcome: str) -> None:
    said = claim(axes={"cell_type": ["nk"], "indication": ["ageing"]})
    assert judge(data, said, study({"indication": ["ageing"]}, [finding(outcome=outcome)])).result.level == "U"


@pytest.mark.parametrize("aim", ["ageing", "immune-ageing", "immune-function", "general-health"])
def test_biomarkers_never_lift_ageing_immunity_or_health(data: Dataset, aim: str) -> None:
    said = claim(axes={"cell_type": ["nk"], "indication": [aim]})
    marker = finding(outcome="biomarker", endpoint="senescent cells", marker="p16", gain=True)
    status = judge(data, said, study({"indication": [aim]}, [marker]))
    assert (status.status_class, status.result.level, status.accuracy) == ("unsupported", "U", "misleading")
    assert "ENDPOINT_SURROGATE" in status.codes


def test_a_biomarker_lifts_only_a_claim_that_names_that_marker(data: Dataset) -> None:
    record = study(None, [finding(outcome="biomarker", endpoint="CRP", marker="crp", gain=True)])
    assert judge(data, claim(outcome="biomarker", marker="crp"), record).result.level == "T3"
    assert judge(data, claim(outcome="biomarker", marker="ifn-gamma"), record).result.level == "U"
    assert judge(data, claim(outcome="response"), record).result.level == "U"


def test_a_trial_under_way_beside_blood_markers_is_still_told_as_surrogate_only(data: Dataset) -> None:
    marker = finding(outcome="biomarker", endpoint="CRP", marker="crp", gain=True)
    status = judge(data, claim(), study(None, [marker]), trial())
    assert status.result.level == "T4"
    assert "ENDPOINT_SURROGATE" in status.codes


def test_a_human_study_without_findings_reports_no_result(data: Dataset) -> None:
    assert reading(data).stance == "no_result"
    assert judge(data, claim(), study(None, [])).result.level == "T4"
