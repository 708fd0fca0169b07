"""Which way a result went, what is called a gain without being one, and primary endpoints."""

from __future__ import annotations

import pytest

from kb.tag.comparisons import judge, significance
from kb.tag.findings import Findings, load_findings
from kb.tag.tags import Direction, Finding
from kb.vocabulary import Vocabulary
from tests.conftest import DATA
from tests.unit.test_tag_findings import read


@pytest.fixture(scope="module")
def reader(vocabulary: Vocabulary) -> Findings:
    return load_findings(DATA, vocabulary)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The 2-year OS was 60% in the NK group vs 46% in the control group (P = 0.02).", "better"),
        ("The 2-year OS was 46% in the control group vs 60% in the NK group (P = 0.02).", "better"),
        ("The 2-year OS was 46% in the NK group vs 60% in the control group (P = 0.02).", "worse"),
        ("The 2-year PFS rate in the NK versus control groups was 62.5% versus 26.7% (P = 0.022).", "better"),
        (
            "In poorly differentiated tumours PFS in the NK versus control groups was 56% versus 28% (P = 0.005).",
            "better",
        ),
        ("Grade 3 or 4 infections were more common with NK cells than without (28% vs 10%; P = 0.02).", "worse"),
        ("Relapse was lower with NK cells than without (4% vs 38%, P = 0.01).", "better"),
        ("Relapse was higher in controls than in patients given NK cells (P = 0.01).", "better"),
        ("Overall survival was shorter with cell therapy than with chemotherapy alone (P = 0.01).", "worse"),
        ("Grade 3-4 infections were more frequent with NK cells than with placebo (P = 0.01).", "worse"),
        ("Overall survival did not differ between the groups.", "no_difference"),
        ("Overall survival was improved over chemotherapy alone (P = 0.36).", "no_difference"),
        ("Overall survival was similar in both groups (HR 1.04; 95% CI 0.71-1.51).", "no_difference"),
        ("OS was longer with NK cells than with placebo (HR 0.8; 95% CI 0.6-1.1).", "no_difference"),
        ("OS with NK cells compared with placebo: HR 0.6; 95% CI 0.4-0.9.", "better"),
        ("DFS was 97% with NK cells, non-inferior to 98% with chemotherapy (P < 0.01).", "no_difference"),
        ("NK cells failed to improve overall survival compared with placebo.", "no_difference"),
        ("The treatment did not improve DFS and OS.", "no_difference"),
        ("The response rate was 45%.", "not_comparative"),
        ("The quality of life score rose after treatment compared with baseline (P = 0.01).", "not_comparative"),
        ("Complete responses were seen in more than 5 of 9 patients (56%).", "not_comparative"),
    ],
)
def test_direction(reader: Findings, text: str, expected: Direction) -> None:
    found = read(reader, text)
    assert {f.direction for f in found} <= {expected, "not_comparative"}, [(f.endpoint, f.rule) for f in found]
    if expected != "not_comparative":
        told = [f for f in found if f.direction != "not_comparative"]
        assert [f.direction for f in told] == [expected] * len(told)
        assert told or not found


def test_two_results_go_two_ways(reader: Findings) -> None:
    text = "Response was higher with NK cells (60% vs 40%, P = 0.01), but overall survival did not differ (P = 0.4)."
    ways = {f.outcome: f.direction for f in read(reader, text) if f.percent != 40}
    assert ways == {"response": "better", "survival": "no_difference"}


def test_a_rule_is_named() -> None:
    finding = Finding("abstract", 0, 0, endpoint="overall survival", outcome="survival", p="0.36")
    text = "Overall survival was improved with cells versus placebo (P = 0.36)."
    assert judge(text, finding) == ("no_difference", "P not below 0.05")


@pytest.mark.parametrize(
    ("text", "spin"),
    [
        ("OS was improved in the CIK group compared with controls (P = 0.36).", True),
        ("The combination prolonged OS compared with sorafenib (15.1 vs 13.0 months, P = 0.19).", True),
        ("OS was improved in the CIK group compared with controls (P = 0.04).", False),
        ("There was a trend toward improved OS compared with controls (P = 0.07).", False),
        ("OS was not improved in the CIK group compared with controls (P = 0.36).", False),
        ("In higher-risk patients OS was 85% vs 92% in controls (P = 0.36).", False),
    ],
)
def test_spin(reader: Findings, text: str, spin: bool) -> None:
    assert any("spin" in f.flags for f in read(reader, text)) is spin


@pytest.mark.parametrize(
    ("p", "expected"),
    [
        ("<0.001", True),
        ("<0.05", True),
        ("<.1", None),
        ("0.049", True),
        ("0.05", False),
        (">0.05", False),
        ("ns", False),
        ("3×10^-4", True),
        ("", None),
    ],
)
def test_below_five_percent(p: str, expected: bool | None) -> None:
    assert significance(p) is expected


def test_historical_controls_and_subgroups(reader: Findings) -> None:
    found = read(reader, "OS was longer than in historical controls (P = 0.01).")
    assert found[0].flags == ("historical_control",)
    found = read(reader, "In the subgroup without antibodies, relapse was 0%.")
    assert "subgroup" in found[0].flags
    assert "subgroup" not in read(reader, "In patients with leukaemia, relapse was 10%.")[0].flags


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("The primary endpoint was met.", True),
        ("The primary end point was not met.", False),
        ("The trial failed to meet its primary endpoint.", False),
        ("The study met its primary endpoint of progression-free survival (HR 0.68, P=0.007).", True),
        ("The study missed its primary endpoint.", False),
    ],
)
def test_primary_endpoint(reader: Findings, text: str, met: bool) -> None:
    found = [f for f in read(reader, text) if f.is_primary]
    assert [f.met for f in found] == [met]


def test_the_primary_endpoint_is_told_apart(reader: Findings) -> None:
    (found,) = read(reader, "The primary endpoint, 2-year disease-free survival, was 97%.")
    assert (found.is_primary, found.met, found.percent) == (True, None, 97)
    (found,) = read(reader, "A secondary endpoint, overall survival, was 60%.")
    assert found.is_primary is False
    assert read(reader, "Overall survival was 60%.")[0].is_primary is None


def sides(reader: Findings, text: str) -> list[tuple[str, Direction, str]]:
    return [(f.value or f"{f.percent:g}", f.direction, f.p) for f in read(reader, text) if f.value or f.percent]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Direction and P stand with the treated group's figure, wherever it is printed.
        (
            "PFS was longer with CAR-NK cells than with placebo (8.1 vs 5.0 months, P = 0.03).",
            [("8.1", "better", "0.03"), ("5.0", "not_comparative", "")],
        ),
        (
            "Relapse was seen in 40% of controls versus 22% of patients given NK cells (P = 0.03).",
            [("40", "not_comparative", ""), ("22", "better", "0.03")],
        ),
        (
            "ORR and DCR were higher in the CIK group (52% and 85%) compared with controls (11% and 33%).",
            [("52", "better", ""), ("11", "not_comparative", ""), ("85", "better", ""), ("33", "not_comparative", "")],
        ),
        # Of three groups none is known to be the one that counts.
        (
            "The OS was 17.6, 6.7 and 13.9 months, longer with low dose than with high dose and placebo (P = 0.01).",
            [("17.6", "not_comparative", "0.01"), ("6.7", "not_comparative", ""), ("13.9", "not_comparative", "")],
        ),
        # Without a test figures do not differ; nor is it known whose they are where no group is named.
        (
            "Median OS was 7.2 vs 4.1 months with NK cells and without.",
            [("7.2", "not_comparative", ""), ("4.1", "not_comparative", "")],
        ),
        ("OS was 78% versus 87% (P = 0.001).", [("78", "not_comparative", "0.001"), ("87", "not_comparative", "")]),
        # The test of the endpoint holds for its figures.
        (
            "Response was higher with NK cells than alone (31% vs 13%; odds ratio 2.9; P = 0.052).",
            [("31", "no_difference", ""), ("13", "not_comparative", "")],
        ),
        # A trend without a P value is no difference.
        (
            "There was a tendency to fewer relapses with NK cells than in controls (10% vs 24%).",
            [("10", "no_difference", ""), ("24", "not_comparative", "")],
        ),
    ],
)
def test_one_side_carries_direction_and_p(
    reader: Findings, text: str, expected: list[tuple[str, Direction, str]]
) -> None:
    assert sides(reader, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "A high NK cell count was associated with longer overall survival (HR 0.48; 95% CI 0.30-0.77).",
        "Higher expression of NKp30 on donor cells predicted complete remission (hazard ratio 5.6; P = 0.01).",
        "Patients with a KIR mismatch had better event-free survival than those without mismatch (P = 0.02).",
        "Overall survival was longer in responders than in non-responders (14 vs 5 months, P = 0.001).",
        "Patients with a complex karyotype were compared with other patients: OS was shorter (HR 2.4; P < 0.001).",
        "In comparison to patients with low counts, those with high counts had longer overall survival (P = 0.01).",
        "All received chemotherapy; a high NK cell count was associated with longer survival (HR 0.5; P = 0.01).",
        "Superior survival was noted in children <10 years of age (P = 0.03).",
    ],
)
def test_a_trait_is_no_treatment(reader: Findings, text: str) -> None:
    assert {f.direction for f in read(reader, text)} <= {"not_comparative"}


def test_a_treatment_may_be_associated_as_well(reader: Findings) -> None:
    text = "CIK cell therapy was associated with longer overall survival (HR 0.48; 95% CI 0.30-0.77)."
    assert [f.direction for f in read(reader, text)] == ["better"]


def test_each_endpoint_has_the_word_beside_it(reader: Findings) -> None:
    text = "Compared with controls, NK cells decreased early deaths, improved survival, and led to superior RFS."
    assert {f.direction for f in read(reader, text)} == {"better"}


def test_a_question_and_the_people_looked_at_are_no_results(reader: Findings) -> None:
    assert read(reader, "We evaluated whether NK cells increased the CR rate compared with chemotherapy.") == []
    text = "NK cells improved overall survival compared with placebo in patients who achieved complete remission."
    assert [f.outcome for f in read(reader, text)] == ["survival"]
