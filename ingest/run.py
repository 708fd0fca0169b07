"""One run of one want: list, compare with what is here, fetch the rest, write it all down."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from typing import Protocol

from ingest.errors import AbsentError, BusyError, NotReachedError, RefusedError, TransientError, UnreadableError
from ingest.raw.ledger import Answer, Fetch, Run
from ingest.raw.rawstore import RawStore
from ingest.source import Ask, Body, Source, Want, parts

#: A record can take some days to appear in a service's index of changes: the window reaches back over the last run.
OVERLAP = timedelta(days=3)
#: Batches in a row that a silent service may cost before the run stops and leaves the rest to the next one.
GIVE_UP = 3


class Watcher(Protocol):
    """Receives the steps of a run; the command line shows them."""

    def step(self, name: str, total: int | None = None) -> None:
        """Begin a step."""

    def advance(self, count: int = 1) -> None:
        """Note units of the current step."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run did.

    Attributes:
        source, label, query: what was asked, in words.
        resumed: it went on with a run that had been cut off.
        total: records the source says there are.
        listed: records it listed.
        fetched: records whose bytes came in this run.
        new: of the listed, those that were not here before; ``updated``: those fetched again since they changed.
        gone: numbers an earlier run of the same want listed and this one did not.
        absent: numbers asked for that the source does not have.
        gaps: what could not be had, in words.
        notes: warnings of the source.
        requests: requests it took.
    """

    run_id: int
    source: str
    label: str
    query: str
    resumed: bool
    total: int
    listed: int
    fetched: int
    new: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    requests: int = 0

    @property
    def whole(self) -> bool:
        """Whether everything that was wanted is here."""
        return not self.gaps and not self.absent


@dataclass(slots=True)
class Runner:
    """Runs wants against one source.

    Attributes:
        ask: sends requests; shared by the threads.
        now: tells the time as ``YYYY-MM-DDTHH:MM:SSZ``.
        workers: batches fetched at the same time; the pacer keeps them polite.
        stopping: set to end the run early and safely.
    """

    store: RawStore
    source: Source
    ask: Ask
    now: Callable[[], str]
    watcher: Watcher
    workers: int = 3
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self, want: Want, label: str = "", *, full: bool = False) -> Outcome:
        """Fetch what is wanted and not yet here.

        Args:
            want: a query, or named records.
            label: name of the standing search.
            full: fetch everything again, also what is here.

        Raises:
            TransientError: the listing could not be had; nothing was fetched, the next run tries again.
            RefusedError: the source will not answer (bad query, bad key).
        """
        ledger = self.store.ledger
        run = ledger.begin(self.source.name, label, want, self.now())
        resumed = run.state == "fetching"
        held = {} if full else ledger.held(self.source.name)
        if run.state == "listing":
            self.watcher.step(f"{self.source.title}: listing")
            listing = self.source.listing(want, self.ask)
            revised = self._revised(run, want, held, full)
            numbers = [
                item.id
                for item in listing.items
                if item.id not in held or item.id in revised or (item.stamp and item.stamp != held[item.id])
            ]
            ledger.plan(run.id, listing, list(parts(numbers, self.source.batch_size)), self.now())
        self._fetch(run.id)
        if not ledger.pending(run.id):
            ledger.finish(run.id, self.now())
        return self._outcome(ledger.run(run.id), resumed)

    def _revised(self, run: Run, want: Want, held: dict[str, str], full: bool) -> frozenset[str]:
        """Ask which of the records here have changed, where listing does not tell."""
        last = self.store.ledger.last_complete(self.source.name, want, run.id)
        if full or not held or last is None:
            return frozenset()
        since = date.fromisoformat(last.started[:10]) - OVERLAP
        return self.source.revised(want, since.isoformat(), self.ask)

    # ------------------------------------------------------------------ fetching

    def _fetch(self, run_id: int) -> None:
        """Fetch every pending batch; what fails after every try is written down as a gap."""
        pending = self.store.ledger.pending(run_id)
        self.watcher.step(f"{self.source.title}: fetching", sum(len(ids) for _, ids in pending))
        pool = ThreadPoolExecutor(self.workers, thread_name_prefix=self.source.name)
        waiting = iter(pending)
        running: _Running = {}
        silent = 0
        try:
            while silent < GIVE_UP:
                self._start(pool, waiting, running)
                if not running:
                    break
                ended, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in sorted(ended, key=lambda one: running[one][0]):
                    silent = silent + 1 if self._write(run_id, *running.pop(future), future) else 0
        finally:
            # Threads that wait end at once, and nobody waits for one that reads: what is not written down is
            # asked again by the next run.
            if running:
                self.stopping.set()
            pool.shutdown(wait=False, cancel_futures=True)

    def _start(
        self, pool: ThreadPoolExecutor, waiting: Iterator[tuple[int, tuple[str, ...]]], running: _Running
    ) -> None:
        """Keep the threads busy, and no more: a few bodies in memory at a time."""
        while len(running) < self.workers and (batch := next(waiting, None)) is not None:
            running[pool.submit(self._batch, batch[1])] = batch

    def _batch(self, ids: tuple[str, ...]) -> tuple[list[_Got], list[str]]:
        """Fetch one batch in a thread; ask once more for what the answer left out.

        Returns:
            The bodies, and the numbers the source does not have.
        """
        bodies: list[_Got] = []
        missing = list(ids)
        for _ in range(2):
            asked = tuple(missing)
            try:
                body = self.source.fetch(asked, self.ask)
            except AbsentError:
                break
            got = asked if self.source.files else self._numbers(body)
            if got:
                bodies.append(_Got(asked, body, got))
            missing = [one for one in missing if one not in got]
            if not missing:
                break
        return bodies, missing

    def _numbers(self, body: Body) -> tuple[str, ...]:
        parsed = self.source.parse(BytesIO(body.data), "")
        return tuple(dict.fromkeys(number for one in parsed for number in self.source.numbers(one)))

    def _write(self, run_id: int, n: int, ids: tuple[str, ...], future: _Fetching) -> bool:
        """Write down how a batch ended; tell whether the service was silent."""
        silent = False
        try:
            bodies, absent = future.result()
        except (TransientError, RefusedError, UnreadableError) as error:
            self.store.ledger.failed(run_id, n, str(error), self.now())
            silent = isinstance(error, (NotReachedError, BusyError))
        else:
            answers = [Answer(one.ids, one.body, self.store.objects.put(one.body.data), one.got) for one in bodies]
            reason = f"{self.source.title} answers, and has no such record"
            self.store.ledger.answered(run_id, n, answers, absent, reason, self.now())
        self.watcher.advance(len(ids))
        return silent

    # ------------------------------------------------------------------ telling

    def _outcome(self, run: Run, resumed: bool) -> Outcome:
        ledger = self.store.ledger
        before = ledger.held(self.source.name, before=run.id)
        own: list[Fetch] = [one for one in ledger.fetches() if one.run_id == run.id]
        got = [number for one in own if one.state == "done" for number in one.got]
        listed = ledger.listed(run.id)
        last = ledger.last_complete(run.source, run.want, run.id)
        gone = sorted(set(ledger.listed(last.id)) - set(listed)) if last and not run.shortfall else []
        gaps = [f"{one.reason} (records {_few(one.ids)})" for one in own if one.state == "gap"]
        if unasked := sum(len(one.ids) for one in own if one.state == "pending"):
            gaps.append(
                f"{self.source.title} stopped answering; {unasked} records were not asked for. Run again later."
            )
        return Outcome(
            run_id=run.id,
            source=run.source,
            label=run.label,
            query=asked(run.want),
            resumed=resumed,
            total=run.total or 0,
            listed=len(listed),
            fetched=len({one for one in got if one in listed}),
            new=tuple(sorted({one for one in got if one in listed and one not in before})),
            updated=tuple(sorted({one for one in got if one in before})),
            gone=tuple(gone),
            absent=tuple(number for one in own if one.state == "absent" for number in one.ids),
            gaps=tuple([run.shortfall, *gaps] if run.shortfall else gaps),
            notes=run.notes,
        )


@dataclass(frozen=True, slots=True)
class _Got:
    ids: tuple[str, ...]
    body: Body
    got: tuple[str, ...]


_Fetching = Future[tuple[list[_Got], list[str]]]
_Running = dict[_Fetching, tuple[int, tuple[str, ...]]]


def asked(want: Want) -> str:
    """Return what was wanted, in words."""
    if want.query:
        text = want.query
    elif len(want.ids) == 1:
        text = want.ids[0]
    else:
        text = f"{len(want.ids):,} records by number" if want.ids else "everything"
    return text + (f" [since {want.since}]" if want.since else "") + (f" [until {want.until}]" if want.until else "")


def _few(ids: Sequence[str]) -> str:
    more = len(ids) - 3
    return ", ".join(ids[:3]) + (f" and {more} more" if more > 0 else "")
