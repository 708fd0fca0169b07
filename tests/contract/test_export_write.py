"""Exports are whole or not there, never lie over somebody else's file, and say what went wrong."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

import pytest
from click.testing import CliRunner, Result

from kb.cli import main
from kb.errors import ExportError
from kb.export.base import Format, Output, Source
from kb.export.formats import FORMATS
from kb.export.write import export


@pytest.fixture
def source() -> Iterator[Source]:
    with closing(sqlite3.connect(":memory:")) as db:
        yield Source(db, "0.1.0+abc", "2026-11-23", "c" * 64)


def plain(name: str, body: bytes, file: str = "") -> Format:
    def write(stream: BinaryIO) -> Mapping[str, int]:
        stream.write(body)
        return {"rows": len(body)}

    return Format(name, "a test", lambda _source: [Output(file or f"{name}.txt", write)])


def broken(error: BaseException) -> Format:
    def write(stream: BinaryIO) -> Mapping[str, int]:
        stream.write(b"half a")
        raise error

    return Format("broken", "a test", lambda _source: [Output("broken.txt", write)])


def held(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_every_format_is_in_the_help() -> None:
    told = " ".join(run("export", "--help").stdout.split()).replace("- ", "-")  # a line may end inside a name
    assert [name for name in FORMATS if name not in told] == []
    assert [name for name, one in FORMATS.items() if one.name != name or not one.meaning] == []


# ---------------------------------------------------------------------------- whole or not at all


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "No space left on device"), PermissionError(errno.EACCES, "Permission denied")]
)
def test_a_failure_in_the_second_file_leaves_the_first_as_it_was(
    error: OSError, source: Source, tmp_path: Path
) -> None:
    export(source, tmp_path, [plain("a", b"old")])
    before = held(tmp_path)
    with pytest.raises(ExportError) as caught:
        export(source, tmp_path, [plain("a", b"new"), broken(error)])
    assert str(tmp_path / "broken.txt") in str(caught.value)
    assert str(error.strerror) in str(caught.value)
    assert "Free space" in str(caught.value)
    assert held(tmp_path) == before


def test_an_interruption_leaves_nothing_behind(source: Source, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        export(source, tmp_path, [plain("a", b"new"), broken(KeyboardInterrupt())])
    assert held(tmp_path) == {}


def test_a_disk_that_is_full_at_the_last_moment_is_explained(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    told = run("export", "--format", "graphml", "--db", built, tmp_path)
    assert (told.exit_code, told.stdout) == (2, "")
    assert f"cannot write {tmp_path / 'evidence.graphml'}: No space left on device. Free space" in told.stderr
    assert held(tmp_path) == {}


@pytest.mark.parametrize("below", ["", "deeper"])
def test_a_file_where_the_folder_should_be_is_explained(below: str, built: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"a file")
    told = run("export", "--format", "graphml", "--db", built, tmp_path / "out" / below)
    assert (told.exit_code, told.stdout) == (2, "")
    assert f"cannot write {tmp_path / 'out'}" in told.stderr
    assert (tmp_path / "out").read_bytes() == b"a file"


@pytest.mark.parametrize("columns", ["id integer", "id integer, version, as_of, content_sha256"])
def test_a_store_of_another_version_or_without_a_build_is_explained(columns: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "old.db")) as db:
        db.execute(f"create table builds ({columns})")
        db.commit()
    told = run("export", "--format", "graphml", "--db", tmp_path / "old.db", tmp_path / "out")
    assert (told.exit_code, told.stdout) == (2, "")
    assert "make it again with: kb build" in told.stderr
    assert not (tmp_path / "out").exists()


# ---------------------------------------------------------------------------- what may be overwritten


def test_an_earlier_export_is_replaced(source: Source, tmp_path: Path) -> None:
    export(source, tmp_path, [plain("a", b"old")])
    export(source, tmp_path, [plain("a", b"new")])
    assert (tmp_path / "a.txt").read_bytes() == b"new"


def test_a_file_that_is_not_ours_is_refused_before_anything_is_written(source: Source, tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_bytes(b"my thesis")
    with pytest.raises(ExportError, match="not an export of ours") as caught:
        export(source, tmp_path, [plain("a", b"new"), plain("b", b"new")])
    assert str(tmp_path / "b.txt") in str(caught.value)
    assert "--force" in str(caught.value)
    assert held(tmp_path) == {"b.txt": b"my thesis"}
    export(source, tmp_path, [plain("a", b"new"), plain("b", b"new")], force=True)
    assert (tmp_path / "b.txt").read_bytes() == b"new"


def test_an_export_somebody_changed_is_refused(source: Source, tmp_path: Path) -> None:
    export(source, tmp_path, [plain("a", b"old")])
    (tmp_path / "a.txt").write_bytes(b"old, with my layout")
    with pytest.raises(ExportError, match="was changed since"):
        export(source, tmp_path, [plain("a", b"new")])
    assert (tmp_path / "a.txt").read_bytes() == b"old, with my layout"


def test_a_run_killed_before_its_manifest_can_be_repeated(source: Source, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"new")  # put in place by the run that was killed
    export(source, tmp_path, [plain("a", b"new")])
    assert (tmp_path / "manifest.json").exists()


@pytest.mark.parametrize(
    "content", [b'{"name": "my site"}', b"[]", b"", b"\xff\xfe", b'{"made_by": "nk-evidence-kb export"}']
)
def test_a_manifest_of_somebody_else_is_refused(content: bytes, source: Source, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(ExportError, match="not a manifest of ours"):
        export(source, tmp_path, [plain("a", b"new")])
    assert held(tmp_path) == {"manifest.json": content}
    export(source, tmp_path, [plain("a", b"new")], force=True)
    assert json.loads((tmp_path / "manifest.json").read_bytes())["files"][0]["file"] == "a.txt"


@pytest.mark.parametrize("name", ["a.txt", "manifest.json"])
def test_a_folder_in_the_way_is_refused_even_with_force(name: str, source: Source, tmp_path: Path) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(ExportError, match="is a folder"):
        export(source, tmp_path, [plain("a", b"new")], force=True)
    assert [path.name for path in tmp_path.iterdir()] == [name]


# ---------------------------------------------------------------------------- the manifest over time


def test_a_second_format_joins_the_manifest_and_says_of_which_build_each_is(source: Source, tmp_path: Path) -> None:
    export(source, tmp_path, [plain("a", b"one")])
    later = Source(source.db, "0.2.0", "2027-01-01", "d" * 64)
    export(later, tmp_path, [plain("b", b"two")])
    files = json.loads((tmp_path / "manifest.json").read_bytes())["files"]
    assert [(one["file"], one["as_of"]) for one in files] == [("a.txt", "2026-11-23"), ("b.txt", "2027-01-01")]
    (tmp_path / "a.txt").unlink()
    export(later, tmp_path, [plain("b", b"two")])
    assert [one["file"] for one in json.loads((tmp_path / "manifest.json").read_bytes())["files"]] == ["b.txt"]


def test_files_of_another_build_are_named(built: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        export(Source(db, "0", "2020-01-01", "c" * 64), tmp_path, [plain("a", b"one")])
    told = run("export", "--format", "node-link", "--db", built, tmp_path)
    assert told.exit_code == 0
    assert f"{tmp_path / 'a.txt'} is of another build (as of 2020-01-01)" in told.stderr
