"""What counts as a name of a concept, and what does not."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from kb.tag.abbreviations import defined
from kb.tag.matcher import Matcher, needs_support
from kb.tag.tags import Hit
from kb.vocabulary import FACETS, Concept, Vocabulary
from tests.conftest import DATA


def concept(facet: str, name: str, synonyms: tuple[str, ...], looks: tuple[str, ...] = (), *parents: str) -> Concept:
    return Concept(facet, name, name, parents, synonyms, looks, (), (), (), "", 2)


def vocabulary_of(*concepts: Concept) -> Vocabulary:
    facets: dict[str, dict[str, Concept]] = {}
    for one in concepts:
        facets.setdefault(one.facet, {})[one.id] = one
    return Vocabulary(facets)


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    from kb.vocabulary import load_vocabulary

    return Matcher(load_vocabulary(DATA))


def told(hits: list[Hit], facet: str = "") -> list[tuple[str, str]]:
    """Return (concept, words) of the hits of a facet."""
    return [(hit.concept, hit.text) for hit in hits if facet in ("", hit.facet)]


# ---------------------------------------------------------------------------- the shipped vocabulary


def test_every_shipped_name_is_found_where_it_stands(vocabulary: Vocabulary, matcher: Matcher) -> None:
    missed = [
        (one.key, name)
        for one in vocabulary
        for name in (one.label, *one.synonyms)
        if (one.id, name) not in told(matcher.find(f"Here {name} was seen."), one.facet)
    ]
    assert missed == []


def test_no_shipped_look_alike_is_taken_for_its_concept(vocabulary: Vocabulary, matcher: Matcher) -> None:
    taken = [
        (one.key, look)
        for one in vocabulary
        for look in one.look_alikes
        if one.id in {hit.concept for hit in matcher.find(f"Here {look} was seen.") if hit.facet == one.facet}
    ]
    assert taken == []


@pytest.mark.parametrize(
    ("text", "facet", "expected"),
    [
        # whole tokens, the longest of a facet, facets beside each other
        ("CAR-NKT cells", "cell_type", [("car-nkt", "CAR-NKT cells")]),
        ("CAR-NK cells", "cell_type", [("car-nk", "CAR-NK cells")]),
        ("CAR-NK cells", "engineering", [("car", "CAR")]),
        ("NKG2D ligands and NKp46", "cell_type", []),
        ("iNKT1 cells", "cell_type", []),
        # separators
        ("natural-killer cells", "cell_type", [("nk", "natural-killer cells")]),
        ("natural\nkiller\n  cells", "cell_type", [("nk", "natural\nkiller\n  cells")]),
        ("UCB-derived NK cell-based therapy", "cell_type", [("nk", "NK cell")]),
        ("CAR.NK and CAR‑NK and CAR NK", "cell_type", [("car-nk", t) for t in ("CAR.NK", "CAR‑NK", "CAR NK")]),
        ("CIK/NK and NK/NKT", "cell_type", [("cik", "CIK"), ("nk", "NK"), ("nk", "NK"), ("nkt", "NKT")]),
        ("NK/T-cell lymphoma", "cell_type", []),
        ("NK/T-cell lymphoma", "indication", [("enktl", "NK/T-cell lymphoma")]),
        ("natural killer (NK)/T-cell lymphoma", "cell_type", []),
        ("natural killer. Cells", "cell_type", [("nk", "natural killer")]),
        ("natural killer\n\ncells", "cell_type", [("nk", "natural killer")]),
        ("natural killer – cells", "cell_type", [("nk", "natural killer")]),
        (
            "IL2, IL-2 and IL 2 but not IL-21",
            "combination",
            [("il-2", t) for t in ("IL2", "IL-2", "IL 2")] + [("cytokine", "IL-21")],
        ),
        (
            "CR1 and CR-1, CR 1 (10%)",
            "setting",
            [("first-remission", "CR1"), ("first-remission", "CR-1"), ("remission", "CR")],
        ),
        # spelling and number
        (
            "acute leukaemias, Acute Leukemia",
            "indication",
            [("acute-leukaemia", "acute leukaemias"), ("acute-leukaemia", "Acute Leukemia")],
        ),
        ("haematologic malignancies", "indication", [("haematological-malignancy", "haematologic malignancies")]),
        ("esophageal and oesophageal cancers", "indication", [("oesophageal-cancer", "oesophageal cancers")]),
        ("liver metastasis", "indication", [("liver-metastasis", "liver metastasis")]),
        ("cardiomyopathies", "indication", [("heart-failure", "cardiomyopathies")]),
        (
            "Sjogren's syndrome, Sjögren’s syndrome",
            "indication",
            [("sjogren", "Sjogren's syndrome"), ("sjogren", "Sjögren’s syndrome")],
        ),
        ("Hodgkin’s lymphoma", "indication", [("hodgkin-lymphoma", "Hodgkin’s lymphoma")]),
        (
            "γδ T cells, gamma-delta T cells",
            "cell_type",
            [("gamma-delta-t", "γδ T cells"), ("gamma-delta-t", "gamma-delta T cells")],
        ),
        ("CD3⁺CD56⁺ T cells", "cell_type", [("nkt-like", "CD3⁺CD56⁺ T cells")]),
        (
            "CD3<sup>+</sup>CD56<sup>+</sup> T cells",
            "cell_type",
            [("nkt-like", "CD3<sup>+</sup>CD56<sup>+</sup> T cells")],
        ),
        (
            "posttransplant and post-transplant",
            "setting",
            [("after-transplant", "posttransplant"), ("after-transplant", "post-transplant")],
        ),
        # case
        ("ALL was cured in all", "indication", [("all", "ALL")]),
        ("ALL patients, all patients", "indication", [("all", "ALL")]),
        ("the art of ART, a state-of-the-art ART", "combination", [("antiviral", "ART"), ("antiviral", "ART")]),
        ("a net loss; NETs; a NET", "indication", [("neuroendocrine-tumour", "NET")]),
        ("MDs treated MDS", "indication", [("mds", "MDS")]),
        ("nk cells and Nk Cells", "cell_type", [("nk", "nk cells"), ("nk", "Nk Cells")]),
        ("MSCs and msc", "cell_type", [("msc", "MSCs")]),
        ("AIDS aids the doctor", "indication", [("hiv", "AIDS")]),
        # other meanings by prefix
        ("non-CIK cells, non-NK cells, non NK cells", "cell_type", []),
        ("non-Hodgkin lymphoma", "indication", [("nhl", "non-Hodgkin lymphoma")]),
        ("anti-CD19 CAR-T", "cell_type", [("car-t", "CAR-T")]),
        ("anti-tumor activity", "indication", []),
        ("pre-leukemia", "indication", []),
        ("non–small cell lung cancer", "indication", [("nsclc", "non–small cell lung cancer")]),
        # mere properties
        ("NK-sensitive K562 targets, NK-resistant", "cell_type", []),
        ("NK cell-mediated lysis and NK cell mediated lysis", "cell_type", []),
        ("NK cells mediated lysis", "cell_type", [("nk", "NK cells")]),
        ("NKT-like cells", "cell_type", [("nkt-like", "NKT-like cells")]),
        # look-alikes
        ("an NK-1 receptor antagonist", "cell_type", []),
        ("NK cell leukemia", "cell_type", []),
        ("the NK cell count rose", "cell_type", [("no-product", "NK cell count")]),
        # brackets inside a name
        ("natural killer (NK) cells", "cell_type", [("nk", "natural killer (NK) cells")]),
        ("cytokine-induced killer (CIK)cells", "cell_type", [("cik", "cytokine-induced killer (CIK)cells")]),
        (
            "chimeric antigen receptor (CAR) T cells",
            "cell_type",
            [("car-t", "chimeric antigen receptor (CAR) T cells")],
        ),
        ("(CAR)-T cells", "cell_type", [("car-t", "CAR)-T cells")]),
        ("natural killer (of the blood) cells", "cell_type", [("nk", "natural killer")]),
        # nothing to find
        ("", "cell_type", []),
        ("\x00\ufffd(((–––", "cell_type", []),
    ],
)
def test_found(matcher: Matcher, text: str, facet: str, expected: list[tuple[str, str]]) -> None:
    assert told(matcher.find(text), facet) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A STUDY OF ALL CHILDREN WITH NEUROBLASTOMA", ["neuroblastoma"]),
        ("BLINATUMOMAB IN ALL: CHILDREN WITH ACUTE LYMPHOBLASTIC LEUKEMIA", ["all", "all"]),
        ("INOTUZUMAB FOR RELAPSED LEUKEMIA (ALL)", ["leukaemia", "all"]),
        ("AML IN OLDER PATIENTS", ["aml"]),
        ("ALL, AML", ["all", "aml"]),
    ],
)
def test_an_english_word_in_capitals_needs_support(matcher: Matcher, text: str, expected: list[str]) -> None:
    assert [hit.concept for hit in matcher.find(text) if hit.facet == "indication"] == expected


def test_mixed_case_abbreviations_are_found_in_capitals(matcher: Matcher) -> None:
    assert told(matcher.find("EXPANSION OF INKT LYMPHOCYTES"), "cell_type") == [("inkt", "INKT")]
    assert told(matcher.find("expansion of INKT lymphocytes"), "cell_type") == []


def test_hits_say_how_they_were_found(matcher: Matcher) -> None:
    by_text = {
        hit.text: hit for hit in matcher.find("IL-2 and AML, acute myeloid leukemia") if hit.facet != "cell_type"
    }
    assert (by_text["AML"].cased, by_text["AML"].name, by_text["AML"].defined) == (True, "AML", False)
    assert not by_text["acute myeloid leukemia"].cased
    assert not by_text["IL-2"].cased


def test_facets_can_be_chosen(vocabulary: Vocabulary) -> None:
    hits = Matcher(vocabulary, ["engineering"]).find("CAR-NK cells")
    assert [(hit.facet, hit.concept) for hit in hits] == [("engineering", "car")]


def test_concepts_that_share_a_name_are_all_returned() -> None:
    both = vocabulary_of(concept("event", "a", ("graft failure",)), concept("event", "b", ("graft failure",)))
    assert told(Matcher(both).find("graft failures")) == [("a", "graft failures"), ("b", "graft failures")]


def test_a_look_alike_hides_only_its_own_concept() -> None:
    two = vocabulary_of(
        concept("event", "a", ("graft",), ("graft failure",)), concept("event", "b", ("graft failure",))
    )
    assert told(Matcher(two).find("graft failure, graft")) == [("b", "graft failure"), ("a", "graft")]


def test_a_name_that_holds_a_look_alike_stays() -> None:
    one = vocabulary_of(concept("event", "a", ("conditioning", "mild strong conditioning"), ("strong conditioning",)))
    assert told(Matcher(one).find("mild strong conditioning")) == [("a", "mild strong conditioning")]
    assert told(Matcher(one).find("strong conditioning")) == []


def test_a_shorter_name_counts_where_a_longer_one_fails() -> None:
    one = vocabulary_of(concept("event", "a", ("skin rash",)), concept("event", "b", ("rash of hands",), ("skin",)))
    assert told(Matcher(one).find("skin rash of hands")) == [("a", "skin rash")]
    two = vocabulary_of(
        concept("event", "a", ("red skin rash",), ("rash of",)), concept("event", "b", ("skin rash of",))
    )
    assert told(Matcher(two).find("red skin rash of")) == [("b", "skin rash of")]


# ---------------------------------------------------------------------------- definitions


@pytest.mark.parametrize(
    ("text", "later", "expected"),
    [
        ("malignant melanoma (MM)", "MM", [("melanoma", "MM", True)]),
        ("multiple myeloma (MM)", "MM", [("multiple-myeloma", "MM", True)]),
        ("no definition", "MM", [("multiple-myeloma", "MM", False)]),
        ("the minimal detectable score (MDS)", "MDS", []),
        ("metastatic liver disease X (LDX)", "LDX", []),
        ("synovial sarcoma (SS)", "SS patients", [("synovial-sarcoma", "SS", True)]),
        ("circulating tumour cells (CTC)", "CTCs", []),
        ("B-acute lymphoblastic leukaemia (B-ALL)", "B-ALL", [("b-all", "B-ALL", True)]),
        ("therapy-related acute myeloid leukaemia (t-AML)", "t-AML", [("aml", "t-AML", True)]),
        ("malignant melanoma (MM)", "5 mm and mm", []),
        ("anti-microbial lotion (AML)", "AML", []),
        ("acute leukaemia of myeloid cells, acute myeloide leucemia (AML)", "AML", [("aml", "AML", True)]),
    ],
)
def test_definitions_of_the_record_win(
    matcher: Matcher, text: str, later: str, expected: list[tuple[str, str, bool]]
) -> None:
    hits = matcher.find(later, defined([text]))
    assert [(hit.concept, hit.text, hit.defined) for hit in hits if hit.facet == "indication"] == expected


def test_a_definition_and_its_short_form_are_one_mention(matcher: Matcher) -> None:
    text = "Acute myeloid leukemia (AML) is severe. AML was treated."
    hits = [hit for hit in matcher.find(text, defined([text])) if hit.facet == "indication"]
    assert [(hit.text, hit.defined) for hit in hits] == [("Acute myeloid leukemia", False), ("AML", True)]
    assert hits[1].name == "Acute myeloid leukemia"


def test_names_of_a_products_parts_inside_its_long_form_count(matcher: Matcher) -> None:
    found = matcher.find("XYZ-1 was given", {"XYZ-1": "expanded umbilical cord blood natural killer cells"})
    assert {(hit.facet, hit.concept) for hit in found} == {
        ("cell_type", "nk"),
        ("cell_source", "cord-blood"),
        ("expansion", "ex-vivo-expanded"),
    }


def test_a_defined_short_form_joined_to_a_number_is_another_name(matcher: Matcher) -> None:
    hits = matcher.find("IL-12 and IL", {"IL": "interleukin"})
    assert [(hit.text, hit.defined) for hit in hits if hit.facet == "combination"] == [("IL-12", False), ("IL", True)]


def test_a_misspelt_definition_does_not_silence_a_plain_abbreviation(matcher: Matcher) -> None:
    assert told(matcher.find("NK", {"NK": "nature killer"}), "cell_type") == [("nk", "NK")]
    assert told(matcher.find("NK", {"NK": "normal karyotype"}), "cell_type") == []


def test_a_long_name_keeps_its_meaning_where_a_part_is_defined(matcher: Matcher) -> None:
    hits = matcher.find("NK cells, NK", {"NK": "neurokinin"})
    assert told(hits, "cell_type") == [("nk", "NK cells")]


@pytest.mark.parametrize(
    ("text", "support"),
    [
        *((text, True) for text in ("MM", "RA", "CB", "NET", "TBI", "2L", "CART")),
        *((text, False) for text in ("NK", "AML", "N-803", "CAR-T", "R/R", "MSCs", "melanoma")),
    ],
)
def test_doubtful_abbreviations(matcher: Matcher, text: str, support: bool) -> None:
    hits = matcher.find(text)
    assert hits
    assert {needs_support(hit) for hit in hits} == {support}


def test_a_defined_abbreviation_needs_no_support(matcher: Matcher) -> None:
    (hit,) = matcher.find("MM", {"MM": "malignant melanoma"})
    assert not needs_support(hit)


# ---------------------------------------------------------------------------- cost


def steps(run: Callable[[], object]) -> int:
    """Return how many lines of the tagger were run: a cost that is the same on every machine."""
    count = 0

    def line(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal count
        if "tag" not in frame.f_code.co_filename:
            return None
        count += event == "line"
        return line

    before = sys.gettrace()
    sys.settrace(line)
    try:
        run()
    finally:
        sys.settrace(before)
    return count


HOSTILE = (
    "NK-like |NK-like NK |(|ALL CAPITALS |NK (A) |((NK) |<sup>|(CAR) |&amp;|natural killer (|MM) |killer (A)|(A)|AML (|"
    "(MM) |natural |'|⁹|acute (AML) |NK-1 receptor "
)


@pytest.mark.parametrize("piece", HOSTILE.split("|"))
def test_hostile_texts_cost_no_more_than_their_length(matcher: Matcher, piece: str) -> None:
    def work(times: int) -> int:
        text = piece * times

        def run() -> None:
            matcher.find(text, {"MM": "malignant melanoma", **defined([text])})

        return steps(run)

    work(10)
    assert work(800) <= 2.2 * work(400) + 200


def test_a_row_of_brackets_is_no_way_through_a_name(matcher: Matcher) -> None:
    text = "natural killer " + "(NK)" * 5000 + " cells"
    assert matcher.find(text)[0].text == "natural killer"


def test_every_facet_is_looked_for_by_default(matcher: Matcher) -> None:
    text = "AML CAR NK donor expanded relapsed IL-2 phase 1 survival fever review"
    assert {hit.facet for hit in matcher.find(text)} == set(FACETS)
