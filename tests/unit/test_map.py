"""The evidence map: what makes a row approved, and the four kinds of empty."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kb.assess.evidence import Base
from kb.assess.map import Cell, MapJudge
from kb.dataset import Dataset
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


@pytest.mark.parametrize("values", [{"complete": False}, {"indication": ["glioma"]}, {"cell_type": ["cik"]}])
def test_a_cell_that_nobody_searched_whole_is_not_searched(data: Dataset, values: dict[str, Any]) -> None:
    assert cell(data, "aml", "nk", searches=(search(**values),)).empty_kind == "not_searched"


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
