"""PubMed through the E-utilities: search with history, fetch by POST.

Rules of the service (NCBI, "A General Introduction to the E-utilities" and "The E-utilities In-Depth",
https://www.ncbi.nlm.nih.gov/books/NBK25501/): 3 requests a second, 10 with an API key; tool and email with
every request; POST for more than about 200 numbers; a PubMed search yields at most its first 9,999 records,
so a larger one is cut into slices by date of entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import BinaryIO

from lxml import etree

from ingest.errors import RefusedError, UnreadableError, WrongBodyError
from ingest.parse.pubmed_xml import parse_articles
from ingest.source import Ask, Body, Listed, Listing, Parsed, Want, named, parts
from kb.records.article import Article

EUTILS = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
#: Records one search can list.
LIMIT = 9_999
#: Numbers in one answer; a shorter answer is less often cut off.
PAGE = 5_000
#: Requests a second, without and with an API key.
RATE, RATE_WITH_KEY = 3.0, 10.0
#: PubMed has no record entered before.
_FIRST = date(1800, 1, 1)
#: Listings of one slice before it is given up as inconsistent.
_TRIES = 3
#: What the service says when a history has expired or was lost.
_EXPIRED = ("webenv", "query_key", "query #", "history", "unable to obtain")


@dataclass(frozen=True, slots=True)
class _Found:
    """An answer of esearch: how many, some of the numbers, and where the rest is kept."""

    count: int
    ids: tuple[str, ...]
    web_env: str
    query_key: str
    notes: tuple[str, ...]


class PubMed:
    """The :class:`~ingest.source.Source` of PubMed.

    Args:
        base: address of the E-utilities.
        today: last day of a search; the service's own day may be ahead, so one more is asked for.
        limit: records one search can list.
        page: numbers in one answer.
    """

    name = "pubmed"
    title = "PubMed"
    home = "https://pubmed.ncbi.nlm.nih.gov/"
    batch_size = 200
    files = False
    editions = False

    def __init__(self, base: str = EUTILS, today: date | None = None, limit: int = LIMIT, page: int = PAGE) -> None:
        self._base = base.rstrip("/")
        self._limit, self._size = limit, page
        self._last = (today or datetime.now(UTC).date()) + timedelta(days=1)

    # ------------------------------------------------------------------ listing

    def count(self, want: Want, ask: Ask) -> Listing:
        """Return how much there is; see :class:`~ingest.source.Source`."""
        if not want.query:
            return Listing((), len(set(want.ids)))
        found = [self._search(want.query, window, ask, retmax=0) for window in self._windows(want)]
        return Listing((), sum(one.count for one in found), notes=_once(note for one in found for note in one.notes))

    def listing(self, want: Want, ask: Ask) -> Listing:
        """List every PMID that answers a query; with ``since``, those entered or revised since then."""
        if not want.query:
            return named(want)
        ids: dict[str, None] = {}
        shortfalls: list[str] = []
        notes: list[str] = []
        for window in self._windows(want):
            found: dict[str, None] = {}
            self._list(want.query, window, ask, found, shortfalls, notes)
            ids.update(found)
        total = len(ids) + sum(int(one.split(" ", 1)[0]) for one in shortfalls)
        return Listing(tuple(Listed(one) for one in ids), total, "; ".join(shortfalls), _once(notes))

    def revised(self, want: Want, since: str, ask: Ask) -> frozenset[str]:
        """Return the PMIDs that answer a query (or are among the wanted) and were revised since a day.

        Of wanted numbers, those that PubMed no longer lists as well: asking for them tells whether they are gone.
        """
        window = _Window("mdat", date.fromisoformat(since), self._last)
        ids: dict[str, None] = {}
        shortfalls: list[str] = []
        if want.query:
            self._list(want.query, window, ask, ids, shortfalls, [])
        for some in parts(want.ids, 300):
            query = " OR ".join(f"{one}[uid]" for one in some)
            self._list(query, window, ask, ids, shortfalls, [])
            there: dict[str, None] = {}
            self._list(query, _Window("", _FIRST, self._last), ask, there, shortfalls, [])
            ids.update(dict.fromkeys(one for one in some if one not in there))
        if shortfalls:  # not knowing what changed is worse than fetching again
            return frozenset(one.id for one in self.listing(want, ask).items)
        return frozenset(ids)

    def _windows(self, want: Want) -> list[_Window]:
        """Without a since, everything; with one, what was entered and what was revised since."""
        last = date.fromisoformat(want.until) if want.until else self._last
        if not want.since:
            return [_Window("edat", _FIRST, last) if want.until else _Window("", _FIRST, last)]
        first = date.fromisoformat(want.since)
        return [_Window("edat", first, last), _Window("mdat", first, last)]

    def _list(
        self, query: str, window: _Window, ask: Ask, ids: dict[str, None], shortfalls: list[str], notes: list[str]
    ) -> None:
        """Add the PMIDs of one window, cut in two as often as needed."""
        found = self._search(query, window, ask, retmax=self._size)
        notes.extend(found.notes)
        if found.count <= self._limit:
            listed, missing = self._pages(query, window, found, ask)
            ids.update(dict.fromkeys(listed))
            if missing:
                shortfalls.append(f"{missing} records are missing from the list PubMed gives for {window}")
        elif window.first == window.last:
            ids.update(dict.fromkeys(self._pages(query, window, found, ask)[0]))
            more = found.count - self._limit
            shortfalls.append(
                f"{more} records of {window.first} are beyond the {self._limit:,} PubMed lists: narrow the query"
            )
        else:
            before, said = len(ids), len(shortfalls)
            for half in window.halves():
                self._list(query, half, ask, ids, shortfalls, notes)
            missing = found.count - (len(ids) - before)
            if missing > 0 and len(shortfalls) == said:
                shortfalls.append(f"{missing} records answer {window} and none of its slices by day of entry")

    def _pages(self, query: str, window: _Window, found: _Found, ask: Ask) -> tuple[tuple[str, ...], int]:
        """Return every PMID of a search, read on from its history, and how many are missing all the same.

        A history lives some hours; when it is gone, or when its pages do not add up, the search is run again.
        """
        best: tuple[str, ...] = ()
        count = min(found.count, self._limit)
        for again in range(_TRIES):
            if again:
                found = self._search(query, window, ask, retmax=self._size)
                count = min(found.count, self._limit)
            ids = dict.fromkeys(found.ids)
            try:
                for start in range(self._size, count, self._size):
                    page = self._page(found, start, ask)
                    if page.count != found.count:
                        break
                    ids.update(dict.fromkeys(page.ids))
            except _ExpiredError:
                continue
            if len(ids) == count:
                return tuple(ids), 0
            best = max(best, tuple(ids), key=len)
        return best, count - len(best)

    # ------------------------------------------------------------------ requests

    def _search(self, query: str, window: _Window, ask: Ask, retmax: int) -> _Found:
        params = {"db": "pubmed", "term": query, "usehistory": "y", "retmode": "xml", "retmax": str(retmax)}
        return _found(ask(f"{self._base}/esearch.fcgi", {**params, **window.params()}, post=True, check=_search_check))

    def _page(self, found: _Found, start: int, ask: Ask) -> _Found:
        params = {"db": "pubmed", "term": f"#{found.query_key}", "WebEnv": found.web_env, "usehistory": "y"}
        more = {"retmode": "xml", "retstart": str(start), "retmax": str(self._size)}
        return _found(ask(f"{self._base}/esearch.fcgi", {**params, **more}, post=True, check=_page_check))

    def fetch(self, ids: Sequence[str], ask: Ask) -> Body:
        """Return the records of these PMIDs as PubMed XML; see :class:`~ingest.source.Source`."""
        asked = set(ids)

        def check(body: Body) -> None:
            if not body.data.strip():
                raise WrongBodyError(f"{body.url}: an empty answer")
            try:
                got = {number for one in parse_articles(BytesIO(body.data)) for number in self.numbers(one)}
            except UnreadableError as error:
                raise WrongBodyError(f"efetch: {error}") from error
            if foreign := got - asked:
                raise WrongBodyError(f"efetch: records nobody asked for: {', '.join(sorted(foreign)[:3])}")

        params = {"db": "pubmed", "retmode": "xml", "id": ",".join(ids)}
        return ask(f"{self._base}/efetch.fcgi", params, post=True, check=check)

    # ------------------------------------------------------------------ parsing

    def parse(self, body: BinaryIO, day: str) -> Iterator[Parsed]:
        """Yield articles and deletions."""
        yield from parse_articles(body)

    def numbers(self, parsed: Parsed) -> Mapping[str, str]:
        """Return the PMID of an article."""
        return {parsed.pmid: ""} if isinstance(parsed, Article) and parsed.pmid else {}


@dataclass(frozen=True, slots=True)
class _Window:
    """Days of entry (edat) or revision (mdat); "" for no window."""

    kind: str
    first: date
    last: date

    def params(self) -> Mapping[str, str]:
        if not self.kind:
            return {}
        return {"datetype": self.kind, "mindate": f"{self.first:%Y/%m/%d}", "maxdate": f"{self.last:%Y/%m/%d}"}

    def halves(self) -> tuple[_Window, _Window]:
        middle = self.first + (self.last - self.first) // 2
        kind = self.kind or "edat"
        return _Window(kind, self.first, middle), _Window(kind, middle + timedelta(days=1), self.last)

    def __str__(self) -> str:
        return f"{self.kind} {self.first} to {self.last}" if self.kind else "the whole search"


class _ExpiredError(Exception):
    """The history of a search is gone."""


def _search_check(body: Body) -> None:
    root = _answer(body)
    if (error := root.findtext("ERROR")) is not None:
        raise WrongBodyError(f"esearch: {error.strip()}")
    if not (root.findtext("Count") or "").isdigit():
        raise WrongBodyError("esearch: an answer without a count")


def _page_check(body: Body) -> None:
    """As for a search, but a lost history is no accident that passes: the search must be run again."""
    error = _answer(body).findtext("ERROR") or ""
    if any(word in error.lower() for word in _EXPIRED):
        raise _ExpiredError(error)
    _search_check(body)


def _answer(body: Body) -> etree._Element:
    """Return the root of an esearch answer."""
    start = body.data[:80].decode("utf-8", "replace")
    if b"<!ENTITY" in body.data:
        raise WrongBodyError(f"esearch: declares entities: {start!r}")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body.data, parser)
    except etree.XMLSyntaxError as error:
        raise WrongBodyError(f"esearch: not the XML it should be ({error}): {start!r}") from error
    if root.tag != "eSearchResult":
        raise WrongBodyError(f"esearch: {root.tag!r} instead of eSearchResult: {start!r}")
    return root


def _found(body: Body) -> _Found:
    root = _answer(body)
    notes = [
        ": ".join((str(one.tag), _text(one)))
        for kind in ("ErrorList", "WarningList")
        for one in root.iterfind(f"{kind}/*")
    ]
    if translation := (root.findtext("QueryTranslation") or "").strip():
        notes.append(f"PubMed searched for: {translation}")
    ids = tuple((one.text or "").strip() for one in root.iterfind("IdList/Id"))
    if any(not one.isdigit() for one in ids):
        raise RefusedError("esearch: a number in the list is no PMID")
    return _Found(
        int(root.findtext("Count") or 0),
        ids,
        (root.findtext("WebEnv") or "").strip(),
        (root.findtext("QueryKey") or "").strip(),
        tuple(notes),
    )


def _text(element: etree._Element) -> str:
    return (element.text or "").strip()


def _once(notes: Iterator[str] | Sequence[str]) -> tuple[str, ...]:
    """Return warnings, each once, without those that only speak of a slice's dates."""
    return tuple(dict.fromkeys(notes))
