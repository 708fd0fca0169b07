"""What each kind of fault does to an answer.

A function takes the rule, the request, the good answer and the way back to the service, and returns the disturbed
answer, or None where the fault makes no sense (a truncated gzip for a client that asked for none).
"""

from __future__ import annotations

import functools
import gzip
import random
import struct
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from email.utils import formatdate
from typing import Protocol

from tests.doubles.eutils import refuse
from tests.doubles.exchange import HTML, JSON, TEXT, XML, Answer, Asked, Page, dump

BLOCKED = (
    b"<!DOCTYPE html><html><head><title>Access blocked</title></head><body><h1>Your access has been blocked</h1>"
    b"<p>Please solve the captcha to show that you are human.</p></body></html>"
)
BOMB_MEGABYTES = 300


@dataclass(frozen=True)
class Rule:
    """When a fault happens.

    Attributes:
        kind: one of :data:`KINDS`.
        path_regex: searched in ``/path?name=value&…`` of the request; "" is every request.
        times: how often it fires at most (``permanent`` has no limit).
        after: how many requests of that path pass before it may fire, whether or not it would make sense there.
        probability: of firing, each time it may.
        record: for ``permanent``: answers that hold this record fail.
        seconds: ``busy_429_retry_after``: the wait asked for; ``drip``: how long the body takes.
        variant: one of the forms a kind has (``date`` or ``seconds``; ``html`` or ``octet``; ``header`` or
            ``bytes``; ``lost`` or ``cannot``); "" draws one.
    """

    kind: str
    path_regex: str = ""
    times: int = 1
    after: int = 0
    probability: float = 1.0
    record: str = ""
    seconds: float = 1.0
    variant: str = ""


class Way(Protocol):
    """The way back to the service, for faults that need it."""

    def again(self) -> Answer:
        """Answer the same request once more, undisturbed."""

    def expire(self) -> None:
        """Let the history server forget."""


@dataclass(frozen=True)
class Case:
    """Everything a fault may look at."""

    rule: Rule
    asked: Asked
    answer: Answer
    way: Way
    dice: random.Random

    def variant(self, *forms: str) -> str:
        return self.rule.variant or self.dice.choice(forms)

    @property
    def eutils(self) -> bool:
        return "/eutils/" in self.asked.path


Mischief = Callable[[Case], Answer | None]


# ---------------------------------------------------------------------------- other answers


def _busy(case: Case, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    body = dump({"error": "API rate limit exceeded", "api-key": "127.0.0.1", "count": "4", "limit": "3"})
    return Answer(429, body if case.eutils else b"Too Many Requests", JSON if case.eutils else TEXT, headers)


def _busy_with_wait(case: Case) -> Answer:
    wait = case.rule.seconds
    value = (
        str(round(wait))
        if case.variant("seconds", "date") == "seconds"
        else formatdate(time.time() + wait, usegmt=True)
    )
    return _busy(case, (("Retry-After", value),))


def _bad_gateway(_: Case) -> Answer:
    return Answer(502, b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>", HTML)


def _error_body(case: Case) -> Answer | None:
    if case.eutils:
        fetch = "Error: External viewer error: Empty Response. Bytes read: 0 Status: Timeout"
        search = "Search Backend failed: Unable to open connection to #PMQuerySrv?dbaf=pubmed"
        return refuse(case.asked, fetch if "efetch" in case.asked.path else search, 200)
    # Europe PMC answers now and then with its version and nothing else.
    return Answer(body=dump({"version": "6.9"}), type=JSON) if "/europepmc/" in case.asked.path else None


def _redirect(target: str) -> Mischief:
    def redirect(case: Case) -> Answer:
        base = case.asked.base
        # "localhost" is another host than 127.0.0.1, and still this machine.
        place = base.replace("127.0.0.1", "localhost") + "/elsewhere" if target == "elsewhere" else f"{base}/loop/1"
        return Answer(302, b"", HTML, (("Location", place),))

    return redirect


def _permanent(case: Case) -> Answer | None:
    page = case.answer.page
    holds = page is not None and page.full and case.rule.record in page.ids
    return Answer(500, b"Internal Server Error", TEXT) if holds else None


def _expired(case: Case) -> Answer | None:
    if not case.asked.get("WebEnv"):
        return None
    case.way.expire()
    if case.variant("lost", "cannot") == "lost" or "efetch" not in case.asked.path:
        return case.way.again()
    key, webenv = case.asked.get("query_key", "1"), case.asked.get("WebEnv")
    text = (
        f"Cannot retrieve history data. query_key: {key}, WebEnv: {webenv}, retstart: {case.asked.get('retstart', '0')}"
    )
    return refuse(case.asked, text, 400)


# ---------------------------------------------------------------------------- the same answer, spoilt


def _body(change: Callable[[Case, bytes], bytes | None], *kinds: str) -> Mischief:
    """A fault that changes the body of a good answer of these types (any type, where none is given)."""

    def spoil(case: Case) -> Answer | None:
        answer = case.answer
        if answer.status != 200 or not answer.body or (kinds and answer.type not in kinds):
            return None
        body = change(case, answer.body)
        return None if body is None else replace(answer, body=body)

    return spoil


def _truncated_xml(_: Case, body: bytes) -> bytes | None:
    return body[: len(body) * 3 // 5]


def _control_characters(_: Case, body: bytes) -> bytes | None:
    spoilt = body.replace(b'":"', b'":"\n\x0b', 1)
    return spoilt if spoilt != body else None


def _wrong_type(case: Case) -> Answer | None:
    if case.answer.status != 200 or case.answer.type not in (XML, JSON):
        return None
    return replace(case.answer, type=HTML if case.variant("html", "octet") == "html" else "application/octet-stream")


def _wrong_charset(case: Case) -> Answer | None:
    """``header``: UTF-8 that is called ISO-8859-1. ``bytes``: ISO-8859-1 that is called UTF-8."""
    answer = case.answer
    if answer.status != 200 or answer.type not in (XML, JSON) or answer.body.isascii():
        return None
    name = answer.type.partition(";")[0]
    if case.variant("header", "bytes") == "header":
        return replace(answer, type=f"{name}; charset=ISO-8859-1")
    body = answer.body.decode("utf-8").encode("iso-8859-1", "replace")
    return None if body.isascii() else replace(answer, body=body, type=f"{name}; charset=UTF-8")


def _gzip(change: Callable[[bytes], bytes]) -> Mischief:
    def spoil(case: Case) -> Answer | None:
        answer = case.answer
        if not (case.asked.wants_gzip and answer.packed and answer.status == 200 and len(answer.body) > 64):
            return None
        body = change(answer.body)
        return replace(
            answer, body=body, packed=False, chunked=False, headers=(*answer.headers, ("Content-Encoding", "gzip"))
        )

    return spoil


def _cut_gzip(body: bytes) -> bytes:
    packed = gzip.compress(body, mtime=0)
    return packed[: len(packed) // 2]


def _corrupt_gzip(body: bytes) -> bytes:
    packed = gzip.compress(body, mtime=0)
    middle = len(packed) // 2
    return packed[:middle] + bytes(byte ^ 0xFF for byte in packed[middle : middle + 8]) + packed[middle + 8 :]


@functools.cache
def bomb(megabytes: int = BOMB_MEGABYTES) -> bytes:
    """Return a gzip body that inflates to so many megabytes of spaces inside one element; made in a moment.

    One flushed block of a megabyte is written again and again, so only the checksum costs time.
    """
    pack = zlib.compressobj(9, zlib.DEFLATED, -15)
    head, tail, block = b'<?xml version="1.0" ?>\n<PubmedArticleSet>', b"</PubmedArticleSet>", b" " * 1_000_000
    parts = [pack.compress(head) + pack.flush(zlib.Z_FULL_FLUSH)]
    packed = pack.compress(block) + pack.flush(zlib.Z_FULL_FLUSH)
    checksum = zlib.crc32(head)
    for _ in range(megabytes):
        checksum = zlib.crc32(block, checksum)
    parts += [packed] * megabytes + [pack.compress(tail) + pack.flush()]
    size = len(head) + len(block) * megabytes + len(tail)
    end = struct.pack("<II", zlib.crc32(tail, checksum), size & 0xFFFFFFFF)
    return b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff" + b"".join(parts) + end


# ---------------------------------------------------------------------------- other records, totals and tokens


def _page(change: Callable[[Case, Page], Page | None]) -> Mischief:
    """A fault that changes which records are in an answer; the body is made anew."""

    def spoil(case: Case) -> Answer | None:
        answer = case.answer
        page = change(case, answer.page) if answer.page and answer.make else None
        if page is None or answer.make is None:
            return None
        headers = tuple(
            ("x-next-page-token", page.next) if name == "x-next-page-token" else (name, value)
            for name, value in answer.headers
        )
        return replace(answer, body=answer.make(page), page=page, headers=headers)

    return spoil


def _missing(case: Case, page: Page) -> Page | None:
    if not (page.by_number and page.full and len(page.ids) > 1):
        return None
    lost = set(case.dice.sample(page.ids, max(1, len(page.ids) // 4)))
    return replace(page, ids=tuple(record for record in page.ids if record not in lost))


def _foreign(_: Case, page: Page) -> Page | None:
    return replace(page, ids=(page.stranger, *page.ids)) if page.by_number and page.full and page.stranger else None


def _changed_total(case: Case, page: Page) -> Page | None:
    return replace(page, total=max(0, page.total + case.dice.choice((-1, 2, 5)))) if page.total > 0 else None


def _same_token(_: Case, page: Page) -> Page | None:
    return replace(page, next=page.token) if page.marked and page.token and page.next else None


def _dangling_token(_: Case, page: Page) -> Page | None:
    return replace(page, next=page.end) if page.marked and not page.next and page.ids else None


def _twice(_: Case, page: Page) -> Page | None:
    return replace(page, ids=(page.before, *page.ids)) if page.before and page.ids else None


def _skipped(_: Case, page: Page) -> Page | None:
    return replace(page, ids=page.ids[1:]) if page.before and page.ids else None


def _wire(case: Case) -> Answer | None:
    """A fault of the connection: the server does it while it sends."""
    needs_body = case.rule.kind not in ("hang", "reset_before")
    if needs_body and (case.answer.status != 200 or len(case.answer.body) < 2):
        return None
    return replace(case.answer, wire=case.rule.kind, seconds=case.rule.seconds)


KINDS: Mapping[str, Mischief] = {
    "busy_429": _busy,
    "busy_429_retry_after": _busy_with_wait,
    "server_500": lambda _: Answer(500, b"Internal Server Error", TEXT),
    "server_502_html": _bad_gateway,
    "block_page_200": lambda _: Answer(200, BLOCKED, HTML),
    "error_body_200": _error_body,
    "empty_200": lambda case: replace(case.answer, body=b"") if case.answer.status == 200 else None,
    "redirect_loop": _redirect("loop"),
    "redirect_elsewhere": _redirect("elsewhere"),
    "permanent": _permanent,
    "expired_history": _expired,
    "wrong_type": _wrong_type,
    "wrong_charset": _wrong_charset,
    "truncated_xml": _body(_truncated_xml, XML),
    "json_control_chars": _body(_control_characters, JSON),
    "truncated_gzip": _gzip(_cut_gzip),
    "corrupt_gzip": _gzip(_corrupt_gzip),
    "zip_bomb": _gzip(lambda _: bomb()),
    "missing_records": _page(_missing),
    "foreign_records": _page(_foreign),
    "changed_total": _page(_changed_total),
    "duplicate_token": _page(_same_token),
    "dangling_token": _page(_dangling_token),
    "duplicated_across_pages": _page(_twice),
    "missing_across_pages": _page(_skipped),
    "hang": _wire,
    "drip": _wire,
    "reset_before": _wire,
    "reset_mid_body": _wire,
    "cut_mid_body": _wire,
    "cut_chunked": _wire,
}
#: Faults that pass when asked again often enough.
TRANSIENT = tuple(kind for kind in KINDS if kind != "permanent")
