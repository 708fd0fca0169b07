"""How an answer goes over the connection: whole, in chunks, packed, or broken on purpose."""

from __future__ import annotations

import gzip
import select
import socket
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler

from tests.doubles.exchange import Answer, Asked

CHUNK = 8_192


def send(handler: BaseHTTPRequestHandler, asked: Asked, answer: Answer, stopping: threading.Event) -> None:
    """Send one answer; a client that has gone is no error.

    Args:
        stopping: set when the double stops, so that nothing waits any longer.
    """
    try:
        _send(handler, asked, answer, stopping)
    except OSError:
        handler.close_connection = True


def _send(handler: BaseHTTPRequestHandler, asked: Asked, answer: Answer, stopping: threading.Event) -> None:
    if answer.wire == "hang":
        _hang(handler.connection, stopping)
        handler.close_connection = True
        return
    if answer.wire == "reset_before":
        _reset(handler)
        return
    body, packed = answer.body, False
    if answer.packed and body and asked.wants_gzip:
        body, packed = gzip.compress(body, 1, mtime=0), True
    chunked = answer.wire == "cut_chunked" or (
        answer.chunked and handler.request_version == "HTTP/1.1" and not answer.wire
    )
    _head(handler, answer, len(body), packed, chunked)
    if asked.method == "HEAD" or answer.status == 304:
        return
    if answer.wire:
        _broken(handler, answer, body, stopping)
    elif chunked:
        for start in range(0, len(body), CHUNK):
            _chunk(handler, body[start : start + CHUNK])
        handler.wfile.write(b"0\r\n\r\n")
    else:
        handler.wfile.write(body)


def _head(handler: BaseHTTPRequestHandler, answer: Answer, length: int, packed: bool, chunked: bool) -> None:
    handler.send_response(answer.status)
    handler.send_header("Content-Type", answer.type)
    for name, value in answer.headers:
        handler.send_header(name, value)
    if packed:
        handler.send_header("Content-Encoding", "gzip")
        handler.send_header("Vary", "Accept-Encoding")
    if chunked:
        handler.send_header("Transfer-Encoding", "chunked")
    elif answer.status != 304:
        handler.send_header("Content-Length", str(length))
    handler.end_headers()


def _chunk(handler: BaseHTTPRequestHandler, part: bytes) -> None:
    if part:
        handler.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")


def _broken(handler: BaseHTTPRequestHandler, answer: Answer, body: bytes, stopping: threading.Event) -> None:
    """Send the body so that something goes wrong on the way."""
    half = body[: len(body) // 2]
    if answer.wire == "drip":
        _drip(handler, body, answer.seconds, stopping)
    elif answer.wire == "cut_chunked":
        _chunk(handler, half)
        handler.close_connection = True
    elif answer.wire == "cut_mid_body":
        handler.wfile.write(half)
        handler.close_connection = True
    elif answer.wire == "reset_mid_body":
        handler.wfile.write(half)
        # A moment for the client to read the head: a reset throws away what it has not read yet.
        stopping.wait(0.02)
        _reset(handler)


def _drip(handler: BaseHTTPRequestHandler, body: bytes, seconds: float, stopping: threading.Event) -> None:
    start = time.monotonic()
    for place in range(len(body)):
        early = start + seconds * place / len(body) - time.monotonic()
        # Sleeping for less than a millisecond takes longer than that, so it is done in lumps.
        if early > 0.002 and stopping.wait(early):
            break
        handler.wfile.write(body[place : place + 1])


def _hang(connection: socket.socket, stopping: threading.Event) -> None:
    """Wait until the client gives up or the double stops."""
    while not stopping.is_set():
        readable, _, _ = select.select([connection], [], [], 0.02)
        if readable and not connection.recv(1, socket.MSG_PEEK):
            return


def _reset(handler: BaseHTTPRequestHandler) -> None:
    """Close with RST instead of FIN."""
    handler.close_connection = True
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    # The socket is closed for real only once nothing reads from it any more.
    handler.rfile.close()
    handler.connection.close()
