"""Letters that patterns without case take for i, s and k: every rule reads them, none falls over them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.tag.context import load_context
from kb.tag.numbers import plain, whole
from kb.tag.record import Passage
from kb.tag.safety import grade_marks
from kb.tag.sentences import sentences
from tests.unit.tagging import article, concepts

DATA = Path(__file__).parents[2] / "data"
_TRIAL = "NK cells in patients with lymphoma"


def test_a_sentence_is_read_with_plain_letters_and_keeps_its_places() -> None:
    text = "Six patients dıed. \u212aept wıthout NK cellſ. İt was safe."
    passage = Passage("abstract", "abstract", text)
    found = list(sentences(passage))
    assert [one.text for one in found] == ["Six patients died.", "Kept without NK cells.", "It was safe."]
    assert all(len(one.text) == one.end - one.start for one in found)
    assert passage.text == text


def test_numbers_are_read_with_plain_letters() -> None:
    assert plain("ſıx weekſ, PHASE İ, \u212aPS").text == "six weeks, PHASE I, KPS"
    assert plain("s&#305;x").text == "six"
    assert whole(plain("ſıx").text) == 6


@pytest.mark.parametrize("cue", ["wıthout", "ıf", "hıſtory of", "lac\u212aing", "DİD NOT RECEİVE"])
def test_cues(cue: str) -> None:
    (sentence,) = sentences(Passage("abstract", "abstract", f"The patients {cue} NK cells."))
    start = sentence.text.index("NK")
    assert load_context(DATA).assertion_at(sentence.text, start, start + 2) != "present"


def test_times_in_culture() -> None:
    text = "Ten patients were treated. NK cells were cultured with IL-2 for ſıx days and infused."
    assert concepts(article(_TRIAL, text), "expansion") == {"ex-vivo-expanded"}


def test_grades() -> None:
    assert [mark.grades for mark in grade_marks(plain("grade ııı fever").text)] == [(3, 3)]
    text = "Ten patients received NK cells. Three patients (30%) had grade ııı neutropenia."
    found = [(one.n, one.grade) for one in article(_TRIAL, text).findings if one.event]
    assert found == [(3, (3, 3))]


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("NK CELLS FOR LYMPHOMA: A PHASE İ TRIAL", {"phase-1"}),
        ("NK cells for lymphoma: a phase ıı trial", {"phase-2"}),
        ("NK cells for lymphoma: a phaſe ı/ıı trial", {"phase-1-2"}),
    ],
)
def test_phases(title: str, wanted: set[str]) -> None:
    assert concepts(article(title), "phase") == wanted
