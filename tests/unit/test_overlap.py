"""No sentence of ours repeats ten words in a row of a text at hand."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import pytest

from kb.dataset import Dataset, Place
from kb.errors import DataError
from kb.overlap import shared_runs
from tests.factory import study

_OURS = "Ten people were given donor cells and three of them went into remission for a year."
_TITLE = "Infusion of donor natural killer cells into people with relapsed acute myeloid leukaemia: a trial"


def small(data: Dataset) -> Dataset:
    """A dataset of one made-up study."""
    record = study(id="PMID:7", pmid="7", finding=_OURS, title=_TITLE)
    return replace(
        data,
        studies=(record,),
        trials=(),
        approvals=(),
        absences=(),
        access_routes=(),
        safety_events=(),
        documents=(),
        places={record.id: Place("data/studies/made-up.yml", 3)},
    )


@pytest.mark.parametrize(
    ("text", "shared"),
    [
        ("we report that TEN people were given donor cells, and three of them", True),
        ("ten people were given donor cells\nand   three <b>of</b> them", True),
        ("people were given donor cells and three of them died", False),  # nine words
        ("ten people were given other cells and three of them went into relapse", False),
        (_TITLE, False),  # titles are quoted on purpose
    ],
)
def test_ten_words_in_a_row_are_found_whatever_their_case_and_marks(
    data: Dataset, tmp_path: Path, text: str, shared: bool
) -> None:
    (tmp_path / "abstract.txt").write_text(text, encoding="utf-8")
    problems = shared_runs(small(data), tmp_path)
    assert bool(problems) is shared
    for problem in problems:
        assert (problem.file, problem.where, problem.rule) == ("data/studies/made-up.yml", "PMID:7 finding", "overlap")
        assert "ten people were given donor cells and three of them" in problem.message
        assert "abstract.txt" in problem.message


def test_a_text_is_told_once_and_packed_texts_are_read(data: Dataset, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    with gzip.open(tmp_path / "deep/records.jsonl.gz", "wt", encoding="utf-8") as out:
        out.write(_OURS)
    (tmp_path / "again.txt").write_text(_OURS, encoding="utf-8")
    assert len(shared_runs(small(data), tmp_path)) == 1


def test_one_file_can_be_named(data: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(f"<p>{_OURS}</p>", encoding="utf-8")
    assert len(shared_runs(small(data), path)) == 1


def test_a_folder_without_texts_is_an_error_and_no_clean_bill(data: Dataset, tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    with pytest.raises(DataError, match="no text to compare with"):
        shared_runs(small(data), tmp_path)
