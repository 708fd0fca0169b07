"""Fetched records as records to be tagged: which texts and headings they give, under which names of fields."""

from __future__ import annotations

from dataclasses import replace

from kb.records.article import Abstract, Article, Marked, Section, Term
from kb.records.registration import Arm, Intervention, Registration
from kb.tag.of_records import of_article, of_registration
from kb.tag.record import Heading, Passage
from kb.tag.tagger import _by_place
from kb.tag.tags import Tag


def _section(text: str, label: str = "", category: str = "") -> Section:
    return Section(label, category, Marked(text, text))


def test_an_article_gives_its_texts_its_keywords_and_what_was_left_out() -> None:
    article = Article(
        "PMID:1",
        title=Marked("A title", "A title"),
        abstracts=(
            Abstract("main", "", (_section("First.", "AIM", "OBJECTIVE"), _section("Second.", "", "METHODS"))),
            Abstract("plain-language-summary", "eng", (_section("For everybody."),)),
            Abstract("Publisher", "spa", (_section("En breve."), _section(" "))),
            Abstract("main", "eng", (_section("Third."),)),
        ),
        terms=(Term("keyword", "NK cells"), Term("mesh", "Humans"), Term("keyword", "AML")),
    )
    record = of_article(article)
    assert (record.id, record.kind) == ("PMID:1", "article")
    assert record.passages == (
        Passage("title", "title", "A title"),
        Passage("abstract/1", "abstract", "First.", "AIM"),
        Passage("abstract/2", "abstract", "Second.", "METHODS"),
        Passage("abstract/6", "abstract", "Third."),
        Passage("keywords/1", "keyword", "NK cells"),
        Passage("keywords/2", "keyword", "AML"),
    )
    assert record.unread == ("abstract/4",)


def test_an_article_gives_its_headings_and_publication_types() -> None:
    article = Article(
        "PMID:1",
        terms=(
            Term(
                "mesh",
                "Killer Cells, Natural",
                id="D007694",
                major=True,
                qualifiers=(("Q1", "transplantation", False),),
            ),
            Term("mesh", "Humans"),
            Term("publication_type", "Clinical Trial"),
            Term("chemical", "Cyclophosphamide"),
        ),
    )
    record = of_article(article)
    assert record.headings == (
        Heading("Killer Cells, Natural", ("transplantation",), True, "D007694"),
        Heading("Humans"),
    )
    assert record.publication_types == ("Clinical Trial",)
    assert record.passages == ()


def test_a_registration_gives_every_text_under_the_name_of_its_field() -> None:
    one = Registration(
        "NCT99999999",
        "ClinicalTrials.gov",
        title="Short",
        official_title="Long",
        conditions=("Lupus", "AML"),
        interventions=(Intervention("BIOLOGICAL", ("CAR-NK", "Another name"), "Given once.", ()),),
        arms=(Arm("Arm A", "EXPERIMENTAL", "Cells.", ()), Arm("Arm B", "OTHER", "", ())),
        keywords=("cells",),
        brief_summary="Sum.",
        detailed_description="Detail.",
        eligibility="Adults.",
        conditions_mesh=(("D1", "Lupus Erythematosus, Systemic"),),
        interventions_mesh=(("D2", "Antibodies"),),
        phase="PHASE1",
        study_type="INTERVENTIONAL",
    )
    record = of_registration(one)
    assert [(one.field, one.kind, one.text) for one in record.passages] == [
        ("title", "title", "Short"),
        ("official_title", "title", "Long"),
        ("conditions/1", "condition", "Lupus"),
        ("conditions/2", "condition", "AML"),
        ("interventions/1/name", "intervention", "CAR-NK"),
        ("interventions/1/other_name", "intervention", "Another name"),
        ("interventions/1/description", "arm", "Given once."),
        ("arms/1/label", "arm", "Arm A"),
        ("arms/1/description", "arm", "Cells."),
        ("arms/2/label", "arm", "Arm B"),
        ("keywords/1", "keyword", "cells"),
        ("summary", "summary", "Sum."),
        ("description", "summary", "Detail."),
        ("eligibility", "eligibility", "Adults."),
    ]
    assert record.derived == (
        ("conditions_mesh", "Lupus Erythematosus, Systemic"),
        ("interventions_mesh", "Antibodies"),
    )
    assert (record.kind, record.phase, record.study_type) == ("registration", "PHASE1", "INTERVENTIONAL")


def test_a_title_that_is_the_official_one_stands_once() -> None:
    record = of_registration(Registration("NCT99999999", "ClinicalTrials.gov", title="Same", official_title="Same"))
    assert [one.field for one in record.passages] == ["title"]


def test_tags_that_differ_in_what_they_say_alone_have_an_order() -> None:
    """Tags of equal rank would stand in the order of a set, another one every run."""
    order = _by_place(of_article(Article("PMID:1", title=Marked("GVHD", "GVHD"))))
    said = Tag("event", "gvhd", "text", "title", 0, 4, "GVHD", "present", "a rule")
    assert order(replace(said, assertion="absent")) < order(said)
