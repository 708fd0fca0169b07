"""The day a judgement is made for, and how long the judgement would stay the same.

Every judge asks :meth:`Clock.reached` whether a date has come. The clock answers and remembers the
nearest date that has not come yet: until then every answer would be the same, and so the judgement.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TypeVar

Value = TypeVar("Value")

#: Before any fact, and the day after which nothing changes.
FIRST, LAST = date.min, date.max


class Clock:
    """A day, and the next day on which anything that was asked since would be answered otherwise.

    Args:
        day: the day asked for.
    """

    def __init__(self, day: date) -> None:
        self.day = day
        self.until = LAST
        self._kept: dict[Hashable, list[tuple[date, date, object]]] = {}

    @property
    def answers(self) -> int:
        """Number of questions whose answers are kept."""
        return len(self._kept)

    def reached(self, when: date) -> bool:
        """Tell whether a date has come; a date that has not may end the judgement."""
        if when <= self.day:
            return True
        if when < self.until:
            self.until = when
        return False

    def holds_until(self, day: date) -> None:
        """Note that something asked for would be answered otherwise from that day."""
        if day < self.until:
            self.until = day

    def set(self, day: date) -> None:
        """Go to another day; what is kept stays good for the days it was good for."""
        self.day = day
        self.until = LAST

    def kept(self, token: Hashable, make: Callable[[], Value]) -> Value:
        """Return what ``make`` returns on this day, made once for all days on which it is the same.

        Args:
            token: names the question; whatever else the answer depends on.
            make: answers it; every date it looks at goes through :meth:`reached`.
        """
        spans = self._kept.setdefault(token, [])
        place = bisect_right(spans, self.day, key=lambda span: span[0]) - 1
        if place >= 0 and self.day < spans[place][1]:
            _, until, value = spans[place]
        else:
            outer, self.until = self.until, LAST
            value = make()
            until, self.until = self.until, outer
            spans.insert(place + 1, (self.day, until, value))
        self.holds_until(until)
        return value  # type: ignore[return-value]

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Forget what is kept for a while: inside, the facts are not those of the outside."""
        kept, until, self._kept = self._kept, self.until, {}
        try:
            yield
        finally:
            self._kept, self.until = kept, until
