"""Promised benefits: every level of the scale, the order of the rules, members, lists and cohorts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kb.dataset import Dataset
from kb.records.claim import Claim
from kb.records.study import Study
from tests.factory import approval, claim, finding, judge, study, trial

AUTOLOGOUS = {"cell_source": ["autologous"], "expansion": ["ex-vivo-expanded"]}  # what the page sells
BETTER = finding(direction="better", p="0.01")
MET = finding(direction="better", p="0.01", is_primary=True, met=True)
MISSED = finding(direction="no_difference", is_primary=True, met=False)
NO_RESPONSE = finding(n=0, is_primary=True)


def rct(
    result: dict[str, Any] = BETTER, phase: str = "PHASE2", key: dict[str, Any] | None = None, **values: Any
) -> Study:
    """A randomised comparison with chemotherapy."""
    arm = {"control": "chemotherapy", **(key or {})}
    return study(arm, [result], design="randomised-controlled", phase=phase, **values)


def failed(key: dict[str, Any] | None = None, **values: Any) -> Study:
    """A single-arm study whose primary endpoint was response, with none."""
    return study(key, [NO_RESPONSE], **values)


def stopped(reason: str | None, **values: Any) -> Any:
    """A terminated registration."""
    return trial(status="TERMINATED", stop_reason=reason, **values)


def level(data: Dataset, said: Claim, *records: Any, **where: Any) -> str:
    return judge(data, said, *records, **where).result.level


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


# ---------------------------------------------------------------------- contradiction and conflict


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ({}, "X"),
        ({"cell_type": ["memory-like-nk"]}, "X"),  # a narrower product
        ({"indication": ["leukaemia"]}, "X"),  # a broader disease
        ({"setting": ["first-remission"], "active_disease": False}, "X"),  # line and stage do not count here
        ({"setting": []}, "X"),
        ({"cell_source": []}, "U"),  # unknown
        ({"cell_source": ["allogeneic"]}, "U"),  # broader
        ({"cell_source": ["cord-blood"]}, "U"),  # different
        ({"expansion": ["ex-vivo-expanded"]}, "U"),
        ({"cell_type": ["cik"]}, "U"),
        ({"indication": ["glioma"]}, "U"),
    ],
)
def test_only_a_negative_of_the_same_product_contradicts(data: Dataset, key: dict[str, Any], expected: str) -> None:
    said = claim(
        axes={
            "cell_type": ["nk"],
            "cell_source": ["haploidentical"],
            "expansion": ["not-expanded"],
            "indication": ["aml"],
            "setting": ["relapsed-refractory"],
        }
    )
    assert level(data, said, failed(key)) == expected


def test_a_negative_in_a_narrower_disease_contradicts_nothing(data: Dataset) -> None:
    broad = claim(axes={"cell_type": ["nk"], "indication": ["leukaemia"]})
    status = judge(data, broad, failed())
    assert status.result.level == "U"
    assert [item.stance for item in status.result.items] == ["negative"]  # listed


def test_a_negative_weighs_as_much_as_its_own_design(data: Dataset) -> None:
    assert level(data, claim(), study(), rct(MISSED)) == "X"  # a randomised failure over a pilot
    assert level(data, claim(), rct(), failed()) == "T2r"  # a failed pilot under a randomised gain
    assert level(data, claim(), rct(), rct(MISSED, "PHASE3")) == "X"  # a failed phase 3 counts as confirmatory
    assert level(data, claim(), rct(MET, "PHASE3"), rct(MISSED, "PHASE3")) == "MIXED"


def test_conflict_at_the_best_level_is_mixed_and_says_so(data: Dataset) -> None:
    status = judge(data, claim(), study(), failed())
    assert (status.result.level, status.status_class, status.accuracy) == ("MIXED", "trial_stage", "misleading")
    assert "CONFLICTING" in status.codes
    assert status.result.direction == "mixed: 1 positive, 1 negative"


def test_a_better_positive_settles_a_conflict_below_it(data: Dataset) -> None:
    assert level(data, claim(), study(), failed(), study(phase="PHASE2")) == "T2s"


@pytest.mark.parametrize("tie", ["same_cohort", "reports_on"])
def test_conflict_needs_independent_cohorts(data: Dataset, tie: str) -> None:
    first = study()
    same = failed(relations=[{"type": tie, "target": first.id}])
    assert level(data, claim(), first, same) == "X"  # no positive of another cohort answers it
    assert level(data, claim(), first, same, study()) == "T3"  # another cohort does; the first is no second voice


def test_two_papers_of_one_registration_are_one_cohort(data: Dataset) -> None:
    registry: dict[str, Any] = {"registry_ids": ["NCT99999999"]}
    assert level(data, claim(), study(**registry), failed(**registry)) == "X"
    status = judge(data, claim(), study(**registry), study(**registry), study())
    assert status.result.direction == "positive: 2"


def test_a_follow_up_of_other_people_is_a_cohort_of_its_own(data: Dataset) -> None:
    first = study()
    later = failed(relations=[{"type": "follow_up_of", "target": first.id}])
    assert level(data, claim(), first, later) == "MIXED"


def test_cohorts_are_tied_through_an_alias_too(data: Dataset) -> None:
    first = study(aliases=["REC:first-report"])
    same = failed(relations=[{"type": "same_cohort", "target": "REC:first-report"}])
    assert level(data, claim(), first, same) == "X"


# ---------------------------------------------------------------------- members, lists, wholes


NKT: dict[str, Any] = {"cell_type": ["nk", "nkt"], "indication": ["aml"]}


def test_a_statement_on_the_field_takes_the_better_member_and_names_the_other(data: Dataset) -> None:
    status = judge(data, claim(axes=NKT), study())
    assert (status.result.level, status.sold_class) == ("T3", "unsupported")
    assert "MEMBER_UNSUPPORTED" in status.codes
    parts = {part["cell_type"]: part["level"] for part in status.result.proof["parts"]}
    assert sorted(parts.values()) == ["T3", "U"]  # each member is judged on its own and shown


def test_the_sellers_product_takes_the_lower_member(data: Dataset) -> None:
    own = claim(subject="own_product", axes=NKT)
    status = judge(data, own, study(AUTOLOGOUS))
    assert (status.result.level, status.accuracy) == ("U", "misleading")
    assert "MEMBER_UNSUPPORTED" in status.codes
    nkt = {**AUTOLOGOUS, "cell_type": ["nkt"]}
    both = judge(data, own, study(AUTOLOGOUS), study(nkt, phase="PHASE2"))
    assert both.result.level == "T3"
    assert "MEMBER_UNSUPPORTED" not in both.codes


def test_the_product_on_sale_takes_the_lower_member_where_the_field_takes_the_higher(data: Dataset) -> None:
    sold = {**AUTOLOGOUS, "cell_type": ["nk", "nkt"]}
    status = judge(data, claim(axes=NKT), study(AUTOLOGOUS), sold=sold)
    assert (status.result.level, status.sold_class) == ("T3", "unsupported")


def test_a_mixture_of_both_members_counts_for_each(data: Dataset) -> None:
    own = claim(subject="own_product", axes=NKT)
    assert level(data, own, study({**AUTOLOGOUS, "cell_type": ["nk", "nkt"]})) == "T3"


@pytest.mark.parametrize("subject", ["class", "own_product"])
def test_a_list_of_diseases_takes_the_lower(data: Dataset, subject: str) -> None:
    said = claim(subject=subject, axes={"cell_type": ["nk"], "indication": ["aml", "glioma"]})
    glioma = {**AUTOLOGOUS, "indication": ["glioma"]}
    assert level(data, said, study(AUTOLOGOUS)) == "U"
    assert level(data, said, study({**AUTOLOGOUS}, phase="PHASE2"), study(glioma)) == "T3"
    assert level(data, said, study(AUTOLOGOUS), failed(glioma)) == "X"


def test_a_narrower_disease_lifts_with_a_remark(data: Dataset) -> None:
    broad = claim(axes={"cell_type": ["nk"], "indication": ["leukaemia"]})
    status = judge(data, broad, study(phase="PHASE2"))
    assert (status.result.level, status.accuracy) == ("T2s", "accurate_with_caveat")
    assert "INDICATION_BROADER" in status.codes


def test_all_every_any_is_lifted_only_by_evidence_for_the_whole(data: Dataset) -> None:
    said = claim(universal=True, axes={"cell_type": ["nk"], "indication": ["leukaemia"]})
    assert level(data, said, study(), trial()) == "U"
    assert level(data, said, study({"indication": ["leukaemia"]})) == "T3"
    assert level(data, said, trial(indication=["leukaemia"])) == "T4"


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


# ---------------------------------------------------------------------- comparisons of two products


def arms(
    *findings: dict[str, Any],
    other: str = "cik",
    disease: str = "aml",
    partner: dict[str, list[str]] | None = None,
    **values: Any,
) -> Study:
    """A randomised study of NK cells against another product, each an arm of its own."""
    nk = {"name": "nk", "cell_type": ["nk"], "indication": [disease], "control": other, "findings": list(findings)}
    rest = {"name": "other", "cell_type": [other], "indication": [disease]}
    base: dict[str, Any] = {"design": "randomised-controlled", "phase": "PHASE2"}
    return study(**{**base, "keys": [{**nk, **(partner or {})}, rest], **values})


def test_a_comparison_needs_both_arms_in_one_study(data: Dataset) -> None:
    said = claim(claim_type="comparative", compared_with={"cell_type": ["cik"]})
    assert level(data, said, arms(BETTER)) == "T2r"
    assert level(data, said, arms(BETTER, other="msc")) == "U"
    assert level(data, said, study(), study({"cell_type": ["cik"]})) == "U"
    assert level(data, said, arms(finding(direction="no_difference"))) == "U"


def test_a_comparison_with_nothing_named_is_borne_out_by_nothing(data: Dataset) -> None:
    said = claim(claim_type="comparative", compared_with={})
    status = judge(data, said, arms(BETTER))
    assert (status.result.level, status.accuracy) == ("U", "misleading")


def compares(**values: Any) -> Claim:
    """ "NK cells are better than CIK cells in AML"."""
    return claim(claim_type="comparative", compared_with={"cell_type": ["cik"]}, **values)


def test_a_comparison_takes_nothing_from_registrations_or_single_arms(data: Dataset) -> None:
    assert level(data, compares(), trial(), study(), stopped("safety"), study(evidence_kind="animal")) == "U"
    nothing_compared = arms(finding())  # both arms, but no comparison of them
    assert level(data, compares(), nothing_compared) == "U"


def test_a_comparison_in_one_study_takes_its_level_and_a_failed_one_contradicts(data: Dataset) -> None:
    assert judge(data, compares(), arms(BETTER)).accuracy == "accurate"
    assert judge(data, compares(wording="hedged"), arms(BETTER)).accuracy == "accurate_with_caveat"
    assert level(data, compares(), arms(MISSED)) == "X"


@pytest.mark.parametrize("p", ["0.05", "<=0.05", "0.36", "ns"])
def test_an_insignificant_comparison_bears_nothing_out(data: Dataset, p: str) -> None:
    assert level(data, compares(), arms(finding(direction="better", p=p))) == "U"
    assert level(data, compares(), arms(finding(direction="better", p="0.04"))) == "T2r"


def test_a_future_or_retracted_comparison_bears_nothing_out(data: Dataset) -> None:
    assert level(data, compares(), arms(BETTER, year=2030)) == "U"
    gone = judge(data, compares(), arms(BETTER, integrity="retracted", integrity_date="2020"))
    assert gone.result.level == "U"
    assert "RETRACTED_SOURCE" in gone.codes
    assert level(data, compares(), arms(MISSED, year=2030)) == "U"
    assert level(data, compares(), arms(MISSED, integrity="retracted", integrity_date="2020")) == "U"


def test_a_comparison_in_a_list_of_diseases_needs_each(data: Dataset) -> None:
    both = compares(axes={"cell_type": ["nk"], "indication": ["aml", "glioma"]})
    assert level(data, both, arms(BETTER)) == "U"
    assert level(data, both, arms(BETTER), arms(BETTER, disease="glioma")) == "T2r"


def test_a_comparison_in_a_narrower_disease_says_so_and_lifts_no_whole(data: Dataset) -> None:
    broad = {"cell_type": ["nk"], "indication": ["leukaemia"]}
    status = judge(data, compares(axes=broad), arms(BETTER))
    assert status.result.level == "T2r"
    assert "INDICATION_BROADER" in status.codes
    assert level(data, compares(axes=broad, universal=True), arms(BETTER)) == "U"
    assert level(data, compares(axes=broad, universal=True), arms(BETTER, disease="leukaemia")) == "T2r"


def test_a_comparison_of_two_members_names_the_one_without_evidence(data: Dataset) -> None:
    status = judge(data, compares(axes=NKT), arms(BETTER))
    assert status.result.level == "T2r"
    assert "MEMBER_UNSUPPORTED" in status.codes
    assert level(data, compares(axes=NKT, subject="own_product"), arms(BETTER)) == "U"


def test_a_comparison_alone_allows_partners_that_both_arms_got(data: Dataset) -> None:
    said = compares(axes={"cell_type": ["nk"], "indication": ["aml"], "combination": ["alone"]})
    chemo = {"combination": ["chemotherapy"]}
    assert level(data, said, arms(BETTER, partner={**chemo, "control_shares": ["chemotherapy"]})) == "T2r"
    assert level(data, said, arms(BETTER, partner=chemo)) == "U"


def test_a_denied_comparison_is_background_unless_our_records_show_it(data: Dataset) -> None:
    denied = compares(wording="denied")
    agreed = judge(data, denied)
    assert (agreed.result.level, agreed.accuracy) == ("B", "accurate")
    early = judge(data, denied, arms(BETTER))
    assert (early.result.level, early.accuracy) == ("B", "unverifiable")
    shown = judge(data, denied, arms(MET, phase="PHASE3"))
    assert (shown.result.level, shown.accuracy) == ("X", "inaccurate")


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
