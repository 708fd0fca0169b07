"""Which names are one paper, and which records must never be joined."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from kb.records.article import Article
from kb.records.study import Study
from kb.same_paper import owners
from tests.factory import study


def article(number: str = "", doi: str = "", pmcid: str = "") -> Article:
    name = f"PMID:{number}" if number else f"DOI:{doi}" if doi else f"PMC:{pmcid}"
    return Article(name, pmid=number, doi=doi, pmcid=pmcid)


def on_file(number: str | None = None, doi: str | None = None, **values: Any) -> Study:
    return study(id=f"PMID:{number}" if number else f"DOI:{doi}", pmid=number, doi=doi, **values)


def found(studies: list[Study], *articles: Article) -> dict[str, str]:
    """Return the owners, the same in whatever order things come."""
    given = [owners(studies, order) for order in permutations(articles)]
    given += [owners(studies[::-1], articles)]
    assert all(one == given[0] for one in given)
    return given[0]


def test_all_names_of_a_study_and_of_its_record_are_the_study_s() -> None:
    names = found([on_file("1", aliases=["REC:old"])], article("1", "10.1000/A", "PMC1"))
    assert set(names) == {"pmid:1", "rec:old", "doi:10.1000/a", "pmc:pmc1"}
    assert set(names.values()) == {"PMID:1"}


def test_names_are_joined_step_by_step() -> None:
    chain = (article("", "10.1000/a", "PMC1"), article("7", "", "PMC1"), article("7", "10.1000/b"))
    names = found([on_file(doi="10.1000/A")], *chain)
    assert {names[one] for one in ("pmc:pmc1", "pmid:7", "doi:10.1000/b")} == {"DOI:10.1000/A"}


def test_a_record_of_another_number_under_the_doi_of_a_paper_is_another_record() -> None:
    names = found([on_file("1")], article("1", "10.1000/a"), article("2", "10.1000/a", "PMC2"))
    assert (names["pmid:1"], names["pmid:2"]) == ("PMID:1", "PMID:2")
    names = found([on_file("1", "10.1000/a")], article("1", "10.1000/a"), article("2", "10.1000/a", "PMC2"))
    assert (names["doi:10.1000/a"], names["pmid:2"]) == ("PMID:1", "PMID:2")
    assert "pmc:pmc2" not in names


def test_a_study_without_a_number_is_every_record_with_its_doi_and_no_further_one() -> None:
    records = (article("2", "10.1000/a"), article("3", "10.1000/a", "PMC3"), article("4", "", "PMC3"))
    names = found([on_file(doi="10.1000/a")], *records)
    assert (names["pmid:2"], names["pmid:3"], names["pmid:4"]) == ("DOI:10.1000/a", "DOI:10.1000/a", "PMID:4")


def test_a_record_that_names_two_studies_joins_nothing() -> None:
    one, two = on_file(doi="10.1000/a"), on_file("2")
    names = found([one, two], article("2", "10.1000/a", "PMC2"))
    assert names["doi:10.1000/a"] == one.id
    assert names["pmid:2"] == two.id
    assert "pmc:pmc2" not in names


def test_a_name_that_two_studies_would_get_is_nobody_s() -> None:
    records = (article("", "10.1000/a", "PMC1"), article("", "10.1000/b", "PMC1"))
    names = found([on_file(doi="10.1000/a"), on_file(doi="10.1000/b")], *records)
    assert "pmc:pmc1" not in names


def test_papers_that_are_not_on_file_go_by_their_number() -> None:
    names = found([], article("5", "10.1000/a"), article("", "10.1000/A", "PMC5"), article("6", "10.1000/c"))
    assert {names[one] for one in ("pmid:5", "doi:10.1000/a", "pmc:pmc5")} == {"PMID:5"}
    assert names["doi:10.1000/c"] == "PMID:6"
