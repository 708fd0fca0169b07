"""The clock: what is kept is what would be found anew, and a judgement ends on the right day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.assess.clock import FIRST, LAST, Clock
from tests.unit.worlds import house

START = date(2020, 1, 1)
DATES = st.integers(0, 12).map(lambda days: START + timedelta(days=days))
DAYS = st.lists(DATES, min_size=1, max_size=12)


def test_a_clock_tells_what_has_come_and_remembers_the_nearest_date_that_has_not() -> None:
    clock = Clock(START)
    assert clock.reached(START)
    assert clock.until == LAST
    later, sooner = START + timedelta(days=9), START + timedelta(days=3)
    assert not clock.reached(later)
    assert not clock.reached(sooner)
    assert not clock.reached(later)
    assert clock.until == sooner
    clock.holds_until(later)
    assert clock.until == sooner
    clock.set(sooner)
    assert (clock.until, clock.reached(sooner)) == (LAST, True)


@house(200)
@given(dates=st.lists(DATES, min_size=1, max_size=6), days=DAYS)
def test_until_is_the_next_date_asked_for(dates: list[date], days: list[date]) -> None:
    clock = Clock(FIRST)
    for day in days:
        clock.set(day)
        for when in dates:
            assert clock.reached(when) == (when <= day)
        assert clock.until == min((when for when in dates if when > day), default=LAST)


class Counted:
    """Questions about dates, some of which rest on others, and how often each is answered anew."""

    def __init__(self, clock: Clock, own: list[list[date]]) -> None:
        self.clock, self.own = clock, own
        self.made = 0

    def ask(self, number: int) -> tuple[object, ...]:
        """Return which of the dates of a question, and of those it rests on, have come."""

        def make() -> tuple[object, ...]:
            self.made += 1
            deeper = self.ask(number + 1) if number + 1 < len(self.own) else ()
            return (*(self.clock.reached(when) for when in self.own[number]), deeper)

        return self.clock.kept(number, make)

    def anew(self, number: int, day: date) -> tuple[object, ...]:
        """Return the same without keeping anything."""
        deeper = self.anew(number + 1, day) if number + 1 < len(self.own) else ()
        return (*(when <= day for when in self.own[number]), deeper)

    def ends(self, number: int, day: date) -> date:
        """Return the first later day on which the answer is another."""
        return min((when for dates in self.own[number:] for when in dates if when > day), default=LAST)


@house(300)
@given(
    own=st.lists(st.lists(DATES, max_size=3), min_size=1, max_size=3),
    asked=st.lists(st.tuples(DATES, st.integers(0, 2), st.booleans()), min_size=1, max_size=12),
)
def test_what_is_kept_is_what_would_be_found_anew(own: list[list[date]], asked: list[tuple[date, int, bool]]) -> None:
    clock = Clock(START)
    questions = Counted(clock, own)
    for day, number, moves in asked:  # forwards and backwards, and several questions on a day
        if moves:
            clock.set(day)
        before, which = clock.until, number % len(own)
        assert questions.ask(which) == questions.anew(which, clock.day)
        # Exactly as long as it holds: no day longer, none shorter.
        assert clock.until == min(before, questions.ends(which, clock.day))


@house(100)
@given(dates=st.lists(DATES, max_size=4), days=DAYS)
def test_a_question_is_answered_once_for_a_stretch_gone_through_in_order(dates: list[date], days: list[date]) -> None:
    clock = Clock(FIRST)
    questions = Counted(clock, [dates])
    for _ in range(2):
        for day in sorted(days):
            clock.set(day)
            questions.ask(0)
    stretches = {tuple(when <= day for when in dates) for day in days}
    assert questions.made == len(stretches)


def test_apart_nothing_kept_is_seen_or_left() -> None:
    clock = Clock(START)
    soon = START + timedelta(days=2)
    assert clock.kept("question", lambda: "outside") == "outside"
    clock.holds_until(soon)
    with clock.apart():
        assert clock.kept("question", lambda: "inside") == "inside"
        assert clock.kept("another", lambda: "inside") == "inside"
        clock.reached(START + timedelta(days=1))
    assert clock.until == soon
    assert clock.kept("question", lambda: "anew") == "outside"
    assert clock.kept("another", lambda: "outside") == "outside"


def test_apart_ends_when_something_goes_wrong_inside() -> None:
    clock = Clock(START)
    clock.kept("question", lambda: "outside")
    with pytest.raises(RuntimeError), clock.apart():
        clock.kept("question", lambda: "inside")
        raise RuntimeError
    assert clock.kept("question", lambda: "anew") == "outside"


def test_a_question_that_fails_leaves_nothing_behind() -> None:
    clock = Clock(START)

    def fails() -> str:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        clock.kept("question", fails)
    assert clock.kept("question", lambda: "answer") == "answer"
