"""Collections whole or not at all, what the kept figures rest on, and cases that hang together."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.errors import DataError
from kb.evaluate.corpora import deciding, fingerprint, measure
from kb.evaluate.disputed import Disputes
from kb.progress import Silent
from tests.unit.evaluating import concepts, tools, write
from tests.unit.test_evaluate_corpora import collections, share_of

VOCABULARY = concepts()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return collections(tmp_path)


def test_the_fingerprint_changes_with_all_that_decides_the_scores(tmp_path: Path) -> None:
    seen = [fingerprint(tmp_path)]
    for name in ("build.yml", "gold/disputed.tsv", "gold/phase_adjudicated.tsv"):
        write(tmp_path, name, "x")
        seen.append(fingerprint(tmp_path))
    assert len(set(seen)) == 4
    write(tmp_path, "gold/corpora_scores.json", "x")
    assert fingerprint(tmp_path) == seen[-1]
    code = {name for name, _ in deciding(tmp_path)}
    assert {"kb/vocabulary.py", "kb/reading.py", "kb/evaluate/metrics.py", "kb/tag/tagger.py"} <= code


@pytest.mark.parametrize(
    "name", ["trial_decoys.csv", "trials.csv", "outcome_direction/evidence_inference_prompts.csv.gz"]
)
def test_a_collection_that_is_there_in_part_is_an_error(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(DataError, match=f"{name}: the file is missing, others of its collection are there"):
        measure(folder, folder, tools(), VOCABULARY, folder, Disputes(), Silent())


def test_registrations_that_stand_on_two_sheets_are_counted(folder: Path) -> None:
    given, _ = measure(None, folder, tools(), VOCABULARY, folder, Disputes(), Silent(), {"T1", "T2", "D2", "X"})
    assert "3 of the 4 registrations of the sheet “Real registrations on file” stand here too (2 trials, 1" in (
        given[0].text
    )


def test_answers_on_one_paper_are_drawn_together(folder: Path) -> None:
    given, _ = measure(folder, None, tools(), VOCABULARY, folder, Disputes(), Silent())
    direction = given[-1]
    assert "1 excerpts of 1 questions on 1 papers" in direction.text
    assert share_of(direction, "direction, words marked by annotators, with the question").limits is not None
    assert (
        direction.confusions[0].limits
        == share_of(direction, "direction, words marked by annotators, with the question").limits
    )
