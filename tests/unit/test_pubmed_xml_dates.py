"""Partial dates: as much as is sure, never an invented month."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parse.pubmed_dates import iso_day, read_date, source_date
from kb.records.article import SourceDate
from tests.unit.test_pubmed_xml import article


@pytest.mark.parametrize(
    ("raw", "iso", "precision"),
    [
        ("2000", "2000", "year"),
        ("2000 Spring", "2000", "season"),
        ("Fall 2017", "2017", "season"),
        ("2000 Winter-Spring", "2000", "season"),
        ("Winter 1999-2000", "2000", "season"),
        ("2000-2001 Winter", "2001", "season"),
        ("2000 Autumn/2001 Winter", "2001", "season"),
        ("1998 Dec-1999 Jan", "1999", "span"),
        ("2015 Nov-Dec", "2015", "span"),
        ("2019 Sep/Oct", "2019", "span"),
        ("2018 May - Jun", "2018", "span"),
        ("1978 Sep-OCT", "1978", "span"),
        ("Jan-Feb 2000", "2000", "span"),
        ("2000 Jul 4-7", "2000", "span"),
        ("2000 Jul 30-Aug 2", "2000", "span"),
        ("2000 Dec 28-2001 Jan 3", "2001", "span"),
        ("1978-1979", "1979", "span"),
        ("1998-99", "1999", "span"),
        ("2000 1st Quart", "2000", "span"),
        ("2001 2d Trimest", "2001", "span"),
        ("2000 Jan", "2000-01", "month"),
        ("2000 Sept.", "2000-09", "month"),
        ("March 2000", "2000-03", "month"),
        ("2000 Jan 5", "2000-01-05", "day"),
        ("15 Jan 2000", "2000-01-15", "day"),
        ("January 15, 2000", "2000-01-15", "day"),
        ("2010-02-20", "2010-02-20", "day"),
        # not sure of more than the year, or not even that
        ("2000 Feb 30", "2000", "text"),
        ("2000 Foo", "2000", "text"),
        ("2000?", "2000", "text"),
        ("c1998", "1998", "text"),
        ("1993 Mid-Year", "1993", "text"),
        ("1999 Suppl 2000", "", "text"),
        ("2000-05", "", "text"),
        ("1999-00", "", "text"),
        ("19uu", "", "text"),
        ("0000", "", "text"),
        ("Spring", "", "text"),
    ],
)
def test_dates_in_words(raw: str, iso: str, precision: str) -> None:
    assert read_date(raw) == SourceDate(raw, iso, precision)  # type: ignore[arg-type]
    assert source_date({"MedlineDate": raw}) == read_date(raw)


@pytest.mark.parametrize(
    ("year", "month", "day", "raw", "iso", "precision"),
    [
        ("2015", "", "", "2015", "2015", "year"),
        ("2015", "Oct", "", "2015 Oct", "2015-10", "month"),
        ("2015", "10", "", "2015-10", "2015-10", "month"),
        ("2015", "October", "1", "2015 October 1", "2015-10-01", "day"),
        ("2016", "02", "29", "2016-02-29", "2016-02-29", "day"),
        ("2015", "02", "29", "2015-02-29", "2015", "text"),
        ("2015", "13", "", "2015-13", "2015", "text"),
        ("2015", "00", "00", "2015-00-00", "2015", "text"),
        ("2015", "", "3", "2015-3", "2015", "text"),
        ("2015", "Jan-Feb", "", "2015 Jan-Feb", "2015", "span"),
        ("2015", "Foo", "3", "2015 Foo 3", "2015", "text"),
        ("15", "", "", "15", "", "text"),
        ("", "3", "", "3", "", "text"),
        ("2015", "²", "", "2015-²", "2015", "text"),
    ],
)
def test_dates_in_parts(year: str, month: str, day: str, raw: str, iso: str, precision: str) -> None:
    parts = {name: value for name, value in (("Year", year), ("Month", month), ("Day", day)) if value}
    assert source_date(parts) == SourceDate(raw, iso, precision)  # type: ignore[arg-type]
    assert iso_day(parts) == iso


@pytest.mark.parametrize(
    ("season", "precision"), [("Fall", "season"), ("Winter-Spring", "season"), ("Jan-Mar", "span"), ("x", "text")]
)
def test_seasons(season: str, precision: str) -> None:
    assert source_date({"Year": "2015", "Season": season}) == SourceDate(
        f"2015 {season}",
        "2015",
        precision,  # type: ignore[arg-type]
    )


def test_no_date_is_none() -> None:
    assert source_date({}) is None
    assert iso_day({}) == ""
    assert article().publication_date is None
    assert (article().entered, article().revised) == ("", "")


@given(st.text(st.sampled_from("0123456789 -/,.?JanFebSpringQuart²"), max_size=24))
def test_no_text_crashes_or_gives_a_month_it_does_not_name(raw: str) -> None:
    found = read_date(raw)
    assert len(found.iso) in (0, 4, 7, 10)
    if found.iso:
        assert found.iso[:4] in raw or found.precision == "span"
    assert (len(found.iso) == 7) == (found.precision == "month")
    assert (len(found.iso) == 10) == (found.precision == "day")


def test_the_first_electronic_date_counts() -> None:
    def printed(kind: str, year: int) -> str:
        return f'<ArticleDate DateType="{kind}"><Year>{year}</Year></ArticleDate>'

    found = article(printed("Other", 2001) + printed("Electronic", 2002) + printed("Electronic", 2003))
    assert found.electronic_date == SourceDate("2002", "2002", "year")
    assert article(printed("Other", 2001)).electronic_date == SourceDate("2001", "2001", "year")


def test_the_day_a_record_entered() -> None:
    created = "<DateCreated><Year>1999</Year><Month>1</Month><Day>2</Day></DateCreated>"
    entrez = (
        '<History><PubMedPubDate PubStatus="entrez"><Year>2000</Year><Month>3</Month><Day>4</Day>'
        "</PubMedPubDate></History>"
    )
    assert article(citation=created, data=entrez).entered == "1999-01-02"
    assert article(data=entrez).entered == "2000-03-04"
