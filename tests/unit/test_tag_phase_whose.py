"""Phases of the trial reported, not of the one it grew out of or led to; and parts of one trial."""

from __future__ import annotations

import pytest

from kb.tag import kinds
from kb.tag.lines import parse_record
from kb.tag.phase import phases
from kb.tag.sentences import sentences
from kb.tag.tags import Tag

_GIVEN = "Ten patients with lymphoma received NK cells."


def _tags(title: str, abstract: str) -> list[Tag]:
    record = parse_record({"id": "a", "title": title, "abstract": abstract})
    told = {passage.field: list(sentences(passage)) for passage in record.passages}
    return phases(record, told, {kind[0] for kind in kinds.of_record(record, told)})


def _said(abstract: str, title: str = "NK cells in lymphoma") -> dict[str, set[str]]:
    result: dict[str, set[str]] = {}
    for tag in _tags(title, abstract):
        result.setdefault(tag.assertion, set()).add(tag.concept)
    return result


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "In a small phase I trial the feasibility of NK cells has been shown in cancer. On the strength of these "
            "findings a randomised phase II trial was initiated. Patients will be treated with NK cells.",
            {"historical": {"phase-1"}, "present": {"phase-2"}},
        ),
        (
            "In a phase 1 trial no dose-limiting toxicity has been reported. We ran a phase 2 trial of NK cells.",
            {"historical": {"phase-1"}, "present": {"phase-2"}},
        ),
        ("This phase 1 trial has shown that NK cells are safe in lymphoma.", {"present": {"phase-1"}}),
        (f"{_GIVEN} None had fever. Based on these results, a phase 2 trial was initiated.", {"possible": {"phase-2"}}),
        (f"Based on these data, a phase 2 trial was initiated. {_GIVEN} None had fever.", {"present": {"phase-2"}}),
        (f"The dose was chosen based on the results of a phase 1 trial. {_GIVEN}", {"historical": {"phase-1"}}),
    ],
)
def test_the_trial_before_and_the_trial_after(text: str, wanted: dict[str, set[str]]) -> None:
    assert _said(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"{_GIVEN} Phase I set the dose in myeloma; this is the phase II part.", {"phase-2"}),
        (f"The phase I part set the dose. We now report the results of the phase II part. {_GIVEN}", {"phase-2"}),
        ("In the phase 1 part the dose was escalated. In the phase 2 part ten patients had NK cells.", {"phase-1-2"}),
        ("In phase 1 the survey was drafted. The phase 2 part was a round of letters.", set()),
    ],
)
def test_parts_of_a_trial(text: str, wanted: set[str]) -> None:
    assert _said(text).get("present", set()) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("In this first-in-human case series with dose escalation, we gave NK cells to nine adults.", {"phase-1"}),
        ("In this first-in-human case series, we gave NK cells to three adults.", set()),
        ("In this first-in-human trial, we gave NK cells to nine adults.", {"phase-1"}),
    ],
)
def test_first_in_human_series_is_a_trial_only_where_doses_are_sought(text: str, wanted: set[str]) -> None:
    assert _said(text).get("present", set()) == wanted


@pytest.mark.parametrize("piece", ["phase 1 ", "the phase 1 part, ", "phase 1/2 trial (", "in a phase 3 ABC1 trial "])
def test_long_hostile_text_comes_to_an_end(piece: str) -> None:
    # Quadratic reading of the parts would take a minute here.
    text = piece * (30_000 // len(piece))
    assert isinstance(_tags(text, text), list)
