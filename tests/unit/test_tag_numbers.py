"""One spelling for numbers, and every plain character knows where it stood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.tag.numbers import decimals, number, plain, whole


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("10<sup>9</sup> cells", "10^9 cells"),
        ("10⁹ cells", "10^9 cells"),
        ("10&lt;sup&gt;9&lt;/sup&gt; cells", "10^9 cells"),
        ("P&#x2009;&lt;&#x2009;0&#183;05", "P < 0.05"),
        ("P &amp;lt; .05", "P < .05"),
        ("0·03", "0.03"),
        ("5·10⁶", "5×10^6"),
        ("a · b", "a · b"),
        ("0.4–0.9", "0.4-0.9"),
        ("2−3", "2-3"),
        ("12\u00a0months", "12 months"),
        ("CD3⁺CD56<sup>+</sup>", "CD3+CD56+"),
        ("m<sup>2</sup>", "m^2"),
        ("<i>P</i> = .04", "P = .04"),
    ],
)
def test_one_spelling(given_text: str, expected: str) -> None:
    assert plain(given_text).text == expected


def test_less_than_is_no_tag() -> None:
    assert plain("P<.05 and n>3").text == "P<.05 and n>3"


def test_places_lead_back_to_the_text_as_given() -> None:
    given_text = "dose 10<sup>9</sup> cells &gt; 5"
    view = plain(given_text)
    start = view.text.index("10^9")
    assert given_text[slice(*view.span(start, start + 4))] == "10<sup>9</sup>"
    start = view.text.index("cells")
    assert given_text[slice(*view.span(start, start + 5))] == "cells"


@given(st.text(alphabet=st.sampled_from("a1 <>/sup&;lt#x09·×⁹–\u00a0"), max_size=60))
def test_any_text_has_ordered_places(text: str) -> None:
    view = plain(text)
    places = [view.span(place, place)[0] for place in range(len(view.text) + 1)]
    assert places == sorted(places)
    assert places[-1] == len(text)


@pytest.mark.parametrize(("word", "value"), [("nine", 9), ("Twenty-three", 23), ("forty two", 42), ("1,204", 1204)])
def test_whole_numbers(word: str, value: int) -> None:
    assert whole(word) == value


def test_no_number_is_an_error() -> None:
    with pytest.raises(ValueError, match="several"):
        whole("several")


def test_values_and_printed_digits() -> None:
    assert number(".05") == 0.05
    assert number("1,204.5") == 1204.5
    assert (decimals("55.6"), decimals("55"), decimals(".05")) == (1, 0, 2)
