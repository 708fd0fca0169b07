"""What may be said of the standing of cells in a place: not approved only where somebody looked and said so."""

from __future__ import annotations

from collections.abc import Sequence

from kb.assess.base import Base
from kb.assess.statement import StatementJudge
from kb.check.suggest import frames
from kb.check.suggest.wording import place_name
from kb.records.approval import Absence, Approval
from kb.records.claim import Claim, RegulatoryStatement
from kb.records.common import ProductKey


def seen(found: Sequence[Absence]) -> str:
    """Return from which day on nothing was found, and whether the source itself was read."""
    day = min(found, key=lambda one: one.date.first).date
    secondary = any(one.checked == "secondary" for one in found)
    return f"as of {day}{frames.BY_SECONDARY if secondary else ''}"


class Standing:
    """Tells the standing of cells, by the judge of regulatory statements.

    Args:
        base: the facts and the day.
    """

    def __init__(self, base: Base) -> None:
        self._judge = StatementJudge(base)
        self._is_a = base.data.vocabulary.is_a
        self._approvals = {approval.id: approval for approval in base.data.approvals}
        self._absences = base.absences()
        self._known: dict[tuple[ProductKey, str], tuple[str, tuple[str, ...]]] = {}

    def of(self, key: ProductKey, place: str) -> tuple[str, tuple[str, ...]]:
        """Return what follows a result of these cells, and the records it rests on."""
        if (key, place) not in self._known:
            self._known[key, place] = self._of(key, place)
        return self._known[key, place]

    def _of(self, key: ProductKey, place: str) -> tuple[str, tuple[str, ...]]:
        product = key.model_copy(update={"indication": (), "setting": (), "combination": ()})
        name = place_name(place)
        truth, records = self.not_approved(product, place)
        if truth != "false" and any(self._is_a("cell_type", one, "not-cells") for one in key.cell_type):
            return frames.NO_USE.format(place=name), ()
        if truth == "true":
            found = self.looked(product, place)[0]
            return frames.NOT_APPROVED.format(place=name, seen=seen(found)), tuple(one.id for one in found)
        if truth == "cannot_tell":
            return frames.NONE_ON_FILE.format(place=name), ()
        within = product.model_copy(update={"indication": key.indication})
        truth, records = self.not_approved(within, place) if key.indication else (truth, records)
        if truth != "false":
            return frames.OTHER_USE.format(place=name), ()
        licence = self._approvals[records[0]]
        frame = frames.SAME_KIND if self._same_kind(licence, key) else frames.WIDER
        return frame.format(place=name, product=licence.product), records[:1]

    def _same_kind(self, licence: Approval, key: ProductKey) -> bool:
        """Tell whether a licence is for the very kind of cells, and not only for a narrower one."""
        return set(licence.label.cell_type) == set(key.cell_type)

    def not_approved(self, key: ProductKey, *places: str) -> tuple[str, tuple[str, ...]]:
        """Return whether "not approved" holds of cells in some places, and the records that say so."""
        claim = Claim(
            id="page#c001",
            section="page",
            line_start=1,
            line_end=1,
            statement="not approved",
            claim_type="regulatory",
            subject="class",
            wording="denied",
            axes=key,
            regulatory=RegulatoryStatement(says="not_approved", jurisdictions=places),
        )
        truth, records, _ = self._judge.regulatory(claim, key, False)
        return truth, records

    def looked(self, key: ProductKey, place: str) -> list[tuple[Absence, ...]]:
        """Return the findings that no such cells are approved in a place, one for each kind of cells, latest first.

        Empty when nobody looked for one of the kinds, or something is approved.
        """
        kinds: list[list[Absence]] = []
        for kind in key.cell_type:
            truth, records = self.not_approved(key.model_copy(update={"cell_type": (kind,)}), place)
            if truth != "true":
                return []
            found = [one for one in self._absences if one.id in records]
            kinds.append(sorted(found, key=lambda one: (one.date.first, one.checked != "secondary", one.id))[::-1])
        return [tuple(ones[min(i, len(ones) - 1)] for ones in kinds) for i in range(max(map(len, kinds), default=0))]

    def count(self, claim: Claim, key: ProductKey) -> int:
        """Return how many trials or studies are on file for a claim that counts them."""
        return self._judge.count(claim, key)[3]
