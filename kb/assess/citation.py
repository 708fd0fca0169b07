"""Citations: what a sentence says of a named study, against the stored record of that study."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from kb.assess.base import Base, study_date
from kb.assess.evidence import study_level
from kb.assess.followup import later_reports
from kb.assess.match import Vector, compare, complete
from kb.assess.outcome import Wanted, read
from kb.findings import describe
from kb.records.claim import Claim, ReportedResult
from kb.records.common import ProductKey
from kb.records.study import Finding, Study, StudyKey
from kb.vocabulary import Vocabulary

Truth = Literal["true", "false", "cannot_tell"]

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


@dataclass
class _Tally:
    """Points found while a report is compared."""

    false: bool = False
    unseen: bool = False
    codes: set[str] = field(default_factory=set)
    wrong: set[str] = field(default_factory=set)
    says: list[str] = field(default_factory=list)

    def disagree(self, code: str, says: str, *, seen: bool) -> None:
        """Note a disagreement; with a detail nobody saw it is unverifiable, not false."""
        # A detail nobody saw can overstate nothing.
        self.codes.add("UNSEEN_DETAIL" if code == "OVERSTATED" and not seen else code)
        self.says.append(says)
        if seen:
            self.false = True
            self.wrong.add(code)
        else:
            self.unseen = True

    @property
    def truth(self) -> Truth:
        return "false" if self.false else "cannot_tell" if self.unseen else "true"


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
        tally = _Tally()
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
        positions: tuple[int, ...] = ()
        if reported.outcome or reported.direction != "none_stated":
            positions = self._result(tally, study, [a for a, _, _ in arms], arm, reported)
        self._numbers(tally, study, [a for a, _, _ in arms], reported)
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

    def _axes(self, tally: _Tally, study: Study, key: ProductKey, own: ProductKey, vector: Vector) -> None:
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
        self, tally: _Tally, study: Study, arms: list[StudyKey], best: StudyKey, reported: ReportedResult
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

    def _harmless(
        self, tally: _Tally, study: Study, arm: StudyKey, reported: ReportedResult, groups: Iterable[str]
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

    def _numbers(self, tally: _Tally, study: Study, arms: list[StudyKey], reported: ReportedResult) -> None:
        """Compare the numbers a sentence prints with one finding at a time: all of them must fit it."""
        if reported.percent is None and reported.n is None and reported.n_total is None:
            return
        findings = [f for arm in arms for f in arm.findings if reported.outcome in (None, f.outcome)]
        fits = {f: _fits(f, reported) for f in findings}
        agreeing = [f for f, fit in fits.items() if fit == "agrees"]
        if not agreeing:
            known = [f for f, fit in fits.items() if fit == "differs"]
            said = f"{reported.percent:g}%" if reported.percent is not None else f"{reported.n} of {reported.n_total}"
            has = "; ".join(dict.fromkeys(describe(f) for f in known)) or "no such number"
            vague = any(fit == "open" for fit in fits.values()) or not known
            seen = any((f.checked or study.checked) != "secondary" for f in known)
            code = "UNSEEN_DETAIL" if vague else "NUMBER_MISMATCH"
            tally.disagree(code, f"the sentence says {said}; the record has {has}", seen=seen and not vague)
            return
        if reported.percent is not None and reported.n_total is None:
            tally.codes.add("NO_DENOMINATOR")
            fractions = sorted({f"{f.n} of {f.n_total}" for f in agreeing if f.n is not None and f.n_total})
            share = ", ".join(fractions) or "a share whose denominator the record does not give"
            tally.says.append(f"{reported.percent:g}% is {share}")
        if all((f.checked or study.checked) == "secondary" for f in agreeing):
            tally.codes.add("SECONDARY_SOURCE")

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


def _fits(finding: Finding, reported: ReportedResult) -> Literal["agrees", "differs", "open"]:
    """Tell whether the numbers of a sentence are those of a finding; open when the finding lacks one of them."""
    ours = {"percent": _percent(finding), "n": finding.n, "n_total": finding.n_total}
    said = {"percent": reported.percent, "n": reported.n, "n_total": reported.n_total}
    given = [name for name, value in said.items() if value is not None]
    if any(
        ours[n] is not None and abs((ours[n] or 0) - (said[n] or 0)) > (1.0 if n == "percent" else 0) for n in given
    ):
        return "differs"
    return "open" if any(ours[name] is None for name in given) else "agrees"


def _percent(finding: Finding) -> float | None:
    if finding.percent is not None:
        return finding.percent
    if finding.n is not None and finding.n_total:
        return 100 * finding.n / finding.n_total
    return None
