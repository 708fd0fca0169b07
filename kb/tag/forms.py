"""The written forms of a name: its tokens, what may stand between them, and which of them are compared by case.

A token is a run of letters, a run of digits or one other sign. White space and hyphens are gaps between tokens. The
same cutting serves names and texts, so a name is found where its tokens follow each other with gaps it allows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from kb.tag.normal import canonical, fold

#: A token and the gap behind it. Letters of scripts without spaces between words are signs of their own.
TOKEN = re.compile(r"([a-zß-öø-῿]+(?:'s?(?![a-z0-9]))?|[0-9]+|[^\s-])([\s-]*)")
_LEADING = re.compile(r"[\s-]*")

#: What stands between two tokens, one bit each, so that a name can allow several.
GLUED, HYPHEN, SPACE, BREAK = 1, 2, 4, 8
_WORDS = HYPHEN | SPACE
_NUMBER = GLUED | HYPHEN | SPACE
_NUMBER_GLUED = GLUED | HYPHEN
_SIGN = GLUED | SPACE

#: Abbreviations that are ordinary English words. In a text all in capitals they need support (kb.tag.matcher).
ENGLISH = frozenset({"AIDS", "ALL", "ART", "BIKE", "CAR", "CARS", "CART", "DISC", "IRE", "MALT", "MUD", "NET", "NETS"})
#: Of these, the ones that are compared by case in longer names too: "T-cell ALL" is not "T-cell all".
_ALWAYS = frozenset({"AIDS", "ALL", "ART", "NET"})
#: Prefixes written with and without their hyphen ("post-transplant", "posttransplant").
_PREFIXES = ("anti", "chemo", "immuno", "multi", "neo", "non", "peri", "post", "pre", "radio")
_MEMORY = 10_000
_ACRONYM_LETTERS = 5
_PREFIX_REST = 5


@dataclass(frozen=True, slots=True)
class Token:
    """One token of a text.

    Attributes:
        start, end: characters in the folded text; a closing quotation mark is left out.
        key: what is compared (:func:`kb.tag.normal.canonical`).
        surface: as written, without a possessive ending.
        gap: one of :data:`GLUED`, :data:`HYPHEN`, :data:`SPACE`, :data:`BREAK`, of the gap behind it.
    """

    start: int
    end: int
    key: str
    surface: str
    gap: int


@dataclass(frozen=True, slots=True)
class Form:
    """One way a name is written.

    Attributes:
        keys: of its tokens.
        gaps: for each pair of neighbours the gaps allowed, as bits.
        by_case: (token, letters) of those that must be met in exactly this case; an s of the plural may follow.
        cased: the name is an abbreviation: all its letters are compared by case.
        name: the vocabulary's spelling.
    """

    keys: tuple[str, ...]
    gaps: tuple[int, ...]
    by_case: tuple[tuple[int, str], ...]
    cased: bool
    name: str


class _Gaps(dict[str, int]):
    """Characters of a gap → its kind, each worked out once."""

    def __missing__(self, between: str) -> int:
        if len(self) >= _MEMORY:
            self.clear()
        self[between] = kind = gap_of(between)
        return kind


#: Kinds of the gaps that turn up.
GAPS = _Gaps()


def gap_of(between: str) -> int:
    """Return the kind of a gap.

    A hyphen joins words when it touches at least one of them; one with space on both sides, two in a row and an empty
    line part them.
    """
    if not between:
        return GLUED
    hyphens = between.count("-")
    if hyphens > 1 or between.count("\n") > 1:
        return BREAK
    if not hyphens:
        return SPACE
    return BREAK if not between.startswith("-") and not between.endswith("-") else HYPHEN


def tokens_of(text: str) -> list[Token]:
    """Return the tokens of a text, offsets counted in its folded view; the plain way, for names and short texts."""
    folded = fold(text)
    tokens = []
    for match in TOKEN.finditer(folded.lower):
        start, end = match.span(1)
        bare = folded.cased[start:end]
        if len(bare) > 1:
            end -= bare.endswith("'")
            bare = bare.rstrip("'").removesuffix("'s").removesuffix("'S")
        tokens.append(Token(start, end, canonical(match.group(1)), bare, GAPS[match.group(2)]))
    return tokens


def leading(lower: str) -> int:
    """Return the number of characters before the first token of a folded text."""
    match = _LEADING.match(lower)
    return match.end() if match else 0


def is_acronym(word: str) -> bool:
    """Tell an abbreviation from a word: a capital behind the first letter and at most five letters, or one capital.

    Longer ones ("PMLBCL", "NanoKnife") mean nothing else in small letters, so their case does not matter.
    """
    if len(word) == 1:
        return word.isupper()
    return len(word) <= _ACRONYM_LETTERS and word.isalpha() and any(char.isupper() for char in word[1:])


def is_name_by_case(tokens: list[Token]) -> bool:
    """Tell whether a whole name is compared by case.

    So are names of abbreviations alone ("ALL", "CAR-T", "R/M", "2L"). One ordinary word of three letters or more
    ("CAR T cells", "CMV infection") or a number behind two letters ("IL-2", "CD19") makes a name plain enough.
    """
    letters = [token.surface for token in tokens if token.surface[:1].isalpha()]
    if not letters or any(len(word) > 2 and not is_acronym(word) for word in letters):
        return False
    digits = any(token.surface.isdigit() for token in tokens)
    return not digits or sum(map(len, letters)) < 2


def forms_of(name: str) -> Iterator[Form]:
    """Yield the ways in which a name is written, the name itself first.

    Args:
        name: a label or synonym; nothing comes of one without a letter or digit.
    """
    tokens = tokens_of(name)
    if not any(token.surface[:1].isalnum() for token in tokens):
        return
    yield _form(tokens, name)
    dotless = [token for token in tokens if not _is_joint(token, tokens)]
    if len(dotless) < len(tokens):
        yield _form(dotless, name)
    yield from _prefixed(dotless, name)


def _is_joint(token: Token, tokens: list[Token]) -> bool:
    """Tell whether a token is a dot between letters ("CAR.NK"), which stands for a hyphen."""
    place = tokens.index(token)
    return (
        token.surface == "."
        and 0 < place < len(tokens) - 1
        and tokens[place - 1].surface.isalpha()
        and tokens[place + 1].surface.isalpha()
    )


def _prefixed(tokens: list[Token], name: str) -> Iterator[Form]:
    """Yield the forms with a prefix cut off or joined on."""
    for place, token in enumerate(tokens):
        word = token.surface.lower()
        for prefix in _PREFIXES:
            if word == prefix and place + 1 < len(tokens) and token.gap in (HYPHEN, SPACE):
                rest = tokens[place + 1]
                if rest.surface.isalpha() and rest.surface.islower() and len(rest.surface) >= _PREFIX_REST:
                    joined = Token(token.start, rest.end, canonical(word + rest.surface), word + rest.surface, rest.gap)
                    yield _form([*tokens[:place], joined, *tokens[place + 2 :]], name)
            elif word.startswith(prefix) and len(word) >= len(prefix) + _PREFIX_REST and not is_acronym(token.surface):
                middle = token.start + len(prefix)
                head = Token(token.start, middle, canonical(prefix), prefix, HYPHEN)
                tail = Token(middle, token.end, canonical(word[len(prefix) :]), word[len(prefix) :], token.gap)
                yield _form([*tokens[:place], head, tail, *tokens[place + 1 :]], name)


def _form(tokens: list[Token], name: str) -> Form:
    cased = is_name_by_case(tokens)
    by_case = tuple(
        (at, token.surface)
        for at, token in enumerate(tokens)
        if token.surface[:1].isalpha() and (cased or (token.surface in _ALWAYS and is_acronym(token.surface)))
    )
    gaps = tuple(_allowed(left, right) for left, right in pairwise(tokens))
    return Form(tuple(token.key for token in tokens), gaps, by_case, cased, name)


def _allowed(left: Token, right: Token) -> int:
    """Return the gaps a name allows between two of its tokens."""
    if not left.surface[-1:].isalnum() or not right.surface[:1].isalnum():
        return _SIGN if left.gap == GLUED else _SIGN | HYPHEN
    if left.surface.isalpha() and right.surface.isalpha():
        return _WORDS
    return _NUMBER_GLUED if left.gap == GLUED else _NUMBER
