"""Polite HTTP: what is asked, how often, what is believed, and what is written down."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from ingest.errors import BusyError, NotReachedError, RefusedError, ServiceClosedError, TransientError, WrongBodyError
from ingest.pacer import Pacer
from ingest.services.pubmed import RATE, RATE_WITH_KEY
from ingest.source import Body
from ingest.transport import Http, Patience, _hushed, _retry_after, _shown, _status_error
from tests.doubles.faults import Faults, Rule
from tests.doubles.library import World
from tests.doubles.server import Double, peak
from tests.ingesting import PATIENCE

WORLD = World.make(seed=2, papers=30, trials=8)
SECRET, ADDRESS = "0123456789abcdef-secret", "somebody@example.org"


@pytest.fixture
def double() -> Iterator[Double]:
    with Double(WORLD, api_key=SECRET) as one:
        yield one


def http(patience: Patience = PATIENCE, **values: object) -> Http:
    pacer = values.pop("pacer", None) or Pacer(5000)
    return Http(pacer, patience=patience, **values)  # type: ignore[arg-type]


def search(ask: Http, double: Double) -> Body:
    return ask(f"{double.eutils}/esearch.fcgi", {"db": "pubmed", "term": "all[sb]", "retmax": "100"})


# ---------------------------------------------------------------------------- what is written down


def test_key_address_and_session_are_sent_and_never_written_down(double: Double) -> None:
    notes: list[str] = []
    double.faults = Faults(0, [Rule("server_500", times=1)])
    with http(says={"tool": "t", "email": ADDRESS, "api_key": SECRET}, note=notes.append) as ask:
        body = ask(f"{double.eutils}/esearch.fcgi", {"db": "pubmed", "term": "all[sb]", "WebEnv": "MCID_1"})
    sent = double.log[-1].params
    assert (sent["api_key"], sent["email"], sent["tool"]) == (SECRET, ADDRESS, "t")
    told = body.url + "".join(notes)
    assert "term=all%5Bsb%5D" in body.url
    assert notes
    for hidden in (SECRET, ADDRESS, "MCID_1", "somebody"):
        assert hidden not in told


@pytest.mark.parametrize("kind", ["server_500", "reset_before", "block_page_200", "redirect_elsewhere"])
def test_no_error_tells_a_secret(double: Double, kind: str) -> None:
    double.faults = Faults(0, [Rule(kind, times=99)])

    def check(body: Body) -> None:
        raise WrongBodyError(f"{body.url}: no")

    says = {"email": ADDRESS, "api_key": SECRET}
    with http(replace(PATIENCE, tries=2), says=says) as ask, pytest.raises(TransientError) as caught:
        ask(f"{double.eutils}/esearch.fcgi", {"db": "pubmed", "term": "x"}, check=check)
    chain = [caught.value, caught.value.__cause__]
    assert all(SECRET not in str(one) and ADDRESS not in str(one) for one in chain)


@pytest.mark.parametrize("form", ["jane.doe@example.org", "jane.doe%40example.org", "jane.doe%2Bx%40example.org"])
def test_a_page_that_repeats_the_form_tells_nobody(form: str) -> None:
    address = "jane.doe+x@example.org" if "%2B" in form else "jane.doe@example.org"
    sent = {"email": address, "api_key": SECRET}
    body = "x" * 180 + f"email={form}&api_key={SECRET}"
    told = str(_status_error(Body(body.encode(), "https://service.example/", 403), _hushed(body, sent)))
    assert "jane" not in told
    assert SECRET[:6] not in told, "not even the beginning, where the message is cut"


def test_a_password_in_an_address_is_not_written_down() -> None:
    assert _shown("https://me:s3cret@mirror.example:8443/eutils", {"db": "pubmed", "api_key": SECRET}) == (
        "https://mirror.example:8443/eutils?db=pubmed"
    )


def test_the_client_says_who_it_is(double: Double) -> None:
    with http() as ask:
        search(ask, double)
    assert double.log[-1].agent.startswith("nk-evidence-kb/")


# ---------------------------------------------------------------------------- pace


@pytest.mark.parametrize(("key", "rate"), [("", RATE), (SECRET, RATE_WITH_KEY)])
def test_the_service_never_sees_more_than_it_allows(key: str, rate: float) -> None:
    """Five threads against a double that answers 429 beyond the limit."""
    says = {"api_key": key} if key else {}
    with Double(WORLD, api_key=key, limit=True) as double:
        with http(says=says, pacer=Pacer(rate)) as ask, ThreadPoolExecutor(5) as pool:
            bodies = list(pool.map(lambda _: search(ask, double), range(int(rate) + 5)))
        assert all(body.attempts == 1 for body in bodies)
        assert {seen.status for seen in double.log} == {200}
        assert peak(double.log, 1.0) <= rate


def test_a_client_without_a_pace_would_be_refused() -> None:
    """The measure above can fail."""
    hasty = replace(PATIENCE, tries=1)
    with Double(WORLD, limit=True) as double, http(hasty) as ask, pytest.raises(BusyError, match="rate limit exceeded"):
        for _ in range(10):
            search(ask, double)


@pytest.mark.parametrize("variant", ["seconds", "date"])
def test_retry_after_is_honoured_by_all_threads(double: Double, variant: str) -> None:
    wait = 1.0 if variant == "seconds" else 2.0  # a date has whole seconds
    double.faults = Faults(0, [Rule("busy_429_retry_after", times=1, seconds=wait, variant=variant)])
    with http() as ask, ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: search(ask, double), range(3)))
    busy = next(seen.at for seen in double.log if seen.status == 429)
    after = [seen.at - busy for seen in double.log if seen.status == 200 and seen.at > busy + 0.1]
    assert after, "something was asked after the wait"
    assert min(after) >= (0.95 if variant == "seconds" else 0.5)


def test_a_wait_that_is_too_long_ends_with_the_time_to_come_back(double: Double) -> None:
    double.faults = Faults(0, [Rule("busy_429_retry_after", times=1, seconds=7200, variant="seconds")])
    with http() as ask, pytest.raises(ServiceClosedError, match="7200 s"):
        search(ask, double)


@pytest.mark.parametrize(("text", "seconds"), [("120", 120.0), (" 3 ", 3.0), ("soon", None), ("-5", None), ("", None)])
def test_retry_after_is_read_as_the_standard_has_it(text: str, seconds: float | None) -> None:
    assert _retry_after(text) == seconds


def test_retry_after_as_a_date(double: Double) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=60)
    assert 55 <= (_retry_after(format_datetime(soon, usegmt=True)) or 0) <= 60
    assert _retry_after(format_datetime(soon - timedelta(days=1), usegmt=True)) == 0.0


def test_back_off_grows_is_random_and_bounded(double: Double) -> None:
    double.faults = Faults(0, [Rule("server_500", times=99)])
    waits: list[float] = []

    class Never(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waits.append(timeout or 0.0)
            return False

    with (
        http(Patience(tries=9, first=1, longest=20), stopping=Never()) as ask,
        pytest.raises(BusyError, match="9 tries"),
    ):
        search(ask, double)
    assert len(waits) == 8
    assert all(0 <= wait <= min(20, 2**n) for n, wait in enumerate(waits))
    assert len(set(waits)) > 4, "jitter"


# ---------------------------------------------------------------------------- what is believed


@pytest.mark.parametrize("kind", ["hang", "drip", "reset_before", "reset_mid_body", "cut_mid_body", "cut_chunked"])
def test_a_failure_while_reading_is_tried_again(double: Double, kind: str) -> None:
    double.faults = Faults(0, [Rule(kind, times=2, seconds=3)])
    with http(replace(PATIENCE, whole=1.0, read=0.3)) as ask:
        body = search(ask, double)
    assert body.attempts == 3
    assert body.data.rstrip().endswith(b"</eSearchResult>")


@pytest.mark.parametrize("kind", ["truncated_gzip", "corrupt_gzip", "zip_bomb"])
def test_a_body_that_does_not_inflate_is_no_body(double: Double, kind: str) -> None:
    double.faults = Faults(0, [Rule(kind, times=1)])
    with http() as ask:
        body = search(ask, double)
    assert body.attempts == 2
    double.faults = Faults(0, [Rule(kind, times=99)])
    with http(replace(PATIENCE, tries=2)) as ask, pytest.raises(WrongBodyError, match="2 tries"):
        search(ask, double)


def test_a_bomb_does_not_fill_the_memory(double: Double) -> None:
    import tracemalloc

    double.faults = Faults(0, [Rule("zip_bomb", times=99)])
    small = replace(PATIENCE, tries=1, limit=2 * 1024 * 1024)
    tracemalloc.start()
    try:
        with http(small) as ask, pytest.raises(WrongBodyError):
            search(ask, double)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 40 * 1024 * 1024


def test_a_body_beyond_the_limit_is_refused(double: Double) -> None:
    with http(replace(PATIENCE, tries=1, limit=100)) as ask, pytest.raises(WrongBodyError):
        search(ask, double)


@pytest.mark.parametrize("kind", ["redirect_loop", "redirect_elsewhere"])
def test_a_redirect_is_not_followed(double: Double, kind: str) -> None:
    double.faults = Faults(0, [Rule(kind, times=99)])
    with http(replace(PATIENCE, tries=2)) as ask, pytest.raises(WrongBodyError, match="redirect"):
        search(ask, double)
    assert len(double.log) == 2, "no other address was asked"


def test_a_wrong_key_is_said_at_once_and_not_tried_again(double: Double) -> None:
    with (
        http(says={"api_key": "wrong-key-of-mine"}) as ask,
        pytest.raises(RefusedError, match="API key invalid") as caught,
    ):
        search(ask, double)
    assert len(double.log) == 1
    assert "status 400" in str(caught.value)
    assert "wrong-key-of-mine" not in str(caught.value), "the service repeats the key, we do not"


def test_nobody_there_is_said_after_every_try() -> None:
    with Double(WORLD) as gone:
        address = gone.eutils
    with http(replace(PATIENCE, tries=2)) as ask, pytest.raises(NotReachedError, match="2 tries"):
        ask(f"{address}/esearch.fcgi", {"db": "pubmed"})


def test_a_stop_ends_a_back_off_at_once(double: Double) -> None:
    from ingest.transport import StoppedError

    double.faults = Faults(0, [Rule("server_500", times=99)])
    stopping = threading.Event()
    threading.Timer(0.2, stopping.set).start()
    started = time.monotonic()
    with http(Patience(tries=5, first=60, longest=60), stopping=stopping) as ask, pytest.raises(StoppedError):
        search(ask, double)
    assert time.monotonic() - started < 10
