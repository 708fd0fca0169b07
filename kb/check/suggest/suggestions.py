"""What could be said instead of a claim, or why nothing can."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from kb.assess.accuracy import is_benefit, is_objection
from kb.assess.base import Base
from kb.assess.by_type import ASIDE
from kb.assess.result import Status
from kb.check.suggest.reasons import Reasons
from kb.check.suggest.records import Records
from kb.check.suggest.reread import KEPT, Reread
from kb.check.suggest.standing import Standing
from kb.check.suggest.texts import Texts
from kb.check.suggest.wording import Wording
from kb.check.understand.kit import Kit
from kb.records.claim import Claim, Document
from kb.records.common import AXES, ProductKey

#: Sentences read back for one claim before it is given up.
_TRIES = 12


@dataclass(frozen=True)
class Suggestion:
    """What could be said instead.

    Attributes:
        text: one or two sentences; None where nothing on file can be said.
        reason: why not, "" beside a text.
        records: ids of the records it rests on, or of those that were tried in vain.
    """

    text: str | None
    reason: str
    records: tuple[str, ...] = ()


def needed(claim: Claim, status: Status) -> bool:
    """Tell whether something has to be changed: an objection, or what no record bears out."""
    if is_objection(claim, status.accuracy):
        return True
    if claim.wording == "denied":
        return False
    promised = is_benefit(claim) and status.status_class in ("unsupported", "needs_review")
    return promised or (status.status_class == "unsupported" and status.accuracy == "unverifiable")


class Suggestions:
    """Makes suggestions from the facts of one base.

    Args:
        base: the facts and the day.
        kit: names and words, with which a suggestion is read back before it is offered.
    """

    def __init__(self, base: Base, kit: Kit) -> None:
        wording, standing, records = Wording(base.data.vocabulary, base.data.rules), Standing(base), Records(base)
        self._texts = Texts(base, records, standing, wording)
        self._reasons = Reasons(base, records, standing, wording)
        self._reread = Reread(base, kit)
        self._made: dict[tuple[Claim, ProductKey, str], Suggestion] = {}

    def of(self, document: Document, claim: Claim, status: Status, place: str) -> Suggestion:
        """Return what could be said instead of a claim in a place, or why nothing can.

        Args:
            document: the page; what it sells fills what the claim leaves open of the seller's product.
            claim: as read.
            status: its verdict there; the records come from it.
            place: jurisdiction.
        """
        token = (claim.model_copy(update=ASIDE), document.sold, place)
        if len(self._made) >= KEPT:
            self._made.clear()
        if token not in self._made:
            self._made[token] = self._of(document, claim, status, place)
        return self._made[token]

    def _of(self, document: Document, claim: Claim, status: Status, place: str) -> Suggestion:
        key = _key(document, claim)
        if reason := self._reasons.hopeless(claim, key):
            return Suggestion(None, reason)
        tried: dict[str, None] = {}
        for text, records in islice(self._texts.of(claim, key, status, place), _TRIES):
            if self._reread.holds(text, document.sold, place):
                return Suggestion(text, "", records)
            tried[records[0]] = None
        return Suggestion(None, self._reasons.of(claim, key, status, place, tuple(tried)), tuple(tried))


def _key(document: Document, claim: Claim) -> ProductKey:
    """Return what a claim speaks of: of the seller's product with what the page sells where it is silent."""
    if claim.subject != "own_product":
        return claim.axes
    silent = {axis: getattr(document.sold, axis) for axis in AXES if not getattr(claim.axes, axis)}
    return claim.axes.model_copy(update=silent)
