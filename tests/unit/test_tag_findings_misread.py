"""Sentences that were once read as something they do not say: a wrong row is worse than none."""

from __future__ import annotations

from typing import Any

import pytest

from kb.tag.findings import Findings, load_findings
from kb.tag.tags import Finding
from kb.vocabulary import Vocabulary
from tests.conftest import DATA
from tests.unit.test_tag_findings import read


@pytest.fixture(scope="module")
def reader(vocabulary: Vocabulary) -> Findings:
    return load_findings(DATA, vocabulary)


def rows(found: list[Finding], *fields: str) -> list[tuple[Any, ...]]:
    return [tuple(getattr(one, field) for field in fields) for one in found]


@pytest.mark.parametrize(
    "text",
    [
        "The average ± SD of oxygen saturation was 91.5 ± 2.8 %.",
        "Sixty people (mean age 57 (SD 6), 52% women) were randomised.",
        "More colloid was given with the device (1,950 SD 870 ml versus 1,210 SD 890 ml; p < 0.001).",
    ],
)
def test_a_standard_deviation_is_no_stable_disease(reader: Findings, text: str) -> None:
    assert read(reader, text) == []


def test_stable_disease_beside_other_responses_stays(reader: Findings) -> None:
    text = "After a mean of 3 months there were 3 PR (15%), 5 SD (25%) and 2 PD (10%)."
    assert rows(read(reader, text), "endpoint", "n", "percent") == [("PR", 3, 15), ("SD", 5, 25), ("PD", 2, 10)]
    text = "Results were PR 3 (15%), SD 5 (25%), PD 2 (10%)."
    assert rows(read(reader, text), "endpoint", "n", "percent") == [("PR", 3, 15), ("SD", 5, 25), ("PD", 2, 10)]


@pytest.mark.parametrize(
    "text",
    [
        "Freedom from relapse was 70% at 2 years.",
        "Freedom from relapse was higher with NK cells than with chemotherapy alone (70% vs 50%, P = 0.02).",
        "The non-progression rate was 60% (12/20).",
        "Non-response was seen in 5 of 20 patients.",
        "Grade 3 non-hematological toxicities occurred in four patients.",
        "Non-remission was seen in 40% of patients.",
        "Non-fatal events were seen in 5 of 20 patients.",
        "Response was absent in 5 of 20 patients.",
        "Response was not observed in 5 of 20 patients.",
        "Loss of response was seen in 5 of 20 patients.",
        "No relapse was seen in 15 of 20 patients.",
        "Survival without GVHD was 40%.",
        "Absence of GVHD was noted in 70% of patients.",
        "In the NK group, 13 patients (87%) were seizure-free.",
    ],
)
def test_the_opposite_of_a_name_is_no_result_of_it(reader: Findings, text: str) -> None:
    assert read(reader, text) == []


def test_the_opposite_of_a_name_keeps_its_figure(reader: Findings) -> None:
    text = "Freedom from relapse was 70%, and overall survival was 80%."
    assert rows(read(reader, text), "endpoint", "percent") == [("overall survival", 80)]
    assert rows(read(reader, "Complete remission with non-response of 40% was rare."), "percent") == []


def test_names_that_hold_a_denial_of_their_own_stay(reader: Findings) -> None:
    for text in (
        "Relapse-free survival was 70%.",
        "Non-relapse mortality was 70%.",
        "They were free of relapse in 70%.",
    ):
        assert rows(read(reader, text), "percent") == [(70,)]
    assert rows(read(reader, "No relapse was seen in 0 of 12 patients."), "n", "n_total") == [(0, 12)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Five of the next 12 patients responded.", [(5, 12)]),
        ("Three of the other 5 patients responded.", [(3, 5)]),
        ("Responses were seen in 4 of the subsequent 9 patients.", [(4, 9)]),
        ("Two of an additional 10 patients responded.", [(2, 10)]),
        ("Six of the evaluable 9 responded.", [(6, 9)]),
        ("Two of his 5 patients responded.", [(2, 5)]),
        ("Four of the last eight responded.", [(4, 8)]),
        ("Of the next 12 patients, five responded.", [(5, 12)]),
        ("Five of the youngest 12 patients responded.", []),
        ("Five of the youngest 12 responded.", []),
    ],
)
def test_a_denominator_is_no_numerator(reader: Findings, text: str, expected: list[tuple[int, int]]) -> None:
    assert rows(read(reader, text), "n", "n_total") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Grade 3 or worse infection was seen in 40% of the NK group and in 42% of the control group.",
            "not_comparative",
        ),
        ("Grade 3 or higher infection was rarer in the NK group than in controls (13% vs 29%; P = 0.04).", "better"),
        ("Grade 3 or worse infections were lower with NK cells than in controls (18% vs 33%, P = 0.04).", "better"),
        ("One or more infections were less frequent with NK cells than in controls (18% vs 33%, P = 0.04).", "better"),
    ],
)
def test_a_limit_is_no_verdict(reader: Findings, text: str, expected: str) -> None:
    assert read(reader, text)[0].direction == expected


@pytest.mark.parametrize(
    ("text", "percents"),
    [
        (
            "The ORR was 60% in the NK group and 45% in the control group (difference 15%; 95% CI 3-27; P = 0.02).",
            [60, 45],
        ),
        ("ORR was 60% versus 45% (absolute difference, 15%; 95% CI, 3% to 27%).", [60, 45]),
        ("ORR was 60% vs 45% (risk difference 15% [95% CI 3-27]).", [60, 45]),
        ("The difference in response rate was 15% (95% CI 3-27).", []),
        ("No difference in response was seen (35% vs 32%, P = 0.5).", [35, 32]),
        ("There was no significant difference: response 35% vs 32%.", [35, 32]),
    ],
)
def test_a_difference_is_no_groups_rate(reader: Findings, text: str, percents: list[float]) -> None:
    found = read(reader, text)
    assert [one.percent for one in found if one.percent] == percents
    assert all(one.low is None for one in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CRS occurred in 46% (grade 1, 33%).", [(46, (None, None)), (33, (1, 1))]),
        ("CRS was seen in 20% (grade 3, 5%).", [(20, (None, None)), (5, (3, 3))]),
        ("CRS of grade ≥ 2 versus 63% in controls was seen.", [(63, (2, None))]),
    ],
)
def test_a_grade_is_no_percentage(reader: Findings, text: str, expected: list[tuple[float, Any]]) -> None:
    assert rows(read(reader, text), "percent", "grade") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CRS occurred in 12 patients (grade 1 in 8, grade 2 in 3).", [(12, (None, None))]),
        ("CRS occurred in 9 patients (grade 1, n=5; grade 2, n=3).", [(9, (None, None))]),
        ("CRS occurred in 9 patients (5 grade 1, 3 grade 2).", [(9, (None, None))]),
        ("CRS occurred in 9 patients (all grade 1).", [(9, (1, 1))]),
        ("Grade 1 CRS occurred in 5 patients, grade 2 in 3 patients.", [(5, (1, 1)), (3, (2, 2))]),
        ("GVHD (grade 1 in 3, grade 2 in 2) occurred in 5 patients.", [(5, (None, None))]),
        ("Grade 1, 2, or 3 CRS occurred in 5 patients.", [(5, (None, None))]),
        ("GVHD of grades 1, 2, 3 occurred in 5 patients.", [(5, (None, None))]),
        ("Infection of grade 3 was seen in 4/30 and 9/31 patients.", [(4, (3, 3)), (9, (3, 3))]),
        (
            "CRS, grade 2 GVHD and fever occurred in 3, 4 and 5 patients, respectively.",
            [(3, (None, None)), (4, (2, 2)), (5, (2, 2))],
        ),
    ],
)
def test_a_grade_is_that_of_its_figure(reader: Findings, text: str, expected: list[tuple[int, Any]]) -> None:
    assert rows(read(reader, text), "n", "grade") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Response (CR + PR) was 45% (9 of 20).", [("Response", 9)]),
        ("The ORR (CR/PR) was 45% (9 of 20).", [("ORR", 9)]),
        ("The ORR (CR and PR) was 45% (9 of 20) and the CR rate 15% (3 of 20).", [("ORR", 9), ("CR rate", 3)]),
        ("Non-response (SD + PD) was seen in 45% (9 of 20).", []),
    ],
)
def test_what_a_bracket_explains_is_the_endpoint(reader: Findings, text: str, expected: list[tuple[str, int]]) -> None:
    assert rows(read(reader, text), "endpoint", "n") == expected


@pytest.mark.parametrize(
    "text",
    [
        "Adverse events were fatigue (n=5, 25%) and sneezing (n=3, 15%).",
        "Adverse events were fatigue 25%, sneezing 15%.",
        "Fatigue was seen in 25% of patients, sneezing in 15%.",
    ],
)
def test_a_harm_without_a_name_keeps_its_figure(reader: Findings, text: str) -> None:
    assert [one.percent for one in read(reader, text) if one.percent] == [25]


def test_groups_of_one_harm_go_on(reader: Findings) -> None:
    found = read(reader, "Fatigue was seen in 25% of the NK group, 20% of the IL-2 group and 15% of controls.")
    assert [one.percent for one in found] == [25, 20, 15]


def test_several_groups_are_no_arm(reader: Findings) -> None:
    text = "Remission was reached in 7/10, 5/9 and 2/8 patients in groups A, B and C, respectively."
    assert rows(read(reader, text), "n", "arm") == [(7, ""), (5, ""), (2, "")]
    assert {one.arm for one in read(reader, "Median OS in groups A and B was 20 and 15 months, respectively.")} == {""}


def test_a_unit_behind_the_last_interval_is_of_both(reader: Findings) -> None:
    text = "Median PFS and OS were 4.2 (95% CI 3.0-5.4) and 11.6 (95% CI 8.8-14.4) months."
    assert rows(read(reader, text), "value", "unit") == [("4.2", "months"), ("11.6", "months")]


def test_what_narrows_one_harm_does_not_narrow_the_next(reader: Findings) -> None:
    found = read(reader, "Neither dose-limiting toxicities nor graft-versus-host disease were seen.")
    assert [one.endpoint for one in found] == ["dose-limiting toxicities", "graft-versus-host disease"]


def test_a_limit_of_time_is_no_value(reader: Findings) -> None:
    found = read(reader, "PFS was 12 months or longer in 30% of patients.")
    assert rows(found, "value", "percent") == [("", 30)]
    assert [one.endpoint for one in read(reader, "One patient died of sepsis 3 weeks after infusion.")] == ["died"]


@pytest.mark.parametrize("name", ["Treatment-related mortality", "TRM", "Treatment-related deaths", "Toxic death"])
def test_names_of_deaths_by_the_treatment_agree(reader: Findings, name: str) -> None:
    assert rows(read(reader, f"{name} was 5% at 1 year."), "outcome", "event", "percent") == [("safety", "death", 5)]


def test_a_rate_of_deaths_does_not_say_that_somebody_died(reader: Findings) -> None:
    assert read(reader, "TRM was low.") == []
    assert read(reader, "Treatment-related mortality was low.") == []
    (found,) = read(reader, "TRM was lower with NK cells than with chemotherapy alone.")
    assert (found.event, found.direction) == ("death", "better")


def test_a_ratio_that_names_its_endpoint(reader: Findings) -> None:
    (found,) = read(reader, "The hazard ratio for death was 0.71 (95% CI 0.55-0.92; P = 0.01).")
    assert (found.outcome, found.ratio, found.low, found.p, found.direction) == (
        "survival",
        0.71,
        0.55,
        "0.01",
        "better",
    )
    (found,) = read(reader, "The odds ratio for response was 2.4 (95% CI 1.1-5.2).")
    assert (found.outcome, found.ratio, found.ratio_kind, found.direction) == ("response", 2.4, "odds", "better")
    # Beside the endpoint it is the event of, it stands with that endpoint; beside another it does not.
    (found,) = read(reader, "OS was longer with NK cells (hazard ratio for death, 0.70; 95% CI 0.52-0.95).")
    assert (found.endpoint, found.ratio) == ("OS", 0.7)
    found = read(reader, "The response rate was 40% (hazard ratio for death, 0.70; 95% CI 0.52-0.95).")[-1]
    assert (found.endpoint, found.outcome, found.ratio) == ("death", "survival", 0.7)
    assert read(reader, "The RR was 2.4 (95% CI 1.1-5.2).") == []
