"""The Retraction Watch data, which Crossref gives away as one CSV file, renewed every working day.

https://www.crossref.org/documentation/retrieve-metadata/retraction-watch/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import BinaryIO

from ingest.errors import UnreadableError, WrongBodyError
from ingest.parse.retraction_watch_csv import parse_retraction_watch
from ingest.source import Ask, Body, Listed, Listing, Parsed, Unread, Want

CSV = "https://gitlab.com/crossref/retraction-watch-data/-/raw/main/retraction_watch.csv"
RATE = 1.0
_FILE = "retraction_watch.csv"


class RetractionWatch:
    """The :class:`~ingest.source.Source` of the Retraction Watch file.

    Args:
        url: address of the file.
        etag: of the file that is here already, so that an unchanged one is not sent again.
    """

    name = "retraction_watch"
    title = "Retraction Watch"
    home = "https://www.crossref.org/documentation/retrieve-metadata/retraction-watch/"
    batch_size = 1
    files = True
    editions = True

    def __init__(self, url: str = CSV, etag: str = "") -> None:
        self._url = url
        self._etag = etag
        self._fresh: Body | None = None

    def count(self, want: Want, ask: Ask) -> Listing:
        """Return that there is one file."""
        return Listing((), 1)

    def listing(self, want: Want, ask: Ask) -> Listing:
        """List the file, under the tag it will have when it is new."""
        return Listing((Listed(_FILE),), 1)

    def revised(self, want: Want, since: str, ask: Ask) -> frozenset[str]:
        """Return the file unless the service says that it is the one that is here."""
        if not self._etag:
            return frozenset({_FILE})
        body = ask(self._url, accept=(200, 304), headers={"If-None-Match": self._etag}, check=self._check)
        if body.status == 304:
            return frozenset()
        self._fresh = body  # a long file; it is not asked for twice
        return frozenset({_FILE})

    def fetch(self, ids: Sequence[str], ask: Ask) -> Body:
        """Return the file, read to its last line."""
        fresh, self._fresh = self._fresh, None
        return fresh or ask(self._url, check=self._check)

    def _check(self, body: Body) -> None:
        if body.status == 304:
            return
        try:
            for _ in self.parse(BytesIO(body.data), ""):
                pass
        except UnreadableError as error:
            raise WrongBodyError(f"{body.url}: {error}") from error

    def parse(self, body: BinaryIO, day: str) -> Iterator[Parsed]:
        """Yield what happened to papers; a row that cannot be read is named and costs only itself."""
        odd: list[str] = []
        yield from parse_retraction_watch(body, day, odd.append)
        yield from map(Unread, odd)

    def numbers(self, parsed: Parsed) -> Mapping[str, str]:
        """Return nothing: the file is one."""
        return {}
