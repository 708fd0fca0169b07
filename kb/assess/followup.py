"""Later reports on what a supporting study showed: of the same people, as its follow-up, or on the same endpoint.

A pilot that looks good is often all a page names. What came after it, above all what came out badly,
is listed beside it, with whether the document names it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from kb.assess.base import Base, study_date
from kb.assess.evidence import Item
from kb.assess.outcome import Wanted
from kb.findings import describe
from kb.records.study import Study

Tie = Literal["follow_up", "same_people", "same_endpoint"]
CameOut = Literal["positive", "negative", "mixed", "neither"]
_Outcome = tuple[CameOut, tuple[str, ...]]


@dataclass(frozen=True)
class LaterReport:
    """A later report on what a study showed.

    Attributes:
        study, later: ids of the two.
        tie: how the later one hangs on the earlier.
        stance: how it came out for the claimed outcome: positive, negative, mixed or neither.
        named: whether the document names it.
        says: its deciding findings, in words.
    """

    study: str
    later: str
    tie: Tie
    stance: CameOut
    named: bool
    says: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the report as it stands in a proof."""
        return {
            "study": self.study,
            "later": self.later,
            "tie": self.tie,
            "stance": self.stance,
            "named": self.named,
            "says": list(self.says),
        }


def later_reports(
    base: Base,
    supporting: Iterable[str],
    wanted: Wanted,
    items: Iterable[Item] = (),
    named: frozenset[str] = frozenset(),
) -> list[LaterReport]:
    """Return the later reports on each supporting study, negative ones first.

    Args:
        base: the facts and the day.
        supporting: ids of studies a status rests on because they came out well, or which a sentence reports.
        wanted: the claimed outcome.
        items: what matches the sentence; a later failure among them is on the same endpoint.
        named: studies the document names anywhere.
    """
    # The failures are picked out once, not once for each supporting study; so is how a later report came out.
    failures = [one for one in items if one.stance == "negative" and not one.excluded and _matches(one)]
    outcomes: dict[str, _Outcome] = {}
    found: dict[tuple[str, str], LaterReport] = {}
    known = {study.id: study for study in map(base.study, set(supporting)) if study}
    for study in sorted(known.values(), key=lambda one: (study_date(one).first, one.id)):
        for other, tie in _later(base, study, failures):
            if (study.id, other.id) not in found:
                if other.id not in outcomes:
                    outcomes[other.id] = _came_out(base, other, wanted)
                stance, says = outcomes[other.id]
                found[study.id, other.id] = LaterReport(study.id, other.id, tie, stance, other.id in named, says)
        # A failure on the same endpoint is told once, beside the earliest study it answers, not with every one.
        cohort = base.cohorts()[study.id]
        failures = [one for one in failures if one.cohort == cohort]
    order = {"negative": 0, "mixed": 1, "neither": 2, "positive": 3}
    return sorted(found.values(), key=lambda one: (order[one.stance], one.study, one.later))


def _matches(item: Item) -> bool:
    return item.hits or item.match in ("direct", "partial")


def _later(base: Base, study: Study, failures: Sequence[Item]) -> Iterator[tuple[Study, Tie]]:
    """Yield each usable later study with its tie, the closest tie first."""
    for other in base.follow_ups_of(study.id):
        yield other, "follow_up"
    cohorts = base.cohorts()
    since = study_date(study)
    for other in base.mates(cohorts[study.id]):
        if other.id != study.id and study_date(other).first > since.first and base.usable((other.id,), harms=True):
            yield other, "same_people"
    for item in failures:
        if item.cohort != cohorts[study.id]:
            other = base.study_by_id[item.record_id]
            if study_date(other).first > since.first:
                yield other, "same_endpoint"


def _came_out(base: Base, study: Study, wanted: Wanted) -> _Outcome:
    stances = set()
    says: list[str] = []
    for _, arm, _, key_id in base.arms_of[study.id]:
        reading = base.reading(key_id, wanted)
        if reading.stance in ("positive", "negative"):
            stances.add(reading.stance)
            says += [describe(arm.findings[i]) for i in reading.findings[:2]]
    if not stances:
        return "neither", ()
    if len(stances) > 1:
        return "mixed", tuple(dict.fromkeys(says))
    return ("positive" if "positive" in stances else "negative"), tuple(dict.fromkeys(says))
