"""kb.records: an identifier, a date or a count of the wrong form is refused in whatever record it stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from kb.dates import PartialDate
from kb.records.common import Date, Doi, Pmcid, Pmid, StudyId, TrialId, Url
from tests import factory
from tests.contract.refusal import refused

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
