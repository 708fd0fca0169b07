"""Superscripts and subscripts: from pieces of a line to :class:`~kb.records.article.Marked`.

A dose of ``10<sup>9</sup>`` cells must never read 109. Two forms are written, by these rules.

``text``: a raised or lowered piece is written with Unicode's letters where every letter of it has one,
else as ``^(…)`` or ``_(…)``. Signs that are raised by nature (``®``, ``*``, ``°``) stay as they are.
Any dash in such a piece is a minus.

``plain``: letters, signs and digits run on (``CD56bright``, ``CD3-``, ``Ca2+``, ``m2``, ``H2O``) unless a number
would change its value. So ``^`` or ``_`` stands before the piece when

* a digit comes before it (also with a space or a full stop between) and it begins with a number, or
* a number that stands alone comes before it, and it is no ending of an ordinal (``10^n``, but ``19th``);

and brackets stand around it when a digit follows at once (``mc^(2)155``) or it is no simple number or word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from kb.records.article import Marked


class Place(Enum):
    """Where a piece stands; its value is the mark that says so."""

    LINE = ""
    UP = "^"
    DOWN = "_"


class Piece(NamedTuple):
    """Some letters that stand together.

    Attributes:
        place: on the line, raised or lowered.
        text: the letters.
        plain: the same for search; differs from ``text`` only where scripts are nested in scripts.
        nested: the piece holds scripts of its own.
    """

    place: Place
    text: str
    plain: str
    nested: bool = False


def piece(text: str, place: Place = Place.LINE) -> Piece:
    """Return letters that are the same in both forms."""
    return Piece(place, text, text)


#: Only letters whose compatibility form (NFKC) is the plain letter again, but for the minus.
_UP = dict(
    zip(
        "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡ",
        strict=True,
    )
)
_DOWN = dict(zip("0123456789+-=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True))
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−⁃﹣－"), "-")
_BY_NATURE = {letter: letter for letter in "®™℠©°º′″‴*†‡§¶#"}

_LETTERS = {Place.UP: {**_UP, **_BY_NATURE}, Place.DOWN: _DOWN}
_BACK = {Place.UP: {ord(v): k for k, v in _UP.items()}, Place.DOWN: {ord(v): k for k, v in _DOWN.items()}}
#: Whether there is any; one class of letters is searched ten times as fast as two alternatives.
_ANY_TYPED = re.compile(f"[{''.join(_UP.values())}{''.join(_DOWN.values())}]")
_TYPED = re.compile(f"([{''.join(_UP.values())}]+)|([{''.join(_DOWN.values())}]+)")

_AFTER_DIGIT = re.compile(r"\d[.,·]?\s*$")
_AFTER_NUMBER = re.compile(r"(?:^|[\s(\[{×·*/=<>≤≥~≈,;:±+−–]|(?:^|\s)-|\d\s?x)\d[\d.,]*$")
_NUMBER_FIRST = re.compile(r"[-+±]?[.,]?\d")
_DIGIT_NEXT = re.compile(r"[.,]?\d")
_SIMPLE = re.compile(r"[-+±]*\w*(?:\.\w+)?[-+±]*")
_ORDINAL = {"st", "nd", "rd", "th"}
#: More than a number has before a script; the rules look no farther back.
_TAIL = 32


def has_scripts(text: str) -> bool:
    """Tell whether letters of a text were typed as Unicode scripts."""
    return not text.isascii() and _ANY_TYPED.search(text) is not None


def line(text: str) -> list[Piece]:
    """Return letters on the line; those that were typed as Unicode scripts (``10⁹``) become scripts."""
    if not has_scripts(text):
        return [piece(text)] if text else []
    found = []
    end = 0
    for match in _TYPED.finditer(text):
        if match.start() > end:
            found.append(piece(text[end : match.start()]))
        place = Place.UP if match[1] else Place.DOWN
        found.append(piece(match[0].translate(_BACK[place]), place))
        end = match.end()
    if end < len(text):
        found.append(piece(text[end:]))
    return found


def script(place: Place, inner: Iterable[Piece]) -> list[Piece]:
    """Raise or lower some pieces; blanks at their ends stay on the line, so that no words run together."""
    pieces = _joined(inner)
    solid = [part for part in pieces if part.text.strip()]
    if not solid:
        return pieces
    if len(solid) == 1 and solid[0].place is place:
        return pieces  # the same markup twice says nothing more than once
    before, after = _blank(pieces[0].text, end=False), _blank(pieces[-1].text, end=True)
    if all(part.place is Place.LINE for part in solid):
        middle = piece(collapsed("".join(part.text for part in pieces)), place)
    else:
        marked = written(pieces)
        middle = Piece(place, marked.text, marked.plain, nested=True)
    return [part for part in (before, middle, after) if part.text]


def written(pieces: Iterable[Piece]) -> Marked:
    """Write pieces as one line, white space collapsed."""
    joined = _joined(pieces)
    text = plain = ""
    for index, part in enumerate(joined):
        if part.place is Place.LINE:
            text += part.text
            plain += part.text
            continue
        following = joined[index + 1] if index + 1 < len(joined) else None
        digit_next = following is not None and following.place is Place.LINE and _DIGIT_NEXT.match(following.text)
        text += _as_text(part)
        plain += _as_plain(part, plain[-_TAIL:], digit_next=bool(digit_next))
    return Marked(collapsed(text), collapsed(plain))


def collapsed(text: str) -> str:
    """Return a text with white space collapsed and trimmed."""
    # Splitting is the parser's dearest step, and seldom needed. XML has no other white space in ASCII than these.
    if text.isascii() and not ("  " in text or "\n" in text or "\t" in text or "\r" in text):
        return text.strip()
    return " ".join(text.split())


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Join neighbours of one place: ``<sup>−</sup><sup>6</sup>`` is one exponent."""
    found: list[Piece] = []
    for part in pieces:
        last = found[-1] if found else None
        if last and last.place is part.place and not (last.nested or part.nested):
            found[-1] = piece(last.text + part.text, part.place)
        else:
            found.append(part)
    return found


def _blank(text: str, *, end: bool) -> Piece:
    blank = text != (text.rstrip() if end else text.lstrip())
    return piece(" " if blank else "")


@lru_cache(maxsize=4096)
def _as_text(part: Piece) -> str:
    letters = _LETTERS[part.place]
    content = part.text.translate(_DASHES)
    if not part.nested and all(letter in letters for letter in content):
        return "".join(letters[letter] for letter in content)
    return f"{part.place.value}({part.text})"


def _as_plain(part: Piece, before: str, *, digit_next: bool) -> str:
    mark = part.place.value
    if part.nested:
        return f"{mark}({part.plain})"
    content = part.plain.translate(_DASHES)
    if all(letter in _BY_NATURE for letter in content):
        return content
    if _NUMBER_FIRST.match(content):
        apart = _AFTER_DIGIT.search(before) is not None
    else:
        apart = content not in _ORDINAL and _AFTER_NUMBER.search(before) is not None
    runs_on = digit_next and content[-1].isdigit()
    if runs_on or (apart and not _SIMPLE.fullmatch(content)):
        return f"{mark}({content})"
    return mark + content if apart else content
