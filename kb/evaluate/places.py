"""Where a mention stands in a text."""

from __future__ import annotations

import re


def occurrence(text: str, mention: str, number: int) -> tuple[int, int] | None:
    """Return start and end of the so-manieth occurrence of a mention as whole words; None when there are fewer.

    Args:
        text: any text.
        mention: the words as they stand there, case included.
        number: 1 for the first.
    """
    if not mention:
        return None
    places = re.finditer(rf"(?<!\w){re.escape(mention)}(?!\w)", text)
    for count, match in enumerate(places, 1):
        if count == number:
            return match.span()
    return None
