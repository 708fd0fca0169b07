"""Rules that came out of a review of every verdict on the first document."""

from __future__ import annotations

import pytest

from kb.assess.accuracy import is_objection
from kb.dataset import Dataset
from kb.english import sentences
from tests.factory import claim, finding, judge, safety_event, study, trial

FAILED = finding(n=0, is_primary=True, met=False)


def harm(event: str, n: int, total: int = 10, **values: object) -> dict[str, object]:
    return {"endpoint": event, "outcome": "safety", "event": event, "n": n, "n_total": total, **values}


def test_deaths_of_any_cause_refute_no_absolute_but_an_event_of_its_own_does(data: Dataset) -> None:
    said = claim(claim_type="safety", axes={"cell_type": ["nk"]}, event="serious-ae", absolute=True)
    dead = study(findings=[harm("death", 6, 7)])
    assert judge(data, said, dead).result.level != "X"
    assert judge(data, said, dead, safety_event()).result.level == "X"


def test_a_harm_no_commoner_than_in_the_control_arm_refutes_nothing(data: Dataset) -> None:
    said = claim(claim_type="safety", axes={"cell_type": ["nk"]}, event="serious-ae", absolute=True)
    alike = study(findings=[harm("serious-ae", 3, direction="no_difference")])
    assert judge(data, said, alike).result.level != "X"


def test_studies_that_never_watched_a_harm_lend_no_level_to_a_sentence_about_it(data: Dataset) -> None:
    said = claim(claim_type="safety", axes={"cell_type": ["nk"]}, event="gvhd")
    assert judge(data, said, study(findings=[harm("fever", 0)])).result.level == "U"
    assert judge(data, said, study(findings=[harm("gvhd", 0)])).result.level == "T3"


def test_a_report_that_several_studies_saw_none_holds_beside_one_that_did(data: Dataset) -> None:
    said = claim(claim_type="safety", axes={"cell_type": ["nk"]}, event="dlt", report_of_absence=True)
    none = [study(findings=[harm("dlt", 0)]) for _ in range(2)]
    assert judge(data, said, *none, study(findings=[harm("dlt", 1)])).accuracy == "accurate_with_caveat"
    assert judge(data, said, study(findings=[harm("dlt", 1)])).accuracy == "misleading"


def test_a_basket_contradicts_the_disease_as_a_whole_only(data: Dataset) -> None:
    basket = study({"indication": ["aml", "melanoma"]}, [FAILED])
    assert judge(data, claim(), basket).result.level != "X"
    assert judge(data, claim(), study({"indication": ["leukaemia"]}, [FAILED])).result.level == "X"


def test_people_who_could_not_respond_contradict_no_response(data: Dataset) -> None:
    missed = finding(outcome="survival", endpoint_kind="efs", direction="no_difference", is_primary=True, met=False)
    consolidation = study(
        {"active_disease": False, "control": "chemotherapy"}, [missed], design="nonrandomised-controlled"
    )
    assert judge(data, claim(outcome="response"), consolidation).result.level != "X"
    assert judge(data, claim(outcome="survival"), consolidation).result.level == "X"


def test_stable_disease_and_progression_are_no_gain(data: Dataset) -> None:
    stable = finding(endpoint="stable disease", endpoint_kind=None, n=8)
    assert judge(data, claim(), study(findings=[stable])).result.level == "T4"


def test_products_whose_studies_are_not_collected_are_unverifiable_not_misleading(data: Dataset) -> None:
    said = claim(subject="other_product", axes={"cell_type": ["exosome"], "indication": ["aml"]})
    status = judge(data, said)
    assert (status.status_class, status.accuracy) == ("unsupported", "unverifiable")
    assert "NOT_COLLECTED" in status.codes
    assert is_objection(said, status.accuracy)


def test_a_contradicted_member_is_named(data: Dataset) -> None:
    said = claim(axes={"cell_type": ["nk", "inkt"], "indication": ["aml"]})
    status = judge(data, said, study(findings=[FAILED]), study({"cell_type": ["inkt"]}))
    assert (status.result.level, status.accuracy) == ("T3", "misleading")
    assert "MEMBER_CONTRADICTED" in status.codes


def test_where_trials_run_is_not_on_file(data: Dataset) -> None:
    said = claim(claim_type="regulatory", regulatory={"says": "in_trials", "jurisdictions": ["US"]})
    assert judge(data, said, trial(), trial()).accuracy == "unverifiable"


@pytest.mark.parametrize("outcome", ["safety", "feasibility"])
def test_a_report_on_safety_owes_no_word_of_a_later_failure(data: Dataset, outcome: str) -> None:
    first = study(findings=[finding(), harm("fever", 0), {"endpoint": "given", "outcome": "feasibility"}])
    later = study(findings=[FAILED], relations=[{"type": "follow_up_of", "target": first.id}])
    report = {"study": first.id, "direction": "gain"}
    said = claim(claim_type="citation", subject="cited_study", reports=[{**report, "outcome": outcome}])
    assert "OMITTED_NEGATIVE_FOLLOWUP" not in judge(data, said, first, later).codes
    gain = claim(claim_type="citation", subject="cited_study", reports=[{**report, "outcome": "response"}])
    assert "OMITTED_NEGATIVE_FOLLOWUP" in judge(data, gain, first, later).codes


def test_a_contradiction_shows_what_did_better_and_names_each_record_once(data: Dataset) -> None:
    failed = study(
        {"control": "none"},
        [finding(n=None, n_total=None, direction="no_difference", is_primary=True)],
        design="randomised-controlled",
        phase="PHASE3",
    )
    better = study()
    status = judge(data, claim(), failed, better)
    assert status.result.level == "X"
    told = sentences(status.result.proof, {})
    assert [line for line in told if line.startswith(f"Also on file, with benefit, at a lower level: {better.id} ")]
    shown = [line for line in told if not line.startswith(("Nearest change:", "Or:", "In the graph:"))]
    assert sum(failed.id in line for line in shown) == 1


def test_only_the_arm_that_decided_decides(data: Dataset) -> None:
    arms = [
        {"name": "own", "cell_type": ["nk"], "indication": ["aml"], "active_disease": True, "findings": [finding()]},
        {"name": "other", "cell_type": ["cik"], "indication": ["aml"], "active_disease": True, "findings": [finding()]},
    ]
    record = study(keys=arms)
    result = judge(data, claim(), record).result
    assert {item.key_id for item in result.items if result.rests_on(item)} == {f"{record.id}#own"}
