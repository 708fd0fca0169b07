"""The Retraction Watch database as Crossref publishes it: one CSV, one notice a row.

Form, as seen in rows copied from the export by others and in their counts over it (August 2026: 71,641 rows):

* Header: Record ID, Title, Subject, Institution, Journal, Publisher, Country, Author, URLS, ArticleType,
  RetractionDate, RetractionDOI, RetractionPubMedID, OriginalPaperDate, OriginalPaperDOI, OriginalPaperPubMedID,
  RetractionNature, Reason, Paywalled, Notes, and a last column without a name (every line ends with a comma). Columns
  are found by name. The last rows (190 were counted) are empty.
* ``Original…`` is the paper, ``Retraction…`` the notice. "0" (nearly half of the PubMed cells), "Unavailable" and
  "unavailable" mean that there is no number.
* Dates are month/day/year with an hour ("3/6/2004 0:00" for 6 March; 12/25/2021 settles the order); "0:00" alone is
  no date. ISO dates are read too.
* Reasons end with ";" each; files before 2025 put "+" before them.
* RetractionNature is Retraction, Expression of concern, Correction or Reinstatement (*Retraction Watch Database User
  Guide*, https://retractionwatch.com/retraction-watch-database-user-guide). Some rows leave it empty (241 were counted,
  empty rows perhaps among them).

Encoding: UTF-8. Bytes that are not, are read one by one as Windows-1252 (as older files were written), those without
a meaning there as Latin-1, so that no byte is lost.

How a build joins: a row whose paper has both a PMID and a DOI gives two events, equal but for ``record_id``, so that
each finds its record by either; :func:`kb.integrity.state` counts them once. DOIs are in lower case, since DOIs are
equal whatever their case: compare them folded. A row whose paper has no number of either kind belongs to no record
and gives no event. A paper that the file does not list has not been looked at: absence gives no ``checked``.
"""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import BinaryIO, Final
from urllib.parse import quote, unquote

from ingest.errors import UnreadableError
from kb.dates import PartialDate
from kb.records.integrity import EventKind, IntegrityEvent

#: Where the whole file can be had and read.
HOME: Final = "https://gitlab.com/crossref/retraction-watch-data"
ORIGIN: Final = "retraction_watch"

_READ: Final = (
    "Record ID",
    "RetractionDate",
    "RetractionDOI",
    "RetractionPubMedID",
    "OriginalPaperDOI",
    "OriginalPaperPubMedID",
    "RetractionNature",
    "Reason",
)
_NATURES: Final[dict[str, EventKind]] = {
    "retraction": "retracted",
    "expression of concern": "concern",
    "correction": "corrected",
    "reinstatement": "reinstated",
}
_NONE: Final = frozenset({"", "0", "unavailable"})
_PMID = re.compile(r"0*([1-9]\d{0,7})", re.ASCII)
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/\S+)", re.ASCII | re.IGNORECASE)
_US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?", re.ASCII)
_ISO_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T\s]\d{1,2}:\d{2}.*)?", re.ASCII)
#: A line of the real file has a few thousand bytes; without a bound one endless line would fill the memory.
_LINE_BYTES: Final = 1_000_000
_CELL: Final = 131_072
_BOM: Final = b"\xef\xbb\xbf"


def parse_retraction_watch(
    body: BinaryIO, day: str, odd: Callable[[str], None] | None = None
) -> Iterator[IntegrityEvent]:
    """Yield one event for each known id of the paper of each row, in the order of the file.

    A nature that is empty or that this reader does not know becomes ``concern`` with a ``doubt``: something is said
    of the paper, and neither silence nor "retracted" would be true. The ``detail`` is the nature with the number of
    the row, so that a reader finds it again. Repeated rows give repeated events.

    Args:
        body: the file as received; read line by line.
        day: when it was received, ``YYYY-MM-DD``.
        odd: is told of each row that cannot be trusted (cells missing or too many, a date that is none), and the row
            is left out. Without it such a row is an error.

    Raises:
        UnreadableError: not this file, cut off, not text, without a row, or an odd row and nobody to tell. Events of
            earlier rows may have been yielded by then.
    """
    lines = _Lines(body)
    reader = csv.reader(lines, strict=True)
    try:
        header = _header(next(reader, []))
        found = False
        for cells in reader:
            if max(map(len, cells), default=0) > _CELL:  # the csv module's own bound is shared by the whole process
                raise csv.Error(f"a cell beyond the field limit of {_CELL:,} characters")
            _check_end(cells, header, lines)
            if not any(cell.strip() for cell in cells):
                continue
            found = True
            try:
                yield from _events(_row(cells, header), day)
            except _OddRowError as error:
                message = f"line {reader.line_num} (Record ID {cells[0]!r}): {error}"
                if odd is None:
                    raise UnreadableError(f"Retraction Watch CSV, {message}; its rows changed, read none") from None
                odd(message)
    except csv.Error as error:
        why = "the file is cut off" if lines.cut or "unexpected end" in str(error) else str(error)
        raise UnreadableError(f"Retraction Watch CSV, line {reader.line_num}: {why}; fetch it again") from None
    if not found:
        raise UnreadableError("Retraction Watch CSV: a header and no row; fetch it again")


class _OddRowError(ValueError):
    """A row that cannot be trusted; the text says why."""


class _Lines:
    """Decoded lines of a body.

    Attributes:
        cut: the last line given out had no line end.
    """

    def __init__(self, body: BinaryIO) -> None:
        self._body = body
        self._first = True
        self.cut = False

    def __iter__(self) -> Iterator[str]:
        while raw := self._body.readline(_LINE_BYTES):
            self.cut = not raw.endswith((b"\n", b"\r"))
            if self.cut and len(raw) == _LINE_BYTES:
                raise UnreadableError(f"Retraction Watch CSV: a line of more than {_LINE_BYTES:,} bytes")
            if b"\0" in raw:
                raise UnreadableError("Retraction Watch CSV: NUL bytes, so it is no UTF-8 or Windows-1252 text")
            yield decode(raw.removeprefix(_BOM) if self._first else raw)
            self._first = False


def decode(raw: bytes) -> str:
    """Return bytes as UTF-8, each byte that is not UTF-8 as Windows-1252, and as Latin-1 where that has none."""
    return raw.decode("utf-8", "surrogateescape").translate(_strays())


@cache
def _strays() -> dict[int, str]:
    """Return what each byte from 0x80 means that UTF-8 decoding put aside as a lone surrogate."""
    strays = {}
    for byte in range(0x80, 0x100):
        try:
            strays[0xDC00 + byte] = bytes([byte]).decode("cp1252")
        except UnicodeDecodeError:
            strays[0xDC00 + byte] = chr(byte)
    return strays


def _header(cells: Sequence[str]) -> list[str]:
    """Return the names of the columns, once they are those of this file."""
    names = [cell.strip() for cell in cells]
    missing = [name for name in _READ if names.count(name) != 1]
    if missing:
        raise UnreadableError(
            f"not the Retraction Watch CSV: {', '.join(missing)} not once in its first line ({', '.join(names)[:200]})"
        )
    return names


def _check_end(cells: Sequence[str], header: Sequence[str], lines: _Lines) -> None:
    """Refuse a last line that stops before, or in, a cell we read."""
    last = max(header.index(name) for name in _READ)
    if lines.cut and (len(cells) <= last + 1 or any(header[len(cells) :])):
        raise UnreadableError("Retraction Watch CSV: the file is cut off in its last line; fetch it again")


def _row(cells: Sequence[str], header: Sequence[str]) -> dict[str, str]:
    """Return the cells we read, by column. Only columns without a name may be missing, only empty cells too many."""
    if any(cell.strip() for cell in cells[len(header) :]) or any(header[len(cells) :]):
        raise _OddRowError(f"{len(cells)} cells under {len(header)} columns")
    return {name: cells[header.index(name)].strip() for name in _READ}


def _events(row: dict[str, str], day: str) -> Iterator[IntegrityEvent]:
    paper = _ids(row["OriginalPaperPubMedID"], row["OriginalPaperDOI"])
    # Where a publisher put the notice in the paper's place, both columns have one number: no notice of its own.
    notices = [one for one in _ids(row["RetractionPubMedID"], row["RetractionDOI"]) if one not in paper]
    nature = " ".join(row["RetractionNature"].split())
    kind = _NATURES.get(nature.casefold())
    for record_id in paper:
        yield IntegrityEvent(
            record_id=record_id,
            kind=kind or "concern",
            date=_date(row["RetractionDate"]),
            notice=notices[0] if notices else "",
            detail=f"{nature or 'no nature given'} (record {row['Record ID']})",
            reasons=_reasons(row["Reason"]),
            source=_page(notices),
            origin=ORIGIN,
            seen=day,
            doubt="" if kind else "the source does not say, in words we know, what kind of notice this is",
        )


def _ids(pmid: str, doi: str) -> list[str]:
    """Return the known ids, the PMID first. What is neither form is no number we could join by."""
    found = []
    if match := _PMID.fullmatch(pmid):
        found.append(f"PMID:{match[1]}")
    if doi.casefold() not in _NONE and (match := _DOI.fullmatch(unquote(html.unescape(doi)).strip())):
        found.append(f"DOI:{match[1].rstrip('.,;').lower()}")
    return found


def _date(text: str) -> str:
    """Return ``YYYY-MM-DD``, "" where the row has no date."""
    if text in ("", "0:00"):
        return ""
    if us := _US_DATE.fullmatch(text):
        iso = f"{us[3]}-{int(us[1]):02}-{int(us[2]):02}"
    elif match := _ISO_DATE.fullmatch(text):
        iso = match[1]
    else:
        raise _OddRowError(f"date {text!r} is not month/day/year")
    try:
        return str(PartialDate.parse(iso))
    except ValueError:
        raise _OddRowError(f"date {text!r} is not month/day/year") from None


def _reasons(text: str) -> tuple[str, ...]:
    parts = (" ".join(part.split()).removeprefix("+").strip() for part in text.split(";"))
    return tuple(part for part in parts if part)


def _page(notices: Sequence[str]) -> str:
    """Return the notice's own page; the file's, where the row names no notice apart from the paper."""
    for notice in reversed(notices):
        scheme, _, number = notice.partition(":")
        if scheme == "DOI":
            return f"https://doi.org/{quote(number, safe='/:;()._-,')}"
        return f"https://pubmed.ncbi.nlm.nih.gov/{number}/"
    return HOME
