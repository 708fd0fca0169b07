"""The labelled cases of ``data/gold/``: records, registrations, findings, directions, context.

A case is one JSON object a line. What a case expects is compared with what the tagger says; what it does not mention
is not scored.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from kb.errors import DataError, Problem
from kb.reading import Tree, display, read_text, validate
from kb.tag.direction_rules import Change
from kb.tag.tags import Assertion, Direction

#: File → what its cases are about.
FILES: Mapping[str, str] = {
    "records.jsonl": "articles",
    "trials.jsonl": "registrations",
    "findings.jsonl": "results and doses",
    "directions.jsonl": "direction of an outcome",
    "context.jsonl": "assertion of a mention",
}


class _Case(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    id: str
    note: str = ""


class RecordCase(_Case):
    """A whole record. Its own fields (title, abstract, conditions …) are kept as extra fields for the reader.

    Attributes:
        expect: facet → concepts that the record must be tagged with and no others; ``flags`` likewise;
            ``relevant`` true or false.
    """

    model_config = ConfigDict(extra="allow", frozen=True, strict=True)

    kind: Literal["article", "registration"] = "article"
    title: str
    expect: dict[str, bool | list[str]]

    @property
    def record(self) -> dict[str, Any]:
        """The record as ``kb tag`` reads it: without the answers."""
        return self.model_dump(exclude={"expect", "note"})

    @property
    def relevant(self) -> bool | None:
        """Whether it must be called relevant, None when that is not scored."""
        value = self.expect.get("relevant")
        return value if isinstance(value, bool) else None

    def concepts(self, facet: str) -> frozenset[str] | None:
        """Return what must be tagged on a facet, None when that is not scored."""
        value = self.expect.get(facet)
        return frozenset(value) if isinstance(value, list) else None


class ExpectedDose(BaseModel):
    """A dose that must be found; ``infusions`` is compared where it is given."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    low: float
    high: float
    per: Literal["", "kg", "m2"] = ""
    infusions: int | None = None


class FindingCase(_Case):
    """A passage with results.

    Attributes:
        expect: for each result, the fields of :class:`kb.tag.tags.Finding` that the text settles.
        doses: all cell doses of the text, None when doses are not scored.
    """

    text: str
    expect: list[dict[str, Any]]
    doses: list[ExpectedDose] | None = None


class DirectionCase(_Case):
    """How an outcome came out: ``expect`` for the patient, ``change`` as measured (None: cannot be said)."""

    text: str
    outcome: str
    intervention: str
    comparator: str
    expect: Direction
    change: Change | None = None


class ContextCase(_Case):
    """A mention (its so-manieth whole-word occurrence, from 1) and what is said of it."""

    text: str
    mention: str
    occurrence: int = 1
    expect: Assertion


@dataclass(frozen=True, slots=True)
class Gold:
    """All labelled cases, with the line each stands on in its file.

    Attributes:
        lines: (file, id) → line.
    """

    records: tuple[RecordCase, ...]
    trials: tuple[RecordCase, ...]
    findings: tuple[FindingCase, ...]
    directions: tuple[DirectionCase, ...]
    context: tuple[ContextCase, ...]
    lines: Mapping[tuple[str, str], int]

    @property
    def size(self) -> int:
        """Number of cases."""
        return sum(map(len, (self.records, self.trials, self.findings, self.directions, self.context)))


Model = TypeVar("Model", bound=_Case)


def load_gold(data_dir: Path) -> Gold:
    """Read the labelled cases.

    Args:
        data_dir: the data directory; a gold file that is absent is a problem, an empty one is not.

    Raises:
        DataError: every line that is no case, with file, line and remedy; an id twice.
    """
    problems: list[Problem] = []
    lines: dict[tuple[str, str], int] = {}

    def cases(name: str, model: type[Model]) -> tuple[Model, ...]:
        return tuple(_cases(data_dir, name, model, problems, lines))

    gold = Gold(
        cases("records.jsonl", RecordCase),
        cases("trials.jsonl", RecordCase),
        cases("findings.jsonl", FindingCase),
        cases("directions.jsonl", DirectionCase),
        cases("context.jsonl", ContextCase),
        lines,
    )
    if problems:
        raise DataError(problems)
    return gold


def _cases(
    data_dir: Path, name: str, model: type[Model], problems: list[Problem], lines: dict[tuple[str, str], int]
) -> Iterator[Model]:
    path = data_dir / "gold" / name
    shown = display(path, data_dir)
    try:
        values = list(read_lines(path, data_dir, problems))
    except DataError as error:
        problems.extend(error.problems)
        return
    for number, value in values:
        try:
            case = validate(model, value, shown, Tree(value, {(): number}))
        except DataError as error:
            problems.extend(error.problems)
            continue
        if (name, case.id) in lines:
            first = lines[name, case.id]
            problems.append(
                Problem(shown, number, case.id, f"the id is there twice (first in line {first})", "rename one", "gold")
            )
            continue
        lines[name, case.id] = number
        yield case


def read_lines(path: Path, root: Path, problems: list[Problem]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (line number, object) for every line that is not blank; bad lines become problems.

    Args:
        path: a file of JSON lines.
        root: the data directory, for messages.
        problems: receives what is wrong with single lines.

    Raises:
        DataError: the file is missing or not UTF-8.
    """
    shown = display(path, root)
    for number, line in enumerate(read_text(path, root).split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            reason = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deep"
            remedy = "write one JSON object on one line"
            problems.append(Problem(shown, number, "", f"not a whole JSON object: {reason}", remedy, "gold"))
            continue
        if not isinstance(value, dict):
            problems.append(Problem(shown, number, "", "not a JSON object", "write {…} on one line", "gold"))
            continue
        yield number, value
