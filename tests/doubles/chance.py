"""Seeded choices: the same words give the same stream, on every machine and in every thread order."""

from __future__ import annotations

import random


def stream(*words: object) -> random.Random:
    """Return a generator that depends on these words only."""
    return random.Random(":".join(map(str, words)))  # noqa: S311 a repeatable draw is the point
