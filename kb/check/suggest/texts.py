"""Sentences that could stand instead of a claim, the best first, each with the records it rests on."""

from __future__ import annotations

from collections.abc import Iterator

from kb.assess.base import Base
from kb.assess.followup import later_reports
from kb.assess.match import bare
from kb.assess.outcome import Wanted
from kb.assess.result import Status
from kb.check.suggest import frames
from kb.check.suggest.records import Chosen, Records
from kb.check.suggest.standing import Standing, seen
from kb.check.suggest.wording import Wording, capital, place_name, second_hand
from kb.records.approval import SafetyEvent
from kb.records.claim import Claim
from kb.records.common import ProductKey, Provenance
from kb.records.study import Study, StudyKey
from kb.records.trial import Trial

#: A text and the ids of its records, the one it is about first.
Text = tuple[str, tuple[str, ...]]


def _secondary(record: Provenance) -> str:
    """Return what is said of a record whose own source nobody read."""
    return frames.BY_SECONDARY if record.checked == "secondary" else ""


class Texts:
    """Fills the frames with facts.

    Args:
        base: the facts and the day.
        records: chooses them.
        standing: tells what is approved.
        wording: facts in words.
    """

    def __init__(self, base: Base, records: Records, standing: Standing, wording: Wording) -> None:
        self._base = base
        self._records = records
        self._standing = standing
        self._wording = wording
        self._trial_keys = {trial.id: key for trial, key in base.trials}

    def of(self, claim: Claim, key: ProductKey, status: Status, place: str) -> Iterator[Text]:
        """Yield the texts for a claim.

        Args:
            claim: as read.
            key: what it speaks of.
            status: its verdict.
            place: jurisdiction.
        """
        if claim.claim_type == "counting":
            return
        if claim.claim_type == "regulatory":
            yield from self._absent(claim, key, place)
            yield from self._elsewhere(claim, key, self._base.data.build.jurisdictions, place)
            return
        yield from self._elsewhere(claim, key, status.approved_elsewhere, place)
        compares = claim.claim_type == "comparative"
        for one in self._records.of(claim, key, status):
            if compares and not (one.finding and one.finding.comparative):
                continue
            if one.event is not None:
                yield self._harm(one.event, place)
            elif one.trial is not None:
                yield self._trial(one.trial, one.stance, place)
            elif one.study is not None and one.arm is not None:
                yield self._results(claim, key, status, one, one.study, one.arm, place)

    # ------------------------------------------------------------------ studies

    def _results(
        self, claim: Claim, key: ProductKey, status: Status, chosen: Chosen, study: Study, arm: StudyKey, place: str
    ) -> Text:
        """Return what a study found; a success never without the failure that answers it."""
        text, records = self._study(chosen, study, arm, place)
        other = self._counterpart(claim, key, status, chosen, study)
        if other is None or other.study is None or other.arm is None:
            return text, records
        more, others = self._study(other, other.study, other.arm, place)
        standing = self._standing.of(self._base.arms[chosen.key_id][2], place)[0]
        if more.endswith(f"{standing}."):  # said once, at the end
            text = text.removesuffix(f"{standing}.") + "."
        return f"{text} {more}", tuple(dict.fromkeys((*records, *others)))

    def _study(self, chosen: Chosen, study: Study, arm: StudyKey, place: str) -> Text:
        words = self._wording
        key = self._base.arms[chosen.key_id][2]
        standing, records = self._standing.of(key, place)
        design, doubtful = words.design(study, arm), second_hand(study)
        text = frames.STUDY.format(
            a="an" if design[0] in "aeio" else "a",
            design=design,
            source=words.source(study),
            cells=words.cells(key, doubtful),
            partners=words.partners(key),
            people=words.people(key, None if "n" in doubtful else arm.n),
            result=words.result(study, arm, chosen.finding) if chosen.finding else frames.ONLY_SAFETY,
            only="" if chosen.close else frames.ONLY_THESE,
            standing=standing,
        )
        return text, (study.id, *records)

    def _counterpart(
        self, claim: Claim, key: ProductKey, status: Status, chosen: Chosen, study: Study
    ) -> Chosen | None:
        """Return the failure that must stand beside a success: of the same match, or a later report on it."""
        if chosen.stance not in ("positive", "cited"):
            return None
        if chosen.stance == "positive":
            for one in self._records.of(claim, key, status):
                if one.study is not None and one.study.id != study.id and one.stance == "negative":
                    return one
        silent = self._base.data.rules.status.silent_outcomes
        wanted = Wanted((claim.outcome,) if claim.outcome else silent, claim.outcome is not None, any_marker=True)
        later = later_reports(self._base, (study.id,), wanted)
        badly = (report.later for report in later if report.stance in ("negative", "mixed"))
        return next((found for name in badly if (found := self._records.failure(name, wanted))), None)

    def _harm(self, event: SafetyEvent, place: str) -> Text:
        words = self._wording
        standing, records = self._standing.of(bare(event), place)
        text = frames.HARM.format(
            Harm=capital(words.harm(event)),
            cells=words.cells(bare(event)),
            where=event.place,
            day=f", {event.date}" if event.date else "",
            reporter=event.reporter,
            secondary=_secondary(event),
            source=event.source,
            standing=standing,
        )
        return text, (event.id, *records)

    # ------------------------------------------------------------------ registrations

    def _trial(self, trial: Trial, stance: str, place: str) -> Text:
        words, key = self._wording, self._trial_keys[trial.id]
        standing, records = self._standing.of(key, place)
        frame = frames.TRIAL if stance == "under_way" else frames.TRIAL_ENDED
        cells = words.cells(key)
        text = frame.format(
            Cells=capital(cells),
            cells=cells,
            are=words.are(key),
            partners=words.partners(key),
            people=words.people(bare(key)),
            source=trial.id,
            phase=words.phase(trial),
            status=frames.STATUSES.get(trial.status or "", "status not on file"),
            day=trial.status_date or trial.retrieved,
            secondary=_secondary(trial),
            standing=standing,
        )
        return text, (trial.id, *records)

    # ------------------------------------------------------------------ authorisations

    def _absent(self, claim: Claim, key: ProductKey, place: str) -> Iterator[Text]:
        """Yield that the cells are not approved, place by place, where somebody looked and said so."""
        said = claim.regulatory.jurisdictions if claim.regulatory else ()
        for where in said or (place,):
            for found in self._standing.looked(key, where):
                text = frames.ABSENT.format(
                    Cells=capital(self._wording.kind(key)),
                    are=self._wording.are(key),
                    place=place_name(where),
                    seen=seen(found),
                    source="; ".join(dict.fromkeys(one.source for one in found)),
                )
                yield text, tuple(one.id for one in found)

    def _elsewhere(self, claim: Claim, key: ProductKey, places: tuple[str, ...], place: str) -> Iterator[Text]:
        """Yield authorisations of such cells in other places, for the disease of the sentence where it names one."""
        words = self._wording
        for where in places:
            if where == place:
                continue
            for approval, state in self._base.licences(where):
                label, event = approval.label, state.event
                named = claim.names_product in (None, approval.product_id)
                if not named or event is None or event.date is None or not approval.label_seen:
                    continue
                if set(label.cell_type) != set(key.cell_type) or not self._shares(label, key):
                    continue
                standing, records = self._standing.of(label, place)
                text = frames.ELSEWHERE.format(
                    product=approval.product,
                    cells=words.kind(label),
                    where=place_name(where),
                    authority=approval.agency,
                    day=event.date,
                    secondary=_secondary(event),
                    source=event.source,
                    people=words.people(label),
                    standing=standing,
                )
                yield text, (approval.id, *records)

    def _shares(self, label: ProductKey, key: ProductKey) -> bool:
        """Tell whether a label is for a disease of the sentence, or the sentence names none."""
        relation = self._base.data.vocabulary.relation
        pairs = [(own, said) for own in label.indication for said in key.indication]
        return not key.indication or any(relation("indication", own, said) != "different" for own, said in pairs)
