"""The one shape of every source: list what there is, fetch some of it, parse what was fetched.

A new source is one file with one class of this shape, and one line in :mod:`ingest.sources`.
Fetching goes through an :class:`Ask`, which paces, retries and bounds; parsing never touches the network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

from kb.records.article import Article, Deletion
from kb.records.integrity import IntegrityEvent
from kb.records.registration import Registration


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of a body that could not be read, while the rest could; it becomes a gap.

    Attributes:
        reason: which part, and why.
    """

    reason: str


#: What a parser yields.
Parsed = Article | Deletion | Registration | IntegrityEvent | Unread


@dataclass(frozen=True, slots=True)
class Body:
    """An answer: the bytes as received (after transfer decoding), and what is known of them.

    Attributes:
        data: the whole body.
        url: as sent, without secrets or session tokens.
        status: HTTP status.
        content_type: as sent by the service, "" without one.
        headers: response headers, lower-case names.
        attempts: requests it took.
    """

    data: bytes
    url: str
    status: int
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    attempts: int = 1


class Ask(Protocol):
    """Sends one request: paced, retried, bounded."""

    def __call__(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        *,
        post: bool = False,
        check: Callable[[Body], None] | None = None,
        accept: tuple[int, ...] = (200,),
        headers: Mapping[str, str] | None = None,
    ) -> Body:
        """Return the answer.

        Args:
            url: where to ask.
            params: of the query string, or of the form.
            post: send ``params`` as a form.
            check: raises :class:`~ingest.errors.WrongBodyError` (try again) or
                :class:`~ingest.errors.RefusedError` (do not) when the body is not what was asked for.
            accept: statuses that are answers.
            headers: further request headers.

        Raises:
            TransientError: still failing after every try.
            RefusedError: the service will not answer this.
        """


@dataclass(frozen=True, slots=True)
class Want:
    """What the user wants of a source: a query, or named records.

    Attributes:
        query: in the language of the source; "" when ``ids`` says it all.
        ids: records by number.
        since: only what entered or changed since that day (``YYYY-MM-DD``), "" for everything.
        until: last day of that window, "" for no end.
    """

    query: str = ""
    ids: tuple[str, ...] = ()
    since: str = ""
    until: str = ""

    @property
    def lasting(self) -> bool:
        """Whether a record that answers today should answer tomorrow: a query without a window of days."""
        return bool(self.query) and not self.ids and not self.since and not self.until


@dataclass(frozen=True, slots=True)
class Listed:
    """A record the source says it has.

    Attributes:
        id: number in the source.
        stamp: whatever changes when the record changes (a day, a version), "" when the source does not tell.
    """

    id: str
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything that answers a want.

    Attributes:
        items: each record once, in the order of the source.
        total: how many the source says there are.
        shortfall: why fewer were listed than there are, "" when all were.
        notes: warnings of the source (a phrase it ignored, a word it could not find), and its own
            translation of the query.
    """

    items: tuple[Listed, ...]
    total: int
    shortfall: str = ""
    notes: tuple[str, ...] = ()


def parts(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Yield numbers in groups of at most ``size``, in order."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def named(want: Want) -> Listing:
    """Return a listing of records wanted by number: each once, in order."""
    numbers = tuple(dict.fromkeys(want.ids))
    return Listing(tuple(Listed(one) for one in numbers), len(numbers))


class Source(Protocol):
    """One place of the outside world.

    Attributes:
        name: short name, part of the raw store's rows (``pubmed``).
        title: what readers call it (``PubMed``).
        batch_size: records fetched by one request.
        home: canonical public page.
        files: what is listed are whole files, not records.
        editions: a file of the same name replaces the one before.
    """

    name: str
    title: str
    home: str
    batch_size: int
    files: bool
    editions: bool

    def count(self, want: Want, ask: Ask) -> Listing:
        """Return how much there is, without listing it: ``items`` is empty."""

    def listing(self, want: Want, ask: Ask) -> Listing:
        """List everything that answers a want."""

    def revised(self, want: Want, since: str, ask: Ask) -> frozenset[str]:
        """Return the numbers of records that changed since a day and whose stamp does not say so."""

    def fetch(self, ids: Sequence[str], ask: Ask) -> Body:
        """Return one body that holds these records, checked to be readable and to hold nothing else.

        Records the source leaves out are the caller's business: it sees them in what is parsed.
        """

    def parse(self, body: BinaryIO, day: str) -> Iterator[Parsed]:
        """Yield what a stored body holds.

        Args:
            body: bytes as received.
            day: when they were received, ``YYYY-MM-DD``.

        Raises:
            UnreadableError: the body is not what this source sends.
        """

    def numbers(self, parsed: Parsed) -> Mapping[str, str]:
        """Return the numbers under which the source knows a parsed record, the current one first.

        Each comes with the stamp that the record itself carries, "" without one: a listing can be ahead of the
        records it lists.
        """
