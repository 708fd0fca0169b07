"""Citations: what a sentence says of a named study, against the stored record of that study."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kb.assess.base import Base, study_date
from kb.assess.evidence import study_level
from kb.assess.figures import Tally, Truth, compare_design, compare_numbers
from kb.assess.followup import later_reports
from kb.assess.match import Vector, compare, complete
from kb.assess.outcome import Wanted, read
from kb.findings import describe
from kb.records.claim import Claim, ReportedResult
from kb.records.common import ProductKey
from kb.records.study import Study, StudyKey
from kb.vocabulary import Vocabulary

#: Code for a sentence that says more or other than the source, by axis.
AXIS_CODES = {
    "cell_type": "WRONG_CELL_TYPE",
    "expansion": "NOT_EXPANDED",
    "engineering": "PRODUCT_MISMATCH",
    "combination": "PRODUCT_MISMATCH",
    "indication": "POPULATION_MISMATCH",
    "setting": "POPULATION_MISMATCH",
}


def axis_code(vocabulary: Vocabulary, axis: str, record: ProductKey, claim: ProductKey) -> str:
    """Return the code for an axis on which record and sentence differ."""
    if axis == "cell_source":
        autologous = "autologous" in claim.cell_source and "autologous" not in record.cell_source
        return "SOURCE_NOT_AUTOLOGOUS" if autologous else "PRODUCT_MISMATCH"
    if axis == "expansion":
        wants = any(vocabulary.is_a("expansion", c, "ex-vivo-expanded") for c in claim.expansion)
        return "NOT_EXPANDED" if wants else "PRODUCT_MISMATCH"
    return AXIS_CODES[axis]


@dataclass(frozen=True)
class Report:
    """A named study against what the sentence says of it.

    Attributes:
        record_id: its id, as on file or as the sentence's record names it.
        study: its record; None when it is not on file.
        wrong: codes of the points on which the record, as read, says otherwise.
        named: the sentence names it, rather than a marker alone leading there.
        truth: true; false when it says otherwise; cannot_tell when nobody saw the detail.
        says: what the record shows on each point of disagreement, in words.
    """

    record_id: str
    study: Study | None
    key_id: str
    vector: Vector | None
    truth: Truth
    level: str
    codes: frozenset[str] = frozenset()
    says: tuple[str, ...] = ()
    findings: tuple[int, ...] = ()
    named: bool = True
    wrong: frozenset[str] = frozenset()


class CitationJudge:
    """Compares citations with one base."""

    def __init__(self, base: Base) -> None:
        self.base = base
        self.vocabulary = base.data.vocabulary

    def reports(self, claim: Claim, cited_elsewhere: frozenset[str]) -> list[Report]:
        """Compare a sentence with each study it names.

        Args:
            claim: a citation claim.
            cited_elsewhere: studies the whole document names, so that an omitted negative
                follow-up can be told from a mentioned one.
        """
        found = []
        key = complete(self.vocabulary, claim.axes)
        for reported in claim.reports:
            study = self.base.study(reported.study)
            if study is None:
                says = ("no such study is on file",)
                codes = frozenset({"NOT_COVERED"})
                report = Report(reported.study, None, reported.study, None, "cannot_tell", "?", codes, says)
            else:
                report = self._report(claim, key, reported, study, cited_elsewhere)
            found.append(replace(report, named=reported.via == "name"))
        return found

    def _report(
        self, claim: Claim, key: ProductKey, reported: ReportedResult, study: Study, cited: frozenset[str]
    ) -> Report:
        tally = Tally()
        level = self._own_level(study)
        when = study_date(study)
        if not self.base.reached(when.helps_from()):
            since = f"it was published {when}" if study.publication_date or study.year else f"it counts from {when}"
            tally.disagree("UNSEEN_DETAIL", f"{since}, after the day asked for", seen=False)
            level = "?"  # what it shows lifts nothing yet
            if not self.base.reached(when.harms_from()):  # nor can it contradict
                codes, says = frozenset(tally.codes), tuple(tally.says)
                return Report(study.id, study, study.id, None, "cannot_tell", level, codes, says)
        arms = [(arm, own, key_id) for _, arm, own, key_id in self.base.arms_of[study.id]]
        if not arms:
            tally.disagree("UNSEEN_DETAIL", "the stored record has no product key", seen=False)
            return Report(
                study.id, study, study.id, None, tally.truth, level, frozenset(tally.codes), tuple(tally.says)
            )
        vectors = [(compare(self.vocabulary, own, key), arm, own, key_id) for arm, own, key_id in arms]
        vector, arm, own, key_id = min(
            vectors, key=lambda v: (len(v[0].axes("different")), len(v[0].axes("unknown")), v[3])
        )
        self._axes(tally, study, key, own, vector)
        # A result of other people or cells in the same paper is not what the sentence reports.
        least = len(vector.axes("different"))
        meant = [other for compared, other, _, _ in vectors if len(compared.axes("different")) == least]
        positions: tuple[int, ...] = ()
        if reported.outcome or reported.direction != "none_stated":
            positions = self._result(tally, study, meant, arm, reported, claim)
        compare_numbers(self.vocabulary, tally, study, meant, reported, claim.event)
        compare_design(tally, study, reported)
        if reported.overclaims:
            tally.codes.add("OVERSTATED")
            tally.says.append(
                "the sentence speaks of a cure, of proof or of everybody; the record is one study's result"
            )
        efficacy = self.base.data.rules.status.efficacy_outcomes
        about_benefit = reported.direction == "gain" and reported.outcome in (None, *efficacy)
        if about_benefit and self._omitted(study, cited):
            tally.codes.add("OMITTED_NEGATIVE_FOLLOWUP")
        if self.base.retracted(study):
            tally.codes.add("RETRACTED_SOURCE")
        elif self.base.corrected(study):
            tally.codes.add("CORRECTED_SOURCE")
        if study.checked == "secondary":
            tally.codes.add("SECONDARY_SOURCE")
        return Report(
            study.id,
            study,
            key_id,
            vector,
            tally.truth,
            level,
            frozenset(tally.codes),
            tuple(tally.says),
            positions,
            wrong=frozenset(tally.wrong),
        )

    def _own_level(self, study: Study) -> str:
        """Return the level a correct report takes: the study's own; what is retracted or no trial lifts nothing."""
        if study.evidence_kind == "human":
            return "U" if self.base.retracted(study) else study_level(study)
        return "P" if study.evidence_kind in ("animal", "in_vitro") else "U"

    def _axes(self, tally: Tally, study: Study, key: ProductKey, own: ProductKey, vector: Vector) -> None:
        for axis in vector.axes("different"):
            seen = axis not in study.unverified and study.checked != "secondary"
            said = self._labels(axis, getattr(key, axis))
            record = self._labels(axis, getattr(own, axis))
            tally.disagree(
                axis_code(self.vocabulary, axis, own, key),
                f"{axis.replace('_', ' ')}: the sentence says {said}, the record {record}",
                seen=seen,
            )
        for axis in vector.axes("unknown"):
            said = self._labels(axis, getattr(key, axis))
            tally.disagree(
                "UNSEEN_DETAIL", f"{axis.replace('_', ' ')}: nobody has seen whether it was {said}", seen=False
            )

    def _result(
        self, tally: Tally, study: Study, arms: list[StudyKey], best: StudyKey, reported: ReportedResult, claim: Claim
    ) -> tuple[int, ...]:
        groups = (reported.outcome,) if reported.outcome else self.base.data.rules.status.silent_outcomes
        wanted = Wanted(groups, reported.outcome is not None, any_marker=True)
        reported_groups = {f.outcome for arm in arms for f in arm.findings}
        whole = study.read == "whole" and study.checked in ("abstract", "full_text")
        if not reported_groups & set(groups):
            # That cells could be made and given at all is seldom written as a result of its own, so
            # silence about feasibility proves nothing.
            silent = whole and "feasibility" not in groups
            tally.disagree(
                "OUTCOME_NOT_REPORTED" if silent else "UNSEEN_DETAIL",
                f"the record has no finding on {', '.join(groups).replace('_', ' ')}",
                seen=silent,
            )
            return ()
        readings = [(arm, read(self.base.data.rules, study, arm, wanted)) for arm in arms]
        ordered = sorted(readings, key=lambda pair: pair[0] is not best)
        gain = next(((a, r) for a, r in ordered if r.stance == "positive"), None)
        failure = next(((a, r) for a, r in ordered if r.stance == "negative"), None)
        if set(groups) & {"safety", "feasibility"}:
            self._harm(tally, study, arms, claim)
            return self._harmless(tally, study, best, reported, groups)
        if reported.direction == "gain" and gain is None:
            shown = failure or ordered[0]
            finding = self._words(shown[0], shown[1].findings)
            seen = _seen(study, shown[0], shown[1].findings)
            if failure:
                tally.disagree("DIRECTION_REVERSED", f"the record shows no gain: {finding}", seen=seen)
            else:
                tally.disagree("OVERSTATED", f"the record shows no gain of this kind: {finding}", seen=seen and whole)
            return shown[1].findings if shown[0] is best else ()
        if reported.direction == "failure" and failure is None and gain is not None:
            tally.disagree(
                "DIRECTION_REVERSED",
                f"the record shows a gain: {self._words(*_pair(gain))}",
                seen=_seen(study, *_pair(gain)),
            )
        decided = gain or failure
        return decided[1].findings if decided and decided[0] is best else ()

    def _harm(self, tally: Tally, study: Study, arms: list[StudyKey], claim: Claim) -> None:
        """A sentence that a harm happened, or that it did not, is held against the findings on that kind of harm."""
        denies = claim.absolute or claim.report_of_absence
        if claim.event is None or not (denies or claim.states_harm):
            return
        known = [
            (arm, position)
            for arm in arms
            for position, finding in enumerate(arm.findings)
            if finding.event is not None and self.vocabulary.is_a("event", finding.event, claim.event)
        ]
        counted = [(arm, position) for arm, position in known if arm.findings[position].n is not None]
        happened = [(arm, position) for arm, position in counted if arm.findings[position].n]
        kind = self.vocabulary.label("event", claim.event)
        if not known:
            tally.disagree("UNSEEN_DETAIL", f"the record has no finding on {kind}", seen=False)
        elif denies and happened:
            self._against(tally, study, "SAFETY_OVERSTATED", happened)
        elif claim.states_harm and counted and not happened and len(counted) == len(known):
            self._against(tally, study, "DIRECTION_REVERSED", counted)

    def _against(self, tally: Tally, study: Study, code: str, shown: list[tuple[StudyKey, int]]) -> None:
        says = "; ".join(self._words(arm, (position,)) for arm, position in shown)
        seen = any(_seen(study, arm, (position,)) for arm, position in shown)
        tally.disagree(code, f"the record says otherwise: {says}", seen=seen)

    def _harmless(
        self, tally: Tally, study: Study, arm: StudyKey, reported: ReportedResult, groups: Iterable[str]
    ) -> tuple[int, ...]:
        """A report of safety or feasibility holds unless the arm's own findings show the harm."""
        positions = tuple(i for i, f in enumerate(arm.findings) if f.outcome in groups)
        bad = [i for i in positions if arm.findings[i].met is False or arm.findings[i].direction == "worse"]
        if reported.direction == "gain" and bad:
            tally.disagree(
                "OVERSTATED",
                f"the record says otherwise: {self._words(arm, tuple(bad))}",
                seen=_seen(study, arm, tuple(bad)),
            )
        return positions

    def _omitted(self, study: Study, cited: frozenset[str]) -> bool:
        """Tell whether a later negative report of the treatment or the people exists that the document leaves out."""
        wanted = Wanted(self.base.data.rules.status.silent_outcomes, False)
        later = later_reports(self.base, (study.id,), wanted, named=cited)
        return any(report.stance == "negative" and not report.named for report in later)

    def _labels(self, axis: str, concepts: Iterable[str]) -> str:
        return " + ".join(self.vocabulary.label(axis, concept) for concept in concepts) or "nothing"

    @staticmethod
    def _words(arm: StudyKey, positions: tuple[int, ...]) -> str:
        return "; ".join(describe(arm.findings[i]) for i in positions) or "no such result"


def _pair(found: tuple[StudyKey, object]) -> tuple[StudyKey, tuple[int, ...]]:
    arm, reading = found
    return arm, reading.findings  # type: ignore[attr-defined]


def _seen(study: Study, arm: StudyKey, positions: tuple[int, ...]) -> bool:
    """Tell whether at least one deciding finding was read better than in a secondary source."""
    checks = [arm.findings[i].checked or study.checked for i in positions]
    return any(check != "secondary" for check in checks) if checks else study.checked != "secondary"
