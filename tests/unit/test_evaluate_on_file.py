"""The sheet on reviewed registrations: what is scored, and that it can come out wrong."""

from __future__ import annotations

from kb.evaluate import on_file
from kb.evaluate.load import load_tools
from kb.evaluate.records import LENIENT
from kb.progress import Silent
from kb.records.trial import Trial
from tests.unit.tagging import DATA, vocabulary


def _trial(number: int, title: str, *, nk: bool = True, **more: object) -> Trial:
    return Trial.model_validate(
        {
            "id": f"NCT{number:08}",
            "registry": "ClinicalTrials.gov",
            "title": title,
            "title_kind": "registry",
            "is_nk_therapy": nk,
            "note": None if nk else "look-alike",
            "source": "https://clinicaltrials.gov/",
            "retrieved": "2026-11-23",
            "checked": "registry",
            **more,
        }
    )


def _sheet(*trials: Trial) -> dict[str, str]:
    sheet = on_file.sheet(trials, load_tools(DATA, vocabulary()), vocabulary(), Silent())
    return {line.name: str(line.figure) for line in sheet.lines} | {case.id: case.found for case in sheet.cases}


def test_right_and_wrong_are_told_apart() -> None:
    found = _sheet(
        _trial(1, "NK Cells for AML", cell_type=("nk",), indication=("aml",)),
        _trial(2, "CAR-T Cells for AML", cell_type=("nk",)),
        _trial(3, "NK Cell Infusion in Lupus", nk=False),
        _trial(4, "NK Cells for AML", cell_type=("car-nkt",), indication=("lupus",)),
    )
    assert found["NCT00000002"] == "not relevant"
    assert found["NCT00000003"] == "relevant"
    assert "aml" in found["NCT00000004"]
    assert "NCT00000001" not in found


def test_titles_of_ours_and_empty_facets_are_not_scored() -> None:
    described = _trial(1, "NK cells for AML", cell_type=("nk",)).model_copy(update={"title_kind": "description"})
    assert on_file.cases([described]) == []
    (case,) = on_file.cases([_trial(2, "NK cells for AML")])
    assert set(case.expect) == {"relevant"}


def test_exact_figures_stand_before_lenient_ones_and_both_are_explained() -> None:
    trials = [
        _trial(1, "NK Cells for AML", cell_type=("nk",), indication=("acute-leukaemia",)),
        _trial(2, "NK Cells for AML", cell_type=("car-nkt",), indication=("lupus", "aml")),
    ]
    sheet = on_file.sheet(trials, load_tools(DATA, vocabulary()), vocabulary(), Silent())
    names = [line.name for line in sheet.lines if line.name.startswith("indication")]
    assert names == ["indication", "indication, lenient"]
    assert LENIENT in sheet.text
    assert "many of their labels began as rules" in sheet.text
    assert sheet.found_title == "found beyond it"
    assert f"{len(sheet.cases)} of 2 registrations have a wrong statement; omissions are not counted" in sheet.text
