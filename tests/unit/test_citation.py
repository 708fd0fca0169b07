"""Sentences that report a named study, held against the stored record of that study."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kb.assess.result import Status
from kb.dataset import Dataset
from kb.records.study import Study
from tests.factory import claim, document, finding, judge, study

GAIN = {"outcome": "response", "direction": "gain"}
FAILURE = {"outcome": "response", "direction": "failure"}
NO_RESPONSE = finding(n=0, is_primary=True)


def cited(
    data: Dataset,
    record: Study,
    *others: Any,
    said: dict[str, Any] | None = None,
    axes: dict[str, Any] | None = None,
    **values: Any,
) -> Status:
    """Judge a sentence that names ``record`` and says this of it."""
    sentence = claim(
        claim_type="citation",
        subject="cited_study",
        axes={"cell_type": ["nk"], "indication": ["aml"], **(axes or {})},
        reports=[{"study": record.id, **(GAIN if said is None else said)}],
        **values,
    )
    return judge(data, sentence, record, *others)


# ---------------------------------------------------------------------- what the record says


@pytest.mark.parametrize(
    ("values", "level"),
    [({}, "T3"), ({"phase": "PHASE2"}, "T2s"), ({"design": "randomised-controlled", "phase": "PHASE2"}, "T2r")],
)
def test_an_accurate_report_takes_the_records_own_level(data: Dataset, values: dict[str, Any], level: str) -> None:
    status = cited(data, study(**values))
    assert (status.status_class, status.result.level, status.accuracy) == ("trial_stage", level, "accurate")
    assert status.codes == ()


def test_a_reported_failure_is_accurate_and_never_contradicted(data: Dataset) -> None:
    status = cited(data, study(None, [NO_RESPONSE]), said=FAILURE)
    assert (status.result.level, status.accuracy) == ("T3", "accurate")


def test_a_citation_is_judged_against_its_record_before_anything_else(data: Dataset) -> None:
    status = cited(data, study(), study(None, [NO_RESPONSE], design="randomised-controlled", phase="PHASE3"))
    assert (status.result.level, status.accuracy) == ("T3", "accurate")


def test_the_product_on_sale_is_judged_beside_the_cited_study(data: Dataset) -> None:
    status = cited(data, study())
    assert (status.status_class, status.sold_class) == ("trial_stage", "unsupported")


def test_a_sentence_that_names_several_studies_is_as_good_as_the_worst_report(data: Dataset) -> None:
    good, bad = study(phase="PHASE2"), study(None, [NO_RESPONSE])
    both = [{"study": good.id, **GAIN}, {"study": bad.id, **GAIN}]
    status = judge(
        data, claim(claim_type="citation", subject="cited_study", axes={"cell_type": ["nk"]}, reports=both), good, bad
    )
    assert (status.result.level, status.accuracy) == ("X", "inaccurate")
    right = [{"study": good.id, **GAIN}, {"study": bad.id, **FAILURE}]
    status = judge(
        data, claim(claim_type="citation", subject="cited_study", axes={"cell_type": ["nk"]}, reports=right), good, bad
    )
    assert (status.result.level, status.accuracy) == ("T3", "accurate")


# ---------------------------------------------------------------------- what it does not say


@pytest.mark.parametrize(
    ("axes", "code"),
    [
        ({"cell_type": ["nkt"]}, "WRONG_CELL_TYPE"),
        ({"cell_type": ["cik"]}, "WRONG_CELL_TYPE"),
        ({"cell_source": ["autologous"]}, "SOURCE_NOT_AUTOLOGOUS"),
        ({"cell_source": ["cord-blood"]}, "PRODUCT_MISMATCH"),
        ({"expansion": ["ex-vivo-expanded"]}, "NOT_EXPANDED"),
        ({"engineering": ["car"]}, "PRODUCT_MISMATCH"),
        ({"indication": ["glioma"]}, "POPULATION_MISMATCH"),
        ({"setting": ["newly-diagnosed"]}, "POPULATION_MISMATCH"),
    ],
)
def test_a_report_of_other_cells_or_other_people_is_contradicted(
    data: Dataset, axes: dict[str, Any], code: str
) -> None:
    status = cited(data, study(), axes=axes)
    assert (status.status_class, status.result.level, status.accuracy) == ("unsupported", "X", "inaccurate")
    assert code in status.codes


def test_cells_that_were_expanded_are_not_called_unexpanded(data: Dataset) -> None:
    record = study({"expansion": ["ex-vivo-expanded"]})
    status = cited(data, record, axes={"expansion": ["not-expanded"]})
    assert status.result.level == "X"
    assert "PRODUCT_MISMATCH" in status.codes
    assert "NOT_EXPANDED" not in status.codes


def test_a_failure_told_as_a_gain_is_reversed(data: Dataset) -> None:
    status = cited(data, study(None, [NO_RESPONSE]))
    assert (status.result.level, status.accuracy) == ("X", "inaccurate")
    assert "DIRECTION_REVERSED" in status.codes


def test_a_gain_told_as_a_failure_is_reversed(data: Dataset) -> None:
    status = cited(data, study(), said=FAILURE)
    assert (status.result.level, status.accuracy) == ("X", "inaccurate")
    assert "DIRECTION_REVERSED" in status.codes


def test_a_gain_the_record_does_not_show_is_overstated(data: Dataset) -> None:
    record = study({"control": "x"}, [finding(direction="better", p="0.36")], design="randomised-controlled")
    status = cited(data, record)
    assert status.result.level == "X"
    assert "OVERSTATED" in status.codes


def test_an_outcome_that_a_record_read_whole_does_not_report_is_contradicted(data: Dataset) -> None:
    status = cited(data, study(), said={"outcome": "survival", "direction": "gain"})
    assert (status.result.level, status.accuracy) == ("X", "inaccurate")
    assert "OUTCOME_NOT_REPORTED" in status.codes


@pytest.mark.parametrize("values", [{"read": "truncated"}, {"read": "not_read"}, {"checked": "secondary"}])
def test_silence_of_a_record_not_read_whole_proves_nothing(data: Dataset, values: dict[str, Any]) -> None:
    status = cited(data, study(**values), said={"outcome": "survival", "direction": "gain"})
    assert (status.result.level, status.accuracy) == ("T3", "unverifiable")
    assert "UNSEEN_DETAIL" in status.codes


@pytest.mark.parametrize("axis", ["cell_source", "expansion", "setting"])
def test_a_detail_nobody_saw_is_unverifiable_at_the_records_level(data: Dataset, axis: str) -> None:
    values = {"cell_source": ["autologous"], "expansion": ["ex-vivo-expanded"], "setting": ["relapsed-refractory"]}
    status = cited(data, study({axis: []}), axes={axis: values[axis]})
    assert (status.result.level, status.accuracy) == ("T3", "unverifiable")
    assert "UNSEEN_DETAIL" in status.codes


def test_disagreement_with_a_secondary_record_is_unverifiable(data: Dataset) -> None:
    status = cited(data, study(checked="secondary"), axes={"cell_source": ["autologous"]})
    assert (status.result.level, status.accuracy) == ("T3", "unverifiable")
    assert {"SOURCE_NOT_AUTOLOGOUS", "SECONDARY_SOURCE"} <= set(status.codes)


def test_disagreement_with_an_unverified_field_is_unverifiable(data: Dataset) -> None:
    status = cited(data, study(unverified=["cell_source"]), axes={"cell_source": ["autologous"]})
    assert (status.result.level, status.accuracy) == ("T3", "unverifiable")


def test_disagreement_with_a_secondary_finding_is_no_contradiction(data: Dataset) -> None:
    status = cited(data, study(None, [{**NO_RESPONSE, "checked": "secondary"}]))
    assert (status.result.level, status.result.proof["reports"][0]["truth"]) == ("T3", "cannot_tell")
    assert "DIRECTION_REVERSED" in status.codes


def test_a_study_with_several_arms_is_cited_by_the_arm_that_fits(data: Dataset) -> None:
    arm = {"indication": ["aml"], "active_disease": True}
    own = {**arm, "name": "own", "cell_type": ["nk"], "cell_source": ["autologous"], "findings": [finding()]}
    donor = {**arm, "name": "donor", "cell_type": ["nk"], "cell_source": ["haploidentical"], "findings": [finding(n=0)]}
    status = cited(data, study(keys=[donor, own]), axes={"cell_source": ["autologous"]})
    assert (status.result.level, status.accuracy) == ("T3", "accurate")


# ---------------------------------------------------------------------- numbers


def test_a_number_with_its_denominator_is_accurate(data: Dataset) -> None:
    status = cited(data, study(), said={**GAIN, "n": 3, "n_total": 10})
    assert (status.accuracy, status.codes) == ("accurate", ())
    assert cited(data, study(), said={**GAIN, "percent": 30, "n_total": 10}).codes == ()


def test_a_percentage_without_its_denominator_is_misleading(data: Dataset) -> None:
    status = cited(data, study(), said={**GAIN, "percent": 30})
    assert (status.result.level, status.accuracy) == ("T3", "misleading")
    assert "NO_DENOMINATOR" in status.codes
    assert "30% is 3 of 10" in status.result.proof["reports"][0]["says"]


@pytest.mark.parametrize(
    "numbers",
    [{"percent": 55}, {"percent": 55, "n_total": 10}, {"n": 4, "n_total": 10}, {"n": 3, "n_total": 9}, {"n": 5}],
)
def test_another_number_than_the_records_is_contradicted(data: Dataset, numbers: dict[str, Any]) -> None:
    status = cited(data, study(), said={**GAIN, **numbers})
    assert (status.result.level, status.accuracy) == ("X", "inaccurate")
    assert "NUMBER_MISMATCH" in status.codes


@pytest.mark.parametrize(("percent", "right"), [(33.3, True), (33, True), (34, True), (35, False)])
def test_a_percentage_may_be_rounded_and_no_more(data: Dataset, percent: float, right: bool) -> None:
    status = cited(data, study(None, [finding(n=3, n_total=9)]), said={**GAIN, "percent": percent, "n_total": 9})
    assert (status.result.level == "T3") is right


def test_another_number_than_a_secondary_records_is_no_contradiction(data: Dataset) -> None:
    for numbers in ({"percent": 55}, {"n": 4, "n_total": 10}):
        status = cited(data, study(checked="secondary"), said={**GAIN, **numbers})
        assert (status.result.level, status.result.proof["reports"][0]["truth"]) == ("T3", "cannot_tell")
    only_finding = study(None, [finding(checked="secondary")])
    assert cited(data, only_finding, said={**GAIN, "percent": 55}).result.level == "T3"


def test_a_percentage_the_record_has_no_number_for_is_unverifiable(data: Dataset) -> None:
    record = study(None, [finding(n=None, n_total=None, gain=True)])
    status = cited(data, record, said={**GAIN, "percent": 55, "n_total": 9})
    assert (status.result.level, status.accuracy) == ("T3", "unverifiable")


# ---------------------------------------------------------------------- follow-up, retraction, correction


def test_a_negative_follow_up_that_the_page_leaves_out_is_named(data: Dataset) -> None:
    first = study()
    later = study(None, [NO_RESPONSE], relations=[{"type": "follow_up_of", "target": first.id}])
    status = cited(data, first, later)
    assert (status.result.level, status.accuracy) == ("T3", "misleading")
    assert "OMITTED_NEGATIVE_FOLLOWUP" in status.codes


def test_a_follow_up_the_page_cites_or_that_is_not_negative_is_not_omitted(data: Dataset) -> None:
    first = study()
    tie = [{"type": "follow_up_of", "target": first.id}]
    negative, positive = study(None, [NO_RESPONSE], relations=tie), study(relations=tie)
    assert "OMITTED_NEGATIVE_FOLLOWUP" not in cited(data, first, positive).codes
    one = claim(claim_type="citation", subject="cited_study", reports=[{"study": first.id, **GAIN}])
    two = one.model_copy(
        update={"id": "page#c002", "reports": (one.reports[0].model_copy(update={"study": negative.id}),)}
    )
    page = document(one, two)
    status = judge(data, one, first, negative, claims=page.claims)
    assert "OMITTED_NEGATIVE_FOLLOWUP" not in status.codes


def test_a_follow_up_of_later_years_was_not_omitted_yet(data: Dataset) -> None:
    first = study()
    later = study(None, [NO_RESPONSE], year=2020, relations=[{"type": "follow_up_of", "target": first.id}])
    sentence = claim(claim_type="citation", subject="cited_study", reports=[{"study": first.id, **GAIN}])
    assert "OMITTED_NEGATIVE_FOLLOWUP" not in judge(data, sentence, first, later, day=date(2019, 12, 31)).codes
    assert "OMITTED_NEGATIVE_FOLLOWUP" in judge(data, sentence, first, later, day=date(2020, 1, 1)).codes


def test_a_retracted_source_is_never_shown_as_plain_support(data: Dataset) -> None:
    status = cited(data, study(integrity="retracted", integrity_date="2020"))
    assert status.accuracy == "misleading"
    assert "RETRACTED_SOURCE" in status.codes


@pytest.mark.parametrize("integrity", ["corrected", "concern"])
def test_a_corrected_source_carries_a_caveat(data: Dataset, integrity: str) -> None:
    status = cited(data, study(integrity=integrity, integrity_date="2020"))
    assert status.accuracy == "accurate_with_caveat"
    assert "CORRECTED_SOURCE" in status.codes


def test_a_secondary_source_is_visible_even_when_it_agrees(data: Dataset) -> None:
    status = cited(data, study(checked="secondary"))
    assert status.accuracy == "accurate_with_caveat"
    assert "SECONDARY_SOURCE" in status.codes


# ---------------------------------------------------------------------- safety


def test_a_report_of_safety_holds_unless_the_arm_shows_the_harm(data: Dataset) -> None:
    said = {"outcome": "safety", "direction": "gain"}
    safe = study(None, [finding(outcome="safety", endpoint="toxicity", met=True)])
    harmful = study(None, [finding(outcome="safety", endpoint="toxicity", met=False)])
    assert cited(data, safe, said=said).accuracy == "accurate"
    status = cited(data, harmful, said=said)
    assert (status.result.level, status.accuracy) == ("X", "inaccurate")
    assert "OVERSTATED" in status.codes


def test_markers_that_lead_to_no_list_are_uncited(data: Dataset) -> None:
    sentence = claim(markers=["[3]"])
    assert "UNCITED" in judge(data, sentence, study(), reference_list=False).codes
    assert "UNCITED" not in judge(data, sentence, study(), reference_list=True).codes
    assert "UNCITED" not in judge(data, claim(), study(), reference_list=False).codes


# ---------------------------------------------------------------------- all numbers of a sentence fit one finding


@pytest.mark.parametrize(
    ("numbers", "accuracy"),
    [
        ({"percent": 30, "n_total": 50}, "inaccurate"),
        ({"n": 15, "n_total": 50}, "inaccurate"),
        ({"n": 15, "n_total": 50, "percent": 30}, "inaccurate"),
        ({"n": 3, "n_total": 10, "percent": 40}, "inaccurate"),
        ({"n": 3, "n_total": 10, "percent": 30}, "accurate"),
    ],
)
def test_the_right_share_of_other_people_is_contradicted(data: Dataset, numbers: dict[str, Any], accuracy: str) -> None:
    status = cited(data, study(), said={**GAIN, **numbers})
    assert (status.result.level, status.accuracy) == ("X" if accuracy == "inaccurate" else "T3", accuracy)
    assert ("NUMBER_MISMATCH" in status.codes) == (accuracy == "inaccurate")


def test_numbers_of_two_findings_are_not_mixed(data: Dataset) -> None:
    record = study(None, [finding(), finding(endpoint="complete remission", n=1, n_total=50)])
    assert cited(data, record, said={**GAIN, "n": 3, "n_total": 50}).result.level == "X"
    assert cited(data, record, said={**GAIN, "n": 1, "n_total": 10}).result.level == "X"
    assert cited(data, record, said={**GAIN, "n": 1, "n_total": 50}).accuracy == "accurate"


def test_a_fraction_is_unverifiable_against_a_record_that_has_a_percentage_only(data: Dataset) -> None:
    record = study(None, [finding(n=None, n_total=None, percent=30, gain=True)])
    status = cited(data, record, said={**GAIN, "n": 3, "n_total": 10})
    assert (status.result.level, status.accuracy) == ("T3", "unverifiable")
    assert "UNSEEN_DETAIL" in status.codes
    assert cited(data, record, said={**GAIN, "percent": 55, "n": 3, "n_total": 10}).result.level == "X"


# ---------------------------------------------------------------------- facts read in a secondary source


@pytest.mark.parametrize("of_study", [True, False])
@pytest.mark.parametrize(
    ("result", "said"),
    [
        (NO_RESPONSE, GAIN),  # direction
        (finding(), FAILURE),
        (finding(), {**GAIN, "percent": 55, "n_total": 10}),  # number
        (finding(), {**GAIN, "n": 4, "n_total": 10}),
    ],
)
def test_disagreement_with_a_secondary_fact_is_unverifiable_and_never_inaccurate(
    data: Dataset, result: dict[str, Any], said: dict[str, Any], of_study: bool
) -> None:
    record = (
        study(None, [result], checked="secondary") if of_study else study(None, [{**result, "checked": "secondary"}])
    )
    status = cited(data, record, said=said)
    assert (status.result.level, status.accuracy) == ("T3", "unverifiable")
    assert cited(data, study(None, [result]), said=said).accuracy == "inaccurate"


# ---------------------------------------------------------------------- markers, animals, the future, feasibility


def test_a_correct_report_of_a_marker_is_accurate(data: Dataset) -> None:
    said = {"outcome": "biomarker", "direction": "gain"}
    rise = finding(outcome="biomarker", marker="NK count", endpoint="NK count", n=None, n_total=None, gain=True)
    status = cited(data, study(None, [rise]), said=said)
    assert (status.result.level, status.accuracy) == ("T3", "accurate")
    fall = cited(data, study(None, [{**rise, "gain": False}]), said=said)
    assert (fall.result.level, fall.accuracy) == ("X", "inaccurate")


@pytest.mark.parametrize("kind", ["animal", "in_vitro"])
def test_a_correct_report_of_laboratory_work_takes_its_level(data: Dataset, kind: str) -> None:
    status = cited(data, study(evidence_kind=kind, phase="PHASE3"))
    assert (status.status_class, status.result.level, status.accuracy) == ("unsupported", "P", "accurate")


def test_a_study_of_the_future_is_unverifiable(data: Dataset) -> None:
    status = cited(data, study(year=2030))
    assert (status.result.level, status.accuracy) == ("?", "unverifiable")
    assert "UNSEEN_DETAIL" in status.codes


def test_a_retracted_negative_follow_up_was_rightly_left_out(data: Dataset) -> None:
    first = study()
    tie = [{"type": "follow_up_of", "target": first.id}]
    gone = study(None, [NO_RESPONSE], relations=tie, integrity="retracted", integrity_date="2020")
    assert (cited(data, first, gone).accuracy, cited(data, first, gone).codes) == ("accurate", ())
    assert "OMITTED_NEGATIVE_FOLLOWUP" in cited(data, first, study(None, [NO_RESPONSE], relations=tie)).codes


def test_silence_about_feasibility_proves_nothing(data: Dataset) -> None:
    status = cited(data, study(), said={"outcome": "feasibility", "direction": "gain"})
    assert (status.result.level, status.accuracy) == ("T3", "unverifiable")
    assert "OUTCOME_NOT_REPORTED" not in status.codes
    failed = study(None, [finding(outcome="feasibility", endpoint="dose made", met=False)])
    assert cited(data, failed, said={"outcome": "feasibility", "direction": "gain"}).result.level == "X"


def test_a_study_says_nothing_before_it_is_published(data: Dataset) -> None:
    reports = [{"study": "PMID:1", "outcome": "response", "direction": "gain"}]
    said = claim(claim_type="citation", subject="cited_study", outcome="response", reports=reports)
    failed = study(id="PMID:1", pmid="1", year=2015, findings=[finding(n=0, is_primary=True)])
    levels = {year: judge(data, said, failed, day=date(year, 6, 30)).result.level for year in (2014, 2015, 2016)}
    assert levels == {2014: "?", 2015: "X", 2016: "X"}  # a partial date harms from its start
    worked = study(id="PMID:1", pmid="1", year=2015)
    levels = {year: judge(data, said, worked, day=date(year, 6, 30)).result.level for year in (2014, 2015, 2016)}
    assert levels == {2014: "?", 2015: "?", 2016: "T3"}  # and helps from its end


def test_a_correct_report_of_a_retracted_study_is_no_evidence(data: Dataset) -> None:
    reports = [{"study": "PMID:1", "outcome": "response", "direction": "gain"}]
    said = claim(claim_type="citation", subject="cited_study", outcome="response", reports=reports)
    gone = study(id="PMID:1", pmid="1", integrity="retracted", integrity_date="2020")
    before, after = (judge(data, said, gone, day=date(year, 6, 30)) for year in (2019, 2020))
    assert (before.result.level, after.result.level) == ("T3", "U")
    assert after.accuracy == "misleading"
    assert "RETRACTED_SOURCE" in after.codes
