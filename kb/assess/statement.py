"""Regulatory statements and counts: true, false or open against the facts on file."""

from __future__ import annotations

from collections.abc import Sequence

from kb.assess.base import Base, study_date, trial_date
from kb.assess.evidence import running
from kb.assess.figures import Truth
from kb.assess.licence import Reached, by, has_ended, in_force, state
from kb.assess.match import compare, complete
from kb.jurisdictions import place_of_country
from kb.records.approval import Absence, Approval
from kb.records.claim import Claim
from kb.records.common import AXES, ProductKey
from kb.records.study import Study
from kb.records.trial import Trial


class StatementJudge:
    """Judges regulatory statements and counts against one base."""

    def __init__(self, base: Base) -> None:
        self.base = base
        self.vocabulary = base.data.vocabulary
        self._trials_of: dict[ProductKey, list[Trial]] = {}
        self._studies_of: dict[ProductKey, list[Study]] = {}

    # ------------------------------------------------------------------ regulatory statements

    def regulatory(
        self, claim: Claim, key: ProductKey, sells_authorised: bool
    ) -> tuple[Truth, tuple[str, ...], frozenset[str]]:
        """Return whether a regulatory statement holds, the records that say so, and codes.

        Args:
            claim: a regulatory claim.
            key: its completed key.
            sells_authorised: the document names an authorised product as what it sells.
        """
        said = claim.regulatory
        assert said is not None
        if said.says == "rule":
            borne_out = self.base.usable(claim.supported_by)
            return ("true" if borne_out else "cannot_tell"), borne_out, frozenset()
        if said.says == "in_trials":
            return self._in_trials(key, said.phase, said.jurisdictions)
        if said.says == "designated":
            records = self._designations(key, said.jurisdictions)
            return ("true" if records else "cannot_tell"), records, frozenset()
        if said.says == "used_without_licence":
            routes = self._routes(said.jurisdictions)
            return ("true" if routes else "cannot_tell"), tuple(routes), frozenset()
        places = said.jurisdictions or tuple(self.base.data.build.jurisdictions)
        reached = self._by(claim)
        sold = claim.subject == "own_product" and not sells_authorised
        licensed = {place: () if sold else self._licensed(claim, key, place, reached) for place in places}
        absent = {place: self._absences(key, place, reached, claim.names_product) for place in places}
        over = {place: self._over(claim, key, place, reached) for place in places}
        against = {place: absent[place] or ([] if licensed[place] else over[place]) for place in places}
        holding = tuple(dict.fromkeys(record for records in licensed.values() for record in records))
        for place in places:
            against[place] = against[place] or ([] if licensed[place] else self._wrongly_said(claim, place))
        on_file = tuple(sorted({record for records in against.values() for record in records}))
        codes = {"ABSENCE_ON_FILE"} if any(absent.values()) else set()
        if any(against[place] and over[place] for place in places):
            codes.add("LICENCE_ENDED")
        if said.says == "approved":
            # Places that a sentence names are each asserted; of a sentence that names none, one place is enough.
            each = bool(said.jurisdictions)
            if holding and (not each or all(licensed.values())):
                return "true", holding, frozenset()
            refuted = any(against.values()) if each else all(against.values()) or any(over.values())
            codes |= self._taken_for(key, places, claim.names_product)
            return ("false" if refuted else "cannot_tell"), (*on_file, *holding), frozenset(codes)
        if holding:
            return "false", holding, frozenset({"CONTRADICTED"})
        return ("true" if all(against.values()) else "cannot_tell"), on_file, frozenset(codes)

    def _by(self, claim: Claim) -> Reached:
        """Return which dates have come on the day a statement speaks of: the one it names, never later than today."""
        said = claim.regulatory
        return by(said.date.last) if said and said.date and self.base.reached(said.date.last) else self.base.reached

    def licence_level(self, claim: Claim, records: Sequence[str]) -> str | None:
        """Return the best level, on the day a statement speaks of, of the authorisations it rests on."""
        reached = self._by(claim)
        named = [approval for approval in self.base.data.approvals if approval.id in records]
        standings = {state(approval, reached).standing for approval in named} - {"not_in_force"}
        if not standings:
            return None
        return "A_FULL" if "full" in standings else "A_COND"

    def _licensed(self, claim: Claim, key: ProductKey, place: str, reached: Reached) -> tuple[str, ...]:
        """Return the authorisations in force there by then which a statement "approved" speaks of."""
        return tuple(
            approval.id
            for approval, _ in in_force(self.base.approvals(place), place, reached)
            if claim.names_product in (None, approval.product_id)
            and self._is_product(approval, key, named=claim.names_product is not None)
        )

    def _over(self, claim: Claim, key: ProductKey, place: str, reached: Reached) -> list[str]:
        """Return the authorisations of the product a sentence names that were refused there or have ended."""
        return [
            approval.id
            for approval in self.base.approvals(place)
            if approval.jurisdiction == place
            and claim.names_product == approval.product_id
            and has_ended(approval, reached)
            and self._is_product(approval, key, named=claim.names_product is not None)
        ]

    def _wrongly_said(self, claim: Claim, place: str) -> list[str]:
        """Return public records, known to be wrong, which say that the product a sentence names is authorised there."""
        return [
            route.id
            for route in self.base.routes()
            if route.kind == "false_claim"
            and route.jurisdiction == place
            and claim.names_product is not None
            and (route.product or "").casefold() == claim.names_product
        ]

    def _is_product(self, approval: Approval, key: ProductKey, *, named: bool) -> bool:
        """Tell whether an authorised product is one the sentence speaks of (any indication unless it names one)."""
        restricts = any(getattr(key, axis) for axis in ("indication", "setting", "combination"))
        if restricts and not approval.label_seen:
            return False
        vector = compare(self.vocabulary, complete(self.vocabulary, approval.label), key)
        fits = ("same", "narrower") if key.cell_type or not named else ("open",)
        return vector["cell_type"] in fits and not vector.axes("different")

    def _absences(self, key: ProductKey, place: str, reached: Reached, named: str | None) -> list[str]:
        """Return findings of absence that hold there by then for every kind of cells, or for the product named."""
        found: list[str] = []
        for cell_type in key.cell_type or ("",):
            mine = [
                absence.id
                for absence in self.base.absences()
                if place in absence.jurisdictions
                and reached(absence.date.harms_from())
                and cell_type
                and (absence.product is None or (named is not None and absence.product_id == named))
                and self._covers(absence, key, cell_type)
            ]
            if not mine:
                return []
            found += mine
        return found

    def _covers(self, absence: Absence, key: ProductKey, cell_type: str) -> bool:
        """Tell whether what was found absent is the same as, or wider than, what the sentence speaks of.

        Of one product that was looked for, silence of the sentence means the product as it was looked for.
        """
        said = key.model_copy(update={"cell_type": (cell_type,)})
        restricted = [axis for axis in AXES if getattr(absence, axis)]
        if absence.product is None and (
            "cell_type" not in restricted or any(not getattr(said, one) for one in restricted)
        ):
            return False
        found = ProductKey(**{axis: getattr(absence, axis) for axis in restricted})
        vector = compare(self.vocabulary, said, found)
        fits = ("same", "narrower") if absence.product is None else ("same", "narrower", "unknown")
        return all(vector[axis] in fits for axis in restricted)

    def _routes(self, places: Sequence[str]) -> list[str]:
        return [
            route.id
            for route in self.base.routes()
            if route.kind == "route" and route.used_for_nk == "yes" and (not places or route.jurisdiction in places)
        ]

    def _designations(self, key: ProductKey, places: Sequence[str]) -> tuple[str, ...]:
        """Return designations and trial clearances on file for such cells there; of whatever product."""
        return tuple(
            route.id
            for route in self.base.routes()
            if route.kind in ("designation", "trial_clearance")
            and (not places or route.jurisdiction in places)
            and any(self.vocabulary.is_a("cell_type", own, said) for own in route.cell_type for said in key.cell_type)
        )

    def _taken_for(self, key: ProductKey, places: Sequence[str], named: str | None) -> set[str]:
        """Return codes for routes and designations that a statement "approved" may have taken for an approval."""
        codes = set()
        for route in self.base.routes():
            pairs = [(own, said) for own in route.cell_type for said in key.cell_type]
            same = any(self.vocabulary.is_a("cell_type", own, said) for own, said in pairs)
            used = route.kind == "route" and route.used_for_nk in ("yes", "claimed")
            if named is not None:  # of one product only what that product was given
                same = (route.product or "").casefold() == named and route.kind != "false_claim"
                used = False
            if route.jurisdiction in places and (same or used):
                designation = route.kind in ("designation", "trial_clearance")
                codes.add("DESIGNATION_NOT_APPROVAL" if designation else "ACCESS_NOT_APPROVAL")
        return codes

    def _in_trials(
        self, key: ProductKey, phase: str | None, places: Sequence[str]
    ) -> tuple[Truth, tuple[str, ...], frozenset[str]]:
        """Trials that run: a registration that ended, or was last seen long ago, says nothing of today.

        With places, each must have trials of its own; where nobody saw a trial's countries it counts for none.
        """
        open_now = [
            trial
            for trial in self._trials(key)
            if running(self.base, trial) and (phase != "late" or "PHASE3" in (trial.phase or ""))
        ]
        by_place = [
            [trial for trial in open_now if not place or place in map(place_of_country, trial.countries)]
            for place in places or ("",)
        ]
        rows = sorted({trial.id for found in by_place for trial in found})
        return ("true" if all(len(found) > 1 for found in by_place) else "cannot_tell"), tuple(rows[:20]), frozenset()

    # ------------------------------------------------------------------ counts

    def _trials(self, key: ProductKey) -> list[Trial]:
        if key not in self._trials_of:
            alike: dict[int, bool] = {}  # equal keys are one object (Base.trials): each is compared once
            self._trials_of[key] = [
                trial
                for trial, own in self.base.trials
                if trial.is_nk_therapy and not trial.doubt and self._counts_once(alike, own, key)
            ]
        return [
            trial
            for trial in self._trials_of[key]
            if self.base.shows(trial.id) and self.base.reached(trial_date(trial).helps_from())
        ]

    def _counts_once(self, alike: dict[int, bool], own: ProductKey, key: ProductKey) -> bool:
        if id(own) not in alike:
            alike[id(own)] = self._counts(own, key)
        return alike[id(own)]

    def _counts(self, own: ProductKey, key: ProductKey) -> bool:
        if not own.cell_type:
            return False
        vector = compare(self.vocabulary, own, key)
        # A mixture that holds the cells is a trial of them; a donor merely "allogeneic" is not yet cord blood.
        return not vector.axes("different", "unknown") and set(vector.axes("broader")) <= {"cell_type"}

    def count(self, claim: Claim, key: ProductKey) -> tuple[Truth, tuple[str, ...], frozenset[str], int]:
        """Return whether a count holds, the records behind it, codes, and our own count (a lower bound)."""
        said = claim.counting
        assert said is not None
        rows = [trial.id for trial in self._trials(key)] if said.what == "trials" else self._studies(key)
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
        if key not in self._studies_of:
            self._studies_of[key] = [
                study
                for study in self.base.data.studies
                if study.evidence_kind == "human"
                and any(self._counts(own, key) for _, _, own, _ in self.base.arms_of[study.id])
            ]
        return sorted(
            study.id
            for study in self._studies_of[key]
            if self.base.shows(study.id) and self.base.reached(study_date(study).helps_from())
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
            and self.base.shows(study.id)
            and self.base.reached(study_date(study).helps_from())
            and set(count.cell_type) <= set(key.cell_type)
        ]
