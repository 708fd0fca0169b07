"""Abbreviations a text defines for the words of a question: "overall survival (OS)" lets OS stand for the outcome."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kb.tag.direction_text import NOT_CONTENT, Question, Role, Word, plain, words

_ABBREVIATED = re.compile(r"\((?P<name>[A-Z][A-Za-z0-9]{1,7})[;,)]")
#: Characters before an abbreviation in which its words must stand.
_REACH = 90


def defined(text: str, asked: Question) -> Question:
    """Return the question with the abbreviations the text defines.

    Args:
        text: the whole text, as given.
        asked: the question.
    """
    flat = plain(text).text
    letters = dict(asked.letters)
    for match in _ABBREVIATED.finditer(flat):
        name = match["name"].lower()
        role = _role_of(words(flat[max(0, match.start() - _REACH) : match.start()]), name, asked)
        if role and not letters.get(name):
            letters[name] = role
    return replace(asked, letters=tuple(sorted(letters.items())))


def _role_of(before: Sequence[Word], name: str, asked: Question) -> Role:
    """Return the role of the words an abbreviation stands for; "" when they are none of the question's."""
    size = next((n for n in range(1, len(name) + 3) if n <= len(before) and before[-n].low[0] == name[0]), 0)
    long = [word.stem for word in before[-size:] if word.low not in NOT_CONTENT and word.low.isalpha()] if size else []
    if not long:
        return ""
    sides: tuple[tuple[Role, frozenset[str]], ...] = (
        ("OUT", asked.outcome),
        ("INT", asked.intervention),
        ("CMP", asked.comparator),
    )
    share, role = max(
        ((sum(one in part for one in long) / len(long), role) for role, part in sides), key=lambda one: one[0]
    )
    return role if share > 0.5 else ""
