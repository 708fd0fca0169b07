"""CSV downloads in which the text of others cannot start a formula.

A cell that a spreadsheet would run (:mod:`kb.formulas`) gets an apostrophe in front, which spreadsheets show as
text; every other byte stays as it is. The JSON of the same page is never changed.

Datasette writes CSV for the tables, views and questions of every database itself and has no hook for it, so this is
a filter around the whole site.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from kb.formulas import BLANK, START, dangerous

Message = dict[str, Any]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Any, Send], Awaitable[None]]

#: Bytes of a cell's beginning that are kept back until it is clear what the cell is; a longer number is text.
HEAD = 64
_ALL_BLANK = re.compile(BLANK)
#: First bytes that may be the beginning of any of these.
_DOUBTFUL = frozenset(b"=+-@\t\r\n \x00\xc2\xef")
#: A chunk without this, without quotes, from the start of one row to the end of another: nothing to do.
_ANY_DOUBTFUL = re.compile(rb"(?:\A|[,\r\n])[=+\-@\t \x00\xc2\xef]")
_END_BARE = re.compile(rb"[,\r\n]")

_CELL, _BARE, _QUOTED, _QUOTE_SEEN = range(4)


class Guard:
    """Makes a CSV stream safe, whatever way it is cut into chunks; keeps back at most the head of one cell."""

    def __init__(self) -> None:
        self._state = _CELL
        self._held = b""

    def feed(self, chunk: bytes) -> bytes:
        """Return what can be sent on after the next bytes of the stream."""
        return self._work(chunk, last=False)

    def finish(self) -> bytes:
        """Return what was kept back at the end of the stream."""
        return self._work(b"", last=True)

    def _work(self, chunk: bytes, *, last: bool) -> bytes:
        data = self._held + chunk
        self._held = b""
        row = self._state == _CELL and data.endswith(b"\n") and b'"' not in data
        if row and not _ANY_DOUBTFUL.search(data):
            return data
        out: list[bytes] = []
        at = 0
        while at < len(data):
            if self._state == _CELL:
                start = self._head(data, at, last, out)
                if start < 0:
                    self._held = data[at:]
                    break
            else:
                start = self._body(data, at)
                out.append(data[at:start])
            at = start
        return b"".join(out)

    def _head(self, data: bytes, at: int, last: bool, out: list[bytes]) -> int:
        """Pass the beginning of a cell on; return where it ends, -1 when more must be seen first."""
        quoted = data[at] == 0x22
        start = at + quoted
        if start == len(data) and not last:
            return -1
        if start < len(data) and data[start] in _DOUBTFUL and (quoted or data[start] not in b"\r\n"):
            text = _whole(data, start, quoted, last)
            if text is None and len(data) - start <= HEAD:
                return -1
            if _dangerous_head(data[start : start + HEAD]) if text is None or len(text) >= HEAD else dangerous(text):
                out.append(data[at:start] + b"'")
                at = start
        out.append(data[at:start])
        self._state = _QUOTED if quoted else _BARE
        return start

    def _body(self, data: bytes, at: int) -> int:
        """Return the end of what goes on unchanged."""
        if self._state == _QUOTE_SEEN:  # a second quote stands for one in the text; anything else ends it
            self._state = _QUOTED if data[at] == 0x22 else _BARE
            return at + 1 if data[at] == 0x22 else at
        if self._state == _QUOTED:
            end = data.find(b'"', at)
            self._state = _QUOTED if end < 0 else _QUOTE_SEEN
            return len(data) if end < 0 else end + 1
        found = _END_BARE.search(data, at)
        self._state = _CELL if found else _BARE
        return found.end() if found else len(data)


def _whole(data: bytes, start: int, quoted: bool, last: bool) -> bytes | None:
    """Return a cell's text up to its end, or up to a quote in it; None when the end has not come yet."""
    if not quoted:
        found = _END_BARE.search(data, start)
        return data[start : found.start()] if found else data[start:] if last else None
    end = data.find(b'"', start)
    if end < 0 or (end + 1 == len(data) and not last):
        return data[start:] if last else None
    return data[start : end + 1] if data[end + 1 : end + 2] == b'"' else data[start:end]


def _dangerous_head(head: bytes) -> bool:
    """Judge a cell longer than :data:`HEAD` by its beginning; a number of that length is text."""
    blank = _ALL_BLANK.match(head)
    return bool(START.match(head)) or (blank is not None and blank.end() > HEAD - 4)


def csv_safe(app: App) -> App:
    """Wrap a site so that every CSV answer goes through a :class:`Guard`."""

    async def wrapped(scope: Message, receive: Any, send: Send) -> None:
        if scope["type"] != "http" or not _asks_for_csv(scope):
            await app(scope, receive, send)
            return
        guard: Guard | None = None

        async def guarded(event: Message) -> None:
            nonlocal guard
            if event["type"] == "http.response.start" and _is_csv(event):
                guard = Guard()
                # The length is another one now.
                kept = [pair for pair in event.get("headers", []) if pair[0].lower() != b"content-length"]
                event = {**event, "headers": kept}
            elif event["type"] == "http.response.body" and guard is not None:
                body = guard.feed(event.get("body", b""))
                if not event.get("more_body", False):
                    body += guard.finish()
                event = {**event, "body": body}
            await send(event)

        # Compressed bytes could not be read; whoever compresses does it outside of this.
        headers = [pair for pair in scope.get("headers", []) if pair[0].lower() != b"accept-encoding"]
        await app({**scope, "headers": headers}, receive, guarded)

    return wrapped


def _asks_for_csv(scope: Message) -> bool:
    raw = (scope.get("raw_path") or b"").partition(b"?")[0]
    return scope.get("path", "").endswith(".csv") or raw.endswith(b".csv")


def _is_csv(event: Message) -> bool:
    """Tell CSV, which Datasette sends as plain text to a browser, from error pages and redirects."""
    kinds = [
        value.partition(b";")[0].strip() for name, value in event.get("headers", []) if name.lower() == b"content-type"
    ]
    return any(kind in (b"text/csv", b"text/plain") for kind in kinds)
