"""Tell what a superscript is: an exponent, a marker of a reference, or part of a name.

A dose of 10⁹ must never read 109, and a marker after a number must never add a digit to it.
"""

from __future__ import annotations

import re

#: Superscript digits 0 to 9 as characters of their own.
GLYPHS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_NUMBERS = re.compile(r"\[?\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*\]?")
_BASE = re.compile(r"(?:(?<![\d.,])(?:10|2|e)|[×x·*]\s*10|\d[eE])\s?$")
_UNIT = re.compile(r"(?:^|[\s\d/·(])(?:[cdmkµμn]?m|ft|in|[smh]|kg|g|[mµμ]?[lL]|sec|min|day)$")
_ISOTOPE = re.compile(r"[A-Z][a-z]?(?![A-Za-z])")
_LETTER = re.compile(r"[a-h](?:\s*,\s*[a-h])*")


def settle(before: str, inside: str, after: str, linked: bool) -> tuple[str, str, str]:
    """Return how a superscript is written: what to put before it, itself, what to put after it.

    Args:
        before: text in front of it, as far as it matters.
        inside: its own characters.
        after: text behind it.
        linked: it is a link.
    """
    plain = inside.strip()
    if plain.upper() in {"TM", "SM"} and before[-1:].isalnum():
        return "", "™" if plain.upper() == "TM" else "℠", ""
    if re.fullmatch(r"[-−–⁻+]?\d{1,3}", plain) and _power(before, plain, linked):
        return "^", inside, ""
    if _NUMBERS.fullmatch(plain):
        return _marker(before, inside, after, linked)
    if _LETTER.fullmatch(plain) and (linked or re.search(r"[a-z]{3}[.,;:)]?$", before)) and not after[:1].isalpha():
        return "[", inside, "]"
    return "", inside, ""


def _power(before: str, plain: str, linked: bool) -> bool:
    """A base of 10 or 2, or a unit, in front of it makes it a power, unless it is a link."""
    if linked:
        return False
    return bool(_BASE.search(before)) or bool(_UNIT.search(before) and plain.lstrip("-−–⁻") in {"1", "2", "3"})


def _marker(before: str, inside: str, after: str, linked: bool) -> tuple[str, str, str]:
    """A number behind a word or a mark, or at the very start; in front of an element's sign it is an isotope."""
    if not linked and not before[-1:].strip() and _ISOTOPE.match(after) and len(inside.strip()) > 1:
        return "", inside, ""
    if not linked and before[-1:].isspace() and after[:1].isalnum():
        return "", inside, ""
    return ("", inside, "") if inside.strip().startswith("[") else ("[", inside, "]")
