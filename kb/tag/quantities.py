"""The figures of a sentence: people counted, percentages, values with units, ratios, intervals, P values.

Each figure is read by a shape of its own, in a fixed order; a character belongs to one figure only. What looks like a
result and is none (doses, ages, grades, phases, ranges, dates, codes) is claimed first and dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from kb.tag import shapes
from kb.tag.numbers import NUM, WHOLE, number, whole

Kind = Literal["people", "percent", "value", "ratio", "interval", "p", "size", "time"]
Basis = Literal["", "evaluable", "enrolled", "treated"]
RatioKind = Literal["", "hazard", "odds", "risk"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a plain sentence.

    Attributes:
        kind: what it is; ``size`` is the number of people in a group, no result.
        start, end: characters.
        n, total, basis: people with the event, people looked at and how they were chosen (``people``, ``size``).
        amount: number as printed (``percent``, ``value``, ``ratio``, ``p`` with its sign).
        unit: of a value.
        low, high, level: of an interval.
        ratio: kind of a ratio.
        percent: a percentage that is printed inside ("five (55.6%) of nine").
    """

    kind: Kind
    start: int
    end: int
    n: int | None = None
    total: int | None = None
    basis: Basis = ""
    amount: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None
    level: float | None = None
    ratio: RatioKind = ""
    percent: str = ""


_BASES: tuple[tuple[re.Pattern[str], Basis], ...] = (
    (re.compile(r"evaluable|assessable|evaluated|analy[sz]able|assessed|measurable", re.IGNORECASE), "evaluable"),
    (re.compile(r"treated|infused|dosed|transplanted|receiving|received", re.IGNORECASE), "treated"),
    (
        re.compile(r"enrolled|recruited|included|randomi[sz]ed|registered|eligible|consented|accrued", re.IGNORECASE),
        "enrolled",
    ),
)


def basis_of(words: str) -> Basis:
    """Return who was counted by the words beside a number ("evaluable", "enrolled", "treated"), "" when not said."""
    for pattern, basis in _BASES:
        if pattern.search(words):
            return basis
    return ""


def figures(text: str) -> list[Figure]:
    """Return the figures of a plain sentence in order of place."""
    taken = bytearray(len(text))
    found: list[Figure] = []
    for figure in _time_lists(text):
        taken[figure.start : figure.end] = b"\1" * (figure.end - figure.start)
        found.append(figure)
    for pattern, make in _READERS:
        for match in pattern.finditer(text):
            if any(taken[match.start() : match.end()]):
                continue
            made = make(match)
            if made is None:
                continue
            taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
            if made.kind != "size" or made.n is not None:
                found.append(made)
    return _times_in_a_row(text, sorted(found, key=lambda figure: figure.start))


def _times_in_a_row(text: str, found: list[Figure]) -> list[Figure]:
    """Read "at 1 year (RR 0.64), 3 years (RR 0.85) and 5 years (RR 0.90)": the later ones are times as well."""
    result: list[Figure] = []
    times: Figure | None = None
    for figure in found:
        opens = re.match(r"\s?[(\[]", text[figure.end : figure.end + 2]) is not None
        follows = re.search(r"[)\]]\s?,?\s?(?:and\s)?$", text[max(0, figure.start - 8) : figure.start]) is not None
        if figure.kind == "value" and times is not None and figure.unit in times.amount + "s" and opens and follows:
            figure = replace(figure, kind="time", amount=_with_unit(figure.amount, figure.unit), unit="")
        if figure.kind == "time":
            times = figure if opens else None
        result.append(figure)
    return result


def _drop(match: re.Match[str]) -> Figure:
    return Figure("size", match.start(), match.end())


def _interval(match: re.Match[str]) -> Figure:
    level = match["level"] or match["level2"] or match["level3"] or match["level4"]
    low, high = match["low"] or match["lowb"], match["high"] or match["highb"]
    return Figure(
        "interval",
        match.start(),
        match.end(),
        low=_signed(low),
        high=_signed(high) if high else None,
        level=number(level) if level else None,
    )


def _signed(text: str) -> float:
    value = number(text.lstrip("+-"))
    return -value if text.startswith("-") else value


_SIGNS = {"less than": "<", "greater than": ">", "more than": ">", "≦": "<=", "≧": ">=", "≤": "<=", "≥": ">="}


def _p(match: re.Match[str]) -> Figure:
    words = match["amount"].replace(" ", "")
    if words[:1].lower() == "n":
        return Figure("p", match.start(), match.end(), amount="ns")
    sign = re.sub(r"<\s?or\s?=", "<=", match["sign"] if "sign" in match.re.groupindex else "=")
    sign = _SIGNS.get(sign, sign)
    amount = words.replace(",", ".") if re.fullmatch(r"\d,\d+", words) else words
    return Figure("p", match.start(), match.end(), amount=(sign if sign[0] in "<>" else "") + amount)


def _ratio(match: re.Match[str]) -> Figure:
    name = (match["name"] or match["short"]).lower()
    kind: RatioKind = "hazard" if "haz" in name or "hr" in name else "odds" if "od" in name or "or" in name else "risk"
    return Figure("ratio", match.start(), match.end(), amount=match["amount"], ratio=kind)


_LONG = {"mo": "month", "mos": "month", "m": "month", "yr": "year", "y": "year", "wk": "week", "d": "day", "hr": "hour"}


def unit_of(words: str) -> str:
    """Return a unit of time in full, plural ("mo" → "months")."""
    unit = words.lower().strip("-. ")
    unit = unit.removesuffix("s") if unit not in _LONG else unit
    unit = _LONG.get(unit, unit)
    return unit if unit == "fold" else f"{unit}s"


_LONGER_BY = re.compile(
    r"\b(?:exten[ds]|prolong|increas|improv|reduc|shorten|delay|lengthen|decreas)\w*\b[^,;.]{0,70}$", re.IGNORECASE
)


def _time(match: re.Match[str]) -> Figure:
    # "extended survival by 6 months": how much longer, not when.
    if match.group()[:3].lower() == "by " and _LONGER_BY.search(
        match.string, max(0, match.start() - 90), match.start()
    ):
        return _drop(match)
    words = match["num"] or match["num2"] or match["num4"] or match["num5"]
    if words:
        amount = words if words[0].isdigit() or words[0] == "." else str(whole(words))
        unit = unit_of(match["unit1"] or match["unit2"] or match["unit4"] or match["unit5"])
        text = _with_unit(amount, unit)
    else:
        unit = unit_of(match["unit3"])[:-1]
        text = f"{unit} {match['num3'].lstrip('+ ')}"
    return Figure("time", match.start(), match.end(), amount=text)


def _value(match: re.Match[str]) -> Figure:
    return Figure("value", match.start(), match.end(), amount=match["amount"], unit=unit_of(match["unit"]))


def _plus_minus(match: re.Match[str]) -> Figure:
    return Figure("value", match.start(), match.end(), amount=match["amount"])


def _before_interval(match: re.Match[str]) -> Figure:
    words = match["unit"]
    if not words:  # "6.0 (range 0.9-19.3) and 1.1 months": the unit stands once
        shared = _UNIT_NEXT.match(match.string, match.end("amount"))
        words = shared["unit"] if shared else ""
    return Figure(
        "value", match.start(), match.end("amount"), amount=match["amount"], unit=unit_of(words) if words else ""
    )


_UNIT_NEXT = re.compile(
    rf"\s?[(\[][^()\[\]]{{0,60}}[)\]]\s?(?:,\s)?(?:and|vs\.?|versus)\s{NUM}(?:\s?[(\[][^()\[\]]{{0,60}}[)\]])?"
    rf"\s?(?P<unit>{shapes.UNIT})",
    re.IGNORECASE,
)


def _not_reached(match: re.Match[str]) -> Figure:
    return Figure("value", match.start(), match.end(), amount="not reached")


def _percent(match: re.Match[str]) -> Figure | None:
    if number(match["percent"]) > 100:
        return Figure("value", match.start(), match.end(), amount=match["percent"], unit="%")
    return Figure("percent", match.start(), match.end(), amount=match["percent"])


def _n_is(match: re.Match[str]) -> Figure:
    total = int(match["total"]) if match["total"] else None
    return Figure("people" if total else "size", match.start(), match.end(), n=int(match["n"]), total=total)


def _fraction(match: re.Match[str]) -> Figure | None:
    total = whole(match["total"])
    if match["none"]:
        n = 0
    elif match["all"]:
        n = total
    else:
        n = whole(match["n"])
    noun, percent, slash = match["noun"], match["percent"], "/" in match.group()
    people = bool(match["people0"] or (noun and re.fullmatch(shapes.PEOPLE, noun, re.IGNORECASE)))
    if noun and not people:  # four of five doses: claimed, so that nothing reads it as people
        return _drop(match)
    if n > total or total < 1:
        return None
    if slash and not people and not percent and not _slash_counts(match):
        return None
    if match["all"] and not people:
        return None
    words = match["adjectives"] or ""
    after = match.string[match.end() : match.end() + 30] if people else ""
    return Figure(
        "people",
        match.start(),
        match.end() if noun else match.end("total"),
        n=n,
        total=total,
        basis=basis_of(words) or _basis_after(after),
        percent=percent or "",
    )


def _basis_after(words: str) -> Basis:
    """Return the basis that follows the noun: "17 patients treated", "12 patients who were evaluable"."""
    match = re.match(
        r"\s(?:who (?:were|received)|were|evaluable|assessable|treated|enrolled|infused)\b[^,.;]{0,14}", words
    )
    return basis_of(match.group()) if match and not match.group().startswith(" were") else ""


def _slash_counts(match: re.Match[str]) -> bool:
    """Tell whether "5/9" without a noun counts people: in brackets, or beside a percentage, or doing something."""
    text = match.string
    before, after = text[max(0, match.start() - 25) : match.start()], text[match.end("total") :]
    if re.search(
        r"(?:grade|phase|stage|type|ECOG|score|HLA|CD\d*|level|ratio|class|day|week)s?\s?[-:]?\s?(?:was\s|of\s)?$",
        before,
        re.IGNORECASE,
    ):
        return False
    return bool(
        re.search(r"[(\[,;=:]\s?(?:\w+\s){0,2}$|%\s?$|\b(?:in|by|for|was|of)\s$", before)
        or re.match(rf"\s?[)\],;]|\s?[\[(]\s?{NUM}\s?%|\s{shapes.DOING}", after)
    )


def _all(match: re.Match[str]) -> Figure:
    total = whole(match["total"])
    n = 0 if match["all"].lower() == "none" else total
    return Figure("people", match.start(), match.end(), n=n, total=total, basis=basis_of(match["adjectives"]))


def _of_how_many(match: re.Match[str]) -> bool:
    """Tell whether a count is a denominator, however its people are called: "five of the youngest 12 patients"."""
    return shapes.COUNTED_OF.search(match.string, max(0, match.start() - 60), match.start()) is not None


def _both(match: re.Match[str]) -> Figure:
    return Figure("people", match.start(), match.end(), n=2)


def _count(match: re.Match[str]) -> Figure | None:
    if match["a"]:
        bare = match["a"].lower() in ("a", "an", "another")
        # "group A patients" is no patient; "a treated patient" is an example rather than a count
        if bare and (match["adjectives"] or match["noun"].lower().endswith(("s", "children", "men"))):
            return None
        n = 1
    elif _of_how_many(match):
        return _drop(match)
    else:
        n = whole(match["n"])
    return Figure(
        "people",
        match.start(),
        match.end(),
        n=n,
        percent=match["percent"] or "",
        basis=basis_of(match["adjectives"]) or _basis_after(match.string[match.end() : match.end() + 30]),
    )


#: "grade 1 (24%), 2 (67%) and 3 (9%)", "grades 2 to 4 and 3 to 4": the numbers are grades.
_GRADES = re.compile(r"\bgrades?\s(?:[IV]+|[^A-Za-z;.]|\b(?:and|or|to)\b|(?<=\d)\.(?=\d))*$", re.IGNORECASE)


def in_grades(text: str, place: int) -> bool:
    """Tell whether a number at a place of a plain text goes on with a list of grades."""
    return _GRADES.search(text, max(0, place - 60), place) is not None


def _elliptic(match: re.Match[str]) -> Figure:
    graded = match["n"] in ("1", "2", "3", "4", "5") and in_grades(match.string, match.start("n"))
    if graded or _of_how_many(match):
        return _drop(match)
    return Figure("people", match.start(), match.end(), n=whole(match["n"]), percent=match["percent"] or "")


#: Order matters: what comes first claims its characters.
_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Figure | None]], ...] = (
    (shapes.INTERVAL, _interval),
    (shapes.P, _p),
    (shapes.NS, _p),
    (shapes.RATIO, _ratio),
    (shapes.DROPPED, _drop),
    (shapes.N_IS, _n_is),
    (shapes.FRACTION, _fraction),
    (shapes.ALL, _all),
    (shapes.BRACKETED, _elliptic),
    (shapes.COUNT, _count),
    (shapes.WITH_PERCENT, _elliptic),
    (shapes.TIME, _time),
    (shapes.PERCENT_RANGE, _drop),
    (shapes.PERCENT_ONLY, _percent),
    (shapes.VALUE, _value),
    (shapes.PLUS_MINUS, _plus_minus),
    (shapes.BEFORE_INTERVAL, _before_interval),
    (shapes.NOT_REACHED, _not_reached),
    (shapes.BOTH, _both),
    (shapes.ELLIPTIC, _elliptic),
)


def _time_lists(text: str) -> Iterator[Figure]:
    """Yield the times of "1-, 2- and 3-year survival" and "at 1, 2 and 3 years"."""
    for match in shapes.TIME_LIST.finditer(text):
        items = "items" if match["items"] else "items2"
        unit = unit_of(match["unit"] or match["unit2"])
        places = list(re.finditer(r"\d+(?:\.\d)?", match[items]))
        for place in places:
            start = match.start(items) + place.start()
            end = match.end() if place is places[-1] else match.start(items) + place.end()
            yield Figure("time", start, end, amount=_with_unit(place.group(), unit))


def _with_unit(amount: str, unit: str) -> str:
    return f"{amount} {unit[:-1] if amount == '1' else unit}"


_OF_TIME = re.compile(r"\b(?:day|week|month|year)s?\s\+?$", re.IGNORECASE)


def elided(text: str, found: list[Figure]) -> Iterator[Figure]:
    """Yield figures whose unit stands only after the last of a list: the 9.7 of "9.7 vs 3.3 months"."""
    ends = {figure.end for figure in found}
    for figure in found:
        if figure.kind not in ("percent", "value", "people") or figure.amount == "not reached":
            continue
        start = figure.start
        while match := shapes.ELIDED.search(text, max(0, start - 40), start):
            if match.end("sep") != start or match.end("num") in ends:
                break
            if _OF_TIME.search(text, max(0, match.start("num") - 8), match.start("num")):
                break  # "through day 30 and 13.7%"
            if in_grades(text, match.start("num")):
                break  # "grade 1, 33%"
            made = _elided(figure, match)
            if made is None:
                break
            yield made
            start = made.start


def _elided(figure: Figure, match: re.Match[str]) -> Figure | None:
    amount = re.split(r"\s?(?:±|\+)", match["num"])[0]
    if figure.kind == "people":
        if not re.fullmatch(WHOLE, amount, re.IGNORECASE) or figure.total is not None:
            return None
        return Figure("people", match.start("num"), match.end("num"), n=whole(amount))
    if not amount[:1].isdigit() and amount[:1] != ".":
        return None
    return Figure(figure.kind, match.start("num"), match.end("num"), amount=amount, unit=figure.unit)
