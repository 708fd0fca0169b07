"""The numbers a text states, read generously: a number that is not among them was invented.

Digits, decimals with a full stop or a middle dot, thousands commas, number words, Roman grades, powers of ten in every
way seen ("10^6", "10⁶", "10<sup>6</sup>", "10(6)", "1e6", "10E6"), millions, ranges that share a power.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from math import isclose

_WORDS = {
    word: number
    for number, words in enumerate(
        (
            "zero none no nil neither never without absence",
            "one a an single once sole only first",
            "two both twice pair second",
            "three thrice third",
            "four fourth",
            "five fifth",
            "six sixth",
            "seven seventh",
            "eight eighth",
            "nine ninth",
            "ten tenth",
            "eleven",
            "twelve dozen",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        )
    )
    for word in words.split()
}
_TENS = {
    word: 10 * number
    for number, word in enumerate(("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), 2)
}
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5}
_SCALE = {"thousand": 1e3, "million": 1e6, "billion": 1e9}

_SUPERSCRIPT = re.compile(r"<sup>\s*(-?\d{1,3})\s*</sup>", re.IGNORECASE)
_RAISED = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}")
_NUMBER = r"(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,15})(?:\.\d{1,10})?|\.\d{1,10}"
_ONE = re.compile(rf"(?<![\w.])(?:{_NUMBER})|(?<=[A-Za-z^(])\d{{1,15}}(?:\.\d{{1,10}})?")
#: 10^6, 10(6), 10E6, or 1e6; what stands before it ("1-5 ×") is read apart.
_POWER = re.compile(r"(?<!\d)10\s?(?:\^\s?|\(|[eE])\s?(\d{1,2})\)?")
_E = re.compile(rf"(?<![\w.])({_NUMBER})[eE]\+?(\d{{1,2}})(?!\w)")
_BEFORE = re.compile(rf"(?:({_NUMBER})\s?(?:-|to|or|and|/)\s?)?({_NUMBER})\s?(?:[x*]|\.)\s?$", re.IGNORECASE)
_SCALED = re.compile(
    rf"(?:({_NUMBER}|\w{{3,9}})\s?(?:-|to)\s?)?({_NUMBER}|\w{{3,9}})[\s-](thousand|million|billion)", re.IGNORECASE
)
_COMPOUND = re.compile(rf"\b({'|'.join(_TENS)})(?:[\s-]({'|'.join(_WORDS)}))?\b", re.IGNORECASE)
_HALF = re.compile(r"\bhalf\b", re.IGNORECASE)
_ROMAN_WORD = re.compile(r"(?<![A-Za-z])(?:IV|I{1,3}|V)(?![A-Z])")


def plain(text: str) -> str:
    """Return the text with entities resolved, superscripts written "^n", and one kind of dash, dot and times sign."""
    text = _SUPERSCRIPT.sub(r"^\1", html.unescape(text))
    text = _RAISED.sub(lambda m: "^" + unicodedata.normalize("NFKC", m.group()), text)
    text = re.sub(r"[‐‑‒–—−]", "-", text).replace("×", "x").replace("·", ".").replace("∙", ".")
    return unicodedata.normalize("NFKC", text)


def stated(text: str) -> frozenset[float]:
    """Return every number that the text states, in digits or words (see the head of this module).

    Args:
        text: any text; markup and entities are read.
    """
    folded = plain(text)
    found = {_value(match.group()) for match in _ONE.finditer(folded)}
    found |= {float(_WORDS[word]) for word in re.findall(r"[a-z]+", folded.lower()) if word in _WORDS}
    for match in _COMPOUND.finditer(folded):
        found.add(float(_TENS[match[1].lower()] + (_WORDS[match[2].lower()] if match[2] else 0)))
    found |= {float(_ROMAN[match.group()]) for match in _ROMAN_WORD.finditer(folded)}
    if _HALF.search(folded):
        found.add(50.0)
    return frozenset(found | set(_large(folded)))


def _large(folded: str) -> Iterable[float]:
    for match in _POWER.finditer(folded):
        power = 10.0 ** int(match[1])
        yield power
        before = _BEFORE.search(folded, max(0, match.start() - 40), match.start())
        if before:
            yield from (_value(part) * power for part in before.groups() if part)
    for match in _E.finditer(folded):
        yield _value(match[1]) * 10.0 ** int(match[2])
    for match in _SCALED.finditer(folded):
        scale = _SCALE[match[3].lower()]
        for part in (match[1], match[2]):
            number = _spoken(part) if part else None
            if number is not None:
                yield number * scale


def _spoken(part: str) -> float | None:
    word = part.lower()
    if word in _WORDS or word in _TENS:
        return float(_WORDS.get(word, _TENS.get(word, 0)))
    return _value(part) if re.fullmatch(_NUMBER, part) else None


def _value(digits: str) -> float:
    return float(digits.replace(",", ""))


def is_stated(number: float, numbers: Iterable[float]) -> bool:
    """Tell whether a number is among those of a text, but for the last bits of a float."""
    return any(isclose(number, one, rel_tol=1e-9, abs_tol=1e-12) for one in numbers)
