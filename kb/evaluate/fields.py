"""When two values of a field of a finding are the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isclose
from typing import Any

from kb.tag.tags import Finding

#: Fields that hold a number, or words that are one; the level of an interval is a convention, not a result.
NUMBERS = ("n", "n_total", "percent", "low", "high", "ratio", "value", "p")
GRADES = ("grade",)
_UNITS = {"mo": "month", "mos": "month", "yr": "year", "y": "year", "d": "day", "wk": "week", "%": "percent"}
_SPELT = {
    word: str(number)
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), 1
    )
}
_P = re.compile(r"([<>]?)=?(\d*\.?\d+)")
_DIGITS = re.compile(r"\d+(?:\.\d+)?|\.\d+")


def agrees(name: str, expected: Any, found: Any) -> bool:
    """Tell whether a field has the expected value.

    Numbers are equal as numbers ("16.0" and "16"), P values with their sign ("P < .05" and "<0.05"), units and time
    points in singular and plural, flags as sets, grades as pairs. None and "" both mean: not stated.

    Args:
        name: a field of :class:`kb.tag.tags.Finding`.
        expected: what the gold says.
        found: what we say.
    """
    if expected in (None, "") or found in (None, ""):
        return expected in (None, "") and found in (None, "")
    if name == "flags":
        return set(expected) == set(found)
    if name == "grade":
        return list(expected) == list(found)
    if name == "p":
        return _p(str(expected)) == _p(str(found))
    if isinstance(expected, str) and isinstance(found, str):
        return _words(expected) == _words(found)
    if isinstance(expected, bool) or isinstance(found, bool) or isinstance(expected, str) or isinstance(found, str):
        return bool(expected == found)
    return isclose(float(expected), float(found), rel_tol=1e-9)


def _p(words: str) -> tuple[str, float | str]:
    plain = words.lower().replace("less than", "<").replace("greater than", ">").replace("·", ".")
    plain = plain.replace("≤", "<").replace("≥", ">").replace(" ", "").removeprefix("p").lstrip("=")
    match = _P.fullmatch(plain)
    if match is None:
        return "", "ns" if plain in ("ns", "n.s.", "notsignificant") else plain
    return match[1], float(match[2])


def _words(words: str) -> str:
    plain = re.sub(r"[\s\-–]+", " ", words.lower().replace("·", ".")).strip()
    if re.fullmatch(r"-?(?:\d+(?:\.\d+)?|\.\d+)", plain):
        return f"{float(plain):g}"
    parts = [_SPELT.get(part, part) for part in plain.split()]
    while parts and parts[0] in ("at", "after", "by", "the", "on"):
        parts.pop(0)
    return " ".join(_UNITS.get(part, part.removesuffix("s") if len(part) > 3 else part) for part in parts)


def written(finding: Finding) -> list[tuple[str, float]]:
    """Return (field, number) for every number a finding states; a time point, a grade and a level are none."""
    result = []
    for name in NUMBERS:
        value = getattr(finding, name)
        if value is None or value == "":
            continue
        if not isinstance(value, str):
            result.append((name, float(value)))
        elif match := _DIGITS.search(value.replace("·", ".")):
            result.append((name, float(match.group())))
    return result


def shown(fields: Mapping[str, Any]) -> str:
    """Return the fields in one line for people."""
    return ", ".join(f"{name} {_shown(value)}" for name, value in fields.items())


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "empty"
    if isinstance(value, tuple | list | set | frozenset):
        return "/".join("–" if part is None else str(part) for part in value) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)
