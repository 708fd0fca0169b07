"""Runs of ``ingest`` against the local double, quick and the same every time."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ingest.outcome import Outcome
from ingest.pacer import Pacer
from ingest.raw.rawstore import RawStore, reading, writing
from ingest.replay import replay
from ingest.run import Runner
from ingest.services.baseline import Baseline
from ingest.services.clinicaltrials import ClinicalTrials
from ingest.services.europepmc import EuropePmc
from ingest.services.pubmed import PubMed
from ingest.services.retraction_watch import RetractionWatch
from ingest.source import Source, Want
from ingest.sources import parsers
from ingest.transport import Http, Patience
from kb.records.fetched import Fetched
from tests.doubles.server import Double

NOW = "2026-11-23T10:00:00Z"
#: Waits are short here; everything else is as in real life.
PATIENCE = Patience(tries=6, first=0.005, longest=0.02, connect=2, read=0.4, whole=5, limit=16 * 1024 * 1024)
WANTS = {
    "pubmed": Want(query="all[sb]"),
    "clinicaltrials": Want(query="ALL"),
    "europepmc": Want(query="cells"),
    "retraction_watch": Want(ids=("retraction_watch.csv",)),
    "baseline": Want(),
}


@dataclass(frozen=True)
class Places:
    """Addresses of the services, for another process."""

    eutils: str
    ctgov: str
    europepmc: str
    retraction_watch: str
    baseline: str

    @classmethod
    def of(cls, double: Double) -> Places:
        """Return the addresses of a double."""
        return cls(double.eutils, double.ctgov, double.europepmc, double.retraction_watch, double.baseline)


class Quiet:
    """Watches nothing, and keeps what went wrong."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def step(self, name: str, total: int | None = None) -> None:
        """Begin a step."""

    def advance(self, count: int = 1) -> None:
        """Note units."""

    def note(self, line: str) -> None:
        """Keep a line."""
        self.notes.append(line)


def source(name: str, double: Double | Places, etag: str = "", ceiling: int = 9_999) -> Source:
    """Return a source that asks the double, in small batches and pages."""
    made: dict[str, Source] = {
        "pubmed": PubMed(double.eutils, date(2026, 11, 23), limit=ceiling, page=25),
        "clinicaltrials": ClinicalTrials(double.ctgov, page=8),
        "europepmc": EuropePmc(double.europepmc, page=25),
        "retraction_watch": RetractionWatch(double.retraction_watch, etag),
        "baseline": Baseline(double.baseline),
    }
    one = made[name]
    if not one.files:
        one.batch_size = 9
    return one


def run(
    store: RawStore,
    double: Double | Places,
    name: str,
    want: Want | None = None,
    *,
    now: str = NOW,
    patience: Patience = PATIENCE,
    watcher: Quiet | None = None,
    pacer: Pacer | None = None,
    full: bool = False,
    ceiling: int = 9_999,
) -> Outcome:
    """Run one want of one source."""
    stopping = threading.Event()
    watcher = watcher or Quiet()
    says = {"tool": "nk-evidence-kb", "email": "tests@example.org"} if name == "pubmed" else {}
    with Http(pacer or Pacer(2000), says, patience, stopping, watcher.note) as ask:
        made = source(name, double, store.ledger.header(name, "etag"), ceiling)
        runner = Runner(store, made, ask, lambda: now, watcher, 3, stopping)
        return runner.run(want or WANTS[name], full=full)


def run_all(
    folder: Path, double: Double | Places, names: Iterable[str] = tuple(WANTS), now: str = NOW
) -> list[Outcome]:
    """Run the usual want of each source."""
    with writing(folder) as store:
        return [run(store, double, name, now=now) for name in names]


def held(folder: Path) -> Fetched:
    """Parse a raw store."""
    with reading(folder) as store:
        return replay(store, parsers())
