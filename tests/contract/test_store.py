"""kb.store: the file holds exactly what kb.schema says, and is replaced in one step or not at all."""

# ruff: noqa: S608 - the only names put into SQL are those of our own schema

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlite_utils

from kb import store
from kb.build import build
from kb.errors import BuildError
from kb.schema import TABLE, TABLES, VIEWS, Table, View
from tests.contract.test_build import shrink

OLD = b"the old store"
SQLITE = {"text": "text", "integer": "integer", "float": "real"}
FTS_PARTS = ("", "_config", "_data", "_docsize", "_idx")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A place where a store already stands."""
    path = tmp_path / "build" / "evidence.db"
    path.parent.mkdir()
    path.write_bytes(OLD)
    return path


def assert_nothing_lost(out: Path) -> None:
    assert out.read_bytes() == OLD
    assert list(out.parent.iterdir()) == [out]


def full_disk(_descriptor: int) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


# ---------------------------------------------------------------------------- replacing


def test_the_new_store_takes_the_place_of_the_old(out: Path) -> None:
    with store.replacing(out) as db:
        db.table("t").insert({"a": 1})
        assert out.read_bytes() == OLD  # readers keep the old one until the new one is whole
    assert list(out.parent.iterdir()) == [out]
    with sqlite3.connect(out) as connection:
        assert connection.execute("select a from t").fetchall() == [(1,)]
    connection.close()


def test_the_folder_is_made_when_there_is_none(tmp_path: Path) -> None:
    out = tmp_path / "a" / "b" / "evidence.db"
    with store.replacing(out) as db:
        db.table("t").insert({"a": 1})
    assert out.exists()


def test_a_left_over_of_an_earlier_crash_is_no_obstacle(out: Path) -> None:
    (out.parent / f".{out.name}.{os.getpid()}.tmp").write_bytes(b"rubbish")
    with store.replacing(out) as db:
        db.table("t").insert({"a": 1})
    assert list(out.parent.iterdir()) == [out]


def test_a_disk_that_fills_up_while_writing_loses_nothing(out: Path) -> None:
    """SQLite itself says that the disk is full: the page limit is its own way of meeting the end of one."""
    with pytest.raises(BuildError, match="full") as caught, store.replacing(out) as db:
        db.execute("pragma max_page_count = 4")
        db.table("t").insert_all({"text": "x" * 3000} for _ in range(100))
    assert str(out) in str(caught.value)
    assert "Free space" in str(caught.value)
    assert "--out" in str(caught.value)
    assert "the store that was there is unchanged" in str(caught.value)
    assert_nothing_lost(out)


def test_a_disk_that_is_full_at_the_last_moment_loses_nothing(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(BuildError, match="No space left on device"), store.replacing(out) as db:
        db.table("t").insert({"a": 1})
    assert_nothing_lost(out)


def test_without_an_old_store_a_failure_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(BuildError, match="no store was written"), store.replacing(tmp_path / "x.db") as db:
        db.table("t").insert({"a": 1})
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_build_leaves_the_old_store(out: Path) -> None:
    with pytest.raises(KeyboardInterrupt), store.replacing(out) as db:
        db.table("t").insert({"a": 1})
        raise KeyboardInterrupt
    assert_nothing_lost(out)


def test_an_error_of_ours_leaves_the_old_store(out: Path) -> None:
    with pytest.raises(BuildError, match="mine"), store.replacing(out):
        raise BuildError("mine")
    assert_nothing_lost(out)


def test_a_file_where_the_folder_should_be_is_explained(tmp_path: Path) -> None:
    (tmp_path / "build").write_bytes(b"a file")
    with pytest.raises(BuildError, match="cannot write"), store.replacing(tmp_path / "build" / "x.db"):
        pytest.fail("there is no folder to write to")
    assert (tmp_path / "build").read_bytes() == b"a file"


def test_a_folder_where_the_store_should_be_is_explained(tmp_path: Path) -> None:
    (tmp_path / "x.db").mkdir()
    with pytest.raises(BuildError, match="cannot write"), store.replacing(tmp_path / "x.db") as db:
        db.table("t").insert({"a": 1})
    assert list(tmp_path.iterdir()) == [tmp_path / "x.db"]


@pytest.mark.parametrize("moment", ["insert", "fsync"])
def test_a_whole_build_on_a_full_disk_loses_nothing(
    moment: str, facts: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_arguments: object) -> int:
        raise sqlite3.OperationalError("database or disk is full")

    if moment == "insert":
        monkeypatch.setattr(store, "insert", fails)
    else:
        monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(BuildError, match="the store that was there is unchanged"):
        build(shrink(facts, 100), out)
    assert_nothing_lost(out)


# ---------------------------------------------------------------------------- rows


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[sqlite_utils.Database]:
    """A store with every table and no row."""
    connection = sqlite3.connect(tmp_path / "empty.db")
    db = sqlite_utils.Database(connection)
    store.create(db)
    yield db
    connection.close()


LEVELS: Table = TABLE["levels"]
LEVEL: dict[str, object] = {
    column.name: 1 if column.type == "integer" else "x" for column in LEVELS.columns if column.required
}


def test_a_row_with_an_unknown_column_is_refused(empty: sqlite_utils.Database) -> None:
    with pytest.raises(BuildError, match="levels: unknown column colour in x"):
        store.insert(empty, LEVELS, [{**LEVEL, "colour": "red"}])


@pytest.mark.parametrize("column", [column.name for column in LEVELS.columns if column.required])
def test_a_row_without_a_required_value_is_refused(empty: sqlite_utils.Database, column: str) -> None:
    with pytest.raises(BuildError, match=f"has no {column}"):
        store.insert(empty, LEVELS, [{**LEVEL, column: None}])


def test_a_key_that_is_taken_is_refused(empty: sqlite_utils.Database) -> None:
    with pytest.raises(BuildError, match=r"levels: .*UNIQUE.*kb verify"):
        store.insert(empty, LEVELS, [LEVEL, LEVEL])


def test_a_key_that_points_nowhere_is_refused(empty: sqlite_utils.Database) -> None:
    store.insert(empty, TABLE["concept_parents"], [{"concept_id": "facet:a", "parent_id": "facet:b"}])
    with pytest.raises(BuildError, match="2 keys point nowhere: concept_parents row 1 → concepts"):
        store.finish(empty)


# ---------------------------------------------------------------------------- reading


def test_a_missing_store_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="make one with: kb build"):
        store.connect(tmp_path / "none.db")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"not a database, but long enough to be read as the head of one" * 20])
def test_a_file_that_is_no_store_of_ours_is_explained(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.db"
    path.write_bytes(content)
    with pytest.raises(BuildError, match="is not a store of this program"):
        store.connect(path)
    assert path.read_bytes() == content


def test_a_store_is_opened_for_reading_only(built: Path) -> None:
    connection = store.connect(built)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("delete from claims")
    connection.close()


# ---------------------------------------------------------------------------- the live store against the schema


def test_the_store_has_exactly_the_tables_of_the_schema(db: sqlite3.Connection) -> None:
    live = {row["name"] for row in db.execute("select name from sqlite_master where type = 'table'")}
    search = {f"{table.name}_fts{part}" for table in TABLES if table.search for part in FTS_PARTS}
    statistics = {name for name in live if name.startswith("sqlite_stat")}
    assert live == {table.name for table in TABLES} | search | statistics


def test_the_store_has_exactly_the_views_of_the_schema(db: sqlite3.Connection) -> None:
    live = {row["name"] for row in db.execute("select name from sqlite_master where type = 'view'")}
    assert live == {view.name for view in VIEWS}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_has_exactly_the_described_columns(table: Table, db: sqlite3.Connection) -> None:
    info = db.execute(f"pragma table_info([{table.name}])").fetchall()
    live = [(row["name"], row["type"].lower(), bool(row["notnull"])) for row in info]
    assert live == [(column.name, SQLITE[column.type], column.required) for column in table.columns]
    keys = [row["name"] for row in sorted(info, key=lambda row: row["pk"]) if row["pk"]]
    assert tuple(keys) == table.key
    assert all(column.meaning for column in table.columns)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_reference_of_the_schema_is_a_foreign_key_with_an_index(table: Table, db: sqlite3.Connection) -> None:
    live = {
        (row["from"], row["table"], row["to"])
        for row in db.execute(f"pragma foreign_key_list([{table.name}])").fetchall()
    }
    assert live == {(column.name, column.references, "id") for column in table.columns if column.references}
    first = {
        db.execute(f"pragma index_info([{row['name']}])").fetchone()["name"]
        for row in db.execute(f"pragma index_list([{table.name}])").fetchall()
    }
    wanted = {column.name for column in table.columns if column.references} | {index[0] for index in table.indexes}
    assert wanted <= first


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_every_view_returns_exactly_the_described_columns(view: View, db: sqlite3.Connection) -> None:
    live = [column[0] for column in db.execute(f"select * from [{view.name}] limit 0").description]
    assert live == [column for column, _ in view.columns]
    assert all(meaning for _, meaning in view.columns)


def test_no_key_points_nowhere(db: sqlite3.Connection) -> None:
    assert db.execute("pragma foreign_key_check").fetchall() == []


def test_the_file_is_sound(db: sqlite3.Connection) -> None:
    assert [row[0] for row in db.execute("pragma integrity_check")] == ["ok"]


def test_no_text_is_empty_instead_of_absent(db: sqlite3.Connection) -> None:
    """A value nobody saw is null; an empty text would be shown as a value."""
    empty = [
        f"{table.name}.{column.name}"
        for table in TABLES
        if not table.hidden  # the words behind the search box are no value anybody is shown
        for column in table.columns
        if column.type == "text"
        and db.execute(f"select 1 from [{table.name}] where [{column.name}] = '' limit 1").fetchone()
    ]
    assert empty == []


# ---------------------------------------------------------------------------- search


@pytest.mark.parametrize("table", [table for table in TABLES if table.search], ids=lambda table: table.name)
def test_every_row_of_a_searchable_table_is_in_its_index(table: Table, db: sqlite3.Connection) -> None:
    rows = db.execute(f"select count(*) from [{table.name}]").fetchone()[0]
    assert db.execute(f"select count(*) from [{table.name}_fts_docsize]").fetchone()[0] == rows


def test_search_finds_a_study_by_word_stem_and_phrase(db: sqlite3.Connection) -> None:
    def found(match: str) -> set[str]:
        sql = "select s.id from studies s join studies_fts f on f.rowid = s.rowid where studies_fts match ?"
        return {row["id"] for row in db.execute(sql, (match,))}

    row = db.execute("select id, title from studies where title like '%haploidentical%' order by id limit 1").fetchone()
    assert row["id"] in found("haploidentical")
    assert row["id"] in found('title : "haploidentical"')
    assert found("infusion") == found("infusions") != set()  # one stem
    assert found("xyzzy") == set()


def test_search_finds_a_disease_by_a_synonym(db: sqlite3.Connection) -> None:
    sql = "select c.id from concepts c join concepts_fts f on f.rowid = c.rowid where concepts_fts match ?"
    assert "indication:aml" in {row["id"] for row in db.execute(sql, ('"acute myelogenous leukemia"',))}


# ---------------------------------------------------------------------------- views

PARTS = ("approved_claims", "trial_stage_claims", "unsupported_claims", "background_claims", "other_claims")


def test_the_views_of_claims_partition_them_in_every_place(db: sqlite3.Connection) -> None:
    claims = {row["id"] for row in db.execute("select id from claims")}
    places = [row["id"] for row in db.execute("select distinct jurisdiction as id from claim_statuses")]
    assert claims
    assert places
    for place in places:
        found = [
            row["claim_id"]
            for view in PARTS
            for row in db.execute(f"select claim_id from [{view}] where jurisdiction = ?", (place,))
        ]
        assert len(found) == len(set(found)), place
        assert set(found) == claims, place


@pytest.mark.parametrize(
    ("view", "classes"),
    [
        ("approved_claims", {"approved"}),
        ("trial_stage_claims", {"trial_stage"}),
        ("unsupported_claims", {"unsupported"}),
        ("background_claims", {"background"}),
        ("other_claims", {"not_a_claim", "needs_review"}),
    ],
)
def test_a_view_of_claims_holds_one_class(view: str, classes: set[str], db: sqlite3.Connection) -> None:
    assert {row["class"] for row in db.execute(f"select distinct class from [{view}]")} <= classes


@pytest.mark.parametrize(
    ("view", "table"),
    [
        ("claims_export", "claim_statuses"),
        ("trials_export", "trials"),
        ("approvals_export", "approvals"),
        ("evidence_map", "map_cells"),
    ],
)
def test_an_export_is_whole_and_its_rows_have_their_own_key(view: str, table: str, db: sqlite3.Connection) -> None:
    ids = [row["id"] for row in db.execute(f"select id from [{view}]")]
    assert ids == [row["id"] for row in db.execute(f"select id from [{table}] order by id")]


def test_the_export_of_studies_holds_every_study_and_arm(db: sqlite3.Connection) -> None:
    rows = db.execute("select id, study_id from studies_export").fetchall()
    assert {row["study_id"] for row in rows} == {row["id"] for row in db.execute("select id from studies")}
    arms = {row["id"] for row in db.execute("select id from keys where record_kind = 'study'")}
    assert {row["id"] for row in rows if row["id"]} == arms


@pytest.mark.parametrize("view", [view.name for view in VIEWS if view.name.endswith("_export")])
def test_every_export_says_that_it_is_no_advice(view: str, db: sqlite3.Connection) -> None:
    assert {row[0] for row in db.execute(f"select distinct disclaimer from [{view}]")} == {
        "Not legal or medical advice."
    }


def test_the_only_build_is_described(db: sqlite3.Connection) -> None:
    assert [row["id"] for row in db.execute("select id from builds")] == [1]
