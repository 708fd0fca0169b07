"""PubMed in whole files: the yearly baseline and the daily updates, from a folder or from NLM's server.

https://ftp.ncbi.nlm.nih.gov/pubmed/ (baseline/ and updatefiles/): each ``pubmedYYnNNNN.xml.gz`` comes with an MD5.
Files are numbered; a later one overrides and may delete what an earlier one said.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from ingest.errors import AbsentError, RefusedError, UnreadableError, WrongBodyError
from ingest.parse.inflate import opened
from ingest.parse.pubmed_xml import parse_articles
from ingest.source import Ask, Body, Listed, Listing, Parsed, Want

BASELINE = "https://ftp.ncbi.nlm.nih.gov/pubmed/baseline/"
UPDATES = "https://ftp.ncbi.nlm.nih.gov/pubmed/updatefiles/"
RATE = 1.0
_LINK = re.compile(rb'href="([A-Za-z0-9_.-]+\.xml(?:\.gz)?)"')
_MD5 = re.compile(r"\b([0-9a-f]{32})\b", re.IGNORECASE)
#: A baseline file of 30,000 records inflates to some 450 MB; ten times that is no such file.
_LIMIT = 4 * 1024**3


class Baseline:
    """The :class:`~ingest.source.Source` of whole PubMed files.

    Args:
        place: folder, or address of a listing that ends in a slash.
    """

    name = "baseline"
    title = "PubMed files"
    home = "https://ftp.ncbi.nlm.nih.gov/pubmed/"
    batch_size = 1
    files = True
    editions = False

    def __init__(self, place: str = BASELINE) -> None:
        self._place = place
        self._remote = place.startswith(("http://", "https://"))

    def count(self, want: Want, ask: Ask) -> Listing:
        """Return how many files there are; see :class:`~ingest.source.Source`."""
        return Listing((), len(self._names(want, ask)))

    def listing(self, want: Want, ask: Ask) -> Listing:
        """List the files in the order of their numbers, each under its MD5.

        Raises:
            RefusedError: a wanted file is not there.
        """
        names = self._names(want, ask)
        return Listing(tuple(Listed(name, self._md5(name, ask)) for name in names), len(names))

    def _names(self, want: Want, ask: Ask) -> list[str]:
        if self._remote:
            here = {name.decode() for name in _LINK.findall(ask(self._place, check=_listing_check).data)}
        else:
            folder = Path(self._place)
            here = {path.name for path in (*folder.glob("*.xml"), *folder.glob("*.xml.gz"))}
        wanted = set(want.ids) or here
        if missing := sorted(wanted - here):
            raise RefusedError(f"{self._place} has no file {', '.join(missing[:3])}")
        if not wanted:
            raise RefusedError(f"{self._place} holds no .xml or .xml.gz file; say which folder holds them")
        return sorted(wanted)

    def _md5(self, name: str, ask: Ask) -> str:
        """Return the MD5 that belongs to a file; a local file without one is known by that of its own bytes."""
        if self._remote:
            text = ask(f"{self._place}{name}.md5", check=_md5_check).data.decode("ascii", "replace")
        else:
            beside = Path(self._place) / f"{name}.md5"
            if not beside.exists():
                with (Path(self._place) / name).open("rb") as handle:
                    return hashlib.file_digest(handle, _md5).hexdigest()
            text = beside.read_text(encoding="ascii", errors="replace")
        found = _MD5.search(text)
        if found is None:
            raise RefusedError(f"{name}.md5 in {self._place} holds no MD5: {text[:60]!r}")
        return found[1].lower()

    def revised(self, want: Want, since: str, ask: Ask) -> frozenset[str]:
        """Return nothing: the MD5 tells."""
        return frozenset()

    def fetch(self, ids: Sequence[str], ask: Ask) -> Body:
        """Return one file, whole, with the right MD5, and parsed to its end."""
        (name,) = ids
        md5 = self._md5(name, ask)

        def check(body: Body) -> None:
            if hashlib.md5(body.data, usedforsecurity=False).hexdigest() != md5:
                raise WrongBodyError(f"{name}: its MD5 is not the one in {name}.md5: cut off or changed on the way")
            try:
                for _ in self.parse(BytesIO(body.data), ""):
                    pass
            except UnreadableError as error:
                raise WrongBodyError(f"{name}: {error}") from error

        if self._remote:
            return ask(f"{self._place}{name}", check=check)
        path = Path(self._place) / name
        if not path.exists():
            raise AbsentError(f"{path} is gone")
        body = Body(path.read_bytes(), path.resolve().as_uri(), 200, "application/gzip")
        try:
            check(body)
        except WrongBodyError as error:  # reading again would not help
            raise UnreadableError(str(error)) from error
        return Body(body.data, name, 200, body.content_type)

    def parse(self, body: BinaryIO, day: str) -> Iterator[Parsed]:
        """Yield articles and deletions."""
        yield from parse_articles(opened(body, limit=_LIMIT))

    def numbers(self, parsed: Parsed) -> Mapping[str, str]:
        """Return nothing: a file is one."""
        return {}


def _listing_check(body: Body) -> None:
    if not _LINK.search(body.data):
        raise WrongBodyError(f"{body.url}: no listing of .xml or .xml.gz files")


def _md5_check(body: Body) -> None:
    if not _MD5.search(body.data.decode("ascii", "replace")):
        raise WrongBodyError(f"{body.url}: no MD5")


def _md5() -> hashlib._Hash:
    """Return NLM's own checksum, which is no protection and is not meant as one."""
    return hashlib.md5(usedforsecurity=False)
