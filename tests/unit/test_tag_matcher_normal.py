"""One spelling, and the way back to the text as given."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.tag.forms import BREAK, GLUED, HYPHEN, SPACE, gap_of, is_acronym, is_name_by_case, tokens_of
from kb.tag.normal import canonical, fold


@pytest.mark.parametrize(
    ("text", "cased"),
    [
        # a dose keeps its value
        ("10<sup>9</sup>/kg", "10^9/kg"),
        ("10⁹", "10^9"),
        ("10⁻⁶", "10^-6"),
        ("10<sup>-6</sup>", "10^-6"),
        ("10<sup>−6</sup>", "10^-6"),
        ("10&lt;sup&gt;9&lt;/sup&gt;", "10^9"),
        ("5 × 10<sup>8</sup>", "5 × 10^8"),
        ("m<sup>2</sup>", "m^2"),
        ("IL-<sub>2</sub>", "IL-2"),
        # markers, notes
        ("CD3⁻CD56⁺", "CD3-CD56+"),
        ("CD3<sup>+</sup>", "CD3+"),
        ("cells<sup>a</sup>", "cells^a"),
        ("Kymriah™, oNKord®", "Kymriah^TM, oNKord "),
        # entities, dashes, spaces, quotation marks
        ("a&#x02013;b &#8211; &amp; &lt; &beta;", "a-b - & < beta"),
        ("a‐b‑c‒d–e−f", "a-b-c-d-e-f"),
        ("cells—the", "cells--the"),
        ("a\u00a0b\u2009c\u202fd", "a b c d"),
        ("a\u00adb\u200bc\ufeffd", "abcd"),
        ("‘Crohn’s’", "'Crohn's'"),
        ("&nosuchthing; &#9999999;", "&nosuchthing; \ufffd"),
        ("P<0.05 and i<b", "P<0.05 and i<b"),
        # letters
        ("α-GalCer γδ Vγ9Vδ2 TGFβ", "alpha-GalCer gammadelta Vgamma9Vdelta2 TGFbeta"),
        ("Δ μ µ ς", "Delta mu mu sigma"),
        ("Sjögren Calmette–Guérin naïve ﬁbrosis Ⅲ", "Sjogren Calmette-Guerin naive fibrosis III"),
        ("Waldenstro\u0308m", "Waldenstrom"),
        ("Łódź straße", "Lodz strasse"),
        ("≧3 ⩽4", "≥3 ≤4"),
    ],
)
def test_folded(text: str, cased: str) -> None:
    assert fold(text).cased == cased


def test_the_way_back() -> None:
    text = "A <i>γδ T</i> cell&#8209;like&nbsp;10<sup>9</sup> CD3⁺ x"
    folded = fold(text)

    def back(words: str) -> str:
        start = folded.cased.index(words)
        return text[slice(*folded.span(start, start + len(words)))]

    assert back("gammadelta T") == "γδ T"
    assert back("T cell") == "T</i> cell"
    assert back("cell-like") == "cell&#8209;like"
    assert back("like 10") == "like&nbsp;10"
    assert back("10^9") == "10<sup>9"
    assert back("CD3+") == "CD3⁺"
    assert back("x") == "x"


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_both_views_have_one_length_and_every_place_goes_back(text: str) -> None:
    folded = fold(text)
    assert len(folded.cased) == len(folded.lower)
    assert folded.lower == folded.cased.lower()
    for start in range(len(folded.cased)):
        begin, end = folded.span(start, start + 1)
        assert 0 <= begin < end <= len(text)


@given(
    st.lists(st.sampled_from(["<sup>", "9", "&lt;", "&amp;", "α", "⁹", "a", "\u0308", "ﬁ", "</sup>", "&", ";", "<i>"]))
)
def test_what_follows_is_never_before(pieces: list[str]) -> None:
    folded = fold("".join(pieces))
    spans = [folded.span(at, at + 1) for at in range(len(folded.cased))]
    assert all(a[0] <= b[0] and a[1] <= b[1] for a, b in itertools.pairwise(spans))


@given(st.text("abc 019-", max_size=20))
def test_plain_text_stays_as_it_is(text: str) -> None:
    folded = fold(text)
    assert (folded.cased, folded.span(0, len(text))) == (text, (0, len(text)))


BREAKS = [("-\n", HYPHEN), (" - ", BREAK), ("--", BREAK), ("\n\n", BREAK), ("\n \n", BREAK)]
PLAIN = ["IL-2", "CD19", "CAR T cells", "CMV infection", "3+3"]
SAME = [
    ("leukaemia", "leukemias"),
    ("tumour", "tumors"),
    ("haematological", "hematological"),
    ("oesophageal", "esophageal"),
    ("paediatric", "pediatric"),
    ("randomised", "randomized"),
    ("embolisation", "embolization"),
    ("hospitalised", "hospitalized"),
    ("smouldering", "smoldering"),
    ("centre", "centers"),
    ("analogue", "analogs"),
    ("ageing", "aging"),
    ("labelled", "labeled"),
    ("metastasis", "metastases"),
    ("meta", "metas"),
    ("therapy", "therapies"),
    ("disease", "diseases"),
    ("response", "responses"),
    ("virus", "viruses"),
    ("patient", "patient's"),
    ("patients", "patients'"),
    ("glomerulonephritis", "glomerulonephritides"),
    ("sarcoma", "sarcomata"),
    ("tki", "tkis"),
    ("nk", "nks"),
    ("relapse", "relapses"),
    ("box", "boxes"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_words_that_meet(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cell", "cellular"),
        ("virus", "viral"),
        ("four", "for"),
        ("does", "des"),
        ("lupus", "lupu"),
        ("arthritis", "arthriti"),
        ("leukemia", "leukemic"),
        ("transplant", "transplantation"),
        ("metastatic", "metastasis"),
    ],
)
def test_words_that_do_not(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    ("between", "kind"),
    [
        ("", GLUED),
        (" ", SPACE),
        ("\n", SPACE),
        ("  \n ", SPACE),
        ("-", HYPHEN),
        ("- ", HYPHEN),
        (" -", HYPHEN),
        ("-\n", HYPHEN),
        (" - ", BREAK),
        ("--", BREAK),
        ("\n\n", BREAK),
        ("\n \n", BREAK),
    ],
)
def test_gaps(between: str, kind: int) -> None:
    assert gap_of(between) == kind


def test_what_is_an_abbreviation() -> None:
    yes = ["ALL", "CAR", "iNKT", "haNK", "mAb", "SSc", "NK", "T", "BPDCN"]
    no = ["PMLBCL", "NanoKnife", "Flu", "cell", "Cells", "till", "a", "Ph", ""]
    assert [word for word in yes if not is_acronym(word)] == []
    assert [word for word in no if is_acronym(word)] == []


@pytest.mark.parametrize(
    ("name", "by_case"),
    [
        ("ALL", True),
        ("CAR-T", True),
        ("R/M", True),
        ("2L", True),
        ("Ph+ ALL", True),
        ("B-ALL", True),
        ("N-803", True),
        ("IL-2", False),
        ("CD19", False),
        ("CAR T cells", False),
        ("CMV infection", False),
        ("3+3", False),
    ],
)
def test_names_by_case(name: str, by_case: bool) -> None:
    assert is_name_by_case(tokens_of(name)) == by_case
