"""Roles: what was given, to whom, and what is only mentioned."""

from __future__ import annotations

import pytest

from tests.unit.tagging import article, concepts, registration, tagger

_TREATED = "We treated ten patients with relapsed acute myeloid leukaemia. Two of ten responded."


@pytest.mark.parametrize(
    ("title", "abstract", "cells"),
    [
        ("Infusion of NK cells in myeloma: a phase 1 trial", "", {"nk"}),
        ("A new option", f"Patients received three infusions of haploidentical NK cells. {_TREATED}", {"nk"}),
        ("A new option", f"NK cells were infused on day 0 at a dose of 10^7/kg. {_TREATED}", {"nk"}),
        (
            "CAR-NK cells in lymphoma",
            "Eleven patients received NK cells with a CD19 CAR. NK cells persisted.",
            {"car-nk"},
        ),
        ("NK cell therapy with IL-2", "Ten patients received NK cells and subcutaneous IL-2.", {"nk"}),
        ("CIK cells after resection", "Forty patients received CIK cells.", {"cik"}),
        ("Monalizumab in head and neck cancer", "Forty patients received monalizumab.", {"nk-engager"}),
    ],
)
def test_what_was_given(title: str, abstract: str, cells: set[str]) -> None:
    assert concepts(article(title, abstract), "cell_type") == cells


@pytest.mark.parametrize(
    ("title", "abstract", "role"),
    [
        ("Counts", "NK cell counts were low in 40 patients.", "measured"),
        ("Lymphoma", "Patients with extranodal NK/T-cell lymphoma received asparaginase.", ""),
        ("NK 012 in lung cancer", "Patients received NK 012 weekly.", "code"),
        ("Earlier", "We treated ten patients. All had previously received CAR-NK cells.", "history"),
        ("Contrast", "We treated ten patients with CIK cells. In contrast to NK cells, these are T cells.", "contrast"),
        ("Denied", "We treated ten patients with CIK cells. No NK cells were infused.", "denied"),
        ("Field", "NK cell therapy has been shown to be safe. We measured cytokines in ten patients.", "field"),
    ],
)
def test_what_is_only_mentioned(title: str, abstract: str, role: str) -> None:
    tagged = article(title, abstract)
    assert not tagged.relevant
    assert "nk" not in concepts(tagged, "cell_type")
    if role:
        roles = {words.partition(":")[0] for hit, _, words in tagged.mentions if hit.facet == "cell_type"}
        assert role in roles


@pytest.mark.parametrize(
    ("title", "abstract", "diseases"),
    [
        ("NK cells for relapsed AML", "", {"aml"}),
        ("NK cells", "Ten patients with gastric (n = 7) or colorectal (n = 3) cancer received NK cells.",
         {"gastric-cancer", "colorectal-cancer"}),
        ("NK cells in lymphoma", "CAR-T changed leukaemia. We gave NK cells to ten people with mantle cell lymphoma.",
         {"mantle-cell-lymphoma"}),
        ("NK cells in myeloma", "Ten patients received NK cells. One died of sepsis. Two developed GVHD.",
         {"multiple-myeloma"}),
        ("NK cells in HIV+ lymphoma", "One man received NK cells.", {"lymphoma"}),
        ("NK cells in neuroblastoma", "Ten children received NK cells, which killed leukaemia cell lines.",
         {"neuroblastoma"}),
        ("NK cells", "Ten patients with ovarian or breast cancer received NK cells.",
         {"ovarian-cancer", "breast-cancer"}),
    ],
)  # fmt: skip
def test_whose_disease(title: str, abstract: str, diseases: set[str]) -> None:
    assert concepts(article(title, abstract), "indication") == diseases


def test_excluded_people_are_not_treated() -> None:
    tagged = registration(
        "NK cells for AML",
        conditions=["Acute Myeloid Leukemia"],
        interventions=["NK cells"],
        eligibility="Exclusion: HIV infection, hepatitis B.",
    )
    assert concepts(tagged, "indication") == {"aml"}


def test_a_registered_code_is_explained_by_the_summary() -> None:
    tagged = registration(
        "A study of XYZ-123",
        interventions=["XYZ-123"],
        summary="XYZ-123 (allogeneic CAR NK cells) is tested in patients with lupus.",
    )
    assert tagged.relevant
    assert concepts(tagged, "cell_type") == {"car-nk"}
    assert not registration("A study of XYZ-123", interventions=["XYZ-123"], summary="XYZ-123 is tested.").relevant


def test_a_known_code_needs_no_words() -> None:
    tagged = registration("A study of FT596 in lymphoma", interventions=["FT596"])
    assert concepts(tagged, "cell_type") == {"car-nk"}
    assert concepts(tagged, "cell_source") == {"ipsc"}
    other = registration("A study of FT819 in lupus", interventions=["FT819"])
    assert not other.relevant
    assert concepts(other, "cell_type") == {"car-t"}


@pytest.mark.parametrize(
    ("title", "abstract", "types", "flag"),
    [
        (
            "NK cell therapy of cancer",
            "This review covers trials of NK cell infusions in patients.",
            ["Review"],
            "review",
        ),
        ("CAR-NK cells kill ovarian cancer in mice", "CAR-NK cells were infused into NSG mice.", [], "preclinical"),
        ("NK cell counts and survival", "NK cell counts were measured in 40 patients.", [], "biomarker"),
        ("Asparaginase in NK/T-cell lymphoma", "Ten patients with NK cell leukaemia got asparaginase.", [], "disease"),
        ("CIK cells in liver cancer", "Ten patients received CIK cells. NK cell counts rose.", [], "other_cells"),
        ("NK cells in AML: a study protocol", "Thirty patients will receive NK cells.", [], "protocol"),
    ],
)
def test_flags(title: str, abstract: str, types: list[str], flag: str) -> None:
    tagged = article(title, abstract, publication_types=types)
    assert flag in tagged.flags
    assert tagged.relevant is (flag == "protocol")
    assert tagged.reason


def test_a_comment_on_the_study_of_others_is_not_that_study() -> None:
    title = "NK cells poised for the clinic"
    own = "Ten patients with lymphoma received NK cells."
    assert article(title, own).relevant
    assert not article(title, f"Miller and colleagues report a trial of NK cells. {own}").relevant


def test_every_tag_says_where_it_stands_and_why() -> None:
    title = "Haploidentical NK cells with IL-2 in children with AML: a phase I/II trial"
    abstract = "METHODS: Twelve children with relapsed AML received NK cells. RESULTS: Five of 12 (42%) responded."
    tagged = article(title, abstract)
    texts = {"title": title, "abstract": abstract}
    assert tagged.tags
    for tag in tagged.tags:
        assert tag.rule
        assert tag.start is not None
        assert texts[tag.field][tag.start : tag.end] == tag.text
    places = [(("title", "abstract").index(tag.field), tag.start) for tag in tagged.tags]
    assert places == sorted(places, key=lambda place: (place[0], place[1] or 0))


def test_the_same_record_gives_the_same_tags() -> None:
    words = ("CAR-NK cells in lupus", "Four women with lupus received CAR-NK cells. None had CRS.")
    assert article(*words) == article(*words)
    assert tagger() is tagger()


def test_origins_that_disagree_are_both_kept() -> None:
    tagged = article(
        "NK cells in AML: a phase 2 trial",
        "Ten patients with AML received NK cells.",
        publication_types=["Clinical Trial, Phase III"],
    )
    assert {(tag.origin, tag.concept) for tag in tagged.tags if tag.facet == "phase"} == {
        ("text", "phase-2"),
        ("publication_type", "phase-3"),
    }
    (conflict,) = [one for one in tagged.conflicts if one.facet == "phase"]
    assert "phase 2" in conflict.note
    assert "phase 3" in conflict.note


def test_a_broader_heading_is_no_conflict() -> None:
    tagged = article(
        "NK cells in AML: a phase 2 trial",
        "Ten patients with AML received NK cells.",
        mesh_headings=["Leukemia/therapy", "Killer Cells, Natural/transplantation"],
    )
    assert not tagged.conflicts


def test_what_a_list_knows_of_a_product_is_not_what_the_text_says() -> None:
    title = "Human cord blood derived, culture expanded NK cells (PNK-007) after transplant for multiple myeloma"
    tagged = registration(title, conditions=["Multiple Myeloma"], interventions=["PNK-007"])
    said = {(tag.origin, tag.concept) for tag in tagged.tags if tag.facet == "cell_source"}
    assert said == {("text", "cord-blood"), ("product_list", "placenta")}
    (conflict,) = tagged.conflicts
    assert (conflict.facet, {conflict.one, conflict.other}) == (
        "cell_source",
        {("text", ("cord-blood",)), ("product_list", ("placenta",))},
    )
