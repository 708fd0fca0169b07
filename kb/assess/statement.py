"""Sentences that are true or false against our facts: citations, regulatory statements, counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from kb.assess.evidence import Base, study_date, study_level, trial_date
from kb.assess.match import Vector, compare, complete
from kb.assess.outcome import Wanted, read
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
        truth: true; false when it says otherwise; cannot_tell when nobody saw the detail.
        says: what the record shows on each point of disagreement, in words.
    """

    study: Study
    key_id: str
    vector: Vector | None
    truth: Truth
    level: str
    codes: frozenset[str] = frozenset()
    says: tuple[str, ...] = ()
    findings: tuple[int, ...] = ()


@dataclass
class _Tally:
    """Points found while a report is compared."""

    false: bool = False
    unseen: bool = False
    codes: set[str] = field(default_factory=set)
    says: list[str] = field(default_factory=list)

    def disagree(self, code: str, says: str, *, seen: bool) -> None:
        """Note a disagreement; with a detail nobody saw it is unverifiable, not false."""
        self.codes.add(code)
        self.says.append(says)
        if seen:
            self.false = True
        else:
            self.unseen = True

    @property
    def truth(self) -> Truth:
        return "false" if self.false else "cannot_tell" if self.unseen else "true"


class StatementJudge:
    """Judges statements against one base."""

    def __init__(self, base: Base) -> None:
        self.base = base
        self.vocabulary = base.data.vocabulary

    # ------------------------------------------------------------------ citations

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
            study = self.base.study_by_id[reported.study]
            found.append(self._report(claim, key, reported, study, cited_elsewhere))
        return found

    def _report(
        self, claim: Claim, key: ProductKey, reported: ReportedResult, study: Study, cited: frozenset[str]
    ) -> Report:
        tally = _Tally()
        arms = [(arm, own, key_id) for s, arm, own, key_id in self.base.keys if s.id == study.id]
        if not arms:
            tally.disagree("UNSEEN_DETAIL", "the stored record has no product key", seen=False)
            return Report(
                study, study.id, None, tally.truth, study_level(study), frozenset(tally.codes), tuple(tally.says)
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
        if self._omitted(study, cited):
            tally.codes.add("OMITTED_NEGATIVE_FOLLOWUP")
        if self.base.retracted(study):
            tally.codes.add("RETRACTED_SOURCE")
        elif study.integrity in ("corrected", "concern"):
            tally.codes.add("CORRECTED_SOURCE")
        if study.checked == "secondary":
            tally.codes.add("SECONDARY_SOURCE")
        return Report(
            study, key_id, vector, tally.truth, study_level(study), frozenset(tally.codes), tuple(tally.says), positions
        )

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
        wanted = Wanted(groups, reported.outcome is not None)
        reported_groups = {f.outcome for arm in arms for f in arm.findings}
        whole = study.read == "whole" and study.checked in ("abstract", "full_text")
        if not reported_groups & set(groups):
            tally.disagree(
                "OUTCOME_NOT_REPORTED" if whole else "UNSEEN_DETAIL",
                f"the record has no finding on {', '.join(groups).replace('_', ' ')}",
                seen=whole,
            )
            return ()
        readings = [(arm, read(self.base.data.rules, study, arm, wanted)) for arm in arms]
        ordered = sorted(readings, key=lambda pair: pair[0] is not best)
        gain = next(((a, r) for a, r in ordered if r.stance == "positive"), None)
        failure = next(((a, r) for a, r in ordered if r.stance == "negative"), None)
        if set(groups) & {"safety", "feasibility"}:
            return self._harmless(tally, best, reported, groups)
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
        self, tally: _Tally, arm: StudyKey, reported: ReportedResult, groups: Iterable[str]
    ) -> tuple[int, ...]:
        """A report of safety or feasibility holds unless the arm's own findings show the harm."""
        positions = tuple(i for i, f in enumerate(arm.findings) if f.outcome in groups)
        bad = [i for i in positions if arm.findings[i].met is False or arm.findings[i].direction == "worse"]
        if reported.direction == "gain" and bad:
            tally.disagree("OVERSTATED", f"the record says otherwise: {self._words(arm, tuple(bad))}", seen=True)
        return positions

    def _numbers(self, tally: _Tally, study: Study, arms: list[StudyKey], reported: ReportedResult) -> None:
        if reported.percent is None and reported.n is None:
            return
        findings = [f for arm in arms for f in arm.findings if reported.outcome in (None, f.outcome)]
        if reported.percent is not None:
            known = [(f, _percent(f)) for f in findings]
            hits = [f for f, value in known if value is not None and abs(value - reported.percent) <= 1.0]
            if not hits:
                values = sorted({round(value, 1) for _, value in known if value is not None})
                seen = (
                    bool(values)
                    and study.checked != "secondary"
                    and not all(f.checked == "secondary" for f in findings)
                )
                tally.disagree(
                    "NUMBER_MISMATCH" if values else "UNSEEN_DETAIL",
                    f"the sentence says {reported.percent:g}%; the record has {', '.join(f'{v:g}%' for v in values) or 'no such number'}",
                    seen=seen,
                )
            elif reported.n_total is None:
                tally.codes.add("NO_DENOMINATOR")
                fractions = sorted({f"{f.n} of {f.n_total}" for f in hits if f.n is not None and f.n_total})
                tally.says.append(
                    f"{reported.percent:g}% is {', '.join(fractions) or 'a share whose denominator the record does not give'}"
                )
                if all((f.checked or study.checked) == "secondary" for f in hits):
                    tally.codes.add("SECONDARY_SOURCE")
        elif reported.n is not None and not any(
            f.n == reported.n and reported.n_total in (None, f.n_total) for f in findings
        ):
            tally.disagree(
                "NUMBER_MISMATCH",
                f"the record does not have {reported.n} of {reported.n_total}",
                seen=study.checked != "secondary",
            )

    def _omitted(self, study: Study, cited: frozenset[str]) -> bool:
        """Tell whether a later negative report on the same treatment exists that the document leaves out."""
        wanted = Wanted(self.base.data.rules.status.silent_outcomes, False)
        for other, arm, _, _ in self.base.keys:
            follows = any(
                relation.type == "follow_up_of" and relation.target in (study.id, *study.aliases)
                for relation in other.relations
            )
            if follows and other.id not in cited and study_date(other).harms_from() <= self.base.as_of:
                if read(self.base.data.rules, other, arm, wanted).stance == "negative":
                    return True
        return False

    def _labels(self, axis: str, concepts: Iterable[str]) -> str:
        return " + ".join(self.vocabulary.label(axis, concept) for concept in concepts) or "nothing"

    @staticmethod
    def _words(arm: StudyKey, positions: tuple[int, ...]) -> str:
        return "; ".join(describe(arm.findings[i]) for i in positions) or "no such result"

    # ------------------------------------------------------------------ regulatory statements

    def regulatory(self, claim: Claim, key: ProductKey) -> tuple[Truth, tuple[str, ...], frozenset[str]]:
        """Return whether a regulatory statement holds, the records that say so, and codes."""
        said = claim.regulatory
        assert said is not None
        if said.says == "rule":
            return ("true" if claim.supported_by else "cannot_tell"), claim.supported_by, frozenset()
        if said.says == "in_trials":
            return self._in_trials(key, said.phase)
        if said.says == "used_without_licence":
            routes = [
                r.id
                for r in self.base.data.access_routes
                if r.kind == "route" and r.nk_use and (not said.jurisdictions or r.jurisdiction in said.jurisdictions)
            ]
            return ("true" if routes else "cannot_tell"), tuple(routes), frozenset()
        places = said.jurisdictions or tuple(self.base.data.build.jurisdictions)
        licensed = [
            approval.id
            for place in places
            for approval, _ in self.base.licences.get(place, [])
            if self._is_product(approval.label, key)
        ]
        absent = {place: self._absences(key, place) for place in places}
        on_file = tuple(sorted({record for records in absent.values() for record in records}))
        everywhere = all(absent.values())
        if said.says == "approved":
            if licensed:
                return "true", tuple(licensed), frozenset()
            codes = frozenset({"ABSENCE_ON_FILE"}) if on_file else frozenset()
            return ("false" if everywhere else "cannot_tell"), on_file, codes
        if licensed:
            return "false", tuple(licensed), frozenset({"CONTRADICTED"})
        return (("true" if everywhere else "cannot_tell"), on_file, frozenset({"ABSENCE_ON_FILE"} if on_file else ()))

    def _is_product(self, label: ProductKey, key: ProductKey) -> bool:
        """Tell whether an authorised product is one the sentence speaks of (any indication unless named)."""
        vector = compare(self.vocabulary, complete(self.vocabulary, label), key)
        return vector["cell_type"] in ("same", "narrower") and not vector.axes("different")

    def _absences(self, key: ProductKey, place: str) -> list[str]:
        """Return findings of absence that hold there on that day for every cell type named."""
        found: list[str] = []
        for cell_type in key.cell_type or ("",):
            mine = [
                absence.id
                for absence in self.base.data.absences
                if place in absence.jurisdictions
                and absence.date.harms_from() <= self.base.as_of
                and absence.cell_type
                and any(
                    self.vocabulary.relation("cell_type", own, cell_type) in ("same", "broader")
                    for own in absence.cell_type
                    if cell_type
                )
                and not absence.product
                and not (absence.indication and not key.indication)
            ]
            if not mine:
                return []
            found += mine
        return found

    def _in_trials(self, key: ProductKey, phase: str | None) -> tuple[Truth, tuple[str, ...], frozenset[str]]:
        rows = [trial_id for trial_id, trial_phase in self._trials(key) if phase != "late" or "PHASE3" in trial_phase]
        return ("true" if len(rows) > 1 else "cannot_tell"), tuple(rows[:20]), frozenset()

    # ------------------------------------------------------------------ counts

    def _trials(self, key: ProductKey) -> list[tuple[str, str]]:
        return [
            (trial.id, trial.phase or "")
            for trial, own in self.base.trials
            if trial.is_nk_therapy
            and not trial.doubt
            and trial_date(trial).helps_from() <= self.base.as_of
            and self._counts(own, key)
        ]

    def _counts(self, own: ProductKey, key: ProductKey) -> bool:
        if not own.cell_type:
            return False
        vector = compare(self.vocabulary, own, key)
        return vector["cell_type"] in ("same", "narrower", "broader") and not vector.axes("different", "unknown")

    def count(self, claim: Claim, key: ProductKey) -> tuple[Truth, tuple[str, ...], frozenset[str], int]:
        """Return whether a count holds, the records behind it, codes, and our own count (a lower bound)."""
        said = claim.counting
        assert said is not None
        rows = [trial_id for trial_id, _ in self._trials(key)] if said.what == "trials" else self._studies(key)
        ours = len(rows)
        published = self._published(key, said.what)
        best = max([ours, *(value for _, value in published)])
        sources = tuple(study_id for study_id, _ in published)
        if said.op in ("some",):
            return ("true" if ours else "cannot_tell"), tuple(rows[:5]), frozenset(), ours
        if said.op == "none":
            if best:
                return "false", (*sources, *rows[:5]), frozenset({"STALE_COUNT"}), ours
            return (
                ("true" if any(value == 0 for _, value in published) else "cannot_tell"),
                sources,
                frozenset(),
                ours,
            )
        assert said.value is not None
        if said.op == "over":
            return ("true" if best > said.value else "cannot_tell"), (*sources, *rows[:5]), frozenset(), ours
        limit = said.value * (1 + (self.base.data.rules.status.constants.about_tolerance if said.op == "about" else 0))
        if best > limit:
            return "false", (*sources, *rows[:5]), frozenset({"STALE_COUNT"}), ours
        return "cannot_tell", sources, frozenset(), ours

    def _studies(self, key: ProductKey) -> list[str]:
        return sorted(
            {
                study.id
                for study, _, own, _ in self.base.keys
                if study.evidence_kind == "human" and self._counts(own, key)
            }
        )

    def _published(self, key: ProductKey, what: str) -> list[tuple[str, int]]:
        """Return counts that reviews print for these cells, without any further restriction."""
        if any(getattr(key, axis) for axis in ProductKey.model_fields if axis != "cell_type"):
            return []
        return [
            (study.id, count.value)
            for study in self.base.data.studies
            for count in study.counts
            if count.what == what
            and study_date(study).helps_from() <= self.base.as_of
            and set(count.cell_type) <= set(key.cell_type)
        ]


def _pair(found: tuple[StudyKey, object]) -> tuple[StudyKey, tuple[int, ...]]:
    arm, reading = found
    return arm, reading.findings  # type: ignore[attr-defined]


def _seen(study: Study, arm: StudyKey, positions: tuple[int, ...]) -> bool:
    """Tell whether at least one deciding finding was read better than in a secondary source."""
    checks = [arm.findings[i].checked or study.checked for i in positions]
    return any(check != "secondary" for check in checks) if checks else study.checked != "secondary"


def _percent(finding: Finding) -> float | None:
    if finding.percent is not None:
        return finding.percent
    if finding.n is not None and finding.n_total:
        return 100 * finding.n / finding.n_total
    return None


def describe(finding: Finding) -> str:
    """Return a finding in one line, always with its denominator where there is one."""
    parts = [finding.endpoint + ":"]
    if finding.n is not None and finding.n_total:
        parts.append(f"{finding.n} of {finding.n_total}" + (f" {finding.n_basis}" if finding.n_basis else ""))
        if finding.percent is not None:
            parts.append(f"({finding.percent:g}%)")
    elif finding.percent is not None:
        parts.append(
            f"{finding.percent:g}%" + (f" of {finding.n_total}" if finding.n_total else " (denominator not reported)")
        )
    if finding.interval and (finding.interval.low is not None or finding.interval.high is not None):
        parts.append(
            f"[{finding.interval.level:g}% interval {_bound(finding.interval.low)} to {_bound(finding.interval.high)}]"
        )
    if finding.value:
        parts.append(finding.value)
    if finding.p:
        parts.append("P " + (finding.p if finding.p[0] in "<>=" else f"= {finding.p}"))
    words = {
        "better": "better than the comparator",
        "no_difference": "no difference from the comparator",
        "worse": "worse than the comparator",
    }
    if finding.direction in words:
        parts.append(f"– {words[finding.direction]}")
    if finding.met is False:
        parts.append("– target missed")
    if len(parts) == 1:
        parts.append("reported without a number")
    return " ".join(parts)


def _bound(value: float | None) -> str:
    return "not reached" if value is None else f"{value:g}"
