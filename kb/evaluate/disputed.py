"""What was said of single cases: where the gold is wrong, and which tags on phase are right without a type."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kb.errors import DataError, Problem
from kb.reading import Row, display, read_table
from kb.tag.tags import Finding
from kb.vocabulary import FACETS

_DISPUTED = ("corpus", "id", "field", "gold_says", "we_say", "why")
_ADJUDICATED = ("id", "concept", "verdict", "words", "reason")
#: Fields of a result that a case may expect; where it stands and why are not labelled.
FINDING_FIELDS = frozenset(field.name for field in dataclasses.fields(Finding)) - {"field", "start", "end", "rule"}
#: The gold files of ours and the collections outside the repository, with the fields that are scored on them.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "records": ("relevant", "flags", *FACETS),
    "trials": ("relevant", "flags", *FACETS),
    "findings": ("finding", *sorted(FINDING_FIELDS)),
    "directions": ("change", "direction"),
    "context": ("assertion",),
    "tagger_dev": ("relevant", "phase"),
    "outcome_direction": ("change",),
    "reference": ("relevant",),
}
CORPORA = tuple(FIELDS)
#: More words than this would be a quotation of somebody else's text.
_MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Disputed:
    """A case in which the gold is wrong, as far as we can see.

    Attributes:
        corpus: one of :data:`CORPORA`.
        id: of the case.
        field: one of its :data:`FIELDS`.
        gold_says, we_say, why: in plain words.
        line: in the file, 0 when it was not read from one.
    """

    corpus: str
    id: str
    field: str
    gold_says: str
    we_say: str
    why: str
    line: int = 0


class Disputes:
    """All disputed cases, looked up by corpus."""

    def __init__(self, rows: Sequence[Disputed] = ()) -> None:
        self.rows = tuple(rows)

    def fields(self, corpus: str) -> frozenset[tuple[str, str]]:
        """Return the (id, field) pairs that are disputed in one corpus."""
        return frozenset((row.id, row.field) for row in self.rows if row.corpus == corpus)


@dataclass(frozen=True, slots=True)
class Adjudication:
    """What somebody who read the record says of a tag on phase that no publication type confirms.

    Attributes:
        id: of the record, or its PMID.
        concept: concept of the phase facet.
        verdict: the tag is right, or wrong.
        words: at most six words of the record.
        line: in the file, 0 when it was not read from one.
    """

    id: str
    concept: str
    verdict: Literal["right", "wrong"]
    words: str
    reason: str
    line: int = 0


def load_disputes(data_dir: Path) -> Disputes:
    """Read ``gold/disputed.tsv``; without the file nothing is disputed.

    Raises:
        DataError: a wrong table, an empty cell, an unknown corpus or field, a case twice.
    """
    path = data_dir / "gold" / "disputed.tsv"
    if not path.exists():
        return Disputes()
    name, problems, rows = display(path, data_dir), [], []
    seen: dict[tuple[str, ...], int] = {}
    for row in read_table(path, data_dir, _DISPUTED, "\t"):
        cells = row.cells
        key = (cells["corpus"], cells["id"], cells["field"])
        problems += _empty(name, row)
        if cells["corpus"] not in CORPORA:
            remedy = f"write one of {', '.join(CORPORA)}"
            problems.append(Problem(name, row.line, "corpus", f"unknown corpus {key[0]!r}", remedy, "gold"))
        elif cells["field"] not in FIELDS[key[0]]:
            message, remedy = f"{key[0]} has no field {key[2]!r}", f"write one of {', '.join(FIELDS[key[0]])}"
            problems.append(Problem(name, row.line, "field", message, remedy, "gold"))
        problems += _twice(name, row, seen, key)
        rows.append(Disputed(**cells, line=row.line))
    if problems:
        raise DataError(problems)
    return Disputes(rows)


def load_adjudications(data_dir: Path) -> tuple[Adjudication, ...]:
    """Read ``gold/phase_adjudicated.tsv``; without the file there is no verdict.

    Raises:
        DataError: a wrong table, a verdict that is neither right nor wrong, more than six words, a case twice.
    """
    path = data_dir / "gold" / "phase_adjudicated.tsv"
    if not path.exists():
        return ()
    name, problems, rows = display(path, data_dir), [], []
    seen: dict[tuple[str, ...], int] = {}
    for row in read_table(path, data_dir, _ADJUDICATED, "\t"):
        cells = row.cells
        problems += _empty(name, row)
        problems += _twice(name, row, seen, (cells["id"], cells["concept"]))
        verdict: Literal["right", "wrong"] = "right" if cells["verdict"] == "right" else "wrong"
        if verdict != cells["verdict"]:
            message = f"unknown verdict {cells['verdict']!r}"
            problems.append(Problem(name, row.line, "verdict", message, "write right or wrong", "gold"))
        if len(cells["words"].split()) > _MOST_WORDS:
            message = f"more than {_MOST_WORDS} words of somebody's text"
            problems.append(Problem(name, row.line, "words", message, "cut them to what decides", "gold"))
        rows.append(Adjudication(cells["id"], cells["concept"], verdict, cells["words"], cells["reason"], row.line))
    if problems:
        raise DataError(problems)
    return tuple(rows)


def _empty(name: str, row: Row) -> list[Problem]:
    return [
        Problem(name, row.line, column, f"{column} is empty", "fill every cell", "gold")
        for column, cell in row.cells.items()
        if not cell
    ]


def _twice(name: str, row: Row, seen: dict[tuple[str, ...], int], key: tuple[str, ...]) -> list[Problem]:
    first = seen.setdefault(key, row.line)
    if first == row.line:
        return []
    message = f"the case is there twice (first in line {first})"
    return [Problem(name, row.line, key[1], message, "keep one of them", "gold")]
