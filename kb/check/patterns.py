r"""Patterns of wording rules: a small, safe part of regular expressions.

Patterns are written in lower case and meet lower-case text. So that no page, however made, can hold up a check,
only ``\w*``, ``\w+`` and ``\d+`` may repeat without bound; every other repeat has an upper limit.
"""

from __future__ import annotations

import re
from functools import lru_cache

_UNBOUNDED = re.compile(r"(?<!\\)(?:\\\\)*(?:[*+]|\{\d*,\})")
_ALLOWED = re.compile(r"\\[wd][*+]")
_CLASS = re.compile(r"\[(?:\\.|[^\]\\])+\]")
_ESCAPE = re.compile(r"\\.")
_LIMIT = re.compile(r"\{(?:\d+,)?(\d+)\}")
#: Longest stretch a pattern may skip between two of its words.
_LONGEST_GAP = 120
#: How many skips one pattern may have: the work grows with their product.
_MOST_GAPS = 2
_ZERO_WIDTH = ("(?=", "(?!", "(?<=", "(?<!")


def fault(pattern: str) -> str | None:
    """Return what is wrong with a pattern, None when it can be used."""
    try:
        re.compile(pattern)
    except re.error as error:
        return f"not a regular expression: {error}"
    bare = _CLASS.sub("x", pattern)
    if any(character.isupper() for character in _ESCAPE.sub("", pattern)):
        return "it has capital letters, but meets text in lower case"
    if _UNBOUNDED.search(_ESCAPE.sub("x", _ALLOWED.sub("x", bare))):
        return r"it repeats without bound (only \w*, \w+ and \d+ may)"
    limits = [int(limit) for limit in _LIMIT.findall(bare)]
    if any(limit > _LONGEST_GAP for limit in limits):
        return f"it skips more than {_LONGEST_GAP} characters"
    if sum(limit > 5 for limit in limits) > _MOST_GAPS * max(1, bare.count("|") + 1):
        return "it has too many gaps"
    if re.search(pattern, ""):
        return "it is found in an empty text, so everywhere"
    return None if literals(pattern) else "it has no word of two letters that every match holds"


@lru_cache(maxsize=1024)
def whole_words(pattern: str) -> re.Pattern[str]:
    """Return the pattern compiled so that it begins and ends at the edge of a word."""
    return re.compile(rf"(?<![\w-])(?:{pattern})(?!\w)")


def literals(pattern: str) -> frozenset[str]:
    """Return pieces of plain text, at least one of which is in everything the pattern matches; empty if none is known.

    Looking for them first spares nearly all searches.
    """
    found, _ = _either(pattern, 0)
    return found


def _either(pattern: str, at: int) -> tuple[frozenset[str], int]:
    """Read alternatives up to the closing bracket or the end."""
    pieces: list[frozenset[str]] = []
    while True:
        piece, at = _sequence(pattern, at)
        pieces.append(piece)
        if at >= len(pattern) or pattern[at] == ")":
            return (frozenset().union(*pieces) if all(pieces) else frozenset()), at
        at += 1  # the bar


def _sequence(pattern: str, at: int) -> tuple[frozenset[str], int]:
    """Read one alternative; of its pieces the one with the longest shortest text is kept."""
    known: list[frozenset[str]] = []
    run = ""
    while at < len(pattern) and pattern[at] not in "|)":
        start, text, group = at, "", frozenset[str]()
        if pattern[at] == "(":
            group, at = _group(pattern, at)
        elif pattern[at] == "[":
            hit = _CLASS.match(pattern, at)
            at = hit.end() if hit else len(pattern)
        elif pattern[at] == "\\":
            text = "" if pattern[at + 1].isalnum() else pattern[at + 1]
            at += 2
        else:
            text = "" if pattern[at] in ".^$" else pattern[at]
            at += 1
        optional, repeated, at = _repeat(pattern, at)
        if text and not optional:
            run += text
        if not text or optional or repeated:
            known.append(frozenset((run,)))
            run = ""
        if group and not optional and not pattern.startswith(_ZERO_WIDTH, start):
            known.append(group)
    known.append(frozenset((run,)))
    useful = [piece for piece in known if min(map(len, piece)) > 1]
    return max(useful, key=lambda piece: min(map(len, piece)), default=frozenset()), at


def _group(pattern: str, at: int) -> tuple[frozenset[str], int]:
    """Read a bracket from its opening to behind its closing."""
    opening = next((mark for mark in (*_ZERO_WIDTH, "(?:") if pattern.startswith(mark, at)), "(")
    found, at = _either(pattern, at + len(opening))
    return found, at + 1


def _repeat(pattern: str, at: int) -> tuple[bool, bool, int]:
    """Return whether the piece before may be missing, whether it repeats, and the place behind the repeat."""
    if at < len(pattern) and pattern[at] in "?*+":
        return pattern[at] != "+", True, at + 1
    if at < len(pattern) and pattern[at] == "{":
        end = pattern.index("}", at)
        least = pattern[at + 1 : end].split(",")[0]
        return int(least or 0) == 0, True, end + 1
    return False, False, at
