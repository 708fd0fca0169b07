"""Dates as PubMed prints them, known to the day, the month, the season or only the year.

Nothing is guessed: a season or a span gives the year it ends in, a month that is none gives the year alone
and precision ``text``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from kb.records.article import DatePrecision, SourceDate

_MONTHS: Mapping[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        1,
    )
    for name in names.split()
}
_SEASONS = frozenset(("spring", "summer", "autumn", "fall", "winter"))
_PERIODS = frozenset(["quart", "quarter", "trimest", "trimester", "tri", "half", "semester"])
_ORDINALS = frozenset(["1st", "2d", "2nd", "3d", "3rd", "4th", "first", "second", "third", "fourth"])

_TOKEN = re.compile(r"\d+(?:st|nd|rd|th|d)\b|\d+|[^\W\d_]+|[^\s.]", re.IGNORECASE)
_DASHES = frozenset("-‐‑–—−/&")
_WORDS = (("P", _DASHES), ("C", ","), ("M", _MONTHS), ("S", _SEASONS), ("Q", _PERIODS), ("O", _ORDINALS))
_YEAR = re.compile(r"1[5-9]\d\d|2[01]\d\d", re.ASCII)
_NUMBER = re.compile(r"\d{1,2}", re.ASCII)

#: Letters of a shape: Y year, M month, N number, S season, O ordinal, Q part of a year, P dash or slash,
#: C comma, X anything else.
_SEASON = re.compile(r"YS(PS)?|SY|SPSY|YSPYS|SYPSY|YPYS|SYPY")
_SPAN = re.compile(r"YMN?P(YM?N?|MN?|N)|MPMY|MYPMY|MN?PMN?C?Y|MNPNC?Y|MNC?YPMNC?Y|YPY|YOQ(P(O|YO)Q)?|OQY")
#: Shapes that may be a day, with the order of their parts.
_DAYS: Mapping[str, str] = {
    "YMN": "ymd",
    "NMY": "dmy",
    "MNCY": "mdy",
    "MNY": "mdy",
    "NMCY": "dmy",
    "YNN": "ymd",
    "YPMPN": "ymd",
    "YPNPN": "ymd",
}
_TO_MONTH: Mapping[str, str] = {"YM": "ym", "MY": "my", "MCY": "my", "YPM": "ym"}


def source_date(parts: Mapping[str, str]) -> SourceDate | None:
    """Read a date element.

    Args:
        parts: the element's children, name to text: ``Year``, ``Month``, ``Day``, ``Season`` or ``MedlineDate``.

    Returns:
        The date, None where nothing is printed.
    """
    if printed := parts.get("MedlineDate", ""):
        return read_date(printed)
    year, month, day = parts.get("Year", ""), parts.get("Month", ""), parts.get("Day", "")
    return _from_parts(year, month or parts.get("Season", ""), day)


def iso_day(parts: Mapping[str, str]) -> str:
    """Return a date element as ``YYYY-MM-DD``, or as much of it as is sure; "" where there is none."""
    found = source_date(parts)
    return found.iso if found else ""


@lru_cache(maxsize=8192)
def _from_parts(year: str, month: str, day: str) -> SourceDate | None:
    printed = [part for part in (year, month, day) if part]
    if not printed:
        return None
    if month.isdigit() or (day and not month):
        return _numeric("-".join(printed), year, month, day)
    return read_date(" ".join(printed))


def _numeric(raw: str, year: str, month: str, day: str) -> SourceDate:
    if not _YEAR.fullmatch(year):
        return SourceDate(raw, "", "text")
    if not month or not _NUMBER.fullmatch(month) or (day and not _NUMBER.fullmatch(day)):
        return SourceDate(raw, year, "text")
    return _exact(raw, int(year), int(month), int(day) if day else None)


def _exact(raw: str, year: int, month: int, day: int | None) -> SourceDate:
    try:
        found = date(year, month, 1 if day is None else day)
    except ValueError:
        # Which part is wrong cannot be told; the year stands alone in its place.
        return SourceDate(raw, str(year), "text")
    return SourceDate(raw, found.isoformat(), "day") if day is not None else SourceDate(raw, f"{found:%Y-%m}", "month")


@lru_cache(maxsize=8192)
def read_date(raw: str) -> SourceDate:
    """Read a date in words (``1998 Dec-1999 Jan``, ``Fall 2017``, ``2000``).

    Returns:
        The date; what is in no known form has precision ``text``, and the year if exactly one is named.
    """
    raw = " ".join(raw.split())
    tokens = _TOKEN.findall(raw.lower())
    shape = "".join(_kind(token) for token in tokens)
    years = [token for token, kind in zip(tokens, shape, strict=True) if kind == "Y"]
    if shape in _TO_MONTH or shape in _DAYS:
        return _ordered(raw, [token for token, kind in zip(tokens, shape, strict=True) if kind in "YMN"], shape)
    precision: DatePrecision = "text"
    year = years[0] if len(set(years)) == 1 else ""
    if shape == "Y":
        precision = "year"
    elif _SEASON.fullmatch(shape):
        precision, year = "season", years[-1]
    elif _SPAN.fullmatch(shape):
        precision, year = "span", years[-1]
    elif shape == "YPN":
        year = _short_end(int(years[0]), tokens[-1])
        precision = "span" if year else "text"
    return SourceDate(raw, year, precision)


def _kind(word: str) -> str:
    """Return the letter of a word in a shape."""
    if word[0].isdigit():
        if word in _ORDINALS:
            return "O"
        if _YEAR.fullmatch(word):
            return "Y"
        return "N" if _NUMBER.fullmatch(word) else "X"
    return next((letter for letter, words in _WORDS if word in words), "X")


def _ordered(raw: str, tokens: list[str], shape: str) -> SourceDate:
    parts = dict(zip(_DAYS.get(shape) or _TO_MONTH[shape], tokens, strict=True))
    month = _MONTHS.get(parts["m"]) or int(parts["m"])
    return _exact(raw, int(parts["y"]), month, int(parts["d"]) if "d" in parts else None)


def _short_end(start: int, end: str) -> str:
    """Return the last year of ``1998-99``; "" for ``2000-05``, which may be a month."""
    if len(end) != 2 or int(end) <= 12 or int(end) <= start % 100:
        return ""
    return str(start - start % 100 + int(end))
