"""Brackets of a plain text: how many are open at a place, and which hold no more than an explanation."""

from __future__ import annotations

import re


def depth(text: str) -> int:
    """Return how many brackets are open at the end of a text."""
    return text.count("(") + text.count("[") - text.count(")") - text.count("]")


def _opened(text: str) -> list[int]:
    """Return the places of the brackets that are open at the end of a text."""
    places: list[int] = []
    for match in re.finditer(r"[()\[\]]", text):
        if match.group() in "([":
            places.append(match.start())
        elif places:
            places.pop()
    return places


#: "(CR + PR)", "(CR/PR)": what an endpoint is made of.
_WITH_OTHER = re.compile(r"\s?[\w-]+(?:\s?[+/]\s?|\s(?:and|or|plus)\s)[\w-]+\s?")


def explains(text: str, start: int, end: int) -> bool:
    """Tell whether a name stands in a closed bracket with other words: "response rate (CR and PR) was".

    Args:
        text: what stands before the figure.
        start: first character of the name.
        end: its end.
    """
    opened = _opened(text[:start])
    level = lowest = len(opened)
    length = 0
    for bracket in re.compile(r"[()\[\]]").finditer(text, end):
        level += 1 if bracket.group() in "([" else -1
        if 0 <= level < lowest:
            lowest = level
            length = bracket.start() - opened[lowest]
    if lowest == len(opened):
        return False
    inside = text[opened[lowest] + 1 : opened[lowest] + length]
    return _WITH_OTHER.fullmatch(inside) is not None or length > end - start + 6
