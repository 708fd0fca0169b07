"""Writing the store: one SQLite file made from the schema, replaced in one step or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import sqlite_utils

from kb.errors import BuildError
from kb.rows.base import Row
from kb.schema import TABLES, VIEWS, Table

_PYTHON_TYPES: dict[str, type] = {"text": str, "integer": int, "float": float}


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[sqlite_utils.Database]:
    """Open a new store beside ``path`` and put it in its place when the block ends well.

    Raises:
        BuildError: the disk is full, the folder cannot be written, or a key dangles. The file
            that was there before is untouched.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    connection: sqlite3.Connection | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.unlink(missing_ok=True)
        connection = sqlite3.connect(temporary)
        connection.execute("pragma journal_mode = off")  # a failed build throws the file away
        connection.execute("pragma synchronous = off")
        yield sqlite_utils.Database(connection)
        connection.commit()
        connection.close()
        _flush(temporary)
        temporary.replace(path)
    except (OSError, sqlite3.Error) as error:
        raise BuildError(
            f"cannot write {path}: {error}. Free space or choose another place with --out; {_kept(path)}"
        ) from error
    finally:
        if connection is not None:
            connection.close()
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _kept(path: Path) -> str:
    return "the store that was there is unchanged." if path.exists() else "no store was written."


def _flush(path: Path) -> None:
    """Make sure the bytes are on disk before the old file is given up."""
    with path.open("rb+") as handle:
        os.fsync(handle.fileno())


def create(db: sqlite_utils.Database) -> None:
    """Create every table of the schema, empty."""
    for table in _parents_first():
        db.table(table.name).create(
            {column.name: _PYTHON_TYPES[column.type] for column in table.columns},
            pk=table.key if len(table.key) > 1 else table.key[0],
            not_null={column.name for column in table.columns if column.required},
            foreign_keys=[(c.name, c.references, "id") for c in table.columns if c.references],
        )


def _parents_first() -> list[Table]:
    """Return the tables so that each comes after those it points to."""
    needs = {table.name: {c.references for c in table.columns if c.references} for table in TABLES}
    by_name = {table.name: table for table in TABLES}
    return [by_name[name] for name in TopologicalSorter(needs).static_order()]


def insert(db: sqlite_utils.Database, table: Table, rows: Iterable[Row]) -> int:
    """Insert rows in the order given.

    Raises:
        BuildError: a row has a column the schema does not know, lacks a required one, or its key is taken.
    """
    names = [column.name for column in table.columns]
    required = {column.name for column in table.columns if column.required}
    known = set(names)

    def checked() -> Iterator[tuple[object, ...]]:
        for row in rows:
            if unknown := set(row) - known:
                raise BuildError(f"{table.name}: unknown column {', '.join(sorted(unknown))} in {row.get('id')}")
            if missing := [name for name in required if row.get(name) is None]:
                raise BuildError(f"{table.name}: {row.get('id')} has no {', '.join(sorted(missing))}")
            yield tuple(row.get(name) for name in names)

    marks = ", ".join("?" * len(names))
    quoted = ", ".join(f"[{name}]" for name in names)
    try:
        # Names come from the schema only. executemany is twice as fast as insert_all here.
        cursor = db.conn.executemany(f"insert into [{table.name}] ({quoted}) values ({marks})", checked())  # noqa: S608
    except sqlite3.IntegrityError as error:
        raise BuildError(f"{table.name}: {error}. Two records share a key; `kb verify` names them.") from error
    return cursor.rowcount


def finish(db: sqlite_utils.Database) -> None:
    """Add indexes, search and views, and check that no key dangles.

    Raises:
        BuildError: a foreign key points nowhere.
    """
    for table in TABLES:
        for columns in table.indexes:
            db.table(table.name).create_index(list(columns), if_not_exists=True)
        for column in table.columns:
            if (
                column.references
                and not any(column.name == i[0] for i in table.indexes)
                and column.name not in table.key[:1]
            ):
                db.table(table.name).create_index([column.name], if_not_exists=True)
        if table.search:
            db.table(table.name).enable_fts(list(table.search), tokenize="porter unicode61 remove_diacritics 2")
    for view in VIEWS:
        db.create_view(view.name, view.sql.strip())
    dangling = list(db.execute("pragma foreign_key_check"))
    if dangling:
        shown = "; ".join(f"{table} row {rowid} → {parent}" for table, rowid, parent, _ in dangling[:5])
        raise BuildError(f"{len(dangling)} keys point nowhere: {shown}")
    db.execute("analyze")


def content_hash(db: sqlite_utils.Database | sqlite3.Connection) -> tuple[str, dict[str, int]]:
    """Return a SHA-256 over every row of every hashed table, and the row counts of all but ``builds``."""
    whole = hashlib.sha256()
    counts = {}
    for table in TABLES:
        if table.name == "builds":
            continue
        if not table.hashed:
            counts[table.name] = db.execute(f"select count(*) from [{table.name}]").fetchone()[0]  # noqa: S608
            continue
        keys = ", ".join(f"[{key}]" for key in table.key)
        count = 0
        for row in db.execute(f"select * from [{table.name}] order by {keys}"):  # noqa: S608 - schema names
            whole.update(json.dumps([table.name, *row], ensure_ascii=False).encode())
            count += 1
        counts[table.name] = count
    return whole.hexdigest(), counts


def connect(path: Path) -> sqlite3.Connection:
    """Open a store for reading only.

    Raises:
        BuildError: there is none, or it is not a store of ours.
    """
    if not path.exists():
        raise BuildError(f"there is no store at {path}; make one with: kb build")
    try:
        connection = sqlite3.connect(f"file:{path.resolve().as_posix()}?mode=ro", uri=True)
        connection.execute("select id from builds").fetchone()
    except sqlite3.Error as error:
        raise BuildError(f"{path} is not a store of this program ({error}); make one with: kb build") from error
    return connection
