"""``kb verify --db`` looks into a store; every way a store can lie is found."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kb import verify as module
from kb.dataset import Dataset
from kb.errors import Problem
from kb.verify import verify
from tests.conftest import DATA


@pytest.fixture
def store(built: Path, tmp_path: Path) -> Path:
    """A copy of the built store, to falsify."""
    return Path(shutil.copy(built, tmp_path / "evidence.db"))


def change(store: Path, *statements: str) -> None:
    """Change the store, foreign keys unwatched."""
    with closing(sqlite3.connect(store)) as db:
        for statement in statements:
            db.execute(statement)
        db.commit()


def told(store: Path) -> str:
    """Return what is said of the store, one problem a line."""
    return "\n".join(str(problem) for problem in verify(DATA, store).problems)


def test_a_fresh_store_holds(store: Path) -> None:
    assert told(store) == ""


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("drop view claims_export", "[claims_export]: the view is missing"),
        ("drop table searches", "[searches]: the table is missing"),
        ("update findings set n = n + 1 where n is not null", "content hash differs"),
        ("update builds set data_sha256 = 'x'", "built from other facts than these"),
        ("update findings set study_id = 'PMID:0'", "points to a row of studies that does not exist"),
    ],
)
def test_a_store_that_was_changed_is_found(store: Path, statement: str, message: str) -> None:
    change(store, statement)
    assert message in told(store)


def test_a_status_on_secondary_sources_must_say_so(store: Path) -> None:
    with closing(sqlite3.connect(store)) as db:
        (claim,) = db.execute(
            """select claim_id from claim_statuses where jurisdiction = 'US' and codes like '%SECONDARY_SOURCE%'
               and claim_id in (select e.claim_id from evidence e join approvals a on a.id = e.record_id
                                where e.deciding = 1 and a.checked = 'secondary') limit 1"""
        ).fetchone()
    change(store, f"update claim_statuses set codes = '[]' where claim_id = '{claim}'")  # noqa: S608
    assert f"[{claim} class]: the status rests on secondary sources alone and does not say so" in told(store)


@pytest.mark.parametrize(
    ("find", "statement", "message"),
    [
        (
            "select id from map_cells where empty_kind = 'not_searched' limit 1",
            "update map_cells set empty_kind = 'searched_none' where id = '{}'",
            "the cell says searched_none, but no search for it is logged",
        ),
        (
            "select id from map_cells where empty_kind = 'searched_none' limit 1",
            "update map_cells set empty_kind = 'not_searched', searched = null where id = '{}'",
            "the cell says not_searched, but a search for it is logged",
        ),
        (
            "select id from map_cells where searched is not null and studies > 0 limit 1",
            "update map_cells set searched = null where id = '{}'",
            "the cell says searched, but a search for it is logged",
        ),
    ],
)
def test_a_cell_says_searched_when_and_only_when_a_search_is_logged(
    store: Path, find: str, statement: str, message: str
) -> None:
    with closing(sqlite3.connect(store)) as db:
        (cell,) = db.execute(find).fetchone()
    change(store, statement.format(cell))
    assert f"[{cell}]: {message}" in told(store)


def test_facts_that_cannot_be_read_do_not_stop_the_look_into_the_store(store: Path, tmp_path: Path) -> None:
    change(store, "drop view claims_export")
    problems = verify(tmp_path / "nowhere", store).problems
    assert {problem.rule for problem in problems} == {"file", "store"}


def test_texts_are_compared_only_when_named(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []

    def compare(_data: Dataset, path: Path, _progress: object) -> list[Problem]:
        asked.append(path)
        return []

    monkeypatch.setattr(module, "shared_runs", compare)
    assert verify(DATA).problems == []
    assert verify(DATA, None, tmp_path).problems == []
    assert asked == [tmp_path]
