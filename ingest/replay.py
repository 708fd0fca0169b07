"""From stored bytes to records, without a fetch: the same raw store gives the same records."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace

from ingest.errors import IngestError, UnreadableError
from ingest.outcome import asked
from ingest.parse.notices import events_of
from ingest.raw.ledger import Ledger, want_key
from ingest.raw.rawstore import RawStore
from ingest.raw.shape import Fetch, Run
from ingest.source import Parsed, Source, Unread
from kb.records.article import Article, Deletion
from kb.records.fetched import Fetched, FetchRow, GapRow, HeldArticle, SearchRun, Snapshot
from kb.records.integrity import IntegrityEvent

#: Which door counts when two give the same paper: PubMed is the record of record.
_DOORS = {"europepmc": 0, "pubmed": 1}

Keep = Callable[[Article], bool]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an answer stands in time.

    Attributes:
        order: with whole files in the order of their numbers; ``own``: as it came; they differ for files only.
        filed: it is a whole file.
    """

    order: int
    own: int
    filed: bool


@dataclass(slots=True)
class _Copy:
    """The newest copy of an article that came through one door.

    Attributes:
        seen: what it says of the integrity of papers, with the day it was first said without a break.
    """

    rank: tuple[int, str, int]
    place: _Place
    held: HeldArticle
    seen: dict[IntegrityEvent, str]


@dataclass(slots=True)
class _Shelf:
    """Collects records; newer states replace older ones, whatever order they come in."""

    copies: dict[tuple[str, str], _Copy] = field(default_factory=dict)
    deleted: dict[str, _Place] = field(default_factory=dict)
    snapshots: dict[Snapshot, None] = field(default_factory=dict)
    events: set[IntegrityEvent] = field(default_factory=set)
    unread: list[str] = field(default_factory=list)

    def put(self, one: Parsed, day: str, place: _Place) -> str:
        """Take one parsed record; return its id, or "" for what is no record."""
        if isinstance(one, Article):
            self._article(one, day, place)
            return one.id
        if isinstance(one, Deletion):
            last = self.deleted.get(one.id, place)
            self.deleted[one.id] = _Place(max(place.order, last.order), max(place.own, last.own), place.filed)
            return one.id
        if isinstance(one, IntegrityEvent):
            self.events.add(one)
            return ""
        if isinstance(one, Unread):
            self.unread.append(one.reason)
            return ""
        self.snapshots.setdefault(Snapshot(day, one))
        return one.id

    def _article(self, one: Article, day: str, place: _Place) -> None:
        """Keep the newest copy of each door: a later version, then a later revision, then the later answer.

        A look that found nothing stays true for its day. What a copy says against a paper counts while the newest
        copy still says it, from the day it was first seen.
        """
        told = {replace(event, seen=""): event for event in events_of(one, day) if event.kind != "checked"}
        self.events.update(event for event in events_of(one, day) if event.kind == "checked")
        rank = (one.version, one.revised, place.order)
        old = self.copies.get((one.id, one.database))
        if old is None or rank > old.rank:
            seen = {event: min(day, old.seen.get(event, day)) if old else day for event in told}
            self.copies[(one.id, one.database)] = _Copy(rank, place, HeldArticle(day, one), seen)

    def standing(self) -> list[HeldArticle]:
        """Return each article once, through the better door, unless it was deleted after its newest state."""
        best: dict[str, tuple[int, HeldArticle]] = {}
        for (number, door), copy in self.copies.items():
            if not (door == "pubmed" and self._deleted(number, copy.place)) and (
                number not in best or _DOORS[door] > best[number][0]
            ):
                best[number] = (_DOORS[door], copy.held)
        return [best[number][1] for number in sorted(best)]

    def _deleted(self, number: str, place: _Place) -> bool:
        """Tell whether a record was deleted after a copy of it: among files by their numbers, else by when it came."""
        deletion = self.deleted.get(number)
        if deletion is None:
            return False
        return place.order <= deletion.order if place.filed else place.own <= deletion.own

    def said(self) -> set[IntegrityEvent]:
        """Return every event: of files, of looks, and of the newest copy of every article."""
        own = {replace(event, seen=day) for copy in self.copies.values() for event, day in copy.seen.items()}
        return self.events | own


def replay(
    store: RawStore,
    sources: Mapping[str, Source],
    keep: Keep = lambda article: True,
    done: Callable[[], None] = lambda: None,
    *,
    until: int | None = None,
    strict: bool = True,
) -> Fetched:
    """Parse everything a raw store holds.

    Args:
        store: the open raw store.
        sources: name → source, for their parsers.
        keep: which articles of whole files (a baseline) are worth having; what was asked for by number always is.
        done: called after each answer.
        until: only what was written down until that place (:meth:`Ledger.last_written`); None for everything.
        strict: an answer whose bytes are lost, and did not come again later, is an error; else it is a gap.

    Raises:
        UnreadableError: an object is missing, damaged or no longer parsed; nothing partial is returned.
    """
    shelf = _Shelf()
    ledger = store.ledger
    runs = {run.id: run for run in ledger.runs()}
    held = {name: ledger.held(name) for name in {run.source for run in runs.values()}}
    rows: list[FetchRow] = []
    lost: list[GapRow] = []
    fetches = [one for one in ledger.fetches() if until is None or (one.seq or 0) <= until]
    fetches.sort(key=lambda one: (one.seq is None, one.seq or 0, one.run_id, one.n))
    newest = {(one.source, one.ids): (one.run_id, one.n) for one in fetches if one.state == "done"}
    own = {(one.run_id, one.n): place for place, one in enumerate(fetches)}
    for order, fetch in _in_order(fetches):
        records: dict[str, None] = {}
        source = _source(sources, fetch.source)
        # A whole file replaces its earlier edition: what that said and this does not was taken back.
        old = source.files and newest.get((fetch.source, fetch.ids)) != (fetch.run_id, fetch.n)
        if fetch.state == "done" and not old:
            try:
                parsed = list(_parsed(store, source, fetch))
            except UnreadableError as error:
                again = all(held[fetch.source][one].sha256 != fetch.sha256 for one in fetch.got)
                if strict and not again:
                    raise
                if not again:
                    lost.append(GapRow(fetch.source, "lost", asked(runs[fetch.run_id].want), fetch.got, str(error)))
                parsed = []
            shelf.unread.clear()
            for one in parsed:
                if source.files and isinstance(one, Article) and not keep(one):
                    continue
                place = _Place(order, own[(fetch.run_id, fetch.n)], source.files)
                if record := shelf.put(one, (fetch.fetched or "")[:10], place):
                    records[record] = None
            lost.extend(GapRow(fetch.source, "unread", asked(runs[fetch.run_id].want), (), one) for one in shelf.unread)
            done()
        rows.append(_row(fetch, runs[fetch.run_id], tuple(records)))
    gone = ledger.gone()
    return Fetched(
        digest=fingerprint(ledger),
        articles=tuple(shelf.standing()),
        deleted=tuple(sorted(shelf.deleted)),
        snapshots=tuple(sorted(shelf.snapshots, key=lambda one: (one.registration.id, one.day))),
        gone=tuple((source, number, day) for source, number, day, _ in gone),
        events=tuple(sorted(shelf.said())),
        fetches=tuple(sorted(rows, key=lambda row: tuple(map(int, row.id[1:].split("-"))))),
        gaps=tuple(sorted([*gaps(ledger), *lost])),
        searches=tuple(_searches(runs.values(), gone, sources)),
    )


def _in_order(fetches: list[Fetch]) -> list[tuple[int, Fetch]]:
    """Return answers with their place in time; whole files stand in the order of their numbers.

    A later file overrides and deletes what an earlier one says, whichever of the two was had first.
    """
    files = [place for place, one in enumerate(fetches) if one.source == "baseline" and one.state == "done"]
    placed = dict(enumerate(fetches))
    by_name = sorted((fetches[place] for place in files), key=lambda one: one.ids)
    placed.update(zip(files, by_name, strict=True))
    return sorted(placed.items())


def _source(sources: Mapping[str, Source], name: str) -> Source:
    if name not in sources:
        raise IngestError(f"the raw store holds answers of {name!r}, which this program does not know: use a newer one")
    return sources[name]


def _parsed(store: RawStore, source: Source, fetch: Fetch) -> Iterator[Parsed]:
    try:
        with store.objects.open(fetch.sha256 or "") as body:
            yield from source.parse(body, (fetch.fetched or "")[:10])
    except UnreadableError as error:
        raise UnreadableError(f"answer {fetch.run_id}-{fetch.n} of {source.title}: {error}") from error


def _row(fetch: Fetch, run: Run, records: tuple[str, ...]) -> FetchRow:
    return FetchRow(
        id=f"F{fetch.run_id}-{fetch.n}",
        source=fetch.source,
        label=run.label,
        query=asked(run.want),
        state=fetch.state,
        asked=len(fetch.ids),
        sha256=fetch.sha256,
        bytes=fetch.bytes,
        url=fetch.url,
        status=fetch.status,
        content_type=fetch.content_type,
        fetched=fetch.fetched,
        attempts=fetch.attempts,
        records=records,
        reason=fetch.reason,
    )


def gaps(ledger: Ledger) -> list[GapRow]:
    """Return what was wanted and is still not here.

    A gap closes when a later answer brings the record, or when the newest listing of the same want has it no more.
    """
    found: list[GapRow] = []
    runs = {run.id: run for run in ledger.runs()}
    newest = {(run.source, run.want): run for run in runs.values()}  # runs come oldest first
    current = {(run.source, run.label): run.want for run in runs.values() if run.label}
    sources = {run.source for run in runs.values()}
    held = {source: ledger.held(source) for source in sources}
    listings = {source: ledger.newest_listings(source) for source in sources}
    found.extend(
        GapRow(run.source, "listing", asked(run.want), (), run.shortfall or "the listing was cut off")
        for run in newest.values()
        if not (run.label and current[(run.source, run.label)] != run.want)
        and ((run.shortfall and run.state not in ("refused", "superseded")) or run.state == "listing")
    )
    written = {(one.run_id, one.n): one.seq or 0 for one in ledger.fetches("done")}
    kinds = {"gap": "fetch", "absent": "absent", "pending": "unasked"}
    missing: dict[tuple[str, str], GapRow] = {}
    for fetch in ledger.fetches("gap", "absent", "pending"):
        run = runs[fetch.run_id]
        if run.state == "superseded" or (run.label and current[(run.source, run.label)] != run.want):
            continue  # given up for a run of everything, or a wording of a search that is no longer asked
        latest, listed = listings[run.source].get(want_key(run.want), (0, set[str]()))
        for number in fetch.ids:
            here = held[run.source].get(number)
            since = fetch.fetched or run.started
            came = here is not None and (
                here.confirmed > since or (fetch.seq is not None and written.get((here.run_id, here.n), 0) > fetch.seq)
            )
            dropped = latest > fetch.run_id and number not in listed
            if not came and not dropped:
                reason = fetch.reason or "the run was cut off before it came to this"
                key = (run.source, number)
                missing[key] = GapRow(run.source, kinds[fetch.state], asked(run.want), (number,), reason)
    return sorted([*found, *_together(missing.values())])


def _together(rows: Iterable[GapRow]) -> Iterator[GapRow]:
    """Join gaps that differ only in the number."""
    groups: dict[tuple[str, str, str, str], list[str]] = {}
    for row in rows:
        groups.setdefault((row.source, row.kind, row.query, row.reason), []).extend(row.records)
    for (source, kind, query, reason), numbers in groups.items():
        yield GapRow(source, kind, query, tuple(sorted(numbers)), reason)


def _searches(
    runs: Iterable[Run], gone: Iterable[tuple[str, str, str, int]], sources: Mapping[str, Source]
) -> Iterator[SearchRun]:
    """Yield the queries that were listed, oldest first."""
    dropped: dict[int, list[str]] = {}
    for _, number, _, run_id in gone:
        dropped.setdefault(run_id, []).append(number)
    for run in runs:
        source = _source(sources, run.source)
        if run.want.query and run.listed is not None and run.state != "superseded" and not source.files:
            yield SearchRun(
                run=run.id,
                label=run.label,
                source=source.title,
                query=asked(run.want),
                day=run.listed[:10],
                hits=run.total or 0,
                complete=run.state == "complete" and run.want.lasting,
                gone=tuple(sorted(dropped.get(run.id, ()))),
            )


def fingerprint(ledger: Ledger) -> str:
    """Return a hash of everything the log says; "" when it says nothing."""
    whole = hashlib.sha256()
    empty = True
    for fetch in ledger.fetches():
        empty = False
        whole.update(json.dumps(asdict(fetch), sort_keys=True).encode())
    for run in ledger.runs():
        empty = False
        whole.update(json.dumps(asdict(run), sort_keys=True).encode())
    return "" if empty else whole.hexdigest()


def content(fetched: Fetched) -> str:
    """Return a hash of what was learnt, whichever answers and tries it took.

    Two runs that end with the same records have the same hash, however often either was disturbed.
    """
    learnt = {
        "articles": [asdict(held.article) for held in fetched.articles],
        "deleted": fetched.deleted,
        "snapshots": sorted(json.dumps(asdict(one.registration), sort_keys=True) for one in fetched.snapshots),
        "gone": [(source, number) for source, number, _ in fetched.gone],
        "events": [asdict(one) for one in fetched.events],
        "gaps": [asdict(one) for one in fetched.gaps],
    }
    return hashlib.sha256(json.dumps(learnt, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
