"""Authorisations: whether they are in force, what their labels cover, and what is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kb.assess.base import Base
from kb.assess.claim import Assessor
from kb.assess.licence import by, state
from kb.assess.result import Status
from kb.dataset import Dataset
from kb.english import sentences
from kb.records.approval import AccessRoute
from kb.records.claim import Claim
from tests.factory import DAY, absence, approval, claim, document, finding, judge, study, trial, world

LABEL: dict[str, list[str]] = {"cell_type": ["car-t"], "indication": ["b-all"], "setting": ["relapsed-refractory"]}
FULL = {"event": "granted_full", "date": "2018-01-01"}
CONDITIONAL = {"event": "granted_conditional", "date": "2018-01-01"}


def named(**axes: list[str]) -> Claim:
    """A sentence that names the authorised product and says what its label says."""
    return claim(names_product="madeup", axes={**LABEL, **axes})


def level(data: Dataset, said: Claim, *records: Any, **where: Any) -> str:
    return judge(data, said, *records, **where).result.level


def test_a_grant_of_which_nobody_saw_the_kind_counts_as_the_weaker(data: Dataset) -> None:
    unseen = {"event": "granted", "date": "2018-01-01"}
    status = judge(data, named(), approval([unseen]))
    assert status.result.level == "A_COND"
    told = " ".join(sentences(status.result.proof, {}))
    assert "authorisation in force (full or conditional was not seen; counted as conditional)" in told
    converted = {"event": "converted_to_full", "date": "2019-01-01"}
    assert level(data, named(), approval([unseen, converted])) == "A_FULL"


# ---------------------------------------------------------------------- what a label covers


def test_the_same_as_the_label_is_covered(data: Dataset) -> None:
    status = judge(data, named(), approval())
    assert (status.status_class, status.result.level, status.accuracy) == ("approved", "A_FULL", "accurate")
    assert status.result.proof["parts"][0]["licence"]["id"] == "APR-US-madeup"


def test_a_sentence_about_licensed_products_as_such_is_covered(data: Dataset) -> None:
    assert level(data, claim(licensed_as_such=True, axes=LABEL), approval()) == "A_FULL"


def test_a_sentence_that_names_no_licensed_product_is_covered_by_no_licence(data: Dataset) -> None:
    status = judge(data, claim(axes=LABEL), approval())
    assert (status.result.level, status.approved_elsewhere) == ("U", ())


def test_the_sellers_own_product_is_not_the_authorised_one(data: Dataset) -> None:
    own = claim(subject="own_product", axes=LABEL)
    assert level(data, own, approval(), sold={"cell_type": ["car-t"]}) == "U"


def test_one_firms_licence_is_never_lent_to_anothers_product(data: Dataset) -> None:
    other = claim(names_product="another-product", axes=LABEL)
    assert level(data, other, approval()) == "U"


def test_a_licence_for_other_cells_covers_no_nk_cells(data: Dataset) -> None:
    said = claim(licensed_as_such=True, axes={**LABEL, "cell_type": ["nk"]})
    assert level(data, said, approval()) == "U"


@pytest.mark.parametrize("axis", ["indication", "setting"])
def test_silence_on_a_restricted_axis_is_not_coverage(data: Dataset, axis: str) -> None:
    status = judge(data, named(**{axis: []}), approval())
    assert (status.status_class, status.accuracy) == ("unsupported", "misleading")
    assert "BROADER_THAN_LABEL" in status.codes


def test_silence_on_a_partner_the_label_demands_is_not_coverage(data: Dataset) -> None:
    label = {**LABEL, "combination": ["chemotherapy"]}
    assert level(data, named(), approval(label=label)) == "U"
    assert level(data, named(combination=["chemotherapy"]), approval(label=label)) == "A_FULL"


@pytest.mark.parametrize(
    "axes",
    [
        {"indication": ["acute-leukaemia"]},
        {"indication": ["b-all", "aml"]},
        {"setting": ["previously-treated"]},
        {"setting": ["newly-diagnosed"]},
        {"setting": ["paediatric"]},
    ],
)
def test_more_or_other_than_the_label_is_not_covered(data: Dataset, axes: dict[str, list[str]]) -> None:
    status = judge(data, named(**axes), approval())
    assert status.status_class == "unsupported"
    assert "BROADER_THAN_LABEL" in status.codes


def test_narrower_than_the_label_is_covered(data: Dataset) -> None:
    wide = approval(label={"cell_type": ["car-t"], "indication": ["lbcl"], "setting": ["previously-treated"]})
    assert level(data, named(indication=["dlbcl"], setting=["second-line"]), wide) == "A_FULL"
    assert level(data, named(indication=["dlbcl"], setting=["previously-treated", "paediatric"]), wide) == "A_FULL"


def test_an_axis_the_label_leaves_open_needs_no_word(data: Dataset) -> None:
    wide = approval(label={"cell_type": ["car-t"], "indication": ["b-all"]})
    assert level(data, named(setting=[]), wide) == "A_FULL"


def test_a_label_nobody_saw_covers_nothing(data: Dataset) -> None:
    status = judge(data, named(), approval(label_seen=False))
    assert status.status_class == "unsupported"
    assert "nobody has read its label" in status.result.proof["parts"][0]["licence_note"]


def test_a_list_of_diseases_needs_a_licence_for_each(data: Dataset) -> None:
    both = named(indication=["b-all", "aml"])
    second = approval(id="APR-US-madeup-aml", label={**LABEL, "indication": ["aml"]})
    assert level(data, both, approval()) == "U"
    assert level(data, both, approval(), second) == "A_FULL"


def test_a_risk_printed_on_the_label_needs_no_indication(data: Dataset) -> None:
    provenance = {"source": "https://example.org/made-up", "retrieved": "2025-01-01", "checked": "regulator"}
    warned = approval(label_risks=[{"event": "crs", **provenance}])
    said = claim(
        claim_type="safety", event="crs", states_harm=True, licensed_as_such=True, axes={"cell_type": ["car-t"]}
    )
    status = judge(data, said, warned)
    assert (status.result.level, status.accuracy) == ("A_FULL", "accurate")
    assert level(data, said, approval()) == "U"


# ---------------------------------------------------------------------- in force, there and then


def test_a_conditional_authorisation_is_a_cond(data: Dataset) -> None:
    status = judge(data, named(), approval([CONDITIONAL]))
    assert (status.status_class, status.result.level) == ("approved", "A_COND")


def test_a_converted_authorisation_is_full_from_its_conversion(data: Dataset) -> None:
    record = approval([CONDITIONAL, {"event": "converted_to_full", "date": "2020-05-01"}])
    assert level(data, named(), record, day=date(2020, 4, 30)) == "A_COND"
    assert level(data, named(), record, day=date(2020, 5, 1)) == "A_FULL"


@pytest.mark.parametrize("end", ["withdrawn", "lapsed", "suspended", "refused"])
def test_an_ended_authorisation_is_not_in_force(data: Dataset, end: str) -> None:
    record = approval([FULL, {"event": end, "date": "2022-03-01"}])
    assert level(data, named(), record, day=date(2022, 2, 28)) == "A_FULL"
    assert level(data, named(), record, day=date(2022, 3, 1)) == "U"


def test_a_denied_conversion_ends_a_conditional_authorisation(data: Dataset) -> None:
    record = approval([CONDITIONAL, {"event": "conversion_refused", "date": "2022-03-01"}])
    assert level(data, named(), record) == "U"


@pytest.mark.parametrize("event", ["application", "refused", "renewed"])
def test_an_application_a_refusal_or_a_bare_renewal_authorises_nothing(data: Dataset, event: str) -> None:
    assert level(data, named(), approval([{"event": event, "date": "2018-01-01"}])) == "U"


def test_a_partial_grant_helps_from_its_end_and_a_partial_ending_harms_from_its_start() -> None:
    record = approval([{"event": "granted_full", "date": "2018"}, {"event": "withdrawn", "date": "2022"}])
    standing = {day: state(record, by(day)).standing for day in (date(2018, 12, 30), date(2018, 12, 31))}
    assert standing == {date(2018, 12, 30): "not_in_force", date(2018, 12, 31): "full"}
    assert state(record, by(date(2021, 12, 31))).standing == "full"
    assert state(record, by(date(2022, 1, 1))).standing == "not_in_force"


def test_an_undated_grant_counts_from_the_day_it_was_read() -> None:
    record = approval([{"event": "granted_full", "retrieved": "2025-01-01"}])
    assert state(record, by(date(2024, 12, 31))).standing == "not_in_force"
    assert state(record, by(date(2025, 1, 1))).standing == "full"


def test_an_authorisation_elsewhere_is_named_and_lends_no_class(data: Dataset) -> None:
    status = judge(data, named(), approval(), place="EU")
    assert (status.status_class, status.approved_elsewhere) == ("unsupported", ("US",))
    assert "APPROVED_ELSEWHERE" in status.codes
    here = judge(data, named(), approval(), place="US")
    assert (here.approved_elsewhere, "APPROVED_ELSEWHERE" in here.codes) == ((), False)


def test_elsewhere_the_class_comes_from_the_rest(data: Dataset) -> None:
    better = study({"cell_type": ["car-t"], "indication": ["b-all"]})
    status = judge(data, named(), approval(), better, place="EU")
    assert (status.status_class, status.result.level, status.approved_elsewhere) == ("trial_stage", "T3", ("US",))


# ---------------------------------------------------------------------- ended for efficacy


def ended(reason: str) -> Any:
    return approval([CONDITIONAL, {"event": "withdrawn", "date": "2022-03-01", "reason": reason}])


def test_a_licence_ended_for_lack_of_efficacy_contradicts_where_it_ended(data: Dataset) -> None:
    status = judge(data, named(), ended("efficacy"))
    assert (status.result.level, status.result.rule, status.accuracy) == ("X", "LICENCE-ENDED-X", "inaccurate")
    assert level(data, named(), ended("efficacy"), place="EU") == "U"
    assert level(data, named(), ended("efficacy"), day=date(2022, 2, 28)) == "A_COND"


@pytest.mark.parametrize("reason", ["commercial", "other", "safety"])
def test_a_licence_ended_for_another_reason_contradicts_nothing(data: Dataset, reason: str) -> None:
    assert level(data, named(), ended(reason)) == "U"


def test_a_licence_ended_for_efficacy_contradicts_no_other_disease_or_cells(data: Dataset) -> None:
    assert level(data, named(indication=["dlbcl"]), ended("efficacy")) == "U"
    nk = claim(axes={**LABEL, "cell_type": ["nk"]})
    assert level(data, nk, ended("efficacy")) == "U"


# ---------------------------------------------------------------------- what is no approval


def route(kind: str) -> AccessRoute:
    """A route or designation of NK cells in the US, in force long ago."""
    return AccessRoute.model_validate(
        {
            "id": "ACC-made-up",
            "kind": kind,
            "name": "Made up",
            "place": "United States",
            "jurisdiction": "US",
            "product": "Madeup",
            "cell_type": ["nk"],
            "date": "2010",
            "what_it_is": "Made up.",
            "why_not_approval": "Made up.",
            "nk_use": "Made up.",
            "source": "https://example.org/made-up",
            "retrieved": "2025-01-01",
            "checked": "regulator",
        }
    )


def standing(status: Status) -> tuple[str | None, ...]:
    """Class and level of both results; a route may add a code that warns of it, and nothing else."""
    return (status.status_class, status.result.level, status.sold_class, status.sold.level if status.sold else None)


def with_routes(data: Dataset, said: Claim, *records: Any, routes: tuple[AccessRoute, ...] = ()) -> Status:
    page = document(said)
    facts = replace(world(data, *records, page), access_routes=routes)
    return Assessor(Base(facts, DAY)).assess(page, said, ["US"])[0]


@pytest.mark.parametrize("kind", ["route", "designation", "trial_clearance", "false_claim"])
@pytest.mark.parametrize("named_product", [None, "madeup"])
def test_a_designation_or_an_access_route_never_counts_as_approval(
    data: Dataset, kind: str, named_product: str | None
) -> None:
    for said in (
        claim(names_product=named_product),
        claim(licensed_as_such=True),
        claim(subject="own_product"),
        claim(claim_type="eligibility"),
        claim(claim_type="regulatory", regulatory={"says": "approved", "jurisdictions": ["US"]}),
        claim(claim_type="regulatory", regulatory={"says": "not_approved", "jurisdictions": ["US"]}),
    ):
        for records in ((), (trial(),), (study(),)):
            without = with_routes(data, said, *records)
            beside = with_routes(data, said, *records, routes=(route(kind),))
            assert standing(beside) == standing(without)
            assert without.status_class != "approved"


def test_a_good_trial_is_no_approval_either(data: Dataset) -> None:
    met = [finding(direction="better", p="0.001", is_primary=True, met=True)]
    record = study({"control": "chemotherapy"}, met, design="randomised-controlled", phase="PHASE3")
    status = judge(data, claim(licensed_as_such=True), record)
    assert (status.status_class, status.result.level) == ("trial_stage", "T1")


@pytest.mark.parametrize("product", [None, "another-product"])
def test_other_cells_or_another_product_take_no_code_from_a_designation(data: Dataset, product: str | None) -> None:
    said = claim(
        claim_type="regulatory",
        axes={"cell_type": ["car-t"]},
        names_product=product,
        regulatory={"says": "approved", "jurisdictions": ["US"]},
    )
    assert with_routes(data, said, routes=(route("designation"),)).codes == ()


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("route", "ACCESS_NOT_APPROVAL"),
        ("false_claim", "ACCESS_NOT_APPROVAL"),
        ("designation", "DESIGNATION_NOT_APPROVAL"),
        ("trial_clearance", "DESIGNATION_NOT_APPROVAL"),
    ],
)
def test_what_was_taken_for_an_approval_is_named_when_approved_does_not_hold(
    data: Dataset, kind: str, code: str
) -> None:
    said = claim(claim_type="regulatory", regulatory={"says": "approved", "jurisdictions": ["US"]})
    undecidable = with_routes(data, said, routes=(route(kind),))
    assert (undecidable.result.level, undecidable.accuracy, undecidable.codes) == ("?", "misleading", (code,))
    refuted = with_routes(data, said, absence(), routes=(route(kind),))
    assert (refuted.result.level, refuted.accuracy) == ("X", "inaccurate")
    assert set(refuted.codes) == {"ABSENCE_ON_FILE", code}
    elsewhere = claim(claim_type="regulatory", regulatory={"says": "approved", "jurisdictions": ["JP"]})
    assert with_routes(data, elsewhere, routes=(route(kind),)).codes == ()
    true = with_routes(data, said, approval(label={"cell_type": ["nk"]}), routes=(route(kind),))
    assert (true.result.level, true.codes) == ("A_FULL", ())
    denied = claim(claim_type="regulatory", regulatory={"says": "not_approved", "jurisdictions": ["US"]})
    assert with_routes(data, denied, absence(), routes=(route(kind),)).codes == ("ABSENCE_ON_FILE",)


# ---------------------------------------------------------------------- never lent to what a page sells


@pytest.mark.parametrize("words", [{"names_product": "madeup"}, {"licensed_as_such": True}, {}])
def test_a_licence_is_lent_to_the_page_only_when_it_names_the_authorised_product(
    data: Dataset, words: dict[str, Any]
) -> None:
    own = claim(subject="own_product", axes=LABEL, **words)
    lent = judge(data, own, approval(), sold={"cell_type": ["car-t"]})
    assert (lent.result.level, lent.sold_class, lent.approved_elsewhere) == ("U", "unsupported", ())
    real = judge(data, own, approval(), sold={"cell_type": ["car-t"]}, names_authorised_product=True)
    assert real.result.level == ("A_FULL" if words else "U")  # the sentence must still speak of it


@pytest.mark.parametrize("words", [{"names_product": "madeup"}, {"licensed_as_such": True}])
def test_a_sentence_on_licensed_products_lends_nothing_to_the_product_on_sale(
    data: Dataset, words: dict[str, Any]
) -> None:
    said = claim(axes=LABEL, **words)
    status = judge(data, said, approval(), sold={"cell_type": ["car-t"]})
    assert (status.status_class, status.sold_class) == ("approved", "unsupported")
    assert status.sold is not None
    assert status.sold.level == "U"
    real = judge(data, said, approval(), sold={"cell_type": ["car-t"]}, names_authorised_product=True)
    assert (real.status_class, real.sold_class) == ("approved", "approved")


def test_a_refusal_for_lack_of_efficacy_ends_nothing_that_had_not_begun(data: Dataset) -> None:
    refused = [{"event": "refused", "date": "2018-01-01", "reason": "efficacy"}]
    assert level(data, named(), approval(refused)) == "U"
    begun = [CONDITIONAL, {"event": "conversion_refused", "date": "2022-03-01", "reason": "efficacy"}]
    assert level(data, named(), approval(begun)) == "X"


def test_an_ending_of_another_named_product_contradicts_nothing(data: Dataset) -> None:
    assert level(data, claim(names_product="another-product", axes=LABEL), ended("efficacy")) == "U"
    assert level(data, claim(axes=LABEL), ended("efficacy")) == "X"  # no product named: the same cells


def test_the_proof_tells_the_whole_history_of_the_licence(data: Dataset) -> None:
    steps = [{"event": "granted_conditional", "date": "2018-01-01"}, {"event": "converted_to_full", "date": "2020-05"}]
    said = claim(
        names_product="madeup",
        axes={"cell_type": ["car-t"], "indication": ["b-all"], "setting": ["relapsed-refractory"]},
    )
    status = judge(data, said, approval(steps))
    assert status.result.level == "A_FULL"
    told = sentences(status.result.proof, {})
    assert "Its history: granted conditional 2018-01-01; converted to full 2020-05." in told
