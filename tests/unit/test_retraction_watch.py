"""The Retraction Watch CSV: every form its cells take, and every way a file can be wrong."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import UnreadableError
from ingest.parse.retraction_watch_csv import HOME, decode, parse_retraction_watch
from kb.integrity import state
from kb.records.integrity import IntegrityEvent

DAY = "2026-01-05"
HEADER = (
    "Record ID,Title,Subject,Institution,Journal,Publisher,Country,Author,URLS,ArticleType,RetractionDate,"
    "RetractionDOI,RetractionPubMedID,OriginalPaperDate,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,"
    "Reason,Paywalled,Notes,"
)
COLUMNS = HEADER.split(",")
ROW = {
    "Record ID": "17",
    "Title": "Infusion of natural killer cells, a made-up trial",
    "Author": "A Writer;B Writer",
    "RetractionDate": "3/6/2024 0:00",
    "RetractionDOI": "10.9999/Notice",
    "RetractionPubMedID": "90000002",
    "OriginalPaperDate": "2/28/2019 0:00",
    "OriginalPaperDOI": "10.9999/Paper",
    "OriginalPaperPubMedID": "90000001",
    "RetractionNature": "Retraction",
    "Reason": "Concerns/Issues about Data;Investigation by Journal/Publisher;",
    "Paywalled": "No",
}


def rows(*changes: dict[str, str], columns: list[str] = COLUMNS) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n", restval="")
    writer.writerow({name: name for name in columns})
    writer.writerows({**ROW, **change} for change in changes)
    return out.getvalue()


def read(body: bytes | str, **named: Any) -> list[IntegrityEvent]:
    data = body.encode() if isinstance(body, str) else body
    return list(parse_retraction_watch(io.BytesIO(data), DAY, **named))


def one(**change: str) -> IntegrityEvent:
    """The event told for the PMID of a row."""
    return read(rows({key.replace("_", " "): value for key, value in change.items()}))[0]


EMPTY = dict.fromkeys(ROW, "")


# ---------------------------------------------------------------------------- a row


def test_a_row_tells_one_event_for_each_number_of_the_paper() -> None:
    by_pmid, by_doi = read(rows({}))
    assert by_pmid == IntegrityEvent(
        record_id="PMID:90000001",
        kind="retracted",
        date="2024-03-06",
        notice="PMID:90000002",
        detail="Retraction (record 17)",
        reasons=("Concerns/Issues about Data", "Investigation by Journal/Publisher"),
        source="https://doi.org/10.9999/notice",
        origin="retraction_watch",
        seen=DAY,
    )
    assert by_doi.record_id == "DOI:10.9999/paper"
    assert state([by_pmid, by_doi]).because == (by_pmid,)


@pytest.mark.parametrize(
    ("nature", "kind"),
    [
        ("Retraction", "retracted"),
        ("Expression of concern", "concern"),
        ("  EXPRESSION  OF CONCERN ", "concern"),
        ("Correction", "corrected"),
        ("Reinstatement", "reinstated"),
    ],
)
def test_each_nature_is_a_state_of_its_own(nature: str, kind: str) -> None:
    """A tool that reads every row as a retraction says RETRACTED of a correction and of a reinstatement (rwcheck)."""
    event = one(RetractionNature=nature)
    assert (event.kind, event.doubt) == (kind, "")
    assert state([event]).kind == kind


@pytest.mark.parametrize(
    ("nature", "detail"), [("", "no nature given"), ("Retract and replace", "Retract and replace")]
)
def test_a_nature_we_do_not_know_is_neither_dropped_nor_called_a_retraction(nature: str, detail: str) -> None:
    event = one(RetractionNature=nature)
    assert (event.kind, event.detail) == ("concern", f"{detail} (record 17)")
    assert "does not say" in event.doubt


@pytest.mark.parametrize("none", ["", " ", "0", "Unavailable", "unavailable", "UNAVAILABLE"])
def test_a_cell_that_means_none_is_no_number(none: str) -> None:
    assert [e.record_id for e in read(rows({"OriginalPaperPubMedID": none}))] == ["DOI:10.9999/paper"]
    assert [e.record_id for e in read(rows({"OriginalPaperDOI": none}))] == ["PMID:90000001"]
    assert read(rows({"OriginalPaperPubMedID": none, "OriginalPaperDOI": none})) == []
    assert one(RetractionPubMedID=none).notice == "DOI:10.9999/notice"
    assert one(RetractionPubMedID=none, RetractionDOI=none).notice == ""


def test_the_page_is_the_notices_own_where_there_is_one() -> None:
    assert one(RetractionDOI="unavailable").source == "https://pubmed.ncbi.nlm.nih.gov/90000002/"
    assert one(RetractionDOI="unavailable", RetractionPubMedID="0").source == HOME
    assert one(RetractionDOI="10.1002/a(2000)12:20%3C1539::aid-a%3E3.0.co;2-s").source == (
        "https://doi.org/10.1002/a(2000)12:20%3C1539::aid-a%3E3.0.co;2-s"
    )


@pytest.mark.parametrize(
    ("cell", "doi"),
    [
        ("10.1016/S0140-6736(97)11096-0", "10.1016/s0140-6736(97)11096-0"),
        ("https://doi.org/10.9999/A.b.", "10.9999/a.b"),
        ("doi: 10.9999/A", "10.9999/a"),
        ("10.9999/a&lt;b&gt;", "10.9999/a<b>"),
        ("10.9999/a%3cb%3e", "10.9999/a<b>"),
    ],
)
def test_a_doi_is_read_in_its_bare_form(cell: str, doi: str) -> None:
    assert read(rows({"OriginalPaperPubMedID": "0", "OriginalPaperDOI": cell}))[0].record_id == f"DOI:{doi}"


@pytest.mark.parametrize("cell", ["PMC123456", "12345678.0", "123456789", "1;2", "-1", "00"])
def test_what_is_no_pmid_is_not_made_into_one(cell: str) -> None:
    assert [e.record_id for e in read(rows({"OriginalPaperPubMedID": cell}))] == ["DOI:10.9999/paper"]


def test_a_notice_that_took_the_papers_place_is_no_notice_of_its_own() -> None:
    event = one(RetractionPubMedID="90000001", RetractionDOI="10.9999/PAPER")
    assert (event.kind, event.notice, event.source) == ("retracted", "", HOME)
    assert one(RetractionPubMedID="90000001").notice == "DOI:10.9999/notice"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("3/6/2024 0:00", "2024-03-06"),
        ("12/25/2021 0:00", "2021-12-25"),
        ("8/9/2016", "2016-08-09"),
        ("08/09/2016 00:00:00", "2016-08-09"),
        ("2016-08-09", "2016-08-09"),
        ("2016-08-09T00:00:00Z", "2016-08-09"),
        ("0:00", ""),
        ("", ""),
    ],
)
def test_dates_are_month_day_year_or_iso(cell: str, expected: str) -> None:
    assert one(RetractionDate=cell).date == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("+Error in Data;+Rogue Editor;", ("Error in Data", "Rogue Editor")), (";; ;", ()), ("", ()), ("One", ("One",))],
)
def test_reasons_are_parted_and_bared(cell: str, expected: tuple[str, ...]) -> None:
    assert one(Reason=cell).reasons == expected


def test_repeated_rows_change_no_state() -> None:
    assert state(read(rows({}, {}, {}))) == state(read(rows({})))


# ---------------------------------------------------------------------------- the file


def test_quoted_line_ends_commas_and_quotes_stay_in_their_cell() -> None:
    events = read(rows({"Title": 'A "made-up"\ntitle, with\r\nlines', "Reason": "One\nmore;Two"}, {"Record ID": "18"}))
    assert [e.detail for e in events[::2]] == ["Retraction (record 17)", "Retraction (record 18)"]
    assert events[0].reasons == ("One more", "Two")


def test_columns_are_found_by_name_and_empty_rows_mean_nothing() -> None:
    plain = read(rows({}))
    assert read(rows({}, columns=COLUMNS[::-1])) == plain
    assert read(rows({}, columns=COLUMNS[:-1])) == plain
    assert read(rows({}, EMPTY, EMPTY)) == plain
    assert read(rows({}) + "\n\n") == plain
    assert read(rows({}).replace("\n", "\r\n")) == plain


def test_a_byte_order_mark_is_no_part_of_a_name() -> None:
    assert read(b"\xef\xbb\xbf" + rows({}).encode()) == read(rows({}))


def test_bytes_that_are_not_utf8_are_kept_and_harm_no_neighbour() -> None:
    assert decode("Müller “NK” α".encode()) == "Müller “NK” α"
    assert decode(b"M\xfcller \x93NK\x94 " + "α".encode()) == "Müller “NK” α"
    assert decode(b"\x81") == "\x81"
    body = rows({"Reason": "Caf@;Zwei"}, {"Record ID": "18", "Reason": "α"}).encode().replace(b"@", b"\xe9")
    assert [e.reasons for e in read(body)[::2]] == [("Café", "Zwei"), ("α",)]


@settings(deadline=None, database=None, derandomize=True)
@given(st.binary(max_size=40))
def test_no_byte_is_lost(raw: bytes) -> None:
    text = decode(raw)
    assert not any(0xDC80 <= ord(char) <= 0xDCFF for char in text)
    assert len(text) == len(raw.decode("utf-8", "surrogateescape"))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "not the Retraction Watch CSV"),
        (b"<!DOCTYPE html><html><body>Just a moment</body></html>\n", "not the Retraction Watch CSV"),
        (rows({}).replace("RetractionNature", "Nature", 1).encode(), "RetractionNature not once"),
        (rows({}, columns=[*COLUMNS[:-1], "Reason"]).encode(), "Reason not once"),
        (rows({}).encode("utf-16"), "not the Retraction Watch CSV|NUL"),
        (rows({"Title": "a\0b"}).encode(), "NUL"),
        (rows().encode(), "no row"),
        (rows(EMPTY).encode(), "no row"),
        (rows({"Title": "x" * 1_100_000}).encode(), "bytes"),
        (rows({"Title": "x" * 200_000}).encode(), "field limit"),
        (rows({"Title": "@"}).replace("@", '"a"b').encode(), "line 2"),
    ],
)
def test_a_file_that_is_not_it_is_refused_by_name(body: bytes, words: str) -> None:
    with pytest.raises(UnreadableError, match=words):
        read(body, odd=lambda _: None)


def test_a_file_cut_off_inside_a_cell_we_read_is_refused_wherever_the_cut_is() -> None:
    """A cut behind the last cell we read loses nothing of ours; one at a line end no reader of lines can see."""
    body = rows({}, {"Record ID": "18", "Title": "Two,\nlines"})
    whole, second = read(body), body.index("\n18,") + 1
    for cut in range(second + 1, len(body)):
        part = body[:cut]
        if part.count(",") == body.count(",") or part.endswith("No,"):
            assert read(part) == whole
        else:
            with pytest.raises(UnreadableError, match="cut off"):
                read(part, odd=lambda _: None)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("18,too,few", "3 cells under 21 columns"),
        (rows({}).splitlines()[1] + ",extra", "22 cells under 21 columns"),
        (rows({"RetractionDate": "28/10/2021 0:00"}).splitlines()[1], "28/10/2021"),
        (rows({"RetractionDate": "2/30/2021"}).splitlines()[1], "2/30/2021"),
        (rows({"RetractionDate": "2021"}).splitlines()[1], "'2021'"),
    ],
)
def test_a_row_that_cannot_be_trusted_is_named_and_never_guessed(line: str, why: str) -> None:
    head, row = rows({}).splitlines()
    body = "\n".join((head, row, line, row, ""))
    with pytest.raises(UnreadableError, match=rf"line 3 \(Record ID .*{why}"):
        read(body)
    told: list[str] = []
    assert read(body, odd=told.append) == read(rows({}, {}))
    assert len(told) == 1
    assert why in told[0]


def test_empty_cells_too_many_are_no_fault() -> None:
    head, row = rows({}).splitlines()
    assert read(f"{head}\n{row},,,\n") == read(rows({}))
