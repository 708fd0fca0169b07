"""Boolean expressions, read from a list of tokens: what PubMed, Essie and Europe PMC have in common."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

Leaf = Callable[[str], set[str]]
OPERATORS = ("AND", "OR", "NOT")


class ExpressionError(ValueError):
    """An expression that cannot be read."""


def split(pattern: re.Pattern[str], text: str) -> list[str]:
    """Return the tokens of an expression: what the pattern matches, in order; space between is dropped."""
    return [token for token in pattern.findall(text) if token.strip()]


def evaluate(tokens: Sequence[str], leaf: Leaf, everything: set[str], *, flat: bool = False) -> set[str]:
    """Return the records an expression finds.

    Args:
        tokens: brackets, AND, OR, NOT (upper case only) and leaves; two leaves side by side are joined by AND.
        leaf: records that one leaf finds.
        everything: all records, for NOT without a left side.
        flat: strictly from left to right, as PubMed reads; else AND binds closer than OR.

    Raises:
        ExpressionError: unbalanced brackets, or an operator without a side.
    """
    reader = _Reader(tokens, leaf, everything, flat)
    found = reader.either()
    if reader.peek():
        raise ExpressionError(f"unexpected {reader.peek()!r}")
    return found


class _Reader:
    def __init__(self, tokens: Sequence[str], leaf: Leaf, everything: set[str], flat: bool) -> None:
        self.tokens, self.leaf, self.everything, self.flat = list(tokens), leaf, everything, flat
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self.at += 1
        return token

    def either(self) -> set[str]:
        found = self.both()
        while self.peek() == "OR":
            self.take()
            found = found | (self.one() if self.flat else self.both())
            if self.flat:
                found = self.both(found)
        return found

    def both(self, found: set[str] | None = None) -> set[str]:
        found = self.one() if found is None else found
        while self.peek() not in ("", ")", "OR"):
            if self.peek() == "AND":
                self.take()
            if self.peek() == "NOT":
                self.take()
                found = found - self.one()
            else:
                found = found & self.one()
        return found

    def one(self) -> set[str]:
        token = self.take()
        if token == "NOT":
            return self.everything - self.one()
        if token == "(":
            found = self.either()
            if self.take() != ")":
                raise ExpressionError("a bracket is not closed")
            return found
        if token in ("", ")", *OPERATORS):
            raise ExpressionError(f"something is missing before {token!r}")
        return self.leaf(token)
