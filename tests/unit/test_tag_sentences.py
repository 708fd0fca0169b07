"""Sentences and the parts of a paper they stand in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.tag.record import Passage
from kb.tag.sentences import section_of, sentences


def _texts(text: str, label: str = "") -> list[tuple[str, str]]:
    return [(one.section, one.text) for one in sentences(Passage("abstract", "abstract", text, label))]


@pytest.mark.parametrize(
    ("label", "section"),
    [
        ("BACKGROUND", "background"),
        ("PATIENTS AND METHODS", "methods"),
        ("Materials & Methods:", "methods"),
        ("Findings", "results"),
        ("INTERPRETATION", "conclusions"),
        ("AIM", "objective"),
        ("Trial registration", "registration"),
        ("FUNDING", "other"),
        ("Lorem", ""),
        ("Settings and design", "methods"),
        ("Case reports", "results"),
        ("Results of the study", "results"),
        ("Resulting", ""),
        ("Purposeful", ""),
        ("Contextual", ""),
        ("Importantly", ""),
    ],
)
def test_labels(label: str, section: str) -> None:
    assert section_of(label) == section


def test_labels_inside_a_text() -> None:
    found = _texts(
        "BACKGROUND: Few options exist. METHODS: Ten patients were treated. Doses rose. RESULTS: Two responded."
    )
    assert [section for section, _ in found] == ["background", "methods", "methods", "results"]


def test_labels_without_a_colon_and_on_their_own_line() -> None:
    assert [s for s, _ in _texts("Background Few options exist.\nMethods\nTen were treated.")] == [
        "background",
        "methods",
        "methods",
    ]


def test_an_ordinary_word_is_no_label() -> None:
    assert [s for s, _ in _texts("Results were poor. Methods of expansion differ.")] == ["", ""]


def test_the_record_s_own_label_holds() -> None:
    assert _texts("Ten were treated. Two responded.", "RESULTS") == [
        ("results", "Ten were treated."),
        ("results", "Two responded."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Survival was 12.4 months vs. 7.6 months (P = .01).",
        "Cells (e.g. NK) were given i.v. at 1 x 10^6.",
        "Strati et al. 2020 reported this.",
        "E. coli was found.",
        "Cells were given i.p. At rest they live.",
        "Six people (i.e. Half) came.",
        "In the U.S. Trials are many.",
    ],
)
def test_dots_that_end_no_sentence(text: str) -> None:
    assert len(_texts(text)) == 1


def test_a_sentence_may_begin_with_a_number() -> None:
    assert len(_texts("NK cells were given. 20 patients were enrolled.")) == 2


@given(st.text(alphabet="abC .!?\n1(;:α", max_size=200))
def test_every_character_belongs_to_one_sentence(text: str) -> None:
    found = list(sentences(Passage("abstract", "abstract", text)))
    covered = [place for one in found for place in range(one.start, one.end)]
    assert len(covered) == len(set(covered))
    assert all(text[place].isspace() for place in range(len(text)) if place not in set(covered))
    assert all(text[one.start : one.end] == one.text and one.text.strip() == one.text for one in found)
