"""Figures that look like results, or belong to another group or time than the nearest one."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.tag.findings import Findings, load_findings
from kb.tag.record import Passage
from kb.tag.sentences import sentences
from kb.tag.tags import Finding
from kb.vocabulary import load_vocabulary

DATA = Path(__file__).resolve().parents[2] / "data"


@pytest.fixture(scope="module")
def reader() -> Findings:
    return load_findings(DATA, load_vocabulary(DATA))


def read(reader: Findings, text: str) -> list[Finding]:
    passage = Passage("abstract", "abstract", text)
    return reader.of(passage, list(sentences(passage)))


@pytest.mark.parametrize(
    "text",
    [
        "Toxicity was grade 1 (24%), 2 (67%) and 3 (9%).",
        "There was a decrease in grades 2 to 4 and 3 to 4 acute GVHD.",
        "Six patients were in complete remission at the time of infusion.",
        "One patient had rapid disease progression before treatment.",
        "Six patients died of progression (n = 5) or sepsis.",
        "Median length of hospitalization was 2 days.",
    ],
)
def test_no_count_of_people_is_made_up(reader: Findings, text: str) -> None:
    outcomes = ("response", "relapse", "safety")
    found = [f for f in read(reader, text) if f.outcome in outcomes and f.event != "death" and (f.n or f.value)]
    assert found == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "OS was longer in the CIK group than in the control group (56.6% vs 26.8%, P = 0.01).",
            [(56.6, "CIK group"), (26.8, "control group")],
        ),
        ("OS was 56% (40-70) in the CIK group and 26% (20-40) for others.", [(56, "CIK group"), (26, "")]),
        ("ORR was 46% for the whole cohort including CR in 5 of 7 (71%).", [(46, ""), (71, "")]),
    ],
)
def test_groups_of_figures(reader: Findings, text: str, expected: list[tuple[float, str]]) -> None:
    arms = [(f.percent, f.arm) for f in read(reader, text)]
    assert [(percent, "" if arm == "whole cohort" else arm) for percent, arm in arms] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "OS was 98 vs 81% after 1 year and 86 vs 73% after 5 years.",
            [(98, "1 year"), (81, "1 year"), (86, "5 years"), (73, "5 years")],
        ),
        (
            "Of 26 patients, 36% had NK cell expansion at day 14, and 32% achieved complete remission.",
            [(36, "day 14"), (32, "")],
        ),
        ("The cells extended overall survival by 6 months vs placebo: 37% vs 19%.", [(37, ""), (19, "")]),
    ],
)
def test_times_of_figures(reader: Findings, text: str, expected: list[tuple[float, str]]) -> None:
    assert [(f.percent, f.time_point) for f in read(reader, text) if f.percent] == expected


def test_times_in_a_row_are_no_values(reader: Findings) -> None:
    text = "NK cells lowered recurrence at 1 year (RR 0.64, 95% CI 0.49-0.82) and 3 years (RR 0.85, 95% CI 0.79-0.91)."
    assert {f.value for f in read(reader, text)} == {""}


def test_endless_rows_of_figures_and_names_are_left_alone(reader: Findings) -> None:
    for unit in ("5 of 9 patients responded, ", "ORR ", "1", "CRS (n = 1), "):
        assert read(reader, f"Response {unit * 100}.") == []


def test_the_words_of_an_endpoint(reader: Findings) -> None:
    text = "Complete remission or complete remission with incomplete count recovery was achieved in 5 of 9 patients."
    assert read(reader, text)[0].endpoint == text[: text.index(" was")]
    text = "The response rate (complete remission and CRi) was higher with NK cells than alone (31% vs 13%, P = 0.01)."
    assert [f.endpoint for f in read(reader, text)] == ["response rate", "response rate"]


def test_what_is_denied_of_some_is_not_denied_of_their_remission(reader: Findings) -> None:
    text = "No residual disease was found in 80% of the patients who achieved complete remission."
    assert not [f for f in read(reader, text) if f.assertion == "absent"]


def test_earlier_studies_as_a_measure_leave_the_result_present(reader: Findings) -> None:
    found = read(reader, "Remission was more frequent than in previous trials (40%).")
    assert [(f.assertion, f.flags) for f in found] == [("present", ("historical_control", "no_denominator"))]


def test_a_unit_printed_once_is_of_both(reader: Findings) -> None:
    text = "Median OS and PFS were 6.0 (range 0.9-19.3) and 1.1 months (range 0.7-19.3), respectively."
    assert [(f.value, f.unit) for f in read(reader, text)] == [("6.0", "months"), ("1.1", "months")]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (
            "Mortality with NK cells and without was 6% and 10% through day 30 and 14% and 21% through day 60.",
            {6, 10, 14, 21},
        ),
        ("The regimen did not reduce relapse but did increase colitis (RR 1.96, 95% CI 1.3-2.9, P < 0.001).", set()),
        ("A score above 5 had a CR rate of 78% and a negative predictive value of 87%.", {78}),
        ("A subset of 40 patients had samples, and complete remission was seen in 78%.", {78}),
    ],
)
def test_figures_of_other_things_are_not_taken(reader: Findings, text: str, numbers: set[int]) -> None:
    found = read(reader, text)
    assert {f.percent for f in found if f.percent is not None} == numbers
    assert not [f for f in found if f.ratio is not None or (not numbers and f.p) or f.n_total is not None]


def test_a_denial_of_some_kinds_is_no_denial_of_all(reader: Findings) -> None:
    found = read(reader, "No thrombotic or haemorrhagic adverse events were observed.")
    assert [(f.endpoint, f.event) for f in found] == [("thrombotic or haemorrhagic adverse events", "")]
    assert [f.event for f in read(reader, "No adverse events were observed.")] == ["any-harm"]


def test_the_people_looked_at_are_not_those_with_the_event(reader: Findings) -> None:
    found = read(reader, "At two years the overall survival of the 105 patients was 93%.")
    assert [(f.n, f.n_total, f.percent) for f in found] == [(None, 105, 93)]


@pytest.mark.parametrize("cells", ["NK", "CIK", "CAR-NK", "LAK"])
def test_any_cells_are_a_group_and_their_infusion_a_beginning(reader: Findings, cells: str) -> None:
    text = f"Complete remission was 60% with {cells} cells and 40% with placebo."
    assert [one.arm for one in read(reader, text)] == [f"{cells} cells", "placebo"]
    for before in (f"before {cells} infusion", f"before the {cells} cell infusion", f"prior to {cells}-cell therapy"):
        assert read(reader, f"Six of 12 patients were in remission {before}.") == []


def test_a_time_is_not_carried_into_a_new_clause(reader: Findings) -> None:
    text = "Remission at 6 months was 60%; 20% had a relapse."
    assert [one.time_point for one in read(reader, text)] == ["6 months", ""]
