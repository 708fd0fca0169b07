"""What a user's raw store holds, as ``kb build`` takes it: parsed, newest state of each record, gaps named.

``ingest`` makes it; nothing here knows how.
"""

from __future__ import annotations

from dataclasses import dataclass

from kb.records.article import Article
from kb.records.integrity import IntegrityEvent
from kb.records.registration import Registration


@dataclass(frozen=True, slots=True)
class FetchRow:
    """One answer of an outside service, or the lack of one.

    Attributes:
        id: ``F<run>-<batch>``.
        label: standing search it belongs to, "" without one.
        query: what the run asked for.
        state: ``done``, ``absent`` (the service answers and has no such record), ``gap`` or ``pending``.
        sha256, bytes, url, status, content_type, fetched, attempts: of the answer; None without one.
        records: ids of the records the answer holds, as the store names them.
        reason: why there is none.
    """

    id: str
    source: str
    label: str
    query: str
    state: str
    asked: int
    sha256: str | None
    bytes: int | None
    url: str | None
    status: int | None
    content_type: str | None
    fetched: str | None
    attempts: int | None
    records: tuple[str, ...]
    reason: str | None


@dataclass(frozen=True, slots=True, order=True)
class GapRow:
    """Something wanted that is not here.

    Attributes:
        kind: ``listing`` (the service lists fewer than it counts), ``fetch`` (it did not answer), ``absent`` (it
            answers and has no such record), ``unasked`` (the run was cut off before) or ``unread`` (part of an answer
            could not be read).
        records: numbers in the source; empty for a listing.
    """

    source: str
    kind: str
    query: str
    records: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class SearchRun:
    """One run of a query.

    Attributes:
        label: id of the standing search, "" for a query typed by hand.
        day: ``YYYY-MM-DD``.
        hits: records the service counts.
        complete: everything it counts was listed and fetched.
        gone: numbers the run before listed and this one did not.
    """

    run: int
    label: str
    source: str
    query: str
    day: str
    hits: int
    complete: bool
    gone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A registration as it stood on the day it was fetched."""

    day: str
    registration: Registration


@dataclass(frozen=True, slots=True)
class HeldArticle:
    """An article, and the day its newest state was fetched."""

    day: str
    article: Article


@dataclass(frozen=True)
class Fetched:
    """Everything a raw store holds.

    Attributes:
        digest: fingerprint of the raw store, so that a build can tell whether anything changed; "" when empty.
        articles: newest state of each, by id; deleted ones are not among them.
        deleted: ids the database says no longer exist.
        snapshots: every state of every registration, by number and day.
        gone: (source, number, day) of records that a search listed before and, since that day, no longer lists.
        events: what is known of the integrity of papers, sorted.
    """

    digest: str = ""
    articles: tuple[HeldArticle, ...] = ()
    deleted: tuple[str, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()
    gone: tuple[tuple[str, str, str], ...] = ()
    events: tuple[IntegrityEvent, ...] = ()
    fetches: tuple[FetchRow, ...] = ()
    gaps: tuple[GapRow, ...] = ()
    searches: tuple[SearchRun, ...] = ()


NOTHING = Fetched()
