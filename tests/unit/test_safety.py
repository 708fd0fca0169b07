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
from tests.factory import approval, claim, document, finding, judge, safety_event, study

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
    assert (status.result.level, status.accuracy) == ("U", "unverifiable")


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


# ---------------------------------------------------------------------- members, lists, wholes


def test_safety_of_two_members_folds_as_a_benefit_does(data: Dataset) -> None:
    both = {"cell_type": ["nk", "nkt"], "cell_source": ["autologous"]}
    status = judge(data, says(axes=both), harmed(0))
    assert status.result.level == "T3"
    assert "MEMBER_UNSUPPORTED" in status.codes
    whole = judge(data, says(axes=both), harmed(0), harmed(0, key={"cell_type": ["nkt"]}, phase="PHASE2"))
    assert whole.result.level == "T2s"
    assert "MEMBER_UNSUPPORTED" not in whole.codes
    own = says(axes=both, subject="own_product")
    on_sale = {"expansion": ["ex-vivo-expanded"]}
    assert judge(data, own, harmed(0, key=on_sale)).result.level == "U"
    nkt = harmed(0, key={**on_sale, "cell_type": ["nkt"]}, phase="PHASE2")
    assert judge(data, own, harmed(0, key=on_sale), nkt).result.level == "T3"


def test_safety_in_a_list_of_diseases_takes_the_lower(data: Dataset) -> None:
    said = says(axes={**AUTOLOGOUS, "indication": ["aml", "glioma"]})
    assert judge(data, said, harmed(0)).result.level == "U"
    assert judge(data, said, harmed(0, phase="PHASE2"), harmed(0, key={"indication": ["glioma"]})).result.level == "T3"


def test_safe_for_all_needs_evidence_for_the_whole(data: Dataset) -> None:
    axes = {**AUTOLOGOUS, "indication": ["leukaemia"]}
    assert judge(data, says(axes=axes), harmed(0)).result.level == "T3"
    assert judge(data, says(axes=axes, universal=True), harmed(0)).result.level == "U"
    assert judge(data, says(axes=axes, universal=True), harmed(0, key={"indication": ["leukaemia"]})).result.level == (
        "T3"
    )


# ---------------------------------------------------------------------- what refutes, and what does not


@pytest.mark.parametrize(
    "event",
    [
        {"expansion": ["not-expanded"]},
        {"combination": ["il-2"]},
        {"setting": ["newly-diagnosed"]},
        {"expansion": ["not-expanded"], "combination": ["lymphodepletion"], "indication": ["glioma"]},
    ],
)
def test_an_absolute_is_refuted_whatever_the_expansion_partner_or_people(data: Dataset, event: dict[str, Any]) -> None:
    said = absolute(axes={**AUTOLOGOUS, "expansion": ["ex-vivo-expanded"], "combination": ["alone"]})
    assert judge(data, said, safety_event(**event)).result.level == "X"
    assert judge(data, said, harmed(1, key=event)).result.level == "X"


def test_a_retracted_study_refutes_no_absolute(data: Dataset) -> None:
    record = harmed(1, integrity="retracted", integrity_date="2020-06")
    assert judge(data, absolute(), record).result.level == "U"
    assert judge(data, absolute(), record, day=date(2020, 5, 31)).result.level == "X"


def test_a_harm_at_an_unknown_source_is_listed_and_confirms_an_admitted_harm(data: Dataset) -> None:
    said = says(event="sepsis", states_harm=True)
    status = judge(data, said, harmed(0, event="gvhd"), safety_event(cell_source=[]))
    assert (status.result.level, status.accuracy) == ("U", "accurate")  # an admitted harm is accurate at any level
    assert [harm["id"] for harm in status.result.proof["harms"]] == ["SAF-made-up"]
    other = judge(data, said, harmed(0, event="gvhd"), safety_event(cell_source=["cord-blood"]))
    assert other.accuracy == "unverifiable"


def test_an_admitted_harm_carries_no_code_for_the_product_on_sale(data: Dataset) -> None:
    said = claim(claim_type="safety", event="sepsis", states_harm=True, axes={"cell_type": ["nk"]})
    status = judge(data, said, harmed(1, key={"cell_source": ["cord-blood"]}))
    assert (status.result.level, status.accuracy, status.codes) == ("T3", "accurate", ())
    assert status.sold is not None
    assert status.sold.level == "U"  # so there was a gap to speak of
    benefit = judge(data, claim(axes={"cell_type": ["nk"]}), study({"cell_source": ["cord-blood"]}))
    assert "SOURCE_NOT_AUTOLOGOUS" in benefit.codes


def test_a_denial_of_safety_agrees_with_an_event_on_file(data: Dataset) -> None:
    denied = says(wording="denied", event="sepsis")
    for record in (harmed(1), safety_event()):
        status = judge(data, denied, record)
        assert (status.status_class, status.result.level, status.accuracy) == ("background", "B", "accurate")
        assert status.result.rule == "DENIAL"
    assert judge(data, denied, harmed(0)).result.level == "N"
    assert judge(data, denied, safety_event(event="gvhd")).result.level == "N"
    assert judge(data, denied, safety_event(), day=date(2023, 12, 31)).result.level == "N"


# ---------------------------------------------------------------------- the pooled bound


def pooled(data: Dataset, *records: Any, **where: Any) -> tuple[int, int]:
    found = judge(data, says(event="sepsis"), *records, **where).result.proof["pooled"]
    return (found["events"], found["people"]) if found else (0, 0)


def test_the_bound_counts_a_cohort_once(data: Dataset) -> None:
    first = harmed(0, 9)
    again = harmed(0, 9, relations=[{"type": "same_cohort", "target": first.id}])
    longer = harmed(1, 12, relations=[{"type": "reports_on", "target": first.id}])
    assert pooled(data, first, again) == (0, 9)
    assert pooled(data, first, again, longer) == (1, 12)
    assert pooled(data, first, harmed(0, 9)) == (0, 18)
    registry: dict[str, Any] = {"registry_ids": ["NCT99999999"]}
    assert pooled(data, harmed(0, 9, **registry), harmed(0, 9, **registry)) == (0, 9)


def test_the_bound_counts_no_retracted_and_no_future_study(data: Dataset) -> None:
    kept = harmed(0, 9)
    assert pooled(data, kept, harmed(0, 50, integrity="retracted", integrity_date="2020")) == (0, 9)
    assert pooled(data, kept, harmed(0, 50, year=2030)) == (0, 9)
    assert pooled(data, kept, harmed(1, 50, year=2030)) == (0, 9)


def test_the_bound_counts_only_cells_of_the_same_source(data: Dataset) -> None:
    assert pooled(data, harmed(0, 9), harmed(0, 50, key={"cell_source": []})) == (0, 9)
    assert pooled(data, harmed(0, 9), harmed(0, 50, key={"cell_source": ["cord-blood"]})) == (0, 9)


# ---------------------------------------------------------------------- risks printed on a label


def warned(event: str = "sepsis", **values: Any) -> Any:
    provenance = {"source": "https://example.org/made-up", "retrieved": "2025-01-01", "checked": "regulator"}
    return approval(label_risks=[{"event": event, **provenance}], **values)


def admits(**values: Any) -> Claim:
    """A sentence that says licensed products carry this risk."""
    base = {"event": "infection", "states_harm": True, "licensed_as_such": True, "axes": {"cell_type": ["car-t"]}}
    return claim(claim_type="safety", **{**base, **values})


def test_a_label_confirms_a_harm_of_licensed_products_spoken_of_as_such(data: Dataset) -> None:
    status = judge(data, admits(), warned())  # sepsis is an infection
    assert (status.result.level, status.accuracy) == ("A_FULL", "accurate")
    assert status.result.used == {"APR-US-madeup"}
    conditional = [{"event": "granted_conditional", "date": "2018-01-01"}]
    assert judge(data, admits(), warned(events=conditional)).result.level == "A_COND"


@pytest.mark.parametrize(
    "values",
    [
        {"licensed_as_such": False},
        {"states_harm": False},
        {"event": "viral-reactivation"},  # narrower than what the label says
        {"event": "gvhd"},
        {"axes": {"cell_type": ["nk"]}},
    ],
)
def test_a_label_confirms_nothing_else(data: Dataset, values: dict[str, Any]) -> None:
    assert judge(data, admits(**values), warned("infection")).status_class != "approved"
    assert judge(data, admits(), warned("infection")).status_class == "approved"


def test_a_label_warns_where_and_while_it_is_in_force(data: Dataset) -> None:
    history = [{"event": "granted_full", "date": "2018-01-01"}, {"event": "withdrawn", "date": "2022-01-01"}]
    assert judge(data, admits(), warned(), place="JP").result.level == "U"
    assert judge(data, admits(), warned(events=history)).result.level == "U"
    assert judge(data, admits(), warned(events=history), day=date(2021, 12, 31)).result.level == "A_FULL"
