"""The website's CSV export of ClinicalTrials.gov: fewer fields than the JSON, so every record is ``sparse``.

The user of the website chooses the columns. A known column that is not there was not chosen; a column nobody knew
is an error, since a renamed one would otherwise vanish without a word.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from ingest.errors import UnreadableError
from ingest.parse.ctgov_fields import MAX_BYTES, MAX_TEXT, decoded, iso_date, unescape
from ingest.parse.ctgov_json import REGISTRY, UNKNOWN_ENROLLMENT, joined_phases
from kb.records.registration import Intervention, Registration

#: Columns without which a row says too little to be a record.
REQUIRED = (
    "NCT Number",
    "Study Title",
    "Study Status",
    "Conditions",
    "Interventions",
    "Phases",
    "Study Type",
    "Start Date",
)
#: Columns that are read when they are there.
OPTIONAL = (
    "Acronym",
    "Brief Summary",
    "Study Results",
    "Sponsor",
    "Collaborators",
    "Sex",
    "Enrollment",
    "Study Design",
    "Primary Completion Date",
    "Completion Date",
    "First Posted",
    "Results First Posted",
    "Last Update Posted",
)
#: Columns that are known and not read: an outcome's title, description and time frame are joined by commas that
#: all three may hold, a place and its country likewise, an age is a group and no number, other ids come without
#: their kind, funders without saying whose. The JSON has all of them apart.
UNREAD = (
    "Study URL",
    "Primary Outcome Measures",
    "Secondary Outcome Measures",
    "Other Outcome Measures",
    "Age",
    "Funder Type",
    "Other IDs",
    "Locations",
    "Study Documents",
)
_REMEDY = "download it again from the website with the columns of ingest/parse/ctgov_csv.py, or take the JSON"
_NCT = re.compile(r"NCT\d{8}", re.ASCII)
_TYPED = re.compile(r"([A-Z][A-Z_]*): (.*)", re.ASCII | re.DOTALL)
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)


class _Row:
    """One line of the export, cells by column name; a column that is not there is ""."""

    def __init__(self, cells: dict[str, str], where: str) -> None:
        self._cells, self._where = cells, where

    def cell(self, column: str) -> str:
        return self._cells.get(column, "")

    def listed(self, column: str) -> tuple[str, ...]:
        return tuple(self.cell(column).split("|")) if self.cell(column) else ()

    def date(self, column: str) -> str:
        return iso_date(self.cell(column), f"{self._where}, {column}")

    def wrong(self, column: str, wanted: str) -> UnreadableError:
        return UnreadableError(f"{self._where}, {column}: {self.cell(column)[:40]!r} is not {wanted}; {_REMEDY}")


def parse_csv(body: BinaryIO, day: str) -> Iterator[Registration]:
    """Yield every study of an export, in its order.

    Args:
        body: UTF-8 CSV with the website's header line; a byte-order mark is skipped.
        day: when it was received. Not read: the export does not say for which day it holds.

    Raises:
        UnreadableError: not such a file, a column missing or unknown or twice, a row with another number of cells
            (cut off or edited), or a cell that is not what its column holds; the line is named.
    """
    # The reader's own bound is for the whole process and too low for a long list of outcomes.
    csv.field_size_limit(max(csv.field_size_limit(), MAX_TEXT))
    with io.StringIO(decoded(body.read(MAX_BYTES + 1)), newline="") as text:
        lines = csv.reader(text, strict=True)
        header = _header(next(_readable(lines), []))
        for cells in _readable(lines):
            where = f"line {lines.line_num}"
            if len(cells) != len(header):
                raise UnreadableError(f"{where}: {len(cells)} cells where {len(header)} are expected; {_REMEDY}")
            yield _registration(_Row(dict(zip(header, cells, strict=True)), where))


def _readable(lines: Iterator[list[str]]) -> Iterator[list[str]]:
    """Yield the rows, with the errors of the CSV reader as ours."""
    try:
        yield from lines
    except csv.Error as error:
        raise UnreadableError(f"line {getattr(lines, 'line_num', 0)}: no readable CSV ({error}); {_REMEDY}") from None


def _header(names: Sequence[str]) -> tuple[str, ...]:
    if missing := [name for name in REQUIRED if name not in names]:
        seen = ", ".join(repr(name[:40]) for name in list(names)[:5]) or "nothing"
        raise UnreadableError(f"line 1: no column {', '.join(missing)} (it begins with {seen}); {_REMEDY}")
    if unknown := [name for name in names if name not in (*REQUIRED, *OPTIONAL, *UNREAD)]:
        raise UnreadableError(f"line 1: unknown column {', '.join(repr(name[:40]) for name in unknown)}; {_REMEDY}")
    if len(set(names)) != len(names):
        twice = sorted({name for name in names if list(names).count(name) > 1})
        raise UnreadableError(f"line 1: column {', '.join(twice)} comes twice; {_REMEDY}")
    return tuple(names)


def _registration(row: _Row) -> Registration:
    number = row.cell("NCT Number")
    if not _NCT.fullmatch(number):
        raise row.wrong("NCT Number", "NCT and 8 digits")
    design = _design(row.cell("Study Design"))
    enrollment = _enrollment(row)
    return Registration(
        id=number,
        registry=REGISTRY,
        title=row.cell("Study Title"),
        acronym=row.cell("Acronym"),
        phase=joined_phases(row.listed("Phases")),
        status=row.cell("Study Status"),
        study_type=row.cell("Study Type"),
        allocation=design.get("Allocation", ""),
        masking=design.get("Masking", "").partition(" (")[0],
        design_model=design.get("Intervention Model", "") or design.get("Observational Model", ""),
        purpose=design.get("Primary Purpose", ""),
        enrollment=None if enrollment == UNKNOWN_ENROLLMENT else enrollment,
        enrollment_unknown=enrollment == UNKNOWN_ENROLLMENT,
        first_posted=row.date("First Posted"),
        updated=row.date("Last Update Posted"),
        results_posted=row.date("Results First Posted"),
        start_date=row.date("Start Date"),
        primary_completion_date=row.date("Primary Completion Date"),
        completion_date=row.date("Completion Date"),
        sponsor=row.cell("Sponsor"),
        collaborators=row.listed("Collaborators"),
        conditions=row.listed("Conditions"),
        interventions=_interventions(row.listed("Interventions")),
        brief_summary=unescape(row.cell("Brief Summary")),
        sex=row.cell("Sex"),
        has_results=_has_results(row),
        sparse=True,
    )


def _interventions(parts: Sequence[str]) -> tuple[Intervention, ...]:
    """Return the interventions; a part without a kind belongs to the name before, which then held a bar."""
    found: list[tuple[str, str]] = []
    for part in parts:
        typed = _TYPED.fullmatch(part)
        if typed:
            found.append((typed[1], typed[2]))
        elif found:
            found[-1] = (found[-1][0], f"{found[-1][1]}|{part}")
        else:
            found.append(("", part))
    return tuple(Intervention(kind, (name,), "", ()) for kind, name in found)


def _design(cell: str) -> dict[str, str]:
    pairs = (part.partition(":") for part in cell.split("|"))
    return {name.strip(): value.strip() for name, _, value in pairs if name.strip()}


def _enrollment(row: _Row) -> int | None:
    text = row.cell("Enrollment")
    if text and not _NUMBER.fullmatch(text):
        raise row.wrong("Enrollment", "a number of people")
    return int(text) if text else None


def _has_results(row: _Row) -> bool:
    if row.cell("Study Results") not in ("", "YES", "NO"):
        raise row.wrong("Study Results", "YES or NO")
    return row.cell("Study Results") == "YES"
