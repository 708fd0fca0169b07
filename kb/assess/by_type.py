"""One result of one sentence: gated by its type, then judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from kb.assess.accuracy import benefit_accuracy
from kb.assess.base import Base
from kb.assess.benefit import BenefitJudge, Judgement, Query, wanted_of
from kb.assess.citation import CitationJudge, Report
from kb.assess.match import complete
from kb.assess.proof import benefit_proof, citation_proof, plain_proof, safety_proof, statement_proof
from kb.assess.result import Result
from kb.assess.safety import SafetyJudge, SafetyJudgement, safety_accuracy
from kb.assess.statement import StatementJudge
from kb.assess.strength import direction, strength
from kb.records.claim import Claim, Document
from kb.records.common import ProductKey
from kb.rules import Accuracy

#: Types that need to know which cells they speak of.
_NEEDS_CELLS = {"efficacy", "safety", "comparative", "eligibility"}
#: Levels that a success or a licence on file shows, however much else is missing.
_SHOWN = {"A_FULL", "A_COND", "T1", "T2r", "T2s", "T3", "MIXED"}
#: Levels at which some record says what a sentence reports.
_REPORTED = {"T1", "T2r", "T2s", "T3"}
#: What is not part of what a sentence says: where it stands, its words, and what its markers might have meant.
ASIDE: dict[str, Any] = {
    "id": "",
    "section": "",
    "line_start": 0,
    "line_end": 0,
    "statement": "",
    "markers": (),
    "candidates": (),
    "note": None,
}


class TypeJudge:
    """Judges a sentence by its type, against one base.

    Args:
        base: the facts and the day.
        cited: the studies a document names anywhere.

    Attributes:
        explain: also return proofs, and the records that are listed without deciding.
    """

    def __init__(self, base: Base, cited: Callable[[Document], frozenset[str]]) -> None:
        self.base = base
        self.explain = True
        self.rules = base.data.rules
        self.vocabulary = base.data.vocabulary
        self.benefit = BenefitJudge(base)
        self.safety = SafetyJudge(base)
        self.citation = CitationJudge(base)
        self.statement = StatementJudge(base)
        self._cited = cited

    def judge(self, document: Document, claim: Claim, key: ProductKey, place: str, *, takes_lower: bool) -> Result:
        """Return the result of a sentence in a place.

        Args:
            document: where it stands.
            claim: the sentence.
            key: its completed product key, silent axes filled where its subject inherits them.
            place: the jurisdiction.
            takes_lower: of several kinds of cells the one with the lower class decides.
        """
        kind = claim.claim_type
        if kind in ("none", "precaution"):
            return self._plain("no_claim", "unverifiable", claim)
        if claim.outside and kind not in ("mechanism", "manufacturing"):
            note = (f"the base does not know: {', '.join(claim.outside)}",)
            return self._plain("not_decidable", "unverifiable", claim, note, frozenset({"NOT_COVERED"}))
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
                **ASIDE,
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
        proof = (
            statement_proof(self.base, rule, truth, records, claim, key, level, count, codes) if self.explain else {}
        )
        return Result(level, rule.id, accuracy, codes, proof, used=frozenset(records))

    def _thing(self, claim: Claim, key: ProductKey, place: str, takes_lower: bool) -> str:
        """Return the level of the product a statement speaks of; background when it speaks of rules."""
        rules_only = claim.regulatory is not None and claim.regulatory.says == "rule"
        if rules_only or not key.cell_type:
            return "B"
        wanted = wanted_of(self.base, None, None, key.indication)
        return self.benefit.judge(Query(key, wanted, takes_lower=takes_lower), place, listed=False).level
