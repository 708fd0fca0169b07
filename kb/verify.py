"""``kb verify``: every invariant of the facts and, when asked, of a store made from them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path

from kb import store
from kb.dataset import digest, load
from kb.errors import BuildError, DataError, Problem
from kb.schema import TABLES, VIEWS


@dataclass(frozen=True)
class Report:
    """What was checked and what is wrong.

    Attributes:
        counts: records read, by kind.
        problems: everything wrong; empty when all holds.
    """

    counts: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def as_json(self) -> str:
        """Return the report as JSON."""
        problems = [asdict(problem) for problem in self.problems]
        return json.dumps({"ok": not problems, "counts": self.counts, "problems": problems}, indent=2)

    def summary(self) -> str:
        """Return one line for people."""
        if self.problems:
            return f"{len(self.problems)} problem{'s' if len(self.problems) != 1 else ''}"
        return "All facts hold: " + ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in self.counts.items()) + "."


def verify(data_dir: Path, db: Path | None = None) -> Report:
    """Check the facts, and a store when one is named.

    Args:
        data_dir: the reviewed facts.
        db: a store to check as well.
    """
    report = Report()
    try:
        data = load(data_dir)
        report.counts.update(
            studies=len(data.studies),
            trials=len(data.trials),
            approvals=len(data.approvals),
            absences=len(data.absences),
            access_routes=len(data.access_routes),
            safety_events=len(data.safety_events),
            claims=sum(len(document.claims) for document in data.documents),
            concepts=sum(1 for _ in data.vocabulary),
            rules=len(data.rules.status.rules),
        )
    except DataError as error:
        report.problems.extend(error.problems)
    if db is not None:
        report.problems.extend(_store(data_dir, db))
    return report


def _store(data_dir: Path, path: Path) -> Iterator[Problem]:
    """Yield what is wrong with a store."""

    def problem(where: str, message: str, remedy: str = "build it again: kb build") -> Problem:
        return Problem(str(path), 0, where, message, remedy, "store")

    try:
        with closing(store.connect(path)) as db:
            yield from (problem(where, message) for where, message in _contents(db, data_dir))
    except (BuildError, sqlite3.Error) as error:
        yield problem("", str(error))


def _contents(db: sqlite3.Connection, data_dir: Path) -> Iterator[tuple[str, str]]:
    there = dict(db.execute("select name, type from sqlite_master where type in ('table', 'view')").fetchall())
    for kind, names in (("table", [t.name for t in TABLES]), ("view", [v.name for v in VIEWS])):
        for name in names:
            if there.get(name) != kind:
                yield name, f"the {kind} is missing"
                return
    for table, rowid, parent, _ in db.execute("pragma foreign_key_check"):
        yield table, f"row {rowid} points to a row of {parent} that does not exist"
    said = db.execute("select data_sha256, content_sha256 from builds").fetchone()
    content, _ = store.content_hash(db)
    if said is None or content != said[1]:
        yield "builds", "the rows are not those the build wrote (content hash differs)"
    elif said[0] != digest(data_dir):
        yield "builds", "the store was built from other facts than these"
