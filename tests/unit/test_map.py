"""The evidence map: what makes a row approved, and the four kinds of empty."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from kb.assess.base import Base
from kb.assess.map import Cell, MapJudge
from kb.dataset import Dataset
from kb.english import empty_words
from kb.records.files import Search, SearchesFile
from tests.factory import DAY, approval, claim, document, study, trial, world


def cell(data: Dataset, indication: str, cell_type: str, *records: Any, searches: tuple[Search, ...] = ()) -> Cell:
    """Return one cell of the map of these records; a claim names the disease, so that the row is there."""
    page = document(claim(axes={"cell_type": ["nk"], "indication": [indication]}))
    facts = replace(world(data, *records, page), searches=SearchesFile(searches=searches))
    cells = MapJudge(Base(facts, DAY)).cells()
    return next(one for one in cells if (one.indication, one.cell_type) == (indication, cell_type))


def nk_licence(*indications: str, **values: Any) -> Any:
    """A US authorisation of NK cells."""
    return approval(label={"cell_type": ["nk"], "indication": list(indications)}, **values)


# ---------------------------------------------------------------------- licences


def test_a_licence_for_the_same_disease_makes_the_row_approved_where_it_holds(data: Dataset) -> None:
    found = cell(data, "aml", "nk", nk_licence("aml"))
    assert (found.level("US"), found.level("JP")) == ("A_FULL", "U")
    conditional = nk_licence("aml", events=[{"event": "granted_conditional", "date": "2018-01-01"}])
    assert cell(data, "aml", "nk", conditional).level("US") == "A_COND"


def test_a_licence_for_a_narrower_disease_is_listed_and_approves_no_broader_row(data: Dataset) -> None:
    found = cell(data, "leukaemia", "nk", nk_licence("aml"))
    assert [record.id for record, _ in found.licences["US"]] == ["APR-US-madeup"]
    assert found.level("US") == "U"
    assert cell(data, "leukaemia", "nk", nk_licence("aml"), study({"indication": ["leukaemia"]})).level("US") == "T3"


def test_a_licence_for_a_list_of_diseases_approves_each_row(data: Dataset) -> None:
    both = nk_licence("aml", "glioma")
    assert cell(data, "glioma", "nk", both).level("US") == "A_FULL"
    assert cell(data, "aml", "nk", both).level("US") == "A_FULL"


def test_a_licence_for_other_cells_approves_no_row(data: Dataset) -> None:
    found = cell(data, "b-all", "nk", approval())
    assert (found.licences, found.level("US")) == ({}, "U")


# ---------------------------------------------------------------------- empty cells


def search(**values: Any) -> Search:
    """A complete search for NK cells in AML."""
    return Search.model_validate(
        {
            "id": "SEA-made-up",
            "source": "s",
            "query": "q",
            "date": "2025",
            "complete": True,
            "indication": ["aml"],
            "cell_type": ["nk"],
            "kind": "database",
            **values,
        }
    )


def test_a_cell_with_a_result_is_not_empty(data: Dataset) -> None:
    assert cell(data, "aml", "nk", study(), trial(), searches=(search(),)).empty_kind == ""


def test_a_cell_with_registrations_only_is_ongoing_only(data: Dataset) -> None:
    assert cell(data, "aml", "nk", trial(), searches=(search(),)).empty_kind == "ongoing_only"


def test_a_cell_that_was_searched_and_holds_nothing_says_so(data: Dataset) -> None:
    assert cell(data, "aml", "nk", searches=(search(),)).empty_kind == "searched_none"


@pytest.mark.parametrize("values", [{"indication": ["glioma"]}, {"cell_type": ["cik"]}, {"indication": ["leukaemia"]}])
def test_a_search_for_another_cell_is_none_for_this_one(data: Dataset, values: dict[str, Any]) -> None:
    found = cell(data, "aml", "nk", searches=(search(**values),))
    assert (found.empty_kind, found.searched) == ("not_searched", "")


def test_a_look_up_in_stored_copies_is_a_search_that_is_not_complete(data: Dataset) -> None:
    looked_up = search(id="SEA-made-up-2", complete=False, kind="stored_copies")
    assert cell(data, "aml", "nk", searches=(looked_up,)).searched == "stored_copies"
    assert cell(data, "aml", "nk", searches=(looked_up,)).empty_kind == "searched_none"
    assert cell(data, "aml", "nk", searches=(looked_up, search())).searched == "complete"


def test_the_words_of_an_empty_cell_do_not_promise_more_than_was_searched() -> None:
    assert empty_words("searched_none", "complete") == "searched, nothing found"
    assert empty_words("searched_none", "stored_copies") == "looked up in stored copies, nothing found"
    assert empty_words("indirect_only", "stored_copies") == "indirect evidence only"


def test_a_look_up_in_stored_copies_cannot_be_entered_as_complete() -> None:
    with pytest.raises(ValidationError, match="is not complete"):
        search(kind="stored_copies")


def test_no_more_results_are_relevant_than_there_are() -> None:
    with pytest.raises(ValidationError, match="relevant=3 is more than hits=2"):
        search(hits=2, relevant=3)
    assert search(hits=2, relevant=2).relevant == 2


def test_indirect_evidence_says_more_than_a_search_that_found_nothing(data: Dataset) -> None:
    other = study({"cell_type": ["cik"]})
    assert cell(data, "aml", "nk", other, searches=(search(),)).empty_kind == "indirect_only"


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ({"cell_type": ["cik"]}, "indirect_only"),
        ({"cell_type": ["nk", "activated-t"]}, "indirect_only"),
        ({"cell_type": ["cik"], "indication": ["leukaemia"]}, "not_searched"),  # another, broader disease
        ({"indication": ["leukaemia"]}, "not_searched"),
        ({"indication": []}, "not_searched"),
        ({"indication": ["glioma"]}, "not_searched"),
    ],
)
def test_indirect_only_needs_a_study_of_the_same_disease(data: Dataset, key: dict[str, Any], kind: str) -> None:
    assert cell(data, "aml", "nk", study(key)).empty_kind == kind


def test_indirect_only_needs_a_usable_study_in_people(data: Dataset) -> None:
    other = {"cell_type": ["cik"]}
    gone = study(other, integrity="retracted", integrity_date="2020")
    for record in (
        gone,
        study(other, year=2030),
        study(other, evidence_kind="animal"),
        study(other, evidence_kind="review"),
    ):
        assert cell(data, "aml", "nk", record).empty_kind == "not_searched"
