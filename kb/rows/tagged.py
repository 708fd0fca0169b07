"""Rows of what the tagger reads in fetched records."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

from kb.records.fetched import Fetched
from kb.rows.base import Row, dumps
from kb.rows.fetched import current
from kb.rows.fetched_registrations import on_file_as
from kb.tag.conflicts import conflicts
from kb.tag.lines import LineError, checked
from kb.tag.of_records import of_article, of_registration
from kb.tag.record import TagRecord
from kb.tag.tagger import Tagger
from kb.tag.tags import Finding, Tag, Tagged
from kb.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class TaggedRows:
    """Rows of each table that holds what was tagged."""

    records: tuple[Row, ...]
    tags: tuple[Row, ...]
    results: tuple[Row, ...]
    doses: tuple[Row, ...]


def size(fetched: Fetched) -> int:
    """Return how many records there are to tag."""
    return len(fetched.articles) + len({one.registration.id for one in fetched.snapshots})


def tagged_rows(
    fetched: Fetched,
    tagger: Tagger,
    study_of: Callable[[str], str],
    known: Container[str],
    reviewed: Iterable[Row],
    vocabulary: Vocabulary,
    done: Callable[[], None],
) -> TaggedRows:
    """Tag the newest state of every fetched record.

    Args:
        fetched: the records.
        tagger: the tagger.
        study_of: the study on file that an article is (its own id without one).
        known: ids of the studies and trials on file, with or without reviewed tags.
        reviewed: rows of ``tags`` that curators entered; where they and the record do not agree, the row says so.
        vocabulary: the concepts.
        done: called after each record.

    Returns:
        The rows, sorted by record and place. A record without English text has a row that says so, and no tags.
    """
    entered: dict[str, list[Tag]] = {}
    for row in reviewed:
        entered.setdefault(str(row["record_id"]), []).append(_entered(row))
    rows: tuple[list[Row], list[Row], list[Row], list[Row]] = ([], [], [], [])
    for record, title, home in _records(fetched, study_of, known):
        try:
            readable = checked(record)
            tagged = tagger.tag(readable)
            unread = [*readable.unread, *record.unread]
        except LineError as error:
            tagged = Tagged(record.id, False, (), str(error), ())
            unread = [*(passage.field for passage in record.passages), *record.unread]
        rows[0].append(
            {
                "id": record.id,
                "kind": record.kind,
                "title": title or record.id,
                "relevant": int(tagged.relevant),
                "flags": dumps(tagged.flags),
                "reason": tagged.reason,
                "unread": dumps(list(dict.fromkeys(unread))),
                "conflicts": dumps([one.note for one in conflicts([*tagged.tags, *entered.get(home, ())], vocabulary)]),
                "on_file": home or None,
            }
        )
        rows[1].extend(_tags(record, tagged.tags))
        rows[2].extend(_results(record.id, tagged.findings))
        rows[3].extend(_doses(tagged))
        done()
    return TaggedRows(*(tuple(sorted(one, key=lambda row: str(row["id"]))) for one in rows))


def _entered(row: Row) -> Tag:
    facet, concept = str(row["facet"]), str(row["concept_id"]).partition(":")[2]
    return Tag(facet, concept, "reviewed", str(row["field"]), None, None, "", "present", str(row["rule"]))


def _records(
    fetched: Fetched, study_of: Callable[[str], str], known: Container[str]
) -> Iterator[tuple[TagRecord, str, str]]:
    """Yield each record with its title and the record on file it is, "" without one."""
    for held in fetched.articles:
        study = study_of(held.article.id)
        yield of_article(held.article), held.article.title.text, study if study in known else ""
    for _, registration in current(fetched, "9999-12-31"):
        yield of_registration(registration), registration.title, on_file_as(registration, known) or ""


def _tags(record: TagRecord, tags: Sequence[Tag]) -> Iterator[Row]:
    """Yield each tag once; its words are in the record, at its place.

    One place can say a thing of one group and deny it of another, so what is said is part of the key.
    """
    seen: set[str] = set()
    for tag in tags:
        place = f"{tag.field}:{tag.start}" if tag.start is not None else tag.field
        identifier = f"{record.id} {tag.origin} {place} {tag.facet}:{tag.concept} {tag.assertion}"
        if identifier in seen:
            continue
        seen.add(identifier)
        yield {
            "id": identifier,
            "record_id": record.id,
            "facet": tag.facet,
            "concept_id": f"{tag.facet}:{tag.concept}",
            "origin": tag.origin,
            "field": tag.field,
            "start": tag.start,
            "end": tag.end,
            "assertion": tag.assertion,
            "rule": tag.rule,
        }


def _results(record_id: str, findings: Sequence[Finding]) -> Iterator[Row]:
    for place, one in enumerate(findings, 1):
        yield {
            "id": f"{record_id} result {place:03}",
            "record_id": record_id,
            "field": one.field,
            "start": one.start,
            "end": one.end,
            "endpoint": one.endpoint or None,
            "outcome": f"outcome:{one.outcome}" if one.outcome else None,
            "event": f"event:{one.event}" if one.event else None,
            "grade": dumps(one.grade) if one.grade != (None, None) else None,
            "arm": one.arm or None,
            "n": one.n,
            "n_total": one.n_total,
            "n_basis": one.n_basis or None,
            "percent": one.percent,
            "interval_low": one.low,
            "interval_high": one.high,
            "interval_level": one.level,
            "value": f"{one.value} {one.unit}".strip() or None,
            "ratio": one.ratio,
            "ratio_kind": one.ratio_kind or None,
            "p": one.p or None,
            "time_point": one.time_point or None,
            "direction": one.direction,
            "is_primary": None if one.is_primary is None else int(one.is_primary),
            "met": None if one.met is None else int(one.met),
            "assertion": one.assertion,
            "flags": dumps(one.flags),
        }


def _doses(tagged: Tagged) -> Iterator[Row]:
    for place, one in enumerate(tagged.doses, 1):
        yield {
            "id": f"{tagged.id} dose {place:03}",
            "record_id": tagged.id,
            "field": one.field,
            "start": one.start,
            "end": one.end,
            "low": one.low,
            "high": one.high,
            "per": one.per or None,
            "infusions": one.infusions,
        }
