"""What passes between the server, the services and the faults: a request, an answer, a page of records."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

XML = "text/xml; charset=UTF-8"
JSON = "application/json"
TEXT = "text/plain; charset=UTF-8"
HTML = "text/html; charset=UTF-8"
CSV = "text/csv; charset=UTF-8"


@dataclass(frozen=True)
class Asked:
    """One request.

    Attributes:
        params: of the query string and of a posted form, the last value of each.
        headers: lower-case names.
        base: address of the double.
    """

    method: str
    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    base: str

    @property
    def wants_gzip(self) -> bool:
        return "gzip" in self.headers.get("accept-encoding", "")

    def get(self, name: str, default: str = "") -> str:
        """Return a parameter, the default where it is absent or empty."""
        return self.params.get(name) or default


@dataclass(frozen=True)
class Page:
    """The records in an answer, so that a fault can change which they are.

    Attributes:
        ids: records in the answer, in order.
        total: how many the answer says there are; -1 where it says nothing.
        before: the record just before this page, "" on the first page.
        token, next: token (or cursor) that was asked with, and the one given for the next page.
        end: token that would lead past the last record.
        by_number: the records were asked for one by one.
        full: the answer holds the records, not only their numbers.
        stranger: a record of the same service that nobody asked for, "" where there is none.
        marked: the service pages by tokens.
    """

    ids: tuple[str, ...]
    total: int = -1
    before: str = ""
    token: str = ""
    next: str = ""
    end: str = ""
    by_number: bool = False
    full: bool = False
    stranger: str = ""
    marked: bool = False


@dataclass(frozen=True)
class Answer:
    """One answer, before it is packed for the wire.

    Attributes:
        headers: besides the usual ones.
        chunked: send with chunked transfer encoding.
        packed: may be sent with gzip content encoding.
        page: the records in it, None where it holds none; ``make`` writes the body anew for another page.
        wire: name of a fault of the connection, "" for none; ``seconds`` belongs to it.
        fault: name of the fault that changed it.
    """

    status: int = 200
    body: bytes = b""
    type: str = XML
    headers: tuple[tuple[str, str], ...] = ()
    chunked: bool = False
    packed: bool = True
    page: Page | None = None
    make: Callable[[Page], bytes] | None = field(default=None, compare=False)
    wire: str = ""
    seconds: float = 0.0
    fault: str = ""


def paged(page: Page, make: Callable[[Page], bytes], kind: str, **more: Any) -> Answer:
    """Return an answer that can be made again for another page."""
    return Answer(body=make(page), type=kind, page=page, make=make, **more)


def dump(value: object) -> bytes:
    """Return JSON as the services send it: UTF-8, no needless spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def stranger(ids: tuple[str, ...], everybody: tuple[str, ...]) -> str:
    """Return a record that is not among these, "" where all are."""
    known = set(ids)
    return next((record for record in everybody if record not in known), "")
