"""Words, numbers and signs of a text in one typography, each with its place in the text as given.

Only typography is brought to one form: quotation marks, dashes, ligatures, white space, what nobody sees (soft
hyphens, zero-width marks), raised figures (``10⁹``, ``10<sup>9</sup>`` → ``10^9``). Case, spelling, Greek letters,
punctuation and every digit stay as they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from kb.tag.normal import HYPHENS, LONG_DASHES, UNSEEN

TokenKind = Literal["word", "number", "sign", "mark"]

_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_PIECE = re.compile(
    r"(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+)|(?P<sup><sup>)|(?P<tag></?(?:sup|sub|i|b|em|strong)>)|(?P<one>.[\u0300-\u036f]*)",
    re.DOTALL,
)
_SAME = {
    **dict.fromkeys(HYPHENS, "-"),
    **dict.fromkeys(LONG_DASHES, "—"),
    **dict.fromkeys(UNSEEN, ""),
    **dict.fromkeys("‘’ʼ´`′‛＇", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("⩾≧", "≥"),
    **dict.fromkeys("⩽≦", "≤"),
    **dict.fromkeys("∼～", "~"),
}
#: Letters printed as one sign or in another width; other compatibility forms (½) would change a value.
_LIGATURES = re.compile(r"[\ufb00-\ufb06\uff01-\uff5eµΩ\u212a]")
_TOKEN = re.compile(
    r"(?P<number>(?:\d+(?:[.,:]\d+)*|(?<!\w)\.\d+)(?:\^[+-]?\d+)?)(?P<unit>[^\W\d]\w*(?:\^[+-]?\d+)?)?"
    r"|(?P<word>[^\W\d][\w]*(?:'[^\W\d]+)*(?:(?<![^\W\d]{4})\^[+-]?\d+)?)"
    r"|(?P<sign>\^[+-]?\d+|[<>≤≥=≈~±×%‰+−])|(?P<mark>\.{3}|\S)"
)
_MIDDLE_DOT = re.compile(r"(?<=\d)[·∙⋅](?=\d)")
_BEFORE_NUMBER = frozenset(["<", ">", "≤", "≥", "±", "-x", "+x", "~", "≈"])


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number, sign or punctuation mark.

    Attributes:
        text: in one typography; a hyphen is ``-`` inside a compound or a range, ``-x`` before a word or number (a minus
            sign), ``x-`` after a word ("non-", "CD3-"), ``—`` between two parts of a sentence.
        kind: ``sign`` for what changes a number or compares (``<``, ``%``, ``×``, a minus sign).
        start, end: place in the text as given.
        joined: nothing parts it from the token before, and together they are one compound ("CAR-NK", "CD3+", "5/9").
    """

    text: str
    kind: TokenKind
    start: int
    end: int
    joined: bool = False


@lru_cache(maxsize=256)
def tokens(text: str) -> tuple[Token, ...]:
    """Return the tokens of a text in order.

    Args:
        text: any characters; offsets count in it as it is given.
    """
    return tuple(_tokens(text))


def plain(text: str) -> str:
    """Return a text in one typography, its white space as single characters."""
    return _folded(text)[0]


def words(text: str) -> tuple[str, ...]:
    """Return the words, numbers and signs of a text, without punctuation."""
    return tuple(token.text for token in tokens(text) if token.kind != "mark" or token.text in ("-", "x-"))


def numbers(text: str) -> tuple[str, ...]:
    """Return the numbers of a text as printed, each with the sign or comparator before it and a per cent sign."""
    found: list[str] = []
    line = tokens(text)
    for place, token in enumerate(line):
        before = line[place - 1] if place else None
        if token.kind != "number" or (token.joined and before is not None and before.kind == "mark"):
            continue  # IL-2 is a name
        after = line[place + 1].text if place + 1 < len(line) else ""
        signed = before is not None and not before.joined and before.text in _BEFORE_NUMBER
        sign = before.text.removesuffix("x") if before is not None and signed else ""
        found.append(sign + token.text + (after if after in ("%", "‰") else ""))
    return tuple(found)


def _tokens(text: str) -> Iterator[Token]:
    line, places = _folded(text)
    spans = list(_TOKEN.finditer(line))
    for index, match in enumerate(spans):
        start, end = match.span()
        glued = start > 0 and not line[start - 1].isspace()
        goes_on = end < len(line) and not line[end].isspace()
        kind: TokenKind = "word"
        shown = match.group()
        if match["number"] and not match["unit"]:
            kind = "number"
        elif match["sign"]:
            kind = "sign"
        elif match["mark"]:
            kind = "mark"
        if shown in ("-", "—"):
            kind, shown = _dash(line, spans, index, glued=glued, goes_on=goes_on)
        elif shown == "+" and goes_on and not glued:
            shown = "+x"
        joined = glued and (
            _is_joint(line, start - 1)
            or shown in ("x-", "^")
            or (shown in ("-", "/", "+") and line[start - 1].isalnum())
        )
        yield Token(shown, kind, places[start][0], places[end - 1][1], joined)


def _is_joint(line: str, place: int) -> bool:
    """Tell whether a character joins the word before it to the one after ("CAR|-|NK", "5|/|9")."""
    return line[place] in "-/+" and place > 0 and line[place - 1].isalnum()


def _dash(line: str, spans: list[re.Match[str]], index: int, *, glued: bool, goes_on: bool) -> tuple[TokenKind, str]:
    """Return what a dash is, by the white space around it."""
    between_numbers = (
        0 < index < len(spans) - 1 and spans[index - 1]["number"] is not None and spans[index + 1]["number"] is not None
    )
    if spans[index].group() == "—" or (not glued and not goes_on):
        return ("sign", "-") if between_numbers and spans[index].group() == "-" else ("mark", "—")
    after = line[spans[index].end()] if goes_on else " "
    if glued and goes_on and (after.isalnum() or after == "("):
        if line[spans[index].start() - 1].isalnum() or line[spans[index].start() - 1] in "+)":
            return ("sign" if between_numbers else "mark"), "-"
        return ("sign", "-x")
    if goes_on and not glued:
        return "sign", "-x"
    return "mark", "x-"


def _folded(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return the text in one typography and for each of its characters the place it came from."""
    out: list[str] = []
    places: list[tuple[int, int]] = []
    for match in _PIECE.finditer(text):
        new = _plain(match, text)
        # White space after a hyphen that a line ends with is the printer's.
        if new == " " and out and out[-1] == "-" and match.group() in "\r\n" and len(out) > 1 and out[-2].isalnum():
            continue
        out.extend(new)
        places.extend([match.span()] * len(new))
    return _MIDDLE_DOT.sub(".", "".join(out)), places


def _plain(match: re.Match[str], text: str) -> str:
    piece = match.group()
    if match["raised"]:
        digits = piece.translate(_RAISED)
        return f"^{digits}" if any(char.isdigit() for char in digits) else digits
    if match["sup"]:
        return "^" if re.match(r"[+\-−–]?\d", text[match.end() : match.end() + 2]) else ""
    if match["tag"]:
        return ""
    if piece in _SAME:
        return _SAME[piece]
    if piece.isspace():
        return " "
    if _LIGATURES.fullmatch(piece):
        return unicodedata.normalize("NFKC", piece)
    return unicodedata.normalize("NFC", piece) if len(piece) > 1 else piece
