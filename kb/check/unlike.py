"""Why words are not in a text: the place that comes closest, and what differs there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from kb.check.around import inside
from kb.check.tokens import Token

Difference = Literal[
    "not_found",
    "part_of_word",
    "number_differs",
    "sign_differs",
    "case_differs",
    "order_differs",
    "words_differ",
    "negation_lost",
    "hedge_lost",
]
#: Share of the words that must meet for a place to be called close.
_CLOSE = 0.5


@dataclass(frozen=True, slots=True)
class Unlike:
    """What differs, and where in the text."""

    reason: Difference
    start: int
    end: int


def closest(part: Sequence[Token], line: Sequence[Token]) -> Unlike:
    """Return the difference between words and the place of a text that is most like them.

    Args:
        part: the words looked for; they are not in the text.
        line: the tokens of the text.
    """
    begin, score = _window(part, line)
    if score < _CLOSE * len(part):
        return _inside_a_word(part, line) or Unlike("not_found", 0, 0)
    window = line[begin : begin + len(part) + max(3, len(part) // 3)]
    mine, theirs = [token.text for token in part], [token.text for token in window]
    steps = [step for step in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes() if step[0] != "equal"]
    if steps and steps[-1][0] == "insert" and steps[-1][1] == len(mine):
        steps.pop()  # the window is wider than the words
    if not steps:
        return Unlike("words_differ", window[0].start, window[-1].end)
    low, high = min(step[3] for step in steps), max(step[4] for step in steps)
    first = min(low, len(window) - 1)
    start, end = window[first].start, window[max(first, high - 1)].end
    gone = [token for step in steps for token in window[step[3] : step[4]]]
    new = [token for step in steps for token in part[step[1] : step[2]]]
    return Unlike(_reason(new, gone), start, end)


def _reason(new: Sequence[Token], gone: Sequence[Token]) -> Difference:
    """Name the difference between words that are new in a quotation and those of the text that are gone from it."""
    mine, theirs = [token.text for token in new], [token.text for token in gone]
    loss = inside(" ".join(theirs))
    if loss is not None and inside(" ".join(mine)) is None:
        return loss.kind
    if sorted(mine) == sorted(theirs):
        return "order_differs"
    if [one.lower() for one in mine] == [one.lower() for one in theirs]:
        return "case_differs"
    if _of(new, "number") != _of(gone, "number"):
        return "number_differs"
    if _of(new, "sign") != _of(gone, "sign"):
        return "sign_differs"
    if any(one != other and (one in other or other in one) for one in mine for other in theirs if one.isalnum()):
        return "part_of_word"
    return "words_differ"


def _of(line: Sequence[Token], kind: str) -> list[str]:
    return [token.text for token in line if token.kind == kind]


def _window(part: Sequence[Token], line: Sequence[Token]) -> tuple[int, int]:
    """Return where the stretch of a text begins that shares most words with a part, and how many."""
    wanted = Counter(token.text for token in part)
    size = len(part)
    seen: Counter[str] = Counter()
    shared = best = place = 0
    for index, token in enumerate(line):
        seen[token.text] += 1
        shared += seen[token.text] <= wanted[token.text]
        if index >= size:
            old = line[index - size].text
            shared -= seen[old] <= wanted[old]
            seen[old] -= 1
        if shared > best:
            best, place = shared, max(0, index - size + 1)
    return place, best


def _inside_a_word(part: Sequence[Token], line: Sequence[Token]) -> Unlike | None:
    """Return the word of the text that holds a single quoted word as a part of it."""
    if len(part) == 1 and part[0].kind == "word":
        for token in line:
            if part[0].text.lower() in token.text.lower():
                return Unlike("part_of_word", token.start, token.end)
    return None
