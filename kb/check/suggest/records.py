"""Which records may be told of instead of a claim: those that decided first, then closest, strongest, latest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.assess.base import Base, study_date
from kb.assess.evidence import Item
from kb.assess.match import complete
from kb.assess.outcome import Wanted
from kb.assess.result import Result, Status
from kb.assess.safety import SafetyJudge
from kb.records.approval import SafetyEvent
from kb.records.claim import Claim
from kb.records.common import ProductKey
from kb.records.study import Finding, Study, StudyKey
from kb.records.trial import Trial

#: Results: what came out, good or bad.
_RESULTS = ("positive", "negative", "other_result", "reports_safety")
#: Bearing of a record and how closely it matches → its place among those that did not decide.
_TIERS = (
    (_RESULTS, ("direct", "partial")),
    (("under_way",), ("direct", "partial")),
    (_RESULTS, ("possible",)),
    (("marker_only",), ("direct", "partial", "possible")),
    (("under_way",), ("possible",)),
    (_RESULTS, ("indirect",)),
    (("stopped_safety", "stopped_futility", "stopped_other", "silent"), ("direct", "partial")),
    (("stopped_safety", "stopped_futility", "stopped_other", "silent"), ("possible",)),
    (("safety_only",), ("direct", "partial", "possible")),
)
#: Findings of one arm that may be tried in turn.
_FINDINGS = 3
_MATCH = ("direct", "partial", "possible", "indirect")


@dataclass(frozen=True)
class Chosen:
    """A record to be told of.

    Attributes:
        study, arm, key_id: a study and its arm; None for a registration.
        finding: what is told of it; None where nothing of the claimed kind is on file but safety.
        trial: a registration.
        event: a harm reported outside studies.
        stance: how it bears on the claim.
        close: it is of the very cells and people of the claim, or a case of them, or the claim cites it.
    """

    study: Study | None = None
    arm: StudyKey | None = None
    key_id: str = ""
    finding: Finding | None = None
    trial: Trial | None = None
    event: SafetyEvent | None = None
    stance: str = ""
    close: bool = True

    @property
    def name(self) -> str:
        """Id of what is told: of a study its arm."""
        one = self.trial or self.event
        return one.id if one else self.key_id


class Records:
    """Chooses among the records that the judges listed for a claim.

    Args:
        base: the facts and the day.
    """

    def __init__(self, base: Base) -> None:
        self._base = base
        self._trials = {trial.id: trial for trial in base.data.trials}
        self._events = {event.id: event for event in base.data.safety_events}
        self._safety = SafetyJudge(base)
        self._silent = tuple(base.data.rules.status.silent_outcomes)

    def of(self, claim: Claim, key: ProductKey, status: Status) -> Iterator[Chosen]:
        """Yield the records for a claim, the best first; nothing is told twice.

        Args:
            claim: as read.
            key: what it speaks of.
            status: its verdict, with the records the judges listed.
        """
        told: set[tuple[str, Finding | None]] = set()
        listed = self._harms(claim, key, status) if claim.claim_type == "safety" else self._listed(claim, status)
        for chosen in (*self._reported(claim, status.result), *listed):
            token = (chosen.name, chosen.finding)
            if token not in told:
                told.add(token)
                yield chosen

    def usable(self, study: Study) -> bool:
        """Tell whether a study may be told of: published, with people, and neither retracted nor in doubt."""
        doubted = self._base.corrected(study) and study.integrity == "concern"
        known = self._base.usable((study.id,))
        return bool(known) and not doubted and study.evidence_kind == "human" and study.second_check != "disputed"

    def failure(self, name: str, wanted: Wanted) -> Chosen | None:
        """Return the failure that a study reports of a wanted outcome; None when it may not be told of."""
        study = self._base.study(name)
        if study is None or not self.usable(study):
            return None
        for _, arm, _, key_id in self._base.arms_of[study.id]:
            reading = self._base.reading(key_id, wanted)
            if reading.stance == "negative":
                finding = self._findings(arm, reading.findings, wanted.groups)[0]
                return Chosen(study, arm, key_id, finding, stance="negative")
        return None

    # ------------------------------------------------------------------ what the sentence names

    def _reported(self, claim: Claim, result: Result) -> Iterator[Chosen]:
        """Yield what the studies that a sentence reports really found, in the arm it speaks of."""
        for report, said in zip(result.reports, claim.reports, strict=False):
            if report.study is None or not self.usable(report.study):
                continue
            arms = {key_id: arm for _, arm, _, key_id in self._base.arms_of[report.study.id]}
            names = sorted(arms, key=lambda name: name != report.key_id)
            groups = (said.outcome,) if said.outcome else self._silent
            for wanted in (groups, self._silent, ("safety", "feasibility", "biomarker")):
                for name in names:
                    for finding in self._findings(arms[name], (), wanted):
                        yield Chosen(report.study, arms[name], name, finding, stance="cited")

    # ------------------------------------------------------------------ what the judges listed

    def _listed(self, claim: Claim, status: Status) -> Iterator[Chosen]:
        ranked: list[tuple[tuple[object, ...], Item]] = []
        seen: set[str] = set()
        for result in (status.result, status.sold):
            for item in result.items if result else ():
                if item.excluded or item.key_id in seen:
                    continue
                seen.add(item.key_id)
                tier = self._tier(item, decided=result is not None and result.rests_on(item))
                if tier is not None:
                    ranked.append(((tier, *self._rank(item)), item))
        for _, item in sorted(ranked, key=lambda pair: pair[0]):
            yield from self._chosen(claim, item)

    def _tier(self, item: Item, *, decided: bool) -> int | None:
        if item.kind not in ("study", "trial"):
            return None
        if item.vector["cell_type"] not in ("same", "narrower", "open") or item.vector["indication"] == "unknown":
            return None  # other cells, whose results are of another product, or people nobody named
        if decided:
            return -1
        if item.stance == "negative" and item.hits:
            return 0
        return next(
            (
                place
                for place, (stances, matches) in enumerate(_TIERS)
                if item.stance in stances and item.match in matches
            ),
            None,
        )

    def _rank(self, item: Item) -> tuple[object, ...]:
        rank = self._base.data.rules.rank
        if item.kind == "trial":
            day = self._trials[item.record_id].status_date
            latest = -day.last.toordinal() if day else 0
            counted = slight = False
        else:
            study, arm, _ = self._base.arms[item.key_id]
            latest = -study_date(study).last.toordinal()
            slight = (arm.design or study.design) in ("case-report", "case-series")
            counted = any(arm.findings[i].n is not None for i in item.findings)
        away = len(item.vector.axes("different"))
        strength = -rank.get(item.level, -1)
        return (_MATCH.index(item.match), away, strength, slight, not counted, latest, item.key_id)

    def _chosen(self, claim: Claim, item: Item) -> Iterator[Chosen]:
        if item.kind == "trial":
            yield Chosen(trial=self._trials[item.record_id], stance=item.stance)
            return
        study, arm, _ = self._base.arms[item.key_id]
        if not self.usable(study):
            return
        close = item.match in ("direct", "partial") or item.hits
        if item.stance == "safety_only":
            yield Chosen(study, arm, item.key_id, stance=item.stance, close=close)
            return
        groups: tuple[str, ...] = (claim.outcome,) if claim.outcome else self._silent
        if item.stance == "marker_only":
            groups = ("biomarker",)
        for finding in self._findings(arm, item.findings, groups):
            yield Chosen(study, arm, item.key_id, finding, stance=item.stance, close=close)

    def _findings(self, arm: StudyKey, decided: Sequence[int], groups: Sequence[str]) -> list[Finding]:
        """Return the findings to be told, best first: the primary endpoint of the claimed kind, else what decided.

        The others are counts for which the first may be exchanged when it cannot be put in words that hold by
        themselves; never where a primary endpoint was missed, nor for a comparison.
        """

        def counted(one: Finding) -> bool:
            return one.n is not None and one.n_total is not None

        def rank(place: int) -> tuple[bool, bool, bool, bool, int]:
            one = arm.findings[place]
            told = counted(one) or one.comparative
            secondary = one.checked == "secondary"
            return (not (one.is_primary and one.outcome in groups), place not in decided, not told, secondary, place)

        fits = sorted((i for i, one in enumerate(arm.findings) if i in decided or one.outcome in groups), key=rank)
        found = [arm.findings[place] for place in fits]
        if any(one.is_primary and one.met is False for one in arm.findings) or any(one.comparative for one in found):
            return found[:1]
        return [*found[:1], *filter(counted, found[1:])][:_FINDINGS]

    # ------------------------------------------------------------------ harms

    def _harms(self, claim: Claim, key: ProductKey, status: Status) -> Iterator[Chosen]:
        """Yield harms of these cells that happened; unless they refute the claim, then what was found harmless."""
        ranked: list[tuple[tuple[object, ...], Chosen]] = []
        for harm in self._safety.recorded(complete(self._base.data.vocabulary, key), claim.event):
            if harm.vector["cell_type"] not in ("same", "narrower", "open"):
                continue
            if not harm.happened and status.result.level == "X":
                continue
            if harm.any_cause:
                continue  # people who died of their disease are no harm of the cells
            decided = harm.record_id in status.result.used
            if event := self._events.get(harm.record_id):
                ranked.append(((not harm.happened, not decided, 1, 0, event.id), Chosen(event=event)))
                continue
            study, arm, _ = self._base.arms[harm.key_id]
            if harm.n is None or not harm.n_total or not self.usable(study):
                continue
            alike = (
                one for one in arm.findings if (one.event, one.n, one.n_total) == (harm.event, harm.n, harm.n_total)
            )
            finding = next(alike)
            away = len(harm.vector.axes("unknown", "broader", "different"))
            elsewhere = bool(key.indication) and not self._shares(arm, key)
            latest = -study_date(study).last.toordinal()
            secondary = (finding.checked or study.checked) == "secondary"
            rank = (
                not harm.happened,
                not decided,
                0,
                (elsewhere, away, secondary, not (study.pmid or study.doi), latest),
                study.id,
            )
            close = away == 0 and not elsewhere
            ranked.append((rank, Chosen(study, arm, harm.key_id, finding, stance="harm", close=close)))
        yield from (chosen for _, chosen in sorted(ranked, key=lambda pair: pair[0]))

    def _shares(self, arm: StudyKey, key: ProductKey) -> bool:
        """Tell whether an arm had people with a disease of the sentence."""
        relation = self._base.data.vocabulary.relation
        pairs = ((own, said) for own in arm.indication for said in key.indication)
        return any(relation("indication", own, said) != "different" for own, said in pairs)
