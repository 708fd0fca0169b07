"""The second axis: every row of the published table, and the traps around it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, get_args

import pytest

from kb.assess.base import Base
from kb.assess.benefit import BenefitJudge, Judgement, Query
from kb.assess.match import bare, complete_record
from kb.assess.outcome import Wanted
from kb.assess.strength import direction, grade, strength
from kb.dataset import Dataset, load
from kb.errors import DataError
from kb.records.common import ProductKey
from kb.records.study import EndpointKind, Study
from kb.rules import load_rules
from tests.factory import DAY, claim, finding, judge, study, world
from tests.unit.benefit import BETTER, failed, rct

ROOT = Path(__file__).resolve().parents[2]

#: What the two scales say of each of our designs, written down a second time: (PDQ, OCEBM) of a result that compares
#: people with and without the cells, and of one that does not.
DESIGNS = {
    "randomised-controlled": ("1", "2", "3", "4"),
    "nonrandomised-controlled": ("2", "3", "3", "4"),
    "comparative": ("3", "4", "3", "4"),
    "matched-cohort": ("3", "4", "3", "4"),
    "cohort": ("3", "3", "3", "4"),
    "single-arm": ("3", "4", "3", "4"),
    "dose-escalation": ("3", "4", "3", "4"),
    "case-series": ("3", "4", "3", "4"),
    "case-report": ("3", "4", "3", "4"),
    "laboratory": ("", "5", "", "5"),
    "systematic-review": ("", "", "", ""),
    "narrative-review": ("", "", "", ""),
    "definition": ("", "", "", ""),
    "cross-sectional": ("", "", "", ""),
    "outbreak-report": ("", "", "", ""),
    "protocol": ("", "", "", ""),
}
ENDPOINTS = {
    "os": "A",
    "css": "B",
    "qol": "C",
    "efs": "Di",
    "dfs": "Dii",
    "pfs": "Diii",
    "response_rate": "Div",
    "other": "",
    None: "",
}
COVID = {"indication": ["covid-19"]}


def graded(data: Dataset, record: Study, *positions: int) -> str:
    """Grade the first arm of a study by these findings, or by all."""
    arm = record.keys[0]
    key = complete_record(data.vocabulary, bare(arm), record.checked)
    findings = [arm.findings[i] for i in positions] if positions else arm.findings
    return grade(data.rules, data.vocabulary, record, arm, key, findings)


# ---------------------------------------------------------------------- every row


def test_every_design_and_endpoint_has_a_row_here_and_in_the_published_table(data: Dataset) -> None:
    table = data.rules.strength
    assert set(DESIGNS) == set(data.vocabulary.concepts["design"]) == set(table.designs)
    assert set(ENDPOINTS) - {None} == set(get_args(EndpointKind)) == set(table.endpoints)
    used = {arm.design or record.design for record in data.studies for arm in record.keys}
    assert {record.design for record in data.studies} | used <= set(table.designs)


@pytest.mark.parametrize("design", DESIGNS)
def test_each_design_stands_where_the_scales_put_it(data: Dataset, design: str) -> None:
    pdq, ocebm, pdq_alone, ocebm_alone = (level or None for level in DESIGNS[design])
    better, counted = [finding(direction="better")], [finding()]
    arm: dict[str, Any] = {"control": "chemotherapy"}

    def printed(scale: str, level: str | None, letter: str = "") -> str:
        return f"{scale} {level}{letter}" if level else ""

    assert graded(data, study(arm, better, design=design)) == printed("PDQ", pdq, "Div")
    assert graded(data, study(arm, counted, design=design)) == printed("PDQ", pdq_alone, "Div")
    assert graded(data, study({**arm, **COVID}, better, design=design)) == printed("OCEBM", ocebm)
    assert graded(data, study({**arm, **COVID}, counted, design=design)) == printed("OCEBM", ocebm_alone)


@pytest.mark.parametrize("kind", ENDPOINTS)
def test_each_kind_of_endpoint_has_its_letter_or_none(data: Dataset, kind: EndpointKind | None) -> None:
    record = rct(finding(direction="better", outcome="survival", endpoint_kind=kind))
    assert graded(data, record) == f"PDQ 1{ENDPOINTS[kind]}"


def test_the_levels_are_in_the_order_their_publishers_give(data: Dataset) -> None:
    found: dict[tuple[str, str], list[str]] = {}
    for one in data.rules.strength.levels:
        found.setdefault((one.scale, one.part), []).append(one.level)
    assert found == {
        ("pdq", "design"): ["1", "1i", "1ii", "2", "3", "3i", "3ii", "3iii"],
        ("pdq", "endpoint"): ["A", "B", "C", "Di", "Dii", "Diii", "Div"],
        ("ocebm", "design"): ["1", "2", "3", "4", "5"],
    }


def test_no_sub_level_and_no_dramatic_effect_is_ever_given(data: Dataset) -> None:
    table = data.rules.strength
    assert {row.pdq for row in table.designs.values()} == {"1", "2", "3", "none"}
    assert [name for name, row in table.designs.items() if row.ocebm in ("1", "2")] == ["randomised-controlled"]


def test_every_level_names_where_and_when_it_was_read(data: Dataset) -> None:
    table = data.rules.strength
    for one in table.levels:
        source = table.sources[one.source]
        assert source.url.startswith("http") and str(source.read) == "2026-11-23" and source.seen


# ---------------------------------------------------------------------- one study


def test_the_design_is_that_of_the_arm_not_of_the_study(data: Dataset) -> None:
    arm = {"control": "nothing", "design": "cohort"}
    survival = finding(direction="better", outcome="survival", endpoint_kind="os")
    assert graded(data, rct(survival, key=arm)) == "PDQ 3A"
    assert graded(data, rct(BETTER, key={**arm, **COVID})) == "OCEBM 3"


def test_a_result_that_compares_nothing_lends_nothing_from_randomisation(data: Dataset) -> None:
    assert graded(data, rct(finding())) == "PDQ 3Div"
    assert graded(data, rct(finding(direction="unclear"))) == "PDQ 3Div"
    assert graded(data, rct(finding(direction="no_difference"))) == "PDQ 1Div"


def test_a_control_that_got_such_cells_too_makes_no_comparison(data: Dataset) -> None:
    both = {"control": "another dose of the cells", "control_has_cells": True}
    assert graded(data, rct(BETTER, key=both)) == "PDQ 3Div"
    assert graded(data, rct(BETTER, key={**both, **COVID})) == "OCEBM 4"


def test_the_best_finding_counts_design_before_endpoint(data: Dataset) -> None:
    alive = finding(outcome="survival", endpoint_kind="os")
    later = finding(direction="better", outcome="survival", endpoint_kind="pfs")
    record = study(
        {"control": "chemotherapy"}, [finding(direction="better"), later, alive], design="randomised-controlled"
    )
    assert graded(data, record) == "PDQ 1Diii"
    assert graded(data, record, 0, 2) == "PDQ 1Div"
    assert graded(data, record, 2) == "PDQ 3A"


def test_an_endpoint_without_a_kind_has_no_letter_and_stands_behind_any_letter(data: Dataset) -> None:
    unknown = finding(endpoint_kind=None)
    assert graded(data, study(None, [unknown])) == "PDQ 3"
    assert graded(data, study(None, [unknown, finding()])) == "PDQ 3Div"


def test_only_people_with_cancer_get_a_cancer_grade(data: Dataset) -> None:
    assert graded(data, study({"indication": ["aml", "nhl"]})) == "PDQ 3Div"
    assert graded(data, study({"indication": ["aml", "covid-19"]})) == "OCEBM 4"
    assert graded(data, study({"indication": ["cancer-surveillance"]})) == "OCEBM 4"
    assert graded(data, study({"indication": []})) == "OCEBM 4"
    assert graded(data, study({"indication": ["cancer"], "setting": ["healthy"]})) == "OCEBM 4"


@pytest.mark.parametrize(
    ("outcome", "cancer", "other"),
    [("safety", "PDQ 3", ""), ("feasibility", "PDQ 3", ""), ("biomarker", "PDQ 3", "OCEBM 4")],
)
def test_safety_feasibility_and_markers_have_no_letter(data: Dataset, outcome: str, cancer: str, other: str) -> None:
    result = [finding(outcome=outcome, endpoint_kind="response_rate")]
    assert graded(data, study(None, result)) == cancer
    assert graded(data, study(COVID, result)) == other


def test_laboratory_work_is_mechanism_whatever_the_disease(data: Dataset) -> None:
    record = study(None, [], design="laboratory", evidence_kind="in_vitro", keys=[])
    assert grade(data.rules, data.vocabulary, record, None, None) == "OCEBM 5"
    cancer = ProductKey(cell_type=("nk",), indication=("aml",))
    assert grade(data.rules, data.vocabulary, record, None, cancer) == "OCEBM 5"


def test_a_study_named_without_a_result_is_graded_by_its_design(data: Dataset) -> None:
    named = rct(BETTER)
    key = complete_record(data.vocabulary, bare(named.keys[0]), "abstract")
    assert grade(data.rules, data.vocabulary, named, named.keys[0], key) == "PDQ 1"
    uncompared = rct(finding(), key={"control": None})
    assert grade(data.rules, data.vocabulary, uncompared, uncompared.keys[0], key) == "PDQ 3"


# ---------------------------------------------------------------------- a judgement


def judged(
    data: Dataset, indication: tuple[str, ...], *records: Study, universal: bool = False
) -> tuple[Base, Judgement]:
    base = Base(world(data, *records), DAY)
    query = Query(
        ProductKey(cell_type=("nk",), indication=indication), Wanted(("survival", "response"), False), universal
    )
    return base, BenefitJudge(base).judge(query, "US")


def test_the_best_supporting_study_counts_even_below_the_level_reached(data: Dataset) -> None:
    planned = study(
        {"control": "chemotherapy"},
        [finding(direction="better", outcome="survival", endpoint_kind="os")],
        design="nonrandomised-controlled",
        phase=None,
    )
    status = judge(data, claim(), study(phase="PHASE2"), planned)
    assert (status.result.level, status.result.strength) == ("T2s", "PDQ 2A")


def test_a_narrower_disease_lends_no_strength_to_a_claim_about_all(data: Dataset) -> None:
    direct, narrower = study({"indication": ["leukaemia"]}), rct()
    for universal, expected in ((True, "PDQ 3Div"), (False, "PDQ 1Div")):
        assert strength(*judged(data, ("leukaemia",), direct, narrower, universal=universal)) == expected


def test_two_scales_are_both_printed_and_never_compared(data: Dataset) -> None:
    cancer, other = study(), study(COVID)
    assert strength(*judged(data, (), cancer, other)) == "PDQ 3Div; OCEBM 4"
    assert strength(*judged(data, (), cancer, study(COVID, phase="PHASE2"))) == "OCEBM 4"


def test_what_is_retracted_or_negative_or_of_other_cells_lends_no_strength(data: Dataset) -> None:
    retracted = rct(integrity="retracted", integrity_date="2020-01-01")
    others = (retracted, rct(key={"cell_type": ["cik"]}), rct(finding(direction="no_difference")))
    assert judge(data, claim(), study(phase="PHASE3"), *others).result.strength == "PDQ 3Div"
    assert judge(data, claim(), failed()).result.strength == ""


def test_a_failure_in_a_broader_disease_counts_where_it_decided(data: Dataset) -> None:
    _, found = judged(data, ("aml",), failed({"indication": ["leukaemia"]}))
    assert found.level == "X"
    assert direction(found.items) == "none"
    assert direction(found.items, found.deciding.used) == "negative: 1"


def test_arms_of_one_study_and_papers_of_one_trial_are_one_group(data: Dataset) -> None:
    first = study(registry_ids=["NCT00000001"])
    second = study(registry_ids=["NCT00000001"])
    assert judge(data, claim(), first, second, study()).result.direction == "positive: 2"
    assert judge(data, claim(), first, failed(registry_ids=["NCT00000001"])).result.direction == "negative: 1"


# ---------------------------------------------------------------------- the file itself


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  css: {pdq: B", "  #css: {pdq: B", "no row for this kind of endpoint"),
        ("  biomarker: {graded", "  #biomarker: {graded", "no row for this outcome"),
        ("level: Diii, wording", "level: Dx, wording", "is not in levels"),
        (
            "level: A, wording: 'Death from any cause, or overall survival', source: pdq-endpoints",
            "level: A, wording: x, source: nowhere",
            "is not in sources",
        ),
        ("without_comparison: single-arm", "without_comparison: two-arm", "no such design"),
    ],
)
def test_a_gap_in_the_table_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    shutil.copytree(ROOT / "data" / "rules", tmp_path / "rules")
    path = tmp_path / "rules" / "strength.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load_rules(tmp_path)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [("  cohort: {", "  kohort: {", "cohort"), ("  cohort: {", "  #cohort: {", "no row in designs")],
)
def test_a_study_design_without_a_row_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    root = tmp_path / "data"
    shutil.copytree(ROOT / "data", root)
    path = root / "rules" / "strength.yml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load(root)
    assert message in str(caught.value)
