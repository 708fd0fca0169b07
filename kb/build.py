"""``kb build``: read, judge, store."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from kb import __version__, store
from kb.assess.evidence import Base
from kb.dataset import Dataset, digest, load
from kb.errors import KbError
from kb.reading import read_yaml
from kb.results import Results
from kb.rows import authorisations, graph, judgements, records
from kb.rows.base import Row
from kb.schema import TABLES


@dataclass(frozen=True)
class Manifest:
    """What was built.

    Attributes:
        content_sha256: fingerprint of every row; the same input gives the same one.
        counts: rows in each table.
    """

    path: str
    version: str
    as_of: str
    data_sha256: str
    content_sha256: str
    counts: dict[str, int]

    def as_json(self) -> str:
        """Return the manifest as JSON."""
        return json.dumps(asdict(self), indent=2, sort_keys=True)


class Progress(Protocol):
    """Receives the steps of a build; the command line shows them."""

    def step(self, name: str, total: int | None = None) -> None:
        """Begin a step."""

    def advance(self) -> None:
        """Note one unit of the current step."""


class Silent:
    """Progress that nobody watches."""

    def step(self, name: str, total: int | None = None) -> None:
        """Begin a step."""

    def advance(self) -> None:
        """Note one unit of the current step."""


def up_to_date(data_dir: Path, out: Path) -> Manifest | None:
    """Return the manifest of the store at ``out`` when it was built from exactly this data, day and version."""
    try:
        with contextlib.closing(store.connect(out)) as connection:
            row = connection.execute(
                "select version, as_of, data_sha256, content_sha256, counts from builds"
            ).fetchone()
        day = read_yaml(data_dir / "build.yml", data_dir).value["as_of"]
    except (KbError, sqlite3.Error, KeyError, TypeError):
        return None
    if row is None or (row[0], row[1]) != (fingerprint(), day) or row[2] != digest(data_dir):
        return None
    return Manifest(str(out), row[0], row[1], row[2], row[3], json.loads(row[4]))


def fingerprint() -> str:
    """Return version and a short hash of this package's own code, so that a changed rule engine rebuilds."""
    import hashlib

    whole = hashlib.sha256()
    package = Path(__file__).parent
    for path in sorted(package.rglob("*.py")):
        if "publish" not in path.parts:
            whole.update(path.relative_to(package).as_posix().encode() + path.read_bytes())
    return f"{__version__}+{whole.hexdigest()[:12]}"


def build(data_dir: Path, out: Path, progress: Progress | None = None, as_of: date | None = None) -> Manifest:
    """Build the store.

    Args:
        data_dir: the reviewed facts.
        out: where to put the store; replaced in one step, untouched on failure.
        progress: receives the steps.
        as_of: another day than that of ``build.yml``.

    Raises:
        DataError: the facts are wrong.
        BuildError: the store cannot be written.
    """
    progress = progress or Silent()
    progress.step("Reading facts")
    data = load(data_dir, lambda _name: progress.advance())
    day = as_of or date.fromisoformat(data.build.as_of)
    base = Base(data, day)
    progress.step("Judging claims", sum(len(document.claims) for document in data.documents))
    results = Results(base, progress.advance)
    progress.step("Writing the store", len(TABLES))
    filled = _tables(data, day, results, progress.advance)
    with store.replacing(out) as db:
        store.create(db)
        for table in TABLES:
            if table.name in filled:
                store.insert(db, table, filled[table.name])
        store.finish(db)
        content, counts = store.content_hash(db)
        manifest = Manifest(str(out), fingerprint(), day.isoformat(), data.digest, content, counts)
        builds = next(table for table in TABLES if table.name == "builds")
        store.insert(
            db,
            builds,
            [
                {
                    "id": 1,
                    "version": manifest.version,
                    "as_of": manifest.as_of,
                    "data_sha256": manifest.data_sha256,
                    "content_sha256": content,
                    "counts": json.dumps(counts, sort_keys=True),
                }
            ],
        )
    return manifest


def _tables(data: Dataset, day: date, results: Results, done: Callable[[], None]) -> dict[str, list[Row]]:
    """Return the rows of every table, sorted by key."""
    makers: dict[str, Callable[[], object]] = {
        "nodes": lambda: graph.nodes(data),
        "jurisdictions": graph.jurisdictions,
        "concepts": lambda: graph.concepts(data),
        "concept_parents": lambda: graph.concept_parents(data),
        "concept_closure": lambda: graph.concept_closure(data),
        "studies": lambda: records.studies(data),
        "trials": lambda: records.trials(data),
        "keys": lambda: records.keys(data),
        "findings": lambda: records.findings(data),
        "study_trials": lambda: records.study_trials(data),
        "record_relations": lambda: records.record_relations(data),
        "approvals": lambda: authorisations.approvals(data, day),
        "approval_events": lambda: authorisations.approval_events(data),
        "absences": lambda: authorisations.absences(data),
        "access_routes": lambda: authorisations.access_routes(data),
        "safety_events": lambda: authorisations.safety_events(data),
        "tags": lambda: graph.tags(data),
        "documents": lambda: judgements.documents(data),
        "claims": lambda: judgements.claims(data),
        "claim_concepts": lambda: judgements.claim_concepts(data),
        "citations": lambda: judgements.citations(data),
        "evidence": results.evidence,
        "claim_statuses": results.claim_statuses,
        "map_cells": results.map_cells,
        "map_records": results.map_records,
        "map_columns": lambda: judgements.map_columns(data),
        "levels": lambda: judgements.levels(data),
        "rules": lambda: judgements.rules(data),
        "codes": lambda: judgements.codes(data),
        "searches": lambda: graph.searches(data),
    }
    filled: dict[str, list[Row]] = {}
    for name, make in makers.items():
        filled[name] = list(make())  # type: ignore[call-overload]
        done()
    filled["key_concepts"] = list(records.key_concepts(filled["keys"]))
    filled["edges"] = list(results.edges(filled))
    filled["search_entries"] = list(graph.search_entries(data, filled["nodes"]))
    for table in TABLES:
        if table.name in filled:
            filled[table.name].sort(key=lambda row, key=table.key: tuple(str(row[k]) for k in key))  # type: ignore[misc]
    return filled
