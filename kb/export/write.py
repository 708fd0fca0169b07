"""Putting exports into a folder: all or nothing, never over somebody else's file, and with a manifest."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.errors import ExportError
from kb.export.base import Format, Source
from kb.schema import DISCLAIMER

MANIFEST = "manifest.json"
_MADE_BY = "nk-evidence-kb export"


@dataclass(frozen=True, slots=True)
class Written:
    """One file, as the manifest has it.

    Attributes:
        counts: what is in it ("nodes": 1000).
        content_sha256, as_of, version: the build it was made from.
    """

    format: str
    file: str
    counts: Mapping[str, int]
    bytes: int
    sha256: str
    content_sha256: str
    as_of: str
    version: str

    def entry(self) -> dict[str, Any]:
        """Return it as the manifest has it."""
        return {
            "format": self.format,
            "file": self.file,
            **self.counts,
            "bytes": self.bytes,
            "sha256": self.sha256,
            "content_sha256": self.content_sha256,
            "as_of": self.as_of,
            "version": self.version,
        }


def export(source: Source, folder: Path, formats: Sequence[Format], *, force: bool = False) -> list[Written]:
    """Write every file of some formats into a folder, then the manifest.

    Each file is written beside its place and put there in one step, once all of them are whole. Files of earlier
    exports that are not written again stay, and the manifest goes on saying of which build each is.

    Args:
        source: the store.
        folder: made when it is not there.
        formats: at least one.
        force: overwrite files that are not ours, too.

    Returns:
        What was written.

    Raises:
        ExportError: a file in the way is not an earlier export of ours, or the folder cannot be written. What was
            there is unchanged.
    """
    temporary: dict[Path, Path] = {}
    at = folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        earlier = _earlier(folder / MANIFEST, force=force)
        written = []
        for one in formats:
            for output in one.outputs(source):
                at = folder / output.file
                temporary[at] = at.with_name(f".{at.name}.{os.getpid()}.tmp")
                with temporary[at].open("wb") as stream:
                    counts = output.write(stream)
                    stream.flush()
                    os.fsync(stream.fileno())
                digest = _sha256(temporary[at])
                _refuse_others(at, {earlier.get(at.name, {}).get("sha256"), digest}, force=force)
                build = (source.content_sha256, source.as_of, source.version)
                written.append(Written(one.name, at.name, counts, temporary[at].stat().st_size, digest, *build))
        at = folder / MANIFEST
        temporary[at] = at.with_name(f".{at.name}.{os.getpid()}.tmp")
        temporary[at].write_text(_manifest(folder, earlier, written), encoding="utf-8")
        for at, made_there in temporary.items():
            made_there.replace(at)
    except OSError as error:
        raise ExportError(
            f"cannot write {at}: {error.strerror or error}. Free space, or choose a folder you may write to"
        ) from error
    finally:
        for left in temporary.values():
            with contextlib.suppress(OSError):
                left.unlink(missing_ok=True)
    return written


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _refuse_others(path: Path, ours: set[str | None], *, force: bool) -> None:
    """Stop when a file that is in the way is neither what we wrote last nor what we write now."""
    if path.is_dir():
        raise ExportError(f"{path} is a folder; move it away, or choose another folder to export to")
    if force or not path.exists() or _sha256(path) in ours:
        return
    raise ExportError(
        f"{path} is not an export of ours, or was changed since; nothing was written. Move it away, choose another "
        f"folder, or overwrite it with --force"
    )


def _earlier(path: Path, *, force: bool) -> dict[str, dict[str, Any]]:
    """Return the entries of the manifest that is there, by file; none when there is none.

    Raises:
        ExportError: there is a file of that name that is not a manifest of ours.
    """
    if path.is_dir():
        raise ExportError(f"{path} is a folder; move it away, or choose another folder to export to")
    if not path.exists():
        return {}
    with contextlib.suppress(ValueError, KeyError, TypeError):
        found = json.loads(path.read_bytes())
        if found["made_by"] == _MADE_BY:
            return {str(entry["file"]): dict(entry) for entry in found["files"]}
    if force:
        return {}
    raise ExportError(
        f"{path} is not a manifest of ours; nothing was written. Move it away, choose another folder, or overwrite it "
        f"with --force"
    )


def _manifest(folder: Path, earlier: dict[str, dict[str, Any]], written: Sequence[Written]) -> str:
    """Return the manifest: what was written now, and what is still there of before."""
    entries = {name: entry for name, entry in earlier.items() if (folder / name).is_file()}
    entries |= {one.file: one.entry() for one in written}
    whole = {"made_by": _MADE_BY, "disclaimer": DISCLAIMER, "files": [entries[name] for name in sorted(entries)]}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
