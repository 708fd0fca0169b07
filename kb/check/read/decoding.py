"""Bytes of a text file → text, with a note wherever its encoding had to be guessed."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from kb.check.page import PageError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
#: A text with more control characters than this share of it is no text.
_RUBBISH = 0.002
#: Only encodings of text: Python knows others ("zip", "rot13") that no page is in.
_FAMILIES = re.compile(r"utf|ascii|latin|iso8859|cp\d|windows|mac|koi8|gb|big5|shift|euc|johab|hz|tis|hp|ptcp|iso2022")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text of a file and what had to be assumed to read it."""

    text: str
    notes: tuple[str, ...] = ()


def decoded(data: bytes, name: str, html: bool) -> Decoded:
    """Decode: by byte order mark, by what an HTML page declares, as UTF-8, else as Windows-1252.

    Raises:
        PageError: it is no text.
    """
    found = _decoded(data, html)
    text = found.text.removeprefix("\ufeff")
    if len(_CONTROL.findall(text)) > max(3, _RUBBISH * len(text)):
        raise PageError(
            f"{name}: not a text file (it holds bytes that no text has). Save the page as .txt, .docx or .pdf."
        )
    if "\r" in text and "\n" not in text:
        text = text.replace("\r", "\n")
    return Decoded(text, found.notes)


def _decoded(data: bytes, html: bool) -> Decoded:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _lossy(data[len(mark) :], encoding)
    if (wide := _wide(data)) is not None:
        return Decoded(data.decode(wide, "replace"), (f"Read as {wide.upper()}, which the file does not say.",))
    declared = _CHARSET.search(data[:4096]) if html else None
    if declared and (known := _known(declared[1].decode("ascii"))) not in (None, "utf-8"):
        return _lossy(data, str(known))
    try:
        return Decoded(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        note = f"Not valid UTF-8 (first in line {line}): read as Windows-1252; check letters with accents and signs."
        return Decoded(data.decode("cp1252", "replace"), (note,))


def _lossy(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, "replace")
    lost = text.count("\ufffd")
    return Decoded(text, (f"{lost} characters could not be decoded as {encoding}.",) if lost else ())


def _known(name: str) -> str | None:
    try:
        known = codecs.lookup(name).name
    except LookupError:
        return None
    return "cp1252" if known in ("iso8859-1", "ascii") else known if _FAMILIES.match(known) else None


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of plain text is zero."""
    head = data[:2000]
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros, others = head[first::2].count(0), head[1 - first :: 2].count(0)
        if len(head) > 20 and zeros > 0.7 * len(head) / 2 and not others:
            return encoding
    return None
