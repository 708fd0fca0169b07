"""What the tables of fetched records say of a record, and that they lose and invent nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from kb.dataset import Dataset
from kb.integrity import IntegrityState
from kb.records.article import Article, Author
from kb.records.fetched import Fetched, HeldArticle, Snapshot
from kb.records.registration import Analysis, Measure, Registration
from kb.rows import fetched as rows
from kb.rows.base import Row
from kb.stop_reasons import StopReasons, load
from tests.conftest import DATA
from tests.factory import trial

NOW = "9999-12-31"


@pytest.fixture(scope="module")
def reasons() -> StopReasons:
    return load(DATA / "rules" / "stop_reasons.tsv")


def article_row(data: Dataset, **values: Any) -> Row:
    held = HeldArticle("2026-01-01", Article(**{"id": "PMID:1", "pmid": "1", **values}))
    (found,) = rows.articles(Fetched(articles=(held,)), data, lambda _: IntegrityState("unchecked", None, ()))
    return found


def looks(*seen: tuple[str, Registration]) -> Fetched:
    return Fetched(snapshots=tuple(Snapshot(day, one) for day, one in seen))


def seen(number: str = "NCT00000001", **values: Any) -> Registration:
    return Registration(id=number, registry="ClinicalTrials.gov", **values)


# ---------------------------------------------------------------------------- people


def names(data: Dataset, *authors: Author) -> list[str]:
    found: list[str] = json.loads(article_row(data, authors=authors)["authors"])
    return found


def test_a_superseded_spelling_does_not_stand_beside_the_right_one(data: Dataset) -> None:
    right, wrong = Author("Müller", "Anna", "A"), Author("Muler", "Anna", "A", valid=False)
    assert names(data, right, wrong, Author("Lee", "Bo", "B")) == ["Müller A", "Lee B"]
    assert names(data, wrong) == ["Muler A"], "better than nobody"


def test_names_are_written_with_initials_or_else_with_the_fore_name(data: Dataset) -> None:
    authors = (
        Author("Ahmed", "Sakil"),
        Author("Rubnitz", "Jeffrey E", "JE", "Jr"),
        Author("Sukarno"),
        Author(collective="The Study Group"),
        Author("Editor", "An", "A", role="editor"),
    )
    assert names(data, *authors) == ["Sakil Ahmed", "Rubnitz JE Jr", "Sukarno", "The Study Group"]


@pytest.mark.parametrize("complete", [True, False])
def test_a_cut_list_of_authors_says_so(data: Dataset, complete: bool) -> None:
    assert article_row(data, authors_complete=complete)["authors_complete"] == int(complete)


# ---------------------------------------------------------------------------- books and doors


def test_the_book_a_chapter_stands_in_is_told_whole(data: Dataset) -> None:
    book = (("title", "A Handbook"), ("publisher", "A Press"), ("isbn", "978"), ("isbn", "979"))
    assert json.loads(article_row(data, kind="book", book=book)["book"]) == [list(pair) for pair in book]
    assert article_row(data)["book"] is None


EPMC = {"database": "europepmc"}


@pytest.mark.parametrize(
    ("values", "page"),
    [
        ({}, "https://pubmed.ncbi.nlm.nih.gov/1/"),
        ({**EPMC, "article_ids": (("europepmc", "MED:1"),)}, "https://europepmc.org/article/MED/1"),
        (
            {**EPMC, "pmid": "", "doi": "10.1101/x<y", "article_ids": (("europepmc", "PPR:PPR5"),)},
            "https://doi.org/10.1101/x%3Cy",
        ),
        ({**EPMC, "pmid": "", "article_ids": (("europepmc", "PPR:PPR5"),)}, "https://europepmc.org/article/PPR/PPR5"),
        (
            {**EPMC, "pmid": "", "doi": "10.1/x", "article_ids": (("europepmc", "PMC:PMC7"),)},
            "https://europepmc.org/article/PMC/PMC7",
        ),
        ({"pmid": "", "article_ids": (("bookaccession", "NBK9"),)}, "https://www.ncbi.nlm.nih.gov/books/NBK9/"),
        ({**EPMC, "doi": "10.1/x"}, "https://doi.org/10.1/x"),
    ],
)
def test_the_source_is_the_page_of_the_door_the_record_came_through(
    data: Dataset, values: dict[str, Any], page: str
) -> None:
    assert article_row(data, **values)["source"] == page


# ---------------------------------------------------------------------------- outcomes


def outcome(**values: Any) -> Row:
    measure = Measure(rank="PRIMARY", title="Remission", time_frame="1 year", reported=True, **values)
    (found,) = rows.registration_outcomes(looks(("2026-01-01", seen(outcomes=(measure,)))), NOW)
    return found


def test_a_p_value_stands_with_the_question_its_test_asked() -> None:
    analysis = Analysis(("A", "B"), "NON_INFERIORITY", "0.001", "Log Rank", "Hazard Ratio (HR)", "0.9", "95", low="0.7")
    found = outcome(analyses=(analysis,), p_values=(("0.001", "Log Rank"),))
    assert json.loads(found["analyses"]) == [
        {
            "groups": ["A", "B"],
            "test": "NON_INFERIORITY",
            "p_value": "0.001",
            "method": "Log Rank",
            "parameter": "Hazard Ratio (HR)",
            "value": "0.9",
            "level": "95",
            "low": "0.7",
        }
    ]
    assert "p_values" not in found


def test_no_p_value_is_lost_and_none_told_twice() -> None:
    analysis = Analysis(p_value="0.05", method="t")
    found = outcome(analyses=(analysis, analysis), p_values=(("0.05", "t"),) * 3 + (("0.2", ""),))
    told = sorted((one["p_value"], one.get("method", "")) for one in json.loads(found["analyses"]))
    assert told == [("0.05", "t")] * 3 + [("0.2", "")]


def test_the_spread_and_the_people_analysed_are_named() -> None:
    found = outcome(dispersion="Standard Deviation", population="Treated people", groups=(("A", "5", "3", "1"),))
    assert (found["dispersion"], found["population"]) == ("Standard Deviation", "Treated people")
    assert json.loads(found["groups"]) == [["A", "5", "3", "1"]]
    bare = outcome()
    assert (bare["dispersion"], bare["population"], bare["analyses"]) == (None, None, "[]")


# ---------------------------------------------------------------------------- former numbers


@pytest.mark.parametrize(
    ("on_file", "belongs"),
    [
        (("NCT00000001",), "NCT00000001"),
        (("NCT00000002",), "NCT00000002"),
        (("NCT00000001", "NCT00000002"), "NCT00000001"),
        (("NCT00000003", "NCT00000002"), "NCT00000002"),
        (("NCT00000009",), None),
    ],
)
def test_a_registration_belongs_to_the_trial_on_file_under_any_of_its_numbers(
    data: Dataset, reasons: StopReasons, on_file: tuple[str, ...], belongs: str | None
) -> None:
    facts = replace(data, trials=tuple(trial(id=number) for number in on_file))
    one = seen("NCT00000001", aliases=("NCT00000002", "NCT00000003"))
    (found,) = rows.registrations(looks(("2026-01-01", one)), facts, reasons, NOW)
    assert found["trial_id"] == belongs


# ---------------------------------------------------------------------------- changes


def test_a_field_that_changes_back_within_a_day_makes_two_rows_of_two_names() -> None:
    first, second = seen(status="RECRUITING", updated="2025-12-01"), seen(status="SUSPENDED", updated="2026-01-01")
    third = seen(status="RECRUITING", updated="2026-01-02")
    fourth = seen(status="SUSPENDED", updated="2026-01-03")
    held = looks(("2026-01-05", first), ("2026-01-06", second), ("2026-01-06", third), ("2026-01-06", fourth))
    status = [row for row in rows.trial_changes(held, NOW) if row["field"] == "status"]
    name = "NCT00000001#status#2026-01-06"
    assert [row["id"] for row in status] == [name, f"{name}#2", f"{name}#3"]
    assert [row["after"] for row in status] == ["SUSPENDED", "RECRUITING", "SUSPENDED"]
