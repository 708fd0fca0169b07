"""The second verdict: what level, wording and codes allow, and when a reviewer must object."""

from __future__ import annotations

from typing import Any

import pytest

from kb.assess.accuracy import benefit_accuracy, is_benefit, is_objection, worst
from kb.dataset import Dataset
from kb.rules import Accuracy
from tests.factory import absence, claim, finding, judge, safety_event, study, trial

ORDER: tuple[Accuracy, ...] = ("accurate", "accurate_with_caveat", "unverifiable", "misleading", "inaccurate")


@pytest.mark.parametrize("wording", ["asserted", "implied"])
@pytest.mark.parametrize(
    ("level", "accuracy"),
    [
        ("A_FULL", "accurate"),
        ("A_COND", "accurate"),
        ("T1", "accurate"),
        ("T2r", "accurate"),
        ("T2s", "accurate"),
        ("T3", "misleading"),
        ("T4", "misleading"),
        ("MIXED", "misleading"),
        ("T5s", "misleading"),
        ("T5u", "misleading"),
        ("P", "misleading"),
        ("U", "misleading"),
        ("X", "inaccurate"),
        ("?", "unverifiable"),
    ],
)
def test_an_asserted_or_implied_benefit_needs_more_than_early_results(level: str, accuracy: str, wording: str) -> None:
    found, codes = benefit_accuracy(claim(wording=wording), level)
    assert found == accuracy
    assert ("BENEFIT_UNPROVEN" in codes) == (accuracy == "misleading")


@pytest.mark.parametrize(
    ("level", "accuracy"),
    [
        ("A_FULL", "accurate"),
        ("T1", "accurate_with_caveat"),
        ("T2r", "accurate_with_caveat"),
        ("T2s", "accurate_with_caveat"),
        ("T3", "accurate_with_caveat"),
        ("T4", "accurate_with_caveat"),
        ("MIXED", "accurate_with_caveat"),
        ("U", "misleading"),
        ("P", "misleading"),
        ("T5f", "misleading"),
        ("X", "inaccurate"),
    ],
)
def test_a_hedged_benefit_is_accurate_with_a_caveat_where_anything_is_being_tested(level: str, accuracy: str) -> None:
    assert benefit_accuracy(claim(wording="hedged"), level)[0] == accuracy


@pytest.mark.parametrize("first", ORDER)
def test_accuracy_is_the_worst_that_the_codes_allow(data: Dataset, first: Accuracy) -> None:
    assert worst(data.rules, first, ()) == first
    assert worst(data.rules, first, ("CONTRADICTED", "ABSENCE_ON_FILE")) == "inaccurate"
    limited = worst(data.rules, first, ("NO_DENOMINATOR",))
    assert ORDER.index(limited) == max(ORDER.index(first), ORDER.index("misleading"))


@pytest.mark.parametrize(
    ("values", "benefit"),
    [
        ({"claim_type": "efficacy"}, True),
        ({"claim_type": "eligibility"}, True),
        ({"claim_type": "comparative", "compared_with": {}}, True),
        ({"claim_type": "mechanism", "promises_benefit": True}, True),
        ({"claim_type": "mechanism"}, False),
        ({"claim_type": "safety"}, False),
        ({"claim_type": "none"}, False),
    ],
)
def test_an_unverifiable_sentence_is_objected_to_only_when_it_promises_a_benefit(
    values: dict[str, Any], benefit: bool
) -> None:
    said = claim(**values)
    assert is_benefit(said) is benefit
    assert is_objection(said, "unverifiable") is benefit
    assert is_objection(said, "misleading")
    assert is_objection(said, "inaccurate")
    assert not is_objection(said, "accurate")
    assert not is_objection(said, "accurate_with_caveat")


def test_x_is_inaccurate_whatever_the_type(data: Dataset) -> None:
    negative = study(None, [finding(n=0, is_primary=True)])
    gain = {"study": negative.id, "outcome": "response", "direction": "gain"}
    approved = {"says": "approved", "jurisdictions": ["US"]}
    for said, records in (
        (claim(), (negative,)),
        (claim(wording="hedged"), (negative,)),
        (claim(claim_type="citation", subject="cited_study", reports=[gain]), (negative,)),
        (claim(claim_type="regulatory", regulatory=approved), (absence(),)),
        (claim(claim_type="counting", counting={"what": "trials", "op": "none"}), (trial(),)),
        (claim(claim_type="safety", absolute=True, event="sepsis"), (safety_event(),)),
        (claim(claim_type="mechanism", contradicted_by=[negative.id]), (negative,)),
    ):
        status = judge(data, said, *records)
        assert (status.result.level, status.accuracy) == ("X", "inaccurate")


def test_wording_decides_between_a_caveat_and_an_objection(data: Dataset) -> None:
    own = {"cell_source": ["autologous"], "expansion": ["ex-vivo-expanded"]}
    assert judge(data, claim(), study(own)).accuracy == "misleading"
    assert judge(data, claim(wording="implied"), study(own)).accuracy == "misleading"
    assert judge(data, claim(wording="hedged"), study(own)).accuracy == "accurate_with_caveat"
    assert judge(data, claim(wording="hedged")).accuracy == "misleading"


def test_a_code_caps_a_good_level(data: Dataset) -> None:
    own = {"cell_source": ["autologous"], "expansion": ["ex-vivo-expanded"]}
    good = study(own, phase="PHASE2")
    assert judge(data, claim(), good).accuracy == "accurate"
    corrected = study(own, phase="PHASE2", integrity="corrected", integrity_date="2020")
    assert judge(data, claim(), corrected).accuracy == "accurate_with_caveat"
    both = claim(axes={"cell_type": ["nk", "nkt"], "indication": ["aml"]})
    assert judge(data, both, good).accuracy == "misleading"  # one member has no evidence of its own
    assert judge(data, claim(markers=["[1]"]), good, reference_list=False).accuracy == "accurate_with_caveat"


def test_a_correct_report_is_accurate_whatever_its_level(data: Dataset) -> None:
    record = study(None, [finding(n=0, is_primary=True)])
    failure = {"study": record.id, "outcome": "response", "direction": "failure"}
    said = claim(claim_type="citation", subject="cited_study", reports=[failure])
    assert judge(data, said, record).accuracy == "accurate"
    assert judge(data, claim(wording="denied"), record).accuracy == "accurate"
