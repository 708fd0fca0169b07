"""Goals that are missed, first looks, and what the command refuses."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from click.testing import CliRunner, Result

import kb.evaluate.load
from kb.errors import DataError
from kb.evaluate.check import FLAGS, gold_problems
from kb.evaluate.commands import evaluate
from kb.evaluate.corpora import SCORES, load_scores, save
from kb.evaluate.first_looks import load_first_looks
from kb.evaluate.metrics import Quality, Share
from kb.evaluate.page import first_looks, page
from kb.evaluate.report import as_dict, markdown, missed, sheet_of
from kb.evaluate.sheet import Goal, Line, Sheet, prose
from kb.tag.relevance import _NO_STUDY
from kb.tag.tags import Flag
from tests.unit.evaluating import FakeTagger, concepts, said, tag, tools, write
from tests.unit.test_evaluate_corpora import collections
from tests.unit.test_evaluate_gold import FINDING, RECORD, folder

VOCABULARY = concepts()
BOTH = (Goal("precision", 0.97), Goal("recall", 0.97))
LOW = Line("decoys", Quality(19, Share(5, 5), Share(5, 6), 0.909, 0.6, 1.0), None, BOTH)
FAIR = Line("trials", Share(98, 100), None, (Goal("share", 0.98),))
NONE = Line("nothing", Share(0, 0), None, (Goal("accuracy", 0.8),))


def test_goals_in_words() -> None:
    assert prose(BOTH) == "precision and recall at least 0.97"
    assert prose((Goal("precision", 0.97), Goal("recall", 0.95))) == "precision at least 0.97, recall at least 0.95"
    assert prose((Goal("share", 0.98),)) == "at least 0.98"
    assert prose((Goal("accuracy", 0.8),)) == "accuracy at least 0.80"
    assert prose(()) == ""


def test_a_goal_must_fit_its_figure() -> None:
    with pytest.raises(ValueError, match="no recall"):
        Goal("recall", 0.9).value(Share(1, 2))


def test_a_missed_goal_is_marked_where_it_stands() -> None:
    sheet = Sheet("S", "T", (LOW, FAIR, NONE, replace(FAIR, name="few", figure=Share(97, 100))))
    text = "\n".join(markdown([sheet]))
    assert "precision and recall at least 0.97, **missed** (recall) |" in text
    assert "| few | 0.970 [0.915, 0.990] (97 of 100) | at least 0.98, **missed** |" in text
    assert text.count("**missed**") == 2
    assert missed([sheet]) == "2 of 5 goals missed: decoys, recall 0.833 of 0.97; few 0.970 of 0.98."
    assert missed([Sheet("S", "T", (FAIR,))]) == "0 of 1 goals missed."
    assert missed([Sheet("S", "T")]) == ""


def test_goals_and_intervals_survive_being_kept() -> None:
    paper = Line("by paper", Share(5, 10, (0.1, 0.9)))
    given = as_dict(Sheet("S", "T", (LOW, paper)))
    assert given["lines"][0]["missed"] == ["recall"]
    again = sheet_of(json.loads(json.dumps(given)))
    assert again.lines[0].missed == (BOTH[1],)
    assert isinstance(again.lines[1].figure, Share)
    assert again.lines[1].figure.interval == (0.1, 0.9)


def test_the_page_says_how_far_collections_are_unseen_and_what_is_missed(tmp_path: Path) -> None:
    data = folder(tmp_path)
    save(data / SCORES, date(2026, 1, 2), data, [Sheet("S", "T", (LOW,))], [])
    text = page(data, VOCABULARY, tools())
    _, short, whole = text.split("ollections outside the repository\n")
    for section in (short, whole):
        assert "development data" in section
        assert "Only the papers of Evidence Inference were kept out" in section
    assert "1 of 2 goals are missed" in short


# ---------------------------------------------------------------------------- first looks

HEAD = "date\ttexts\tunseen\tmeasure\tfigure\tnote\n"


def test_first_looks_at_texts_that_were_not_wholly_unseen_stand_apart(tmp_path: Path) -> None:
    data = folder(tmp_path)
    rows = ("2026-01-02\tfresh <ones>\tyes\trecall\t4 of 5\t\n", "2026-01-02\told\tno\trecall\t0.9\tcounts not kept\n")
    write(data, "gold/first_looks.tsv", HEAD + "".join(rows))
    text = page(data, VOCABULARY, tools())
    fresh, old = text.split("## In short: first looks at unseen texts")[1].split("### Not wholly unseen")
    assert "| 2026-01-02 | fresh &lt;ones&gt; | recall | 4 of 5 |  |" in fresh
    assert "| 2026-01-02 | old | recall | 0.9 | counts not kept |" in old
    assert "old" not in fresh
    assert gold_problems(data, VOCABULARY) == []
    assert first_looks(load_first_looks(tmp_path)) == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("2.1.2026\ta\tyes\tb\t1 of 2\t", "'2.1.2026' is no date"),
        ("20260102\ta\tyes\tb\t1 of 2\t", "is no date"),
        ("\ta\tyes\tb\t1 of 2\t", "date is empty"),
        ("2026-01-02\t\tyes\tb\t1 of 2\t", "texts is empty"),
        ("2026-01-02\ta\tyes\t\t1 of 2\t", "measure is empty"),
        ("2026-01-02\ta\tyes\tb\t\t", "figure is empty"),
        ("2026-01-02\ta\tperhaps\tb\t1 of 2\t", "unseen is 'perhaps'"),
        ("2026-01-02\ta\tyes\tb\tprecision 0.9\t", "has no counts"),
    ],
)
def test_a_first_look_that_is_none_is_named(tmp_path: Path, line: str, message: str) -> None:
    data = folder(tmp_path)
    write(data, "gold/first_looks.tsv", f"{HEAD}{line}\n")
    (problem,) = gold_problems(data, VOCABULARY)
    assert str(problem).startswith("data/gold/first_looks.tsv:2 [")
    assert message in problem.message
    with pytest.raises(DataError, match="first_looks"):
        load_first_looks(data)


# ---------------------------------------------------------------------------- the command


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory with four cases, and a tagger that is right on one."""
    tagger = FakeTagger({"r1": said("r1", tag("cell_type", "nk"))})
    monkeypatch.setattr(kb.evaluate.load, "load_tools", lambda data_dir, vocabulary: tools(tagger))
    monkeypatch.setattr("kb.vocabulary.load_vocabulary", lambda root: VOCABULARY)
    return folder(tmp_path)


def run(data: Path, *options: str) -> Result:
    return CliRunner().invoke(evaluate, ["--data", str(data), *options])


@pytest.mark.parametrize(
    ("file", "case"),
    [
        ("records", {**RECORD, "expect": {"cell_type": ["nkk"]}}),
        ("records", {**RECORD, "expect": {"celltype": ["nk"]}}),
        ("records", {**RECORD, "expect": {"phase": True}}),
        ("records", {**RECORD, "abstarct": "x"}),
        ("records", {**RECORD, "mesh_headings": 5}),
        ("findings", {**FINDING, "expect": [{"n": "five"}]}),
        ("findings", {**FINDING, "expect": [{"n": 8}]}),
        ("findings", {**FINDING, "expect": [{"nn": 5}]}),
        ("findings", {**FINDING, "expect": [{"grade": 3}]}),
        ("findings", {**FINDING, "expect": [{"event": {"a": 1}}]}),
    ],
)
def test_a_case_with_a_slip_is_named_and_nothing_is_measured(data: Path, file: str, case: dict[str, Any]) -> None:
    write(data, f"gold/{file}.jsonl", json.dumps(case) + "\n")
    done = run(data)
    assert done.exit_code == 2, done.output
    assert f"data/gold/{file}.jsonl:1 [" in done.stderr
    assert " → " in done.stderr
    assert done.stdout == ""


def test_a_dispute_of_no_case_stops_the_command(data: Path) -> None:
    write(data, "gold/disputed.tsv", "corpus\tid\tfield\tgold_says\twe_say\twhy\nrecords\tr9\tphase\ta\tb\tc\n")
    done = run(data)
    assert done.exit_code == 2
    assert "disputed.tsv:2 [r9]: no such case" in done.stderr


def test_missed_goals_are_said_on_standard_error_and_the_exit_code_stays(data: Path) -> None:
    for options in ((), ("--json",)):
        done = run(data, *options)
        assert done.exit_code == 0
        assert (
            "1 of 4 goals missed: direction for the patient, where groups are compared, accuracy 0.000" in done.stderr
        )
        assert "goals missed" not in done.stdout


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder with every collection."""
    return collections(tmp_path / "outside")


def test_figures_on_every_collection_are_kept(data: Path, outside: Path) -> None:
    both = ("--corpora", str(outside), "--reference", str(outside))
    done = run(data, *both, "--save", str(data / SCORES), "--date", "2026-01-02")
    assert done.exit_code == 0, done.output
    kept = load_scores(data)
    assert kept is not None
    assert (kept.day, len(kept.inputs), len(kept.sheets)) == ("2026-01-02", 6, 5)


def test_a_part_is_not_kept_and_not_taken_for_the_whole(data: Path, outside: Path) -> None:
    both = ("--corpora", str(outside), "--reference", str(outside))
    keep = ("--save", str(data / "x.json"), "--date", "2026-01-02")
    for options in (both[:2], both[2:]):
        done = run(data, *options, *keep)
        assert done.exit_code == 2
        assert "give --date, --corpora and --reference" in done.stderr
    (outside / "tagger_dev.jsonl.gz").unlink()
    assert run(data, *both).exit_code == 0
    done = run(data, *both, *keep)
    assert done.exit_code == 2
    assert "outside/tagger_dev.jsonl.gz: the file is missing" in done.stderr
    assert not (data / "x.json").exists()
    (outside / "trial_decoys.csv").unlink()
    done = run(data, *both)
    assert done.exit_code == 2
    assert "outside/trial_decoys.csv: the file is missing" in done.stderr


def test_one_facet_is_of_our_own_cases(data: Path, outside: Path) -> None:
    for name in ("--corpora", "--reference"):
        done = run(data, "--facet", "phase", name, str(outside))
        assert done.exit_code == 2
        assert "--facet is of our own cases" in done.stderr


def test_every_flag_that_relevance_gives_may_be_expected() -> None:
    assert get_args(Flag) == FLAGS
    assert set(_NO_STUDY) <= set(FLAGS)
