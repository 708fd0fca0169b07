"""Rows of what ``kb ingest`` fetched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from kb import identifiers
from kb.dataset import Dataset
from kb.history import changes, latest
from kb.integrity import IntegrityState
from kb.records.article import Article
from kb.records.fetched import Fetched
from kb.records.integrity import IntegrityEvent
from kb.records.registration import Registration
from kb.rows.base import Row, dumps, flag, trial_url
from kb.stop_reasons import StopReasons

StateOf = Callable[[str], IntegrityState]


def articles(fetched: Fetched, data: Dataset, state_of: StateOf) -> Iterator[Row]:
    """The newest state of each article."""
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
            "authors": dumps([_name(author) for author in article.authors if author.role == "author"]),
            "journal": article.journal or None,
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
            "study_id": article.id if article.id in studies else None,
            "database": article.database,
            "source": _page(article),
            "retrieved": held.day,
        }


def _name(author: object) -> str:
    last, initials, suffix, collective = (getattr(author, n) for n in ("last", "initials", "suffix", "collective"))
    return collective or " ".join(part for part in (last, initials, suffix) if part)


def _year(article: Article) -> int | None:
    for printed in (article.publication_date, article.electronic_date):
        if printed and printed.iso[:4].isdigit():
            return int(printed.iso[:4])
    return None


def _place(article: Article) -> str:
    volume = article.volume + (f"({article.issue})" if article.issue else "")
    return ":".join(part for part in (volume, article.pages) if part)


def _page(article: Article) -> str:
    if article.pmid:
        return f"https://pubmed.ncbi.nlm.nih.gov/{article.pmid}/"
    if article.doi:
        return f"https://doi.org/{article.doi}"
    if article.pmcid:
        return f"https://pmc.ncbi.nlm.nih.gov/articles/{article.pmcid}/"
    return "https://pubmed.ncbi.nlm.nih.gov/"


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


def integrity_events(events: Iterable[IntegrityEvent], data: Dataset) -> Iterator[Row]:
    """Everything known of the integrity of papers."""
    studies = {study.id for study in data.studies} | {f"DOI:{study.doi}" for study in data.studies if study.doi}
    by_doi = {f"DOI:{study.doi}".lower(): study.id for study in data.studies if study.doi}
    numbers: dict[tuple[str, str], int] = {}
    for event in sorted(events):
        key = (event.record_id, event.kind)
        numbers[key] = numbers.get(key, 0) + 1
        known = event.record_id if event.record_id in studies and event.record_id[:4] != "DOI:" else None
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


def current(fetched: Fetched, until: str) -> list[tuple[str, Registration]]:
    """Return the state of each registration known on a day, with the day it was last seen."""
    by_id: dict[str, list[tuple[str, Registration]]] = {}
    for one in fetched.snapshots:
        by_id.setdefault(one.registration.id, []).append((one.day, one.registration))
    found = []
    for _, seen in sorted(by_id.items()):
        state = latest(seen, until)
        if state is not None:
            found.append((max(day for day, _ in seen if day <= until), state))
    return found


def registrations(fetched: Fetched, data: Dataset, reasons: StopReasons, until: str) -> Iterator[Row]:
    """The newest known state of each registration."""
    trials = {trial.id for trial in data.trials}
    gone = {number: day for source, number, day in fetched.gone if source == "clinicaltrials"}
    for day, one in current(fetched, until):
        yield {
            "id": one.id,
            "registry": one.registry,
            "aliases": dumps(one.aliases),
            "title": one.title or None,
            "official_title": one.official_title or None,
            "phase": one.phase or None,
            "status": one.status or None,
            "status_verified": one.status_verified or None,
            "study_type": one.study_type or None,
            "allocation": one.allocation or None,
            "enrollment": one.enrollment,
            "enrollment_type": one.enrollment_type or None,
            "first_posted": one.first_posted or None,
            "updated": one.updated or None,
            "start_date": one.start_date or None,
            "completion_date": one.completion_date or None,
            "sponsor": one.sponsor or None,
            "countries": dumps(one.countries),
            "conditions": dumps(one.conditions),
            "interventions": dumps([[item.type, item.names[0] if item.names else ""] for item in one.interventions]),
            "why_stopped": one.why_stopped or None,
            "stop_reasons": dumps([tag.id for tag in reasons.classify(one.why_stopped)]),
            "stop_reason": reasons.group(one.why_stopped) or None,
            "has_results": flag(one.has_results),
            "participants": one.participants,
            "pmids": dumps(one.pmids),
            "sparse": int(one.sparse),
            "gone": gone.get(one.id),
            "trial_id": one.id if one.id in trials else None,
            "source": trial_url(one.id) or "https://trialsearch.who.int/",
            "retrieved": day,
        }


def registration_outcomes(fetched: Fetched, until: str) -> Iterator[Row]:
    """Every outcome measure."""
    for _, one in current(fetched, until):
        for position, measure in enumerate(one.outcomes, 1):
            yield {
                "id": f"{one.id}#o{position}",
                "registration_id": one.id,
                "rank": measure.rank,
                "title": measure.title,
                "time_frame": measure.time_frame or None,
                "reported": int(measure.reported),
                "unit": measure.unit or None,
                "param": measure.param or None,
                "groups": dumps(measure.groups),
                "p_values": dumps(measure.p_values),
            }


def registration_harms(fetched: Fetched, until: str) -> Iterator[Row]:
    """Serious adverse events, and the totals of each group."""
    for _, one in current(fetched, until):
        rows: list[tuple[str, str, str, int | None, int | None]] = []
        for total in one.harm_totals:
            rows.append(("all serious events", "", total.group, total.serious, total.serious_at_risk))
            rows.append(("deaths of any cause", "", total.group, total.deaths, total.deaths_at_risk))
        rows.extend((harm.term, harm.organ_system, harm.group, harm.n, harm.n_total) for harm in one.harms)
        for position, (term, organ, group, n, n_total) in enumerate(rows, 1):
            yield {
                "id": f"{one.id}#h{position}",
                "registration_id": one.id,
                "term": term,
                "organ_system": organ or None,
                "arm": group,
                "n": n,
                "n_total": n_total,
            }


def trial_changes(fetched: Fetched, until: str) -> Iterator[Row]:
    """What changed between the days a registration was seen."""
    by_id: dict[str, list[tuple[str, Registration]]] = {}
    for one in fetched.snapshots:
        if one.day <= until:
            by_id.setdefault(one.registration.id, []).append((one.day, one.registration))
    for _, seen in sorted(by_id.items()):
        for change in changes(seen):
            yield {
                "id": f"{change.record_id}#{change.field}#{change.seen_after}",
                "registration_id": change.record_id,
                "field": change.field,
                "before": change.before or None,
                "after": change.after or None,
                "seen_before": change.seen_before,
                "seen_after": change.seen_after,
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
