"""Packed bodies: whole ones come out as they went in, anything else is named."""

from __future__ import annotations

import gzip
import io
import os
import tracemalloc
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import UnreadableError
from ingest.parse.inflate import RATIO_FROM, inflated, opened

NOISE = os.urandom(300_000)


def cut(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


def unpacked(data: bytes, size: int = 1000, **bounds: int) -> bytes:
    return b"".join(inflated(cut(data, size), **bounds))


@given(st.lists(st.binary(max_size=3000), min_size=1, max_size=4), st.integers(1, 4000))
def test_what_was_packed_comes_out_however_it_is_cut(members: list[bytes], size: int) -> None:
    packed = b"".join(map(gzip.compress, members))
    assert unpacked(packed, size) == b"".join(members)
    assert opened(io.BytesIO(packed)).read() == b"".join(members)


@pytest.mark.parametrize("size", [1, 7, 100_000, 10_000_000])
def test_large_bodies_and_small_blocks(size: int) -> None:
    text = NOISE + bytes(500_000) + NOISE
    blocks = list(inflated(cut(gzip.compress(text), size)))
    assert b"".join(blocks) == text
    assert max(map(len, blocks)) <= 64 * 1024


def test_zeros_after_the_last_member_are_padding() -> None:
    assert unpacked(gzip.compress(b"one") + bytes(700), 10) == b"one"


@pytest.mark.parametrize("left", [1, 5, 11, 100, -9, -8, -1])
def test_a_body_that_is_cut_off_is_not_whole(left: int) -> None:
    with pytest.raises(UnreadableError, match="cut off after"):
        unpacked(gzip.compress(NOISE)[:left])


def test_a_second_member_that_is_cut_off() -> None:
    with pytest.raises(UnreadableError, match="cut off"):
        unpacked(gzip.compress(b"one") + gzip.compress(NOISE)[:500])


def test_nothing_at_all() -> None:
    with pytest.raises(UnreadableError, match="empty"):
        unpacked(b"")


@pytest.mark.parametrize(
    "data",
    [
        b"<html>blocked</html>",
        gzip.compress(b"one") + b"garbage",
        gzip.compress(NOISE)[:1000] + b"\0\1\2" * 30 + gzip.compress(NOISE)[1090:],
        gzip.compress(NOISE)[:-8] + bytes(8),
        zlib.compress(b"no gzip header"),
    ],
    ids=["no gzip", "garbage after", "damaged inside", "wrong checksum", "zlib"],
)
def test_a_corrupt_body_is_named(data: bytes) -> None:
    with pytest.raises(UnreadableError, match=r"corrupt within the first .* bytes"):
        unpacked(data)


def test_more_than_the_limit_is_a_bomb() -> None:
    packed = gzip.compress(NOISE)
    assert len(unpacked(packed, limit=len(NOISE))) == len(NOISE)
    with pytest.raises(UnreadableError, match="bomb"):
        unpacked(packed, limit=len(NOISE) - 1)
    with pytest.raises(UnreadableError, match="bomb"):
        unpacked(packed * 3, limit=2 * len(NOISE))


def test_an_absurd_ratio_is_a_bomb_long_before_the_limit() -> None:
    bomb = gzip.compress(bytes(50 * 1024**2))
    seen = 0
    with pytest.raises(UnreadableError, match="times as much"):
        for block in inflated([bomb[:1000], bomb[1000:]]):
            seen += len(block)
    assert seen <= 2 * RATIO_FROM
    assert len(unpacked(gzip.compress(bytes(RATIO_FROM)), 100_000)) == RATIO_FROM


def test_a_bomb_takes_no_memory() -> None:
    bomb = gzip.compress(bytes(200 * 1024**2), 1)
    tracemalloc.start()
    with pytest.raises(UnreadableError, match="bomb"):
        for _ in inflated([bomb], ratio=10_000, limit=100 * 1024**2):
            pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * 1024**2


class Pipe(io.RawIOBase):
    """A body that cannot be rewound and comes a byte at a time."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        return self._data.read(min(1, size) if size >= 0 else 1)


@pytest.mark.parametrize("data", [b"", b"\x1f", b"<", b"<a/>", NOISE[:5000]], ids=len)
def test_a_plain_body_passes_through(data: bytes) -> None:
    assert opened(io.BytesIO(data)).read() == data
    assert opened(Pipe(data)).read() == data  # type: ignore[arg-type]


def test_a_packed_body_is_recognised_by_its_first_bytes() -> None:
    assert opened(Pipe(gzip.compress(b"<a/>"))).read() == b"<a/>"  # type: ignore[arg-type]
    handle = opened(io.BytesIO(gzip.compress(NOISE)))
    assert handle.read(10) + handle.read(7) + handle.read() == NOISE


def test_the_limit_holds_for_plain_bodies_too() -> None:
    with pytest.raises(UnreadableError, match="more than 1,000 bytes"):
        opened(io.BytesIO(NOISE), limit=1000).read()
    with pytest.raises(UnreadableError, match="cut off"):
        opened(io.BytesIO(gzip.compress(NOISE)[:900])).read()
