"""The page, the command and the sheets on direction and context."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

import kb.evaluate.load
from kb.evaluate.commands import evaluate
from kb.evaluate.corpora import SCORES, save
from kb.evaluate.directions import context_sheet, direction_sheet
from kb.evaluate.gold import ContextCase, DirectionCase
from kb.evaluate.metrics import Confusion, Quality, Share
from kb.evaluate.page import page
from kb.evaluate.report import as_dict, markdown, percent, sheet_of
from kb.evaluate.sheet import Case, Goal, Line, Sheet
from kb.progress import Silent
from kb.tag.tags import Direction
from tests.unit.evaluating import FakeTagger, concepts, said, tag, tools, write
from tests.unit.test_evaluate_gold import folder

VOCABULARY = concepts()


def direction(text: str, expect: Direction, outcome: str = "survival", identifier: str = "d1") -> DirectionCase:
    return DirectionCase(
        id=identifier,
        text=text,
        outcome=outcome,
        intervention="NK",
        comparator="none",
        expect=expect,
        change="increased",
    )


def test_direction_is_change_and_what_it_means_for_the_patient() -> None:
    cases = [
        direction("it rose", "better", identifier="d1"),
        direction("it rose", "better", "relapse", "d2"),
        direction("it decreased", "worse", identifier="d3"),
        direction("it rose", "not_comparative", identifier="d4"),
        direction("it rose", "better", "unheard of", "d5"),
    ]
    sheet = direction_sheet(cases, tools(), Silent(), frozenset({("d2", "direction")}), 30)
    change, compared, everything = sheet.lines
    assert change.figure == Share(4, 5)
    assert (compared.figure, compared.without) == (Share(2, 4), Share(2, 3))
    assert everything.figure == Share(2, 5)
    assert [case.id for case in sheet.cases] == ["d2", "d3", "d4", "d5"]
    assert sheet.cases[1].expected == "change increased"
    assert "unknown" in sheet.confusions[1].labels


def test_context_counts_lost_denials_apart() -> None:
    cases = [
        ContextCase(id="c1", text="no NK cells", mention="NK", expect="absent"),
        ContextCase(id="c2", text="NK cells may help", mention="NK", expect="possible"),
        ContextCase(id="c3", text="free of NK", mention="NK", expect="absent"),
        ContextCase(id="c4", text="x", mention="NK", expect="present"),
    ]
    sheet = context_sheet(cases, tools(), Silent(), frozenset(), 30)
    assert [line.figure for line in sheet.lines] == [Share(1, 4), Share(3, 4)]
    assert [case.found for case in sheet.cases] == ["present", "present", "not in the text"]


SHEET = Sheet(
    "A question",
    "How to read it.",
    (
        Line("one", Quality(3, Share(9, 10), Share(9, 9), 0.947, 0.8, 1.0), None, (Goal("F1", 0.9),)),
        Line("two", Share(1999, 2000), Share(0, 0)),
    ),
    (Confusion.of("What", [("a", "b"), ("a", "a")]),),
    (Case("r1", 2, "a | b", "<b>none</b>", "c"),),
)


def test_a_sheet_as_a_table() -> None:
    text = "\n".join(markdown([SHEET]))
    assert "## A question" in text
    assert "| one | 3 | 0.900 [0.596, 0.982] (9 of 10) | 1.000 [0.701, 1.000] (9 of 9) | 0.947 [0.800, 1.000] |" in text
    assert "nothing to score" in text
    assert "| a | 1 | 1 | 0.500 |" in text
    assert "a \\| b" in text
    assert "&lt;b&gt;none&lt;/b&gt;" in text


def test_nearly_all_is_not_printed_as_all() -> None:
    assert percent(Share(19_999, 20_000)).startswith("0.999 ")
    assert percent(Share(1, 20_000)).startswith("0.001 ")
    assert percent(Share(0, 5)).startswith("0.000 ")
    assert percent(Share(5, 5)).startswith("1.000 ")


def test_a_sheet_survives_being_kept() -> None:
    again = sheet_of(json.loads(json.dumps(as_dict(SHEET))))
    assert (again.title, again.lines, again.confusions, again.cases) == (SHEET.title, SHEET.lines, SHEET.confusions, ())


def test_the_page_says_what_is_measured_and_what_is_not(tmp_path: Path) -> None:
    data = folder(tmp_path)
    text = page(data, VOCABULARY, tools())
    assert text == page(data, VOCABULARY, tools())
    assert "4 labelled cases" in text
    assert "## In short: our own cases" in text
    assert "Not measured yet" in text
    assert "No case is disputed" in text
    assert "\n\n\n\n" not in text


def test_the_page_prints_disputes_and_kept_figures_and_says_when_they_are_old(tmp_path: Path) -> None:
    data = folder(tmp_path)
    write(
        data,
        "gold/disputed.tsv",
        "corpus\tid\tfield\tgold_says\twe_say\twhy\nrecords\tr1\tcell_type\tnk\tcik\tbecause\n",
    )
    write(data, "rules/a.tsv", "x")
    save(data / SCORES, date(2026, 1, 2), data, [SHEET], [])
    text = page(data, VOCABULARY, tools())
    assert "| records | r1 | cell_type | nk | cik | because |" in text
    assert "F1 without disputed" in text
    assert "Measured on 2026-01-02" in text
    assert "Tagger and scoring have not changed since." in text
    write(data, "rules/a.tsv", "y")
    assert "these figures are of its earlier state" in page(data, VOCABULARY, tools())


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory with four cases, and a tagger that is right on one."""
    tagger = FakeTagger({"r1": said("r1", tag("cell_type", "nk"))})
    monkeypatch.setattr(kb.evaluate.load, "load_tools", lambda data_dir, vocabulary: tools(tagger))
    monkeypatch.setattr("kb.vocabulary.load_vocabulary", lambda root: VOCABULARY)
    return folder(tmp_path)


def test_the_command_prints_tables(data: Path) -> None:
    done = CliRunner().invoke(evaluate, ["--data", str(data)])
    assert done.exit_code == 0, done.output
    assert "| cell_type | 1 | 1.000" in done.output
    assert "## Direction of an outcome" in done.output


def test_the_command_prints_json(data: Path) -> None:
    done = CliRunner().invoke(evaluate, ["--data", str(data), "--json"])
    value = json.loads(done.stdout)
    figures = {line["name"]: line["figure"] for sheet in value["sheets"] for line in sheet["lines"]}
    assert figures["cell_type"]["f1"] == 1.0
    assert figures["change as measured"]["of"] == 1
    assert value["inputs"] == []


def test_the_command_takes_one_facet(data: Path) -> None:
    done = CliRunner().invoke(evaluate, ["--data", str(data), "--facet", "context", "--json"])
    assert [sheet["title"] for sheet in json.loads(done.stdout)["sheets"]] == ["What is said of a mention"]
    assert CliRunner().invoke(evaluate, ["--data", str(data), "--facet", "colour"]).exit_code == 2


def test_unreadable_gold_is_exit_code_2_with_the_line(data: Path) -> None:
    write(data, "gold/context.jsonl", '{"id": "c1"}\n{')
    done = CliRunner().invoke(evaluate, ["--data", str(data)])
    assert done.exit_code == 2
    assert "data/gold/context.jsonl:1 [text]: text is missing → add the field" in done.stderr
    assert "data/gold/context.jsonl:2" in done.stderr
    assert done.stdout == ""


def test_figures_are_kept_only_with_a_day_and_a_collection(data: Path) -> None:
    for options in (["--save", "x.json"], ["--save", "x.json", "--date", "2026-01-02"]):
        done = CliRunner().invoke(evaluate, ["--data", str(data), *options])
        assert done.exit_code == 2
        assert "--save keeps figures on collections" in done.stderr


def test_the_worst_can_be_left_out(data: Path) -> None:
    write(data, "gold/records.jsonl", '{"id": "r1", "title": "T", "expect": {"phase": ["phase-1"]}}\n')
    many = CliRunner().invoke(evaluate, ["--data", str(data), "--facet", "phase"])
    none = CliRunner().invoke(evaluate, ["--data", str(data), "--facet", "phase", "--worst", "0"])
    assert "| r1 | 1 |" in many.output
    assert "| r1 |" not in none.output
