"""kb.records: a record that contradicts itself, or whose identifiers have the wrong form, is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from kb.dates import PartialDate
from kb.records.claim import Claim
from kb.records.common import Date, Doi, Interval, Pmcid, Pmid, StudyId, TrialId, Url
from kb.records.files import BuildFile, Search
from kb.records.study import Finding, Study
from tests import factory


def refused(action: Callable[[], object]) -> str:
    """Return why the record is refused."""
    with pytest.raises(ValidationError) as caught:
        action()
    return "; ".join(error["msg"] for error in caught.value.errors())


# ---------------------------------------------------------------------------- identifiers

GOOD = [
    (Pmid, "20085940"),
    (Pmid, "1"),
    (Pmcid, "PMC2834435"),
    (Doi, "10.1200/JCO.2009.24.4590"),
    (Doi, "10.1016/S0140-6736(05)66631-0"),
    (Doi, "10.3390/antib3010016"),
    (TrialId, "NCT00187096"),
    (TrialId, "ChiCTR2000030944"),
    (TrialId, "ChiCTR-OOC-16009113"),
    (TrialId, "jRCTa030190142"),
    (TrialId, "UMIN000007337"),
    (TrialId, "2008-002130-30"),
    (TrialId, "ISRCTN11950134"),
    (StudyId, "PMID:20085940"),
    (StudyId, "DOI:10.1200/JCO.2009.24.4590"),
    (StudyId, "PMC:PMC2834435"),
    (StudyId, "REC:meeting-report-2016"),
    (Url, "https://pubmed.ncbi.nlm.nih.gov/20085940/"),
]
BAD = [
    (Pmid, ""),
    (Pmid, "PMC2834435"),  # a PubMed Central number is no PubMed number
    (Pmid, "PMID:20085940"),
    (Pmid, "2008594\u0660"),
    (Pmid, "\uff12\uff10"),
    (Pmcid, "PMC\u0661\u0662"),
    (TrialId, "NCT0018709\u0666"),
    (StudyId, "PMID:2008594\u0660"),
    (Doi, "10.\u0661\u0662\u0660\u0660/x"),
    (Pmid, "020085940"),
    (Pmid, "0"),
    (Pmid, "200859401"),
    (Pmid, "20085940v2"),
    (Pmcid, "2834435"),
    (Pmcid, "PMC"),
    (Pmcid, "pmc2834435"),
    (Pmcid, "PMC2834435.1"),
    (Doi, "10.1200/JCO.2009.24.4590."),
    (Doi, "10.1200/JCO.2009.24.4590,"),
    (Doi, "10.1200/JCO.2009.24.4590;"),
    (Doi, "10.1002/a&lt;b"),
    (Doi, "10.1002/a&amp;b"),
    (Doi, "10.1200/JCO 2009"),
    (Doi, "10.1200/"),
    (Doi, "10.12/x"),
    (Doi, "doi:10.1200/JCO.2009.24.4590"),
    (Doi, "https://doi.org/10.1200/JCO.2009.24.4590"),
    (TrialId, "NCT0018709"),
    (TrialId, "NCT001870961"),
    (TrialId, "nct00187096"),
    (TrialId, "NCT 00187096"),
    (TrialId, "20085940"),
    (StudyId, "20085940"),
    (StudyId, "PMID: 20085940"),
    (StudyId, "PMID:PMC2834435"),
    (StudyId, "PMC:2834435"),
    (StudyId, "DOI:https://doi.org/10.1200/x"),
    (StudyId, "NCT00187096"),
    (Url, "pubmed.ncbi.nlm.nih.gov/1/"),
    (Url, "file:///home/me/paper.pdf"),
    (Url, "https://localhost/"),
    (Url, "javascript:alert(1)"),
    (Url, "https://example.org/a b"),
]


@pytest.mark.parametrize(("kind", "text"), GOOD)
def test_an_identifier_of_the_right_form_is_kept_as_it_is(kind: Any, text: str) -> None:
    assert TypeAdapter(kind).validate_python(text) == text


@pytest.mark.parametrize(("kind", "text"), BAD)
def test_an_identifier_of_the_wrong_form_is_refused(kind: Any, text: str) -> None:
    why = refused(lambda: TypeAdapter(kind).validate_python(text))
    assert "is not a" in why


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"id": "PMID:2", "pmid": "3"}, "id is PMID:2 but pmid is '3'"),
        ({"id": "PMID:2", "pmid": None}, "id is PMID:2 but pmid is None"),
        ({"id": "DOI:10.1000/x", "pmid": None, "doi": "10.1000/y"}, "but doi is '10.1000/y'"),
        ({"id": "DOI:10.1000/x.", "pmid": None, "doi": "10.1000/x"}, "but doi is '10.1000/x'"),
        ({"id": "PMC:PMC1", "pmid": None, "pmcid": "PMC2"}, "but pmc is 'PMC2'"),
        ({"id": "DOI:10.1000/x", "doi": "10.1000/x", "pmid": "3"}, "known by it: id should be PMID:3"),
        ({"id": "REC:x", "pmid": "3"}, "known by it: id should be PMID:3"),
    ],
)
def test_id_and_numbers_of_a_publication_agree(values: dict[str, Any], why: str) -> None:
    assert why in refused(lambda: factory.study(**values))


# ---------------------------------------------------------------------------- common


def test_an_unknown_field_is_refused() -> None:
    assert "Extra inputs" in refused(lambda: factory.study(titel="t"))


@pytest.mark.parametrize("field", ["source", "retrieved", "checked"])
@pytest.mark.parametrize(
    "make", [factory.study, factory.trial, factory.approval, factory.absence, factory.safety_event]
)
def test_every_fact_says_where_it_comes_from(make: Callable[..., Any], field: str) -> None:
    assert refused(lambda: make(**{field: None}))


def test_a_reading_that_is_not_in_the_list_is_refused() -> None:
    assert "full_text" in refused(lambda: factory.study(checked="memory"))


@pytest.mark.parametrize("field", ["id", "title", "source"])
def test_records_do_not_change(field: str) -> None:
    with pytest.raises(ValidationError):
        setattr(factory.study(), field, "another")


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("2010", date(2010, 1, 1), date(2010, 12, 31), "year"),
        (2010, date(2010, 1, 1), date(2010, 12, 31), "year"),
        ("2012-02", date(2012, 2, 1), date(2012, 2, 29), "month"),
        ("2010-02-20", date(2010, 2, 20), date(2010, 2, 20), "day"),
    ],
)
def test_a_date_may_be_known_to_the_year_or_month(text: Any, first: date, last: date, precision: str) -> None:
    found = TypeAdapter(Date).validate_python(text)
    assert (found.first, found.last, found.precision) == (first, last, precision)
    assert str(found) == str(text)


def test_a_partial_date_helps_from_its_end_and_harms_from_its_start() -> None:
    month = PartialDate.parse("2010-02")
    assert (month.helps_from(), month.harms_from()) == (date(2010, 2, 28), date(2010, 2, 1))


@pytest.mark.parametrize(
    "text",
    ["2010-13", "2010-00", "2011-02-29", "20.2.2010", "2010-2-20", "Spring 2000", "0000", "", 20100, True, 1.5, []],
)
def test_what_is_no_day_month_or_year_is_refused(text: Any) -> None:
    assert "is not a date" in refused(lambda: TypeAdapter(Date).validate_python(text))


# ---------------------------------------------------------------------------- findings


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"n": 11, "n_total": 10}, "n=11 is more than n_total=10"),
        ({"n": 5, "n_total": 9, "percent": 50}, "5/9 is 55.6"),
        ({"n": 3, "n_total": 10, "percent": 70}, "3/10 is 30.0"),
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
    good = {"as_of": "2026-01-01", "jurisdictions": ["US"], "map_cell_types": ["nk"]}
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


# ---------------------------------------------------------------------------- counts


@pytest.mark.parametrize("answer", [True, False])
@pytest.mark.parametrize(
    ("make", "field"),
    [
        (factory.study, "n_enrolled"),
        (factory.study, "n_evaluable"),
        (factory.trial, "enrollment"),
        (factory.safety_event, "n"),
        (factory.safety_event, "n_total"),
    ],
)
def test_true_and_false_are_no_counts(make: Callable[..., Any], field: str, answer: bool) -> None:
    assert "true and false are no counts" in refused(lambda: make(**{field: answer}))
    assert getattr(make(**{field: 7}), field) == 7


@pytest.mark.parametrize("answer", [True, False])
def test_true_and_false_are_no_counts_of_a_finding_or_a_claim(answer: bool) -> None:
    why = "true and false are no counts"
    assert why in refused(lambda: factory.study(None, [factory.finding(n=answer)]))
    assert why in refused(lambda: factory.study({"n": answer}))
    counting = {"what": "trials", "op": "over", "value": answer}
    assert why in refused(lambda: factory.claim(claim_type="counting", counting=counting))
    report = {"study": "PMID:1", "n": answer}
    assert why in refused(lambda: factory.claim(claim_type="citation", reports=[report]))


@pytest.mark.parametrize("digits", ["\uff11\uff17", "1\u0667", "\u0661\u0667"])
def test_a_count_is_written_in_plain_digits(digits: str) -> None:
    assert "valid integer" in refused(lambda: factory.trial(enrollment=digits))
    assert "valid integer" in refused(lambda: factory.study(None, [factory.finding(n=digits)]))
    assert factory.trial(enrollment="17").enrollment == 17


@pytest.mark.parametrize("p", ["0.\u0660\u0663", "<0.\uff10\uff15"])
def test_a_p_value_is_written_in_plain_digits(p: str) -> None:
    assert "is not a P value" in refused(lambda: factory.study(None, [factory.finding(p=p)]))
