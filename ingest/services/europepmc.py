"""Europe PMC, a second door to the same papers (https://europepmc.org/RestfulWebService).

Used where PubMed cannot be reached, and for preprints. A paper that came through both doors is taken from PubMed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import BinaryIO

from ingest.errors import UnreadableError, WrongBodyError
from ingest.parse.europepmc_json import Page, page_of, parse_core
from ingest.source import Ask, Body, Listed, Listing, Parsed, Want, named, parts
from kb.records.article import Article

REST = "https://www.ebi.ac.uk/europepmc/webservices/rest"
RATE = 3.0
_PAGE = 1000
_TRIES, _PAGES = 3, 2000


class EuropePmc:
    """The :class:`~ingest.source.Source` of Europe PMC. Records are known as ``MED:<PMID>``, ``PPR:<id>`` ….

    Args:
        base: address of the service.
        page: records in one page of a listing, at most 1,000.
    """

    name = "europepmc"
    title = "Europe PMC"
    home = "https://europepmc.org/"
    batch_size = 50
    files = False
    editions = False

    def __init__(self, base: str = REST, page: int = _PAGE) -> None:
        self._base = base.rstrip("/")
        self._size = page

    def count(self, want: Want, ask: Ask) -> Listing:
        """Return how much there is; see :class:`~ingest.source.Source`."""
        if not want.query:
            return Listing((), len(set(want.ids)))
        return Listing((), self._page(_query(want), "*", ask, 1).hit_count)

    def listing(self, want: Want, ask: Ask) -> Listing:
        """List everything that answers a query; pages that do not add up are read again from the start."""
        if not want.query:
            return named(want)
        return self._all(_query(want), ask)

    def _all(self, query: str, ask: Ask) -> Listing:
        best: dict[str, None] = {}
        total, reason = 0, ""
        for _ in range(_TRIES):
            found, total, reason = self._pages(query, ask)
            best = max(best, found, key=len)
            if not reason:
                break
        return Listing(tuple(Listed(one) for one in best), max(total, len(best)), reason)

    def _pages(self, query: str, ask: Ask) -> tuple[dict[str, None], int, str]:
        found: dict[str, None] = {}
        cursor, seen, total = "*", set[str](), -1
        for _ in range(_PAGES):
            page = self._page(query, cursor, ask, self._size)
            if total < 0:
                total = page.hit_count
            elif page.hit_count != total:
                return found, total, f"the total changed from {total} to {page.hit_count} between pages"
            found.update(dict.fromkeys(page.ids))
            seen.add(cursor)
            if not page.ids or not page.next_cursor or page.next_cursor in seen:
                break  # the service repeats the cursor when nothing is left
            cursor = page.next_cursor
        if len(found) != total:
            return found, total, f"Europe PMC counts {total} and lists {len(found)}"
        return found, total, ""

    def _page(self, query: str, cursor: str, ask: Ask, size: int) -> Page:
        params = {"query": query, "format": "json", "resultType": "idlist", "cursorMark": cursor}
        body = ask(f"{self._base}/search", {**params, "pageSize": str(size)}, check=_page_check)
        return page_of(BytesIO(body.data))

    def revised(self, want: Want, since: str, ask: Ask) -> frozenset[str]:
        """Return the numbers that answer a query (or are among the wanted) and were updated since a day."""
        window = f"UPDATE_DATE:[{since} TO 3000-12-31]"
        wanted = [want.query] if want.query else [_numbers(part) for part in parts(want.ids, self.batch_size)]
        found: set[str] = set()
        for query in wanted:
            listing = self._all(f"({query}) AND {window}", ask)
            if listing.shortfall:  # not knowing what changed is worse than fetching again
                return frozenset(item.id for item in self.listing(want, ask).items)
            found.update(item.id for item in listing.items)
        return frozenset(found)

    def fetch(self, ids: Sequence[str], ask: Ask) -> Body:
        """Return these records in full; see :class:`~ingest.source.Source`."""
        asked = {one.upper() for one in ids}

        def check(body: Body) -> None:
            try:
                got = [number for one in parse_core(BytesIO(body.data), "") for number in self.numbers(one)]
            except UnreadableError as error:
                raise WrongBodyError(f"{body.url}: {error}") from error
            if foreign := set(got) - asked:
                raise WrongBodyError(f"{body.url}: records nobody asked for: {', '.join(sorted(foreign)[:3])}")

        params = {"query": _numbers(ids), "format": "json", "resultType": "core", "pageSize": str(len(ids))}
        return ask(f"{self._base}/search", params, check=check)

    def parse(self, body: BinaryIO, day: str) -> Iterator[Parsed]:
        """Yield articles."""
        yield from parse_core(body, day)

    def numbers(self, parsed: Parsed) -> Mapping[str, str]:
        """Return the number of an article in Europe PMC."""
        if not isinstance(parsed, Article):
            return {}
        return {value.upper(): "" for kind, value in parsed.article_ids if kind == "europepmc"}


def _query(want: Want) -> str:
    if not want.since and not want.until:
        return want.query
    return f"({want.query}) AND UPDATE_DATE:[{want.since or '1800-01-01'} TO {want.until or '3000-12-31'}]"


def _numbers(ids: Sequence[str]) -> str:
    parts = (one.partition(":") for one in ids)
    return " OR ".join(f"(EXT_ID:{number} AND SRC:{source})" for source, _, number in parts)


def _page_check(body: Body) -> None:
    try:
        page_of(BytesIO(body.data))
    except UnreadableError as error:
        raise WrongBodyError(f"{body.url}: {error}") from error
