"""The log of the raw store: what was wanted, what was listed, what was fetched, what could not be had.

A SQLite file beside the objects. Each row is written in one transaction that is on disk before the next
request leaves, so a run that is killed at any point goes on where it stopped.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Literal

from ingest.errors import IngestError
from ingest.raw.shape import SHAPE, VERSION, Answer, Fetch, FetchState, Held, Run, RunState, renew
from ingest.raw.sqlite import Transaction, copied
from ingest.source import Listing, Want


class Ledger:
    """The log, opened for one process.

    Args:
        path: the SQLite file.
        read_only: read a copy of this moment; a run may go on writing the file.

    Raises:
        IngestError: it is not a ledger, or of a newer version.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        uri = f"file:{path.resolve().as_posix()}?mode={'ro' if read_only else 'rwc'}"
        try:
            self._db = sqlite3.connect(uri, uri=True, isolation_level=None)
            if read_only:
                self._db = copied(self._db)
            self._db.row_factory = sqlite3.Row
            self._db.execute("pragma foreign_keys = on")
            if not read_only:
                self._db.execute("pragma journal_mode = delete")  # one file, readable where nothing may be written
                self._db.execute("pragma synchronous = full")
            self._make(path, read_only)
        except sqlite3.DatabaseError as error:
            full = "disk is full" in str(error) or "disk I/O" in str(error)
            remedy = "free some space, then run again" if full else "restore it from a copy"
            raise IngestError(f"{path} cannot be read as the log of a raw store ({error}); {remedy}") from error

    def _make(self, path: Path, read_only: bool) -> None:
        version = self._db.execute("pragma user_version").fetchone()[0]
        if version == 0 and not read_only:
            self._db.executescript(f"begin immediate; {SHAPE} pragma user_version = {VERSION}; commit;")
        elif version == 1:  # of a reader, the copy in memory
            renew(self._db)
        elif version != VERSION:
            raise IngestError(f"{path} has version {version}, not {VERSION}: use the program that made it")

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    # ------------------------------------------------------------------ settings

    def setting(self, key: str) -> str:
        """Return a remembered value, "" without one."""
        row = self._db.execute("select value from settings where key = ?", (key,)).fetchone()
        return str(row["value"]) if row else ""

    def remember(self, key: str, value: str) -> None:
        """Remember a value."""
        self._db.execute("insert or replace into settings values (?, ?)", (key, value))

    # ------------------------------------------------------------------ runs

    def begin(self, source: str, label: str, want: Want, now: str, *, whole: bool = False) -> Run:
        """Return the unfinished run of this want, or a new one.

        A run that is to fetch everything does not go on with one that was not.
        """
        text = want_key(want)
        found = self._db.execute(
            """select id, whole from runs where source = ? and want = ? and state in ('listing', 'fetching')
               order by id desc""",
            (source, text),
        ).fetchone()
        if found and (found["whole"] or not whole):
            return self.run(found["id"])
        with self._transaction():
            if found:
                self._db.execute("update runs set state = 'superseded' where id = ?", (found["id"],))
            row = self._row(
                """insert into runs (source, label, want, whole, state, started) values (?, ?, ?, ?, 'listing', ?)
                   returning id""",
                source,
                label,
                text,
                int(whole),
                now,
            )
        return self.run(row["id"])

    def run(self, run_id: int) -> Run:
        """Return one run."""
        return _run(self._row("select * from runs where id = ?", run_id))

    def runs(self) -> list[Run]:
        """Return every run, oldest first."""
        return [_run(row) for row in self._db.execute("select * from runs order by id")]

    def last_complete(self, source: str, want: Want, before: int) -> Run | None:
        """Return the newest run of the same want that listed everything, older than run ``before``."""
        row = self._db.execute(
            """select * from runs where source = ? and want = ? and id < ? and shortfall = '' and listed is not null
               and state <> 'superseded' order by id desc limit 1""",
            (source, want_key(want), before),
        ).fetchone()
        return _run(row) if row else None

    def previous(self, run: Run) -> Run | None:
        """Return the run of the same want just before this one."""
        row = self._db.execute(
            "select * from runs where source = ? and want = ? and id < ? order by id desc limit 1",
            (run.source, want_key(run.want), run.id),
        ).fetchone()
        return _run(row) if row else None

    def plan(
        self, run: Run, listing: Listing, batches: Sequence[Sequence[str]], unchanged: Iterable[str], now: str
    ) -> None:
        """Write down what was listed, what will be fetched and what is known not to have changed, all or nothing."""
        with self._transaction():
            self._db.executemany(
                "insert into items values (?, ?, ?, ?)",
                ((run.id, position, item.id, item.stamp) for position, item in enumerate(listing.items)),
            )
            self._db.executemany(
                "insert into fetches (run_id, n, ids, state) values (?, ?, ?, 'pending')",
                ((run.id, n, json.dumps(list(ids))) for n, ids in enumerate(batches)),
            )
            # A clock that was ahead once must not make a record look fresh for years.
            self._db.executemany(
                """update held set confirmed = case when confirmed > ? then ? else max(confirmed, ?) end
                   where source = ? and id = ?""",
                ((now, run.started, run.started, run.source, one) for one in unchanged),
            )
            self._db.execute(
                """update runs set state = 'fetching', listed = ?, total = ?, items = ?, shortfall = ?, notes = ?
                   where id = ?""",
                (
                    now,
                    listing.total,
                    len(listing.items),
                    listing.shortfall,
                    json.dumps(listing.notes, ensure_ascii=False),
                    run.id,
                ),
            )
            if run.want.lasting and not listing.shortfall:
                self._note_gone(run, {item.id for item in listing.items}, now)

    def _note_gone(self, run: Run, listed: set[str], now: str) -> None:
        """Write down what this want listed before and lists no more."""
        text = want_key(run.want)
        last = self.last_complete(run.source, run.want, run.id)
        dropped = sorted(set(self.listed(last.id)) - listed) if last else []
        self._db.executemany(
            "insert or replace into gone values (?, ?, ?, ?, ?)",
            ((run.source, one, text, run.id, now[:10]) for one in dropped),
        )
        back = [
            row["id"]
            for row in self._db.execute("select id from gone where source = ? and want = ?", (run.source, text))
            if row["id"] in listed
        ]
        self._db.executemany(
            "delete from gone where source = ? and want = ? and id = ?", ((run.source, text, one) for one in back)
        )

    def unlisted(self, run_id: int, state: Literal["listing", "refused"], reason: str) -> None:
        """Write down why a run could not list."""
        self._db.execute("update runs set state = ?, shortfall = ? where id = ?", (state, reason, run_id))

    def finish(self, run: Run, now: str) -> RunState:
        """End a run; return how. Listings older than the two newest of the want are not needed any more."""
        state: RunState = "complete"
        missing = self._row(
            "select count(*) as n from fetches where run_id = ? and state in ('gap', 'absent', 'pending')", run.id
        )["n"]
        if missing or self.run(run.id).shortfall:
            state = "gaps"
        with self._transaction():
            self._db.execute("update runs set state = ?, finished = ? where id = ?", (state, now, run.id))
            group = "source = :source and label = :label and (:label <> '' or want = :want)"
            self._db.execute(
                f"""delete from items where run_id in (
                       select id from runs where {group} and id < :id and id not in (
                           select id from runs where {group} and listed is not null and shortfall = ''
                           order by id desc limit 2))""",  # noqa: S608 - our own names
                {"source": run.source, "label": run.label, "want": want_key(run.want), "id": run.id},
            )
        return state

    def listed(self, run_id: int) -> dict[str, str]:
        """Return number → stamp of everything a run listed; empty for runs long past."""
        rows = self._db.execute("select id, stamp from items where run_id = ? order by position", (run_id,))
        return {row["id"]: row["stamp"] for row in rows}

    def newest_listings(self, source: str) -> dict[str, tuple[int, set[str]]]:
        """Return want → (run, numbers) of the newest whole listing of each want of a source.

        Of a standing search only the newest wording counts: what an older one listed is listed by nobody now.
        """
        rows = self._db.execute(
            """select max(id) as id, want from runs where source = ? and listed is not null and shortfall = ''
               and state <> 'superseded' group by case when label = '' then want else label end""",
            (source,),
        ).fetchall()
        return {row["want"]: (row["id"], set(self.listed(row["id"]))) for row in rows}

    def gone(self) -> list[tuple[str, str, str, int]]:
        """Return (source, number, day, run) of what a search dropped and no search lists now."""
        rows = self._db.execute(
            "select source, id, max(day) as day, max(run_id) as run from gone group by 1, 2"
        ).fetchall()
        now = {
            source: {
                number
                for text, (_, numbers) in self.newest_listings(source).items()
                if _read(text).lasting  # being asked for by number proves nothing
                for number in numbers
            }
            for source in {row["source"] for row in rows}
        }
        return sorted(
            (row["source"], row["id"], row["day"], row["run"]) for row in rows if row["id"] not in now[row["source"]]
        )

    # ------------------------------------------------------------------ fetches

    def pending(self, run_id: int) -> list[tuple[int, tuple[str, ...]]]:
        """Return what a run still has to fetch: (n, numbers)."""
        return self._batches(run_id, "pending")

    def failed_batches(self, run_id: int) -> list[tuple[int, tuple[str, ...]]]:
        """Return what a run could not fetch: (n, numbers)."""
        return self._batches(run_id, "gap")

    def _batches(self, run_id: int, state: str) -> list[tuple[int, tuple[str, ...]]]:
        rows = self._db.execute("select n, ids from fetches where run_id = ? and state = ? order by n", (run_id, state))
        return [(row["n"], tuple(json.loads(row["ids"]))) for row in rows]

    def answered(
        self, run: Run, n: int, answers: Sequence[Answer], absent: Sequence[str], reason: str, now: str
    ) -> None:
        """Write down the answers to one batch whose bytes are on disk, and what the source does not have.

        All or nothing: a run killed here asks for the whole batch again.
        """
        stamps = self.listed(run.id) if answers else {}
        with self._transaction():
            last = self._last(run.id)
            self._db.execute("delete from fetches where run_id = ? and n = ?", (run.id, n))
            places = (n, *range(last + 1, last + len(answers)))[: len(answers)]
            for number, answer in zip(places, answers, strict=True):
                self._answer(run, number, answer, stamps, now)
            if absent:
                place = last + len(answers) if answers else n
                self._db.execute(
                    """insert into fetches (run_id, n, ids, state, reason, fetched, seq)
                       values (?, ?, ?, 'absent', ?, ?, ?)""",
                    (run.id, place, json.dumps(list(absent)), reason, now, self._next()),
                )

    def _answer(self, run: Run, n: int, answer: Answer, stamps: Mapping[str, str], now: str) -> None:
        body = answer.body
        kept = {name: body.headers[name] for name in ("etag", "last-modified", "date") if name in body.headers}
        row = {
            "run_id": run.id,
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
            "seq": self._next(),
        }
        marks = ", ".join(f":{name}" for name in row)
        self._db.execute(f"insert into fetches ({', '.join(row)}) values ({marks})", row)  # noqa: S608 - our own names
        self._db.executemany(
            """insert into held values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (source, id) do update set
               stamp = excluded.stamp, run_id = excluded.run_id, n = excluded.n, sha256 = excluded.sha256,
               confirmed = excluded.confirmed""",
            (
                (run.source, one, own or stamps.get(one, ""), run.started, run.id, run.id, n, answer.sha256)
                for one, own in answer.got.items()
            ),
        )

    def failed(self, run_id: int, n: int, reason: str, now: str) -> None:
        """Write down that a batch could not be had."""
        self._db.execute(
            "update fetches set state = 'gap', reason = ?, fetched = ?, seq = ? where run_id = ? and n = ?",
            (reason, now, self._next(), run_id, n),
        )

    def again(self, run_id: int, n: int) -> None:
        """Let a batch that could not be had be asked for again, in two halves: one bad record costs only itself."""
        row = self._row("select ids from fetches where run_id = ? and n = ?", run_id, n)
        ids = json.loads(row["ids"])
        middle = (len(ids) + 1) // 2
        with self._transaction():
            last = self._last(run_id)
            self._db.execute(
                """update fetches set state = 'pending', reason = null, fetched = null, ids = ?
                   where run_id = ? and n = ?""",
                (json.dumps(ids[:middle]), run_id, n),
            )
            if ids[middle:]:
                self._db.execute(
                    "insert into fetches (run_id, n, ids, state) values (?, ?, ?, 'pending')",
                    (run_id, last + 1, json.dumps(ids[middle:])),
                )

    def last_written(self) -> int:
        """Return the place of the newest entry among all that was written down; 0 when nothing was."""
        return int(self._row("select coalesce(max(seq), 0) as seq from fetches")["seq"])

    def _next(self) -> int:
        return self.last_written() + 1

    def _last(self, run_id: int) -> int:
        return int(self._row("select max(n) as n from fetches where run_id = ?", run_id)["n"])

    def fetches(self, *states: FetchState, run_id: int | None = None) -> Iterator[Fetch]:
        """Yield fetches in the order they were planned; all, or those in the given states or of one run."""
        marks = ", ".join("?" * len(states))
        conditions = [f"f.state in ({marks})"] if states else []
        conditions += ["f.run_id = ?"] if run_id is not None else []
        where = f"where {' and '.join(conditions)}" if conditions else ""
        rows = self._db.execute(
            f"""select f.run_id, f.n, r.source, f.ids, f.state, f.sha256, f.bytes, f.url, f.status, f.content_type,
                f.fetched, f.attempts, f.got, f.reason, f.seq
                from fetches f join runs r on r.id = f.run_id {where} order by f.run_id, f.n""",  # noqa: S608
            (*states, *([run_id] if run_id is not None else [])),
        )
        for row in map(dict, rows):
            ids, got = (tuple(json.loads(row.pop(name) or "[]")) for name in ("ids", "got"))
            yield Fetch(**row, ids=ids, got=got)

    def held(self, source: str) -> dict[str, Held]:
        """Return number → what is known of every record of a source whose bytes are here."""
        rows = self._db.execute("select * from held where source = ?", (source,))
        return {
            row["id"]: Held(row["stamp"], row["confirmed"], row["first_run"], row["run_id"], row["n"], row["sha256"])
            for row in rows
        }

    def header(self, source: str, name: str) -> str:
        """Return a header of the newest answer of a source, "" without one."""
        row = self._db.execute(
            """select f.headers from fetches f join runs r on r.id = f.run_id
               where r.source = ? and f.state = 'done' order by f.run_id desc, f.n desc limit 1""",
            (source,),
        ).fetchone()
        return str(json.loads(row["headers"] or "{}").get(name, "")) if row else ""

    def _row(self, sql: str, *values: object) -> sqlite3.Row:
        row: sqlite3.Row = self._db.execute(sql, values).fetchone()
        return row

    def _transaction(self) -> Transaction:
        return Transaction(self._db)


def _run(row: sqlite3.Row) -> Run:
    values = dict(row)
    want = _read(values.pop("want"))
    notes = tuple(json.loads(values.pop("notes")))
    whole = bool(values.pop("whole"))
    return Run(**values, want=want, notes=notes, whole=whole)


def _read(text: str) -> Want:
    values = json.loads(text)
    return Want(**{**values, "ids": tuple(values["ids"])})


def want_key(want: Want) -> str:
    """Return a want as the log knows it."""
    return json.dumps(asdict(want), sort_keys=True, ensure_ascii=False)
