"""Immutable bytes by their SHA-256: what was received, exactly, once."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from ingest.errors import UnreadableError

_CHUNK = 1024 * 1024
_NAME = re.compile(r"[0-9a-f]{64}")


class Objects:
    """A folder of files named by their own SHA-256, so that ``sha256sum`` checks them and nothing is stored twice.

    Args:
        folder: where they are; made when the first one is put.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, sha256: str) -> Path:
        """Return where an object is or would be."""
        return self._folder / sha256[:2] / sha256

    def put(self, data: bytes) -> str:
        """Store bytes; return their SHA-256. On disk before this returns."""
        name = hashlib.sha256(data).hexdigest()
        if not self._whole(name, len(data)):
            with self._new(name) as handle:
                handle.write(data)
        return name

    def put_file(self, path: Path) -> str:
        """Store a file's bytes without holding them in memory; return their SHA-256."""
        name = hash_of(path)
        if not self._whole(name, path.stat().st_size):
            with path.open("rb") as source, self._new(name) as handle:
                while chunk := source.read(_CHUNK):
                    handle.write(chunk)
        return name

    def open(self, sha256: str) -> BinaryIO:
        """Open an object for reading, after checking that it still is what it was.

        Raises:
            UnreadableError: it is missing or damaged.
        """
        path = self.path(sha256)
        if not path.exists():
            raise UnreadableError(f"{path} is missing from the raw store: restore it, or fetch again with --full")
        if hash_of(path) != sha256:
            raise UnreadableError(
                f"{path} is damaged: its SHA-256 is no longer its name. Restore it, or delete it and "
                "fetch again with --full"
            )
        return path.open("rb")

    def names(self) -> Iterator[str]:
        """Yield the SHA-256 of every object, sorted."""
        yield from sorted(path.name for path in self._folder.glob("??/*") if _NAME.fullmatch(path.name))

    def sweep(self) -> None:
        """Remove what a killed run left half-written. Only the run that holds the lock may call this."""
        for path in self._folder.glob("??/.new-*"):
            path.unlink(missing_ok=True)

    def _whole(self, name: str, size: int) -> bool:
        path = self.path(name)
        return path.exists() and path.stat().st_size == size and hash_of(path) == name

    @contextlib.contextmanager
    def _new(self, name: str) -> Iterator[BinaryIO]:
        """Write beside the place, flush to disk, then put in place in one step."""
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(prefix=".new-", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as handle:
                yield handle
                handle.flush()
                os.fsync(handle.fileno())
            Path(temporary).chmod(0o444)
            Path(temporary).replace(path)
            _flush_folder(path.parent)
        finally:
            Path(temporary).unlink(missing_ok=True)


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _flush_folder(folder: Path) -> None:
    """Make the new name survive a power cut, where the system can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
