"""Several wants, one after another: one pace a service, one news report at the end."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingest import report
from ingest.errors import BusyError, IngestError, NotReachedError, ServiceClosedError
from ingest.outcome import Outcome, asked
from ingest.raw.rawstore import RawStore, writing
from ingest.raw.shape import TOLD
from ingest.replay import replay
from ingest.run import Runner
from ingest.source import Want, parts
from ingest.sources import Settings, http, make, parsers
from ingest.transport import Http, StoppedError
from kb.dataset import Dataset
from kb.progress import Silent, shown
from kb.records.fetched import Fetched

#: DOIs asked for by one query.
_DOIS = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """A want of one source.

    Attributes:
        label: name of the standing search, or what it is for.
        place: folder or address, for whole PubMed files.
    """

    source: str
    want: Want
    label: str = ""
    place: str = ""


RETRACTIONS = Wanted("retraction_watch", Want(ids=("retraction_watch.csv",)))


@dataclass(frozen=True, slots=True)
class Done:
    """How a session went.

    Attributes:
        failed: wants that could not even list, with the reason.
        after: what the raw store holds now, for a refresh.
        news: what a refresh tells.
    """

    outcomes: tuple[Outcome, ...]
    failed: tuple[str, ...]
    after: Fetched | None = None
    news: report.News | None = None


def on_file(facts: Dataset, name: str) -> list[Wanted]:
    """Return the wants that ask a source for everything on file.

    A publication that is known only by its DOI is asked for by that; one without any number cannot be asked for.
    """
    if name == "clinicaltrials":
        ncts = tuple(one.id for one in facts.trials if one.id.startswith("NCT"))
        return [Wanted(name, Want(ids=ncts), "on file")] if ncts else []
    pmids = tuple(one.pmid for one in facts.studies if one.pmid)
    dois = [one.doi for one in facts.studies if one.doi and not one.pmid]
    prefix, form = ("MED:", 'DOI:"{}"') if name == "europepmc" else ("", '"{}"[aid]')
    wants = [Wanted(name, Want(ids=tuple(f"{prefix}{pmid}" for pmid in pmids)), "on file")] if pmids else []
    for number, some in enumerate(parts(dois, _DOIS), 1):
        query = " OR ".join(form.format(doi) for doi in some)
        wants.append(Wanted(name, Want(query=query), f"on file, by DOI ({number})"))
    return wants


class _Services:
    """One way to ask each service for the whole session, so that its pace holds over all wants."""

    def __init__(self, stack: ExitStack, settings: Settings, watcher: Silent) -> None:
        self._stack, self._settings, self._watcher = stack, settings, watcher
        self._open: dict[str, tuple[Http, threading.Event]] = {}
        self.closed: dict[str, str] = {}

    def ask(self, name: str) -> tuple[Http, threading.Event]:
        """Return the way to ask a service.

        Raises:
            ServiceClosedError: it has said that it will not answer for now.
        """
        if name in self.closed:
            raise ServiceClosedError(self.closed[name])
        if name not in self._open or self._open[name][1].is_set():
            old = self._open.get(name)
            stopping = threading.Event()
            ask = self._stack.enter_context(
                http(name, self._settings, stopping, self._watcher.note, old[0].pacer if old else None)
            )
            self._open[name] = (ask, stopping)
        return self._open[name]


def run(
    raw: Path, wants: Sequence[Wanted], settings: Settings, facts: Dataset | None, *, full: bool, workers: int
) -> Done:
    """Run wants into a raw store.

    Args:
        raw: the folder.
        wants: in order.
        settings: where services are, who asks.
        facts: of a refresh, whose news are told; None otherwise.
        full: fetch everything again.
        workers: answers awaited at the same time.

    Raises:
        IngestError: another run writes the raw store, or a single want could not be run.
    """
    outcomes: list[Outcome] = []
    failed: list[str] = []
    with writing(raw) as store, ExitStack() as stack:
        watcher = stack.enter_context(shown())
        services = _Services(stack, settings, watcher)
        told = json.loads(store.ledger.setting(TOLD) or "null")
        for wanted in wants:
            try:
                outcomes.append(_one(store, services, settings, wanted, watcher, full=full, workers=workers))
            except StoppedError:
                raise
            except IngestError as error:
                if isinstance(error, (ServiceClosedError, NotReachedError, BusyError)):
                    services.closed[wanted.source] = str(error)  # a service that is down is not asked by every want
                if len(wants) == 1:
                    raise
                failed.append(f"{wanted.label or wanted.source}: {error}")  # the others are run all the same
        if facts is None:
            return Done(tuple(outcomes), tuple(failed))
        # Told until the last refresh that came to its end: what a killed one fetched is still news.
        written, last_run = (told["written"], told["run"]) if told else (0, 0)
        before = replay(store, parsers(), until=written, strict=False) if told else Fetched()
        after = replay(store, parsers(), strict=False)
        dropped = [(source, number) for source, number, _, at in store.ledger.gone() if at > last_run]
        difference = report.news(before, after, facts, dropped)
        newest = max((one.id for one in store.ledger.runs()), default=0)
        store.ledger.remember(TOLD, json.dumps({"written": store.ledger.last_written(), "run": newest}))
        return Done(tuple(outcomes), tuple(failed), after, difference)


def _one(
    store: RawStore,
    services: _Services,
    settings: Settings,
    wanted: Wanted,
    watcher: Silent,
    *,
    full: bool,
    workers: int,
) -> Outcome:
    if wanted.source in services.closed:  # written down all the same, so that nobody takes it for done
        waiting = store.ledger.begin(wanted.source, wanted.label, wanted.want, now(), whole=full)
        if waiting.state == "listing":
            store.ledger.unlisted(waiting.id, "listing", services.closed[wanted.source])
    ask, stopping = services.ask(wanted.source)
    source = make(wanted.source, settings, store.ledger.header(wanted.source, "etag"), wanted.place)
    before = ask.requests
    outcome = Runner(store, source, ask, now, watcher, workers, stopping).run(wanted.want, wanted.label, full=full)
    return replace(outcome, requests=ask.requests - before)


def counted(wants: Sequence[Wanted], settings: Settings) -> list[dict[str, Any]]:
    """Ask how much there is of each want; nothing is written.

    Returns:
        One row a want; ``failed`` says why it could not be counted.
    """
    rows: list[dict[str, Any]] = []
    with ExitStack() as stack:
        services = _Services(stack, settings, stack.enter_context(shown()))
        for wanted in wants:
            source = make(wanted.source, settings, place=wanted.place)
            row: dict[str, Any] = {
                "source": source.title,
                "label": wanted.label,
                "query": asked(wanted.want),
                "since": wanted.want.since,
                "until": wanted.want.until,
                "total": 0,
                "requests": 0,
                "notes": (),
                "failed": "",
            }
            try:
                count = source.count(wanted.want, services.ask(wanted.source)[0])
                row |= {"total": count.total, "requests": -(-count.total // source.batch_size), "notes": count.notes}
            except StoppedError:
                raise
            except IngestError as error:
                row["failed"] = str(error)
            rows.append(row)
    return rows


def now() -> str:
    """Return the time (UTC) as ``YYYY-MM-DDTHH:MM:SSZ``."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
