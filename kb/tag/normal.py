"""One spelling for texts and names: a folded view of a text with the way back to its own characters.

Entities and inline markup are resolved, Unicode forms made plain, dashes and quotation marks made one, Greek letters
named, accents dropped. A raised number keeps a caret, so that no dose changes its value: ``10<sup>9</sup>`` and ``10⁹``
both read ``10^9``. Spelling (British or American) and number (one or many) are folded word by word.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

#: Signs written in many ways, shared with the plain view of numbers (:mod:`kb.tag.numbers`): dashes that join words,
#: dashes that part sentences, and what nobody sees (soft hyphen, zero-width marks, byte order mark, variation
#: selectors).
HYPHENS = "‐‑‒–−﹣－˗⁃"
LONG_DASHES = "—―⸺"
UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff\ufe0e\ufe0f"
#: Letters that Unicode does not take apart, and signs that mean the same as others.
_SAME = {
    "ß": "ss",
    "ẞ": "SS",
    "æ": "ae",
    "Æ": "AE",
    "œ": "oe",
    "Œ": "OE",
    "ø": "o",
    "Ø": "O",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
    "ı": "i",
    "⁄": "/",
    "∕": "/",
    "⩾": "≥",
    "≧": "≥",
    "⩽": "≤",
    "≦": "≤",
    "∙": "·",
    "⋅": "·",
    "®": " ",
    "©": " ",
}
_SAME.update(dict.fromkeys(HYPHENS, "-"))
#: A long dash parts sentences; doubled, it joins no words.
_SAME.update(dict.fromkeys(LONG_DASHES, "--"))
_SAME.update(dict.fromkeys("‘’ʼ´`′‛＇", "'"))
_SAME.update(dict.fromkeys("“”„‟″«»", '"'))
_SAME.update(dict.fromkeys(UNSEEN, ""))

#: Letters that a pattern without case takes for i, s and k, and of which small letters make none of these.
PLAIN_CASE = str.maketrans("ıİſ\u212a", "iIsK")
_RAISED = "¹²³ªº⁰ⁱ⁴-ⁿ™℠"
_MARKUP = r"(?:<|&lt;)/?(?:sup|sub|italic|bold|strong|em|sc|[ibu])(?:\s[^<>&]{0,60})?/?(?:>|&gt;)"
_SPECIAL = re.compile(
    rf"[{_RAISED}]+|[^\x00-\x7f]|{_MARKUP}|&(?:#[0-9]{{1,7}}|#[xX][0-9a-fA-F]{{1,6}}|[a-zA-Z][a-zA-Z0-9]{{1,30}});"
)
_SUP = re.compile(r"(?:<|&lt;)sup\b")
#: What makes a raised text a number or a note of its own; a raised + or − belongs to the marker before it (CD3⁺).
_OWN = re.compile(r"[-+]?[0-9]|[a-z]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in one spelling.

    Attributes:
        cased: the folded text.
        lower: the same in small letters, of the same length.
        cuts, begins, ends: for every piece its first character in ``cased``, the character of the original it begins
            at, and the one it ends before; ends is -1 for a piece that was copied character by character.
    """

    cased: str
    lower: str
    cuts: tuple[int, ...] = (0,)
    begins: tuple[int, ...] = (0,)
    ends: tuple[int, ...] = (-1,)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where characters ``start`` to ``end`` of the folded text stand in the original (end excluded)."""
        if len(self.cuts) == 1:
            return start, end
        first = bisect_right(self.cuts, start) - 1
        last = bisect_right(self.cuts, end - 1) - 1
        begin = self.begins[first] + (start - self.cuts[first] if self.ends[first] < 0 else 0)
        stop = self.ends[last] if self.ends[last] >= 0 else self.begins[last] + end - self.cuts[last]
        return begin, stop


def fold(text: str) -> Folded:
    """Return a text in one spelling, with the way back to its own characters.

    Args:
        text: as given; any characters, also none.
    """
    if text.isascii() and "&" not in text and "<" not in text:
        return Folded(text, text.lower())
    out: list[str] = []
    cuts, begins, ends = [0], [0], [-1]
    position = written = 0
    for match in _SPECIAL.finditer(text):
        start, end = match.span()
        out.append(text[position:start])
        written += start - position
        new = _plain(match.group())
        if match.group().startswith(("<", "&lt;")) and _SUP.match(match.group()) and _OWN.match(_near(text, end)):
            new = "^"
        position = end
        out.append(new)
        if len(new) == end - start == 1:
            written += 1
            continue
        if new:
            cuts.append(written)
            begins.append(start)
            ends.append(end)
            written += len(new)
        cuts.append(written)
        begins.append(end)
        ends.append(-1)
    out.append(text[position:])
    cased = "".join(out)
    return Folded(cased, cased.lower(), tuple(cuts), tuple(begins), tuple(ends))


def _near(text: str, start: int) -> str:
    """Return the next few characters in one spelling, enough to see a number behind its sign."""
    return _plain(text[start : start + 1]) + text[start + 1 : start + 3]


@lru_cache(maxsize=4096)
def _plain(piece: str) -> str:
    """Return the plain spelling of one special piece: a character, a run of raised ones, an entity, a mark."""
    if len(piece) > 1 and piece[0] in "<&" and not piece.endswith(";"):
        return ""
    if piece.startswith("&"):
        if re.match(_MARKUP, piece):
            return ""
        real = unescape(piece)
        return piece if real == piece else "".join(_plain(char) for char in real)
    decomposed = unicodedata.normalize("NFKD", piece)
    plain = "".join(_letter(char) for char in decomposed)
    raised = piece and all(unicodedata.decomposition(char).startswith("<super>") for char in piece)
    return f"^{plain}" if raised and _OWN.match(plain) else plain


def _letter(char: str) -> str:
    if char in _SAME:
        return _SAME[char]
    if char.isascii():
        return char
    if unicodedata.category(char) in ("Mn", "Cf"):
        return ""
    if char.isspace():
        return " "
    name = unicodedata.name(char, "")
    if name.startswith("GREEK ") and " LETTER " in name:
        word = name.split(" LETTER ")[1].split(" ")
        plain = word[1] if word[0] == "FINAL" else word[0]
        return plain.capitalize() if " CAPITAL " in name else {"LAMDA": "lambda"}.get(plain, plain.lower())
    # One letter must stay one letter when it is made small, or the two views would part.
    return char if len(char.lower()) == 1 else char.lower()[0]


_SPELLINGS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"[ao]e", "e"),
        (r"our", "or"),
        (r"ould(?=er)", "old"),
        (r"(?<=[a-z]{3})is(?=(?:e|ed|es|ing|ation|ations|er|ers)$)", "iz"),
        (r"(?<=y)s(?=(?:e|ed|ing)$)", "z"),
        (r"(?<=[btm])re(?=s?$)", "er"),
        (r"(?<=labe|mode|anne|igna)l(?=led|ling)", ""),
        (r"ogue(?=s?$)", "og"),
        (r"^ageing$", "aging"),
        (r"ageing$", "aging"),
        (r"^sulph", "sulf"),
        (r"mme(?=s?$)", "m"),
    )
)
_NUMBERS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"omata$", "oma"),
        (r"itides$", "itis"),
        (r"sses$", "ss"),
        (r"(?:ses|sis|se)$", "s"),
        (r"(?<=[a-z]{2})ies$", "y"),
        (r"(?<=x|h)es$", ""),
        (r"(?<=[^sui])s$", ""),
        (r"^([a-z]{2,3})s$", r"\1"),
    )
)
#: Below this length a word is left alone by the spelling rules: "does" is not "des", "four" not "for".
_SHORT = 5


def canonical(word: str) -> str:
    """Return the key under which all spellings of a word meet: British and American, one and many, possessive.

    Keys are no words ("disease", "diseases" → "diseas"). Distinct words may share a key where that does no harm;
    abbreviations are compared by case afterwards ("MDS" and "MDs" share theirs).

    Args:
        word: letters of one token in small letters, with a possessive ending or without.
    """
    if not word.isalpha():
        word = word.rstrip("'").removesuffix("'s")
    if len(word) < 3:
        return word
    if len(word) >= _SHORT:
        for pattern, plain in _SPELLINGS:
            word = pattern.sub(plain, word)
    for pattern, plain in _NUMBERS:
        changed = pattern.sub(plain, word)
        if changed != word:
            return changed
    return word
