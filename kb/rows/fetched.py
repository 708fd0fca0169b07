"""Rows of what ``kb ingest`` fetched."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from kb import identifiers
from kb.dataset import Dataset
from kb.integrity import IntegrityState
from kb.records.article import Article, Author
from kb.records.fetched import Fetched
from kb.records.integrity import IntegrityEvent
from kb.rows.base import Row, dumps
from kb.rows.fetched_registrations import (
    current,
    registration_harms,
    registration_outcomes,
    registrations,
    trial_changes,
)

__all__ = [
    "article_links",
    "article_sections",
    "article_terms",
    "article_trials",
    "articles",
    "current",
    "fetch_records",
    "fetches",
    "gaps",
    "integrity_events",
    "registration_harms",
    "registration_outcomes",
    "registrations",
    "searches",
    "trial_changes",
]

StateOf = Callable[[str], IntegrityState]


def articles(
    fetched: Fetched, data: Dataset, state_of: StateOf, record: Callable[[str], str] | None = None
) -> Iterator[Row]:
    """The newest state of each article; ``record`` names the study on file that an article is."""
    studies = {study.id for study in data.studies}
    gone = {f"PMID:{number}": day for source, number, day in fetched.gone if source == "pubmed"}
    for held in fetched.articles:
        article = held.article
        state = state_of(article.id)
        printed = article.publication_date
        sections = [section for abstract in article.abstracts for section in abstract.sections]
        yield {
            "id": article.id,
            "pmid": article.pmid or None,
            "doi": article.doi or None,
            "pmcid": article.pmcid or None,
            "kind": article.kind,
            "title": article.title.text,
            "title_plain": article.title.plain,
            "translated": int(article.translated),
            "vernacular_title": article.vernacular_title.text or None,
            "authors": dumps([_name(author) for author in _authors(article)]),
            "authors_complete": int(article.authors_complete),
            "journal": article.journal or None,
            "book": dumps(article.book) if article.book else None,
            "year": _year(article),
            "publication_date": printed.iso or None if printed else None,
            "publication_date_raw": printed.raw if printed else None,
            "date_precision": printed.precision if printed else None,
            "electronic_date": article.electronic_date.iso or None if article.electronic_date else None,
            "volume_issue_pages": _place(article) or None,
            "languages": dumps(article.languages),
            "publication_types": dumps(article.publication_types),
            "abstract_sections": len(sections),
            "abstract_characters": sum(len(section.body.text) for section in sections),
            "status": article.status or None,
            "entered": article.entered or None,
            "revised": article.revised or None,
            "integrity": state.kind,
            "integrity_date": str(state.date) if state.date else None,
            "gone": gone.get(article.id),
            "study_id": known if (known := record(article.id) if record else article.id) in studies else None,
            "database": article.database,
            "source": _page(article),
            "retrieved": held.day,
        }


def _authors(article: Article) -> list[Author]:
    """Return the authors in order, without spellings that a later one in the same list replaced."""
    authors = [author for author in article.authors if author.role == "author"]
    return [author for author in authors if author.valid] or authors


def _name(author: Author) -> str:
    """Return ``Rubnitz JE Jr``; the fore name in front where there are no initials (``Sakil Ahmed``)."""
    if author.collective:
        return author.collective
    parts = (author.last, author.initials) if author.initials else (author.fore, author.last)
    return " ".join(part for part in (*parts, author.suffix) if part)


def _year(article: Article) -> int | None:
    for printed in (article.publication_date, article.electronic_date):
        if printed and printed.iso[:4].isdigit():
            return int(printed.iso[:4])
    return None


def _place(article: Article) -> str:
    volume = article.volume + (f"({article.issue})" if article.issue else "")
    return ":".join(part for part in (volume, article.pages) if part)


def _page(article: Article) -> str:
    """Return the public page of the door the record came through: nobody read it elsewhere."""
    numbers = dict(article.article_ids)
    door, _, number = numbers.get("europepmc", "").partition(":")
    if article.database == "europepmc" and number and not (door == "PPR" and article.doi):
        return f"https://europepmc.org/article/{door}/{_address(number)}"
    if article.pmid and article.database == "pubmed":
        return f"https://pubmed.ncbi.nlm.nih.gov/{article.pmid}/"
    if article.doi:
        return f"https://doi.org/{_address(article.doi)}"
    if article.pmcid:
        return f"https://pmc.ncbi.nlm.nih.gov/articles/{article.pmcid}/"
    if accession := numbers.get("bookaccession"):
        return f"https://www.ncbi.nlm.nih.gov/books/{_address(accession)}/"
    return "https://europepmc.org/" if article.database == "europepmc" else "https://pubmed.ncbi.nlm.nih.gov/"


def _address(text: str) -> str:
    """Return an identifier as a part of a web address: all but the plain letters of a DOI as ``%XX``."""
    return re.sub(rb"[^A-Za-z0-9/().:;_-]", lambda odd: b"%%%02X" % odd.group()[0], text.encode()).decode()


def article_sections(fetched: Fetched, with_text: bool) -> Iterator[Row]:
    """Every section of every abstract, in order; their texts only when asked for."""
    for held in fetched.articles:
        position = 0
        for abstract in held.article.abstracts:
            for section in abstract.sections:
                position += 1
                yield {
                    "id": f"{held.article.id}#s{position}",
                    "article_id": held.article.id,
                    "position": position,
                    "abstract": abstract.kind,
                    "language": abstract.language or None,
                    "label": section.label or None,
                    "category": section.category or None,
                    "characters": len(section.body.text),
                    "text": section.body.text if with_text else None,
                    "plain": section.body.plain if with_text else None,
                }


def article_terms(fetched: Fetched) -> Iterator[Row]:
    """Every controlled term."""
    for held in fetched.articles:
        for position, term in enumerate(held.article.terms, 1):
            yield {
                "id": f"{held.article.id}#t{position}",
                "article_id": held.article.id,
                "kind": term.kind,
                "label": term.label,
                "term_id": term.id or None,
                "scheme": term.scheme,
                "qualifiers": dumps(term.qualifiers) if term.qualifiers else None,
                "major": int(term.major),
            }


def article_links(fetched: Fetched) -> Iterator[Row]:
    """Every comment, correction or other tie."""
    for held in fetched.articles:
        for position, link in enumerate(held.article.links, 1):
            yield {
                "id": f"{held.article.id}#l{position}",
                "article_id": held.article.id,
                "type": link.type,
                "pmid": link.pmid or None,
                "citation": link.citation or None,
                "note": link.note or None,
            }


def article_trials(fetched: Fetched, data: Dataset) -> Iterator[Row]:
    """Registration numbers that articles name, each with where it stands."""
    on_file = {trial.id for trial in data.trials} | {one.registration.id for one in fetched.snapshots}
    for held in fetched.articles:
        seen: set[tuple[str, str]] = set()
        for origin, found in _named(held.article):
            if (found.id, origin) not in seen:
                seen.add((found.id, origin))
                yield {
                    "article_id": held.article.id,
                    "trial_id": found.id,
                    "origin": origin,
                    "registry": found.registry,
                    "on_file": int(found.id in on_file),
                }


def _named(article: Article) -> Iterator[tuple[str, identifiers.Found]]:
    for accession in article.accessions:
        found = identifiers.normalise(accession.number, accession.bank)
        if found is not None:
            yield "databank", found
    for found in identifiers.find(article.title.plain):
        yield "title", found
    for abstract in article.abstracts:
        for section in abstract.sections:
            for found in identifiers.find(section.body.plain):
                yield "abstract", found


def integrity_events(
    events: Iterable[IntegrityEvent], data: Dataset, record: Callable[[str], str] | None = None
) -> Iterator[Row]:
    """Everything known of the integrity of papers; ``record`` names the study on file that a paper is."""
    studies = {study.id for study in data.studies} | {f"DOI:{study.doi}" for study in data.studies if study.doi}
    by_doi = {f"DOI:{study.doi}".lower(): study.id for study in data.studies if study.doi}
    numbers: dict[tuple[str, str], int] = {}
    for event in sorted(events):
        key = (event.record_id, event.kind)
        numbers[key] = numbers.get(key, 0) + 1
        named = record(event.record_id) if record else event.record_id
        known = named if named in studies and (record or named[:4] != "DOI:") else None
        yield {
            "id": f"{event.record_id}#{event.kind}{numbers[key]}",
            "record_id": event.record_id,
            "kind": event.kind,
            "date": event.date or None,
            "notice": event.notice or None,
            "detail": event.detail or None,
            "reasons": dumps(event.reasons) if event.reasons else None,
            "seen": event.seen or None,
            "doubt": event.doubt or None,
            "source": event.source,
            "origin": event.origin,
            "study_id": known or by_doi.get(event.record_id.lower()),
        }


def fetches(fetched: Fetched) -> Iterator[Row]:
    """Every answer of an outside service."""
    for one in fetched.fetches:
        yield {
            "id": one.id,
            "origin": one.source,
            "label": one.label or None,
            "query": one.query,
            "state": one.state,
            "asked": one.asked,
            "records": len(one.records),
            "url": one.url,
            "status": one.status,
            "content_type": one.content_type,
            "bytes": one.bytes,
            "sha256": one.sha256,
            "fetched": one.fetched,
            "attempts": one.attempts,
            "reason": one.reason,
        }


def fetch_records(fetched: Fetched) -> Iterator[Row]:
    """Which answer holds which record."""
    for one in fetched.fetches:
        for record in sorted(set(one.records)):
            yield {"fetch_id": one.id, "record_id": record}


def gaps(fetched: Fetched) -> Iterator[Row]:
    """What was wanted and is not here."""
    for number, gap in enumerate(fetched.gaps, 1):
        yield {
            "id": number,
            "origin": gap.source,
            "kind": gap.kind,
            "query": gap.query,
            "records": dumps(gap.records),
            "reason": gap.reason,
        }


def searches(fetched: Fetched) -> Iterator[Row]:
    """Queries that were run by ``kb ingest``. Nobody screened their results, so they count for no cell of the map."""
    for one in fetched.searches:
        yield {
            "id": f"SEA-run-{one.run}",
            "kind": "database",
            "source": one.source,
            "query": one.query,
            "date": one.day,
            "hits": one.hits,
            "relevant": None,
            "complete": int(one.complete),
            "indication": dumps([]),
            "cell_type": dumps([]),
        }
