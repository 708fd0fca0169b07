"""A log that an earlier version of the program wrote is read and goes on."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ingest.raw.ledger import Ledger
from ingest.raw.rawstore import reading
from ingest.raw.shape import SHAPE, TOLD
from ingest.replay import gaps
from ingest.source import Want

#: The shape of version 1: no place among all that was written down.
OLD = re.sub(r"    seq integer,\n|create index fetches_seq[^;]+;\n", "", SHAPE)
WANT = '{"ids": [], "query": "nk", "since": "", "until": ""}'


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "log.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(f"{OLD} pragma user_version = 1;")
        db.execute(
            """insert into runs (id, source, label, want, whole, state, started)
               values (1, 'pubmed', '', ?, 0, 'fetching', '')""",
            (WANT,),
        )
        db.executemany(
            "insert into fetches (run_id, n, ids, state, fetched) values (1, ?, ?, ?, ?)",
            [
                (0, '["7"]', "gap", "2026-03-02T00:00:00Z"),
                (1, '["8"]', "absent", "2026-03-01T00:00:00Z"),
                (2, '["9"]', "pending", None),
            ],
        )
        db.execute("insert into settings values (?, '2026-03-01T03:00:00Z')", (TOLD,))
        db.commit()
    assert "seq" not in OLD
    return path


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("pragma user_version").fetchone()[0])


def test_entries_get_their_places_by_their_times_and_what_was_told_is_forgotten(old: Path) -> None:
    ledger = Ledger(old)
    assert [(one.n, one.seq) for one in ledger.fetches()] == [(0, 2), (1, 1), (2, None)]
    assert ledger.last_written() == 2
    assert ledger.setting(TOLD) == "", "it was a time; the next refresh tells all"
    ledger.failed(1, 2, "no answer", "2026-03-03T00:00:00Z")
    ledger.close()
    again = Ledger(old)
    assert [(one.n, one.seq) for one in again.fetches()] == [(0, 2), (1, 1), (2, 3)]
    assert version(old) == 2


def test_a_reader_leaves_the_file_as_it_is(old: Path) -> None:
    before = old.read_bytes()
    with reading(old.parent) as store:
        assert {gap.kind for gap in gaps(store.ledger)} >= {"fetch", "absent"}
        assert [one.seq for one in store.ledger.fetches("absent")] == [1]
    assert (old.read_bytes(), version(old)) == (before, 1)


def test_a_log_between_the_two_keeps_its_places_and_its_news(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    ledger = Ledger(path)
    ledger.remember(TOLD, '{"written": 0, "run": 0}')
    run = ledger.begin("pubmed", "", Want("nk"), "2026-03-01T00:00:00Z")
    ledger.close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("pragma user_version = 1")
    again = Ledger(path)
    assert (again.setting(TOLD), again.run(run.id).state, version(path)) == ('{"written": 0, "run": 0}', "listing", 2)
