"""kb.records: a record that contradicts itself, or lacks what its kind needs, is refused."""

from __future__ import annotations

from typing import Any

import pytest

from kb.records.claim import Claim
from kb.records.common import Interval
from kb.records.files import BuildFile, Search
from kb.records.study import Finding, Study
from tests import factory
from tests.contract.refusal import refused

# ---------------------------------------------------------------------------- findings


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"n": 11, "n_total": 10}, "n=11 is more than n_total=10"),
        ({"percent": 55, "interval": {"low": 60, "high": 80}}, "outside its interval"),
        ({"percent": 55, "interval": {"low": 10, "high": 54.9}}, "outside its interval"),
        ({"interval": {"low": 80, "high": 60}}, "upside down"),
        ({"n": -1}, "greater than or equal to 0"),
        ({"n_total": 0}, "greater than 0"),
        ({"percent": 101}, "less than or equal to 100"),
        ({"percent": -1}, "greater than or equal to 0"),
        ({"p": "significant"}, "is not a P value"),
        ({"p": "36"}, "is not a P value"),
        ({"event": "sepsis"}, "event belongs to outcome 'safety' only"),
        ({"outcome": "joy"}, "Input should be"),
        ({"direction": "up"}, "Input should be"),
        ({"endpoint": ""}, "at least 1 character"),
    ],
)
def test_a_finding_whose_numbers_contradict_each_other_is_refused(values: dict[str, Any], why: str) -> None:
    base = {"endpoint": "response", "outcome": "response"}
    assert why in refused(lambda: Finding.model_validate({**base, **values}))


@pytest.mark.parametrize(
    "values",
    [
        {"n": 5, "n_total": 9, "percent": 55},  # rounded down, as printed
        {"n": 5, "n_total": 9, "percent": 56},
        {"n": 0, "n_total": 9, "percent": 0},
        {"percent": 55, "interval": {"low": 20}},
        {"percent": 55, "interval": {"low": 55, "high": 55}},
        {"p": "0.0107"},
        {"p": "<0.001"},
        {"p": "ns"},
        {"percent": 40},  # a percentage without a denominator is kept, and shown as such
    ],
)
def test_a_finding_as_papers_print_it_is_kept(values: dict[str, Any]) -> None:
    finding = Finding.model_validate({"endpoint": "response", "outcome": "response", **values})
    assert all(getattr(finding, name) == value for name, value in values.items() if name != "interval")


def test_an_open_interval_has_no_order_to_break() -> None:
    assert Interval(low=5).high is None


# ---------------------------------------------------------------------------- publications


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"keys": []}, "needs at least one product key"),
        ({"n_enrolled": 5, "n_evaluable": 6}, "n_evaluable=6 is more than n_enrolled=5"),
        ({"integrity": "retracted"}, "needs integrity_date"),
        ({"integrity": "corrected"}, "needs integrity_date"),
        ({"integrity": "reinstated"}, "needs integrity_date"),
        ({"evidence_kind": "opinion"}, "Input should be"),
        ({"phase": "II"}, "Input should be"),
        ({"year": 20015}, "less than or equal to 2100"),
        ({"title": ""}, "at least 1 character"),
        ({"read": "partly"}, "Input should be"),
        ({"relations": [{"type": "same_cohort", "target": "20085940"}]}, "is not a record id"),
        ({"registry_ids": ["NCT1"]}, "is not a trial registration number"),
    ],
)
def test_a_publication_that_contradicts_itself_is_refused(values: dict[str, Any], why: str) -> None:
    assert why in refused(lambda: factory.study(**values))


def test_two_arms_may_not_share_a_name() -> None:
    keys = [{"name": "a", "cell_type": ["nk"]}, {"name": "a", "cell_type": ["cik"]}]
    assert "key names repeat" in refused(lambda: factory.study(keys=keys))


def test_only_people_need_a_product_key() -> None:
    assert factory.study(evidence_kind="review", keys=[]).keys == ()


# ---------------------------------------------------------------------------- trials


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"status_date": None}, "status needs status_date"),
        ({"is_nk_therapy": False}, "say why in note"),
        ({"title": "T"}, "title needs title_kind"),
        ({"start_date": "2015-06", "completion_date": "2015-05"}, "is before start_date"),
        ({"status": "UNKNOWN", "stop_reason": "safety"}, "status UNKNOWN has no stop_reason"),
        ({"status": "Recruiting"}, "Input should be"),
        ({"phase": "Phase 2"}, "Input should be"),
        ({"enrollment": -1}, "greater than or equal to 0"),
        ({"is_nk_therapy": None}, "valid boolean"),
        ({"is_nk_therapy": "perhaps"}, "valid boolean"),
    ],
)
def test_a_registration_that_contradicts_itself_is_refused(values: dict[str, Any], why: str) -> None:
    assert why in refused(lambda: factory.trial(**values))


def test_a_look_alike_with_its_reason_is_kept() -> None:
    trial = factory.trial(is_nk_therapy=False, note="a drug code, no cells")
    assert (trial.is_nk_therapy, trial.note) == (False, "a drug code, no cells")


def test_a_trial_may_end_in_the_month_it_began() -> None:
    assert factory.trial(start_date="2015-06-20", completion_date="2015-06")


# ---------------------------------------------------------------------------- authorisations


def event(kind: str, **values: Any) -> dict[str, Any]:
    return {"event": kind, **values}


def test_an_approval_without_events_is_refused() -> None:
    assert "at least one event" in refused(lambda: factory.approval(events=[]))


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"jurisdiction": "JP"}, "does not name its jurisdiction JP"),
        ({"jurisdiction": "UK"}, "Input should be"),
        ({"id": "APR-us-madeup"}, "is not an approval id"),
        ({"label": {"indication": ["b-all"]}}, "label.cell_type is needed"),
        ({"label_seen": None}, "valid boolean"),
        ({"product_id": "Made Up"}, "lower-case slug"),
    ],
)
def test_an_approval_that_contradicts_itself_is_refused(values: dict[str, Any], why: str) -> None:
    assert why in refused(lambda: factory.approval(**values))


def test_the_history_of_an_approval_runs_forward() -> None:
    events = [event("granted_full", date="2018-03"), event("withdrawn", date="2018-02-28")]
    assert "out of order" in refused(lambda: factory.approval(events=events))


def test_an_undated_ending_does_not_break_the_order() -> None:
    events = [event("granted_full", date="2018"), event("lapsed"), event("granted_conditional", date="2018-05")]
    assert len(factory.approval(events=events).events) == 3


@pytest.mark.parametrize("kind", ["orphan_designation", "fast_track", "approved", "ind"])
def test_a_designation_is_no_event_of_an_approval(kind: str) -> None:
    assert "Input should be" in refused(lambda: factory.approval(events=[event(kind)]))


# ---------------------------------------------------------------------------- claims, documents, files


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"line_start": 5, "line_end": 4}, "line_end 4 is before line_start 5"),
        ({"line_start": 0}, "greater than 0"),
        ({"claim_type": "regulatory"}, "needs 'regulatory'"),
        ({"claim_type": "counting"}, "needs 'counting'"),
        ({"claim_type": "citation"}, "needs 'reports'"),
        ({"claim_type": "comparative"}, "needs 'compared_with'"),
        ({"claim_type": "safety", "absolute": True}, "needs 'event'"),
        ({"id": "page#14"}, "is not a claim id"),
        ({"claim_type": "hope"}, "Input should be"),
        ({"subject": "product"}, "Input should be"),
        ({"wording": "shouted"}, "Input should be"),
        ({"counting": {"what": "trials", "op": "over"}}, "op 'over' needs a value"),
        ({"counting": {"what": "trials", "op": "only"}}, "op 'only' needs a value"),
        ({"supported_by": ["20085940"]}, "is not a study id"),
        ({"regulatory": {"says": "approved", "jurisdictions": ["XX"]}}, "Input should be"),
    ],
)
def test_a_claim_that_lacks_what_its_type_needs_is_refused(values: dict[str, Any], why: str) -> None:
    assert why in refused(lambda: factory.claim(**values))


def test_none_needs_no_number() -> None:
    claim = factory.claim(claim_type="counting", counting={"what": "trials", "op": "none"})
    assert claim.counting is not None
    assert claim.counting.value is None


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"id": "other#c001"}, "does not belong to document page"),
        ({"line_start": 11, "line_end": 11}, "ends at line 11 of 10"),
    ],
)
def test_a_claim_lies_inside_its_document(values: dict[str, Any], why: str) -> None:
    claim: Claim = factory.claim(**values)
    assert why in refused(lambda: factory.document(claim))


@pytest.mark.parametrize(
    "values",
    [
        {"as_of": "2026-11"},
        {"as_of": "2026-02-30"},
        {"as_of": "2026-13-01"},
        {"as_of": "2025-02-29"},
        {"as_of": "today"},
        {"jurisdictions": []},
        {"jurisdictions": ["UK"]},
        {"map_cell_types": []},
    ],
)
def test_the_build_file_needs_a_day_and_places(values: dict[str, Any]) -> None:
    good = {"as_of": "2026-01-01", "jurisdictions": ["US"], "map_cell_types": ["nk"], "lineage": ["nk"]}
    assert BuildFile.model_validate(good)
    assert refused(lambda: BuildFile.model_validate({**good, **values}))


@pytest.mark.parametrize("missing", ["source", "query", "date", "complete", "kind"])
def test_a_search_says_where_what_and_when(missing: str) -> None:
    good = {"id": "SEA-x", "source": "s", "query": "q", "date": "2026", "complete": False, "kind": "database"}
    assert Search.model_validate(good)
    assert refused(lambda: Search.model_validate({k: v for k, v in good.items() if k != missing}))


def test_axes_are_the_seven_of_the_product_key() -> None:
    study: Study = factory.study()
    axes = {"cell_type", "cell_source", "expansion", "engineering", "indication", "setting", "combination"}
    assert axes <= set(type(study.keys[0]).model_fields)
