"""ClinicalTrials.gov through its API, version 2.

Rules of the service (https://clinicaltrials.gov/data-api/api): pages are followed by token with otherwise
unchanged parameters; a page may be empty, and the last one has no token; ``totalCount`` comes on the first page
only; an old number is answered 301 by the single-study address and silently by ``filter.ids``; errors are plain
text. No rate is published; robots.txt asks for one second between requests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import BinaryIO

from ingest.errors import AbsentError, RefusedError, UnreadableError, WrongBodyError
from ingest.parse.ctgov_json import Page, page_of, parse_studies
from ingest.source import Ask, Body, Listed, Listing, Parsed, Want, named, parts
from kb.records.registration import Registration

API = "https://clinicaltrials.gov/api/v2"
RATE = 1.0
_PAGE = 1000
#: Listings before paging is given up as inconsistent; pages of one listing before it is called endless.
_TRIES, _PAGES = 3, 2000
_NUMBER = re.compile(r"NCT\d{8}")


class ClinicalTrials:
    """The :class:`~ingest.source.Source` of ClinicalTrials.gov. A query is an Essie expression.

    Args:
        base: address of the API.
        page: registrations in one page of a listing, at most 1,000.
    """

    name = "clinicaltrials"
    title = "ClinicalTrials.gov"
    home = "https://clinicaltrials.gov/"
    batch_size = 50
    files = False
    editions = False

    def __init__(self, base: str = API, page: int = _PAGE) -> None:
        self._base = base.rstrip("/")
        self._size = page

    # ------------------------------------------------------------------ listing

    def count(self, want: Want, ask: Ask) -> Listing:
        """Return how much there is; see :class:`~ingest.source.Source`."""
        if not want.query:
            return Listing((), len(set(want.ids)))
        return Listing((), self._page(want, "", ask, size=1).total or 0)

    def listing(self, want: Want, ask: Ask) -> Listing:
        """List every registration that answers a query, with the day of its last update.

        Pages that repeat, skip or lose records are read again from the start; what still does not add up is said.
        """
        if not want.query:
            return named(want)
        best: dict[str, str] = {}
        reason = ""
        for _ in range(_TRIES):
            found, total, reason = self._pages(want, ask)
            if not reason:
                return Listing(tuple(Listed(one, stamp) for one, stamp in found.items()), total)
            best = max(best, found, key=len)
        total = max(total, len(best))
        return Listing(tuple(Listed(one, stamp) for one, stamp in best.items()), total, reason)

    def _pages(self, want: Want, ask: Ask) -> tuple[dict[str, str], int, str]:
        """Follow the tokens once; return number → stamp, the total, and what does not add up."""
        found: dict[str, str] = {}
        seen: set[str] = set()
        total: int | None = None
        token = ""
        for _ in range(_PAGES):
            page = self._page(want, token, ask, size=self._size)
            if total is None:
                total = page.total if page.total is not None else -1
            elif page.total is not None and page.total != total:
                return found, total, f"the total changed from {total} to {page.total} between pages"
            found.update(page.ids_with_stamps)
            token = page.next_token
            if not token:
                break
            if token in seen:
                return found, total, "the same page token came twice"
            seen.add(token)
        else:
            return found, total or 0, f"more than {_PAGES} pages"
        if total is None or total < 0:
            return found, len(found), "the registry gave no total"
        if len(found) != total:
            return found, total, f"the registry counts {total} and lists {len(found)}"
        return found, total, ""

    def _page(self, want: Want, token: str, ask: Ask, size: int) -> Page:
        params = {
            "query.term": want.query,
            "fields": "NCTId|LastUpdatePostDate",
            "sort": "LastUpdatePostDate",
            "format": "json",
            "pageSize": str(size),
        }
        if want.since or want.until:
            params["filter.advanced"] = f"AREA[LastUpdatePostDate]RANGE[{want.since or 'MIN'},{want.until or 'MAX'}]"
        params |= {"pageToken": token} if token else {"countTotal": "true"}
        body = ask(f"{self._base}/studies", params, check=_page_check)
        return page_of(BytesIO(body.data))

    def revised(self, want: Want, since: str, ask: Ask) -> frozenset[str]:
        """Return nothing for a query, whose listing tells the day of update; for numbers, those updated since."""
        if want.query:
            return frozenset()
        changed: set[str] = set()
        for some in parts(want.ids, _PAGE // 4):
            params = {
                "filter.ids": ",".join(some),
                "filter.advanced": f"AREA[LastUpdatePostDate]RANGE[{since},MAX]",
                "fields": "NCTId|NCTIdAlias|LastUpdatePostDate",
                "format": "json",
                "pageSize": str(_PAGE),
            }
            page = page_of(BytesIO(ask(f"{self._base}/studies", params, check=_page_check).data))
            changed.update(number for number, _ in page.ids_with_stamps)
            changed.update(former for former, _ in page.aliases)
        return frozenset(changed)

    # ------------------------------------------------------------------ fetching

    def fetch(self, ids: Sequence[str], ask: Ask) -> Body:
        """Return the whole documents of these numbers; see :class:`~ingest.source.Source`.

        Raises:
            AbsentError: one number was asked for, and the registry does not have it.
        """
        if len(ids) == 1:
            return self._one(ids[0], ask)
        params = {"filter.ids": ",".join(ids), "format": "json", "pageSize": str(len(ids))}
        return ask(f"{self._base}/studies", params, check=lambda body: self._check(body, set(ids)))

    def _one(self, number: str, ask: Ask) -> Body:
        """Return one document; a former number leads to the present one."""
        asked, at = {number}, number
        for _ in range(3):

            def check(body: Body) -> None:
                if body.status == 200:
                    self._check(body, asked)

            body = ask(f"{self._base}/studies/{at}", {"format": "json"}, check=check, accept=(200, 301, 302, 404))
            if body.status == 200:
                return body
            if body.status == 404:
                raise AbsentError(f"{self.title} has no {number}")
            onward = _NUMBER.search(body.headers.get("location", "").rsplit("/", 1)[-1])
            if onward is None:
                raise RefusedError(f"{self.title} sends {at} on to a place that is no registration")
            at = onward[0]
            asked.add(at)
        raise RefusedError(f"{self.title} sends {number} on and on")

    def _check(self, body: Body, asked: set[str]) -> None:
        try:
            got = list(parse_studies(BytesIO(body.data), ""))
        except UnreadableError as error:
            raise WrongBodyError(f"{body.url}: {error}") from error
        if foreign := [one.id for one in got if not asked.intersection(self.numbers(one))]:
            raise WrongBodyError(f"{body.url}: registrations nobody asked for: {', '.join(foreign[:3])}")

    # ------------------------------------------------------------------ parsing

    def parse(self, body: BinaryIO, day: str) -> Iterator[Parsed]:
        """Yield registrations."""
        yield from parse_studies(body, day)

    def numbers(self, parsed: Parsed) -> Mapping[str, str]:
        """Return the present number and the former ones, with the day of the last update in the document itself."""
        if not isinstance(parsed, Registration):
            return {}
        return dict.fromkeys((parsed.id, *parsed.aliases), parsed.updated)


def _page_check(body: Body) -> None:
    try:
        page_of(BytesIO(body.data))
    except UnreadableError as error:
        raise WrongBodyError(f"{body.url}: {error}") from error
