"""Books and chapters in PubMed (``PubmedBookArticle``)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from lxml import etree

from ingest.parse import pubmed_ids
from ingest.parse.markup import marked, text_of
from ingest.parse.pubmed_parts import (
    abstract,
    date_of,
    day_of,
    first_of_each,
    grants,
    history,
    keywords,
    publication_type,
    references,
)
from ingest.parse.pubmed_people import people
from kb.records.article import Abstract, Article, Author, Marked, SourceDate, Term

#: Children of ``Book`` that hold one line of text, and what it is called in ``Article.book``.
_BOOK = {
    "BookTitle": "title",
    "CollectionTitle": "collection",
    "Volume": "volume",
    "VolumeTitle": "volume_title",
    "Edition": "edition",
    "Isbn": "isbn",
    "Medium": "medium",
    "ReportNumber": "report_number",
}
_DATES = {"BeginningDate": "beginning", "EndingDate": "ending"}


def book(element: etree._Element) -> Article:
    """Read a ``PubmedBookArticle``: a chapter, or a whole book (then its title is the book's).

    ``Article.book`` holds (name, text) pairs: ``title``, ``publisher``, ``place``, ``isbn``, ``section`` (as
    ``label: title``) and so on, ``contributed`` for the day a chapter was contributed, other lists by their name.
    """
    outer = first_of_each(element)
    document = outer.get("BookDocument")
    parts = first_of_each(document)
    data = first_of_each(outer.get("PubmedBookData"))
    volume = parts.get("Book")
    volume_parts = first_of_each(volume)
    ids = _ids(parts, data, volume)
    number = pubmed_ids.best_pmid(text_of(parts.get("PMID")), ids)
    title = marked(parts["ArticleTitle"] if "ArticleTitle" in parts else volume_parts.get("BookTitle"))
    published = date_of(volume_parts.get("PubDate"))
    return Article(
        id=f"PMID:{number}" if number else pubmed_ids.id_without_pmid(ids, words_of(title, published, element)),
        pmid=number,
        doi=pubmed_ids.best_doi(ids),
        pmcid=pubmed_ids.best_pmcid(ids),
        kind="book",
        version=version_of(parts.get("PMID")),
        title=title,
        vernacular_title=marked(parts.get("VernacularTitle")),
        abstracts=tuple(_abstracts(document)),
        authors=tuple(_authors(document, volume)),
        authors_complete=all(people.get("CompleteYN") != "N" for people in element.iter("AuthorList")),
        pages=pages_of(parts.get("Pagination")),
        publication_date=published,
        history=tuple(history(data["History"])) if "History" in data else (),
        revised=day_of(parts.get("DateRevised")),
        publication_status=text_of(data.get("PublicationStatus")),
        languages=tuple(text_of(language) for language in _all(document, "Language")),
        terms=tuple(_terms(document)),
        grants=tuple(grant for found in _all(document, "GrantList") for grant in grants(found)),
        article_ids=tuple(ids),
        references=tuple(cited for found in _all(document, "ReferenceList") for cited in references(found)),
        book=tuple(pair for pair in (*_volume(volume), *_chapter(document)) if pair[1]),
    )


def words_of(title: Marked, published: SourceDate | None, record: etree._Element) -> str:
    """Return what tells a record without any identifier from others: title and date, without a title all of it."""
    if title:
        return f"{title.text}\n{published.raw if published else ''}"
    return etree.tostring(record, encoding="unicode", with_tail=False)


def version_of(number: etree._Element | None) -> int:
    """Return the version of a PMID, 1 where none is printed or it is no number."""
    printed = (number.get("Version", "") if number is not None else "").strip()
    return int(printed) if printed.isascii() and printed.isdecimal() else 1


def pages_of(element: etree._Element | None) -> str:
    """Return the pages as printed, or their first and last (DTD 2018 and later)."""
    parts = {name: text_of(part) for name, part in first_of_each(element).items()}
    ends = (parts.get("StartPage", ""), parts.get("EndPage", ""))
    return parts.get("MedlinePgn") or "-".join(end for end in ends if end)


def _all(parent: etree._Element | None, name: str) -> Iterator[etree._Element]:
    return iter(()) if parent is None else parent.iterchildren(name)


def _ids(
    parts: dict[str, etree._Element], data: dict[str, etree._Element], volume: etree._Element | None
) -> tuple[tuple[str, str], ...]:
    own = (pubmed_ids.listed(holder.get("ArticleIdList")) for holder in (parts, data))
    # The number of a whole book is no chapter's own.
    prefix = "book " if "ArticleTitle" in parts else ""
    places = pubmed_ids.elocations(volume) if volume is not None else ()
    return tuple(dict.fromkeys((*chain.from_iterable(own), *((prefix + kind, value) for kind, value in places))))


def _abstracts(document: etree._Element | None) -> Iterator[Abstract]:
    yield from (abstract(found) for found in _all(document, "Abstract"))


def _authors(document: etree._Element | None, volume: etree._Element | None) -> Iterator[Author]:
    for holder in (document, volume):
        for found in _all(holder, "AuthorList"):
            yield from people(found, "editor" if found.get("Type") == "editors" else "author")
        for found in _all(holder, "InvestigatorList"):
            yield from people(found, "investigator")


def _terms(document: etree._Element | None) -> Iterator[Term]:
    yield from map(publication_type, _all(document, "PublicationType"))
    for found in _all(document, "KeywordList"):
        yield from keywords(found)


def _volume(volume: etree._Element | None) -> Iterator[tuple[str, str]]:
    for child in volume if volume is not None else ():
        tag = str(child.tag)
        if tag in _BOOK:
            yield _BOOK[tag], text_of(child)
        elif tag == "Publisher":
            parts = first_of_each(child)
            yield "publisher", text_of(parts.get("PublisherName"))
            yield "place", text_of(parts.get("PublisherLocation"))
        elif tag in _DATES:
            yield _DATES[tag], day_of(child)


def _chapter(document: etree._Element | None) -> Iterator[tuple[str, str]]:
    for child in document if document is not None else ():
        if child.tag == "ContributionDate":
            yield "contributed", day_of(child)
        elif child.tag == "LocationLabel":
            yield "location", text_of(child)
        elif child.tag == "ItemList":
            yield from ((child.get("ListType", "item").lower(), text_of(item)) for item in child)
        elif child.tag == "Sections":
            yield from _sections(child)


def _sections(parent: etree._Element) -> Iterator[tuple[str, str]]:
    for section in parent.iter("Section"):
        label, title = text_of(section.find("LocationLabel")), text_of(section.find("SectionTitle"))
        yield "section", ": ".join(part for part in (label, title) if part)
