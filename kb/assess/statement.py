"""Regulatory statements and counts: true, false or open against the facts on file."""

from __future__ import annotations

from kb.assess.citation import Truth
from kb.assess.evidence import Base, study_date, trial_date
from kb.assess.match import compare, complete
from kb.records.claim import Claim
from kb.records.common import ProductKey


class StatementJudge:
    """Judges regulatory statements and counts against one base."""

    def __init__(self, base: Base) -> None:
        self.base = base
        self.vocabulary = base.data.vocabulary

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
        if said.op == "some":
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
