"""Changes between looks at a registration, and what was known on a day: nothing invented, nothing forgotten."""

from __future__ import annotations

from dataclasses import fields
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.history import BELONGS, TRACKED, Change, Snapshot, changes, latest
from kb.records.registration import Arm, Intervention, Measure, Registration

NUMBER = "NCT00000001"


def seen(**values: Any) -> Registration:
    """A whole record, unless ``sparse`` is given."""
    return Registration(**{"id": NUMBER, "registry": "ClinicalTrials.gov"} | values)


def cut(**values: Any) -> Registration:
    return seen(sparse=True, **values)


def told(*snapshots: Snapshot) -> list[tuple[str, str, str]]:
    return [(change.field, change.before, change.after) for change in changes(snapshots)]


def test_an_enrolment_that_fell_and_a_sponsor_that_was_renamed() -> None:
    before = seen(enrollment=86, enrollment_type="ESTIMATED", sponsor="Example Biotech", status="RECRUITING")
    after = seen(enrollment=7, enrollment_type="ACTUAL", sponsor="Example Therapeutics", status="RECRUITING")
    assert changes([("2024-05-01", before), ("2024-06-01", before), ("2025-01-31", after)]) == [
        Change(NUMBER, "enrollment", "86", "7", "2024-06-01", "2025-01-31"),
        Change(NUMBER, "enrollment_type", "ESTIMATED", "ACTUAL", "2024-06-01", "2025-01-31"),
        Change(NUMBER, "sponsor", "Example Biotech", "Example Therapeutics", "2024-06-01", "2025-01-31"),
    ]


def test_one_look_or_none_is_no_change() -> None:
    assert changes([]) == []
    assert changes([("2024-05-01", seen(status="RECRUITING"))]) == []


@pytest.mark.parametrize(
    ("before", "after", "change", "kind"),
    [
        ({}, {"why_stopped": "no money"}, ("why_stopped", "", "no money"), "added"),
        ({"phase": "PHASE1"}, {}, ("phase", "PHASE1", ""), "removed"),
        ({"start_date": "2021"}, {"start_date": "2021-02"}, ("start_date", "2021", "2021-02"), "changed"),
        ({"enrollment": 0}, {}, ("enrollment", "0", ""), "removed"),
        ({"enrollment": 86}, {"enrollment_unknown": True}, ("enrollment", "86", "unknown"), "changed"),
        ({}, {"has_results": True}, ("has_results", "no", "yes"), "changed"),
        (
            {"countries": ("Japan",)},
            {"countries": ("China", "Japan")},
            ("countries", "Japan", "China|Japan"),
            "changed",
        ),
        ({}, {"aliases": ("NCT00000002",)}, ("aliases", "", "NCT00000002"), "added"),
        (
            {"interventions": (Intervention("DRUG", ("A", "a"), "", ()),)},
            {"interventions": (Intervention("DRUG", ("B", "a"), "", ()),)},
            ("interventions", "A", "B"),
            "changed",
        ),
        (
            {"outcomes": (Measure("PRIMARY", "Safety", "1 year"),)},
            {"outcomes": (Measure("PRIMARY", "Survival", "1 year"),)},
            ("primary_outcomes", "Safety", "Survival"),
            "changed",
        ),
    ],
)
def test_each_kind_of_value_is_compared_and_shown(
    before: dict[str, Any], after: dict[str, Any], change: tuple[str, str, str], kind: str
) -> None:
    (found,) = changes([("2024-01-01", seen(**before)), ("2024-01-02", seen(**after))])
    assert (found.field, found.before, found.after) == change
    assert found.kind == kind


def test_reported_secondary_and_reordered_outcomes_are_no_change_of_the_primary_ones() -> None:
    planned = (Measure("PRIMARY", "A", "1 year"), Measure("PRIMARY", "B", "1 year"))
    later = (
        *reversed(planned),
        Measure("SECONDARY", "C", "1 year"),
        Measure("PRIMARY", "D", "1 year", reported=True),
        Measure("PRIMARY", "A", "1 year"),
    )
    assert told(("2024-01-01", seen(outcomes=planned)), ("2024-01-02", seen(outcomes=later))) == []


def test_the_order_of_a_list_means_nothing_and_is_shown_as_printed() -> None:
    first, same = seen(conditions=("B", "A")), seen(conditions=("A", "B"))
    assert told(("2024-01-01", first), ("2024-01-02", same)) == []
    assert told(("2024-01-01", first), ("2024-01-02", seen(conditions=("A",)))) == [("conditions", "B|A", "A")]


def test_every_tracked_name_is_a_field_and_every_bond_too() -> None:
    names = {item.name for item in fields(Registration)}
    assert set(TRACKED) - names == {"primary_outcomes"}
    assert len(set(TRACKED)) == len(TRACKED)
    assert {name for one, others in BELONGS.items() for name in (one, *others)} <= names


def test_fields_that_are_not_tracked_make_no_change() -> None:
    assert told(("2024-01-01", seen(eligibility="a", day="2024-01-01")), ("2024-01-02", seen(eligibility="b"))) == []


# ---------------------------------------------------------------------------- sparse looks


def test_a_sparse_look_says_nothing_about_what_it_lacks() -> None:
    whole = seen(status="RECRUITING", enrollment=86, enrollment_type="ACTUAL", has_results=True, countries=("Japan",))
    assert told(("2024-01-01", whole), ("2024-01-02", cut(status="RECRUITING")), ("2024-01-03", whole)) == []


def test_a_sparse_look_counts_for_what_it_has() -> None:
    whole = seen(status="RECRUITING", enrollment=86)
    found = changes(
        [("2024-01-01", whole), ("2024-01-05", cut(status="RECRUITING")), ("2024-01-09", cut(enrollment=7))]
    )
    assert found == [Change(NUMBER, "enrollment", "86", "7", "2024-01-01", "2024-01-09")]
    (late,) = changes(
        [("2024-01-01", whole), ("2024-01-05", cut(status="RECRUITING")), ("2024-01-09", cut(status="X"))]
    )
    assert late.seen_before == "2024-01-05"


def test_two_sparse_looks_that_share_no_field_say_nothing() -> None:
    assert told(("2024-01-01", cut(status="RECRUITING")), ("2024-01-02", cut(phase="PHASE1"))) == []


def test_an_unknown_enrolment_in_a_sparse_look_is_something_said() -> None:
    assert told(("2024-01-01", seen(enrollment=86)), ("2024-01-02", cut(enrollment_unknown=True))) == [
        ("enrollment", "86", "unknown")
    ]


# ---------------------------------------------------------------------------- several looks a day


def test_the_registrys_own_days_order_the_looks_of_one_day() -> None:
    old, new = seen(status="B", day="2024-01-01"), seen(status="A", day="2024-01-02")
    assert told(("2024-01-02", new), ("2024-01-02", old)) == [("status", "B", "A")]
    old, new = seen(status="B", updated="2024-01-01"), seen(status="A", updated="2024-01-02")
    assert told(("2024-01-02", new), ("2024-01-02", old))[0] == ("status", "B", "A")


def test_looks_nothing_can_order_invent_no_way_back() -> None:
    known = ("2024-01-01", seen(status="B"))
    disagreeing = [("2024-01-02", seen(status="A")), ("2024-01-02", seen(status="B"))]
    (found,) = changes([known, *disagreeing])
    assert (found.before, found.after, found.seen_before, found.seen_after) == ("B", "A", "2024-01-02", "2024-01-02")


VALUES = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(["", "A", "B"]),
        "enrollment": st.sampled_from([None, 0, 7, 86]),
        "enrollment_unknown": st.booleans(),
        "has_results": st.booleans(),
        "countries": st.sampled_from([(), ("China",), ("China", "Japan")]),
        "sparse": st.booleans(),
        "day": st.sampled_from(["", "2024-01-01"]),
        "updated": st.sampled_from(["", "2024-01-01", "2024-01-02"]),
    },
)
LOOKS = st.lists(st.tuples(st.sampled_from(["2024-01-01", "2024-01-02", "2024-01-03"]), VALUES), max_size=7)


@settings(database=None, deadline=None, max_examples=300)
@given(LOOKS, st.randoms(use_true_random=False))
def test_order_and_repeats_of_looks_change_nothing(looks: list[tuple[str, dict[str, Any]]], random: Any) -> None:
    snapshots = [(day, seen(**values)) for day, values in looks]
    shuffled = snapshots + snapshots[: len(snapshots) // 2]
    random.shuffle(shuffled)
    assert changes(shuffled) == changes(snapshots)
    for until in ("2023-12-31", "2024-01-02", "2024-01-03"):
        assert latest(shuffled, until) == latest(snapshots, until)


@settings(database=None, deadline=None, max_examples=300)
@given(LOOKS)
def test_changes_of_a_field_form_a_chain_that_never_runs_backwards(looks: list[tuple[str, dict[str, Any]]]) -> None:
    found = changes([(day, seen(**values)) for day, values in looks])
    assert [change.seen_after for change in found] == sorted(change.seen_after for change in found)
    for name in TRACKED:
        chain = [change for change in found if change.field == name]
        assert all(change.before != change.after and change.seen_before <= change.seen_after for change in chain)
        for earlier, later in pairwise(chain):
            assert earlier.after == later.before
            assert earlier.seen_after <= later.seen_before


# ---------------------------------------------------------------------------- known on a day


def test_nobody_knew_anything_before_the_first_look() -> None:
    assert latest([], "2024-01-01") is None
    assert latest([("2024-01-02", seen())], "2024-01-01") is None


def test_the_last_whole_look_by_that_day_is_what_was_known() -> None:
    first, second = seen(status="A", why_stopped="x"), seen(status="B")
    looks = [("2024-01-03", second), ("2024-01-01", first)]
    assert latest(looks, "2024-01-02") == first
    assert latest(looks, "2024-01-03") == second


def test_of_looks_nothing_can_order_the_whole_one_stands() -> None:
    whole = seen(status="A", title="T")
    for title in ("S", "U"):
        looks = [("2024-01-01", whole), ("2024-01-01", cut(title=title))]
        assert latest(looks, "2024-01-01") == latest(looks[::-1], "2024-01-01") == whole


def test_a_sparse_look_is_put_over_what_was_known() -> None:
    whole = seen(status="A", enrollment=86, enrollment_type="ACTUAL", has_results=True, day="2024-01-01", title="T")
    known = latest([("2024-01-01", whole), ("2024-01-02", cut(status="A", enrollment=86))], "2024-01-02")
    assert known == seen(status="A", enrollment=86, enrollment_type="ACTUAL", has_results=True, title="T")


@pytest.mark.parametrize(
    ("whole", "later", "expected"),
    [
        ({"enrollment": 86, "enrollment_type": "ACTUAL"}, {"enrollment": 7}, {"enrollment": 7}),
        ({"start_date": "2020", "start_type": "ACTUAL"}, {"start_date": "2021"}, {"start_date": "2021"}),
        ({"status": "TERMINATED", "why_stopped": "x"}, {"status": "A"}, {"status": "A"}),
        ({"sponsor": "X", "sponsor_class": "NIH"}, {"sponsor": "Y"}, {"sponsor": "Y"}),
        ({"enrollment": 86}, {"enrollment_unknown": True}, {"enrollment_unknown": True}),
    ],
)
def test_what_spoke_of_an_old_value_falls_with_it(
    whole: dict[str, Any], later: dict[str, Any], expected: dict[str, Any]
) -> None:
    known = latest([("2024-01-01", seen(**whole)), ("2024-01-02", cut(**later))], "2024-01-02")
    nothing_fell = len(whole) == 1
    assert known == seen(sparse=not nothing_fell, **expected)


def test_the_sign_of_an_unknown_enrolment_falls_with_a_number() -> None:
    looks = [("2024-01-01", seen(enrollment_unknown=True)), ("2024-01-02", cut(enrollment=7))]
    assert latest(looks, "2024-01-02") == seen(enrollment=7)


def test_names_alone_do_not_wipe_out_what_was_known_of_the_things_named() -> None:
    rich = Intervention("BIOLOGICAL", ("NK cells", "XNK"), "words", ("Arm",))
    primary, twice = Measure("PRIMARY", "A", "1 year", "words"), Measure("PRIMARY", "A", "2 years", "others")
    secondary, reported = Measure("SECONDARY", "B", "1 year"), Measure("PRIMARY", "A", "1 year", reported=True)
    arm = Arm("Arm", "EXPERIMENTAL", "words", ("NK cells",))
    whole = seen(interventions=(rich,), outcomes=(primary, twice, secondary, reported), arms=(arm,))
    later = cut(
        interventions=(Intervention("", ("IL-2",), "", ()), Intervention("", ("NK cells",), "", ())),
        outcomes=(Measure("PRIMARY", "A", ""), Measure("PRIMARY", "A", ""), Measure("PRIMARY", "C", "")),
        arms=(Arm("Arm", "", "", ()),),
    )
    known = latest([("2024-01-01", whole), ("2024-01-02", later)], "2024-01-02")
    assert known is not None
    assert known.interventions == (Intervention("", ("IL-2",), "", ()), rich)
    assert known.outcomes == (primary, twice, Measure("PRIMARY", "C", ""), secondary, reported)
    assert known.arms == (arm,)


def test_sparse_looks_alone_stay_sparse() -> None:
    known = latest([("2024-01-01", cut(status="A")), ("2024-01-02", cut(phase="PHASE1"))], "2024-01-09")
    assert known == cut(status="A", phase="PHASE1")


# ---------------------------------------------------------------------------- misuse


def test_a_former_number_is_the_same_trial_and_another_is_not() -> None:
    old = Registration(id="NCT00000002", registry="ClinicalTrials.gov", status="A")
    (change,) = changes([("2024-01-01", old), ("2024-01-02", seen(status="B", aliases=("NCT00000002",)))])[:1]
    assert (change.record_id, change.field) == (NUMBER, "status")
    with pytest.raises(ValueError, match="different trials: NCT00000002 beside NCT00000001"):
        changes([("2024-01-01", old), ("2024-01-02", seen())])


@pytest.mark.parametrize("day", ["", "2024", "2024-01", "20240101", "2024-1-1", "yesterday"])
def test_a_look_has_a_day(day: str) -> None:
    with pytest.raises(ValueError, match=r"day|isoformat"):
        changes([(day, seen())])
    with pytest.raises(ValueError, match=r"day|isoformat"):
        latest([("2024-01-01", seen())], day)
