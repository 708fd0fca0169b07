"""Europe PMC's JSON: the same papers through a second door, nothing lost and no number changed."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import UnreadableError
from ingest.parse.europepmc_html import fragment, sections
from ingest.parse.europepmc_json import REF_TYPES, Page, page_of, parse_core
from ingest.parse.notices import ABOUT_ANOTHER, ABOUT_THIS
from kb.records.article import Article, Link, Marked, SourceDate


def made(**fields: Any) -> dict[str, Any]:
    """Return a core record in the manner of the service (version 6.9); every word of it is made up."""
    record: dict[str, Any] = {
        "id": "10000001",
        "source": "MED",
        "pmid": "10000001",
        "pmcid": "PMC7654321",
        "doi": "10.5555/invented.1",
        "title": "Infusion of 10<sup>9</sup> invented cells: a <i>made-up</i> trial.",
        "authorString": "Example A, Sample BB, The Invented Group.",
        "authorList": {
            "author": [
                {
                    "fullName": "Example A",
                    "firstName": "Ada",
                    "lastName": "Example",
                    "initials": "A",
                    "authorId": {"type": "ORCID", "value": "0000-0002-1825-0097"},
                    "authorAffiliationDetailsList": {
                        "authorAffiliation": [{"affiliation": "Institute A &amp; B, Nowhere."}, {"affiliation": "C."}]
                    },
                },
                {"fullName": "Sample BB", "firstName": "Bo B", "lastName": "Sample", "initials": "BB", "suffix": "Jr"},
                {"collectiveName": "The Invented Group", "fullName": "The Invented Group"},
            ]
        },
        "investigatorList": {"investigator": [{"fullName": "Third C", "lastName": "Third", "initials": "C"}]},
        "authorIdList": {"authorId": [{"type": "ORCID", "value": "0000-0002-1825-0097"}]},
        "journalInfo": {
            "issue": "3",
            "volume": "12",
            "journalIssueId": 1234567,
            "dateOfPublication": "2015 Nov",
            "monthOfPublication": 11,
            "yearOfPublication": 2015,
            "printPublicationDate": "2015-11-01",
            "journal": {
                "title": "Journal of invented cells",
                "medlineAbbreviation": "J Invent Cells",
                "isoabbreviation": "J. Invent. Cells",
                "issn": "1234-5679",
                "essn": "2345-678X",
                "nlmid": "101000001",
            },
        },
        "pubYear": "2015",
        "pageInfo": "101-9",
        "abstractText": "<h4>Background</h4>Doses of 10<sup>6</sup>/kg, p<0.05.<h4>Methods</h4>CD56<sup>bright</sup>"
        " cells &lt;1%.<h4>Methods</h4>Again.",
        "language": "eng",
        "publicationStatus": "ppublish",
        "pubTypeList": {"pubType": ["research-article", "Clinical Trial, Phase I", "Journal Article"]},
        "grantsList": {"grant": [{"grantId": "X 1", "agency": "Invented Fund", "acronym": "IF", "orderIn": 0}]},
        "meshHeadingList": {
            "meshHeading": [
                {"majorTopic_YN": "N", "descriptorName": "Humans"},
                {
                    "majorTopic_YN": "N",
                    "descriptorName": "Killer Cells, Natural",
                    "meshQualifierList": {
                        "meshQualifier": [
                            {"majorTopic_YN": "N", "abbreviation": "IM", "qualifierName": "immunology"},
                            {"majorTopic_YN": "Y", "abbreviation": "TR", "qualifierName": "transplantation"},
                        ]
                    },
                },
            ]
        },
        "keywordList": {"keyword": ["Cell &amp; gene therapy", "IL-2<sup>+</sup>"]},
        "chemicalList": {
            "chemical": [{"name": "Antigens", "registryNumber": "0"}, {"name": "X", "registryNumber": "7S5I7G3JQL"}]
        },
        "commentCorrectionList": {
            "commentCorrection": [
                {"source": "MED", "id": "10000002", "reference": "J. 2016;1:2.", "type": "Retraction in", "orderIn": 1},
                {"source": "PPR", "id": "PPR10000003", "type": "Preprint in", "note": "loader", "orderIn": 10002},
            ]
        },
        "isOpenAccess": "Y",
        "citedByCount": 7,
        "somethingNew": {"deep": [1, {"x": None}]},
        "dateOfCreation": "2015-10-02",
        "dateOfCompletion": "2016-01-03",
        "dateOfRevision": "2020-05-30",
        "electronicPublicationDate": "2015-09-30",
        "firstPublicationDate": "2015-09-30",
    }
    record.update(fields)
    return {name: value for name, value in record.items() if value is not None}


def body(*records: Any, **page: Any) -> io.BytesIO:
    value = {"version": "6.9", "hitCount": len(records), "request": {}, "resultList": {"result": list(records)}, **page}
    return io.BytesIO(json.dumps({name: part for name, part in value.items() if part is not None}).encode())


def read(**fields: Any) -> Article:
    (article,) = parse_core(body(made(**fields)), "2026-11-23")
    return article


def test_a_record_is_read_whole() -> None:
    one = read()
    assert (one.id, one.pmid, one.pmcid, one.doi) == ("PMID:10000001", "10000001", "PMC7654321", "10.5555/invented.1")
    assert one.article_ids[0] == ("europepmc", "MED:10000001")
    assert one.title.text == "Infusion of 10⁹ invented cells: a made-up trial."
    assert one.title.plain == "Infusion of 10^9 invented cells: a made-up trial."
    assert (one.journal, one.journal_abbreviation) == ("Journal of invented cells", "J Invent Cells")
    assert (one.issn, one.nlm_id) == (("1234-5679", "2345-678X"), "101000001")
    assert (one.volume, one.issue, one.pages, one.languages) == ("12", "3", "101-9", ("eng",))
    assert (one.entered, one.completed, one.revised) == ("2015-10-02", "2016-01-03", "2020-05-30")
    assert one.history == (("firstPublicationDate", "2015-09-30"),)
    assert one.publication_types == ("research-article", "Clinical Trial, Phase I", "Journal Article")
    assert one.grants == (("X 1", "Invented Fund", ""),)
    assert (one.database, one.kind, one.owner, one.publication_status) == ("europepmc", "article", "MED", "ppublish")


def test_sections_keep_their_labels_their_order_and_every_number() -> None:
    (abstract,) = read().abstracts
    assert [section.label for section in abstract.sections] == ["Background", "Methods", "Methods"]
    assert [section.body.plain for section in abstract.sections] == [
        "Doses of 10^6/kg, p<0.05.",
        "CD56bright cells <1%.",
        "Again.",
    ]
    assert read(abstractText=None).abstracts == ()


def test_authors_groups_and_investigators() -> None:
    first, second, group, investigator = read().authors
    assert (first.last, first.fore, first.initials, first.orcid) == ("Example", "Ada", "A", "0000-0002-1825-0097")
    assert first.affiliations == ("Institute A & B, Nowhere.", "C.")
    assert (second.last, second.suffix) == ("Sample", "Jr")
    assert (group.collective, group.last) == ("The Invented Group", "")
    assert (investigator.last, investigator.role) == ("Third", "investigator")


def test_a_wrong_orcid_is_kept_as_printed_and_not_believed() -> None:
    author = {"lastName": "E", "authorId": {"type": "ORCID", "value": "0000-0002-1825-0098"}}
    (one,) = read(authorList={"author": [author]}, investigatorList=None).authors
    assert (one.orcid, one.identifiers) == ("", (("ORCID", "0000-0002-1825-0098"),))


def test_the_string_of_authors_serves_where_there_is_no_list() -> None:
    one = read(authorList=None, investigatorList=None, affiliation="Somewhere.")
    assert [author.last for author in one.authors] == ["Example A", "Sample BB", "The Invented Group"]
    assert one.authors[0].affiliations == ("Somewhere.",)


def test_terms_with_qualifiers_and_major_topics() -> None:
    terms = read().terms
    mesh = [term for term in terms if term.kind == "mesh"]
    assert [(term.label, term.major) for term in mesh] == [("Humans", False), ("Killer Cells, Natural", True)]
    assert mesh[1].qualifiers == (("", "immunology", False), ("", "transplantation", True))
    assert [term.label for term in terms if term.kind == "keyword"] == ["Cell & gene therapy", "IL-2⁺"]
    assert [term.registry_number for term in terms if term.kind == "chemical"] == ["", "7S5I7G3JQL"]
    assert {term.scheme for term in terms if term.label == "research-article"} == {"PMC"}


def test_a_padded_day_is_not_believed() -> None:
    one = read()
    assert one.publication_date == SourceDate("2015 Nov", "2015-11", "month")
    assert one.electronic_date == SourceDate("2015-09-30", "2015-09-30", "day")
    assert read(journalInfo=None).publication_date == SourceDate("2015", "2015", "year")
    season = read(journalInfo={"dateOfPublication": "2000 Spring", "printPublicationDate": "2000-03-01"})
    assert season.publication_date == SourceDate("2000 Spring", "2000", "season")
    assert read(electronicPublicationDate=None).electronic_date is None
    assert read(journalInfo=None, pubYear=None).publication_date is None


@pytest.mark.parametrize(
    ("fields", "expected", "pmid"),
    [
        ({"pmid": None}, "PMID:10000001", "10000001"),
        ({"source": "PMC", "id": "PMC7654321", "pmid": None}, "DOI:10.5555/invented.1", ""),
        ({"source": "PMC", "id": "PMC7654321", "pmid": None, "doi": None}, "PMC:PMC7654321", ""),
        ({"source": "PMC", "id": "PMC7654321", "pmid": "PMC7654321"}, "DOI:10.5555/invented.1", ""),
        ({"source": "PMC", "id": "PMC7654321"}, "PMID:10000001", "10000001"),
        ({"source": "PPR", "id": "PPR10000003", "pmid": "10000003"}, "DOI:10.5555/invented.1", ""),
        ({"source": "PPR", "id": "PPR45", "pmid": None, "doi": None, "pmcid": None}, "REC:ppr-ppr45", ""),
        ({"source": "AGR", "id": "10000009", "pmid": None, "doi": None, "pmcid": None}, "REC:agr-10000009", ""),
        ({"doi": "10.5555/ABC", "source": "PPR", "id": "PPR1", "pmid": None}, "DOI:10.5555/abc", ""),
    ],
)
def test_only_a_pmid_becomes_a_pmid(fields: dict[str, Any], expected: str, pmid: str) -> None:
    one = read(**fields)
    assert (one.id, one.pmid) == (expected, pmid)
    assert ("europepmc", f"{one.owner}:{made(**fields)['id']}") in one.article_ids


def test_a_preprint_names_its_server_and_its_version() -> None:
    one = read(
        source="PPR",
        id="PPR10000003",
        pmid=None,
        journalInfo=None,
        bookOrReportDetails={"publisher": "inventedRxiv", "yearOfPublication": 2024},
        versionNumber=2,
        electronicPublicationDate=None,
        firstPublicationDate="2024-02-23",
    )
    assert (one.journal, one.version, one.kind, one.book) == ("inventedRxiv", 2, "article", ())
    assert one.electronic_date == SourceDate("2024-02-23", "2024-02-23", "day")


def test_a_book_keeps_its_details() -> None:
    one = read(source="NBK", id="NBK7", pmid=None, bookOrReportDetails={"publisher": "P", "isbn13": "978"})
    assert (one.kind, one.book) == ("book", (("isbn13", "978"), ("publisher", "P")))


def test_links_have_pubmeds_names_and_never_a_preprints_number_as_pmid() -> None:
    assert read().links == (
        Link("RetractionIn", "10000002", "J. 2016;1:2."),
        Link("Preprint in", "", "PPR:PPR10000003", "loader"),
    )
    numeric = {"source": "PPR", "id": "10000003", "type": "Update of"}
    assert read(commentCorrectionList={"commentCorrection": [numeric]}).links[0].pmid == ""
    assert {*ABOUT_THIS, *ABOUT_ANOTHER} <= set(REF_TYPES.values())
    for printed, name in REF_TYPES.items():
        (link,) = read(commentCorrectionList={"commentCorrection": [{"type": printed.title(), "id": "5"}]}).links
        assert (link.type, link.pmid) == (name, "5")
        assert name.lower() == printed.replace(" ", "")


def test_a_translated_title_keeps_its_brackets() -> None:
    one = read(title="[Invented cells].")
    assert (one.title.text, one.translated) == ("[Invented cells].", True)
    assert not read(title="[18F]FDG in [11C] made-up cells.").translated


def test_a_lone_member_may_stand_without_its_list() -> None:
    one = read(
        pubTypeList={"pubType": "Review"},
        authorList={"author": {"lastName": "Only"}},
        investigatorList=None,
        commentCorrectionList={"commentCorrection": {"type": "Comment on", "source": "MED", "id": 9}},
    )
    assert (one.publication_types, one.authors[0].last, one.links[0].pmid) == (("Review",), "Only", "9")


def test_an_almost_empty_record_is_a_record() -> None:
    (one,) = parse_core(body({"id": "5", "source": "MED"}), "")
    assert one == Article(id="PMID:5", pmid="5", owner="MED", article_ids=one.article_ids, database="europepmc")


# ---------------------------------------------------------------------------- pages


def test_a_page_lists_numbers_total_and_cursor() -> None:
    page = page_of(
        body({"id": "1", "source": "MED"}, {"id": "PPR2", "source": "PPR"}, hitCount=5, nextCursorMark="AoI=")
    )
    assert page == Page(("MED:1", "PPR:PPR2"), 5, "AoI=")
    assert page_of(body(hitCount="0")) == Page((), 0, "")
    assert page_of(body(hitCount=0, resultList=None)) == Page((), 0, "")
    assert list(parse_core(body(), "")) == []


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'{"errCode":404,"errMsg":"No search criteria provided"}', "error 404: No search criteria"),
        (b'{"version":"6.9","errMsg":"x"}', "error None: x"),
        (b"<html><body>Blocked</body></html>", "HTML"),
        (b"", "empty"),
        (b"Too many requests", "plain text"),
        (b'{"version":"6.9","hitCount":3,"resultList":{"result":[{"id":"1","so', "cut off"),
        (b'{"version":"6.9"}', "no hitCount"),
        (b'{"hitCount":3}', "no resultList"),
        (b'{"hitCount":true,"resultList":{"result":[]}}', "not a number"),
        (b'{"hitCount":null,"resultList":{"result":[]}}', "not a number"),
        (b"[]", "list"),
        (b'{"hitCount":1,"resultList":{"result":[{"id":"1"}]}}', "without source or id"),
        (b'{"hitCount":1,"resultList":{"result":["1"]}}', "where an object is expected"),
        (b'{"hitCount":1,"resultList":[]}', "where an object is expected"),
        (b'{"hitCount":1,"hitCount":2}', "twice"),
        (b"\xff\xfe{\x00", "UTF-16"),
    ],
)
def test_what_is_no_page_is_refused_with_a_reason(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableError, match=re.escape(words)):
        page_of(io.BytesIO(data))


@pytest.mark.parametrize(
    "fields",
    [
        {"title": {"a": 1}},
        {"title": ["a"]},
        {"authorList": "cut"},
        {"authorList": {"author": ["a"]}},
        {"journalInfo": [1]},
        {"keywordList": {"keyword": [{"a": 1}]}},
        {"abstractText": "<i>" * 100 + "x"},
    ],
)
def test_a_field_of_the_wrong_kind_is_named(fields: dict[str, Any]) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(**fields)
    assert str(caught.value).startswith("MED:10000001: ")
    assert ("nested" if "abstractText" in fields else next(iter(fields))) in str(caught.value)


def test_a_refused_body_is_refused_by_the_parser_too() -> None:
    with pytest.raises(UnreadableError, match="error 404"):
        list(parse_core(io.BytesIO(b'{"errCode":404,"errMsg":"x"}'), ""))


# ---------------------------------------------------------------------------- pieces of HTML


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("10<sup>9</sup>", "10^9"),
        ("10<SUP>9</SUP> cells", "10^9 cells"),
        ("10&lt;sup&gt;9&lt;/sup&gt;", "10^9"),
        ("H<sub>2</sub>O", "H2O"),
        ("<i>in vivo</i>", "in vivo"),
        ("p<0.05 and n>3", "p<0.05 and n>3"),
        ("p&lt;0.05 &amp; q", "p<0.05 & q"),
        ("<CD3> and a<b", "<CD3> and a<b"),
        ("one<br/>two<p>three</p>", "one two three"),
        ("<mml:math><mml:msup><mml:mn>10</mml:mn><mml:mn>6</mml:mn></mml:msup></mml:math>", "10^6"),
        ("<b><i>x</b></i> y", "x y"),
        ("</i>x<i>", "x"),
        ("a\x0bb&#xa0;c", "a b c"),
        ("", ""),
    ],
)
def test_known_tags_are_markup_and_the_rest_is_text(text: str, plain: str) -> None:
    assert fragment(text).plain == plain


def test_headings_make_sections_and_lose_nothing() -> None:
    found = sections("Before.<h4>Aim</h4><h4>Dose</h4>10<sup>9</sup><h4>Never closed<h4>End</h4>x</h4>y")
    assert [(one.label, one.body.plain) for one in found] == [
        ("", "Before."),
        ("Aim", ""),
        ("Dose", "10^9"),
        ("", "Never closed"),
        ("End", "xy"),
    ]
    assert sections("Only text") == sections("<p>Only text</p>")
    assert sections("") == sections("<p> </p>") == ()
    assert sections("x")[0].body == Marked("x", "x")


@given(
    st.lists(
        st.sampled_from(["<i>", "</i>", "<sup>", "</sup>", "<h4>", "</h4>", "<p>", "<br/>", "ab", "7", " ", "<5", ">"]),
        max_size=40,
    )
)
def test_no_letter_is_lost_whatever_the_tags(parts: list[str]) -> None:
    text = "".join(parts)
    letters = [char for part in parts if part in ("ab", "7", "<5", ">") for char in part]
    # A label may hold raised letters (an unclosed <sup> in a heading); folding brings them back.
    written = "".join(unicodedata.normalize("NFKC", f"{one.label} {one.body.plain}") for one in sections(text))
    kept = [char for char in written if char in "ab57<>"]
    assert sorted(kept) == sorted(letters)


def test_a_long_text_of_tags_is_read_or_refused_in_time() -> None:
    with pytest.raises(UnreadableError, match="nested"):
        read(abstractText="<i>" * 100_000 + "</i>" * 100_000)
    article = read(abstractText="<br/>a" * 50_000)
    assert len(article.abstracts[0].sections[0].body.text) == 2 * 50_000 - 1
