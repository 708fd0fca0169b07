"""When a spreadsheet takes a cell for a formula.

A spreadsheet runs a cell that starts with ``= + - @``, a tab or a line break as a formula
(https://owasp.org/www-community/attacks/CSV_Injection). A number (``-5``, ``+0.3e-2``) is none.
"""

from __future__ import annotations

import re

#: What spreadsheets cut off in front: blanks, NUL, no-break spaces and byte order marks.
BLANK = rb"(?:[ \x00]|\xc2\xa0|\xef\xbb\xbf)*"
#: The signs, and their full-width forms (U+FF1D, U+FF0B, U+FF0D, U+FF20).
START = re.compile(BLANK + rb"(?:[=+\-@\t\r\n]|\xef\xbc[\x9d\x8b\x8d\xa0])")
_NUMBER = re.compile(rb"[+-](?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def dangerous(cell: bytes) -> bool:
    """Tell whether a spreadsheet may take a cell for a formula.

    Args:
        cell: its text in UTF-8, without the quotes of the CSV.
    """
    return bool(START.match(cell)) and not _NUMBER.fullmatch(cell)


def harmless(text: str) -> str:
    """Return a cell's text with an apostrophe in front where it could start a formula; spreadsheets show it as text."""
    return f"'{text}" if dangerous(text.encode("utf-8", "surrogatepass")) else text
