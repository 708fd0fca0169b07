"""Promised benefits: "better than" is borne out only by one study that compared both products."""

from __future__ import annotations

from typing import Any

import pytest

from kb.dataset import Dataset
from kb.records.claim import Claim
from kb.records.study import Study
from tests.factory import claim, finding, judge, study, trial
from tests.unit.benefit import BETTER, MET, MISSED, NKT, level, stopped


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


def test_an_arm_of_another_design_takes_no_part_in_the_trial_it_is_told_with(data: Dataset) -> None:
    better = finding(n=None, n_total=None, direction="better", p="0.01", is_primary=True, met=True)
    phase_3 = {"design": "randomised-controlled", "phase": "PHASE3"}
    trial_arm = study({"control": "none"}, [better], **phase_3)
    practice = study({"control": "none", "design": "cohort"}, [better], **phase_3)
    assert judge(data, claim(), trial_arm).result.level == "T1"
    status = judge(data, claim(), practice)
    assert (status.result.level, status.result.strength) == ("T3", "PDQ 3Div")


def test_a_cohort_with_a_comparator_is_a_comparison(data: Dataset) -> None:
    alike = finding(direction="no_difference", p="0.5")
    responded = finding(n=3, n_total=10)
    compared = study({"control": "no cells"}, [alike, responded], design="cohort")
    assert judge(data, claim(), compared).result.level != "T3"  # three responses speak for nothing beside no difference
    assert judge(data, claim(), study(None, [responded], design="cohort")).result.level == "T3"
