"""Results of one sentence: each figure with its endpoint, and nothing that is not there."""

from __future__ import annotations

from typing import Any

import pytest

from kb.tag.findings import Findings, load_findings
from kb.tag.record import Passage
from kb.tag.sentences import sentences
from kb.tag.tags import Finding
from kb.vocabulary import Vocabulary
from tests.conftest import DATA


@pytest.fixture(scope="module")
def reader(vocabulary: Vocabulary) -> Findings:
    return load_findings(DATA, vocabulary)


def read(reader: Findings, text: str, label: str = "") -> list[Finding]:
    passage = Passage("abstract", "abstract", text, label)
    return reader.of(passage, list(sentences(passage)))


def one(reader: Findings, text: str) -> Finding:
    found = read(reader, text)
    assert len(found) == 1, found
    return found[0]


def short(finding: Finding) -> tuple[int | None, int | None, float | None]:
    return finding.n, finding.n_total, finding.percent


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nine of 17 evaluable patients (52.9%) responded.", (9, 17, 52.9)),
        ("Objective responses were seen in 5/9 patients (55.6%).", (5, 9, 55.6)),
        ("The response rate was 62.1% [18/29].", (18, 29, 62.1)),
        ("Five (55.6%) of nine patients achieved complete remission.", (5, 9, 55.6)),
        ("Three of the eleven patients had a partial response.", (3, 11, None)),
        ("All 12 patients achieved remission.", (12, 12, None)),
        ("Remission was reached by one hundred twenty of 150 patients (80%).", (120, 150, 80)),
        ("Of 17 treated patients, nine (53%) responded.", (9, 17, 53)),
        ("Two remissions were seen among 15 evaluable patients.", (2, 15, None)),
        ("In 42 patients, remission was seen in 21%.", (None, 42, 21)),
        ("Complete remission was noted in 68% of 31 patients.", (None, 31, 68)),
        ("A response was recorded in four participants.", (4, None, None)),
        ("Six of 20 patients died.", (6, 20, None)),
        ("The ORR was 45% (95% CI 30-60).", (None, None, 45)),
    ],
)
def test_people_and_percentages(reader: Findings, text: str, expected: tuple[int | None, int | None, float]) -> None:
    assert short(one(reader, text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Patients received 4 of 5 planned doses.",
        "The CD4/CD8 ratio was 1/2 in the phase 1/2 trial.",
        "Donors were 5/6 HLA matched and care was given 24/7.",
        "Patients were enrolled between 2014 and 2019 at 5 of 7 centres.",
        "Twenty patients (median age 54 years, range 19-71) were enrolled.",
        "We treated 30 patients at high risk of relapse.",
        "The median follow-up was 21 months (range, 3-40).",
        "Cells were cultured with 5% human serum.",
        "Responses were graded by the criteria of 2006.",
        "A power of 80% was planned to show an overall survival of 45%.",
        "The primary end point was overall survival at 24 months.",
        "Approximately 50% of patients die within 6 months.",
        "Overall survival was compared between 20 patients and 30 controls.",
        "Five of 9 mice responded.",
        "",
    ],
)
def test_no_result(reader: Findings, text: str) -> None:
    assert [f for f in read(reader, text) if f.assertion == "present"] == []


@pytest.mark.parametrize(
    "text",
    [
        "Four of 5 patients had no clinical benefit.",
        "All but 3 patients achieved remission.",
        "Responses were seen in patients with a score of 50% or higher.",
        "Eighty percent of the patients who achieved remission were older than 60 years.",
    ],
)
def test_a_count_of_the_others_is_no_count(reader: Findings, text: str) -> None:
    assert all(f.n is None and f.percent is None and f.assertion == "present" for f in read(reader, text))


def test_evaluable_enrolled_treated(reader: Findings) -> None:
    assert one(reader, "Nine of 17 evaluable patients responded.").n_basis == "evaluable"
    assert one(reader, "Nine of 17 enrolled patients responded.").n_basis == "enrolled"
    assert one(reader, "Nine of the 17 treated patients responded.").n_basis == "treated"
    assert one(reader, "Nine of 17 patients responded.").n_basis == ""
    found = one(reader, "Of 20 enrolled patients, 17 were evaluable; 9 of 17 responded.")
    assert (found.n, found.n_total, found.n_basis) == (9, 17, "evaluable")


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("Seventeen patients were evaluable. Nine responded.", 17),
        ("We treated 17 patients. Of these, nine responded.", 17),
        ("Seventeen patients were enrolled. Nine responded.", None),  # perhaps not all of them were looked at
        ("We treated 17 patients and 8 controls. Of these, nine responded.", None),
        ("Five patients were evaluable. Nine responded.", None),
    ],
)
def test_the_sentence_before_gives_the_denominator_only_when_sure(
    reader: Findings, text: str, total: int | None
) -> None:
    found = [f for f in read(reader, text) if f.n == 9]
    assert [(f.n, f.n_total) for f in found] == [(9, total)]


def test_marks_of_doubt(reader: Findings) -> None:
    assert one(reader, "The response rate was 62%.").flags == ("no_denominator",)
    assert one(reader, "Five of 9 patients (65%) responded.").flags == ("percent_mismatch",)
    assert one(reader, "Five of 9 patients (55%) responded.").flags == ()  # cut off, not rounded
    assert one(reader, "Five of 9 patients (56%) responded.").flags == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Median OS was 12.4 months (95% CI, 8.1–16.0 months).", ("12.4", "months", 8.1, 16.0, 95)),
        ("Median PFS was 7.2 weeks [95% confidence interval: 4.1 to 9.3].", ("7.2", "weeks", 4.1, 9.3, 95)),
        ("The median overall survival was 8 (90% CI 5 to 11) months.", ("8", "months", 5, 11, 90)),
        ("Median OS was 12.2 months (95% CI 6.0-not reached).", ("12.2", "months", 6.0, None, 95)),
        ("Median survival was not reached.", ("not reached", "", None, None, None)),
        ("The relapse rate was 0.39 (95% CI 0.18-0.60).", ("0.39", "", 0.18, 0.6, 95)),
        ("Median time to recurrence was 13.6 (IQR 6.5–25.2) mo.", ("13.6", "months", None, None, None)),
    ],
)
def test_values_with_intervals(reader: Findings, text: str, expected: tuple[Any, ...]) -> None:
    found = one(reader, text)
    assert (found.value, found.unit, found.low, found.high, found.level) == expected


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("OS was longer with NK cells (HR 0.62; 95% CI 0.44-0.88; P = .007).", "hazard", (0.62, 0.44, 0.88, ".007")),
        ("Response favoured NK cells (odds ratio [OR], 2.8; 95% CI, 1.1 to 7.3).", "odds", (2.8, 1.1, 7.3, "")),
        ("Relapse was rarer with NK cells (RR = 0·5, 95% CI 0·3-0·9, p&lt;0·01).", "risk", (0.5, 0.3, 0.9, "<0.01")),
        ("OS was longer with cells (hazard ratio for death, 0.7; 95% CI 0.5, 0.9).", "hazard", (0.7, 0.5, 0.9, "")),
    ],
)
def test_ratios(reader: Findings, text: str, kind: str, expected: tuple[Any, ...]) -> None:
    found = one(reader, text)
    assert found.ratio_kind == kind
    assert (found.ratio, found.low, found.high, found.p) == expected


@pytest.mark.parametrize(
    ("printed", "p"),
    [("P = .04", ".04"), ("p<0.001", "<0.001"), ("P less than .05", "<.05"), ("p=NS", "ns"), ("P≥0.1", ">=0.1")],
)
def test_p_values(reader: Findings, printed: str, p: str) -> None:
    assert one(reader, f"Overall survival was longer with NK cells than with placebo ({printed}).").p == p


def test_a_p_value_stands_with_the_treated_groups_figure_of_its_own_comparison(reader: Findings) -> None:
    text = "The ORR was 60% vs 46% (P = 0.02), and the 2-year OS was 50% vs 48% (P = 0.6)."
    assert [(f.percent, f.p) for f in read(reader, text)] == [(60, "0.02"), (46, ""), (50, "0.6"), (48, "")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The 2-year OS was 45%.", "2 years"),
        ("OS was 45% at 1 year.", "1 year"),
        ("One-year survival was 45%.", "1 year"),
        ("At day +28, 4 of 8 patients were in remission.", "day 28"),
        ("Remission was seen in 4 of 8 patients at 6 mo.", "6 months"),
        ("OS was 45%.", ""),
        ("At a median 7.6-month follow-up, OS was 45%.", ""),
    ],
)
def test_time_points(reader: Findings, text: str, expected: str) -> None:
    assert one(reader, text).time_point == expected


def test_lists_pair_up(reader: Findings) -> None:
    text = "The 1-, 2- and 3-year OS rates were 80%, 60% and 45%, respectively."
    assert [(f.time_point, f.percent) for f in read(reader, text)] == [("1 year", 80), ("2 years", 60), ("3 years", 45)]
    text = "Median PFS and OS were 5.6 and 12.3 months, respectively."
    assert [(f.endpoint, f.value) for f in read(reader, text)] == [("PFS", "5.6"), ("OS", "12.3")]
    text = "Median PFS was 8.1 and 5.0 months in the NK and control groups, respectively."
    assert [(f.arm, f.value) for f in read(reader, text)] == [("NK", "8.1"), ("control", "5.0")]


def test_a_bracket_about_others_is_no_denominator(reader: Findings) -> None:
    found = read(reader, "CRS was seen in 56% of patients (with neurotoxicity in 5 of 9 patients).")
    assert [(f.event, short(f)) for f in found] == [("crs", (None, None, 56)), ("neurotoxicity", (5, 9, None))]


def test_a_time_stays_with_its_endpoint(reader: Findings) -> None:
    text = "NK-cell expansion at day 14 was seen in 27% of the patients, and 40% achieved remission."
    assert {f.outcome: f.time_point for f in read(reader, text)} == {"feasibility": "day 14", "response": ""}


def test_lists_that_do_not_pair_are_left_out(reader: Findings) -> None:
    text = "PFS, OS and relapse were 50%, 60%, 20% and 10%, respectively."
    assert [f.percent for f in read(reader, text)] == []


def test_several_results_in_a_sentence(reader: Findings) -> None:
    text = "Two patients achieved a complete response, one a partial response, and three had stable disease."
    found = {f.endpoint: f.n for f in read(reader, text)}
    assert found["complete response"] == 2
    assert found["stable disease"] == 3


def test_groups(reader: Findings) -> None:
    text = "The ORR was 60.0% in the NK group and 46.1% in the control group (P = 0.02)."
    assert [(f.arm, f.percent) for f in read(reader, text)] == [("NK group", 60.0), ("control group", 46.1)]
    text = "OS was longer in group A than in group B (15.5 vs 13.3 months)."
    assert "group B" not in [f.arm for f in read(reader, text) if f.value == "15.5"]


def test_change_is_no_share_of_people(reader: Findings) -> None:
    found = one(reader, "Viral load was reduced by 40%.")
    assert (found.percent, found.value, found.unit) == (None, "40", "%")


def test_only_results_are_read(reader: Findings) -> None:
    assert read(reader, "The response rate was 62%.", "METHODS") == []
    assert read(reader, "The response rate was 62%.", "RESULTS") != []
    passage = Passage("eligibility", "eligibility", "Response rate of 62%.")
    assert reader.of(passage, list(sentences(passage))) == []


def test_earlier_work_is_history(reader: Findings) -> None:
    assert one(reader, "In a previous trial, 5 of 9 patients responded.").assertion == "historical"
    assert one(reader, "Without treatment, median survival is about 6 months.").assertion == "historical"


def test_places_and_order(reader: Findings) -> None:
    text = "Nothing. Five of 9 patients responded. OS was 10 months."
    found = read(reader, text)
    assert [text[f.start : f.end] for f in found] == ["Five of 9 patients responded.", "OS was 10 months."]
    assert read(reader, text) == found


PIECES = [
    "5 of ",
    "(95% CI ",
    "60% vs ",
    "PFS and ",
    "1, ",
    "( ",
    "P = ",
    "grade 3 ",
    "no ",
    "GvHD, ",
    "one patient with ",
]


@pytest.mark.parametrize("piece", PIECES)
def test_hostile_text_ends(reader: Findings, piece: str) -> None:
    # A pattern that explodes would never come back from these; what is no sentence any more is not read.
    assert read(reader, piece * 5000 + "responded.") == []
    short_enough = piece * (2900 // len(piece)) + "responded."
    assert read(reader, short_enough) == read(reader, short_enough)
