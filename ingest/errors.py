"""What can go wrong outside: one root, precise leaves.

IngestError
├── Transient         try again: it may pass
│   ├── NotReached    no connection, no answer in time, cut off
│   ├── Busy          429 or 5xx, perhaps with a time to wait
│   └── WrongBody     an answer that is not what was asked: block page, error text, truncated, empty
├── Refused           the service will never answer this request (bad key, bad query): 4xx
├── Unreadable        stored bytes that no parser of ours accepts: bomb, entity, wrong encoding, cut off
└── Gap               something asked for could not be had after every try
"""

from __future__ import annotations

from kb.errors import KbError


class IngestError(KbError):
    """Root of everything that goes wrong between the outside world and the raw store."""


class Transient(IngestError):
    """May pass when asked again."""


class NotReached(Transient):
    """No connection, no answer in time, or cut off while reading."""


class Busy(Transient):
    """The service asks for patience.

    Args:
        retry_after: seconds the service asks to wait, None when it says nothing.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class WrongBody(Transient):
    """Status 200, but the body is not what was asked for."""


class Refused(IngestError):
    """The service will not answer this request, however often it is asked."""


class Unreadable(IngestError):
    """Bytes that no parser of ours accepts; the message names what, where and how to go on."""


class Gap(IngestError):
    """Something asked for could not be had after every try."""
