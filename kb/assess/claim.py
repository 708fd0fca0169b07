"""From a claim to its two results in one place: gate by type, judge, accuracy, proof."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from kb.assess.accuracy import is_benefit, worst
from kb.assess.base import Base
from kb.assess.benefit import wanted_of
from kb.assess.by_type import ASIDE, TypeJudge
from kb.assess.citation import axis_code
from kb.assess.clock import FIRST, LAST
from kb.assess.followup import LaterReport, later_reports
from kb.assess.match import compare, complete, overlay
from kb.assess.nearest import Tried, benefit_changes, removals
from kb.assess.proof import path
from kb.assess.result import Result, Status
from kb.records.claim import Claim, Document
from kb.records.common import ProductKey

_SOLD_AXES = ("cell_type", "cell_source", "expansion", "engineering")


def _alike(claim: Claim, key: ProductKey, found: Result) -> list[list[str]]:
    """Return the records a result rests on, those together that came out alike for one part of the sentence."""
    # Each report of a citation speaks for itself, and for a harm nobody keeps which part a record speaks for.
    apart = claim.claim_type == "safety" and len(key.cell_type) * max(1, len(key.indication)) > 1
    if claim.claim_type in ("counting", "regulatory") or found.reports or apart:
        return [[record] for record in sorted(found.used)]
    groups = [sorted(found.used)] if found.judged is None or found.level in ("A_FULL", "A_COND") else []
    for part in found.judged.parts if found.judged else ():
        alike: dict[str, list[str]] = {}
        for item in part.used:
            alike.setdefault(item.stance, []).append(item.record_id)
        groups += alike.values()
    return groups


class Assessor:
    """Judges the claims of documents against one base.

    Args:
        base: the facts and the day.
        explain: also return proofs, and the records that are listed without deciding.
    """

    def __init__(self, base: Base, *, explain: bool = True) -> None:
        self.base = base
        self.rules = base.data.rules
        self.vocabulary = base.data.vocabulary
        self._by_type = TypeJudge(base, self._cited)
        self.explain = explain
        self.benefit = self._by_type.benefit
        self._document: Document | None = None
        self._cited_by: dict[str, frozenset[str]] = {}
        self._saying_of: dict[tuple[str, str, str], int] = {}

    @property
    def explain(self) -> bool:
        """Whether results come with proofs and with what is listed without deciding."""
        return self._by_type.explain

    @explain.setter
    def explain(self, value: bool) -> None:
        self._by_type.explain = value

    def _cited(self, document: Document) -> frozenset[str]:
        """Return the studies a document names anywhere, under their own ids."""
        if document.id not in self._cited_by:  # read once a document, not once a claim
            names = [report.study for claim in document.claims for report in claim.reports]
            known = self.base.study_by_id
            self._cited_by[document.id] = frozenset(known[name].id if name in known else name for name in names)
        return self._cited_by[document.id]

    def assess(self, document: Document, claim: Claim, jurisdictions: Sequence[str]) -> list[Status]:
        """Return the status of one claim in each place."""
        if document is not self._document:  # ids tell sentences apart within one document only
            self._document = document
            self._cited_by.clear()
            self._saying_of.clear()
        statuses = self._statuses(document, claim, jurisdictions)
        approved = [status.jurisdiction for status in statuses if status.status_class == "approved"]
        if not approved:
            return statuses
        return [
            status if status.status_class == "approved" else self._elsewhere(status, tuple(approved))
            for status in statuses
        ]

    def spans(
        self, document: Document, claim: Claim, jurisdictions: Sequence[str]
    ) -> Iterator[tuple[date, date, list[Status]]]:
        """Yield (first day, day after the last, statuses) for all of time, in order and without gaps.

        Nothing is explained, and neighbours may be equal; the last span ends with :data:`~kb.assess.clock.LAST`.
        """
        clock, today, explained = self.base.clock, self.base.as_of, self.explain
        self.explain = False
        day = FIRST
        try:
            while day < LAST:
                clock.set(day)
                statuses = self.assess(document, claim, jurisdictions)
                yield day, clock.until, statuses
                day = clock.until
        finally:
            self.explain = explained
            clock.set(today)

    def _statuses(self, document: Document, claim: Claim, jurisdictions: Sequence[str]) -> list[Status]:
        """Judge each place whose licences can make a difference, and one for all the others."""
        statuses: list[Status] = []
        elsewhere: Status | None = None
        for place in jurisdictions:
            if self._local(document, claim, place):
                statuses.append(self._status(document, claim, place))
            else:
                elsewhere = elsewhere or self._status(document, claim, place)
                statuses.append(replace(elsewhere, jurisdiction=place))
        return statuses

    def _local(self, document: Document, claim: Claim, place: str) -> bool:
        """Tell whether the licences of a place can make a difference."""
        if claim.names_product or claim.licensed_as_such:
            return True
        return any(self.benefit.may_have_ended(key, place) for key in (claim.axes, document.sold))

    def _elsewhere(self, status: Status, approved: tuple[str, ...]) -> Status:
        codes = tuple(sorted({*status.codes, "APPROVED_ELSEWHERE"}))
        return Status(
            status.claim,
            status.jurisdiction,
            status.result,
            status.sold,
            status.status_class,
            status.sold_class,
            worst(self.rules, status.accuracy, codes),
            codes,
            approved,
        )

    def _status(self, document: Document, claim: Claim, place: str) -> Status:
        own = claim.subject == "own_product"
        key = complete(self.vocabulary, overlay(claim.axes, document.sold) if own else claim.axes)
        result = self._judge(document, claim, key, place, takes_lower=own)
        sold = self._sold(document, claim, key, place, result)
        codes = set(result.codes)
        if claim.markers and not document.reference_list and claim.claim_type not in ("none", "precaution"):
            codes.add("UNCITED")
        if sold is not None and sold is not result and not claim.states_harm:
            codes |= sold.codes & {"SECONDARY_SOURCE"}
            if self.rules.rank[sold.level] > self.rules.rank[result.level]:
                token = ("gap", self._token(document, claim, key, place, takes_lower=own), document.sold)
                # Asked for again inside, so that the clock knows how long the answer holds.
                codes |= self.base.clock.kept(
                    token, lambda: self._gap(document, self._shared(document, claim, key, place, takes_lower=own))
                )
        class_of = self.rules.class_of
        return Status(
            claim,
            place,
            result,
            sold,
            class_of[result.level],
            class_of[sold.level] if sold else None,
            worst(self.rules, result.accuracy, codes),
            tuple(sorted(codes)),
        )

    # ------------------------------------------------------------------ what the document sells

    def _sold(self, document: Document, claim: Claim, key: ProductKey, place: str, result: Result) -> Result | None:
        """Judge the sentence for the product on sale; None where that makes no sense."""
        kind = claim.claim_type
        if not (is_benefit(claim) or kind in ("safety", "citation", "regulatory")) or result.level == "N":
            return None
        if claim.subject == "own_product":
            return result
        if claim.subject not in ("class", "cited_study"):
            return None
        sold = document.sold
        if not sold.cell_type:
            return None  # the document sells nothing
        if claim.subject == "class":
            said = ProductKey(**{axis: getattr(key, axis) for axis in _SOLD_AXES})
            on_sale = compare(self.vocabulary, complete(self.vocabulary, sold), said)
            # The sentence speaks of something else than what is sold: another kind of cell or donor.
            if set(on_sale.axes("different")) - {"cell_type"} or not self._sells(sold, key):
                return None
        product = key.model_copy(update={axis: getattr(sold, axis) for axis in _SOLD_AXES})
        if kind != "citation":
            about = claim.model_copy(update={"subject": "own_product"}) if kind == "regulatory" else claim
            return self._judge(document, about, product, place, takes_lower=True)
        outcome = claim.reports[0].outcome
        if outcome == "feasibility":
            return None
        as_safety = outcome == "safety"
        plain = claim.model_copy(
            update={
                "claim_type": "safety" if as_safety else "efficacy",
                "outcome": outcome,
                "reports": (),
                "absolute": False,
            }
        )
        return self._judge(document, plain, product, place, takes_lower=True)

    def _sells(self, sold: ProductKey, key: ProductKey) -> bool:
        return not key.cell_type or any(
            self.vocabulary.relation("cell_type", ours, theirs) in ("same", "narrower")
            for ours in sold.cell_type
            for theirs in key.cell_type
        )

    def _gap(self, document: Document, result: Result) -> set[str]:
        """Return codes that say why the product on sale does not have what the sentence claims."""
        codes: set[str] = set()
        arms = self.base.arms
        target = complete(self.vocabulary, document.sold)
        for item in result.items:
            if result.rests_on(item) and item.key_id in arms:
                own = arms[item.key_id][2]
                for axis in compare(self.vocabulary, own, target).axes("different"):
                    if axis in _SOLD_AXES:
                        codes.add(axis_code(self.vocabulary, axis, own, target))
        return codes

    # ------------------------------------------------------------------ one result

    def _judge(self, document: Document, claim: Claim, key: ProductKey, place: str, *, takes_lower: bool) -> Result:
        found = self._shared(document, claim, key, place, takes_lower=takes_lower)
        return self._placed(document, claim, found) if self.explain else found

    def _shared(self, document: Document, claim: Claim, key: ProductKey, place: str, *, takes_lower: bool) -> Result:
        """Judge once for all sentences that say the same, and all places whose licences cannot make a difference."""
        printed = self.base.as_of if self.explain else None  # a proof prints its day
        token = ("judged", self._token(document, claim, key, place, takes_lower=takes_lower), printed)
        return self.base.clock.kept(token, lambda: self._finished(document, claim, key, place, takes_lower=takes_lower))

    def _token(
        self, document: Document, claim: Claim, key: ProductKey, place: str, *, takes_lower: bool
    ) -> tuple[Hashable, ...]:
        """Return everything a result rests on but the facts and the day: equal for sentences that say the same.

        Without it every sentence would meet all its records anew, and the work grow with sentences × records.
        """
        said = self._saying(claim)
        where = place if self._local(document, claim, place) else ""
        cited = self._cited(document) if claim.reports else None
        return said, key, takes_lower, where, document.names_authorised_product, cited

    def _saying(self, claim: Claim) -> int:
        """Return a number that is the same for sentences that say the same."""
        # What is judged for the product on sale is the same sentence with another type or subject (_sold).
        token = (claim.id, claim.claim_type, claim.subject)
        if token not in self._saying_of:
            said = claim.model_copy(update=ASIDE)
            sayings = self.base.sayings
            self._saying_of[token] = sayings.setdefault(said, len(sayings))
        return self._saying_of[token]

    def _placed(self, document: Document, claim: Claim, found: Result) -> Result:
        """Return a result with what differs between sentences that say the same: what is named, the path."""
        cited = self._cited(document)
        steps = [step if step["source"] else {**step, "source": claim.id} for step in found.proof["path"]]
        proof = {**found.proof, "path": steps}
        later = found.later
        if any(report.later in cited for report in later):
            later = tuple(replace(report, named=report.later in cited) for report in later)
            proof["follow_ups"] = [report.as_json() for report in later]
        return replace(found, proof=proof, later=later)

    def _finished(self, document: Document, claim: Claim, key: ProductKey, place: str, *, takes_lower: bool) -> Result:
        """Judge, flag, and say what would change the class."""
        found = self._by_type.judge(document, claim, key, place, takes_lower=takes_lower)
        # A result of which every deciding record was read in a secondary source only is flagged.
        if {self.base.checked[record] for record in found.used} == {"secondary"}:
            found = replace(found, codes=found.codes | {"SECONDARY_SOURCE"})
        if not self.explain:
            return found
        changes = list(self._changes(document, claim, key, place, found, takes_lower=takes_lower))
        later = tuple(self._later(claim, key, found))
        proof = {
            **found.proof,
            "changes": [change.as_json(self.rules) for change in changes],
            "follow_ups": [report.as_json() for report in later],
            "path": path(self.base, claim.model_copy(update=ASIDE), found.used),  # _placed fills the sentence in
        }
        return replace(found, proof=proof, later=later)

    def _later(self, claim: Claim, key: ProductKey, found: Result) -> list[LaterReport]:
        """Return what came after the studies that bear a sentence out, or that it reports."""
        if found.reports:
            wanted = wanted_of(self.base, claim.reports[0].outcome, claim.marker, key.indication)
            return later_reports(self.base, (report.record_id for report in found.reports), wanted)
        if found.judged is None:
            return []
        positive = [item.record_id for item in found.judged.deciding.used if item.stance == "positive"]
        return later_reports(self.base, positive, found.judged.query.wanted, found.judged.deciding.items)

    def _changes(
        self, document: Document, claim: Claim, key: ProductKey, place: str, found: Result, *, takes_lower: bool
    ) -> Iterator[Tried]:
        """Yield what would change the class, the smallest change first."""

        def again() -> str:
            return self._judge(document, claim, key, place, takes_lower=takes_lower).level

        self.explain = False
        try:
            fallen = removals(self.base, _alike(claim, key, found), found.level, again)
            if fallen:
                yield fallen
            if found.judged is not None and claim.wording != "denied":
                yield from benefit_changes(self.benefit, found.judged.query, place, found.level)
        finally:
            self.explain = True
