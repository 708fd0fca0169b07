"""Polite HTTP: paced, retried with back-off, bounded in size and time, and never fooled by half an answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self
from urllib.parse import quote, quote_plus, urlencode, urlsplit, urlunsplit

import httpx
import tenacity

from ingest.errors import (
    BusyError,
    IngestError,
    NotReachedError,
    RefusedError,
    ServiceClosedError,
    TransientError,
    UnreadableError,
    WrongBodyError,
)
from ingest.pacer import Pacer
from ingest.parse.inflate import inflated
from ingest.source import Body
from kb import __version__

#: Says who asks; services ask for a name to write to before they block.
AGENT = f"nk-evidence-kb/{__version__}"
#: Parameters that must not be written down: the user's key and address, and session tokens, which mean nothing later.
UNSAID = frozenset({"api_key", "email", "WebEnv"})
#: Answers that pass: too many requests, time-outs, and the service's own troubles.
_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
_MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to go on.

    Attributes:
        tries: requests for one answer, the first included.
        first, longest: back-off in seconds: a random wait up to ``first``, then twice that, at most ``longest``.
        honoured: longest ``Retry-After`` in seconds that is waited for; a longer one ends the run with a message.
        connect, read: seconds without any sign of life.
        whole: seconds one answer may take altogether, so that a dripping one ends.
        limit: bytes of one answer, inflated.
    """

    tries: int = 8
    first: float = 1.0
    longest: float = 90.0
    honoured: float = 900.0
    connect: float = 15.0
    read: float = 60.0
    whole: float = 900.0
    limit: int = 512 * _MEBIBYTE


class StoppedError(IngestError):
    """The user stopped the run; what was fetched is kept."""


class Http:
    """The :class:`~ingest.source.Ask` of the real world.

    Args:
        pacer: shared by all requests to this service.
        says: parameters sent with every request (tool, email, api_key).
        patience: how long to go on.
        stopping: set from outside to end every wait.
        note: receives a line about each failed try.
    """

    def __init__(
        self,
        pacer: Pacer,
        says: Mapping[str, str] | None = None,
        patience: Patience | None = None,
        stopping: threading.Event | None = None,
        note: Callable[[str], None] = lambda line: None,
    ) -> None:
        self.pacer = pacer
        self._says = dict(says or {})
        self._patience = patience or Patience()
        self._stopping = stopping or threading.Event()
        self._note = note
        self._lock = threading.Lock()
        self._client = httpx.Client(
            headers={"User-Agent": AGENT, "Accept-Encoding": "gzip"},
            timeout=httpx.Timeout(self._patience.read, connect=self._patience.connect),
            follow_redirects=False,
        )
        self.requests = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._client.close()

    def __call__(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        *,
        post: bool = False,
        check: Callable[[Body], None] | None = None,
        accept: tuple[int, ...] = (200,),
        headers: Mapping[str, str] | None = None,
    ) -> Body:
        """Return the answer; see :class:`~ingest.source.Ask`.

        Raises:
            StoppedError: the user stopped the run.
            TransientError: still failing after every try.
            RefusedError: the service will not answer this.
        """
        sent = {**(params or {}), **self._says}
        shown = _shown(url, sent)
        tries = 0

        def once() -> Body:
            nonlocal tries
            tries += 1
            self._wait(0)
            self.pacer.wait()
            self._wait(0)
            try:
                body = self._once(url, sent, post, accept, headers or {}, shown)
                answer = Body(body.data, body.url, body.status, body.content_type, body.headers, tries)
                if check is not None:
                    check(answer)
            except IngestError as error:
                error.args = tuple(_hushed(str(part), sent) for part in error.args)
                raise
            return answer

        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(TransientError),
            stop=tenacity.stop_after_attempt(self._patience.tries),
            wait=self._back_off,
            sleep=self._wait,
            before_sleep=self._noted,
            reraise=True,
        )
        try:
            return retrying(once)
        except TransientError as error:
            raise type(error)(f"{error} (after {tries} tries)") from error

    # ------------------------------------------------------------------ one request

    def _once(
        self,
        url: str,
        sent: Mapping[str, str],
        post: bool,
        accept: tuple[int, ...],
        headers: Mapping[str, str],
        shown: str,
    ) -> Body:
        with self._lock:
            self.requests += 1
        kind = {"data": sent} if post else {"params": sent}
        try:
            with self._client.stream("POST" if post else "GET", url, headers=headers, **kind) as response:  # type: ignore[arg-type]
                data = self._read(response, shown)
        except httpx.HTTPError as error:
            raise NotReachedError(f"{shown}: {type(error).__name__}: {error or 'no answer'}") from error
        except (httpx.InvalidURL, UnicodeError) as error:
            raise RefusedError(f"{shown}: not an address that can be asked: {error}") from error
        body = Body(
            data,
            shown,
            response.status_code,
            response.headers.get("content-type", ""),
            {name.lower(): value for name, value in response.headers.items()},
        )
        if body.status in accept:
            return body
        raise _status_error(body, _hushed(body.data[:4096].decode("utf-8", "replace"), sent))

    def _read(self, response: httpx.Response, shown: str) -> bytes:
        """Read and inflate a body within its bounds."""
        limit, deadline = self._patience.limit, time.monotonic() + self._patience.whole
        received = 0

        def chunks() -> Iterator[bytes]:
            nonlocal received
            for chunk in response.iter_raw():
                received += len(chunk)
                if received > limit:
                    raise WrongBodyError(f"{shown}: more than {limit // _MEBIBYTE} MiB; ask for less at a time")
                if time.monotonic() > deadline:
                    raise NotReachedError(f"{shown}: not complete after {self._patience.whole:g} s")
                self._wait(0)
                yield chunk

        coding = response.headers.get("content-encoding", "identity").strip().lower()
        try:
            if coding in ("gzip", "x-gzip"):
                return b"".join(inflated(chunks(), limit=limit))
            if coding not in ("", "identity"):
                raise WrongBodyError(f"{shown}: content coding {coding!r} was not asked for")
            return b"".join(chunks())
        except UnreadableError as error:
            raise WrongBodyError(f"{shown}: {error}") from error

    # ------------------------------------------------------------------ waiting

    def _back_off(self, state: tenacity.RetryCallState) -> float:
        """Wait at random up to a bound that doubles, and never less than the service asks for."""
        patience = self._patience
        wait = tenacity.wait_random_exponential(multiplier=patience.first, max=patience.longest)(state)
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, BusyError) else None
        if asked is None:
            return wait
        if asked > patience.honoured:
            raise ServiceClosedError(f"{error}; it asks to come back in {asked:.0f} s: run the same command then")
        self.pacer.hold(asked)  # the whole service asked for it, so every thread waits
        return max(wait, asked)

    def _wait(self, seconds: float) -> None:
        sleeper(self._stopping)(seconds)

    def _noted(self, state: tenacity.RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        wait = state.next_action.sleep if state.next_action else 0.0
        self._note(f"{error}; try {state.attempt_number + 1} of {self._patience.tries} in {wait:.1f} s")


def sleeper(stopping: threading.Event) -> Callable[[float], None]:
    """Return a way to wait that ends at once, with :class:`StoppedError`, when the user stops the run."""

    def sleep(seconds: float) -> None:
        if stopping.wait(seconds) if seconds > 0 else stopping.is_set():
            raise StoppedError("stopped; run the same command again to go on")

    return sleep


def _shown(url: str, params: Mapping[str, str]) -> str:
    """Return the address as it may be written down and opened again by anybody."""
    said = {name: value for name, value in params.items() if name not in UNSAID}
    parts = urlsplit(url)
    url = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))  # a password in the address
    return f"{url}?{urlencode(said)}" if said else url


def _hushed(text: str, sent: Mapping[str, str]) -> str:
    """Return a message without the user's key and address: NCBI repeats a wrong key in its answer."""
    for name in UNSAID & sent.keys():
        for form in {sent[name], quote(sent[name]), quote(sent[name], safe=""), quote_plus(sent[name])} - {""}:
            text = text.replace(form, f"<{name}>")
    return text


def _status_error(body: Body, text: str) -> IngestError:
    """Return the error for a status that is no answer; ``text`` is its body without secrets."""
    start = text[:200].strip()
    said = f"{body.url}: status {body.status}" + (f": {start}" if start else "")
    if body.status in _BUSY:
        return BusyError(said, _retry_after(body.headers.get("retry-after", "")))
    if 300 <= body.status < 400:
        place = urlsplit(body.headers.get("location", "")).netloc or "the same host"
        return WrongBodyError(f"{body.url}: status {body.status}, sent on to {place}; a redirect here is no answer")
    if body.status in (401, 403):
        return ServiceClosedError(f"{said}; the service blocks these requests")
    return RefusedError(said)


def _retry_after(value: str) -> float | None:
    """Read ``Retry-After``: seconds, or a date (RFC 9110, section 10.2.3)."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - datetime.now(UTC)).total_seconds())
