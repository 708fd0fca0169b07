"""What a judgement of a sentence is: one result in one place, and both results together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kb.assess.benefit import Judgement
from kb.assess.citation import Report
from kb.assess.evidence import Item
from kb.assess.followup import LaterReport
from kb.records.claim import Claim
from kb.rules import Accuracy, StatusClass


@dataclass(frozen=True)
class Result:
    """One result of one claim in one place.

    Attributes:
        accuracy: of the sentence, as far as this result tells.
        items: records listed as evidence; ``used`` are those that decided.
        later: reports that came after the studies that bear it out.
        judged: the judgement behind a promised benefit.
        used_keys: the arms of those that decided; empty when whole records did.
    """

    level: str
    rule: str
    accuracy: Accuracy
    codes: frozenset[str]
    proof: dict[str, Any]
    items: tuple[Item, ...] = ()
    used: frozenset[str] = frozenset()
    used_keys: frozenset[str] = frozenset()
    reports: tuple[Report, ...] = ()
    strength: str = ""
    direction: str = ""
    judged: Judgement | None = None
    later: tuple[LaterReport, ...] = ()

    def rests_on(self, item: Item) -> bool:
        """Tell whether this very arm decided, not merely another arm of its record."""
        return item.record_id in self.used and (not self.used_keys or item.key_id in self.used_keys)


@dataclass(frozen=True)
class Status:
    """Both results of a claim in one place, as the store keeps them."""

    claim: Claim
    jurisdiction: str
    result: Result
    sold: Result | None
    status_class: StatusClass
    sold_class: StatusClass | None
    accuracy: Accuracy
    codes: tuple[str, ...]
    approved_elsewhere: tuple[str, ...] = field(default=())
