"""One run of one want: list, compare with what is here, fetch the rest, write it all down."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from io import BytesIO

from ingest.errors import AbsentError, IngestError, RefusedError, ServiceClosedError, TransientError, UnreadableError
from ingest.outcome import Outcome, told
from ingest.raw.rawstore import RawStore
from ingest.raw.shape import Answer, Held, Run
from ingest.source import Ask, Body, Listing, Source, Want, parts
from kb.progress import Progress

#: A record can take some days to appear in a service's index of changes: the window reaches back this far.
OVERLAP = timedelta(days=3)
#: Batches in a row that a silent service may cost before the run stops and leaves the rest to the next one.
GIVE_UP = 3
#: A listing, or a file, that lost more than this share since last time is believed only when it comes twice.
SHRINK = 0.2
#: What comes twice may differ by this share between the two times.
DRIFT = 0.05
#: Rounds of asking again in halves: enough to single out one record of the largest batch.
PASSES = 10
_LISTED = re.compile(r" lists (\d+) where ")
_SIZED = re.compile(r" has (\d+) bytes where ")


@dataclass(frozen=True, slots=True)
class _Got:
    ids: tuple[str, ...]
    body: Body
    got: Mapping[str, str]


_Fetching = Future[tuple[list[_Got], list[str]]]
_Running = dict[_Fetching, tuple[int, tuple[str, ...]]]


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
    watcher: Progress
    workers: int = 3
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self, want: Want, label: str = "", *, full: bool = False) -> Outcome:
        """Fetch what is wanted and not yet here, or changed since.

        A run that was cut off on an earlier day is ended first, and then the want is run as of today.

        Args:
            want: a query, or named records.
            label: name of the standing search.
            full: fetch everything again, also what is here.

        Raises:
            TransientError: the listing could not be had; nothing was fetched, the next run tries again.
            RefusedError: the source will not answer this query.
            ServiceClosedError: the source will not answer anything for now; what was fetched is kept.
        """
        run = self.store.ledger.begin(self.source.name, label, want, self.now(), whole=full)
        first = self._one(run, want)
        if not first.resumed or (run.listed or "")[:10] == self.now()[:10] or run.state != "fetching" or first.unasked:
            return first
        second = self._one(self.store.ledger.begin(self.source.name, label, want, self.now(), whole=full), want)
        return replace(
            second,
            resumed=True,
            fetched=first.fetched + second.fetched,
            new=tuple(sorted({*first.new, *second.new})),
            updated=tuple(sorted({*first.updated, *second.updated})),
            gone=tuple(sorted({*first.gone, *second.gone})),
        )

    def _one(self, run: Run, want: Want) -> Outcome:
        resumed = run.state == "fetching"
        if not resumed:
            self._plan(run, want)
        unasked = self._fetch(run)
        if not unasked:
            self.store.ledger.finish(self.store.ledger.run(run.id), self.now())
        return told(self.store.ledger, self.source, self.store.ledger.run(run.id), resumed=resumed, unasked=unasked)

    # ------------------------------------------------------------------ listing

    def _plan(self, run: Run, want: Want) -> None:
        """List, and write down what is to be fetched."""
        ledger = self.store.ledger
        self.watcher.step(f"{self.source.title}: listing")
        try:
            listing = self._believed(run, self.source.listing(want, self.ask))
            held = {} if run.whole else self._here()
            again, unchanged = self._moved(want, listing, held)
        except RefusedError as error:
            ledger.unlisted(run.id, "refused", str(error))
            raise
        except IngestError as error:
            ledger.unlisted(run.id, "listing", str(error))
            raise
        numbers = [item.id for item in listing.items if item.id not in held or item.id in again]
        ledger.plan(run, listing, list(parts(numbers, self.source.batch_size)), unchanged, self.now())

    def _believed(self, run: Run, listing: Listing) -> Listing:
        """Doubt a listing that lost a large part since last time, until a second run says the same."""
        last = self.store.ledger.last_complete(run.source, run.want, run.id)
        now = len(listing.items)
        if last is None or listing.shortfall or not run.want.lasting or now >= last.items * (1 - SHRINK) or run.whole:
            return listing
        before = self.store.ledger.previous(run)
        if before is not None and _same_again(_LISTED, before.shortfall, now):
            return listing
        doubt = f"{self.source.title} lists {now} where it listed {last.items} before"
        return replace(listing, shortfall=f"{doubt}; believed when the next run says the same, or with --full")

    def _here(self) -> dict[str, Held]:
        """Return what is here and whose bytes have not been lost."""
        held = self.store.ledger.held(self.source.name)
        lost = {sha for sha in {one.sha256 for one in held.values()} if not self.store.objects.path(sha).exists()}
        return {number: one for number, one in held.items() if one.sha256 not in lost}

    def _moved(self, want: Want, listing: Listing, held: Mapping[str, Held]) -> tuple[set[str], list[str]]:
        """Return the numbers here that changed since they were fetched, and those known not to have changed.

        Where the listing tells a stamp, that decides. Where it does not, the source is asked what changed since the
        day up to which the least certain of these records is known; a record whose fetch failed stays uncertain, so
        the question reaches back to it again.
        """
        stamped = {item.id for item in listing.items if item.stamp and item.id in held}
        again = {item.id for item in listing.items if item.id in stamped and item.stamp != held[item.id].stamp}
        plain = [item.id for item in listing.items if item.id in held and not item.stamp]
        if want.since:  # the listing itself is what moved
            again.update(plain)
        elif plain:
            since = min(min(held[one].confirmed for one in plain), self.now())
            day = date.fromisoformat(since[:10]) - OVERLAP
            again.update(self.source.revised(want, day.isoformat(), self.ask) & set(plain))
        return again, [one for one in (*stamped, *plain) if one not in again]

    # ------------------------------------------------------------------ fetching

    def _fetch(self, run: Run) -> bool:
        """Fetch every pending batch; tell whether the service fell silent and some were not asked for.

        What failed is then asked for once more in halves, so that one bad record costs only itself.
        """
        ledger = self.store.ledger
        if self._pass(run):
            return True
        tried: set[tuple[str, ...]] = set()
        for _ in range(PASSES):
            failed = [batch for batch in ledger.failed_batches(run.id) if batch[1] not in tried]
            if not failed or self.stopping.is_set():
                break
            for n, ids in failed:
                tried.add(ids)
                ledger.again(run.id, n)
            if self._pass(run):
                for n, _ in ledger.pending(run.id):
                    ledger.failed(run.id, n, f"{self.source.title} stopped answering; not asked again", self.now())
                break
        return False

    def _pass(self, run: Run) -> bool:
        """Ask for every pending batch once; return whether so many failed in a row that the rest was not asked for."""
        pending = self.store.ledger.pending(run.id)
        self.watcher.step(f"{self.source.title}: fetching", sum(len(ids) for _, ids in pending))
        pool = ThreadPoolExecutor(self.workers, thread_name_prefix=self.source.name)
        waiting = iter(pending)
        running: _Running = {}
        failures = 0
        closed: ServiceClosedError | None = None
        try:
            while failures < GIVE_UP:
                self._start(pool, waiting, running)
                if not running:
                    return False
                ended, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in sorted(ended, key=lambda one: running[one][0]):
                    try:
                        failures = 0 if self._write(run, *running.pop(future), future) else failures + 1
                    except ServiceClosedError as error:  # what came with it is written down first
                        closed = error
                if closed is not None:
                    raise closed
                if failures >= GIVE_UP and self._answers():
                    failures = 0
            return bool(self.store.ledger.pending(run.id))
        finally:
            # Threads that wait end at once, and nobody waits for one that reads: what is not written down is
            # asked again by the next run.
            if running:
                self.stopping.set()
            pool.shutdown(wait=False, cancel_futures=True)

    def _answers(self) -> bool:
        """Tell whether the service is well after all, by asking for a record it gave before.

        Bad records can lie side by side, and threads end in any order: failures in a row are not yet silence.
        """
        held = self.store.ledger.held(self.source.name)
        if self.source.files or not held:
            return False
        try:
            self.source.fetch((max(held, key=lambda one: (held[one].confirmed, one)),), self.ask)
        except (AbsentError, UnreadableError):
            return True
        except (TransientError, RefusedError):
            return False
        return True

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
            got = dict.fromkeys(asked, "") if self.source.files else self._numbers(body)
            if got:
                bodies.append(_Got(asked, body, got))
            missing = [one for one in missing if one not in got]
            if not missing:
                break
        return bodies, missing

    def _numbers(self, body: Body) -> dict[str, str]:
        found: dict[str, str] = {}
        for one in self.source.parse(BytesIO(body.data), ""):
            found.update(self.source.numbers(one))
        return found

    def _write(self, run: Run, n: int, ids: tuple[str, ...], future: _Fetching) -> bool:
        """Write down how a batch ended; tell whether it was answered.

        Raises:
            ServiceClosedError: nothing more will be answered.
        """
        answered = False
        try:
            bodies, absent = future.result()
            self._doubt(run, bodies)
        except (TransientError, RefusedError, UnreadableError) as error:
            self.store.ledger.failed(run.id, n, str(error), self.now())
            answered = isinstance(error, UnreadableError)  # it came and is bad in itself: the service is well
        else:
            answers = [Answer(one.ids, one.body, self.store.objects.put(one.body.data), one.got) for one in bodies]
            reason = f"{self.source.title} answers, and has no such record"
            self.store.ledger.answered(run, n, answers, absent, reason, self.now())
            answered = True
        self.watcher.advance(len(ids))
        return answered

    def _doubt(self, run: Run, bodies: list[_Got]) -> None:
        """Refuse an edition of a file that lost a large part, unless the run before was told the same.

        Raises:
            UnreadableError: it did, and this is the first time.
        """
        if not self.source.editions or run.whole:
            return
        ledger = self.store.ledger
        previous = ledger.previous(run)
        reasons = [one.reason or "" for one in ledger.fetches("gap", run_id=previous.id)] if previous else []
        for one in bodies:
            size = len(one.body.data)
            held = ledger.held(self.source.name).get(one.ids[0])
            path = self.store.objects.path(held.sha256) if held else None
            before = path.stat().st_size if path and path.exists() else 0  # its bytes may be lost, then any are welcome
            if size < before * (1 - SHRINK) and not any(_same_again(_SIZED, reason, size) for reason in reasons):
                doubt = f"{one.ids[0]} has {size} bytes where it had {before}"
                raise UnreadableError(f"{doubt}; taken when the next run gets the same, or with --full")


def _same_again(form: re.Pattern[str], reason: str, now: int) -> bool:
    """Tell whether the run before doubted about the same figure; it may drift a little from night to night."""
    found = form.search(reason)
    return found is not None and abs(int(found[1]) - now) <= max(1, now) * DRIFT
