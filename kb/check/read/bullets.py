"""Marks at the beginning of a line: bullets, numbers, footnote signs."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_NUMBER = re.compile(r"\(?(\d{1,3}|[a-z]|[ivx]{2,4})[.)]\s+(?=\S)")
_SIGN = re.compile(r"(?:[-–—*+•·∙◦‣⁃▪▫●○■□►▶▸→➔➜➤⇒»✓✔✅☑✦★☆o](?:\ufe0f)?)\s+(?=\S)")
#: A tick or an arrow needs no space after it.
_TIGHT = re.compile(r"[•●▪►▶▸➔➜➤✓✔✅☑→](?:\ufe0f)?(?=[^\W_])")
#: A cross says that something is not so: it stays in the text.
CROSSES = "❌✗✘✖❎🚫"
_CROSS = re.compile(f"[{CROSSES}](?:\ufe0f)?\\s*(?=\\S)")


@dataclass(frozen=True, slots=True)
class Bullet:
    """A mark at the beginning of a line.

    Attributes:
        length: characters that are mark, white space after it included; 0 where the mark stays in the text.
        sort: which kind of mark; items of one list share it.
        number: of a numbered item; "" else.
    """

    length: int
    sort: str
    number: str = ""


def bullet_of(line: str) -> Bullet | None:
    """Return the bullet with which a line (without white space in front) begins."""
    if found := _NUMBER.match(line):
        mark = found[1]
        sort = "1" if mark.isdigit() else "a"
        return Bullet(found.end(), sort + line[found.end(1)] + ("(" if line[0] == "(" else ""), mark)
    if _CROSS.match(line):
        return Bullet(0, "✓")
    if found := _SIGN.match(line) or _TIGHT.match(line):
        return Bullet(found.end(), "✓" if line[0] in "✓✔✅☑" else line[0])
    if line and unicodedata.category(line[0]) == "So" and (found := re.match(r"\S{1,4}\s+(?=\S)", line)):
        return None if any(map(str.isalnum, found.group())) or line[0] in "™®©°" else Bullet(found.end(), "So")
    return None
