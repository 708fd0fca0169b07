"""Every field of a record, on invented records that hold each trap once."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest

from ingest.parse.pubmed_xml import parse_articles, translated
from kb.records.article import Abstract, Accession, Article, Deletion, Link, Marked, Section, SourceDate, Term

FIXTURES = Path(__file__).parent / "pubmed"


def parse(body: str) -> list[Article | Deletion]:
    return list(parse_articles(BytesIO(body.encode())))


def fixture(name: str) -> list[Article | Deletion]:
    with (FIXTURES / name).open("rb") as handle:
        return list(parse_articles(handle))


def article(inner: str = "", citation: str = "", data: str = "") -> Article:
    """The one record with these parts."""
    body = (
        f"<PubmedArticle><MedlineCitation><PMID>7</PMID><Article>{inner}</Article>{citation}</MedlineCitation>"
        f"<PubmedData>{data}</PubmedData></PubmedArticle>"
    )
    (found,) = parse(body)
    assert isinstance(found, Article)
    return found


@pytest.fixture(scope="module")
def full() -> Article:
    found = fixture("article.xml")[0]
    assert isinstance(found, Article)
    return found


@pytest.fixture(scope="module")
def book() -> Article:
    found = fixture("book.xml")[0]
    assert isinstance(found, Article)
    return found


def same(text: str) -> Marked:
    return Marked(text, text)


# ---------------------------------------------------------------------------- a record with everything


def test_what_it_is(full: Article) -> None:
    assert (full.id, full.pmid, full.version, full.kind) == ("PMID:90000001", "90000001", 2, "article")
    assert (full.status, full.owner, full.indexing_method) == ("MEDLINE", "NLM", "Manual")
    assert (full.doi, full.pmcid, full.database) == ("10.5555/Right.1", "PMC9000001", "pubmed")
    assert full.publication_status == "ppublish"


def test_titles(full: Article) -> None:
    assert full.title.text == "[Ten patients and 10⁹ CD3⁻CD56⁺ cells & IL-2]."
    assert full.title.plain == "[Ten patients and 10^9 CD3-CD56+ cells & IL-2]."
    assert full.translated
    assert full.vernacular_title.plain == "Zehn Patienten und 10^9 Zellen."


def test_every_section_also_under_a_label_that_comes_twice(full: Article) -> None:
    main, plain, german = full.abstracts
    assert main == Abstract(
        "main",
        "",
        (
            Section("", "", same("Said before any label.")),
            Section("METHODS", "METHODS", same("First methods.")),
            Section(
                "RESULTS", "RESULTS", Marked("Dose was 2 × 10⁶/kg (P = 0.36).", "Dose was 2 × 10^6/kg (P = 0.36).")
            ),
            Section("METHODS", "METHODS", same("Second methods, under the same label.")),
            Section("FUNDING", "UNASSIGNED", same("")),
        ),
        "© 2031 Nobody.",
    )
    assert plain == Abstract("plain-language-summary", "eng", (Section("", "", same("In plain words.")),))
    assert (german.kind, german.language) == ("Publisher", "ger")
    assert [(part.label, part.body.text) for part in german.sections] == [("ZIEL", "Eins."), ("ERGEBNIS", "Zwei.")]


def test_where_and_when_it_appeared(full: Article) -> None:
    assert (full.journal, full.journal_abbreviation) == ("Annals of invented trials", "Ann Invent Trials")
    assert full.issn == ("1111-222X", "3333-4444")
    assert (full.nlm_id, full.country, full.volume, full.issue) == ("9999999", "Nowhere", "12", "Suppl 3")
    assert full.pages == "e101-9"
    assert full.publication_date == SourceDate("2030 Dec-2031 Jan", "2031", "span")
    assert full.electronic_date == SourceDate("2030-12-05", "2030-12-05", "day")
    assert (full.entered, full.completed, full.revised) == ("2030-12-06", "2031-04-09", "2031-11-30")
    assert full.history == (("received", "2030-01-02"), ("entrez", "2030-12-06"))
    assert full.languages == ("ger", "eng")


def test_people(full: Article) -> None:
    first, second, group, investigator = full.authors
    assert (first.last, first.fore, first.initials, first.suffix) == ("Ōe-Smith", "Ann B", "AB", "Jr")
    assert first.orcid == "0000-0002-1825-0097"
    assert first.identifiers == (("ORCID", "http://orcid.org/0000-0002-1825-0097"), ("affiliation ISNI", "0000 0001"))
    assert first.affiliations == ("First House, Town¹.", "Second House.")
    assert (first.equal_contribution, first.valid, first.role) == (True, True, "author")
    assert (second.valid, second.orcid, second.fore) == (False, "", "")
    assert second.identifiers == (("ORCID", "0000-0002-1825-0098"),), "a wrong check digit is kept as printed"
    assert (group.collective, group.last) == ("Group of Nobody", "")
    assert (investigator.last, investigator.role, investigator.affiliations) == (
        "Roe",
        "investigator",
        ("Third House.",),
    )
    assert not full.authors_complete


def test_terms(full: Article) -> None:
    assert full.publication_types == ("Journal Article", "Retracted Publication")
    assert full.terms == (
        Term("publication_type", "Journal Article", "D016428"),
        Term("publication_type", "Retracted Publication", "D016441"),
        Term(
            "mesh",
            "Killer Cells, Natural",
            "D007694",
            (("Q000276", "immunology", True), ("Q000637", "transplantation", False)),
            major=True,
        ),
        Term("mesh", "Nowhere", "D000005", type="Geographic"),
        Term("supplementary", "ABC protocol", "C000001", type="Protocol"),
        Term("chemical", "Antigens", "D000001"),
        Term("chemical", "Enzyme", "D000002", registry_number="EC 1.1.1.1"),
        Term("gene_symbol", "abcD", scheme=""),
        Term("personal_subject", "Doe, Jane 3rd", scheme=""),
        Term("keyword", "CD4⁺ cells", major=True, scheme="NOTNLM"),
        Term("keyword", "dose", scheme="NOTNLM"),
        Term("keyword", "flight", scheme="NASA"),
    )


def test_ties_to_other_papers_keep_their_direction(full: Article) -> None:
    assert full.links == (
        Link("RetractionIn", "90000002", "Ann Invent Trials. 2032;1:1", "said so"),
        Link("ErratumFor", "", "doi: 10.5555/other.9"),
    )
    assert full.references == (
        ("90000003", "Older. 2001"),
        ("90000004", "Somebody. Journal. 1999"),
        ("", "Nobody. 1998"),
        ("", "Unknown. 1997"),
    )


def test_identifiers_of_cited_papers_are_not_its_own(full: Article) -> None:
    assert full.article_ids == (
        ("pubmed", "90000001"),
        ("doi", "10.5555/Right.1"),
        ("pmc", "PMC9000001"),
        ("pii", "e101"),
        ("doi (invalid)", "10.5555/wrong.1"),
        ("NLM", "PMC9000009 [Available on 01/01/32]"),
    )


def test_the_rest(full: Article) -> None:
    assert full.accessions == (
        Accession("ClinicalTrials.gov", "NCT99999999"),
        Accession("ClinicalTrials.gov", "NCT99999998"),
        Accession("PDB", ""),
    )
    assert full.grants == (("G1", "Office", "Nowhere"), ("", "Only an agency", ""))
    assert full.notes == ("A note.", "Number of references: 3")
    assert full.conflict_of_interest == "None, says everybody."
    assert full.space_flight == ("Flight Experiment", "manned")
    assert full.book == ()


def test_deletions_are_told_with_their_version() -> None:
    assert fixture("article.xml")[1:] == [Deletion("PMID:90000005", 1), Deletion("PMID:90000006", 0)]
    assert fixture("book.xml")[1:] == [Deletion("PMID:90000012", 0)]


# ---------------------------------------------------------------------------- books


def test_a_chapter(book: Article) -> None:
    assert (book.id, book.kind, book.doi) == ("PMID:90000010", "book", "10.5555/book.1")
    assert book.title == Marked("Cells of the m²", "Cells of the m2")
    assert book.vernacular_title.text == "Zellen"
    assert [(who.last, who.role) for who in book.authors] == [
        ("Chap", "author"),
        ("Inv", "investigator"),
        ("Ed", "editor"),
    ]
    assert not book.authors_complete
    assert [part.body.text for part in book.abstracts[0].sections] == ["One.", "Two."]
    assert book.abstracts[0].copyright == "© Us"
    assert book.publication_date == SourceDate("2029-03", "2029-03", "month")
    assert (book.revised, book.pages, book.languages) == ("2020-09-17", "7-19", ("eng",))
    assert book.history == (("entrez", "2020-09-18"),)
    assert book.publication_types == ("Review",)
    assert book.terms[1].label == "cells"
    assert book.references == (("90000011", "Cited. 2000"),)
    assert book.grants == (("B1", "Office", "Nowhere"),)
    assert book.publication_status == "ppublish"
    assert book.article_ids == (
        ("bookaccession", "NBK900"),
        ("doi", "10.5555/book.1"),
        ("pubmed", "90000010"),
        ("book doi", "10.5555/whole.book"),
    )
    assert book.book == (
        ("publisher", "House of Books"),
        ("place", "Town"),
        ("title", "The Book®"),
        ("beginning", "2001"),
        ("ending", "2031"),
        ("edition", "2nd"),
        ("isbn", "9780000000002"),
        ("medium", "Internet"),
        ("report_number", "R7"),
        ("location", "4"),
        ("section", "1: Summary"),
        ("section", "Inner"),
        ("contributed", "2006-02-02"),
        ("synonyms", "One name"),
        ("synonyms", "Another"),
    )


def test_a_whole_book_has_the_title_of_the_book() -> None:
    (found,) = parse(
        "<PubmedBookArticle><BookDocument>"
        "<ArticleIdList><ArticleId IdType='bookaccession'>NBK7</ArticleId></ArticleIdList>"
        "<Book><BookTitle>All</BookTitle></Book></BookDocument></PubmedBookArticle>"
    )
    assert isinstance(found, Article)
    assert (found.id, found.title.text, found.pmid) == ("REC:NBK7", "All", "")


# ---------------------------------------------------------------------------- older generations


def test_a_citation_of_2016_and_before() -> None:
    old, following, gone = fixture("medline.xml")
    assert isinstance(old, Article)
    assert isinstance(following, Article)
    assert (old.id, following.id, gone) == ("PMID:90000020", "PMID:90000021", Deletion("PMID:90000022", 1))
    assert (old.entered, old.owner, old.pages) == ("1999-02-28", "KIE", "1-2; discussion 3")
    assert old.publication_date == SourceDate("1998 Fall", "1998", "season")
    assert (old.authors[0].fore, old.authors[0].affiliations) == ("Otto P", ("The one House, Town.",))
    assert old.authors[1].affiliations == ()
    assert old.journal_abbreviation == "Old J"
    assert (old.pmcid, old.article_ids) == ("PMC9000020", (("KIE", "1"), ("NLM", "PMC9000020")))
    assert (old.doi, following.publication_date, following.authors_complete) == ("", None, True)


@pytest.mark.parametrize("root", ["PubmedArticle", "MedlineCitation"])
def test_one_record_without_a_set(root: str) -> None:
    inner = "<PMID>7</PMID><Article><ArticleTitle>One</ArticleTitle></Article>"
    inner = f"<MedlineCitation>{inner}</MedlineCitation>" if root == "PubmedArticle" else inner
    (found,) = parse(f"<{root}>{inner}</{root}>")
    assert isinstance(found, Article)
    assert (found.id, found.title.text) == ("PMID:7", "One")


def test_what_should_come_once_and_comes_twice_is_read_from_the_first() -> None:
    found = article("<ArticleTitle>One</ArticleTitle><ArticleTitle>Two</ArticleTitle>")
    assert found.title.text == "One"


# ---------------------------------------------------------------------------- titles


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("[A title].", True),
        ("[A title]", True),
        ("[A title (author's transl)].", True),
        ("[A [11C] title].", True),
        ("[18F]FDG and [11C]choline", False),
        ("[18F]FDG and [11C].", False),
        ("A title [of sorts]", False),
        ("[A title] and more", False),
        ("[Not Available].", False),
        ("[unclosed [a]", False),
        ("", False),
        ("[]", True),
    ],
)
def test_brackets_of_a_translation(title: str, expected: bool) -> None:
    assert translated(title) is expected
