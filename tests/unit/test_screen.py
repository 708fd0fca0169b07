"""Of a whole PubMed file, what could be ours is kept, and the rest is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb.dataset import Dataset
from kb.records.article import Abstract, Article, Marked, Section, Term
from kb.screen import keeper
from tests.factory import study


def article(title: str = "A paper", text: str = "", **values: object) -> Article:
    body = Section("", "", Marked(text, text))
    abstracts = (Abstract("main", "", (body,)),) if text else ()
    return Article(id="PMID:99999999", title=Marked(title, title), abstracts=abstracts, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "title",
    [
        "Natural killer cells in leukaemia",
        "natural-killer cell infusion",
        "CAR-NK cells",
        "CAR NK cells",
        "NK-92 in melanoma",
        "Invariant NKT cells",
        "Cytokine-induced killer cells and hepatoma",
    ],
)
def test_a_paper_that_names_such_cells_is_kept(data: Dataset, title: str) -> None:
    keep = keeper(data)
    assert keep(article(title))
    assert keep(article(text=f"Background. {title}."))


def test_a_heading_is_enough(data: Dataset) -> None:
    assert keeper(data)(article(terms=(Term("mesh", "Killer Cells, Natural"), Term("mesh", "Natural Killer T-Cells"))))


@pytest.mark.parametrize("title", ["Statins in heart failure", "The bank of England", "A thinking network", ""])
def test_a_paper_about_something_else_is_not_kept(data: Dataset, title: str) -> None:
    assert not keeper(data)(article(title))


def test_a_paper_on_file_is_kept_by_any_of_its_names(data: Dataset) -> None:
    keep = keeper(data)
    by_doi = next(one for one in data.studies if one.doi and not one.pmid)
    by_pmid = next(one for one in data.studies if one.pmid)
    assert by_doi.doi is not None
    assert by_pmid.pmid is not None
    assert keep(article(doi=by_doi.doi.upper()))
    assert keep(article(pmid=by_pmid.pmid))
    assert not keep(article(doi="10.5555/nobody", pmid="1"))


@pytest.mark.parametrize(
    "names",
    [{"id": "REC:own-2020"}, {"id": "REC:former-2020"}, {"pmid": "77"}, {"doi": "10.5555/X"}, {"pmcid": "PMC77"}],
)
def test_every_kind_of_name_keeps_a_paper_on_file(data: Dataset, names: dict[str, str]) -> None:
    known = {"id": "REC:own-2020", "aliases": ("REC:former-2020",), "pmid": "77", "doi": "10.5555/x", "pmcid": "PMC77"}
    on_file = study().model_copy(update=known)
    keep = keeper(replace(data, studies=(on_file,)))
    assert keep(replace(article(), **names))  # type: ignore[arg-type]
    assert not keep(article())
