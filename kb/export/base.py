"""What a format is, and what it is given."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from kb.errors import ExportError
from kb.schema import DISCLAIMER


@dataclass(frozen=True, slots=True)
class Source:
    """An open store, and which build it is.

    Attributes:
        version: of the software that built it.
        as_of: day the statuses are for.
        content_sha256: fingerprint of its rows.
    """

    db: sqlite3.Connection
    version: str
    as_of: str
    content_sha256: str

    def about(self) -> dict[str, str]:
        """Return what every file says of itself, so that it can be told apart when it has left its manifest."""
        return {
            "title": "NK Evidence Map",
            "as_of": self.as_of,
            "version": self.version,
            "content_sha256": self.content_sha256,
            "license": "CC BY 4.0",
            "disclaimer": DISCLAIMER,
        }


@dataclass(frozen=True, slots=True)
class Output:
    """One file of a format.

    Attributes:
        file: its name.
        write: writes all of it and returns what it counted ("nodes": 1000), for the manifest. The same store gives
            the same bytes.
    """

    file: str
    write: Callable[[BinaryIO], Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Format:
    """One format.

    Attributes:
        name: as ``--format`` takes it.
        meaning: what it is good for.
        outputs: the files it makes of a store.
    """

    name: str
    meaning: str
    outputs: Callable[[Source], Iterable[Output]]


def read_source(db: sqlite3.Connection) -> Source:
    """Return the store behind an open connection.

    Raises:
        ExportError: its build never ended.
    """
    row = db.execute("select version, as_of, content_sha256 from builds").fetchone()
    if row is None:
        raise ExportError("the store does not say which build it is; make it again with: kb build")
    return Source(db, *row)
