"""What a form of ``/check`` sends: read within limits and in memory only, before anything else sees it.

::

    request ─► size (413) ─► kind (415) ─► parts (400) ─► token and cookie there (403) ─► Datasette: is the token right?

Datasette's protection against forged requests reads bodies of any size and fails on those it cannot parse, so this
stands in front of it. Nothing is written to disk.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from python_multipart import FormParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import Field, File, parse_options_header

from kb.check.read import LARGEST

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Any, Send], Awaitable[None]]
Refuse = Callable[[Message, Send, "RefusedError"], Awaitable[None]]

PATH = "/check"
#: Key of the request under which the form is handed on.
FORM = "kb_form"
LIMIT_WORDS = f"{LARGEST // 1_000_000} MB"
#: The largest file, and the other fields beside it.
MOST_BYTES = LARGEST + 2_000_000
#: A body that is too large is read to its end up to here and thrown away: a browser whose sending is cut off shows
#: "connection reset" instead of our answer.
_DRAINED = 4 * MOST_BYTES
_MOST_PARTS = 40
_COOKIE = b"ds_csrftoken="


class RefusedError(Exception):
    """A request that is not read; the message is for the reader.

    Args:
        status: of the answer.
        heading: what the page says above the message.
        message: what is wrong and what to do.
    """

    def __init__(self, status: int, heading: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.heading = heading


@dataclass(frozen=True)
class Form:
    """What was sent.

    Attributes:
        fields: name → text; the last wins where a name comes twice.
        file: (name, bytes) of the file chosen, None without one.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    file: tuple[str, bytes] | None = None


def forms(app: App, refuse: Refuse) -> App:
    """Wrap a site so that a form sent to :data:`PATH` is read and handed on as ``scope[FORM]``.

    Args:
        app: the site.
        refuse: answers a request that is not read.
    """

    async def wrapped(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST" or scope["path"] != PATH:
            await app(scope, receive, send)
            return
        try:
            body = await _body(scope, receive)
            if body is None:
                return
            form = await asyncio.to_thread(_parsed, body, _boundary(scope))
            _token_is_there(scope, form)
        except RefusedError as refused:
            await refuse(scope, send, refused)
            return
        await app(_handed_on(scope, form), _read_already, _kindly(scope, send, refuse))

    return wrapped


async def _body(scope: Message, receive: Receive) -> bytes | None:
    """Return the body, None when the sender has gone.

    Raises:
        RefusedError: it is too large.
    """
    declared = _header(scope, b"content-length")
    announced = int(declared) if declared.isdigit() and len(declared) < 19 else 0
    parts: list[bytes] = []
    size = 0
    more = announced <= _DRAINED
    while more and size <= _DRAINED:
        message = await receive()
        if message["type"] != "http.request":
            return None
        chunk = message.get("body", b"")
        size += len(chunk)
        if max(size, announced) > MOST_BYTES:
            parts.clear()
        else:
            parts.append(chunk)
        more = message.get("more_body", False)
    if max(size, announced) > MOST_BYTES:
        raise RefusedError(
            413,
            "Too large",
            f"Files over {LIMIT_WORDS} are not checked. Save the page’s text alone, without pictures, or split it. "
            "Nothing of it was kept.",
        )
    return b"".join(parts)


def _boundary(scope: Message) -> bytes:
    kind, options = parse_options_header(_header(scope, b"content-type"))
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not boundary:
        raise RefusedError(415, "Not a form", "This address takes the form of its own page only (multipart/form-data).")
    return boundary


def _parsed(body: bytes, boundary: bytes) -> Form:
    """Return the form.

    Raises:
        RefusedError: it is damaged or has too many parts.
    """
    fields: dict[str, str] = {}
    files: list[tuple[str, bytes]] = []
    parts = 0

    def counted() -> None:
        nonlocal parts
        parts += 1
        if parts > _MOST_PARTS:
            raise FormParserError("too many parts")

    def on_field(one: Field) -> None:
        counted()
        fields[(one.field_name or b"").decode("utf-8", "replace")] = (one.value or b"").decode("utf-8", "replace")

    def on_file(one: File) -> None:
        counted()
        one.file_object.seek(0)
        data = one.file_object.read()
        # A browser sends a part without a name and without bytes where no file was chosen.
        if one.file_name or data:
            # Browsers write a quotation mark in a file's name as %22.
            files.append(((one.file_name or b"").decode("utf-8", "replace").replace("%22", '"'), data))

    try:
        parser = FormParser(
            "multipart/form-data",
            on_field,
            on_file,
            boundary=boundary,
            # Never a temporary file: the size is known to be small enough for memory.
            config={"MAX_MEMORY_FILE_SIZE": MOST_BYTES + 1, "UPLOAD_DIR": None},
        )
        parser.write(body)
        parser.finalize()
    except FormParserError:
        raise RefusedError(
            400, "Damaged on the way", "The form did not arrive as a browser sends it. Send it again."
        ) from None
    return Form(fields, files[0] if files else None)


def _token_is_there(scope: Message, form: Form) -> None:
    """Refuse what could not have come from our form; whether the token is right, Datasette tells.

    Datasette's protection lets requests without a cookie pass, and fails on tokens that are no ASCII.
    """
    token = form.fields.get("csrftoken", "")
    if _COOKIE not in _header(scope, b"cookie") or not token or not token.isascii():
        raise _forged()


def _forged() -> RefusedError:
    return RefusedError(
        403,
        "Not sent from this form",
        "The form was opened too long ago, before the site was started again, or without cookies. Go back, copy your "
        "text, open the form anew and send it again. Nothing was checked.",
    )


def _handed_on(scope: Message, form: Form) -> Message:
    """Return the request with the form, its token in the header that Datasette's protection looks at first.

    With a wrong token the protection turns to the body, and the versions about fail on multipart bodies (asgi-csrf 0.11
    with python-multipart 0.0.34). Without a content type it refuses instead. What would make it look away is taken out.
    """
    ours = (b"content-type", b"x-csrftoken", b"authorization")
    headers = [pair for pair in scope["headers"] if pair[0].lower() not in ours]
    token = form.fields["csrftoken"].encode("ascii")
    return {**scope, "headers": [*headers, (b"x-csrftoken", token)], FORM: form}


async def _read_already() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


def _kindly(scope: Message, send: Send, refuse: Refuse) -> Send:
    """Return a way to send in which Datasette's bare refusal of a wrong token becomes a page."""
    refused = False

    async def sent(event: Message) -> None:
        nonlocal refused
        if event["type"] == "http.response.start" and event["status"] == 403:
            refused = True
            await refuse(scope, send, _forged())
        elif not refused:
            await send(event)

    return sent


def _header(scope: Message, name: bytes) -> bytes:
    return next((bytes(value) for key, value in scope["headers"] if key.lower() == name), b"")
