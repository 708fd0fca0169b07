"""Anchors: what is a quotation of a text, and why other words are none."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.check.anchor import SAYS, Anchor, Reason, Rejection, anchor, anchors
from kb.check.tokens import numbers, tokens
from kb.tag.context import Context, load_context
from tests.benchmarks.anchors import EACH, FALSE, TRUE, cases, ours

DATA = Path(__file__).parents[3] / "data"

PIECES = [
    *(
        "NK",
        "CAR-NK",
        "non-",
        "10^9",
        "10⁹",
        "<",
        "55%",
        "…",
        "...",
        "did not ",
        "may ",
        "\n\n",
        " ",
        " ",
        "?",
        "-",
        "–",
        "—",
    ),
    *(
        "(",
        ")",
        "5/9",
        "×",
        "±",
        "\u00ad",
        "ﬁ",
        "é",
        "e\u0301",
        "<sup>",
        "</sup>",
        ".",
        ";",
        " of ",
        "cells ",
        "[…]",
        "½",
        "^",
    ),
]


@pytest.fixture(scope="module")
def context() -> Context:
    return load_context(DATA)


@pytest.mark.parametrize(
    ("quote", "text", "reason"),
    [
        ("effective in AML", "The cells were ineffective in AML.", "part_of_word"),
        ("NK", "CAR-NK cells were given.", "part_of_word"),
        ("NK", "NK/NKT cells were given.", "part_of_word"),
        ("CD3", "CD3+ cells were removed.", "part_of_word"),
        ("CD3+ cells", "CD3− cells were kept.", "sign_differs"),
        ("responders", "Non-responders died.", "part_of_word"),
        ("responders", "Non-\nresponders died.", "part_of_word"),
        ("responders", "Non responders died.", "negation_lost"),
        ("inflammatory drugs", "anti-inflammatory drugs", "part_of_word"),
        ("5 responses", "5.0 responses", "number_differs"),
        ("A rate of 55%", "A rate of 55.5%", "number_differs"),
        ("A rate of 55", "A rate of 55% was seen", "number_cut"),
        ("109 cells per kg", "10^9 cells per kg", "number_differs"),
        ("109 cells per kg", "10<sup>9</sup> cells per kg", "number_differs"),
        ("10 9 cells per kg", "10⁹ cells per kg", "number_differs"),
        ("9 cells", "10 9 cells", "number_cut"),
        ("2 × 10", "2 × 10^6 cells", "number_differs"),
        ("10^6 cells", "2 × 10^6 cells", "number_cut"),
        ("P < 0.05 for survival", "P > 0.05 for survival", "sign_differs"),
        ("0.05 for survival", "P > 0.05 for survival", "sign_differs"),
        ("3 patients", "at least 3 patients", "sign_differs"),
        ("9 patients", "5 of 9 patients", "sign_differs"),
        ("5 patients", "−5 patients", "sign_differs"),
        ("improve survival", "NK cells did not improve survival.", "negation_lost"),
        ("improve survival", "NK cells did not\nimprove survival.", "negation_lost"),
        ("improve survival", "NK cells didn’t improve survival.", "negation_lost"),
        ("improve survival", "NK cells n\u00adot improve survival.", "negation_lost"),
        ("improve survival", "NK cells did not, in this trial, improve survival.", "negation_lost"),
        ("improve survival", "NK cells could not, however, improve survival.", "negation_lost"),
        ("improve survival", "NK cells did not — as hoped — improve survival.", "negation_lost"),
        ("improve survival", "NK cells failed to improve survival.", "negation_lost"),
        ("improve survival", "NK cells are unlikely to improve survival.", "negation_lost"),
        ("persistence", "Lack of persistence was seen.", "negation_lost"),
        ("neurotoxicity in all patients", "Absence of neurotoxicity in all patients was noted.", "negation_lost"),
        ("GvHD was seen", "Neither CRS nor GvHD was seen.", "negation_lost"),
        ("C were seen", "No A, B and C were seen.", "negation_lost"),
        ("improvement was seen", "No significant improvement was seen.", "negation_lost"),
        ("NK cells cure cancer", "There is no evidence that NK cells cure cancer.", "negation_lost"),
        ("NK cells cure cancer", "Claims that NK cells cure cancer are unproven.", "negation_lost"),
        ("An improvement", "An improvement could not be confirmed.", "negation_lost"),
        ("An improvement", "An improvement, although expected, was not seen.", "negation_lost"),
        ("An improvement in patients", "An improvement in patients who had IL-2 was not seen.", "negation_lost"),
        ("Responses were seen", "Responses were seen in none of the patients.", "negation_lost"),
        ("NK cells improved survival", "NK cells improved survival, but this was not confirmed.", "negation_lost"),
        ("patients responded", "Few patients responded.", "negation_lost"),
        ("improve survival", "NK cells may improve survival.", "hedge_lost"),
        ("improve survival", "NK cells appear to improve survival.", "hedge_lost"),
        ("NK cells improve survival", "The data suggest that NK cells improve survival.", "hedge_lost"),
        ("NK cells were given", "If remission was reached, NK cells were given.", "hedge_lost"),
        ("NK cells cure AML", "Do NK cells cure AML?", "hedge_lost"),
        ("all patients responded", "Nearly all patients responded.", "hedge_lost"),
        ("NK cells improve survival", "NK cells did not improve survival.", "negation_lost"),
        ("NK cells improve survival", "NK cells may improve survival.", "hedge_lost"),
        ("NK cells … improve survival", "NK cells did not improve survival.", "negation_lost"),
        ("NK cells … survival", "NK cells lived.\n\nLong survival.", "gap_leaves_passage"),
        ("Survival with NK cells … was 9 months", "Survival with NK cells and with placebo was 9 months", "gap_turns"),
        ("Responses in 5 … patients", "Responses in 5 mice and 30 patients", "gap_turns"),
        ("survival … NK cells", "NK cells prolong survival", "order_differs"),
        ("T cells and NK cells", "NK cells and T cells", "order_differs"),
        ("cells of nk type", "cells of NK type", "case_differs"),
        ("given α cells today", "given alpha cells today", "words_differ"),
        ("the treatment works", "We cannot conclude that the treatment works.", "negation_lost"),
        ("it improves survival", "It is far from clear that it improves survival.", "negation_lost"),
        ("survival improved", "Survival improved (P = 0.6, not significant).", "negation_lost"),
        ("NK cells cure AML?", "NK cells cure AML", "words_differ"),
        ("no such words", "NK cells were given.", "not_found"),
        ("… .", "NK cells were given.", "empty"),
    ],
)
def test_refused(context: Context, quote: str, text: str, reason: Reason) -> None:
    for judge in (None, context):
        found = anchor(quote, text, judge)
        assert isinstance(found, Rejection), found
        assert found.reason == reason, found
        assert found.says.endswith(".")


@pytest.mark.parametrize(
    ("quote", "text", "words"),
    [
        ("The cells", "so the cells", "the cells"),
        ("the “eﬀective” dose,", 'The "effective" dose.', 'The "effective" dose'),
        ("10⁹ cells", "at 10^9 cells", "10^9 cells"),
        ("10^9 cells", "at 10<sup>9</sup> cells", "10<sup>9</sup> cells"),
        ("3–5 doses", "in 3-5 doses", "3-5 doses"),
        ("P<0.05", "so P < 0.05 here", "P < 0.05"),
        ("12\u00a0patients", "12\n patients", "12\n patients"),
        ("leukaemia", "leu\u00adkaemia", "leu\u00adkaemia"),
        ("NK cells were given", "Without lymphodepletion, NK cells were given.", "NK cells were given"),
        ("NK cells expanded", "NK cells expanded, but GvHD was not seen.", "NK cells expanded"),
        ("NK cells were infused", "NK cells were infused and GvHD was not seen.", "NK cells were infused"),
        ("responses were seen", "No patient died and responses were seen.", "responses were seen"),
        ("patients survived", "GvHD was not seen; patients survived.", "patients survived"),
        ("NK cells expanded", "NK cells expanded in patients who did not receive IL-2.", "NK cells expanded"),
        ("improved survival", "NK cells not only improved survival but lived on.", "improved survival"),
        ("did not improve survival", "NK cells did not improve survival.", "did not improve survival"),
        ("may improve survival", "NK cells may improve survival.", "may improve survival"),
        ("No GvHD … was seen", "No GvHD of any grade was seen.", "No GvHD of any grade was seen"),
        ("improve survival", "NK cells did not improve survival. T cells improve survival.", "improve survival"),
    ],
)
def test_found(context: Context, quote: str, text: str, words: str) -> None:
    for judge in (None, context):
        found = anchor(quote, text, judge)
        assert isinstance(found, Anchor), found
        assert found.text == words


def test_offsets_count_in_the_text_as_given() -> None:
    text = "In\u00a0the  trial, the eﬀect\u00adive dose was 2 × 10⁸ … cells."
    found = anchor("the effective dose was 2 × 10^8", text)
    assert isinstance(found, Anchor)
    assert text[found.start : found.end] == found.text == "the eﬀect\u00adive dose was 2 × 10⁸"


def test_a_clean_place_is_taken_after_a_turned_one_and_all_are_listed() -> None:
    text = "NK cells did not cure mice. NK cells cure dogs and cure cats."
    assert [one.start for one in anchors("cure", text)] == [text.index("cure dogs"), text.index("cure cats")]


def test_parts_of_a_quotation_with_gaps_know_their_places() -> None:
    text = "NK cells of donors were given to adults."
    found = anchor("NK cells […] were given", text)
    assert isinstance(found, Anchor)
    assert [text[start:end] for start, end in found.parts] == ["NK cells", "were given"]


@given(st.lists(st.sampled_from(PIECES), max_size=14), st.integers(0, 40), st.integers(0, 25))
def test_no_text_breaks_it_and_offsets_hold(pieces: list[str], start: int, length: int) -> None:
    text = "".join(pieces)
    found = anchor(text[start : start + length], text)
    if isinstance(found, Anchor):
        assert text[found.start : found.end] == found.text
    else:
        assert 0 <= found.start <= found.end <= len(text)


def test_many_places_of_many_parts_are_soon_tried() -> None:
    text = "NK cells in patients " * 2000
    assert isinstance(anchor("NK … cells … patients … in … patients NK", text), Anchor)
    assert isinstance(anchor("NK … cells … patients … in … zebra", text), Rejection)


def test_the_base_adds_cues(context: Context) -> None:
    text = "Lymphodepletion omitted IL-2 and steroids were ineligible."
    assert isinstance(anchor("steroids", text), Rejection)
    text = "Patients with HIV were ineligible."
    assert isinstance(anchor("Patients with HIV", text), Anchor)
    assert isinstance(anchor("Patients with HIV", text, context), Rejection)


def test_every_reason_has_its_sentence() -> None:
    assert set(SAYS) == set(get_args(Reason))


def test_numbers_are_as_printed_and_names_are_none() -> None:
    text = "IL-2, CD56, 55.5 % (P<0.05), −1.4 g, 10⁹ cells, 3–5 days, 1,204 people, 5.0"
    assert numbers(text) == ("55.5%", "<0.05", "-1.4", "10^9", "3", "5", "1,204", "5.0")


def test_tokens_cover_all_that_is_printed() -> None:
    text = "CAR-NK: x (−3)… ﬁne"
    covered = {place for token in tokens(text) for place in range(token.start, token.end)}
    assert {place for place, char in enumerate(text) if not char.isspace()} <= covered


def test_of_300_false_quotations_none_is_accepted() -> None:
    accepts = ours()
    made = cases(FALSE)
    assert len(made) == EACH
    assert [case for case in made if accepts(case)] == []


def test_of_300_true_quotations_nearly_all_are_accepted() -> None:
    accepts = ours()
    made = cases(TRUE)
    assert len(made) == EACH
    assert sum(accepts(case) for case in made) >= 0.99 * EACH
