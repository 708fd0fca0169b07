"""Properties of every judgement, on worlds of made-up records drawn at random."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kb.assess.result import Status
from kb.dataset import Dataset
from kb.records.claim import Claim
from kb.records.study import Study
from tests.factory import approval, claim, finding, judge, safety_event, study, trial

SETTINGS = settings(deadline=None, database=None, derandomize=True, max_examples=120)
CLASSES = ("approved", "trial_stage", "unsupported")  # best first
DAY = date(2026, 1, 1)
FUTURE = {"year": 2027, "publication_date": None}

POSITIVE: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (  # finding, study
    ({}, {}),
    ({}, {"phase": "PHASE2"}),
    ({"direction": "better", "p": "0.01"}, {"design": "randomised-controlled", "phase": "PHASE2"}),
    (
        {"direction": "better", "p": "0.01", "is_primary": True, "met": True},
        {"design": "randomised-controlled", "phase": "PHASE3"},
    ),
)
NEGATIVE: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
    ({"n": 0, "is_primary": True}, {}),
    ({"n": 0, "is_primary": True}, {"phase": "PHASE2"}),
    ({"direction": "no_difference", "is_primary": True}, {"design": "randomised-controlled", "phase": "PHASE2"}),
    (
        {"direction": "worse", "p": "0.01", "is_primary": True, "met": False},
        {"design": "randomised-controlled", "phase": "PHASE3"},
    ),
)
NEITHER: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
    ({"n": 0}, {}),
    ({"outcome": "safety"}, {}),
    ({"outcome": "biomarker", "marker": "crp", "gain": True}, {}),
    ({"direction": "better", "p": "0.4"}, {"design": "randomised-controlled", "phase": "PHASE3"}),
    ({}, {"evidence_kind": "animal"}),
    ({}, {"evidence_kind": "review"}),
    ({}, {"integrity": "retracted", "integrity_date": "2020"}),
)
#: What a record may differ in; the first of each is what a sentence below may ask for.
KEYS = st.fixed_dictionaries(
    {
        "cell_type": st.sampled_from([["nk"], ["memory-like-nk"], ["nkt"], ["nk", "nkt"], ["cik"]]),
        "cell_source": st.sampled_from([["haploidentical"], ["autologous"], ["allogeneic"], []]),
        "expansion": st.sampled_from([["not-expanded"], ["ex-vivo-expanded"], []]),
        "indication": st.sampled_from([["aml"], ["leukaemia"], ["mds"], ["glioma"]]),
        "setting": st.sampled_from([["relapsed-refractory"], ["first-remission"], []]),
    }
)
COHORTS = st.sampled_from([[], [], ["NCT90000001"], ["NCT90000002"]])


@st.composite
def studies(draw: st.DrawFn, results: Any = POSITIVE + NEGATIVE + NEITHER) -> Study:
    """A study of something in somebody, with a result."""
    result, values = draw(st.sampled_from(results))
    arm: dict[str, Any] = dict(draw(KEYS))
    if "direction" in result:
        arm["control"] = "chemotherapy"
    return study(arm, [finding(**result)], registry_ids=draw(COHORTS), **values)


@st.composite
def trials(draw: st.DrawFn) -> Any:
    """A registration in any state."""
    values: dict[str, Any] = dict(
        draw(
            st.sampled_from(
                [
                    {},
                    {"status": "COMPLETED", "completion_date": "2025"},
                    {"status": "COMPLETED", "completion_date": "2010"},
                    {"status": "TERMINATED", "stop_reason": "safety"},
                    {"status": "TERMINATED", "stop_reason": "futility"},
                    {"status": "WITHDRAWN"},
                    {"doubt": "cannot be found"},
                ]
            )
        )
    )
    key = draw(KEYS)
    return trial(first_posted="2009", **values, **key)


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    """An asserted efficacy claim about the field."""
    axes = {
        "cell_type": draw(st.sampled_from([["nk"], ["nk", "nkt"], ["nk"]])),
        "indication": draw(st.sampled_from([["aml"], ["leukaemia"], ["aml", "mds"], []])),
        "cell_source": draw(st.sampled_from([[], ["haploidentical"]])),
        "expansion": draw(st.sampled_from([[], ["not-expanded"]])),
        "setting": draw(st.sampled_from([[], ["relapsed-refractory"]])),
    }
    return claim(
        axes=axes,
        universal=draw(st.sampled_from([False, False, True])),
        names_product=draw(st.sampled_from([None, "madeup"])),
    )


def licence() -> Any:
    """An authorisation of NK cells, so that some worlds have one."""
    return approval(label={"cell_type": ["nk"], "indication": ["aml"], "setting": ["relapsed-refractory"]})


WORLDS = st.lists(st.one_of(studies(), trials(), st.builds(licence)), max_size=5).map(
    lambda records: [r for i, r in enumerate(records) if r.id not in {other.id for other in records[:i]}]
)


def rank(status: Status) -> int:
    """Position of the class; 0 is best."""
    return CLASSES.index(status.status_class)


def place(data: Dataset, status: Status) -> tuple[int, int]:
    """Class and level as numbers; smaller is better."""
    return rank(status), data.rules.rank[status.result.level]


def verdict(status: Status) -> tuple[Any, ...]:
    """Everything a reader is told, but the names of the records."""
    results = [
        (r.level, r.rule, r.accuracy, sorted(r.codes), r.strength, r.direction)
        for r in (status.result, status.sold)
        if r is not None
    ]
    return (status.status_class, status.sold_class, status.accuracy, status.codes, status.approved_elsewhere, results)


@SETTINGS
@given(said=claims(), records=WORLDS, new=st.sampled_from(POSITIVE))
def test_a_matching_positive_never_lowers_the_class(
    data: Dataset, said: Claim, records: list[Any], new: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    indication = list(said.axes.indication) or ["aml"]
    arm: dict[str, Any] = {"indication": indication[:1]}
    if "direction" in new[0]:
        arm["control"] = "chemotherapy"
    added = study(arm, [finding(**new[0])], **new[1])
    before, after = judge(data, said, *records), judge(data, said, *records, added)
    assert rank(after) <= rank(before)


@SETTINGS
@given(said=claims(), records=WORLDS, added=studies(NEGATIVE))
def test_a_negative_never_raises_the_class(data: Dataset, said: Claim, records: list[Any], added: Study) -> None:
    before, after = judge(data, said, *records), judge(data, said, *records, added)
    assert rank(after) >= rank(before)


@SETTINGS
@given(said=claims(), records=WORLDS, shuffle=st.randoms(use_true_random=False))
def test_the_order_of_the_records_changes_nothing(data: Dataset, said: Claim, records: list[Any], shuffle: Any) -> None:
    shuffled = list(records)
    shuffle.shuffle(shuffled)
    before, after = judge(data, said, *records), judge(data, said, *shuffled)
    assert before == after  # the proof included


@SETTINGS
@given(said=claims(), records=WORLDS, original=studies())
def test_another_report_of_the_same_people_changes_nothing(
    data: Dataset, said: Claim, records: list[Any], original: Study
) -> None:
    again = study(relations=[{"type": "same_cohort", "target": original.id}])
    again = original.model_copy(update={"id": again.id, "pmid": again.pmid, "relations": again.relations})
    before, after = judge(data, said, *records, original), judge(data, said, *records, original, again)
    assert verdict(before) == verdict(after)


OTHERWISE = st.sampled_from(
    [
        {"cell_type": ["cik"]},
        {"cell_type": ["apc-agalcer"]},
        {"cell_source": ["cord-blood"]},
        {"cell_source": []},
        {"expansion": ["ex-vivo-expanded"]},
        {"expansion": []},
        {"cell_type": ["car-nk"]},
        {"setting": ["first-remission"]},
        {"setting": []},
    ]
)


@SETTINGS
@given(records=WORLDS, other=OTHERWISE, new=st.sampled_from(POSITIVE + NEITHER))
def test_an_indirect_or_merely_possible_record_never_lifts(
    data: Dataset, records: list[Any], other: dict[str, Any], new: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    said = claim(
        axes={
            "cell_type": ["nk"],
            "cell_source": ["haploidentical"],
            "expansion": ["not-expanded"],
            "engineering": ["not-engineered"],
            "indication": ["aml"],
            "setting": ["relapsed-refractory"],
        }
    )
    arm = {**other, "control": "chemotherapy"} if "direction" in new[0] else other
    added = study(arm, [finding(**new[0])], **new[1])
    assume(added.evidence_kind == "human")
    before, after = judge(data, said, *records), judge(data, said, *records, added)
    assert place(data, after) == place(data, before)


@SETTINGS
@given(
    said=claims(),
    records=WORLDS,
    other=st.sampled_from(["glioma", "covid-19", "ageing"]),
    new=st.sampled_from(POSITIVE + NEGATIVE),
)
def test_an_unrelated_record_changes_nothing(
    data: Dataset, said: Claim, records: list[Any], other: str, new: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    assume(said.axes.indication)
    added = study({"indication": [other], "control": "chemotherapy"}, [finding(**new[0])], **new[1])
    assert verdict(judge(data, said, *records)) == verdict(judge(data, said, *records, added))


@SETTINGS
@given(said=claims(), records=WORLDS, new=st.sampled_from(POSITIVE + NEGATIVE + NEITHER))
def test_no_fact_is_used_before_its_date(
    data: Dataset, said: Claim, records: list[Any], new: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    later = (
        study({"control": "chemotherapy"}, [finding(**new[0])], **{**new[1], **FUTURE}),
        trial(first_posted="2026-01-02"),
        approval([{"event": "granted_full", "date": "2026-01-02"}], id="APR-US-later", label={"cell_type": ["nk"]}),
        safety_event(date="2026-01-02"),
    )
    assume("integrity" not in new[1])
    before, after = judge(data, said, *records, day=DAY), judge(data, said, *records, *later, day=DAY)
    assert verdict(before) == verdict(after)


@SETTINGS
@given(said=claims(), records=WORLDS)
def test_every_status_is_whole(data: Dataset, said: Claim, records: list[Any]) -> None:
    status = judge(data, said, *records)
    for result in (status.result, status.sold):
        if result is None:
            continue
        assert result.proof["rule"]["id"] == result.rule
        assert result.proof["level"] == result.level
        assert set(result.codes) <= set(data.rules.codes)
        assert result.used <= {record.id for record in records}
    assert status.status_class == data.rules.class_of[status.result.level]
    assert (status.status_class == "approved") <= any(record.id.startswith("APR-") for record in records)
