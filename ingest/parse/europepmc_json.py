"""Europe PMC's search answers in JSON (https://europepmc.org/RestfulWebService), core records and lists of ids.

The service makes its JSON from XML: a list may come as its only member, a number as text. Titles and abstracts are
pieces of HTML (:mod:`ingest.parse.europepmc_html`). Three traps of the real thing:

* ``printPublicationDate`` is padded to a day nobody printed ("2015 Nov" → 2015-11-01), so the issue's date is read
  from ``dateOfPublication``.
* ``pmid`` is the only field that holds a PMID, beside ``id`` where ``source`` is MED; digits of a PMCID or of a
  preprint's number never are one.
* Links between papers are worded ("Retraction in"); :data:`REF_TYPES` gives PubMed's names. Words that PubMed does
  not have ("Preprint in") stay as printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from ingest.errors import UnreadableError
from ingest.parse.ctgov_fields import load
from ingest.parse.europepmc_html import fragment, sections
from ingest.parse.pubmed_dates import read_date
from ingest.parse.pubmed_ids import id_without_pmid
from ingest.parse.pubmed_people import with_affiliation
from ingest.parse.pubmed_xml import translated
from kb import identifiers
from kb.records.article import Abstract, Article, Author, Link, SourceDate, Term

#: Europe PMC's words for a link → PubMed's RefType
#: (https://www.nlm.nih.gov/bsd/licensee/elements_descriptions.html#commentscorrections).
REF_TYPES = {
    "associated dataset": "AssociatedDataset",
    "associated publication": "AssociatedPublication",
    "comment in": "CommentIn",
    "comment on": "CommentOn",
    "corrected and republished in": "CorrectedandRepublishedIn",
    "corrected and republished from": "CorrectedandRepublishedFrom",
    "erratum in": "ErratumIn",
    "erratum for": "ErratumFor",
    "expression of concern in": "ExpressionOfConcernIn",
    "expression of concern for": "ExpressionOfConcernFor",
    "original report in": "OriginalReportIn",
    "partial retraction in": "PartialRetractionIn",
    "partial retraction of": "PartialRetractionOf",
    "reprint in": "ReprintIn",
    "reprint of": "ReprintOf",
    "republished in": "RepublishedIn",
    "republished from": "RepublishedFrom",
    "retracted and republished in": "RetractedandRepublishedIn",
    "retracted and republished from": "RetractedandRepublishedFrom",
    "retraction in": "RetractionIn",
    "retraction of": "RetractionOf",
    "summary for patients in": "SummaryForPatientsIn",
    "update in": "UpdateIn",
    "update of": "UpdateOf",
}
_HISTORY = ("firstPublicationDate", "firstIndexDate", "fullTextReceivedDate", "embargoDate")
_AGAIN = "fetch it again; if it stays so, Europe PMC has changed its format and this reader must follow"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an answer.

    Attributes:
        ids: ``source:id`` of each record (``MED:123``, ``PPR:PPR45``), in order.
        hit_count: how many records answer the query. Under load the service has been seen to say 0 wrongly.
        next_cursor: asks for the next page; "" on the last. It may also be the cursor just used.
    """

    ids: tuple[str, ...]
    hit_count: int
    next_cursor: str


def page_of(body: BinaryIO) -> Page:
    """Return what a page lists, of any ``resultType``.

    Raises:
        UnreadableError: an error message of the service, or anything but a page; a record without number.
    """
    page = _page(body)
    count = page.get("hitCount")
    if not str(count).isdigit():
        raise UnreadableError(f"hitCount is {count!r}, not a number; {_AGAIN}")
    return Page(tuple(_number(record) for record in _records(page)), int(str(count)), _text(page, "nextCursorMark"))


def parse_core(body: BinaryIO, day: str) -> Iterator[Article]:
    """Yield the articles of a page asked for with ``resultType=core``, in its order.

    Args:
        body: the page as received.
        day: when it was received. Not read: a record carries its own dates.

    Raises:
        UnreadableError: an error message of the service, HTML, cut off, not a page, or a record without number or
            with a field of the wrong kind; the place is named. Fields nobody knows are no errors.
    """
    for record in _records(_page(body)):
        number = _number(record)
        try:
            yield _article(record, number)
        except UnreadableError as error:
            raise UnreadableError(f"{number}: {error}") from None


# ---------------------------------------------------------------------------- the page


def _page(body: BinaryIO) -> dict[str, Any]:
    value = load(body)
    if not isinstance(value, dict):
        raise UnreadableError(f"a {type(value).__name__} where a page of results is expected; {_AGAIN}")
    if "errCode" in value or "errMsg" in value:
        raise UnreadableError(f"Europe PMC answers with error {value.get('errCode')}: {value.get('errMsg')}")
    if "hitCount" not in value:
        raise UnreadableError(f"no hitCount among {', '.join(sorted(map(str, value))[:8])}: not a page; {_AGAIN}")
    return value


def _records(page: dict[str, Any]) -> list[dict[str, Any]]:
    if "resultList" not in page and str(page["hitCount"]) != "0":
        raise UnreadableError(f"hitCount {page['hitCount']} and no resultList; {_AGAIN}")
    return _list(page, "resultList", "result")


def _number(record: dict[str, Any]) -> str:
    source, number = _text(record, "source"), _text(record, "id")
    if not source or not number:
        raise UnreadableError(f"a record without source or id: {str(record)[:80]}; {_AGAIN}")
    return f"{source}:{number}"


# ---------------------------------------------------------------------------- fields of any kind


def _object(record: dict[str, Any], name: str) -> dict[str, Any]:
    value = record.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise UnreadableError(f"{name}: {str(value)[:60]!r} where an object is expected; {_AGAIN}")
    return value


def _members(record: dict[str, Any], outer: str, inner: str) -> list[Any]:
    value = _object(record, outer).get(inner)
    return value if isinstance(value, list) else [] if value is None else [value]


def _list(record: dict[str, Any], outer: str, inner: str) -> list[dict[str, Any]]:
    """Return the objects of a list in a list (``authorList.author``), none when it is absent."""
    found = _members(record, outer, inner)
    for value in found:
        if not isinstance(value, dict):
            raise UnreadableError(f"{outer}.{inner}: {str(value)[:60]!r} where an object is expected; {_AGAIN}")
    return found


def _texts(record: dict[str, Any], outer: str, inner: str) -> tuple[str, ...]:
    name = f"{outer}.{inner}"
    return tuple(_text({name: value}, name) for value in _members(record, outer, inner))


def _text(record: dict[str, Any], name: str) -> str:
    """Return a field as text, blanks around it cut, "" when absent; a number is written out."""
    value = record.get(name)
    if value is None:
        return ""
    if isinstance(value, dict | list | bool):
        raise UnreadableError(f"{name}: {str(value)[:60]!r} where text is expected; {_AGAIN}")
    return str(value).strip()


def _line(record: dict[str, Any], name: str) -> str:
    """Return a field that may hold markup and entities as one line of Unicode."""
    return fragment(_text(record, name)).text


# ---------------------------------------------------------------------------- the article


def _article(record: dict[str, Any], number: str) -> Article:
    source = _text(record, "source")
    pmid = identifiers.pmid(_text(record, "pmid")) if source != "PPR" else ""
    if source == "MED":
        pmid = pmid or identifiers.pmid(_text(record, "id"))
    ids = tuple(
        (kind, value)
        for kind, value in (
            ("europepmc", number),
            ("pubmed", pmid),
            ("pmc", _text(record, "pmcid")),
            ("doi", _text(record, "doi")),
        )
        if value
    )
    issue, title = _object(record, "journalInfo"), fragment(_text(record, "title"))
    journal, book = _object(issue, "journal"), _object(record, "bookOrReportDetails")
    return Article(
        id=f"PMID:{pmid}" if pmid else _id_without_pmid(ids, number),
        pmid=pmid,
        doi=identifiers.doi(_text(record, "doi")),
        pmcid=identifiers.pmcid(_text(record, "pmcid")),
        kind="book" if source == "NBK" else "article",
        version=_version(record),
        owner=source,
        title=title,
        translated=translated(title.text),
        abstracts=_abstracts(record),
        authors=_authors(record),
        journal=_line(journal, "title") or ("" if source == "NBK" else _line(book, "publisher")),
        journal_abbreviation=_text(journal, "medlineAbbreviation") or _text(journal, "isoabbreviation"),
        issn=tuple(dict.fromkeys(one for one in (_text(journal, "issn"), _text(journal, "essn")) if one)),
        nlm_id=_text(journal, "nlmid"),
        volume=_text(issue, "volume"),
        issue=_text(issue, "issue"),
        pages=_text(record, "pageInfo"),
        publication_date=_issue_date(record, issue),
        electronic_date=_electronic_date(record, source),
        entered=_day(record, "dateOfCreation"),
        completed=_day(record, "dateOfCompletion"),
        revised=_day(record, "dateOfRevision"),
        history=tuple((name, found) for name in _HISTORY if (found := _day(record, name))),
        publication_status=_text(record, "publicationStatus"),
        languages=tuple(one for one in (_text(record, "language"),) if one),
        terms=tuple(_terms(record)),
        grants=tuple((_text(one, "grantId"), _line(one, "agency"), "") for one in _list(record, "grantsList", "grant")),
        links=tuple(_link(one) for one in _list(record, "commentCorrectionList", "commentCorrection")),
        article_ids=ids,
        book=tuple((name, _line(book, name)) for name in sorted(book)) if source == "NBK" else (),
        database="europepmc",
    )


def _id_without_pmid(ids: tuple[tuple[str, str], ...], number: str) -> str:
    found = id_without_pmid(ids, number)
    return f"REC:{number.replace(':', '-').lower()}" if found.startswith("REC:") else found


def _version(record: dict[str, Any]) -> int:
    found = _text(record, "versionNumber")
    return int(found) if found.isascii() and found.isdecimal() and len(found) < 5 else 1


def _abstracts(record: dict[str, Any]) -> tuple[Abstract, ...]:
    found = sections(_text(record, "abstractText"))
    return (Abstract("main", "", found),) if found else ()


def _authors(record: dict[str, Any]) -> tuple[Author, ...]:
    authors = tuple(_author(one, "author") for one in _list(record, "authorList", "author"))
    if not authors:
        names = _line(record, "authorString").removesuffix(".").split(", ")
        authors = tuple(Author(last=name) for name in names if name)
    investigators = (_author(one, "investigator") for one in _list(record, "investigatorList", "investigator"))
    return (*with_affiliation(authors, _line(record, "affiliation")), *investigators)


def _author(one: dict[str, Any], role: str) -> Author:
    printed = [_object({"authorId": value}, "authorId") for value in _as_list(one.get("authorId"))]
    known = tuple((_text(each, "type"), _text(each, "value")) for each in printed if _text(each, "value"))
    group = _line(one, "collectiveName")
    last = _line(one, "lastName") or ("" if group else _line(one, "fullName"))
    return Author(
        last=last,
        fore=_line(one, "firstName"),
        initials=_line(one, "initials"),
        suffix=_line(one, "suffix"),
        collective=group,
        role=role,
        orcid=next((found for kind, value in known if kind == "ORCID" and (found := identifiers.orcid(value))), ""),
        identifiers=known,
        affiliations=tuple(
            _line(each, "affiliation")
            for each in _list(one, "authorAffiliationDetailsList", "authorAffiliation")
            if _text(each, "affiliation")
        )
        or tuple(found for found in (_line(one, "affiliation"),) if found),
    )


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _terms(record: dict[str, Any]) -> Iterator[Term]:
    for label in _texts(record, "pubTypeList", "pubType"):
        # Types of full texts ("research-article") stand among MEDLINE's ("Journal Article").
        yield Term("publication_type", label, scheme="MeSH" if label[:1].isupper() else "PMC")
    for heading in _list(record, "meshHeadingList", "meshHeading"):
        qualifiers = tuple(
            ("", _text(one, "qualifierName"), _text(one, "majorTopic_YN") == "Y")
            for one in _list(heading, "meshQualifierList", "meshQualifier")
        )
        major = _text(heading, "majorTopic_YN") == "Y" or any(own for *_, own in qualifiers)
        yield Term("mesh", _text(heading, "descriptorName"), qualifiers=qualifiers, major=major)
    for one in _list(record, "chemicalList", "chemical"):
        registry = _text(one, "registryNumber")
        yield Term("chemical", _line(one, "name"), registry_number="" if registry == "0" else registry)
    for word in _texts(record, "keywordList", "keyword"):
        yield Term("keyword", fragment(word).text, scheme="")


def _link(one: dict[str, Any]) -> Link:
    printed, source, number = _text(one, "type"), _text(one, "source"), _text(one, "id")
    return Link(
        type=REF_TYPES.get(" ".join(printed.lower().split()), printed),
        pmid=identifiers.pmid(number) if source in ("MED", "") else "",
        citation=_line(one, "reference") or (f"{source}:{number}" if source and number else ""),
        note=_line(one, "note"),
    )


# ---------------------------------------------------------------------------- dates


def _issue_date(record: dict[str, Any], issue: dict[str, Any]) -> SourceDate | None:
    printed = _text(issue, "dateOfPublication") or _text(issue, "yearOfPublication") or _text(record, "pubYear")
    return read_date(printed) if printed else None


def _electronic_date(record: dict[str, Any], source: str) -> SourceDate | None:
    """Return the article's own date; only for a preprint is that the day it first appeared."""
    printed = _text(record, "electronicPublicationDate")
    if not printed and source == "PPR":
        printed = _text(record, "firstPublicationDate")
    return read_date(printed) if printed else None


def _day(record: dict[str, Any], name: str) -> str:
    printed = _text(record, name)
    return read_date(printed).iso if printed else ""
