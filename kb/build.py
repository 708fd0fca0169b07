"""``kb build``: read, judge, store."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from kb import __version__, store
from kb.assess.base import Base
from kb.check.understand.kit import load_kit
from kb.dataset import Dataset, digest, load
from kb.errors import KbError
from kb.overlay import Integrity, overlaid
from kb.progress import Progress, Silent
from kb.reading import read_yaml
from kb.records.fetched import NOTHING, Fetched
from kb.results import Results
from kb.rows import authorisations, cited, facts, fetched, graph, judgements, records, tagged
from kb.rows.base import Row
from kb.schema import TABLES
from kb.stop_reasons import StopReasons
from kb.stop_reasons import load as load_reasons
from kb.tag.tagger import load_tagger


@dataclass(frozen=True)
class Options:
    """What a build was asked for beyond the defaults; kept in the store, so that a later one can ask for the same.

    Attributes:
        as_of: the day asked for, None for that of ``build.yml``.
        with_abstracts: the texts of abstracts were asked for.
    """

    as_of: date | None = None
    with_abstracts: bool = False

    @classmethod
    def read(cls, text: str) -> Options:
        """Read the JSON of :meth:`as_json`.

        Raises:
            ValueError: it is something else.
        """
        value = json.loads(text)
        try:
            day = value.get("as_of")
            return cls(date.fromisoformat(day) if day else None, bool(value.get("with_abstracts")))
        except (AttributeError, TypeError) as error:
            raise ValueError(f"{text!r} are no options of a build") from error

    def as_json(self) -> str:
        """Return the options as JSON, those of the default left out."""
        said = {"as_of": self.as_of.isoformat() if self.as_of else None, "with_abstracts": self.with_abstracts}
        return json.dumps({name: value for name, value in said.items() if value}, sort_keys=True)

    def words(self) -> str:
        """Return the options as they are typed, "" for the defaults."""
        typed = [f"--as-of {self.as_of}"] if self.as_of else []
        return " ".join([*typed, "--with-abstracts"] if self.with_abstracts else typed)


@dataclass(frozen=True)
class Manifest:
    """What was built.

    Attributes:
        raw_sha256: fingerprint of the raw store that was read and of the code that parsed it, "" without one.
        content_sha256: fingerprint of every row; the same input gives the same one.
        counts: rows in each table.
    """

    path: str
    version: str
    as_of: str
    data_sha256: str
    raw_sha256: str
    content_sha256: str
    counts: dict[str, int]

    def as_json(self) -> str:
        """Return the manifest as JSON."""
        return json.dumps(asdict(self), indent=2, sort_keys=True)


_DEFAULTS = Options()


def options_of(out: Path) -> Options:
    """Return what the store at ``out`` was asked for; the defaults where there is none, or it does not say."""
    try:
        with contextlib.closing(store.connect(out)) as connection:
            row = connection.execute("select options from builds").fetchone()
        return Options.read(row[0]) if row else Options()
    except (KbError, sqlite3.Error, ValueError, TypeError):
        return Options()


def up_to_date(data_dir: Path, out: Path, raw_digest: str = "", as_of: date | None = None) -> Manifest | None:
    """Return the manifest of the store at ``out`` when it was built from exactly this data, day and version.

    Args:
        data_dir: the reviewed facts.
        out: the store.
        raw_digest: fingerprint of the raw store and of what parses it, "" without one.
        as_of: another day than that of ``build.yml``.
    """
    try:
        with contextlib.closing(store.connect(out)) as connection:
            row = connection.execute(
                "select version, as_of, data_sha256, raw_sha256, content_sha256, counts from builds"
            ).fetchone()
        day = as_of.isoformat() if as_of else read_yaml(data_dir / "build.yml", data_dir).value["as_of"]
    except (KbError, sqlite3.Error, KeyError, TypeError):
        return None
    if row is None or tuple(row[:4]) != (fingerprint(), day, digest(data_dir), raw_digest or None):
        return None
    version, built_for, data_hash, raw_hash, content, counts = row
    return Manifest(str(out), version, built_for, data_hash, raw_hash or "", content, json.loads(counts))


def fingerprint() -> str:
    """Return version and a short hash of this package's own code, so that a changed rule engine rebuilds."""
    import hashlib

    whole = hashlib.sha256()
    package = Path(__file__).parent
    for path in sorted(package.rglob("*.py")):
        if "publish" not in path.parts:
            whole.update(path.relative_to(package).as_posix().encode() + path.read_bytes())
    return f"{__version__}+{whole.hexdigest()[:12]}"


def build(
    data_dir: Path,
    out: Path,
    progress: Progress | None = None,
    as_of: date | None = None,
    raw: Fetched = NOTHING,
    *,
    with_abstracts: bool = False,
    options: Options = _DEFAULTS,
) -> Manifest:
    """Build the store.

    Args:
        data_dir: the reviewed facts.
        out: where to put the store; replaced in one step, untouched on failure.
        progress: receives the steps.
        as_of: another day than that of ``build.yml``.
        raw: what was fetched from outside; answers of a day after the build's move no registration, a notice about
            a paper counts from its own date.
        with_abstracts: put the texts of abstracts into the store as well.
        options: what the user asked for, to be kept in the store for the next ``kb build --if-changed``.

    Raises:
        DataError: the facts are wrong.
        BuildError: the store cannot be written.
    """
    progress = progress or Silent()
    progress.step("Reading facts")
    reviewed = load(data_dir, lambda _name: progress.advance())
    reasons = load_reasons(data_dir / "rules" / "stop_reasons.tsv")
    day = as_of or date.fromisoformat(reviewed.build.as_of)
    data = overlaid(reviewed, raw, reasons, day) if raw.digest else reviewed
    base = Base(data, day)
    progress.step("Judging claims", sum(len(document.claims) for document in data.documents))
    results = Results(base, progress.advance)
    progress.step("Judging every other day", sum(len(document.claims) for document in data.documents))
    spans = list(results.claim_status_spans())
    progress.step("Writing the store", len(TABLES))
    filled = rows_of(data, day, results, spans, progress.advance)
    integrity = Integrity(reviewed, raw.events, None, (held.article for held in raw.articles))
    if raw.digest:
        filled |= _tagged(data, raw, integrity, filled["tags"], progress)
    filled |= _outside(reviewed, raw, integrity, reasons, with_abstracts=with_abstracts)
    filled["searches"].extend(fetched.searches(raw))
    with store.replacing(out) as db:
        store.create(db)
        for table in TABLES:
            if table.name in filled:
                store.insert(db, table, filled[table.name])
        store.finish(db)
        content, counts = store.content_hash(db)
        manifest = Manifest(str(out), fingerprint(), day.isoformat(), data.digest, raw.digest, content, counts)
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
                    "raw_sha256": manifest.raw_sha256 or None,
                    "options": options.as_json(),
                    "content_sha256": content,
                    "counts": json.dumps(counts, sort_keys=True),
                }
            ],
        )
    return manifest


def rows_of(
    data: Dataset, day: date, results: Results, spans: Iterable[Row] = (), done: Callable[[], None] = lambda: None
) -> dict[str, list[Row]]:
    """Return the rows of every table that is made of reviewed facts, sorted by key.

    Args:
        data: the facts.
        day: day of the build.
        results: what was judged of them.
        spans: rows of ``claim_status_spans``.
        done: called after each table.
    """
    makers: dict[str, Callable[[], object]] = {
        "nodes": lambda: graph.nodes(data),
        "edge_types": graph.edge_types,
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
        "citations": lambda: cited.citations(results.base, results.first),
        "evidence": results.evidence,
        "claim_statuses": results.claim_statuses,
        "claim_status_spans": lambda: spans,
        "later_reports": lambda: cited.later_reports(results.first),
        "judged_facts": lambda: facts.judged_facts(data),
        "reading_rules": lambda: load_kit(data.root, data.vocabulary, data.build.lineage, data.rules.codes).rows(),
        "map_cells": results.map_cells,
        "map_records": results.map_records,
        "map_columns": lambda: judgements.map_columns(data),
        "levels": lambda: judgements.levels(data),
        "rules": lambda: judgements.rules(data),
        "codes": lambda: judgements.codes(data),
        "strength_levels": lambda: judgements.strength_levels(data),
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


def _tagged(
    data: Dataset, raw: Fetched, integrity: Integrity, reviewed: list[Row], progress: Progress
) -> dict[str, list[Row]]:
    """Return the rows of what the tagger reads in fetched records, with the reviewed tags."""
    progress.step("Tagging fetched records", tagged.size(raw))
    tagger = load_tagger(data.root, data.vocabulary, data.build.lineage)
    known = {study.id for study in data.studies} | {trial.id for trial in data.trials}
    found = tagged.tagged_rows(raw, tagger, integrity.record, known, reviewed, data.vocabulary, progress.advance)
    return {
        "tagged_records": list(found.records),
        "stated_results": list(found.results),
        "stated_doses": list(found.doses),
        "tags": sorted([*reviewed, *found.tags], key=lambda row: str(row["id"])),
    }


def _outside(
    data: Dataset, raw: Fetched, integrity: Integrity, reasons: StopReasons, *, with_abstracts: bool
) -> dict[str, list[Row]]:
    """Return the rows of what was fetched, as it stands now, whatever the build's day."""
    now = "9999-12-31"
    makers: dict[str, Iterable[Row]] = {
        "articles": fetched.articles(raw, data, integrity.state, integrity.record),
        "article_sections": fetched.article_sections(raw, with_abstracts),
        "article_terms": fetched.article_terms(raw),
        "article_links": fetched.article_links(raw),
        "article_trials": fetched.article_trials(raw, data),
        "integrity_events": fetched.integrity_events(integrity.events(), data, integrity.record),
        "registrations": fetched.registrations(raw, data, reasons, now),
        "registration_outcomes": fetched.registration_outcomes(raw, now),
        "registration_harms": fetched.registration_harms(raw, now),
        "trial_changes": fetched.trial_changes(raw, now),
        "fetches": fetched.fetches(raw),
        "fetch_records": fetched.fetch_records(raw),
        "gaps": fetched.gaps(raw),
    }
    return {name: list(rows) for name, rows in makers.items()}
