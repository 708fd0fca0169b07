"""Promised benefits: results that contradict each other, cohorts that count once, members and lists."""

from __future__ import annotations

from typing import Any

import pytest

from kb.dataset import Dataset
from tests.factory import claim, judge, study, trial
from tests.unit.benefit import AUTOLOGOUS, MET, MISSED, NKT, failed, level, rct

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
