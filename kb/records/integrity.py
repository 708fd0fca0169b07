"""What happened to a paper after it appeared: corrected, doubted, retracted, reinstated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: ``checked`` means: a source that would list a notice was read and listed none.
EventKind = Literal["checked", "corrected", "concern", "retracted", "reinstated"]


@dataclass(frozen=True, slots=True, order=True)
class IntegrityEvent:
    """One thing that happened to one paper, as one source tells it.

    Attributes:
        record_id: the paper (``PMID:…``, ``DOI:…``), never the notice.
        kind: what happened.
        date: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD`` of the notice; "" when the source gives none. For ``checked``
            the day of the look.
        notice: id of the notice as a paper of its own, "" when not given.
        detail: the source's own name of the event (``RetractionIn``, ``Expression of concern`` …).
        reasons: reasons as the source lists them.
        source: public page on which a reader can open the fact.
        origin: which database told it (``pubmed``, ``europepmc``, ``retraction_watch``, ``reviewed``).
        seen: day (``YYYY-MM-DD``) the source was read; an event without a date happened on it or before. "" when
            not known.
        doubt: what the source itself holds against its own word (typed as retracted, but no notice linked); ""
            when nothing does. It never weakens the event, it is shown beside it.
    """

    record_id: str
    kind: EventKind
    date: str
    notice: str
    detail: str
    reasons: tuple[str, ...]
    source: str
    origin: str
    seen: str = ""
    doubt: str = ""
