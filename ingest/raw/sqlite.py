"""Two things SQLite is asked to do."""

from __future__ import annotations

import contextlib
import sqlite3


class Transaction:
    """All or nothing: committed when the block ends well, taken back otherwise."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("begin immediate")

    def __exit__(self, kind: object, value: object, trace: object) -> None:
        self._db.execute("commit" if kind is None else "rollback")


def copied(file: sqlite3.Connection) -> sqlite3.Connection:
    """Return a copy in memory: a reader of the file itself would hold up the run that writes it."""
    with contextlib.closing(file):
        memory = sqlite3.connect(":memory:", isolation_level=None)
        file.backup(memory)
        return memory
