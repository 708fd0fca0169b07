"""Promised benefits: every level of the scale, the order of the rules, what lifts a level, and its proof."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kb.dataset import Dataset
from kb.records.study import Study
from tests.factory import approval, claim, finding, judge, study, trial
from tests.unit.benefit import AUTOLOGOUS, BETTER, MET, failed, level, rct, stopped

# ---------------------------------------------------------------------- every level of the scale

WORLDS: dict[str, Callable[[], tuple[Any, ...]]] = {
    "T1": lambda: (rct(MET, "PHASE3"),),
    "T2r": lambda: (rct(),),
    "T2s": lambda: (study(phase="PHASE2"),),
    "T3": lambda: (study(),),
    "T4": lambda: (trial(),),
    "MIXED": lambda: (study(), failed()),
    "T5s": lambda: (stopped("safety"),),
    "T5f": lambda: (stopped("futility"),),
    "T5o": lambda: (stopped("other"),),
    "T5u": lambda: (stopped(None),),
    "X": lambda: (failed(),),
    "P": lambda: (study(evidence_kind="animal"),),
    "U": lambda: (),
}
TRIAL_STAGE = {"T1", "T2r", "T2s", "T3", "T4", "MIXED"}


@pytest.mark.parametrize("expected", sorted(WORLDS))
def test_each_level_is_reached_for_the_class_and_for_the_product_on_sale(data: Dataset, expected: str) -> None:
    status = judge(data, claim(), *WORLDS[expected]())
    assert status.result.level == expected
    assert status.status_class == ("trial_stage" if expected in TRIAL_STAGE else "unsupported")

    same = {axis: tuple(values) for axis, values in AUTOLOGOUS.items()}

    def own(record: Any) -> Any:
        if isinstance(record, Study):
            return record.model_copy(update={"keys": tuple(key.model_copy(update=same) for key in record.keys)})
        return record.model_copy(update=same)

    on_sale = judge(data, claim(), *map(own, WORLDS[expected]()))
    assert on_sale.sold is not None
    assert (on_sale.sold.level, on_sale.sold_class) == (expected, on_sale.status_class)


def test_donor_cells_lift_the_class_and_not_the_patients_own_cells_on_sale(data: Dataset) -> None:
    status = judge(data, claim(), study())
    assert (status.status_class, status.sold_class) == ("trial_stage", "unsupported")
    assert {"SOURCE_NOT_AUTOLOGOUS", "NOT_EXPANDED"} <= set(status.codes)


def test_a_claim_on_the_sellers_product_has_one_result(data: Dataset) -> None:
    status = judge(data, claim(subject="own_product"), study(AUTOLOGOUS))
    assert status.sold is status.result
    assert status.result.level == "T3"


@pytest.mark.parametrize("subject", ["other_product", "biology", "seller"])
def test_a_sentence_on_something_else_has_no_result_for_the_product_on_sale(data: Dataset, subject: str) -> None:
    status = judge(data, claim(subject=subject), study())
    assert (status.sold, status.sold_class) == (None, None)


@pytest.mark.parametrize("kind", ["efficacy", "eligibility"])
def test_a_promise_that_names_no_cells_needs_a_person(data: Dataset, kind: str) -> None:
    status = judge(data, claim(claim_type=kind, axes={"indication": ["aml"]}), study())
    assert (status.status_class, status.result.level, status.accuracy) == ("needs_review", "?", "unverifiable")


def test_eligibility_is_efficacy_in_those_people(data: Dataset) -> None:
    said = claim(
        claim_type="eligibility", axes={"cell_type": ["nk"], "indication": ["aml"], "setting": ["older-adult"]}
    )
    assert level(data, said, study({"setting": ["older-adult"]})) == "T3"
    assert level(data, said, study({"setting": ["paediatric"]})) == "U"


# ---------------------------------------------------------------------- phase and design


@pytest.mark.parametrize(
    ("design", "phase", "expected"),
    [
        ("single-arm", "PHASE1", "T3"),
        ("single-arm", "EARLY_PHASE1", "T3"),
        ("single-arm", "PHASE1|PHASE2", "T2s"),
        ("single-arm", "PHASE2", "T2s"),
        ("dose-escalation", "PHASE1|PHASE2", "T2s"),
        ("single-arm", None, "T3"),
        ("case-series", None, "T3"),
        ("case-report", None, "T3"),
        ("case-series", "PHASE2", "T3"),
    ],
)
def test_uncontrolled_studies_take_their_level_from_phase_and_design(
    data: Dataset, design: str, phase: str | None, expected: str
) -> None:
    assert level(data, claim(), study(design=design, phase=phase)) == expected


@pytest.mark.parametrize("phase", ["PHASE3", "PHASE2|PHASE3"])
def test_a_confirmatory_trial_is_t1_only_when_its_primary_endpoint_was_met(data: Dataset, phase: str) -> None:
    assert level(data, claim(), rct(MET, phase)) == "T1"
    assert level(data, claim(), rct(BETTER, phase)) == "T2r"


@pytest.mark.parametrize("phase", ["PHASE1", "PHASE2", None])
def test_any_other_randomised_comparison_is_t2r_even_with_its_endpoint_met(data: Dataset, phase: str | None) -> None:
    assert level(data, claim(), rct(MET, phase or "NA")) == "T2r"


@pytest.mark.parametrize("kind", ["review", "other"])
def test_a_review_never_lifts(data: Dataset, kind: str) -> None:
    assert level(data, claim(), study(evidence_kind=kind, design="systematic-review")) == "U"


@pytest.mark.parametrize("kind", ["animal", "in_vitro"])
def test_laboratory_work_is_p_and_never_trial_stage(data: Dataset, kind: str) -> None:
    assert level(data, claim(), rct(MET, "PHASE3", evidence_kind=kind)) == "P"
    assert level(data, claim(), study({"cell_type": ["cik"]}, evidence_kind=kind)) == "U"
    assert level(data, claim(), study(evidence_kind=kind), stopped("other")) == "T5o"


def test_the_best_positive_study_gives_the_level(data: Dataset) -> None:
    records = (study(), study(phase="PHASE2"), rct())
    assert level(data, claim(), *records) == "T2r"
    status = judge(data, claim(), *records)
    assert status.result.used == {records[2].id}


# ---------------------------------------------------------------------- what lifts a single arm


def test_a_single_arm_phase_3_that_met_its_primary_endpoint_is_confirmatory(data: Dataset) -> None:
    primary = {"is_primary": True, "gain": True}
    assert level(data, claim(), study(None, [finding(**primary, met=True)], phase="PHASE3")) == "T1"
    assert level(data, claim(), study(None, [finding(**primary)], phase="PHASE3")) == "T2s"
    assert level(data, claim(), study(None, [finding(**primary, met=True)], phase="PHASE2")) == "T2s"
    secondary = finding(gain=True, is_primary=False, met=True)
    assert level(data, claim(), study(None, [secondary], phase="PHASE3")) == "T2s"


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        ({"endpoint_kind": "response_rate", "n": 1}, "T3"),
        ({"endpoint_kind": "response_rate", "n": 1, "gain": False}, "T4"),
        ({"endpoint_kind": "response_rate", "n": 0}, "T4"),
        ({"endpoint_kind": None, "n": 9, "endpoint": "stable disease"}, "T4"),
        ({"endpoint_kind": "other", "n": 9, "endpoint": "stable disease"}, "T4"),
        ({"endpoint_kind": "pfs", "n": 9, "endpoint": "progression", "outcome": "survival"}, "T4"),
        ({"endpoint_kind": "os", "n": 9, "endpoint": "alive", "outcome": "survival"}, "T4"),
        ({"endpoint_kind": None, "n": None, "n_total": None, "gain": True}, "T3"),
        ({"endpoint_kind": None, "n": None, "n_total": None, "gain": False}, "T4"),
    ],
)
def test_only_a_stated_gain_or_a_response_lifts_a_single_arm(
    data: Dataset, result: dict[str, Any], expected: str
) -> None:
    assert level(data, claim(), study(None, [finding(**result)])) == expected


# ---------------------------------------------------------------------- the order of the rules


def test_an_authorisation_outranks_everything(data: Dataset) -> None:
    key = {"cell_type": ["car-t"], "indication": ["b-all"]}
    said = claim(names_product="madeup", axes={**key, "setting": ["relapsed-refractory"]})
    assert level(data, said, approval(), failed(key), study(key)) == "A_FULL"


def test_a_result_outranks_a_trial_and_a_trial_outranks_a_stopped_one(data: Dataset) -> None:
    assert level(data, claim(), study(), stopped("safety"), trial()) == "T3"
    assert level(data, claim(), stopped("futility"), trial(), study(evidence_kind="animal")) == "T4"
    assert level(data, claim(), failed(), trial()) == "X"


def test_a_stop_for_safety_outranks_a_trial_under_way_only_at_a_direct_match(data: Dataset) -> None:
    assert level(data, claim(), stopped("safety"), trial()) == "T5s"
    broad = claim(axes={"cell_type": ["nk"], "indication": ["leukaemia"]})
    assert level(data, broad, stopped("safety"), trial()) == "T4"


def test_futility_outranks_other_reasons_and_other_reasons_outrank_silence(data: Dataset) -> None:
    assert level(data, claim(), stopped(None), stopped("other"), stopped("futility")) == "T5f"
    assert level(data, claim(), stopped(None), stopped("other")) == "T5o"
    assert level(data, claim(), stopped(None), study(evidence_kind="animal")) == "T5u"


@pytest.mark.parametrize("status", ["TERMINATED", "WITHDRAWN", "SUSPENDED"])
def test_a_stopped_trial_says_so(data: Dataset, status: str) -> None:
    found = judge(data, claim(), trial(status=status, stop_reason="futility"))
    assert found.result.level == "T5f"
    assert "STOPPED_TRIAL" in found.codes


# ---------------------------------------------------------------------- doubtful, retracted, reported


def test_a_doubtful_registration_never_counts(data: Dataset) -> None:
    status = judge(data, claim(), trial(doubt="cannot be found in the registry"))
    assert status.result.level == "U"
    assert "DOUBTFUL_REGISTRATION" in status.codes


def test_a_retracted_study_neither_lifts_nor_contradicts(data: Dataset) -> None:
    gone: dict[str, Any] = {"integrity": "retracted", "integrity_date": "2020"}
    status = judge(data, claim(), study(**gone))
    assert status.result.level == "U"
    assert "RETRACTED_SOURCE" in status.codes
    assert level(data, claim(), failed(**gone)) == "U"
    assert level(data, claim(), study(), failed(**gone)) == "T3"
    assert status.result.proof["parts"][0]["excluded"][0]["why"] == "retracted"


@pytest.mark.parametrize("integrity", ["reinstated", "corrected", "concern"])
def test_a_corrected_or_reinstated_study_stays_usable(data: Dataset, integrity: str) -> None:
    status = judge(data, claim(), study(integrity=integrity, integrity_date="2020"))
    assert status.result.level == "T3"
    assert ("CORRECTED_SOURCE" in status.codes) == (integrity != "reinstated")


def test_a_deciding_fact_from_a_secondary_source_is_visible(data: Dataset) -> None:
    status = judge(data, claim(), study(checked="secondary"))
    assert status.result.level == "T3"
    assert "SECONDARY_SOURCE" in status.codes
    assert "SECONDARY_SOURCE" not in judge(data, claim(), study()).codes


def test_a_stopped_trial_whose_results_are_published_is_counted_with_its_publication(data: Dataset) -> None:
    registered = stopped("futility")
    report = study({"indication": ["aml"]}, [finding(n=1)], registry_ids=[registered.id])
    status = judge(data, claim(), registered, report)
    assert status.result.level == "T3"
    excluded = {entry["id"] for entry in status.result.proof["parts"][0]["excluded"]}
    assert excluded == {registered.id}


# ---------------------------------------------------------------------- disputes


def test_a_trial_whose_status_is_disputed_is_not_counted(data: Dataset) -> None:
    assert level(data, claim(), trial(status_dispute="two registries disagree")) == "U"
    assert level(data, claim(), trial(status_dispute="two registries disagree"), trial()) == "T4"


def test_a_disputed_study_that_decides_needs_a_person(data: Dataset) -> None:
    status = judge(data, claim(), study(second_check="disputed"))
    assert (status.status_class, status.result.level, status.accuracy) == ("needs_review", "?", "unverifiable")
    assert "DISPUTED" in status.codes
    assert level(data, claim(), failed(second_check="disputed")) == "?"
    assert level(data, claim(), study(second_check="disputed"), study()) == "T3"
    assert level(data, claim(), study(second_check="agrees")) == "T3"


# ---------------------------------------------------------------------- the proof


def test_a_claim_without_records_prints_what_was_searched(data: Dataset) -> None:
    proof = judge(data, claim(), study({"indication": ["glioma"]}), trial(indication=["glioma"])).result.proof
    assert proof["base"] == {"studies": 1, "trials": 1, "listed_studies": 0, "listed_trials": 0}
    assert (proof["rule"]["id"], proof["as_of"]) == ("NOTHING", "2026-01-01")


def test_a_proof_names_the_record_that_decided_with_its_denominator(data: Dataset) -> None:
    record = study()
    part = judge(data, claim(), record).result.proof["parts"][0]
    assert [used["id"] for used in part["used"]] == [record.id]
    assert part["used"][0]["findings"] == ["response: 3 of 10"]


def test_strength_is_a_second_axis_by_design_and_endpoint(data: Dataset) -> None:
    survival = {"direction": "better", "p": "0.01", "outcome": "survival", "endpoint_kind": "os"}
    assert judge(data, claim(), rct(finding(**survival))).result.strength == "PDQ 1A"
    assert judge(data, claim(), study(None, [finding(endpoint_kind="response_rate")])).result.strength == "PDQ 3Div"
    infection = claim(axes={"cell_type": ["nk"], "indication": ["covid-19"]})
    assert judge(data, infection, study({"indication": ["covid-19"]})).result.strength == "OCEBM 4"
    assert judge(data, claim(), trial()).result.strength == ""


def test_each_cohort_counts_once_in_the_direction(data: Dataset) -> None:
    first = study()
    again = study(relations=[{"type": "same_cohort", "target": first.id}])
    assert judge(data, claim(), first, again).result.direction == "positive: 1"
    assert judge(data, claim(), failed()).result.direction == "negative: 1"
    assert judge(data, claim()).result.direction == "none"
