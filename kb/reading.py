"""Reading YAML, CSV and TSV so that every complaint can name its line.

YAML is read by the core schema of YAML 1.2 as far as people expect it: only ``true``/``false``,
``null`` and plain numbers are typed; dates, ``no``, ``NO`` and ``1e5`` stay text. Duplicate keys
are errors (PyYAML keeps the last and says nothing).
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from kb.errors import DataError, Problem

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT = re.compile(r"[-+]?(0|[1-9]\d*)", re.ASCII)
_FLOAT = re.compile(r"[-+]?(0|[1-9]\d*)\.\d+", re.ASCII)
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}

Path_ = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Tree:
    """A parsed file: its value, and the line each part of it starts on."""

    value: Any
    lines: dict[Path_, int]

    def line(self, path: Path_) -> int:
        """Return the line of the deepest part of ``path`` that exists."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def display(path: Path, root: Path) -> str:
    """Return the path as the user knows it: from the data directory's own name on."""
    try:
        return str(Path(root.name) / path.relative_to(root))
    except ValueError:
        return str(path)


def split_cell(cell: str) -> tuple[str, ...]:
    """Return the parts of a cell that holds a list ("NK; CIK" → "NK", "CIK"); empty ones are left out."""
    return tuple(part for part in (piece.strip() for piece in cell.split(";")) if part)


def _scalar(node: yaml.ScalarNode) -> Any:
    text: str = node.value
    if node.style:  # quoted or block text is text (a plain scalar has no style, or "" with libyaml)
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _construct(node: yaml.Node, path: Path_, lines: dict[Path_, int], name: str) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return [_construct(child, (*path, i), lines, name) for i, child in enumerate(node.value)]
    assert isinstance(node, yaml.MappingNode)
    mapping: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in mapping:
            raise DataError(
                [
                    Problem(
                        name,
                        key_node.start_mark.line + 1,
                        ".".join(map(str, (*path, key))),
                        f"the field {key!r} is there twice",
                        "keep one of them",
                        "yaml",
                    )
                ]
            )
        mapping[key] = _construct(value_node, (*path, key), lines, name)
    return mapping


def read_text(path: Path, root: Path) -> str:
    """Read a UTF-8 file.

    Raises:
        DataError: the file is missing, unreadable or not UTF-8.
    """
    name = display(path, root)
    try:
        return path.read_text(encoding="utf-8-sig")  # spreadsheets write a byte order mark
    except FileNotFoundError:
        raise DataError([Problem(name, 0, "", "the file is missing", "restore it", "file")]) from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise DataError([Problem(name, line, "", "not UTF-8 text", "save it as UTF-8", "file")]) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise DataError([Problem(name, 0, "", f"cannot be read: {reason}", "check its rights", "file")]) from None


def read_yaml(path: Path, root: Path) -> Tree:
    """Parse one YAML file.

    Raises:
        DataError: not readable, not YAML, or a key twice.
    """
    name = display(path, root)
    text = read_text(path, root)
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise DataError(
            [
                Problem(
                    name,
                    line,
                    "",
                    f"not valid YAML: {error.problem or error}",
                    "mend the line (often a missing quote or a wrong indent)",
                    "yaml",
                )
            ]
        ) from None
    except yaml.YAMLError as error:
        line = text[: getattr(error, "position", 0)].count("\n") + 1
        reason = " ".join(str(error).split())
        raise DataError([Problem(name, line, "", f"not valid YAML: {reason}", "mend the line", "yaml")]) from None
    except RecursionError:
        raise DataError([_too_deep(name)]) from None
    if node is None:
        raise DataError([Problem(name, 1, "", "the file is empty", "fill or remove it", "yaml")])
    lines: dict[Path_, int] = {}
    try:
        return Tree(_construct(node, (), lines, name), lines)
    except RecursionError:
        raise DataError([_too_deep(name)]) from None


def _too_deep(name: str) -> Problem:
    return Problem(name, 1, "", "a part contains itself, or is nested too deep", "write it out without aliases", "yaml")


def _remedy(kind: str, model: type[BaseModel]) -> str:
    if kind == "extra_forbidden":
        return "remove or rename the field (known here: see CONTRIBUTING, 'file kinds')"
    if kind == "missing":
        return "add the field; where nobody saw the value and the field is optional, leave it out"
    if kind in ("literal_error", "enum"):
        return "use one of the listed values"
    return f"correct the value ({model.__name__} in {model.__module__.replace('.', '/')}.py says what is accepted)"


def validate(model: type[Model], value: Any, name: str, tree: Tree, base: Path_ = ()) -> Model:
    """Make a record of a parsed value.

    Args:
        model: the record type.
        value: plain data.
        name: file name for messages.
        tree: where the lines are kept.
        base: path of ``value`` inside the tree.

    Raises:
        DataError: one problem for each thing wrong.
    """
    try:
        return model.model_validate(value)
    except ValidationError as error:
        problems = []
        for detail in error.errors():
            path = (*base, *(part for part in detail["loc"] if isinstance(part, str | int)))
            message = detail["msg"].removeprefix("Value error, ")
            if detail["type"] == "missing":
                message = f"{detail['loc'][-1]} is missing"
            elif detail["type"] == "extra_forbidden":
                message = f"unknown field {detail['loc'][-1]!r}"
            where = ".".join(str(part) for part in detail["loc"])
            problems.append(Problem(name, tree.line(path), where, message, _remedy(detail["type"], model)))
        raise DataError(problems) from None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: its cells by column name, and its first line in the file."""

    line: int
    cells: dict[str, str]


def read_table(path: Path, root: Path, columns: tuple[str, ...], delimiter: str) -> list[Row]:
    """Read a CSV (``,``) or TSV (tab) file with a header line.

    Args:
        path: the file.
        root: data directory, for messages.
        columns: the columns that must be there; others are errors.
        delimiter: one character. Tab-separated files have no quoting.

    Raises:
        DataError: unreadable, wrong header, or a row with too many or too few cells.
    """
    name = display(path, root)
    text = read_text(path, root)
    lines = io.StringIO(text, newline="")  # only real line ends split a table, not form feeds
    if delimiter == "\t":
        reader = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE, strict=True)
    else:
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
    problems: list[Problem] = []
    rows: list[Row] = []
    try:
        header = next(reader, [])
        problems += [
            Problem(name, 1, column, f"column {column!r} is missing", "add it to the header", "table")
            for column in columns
            if column not in header
        ]
        problems += [
            Problem(name, 1, column, f"unknown column {column!r}", "remove or rename it", "table")
            for column in header
            if column not in columns
        ]
        if len(set(header)) != len(header):
            problems.append(Problem(name, 1, "", "a column is there twice", "keep one of them", "table"))
        start = reader.line_num + 1
        for cells in reader:
            line, start = start, reader.line_num + 1
            if not cells:
                continue
            if len(cells) != len(header):
                problems.append(
                    Problem(
                        name,
                        line,
                        "",
                        f"{len(cells)} cells where the header has {len(header)}",
                        "quote the cell that holds the delimiter",
                        "table",
                    )
                )
                continue
            rows.append(Row(line, {c: cell.strip() for c, cell in zip(header, cells, strict=True)}))
    except csv.Error as error:
        problems.append(
            Problem(name, reader.line_num, "", f"not a valid table: {error}", "mend the quotes of this line", "table")
        )
    if problems:
        raise DataError(problems)
    return rows
