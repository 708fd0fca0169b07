"""``kb verify``: every invariant of the facts and, when asked, of a store made from them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path

from kb import store
from kb.check.understand.kit import load_kit
from kb.dataset import Dataset, digest, load
from kb.errors import BuildError, DataError, Problem
from kb.evaluate.check import gold_problems
from kb.overlap import shared_runs
from kb.progress import Progress
from kb.schema import TABLES, VIEWS
from kb.tag.direction import DirectionJudge
from kb.tag.tagger import load_tagger


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


def verify(
    data_dir: Path, db: Path | None = None, against: Path | None = None, progress: Progress | None = None
) -> Report:
    """Check the facts, and a store when one is named.

    Args:
        data_dir: the reviewed facts.
        db: a store to check as well.
        against: texts whose sentences must not stand in ours (a folder, or one file).
        progress: told how the comparison goes.
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
        report.problems.extend(_of_the_readers(data))
        if against is not None:
            report.problems.extend(shared_runs(data, against, progress))
    except DataError as error:
        report.problems.extend(error.problems)
    if db is not None:
        report.problems.extend(_store(data_dir, db))
    return report


def _of_the_readers(data: Dataset) -> Iterator[Problem]:
    """Yield what is wrong with the rules and names of the tagger and of `kb check`, and with their labelled cases."""
    try:
        load_tagger(data.root, data.vocabulary, data.build.lineage)
        DirectionJudge.load(data.root)
    except DataError as error:
        yield from error.problems
    try:
        load_kit(data.root, data.vocabulary, data.build.lineage, data.rules.codes)
    except DataError as error:
        yield from error.problems
    if (data.root / "gold").is_dir():
        yield from gold_problems(data.root, data.vocabulary)


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
    yield from _unflagged(db)
    yield from _unlogged(db)


#: How each record of the store was read, for every kind that a status can rest on.
_CHECKED = """select id, checked from studies union all select id, checked from trials
union all select id, checked from approvals union all select id, checked from absences
union all select id, checked from access_routes union all select id, checked from safety_events"""


def _unflagged(db: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """A status that rests on secondary sources alone says so.

    The evidence rows are those of the first place, so its statuses are the ones compared.
    """
    for claim, result in db.execute(
        f"""select e.claim_id, e.result from evidence e join ({_CHECKED}) r on r.id = e.record_id
            join claim_statuses s on s.claim_id = e.claim_id and s.jurisdiction =
              (select j.id from jurisdictions j where j.id in (select jurisdiction from claim_statuses)
               order by j.position limit 1)
            where e.deciding = 1 and (e.jurisdiction is null or e.jurisdiction = s.jurisdiction)
              and not exists (select 1 from json_each(s.codes) where value = 'SECONDARY_SOURCE')
            group by e.claim_id, e.result having max(r.checked <> 'secondary') = 0 order by 1, 2"""  # noqa: S608
    ):
        yield f"{claim} {result}", "the status rests on secondary sources alone and does not say so"


def _unlogged(db: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """A cell says "searched" when, and only when, a search for it is logged."""
    for cell, kind, logged in db.execute(
        """select m.id, m.empty_kind, exists (
             select 1 from searches s, json_each(s.indication) i, json_each(s.cell_type) t
             where i.value = m.indication and t.value = m.cell_type) as logged
           from map_cells m where (m.empty_kind = 'searched_none' and not logged)
             or (m.empty_kind = 'not_searched' and logged) or (m.searched is not null) <> logged order by 1"""
    ):
        yield cell, f"the cell says {kind or 'searched'}, but {'a' if logged else 'no'} search for it is logged"
