"""What if a record fell: the same verdicts as in a world entered without it, and no trace afterwards."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.assess.base import Base
from kb.assess.claim import Assessor
from kb.dataset import Dataset
from kb.dates import PartialDate
from kb.records.study import Study
from tests.factory import absence, access_route, approval, claim, document, safety_event, study, trial
from tests.unit.worlds import DAYS, PLACES, World, house, judged, verdicts, without, worlds

DAY = date(2026, 1, 1)


@house(120)
@given(one=worlds(), day=DAYS, pick=st.data())
def test_without_a_record_is_a_world_entered_without_it(data: Dataset, one: World, day: date, pick: Any) -> None:
    base = one.base(data, day)
    assessor = Assessor(base)
    before = assessor.assess(one.page, one.said, PLACES)
    for record in pick.draw(st.permutations([record.id for record in one.records])):
        with base.without(record):
            hidden = verdicts(assessor.assess(one.page, one.said, PLACES))
        assert hidden == verdicts(judged(data, without(one, record), day)), record
    assert assessor.assess(one.page, one.said, PLACES) == before == judged(data, one, day)


@house(120)
@given(one=worlds(), day=DAYS, number=st.integers(0, 3))
def test_retracting_a_study_is_a_world_in_which_it_was_retracted(
    data: Dataset, one: World, day: date, number: int
) -> None:
    studies = [record for record in one.records if isinstance(record, Study)]
    fallen = studies[number % len(studies)]
    gone = fallen.model_copy(update={"integrity": "retracted", "integrity_date": PartialDate.parse("1990")})
    other = World(tuple(gone if record is fallen else record for record in one.records), one.page)
    base = one.base(data, day)
    assessor = Assessor(base)
    before = assessor.assess(one.page, one.said, PLACES)
    with base.retracting(fallen.id):
        retracted = verdicts(assessor.assess(one.page, one.said, PLACES))
    assert retracted == verdicts(judged(data, other, day))
    assert assessor.assess(one.page, one.said, PLACES) == before


@house(60)
@given(one=worlds(), days=st.lists(DAYS, min_size=2, max_size=3))
def test_a_world_without_a_record_goes_through_time_too(data: Dataset, one: World, days: list[date]) -> None:
    base = one.base(data, DAY)
    assessor = Assessor(base)
    fallen = one.records[0].id
    other = without(one, fallen)
    with base.without(fallen):
        for since, until, statuses in assessor.spans(one.page, one.said, PLACES):
            for day in [since, *(day for day in days if since <= day < until)]:
                assert verdicts(statuses) == verdicts(judged(data, other, day))
    assert assessor.assess(one.page, one.said, PLACES) == judged(data, one, DAY)


ONE_OF_EACH: tuple[tuple[Any, dict[str, Any]], ...] = (  # record, sentence that rests on it
    (study(), {}),
    (trial(), {}),
    (approval(label={"cell_type": ["nk"]}), {"licensed_as_such": True}),
    (absence(), {"claim_type": "regulatory", "regulatory": {"says": "approved", "jurisdictions": ["US"]}}),
    (
        access_route(),
        {"claim_type": "regulatory", "regulatory": {"says": "used_without_licence", "jurisdictions": ["JP"]}},
    ),
    (safety_event(), {"claim_type": "safety", "event": "sepsis", "absolute": True}),
)


@pytest.mark.parametrize(("record", "values"), ONE_OF_EACH, ids=lambda one: getattr(one, "id", ""))
def test_every_kind_of_record_can_fall(data: Dataset, record: Any, values: dict[str, Any]) -> None:
    said = claim(**values)
    one = World((record,), document(said))
    base = one.base(data, DAY)
    assessor = Assessor(base)
    with_it = verdicts(assessor.assess(one.page, said, PLACES))
    with base.without(record.id):
        assert verdicts(assessor.assess(one.page, said, PLACES)) != with_it
    assert verdicts(assessor.assess(one.page, said, PLACES)) == with_it


def test_what_if_ends_when_something_goes_wrong_inside(data: Dataset) -> None:
    record = study()
    one = World((record,), document(claim()))
    base = one.base(data, DAY)
    for what_if in (base.without, base.retracting):
        with pytest.raises(RuntimeError), what_if(record.id):
            assert not base.usable([record.id])
            raise RuntimeError
        assert base.usable([record.id]) == (record.id,)


def test_what_ifs_can_be_nested(data: Dataset) -> None:
    first, second = study(), study()
    base: Base = World((first, second), document(claim())).base(data, DAY)
    with base.retracting(first.id):
        with base.without(second.id):
            assert base.usable([first.id, second.id]) == ()
        assert base.usable([first.id, second.id]) == (second.id,)
    for what_if in (base.without, base.retracting):
        with what_if(first.id), what_if(second.id):
            assert base.usable([first.id, second.id]) == ()
    assert base.usable([first.id, second.id]) == (first.id, second.id)
