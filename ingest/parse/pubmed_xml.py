"""PubMed XML, of any year and any of its roots, as :class:`~kb.records.article.Article`.

Roots: ``PubmedArticleSet`` and ``PubmedBookArticleSet`` (efetch, the daily files), ``MedlineCitationSet`` (the
files of 2016 and before), or a single ``PubmedArticle``, ``PubmedBookArticle`` or ``MedlineCitation``. The
elements are those of https://dtd.nlm.nih.gov/ncbi/pubmed/doc/out/250101/index.html and of the DTDs before it.

A record without a PMID is kept, named as :func:`ingest.parse.pubmed_ids.record_id` says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from types import MappingProxyType
from typing import BinaryIO

from lxml import etree

from ingest.errors import UnreadableError
from ingest.parse import pubmed_ids, pubmed_parts
from ingest.parse.markup import marked, text_of
from ingest.parse.pubmed_book import book, pages_of, version_of, words_of
from ingest.parse.pubmed_parts import CITES, date_of, day_of, first_of_each
from ingest.parse.pubmed_people import people, with_affiliation
from ingest.parse.xml_stream import records
from kb.records.article import Abstract, Article, Author, Deletion, Link, SourceDate, Term

_RECORDS = frozenset(("PubmedArticle", "PubmedBookArticle", "MedlineCitation"))
_DELETIONS = frozenset(("DeleteCitation", "DeleteDocument"))
ROOTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "PubmedArticleSet": frozenset(("PubmedArticle", "PubmedBookArticle")) | _DELETIONS,
        "PubmedBookArticleSet": frozenset(("PubmedBookArticle",)) | _DELETIONS,
        "MedlineCitationSet": frozenset(("MedlineCitation",)) | _DELETIONS,
        **dict.fromkeys(_RECORDS, frozenset[str]()),
    }
)

_NO_TITLE = re.compile(r"\[not available\]\.?", re.IGNORECASE)


def parse_articles(body: BinaryIO) -> Iterator[Article | Deletion]:
    """Yield every record of a body of PubMed XML, in order; an empty set yields nothing.

    Args:
        body: plain XML (a packed one through :func:`ingest.parse.inflate.opened`); read in small pieces and not closed.

    Raises:
        UnreadableError: the body is no PubMed XML, or is unsafe, damaged or cut off; what and where is in the
            message. Records before the fault may have been yielded, so a caller keeps none until the end.
    """
    for element in records(body, ROOTS):
        tag = element.tag
        if tag == "PubmedArticle":
            yield _article(element.find("MedlineCitation"), element.find("PubmedData"), element)
        elif tag == "MedlineCitation":
            yield _article(element, None, element)
        elif tag == "PubmedBookArticle":
            yield book(element)
        else:
            yield from _deletions(element)


def _deletions(element: etree._Element) -> Iterator[Deletion]:
    for number in element.iter("PMID"):
        found = pubmed_ids.pmid(text_of(number))
        if not found:
            raise UnreadableError(f"a deletion of {text_of(number)[:80]!r}, which is no PMID")
        yield Deletion(f"PMID:{found}", version_of(number) if number.get("Version") else 0)


def translated(title: str) -> bool:
    """Whether a title is wholly in brackets, which is how NLM marks its own translation of it."""
    bare = title.rstrip(" .?!")
    if not (bare.startswith("[") and bare.endswith("]")) or _NO_TITLE.fullmatch(title):
        return False
    depth = 0
    for index, letter in enumerate(bare):
        depth += (letter == "[") - (letter == "]")
        if not depth:
            return index == len(bare) - 1  # "[18F]FDG in [11C]" opens with a bracket of its own
    return False


# ---------------------------------------------------------------------------- one article


def _article(citation: etree._Element | None, data: etree._Element | None, record: etree._Element) -> Article:
    """Read a ``MedlineCitation`` and the ``PubmedData`` beside it; either may be missing."""
    citation = citation if citation is not None else etree.Element("MedlineCitation")
    parts = first_of_each(citation)
    article = parts["Article"] if "Article" in parts else etree.Element("Article")
    inner, beside = first_of_each(article), first_of_each(data)
    journal, issue, info = _journal(inner, parts)
    ids = _ids(citation, article, beside)
    number = pubmed_ids.best_pmid(text_of(parts.get("PMID")), ids)
    title = marked(inner.get("ArticleTitle"))
    authors = _authors(citation, article, inner)
    published = date_of(issue.get("PubDate"))
    past = tuple(pubmed_parts.history(beside["History"])) if "History" in beside else ()
    ties = tuple(pubmed_parts.links(parts["CommentsCorrectionsList"])) if "CommentsCorrectionsList" in parts else ()
    return Article(
        id=f"PMID:{number}" if number else pubmed_ids.id_without_pmid(ids, words_of(title, published, record)),
        pmid=number,
        doi=pubmed_ids.best_doi(ids),
        pmcid=pubmed_ids.best_pmcid(ids),
        version=version_of(parts.get("PMID")),
        status=citation.get("Status", ""),
        owner=citation.get("Owner", ""),
        indexing_method=citation.get("IndexingMethod", ""),
        title=title,
        translated=translated(title.text),
        vernacular_title=marked(inner.get("VernacularTitle")),
        abstracts=tuple(_abstracts(citation, inner)),
        authors=authors,
        authors_complete=all(people.get("CompleteYN") != "N" for people in article.iterchildren("AuthorList")),
        journal=text_of(journal.get("Title")),
        journal_abbreviation=text_of(journal.get("ISOAbbreviation")) or text_of(info.get("MedlineTA")),
        issn=_issn(journal, info),
        nlm_id=text_of(info.get("NlmUniqueID")),
        country=text_of(info.get("Country")),
        volume=text_of(issue.get("Volume")),
        issue=text_of(issue.get("Issue")),
        pages=pages_of(inner.get("Pagination")),
        publication_date=published,
        electronic_date=_electronic(article),
        entered=day_of(parts.get("DateCreated")) or dict(past).get("entrez", ""),
        completed=day_of(parts.get("DateCompleted")),
        revised=day_of(parts.get("DateRevised")),
        history=past,
        publication_status=text_of(beside.get("PublicationStatus")),
        languages=tuple(text_of(language) for language in article.iterchildren("Language")),
        terms=tuple(_terms(citation, parts, inner)),
        accessions=tuple(pubmed_parts.accessions(inner["DataBankList"])) if "DataBankList" in inner else (),
        grants=tuple(pubmed_parts.grants(inner["GrantList"])) if "GrantList" in inner else (),
        links=tuple(tie for tie in ties if tie.type != CITES),
        article_ids=ids,
        references=tuple(_references(ties, data)),
        notes=_notes(citation, parts),
        conflict_of_interest=text_of(parts.get("CoiStatement")),
        space_flight=tuple(text_of(mission) for mission in citation.iterchildren("SpaceFlightMission")),
    )


Parts = dict[str, etree._Element]


def _journal(inner: Parts, parts: Parts) -> tuple[Parts, Parts, Parts]:
    """Return the children of ``Journal``, ``JournalIssue`` and ``MedlineJournalInfo``."""
    journal = first_of_each(inner.get("Journal"))
    return journal, first_of_each(journal.get("JournalIssue")), first_of_each(parts.get("MedlineJournalInfo"))


def _ids(citation: etree._Element, article: etree._Element, beside: Parts) -> tuple[tuple[str, str], ...]:
    """Return every identifier of this paper once. Those in its reference list name other papers."""
    own = pubmed_ids.listed(beside.get("ArticleIdList"))
    other = [(item.get("Source", ""), text_of(item)) for item in citation.iterchildren("OtherID")]
    return tuple(dict.fromkeys((*own, *pubmed_ids.elocations(article), *other)))


def _abstracts(citation: etree._Element, inner: Parts) -> Iterator[Abstract]:
    if "Abstract" in inner:
        yield pubmed_parts.abstract(inner["Abstract"])
    for found in citation.iterchildren("OtherAbstract"):
        yield pubmed_parts.abstract(found, found.get("Type") or "other")


def _authors(citation: etree._Element, article: etree._Element, inner: Parts) -> tuple[Author, ...]:
    authors = tuple(
        person
        for found in article.iterchildren("AuthorList")
        for person in people(found, "editor" if found.get("Type") == "editors" else "author")
    )
    authors = with_affiliation(authors, text_of(inner.get("Affiliation")))
    investigators = (people(found, "investigator") for found in citation.iterchildren("InvestigatorList"))
    return (*authors, *chain.from_iterable(investigators))


def _issn(journal: Parts, info: Parts) -> tuple[str, ...]:
    numbers = (text_of(journal.get("ISSN")), text_of(info.get("ISSNLinking")))
    return tuple(dict.fromkeys(number for number in numbers if number))


def _electronic(article: etree._Element) -> SourceDate | None:
    dates = list(article.iterchildren("ArticleDate"))
    electronic = [found for found in dates if found.get("DateType", "Electronic") == "Electronic"]
    return date_of((electronic or dates)[0]) if dates else None


#: Children of ``MedlineCitation`` that hold terms, in the order in which they are kept.
_TERM_LISTS: tuple[tuple[str, Callable[[etree._Element], Iterator[Term]]], ...] = (
    ("MeshHeadingList", pubmed_parts.mesh_headings),
    ("SupplMeshList", pubmed_parts.supplementary),
    ("ChemicalList", pubmed_parts.chemicals),
    ("GeneSymbolList", pubmed_parts.gene_symbols),
    ("PersonalNameSubjectList", pubmed_parts.personal_subjects),
)


def _terms(citation: etree._Element, parts: Parts, inner: Parts) -> Iterator[Term]:
    if "PublicationTypeList" in inner:
        yield from map(pubmed_parts.publication_type, inner["PublicationTypeList"])
    for name, read in _TERM_LISTS:
        if name in parts:
            yield from read(parts[name])
    for found in citation.iterchildren("KeywordList"):
        yield from pubmed_parts.keywords(found)


def _references(ties: tuple[Link, ...], data: etree._Element | None) -> Iterator[tuple[str, str]]:
    yield from ((tie.pmid, tie.citation) for tie in ties if tie.type == CITES)
    for found in data.iterchildren("ReferenceList") if data is not None else ():
        yield from pubmed_parts.references(found)


def _notes(citation: etree._Element, parts: Parts) -> tuple[str, ...]:
    notes = [text_of(note) for note in citation.iterchildren("GeneralNote")]
    if count := text_of(parts.get("NumberOfReferences")):
        notes.append(f"Number of references: {count}")
    return tuple(note for note in notes if note)
