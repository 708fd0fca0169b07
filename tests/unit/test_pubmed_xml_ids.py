"""Identifiers: which DOI, whose number, and what a record without a PMID is called."""

from __future__ import annotations

import pytest

from ingest.parse import pubmed_ids
from kb.records.article import Article
from tests.unit.test_pubmed_xml import article, parse


def one(body: str) -> Article:
    (found,) = parse(body)
    assert isinstance(found, Article)
    return found


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("10.5555/Abc.1", "10.5555/Abc.1"),
        (" 10.5555/abc. ", "10.5555/abc"),
        ("doi:10.5555/abc", "10.5555/abc"),
        ("doi: 10.5555/abc", "10.5555/abc"),
        ("https://doi.org/10.5555/a%2Fb", "10.5555/a/b"),
        ("http://dx.doi.org/10.5555/abc", "10.5555/abc"),
        ("10.5555/(SICI)1(1996)29:1&lt;23::AID-X4&gt;3.0.CO;2-#", "10.5555/(SICI)1(1996)29:1<23::AID-X4>3.0.CO;2-#"),
        ("10.5555/(SICI)1(1996)29:1&amp;lt;23::A&amp;gt;3.0.CO;2-F", "10.5555/(SICI)1(1996)29:1<23::A>3.0.CO;2-F"),
        ("10.5555/S0140-6736(05)1", "10.5555/S0140-6736(05)1"),
        ("10.5555/abc and 10.5555/def", ""),
        ("S1234-5678", ""),
        ("10.55/abc", ""),
        ("", ""),
    ],
)
def test_a_doi_in_one_form_or_none(printed: str, expected: str) -> None:
    escaped = printed.replace("&", "&amp;")
    found = article(data=f'<ArticleIdList><ArticleId IdType="doi">{escaped}</ArticleId></ArticleIdList>')
    assert found.doi == expected
    assert found.article_ids == ((("doi", printed.strip()),) if printed else ()), "as printed, also where it is no DOI"


def place(doi: str, valid: str = "Y") -> str:
    return f'<ELocationID EIdType="doi" ValidYN="{valid}">{doi}</ELocationID>'


def listed(*dois: str) -> str:
    items = "".join(f'<ArticleId IdType="doi">{doi}</ArticleId>' for doi in dois)
    return f"<ArticleIdList>{items}</ArticleIdList>"


def test_which_doi() -> None:
    assert article(place("10.5555/a")).doi == "10.5555/a"
    assert article(place("10.5555/a", "N")).doi == ""
    assert article(place("10.5555/a", "N") + place("10.5555/b")).doi == "10.5555/b"
    assert article(place("10.5555/b"), data=listed("10.5555/c")).doi == "10.5555/c"
    assert article(place("10.5555/A", "N") + place("10.5555/b"), data=listed("10.5555/a")).doi == "10.5555/b"
    assert article(data=listed("none", "10.5555/d")).doi == "10.5555/d"


def test_the_doi_of_a_cited_paper_is_never_taken() -> None:
    cited = (
        '<Reference><Citation>x</Citation><ArticleIdList><ArticleId IdType="doi">10.5555/z</ArticleId></ArticleIdList>'
    )
    found = article(data=f"<ReferenceList>{cited}</Reference></ReferenceList>")
    assert (found.doi, found.article_ids) == ("", ())


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("PMC123", "PMC123"),
        ("123", "PMC123"),
        ("pmc-id: PMC123;manuscript-id: NIHMS4;", "PMC123"),
        ("PMC123.2", "PMC123"),
        ("NIHMS123", ""),
    ],
)
def test_pmc_ids(printed: str, expected: str) -> None:
    data = f'<ArticleIdList><ArticleId IdType="pmc">{printed}</ArticleId></ArticleIdList>'
    assert article(data=data).pmcid == expected
    assert article(data=data).pmid == "7", "digits of a PMC id are no PMID"


def test_a_pmc_id_among_other_ids_only_of_nlm() -> None:
    assert article(citation='<OtherID Source="NLM">PMC5 [Available on 01/01/30]</OtherID>').pmcid == "PMC5"
    assert article(citation='<OtherID Source="NLM">NIHMS5</OtherID><OtherID Source="KIE">6</OtherID>').pmcid == ""


@pytest.mark.parametrize(
    ("printed", "expected"),
    [("7", "7"), (" 12345678 ", "12345678"), ("007", "7"), ("0", ""), ("PMC7", ""), ("7.1", ""), ("٧", ""), ("", "")],
)
def test_pmids(printed: str, expected: str) -> None:
    assert pubmed_ids.pmid(printed) == expected


def unnumbered(ids: str, title: str = "A title", year: str = "1999") -> str:
    return one(
        f"<PubmedArticle><MedlineCitation><Article><Journal><JournalIssue><PubDate><Year>{year}</Year></PubDate>"
        f"</JournalIssue></Journal><ArticleTitle>{title}</ArticleTitle></Article></MedlineCitation>"
        f"<PubmedData><ArticleIdList>{ids}</ArticleIdList></PubmedData></PubmedArticle>"
    ).id


def test_a_record_without_a_pmid_is_kept_under_the_next_best_name() -> None:
    doi, pmc = '<ArticleId IdType="doi">10.5555/AB</ArticleId>', '<ArticleId IdType="pmc">PMC9</ArticleId>'
    assert unnumbered(f'{pmc}{doi}<ArticleId IdType="pubmed">70</ArticleId>') == "PMID:70"
    assert unnumbered(pmc + doi) == "DOI:10.5555/ab"
    assert unnumbered(pmc) == "PMC:PMC9"
    name = unnumbered("")
    assert name.startswith("REC:")
    assert len(name) == 20
    assert name == unnumbered(""), "the same record keeps its name"
    assert len({name, unnumbered("", "Another"), unnumbered("", year="2000")}) == 3


def test_records_with_nothing_in_common_have_no_name_in_common() -> None:
    first = one("<PubmedArticle><MedlineCitation><CoiStatement>a</CoiStatement></MedlineCitation></PubmedArticle>")
    second = one("<PubmedArticle><MedlineCitation><CoiStatement>b</CoiStatement></MedlineCitation></PubmedArticle>")
    assert first.id != second.id
    assert one("<PubmedArticle/>").id.startswith("REC:")


@pytest.mark.parametrize(("version", "expected"), [("", 1), ("3", 3), ("x", 1), ("-2", 1), ("²", 1)])
def test_versions(version: str, expected: int) -> None:
    assert one(f"<MedlineCitation><PMID Version='{version}'>7</PMID></MedlineCitation>").version == expected


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("0000-0002-1825-0097", "0000-0002-1825-0097"),
        ("0000000218250097", "0000-0002-1825-0097"),
        ("http://orcid.org/0000-0002-1825-0097", "0000-0002-1825-0097"),
        ("https://orcid.org/0000-0002-1825-0097/", "0000-0002-1825-0097"),
        ("https://orcid.org/000000021694233x", "0000-0002-1694-233X"),
        ("0000-0002-1694-233X", "0000-0002-1694-233X"),
        ("0000-0002-1825-0098", ""),
        ("0000-0002-1825-009", ""),
        ("none", ""),
    ],
)
def test_orcids(printed: str, expected: str) -> None:
    author = f'<Author><LastName>A</LastName><Identifier Source="ORCID">{printed}</Identifier></Author>'
    (found,) = article(f"<AuthorList>{author}</AuthorList>").authors
    assert (found.orcid, found.identifiers) == (expected, (("ORCID", printed),))


def test_another_number_of_a_person_or_of_an_institution_is_no_orcid() -> None:
    number = "0000-0002-1825-0097"
    info = f'<Affiliation>X</Affiliation><Identifier Source="ORCID">{number}</Identifier>'
    info = f"<AffiliationInfo>{info}</AffiliationInfo>"
    author = f'<Author><LastName>A</LastName><Identifier Source="ISNI">{number}</Identifier>{info}</Author>'
    (found,) = article(f"<AuthorList>{author}</AuthorList>").authors
    assert found.orcid == ""
    assert found.identifiers == (("ISNI", number), ("affiliation ORCID", number))
