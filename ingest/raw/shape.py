"""The shape of the raw store's log, and its rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ingest.raw.sqlite import Transaction
from ingest.source import Body, Want

#: ``absent``: the source answered and has no such record. ``gap``: it did not answer. ``pending``: not asked yet.
FetchState = Literal["pending", "done", "absent", "gap"]
#: ``refused``: the source will not answer this query; ``superseded``: given up for a run with ``--full``.
RunState = Literal["listing", "fetching", "complete", "gaps", "refused", "superseded"]

#: Key of the setting that says until when a refresh told its news: JSON of the last entry and the last run.
TOLD = "told until"

VERSION = 2
SHAPE = """
create table runs (
    id integer primary key,
    source text not null,
    label text not null,
    want text not null,
    whole integer not null,
    state text not null,
    started text not null,
    listed text,
    finished text,
    total integer,
    items integer not null default 0,
    shortfall text not null default '',
    notes text not null default '[]'
);
create index runs_want on runs (source, want);
create table items (
    run_id integer not null references runs(id),
    position integer not null,
    id text not null,
    stamp text not null,
    primary key (run_id, position)
) without rowid;
create table fetches (
    run_id integer not null references runs(id),
    n integer not null,
    ids text not null,
    state text not null,
    sha256 text,
    bytes integer,
    url text,
    status integer,
    content_type text,
    headers text,
    fetched text,
    attempts integer,
    got text,
    reason text,
    seq integer,
    primary key (run_id, n)
) without rowid;
create index fetches_state on fetches (state);
create index fetches_seq on fetches (seq);
create table held (
    source text not null,
    id text not null,
    stamp text not null,
    confirmed text not null,
    first_run integer not null,
    run_id integer not null,
    n integer not null,
    sha256 text not null,
    primary key (source, id)
) without rowid;
create table gone (
    source text not null,
    id text not null,
    want text not null,
    run_id integer not null references runs(id),
    day text not null,
    primary key (source, id, want)
) without rowid;
create table settings (key text primary key, value text not null) without rowid;
"""
#: A log of version 1 may lack the places of its entries: they are those of their times. What it remembers of news is a
#: time then, so the next refresh tells all.
_FROM_VERSION_1 = (
    "alter table fetches add column seq integer",
    "create index fetches_seq on fetches (seq)",
    """update fetches set seq = placed.place from (
           select run_id, n, row_number() over (order by fetched, run_id, n) as place
           from fetches where state <> 'pending') as placed
       where placed.run_id = fetches.run_id and placed.n = fetches.n""",
    "delete from settings where key = 'told until'",
)


def renew(db: sqlite3.Connection) -> None:
    """Give a log of version 1 the shape of today, all or nothing."""
    with Transaction(db):
        if "seq" not in {row["name"] for row in db.execute("pragma table_info(fetches)")}:
            for statement in _FROM_VERSION_1:
                db.execute(statement)
        db.execute(f"pragma user_version = {VERSION}")


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one want.

    Attributes:
        label: name of the standing search, or "".
        whole: everything is fetched again (``--full``).
        started, listed, finished: UTC times ``YYYY-MM-DDTHH:MM:SSZ``; None when it did not come to that.
        total: records the source says there are; ``items``: those it listed.
        shortfall: why fewer were listed, or why nothing was; "" when all were.
        notes: warnings of the source.
    """

    id: int
    source: str
    label: str
    want: Want
    whole: bool
    state: RunState
    started: str
    listed: str | None
    finished: str | None
    total: int | None
    items: int
    shortfall: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fetch:
    """One answer, or the lack of one.

    Attributes:
        run_id, n: key; n counts up within a run.
        ids: numbers asked for.
        got: every number the answer holds (a record has its former numbers too).
        seq: place among all that was written down, by which the later of two answers is told; clocks may err.
    """

    run_id: int
    n: int
    source: str
    ids: tuple[str, ...]
    state: FetchState
    sha256: str | None = None
    bytes: int | None = None
    url: str | None = None
    status: int | None = None
    content_type: str | None = None
    fetched: str | None = None
    attempts: int | None = None
    got: tuple[str, ...] = ()
    reason: str | None = None
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A record whose bytes are here.

    Attributes:
        stamp: what the record itself, else the listing, says of its last change; "" without.
        confirmed: time up to which no change of the record was missed.
        first_run: run that brought it first; ``run_id`` and ``n`` name its newest answer, ``sha256`` its bytes.
    """

    stamp: str
    confirmed: str
    first_run: int
    run_id: int
    n: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One body that is on disk.

    Attributes:
        ids: numbers asked for.
        got: every number the body holds, each with the stamp the record itself carries ("" without).
    """

    ids: tuple[str, ...]
    body: Body
    sha256: str
    got: Mapping[str, str]
