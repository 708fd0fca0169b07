"""The double: one HTTP server on loopback that answers for all services, and remembers what it was asked."""

from __future__ import annotations

import socket
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from tests.doubles import ctgov, europepmc, files, wire
from tests.doubles.eutils import Eutils, History
from tests.doubles.exchange import HTML, JSON, TEXT, Answer, Asked, dump
from tests.doubles.faults import Faults
from tests.doubles.library import World

#: Longest address the services take.
LONGEST = 8_192


@dataclass(frozen=True)
class Seen:
    """One request the double got.

    Attributes:
        at: when it came, by :func:`time.monotonic`.
        params: of the query string and of a posted form.
        fault: the fault it met, "" for none.
        agent: the client's ``User-Agent``.
    """

    at: float
    method: str
    path: str
    params: dict[str, str]
    status: int
    fault: str = ""
    agent: str = ""

    @property
    def named(self) -> bool:
        """Whether the client said who it is, as NLM asks: ``tool`` and ``email``."""
        return bool(self.params.get("tool") and self.params.get("email"))


def peak(log: Iterable[Seen], seconds: float, path: str = "") -> int:
    """Return the largest number of requests to a path within any window of so many seconds."""
    window: deque[float] = deque()
    most = 0
    for at in sorted(seen.at for seen in log if path in seen.path):
        window.append(at)
        while at - window[0] >= seconds:
            window.popleft()
        most = max(most, len(window))
    return most


@dataclass
class _Meter:
    """Requests of one second, per api key."""

    second: float
    _times: dict[str, deque[float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def left(self, key: str, limit: int) -> int:
        """Count a request; return how many more are allowed, -1 when this one is not."""
        now = time.monotonic()
        with self._lock:
            times = self._times.setdefault(key, deque())
            while times and now - times[0] >= self.second:
                times.popleft()
            if len(times) >= limit:
                return -1
            times.append(now)
            return limit - len(times)


class Double:
    """All services on one address of this machine.

    Args:
        world: what the services hold; may be replaced while running.
        faults: what goes wrong.
        api_key: the key that is right; any other is refused.
        limit: answer 429 beyond 3 requests a second to the E-utilities (10 with the key).
        second: length of that second, so that tests can be quick.
        ceiling: records of one search that PubMed lists.

    Attributes:
        url: address without a path; ``eutils``, ``ctgov``, ``europepmc``, ``retraction_watch``, ``baseline`` and
            ``updates`` are the addresses of the services.
        log: every request, in the order of the answers.
        broken: tracebacks of defects of the double itself; leaving the ``with`` block raises when there are any.
    """

    def __init__(
        self,
        world: World,
        faults: Faults | None = None,
        api_key: str = "",
        *,
        limit: bool = False,
        second: float = 1.0,
        ceiling: int = 9_999,
        port: int = 0,
    ) -> None:
        self.world, self.faults, self.api_key = world, faults or Faults(0), api_key
        self.limit, self.second = limit, second
        self.log: list[Seen] = []
        self.broken: list[str] = []
        self.stopping = threading.Event()
        self._meter = _Meter(second)
        self._lock = threading.Lock()
        self._eutils = Eutils(History(), ceiling)
        self._server = _Server(self, port)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.eutils = f"{self.url}/entrez/eutils"
        self.ctgov = f"{self.url}/api/v2"
        self.europepmc = f"{self.url}/europepmc/webservices/rest"
        self.retraction_watch = f"{self.url}{files.CSV_PATH}"
        self.baseline = f"{self.url}/pubmed/baseline/"
        self.updates = f"{self.url}/pubmed/updatefiles/"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if kind is None and self.broken:
            raise AssertionError("the double itself is broken:\n" + "\n".join(self.broken))

    def stop(self) -> None:
        """Stop, also in the middle of answers that never end."""
        self.stopping.set()
        self._server.shutdown()
        self._thread.join(5)
        self._server.close_all()

    def expire_history(self) -> None:
        """Let the history server forget every set."""
        self._eutils.history.expire()

    @property
    def urls(self) -> dict[str, str]:
        """Every address by its name."""
        names = ("url", "eutils", "ctgov", "europepmc", "retraction_watch", "baseline", "updates")
        return {name: getattr(self, name) for name in names}

    @property
    def seen(self) -> list[Seen]:
        """A copy of the log, for tests that read while requests go on."""
        with self._lock:
            return list(self.log)

    @property
    def nameless(self) -> int:
        """How many requests to the E-utilities came without ``tool`` and ``email``."""
        return sum(1 for seen in self.seen if "/eutils/" in seen.path and not seen.named)

    @property
    def busy(self) -> int:
        """How many connections are open."""
        return len(self._server.workers)

    @property
    def strayed(self) -> int:
        """How many requests followed a redirect to another host."""
        return sum(1 for seen in self.seen if seen.path.startswith("/elsewhere"))

    def note(self, seen: Seen) -> None:
        """Remember a request."""
        with self._lock:
            self.log.append(seen)

    # ------------------------------------------------------------------ answering

    def respond(self, asked: Asked, target: str) -> Answer:
        """Answer one request.

        Args:
            target: path and query as sent.
        """
        if len(target) > LONGEST:
            return Answer(414, b"<html><head><title>414 Request-URI Too Large</title></head></html>", HTML)
        if asked.path.startswith("/loop/"):
            here = asked.path.rpartition("/")[2]
            step = int(here) + 1 if here.isdigit() else 1
            return Answer(302, b"", HTML, (("Location", f"{asked.base}/loop/{step}"),))
        if asked.path.startswith("/elsewhere"):
            return Answer(200, b"<html><body>Another host</body></html>", HTML)
        try:
            return self._respond(asked)
        except Exception:
            with self._lock:
                self.broken.append(traceback.format_exc())
            return Answer(500, b"the double is broken", TEXT)

    def _respond(self, asked: Asked) -> Answer:
        headers: tuple[tuple[str, str], ...] = ()
        if asked.path.startswith("/entrez/eutils/"):
            refused, headers = self._gate(asked)
            if refused:
                return refused
        world = self.world

        def again() -> Answer:
            return self._service(world, asked)

        answer = self.faults.disturb(asked, again(), _Way(again, self.expire_history))
        return Answer(**{**vars(answer), "headers": (*answer.headers, *headers)}) if headers else answer

    def _gate(self, asked: Asked) -> tuple[Answer | None, tuple[tuple[str, str], ...]]:
        """Check key and pace, as NCBI does before anything else; return a refusal, or headers for the answer."""
        key = asked.get("api_key")
        if key and key != self.api_key:
            body = dump({"error": "API key invalid", "api-key": key, "type": "invalid"})
            return Answer(400, body, JSON), ()
        if not self.limit:
            return None, ()
        limit = 10 if key else 3
        left = self._meter.left(key, limit)
        headers = (("X-RateLimit-Limit", str(limit)), ("X-RateLimit-Remaining", str(max(left, 0))))
        if left >= 0:
            return None, headers
        name = key or "127.0.0.1"
        body = dump({"error": "API rate limit exceeded", "api-key": name, "count": str(limit + 1), "limit": str(limit)})
        # NCBI was seen to ask for 2 seconds; with a shortened second that would be an eternity.
        wait = (("Retry-After", "2"),) if self.second >= 1 else ()
        return Answer(429, body, JSON, (*headers, *wait)), ()

    def _service(self, world: World, asked: Asked) -> Answer:
        if asked.path.startswith("/entrez/eutils/"):
            return self._eutils.answer(world, asked)
        if asked.path.startswith("/api/v2/"):
            return ctgov.answer(world, asked)
        if asked.path.startswith("/europepmc/"):
            return europepmc.answer(world, asked)
        return files.answer(world, asked)


@dataclass(frozen=True)
class _Way:
    _again: Any
    _expire: Any

    def again(self) -> Answer:
        answer: Answer = self._again()
        return answer

    def expire(self) -> None:
        self._expire()


class _Server(ThreadingHTTPServer):
    """Knows its double, its connections and its threads, so that it can end them all."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, double: Double, port: int) -> None:
        self.double = double
        self._open: set[socket.socket] = set()
        self.workers: set[threading.Thread] = set()
        super().__init__(("127.0.0.1", port), _Handler)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        self.workers.add(threading.current_thread())
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._open.discard(request)
            self.workers.discard(threading.current_thread())

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has gone is not worth a word; anything else is a defect of the double."""
        if not isinstance(sys.exception(), OSError):
            self.double.broken.append(traceback.format_exc())

    def close_all(self) -> None:
        """Close every connection and wait for its thread."""
        self.server_close()
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the client was quicker
        for worker in list(self.workers):
            worker.join(5)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Double"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._serve({})

    def do_HEAD(self) -> None:
        self._serve({})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._serve(dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True)))

    def _serve(self, form: dict[str, str]) -> None:
        at = time.monotonic()
        double = self.server.double
        parts = urlsplit(self.path)
        params = {**dict(parse_qsl(parts.query, keep_blank_values=True)), **form}
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, parts.path, params, headers, double.url)
        answer = double.respond(asked, self.path)
        agent = headers.get("user-agent", "")
        double.note(Seen(at, self.command, parts.path, params, answer.status, answer.fault, agent))
        wire.send(self, asked, answer, double.stopping)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 the name is the library's
        """Say nothing."""
