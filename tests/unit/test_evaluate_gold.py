"""The labelled cases: what is read, and what is wrong with them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from kb.errors import DataError
from kb.evaluate.check import gold_problems
from kb.evaluate.disputed import load_adjudications, load_disputes
from kb.evaluate.gold import FILES, load_gold
from kb.evaluate.places import occurrence
from kb.evaluate.stated import is_stated, stated
from tests.conftest import DATA
from tests.unit.evaluating import concepts, write

VOCABULARY = concepts()
RECORD: dict[str, Any] = {
    "id": "r1",
    "kind": "article",
    "title": "NK cells",
    "expect": {"relevant": True, "flags": [], "cell_type": ["nk"]},
}
FINDING: dict[str, Any] = {"id": "f1", "text": "Five of 9 (55.6%) responded.", "expect": [{"n": 5, "n_total": 9}]}
DIRECTION: dict[str, Any] = {
    "id": "d1",
    "text": "Relapse fell.",
    "outcome": "relapse",
    "intervention": "NK",
    "comparator": "none",
    "expect": "better",
    "change": "decreased",
}
CONTEXT: dict[str, Any] = {"id": "c1", "text": "no NK cells", "mention": "NK", "occurrence": 1, "expect": "absent"}


def folder(tmp_path: Path, **cases: list[Any]) -> Path:
    """A data directory with these cases, one good case in every other file."""
    good = {"records": [RECORD], "trials": [], "findings": [FINDING], "directions": [DIRECTION], "context": [CONTEXT]}
    for name, values in {**good, **cases}.items():
        lines = [value if isinstance(value, str) else json.dumps(value) for value in values]
        write(tmp_path / "data", f"gold/{name}.jsonl", "\n".join(lines) + "\n")
    return tmp_path / "data"


def wrong(tmp_path: Path, **cases: list[Any]) -> str:
    return "\n".join(str(problem) for problem in gold_problems(folder(tmp_path, **cases), VOCABULARY))


def test_good_cases_are_read_and_nothing_is_wrong(tmp_path: Path) -> None:
    gold = load_gold(folder(tmp_path))
    assert gold.size == 4
    assert gold.records[0].concepts("cell_type") == frozenset({"nk"})
    assert gold.records[0].concepts("phase") is None
    assert gold.records[0].relevant is True
    assert gold.lines["context.jsonl", "c1"] == 1
    assert gold_problems(tmp_path / "data", VOCABULARY) == []


def test_the_tagger_is_not_shown_the_answers(tmp_path: Path) -> None:
    case = {**RECORD, "note": "look here", "abstract": "Text.", "mesh_headings": ["Humans"]}
    (read,) = load_gold(folder(tmp_path, records=[case])).records
    assert read.record == {
        "id": "r1",
        "kind": "article",
        "title": "NK cells",
        "abstract": "Text.",
        "mesh_headings": ["Humans"],
    }


def test_a_bad_line_is_named_with_its_number_and_a_remedy(tmp_path: Path) -> None:
    data = folder(tmp_path, findings=[FINDING, "{half", {**FINDING, "id": "f2", "txt": 1}, "[]"])
    with pytest.raises(DataError) as caught:
        load_gold(data)
    text = str(caught.value)
    assert "data/gold/findings.jsonl:2" in text
    assert "data/gold/findings.jsonl:3 [txt]: unknown field 'txt'" in text
    assert "data/gold/findings.jsonl:4" in text
    assert all(problem.remedy for problem in caught.value.problems)


def test_a_missing_file_and_an_id_twice_are_problems(tmp_path: Path) -> None:
    data = folder(tmp_path, context=[CONTEXT, CONTEXT])
    (data / "gold" / "trials.jsonl").unlink()
    with pytest.raises(DataError) as caught:
        load_gold(data)
    assert "context.jsonl:2 [c1]: the id is there twice (first in line 1)" in str(caught.value)
    assert "trials.jsonl: the file is missing" in str(caught.value)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"records": [{**RECORD, "expect": {"cell_type": ["nkk"]}}]}, "'nkk' is no concept of cell_type"),
        ({"records": [{**RECORD, "expect": {"cells": ["nk"]}}]}, "unknown facet 'cells'"),
        ({"records": [{**RECORD, "expect": {"flags": ["boring"]}}]}, "unknown flag 'boring'"),
        ({"records": [{**RECORD, "expect": {}}]}, "nothing is expected"),
        ({"records": [{**RECORD, "expect": {"relevant": []}}]}, "relevant must be true or false"),
        ({"records": [{**RECORD, "expect": {"phase": True}}]}, "phase must be a list"),
        ({"records": [{**RECORD, "expect": {"cell_type": ["nk", "nk"]}}]}, "names something twice"),
        ({"records": [{**RECORD, "abstarct": "x"}]}, "unknown field 'abstarct'"),
        ({"records": [{**RECORD, "mesh_headings": 5}]}, "no record: the field 'mesh_headings'"),
        ({"findings": [{**FINDING, "expect": [{"outcome": ["x"]}]}]}, "outcome must be text"),
        ({"findings": [{**FINDING, "expect": [{"flags": 5}]}]}, "flags must be a list"),
        ({"findings": [{**FINDING, "expect": [{"grade": ["a", 3]}]}]}, "grade must be a pair"),
        ({"findings": [{**FINDING, "expect": [{"met": "yes"}]}]}, "met must be true, false or null"),
        ({"findings": [{**FINDING, "expect": [{"n": 6}]}]}, "n 6 is not in the text"),
        ({"findings": [{**FINDING, "expect": [{"percent": 55.5}]}]}, "percent 55.5 is not in the text"),
        ({"findings": [{**FINDING, "expect": [{"p": "<0.01"}]}]}, "p '<0.01' is not in the text"),
        ({"findings": [{**FINDING, "expect": [{"n": "5"}]}]}, "n must be a number"),
        ({"findings": [{**FINDING, "expect": [{"nn": 5}]}]}, "unknown field 'nn'"),
        ({"findings": [{**FINDING, "expect": [{"outcome": "joy"}]}]}, "'joy' is no concept of outcome"),
        ({"findings": [{**FINDING, "expect": [{"direction": "up"}]}]}, "unknown direction 'up'"),
        ({"findings": [{**FINDING, "expect": [{"flags": ["odd"]}]}]}, "unknown flag 'odd'"),
        ({"findings": [{**FINDING, "expect": [{"grade": 3}]}]}, "grade must be a pair"),
        ({"findings": [{**FINDING, "doses": [{"low": 1e6, "high": 1e6}]}]}, "the dose 1e+06 is not in the text"),
        ({"findings": [{**FINDING, "doses": [{"low": 9, "high": 5}]}]}, "low is above its high"),
        ({"context": [{**CONTEXT, "mention": "NKT"}]}, "mention 'NKT' does not stand 1 time(s)"),
        ({"context": [{**CONTEXT, "occurrence": 2}]}, "mention 'NK' does not stand 2 time(s)"),
        ({"context": [{**CONTEXT, "occurrence": 0}]}, "occurrence counts from 1"),
        ({"directions": [{**DIRECTION, "outcome": " "}]}, "text or outcome is empty"),
    ],
)
def test_what_is_wrong_with_a_case_is_said(tmp_path: Path, files: dict[str, list[Any]], message: str) -> None:
    text = wrong(tmp_path, **files)
    assert message in text
    assert "data/gold/" in text
    assert ":1 [" in text


def test_none_and_all_state_their_n(tmp_path: Path) -> None:
    text = "No patient died; all 12 were alive."
    cases = [{"n": 0, "n_total": 12}, {"n": 12, "n_total": 12}]
    assert wrong(tmp_path, findings=[{**FINDING, "text": text, "expect": cases}]) == ""


def test_a_dispute_of_a_case_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    data = folder(tmp_path)
    head = "corpus\tid\tfield\tgold_says\twe_say\twhy\n"
    write(data, "gold/disputed.tsv", head + "records\tr9\tphase\tI\tII\tit says so\ntagger_dev\tx\tphase\ta\tb\tc\n")
    problems = gold_problems(data, VOCABULARY)
    assert [(problem.where, problem.line) for problem in problems] == [("r9", 2)]
    write(data, "gold/disputed.tsv", head + "records\tr1\tdirection\tI\tII\tit says so\n")
    (problem,) = gold_problems(data, VOCABULARY)
    assert (problem.line, problem.where) == (2, "field")
    assert "records has no field 'direction'" in problem.message
    write(data, "gold/disputed.tsv", head + "recrods\tr1\tphase\tI\tII\t\n")
    text = "\n".join(map(str, gold_problems(data, VOCABULARY)))
    assert "unknown corpus 'recrods'" in text
    assert "why is empty" in text


def test_verdicts_are_checked(tmp_path: Path) -> None:
    data = folder(tmp_path)
    head = "id\tconcept\tverdict\twords\treason\n"
    write(data, "gold/phase_adjudicated.tsv", head + "1\tphase-1\tright\ta phase I study\tsays so\n")
    assert [one.verdict for one in load_adjudications(data)] == ["right"]
    bad = "1\tphase-1\tmaybe\tone two three four five six seven\tx\n1\tphase-1\tright\ta\tb\n"
    write(data, "gold/phase_adjudicated.tsv", head + bad)
    with pytest.raises(DataError) as caught:
        load_adjudications(data)
    assert [problem.where for problem in caught.value.problems] == ["verdict", "words", "phase-1"]
    write(data, "gold/phase_adjudicated.tsv", head + "1\tphase-9\tright\ta\tb\n")
    assert "'phase-9' is no phase" in "\n".join(map(str, gold_problems(data, VOCABULARY)))


def test_without_tables_nothing_is_disputed(tmp_path: Path) -> None:
    assert load_disputes(tmp_path).rows == ()
    assert load_adjudications(tmp_path) == ()
    assert gold_problems(tmp_path, VOCABULARY) == []


def test_the_shipped_gold_holds() -> None:
    assert gold_problems(DATA, VOCABULARY) == []
    gold = load_gold(DATA)
    assert gold.size >= 300
    counts = Counter(file for file, _ in gold.lines)
    least = {"records": 202, "trials": 61, "findings": 172, "directions": 109, "context": 96}
    assert set(counts) == set(FILES)
    assert {file: number for file, number in counts.items() if number < least[file.removesuffix(".jsonl")]} == {}


def test_occurrences_are_whole_words() -> None:
    text = "NKT, NK and CAR-NK; haNK; NK"
    assert occurrence(text, "NK", 1) == (5, 7)
    assert occurrence(text, "NK", 2) == (16, 18)
    assert occurrence(text, "NK", 4) is None
    assert occurrence(text, "", 1) is None


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Three of the eleven patients", [3, 11]),
        ("twenty-one of 1,234", [21, 1234]),
        ("0·03 and P < .05", [0.03, 0.05]),
        ("1 × 10<sup>6</sup>/kg", [1e6]),
        ("5×10⁸ cells", [5e8]),
        ("1x10(7) cells, 2 x 10^9", [1e7, 2e9]),
        ("1-5 × 10^6/kg", [1e6, 5e6]),
        ("1.0–3.0 &#x000d7; 10<sup>7</sup> per kg", [1e7, 3e7]),
        ("up to 1e8 or 3x10E6", [1e8, 3e6]),
        ("100 million cells", [1e8]),
        ("two to four billion", [2e9, 4e9]),
        ("grade III-IV, none", [3, 4, 0]),
        ("half of them", [50]),
    ],
)
def test_numbers_a_text_states(text: str, numbers: list[float]) -> None:
    found = stated(text)
    assert [number for number in numbers if not is_stated(number, found)] == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("10<sup>9</sup> cells", 109),
        ("1 × 10^6", 16),
        ("5 of 9", 55.6),
        ("P < 0.05", 5),
        ("12.5", 12),
        ("5 × 10^6", 5e7),
    ],
)
def test_numbers_a_text_does_not_state(text: str, number: float) -> None:
    assert not is_stated(number, stated(text))


def test_hostile_text_is_read_in_time() -> None:
    assert stated("1,000" * 20_000 + "one " * 20_000 + "10^" * 20_000 + "1-" * 20_000)
