"""The website's CSV: read by column name, and nothing guessed from cells that cannot be taken apart."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from ingest.errors import UnreadableError
from ingest.parse import ctgov_fields
from ingest.parse.ctgov_csv import OPTIONAL, REQUIRED, UNREAD, parse_csv
from kb.records.registration import Intervention, Registration

EXPORT = (Path(__file__).parent / "ctgov" / "export.csv").read_bytes()


def parsed(body: bytes) -> list[Registration]:
    return list(parse_csv(io.BytesIO(body), "2026-01-01"))


def edited(column: str, value: str, line: int = 1) -> bytes:
    """Return the export with one cell changed; line 0 is the header."""
    rows = list(csv.reader(io.StringIO(EXPORT.decode(), newline="")))
    rows[line][rows[0].index(column)] = value
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def dropped(column: str) -> bytes:
    rows = list(csv.reader(io.StringIO(EXPORT.decode(), newline="")))
    at = rows[0].index(column)
    out = io.StringIO(newline="")
    csv.writer(out).writerows([row[:at] + row[at + 1 :] for row in rows])
    return out.getvalue().encode()


def refused(body: bytes) -> str:
    with pytest.raises(UnreadableError) as caught:
        parsed(body)
    return str(caught.value)


def test_every_column_that_can_be_read_is_read() -> None:
    first, _ = parsed(EXPORT)
    assert first == Registration(
        id="NCT00000006",
        registry="ClinicalTrials.gov",
        title='Made-up CAR-NK, "second" try',
        acronym="TRY2",
        phase="PHASE1|PHASE2",
        status="RECRUITING",
        study_type="INTERVENTIONAL",
        allocation="NA",
        masking="DOUBLE",
        design_model="SINGLE_GROUP",
        purpose="TREATMENT",
        enrollment=86,
        updated="2024-08-15",
        start_date="2024-08-01",
        primary_completion_date="2026-06",
        completion_date="2027",
        sponsor="Example Biotech",
        collaborators=("First Example", "Second Example"),
        conditions=("AML", "MDS"),
        interventions=(
            Intervention("BIOLOGICAL", ("CAR-NK: frozen",), "", ()),
            Intervention("DRUG", ("Flu|Cy",), "", ()),
            Intervention("DRUG", ("Interleukin-2",), "", ()),
        ),
        brief_summary="Up to 1 × 10^9 cells.\nNext line.",
        sex="ALL",
        has_results=True,
        sparse=True,
    )


def test_empty_cells_stay_empty_and_the_unknown_enrolment_is_no_number() -> None:
    _, second = parsed(EXPORT)
    assert (second.phase, second.interventions, second.collaborators, second.start_date) == ("", (), (), "")
    assert (second.enrollment, second.enrollment_unknown, second.design_model) == (None, True, "COHORT")
    assert (second.has_results, second.allocation, second.masking) == (False, "", "")


def test_a_byte_order_mark_and_windows_line_ends_change_nothing() -> None:
    summary = "Up to 1 × 10\\^9 cells."
    expected = parsed(edited("Brief Summary", summary))
    body = edited("Brief Summary", summary).replace(b"\r\n", b"\n")
    assert parsed(b"\xef\xbb\xbf" + body) == expected
    assert parsed(body.replace(b"\n", b"\r\n")) == expected


@pytest.mark.parametrize("column", REQUIRED)
def test_a_missing_or_renamed_column_is_named(column: str) -> None:
    assert f"no column {column} " in refused(dropped(column))
    assert f"no column {column} " in refused(edited(column, column.lower(), line=0))


@pytest.mark.parametrize("column", ["Acronym", "Study Results", "Study URL", "Locations"])
def test_a_column_nobody_chose_is_not_missed_but_a_renamed_one_is_named(column: str) -> None:
    assert len(parsed(dropped(column))) == 2
    assert "unknown column 'Renamed'" in refused(edited(column, "Renamed", line=0))


def test_a_column_that_comes_twice_is_named() -> None:
    assert "column Sex comes twice" in refused(edited("Acronym", "Sex", line=0))


def test_no_column_has_two_meanings() -> None:
    assert len({*REQUIRED, *OPTIONAL, *UNREAD}) == len(REQUIRED) + len(OPTIONAL) + len(UNREAD)


def test_a_row_with_another_number_of_cells_is_named_by_its_line() -> None:
    lines = EXPORT.rstrip(b"\n").split(b"\n")
    assert "line 4: 20 cells where 23 are expected" in refused(b"\n".join(lines).removesuffix(b",,,"))
    assert "line 4: 24 cells where 23 are expected" in refused(b"\n".join(lines) + b",")


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("NCT Number", "NCT1", "line 3, NCT Number: 'NCT1' is not NCT and 8 digits"),
        ("NCT Number", "", "line 3, NCT Number: ''"),
        ("Start Date", "August 2024", "line 3, Start Date: 'August 2024' is not a date"),
        ("Last Update Posted", "2024-13-01", "line 3, Last Update Posted"),
        ("Enrollment", "86.0", "line 3, Enrollment: '86.0'"),
        ("Enrollment", "-1", "line 3, Enrollment"),
        ("Study Results", "Yes", "line 3, Study Results: 'Yes' is not YES or NO"),
    ],
)
def test_a_cell_that_is_not_what_its_column_holds_is_named(column: str, value: str, words: str) -> None:
    assert words in refused(edited(column, value))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "it begins with nothing"),
        (b"NCT number NCT99999999 not found", "it begins with 'NCT number NCT99999999 not found'"),
        (b"<html><body>blocked</body></html>", "it begins with '<html>"),
        (EXPORT.replace("×".encode(), b"\xd7"), "is not UTF-8"),
        (EXPORT.replace(b"TRY2", b"TR\0"), "a NUL at byte"),
        (EXPORT[: EXPORT.index(b"Next line")], "no readable CSV"),
        (EXPORT.decode().encode("utf-16"), "byte-order mark of UTF-16"),
    ],
)
def test_what_is_no_export_is_named(body: bytes, words: str) -> None:
    assert words in refused(body)


def test_a_header_alone_holds_nothing() -> None:
    assert parsed(EXPORT.split(b"\n")[0] + b"\n") == []


def test_a_cell_or_body_beyond_all_measure_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(parsed(edited("Brief Summary", "x" * 900_000))[0].brief_summary) == 900_000
    assert "no readable CSV (field larger" in refused(edited("Brief Summary", "x" * 1_000_001))
    monkeypatch.setattr(ctgov_fields, "MAX_BYTES", 100)
    monkeypatch.setattr("ingest.parse.ctgov_csv.MAX_BYTES", 100)
    assert "larger than 100 bytes" in refused(EXPORT)
