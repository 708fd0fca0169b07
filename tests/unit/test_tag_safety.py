"""Harms: what happened, in whom, of which grade, and what did not happen."""

from __future__ import annotations

import pytest

from kb.tag.findings import Findings, load_findings
from kb.tag.safety import grade_marks
from kb.tag.tags import Finding
from kb.vocabulary import Vocabulary
from tests.conftest import DATA
from tests.unit.test_tag_findings import read


@pytest.fixture(scope="module")
def reader(vocabulary: Vocabulary) -> Findings:
    return load_findings(DATA, vocabulary)


def event(found: list[Finding], name: str) -> Finding:
    matching = [f for f in found if f.event == name]
    assert len(matching) == 1, found
    return matching[0]


@pytest.mark.parametrize(
    ("text", "grades"),
    [
        ("grade 3", (3, 3)),
        ("Grade 3-4", (3, 4)),
        ("grade 3/4", (3, 4)),
        ("grades II to IV", (2, 4)),
        ("grade ≥3", (3, None)),
        ("≥ grade 2", (2, None)),
        ("grade 3 or higher", (3, None)),
        ("grade >2", (3, None)),
        ("grade ≤2", (None, 2)),
        ("grade 2 or lower", (None, 2)),
        ("any grade", (None, None)),
    ],
)
def test_grades(text: str, grades: tuple[int | None, int | None]) -> None:
    assert [mark.grades for mark in grade_marks(f"There was {text} toxicity.")] == [grades]


def test_nobody_had_it(reader: Findings) -> None:
    found = read(reader, "No GvHD, CRS or neurotoxicity was observed.")
    assert {(f.event, f.assertion, f.n) for f in found} == {
        ("gvhd", "absent", None),
        ("crs", "absent", None),
        ("neurotoxicity", "absent", None),
    }
    found = read(reader, "Neither CRS nor neurotoxicity was seen in any of the 10 patients.")
    assert {(f.event, f.n, f.n_total) for f in found} == {("crs", 0, 10), ("neurotoxicity", 0, 10)}
    found = read(reader, "None of the 12 patients developed graft-versus-host disease.")
    assert (event(found, "gvhd").n, event(found, "gvhd").n_total, event(found, "gvhd").assertion) == (0, 12, "absent")


def test_less_than_nothing_is_not_claimed(reader: Findings) -> None:
    (found,) = read(reader, "No significant toxicity was seen.")
    assert (found.assertion, found.event, found.endpoint) == ("absent", "", "significant toxicity")
    found = event(read(reader, "No grade 3 or higher GvHD occurred."), "gvhd")
    assert (found.assertion, found.grade) == ("absent", (3, None))


@pytest.mark.parametrize(
    "text",
    [
        "There was no difference in GvHD between the groups.",
        "No increase in GvHD was seen compared with controls.",
        "Increased GvHD was not observed.",
        "Not only fever but also GvHD occurred.",
        "NK cells can kill leukaemia without causing GvHD.",
        "Doses rose only in patients without GvHD.",
        "No fever was seen, but GvHD occurred in 2 patients.",
        "No patient died of GvHD.",
        "Four of 5 patients had no GvHD.",
    ],
)
def test_a_denial_of_something_else(reader: Findings, text: str) -> None:
    assert [f for f in read(reader, text) if f.event == "gvhd" and f.assertion == "absent"] == []


def test_counts_and_grades(reader: Findings) -> None:
    text = "Grade 3-4 neutropenia occurred in 4 patients and one patient died of sepsis."
    found = read(reader, text)
    assert (event(found, "cytopenia").n, event(found, "cytopenia").grade) == (4, (3, 4))
    assert (event(found, "death").n, event(found, "death").grade) == (1, (None, None))
    text = "Grade ≥3 adverse events included fever (6/24, 25%), fatigue (20.8%) and CRS (n = 3)."
    found = read(reader, text)
    assert (event(found, "fever").n, event(found, "fever").n_total, event(found, "fever").percent) == (6, 24, 25)
    assert event(found, "fatigue").percent == 20.8
    assert event(found, "crs").n == 3
    assert {event(found, name).grade for name in ("fever", "fatigue", "crs")} == {(3, None)}


def test_a_grade_is_that_of_its_own_harm(reader: Findings) -> None:
    found = read(reader, "CRS (grade 2) occurred in 3 patients, and fever was seen in 5 patients.")
    assert event(found, "crs").grade == (2, 2)
    assert event(found, "fever").grade == (None, None)


def test_a_bracket_of_a_harm_without_a_name_is_nobody_elses(reader: Findings) -> None:
    found = read(reader, "Adverse events were anaemia (19%), hypertension (40%) and fever (12%).")
    assert [f.percent for f in found if f.percent] == [19, 12]


def test_events_are_no_people(reader: Findings) -> None:
    assert all(f.n is None for f in read(reader, "Three grade 3 adverse events were reported."))


def test_death_of_the_disease_is_survival(reader: Findings) -> None:
    (found,) = read(reader, "Ten of the 11 patients died of progressive leukaemia.")
    assert (found.outcome, found.event, found.n) == ("survival", "", 10)
    (found,) = read(reader, "One patient died of sepsis.")
    assert (found.outcome, found.event, found.n) == ("safety", "death", 1)


def test_tolerance_without_figures(reader: Findings) -> None:
    (found,) = read(reader, "The infusions were well tolerated.")
    assert (found.outcome, found.n, found.percent) == ("safety", None, None)


def test_what_is_guarded_against_did_not_happen(reader: Findings) -> None:
    assert read(reader, "Patients received prophylaxis against GvHD and were monitored for infection.") == []
    assert read(reader, "Delayed infusion may reduce the risk of CRS.") == []
