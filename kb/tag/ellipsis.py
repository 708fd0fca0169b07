"""Names that share their last word: "gastric or colorectal cancer", "acute myeloid or lymphoblastic leukaemia".

Authors leave the noun out of all but the last name of a list. Each piece before is tried with the noun put back; it is
a name only when the whole of it is one in the vocabulary.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from kb.tag.tags import Hit

_ITEM = r"[A-Za-z][\w'’-]*(?:\s[a-z][\w'’-]*)?(?:\s\([^()]{1,25}\))?"
#: A list that ends right before a name: "lung, gastric (n = 7) and ".
_LIST = re.compile(rf"((?:{_ITEM}\s*(?:,\s*(?:and\s|or\s)?|\s(?:and/or|and|or)\s|/)\s*){{1,6}})$")
_BETWEEN = re.compile(r"\s*(?:,\s*(?:and\s|or\s)?|\s(?:and/or|and|or)\s|/)\s*")
#: The same list right before the bare noun: "gastric (n = 7) or colorectal (n = 3) cancer".
_WHOLE = re.compile(rf"((?:{_ITEM}\s*(?:,\s*(?:and\s|or\s)?|\s(?:and/or|and|or)\s|/)\s*){{0,6}}{_ITEM})\s$")
_LAST_WORD = re.compile(r"[\s-]([A-Za-z]+)$")
_BRACKETS = re.compile(r"\s\([^()]*\)")


def completed(text: str, hits: Iterable[Hit], find: Callable[[str], Iterable[Hit]]) -> Iterator[Hit]:
    """Yield the names that a list left incomplete.

    Args:
        text: the passage.
        hits: names of one facet found in it.
        find: the names in a phrase (all facets).
    """
    for hit in hits:
        last = _LAST_WORD.search(_BRACKETS.sub("", hit.text))
        noun = last.group(1) if last else hit.text
        # The search is bounded: a list of more than 160 characters is prose.
        found = (_LIST if last else _WHOLE).search(text[max(0, hit.start - 160) : hit.start])
        if found is None or not noun.isalpha():
            continue
        place = max(0, hit.start - 160) + found.start(1)
        for piece in _pieces(found.group(1)):
            words = _BRACKETS.sub("", piece)
            start = text.index(piece, place)
            place = start + len(piece)
            yield from _named(words, noun, hit.facet, start, text, find)


def _pieces(listed: str) -> list[str]:
    return [piece for piece in _BETWEEN.split(listed) if piece.strip()]


def _named(
    words: str, noun: str, facet: str, start: int, text: str, find: Callable[[str], Iterable[Hit]]
) -> Iterator[Hit]:
    """Yield the names that the longest end of a piece makes together with the noun."""
    parts = words.split()
    for first in range(len(parts)):
        piece = " ".join(parts[first:])
        phrase = f"{piece} {noun}"
        whole = [one for one in find(phrase) if one.facet == facet and one.start == 0 and one.end == len(phrase)]
        if whole:
            offset = text.index(parts[first], start)
            end = text.index(parts[-1], offset) + len(parts[-1])
            for one in whole:
                yield Hit(facet, one.concept, offset, end, text[offset:end], one.name, one.cased)
            return
