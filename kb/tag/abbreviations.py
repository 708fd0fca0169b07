"""Abbreviations a record defines: Schwartz & Hearst (Pac Symp Biocomput 2003:451-62), both orders.

"acute myeloid leukaemia (AML)" and "AML (acute myeloid leukaemia)" both define AML. The long form is the shortest run
of words before the bracket that holds the characters of the short form in order, the first at the start of a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

#: Limits of the paper: two words and ten characters at most, one letter at least.
_SHORT_WORDS = 2
_SHORT_LENGTH = range(2, 11)
_BRACKET = re.compile(r"[(\[]([^()\[\]]{2,200})[)\]]")
#: Behind these a bracket goes on with something else: "(AML; n = 12)", "(MM, median age 61)".
_REST = re.compile(r"[;,:]\s|\s+[=<>≤≥]|\s+or\s|,")
_WORD = re.compile(r"\S+")
_LONG_WORD = re.compile(r"[^\W\d_]{4}")
_PART = re.compile(r"[^\W_]+")
_LAST_WORD = re.compile(r"[^\s()\[\]]+(?=\s*$)")
_SENTENCE = re.compile(r"[.;:!?]\s")
_WINDOW = 300  # characters before a bracket that can hold its long form


@dataclass(frozen=True, slots=True)
class Definition:
    """A short form with its long form.

    Attributes:
        short, long: as written.
        start_short, end_short, start_long, end_long: characters of the text.
    """

    short: str
    long: str
    start_short: int
    end_short: int
    start_long: int
    end_long: int


def definitions(text: str) -> list[Definition]:
    """Return what a text defines, in the order of the brackets.

    Args:
        text: any; offsets count its characters.
    """
    return list(_definitions(text))


def defined(texts: Iterable[str]) -> dict[str, str]:
    """Return short form → long form over all texts of a record; the first definition of a short form holds."""
    found: dict[str, str] = {}
    for text in texts:
        for one in definitions(text):
            found.setdefault(one.short, one.long)
    return found


def _definitions(text: str) -> Iterator[Definition]:
    for match in _BRACKET.finditer(text):
        start, end = _trim(text, *match.span(1))
        cut = _REST.search(text, start, end)
        inner = text[start : cut.start()] if cut else text[start:end]
        if _is_short(inner):
            left = _sentence_start(text, match.start())
            found = _long_before(text, left, match.start(), inner)
            if found is not None:
                yield Definition(inner, text[slice(*found)], start, start + len(inner), *found)
                continue
        outer = _LAST_WORD.search(text, max(0, match.start() - 40), match.start())
        if outer and _is_short(outer.group()):
            found = _long_within(text, start, end, outer.group())
            if found is not None:
                yield Definition(outer.group(), text[slice(*found)], *outer.span(), *found)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in " \t\n\r\u00a0\"'“”‘’":
        start += 1
    while end > start and text[end - 1] in " \t\n\r\u00a0\"'“”‘’":
        end -= 1
    return start, end


def _is_short(text: str) -> bool:
    """Tell whether a text can be a short form: a capital or a digit among letters, so that no word is taken for one."""
    if len(text) not in _SHORT_LENGTH or not text[0].isalnum() or len(text.split()) > _SHORT_WORDS:
        return False
    letters = [char for char in text if char.isalpha()]
    return bool(letters) and (any(char.isupper() for char in letters) or any(char.isdigit() for char in text[1:]))


def _sentence_start(text: str, end: int) -> int:
    """Return where the sentence that a bracket stands in begins, at most :data:`_WINDOW` characters back."""
    start = max(0, end - _WINDOW)
    for match in _SENTENCE.finditer(text, start, end):
        start = match.end()
    return start


def _long_before(text: str, left: int, right: int, short: str) -> tuple[int, int] | None:
    """Return where the long form before a bracket stands."""
    words = list(_WORD.finditer(text, left, right))
    letters = sum(char.isalnum() for char in short)
    allowed = min(letters + 5, 2 * letters)
    if not words:
        return None
    start, end = words[max(0, len(words) - allowed)].start(), words[-1].end()
    return _initials(text, start, end, short) or _best(text, start, end, short)


def _initials(text: str, start: int, end: int, short: str) -> tuple[int, int] | None:
    """Return the last words whose first letters spell the short form, one letter each.

    The paper's search would stop at "myeloma" for MM, whose letters are both in it; the whole is "multiple myeloma".
    """
    letters = [_initial(char) for char in short if char.isalnum()]
    parts = list(_PART.finditer(text, start, end))[-len(letters) :]
    if len(letters) < 2 or [_initial(part.group()[0]) for part in parts] != letters:
        return None
    begin = parts[0].start()
    if begin > start and not text[begin - 1].isspace():
        return None
    long = text[begin:end].rstrip(" ,;:-–")
    return (begin, begin + len(long)) if "(" not in long and _is_long(long, short) else None


def _long_within(text: str, start: int, end: int, short: str) -> tuple[int, int] | None:
    """Return the long form inside a bracket, which must begin it."""
    cut = re.compile(r"[;,]\s").search(text, start, end)
    found = _best(text, start, cut.start() if cut else end, short)
    return found if found and found[0] == start else None


def _best(text: str, start: int, end: int, short: str) -> tuple[int, int] | None:
    """Return the shortest tail of ``text[start:end]`` that spells a short form (Schwartz & Hearst, findBestLongForm).

    From right to left every letter or digit of the short form is looked for; the first must begin a word.
    """
    place = end - 1
    for index in range(len(short) - 1, -1, -1):
        if not short[index].isalnum():
            continue
        wanted = _initial(short[index])
        while place >= start and (
            _initial(text[place]) != wanted
            or (index == 0 and place > start and (text[place - 1].isalnum() and not _initial_of_word(text, place)))
        ):
            place -= 1
        if place < start:
            return None
        place -= 1
    begin = place + 1
    while begin > start and not text[begin - 1].isspace() and text[begin - 1] not in "([":
        begin -= 1
    long = text[begin:end].rstrip(" ,;:-–")
    return (begin, begin + len(long)) if _is_long(long, short) else None


def _is_long(long: str, short: str) -> bool:
    """Tell whether a text can be the long form of another: it holds a word, and not the short form itself."""
    if len(long) <= len(short) or long.count("(") != long.count(")") or not _LONG_WORD.search(long):
        return False
    return short.lower() not in (word.lower() for word in long.split()) and short not in _PART.findall(long)


def _initial_of_word(text: str, place: int) -> bool:
    """A capital inside a word does not begin one; a letter behind a digit does ("5-fluorouracil", "131I")."""
    return text[place - 1].isdigit() and text[place].isalpha()


def _initial(char: str) -> str:
    """Return the letter a character is compared as: a Greek letter by its name ("α" stands for "alpha")."""
    name = unicodedata.name(char, "") if not char.isascii() else ""
    if name.startswith("GREEK ") and " LETTER " in name:
        return name.split(" LETTER ")[1][0].lower()
    return char.lower()[:1]
