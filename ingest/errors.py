"""What can go wrong outside: one root, precise leaves.

* :class:`IngestError`

  * :class:`TransientError`: try again, it may pass

    * :class:`NotReachedError`: no connection, no answer in time, cut off
    * :class:`BusyError`: 429 or 5xx, perhaps with a time to wait
    * :class:`WrongBodyError`: an answer that is not what was asked: block page, error text, truncated, empty

  * :class:`RefusedError`: the service will never answer this request
  * :class:`ServiceClosedError`: the service will not answer anything for now
  * :class:`AbsentError`: the service answers, and has no such record
  * :class:`UnreadableError`: bytes that no parser of ours accepts
"""

from __future__ import annotations

from kb.errors import KbError


class IngestError(KbError):
    """Root of everything that goes wrong between the outside world and the raw store."""


class TransientError(IngestError):
    """May pass when asked again."""


class NotReachedError(TransientError):
    """No connection, no answer in time, or cut off while reading."""


class BusyError(TransientError):
    """The service asks for patience.

    Args:
        retry_after: seconds the service asks to wait, None when it says nothing.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class WrongBodyError(TransientError):
    """Status 200, but the body is not what was asked for."""


class RefusedError(IngestError):
    """The service will not answer this request, however often it is asked (bad key, bad query)."""


class ServiceClosedError(IngestError):
    """The service will not answer anything for now: it blocks us, or asks to come back much later."""


class AbsentError(IngestError):
    """The service answers, and has no such record."""


class UnreadableError(IngestError):
    """Bytes that no parser of ours accepts: bomb, entity, wrong encoding, cut off, not the format.

    The message names what, where and how to go on.
    """
