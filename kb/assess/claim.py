"""From a claim to its two results in one place: gate by type, judge, accuracy, proof."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from kb.assess.accuracy import benefit_accuracy, is_benefit, worst
from kb.assess.base import Base
from kb.assess.benefit import BenefitJudge, Judgement, Query, wanted_of
from kb.assess.citation import CitationJudge, Report, axis_code
from kb.assess.clock import FIRST, LAST
from kb.assess.evidence import Item
from kb.assess.followup import LaterReport, later_reports
from kb.assess.match import compare, complete, overlay
from kb.assess.nearest import Tried, benefit_changes, removals
from kb.assess.proof import benefit_proof, citation_proof, path, plain_proof, safety_proof, statement_proof
from kb.assess.safety import SafetyJudge, SafetyJudgement, safety_accuracy
from kb.assess.statement import StatementJudge
from kb.assess.strength import direction, strength
from kb.records.claim import Claim, Document
from kb.records.common import ProductKey
from kb.rules import Accuracy, StatusClass

#: Types that need to know which cells they speak of.
_NEEDS_CELLS = {"efficacy", "safety", "comparative", "eligibility"}
#: Levels that a success or a licence on file shows, however much else is missing.
_SHOWN = {"A_FULL", "A_COND", "T1", "T2r", "T2s", "T3", "MIXED"}
#: Levels at which some record says what a sentence reports.
_REPORTED = {"T1", "T2r", "T2s", "T3"}
_SOLD_AXES = ("cell_type", "cell_source", "expansion", "engineering")


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


def _alike(claim: Claim, found: Result) -> list[list[str]]:
    """Return the records a result rests on, those together that came out alike for one part of the sentence."""
    if claim.claim_type in ("counting", "regulatory"):
        return [[record] for record in sorted(found.used)]
    groups = [sorted(found.used)] if found.judged is None or found.level in ("A_FULL", "A_COND") else []
    for part in found.judged.parts if found.judged else ():
        alike: dict[str, list[str]] = {}
        for item in part.used:
            alike.setdefault(item.stance, []).append(item.record_id)
        groups += alike.values()
    return groups


#: What is not part of what a sentence says: where it stands, its words, and what its markers might have meant.
_ASIDE: dict[str, Any] = {
    "id": "",
    "section": "",
    "line_start": 0,
    "line_end": 0,
    "statement": "",
    "markers": (),
    "candidates": (),
    "note": None,
}


class Assessor:
    """Judges the claims of documents against one base.

    Args:
        base: the facts and the day.
        explain: also return proofs, and the records that are listed without deciding.
    """

    def __init__(self, base: Base, *, explain: bool = True) -> None:
        self.base = base
        self.explain = explain
        self.rules = base.data.rules
        self.vocabulary = base.data.vocabulary
        self.benefit = BenefitJudge(base)
        self.safety = SafetyJudge(base)
        self.citation = CitationJudge(base)
        self.statement = StatementJudge(base)
        self._cited_by: dict[str, frozenset[str]] = {}
        self._sayings: dict[Claim, int] = {}
        self._saying_of: dict[tuple[str, str, str], int] = {}

    def _cited(self, document: Document) -> frozenset[str]:
        """Return the studies a document names anywhere, under their own ids."""
        if document.id not in self._cited_by:  # read once a document, not once a claim
            names = [report.study for claim in document.claims for report in claim.reports]
            known = self.base.study_by_id
            self._cited_by[document.id] = frozenset(known[name].id if name in known else name for name in names)
        return self._cited_by[document.id]

    def assess(self, document: Document, claim: Claim, jurisdictions: Sequence[str]) -> list[Status]:
        """Return the status of one claim in each place."""
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
            said = claim.model_copy(update=_ASIDE)
            self._saying_of[token] = self._sayings.setdefault(said, len(self._sayings))
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
        found = self._judge_here(document, claim, key, place, takes_lower=takes_lower)
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
            "path": path(self.base, claim.model_copy(update=_ASIDE), found.used),  # _placed fills the sentence in
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
            fallen = removals(self.base, _alike(claim, found), found.level, again)
            if fallen:
                yield fallen
            if found.judged is not None and claim.wording != "denied":
                yield from benefit_changes(self.benefit, found.judged.query, place, found.level)
        finally:
            self.explain = True

    def _judge_here(
        self, document: Document, claim: Claim, key: ProductKey, place: str, *, takes_lower: bool
    ) -> Result:
        kind = claim.claim_type
        if kind in ("none", "precaution"):
            return self._plain("no_claim", "unverifiable", claim)
        promises = claim.promises_benefit and not claim.own_quality  # judged as efficacy is
        if (kind in _NEEDS_CELLS or promises) and not key.cell_type:
            note = ("the sentence does not say which cells it speaks of",)
            codes = frozenset({"NOT_COVERED"}) if claim.subject == "other_product" else frozenset()
            return self._plain("not_decidable", "unverifiable", claim, note, codes)
        if kind == "citation":
            return self._citation(document, claim)
        if kind in ("regulatory", "counting"):
            return self._stated(document, claim, key, place, takes_lower)
        if kind in ("mechanism", "manufacturing") and not claim.promises_benefit:
            return self._background(claim)
        if claim.own_quality:
            return self._plain("own_quality", "unverifiable", claim)
        if kind == "safety":
            licensed = not takes_lower or document.names_authorised_product
            return self._safety(claim, key, place, takes_lower, licensed)
        return self._benefit(document, claim, key, place, takes_lower)

    def _plain(
        self,
        condition: str,
        accuracy: Accuracy,
        claim: Claim,
        notes: tuple[str, ...] = (),
        codes: frozenset[str] = frozenset(),
    ) -> Result:
        rule = self.rules.by_condition[condition]
        borne_out = self.base.usable(claim.supported_by)
        against = self.base.usable(claim.contradicted_by, harms=True)
        proof = plain_proof(rule, notes, borne_out, against, codes) if self.explain else {}
        return Result(rule.level, rule.id, accuracy, codes, proof)

    def _background(self, claim: Claim) -> Result:
        against = self.base.usable(claim.contradicted_by, harms=True)
        if against:
            found = self._plain("background_contradicted", "inaccurate", claim, codes=frozenset({"CONTRADICTED"}))
            return replace(found, used=frozenset(against))
        if claim.own_quality:
            return self._plain("own_quality", "unverifiable", claim)
        borne_out = self.base.usable(claim.supported_by)
        if borne_out:
            return replace(self._plain("background", "accurate", claim), used=frozenset(borne_out))
        return self._plain("background", "unverifiable", claim, codes=frozenset({"NO_REFERENCE"}))

    def _benefit(self, document: Document, claim: Claim, key: ProductKey, place: str, takes_lower: bool) -> Result:
        wanted = wanted_of(self.base, claim.outcome, claim.marker, key.indication)
        # One firm's licence is never lent to another's cells: for what the seller sells it counts
        # only when the document names the authorised product.
        licensed = not takes_lower or document.names_authorised_product
        query = Query(
            key,
            wanted,
            claim.universal,
            takes_lower,
            claim.names_product,
            claim.licensed_as_such,
            complete(self.vocabulary, claim.compared_with) if claim.compared_with is not None else None,
            licensed,
        )
        judged = self.benefit.judge(query, place, listed=self.explain)
        if claim.wording == "denied":
            return self._denied(claim, judged)
        accuracy, codes = benefit_accuracy(claim, judged.level)
        if judged.level not in _SHOWN and not self._collected(key):
            # We do not collect the whole literature of this product: finding nothing proves nothing, and a
            # failure on file may have an answer that is not.
            codes |= {"NOT_COLLECTED"}
            if judged.level == "U":
                accuracy, codes = "unverifiable", frozenset({"NOT_COLLECTED"})
        return self._from_judgement(judged, accuracy, judged.codes | codes)

    def _collected(self, key: ProductKey) -> bool:
        """Tell whether studies of these cells are collected (a column of the map, or something narrower)."""
        columns = self.base.data.build.map_cell_types
        return any(self.vocabulary.is_a("cell_type", own, column) for own in key.cell_type for column in columns)

    def _from_judgement(
        self, judged: Judgement, accuracy: Accuracy, codes: frozenset[str], rule: str = "", level: str = ""
    ) -> Result:
        used = frozenset(item.record_id for item in judged.deciding.used)
        licence = judged.deciding.licence
        if licence and judged.level in ("A_FULL", "A_COND"):
            used |= {licence[0].id}
        return Result(
            level or judged.level,
            rule or judged.rule,
            accuracy,
            codes,
            benefit_proof(self.base, judged, codes, rule, level) if self.explain else {},
            judged.items,
            used,
            frozenset(item.key_id for item in judged.deciding.used),
            strength=strength(self.base, judged),
            direction=direction(judged.items, judged.deciding.used),
            judged=judged,
        )

    def _denied(self, claim: Claim, judged: Judgement) -> Result:
        """A denial is background when our records agree, contradicted when they do not."""
        if not (claim.outcome or claim.axes.indication or claim.event):
            return self._plain("no_claim", "unverifiable", claim, ("a disclaimer that denies nothing in particular",))
        shown = judged.level in ("A_FULL", "A_COND", "T1")
        rule = self.rules.by_condition["denial_refuted" if shown else "denial_agreed"]
        codes = frozenset({"CONTRADICTED"}) if shown else frozenset()
        accuracy: Accuracy = "inaccurate" if shown else "accurate"
        if judged.level in ("T2r", "T2s", "T3"):  # a limit beside early positive results: neither borne out nor refuted
            accuracy = "unverifiable"
        return self._from_judgement(judged, accuracy, codes, rule.id, rule.level)

    def _safety(self, claim: Claim, key: ProductKey, place: str, takes_lower: bool, licensed: bool) -> Result:
        judged = self.safety.judge(claim, key, place if licensed else "", takes_lower)
        if claim.wording == "denied":
            return self._denied_safety(claim, judged)
        rule = self.rules.by_condition[judged.condition]
        level = judged.level if rule.level in ("best", "licence") else rule.level
        accuracy, codes = safety_accuracy(claim, judged)
        proof = safety_proof(self.base, judged, rule.id, level, claim) if self.explain else {}
        if not claim.states_harm:  # an admitted harm promises nothing of the other member
            codes |= judged.codes
        return Result(level, rule.id, accuracy, codes, proof, judged.items, judged.deciding)

    def _denied_safety(self, claim: Claim, judged: SafetyJudgement) -> Result:
        """Judge a denial of safety: our records agree when such harm is on file; else it only disclaims."""
        if not (claim.event and judged.happened):
            return self._plain("no_claim", "unverifiable", claim, ("a disclaimer about safety",))
        rule = self.rules.by_condition["denial_agreed"]
        proof = safety_proof(self.base, judged, rule.id, rule.level, claim) if self.explain else {}
        return Result(rule.level, rule.id, "accurate", frozenset(), proof, judged.items, judged.deciding)

    # ------------------------------------------------------------------ statements

    def _citation(self, document: Document, claim: Claim) -> Result:
        reports = tuple(self.citation.reports(claim, self._cited(document)))
        codes = {code for report in reports for code in report.codes}
        rank = self.rules.rank
        named = [report for report in reports if report.truth == "false" and report.named]
        marked = [report for report in reports if report.truth == "false" and not report.named]
        unseen = any(report.truth == "cannot_tell" for report in reports)
        own = max((report.level for report in reports), key=lambda level: rank[level])
        accuracy: Accuracy = "unverifiable" if unseen else "accurate"
        used = {report.record_id for report in reports if report.study is not None}
        condition, level = "reports_source", own
        other = self._said_by_another(claim, marked) if marked and not named else None
        if other:
            # Only a marker points to the wrong source, and another record says it (design, "Citation").
            (level, others), condition, accuracy = other, "said_by_another", "misleading"
            codes |= {"MISCITED"}
            used |= others
        elif named or marked:
            condition, level, accuracy = "misreports_source", "X", "inaccurate"
        elif own == "?":
            condition = "not_decidable"
        rule = self.rules.by_condition[condition]
        proof = citation_proof(self.base, rule, reports, level, codes) if self.explain else {}
        if other and self.explain:
            proof["said_by"] = sorted(other[1])
        return Result(level, rule.id, accuracy, frozenset(codes), proof, used=frozenset(used), reports=reports)

    def _said_by_another(self, claim: Claim, marked: Sequence[Report]) -> tuple[str, frozenset[str]] | None:
        """Return the level, and the records, of the same key that say what a marked source does not."""
        key = complete(self.vocabulary, claim.axes)
        outcome = claim.reports[0].outcome
        if not key.cell_type or outcome == "feasibility":
            return None
        plain = claim.model_copy(
            update={
                "claim_type": "safety" if outcome == "safety" else "efficacy",
                "outcome": outcome,
                "reports": (),
                "absolute": False,
                "supported_by": (),
                "contradicted_by": (),
                **_ASIDE,
            }
        )

        def said() -> tuple[str, frozenset[str]]:
            if outcome == "safety":
                safety = self._safety(plain, key, "", takes_lower=False, licensed=False)
                return safety.level, safety.used
            query = Query(key, wanted_of(self.base, outcome, claim.marker, key.indication), claim.universal)
            judged = self.benefit.judge(query, "", listed=self.explain)
            return judged.level, frozenset(item.record_id for item in judged.deciding.used)

        level, used = self.base.clock.kept(("said", plain, key, self.explain), said)
        others = used - {report.record_id for report in marked}
        return (level, used) if level in _REPORTED and others else None

    def _stated(self, document: Document, claim: Claim, key: ProductKey, place: str, takes_lower: bool) -> Result:
        count: int | None = None
        if claim.claim_type == "regulatory":
            truth, records, codes = self.statement.regulatory(claim, key, document.names_authorised_product)
        else:
            truth, records, codes, count = self.statement.count(claim, key)
        if truth == "false":
            rule = self.rules.by_condition["statement_false"]
            level = "X"
        elif truth == "cannot_tell" and claim.regulatory is not None and claim.regulatory.says == "approved":
            rule = self.rules.by_condition["not_decidable"]
            level = "?"
        else:
            rule = self.rules.by_condition["statement_judged"]
            level = self.statement.licence_level(claim, records) or self._thing(claim, key, place, takes_lower)
        accuracy: Accuracy = {"true": "accurate", "false": "inaccurate", "cannot_tell": "unverifiable"}[truth]  # type: ignore[assignment]
        proof = statement_proof(self.base, rule, truth, records, claim, level, count, codes) if self.explain else {}
        return Result(level, rule.id, accuracy, codes, proof, used=frozenset(records))

    def _thing(self, claim: Claim, key: ProductKey, place: str, takes_lower: bool) -> str:
        """Return the level of the product a statement speaks of; background when it speaks of rules."""
        rules_only = claim.regulatory is not None and claim.regulatory.says == "rule"
        if rules_only or not key.cell_type:
            return "B"
        wanted = wanted_of(self.base, None, None, key.indication)
        return self.benefit.judge(Query(key, wanted, takes_lower=takes_lower), place, listed=False).level
