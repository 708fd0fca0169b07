"""Assertions: cues, scopes, pseudo-cues, and the table they come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.errors import DataError
from kb.tag import context as rules
from kb.tag.context import Context, load_context

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def context() -> Context:
    return load_context(DATA)


@pytest.mark.parametrize(
    ("text", "mention", "said"),
    [
        ("NK cells were infused without lymphodepletion.", "lymphodepletion", "absent"),
        ("Without lymphodepletion, NK cells were infused.", "NK cells", "present"),
        ("No GvHD, CRS or neurotoxicity was observed.", "neurotoxicity", "absent"),
        ("No GvHD was seen and all patients received IL-2.", "IL-2", "present"),
        ("Neither lymphodepletion nor IL-2 was given.", "IL-2", "absent"),
        ("GvHD was not observed.", "GvHD", "absent"),
        ("Not only NK cells but also CIK cells were given.", "NK cells", "present"),
        ("The cells were not expanded before infusion.", "expanded", "absent"),
        ("Patients who did not respond received CAR-NK cells.", "CAR-NK", "present"),
        ("There was no increase in GvHD.", "GvHD", "present"),
        ("NK cells may be combined with rituximab.", "rituximab", "possible"),
        ("Combination with daratumumab warrants study.", "daratumumab", "possible"),
        ("Sepsis could not be ruled out.", "Sepsis", "possible"),
        ("Patients had previously received CAR-T cells.", "CAR-T", "historical"),
        ("NK cells were given prior to transplantation.", "transplantation", "present"),
        ("Patients refractory to rituximab received NK cells.", "rituximab", "historical"),
        ("Patients refractory to rituximab received NK cells.", "NK cells", "present"),
        ("Unlike LAK cells, NK cells persisted.", "LAK", "contrast"),
        ("Unlike LAK cells, NK cells persisted.", "NK cells", "present"),
        ("NK cells plus sorafenib versus sorafenib alone.", "sorafenib alone", "contrast"),
        ("Previously, LAK cells were tested.", "LAK", "historical"),
        ("If remission is reached, transplantation follows.", "transplantation", "possible"),
        ("Lymphodepletion was given; IL-2 was omitted.", "Lymphodepletion", "present"),
    ],
)
def test_assertions(context: Context, text: str, mention: str, said: str) -> None:
    start = text.index(mention)
    assert context.assertion_at(text, start, start + len(mention)) == said


def test_the_cue_is_told(context: Context) -> None:
    text = "Cells were infused without lymphodepletion."
    start = text.index("lymphodepletion")
    assert context.explained_at(text, start, len(text) - 1) == ("absent", "without")


def test_the_order_of_questions_does_not_matter(context: Context) -> None:
    first, second = "No GvHD was seen.", "GvHD was seen."
    answers = [context.assertion_at(text, text.index("GvHD"), text.index("GvHD") + 4) for text in (first, second) * 2]
    assert answers == ["absent", "present", "absent", "present"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("no\tdenied\tforward\t5\t", "not a cue"),
        ("no\tabsent\tsideways\t5\t", "not a cue"),
        ("no\tabsent\tforward\tfar\t", "not a cue"),
        ("no\tabsent\tforward\t²\t", "not a cue"),
        ("without\tabsent\tforward\t5\t\nwithout\tabsent\tforward\t6\t", "twice"),
        ("no\tabsent\tforward\t5\t\nNo\tabsent\tforward\t6\t", "first in line 2"),
        ("pre treated\tabsent\tforward\t5\t\npre-treated\tabsent\tforward\t6\t", "first in line 2"),
    ],
)
def test_a_bad_table_is_named(tmp_path: Path, row: str, message: str) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "context.tsv").write_text(f"cue\tkind\tdirection\treach\tnote\n{row}\n", encoding="utf-8")
    with pytest.raises(DataError, match=message) as caught:
        load_context(tmp_path)
    assert caught.value.problems[0].line >= 2
    assert caught.value.problems[0].remedy


def test_every_cue_named_in_the_code_is_in_the_table(context: Context) -> None:
    words = {cue.words: cue for cue in context._cues.values()}
    assert words.keys() >= rules._BEFORE_A_NOUN | rules._BEFORE_A_SUBJECT | rules._OVER_COMMAS
    # Cues that suppose, or look back only, never ask whether a verb or a comma ends a clause.
    assert all(words[one].kind != "possible" and words[one].way != "backward" for one in rules._BEFORE_A_SUBJECT)


def test_every_row_that_switches_off_holds_something_to_switch_off(context: Context) -> None:
    cues = [f" {cue.words} " for cue in context._cues.values() if cue.kind != "pseudo"]
    for one in (cue for cue in context._cues.values() if cue.kind == "pseudo"):
        last = one.words.split()[-1]
        assert any(cue in f" {one.words} " or cue.startswith(f" {last} ") for cue in cues), one.words
