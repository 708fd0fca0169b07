"""What a match may do: which partners, which cells and which kinds of match lift a sentence."""

from __future__ import annotations

from typing import Any

import pytest

from kb.assess.result import Status
from kb.dataset import Dataset
from tests.factory import approval, claim, finding, judge, safety_event, study, trial


def listed(status: Status, record_id: str) -> bool:
    return record_id in {item.record_id for item in status.result.items}


# ---------------------------------------------------------------------- combinations


def test_silence_on_combination_is_open_and_not_alone(data: Dataset) -> None:
    assert judge(data, claim(), study({"combination": ["il-2"]})).result.level == "T3"


def test_a_sentence_that_says_alone_is_not_lifted_by_a_combination(data: Dataset) -> None:
    said = claim(axes={"cell_type": ["nk"], "indication": ["aml"], "combination": ["alone"]})
    assert judge(data, said, study({"combination": ["alone"]})).result.level == "T3"
    assert judge(data, said, study({"combination": ["il-2"]})).result.level == "U"
    assert judge(data, said, study({"combination": []})).result.level == "U"


def test_a_partner_the_control_arm_shared_does_not_set_the_record_apart(data: Dataset) -> None:
    said = claim(axes={"cell_type": ["nk"], "indication": ["aml"], "combination": ["alone"]})
    better = [finding(direction="better", p="0.01")]
    arm = {"combination": ["chemotherapy"], "control": "chemotherapy", "control_shares": ["chemotherapy"]}
    shared = study(arm, better, design="randomised-controlled", phase="PHASE2")
    unshared = study({**arm, "control_shares": []}, better, design="randomised-controlled", phase="PHASE2")
    more = study({**arm, "combination": ["chemotherapy", "il-2"]}, better, design="randomised-controlled")
    assert judge(data, said, shared).result.level == "T2r"
    assert judge(data, said, unshared).result.level == "U"
    assert judge(data, said, more).result.level == "U"


def test_a_named_partner_needs_that_partner(data: Dataset) -> None:
    said = claim(axes={"cell_type": ["nk"], "indication": ["aml"], "combination": ["cytokine"]})
    assert judge(data, said, study({"combination": ["il-2"]})).result.level == "T3"  # interleukin-2 is a cytokine
    assert judge(data, said, study({"combination": ["rituximab"]})).result.level == "U"
    assert judge(data, said, study({"combination": ["alone"]})).result.level == "U"


# ---------------------------------------------------------------------- which cells are which


@pytest.mark.parametrize(
    "other", ["cik", "dc-cik", "lak", "nk-t-mix", "activated-t", "gamma-delta-t", "car-t", "nkt", "inkt", "apc-agalcer"]
)
def test_other_cells_never_lift_a_claim_on_nk_cells(data: Dataset, other: str) -> None:
    record = study({"cell_type": [other]})
    status = judge(data, claim(), record)
    assert status.result.level == "U"
    assert [item.match for item in status.result.items if item.record_id == record.id] == ["indirect"]


@pytest.mark.parametrize("drug", ["il15-agonist", "checkpoint-drug", "nk-engager", "adcc-antibody", "il2-drug"])
def test_drugs_that_activate_nk_cells_never_lift_nk_cells(data: Dataset, drug: str) -> None:
    assert judge(data, claim(), study({"cell_type": [drug]})).result.level == "U"


@pytest.mark.parametrize("member", ["nkt", "inkt"])
@pytest.mark.parametrize("other", ["apc-agalcer", "nkt-like", "cik", "nk"])
def test_pulsed_antigen_presenting_cells_and_look_alikes_never_lift_nkt_cells(
    data: Dataset, member: str, other: str
) -> None:
    said = claim(axes={"cell_type": [member], "indication": ["aml"]})
    assert judge(data, said, study({"cell_type": [other]})).result.level == "U"
    assert judge(data, said, study({"cell_type": [member]})).result.level == "T3"


def test_other_cells_in_a_trial_do_not_count_as_testing_nk_cells(data: Dataset) -> None:
    assert judge(data, claim(), trial(cell_type=["cik"])).result.level == "U"


def test_a_disease_with_nk_in_its_name_is_no_nk_therapy(data: Dataset) -> None:
    said = claim(axes={"cell_type": ["nk"], "indication": ["enktl"]})
    assert judge(data, said, study({"cell_type": ["virus-specific-t"], "indication": ["enktl"]})).result.level == "U"
    assert judge(data, said, study({"indication": ["enktl"]})).result.level == "T3"


def test_nk_cells_mixed_with_other_cells_say_nothing_of_nk_cells_alone(data: Dataset) -> None:
    record = study({"cell_type": ["nk", "activated-t"]})
    status = judge(data, claim(), record)
    assert status.result.level == "U"
    assert [item.match for item in status.result.items] == ["possible"]


@pytest.mark.parametrize("aim", ["ageing", "immune-function", "cellular-energy", "tissue-repair", "general-health"])
def test_an_aim_is_no_disease_and_no_disease_is_narrower_than_it(data: Dataset, aim: str) -> None:
    status = judge(
        data, claim(axes={"cell_type": ["nk"], "indication": [aim]}), study(), study({"indication": ["cancer"]})
    )
    assert status.result.level == "U"
    assert status.result.items == ()  # unrelated records are not listed


# ---------------------------------------------------------------------- what each match may do


def positive(match: str) -> dict[str, Any]:
    arms: dict[str, dict[str, Any]] = {
        "direct": {},
        "partial": {"indication": ["aml"]},
        "possible": {"cell_source": []},
        "indirect": {"cell_source": ["cord-blood"]},
        "unrelated": {"indication": ["glioma"]},
    }
    return arms[match]


@pytest.mark.parametrize(
    ("match", "level"), [("direct", "T3"), ("partial", "T3"), ("possible", "U"), ("indirect", "U"), ("unrelated", "U")]
)
def test_only_direct_and_partial_records_lift(data: Dataset, match: str, level: str) -> None:
    disease = "leukaemia" if match == "partial" else "aml"
    said = claim(axes={"cell_type": ["nk"], "cell_source": ["haploidentical"], "indication": [disease]})
    record = study(positive(match))
    status = judge(data, said, record)
    assert status.result.level == level
    assert listed(status, record.id) == (match != "unrelated")
    if match != "unrelated":
        assert {item.match for item in status.result.items} == {match}
    assert ("INDICATION_BROADER" in status.codes) == (match == "partial")


@pytest.mark.parametrize("match", ["possible", "indirect"])
def test_a_record_that_almost_matches_is_named_as_the_nearest_change(data: Dataset, match: str) -> None:
    said = claim(axes={"cell_type": ["nk"], "cell_source": ["haploidentical"], "indication": ["aml"]})
    record = study(positive(match))
    nearest = judge(data, said, record).result.proof["parts"][0]["nearest"]
    assert nearest["id"] == record.id
    assert "cell source" in nearest["would_count_if"]


def test_a_partial_match_never_reaches_approved(data: Dataset) -> None:
    said = claim(
        axes={"cell_type": ["car-t"], "indication": ["acute-leukaemia"], "setting": ["relapsed-refractory"]},
        licensed_as_such=True,
    )
    status = judge(data, said, approval(), study({"cell_type": ["car-t"], "indication": ["b-all"]}))
    assert (status.status_class, status.result.level) == ("trial_stage", "T3")
    assert {"BROADER_THAN_LABEL", "INDICATION_BROADER"} <= set(status.codes)


def test_a_direct_record_beside_a_partial_one_needs_no_remark(data: Dataset) -> None:
    said = claim(axes={"cell_type": ["nk"], "indication": ["leukaemia"]})
    status = judge(data, said, study(), study({"indication": ["leukaemia"]}))
    assert status.result.level == "T3"
    assert "INDICATION_BROADER" not in status.codes


def test_an_unknown_source_never_refutes_an_absolute(data: Dataset) -> None:
    said = claim(
        claim_type="safety", absolute=True, event="sepsis", axes={"cell_type": ["nk"], "cell_source": ["autologous"]}
    )
    assert judge(data, said, safety_event(cell_source=[])).result.level == "U"
    assert judge(data, said, safety_event()).result.level == "X"
