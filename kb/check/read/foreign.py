"""Only English is read: a page in another language is refused, a foreign sentence is named."""

from __future__ import annotations

from collections.abc import Sequence

from kb.check.page import Block, PageError
from kb.tag.language import english

#: :func:`kb.tag.language.english` looks at so many characters.
_LOOKED_AT = 20_000
_NAMED = 12


def refuse_foreign(name: str, blocks: Sequence[Block], paged: bool) -> list[str]:
    """Return notes on blocks in other languages. References are not asked: titles may be in any language.

    Args:
        name: of the file.
        blocks: of the page.
        paged: lines mean nothing to a reader of the file; the block's place is named.

    Raises:
        PageError: most of it is not in English, or there is no letter to read.
    """
    asked = [block for block in blocks if block.kind != "reference"]
    text = "\n".join(block.text for block in asked)
    words, letters = len(text.split()), sum(map(str.isalpha, text))
    if not letters:
        raise PageError(f"{name}: no text to check was found in it. Give a file with the wording of the page.")
    pieces = [text[at : at + _LOOKED_AT] for at in range(0, len(text), _LOOKED_AT)]
    strange = sum(len(piece) for piece in pieces if not english(piece))
    foreign = [block for block in asked if not english(block.text)]
    if 2 * strange > len(text) or 2 * sum(len(block.text) for block in foreign) > len(text):
        raise PageError(
            f"{name}: not in English, as far as its {words:,} words ({letters:,} letters) tell. Only English is read: "
            "give an English version of the page."
        )
    if not foreign:
        return []
    places = list(dict.fromkeys(block.place if paged and block.place else f"line {block.line}" for block in foreign))
    more = f" and {len(places) - _NAMED} more" if len(places) > _NAMED else ""
    return [f"Not in English and not checked: {', '.join(places[:_NAMED])}{more}."]
