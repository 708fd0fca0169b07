"""Statuses over time: each span holds what a judgement of any of its days gives, and nothing comes before its date."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from kb.assess.claim import Assessor
from kb.assess.clock import FIRST, LAST
from kb.dataset import Dataset
from kb.records.approval import Absence, AccessRoute, Approval, SafetyEvent
from kb.records.study import Study
from kb.records.trial import Trial
from tests.unit.worlds import DAYS, PLACES, World, house, judged, verdicts, worlds

_ENDED = {"withdrawn", "lapsed", "refused", "conversion_refused", "suspended"}


@house(150)
@given(one=worlds(), days=st.lists(DAYS, min_size=2, max_size=4))
def test_a_span_holds_what_a_judgement_of_any_of_its_days_gives(data: Dataset, one: World, days: list[date]) -> None:
    base = one.base(data, date(2026, 1, 1))
    assessor = Assessor(base)
    today = verdicts(assessor.assess(one.page, one.said, PLACES))
    spans = list(assessor.spans(one.page, one.said, PLACES))

    assert spans[0][0] == FIRST
    assert spans[-1][1] == LAST
    for (since, until, _), (after, _, _) in pairwise(spans):
        assert since < until == after
    for since, until, statuses in spans:
        told = verdicts(statuses)
        for day in [since, until - timedelta(days=1), *(day for day in days if since <= day < until)]:
            assert verdicts(judged(data, one, day)) == told, day
    # Going through time leaves no trace.
    assert base.as_of == date(2026, 1, 1)
    assert assessor.explain
    assert verdicts(assessor.assess(one.page, one.said, PLACES)) == today


@house(60)
@given(one=worlds(), days=st.lists(DAYS, min_size=3, max_size=5))
def test_one_base_that_goes_back_and_forth_judges_as_a_fresh_one_each_day(
    data: Dataset, one: World, days: list[date]
) -> None:
    base = one.base(data, days[0])
    assessor = Assessor(base)
    for day in days:
        base.clock.set(day)
        assert assessor.assess(one.page, one.said, PLACES) == judged(data, one, day)  # the proof included


def dated_by(record: Any, day: date) -> Any:
    """Return what is known of a record by a day: None when nothing is."""
    if isinstance(record, Study):
        when = record.publication_date
        first = when.first if when else date(record.year, 1, 1) if record.year else record.retrieved.first
        if first > day:
            return None
        if record.integrity_date and record.integrity_date.first > day:
            record = record.model_copy(update={"integrity": "none", "integrity_date": None})
    elif isinstance(record, Trial):
        known = record.first_posted or record.start_date or record.status_date or record.retrieved
        return record if known.last <= day else None
    elif isinstance(record, Approval):
        dates = [event.date or event.retrieved for event in record.events]
        taken = [
            event
            for event, when in zip(record.events, dates, strict=True)
            if (when.first if event.event in _ENDED else when.last) <= day
        ]
        return record.model_copy(update={"events": tuple(taken)}) if taken else None
    elif isinstance(record, Absence | AccessRoute | SafetyEvent):
        return record if (record.date or record.retrieved).first <= day else None
    return record


def known_by(one: World, day: date) -> World:
    """Return the world with the facts dated by a day alone; nothing in it refers to what is not on file."""
    kept = [known for record in one.records if (known := dated_by(record, day)) is not None]
    gone = {record.id for record in one.records} - {record.id for record in kept}
    for place, record in enumerate(kept):
        if isinstance(record, Study):
            ties = tuple(tie for tie in record.relations if tie.target not in gone)
            kept[place] = record.model_copy(update={"relations": ties})
    return World(tuple(kept), one.page)


@house(150)
@given(one=worlds(), day=DAYS)
def test_only_facts_dated_by_a_day_count_on_it(data: Dataset, one: World, day: date) -> None:
    then = known_by(one, day)
    gone = {record.id for record in one.records} - {record.id for record in then.records}
    # A sentence that names a paper of the future is not a sentence that names no paper.
    assume(not gone & {report.study for report in one.said.reports})
    assert verdicts(judged(data, then, day, explain=False)) == verdicts(judged(data, one, day, explain=False))
