"""From stored bytes to records, without a fetch: the same raw store gives the same records."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field

from ingest.errors import IngestError, UnreadableError
from ingest.parse.notices import events_of
from ingest.raw.ledger import Fetch, Ledger, Run
from ingest.raw.rawstore import RawStore
from ingest.run import asked
from ingest.source import Parsed, Source, Unread
from kb.records.article import Article, Deletion
from kb.records.fetched import Fetched, FetchRow, GapRow, HeldArticle, SearchRun, Snapshot
from kb.records.integrity import IntegrityEvent

#: Which door counts when two give the same paper: PubMed is the record of record.
_DOORS = {"europepmc": 0, "pubmed": 1}

Keep = Callable[[Article], bool]


@dataclass(slots=True)
class _Shelf:
    """Collects records; newer states replace older ones, whatever order they come in."""

    articles: dict[str, tuple[tuple[int, int, str, int], HeldArticle]] = field(default_factory=dict)
    deleted: dict[str, int] = field(default_factory=dict)
    snapshots: list[Snapshot] = field(default_factory=list)
    events: set[IntegrityEvent] = field(default_factory=set)
    unread: list[str] = field(default_factory=list)

    def put(self, one: Parsed, day: str, order: int) -> str:
        """Take one parsed record; return its id, or "" for what is no record."""
        if isinstance(one, Article):
            # A later version of the number, then a later revision, then the later answer.
            rank = (_DOORS[one.database], one.version, one.revised, order)
            if one.id not in self.articles or rank > self.articles[one.id][0]:
                self.articles[one.id] = (rank, HeldArticle(day, one))
            return one.id
        if isinstance(one, Deletion):
            self.deleted[one.id] = max(order, self.deleted.get(one.id, 0))
            return one.id
        if isinstance(one, IntegrityEvent):
            self.events.add(one)
            return ""
        if isinstance(one, Unread):
            self.unread.append(one.reason)
            return ""
        self.snapshots.append(Snapshot(day, one))
        return one.id

    def standing(self) -> list[HeldArticle]:
        """Return articles that were not deleted after their newest state."""
        kept = [held for rank, held in self.articles.values() if rank[-1] > self.deleted.get(held.article.id, -1)]
        return sorted(kept, key=lambda held: held.article.id)


def replay(
    store: RawStore,
    sources: Mapping[str, Source],
    keep: Keep = lambda article: True,
    done: Callable[[], None] = lambda: None,
) -> Fetched:
    """Parse everything a raw store holds.

    Args:
        store: the open raw store.
        sources: name → source, for their parsers.
        keep: which articles of whole files (a baseline) are worth having; what was asked for by number always is.
        done: called after each answer.

    Raises:
        UnreadableError: an object is missing, damaged or no longer parsed; nothing partial is returned.
    """
    shelf = _Shelf()
    runs = {run.id: run for run in store.ledger.runs()}
    rows: list[FetchRow] = []
    unread: list[GapRow] = []
    newest = {(one.source, one.ids): (one.run_id, one.n) for one in store.ledger.fetches("done")}
    for order, fetch in enumerate(store.ledger.fetches()):
        records: dict[str, None] = {}
        source = _source(sources, fetch.source)
        # A whole file replaces its earlier edition: what that said and this does not was taken back.
        old = source.files and newest.get((fetch.source, fetch.ids)) != (fetch.run_id, fetch.n)
        if fetch.state == "done" and not old:
            shelf.unread.clear()
            for one in _parsed(store, source, fetch):
                if source.files and isinstance(one, Article) and not keep(one):
                    continue
                if record := shelf.put(one, (fetch.fetched or "")[:10], order):
                    records[record] = None
            unread.extend(
                GapRow(fetch.source, "unread", asked(runs[fetch.run_id].want), (), one) for one in shelf.unread
            )
            done()
        rows.append(_row(fetch, runs[fetch.run_id], tuple(records)))
    standing = shelf.standing()
    for held in standing:  # what a record said before it was mended no longer counts
        shelf.events.update(events_of(held.article, held.day))
    return Fetched(
        digest=fingerprint(store.ledger),
        articles=tuple(standing),
        deleted=tuple(sorted(shelf.deleted)),
        snapshots=tuple(sorted(set(shelf.snapshots), key=lambda one: (one.registration.id, one.day, repr(one)))),
        gone=tuple(_gone(store.ledger)),
        events=tuple(sorted(shelf.events)),
        fetches=tuple(rows),
        gaps=tuple(sorted([*gaps(store.ledger), *unread])),
        searches=tuple(_searches(store.ledger, sources)),
    )


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
    """Return what was wanted and is still not here; what a later run fetched is no gap."""
    found: list[GapRow] = []
    runs = {run.id: run for run in ledger.runs()}
    newest = {(run.source, run.want): run for run in runs.values()}  # runs come oldest first
    held = {source: ledger.held(source) for source in {run.source for run in runs.values()}}
    found.extend(
        GapRow(run.source, "listing", asked(run.want), (), run.shortfall or "the listing was cut off")
        for run in newest.values()
        if run.shortfall or run.state == "listing"
    )
    kinds = {"gap": "fetch", "absent": "absent", "pending": "unasked"}
    missing: dict[tuple[str, str], GapRow] = {}
    for fetch in ledger.fetches("gap", "absent", "pending"):
        run = runs[fetch.run_id]
        for number in fetch.ids:
            if number not in held[fetch.source]:
                reason = fetch.reason or "the run was cut off before it came to this"
                missing[(fetch.source, number)] = GapRow(
                    fetch.source, kinds[fetch.state], asked(run.want), (number,), reason
                )
    return sorted([*found, *_together(missing.values())])


def _together(rows: Iterable[GapRow]) -> Iterator[GapRow]:
    """Join gaps that differ only in the number."""
    groups: dict[tuple[str, str, str, str], list[str]] = {}
    for row in rows:
        groups.setdefault((row.source, row.kind, row.query, row.reason), []).extend(row.records)
    for (source, kind, query, reason), numbers in groups.items():
        yield GapRow(source, kind, query, tuple(sorted(numbers)), reason)


def _searches(ledger: Ledger, sources: Mapping[str, Source]) -> Iterator[SearchRun]:
    """Yield the queries that were run to their end, oldest first."""
    for run in ledger.runs():
        if run.want.query and run.listed is not None:
            last = ledger.last_complete(run.source, run.want, run.id)
            now = ledger.listed(run.id)
            gone = sorted(set(ledger.listed(last.id)) - set(now)) if last and not run.shortfall else []
            yield SearchRun(
                run=run.id,
                label=run.label,
                source=_source(sources, run.source).title,
                query=asked(run.want),
                day=run.listed[:10],
                hits=run.total or 0,
                complete=run.state == "complete" and not run.want.since and not run.want.until,
                gone=tuple(gone),
            )


def _gone(ledger: Ledger) -> list[tuple[str, str, str]]:
    """Return (source, number, day) of what a search no longer lists; what is listed again is not gone."""
    gone: dict[tuple[str, str], str] = {}
    for run in ledger.runs():
        if not run.want.query or run.listed is None:
            continue
        now = ledger.listed(run.id)
        last = ledger.last_complete(run.source, run.want, run.id)
        if last is not None and not run.shortfall:
            gone.update({(run.source, one): run.listed[:10] for one in ledger.listed(last.id) if one not in now})
        for one in now:
            gone.pop((run.source, one), None)
    return sorted((source, number, day) for (source, number), day in gone.items())


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
