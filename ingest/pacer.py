"""One clock for every request to one service, whichever thread sends it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

#: Requests leave a little further apart than the limit asks, so that jitter on the way cannot bunch
#: more of them into one second than the service allows.
MARGIN = 1.2


class Pacer:
    """Spaces requests evenly, over all threads.

    Args:
        per_second: requests the service allows in one second.
        clock: monotonic seconds.
        sleep: waits so many seconds; may raise to end the wait early.
    """

    def __init__(
        self,
        per_second: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        if per_second <= 0:
            raise ValueError(f"per_second={per_second}: a service that allows no request cannot be asked")
        self._interval = MARGIN / per_second
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._field = threading.Lock()
        self._next = float("-inf")

    def wait(self) -> None:
        """Return when the next request may leave.

        The lock is held while waiting: whoever comes second cannot overtake, and no two threads wake together.
        """
        with self._lock:
            while (ahead := self._next - self._clock()) > 0:
                self._sleep(ahead)
            with self._field:  # a hold that came while this one waited still stands
                self._next = max(self._next, self._clock() + self._interval)

    def use(self, sleep: Callable[[float], object]) -> None:
        """Wait in another way from now on; the pace goes on."""
        self._sleep = sleep

    def hold(self, seconds: float) -> None:
        """Let nothing leave for so many seconds: the service asked for patience."""
        with self._field:
            self._next = max(self._next, self._clock() + seconds)
