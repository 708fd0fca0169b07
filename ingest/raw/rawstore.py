"""The raw store: a folder with the objects, the log, and a lock."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from ingest.errors import IngestError
from ingest.raw.ledger import Ledger
from ingest.raw.objects import Objects

_README = """This folder is the raw store of the NK Evidence Map: what the outside services answered, byte for byte.

objects/  one file an answer, named by its SHA-256 (check with: sha256sum objects/??/*)
log.db    SQLite: which runs asked what, when, what came, what could not be had

It may hold abstracts, which belong to their publishers: keep it to yourself. `kb build` reads it offline.
Nothing in it is ever changed; a run adds to it.
"""


@dataclass(frozen=True, slots=True)
class RawStore:
    """An open raw store."""

    folder: Path
    objects: Objects
    ledger: Ledger


@contextmanager
def writing(folder: Path) -> Iterator[RawStore]:
    """Open a raw store for one run at a time, making it when there is none.

    Raises:
        IngestError: another run holds it, or the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "README.txt").exists():
            (folder / "README.txt").write_text(_README, encoding="utf-8")
        lock = FileLock(folder / ".lock", timeout=0)
        lock.acquire()
    except Timeout:
        raise IngestError(
            f"another run is writing {folder}: wait for it, or choose another folder with --raw"
        ) from None
    except OSError as error:
        raise IngestError(f"cannot write {folder}: {error}; choose another folder with --raw") from error
    try:
        objects = Objects(folder / "objects")
        objects.sweep()
        ledger = Ledger(folder / "log.db")
        try:
            yield RawStore(folder, objects, ledger)
        finally:
            ledger.close()
    finally:
        lock.release()


def _heal(folder: Path) -> None:
    """Let SQLite take back what a killed run left half-written, unless a run is writing now."""
    if (folder / "log.db-journal").exists():
        with contextlib.suppress(Timeout, OSError), FileLock(folder / ".lock", timeout=0):
            Ledger(folder / "log.db").close()


@contextmanager
def reading(folder: Path) -> Iterator[RawStore]:
    """Open a raw store to read; a run may go on writing it.

    Raises:
        IngestError: there is none.
    """
    if not (folder / "log.db").exists():
        raise IngestError(f"there is no raw store at {folder}; make one with: kb ingest")
    _heal(folder)
    ledger = Ledger(folder / "log.db", read_only=True)
    try:
        yield RawStore(folder, Objects(folder / "objects"), ledger)
    finally:
        ledger.close()
