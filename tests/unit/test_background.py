"""Denials, background, a seller's own word and what is no claim at all: each has its own class."""

from __future__ import annotations

import pytest

from kb.dataset import Dataset
from tests.factory import claim, finding, judge, study

# ---------------------------------------------------------------------- denials


def test_a_denial_our_records_agree_with_is_background(data: Dataset) -> None:
    status = judge(data, claim(wording="denied"))
    assert (status.status_class, status.result.level, status.accuracy) == ("background", "B", "accurate")


def test_a_denial_our_records_refute_is_contradicted(data: Dataset) -> None:
    met = [finding(direction="better", p="0.001", is_primary=True, met=True)]
    record = study({"control": "chemotherapy"}, met, design="randomised-controlled", phase="PHASE3")
    status = judge(data, claim(wording="denied"), record)
    assert (status.result.level, status.result.rule, status.accuracy) == ("X", "DENIAL-X", "inaccurate")


def test_a_bare_disclaimer_is_no_claim(data: Dataset) -> None:
    status = judge(data, claim(wording="denied", axes={"cell_type": ["nk"]}), study())
    assert (status.status_class, status.result.level, status.sold) == ("not_a_claim", "N", None)


def test_a_denial_that_early_results_neither_bear_out_nor_refute_is_unverifiable(data: Dataset) -> None:
    early = judge(data, claim(wording="denied"), study())
    assert (early.result.level, early.accuracy) == ("B", "unverifiable")
    assert judge(data, claim(wording="denied"), study(year=2030)).accuracy == "accurate"


# ---------------------------------------------------------------------- background and quality


@pytest.mark.parametrize("kind", ["mechanism", "manufacturing"])
def test_background_is_accurate_with_a_reference_and_unverifiable_without(data: Dataset, kind: str) -> None:
    reference = study(evidence_kind="in_vitro")
    with_one = judge(data, claim(claim_type=kind, supported_by=[reference.id]), reference)
    assert (with_one.status_class, with_one.result.level, with_one.accuracy) == ("background", "B", "accurate")
    without = judge(data, claim(claim_type=kind), reference)
    assert (without.result.level, without.accuracy) == ("B", "unverifiable")
    assert "NO_REFERENCE" in without.codes


@pytest.mark.parametrize("kind", ["mechanism", "manufacturing"])
def test_background_that_a_stored_record_contradicts_is_x(data: Dataset, kind: str) -> None:
    record = study(evidence_kind="in_vitro")
    said = claim(claim_type=kind, contradicted_by=[record.id], supported_by=[record.id])
    status = judge(data, said, record)
    assert (status.result.level, status.accuracy) == ("X", "inaccurate")


@pytest.mark.parametrize("kind", ["mechanism", "manufacturing"])
def test_a_mechanism_that_promises_a_benefit_is_judged_as_efficacy(data: Dataset, kind: str) -> None:
    said = claim(claim_type=kind, promises_benefit=True)
    assert judge(data, said).result.level == "U"
    assert judge(data, said, study()).result.level == "T3"


@pytest.mark.parametrize("kind", ["manufacturing", "mechanism", "efficacy"])
def test_a_sellers_word_on_its_own_quality_is_unverifiable(data: Dataset, kind: str) -> None:
    reference = study()
    status = judge(
        data, claim(claim_type=kind, subject="seller", own_quality=True, supported_by=[reference.id]), reference
    )
    assert (status.status_class, status.result.level, status.accuracy) == ("unsupported", "U", "unverifiable")
    assert status.result.rule == "OWN-QUALITY"


@pytest.mark.parametrize("kind", ["none", "precaution"])
def test_puffery_service_and_precautions_are_no_claims(data: Dataset, kind: str) -> None:
    status = judge(data, claim(claim_type=kind, markers=["[1]"]), study(), reference_list=False)
    assert (status.status_class, status.result.level, status.sold, status.codes) == ("not_a_claim", "N", None, ())
