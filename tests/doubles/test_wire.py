"""Faults of the connection and of its compression, seen from a bare socket where a client would hide them."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
import zlib

import httpx
import pytest

from tests.doubles.asking import WANTED, Ask, asking, ncts, one, quick
from tests.doubles.faults import Rule
from tests.doubles.mischief import bomb

# ---------------------------------------------------------------------------- gzip


def test_a_truncated_gzip_has_the_right_length_and_no_end() -> None:
    with one("truncated_gzip") as ask, ask.client.stream("GET", f"{ask.double.ctgov}/studies") as answer:
        raw = b"".join(answer.iter_raw())
        assert int(answer.headers["content-length"]) == len(raw)
        with pytest.raises(EOFError):
            gzip.decompress(raw)


def test_a_corrupt_gzip_cannot_be_unpacked() -> None:
    with one("corrupt_gzip") as ask, ask.client.stream("GET", f"{ask.double.ctgov}/studies") as answer:
        raw = b"".join(answer.iter_raw())
        with pytest.raises((zlib.error, gzip.BadGzipFile)):
            gzip.decompress(raw)


def test_a_bomb_is_small_on_the_wire_and_huge_inside() -> None:
    with one("zip_bomb") as ask, ask.client.stream("GET", f"{ask.double.ctgov}/studies") as answer:
        raw = b"".join(answer.iter_raw())
    assert len(raw) < 1_000_000
    unpack, size = zlib.decompressobj(31), 0
    data = raw
    while data and size < 250_000_000:
        size += len(unpack.decompress(data, 20_000_000))
        data = unpack.unconsumed_tail
    assert size >= 250_000_000
    assert (
        gzip.decompress(bomb(2))
        == b'<?xml version="1.0" ?>\n<PubmedArticleSet>' + b" " * 2_000_000 + b"</PubmedArticleSet>"
    )


def test_faults_of_gzip_spare_a_client_that_asked_for_none() -> None:
    with asking(Rule("truncated_gzip"), Rule("corrupt_gzip"), Rule("zip_bomb")) as ask:
        plain = ask.client.get(f"{ask.double.ctgov}/studies", headers={"Accept-Encoding": "identity"})
        assert len(ncts(plain)) == 10
        assert ask.double.faults.fired == [0, 0, 0]


# ---------------------------------------------------------------------------- the connection


def test_a_hanging_answer_never_comes() -> None:
    with one("hang", timeout=0.2) as ask:
        with pytest.raises(httpx.ReadTimeout):
            ask.fetch(*WANTED)
        ask.client.close()
        late = time.monotonic() + 3
        while ask.double.busy and time.monotonic() < late:
            time.sleep(0.01)
        assert ask.double.busy == 0  # the double noticed that the client gave up
        ask.client = quick()
    ask.client.close()


def test_a_hanging_answer_does_not_keep_the_double_from_stopping() -> None:
    failed: list[Exception] = []

    def wait(ask: Ask) -> None:
        try:
            ask.fetch(*WANTED)
        except httpx.HTTPError as error:
            failed.append(error)

    with asking(Rule("hang")) as ask:
        waiting = threading.Thread(target=wait, args=(ask,))
        waiting.start()
        while not ask.double.seen:
            time.sleep(0.005)
        start = time.monotonic()
        ask.double.stop()
        assert time.monotonic() - start < 2
        waiting.join(5)
    assert len(failed) == 1


def read_raw(ask: Ask, headers: str = "Connection: close\r\n") -> tuple[bytes, list[int]]:
    """Ask by a bare socket; return everything that came, and the sizes of the pieces it came in."""
    address = httpx.URL(ask.double.url)
    with socket.create_connection((address.host, address.port or 0), timeout=5) as connection:
        connection.sendall(f"GET /api/v2/studies HTTP/1.1\r\nHost: x\r\n{headers}\r\n".encode())
        got, sizes = b"", []
        while piece := connection.recv(65_536):
            got += piece
            sizes.append(len(piece))
        return got, sizes


def test_a_drip_comes_whole_byte_by_byte_and_slowly() -> None:
    with one("drip", seconds=0.3) as ask:
        start = time.monotonic()
        got, sizes = read_raw(ask)
        assert time.monotonic() - start > 0.25
        assert len(sizes) > 20
        head, _, body = got.partition(b"\r\n\r\n")
        assert f"Content-Length: {len(body)}".encode() in head
        assert len(json.loads(body)["studies"]) == 10


def test_a_reset_before_the_answer() -> None:
    with one("reset_before") as ask, pytest.raises(ConnectionResetError):
        read_raw(ask)
    with one("reset_before") as ask, pytest.raises(httpx.ReadError):
        ask.fetch(*WANTED)


def test_a_reset_in_the_middle_of_the_body() -> None:
    with one("reset_mid_body") as ask, ask.client.stream("GET", f"{ask.double.ctgov}/studies") as answer:
        assert answer.status_code == 200
        with pytest.raises(httpx.ReadError):
            answer.read()


def test_a_body_that_ends_before_its_length() -> None:
    with one("cut_mid_body") as ask:
        got, _ = read_raw(ask)
        head, _, body = got.partition(b"\r\n\r\n")
        length = int(head.partition(b"Content-Length: ")[2].split()[0])
        assert 0 < len(body) < length
    with one("cut_mid_body") as ask, pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
        ask.fetch(*WANTED)


def test_a_chunked_body_without_its_last_chunk() -> None:
    with one("cut_chunked") as ask:
        got, _ = read_raw(ask)
        assert b"Transfer-Encoding: chunked" in got
        assert not got.endswith(b"0\r\n\r\n")
    with one("cut_chunked") as ask, pytest.raises(httpx.RemoteProtocolError):
        ask.fetch(*WANTED)
