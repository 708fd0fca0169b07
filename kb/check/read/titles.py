"""Tell whether a bare line looks like a heading."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W_][\w'’/+-]*")
#: Words that a title may leave in lower case.
_SMALL_WORDS = (
    "a an and as at but by for from if in into is nor of off on onto or over per so than that the to up upon via vs "
    "with without yet"
)
_SMALL = frozenset(_SMALL_WORDS.split())
_MOST_WORDS, _MOST_LETTERS, _MOST_ASKED = 14, 100, 20
_MARKERS = re.compile(r"(?:\s*\[[\d,;\s–-]+\])+$")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def without_markers(text: str) -> str:
    """Return a line without the reference markers at its end."""
    return _MARKERS.sub("", text)


def is_question(text: str) -> bool:
    """A line that asks, as in a list of frequent questions: one question, or a short one behind it."""
    return text.endswith("?") and len(text.split()) <= _MOST_ASKED and not re.search(r"[.!]\s", text)


def is_short(text: str) -> bool:
    """Short enough for a heading, and not ended like a sentence."""
    return len(text) <= _MOST_LETTERS and len(text.split()) <= _MOST_WORDS and not re.search(r"[.!;,:…]$", text)


def is_title(text: str) -> bool:
    """Written like a title: its long words begin with capitals, or it is all capitals."""
    words = [word for word in _WORD.findall(text) if any(map(str.isalpha, word))]
    if not words or re.search(r"[.!?]\s+\S", re.sub(r"\b(?:vs|Dr|St|No)\.", "", text)):
        return False
    heavy = [word for word in words if word.lower() not in _SMALL]
    capital = sum(not word[0].islower() or any(map(str.isupper, word)) for word in heavy)
    first = words[0]
    return bool(heavy) and capital >= 0.75 * len(heavy) and (not first[0].islower() or any(map(str.isupper, first)))


def is_label(text: str) -> bool:
    """A line "Label: text" whose text is no title."""
    label, colon, rest = text.partition(":")
    return bool(colon and rest.strip()) and (
        not is_title(rest) or bool(re.search(r"\d", re.sub(r"\([^)]*\)", "", rest))) or len(label.split()) > 8
    )


def has_year(text: str) -> bool:
    """Holds a year, as an entry of a list of references does."""
    return bool(_YEAR.search(text))
