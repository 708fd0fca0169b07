"""The integrity state machine: its table of rules, and its properties over any set of events."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.dates import PartialDate
from kb.integrity import KINDS, Conflict, IntegrityState, conflicts, state
from kb.records.integrity import EventKind, IntegrityEvent

SETTINGS = settings(deadline=None, database=None, derandomize=True, max_examples=200)
PAPER, NOTICE = "PMID:90000001", "PMID:90000002"


def event(kind: EventKind, day: str = "", **fields: Any) -> IntegrityEvent:
    base = IntegrityEvent(PAPER, kind, day, "", kind, (), "https://example.org/paper", "pubmed", "2026-01-01")
    return replace(base, **fields)


def watch(kind: EventKind, day: str = "", **fields: Any) -> IntegrityEvent:
    return event(kind, day, **{"origin": "retraction_watch", **fields})


def kind_of(*events: IntegrityEvent, until: date | None = None) -> str:
    """The kind, which must be the same in whatever order the events come."""
    kinds = {state(order, until).kind for order in permutations(events)}
    assert len(kinds) == 1
    return kinds.pop()


CHECKED = event("checked", "2026-01-01")
TABLE: list[tuple[str, list[IntegrityEvent], str]] = [
    ("nobody looked", [], "unchecked"),
    ("a look that found nothing", [CHECKED], "none"),
    ("a correction", [CHECKED, event("corrected", "2020")], "corrected"),
    ("a concern outweighs a correction", [event("corrected", "2021"), event("concern", "2020")], "concern"),
    ("a retraction outweighs a concern", [event("concern", "2021"), event("retracted", "2020")], "retracted"),
    ("corrected after retraction", [event("retracted", "2011"), event("corrected", "2017")], "retracted"),
    ("corrected after concern", [event("concern", "2022"), event("corrected", "2024")], "concern"),
    ("checked after retraction", [event("retracted", "2011"), CHECKED], "retracted"),
    ("reinstated later", [event("retracted", "2020"), event("reinstated", "2021")], "reinstated"),
    ("reinstated in the same year", [event("retracted", "2020"), event("reinstated", "2020")], "reinstated"),
    ("reinstated on the same day", [event("retracted", "2020-05-05"), event("reinstated", "2020-05-05")], "reinstated"),
    ("retracted again", [event("reinstated", "2021-05"), event("retracted", "2021-06")], "retracted"),
    (
        "retracted twice, reinstated between",
        [event("retracted", "2010"), event("reinstated", "2012"), event("retracted", "2015")],
        "retracted",
    ),
    (
        "retracted twice, reinstated after both",
        [event("retracted", "2010"), event("reinstated", "2017"), event("retracted", "2015")],
        "reinstated",
    ),
    ("only a reinstatement is listed", [event("reinstated", "2025-03-12")], "reinstated"),
    ("concern that led to it", [event("concern", "2019"), event("reinstated", "2021")], "reinstated"),
    ("concern after reinstatement", [event("reinstated", "2021-09-07"), event("concern", "2022-03-23")], "concern"),
    ("concern perhaps after it", [event("reinstated", "2021-09-07"), event("concern", "2021")], "concern"),
    ("concern, year of reinstatement", [event("reinstated", "2021"), event("concern", "2021-03")], "concern"),
    ("corrected after reinstatement", [event("reinstated", "2021"), event("corrected", "2022")], "corrected"),
    ("corrected before reinstatement", [event("corrected", "2019"), event("reinstated", "2021")], "reinstated"),
    ("retraction without a date, reinstated", [event("retracted"), event("reinstated", "2021")], "reinstated"),
    ("reinstatement without any date", [event("retracted", "2020"), event("reinstated", seen="")], "reinstated"),
    (
        "a retraction after the day on which an undated reinstatement was seen",
        [event("reinstated", seen="2021-01-01"), event("retracted", "2021-02")],
        "retracted",
    ),
    ("concern without a date", [event("concern"), event("reinstated", "2021")], "concern"),
]


@pytest.mark.parametrize(("events", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_the_table_of_rules(events: list[IntegrityEvent], expected: str) -> None:
    assert kind_of(*events) == expected


def test_a_state_says_since_when_and_why() -> None:
    correction, first, again = (
        event("corrected", "2004-03-06"),
        event("retracted", "2010-02"),
        watch("retracted", "2012"),
    )
    found = state([again, CHECKED, correction, first])
    assert found == IntegrityState("retracted", PartialDate.parse("2010-02"), (first, again, correction))
    assert state([CHECKED, event("checked", "2025-01-01")]) == IntegrityState(
        "none", PartialDate.parse("2026-01-01"), (CHECKED,)
    )
    assert state([]) == IntegrityState("unchecked", None, ())
    assert state([event("retracted", seen="")]).date is None


def test_a_reinstated_paper_is_dated_by_what_reinstated_it() -> None:
    events = [event("retracted", "2010"), event("reinstated", "2012"), event("retracted", "2015")]
    assert str(state([*events, event("reinstated", "2017-03")]).date) == "2017-03"


# ---------------------------------------------------------------------------- a notice is a paper of its own


def test_being_a_notice_says_nothing_of_the_notice() -> None:
    told = event("retracted", "2010", notice=NOTICE)
    of_notice = [one for one in [told, event("checked", "2026-01-01", record_id=NOTICE)] if one.record_id == NOTICE]
    assert state(of_notice).kind == "none"


def test_one_notice_is_dated_by_all_that_is_said_of_it() -> None:
    link = event("retracted", "2010-02", notice=NOTICE, detail="RetractionIn")
    own = event("retracted", "2010-02-06", notice=NOTICE, detail="RetractionOf")
    undated = event("retracted", "", notice=NOTICE, seen="2009-01-01")
    assert str(state([link, own, undated]).date) == "2010-02-06"
    assert state([link], date(2010, 2, 1)).kind == "retracted"
    assert state([link, own, undated], date(2010, 2, 5)).kind == "unchecked"
    lifted = [replace(one, kind="reinstated") for one in (link, own)]
    assert str(state(lifted).date) == "2010-02-06"


def test_dates_of_one_notice_that_cannot_both_be_right_are_taken_at_their_worst() -> None:
    early, late = event("retracted", "2010-02", notice=NOTICE), watch("retracted", "2011-05-01", notice=NOTICE)
    assert str(state([late, early]).date) == "2010-02"
    lifted = [replace(one, kind="reinstated") for one in (early, late)]
    assert str(state(lifted).date) == "2011-05-01"
    assert state([event("retracted", "2009"), *lifted], date(2011, 4, 30)).kind == "retracted"
    assert [one.message for one in conflicts([early, late])] == [
        f"{NOTICE} is dated 2010-02 (pubmed, retracted), 2011-05-01 (retraction_watch, retracted)"
    ]


def test_a_row_told_for_the_pmid_and_for_the_doi_is_one_event() -> None:
    told = watch("retracted", "2010-02-06")
    twin = replace(told, record_id="DOI:10.9999/paper", seen="2025-01-01")
    assert state([told, twin]).because == (replace(told, seen="2025-01-01"),)


def test_an_undated_notice_happened_before_it_was_first_seen_by_anybody() -> None:
    first = event("reinstated", notice=NOTICE, seen="2021-01-01")
    later = watch("reinstated", notice=NOTICE, seen="2023-01-01")
    assert kind_of(first, later, event("retracted", "2022")) == "retracted"
    assert str(state([first, later]).date) == "2021-01-01"


# ---------------------------------------------------------------------------- until a day


@pytest.mark.parametrize(
    ("events", "day", "expected"),
    [
        ([event("retracted", "2020")], date(2019, 12, 31), "unchecked"),
        ([event("retracted", "2020")], date(2020, 1, 1), "retracted"),
        ([event("retracted", "2020"), event("reinstated", "2021-06")], date(2021, 6, 29), "retracted"),
        ([event("retracted", "2020"), event("reinstated", "2021-06")], date(2021, 6, 30), "reinstated"),
        ([event("retracted", "", seen="2024-05-01")], date(2024, 4, 30), "unchecked"),
        ([event("retracted", "", seen="2024-05-01")], date(2024, 5, 1), "retracted"),
        ([event("retracted", "", seen="")], date(1900, 1, 1), "retracted"),
        ([event("retracted", "2020"), event("reinstated", "", seen="")], date(2099, 1, 1), "retracted"),
        ([event("checked", "2024-05-01")], date(2024, 4, 30), "unchecked"),
        ([event("checked", "2024-05-01"), event("concern", "2025")], date(2024, 6, 1), "none"),
    ],
)
def test_the_state_as_it_was_on_a_day(events: list[IntegrityEvent], day: date, expected: str) -> None:
    assert kind_of(*events, until=day) == expected


def test_a_date_that_is_none_is_an_error() -> None:
    with pytest.raises(ValueError, match="is not a date"):
        state([event("retracted", "Spring 2010")])


# ---------------------------------------------------------------------------- sources that disagree


def test_the_worse_of_two_sources_counts_and_the_disagreement_is_named() -> None:
    silent, says = event("checked", "2026-01-01"), watch("retracted", "2019-11-20")
    assert kind_of(silent, says) == "retracted"
    assert conflicts([silent, says]) == (
        Conflict("pubmed says none, retraction_watch says retracted: retracted counts", (silent, says)),
    )
    milder = event("concern", "2019-02")
    assert kind_of(milder, says) == "retracted"
    assert [one.message for one in conflicts([says, milder])] == [
        "pubmed says concern, retraction_watch says retracted: retracted counts"
    ]


def test_a_reinstatement_that_only_one_source_can_express_is_named_as_a_disagreement() -> None:
    events = [event("retracted", "2020"), watch("retracted", "2020-03-01"), watch("reinstated", "2021-01-01")]
    assert kind_of(*events) == "reinstated"
    assert [one.message for one in conflicts(events)] == [
        "pubmed says retracted, retraction_watch says reinstated: reinstated counts"
    ]


def test_sources_that_agree_have_no_conflict() -> None:
    assert conflicts([event("retracted", "2020"), watch("retracted", "2020-03-01"), CHECKED]) == ()
    assert conflicts([]) == ()


def test_a_source_that_doubts_itself_is_named_and_still_counts() -> None:
    typed = event("retracted", "", detail="Retracted Publication", doubt="no notice is linked")
    assert kind_of(typed) == "retracted"
    assert [one.message for one in conflicts([typed])] == ["pubmed, Retracted Publication: no notice is linked"]


def test_a_doubt_is_answered_by_who_tells_of_the_same_notice_without_one() -> None:
    doubted = event("corrected", "2020", notice=NOTICE, detail="RepublishedIn", doubt="may be a mere reprint")
    sure = event("corrected", "2020-05", notice=NOTICE, detail="RepublishedFrom")
    assert len(conflicts([doubted])) == 1
    assert conflicts([doubted, sure]) == ()
    assert len(conflicts([doubted, replace(sure, notice="PMID:90000003")])) == 1


def test_conflicts_are_those_of_the_day_asked_for() -> None:
    events = [event("checked", "2018-01-01"), watch("retracted", "2019", doubt="odd")]
    assert len(conflicts(events)) == 2
    assert conflicts(events, date(2018, 6, 1)) == ()


# ---------------------------------------------------------------------------- properties

DAYS = st.dates(date(2018, 1, 1), date(2022, 12, 31))
HARMS: tuple[EventKind, ...] = ("corrected", "concern", "retracted")
DATES = st.one_of(st.just(""), st.builds(lambda day, n: day.isoformat()[:n], DAYS, st.sampled_from([4, 7, 10])))
EVENTS = st.builds(
    event,
    st.sampled_from(("checked", "reinstated", *HARMS)),
    DATES,
    notice=st.sampled_from(["", "", NOTICE, "PMID:90000003"]),
    origin=st.sampled_from(["pubmed", "retraction_watch"]),
    seen=st.one_of(st.just(""), st.builds(date.isoformat, DAYS)),
    record_id=st.sampled_from([PAPER, "DOI:10.9999/paper"]),
)
SETS = st.lists(EVENTS, max_size=7)
UNTIL = st.one_of(st.none(), DAYS)


def gravity(found: IntegrityState) -> int:
    return KINDS.index(found.kind)


@SETTINGS
@given(SETS, UNTIL, st.randoms(use_true_random=False))
def test_order_and_repeats_change_nothing(events: list[IntegrityEvent], until: date | None, luck: Any) -> None:
    shuffled = [*events, *events[:3]]
    luck.shuffle(shuffled)
    assert state(shuffled, until) == state(events, until)
    assert conflicts(shuffled, until) == conflicts(events, until)


@SETTINGS
@given(SETS, DAYS, UNTIL)
def test_another_look_changes_nothing_but_unchecked(
    events: list[IntegrityEvent], day: date, until: date | None
) -> None:
    before, after = state(events, until), state([*events, event("checked", day.isoformat())], until)
    if before.kind == "unchecked":
        assert after.kind in ("unchecked", "none")
    elif before.kind == "none":
        assert after.kind == "none"
    else:
        assert after == before


@SETTINGS
@given(SETS, st.tuples(DAYS, DAYS))
def test_time_alone_never_makes_a_paper_better(events: list[IntegrityEvent], days: tuple[date, date]) -> None:
    earlier, later = (state(events, day) for day in sorted(days))
    lifted = {one for one in later.because if one.kind == "reinstated"} - set(earlier.because)
    assert gravity(later) >= gravity(earlier) or lifted


@SETTINGS
@given(SETS, UNTIL, st.sampled_from(HARMS), DATES)
def test_another_harm_never_makes_a_paper_better(
    events: list[IntegrityEvent], until: date | None, kind: EventKind, day: str
) -> None:
    assert gravity(state([*events, event(kind, day)], until)) >= gravity(state(events, until))


@SETTINGS
@given(SETS, UNTIL)
def test_a_state_rests_on_events_that_were_given(events: list[IntegrityEvent], until: date | None) -> None:
    found = state(events, until)
    told = {replace(one, record_id="", seen="") for one in events}
    assert {replace(one, record_id="", seen="") for one in found.because} <= told
    assert (found.kind == "unchecked") == (found.because == ())
    if found.kind not in ("unchecked", "none"):
        assert any(one.kind == found.kind for one in found.because)


@SETTINGS
@given(SETS, UNTIL)
def test_the_overall_state_is_no_milder_than_the_gravest_source_unless_reinstated(
    events: list[IntegrityEvent], until: date | None
) -> None:
    overall = state(events, until)
    sources = [
        state([one for one in events if one.origin == origin], until) for origin in ("pubmed", "retraction_watch")
    ]
    lifted = any(one.kind == "reinstated" for one in overall.because)
    assert lifted or gravity(overall) == max(map(gravity, sources))
