"""Why nothing can be said instead of a claim."""

from __future__ import annotations

from kb.assess.base import Base
from kb.assess.result import Status
from kb.check.suggest import frames
from kb.check.suggest.records import Records
from kb.check.suggest.standing import Standing
from kb.check.suggest.wording import Wording, listed, place_name
from kb.records.claim import Claim
from kb.records.common import ProductKey

#: Records or products named in one reason.
_NAMED = 3


class Reasons:
    """Tells why no sentence is offered.

    Args:
        base: the facts and the day.
        records: tells which studies may be told of.
        standing: counts trials.
        wording: facts in words.
    """

    def __init__(self, base: Base, records: Records, standing: Standing, wording: Wording) -> None:
        self._base = base
        self._records = records
        self._standing = standing
        self._wording = wording

    def hopeless(self, claim: Claim, key: ProductKey) -> str:
        """Return why nothing can be said whatever is on file; "" where something may."""
        if claim.outside:
            return frames.NOT_COVERED.format(names=listed(claim.outside))
        if claim.own_quality:
            return frames.OWN_QUALITY
        if not key.cell_type and claim.claim_type not in ("citation", "mechanism", "manufacturing"):
            return frames.NO_CELLS
        return ""

    def of(self, claim: Claim, key: ProductKey, status: Status, place: str, tried: tuple[str, ...]) -> str:
        """Return why nothing was found.

        Args:
            claim: as read.
            key: what it speaks of.
            status: its verdict.
            place: jurisdiction.
            tried: records whose sentences would not hold by themselves.
        """
        if claim.claim_type == "counting":
            return self._count(claim, key)
        cells = self._wording.kind(key) or "these cells"
        if tried:
            trials = {trial.id for trial in self._base.data.trials}
            frame = frames.ONLY_TRIALS if trials.issuperset(tried) else frames.MISREAD
            return frame.format(names=listed(tried[:_NAMED]), cells=cells, aim=self._wording.aim(key))
        barred = [(report.record_id, self._barred(report.record_id)) for report in status.result.reports]
        if barred and all(why for _, why in barred):
            return frames.UNUSABLE.format(names=listed([name for name, _ in barred]), why=barred[0][1])
        if claim.claim_type == "regulatory":
            return frames.NO_AUTHORISATION.format(cells=cells, are=self._wording.are(key), place=place_name(place))
        if claim.claim_type == "safety":
            event = self._base.data.vocabulary.label("event", claim.event or "any-harm")
            return frames.NO_HARM.format(cells=cells, event=event)
        if claim.claim_type == "comparative":
            return frames.NO_COMPARISON.format(cells=cells)
        items = [item for item in status.result.items if not item.excluded and item.match in ("direct", "partial")]
        frame = frames.ONLY_LABORATORY if any(item.kind == "laboratory" for item in items) else frames.NOTHING
        return frame.format(cells=cells, aim=self._wording.aim(key), others=self._others(status))

    def _count(self, claim: Claim, key: ProductKey) -> str:
        count = self._standing.count(claim, key)
        what = claim.counting.what if claim.counting else "trials"
        return frames.COUNT.format(count=count, what=what, cells=self._wording.kind(key), day=self._base.as_of)

    def _barred(self, name: str) -> str:
        """Return why a study may not be told of; "" when it may."""
        study = self._base.study(name)
        if study is None:
            return "it is not on file"
        if self._base.retracted(study):
            return "it stands retracted"
        if self._records.usable(study):
            return ""
        return "it is no study of people" if study.evidence_kind != "human" else "its record is in doubt"

    def _others(self, status: Status) -> str:
        """Return of which other products results are on file for the disease or aim of the sentence."""
        keys = (
            self._base.arms[item.key_id][2]
            for item in status.result.items
            if item.kind == "study"
            and not item.excluded
            and item.vector["cell_type"] == "different"
            and item.vector["indication"] not in ("unknown", "open")
            and item.stance != "no_result"
        )
        kinds = {self._wording.kind(key) for key in keys if "no-product" not in key.cell_type}
        return frames.OTHERS.format(kinds=listed(sorted(kinds)[:_NAMED])) if kinds else ""
