"""Requests leave no faster than the service allows, whichever thread sends them."""

from __future__ import annotations

import itertools
import threading
import time

import pytest

from ingest.pacer import MARGIN, Pacer
from ingest.transport import StoppedError, sleeper


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds


def test_requests_are_spaced_evenly() -> None:
    clock = Clock()
    pacer = Pacer(3, clock, clock.sleep)
    left = []
    for _ in range(7):
        pacer.wait()
        left.append(clock.now)
    assert left[0] == 100.0
    assert [round(b - a, 6) for a, b in itertools.pairwise(left)] == [round(MARGIN / 3, 6)] * 6


def test_the_first_request_after_a_pause_does_not_wait() -> None:
    clock = Clock()
    pacer = Pacer(3, clock, clock.sleep)
    pacer.wait()
    clock.now += 60
    pacer.wait()
    assert clock.now == 160.0


def test_a_hold_stops_everybody_and_a_shorter_one_does_not_shorten_it() -> None:
    clock = Clock()
    pacer = Pacer(10, clock, clock.sleep)
    pacer.hold(30)
    pacer.hold(5)
    pacer.wait()
    assert clock.now == 130.0


@pytest.mark.parametrize("rate", [0, -1])
def test_a_rate_that_allows_nothing_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="per_second"):
        Pacer(rate)


@pytest.mark.parametrize("rate", [30, 100])
def test_no_window_holds_more_than_allowed_over_many_threads(rate: int) -> None:
    """Scaled: so many a second; any window of 3/rate seconds holds at most three requests."""
    pacer = Pacer(rate)
    left: list[float] = []
    lock = threading.Lock()

    def send() -> None:
        for _ in range(4):
            pacer.wait()
            with lock:
                left.append(time.monotonic())

    threads = [threading.Thread(target=send) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    left.sort()
    assert len(left) == 20
    assert left[-1] - left[0] >= 19 / rate  # never faster than the limit over the whole


def test_a_stop_ends_the_wait_at_once() -> None:
    stopping = threading.Event()
    pacer = Pacer(0.01, sleep=sleeper(stopping))
    pacer.wait()
    threading.Timer(0.05, stopping.set).start()
    started = time.monotonic()
    with pytest.raises(StoppedError):
        pacer.wait()
    assert time.monotonic() - started < 30  # not the 110 s it would have waited
