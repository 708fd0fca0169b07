"""Regulatory statements and counts: true, false or open against the facts on file."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kb.assess.result import Status
from kb.dataset import Dataset
from kb.jurisdictions import place_of_country
from tests.factory import absence, access_route, approval, claim, judge, study, trial

CAR_T: dict[str, Any] = {"axes": {"cell_type": ["car-t"]}}
NK: dict[str, Any] = {"axes": {"cell_type": ["nk"]}}


def stated(data: Dataset, says: str, *records: Any, about: dict[str, Any] = NK, **where: Any) -> Status:
    """Judge "this is approved / not approved in the US"."""
    page = {key: where.pop(key) for key in ("place", "day") if key in where}
    said = {"says": says, "jurisdictions": ["US"], **where}
    return judge(data, claim(claim_type="regulatory", regulatory=said, **about), *records, **page)


def counted(
    data: Dataset, op: str, value: int | None, *records: Any, what: str = "trials", about: dict[str, Any] = NK
) -> Status:
    """Judge a count of trials or studies."""
    said = {"what": what, "op": op, "value": value}
    return judge(data, claim(claim_type="counting", counting=said, **about), *records)


def published(value: int, **values: Any) -> Any:
    """A review that prints how many trials of NK cells there were."""
    count = {"what": "trials", "cell_type": ["nk"], "value": value, "date": "2015-01-01"}
    return study(evidence_kind="review", design="systematic-review", counts=[count], **values)


# ---------------------------------------------------------------------- approved, not approved


def test_an_authorisation_on_file_makes_approved_true(data: Dataset) -> None:
    status = stated(data, "approved", approval(), about=CAR_T)
    assert (status.result.rule, status.accuracy) == ("STATEMENT", "accurate")
    assert status.result.used == {"APR-US-madeup"}


def test_an_absence_on_file_makes_approved_false(data: Dataset) -> None:
    status = stated(data, "approved", absence())
    assert (status.status_class, status.result.level, status.accuracy) == ("unsupported", "X", "inaccurate")
    assert "ABSENCE_ON_FILE" in status.codes


def test_approved_with_nothing_on_file_needs_a_person(data: Dataset) -> None:
    status = stated(data, "approved")
    assert (status.status_class, status.result.level, status.accuracy) == ("needs_review", "?", "unverifiable")


def test_not_approved_with_nothing_on_file_is_unverifiable_at_the_products_level(data: Dataset) -> None:
    status = stated(data, "not_approved", study())
    assert (status.result.level, status.accuracy) == ("T3", "unverifiable")


def test_not_approved_is_true_where_an_absence_is_on_file(data: Dataset) -> None:
    status = stated(data, "not_approved", absence(), study())
    assert (status.status_class, status.result.level, status.accuracy) == ("trial_stage", "T3", "accurate")


def test_not_approved_is_false_where_a_licence_is_in_force(data: Dataset) -> None:
    status = stated(data, "not_approved", approval(), about=CAR_T)
    assert (status.result.level, status.accuracy) == ("X", "inaccurate")
    assert "CONTRADICTED" in status.codes


def test_an_absence_holds_from_its_date_until_an_authorisation(data: Dataset) -> None:
    gone = absence(date="2012-06", cell_type=["car-t"])
    granted = approval([{"event": "granted_full", "date": "2018-01-01"}])

    def on(day: date) -> tuple[str, str]:
        status = stated(data, "not_approved", gone, granted, about=CAR_T, day=day)
        return status.result.level, status.accuracy

    assert on(date(2012, 5, 31)) == ("U", "unverifiable")
    assert on(date(2012, 6, 1)) == ("U", "accurate")
    assert on(date(2017, 12, 31)) == ("U", "accurate")
    assert on(date(2018, 1, 1)) == ("X", "inaccurate")


def test_a_statement_is_judged_for_the_place_it_names(data: Dataset) -> None:
    for place in ("US", "JP"):  # whoever reads it
        assert stated(data, "approved", approval(), about=CAR_T, place=place).accuracy == "accurate"
        elsewhere = stated(data, "approved", approval(), about=CAR_T, jurisdictions=["JP"], place=place)
        assert elsewhere.result.level == "?"


def test_an_absence_elsewhere_refutes_nothing_here(data: Dataset) -> None:
    assert stated(data, "approved", absence(jurisdictions=["JP"])).result.level == "?"
    both = absence(jurisdictions=["US", "JP"])
    assert stated(data, "approved", both, jurisdictions=["US", "JP"]).result.level == "X"


def test_each_place_a_statement_names_is_asserted(data: Dataset) -> None:
    assert stated(data, "approved", absence(), jurisdictions=["US", "JP"]).result.level == "X"
    one = stated(data, "approved", approval(), about=CAR_T, jurisdictions=["US", "JP"])
    assert (one.result.level, one.accuracy) == ("?", "unverifiable")
    assert stated(data, "approved", approval(), about=CAR_T, jurisdictions=["US"]).accuracy == "accurate"


def test_unnamed_other_places_are_all_places(data: Dataset) -> None:
    granted = approval(id="APR-JP-madeup", jurisdiction="JP")
    said: dict[str, Any] = {"jurisdictions": [], "elsewhere": True}
    assert stated(data, "approved", granted, about=CAR_T, **said).accuracy == "accurate"
    assert stated(data, "approved", absence(), **said).result.level == "?"


def test_a_licence_for_other_cells_makes_nothing_true(data: Dataset) -> None:
    assert stated(data, "approved", approval(), about=NK).result.level == "?"
    assert stated(data, "approved", approval(), absence(), about=NK).result.level == "X"


def test_a_licence_for_another_disease_makes_nothing_true(data: Dataset) -> None:
    about = {"axes": {"cell_type": ["car-t"], "indication": ["glioma"]}}
    assert stated(data, "approved", approval(), about=about).result.level == "?"


@pytest.mark.parametrize("end", ["withdrawn", "lapsed", "refused", "suspended"])
def test_an_ended_licence_makes_approved_no_longer_true(data: Dataset, end: str) -> None:
    history = [{"event": "granted_full", "date": "2018-01-01"}, {"event": end, "date": "2020-01-01"}]
    assert stated(data, "approved", approval(history), about=CAR_T).result.level == "?"


@pytest.mark.parametrize("end", ["withdrawn", "lapsed", "refused", "suspended"])
def test_a_product_named_whose_licence_ended_is_not_approved(data: Dataset, end: str) -> None:
    history = [{"event": "granted_full", "date": "2018-01-01"}, {"event": end, "date": "2020-01-01"}]
    ended = approval(history)
    named = {**CAR_T, "names_product": "madeup"}
    status = stated(data, "approved", ended, about=named)
    assert (status.result.level, status.accuracy, "LICENCE_ENDED" in status.codes) == ("X", "inaccurate", True)
    assert stated(data, "approved", ended, about=named, day=date(2019, 1, 1)).accuracy == "accurate"
    assert stated(data, "not_approved", ended, about=named).accuracy == "accurate"
    assert stated(data, "approved", ended, about={**CAR_T, "names_product": "another"}).result.level == "?"
    assert stated(data, "approved", ended, about=named, jurisdictions=["JP"]).result.level == "?"
    again = approval(id="APR-US-again")
    assert stated(data, "approved", ended, again, about=named).accuracy == "accurate"


def test_a_refusal_is_no_licence_that_never_was(data: Dataset) -> None:
    refused = approval([{"event": "refused", "date": "2020-01-01"}])
    named = {**CAR_T, "names_product": "madeup"}
    assert stated(data, "approved", refused, about=named).result.level == "X"
    other = {"axes": {"cell_type": ["car-t"], "indication": ["glioma"]}, "names_product": "madeup"}
    assert stated(data, "approved", refused, about=other).result.level == "?"
    waiting = approval([{"event": "application", "date": "2020-01-01"}])
    assert stated(data, "approved", waiting, about=named).result.level == "?"


def test_a_public_record_known_to_be_wrong_refutes_what_it_says(data: Dataset) -> None:
    wrong = access_route(id="ACC-us-wrong", kind="false_claim", product="Madeup", jurisdiction="US")
    named = {**CAR_T, "names_product": "madeup"}
    status = stated(data, "approved", wrong, about=named)
    assert (status.result.level, status.result.used) == ("X", frozenset({wrong.id}))
    assert stated(data, "approved", wrong, about=CAR_T).result.level == "?"
    assert stated(data, "approved", wrong, approval(), about=named).accuracy == "accurate"
    assert stated(data, "approved", wrong, about=named, jurisdictions=["JP"]).result.level == "?"


def test_a_designation_of_the_product_named_is_taken_for_its_approval(data: Dataset) -> None:
    own, other = (
        access_route(id=f"ACC-us-{number}", kind="designation", product=product, jurisdiction="US")
        for number, product in enumerate(("Madeup", "Another"))
    )
    named = {**CAR_T, "names_product": "madeup"}
    assert "DESIGNATION_NOT_APPROVAL" in stated(data, "approved", own, about=named).codes
    assert "DESIGNATION_NOT_APPROVAL" not in stated(data, "approved", other, about=named).codes


def test_a_product_looked_for_and_not_found_is_not_approved(data: Dataset) -> None:
    sought = absence(cell_type=["car-t"], indication=["b-all"], product="Madeup", product_id="madeup")
    named = {**CAR_T, "names_product": "madeup"}
    assert stated(data, "approved", sought, about=named).result.level == "X"
    assert stated(data, "approved", sought, about=CAR_T).result.level == "?"
    assert stated(data, "approved", sought, about={**CAR_T, "names_product": "another"}).result.level == "?"
    other = {"axes": {"cell_type": ["car-t"], "indication": ["glioma"]}, "names_product": "madeup"}
    assert stated(data, "approved", sought, about=other).result.level == "?"


@pytest.mark.parametrize(
    ("found", "level"),
    [
        ({"cell_type": ["nk"]}, "X"),
        ({"cell_type": ["cells"]}, "X"),  # nothing broader either
        ({"cell_type": ["car-nk"]}, "?"),  # something narrower only
        ({"cell_type": ["cik"]}, "?"),
        ({"cell_type": ["nk"], "product": "Another"}, "?"),
        ({"cell_type": ["nk"], "indication": ["aml"]}, "?"),
    ],
)
def test_an_absence_speaks_for_the_same_or_narrower_cells_only(
    data: Dataset, found: dict[str, Any], level: str
) -> None:
    assert stated(data, "approved", absence(**found)).result.level == level


def test_an_absence_is_needed_for_every_cell_type_named(data: Dataset) -> None:
    both = {"axes": {"cell_type": ["nk", "nkt"]}}
    assert stated(data, "approved", absence(), about=both).result.level == "?"
    assert stated(data, "approved", absence(cell_type=["nk", "nkt"]), about=both).result.level == "X"


# ---------------------------------------------------------------------- approved: which product, which label, which day


def about(**axes: list[str]) -> dict[str, Any]:
    return {"axes": {"cell_type": ["car-t"], **axes}}


def test_a_licence_of_another_firm_makes_a_named_product_no_approved_one(data: Dataset) -> None:
    named = {**CAR_T, "names_product": "another-product"}
    status = stated(data, "approved", approval(), about=named)
    assert (status.result.level, status.accuracy) == ("?", "unverifiable")
    assert stated(data, "approved", approval(), about={**CAR_T, "names_product": "madeup"}).accuracy == "accurate"


def test_the_sellers_own_product_is_not_approved_by_anothers_licence(data: Dataset) -> None:
    said = {"says": "approved", "jurisdictions": ["US"]}
    own = claim(claim_type="regulatory", subject="own_product", axes={}, regulatory=said)
    status = judge(data, own, approval(), sold={"cell_type": ["car-t"]})
    assert (status.result.level, status.sold_class, status.accuracy) == ("?", "needs_review", "unverifiable")
    authorised = judge(data, own, approval(), sold={"cell_type": ["car-t"]}, names_authorised_product=True)
    assert (authorised.result.level, authorised.sold_class, authorised.accuracy) == ("A_FULL", "approved", "accurate")


def test_a_true_statement_on_the_field_approves_nothing_on_sale(data: Dataset) -> None:
    said = claim(claim_type="regulatory", regulatory={"says": "approved", "jurisdictions": ["US"]}, **CAR_T)
    status = judge(data, said, approval(), sold={"cell_type": ["car-t"]})
    assert (status.status_class, status.sold_class) == ("approved", "needs_review")


@pytest.mark.parametrize(("event", "level"), [("granted_full", "A_FULL"), ("granted_conditional", "A_COND")])
def test_a_true_approved_takes_the_class_of_the_licence(data: Dataset, event: str, level: str) -> None:
    status = stated(data, "approved", approval([{"event": event, "date": "2018-01-01"}]), about=CAR_T)
    assert (status.status_class, status.result.level, status.accuracy) == ("approved", level, "accurate")


def test_the_date_a_sentence_names_is_the_day_judged(data: Dataset) -> None:
    record = approval([{"event": "granted_full", "date": "2018-03-01"}, {"event": "withdrawn", "date": "2022-01-01"}])

    def on(day: str, says: str = "approved") -> str:
        return stated(data, says, record, about=CAR_T, date=day).accuracy

    assert (on("2018-02-28"), on("2018-03-01"), on("2021-12-31"), on("2022-01-01")) == (
        "unverifiable",
        "accurate",
        "accurate",
        "unverifiable",
    )
    assert (on("2018-02-28", "not_approved"), on("2018-03-01", "not_approved")) == ("unverifiable", "inaccurate")


def test_a_date_named_after_the_day_asked_for_brings_nothing_forward(data: Dataset) -> None:
    status = stated(data, "approved", approval(), about=CAR_T, date="2018-01-01", day=date(2017, 12, 31))
    assert status.result.level == "?"


def test_an_absence_is_judged_on_the_date_a_sentence_names(data: Dataset) -> None:
    assert stated(data, "approved", absence(date="2024-01-01"), date="2023-12-31").result.level == "?"
    assert stated(data, "approved", absence(date="2024-01-01"), date="2024-01-01").result.level == "X"


def test_a_label_nobody_saw_confirms_no_indication(data: Dataset) -> None:
    unseen = approval(label_seen=False)
    assert stated(data, "approved", unseen, about=about(indication=["b-all"])).result.level == "?"
    assert stated(data, "approved", unseen, about=about()).accuracy == "accurate"
    assert stated(data, "approved", approval(), about=about(indication=["b-all"])).accuracy == "accurate"


@pytest.mark.parametrize(
    ("said", "found", "level"),
    [
        ({"indication": ["aml"]}, {"indication": ["leukaemia"]}, "X"),
        ({"indication": ["aml"]}, {"indication": ["aml"]}, "X"),
        ({"indication": ["aml"]}, {}, "X"),
        ({"indication": ["aml"]}, {"indication": ["glioma"]}, "?"),
        ({"indication": ["leukaemia"]}, {"indication": ["aml"]}, "?"),
        ({}, {"indication": ["aml"]}, "?"),
        ({"cell_source": ["autologous"]}, {"cell_source": ["autologous"]}, "X"),
        ({"cell_source": ["haploidentical"]}, {"cell_source": ["allogeneic"]}, "X"),
        ({"cell_source": ["autologous"]}, {"cell_source": ["haploidentical"]}, "?"),
        ({}, {"cell_source": ["haploidentical"]}, "?"),
    ],
)
def test_an_absence_narrower_than_the_sentence_refutes_nothing(
    data: Dataset, said: dict[str, Any], found: dict[str, Any], level: str
) -> None:
    sentence = {"axes": {"cell_type": ["nk"], **said}}
    assert stated(data, "approved", absence(**found), about=sentence).result.level == level
    denied = stated(data, "not_approved", absence(**found), about=sentence)
    assert denied.accuracy == ("accurate" if level == "X" else "unverifiable")


# ---------------------------------------------------------------------- rules and stages


def test_a_statement_about_the_rules_is_background(data: Dataset) -> None:
    reference = study(evidence_kind="other")
    referenced = stated(data, "rule", reference, about={**NK, "supported_by": [reference.id]})
    assert (referenced.status_class, referenced.accuracy) == ("background", "accurate")
    assert stated(data, "rule").accuracy == "unverifiable"


def test_a_stage_of_development_is_borne_out_by_registrations(data: Dataset) -> None:
    two = (trial(), trial())
    status = stated(data, "in_trials", *two, jurisdictions=[])
    assert (status.result.level, status.accuracy) == ("T4", "accurate")
    assert stated(data, "in_trials", jurisdictions=[]).accuracy == "unverifiable"
    assert stated(data, "in_trials", trial(cell_type=["cik"]), trial(doubt="x"), jurisdictions=[]).accuracy == (
        "unverifiable"
    )


def test_a_late_stage_needs_late_phases(data: Dataset) -> None:
    early = (trial(phase="PHASE1"), trial(phase="PHASE2"), trial())
    late = (trial(phase="PHASE3"), trial(phase="PHASE2|PHASE3"))
    assert stated(data, "in_trials", *early, jurisdictions=[], phase="late").accuracy == "unverifiable"
    assert stated(data, "in_trials", *late, jurisdictions=[], phase="late").accuracy == "accurate"


@pytest.mark.parametrize(
    "ended",
    [
        {"status": "COMPLETED", "completion_date": "2025-06"},
        {"status": "WITHDRAWN"},
        {"status": "UNKNOWN"},
        {"status_date": "2020-01", "first_posted": "2019"},  # open when last seen, long ago
    ],
)
def test_what_has_ended_is_not_in_trials(data: Dataset, ended: dict[str, Any]) -> None:
    assert stated(data, "in_trials", trial(**ended), trial(**ended), jurisdictions=[]).accuracy == "unverifiable"


def test_trials_in_a_place_need_its_country(data: Dataset) -> None:
    here = (trial(countries=["United States"]), trial(countries=["Canada", "United States"]))
    assert stated(data, "in_trials", *here, jurisdictions=["US"]).accuracy == "accurate"
    assert stated(data, "in_trials", *here, jurisdictions=["US", "CA"]).accuracy == "unverifiable"  # one in Canada
    assert stated(data, "in_trials", trial(), trial(), jurisdictions=["US"]).accuracy == "unverifiable"
    europe = (trial(countries=["Spain"]), trial(countries=["Germany"]))
    assert stated(data, "in_trials", *europe, jurisdictions=["EU"]).accuracy == "accurate"


@pytest.mark.parametrize(
    ("country", "place"),
    [
        ("United States", "US"),
        ("Korea, Republic of", "KR"),
        ("South Korea", "KR"),
        ("Czech Republic", "EU"),
        ("Netherlands", "EU"),
        ("United Kingdom", "GB"),
        ("Switzerland", None),
        ("Iran", None),
    ],
)
def test_a_country_belongs_to_its_place(country: str, place: str | None) -> None:
    assert place_of_country(country) == place


# ---------------------------------------------------------------------- counts


def trials(number: int) -> tuple[Any, ...]:
    """So many registrations of NK cells, and rows that must not be counted."""
    noise = (
        trial(cell_type=["cik"]),
        trial(doubt="cannot be found"),
        trial(is_nk_therapy=False, note="NK cells are only measured"),
        trial(first_posted="2030"),
    )
    return (*(trial() for _ in range(number)), *noise)


@pytest.mark.parametrize(
    ("op", "value", "ours", "accuracy"),
    [
        ("over", 3, 4, "accurate"),
        ("over", 4, 4, "unverifiable"),  # a lower bound never refutes "over"
        ("over", 100, 4, "unverifiable"),
        ("about", 4, 4, "unverifiable"),
        ("about", 10, 11, "unverifiable"),  # within the tolerance
        ("about", 10, 12, "inaccurate"),
        ("about", 10, 1, "unverifiable"),  # nor is "about" refuted from below
        ("only", 4, 4, "unverifiable"),
        ("only", 4, 5, "inaccurate"),
        ("only", 10, 11, "inaccurate"),  # the tolerance is for "about" alone
        ("exactly", 10, 11, "inaccurate"),
        ("exactly", 4, 5, "inaccurate"),
        ("exactly", 4, 4, "unverifiable"),
        ("some", None, 1, "accurate"),
        ("some", None, 0, "unverifiable"),
        ("none", None, 1, "inaccurate"),
        ("none", None, 0, "unverifiable"),
    ],
)
def test_our_counts_are_lower_bounds(data: Dataset, op: str, value: int | None, ours: int, accuracy: str) -> None:
    status = counted(data, op, value, *trials(ours))
    assert status.accuracy == accuracy
    assert (status.result.level == "X") == (accuracy == "inaccurate")
    assert ("STALE_COUNT" in status.codes) == (accuracy == "inaccurate")
    assert status.result.proof["count"]["on_file"] == ours


def test_none_is_confirmed_by_no_row_and_a_published_count(data: Dataset) -> None:
    assert counted(data, "none", None, published(0)).accuracy == "accurate"
    assert counted(data, "none", None, published(0), trial()).accuracy == "inaccurate"
    assert counted(data, "none", None, published(2)).accuracy == "inaccurate"


def test_a_published_count_refutes_and_confirms_as_our_rows_do(data: Dataset) -> None:
    assert counted(data, "over", 50, published(60)).accuracy == "accurate"
    assert counted(data, "only", 50, published(60)).accuracy == "inaccurate"
    assert counted(data, "over", 50, published(60), about={"axes": {"cell_type": ["nkt"]}}).accuracy == "unverifiable"
    assert counted(data, "over", 50, published(60, year=2030)).accuracy == "unverifiable"
    narrower = {"axes": {"cell_type": ["nk"], "indication": ["aml"]}}
    assert counted(data, "over", 50, published(60), about=narrower).accuracy == "unverifiable"


def test_a_true_count_takes_the_class_of_what_was_counted(data: Dataset) -> None:
    status = counted(data, "over", 0, trial())
    assert (status.status_class, status.result.level) == ("trial_stage", "T4")
    assert status.sold is None


def test_studies_are_counted_by_human_studies_of_those_cells(data: Dataset) -> None:
    records = (study(), study(evidence_kind="animal"), study({"cell_type": ["cik"]}), study(evidence_kind="review"))
    status = counted(data, "over", 0, *records, what="studies")
    assert (status.accuracy, status.result.proof["count"]["on_file"]) == ("accurate", 1)
    assert counted(data, "over", 1, *records, what="studies").accuracy == "unverifiable"


def test_a_count_of_studies_leaves_out_what_was_not_yet_published(data: Dataset) -> None:
    records = (study(), study(year=2030), study(publication_date="2026-01-02"), study(publication_date="2026-01-01"))
    status = counted(data, "over", 1, *records, what="studies")
    assert (status.accuracy, status.result.proof["count"]["on_file"]) == ("accurate", 2)
    assert counted(data, "none", None, study(year=2030), what="studies").accuracy == "unverifiable"
