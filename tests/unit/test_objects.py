"""Bytes are kept exactly, once, under their own fingerprint."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from ingest.errors import UnreadableError
from ingest.raw.objects import Objects


def test_bytes_come_back_as_they_went_in(tmp_path: Path) -> None:
    objects = Objects(tmp_path)
    data = bytes(range(256)) * 10
    name = objects.put(data)
    assert name == hashlib.sha256(data).hexdigest()
    assert objects.path(name).read_bytes() == data
    with objects.open(name) as handle:
        assert handle.read() == data


def test_the_same_bytes_are_stored_once_and_never_written_again(tmp_path: Path) -> None:
    objects = Objects(tmp_path)
    first = objects.path(objects.put(b"same"))
    before = first.stat()
    assert objects.put(b"same") == first.name
    assert first.stat().st_mtime_ns == before.st_mtime_ns
    assert first.stat().st_ino == before.st_ino
    assert list(objects.names()) == [first.name]


def test_an_object_cannot_be_written_by_accident(tmp_path: Path) -> None:
    objects = Objects(tmp_path)
    assert objects.path(objects.put(b"x")).stat().st_mode & 0o222 == 0


def test_a_file_goes_in_as_its_bytes(tmp_path: Path) -> None:
    objects = Objects(tmp_path / "objects")
    path = tmp_path / "file"
    path.write_bytes(b"file" * 1000)
    assert objects.put_file(path) == objects.put(b"file" * 1000)


@pytest.mark.parametrize("damage", [b"", b"other", b"same but longer"])
def test_a_damaged_object_is_named_and_mended_by_the_next_put(tmp_path: Path, damage: bytes) -> None:
    objects = Objects(tmp_path)
    name = objects.put(b"same")
    path = objects.path(name)
    path.chmod(0o644)
    path.write_bytes(damage)
    with pytest.raises(UnreadableError, match=f"{name} is damaged"):
        objects.open(name)
    assert objects.put(b"same") == name
    with objects.open(name) as handle:
        assert handle.read() == b"same"


def test_a_missing_object_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="missing from the raw store"):
        Objects(tmp_path).open("0" * 64)


def test_what_a_killed_run_left_is_swept_and_is_no_object(tmp_path: Path) -> None:
    objects = Objects(tmp_path)
    name = objects.put(b"whole")
    (objects.path(name).parent / ".new-half").write_bytes(b"ha")
    assert list(objects.names()) == [name]
    objects.sweep()
    assert [path.name for path in objects.path(name).parent.iterdir()] == [name]
