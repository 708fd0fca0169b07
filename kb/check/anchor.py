"""Anchors that cannot lie: where the words of a quotation stand in a text, or why they do not.

::

    quotation ─► parts at each ellipsis ─► the same tokens, in order, nowhere inside a word, a number or a compound
              ─► nothing beside or between them that turns what they say (:mod:`kb.check.around`)

A quotation may differ from the text in typography (:mod:`kb.check.tokens`), in the case of its first letter and in
full stop, comma, colon or semicolon at its end. Anything else is another text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Literal

from kb.check.around import inside, losses
from kb.check.tokens import Token, plain, tokens
from kb.check.unlike import Unlike, closest
from kb.tag.context import Context
from kb.tag.record import Passage
from kb.tag.sentences import sentences

Reason = Literal[
    "empty",
    "not_found",
    "part_of_word",
    "number_differs",
    "sign_differs",
    "case_differs",
    "order_differs",
    "words_differ",
    "negation_lost",
    "hedge_lost",
    "number_cut",
    "gap_leaves_passage",
    "gap_turns",
]
#: What each reason says; ``{}`` is filled with the words concerned.
SAYS: dict[Reason, str] = {
    "empty": "The quotation holds no word and no number.",
    "not_found": "The text does not hold these words.",
    "part_of_word": "The quotation begins or ends inside a word or compound of the text: “{}”.",
    "number_differs": "The text has another number: “{}”.",
    "sign_differs": "The text has another sign, unit or comparator: “{}”.",
    "case_differs": "The text writes “{}”, with other capitals.",
    "order_differs": "The text has these words in another order: “{}”.",
    "words_differ": "The text has other words: “{}”.",
    "negation_lost": "The quotation leaves out the denial “{}”.",
    "hedge_lost": "The quotation leaves out the doubt “{}”.",
    "number_cut": "The quotation cuts a number: the text has “{}”.",
    "gap_leaves_passage": "The ellipsis leaps from one passage to another.",
    "gap_turns": "The ellipsis leaves out words that change what the rest says: “{}”.",
}

_ELLIPSIS = re.compile(r"\s*(?:[\[(]\s*(?:…|\.\s?\.\s?\.)\s*[\])]|…|\.\.\.+|\.\s\.\s\.)\s*")
_PASSAGE = re.compile(r"\n[^\S\n]*\n\s*")
_OUTER = frozenset(".,;:\"'")
_COMPARATORS = frozenset(["<", ">", "≤", "≥", "≈", "~", "±", "×", "-x", "+x"])
_ENDS_NUMBER = frozenset(["%", "‰", "×", "±"])
_WORDS_BEFORE = re.compile(
    r"\b(?:at least|at most|up to|(?:less|more|fewer|greater|lower|higher|better|worse) than|over|under|above|below|"
    r"exceeding|minus|plus)\s*$|(?:\d|\d%)\s+(?:to|of)\s*$",
    re.IGNORECASE,
)
_WORDS_AFTER = re.compile(
    r"\s*(?:-?fold|x\s?\d|million|billion|trillion|thousand|hundred|percent|per cent|"
    r"or (?:more|less|fewer|higher|lower)|(?:(?:out )?of|to) (?:the )?[\d.]+)\b",
    re.IGNORECASE,
)
_TURNS = re.compile(
    r"\b(?:but|however|whereas|although|though|while|unlike|than|versus|vs|compared|instead|except|only|controls?|"
    r"placebo|comparator)\b",
    re.IGNORECASE,
)
#: Ways to lay the parts of a quotation over a text that are tried.
_MOST_WAYS = 400


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a quotation stands.

    Attributes:
        start, end: its first character and the one after its last, in the text as given.
        parts: the same for each part between ellipses.
        text: the words there, as the text has them, gaps included.
    """

    start: int
    end: int
    parts: tuple[tuple[int, int], ...]
    text: str


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why words are no quotation of a text.

    Attributes:
        reason: one of a closed set; ``says`` puts it in a sentence.
        lost: the words of the text that the quotation loses or changes; "" where there are none.
        start, end: the place in the text that comes closest; both 0 where none does.
    """

    reason: Reason
    says: str
    lost: str = ""
    start: int = 0
    end: int = 0


def anchor(quote: str, text: str, context: Context | None = None) -> Anchor | Rejection:
    """Find a quotation in a text.

    Args:
        quote: the words quoted; "…", "..." and "[…]" stand for words left out.
        text: what is quoted from; passages are parted by an empty line.
        context: cues of the base (:func:`kb.tag.context.load_context`), asked beside those of this package.

    Returns:
        the first place where the words stand and say what they say there, else why there is none.
    """
    first: Rejection | None = None
    for found in _all(quote, text, context):
        if isinstance(found, Anchor):
            return found
        first = first or found
    assert first is not None  # every quotation is found or refused
    return first


def anchors(quote: str, text: str, context: Context | None = None) -> tuple[Anchor, ...]:
    """Return every place of a quotation in a text, in order; none overlaps the one before.

    Args:
        quote: as for :func:`anchor`.
        text: likewise.
        context: likewise.
    """
    found: list[Anchor] = []
    for one in _all(quote, text, context):
        if isinstance(one, Anchor) and (not found or one.start >= found[-1].end):
            found.append(one)
    return tuple(found)


def _all(quote: str, text: str, context: Context | None) -> Iterator[Anchor | Rejection]:
    parts = [trimmed for piece in _ELLIPSIS.split(quote) if (trimmed := _trimmed(tokens(piece)))]
    if not any(token.kind in ("word", "number") for part in parts for token in part):
        yield _rejected("empty")
        return
    line = tokens(text)
    places = [_places(part, line, first=index == 0) for index, part in enumerate(parts)]
    missing = next((part for part, found in zip(parts, places, strict=True) if not found), None)
    if missing is not None:
        yield _unlike(closest(missing, line), text)
        return
    ways = list(islice(_ways(parts, places), _MOST_WAYS))
    if not ways:
        yield _rejected("order_differs", quote)
    for way in ways:
        spans = [(begin, begin + len(part)) for begin, part in zip(way, parts, strict=True)]
        yield _judged(spans, line, text, context)


def _trimmed(part: Sequence[Token]) -> tuple[Token, ...]:
    """Return the tokens of a part without the punctuation around it."""
    start, end = 0, len(part)
    while start < end and part[start].text in _OUTER:
        start += 1
    while end > start and part[end - 1].text in _OUTER:
        end -= 1
    return tuple(part[start:end])


def _places(part: Sequence[Token], line: Sequence[Token], *, first: bool) -> list[int]:
    """Return where in a text the tokens of a part stand."""
    rest = [token.text for token in part[1:]]
    return [
        place
        for place, token in enumerate(line)
        if (token.text == part[0].text or (first and _same_but_first_letter(token.text, part[0].text)))
        and [one.text for one in line[place + 1 : place + len(part)]] == rest
    ]


def _same_but_first_letter(one: str, other: str) -> bool:
    return one[1:] == other[1:] and one[:1].lower() == other[:1].lower()


def _ways(parts: Sequence[Sequence[Token]], places: Sequence[Sequence[int]], low: int = 0) -> Iterator[tuple[int, ...]]:
    """Yield the ways in which parts follow each other, the nearest first."""
    for place in places[0]:
        if place < low:
            continue
        if len(parts) == 1:
            yield (place,)
            continue
        found = False
        for rest in _ways(parts[1:], places[1:], place + len(parts[0])):
            found = True
            yield (place, *rest)
        if not found:
            return  # what does not fit behind this place fits behind no later one


def _judged(
    spans: Sequence[tuple[int, int]], line: Sequence[Token], text: str, context: Context | None
) -> Anchor | Rejection:
    """Return the anchor of words that stand in a text, or what speaks against it."""
    ends = [(line[begin].start, line[end - 1].end) for begin, end in spans]
    start, end = ends[0][0], ends[-1][1]
    for begin, stop in spans:
        if found := _edges(line, begin, stop, text):
            return found
    for (_, before), (after, _) in pairwise(ends):
        if found := _gap(text, before, after):
            return found
    low, high = _around(text, start, end)
    left, quoted, right = plain(text[low:start]), plain(text[start:end]), plain(text[end:high])
    for loss in losses(left + quoted + right, len(left), len(left + quoted), context):
        return _rejected(loss.kind, loss.words, start, end)
    return Anchor(start, end, tuple(ends), text[start:end])


def _edges(line: Sequence[Token], begin: int, stop: int, text: str) -> Rejection | None:
    """Return why a part may not begin or end where it does: inside a compound, a number, or next to its sign."""
    first, last = line[begin], line[stop - 1]
    before = line[begin - 1] if begin else None
    after = line[stop] if stop < len(line) else None
    place = (first.start, last.end)
    if first.joined and before is not None:
        reason: Reason = "number_cut" if first.kind == before.kind == "number" else "part_of_word"
        return _rejected(reason, text[before.start : last.end], *place)
    if after is not None and after.joined:
        end = line[stop + 1].end if stop + 1 < len(line) else after.end
        reason = "number_cut" if last.kind == "number" and after.kind == "sign" else "part_of_word"
        return _rejected(reason, text[first.start : end], *place)
    if before is not None and before.text == "x-":
        return _rejected("part_of_word", text[before.start : last.end], *place)
    if first.kind == "number" and before is not None:
        if before.kind == "number" or before.text in ("×", "±", "x") or (before.text == "-" and before.kind == "sign"):
            return _rejected("number_cut", text[before.start : first.end], *place)
        if before.text in _COMPARATORS:
            return _rejected("sign_differs", text[before.start : first.end], *place)
        if match := _WORDS_BEFORE.search(text[max(0, first.start - 20) : first.start]):
            return _rejected("sign_differs", f"{match.group().strip()} {text[first.start : first.end]}", *place)
    return _after_number(last, after, text, place)


def _after_number(last: Token, after: Token | None, text: str, place: tuple[int, int]) -> Rejection | None:
    if after is None or last.kind not in ("number", "sign"):
        return None
    if last.kind == "sign" and last.text not in ("%", "‰", "+"):
        return _rejected("number_cut", text[last.start : after.end], *place)
    if last.kind != "number":
        return None
    if after.kind == "number" or after.text in _ENDS_NUMBER or (after.kind == "sign" and after.text in ("-", "+")):
        return _rejected("number_cut", text[last.start : after.end], *place)
    if match := _WORDS_AFTER.match(text[last.end : last.end + 24]):
        return _rejected("number_cut", text[last.start : last.end] + match.group(), *place)
    return None


def _gap(text: str, start: int, end: int) -> Rejection | None:
    """Return why the words between two parts may not be left out."""
    skipped = text[start:end]
    words = " ".join(plain(skipped).split())
    if _PASSAGE.search(skipped):
        return _rejected("gap_leaves_passage", words, start, end)
    if loss := inside(words):
        return _rejected(loss.kind, words, start, end)
    if _TURNS.search(words):
        return _rejected("gap_turns", words, start, end)
    numbers = [token for token in tokens(skipped) if token.kind == "number" or token.text in _COMPARATORS]
    near = re.search(r"\d[%‰]?$", text[:start]) or re.match(r"[\d%‰]", text[end:])
    if numbers and near:
        return _rejected("gap_turns", words, start, end)
    return None


def _around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the place of the sentences in which words begin and end, within their passage."""
    low = max((match.end() for match in _PASSAGE.finditer(text, 0, start)), default=0)
    behind = _PASSAGE.search(text, end)
    high = behind.start() if behind else len(text)
    # A line may end anywhere: to the sentences of a passage it is white space.
    passage = re.sub(r"\s", " ", text[low:high])
    spans = [(low + one.start, low + one.end) for one in sentences(Passage("title", "title", passage))]
    begin = max((one for one, _ in spans if one <= start), default=low)
    return begin, min((stop for _, stop in spans if stop >= end), default=high)


def _unlike(found: Unlike, text: str) -> Rejection:
    return _rejected(found.reason, text[found.start : found.end], found.start, found.end)


def _rejected(reason: Reason, lost: str = "", start: int = 0, end: int = 0) -> Rejection:
    lost = " ".join(lost.split())
    return Rejection(reason, SAYS[reason].format(lost), lost, start, end)
