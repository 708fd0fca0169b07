"""Later reports: all that is tied, at any distance, once it is out and stands; never anything else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.assess.result import Status
from kb.dataset import Dataset
from kb.dates import PartialDate
from kb.records.study import Study
from tests.factory import claim, document, finding, judge, study
from tests.unit.worlds import DAYS, STUDY_IDS, World, house, judged

NO_RESPONSE = finding(n=0, is_primary=True)


def after(earlier: Study, *, good: bool = False, kind: str = "follow_up_of", **values: Any) -> Study:
    """A later report on a study."""
    results = [finding() if good else NO_RESPONSE]
    return study(None, results, relations=[{"type": kind, "target": earlier.id}], **{"year": 2018, **values})


def told(status: Status) -> list[tuple[str, str, str, str, bool]]:
    """What a proof says came after."""
    assert status.result is not None
    reports = [report.as_json() for report in status.result.later]
    assert reports == status.result.proof["follow_ups"]
    return [(one["study"], one["later"], one["tie"], one["stance"], one["named"]) for one in reports]


def naming(*names: str) -> list[Any]:
    """A sentence about NK cells in AML, and sentences that name studies."""
    first = claim(id="page#c001")
    rest = [
        claim(id=f"page#c{i:03}", claim_type="citation", subject="cited_study", reports=[{"study": name}])
        for i, name in enumerate(names, 2)
    ]
    return [first, *rest]


def test_negative_reports_come_first_and_say_what_they_found(data: Dataset) -> None:
    pilot = study()
    good, bad = after(pilot, good=True), after(pilot)
    found = told(judge(data, claim(), pilot, good, bad))
    of_pilot = [one[1:4] for one in found if one[0] == pilot.id]
    assert of_pilot == [(bad.id, "follow_up", "negative"), (good.id, "follow_up", "positive")]
    report = judge(data, claim(), pilot, bad).result.proof["follow_ups"][0]
    assert "0 of 10" in report["says"][0]


def test_what_follows_a_follow_up_follows_the_pilot_too(data: Dataset) -> None:
    pilot = study()
    second = after(pilot, good=True, year=2016)
    third = after(second, year=2018)
    fourth = after(third, year=2020)
    found = {one[1] for one in told(judge(data, claim(), pilot, second, third, fourth)) if one[0] == pilot.id}
    assert found == {second.id, third.id, fourth.id}


def test_whether_the_page_names_a_later_report_is_told_by_any_of_its_names(data: Dataset) -> None:
    pilot = study()
    later = after(pilot, aliases=["REC:its-old-name"])
    for names, named in (((), False), ((later.id,), True), (("REC:its-old-name",), True), ((pilot.id,), False)):
        claims = naming(*names)
        found = told(judge(data, claims[0], pilot, later, claims=claims))
        assert [one[4] for one in found if one[:2] == (pilot.id, later.id)] == [named]


@pytest.mark.parametrize(("day", "known"), [(date(2017, 12, 31), False), (date(2018, 1, 1), True)])
def test_a_report_of_the_future_is_never_told(data: Dataset, day: date, known: bool) -> None:
    pilot = study()
    later = after(pilot)
    assert bool(told(judge(data, claim(), pilot, later, day=day))) is known


@pytest.mark.parametrize(("day", "stands"), [(date(2019, 12, 31), True), (date(2020, 1, 1), False)])
@pytest.mark.parametrize("kind", ["follow_up_of", "same_cohort"])
def test_a_retracted_report_is_never_told(data: Dataset, kind: str, day: date, stands: bool) -> None:
    pilot = study()
    gone = after(pilot, good=True, kind=kind, integrity="retracted", integrity_date="2020")
    found = [one for one in told(judge(data, claim(), pilot, gone, day=day)) if one[0] == pilot.id]
    assert bool(found) is stands


def test_a_later_paper_on_the_same_people_is_told_and_an_earlier_one_is_not(data: Dataset) -> None:
    pilot = study()
    same = after(pilot, good=True, kind="same_cohort", year=2018)
    found = told(judge(data, claim(), pilot, same))
    assert [one[:3] for one in found] == [(pilot.id, same.id, "same_people")]


def test_another_failure_on_the_same_endpoint_is_told(data: Dataset) -> None:
    pilot, other = study(phase="PHASE2"), study(None, [NO_RESPONSE], year=2020)
    found = told(judge(data, claim(), pilot, other))
    assert [one[:4] for one in found] == [(pilot.id, other.id, "same_endpoint", "negative")]
    sooner = study(None, [NO_RESPONSE], year=2010)
    assert told(judge(data, claim(), pilot, sooner)) == []


TIES = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda pair: pair[0] != pair[1]), max_size=8, unique=True
)


@house(150)
@given(
    ties=TIES,
    years=st.lists(st.sampled_from([2012, 2015, 2018, 2020]), min_size=6, max_size=6),
    gone=st.sets(st.integers(1, 5), max_size=2),
    good=st.sets(st.integers(1, 5), max_size=3),
    named=st.sets(st.integers(1, 5), max_size=2),
    day=DAYS,
)
def test_follow_ups_are_told_at_any_distance(
    data: Dataset,
    ties: list[tuple[int, int]],
    years: list[int],
    gone: set[int],
    good: set[int],
    named: set[int],
    day: date,
) -> None:
    """On any graph of follow-ups, circles included, against a walk of our own."""
    records = []
    for number in range(6):
        retracted = {"integrity": "retracted", "integrity_date": "2019"} if number in gone else {}
        records.append(
            study(
                # The others are of another disease: they bear on nothing but as follow-ups.
                {"indication": ["aml" if number == 0 else "glioma"]},
                [finding() if number == 0 or number in good else NO_RESPONSE],
                id=STUDY_IDS[number],
                pmid=STUDY_IDS[number][5:],
                year=None,
                publication_date=str(2012 if number == 0 else years[number]),
                relations=[
                    {"type": "follow_up_of", "target": STUDY_IDS[target]} for own, target in ties if own == number
                ],
                **retracted,
            )
        )
    claims = naming(*(STUDY_IDS[number] for number in sorted(named)))
    status = judged(data, World(tuple(records), document(*claims)), day)[0]
    reached: set[int] = set()
    front = {0}
    while front:
        front = {own for own, target in ties if target in front} - reached
        reached |= front
    out = {
        number
        for number in reached - {0}
        if PartialDate.parse(str(years[number])).first <= day and not (number in gone and day >= date(2019, 1, 1))
    }
    if status.result.level != "T3":  # the pilot itself is not out yet
        assert day < date(2012, 12, 31)
        return
    found = told(status)
    assert {one[:2] for one in found} == {(STUDY_IDS[0], STUDY_IDS[number]) for number in out}
    for _, later, tie, stance, is_named in found:
        number = STUDY_IDS.index(later)
        assert (tie, stance) == ("follow_up", "positive" if number in good else "negative")
        assert is_named is (number in named)
    stances = [one[3] for one in found]
    assert stances == sorted(stances)  # negative before positive
