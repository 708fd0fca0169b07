"""``kb tag`` as a user runs it: lines in and out, bad lines, exit codes, explanation."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kb.cli import main

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "example.jsonl"
GOOD = json.dumps(
    {
        "id": "a",
        "title": "Haploidentical NK cells for relapsed AML: a phase 1 trial",
        "abstract": "Ten patients with relapsed AML received NK cells. Five of ten (50%) responded.",
    }
)


def _tag(*words: str, given: str | bytes = "") -> Result:
    return CliRunner().invoke(main, ["tag", *words], input=given)


def _lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_lines_in_lines_out_in_order() -> None:
    result = _tag(str(EXAMPLE))
    assert result.exit_code == 0
    assert result.stderr == ""
    first, second = _lines(result)
    assert (first["id"], first["relevant"], second["id"], second["relevant"]) == ("example-1", True, "example-2", False)
    assert {"facet", "concept", "origin", "field", "start", "end", "assertion", "rule"} <= set(first["tags"][0])
    assert [tag["concept"] for tag in first["tags"] if tag["facet"] == "phase" and tag["assertion"] == "present"] == [
        "phase-1"
    ]


def test_standard_input_and_only_relevant() -> None:
    result = _tag("--only-relevant", given=EXAMPLE.read_text(encoding="utf-8"))
    assert [line["id"] for line in _lines(result)] == ["example-1"]


def test_mentions_are_told_when_asked() -> None:
    (line,) = (line for line in _lines(_tag("--mentions", str(EXAMPLE))) if line["id"] == "example-2")
    assert any(one["role"].startswith("measured") for one in line["mentions"])
    assert all("mentions" not in line for line in _lines(_tag(str(EXAMPLE))))


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ('{"id": "b", "ti', "is the line cut?"),
        ("[1]", "a list; write one object a line"),
        ('{"id": 1.5, "title": "x"}', "'id' must be text or a whole number"),
        ('{"id": "b\\udc00", "title": "NK cells"}', "binary data in the field 'id'"),
        ('{"id": "b", "title": "NK \\ud83d cells"}', "binary data in the field 'title'"),
        ('{"id": "\\u001b[31m", "title": "NK cells"}', "binary data in the field 'id'"),
        ('{"id": ' + "9" * 5000 + "}", "not a whole JSON object"),
        ('{"id": "b"}', "no text"),
    ],
)
@pytest.mark.parametrize("explain", [(), ("--explain",)])
def test_a_bad_line_is_named_and_costs_only_itself(bad: str, reason: str, explain: tuple[str, ...]) -> None:
    result = _tag(*explain, given=f"{GOOD}\n{bad}\n{GOOD}\n")
    assert result.exit_code == 1
    assert result.stderr.startswith("standard input:2: ")
    assert reason in result.stderr
    assert "1 line left out, 2 tagged." in result.stderr
    if not explain:
        assert [line["id"] for line in _lines(result)] == ["a", "a"]


def test_the_hundredth_line_is_named_by_its_number() -> None:
    result = _tag(given="{}\n" * 100)
    lines = result.stderr.splitlines()
    assert lines[99] == "standard input:100: the field 'id' is missing or blank"
    assert lines[-1] == "100 lines left out, 0 tagged."


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress((GOOD + "\n").encode() * 300),
        (GOOD + "\n").encode("utf-16") * 3,
        json.dumps([json.loads(GOOD)] * 3, indent=2).encode(),
        json.dumps(json.loads(GOOD), indent=1).encode(),
    ],
)
def test_an_input_of_another_kind_is_refused_once(data: bytes) -> None:
    result = _tag(given=data)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("standard input: ")
    assert result.stderr.count("\n") == 1


def test_an_id_that_comes_twice_is_named_with_both_lines() -> None:
    other = GOOD.replace('"a"', '"b"')
    result = _tag(given="\n".join([GOOD, other, "", GOOD, GOOD]))
    assert result.exit_code == 0
    assert result.stderr == "standard input:4: id 'a' stands in line 1 already; each is tagged\n"
    assert [line["id"] for line in _lines(result)] == ["a", "b", "a", "a"]


def test_brackets_of_the_author_are_explained_as_they_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    for word in ("[/refractory]", "[refractory]"):
        text = f"Ten patients with relapsed {word} AML received NK cells."
        result = _tag("--explain", given=json.dumps({"id": "a", "title": "NK cells", "abstract": text}))
        assert result.exit_code == 0
        assert f"patients with relapsed {word}" in result.stdout


def test_mentions_and_explain_do_not_go_together() -> None:
    result = _tag("--mentions", "--explain", str(EXAMPLE))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "leave one of them out" in result.stderr


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("", "empty"),
        ("\n\n", "empty"),
        ("nothing", "not a whole JSON object"),
        (b"\x1f\x8b\x08\x00", "unpack the file"),
    ],
)
def test_nothing_to_tag_is_an_error(given: str | bytes, reason: str) -> None:
    result = _tag(given=given)
    assert result.exit_code == 2
    assert reason in result.stderr
    assert result.stdout == ""


def test_a_text_in_another_language_is_left_out_and_named() -> None:
    abstract = "Dix patients atteints de leucémie ont reçu des cellules NK par voie intraveineuse dans une étude."
    result = _tag(given=json.dumps({"id": "a", "title": "NK cell infusion in leukaemia", "abstract": abstract}))
    (line,) = _lines(result)
    assert line["unread"] == ["abstract"]
    assert all(tag["field"] == "title" for tag in line["tags"])
    only = _tag(given=json.dumps({"id": "a", "title": "", "abstract": abstract}))
    assert only.exit_code == 2
    assert "not English" in only.stderr


@pytest.mark.parametrize(
    ("title", "abstract"),
    [
        ("NK cells for leukaemia", "Patients wıthout NK cells died."),
        ("NK cells for leukaemia", "NK cells were cultured for sıx days and given to ten patients."),
        ("NK cells for leukaemia: a PHASE İ trial", "Three of ten patients had grade ııı fever after six wee\u212as."),
    ],
)
def test_letters_that_only_look_like_others_are_no_fault(title: str, abstract: str) -> None:
    line = json.dumps({"id": "b", "title": title, "abstract": abstract})
    result = _tag(given=f"{line}\n{GOOD}\n")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = _lines(result)
    assert [one["id"] for one in lines] == ["b", "a"]
    printed = {"title": title, "abstract": abstract}
    marks = [one for one in (*lines[0]["tags"], *lines[0]["doses"]) if one.get("start") is not None]
    assert marks
    assert [one for one in marks if printed[one["field"]][one["start"] : one["end"]] != one["text"]] == []


def test_terse_criteria_are_english() -> None:
    terse = "Adequate organ function; ECOG 0-1; creatinine < 1.5 mg/dL; ALT/AST < 3 x ULN; bilirubin normal. " * 10
    record = {"id": "r", "title": "NK cells for AML", "conditions": ["AML"], "eligibility": terse}
    (line,) = _lines(_tag(given=json.dumps(record)))
    assert "unread" not in line


def test_questions_are_answered() -> None:
    text = (
        "Sixty patients were randomised. Overall survival was longer with NK cells plus chemotherapy than with "
        "chemotherapy alone (14.1 vs 11.8 months, P = .04). Relapse was less frequent with NK cells."
    )
    arms = {"intervention": "NK cells plus chemotherapy", "comparator": "chemotherapy alone"}
    questions = [{"outcome": "overall survival", **arms}, {"outcome": "relapse", **arms}]
    (line,) = _lines(_tag(given=json.dumps({"id": "a", "title": "T", "abstract": text, "questions": questions})))
    assert [(one["change"], one["direction"]) for one in line["answers"]] == [
        ("increased", "better"),
        ("decreased", "better"),
    ]
    first = line["answers"][0]
    assert "longer with NK cells" in text[first["start"] : first["end"]]


@pytest.mark.parametrize(
    ("file", "broken"),
    [
        ("rules/context.tsv", "cue\tkind\tdirection\treach\tnote\nno\tdenied\tforward\t3\t\n"),
        ("rules/refinements.tsv", "cell_type\twords\tengineering\tbecomes\tnote\nnk\t((\t\tcar-nk\t\n"),
        ("rules/endpoints.tsv", "nothing\n"),
        ("vocabulary/products.tsv", "name\nX\n"),
        ("vocabulary/cell_type.tsv", ""),
        ("build.yml", "as_of: 7\n"),
    ],
)
def test_a_broken_rule_file_is_named_by_tag_and_by_verify(tmp_path: Path, file: str, broken: str) -> None:
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data)
    (data / file).write_text(broken, encoding="utf-8")
    tagged = _tag("--data", str(data), str(EXAMPLE))
    assert (tagged.exit_code, tagged.stdout) == (2, "")
    assert f"data/{file}" in tagged.stderr
    assert "→" in tagged.stderr
    verified = CliRunner().invoke(main, ["verify", "--data", str(data)])
    assert verified.exit_code != 0
    assert f"data/{file}" in verified.stderr


def test_verify_reads_the_direction_model(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data)
    (data / "rules" / "direction_model.json").write_text("{}", encoding="utf-8")
    verified = CliRunner().invoke(main, ["verify", "--data", str(data)])
    assert verified.exit_code == 1
    assert "direction_model.json" in verified.stderr


def test_a_data_directory_that_is_not_there() -> None:
    result = _tag("--data", "/nonexistent", str(EXAMPLE))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no such data directory" in result.stderr


def test_the_explanation_shows_marks_reasons_and_why_not() -> None:
    result = _tag("--explain", str(EXAMPLE))
    assert result.exit_code == 0
    assert "[NK cells]" in result.stdout.replace("\n", " ")
    assert "product: " in result.stdout
    assert "not relevant" in result.stdout
    assert "no tag" in result.stdout


def test_a_closed_pipe_ends_quietly() -> None:
    first = subprocess.Popen(
        [sys.executable, "-m", "kb.cli", "tag", "--data", str(ROOT / "data"), "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert first.stdin is not None
    assert first.stdout is not None
    assert first.stderr is not None
    first.stdout.close()
    try:
        first.stdin.write((GOOD + "\n").encode() * 50)
        first.stdin.close()
    except BrokenPipeError:
        pass
    told = first.stderr.read().decode()
    first.stderr.close()
    first.wait(60)
    assert told == ""
