"""Bounded gunzip: a small file cannot become a large one behind our back.

Compressed bodies come from outside. What comes out is counted, whatever their headers say, and never
more than one small block of it is held.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, BinaryIO

from ingest.errors import UnreadableError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

#: A file of PubMed's baseline inflates to some 0.4 GiB at most; five times that is no such file.
LIMIT = 2 * 1024**3
#: Real records shrink to a tenth, heavily indented ones to a fiftieth; gzip can reach a thousandth.
RATIO = 200
#: Below this much output a ratio says nothing: an indented empty set shrinks well and is small anyway.
RATIO_FROM = 1024**2

MAGIC = b"\x1f\x8b"
_BLOCK = 64 * 1024
_GZIP_ONLY = 31  # in zlib's words: the largest window, and a gzip header around it


def inflated(chunks: Iterable[bytes], *, limit: int = LIMIT, ratio: int = RATIO) -> Iterator[bytes]:
    """Unpack gzip data of one or several members (RFC 1952, 2.2).

    Args:
        chunks: the compressed bytes, cut anywhere.
        limit: most bytes that may come out.
        ratio: most bytes out for each byte in, once :data:`RATIO_FROM` bytes came out.

    Yields:
        Unpacked bytes, at most 64 KiB at a time.

    Raises:
        UnreadableError: empty, cut off, corrupt, or more than allowed; the message says which.
    """
    member = zlib.decompressobj(_GZIP_ONLY)
    came_in = came_out = 0
    between = False  # a member has ended and nothing of another was seen
    for rest in _small(chunks):
        came_in += len(rest)
        while rest:
            if between:
                # Tape and some writers pad the last member with zeros.
                rest = rest.lstrip(b"\0")
                if not rest:
                    break
                member, between = zlib.decompressobj(_GZIP_ONLY), False
            try:
                block = member.decompress(rest, _BLOCK)
            except zlib.error as error:
                raise UnreadableError(
                    f"gzip data: corrupt within the first {came_in:,} bytes ({error}); fetch it again"
                ) from None
            came_out += len(block)
            between = member.eof
            rest = member.unused_data if between else member.unconsumed_tail
            _bound(came_in - len(rest), came_out, limit, ratio)
            if block:
                yield block
    if not came_in:
        raise UnreadableError("gzip data: nothing there, the body is empty; fetch it again")
    if not between:
        raise UnreadableError(f"gzip data: cut off after {came_in:,} bytes; fetch it again")


def opened(handle: BinaryIO, *, limit: int = LIMIT, ratio: int = RATIO) -> BinaryIO:
    """Read a body that may be packed with gzip.

    Args:
        handle: the body, at its beginning; it need not be seekable and is not closed.
        limit: most bytes that may come out, packed or not.
        ratio: as for :func:`inflated`.

    Returns:
        The plain bytes, as a readable file. Reading raises :class:`~ingest.errors.UnreadableError` as
        :func:`inflated` does.
    """
    first = handle.read(len(MAGIC))
    while first and len(first) < len(MAGIC) and (more := handle.read(1)):
        first += more
    chunks = _chunks(first, handle)
    plain = inflated(chunks, limit=limit, ratio=ratio) if first == MAGIC else _counted(chunks, limit)
    return io.BufferedReader(_Reader(plain), _BLOCK)


def _small(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Cut long chunks up, since zlib copies what it has not used yet."""
    for chunk in chunks:
        for start in range(0, len(chunk), _BLOCK):
            yield chunk[start : start + _BLOCK]


def _chunks(first: bytes, handle: BinaryIO) -> Iterator[bytes]:
    if first:
        yield first
    while chunk := handle.read(_BLOCK):
        yield chunk


def _counted(chunks: Iterable[bytes], limit: int) -> Iterator[bytes]:
    came_out = 0
    for chunk in chunks:
        came_out += len(chunk)
        if came_out > limit:
            raise UnreadableError(f"the body holds more than {limit:,} bytes; no file of this source is so large")
        yield chunk


def _bound(came_in: int, came_out: int, limit: int, ratio: int) -> None:
    if came_out > limit:
        raise UnreadableError(
            f"gzip bomb: {came_in:,} bytes unpack to more than {limit:,}; no file of this source is so large"
        )
    if came_out > RATIO_FROM and came_out > ratio * came_in:
        raise UnreadableError(
            f"gzip bomb: {came_in:,} bytes unpack to {came_out:,} and more, over {ratio} times as much"
        )


class _Reader(io.RawIOBase):
    """An iterator of bytes as a file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = chunk
        part = self._rest[: len(view)]
        view[: len(part)] = part
        self._rest = self._rest[len(part) :]
        return len(part)
