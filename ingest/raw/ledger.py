"""The log of the raw store: what was wanted, what was listed, what was fetched, what could not be had.

A SQLite file beside the objects. Each row is written in one transaction that is on disk before the next
request leaves, so a run that is killed at any point goes on where it stopped.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from ingest.errors import IngestError
from ingest.source import Body, Listing, Want

#: ``absent``: the source answered and has no such record. ``gap``: it did not answer. ``pending``: not asked yet.
FetchState = Literal["pending", "done", "absent", "gap"]
RunState = Literal["listing", "fetching", "complete", "gaps"]

_VERSION = 1
_SHAPE = """
create table runs (
    id integer primary key,
    source text not null,
    label text not null,
    want text not null,
    state text not null,
    started text not null,
    listed text,
    finished text,
    total integer,
    shortfall text not null default '',
    notes text not null default '[]'
);
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
    primary key (run_id, n)
) without rowid;
create index fetches_state on fetches (state);
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one want.

    Attributes:
        label: name of the standing search, or "".
        started, listed, finished: UTC times ``YYYY-MM-DDTHH:MM:SSZ``; None when it did not come to that.
        total: records the source says there are.
        shortfall: why fewer were listed, "" when all were.
        notes: warnings of the source.
    """

    id: int
    source: str
    label: str
    want: Want
    state: RunState
    started: str
    listed: str | None
    finished: str | None
    total: int | None
    shortfall: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fetch:
    """One answer, or the lack of one.

    Attributes:
        run_id, n: key; n counts up within a run.
        ids: numbers asked for.
        got: every number the answer holds (a record has its former numbers too).
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


@dataclass(frozen=True, slots=True)
class Answer:
    """One body that is on disk.

    Attributes:
        ids: numbers asked for.
        got: every number the body holds.
    """

    ids: tuple[str, ...]
    body: Body
    sha256: str
    got: tuple[str, ...]


class Ledger:
    """The log, opened for one process.

    Args:
        path: the SQLite file.
        read_only: never make or change it.

    Raises:
        IngestError: it is not a ledger, or of a newer version.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        uri = f"file:{path.resolve().as_posix()}?mode={'ro' if read_only else 'rwc'}"
        try:
            self._db = sqlite3.connect(uri, uri=True, isolation_level=None)
            self._db.row_factory = sqlite3.Row
            self._db.execute("pragma foreign_keys = on")
            if not read_only:
                self._db.execute("pragma journal_mode = delete")  # one file, readable where nothing may be written
                self._db.execute("pragma synchronous = full")
            self._make(path, read_only)
        except sqlite3.Error as error:
            raise IngestError(f"{path} is not the log of a raw store ({error}); restore it from a copy") from error

    def _make(self, path: Path, read_only: bool) -> None:
        version = self._db.execute("pragma user_version").fetchone()[0]
        if version == 0 and not read_only:
            self._db.executescript(f"begin immediate; {_SHAPE} pragma user_version = {_VERSION}; commit;")
        elif version != _VERSION:
            raise IngestError(
                f"{path} has version {version}, this program writes {_VERSION}: use the program that made it"
            )

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    # ------------------------------------------------------------------ runs

    def begin(self, source: str, label: str, want: Want, now: str) -> Run:
        """Return the unfinished run of this want, or a new one."""
        text = _want(want)
        found = self._db.execute(
            "select id from runs where source = ? and want = ? and state in ('listing', 'fetching') order by id desc",
            (source, text),
        ).fetchone()
        if found:  # what failed last time is asked again
            self._db.execute("update fetches set state = 'pending' where run_id = ? and state = 'gap'", (found["id"],))
            return self.run(found["id"])
        row = self._row(
            "insert into runs (source, label, want, state, started) values (?, ?, ?, 'listing', ?) returning id",
            source,
            label,
            text,
            now,
        )
        return self.run(row["id"])

    def run(self, run_id: int) -> Run:
        """Return one run."""
        row = dict(self._row("select * from runs where id = ?", run_id))
        want = json.loads(row.pop("want"))
        notes = tuple(json.loads(row.pop("notes")))
        return Run(**row, want=Want(**{**want, "ids": tuple(want["ids"])}), notes=notes)

    def runs(self) -> list[Run]:
        """Return every run, oldest first."""
        return [self.run(row[0]) for row in self._db.execute("select id from runs order by id").fetchall()]

    def last_complete(self, source: str, want: Want, before: int) -> Run | None:
        """Return the newest run of the same want that listed everything, older than run ``before``."""
        row = self._db.execute(
            """select max(id) from runs where source = ? and want = ? and id < ? and shortfall = ''
               and state in ('complete', 'gaps')""",
            (source, _want(want), before),
        ).fetchone()
        return self.run(row[0]) if row[0] is not None else None

    def plan(self, run_id: int, listing: Listing, batches: Sequence[Sequence[str]], now: str) -> None:
        """Write down what was listed and what will be fetched, all or nothing."""
        with self._transaction():
            self._db.executemany(
                "insert into items values (?, ?, ?, ?)",
                ((run_id, position, item.id, item.stamp) for position, item in enumerate(listing.items)),
            )
            self._db.executemany(
                "insert into fetches (run_id, n, ids, state) values (?, ?, ?, 'pending')",
                ((run_id, n, json.dumps(list(ids))) for n, ids in enumerate(batches)),
            )
            self._db.execute(
                "update runs set state = 'fetching', listed = ?, total = ?, shortfall = ?, notes = ? where id = ?",
                (now, listing.total, listing.shortfall, json.dumps(listing.notes, ensure_ascii=False), run_id),
            )

    def finish(self, run_id: int, now: str) -> RunState:
        """End a run; return how."""
        state: RunState = "complete"
        whole = self._db.execute("select shortfall from runs where id = ?", (run_id,)).fetchone()[0] == ""
        open_ = self._db.execute(
            "select count(*) from fetches where run_id = ? and state in ('gap', 'absent', 'pending')", (run_id,)
        ).fetchone()[0]
        if open_ or not whole:
            state = "gaps"
        self._db.execute("update runs set state = ?, finished = ? where id = ?", (state, now, run_id))
        return state

    def listed(self, run_id: int) -> dict[str, str]:
        """Return number → stamp of everything a run listed."""
        return dict(self._db.execute("select id, stamp from items where run_id = ? order by position", (run_id,)))

    # ------------------------------------------------------------------ fetches

    def pending(self, run_id: int) -> list[tuple[int, tuple[str, ...]]]:
        """Return what a run still has to fetch: (n, numbers)."""
        rows = self._db.execute(
            "select n, ids from fetches where run_id = ? and state = 'pending' order by n", (run_id,)
        )
        return [(n, tuple(json.loads(ids))) for n, ids in rows]

    def answered(
        self, run_id: int, n: int, answers: Sequence[Answer], absent: Sequence[str], reason: str, now: str
    ) -> None:
        """Write down the answers to one batch whose bytes are on disk, and what the source does not have.

        All or nothing: a run killed here asks for the whole batch again.
        """
        with self._transaction():
            last = self._row("select max(n) as n from fetches where run_id = ?", run_id)["n"]
            self._db.execute("delete from fetches where run_id = ? and n = ?", (run_id, n))
            places = (n, *range(last + 1, last + len(answers)))[: len(answers)]
            for number, answer in zip(places, answers, strict=True):
                self._answer(run_id, number, answer, now)
            if absent:
                place = last + len(answers) if answers else n
                self._db.execute(
                    "insert into fetches (run_id, n, ids, state, reason, fetched) values (?, ?, ?, 'absent', ?, ?)",
                    (run_id, place, json.dumps(list(absent)), reason, now),
                )

    def _answer(self, run_id: int, n: int, answer: Answer, now: str) -> None:
        body = answer.body
        kept = {name: body.headers[name] for name in ("etag", "last-modified", "date") if name in body.headers}
        row = {
            "run_id": run_id,
            "n": n,
            "ids": json.dumps(list(answer.ids)),
            "state": "done",
            "sha256": answer.sha256,
            "bytes": len(body.data),
            "url": body.url,
            "status": body.status,
            "content_type": body.content_type,
            "headers": json.dumps(kept, sort_keys=True),
            "fetched": now,
            "attempts": body.attempts,
            "got": json.dumps(list(answer.got)),
        }
        marks = ", ".join(f":{name}" for name in row)
        self._db.execute(f"insert into fetches ({', '.join(row)}) values ({marks})", row)  # noqa: S608 - our own names

    def failed(self, run_id: int, n: int, reason: str, now: str) -> None:
        """Write down that a batch could not be had."""
        self._db.execute(
            "update fetches set state = 'gap', reason = ?, fetched = ? where run_id = ? and n = ?",
            (reason, now, run_id, n),
        )

    def fetches(self, *states: FetchState) -> Iterator[Fetch]:
        """Yield fetches in the order they were planned; all, or those in the given states."""
        marks = ", ".join("?" * len(states))
        condition = f"where f.state in ({marks})" if states else ""
        rows = self._db.execute(
            f"""select f.run_id, f.n, r.source, f.ids, f.state, f.sha256, f.bytes, f.url, f.status, f.content_type,
                f.fetched, f.attempts, f.got, f.reason
                from fetches f join runs r on r.id = f.run_id {condition} order by f.run_id, f.n""",  # noqa: S608
            states,
        )
        for row in map(dict, rows):
            ids, got = (tuple(json.loads(row.pop(name) or "[]")) for name in ("ids", "got"))
            yield Fetch(**row, ids=ids, got=got)

    def held(self, source: str, before: int | None = None) -> dict[str, str]:
        """Return number → newest stamp of every record of a source whose bytes are here.

        Args:
            source: name of the source.
            before: only what came before this run.
        """
        stamps: dict[str, str] = {}
        named: dict[str, str] = {}
        reading = -1
        for run_id, got in self._db.execute(
            """select f.run_id, f.got from fetches f join runs r on r.id = f.run_id
               where r.source = ? and f.state = 'done' and f.run_id < ? order by f.run_id, f.n""",
            (source, before if before is not None else 2**62),
        ).fetchall():
            if run_id != reading:
                reading, named = run_id, self.listed(run_id)
            for one in json.loads(got):
                stamps[one] = named.get(one, stamps.get(one, ""))
        return stamps

    def header(self, source: str, name: str) -> str:
        """Return a header of the newest answer of a source, "" without one."""
        row = self._db.execute(
            """select f.headers from fetches f join runs r on r.id = f.run_id
               where r.source = ? and f.state = 'done' order by f.run_id desc, f.n desc limit 1""",
            (source,),
        ).fetchone()
        return str(json.loads(row[0] or "{}").get(name, "")) if row else ""

    def _row(self, sql: str, *values: object) -> sqlite3.Row:
        row: sqlite3.Row = self._db.execute(sql, values).fetchone()
        return row

    def _transaction(self) -> _Transaction:
        return _Transaction(self._db)


class _Transaction:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("begin immediate")

    def __exit__(self, kind: object, value: object, trace: object) -> None:
        self._db.execute("commit" if kind is None else "rollback")


def _want(want: Want) -> str:
    return json.dumps(asdict(want), sort_keys=True, ensure_ascii=False)
