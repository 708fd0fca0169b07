"""Number words are read wherever figures are: culture, time points, people counted, what happened."""

from __future__ import annotations

import re

import pytest

from kb.tag import frames
from kb.tag.numbers import WORD, WORDS
from tests.unit.tagging import article, concepts

_TITLE = "NK cells in patients with lymphoma: a phase 1 trial"


def test_the_pattern_takes_each_word_whole() -> None:
    for word in WORDS:
        found = re.match(WORD, f"{word} days")
        assert found is not None
        assert found.group() == word


@pytest.mark.parametrize(
    ("words", "figures"),
    [
        ("seventy-two hours", "72 hours"),
        ("forty-eight hours", "48 hours"),
        ("thirteen days", "13 days"),
        ("twenty-eight days", "28 days"),
        ("twelve to twenty-four hours", "12 to 24 hours"),
        ("two to three weeks", "2 to 3 weeks"),
    ],
)
def test_times_in_culture(words: str, figures: str) -> None:
    def growth(time: str) -> set[str]:
        text = f"We treated ten patients. NK cells were cultured with IL-2 for {time} and infused."
        return concepts(article(_TITLE, text), "expansion")

    assert growth(words) == growth(figures) != set()


@pytest.mark.parametrize("word", ["six", "seven", "eight", "eighteen", "twenty-four"])
def test_time_points(word: str) -> None:
    for sentence in (f"Complete remission was 50% at {word} weeks.", f"The {word}-week remission rate was 50%."):
        (found,) = article(_TITLE, sentence).findings
        assert (found.percent, found.time_point) == (50.0, f"{WORDS[word]} weeks")


@pytest.mark.parametrize("word", ["fifty", "sixty", "ninety-two"])
def test_people_counted(word: str) -> None:
    assert frames.COUNTED.search(f"We saw {word} patients.")


@pytest.mark.parametrize("time", ["4 weeks", "sixty-four days", "twenty four weeks"])
def test_what_happened_to_people_counted_is_no_setting(time: str) -> None:
    text = f"Ten patients with lymphoma received NK cells. Three patients relapsed {time} later."
    assert concepts(article("NK cells in lymphoma", text), "setting") == set()
