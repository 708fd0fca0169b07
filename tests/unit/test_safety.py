"""Sentences about harm: absolutes, reports of absence with their exact bound, admissions."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.assess.safety import upper_bound
from kb.dataset import Dataset
from kb.records.claim import Claim
from kb.records.study import Study
from tests.factory import claim, document, finding, judge, safety_event, study

AUTOLOGOUS: dict[str, list[str]] = {"cell_type": ["nk"], "cell_source": ["autologous"]}


def says(**values: Any) -> Claim:
    """A safety sentence about the patient's own NK cells."""
    return claim(**{"claim_type": "safety", "axes": AUTOLOGOUS, **values})


def absolute(event: str = "sepsis", **values: Any) -> Claim:
    """A sentence that excludes a kind of harm altogether."""
    return says(absolute=True, event=event, **values)


def harmed(n: int | None, total: int | None = 10, event: str | None = "sepsis", **values: Any) -> Study:
    """A study of the patient's own NK cells that reports this harm in n of total people."""
    key = {"cell_source": ["autologous"], **values.pop("key", {})}
    result = finding(outcome="safety", endpoint="harm", event=event, n=n, n_total=total)
    return study(key, [{**result, **values.pop("result", {})}], **values)


# ---------------------------------------------------------------------- absolutes


def test_one_event_of_that_kind_in_a_notice_refutes_an_absolute(data: Dataset) -> None:
    status = judge(data, absolute(), safety_event(n=1))
    assert (status.status_class, status.result.level, status.accuracy) == ("unsupported", "X", "inaccurate")
    assert "SAFETY_OVERSTATED" in status.codes
    assert status.result.used == {"SAF-made-up"}


def test_one_event_of_that_kind_in_any_study_refutes_an_absolute(data: Dataset) -> None:
    assert judge(data, absolute(), harmed(1)).result.level == "X"
    assert judge(data, absolute(), harmed(1, key={"indication": ["glioma"]})).result.level == "X"
    assert judge(data, absolute(), harmed(None, None, result={"value": "some"})).result.level == "X"


def test_an_event_of_a_narrower_kind_refutes_and_one_of_another_kind_does_not(data: Dataset) -> None:
    assert judge(data, absolute("infection"), safety_event()).result.level == "X"
    assert judge(data, absolute("any-harm"), safety_event()).result.level == "X"
    assert judge(data, absolute("gvhd"), safety_event()).result.level == "U"
    assert judge(data, absolute("sepsis"), safety_event(event="infection")).result.level == "U"


@pytest.mark.parametrize(
    ("event", "level"),
    [
        ({}, "X"),
        ({"cell_type": ["memory-like-nk"]}, "X"),
        ({"cell_type": ["cik"]}, "U"),
        ({"cell_type": ["nk", "cik"]}, "U"),  # a mixture: not the same cells
        ({"cell_type": []}, "U"),
        ({"cell_source": ["cord-blood"]}, "U"),
        ({"cell_source": ["any-source"]}, "U"),
        ({"cell_source": []}, "U"),
        ({"expansion": ["ex-vivo-expanded"]}, "X"),
        ({"indication": ["glioma"]}, "X"),
    ],
)
def test_an_event_counts_when_cell_type_and_source_are_the_same(
    data: Dataset, event: dict[str, Any], level: str
) -> None:
    assert judge(data, absolute(), safety_event(**event)).result.level == level


def test_a_sentence_silent_on_the_source_is_refuted_by_any_source(data: Dataset) -> None:
    said = absolute(axes={"cell_type": ["nk"]})
    assert judge(data, said, safety_event(cell_source=["cord-blood"])).result.level == "X"
    assert judge(data, said, safety_event(cell_source=[])).result.level == "X"


def test_the_product_on_sale_is_refuted_by_events_of_its_own_kind_only(data: Dataset) -> None:
    status = judge(data, absolute(axes={"cell_type": ["nk"]}), safety_event(cell_source=["cord-blood"]))
    assert (status.status_class, status.result.level) == ("unsupported", "X")
    assert status.sold is not None
    assert status.sold.level == "U"


def test_no_event_refutes_no_absolute(data: Dataset) -> None:
    status = judge(data, absolute(), harmed(0, 9))
    assert status.result.level == "T3"
    assert "SAFETY_OVERSTATED" not in status.codes
    assert judge(data, absolute(), safety_event(n=0)).result.level == "U"


def test_a_sentence_that_is_no_absolute_is_never_contradicted_by_an_event(data: Dataset) -> None:
    status = judge(data, says(event="sepsis"), harmed(1))
    assert (status.result.level, status.accuracy) == ("T3", "misleading")


def test_an_event_harms_from_the_start_of_its_period_and_not_before(data: Dataset) -> None:
    notice = safety_event(date="2024-05")
    assert judge(data, absolute(), notice, day=date(2024, 5, 1)).result.level == "X"
    assert judge(data, absolute(), notice, day=date(2024, 4, 30)).result.level == "U"
    undated = safety_event(date=None, retrieved="2025-01-01")
    assert judge(data, absolute(), undated, day=date(2025, 1, 1)).result.level == "X"
    assert judge(data, absolute(), undated, day=date(2024, 12, 31)).result.level == "U"


def test_a_published_harm_counts_from_the_start_of_its_year(data: Dataset) -> None:
    assert judge(data, absolute(), harmed(1), day=date(2015, 1, 1)).result.level == "X"
    assert judge(data, absolute(), harmed(1), day=date(2014, 12, 31)).result.level == "U"


def test_animals_refute_nothing(data: Dataset) -> None:
    assert judge(data, absolute(), harmed(1, evidence_kind="animal")).result.level == "U"


def test_a_harm_excluded_by_definition_needs_a_listed_reference(data: Dataset) -> None:
    reference = study(evidence_kind="review")
    status = judge(data, absolute("rejection", supported_by=[reference.id]), reference)
    assert (status.status_class, status.result.level, status.accuracy) == ("background", "B", "accurate")
    assert judge(data, absolute("rejection"), reference).result.level == "U"
    happened = judge(
        data, absolute("rejection", supported_by=[reference.id]), reference, safety_event(event="rejection")
    )
    assert happened.result.level == "X"


# ---------------------------------------------------------------------- safe, mild, rare


def test_safe_is_at_best_misleading_and_the_event_stands_beside_it(data: Dataset) -> None:
    status = judge(data, says(), harmed(0, 9, event="gvhd"), safety_event())
    assert (status.result.level, status.accuracy) == ("T3", "misleading")
    assert "NO_FOLLOW_UP" in status.codes
    assert {harm["id"] for harm in status.result.proof["harms"]} >= {"SAF-made-up"}
    assert status.result.proof["happened_total"] == 1


def test_safety_takes_the_level_of_the_best_matching_safety_findings(data: Dataset) -> None:
    assert judge(data, says(), harmed(0), harmed(0, phase="PHASE2")).result.level == "T2s"
    assert judge(data, says(), harmed(0, key={"cell_source": ["cord-blood"]}, phase="PHASE2")).result.level == "U"
    assert judge(data, says(), study({"cell_source": ["autologous"]})).result.level == "U"  # efficacy only


def test_safety_nobody_reported_is_unverifiable(data: Dataset) -> None:
    status = judge(data, says())
    assert (status.result.level, status.accuracy) == ("U", "unverifiable")


def test_a_retracted_or_later_study_gives_safety_no_level(data: Dataset) -> None:
    gone = harmed(0, integrity="retracted", integrity_date="2020")
    assert judge(data, says(), gone).result.level == "U"
    assert judge(data, says(), harmed(0), day=date(2015, 12, 30)).result.level == "U"
    assert judge(data, says(), harmed(0), day=date(2015, 12, 31)).result.level == "T3"


def test_a_safety_sentence_without_cells_needs_a_person(data: Dataset) -> None:
    assert judge(data, says(axes={}), harmed(0)).result.level == "?"
    own = judge(data, says(axes={}, subject="own_product"), harmed(0, key={"expansion": ["ex-vivo-expanded"]}))
    assert own.result.level == "T3"  # the page sells its cells


# ---------------------------------------------------------------------- reports of absence and of harm


def test_none_in_nine_is_a_report_with_its_exact_upper_bound(data: Dataset) -> None:
    status = judge(data, says(event="sepsis"), harmed(0, 9))
    assert status.accuracy == "accurate_with_caveat"
    assert status.result.proof["pooled"] == {"events": 0, "people": 9, "upper_bound_percent": 28.3}


def test_independent_groups_are_added_up_for_the_bound(data: Dataset) -> None:
    pooled = judge(data, says(event="sepsis"), harmed(0, 9), harmed(1, 21)).result.proof["pooled"]
    assert (pooled["events"], pooled["people"]) == (1, 30)


def test_a_report_of_absence_where_nobody_looked_is_unverifiable(data: Dataset) -> None:
    status = judge(data, says(event="gvhd"), harmed(0, 9, event="sepsis"))
    assert (status.result.level, status.accuracy) == ("T3", "unverifiable")


def test_an_admitted_harm_is_accurate_once_recorded(data: Dataset) -> None:
    said = says(event="sepsis", states_harm=True)
    on_sale = {"expansion": ["ex-vivo-expanded"]}
    assert judge(data, said, harmed(1, key=on_sale)).accuracy == "accurate"
    unrecorded = judge(data, said, harmed(0))
    assert (unrecorded.result.level, unrecorded.accuracy) == ("U", "unverifiable")


def test_a_bare_disclaimer_about_safety_is_no_claim(data: Dataset) -> None:
    page = document(says(wording="denied"))
    status = judge(data, page.claims[0])
    assert (status.status_class, status.result.level, status.sold) == ("not_a_claim", "N", None)


# ---------------------------------------------------------------------- the exact bound


@pytest.mark.parametrize("people", [1, 3, 9, 30, 100])
def test_the_bound_on_no_event_is_the_closed_form(people: int) -> None:
    assert upper_bound(0, people) == pytest.approx(1 - 0.05 ** (1 / people), abs=1e-8)


def test_the_bound_agrees_with_a_published_table() -> None:
    # Clopper-Pearson: the two-sided 90% limits have the one-sided 95% limit as their upper end.
    assert upper_bound(1, 10) == pytest.approx(0.3942, abs=1e-4)
    assert upper_bound(2, 20) == pytest.approx(0.2826, abs=1e-4)


def test_the_bound_is_certain_when_everybody_was_harmed() -> None:
    assert upper_bound(4, 4) == 1.0


@settings(database=None, deadline=None)
@given(st.integers(1, 60), st.data())
def test_the_bound_lies_above_the_share_and_shrinks_with_more_people(people: int, draw: st.DataObject) -> None:
    events = draw.draw(st.integers(0, people - 1))
    bound = upper_bound(events, people)
    assert events / people < bound < 1
    assert upper_bound(events, people + 1) < bound
    assert upper_bound(events + 1, people) > bound
    assert upper_bound(events, people, confidence=0.9) < bound
