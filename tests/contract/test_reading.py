"""kb.reading: what people write in YAML, CSV and TSV arrives as they meant it, and a fault names its line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors import DataError, Problem
from kb.reading import read_table, read_text, read_yaml, validate
from kb.records.study import Study
from kb.records.trial import Trial


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def written(root: Path, content: str | bytes, name: str = "f.yml") -> Path:
    path = root / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def value(root: Path, content: str) -> Any:
    return read_yaml(written(root, content), root).value


def only_problem(action: Callable[[], object]) -> Problem:
    with pytest.raises(DataError) as caught:
        action()
    assert len(caught.value.problems) == 1, caught.value
    return caught.value.problems[0]


# ---------------------------------------------------------------------------- YAML: values


@pytest.mark.parametrize(
    "text",
    # Words and numbers of YAML 1.1 that people do not mean; NO is Norway.
    [
        "no",
        "NO",
        "No",
        "yes",
        "Yes",
        "on",
        "off",
        "y",
        "n",
        "True",
        "FALSE",
        "2010-02-20",
        "2010-02",
        "1e5",
        "1.5e3",
        "0x1F",
        "0o17",
        "0123",
        "1_000",
        "12:30",
        ".5",
        "1.",
        ".inf",
        "NaN",
    ],
)
def test_what_looks_like_another_type_stays_text(root: Path, text: str) -> None:
    assert value(root, f"x: {text}") == {"x": text}


@pytest.mark.parametrize("text", ["'7'", '"7"', "'true'", "'null'", "''"])
def test_quoted_scalars_are_text(root: Path, text: str) -> None:
    assert value(root, f"x: {text}") == {"x": text[1:-1]}


def test_block_text_is_text(root: Path) -> None:
    assert value(root, "x: |-\n  7\n") == {"x": "7"}


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.text("abcdefgh_", min_size=1, max_size=8),
        st.recursive(
            st.text("aZ09 no:#-'\"\\é±α{}[],&*!|>%@`~", max_size=20),
            lambda inner: st.lists(inner, max_size=3),
            max_leaves=6,
        ),
        min_size=1,
        max_size=4,
    )
)
def test_quoted_text_reads_back_as_it_was_written(record: dict[str, Any]) -> None:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        assert value(root, json.dumps(record, ensure_ascii=False)) == record


# ---------------------------------------------------------------------------- YAML: faults


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("a: 1\nb: 'open\nc: 2\n", 4),  # the end of the file, where the quote is missed
        ("a: 1\nb: [1, 2\nc: 3\n", 3),
        ("a:\n  b: 1\n\tc: 2\n", 3),
        ("a: 1\nb: x: y\n", 2),
        ("a: 1\n---\na: 2\n", 2),
        ("a: *nobody\n", 1),
        ("a: 1\n b: 2\n", 2),
    ],
)
def test_malformed_yaml_names_file_line_and_remedy(root: Path, content: str, line: int) -> None:
    problem = only_problem(lambda: value(root, content))
    assert (problem.file, problem.line) == ("data/f.yml", line)
    assert problem.message.startswith("not valid YAML")
    assert problem.remedy


@pytest.mark.parametrize(
    ("content", "line", "where"),
    [
        ("n: 1\nm: 2\nn: 3\n", 3, "n"),
        ("keys:\n- a: 1\n- b: 1\n  c: 2\n  b: 1\n", 5, "keys.1.b"),
        ("{a: 1, 'a': 1}", 1, "a"),
    ],
)
def test_a_field_twice_is_an_error_even_with_the_same_value(root: Path, content: str, line: int, where: str) -> None:
    problem = only_problem(lambda: value(root, content))
    assert (problem.file, problem.line, problem.where) == ("data/f.yml", line, where)
    assert "twice" in problem.message
    assert problem.remedy == "keep one of them"


@pytest.mark.parametrize("content", ["", "\n\n", "# only a comment\n"])
def test_an_empty_file_is_an_error(root: Path, content: str) -> None:
    problem = only_problem(lambda: value(root, content))
    assert (problem.file, problem.line, problem.message) == ("data/f.yml", 1, "the file is empty")
    assert problem.remedy


def test_bytes_that_are_not_utf8_name_their_line(root: Path) -> None:
    path = written(root, "a: 1\nb: 2\nc: Müller\n".encode("latin-1"))
    problem = only_problem(lambda: read_yaml(path, root))
    assert (problem.file, problem.line, problem.message) == ("data/f.yml", 3, "not UTF-8 text")
    assert "UTF-8" in problem.remedy


def test_a_missing_file_is_named(root: Path) -> None:
    problem = only_problem(lambda: read_text(root / "gone.yml", root))
    assert (problem.file, problem.line, problem.message) == ("data/gone.yml", 0, "the file is missing")
    assert str(problem) == "data/gone.yml: the file is missing → restore it"


def test_a_folder_in_place_of_a_file_is_explained(root: Path) -> None:
    problem = only_problem(lambda: read_text(root, root))
    assert "cannot be read" in problem.message


# ---------------------------------------------------------------------------- YAML: lines


def test_every_part_knows_its_line(root: Path) -> None:
    content = "a: 1\n\n# remark\nkeys:\n- name: x\n  findings:\n    - n: 3\n    - n: 4\n"
    tree = read_yaml(written(root, content), root)
    assert tree.line(("a",)) == 1
    assert tree.line(("keys", 0, "name")) == 5
    assert tree.line(("keys", 0, "findings", 1)) == 8
    assert tree.line(("keys", 0, "findings", 1, "n_total")) == 8  # absent: the deepest part there is
    assert tree.line(("nowhere",)) == 1


def test_a_record_s_faults_each_name_their_own_line(root: Path) -> None:
    content = "id: PMID:1\npmid: '1'\ntitel: t\nyear: soon\nkeys:\n- findings:\n  - endpoint: e\n    outcome: joy\n"
    tree = read_yaml(written(root, content), root)
    with pytest.raises(DataError) as caught:
        validate(Study, tree.value, "data/f.yml", tree)
    found = {problem.where: problem for problem in caught.value.problems}
    assert found["titel"].line == 3
    assert "unknown field 'titel'" in found["titel"].message
    assert found["year"].line == 4
    assert found["keys.0.findings.0.outcome"].line == 8
    assert found["source"].message == "source is missing"
    assert all(problem.remedy for problem in caught.value.problems)


def test_problems_come_in_the_order_of_the_file(root: Path) -> None:
    content = "id: PMID:1\nzzz: 1\naaa: 2\n"
    tree = read_yaml(written(root, content), root)
    with pytest.raises(DataError) as caught:
        validate(Trial, tree.value, "data/f.yml", tree)
    lines = [problem.line for problem in caught.value.problems]
    assert lines == sorted(lines)
    assert str(caught.value).count("\n") == len(lines) - 1


# ---------------------------------------------------------------------------- tables


def table(root: Path, content: str, delimiter: str = ",") -> list[tuple[int, dict[str, str]]]:
    name = "f.csv" if delimiter == "," else "f.tsv"
    rows = read_table(written(root, content, name), root, ("id", "label"), delimiter)
    return [(row.line, row.cells) for row in rows]


def test_columns_may_stand_in_any_order(root: Path) -> None:
    assert table(root, "label,id\nx,1\n") == [(2, {"label": "x", "id": "1"})]


@pytest.mark.parametrize(
    ("header", "column", "message"),
    [
        ("id", "label", "column 'label' is missing"),
        ("id,label,colour", "colour", "unknown column 'colour'"),
        ("id,label,label", "", "a column is there twice"),
    ],
)
def test_a_wrong_header_names_the_column(root: Path, header: str, column: str, message: str) -> None:
    problem = only_problem(lambda: table(root, header + "\n"))
    assert (problem.file, problem.line, problem.where, problem.message) == ("data/f.csv", 1, column, message)
    assert problem.remedy


def test_an_empty_table_file_lacks_every_column(root: Path) -> None:
    with pytest.raises(DataError) as caught:
        table(root, "")
    assert [problem.where for problem in caught.value.problems] == ["id", "label"]


@pytest.mark.parametrize(("row", "cells"), [("1,a,b", 3), ("1", 1), ("1,a,", 3)])
def test_too_many_or_too_few_cells_are_an_error(root: Path, row: str, cells: int) -> None:
    problem = only_problem(lambda: table(root, f"id,label\n0,z\n{row}\n2,y\n"))
    assert (problem.line, problem.message) == (3, f"{cells} cells where the header has 2")
    assert "delimiter" in problem.remedy


def test_every_bad_row_is_reported_at_once(root: Path) -> None:
    with pytest.raises(DataError) as caught:
        table(root, "id,label\n1\n2,b\n3,c,c\n")
    assert [problem.line for problem in caught.value.problems] == [2, 4]


def test_lines_are_right_after_blank_lines_and_cells_of_several_lines(root: Path) -> None:
    rows = table(root, 'id,label\n\n1,"two\nlines"\n\n2,b\n')
    assert rows == [(3, {"id": "1", "label": "two\nlines"}), (6, {"id": "2", "label": "b"})]


def test_a_bad_row_after_a_cell_of_several_lines_is_named_right(root: Path) -> None:
    problem = only_problem(lambda: table(root, 'id,label\n1,"a\nb\nc"\n2,b,c\n'))
    assert problem.line == 5


def test_windows_line_ends_change_nothing(root: Path) -> None:
    assert table(root, "id,label\r\n1,a\r\n2,b\r\n") == table(root, "id,label\n1,a\n2,b\n")


@pytest.mark.parametrize("content", ['id,label\n1,"open\n', 'id,label\n1,"a"b\n'])
def test_a_broken_quote_is_an_error(root: Path, content: str) -> None:
    problem = only_problem(lambda: table(root, content))
    assert problem.line == 2
    assert problem.message.startswith("not a valid table")
    assert "quotes" in problem.remedy


def test_tab_separated_files_have_no_quoting(root: Path) -> None:
    assert table(root, 'id\tlabel\n1\t"a" and 6" more\n', "\t") == [(2, {"id": "1", "label": '"a" and 6" more'})]


def test_cells_lose_their_outer_spaces(root: Path) -> None:
    assert table(root, "id,label\n 1 , a b \n") == [(2, {"id": "1", "label": "a b"})]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("12345"), st.text('ab",\n', max_size=8)), min_size=1, max_size=6))
def test_rows_start_on_the_line_an_editor_shows(rows: list[tuple[str, str]]) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["id", "label"])
    expected = []
    for row in rows:
        expected.append((buffer.getvalue().count("\n") + 1, row[0], row[1].strip()))
        writer.writerow(row)
    with TemporaryDirectory() as folder:
        found = [(line, cells["id"], cells["label"]) for line, cells in table(Path(folder), buffer.getvalue())]
    assert found == expected


# ---------------------------------------------------------------------------- with and without libyaml


@pytest.fixture(params=["shipped", "pure"])
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Read with libyaml where this machine has it, and with the pure Python parser everybody has."""
    if request.param == "pure":
        monkeypatch.setattr("kb.reading._Loader", yaml.SafeLoader)
    return str(request.param)


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("7", 7),
        ("0", 0),
        ("-3", -3),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("55.6", 55.6),
        ("-0.5", -0.5),
        ("'7'", "7"),
        ('"true"', "true"),
        ("''", ""),
        ("no", "no"),
        ("1e5", "1e5"),
        ("2010-02-20", "2010-02-20"),
    ],
)
def test_plain_scalars_are_typed_and_quoted_ones_are_text(root: Path, text: str, typed: object) -> None:
    for found in (value(root, f"x: {text}\n")["x"], value(root, f"x: [{text or 'null'}]\n")["x"][0]):
        assert (type(found), found) == (type(typed), typed)


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize("style", ["|-", ">-"])
def test_block_scalars_are_text_with_either_parser(root: Path, style: str) -> None:
    assert value(root, f"x: {style}\n  7\n") == {"x": "7"}


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(
    "content",
    [
        "a: &a [*a]\n",
        "a: &a {b: *a}\n",
        "a: " + "[" * 5000 + "]" * 5000 + "\n",
        "a: " + "{a: " * 2000 + "1" + "}" * 2000 + "\n",
    ],
    ids=["list in itself", "mapping in itself", "deep list", "deep mapping"],
)
def test_a_part_in_itself_or_nested_too_deep_is_explained(root: Path, content: str) -> None:
    problem = only_problem(lambda: value(root, content))
    assert (problem.file, problem.line) == ("data/f.yml", 1)
    assert problem.message == "a part contains itself, or is nested too deep"
    assert "aliases" in problem.remedy


def test_a_part_that_is_used_twice_is_no_circle(root: Path) -> None:
    assert value(root, "a: &a [1]\nb: *a\n") == {"a": [1], "b": [1]}


# ---------------------------------------------------------------------------- what spreadsheets leave behind


def test_a_byte_order_mark_is_no_part_of_the_first_column(root: Path) -> None:
    assert table(root, "\ufeffid,label\n1,a\n") == [(2, {"id": "1", "label": "a"})]
    assert value(root, "\ufeffx: 7\n") == {"x": 7}


@pytest.mark.parametrize("mark", ["\f", "\v", "\x1c", "\x85", "\u2028"])
def test_only_real_line_ends_count_as_lines(root: Path, mark: str) -> None:
    rows = table(root, f'id,label\n1,"a{mark}b"\n2,c\n')
    assert rows == [(2, {"id": "1", "label": f"a{mark}b"}), (3, {"id": "2", "label": "c"})]
    problem = only_problem(lambda: table(root, f'id,label\n1,"a{mark}b"\n2,c,d\n'))
    assert problem.line == 3
