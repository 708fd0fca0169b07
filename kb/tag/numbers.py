"""Numbers as abstracts write them: a plain view of a text that keeps their value, and the parts numbers are made of.

A superscript is part of a number: ``10<sup>9</sup>``, ``10⁹`` and ``10^9`` all read ``10^9``. Markup, entities, dashes,
spaces and the middle dot are brought to one form; every plain character knows where it stands in the text as given.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from kb.tag.normal import HYPHENS, LONG_DASHES, PLAIN_CASE, UNSEEN

# fmt: off
_UNITS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
          "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
# fmt: on
#: Number words to ninety-nine.
WORDS: dict[str, int] = {
    **{word: value for value, word in enumerate(_UNITS, 1)},
    **{word: 10 * value for value, word in enumerate(_TENS, 2)},
    **{f"{ten}-{unit}": 10 * t + u for t, ten in enumerate(_TENS, 2) for u, unit in enumerate(_UNITS[:9], 1)},
    **{f"{ten} {unit}": 10 * t + u for t, ten in enumerate(_TENS, 2) for u, unit in enumerate(_UNITS[:9], 1)},
}

#: The same as a pattern, the longest first; the reader sets its ends.
WORD = "|".join(sorted(WORDS, key=len, reverse=True))

_BELOW_100 = (
    rf"(?:(?:{'|'.join(_TENS)})(?:[ -](?:{'|'.join(_UNITS[:9])})\b)?"
    rf"|{'|'.join(sorted(_UNITS, key=len, reverse=True))})\b"
)
#: A number word is not the end of a longer one ("three hundred sixty-one" is one number).
_WORD = (
    rf"(?<!hundred )(?<!hundred and )(?<!thousand )(?:(?:{'|'.join(_UNITS[:9])}|"
    rf"a) hundred\b(?:(?: and)? {_BELOW_100})?|{_BELOW_100})"
)
#: A number with an optional fraction: 1,204 · 12.5 · .05
NUM = r"(?:(?:\d{1,3}(?:,\d{3})+(?![\d,])|\d+)(?:\.\d+)?|\.\d+)"
#: No number starts inside a word, a code (CD56, IL-2) or another number.
START = r"(?<![\w.^/+-])(?<!\w\()"
#: A whole number in digits or words, for people.
WHOLE = rf"(?:\d{{1,3}}(?:,\d{{3}})+(?![\d,])|\d+(?![\d.,]*\d)|{_WORD})"

_SUPER = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
#: Inline markup, also where it was escaped once too often.
_TAG = r"(?:<|&lt;)\s?/?\s?(?:sup|sub|inf|i|b|u|em|strong|italic|bold|sc|span|p|br)\s?/?\s?(?:>|&gt;)"
#: What is not plain as it stands; the rest of a text is copied.
_SPECIAL = re.compile(
    rf"(?P<tag>{_TAG})|(?P<entity>&(?:amp;)?(?:#\d{{1,7}}|#[xX][0-9a-fA-F]{{1,6}}|[A-Za-z]{{2,12}});)"
    r"|(?P<super>[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+)|(?P<char>(?-i:[^ -~]))",
    re.IGNORECASE,
)
_OPENS_SUPER = re.compile(r"(?:<|&lt;)\s?sup\s?(?:>|&gt;)", re.IGNORECASE)
_DOUBLE = re.compile(r"&amp;(?=#|\w+;)")
_POWER_NEXT = re.compile(r"\s?10\s?(?:<\s*sup|\^|\(|[⁰¹²³⁴⁵⁶⁷⁸⁹])")
_DASHES = frozenset(f"{HYPHENS}{LONG_DASHES}")
_DOTS = frozenset("·∙⋅‧・•")
_NOTHING = frozenset(UNSEEN)


@dataclass(frozen=True, slots=True)
class Plain:
    """A text in one spelling.

    Attributes:
        text: the plain characters.
        cuts, begins: for every piece its first character in ``text`` and its place in the text as given; pieces that
            were copied and pieces that were changed take turns, a copied one first.
        length: of the text as given.
    """

    text: str
    cuts: tuple[int, ...]
    begins: tuple[int, ...]
    length: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the text as given of plain characters ``start`` to ``end``."""
        return self._place(start), self._place(end)

    def _place(self, place: int) -> int:
        if place >= len(self.text):
            return self.length
        piece = bisect_right(self.cuts, place) - 1
        copied = piece % 2 == 0
        return self.begins[piece] + (place - self.cuts[piece] if copied else 0)


@lru_cache(maxsize=64)
def plain(text: str) -> Plain:
    """Return the plain view of a text: one dash, one space, decimal points, ``^`` before a superscript number."""
    out: list[str] = []
    cuts, begins = [0], [0]
    place = written = 0
    last = ""
    for match in _SPECIAL.finditer(text):
        start = match.start()
        if start > place:
            out.append(text[place:start])
            written += start - place
            last = text[start - 1]
        new = _plain_piece(match, text, last)
        place = match.end()
        if new:
            out.append(new)
            last = new[-1]
        cuts += (written, written + len(new))
        begins += (start, place)
        written += len(new)
    out.append(text[place:])
    return Plain("".join(out), tuple(cuts), tuple(begins), len(text))


def _plain_piece(match: re.Match[str], text: str, before: str) -> str:
    """Return the plain spelling of a special piece, ``before`` being the last plain character ahead of it."""
    if match["char"]:
        return _plain_character(match["char"], text, match.end(), before)
    if match["tag"]:
        number_follows = re.match(r"\s*[+-−–]?\s*\d", text[match.end() : match.end() + 4]) is not None
        return "^" if _OPENS_SUPER.fullmatch(match["tag"]) and number_follows else ""
    if match["super"]:
        plain_digits = match["super"].translate(_SUPER)
        return f"^{plain_digits}" if any(c.isdigit() for c in plain_digits) else plain_digits
    decoded = html.unescape(_DOUBLE.sub("&", match["entity"]))
    return "".join(_plain_character(c, text, match.end(), before) for c in decoded)


def _plain_character(character: str, text: str, following: int, before: str) -> str:
    character = character.translate(PLAIN_CASE)
    if character.isascii():
        return " " if character.isspace() else character
    if character in _DASHES:
        return "-"
    if character in _DOTS:
        if _POWER_NEXT.match(text, following):
            return "×"
        return "." if before.isdigit() and text[following : following + 1].isdigit() else character
    if character in _NOTHING:
        return ""
    if character.isspace() or unicodedata.category(character) == "Zs":
        return " "
    return unicodedata.normalize("NFKC", character) if character >= "！" else character


def whole(text: str) -> int:
    """Return the whole number that digits or words name ("1,204", "twenty-three").

    Raises:
        ValueError: it names none.
    """
    lowered = text.lower()
    hundreds, hundred, rest = lowered.partition(" hundred")
    if hundred:
        many = 1 if hundreds == "a" else WORDS.get(hundreds, 0)
        rest = rest.strip().removeprefix("and ").strip()
        return 100 * many + (WORDS[rest] if rest else 0)
    return WORDS[lowered] if lowered in WORDS else int(lowered.replace(",", ""))


def number(text: str) -> float:
    """Return the value of a number in digits ("1,204.5", ".05").

    Raises:
        ValueError: it is none.
    """
    return float(text.replace(",", ""))


def decimals(text: str) -> int:
    """Return how many digits a number has after its point."""
    return len(text.partition(".")[2])
