"""Partial dates: facts are often dated to the month or the year only.

The rule of the house (design): a partial date *helps* from the end of its period and *harms*
from its start, so that nobody profits from a date we do not know.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

_FORM = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)

Precision = Literal["year", "month", "day"]


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date known to the year, the month or the day.

    Attributes:
        first: first day of the period.
        last: last day of the period.
    """

    first: date
    last: date

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``.

        Raises:
            ValueError: any other form, or no such day.
        """
        match = _FORM.fullmatch(text.strip())
        if not match:
            raise ValueError(f"{text!r} is not a date; write YYYY, YYYY-MM or YYYY-MM-DD")
        year, month, day = (int(part) if part else None for part in match.groups())
        assert year is not None
        try:
            if month is None:
                return cls(date(year, 1, 1), date(year, 12, 31))
            if day is None:
                return cls(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))
            exact = date(year, month, day)
        except (ValueError, calendar.IllegalMonthError) as error:
            raise ValueError(f"{text!r} is not a date: {error}") from None
        return cls(exact, exact)

    @property
    def precision(self) -> Precision:
        """How much of the date is known."""
        if self.first == self.last:
            return "day"
        return "month" if self.first.month == self.last.month else "year"

    def __str__(self) -> str:
        if self.precision == "day":
            return self.first.isoformat()
        return f"{self.first:%Y-%m}" if self.precision == "month" else f"{self.first:%Y}"

    def helps_from(self) -> date:
        """First day on which a fact of this date may support a claim."""
        return self.last

    def harms_from(self) -> date:
        """First day on which a fact of this date counts against a claim."""
        return self.first


def years_before(day: date, years: int) -> date:
    """Return the same calendar day some years earlier (29 February becomes the 28th)."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def months_before(day: date, months: int) -> date:
    """Return the day some calendar months earlier, clipped to the month's end."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def day_after(day: date) -> date:
    """Return the following day."""
    return day + timedelta(days=1)
