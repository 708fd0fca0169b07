"""What would change a class: every change that is told comes true when it is carried out on the facts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import event, given

from kb.assess.match import bare
from kb.assess.result import Result, Status
from kb.dataset import Dataset
from kb.records.common import ProductKey
from kb.records.study import Study
from kb.records.trial import Trial
from tests.factory import claim, document, finding, safety_event, study, trial
from tests.unit.benefit import NO_RESPONSE, failed, rct
from tests.unit.worlds import BENEFITS, NEAR, TYPES, World, house, judged, without, worlds

DAY = date(2018, 1, 1)
#: What an addition stands for: finding, study.
GAINED: dict[str, Any] = {"gain": True}
ADDED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "response": (GAINED, {}),
    "randomised_gain": ({"direction": "better", "p": "0.01"}, {"design": "randomised-controlled", "phase": "PHASE2"}),
    "confirmatory_gain": (
        {"direction": "better", "p": "0.01", "is_primary": True, "met": True},
        {"design": "randomised-controlled", "phase": "PHASE3"},
    ),
    "failure": ({"is_primary": True, "met": False, "n": 0}, {}),
    "uncontrolled_failure": ({"is_primary": True, "met": False, "n": 0}, {"phase": "PHASE2"}),
    "randomised_failure": (
        {"direction": "no_difference", "is_primary": True},
        {"design": "randomised-controlled", "phase": "PHASE2"},
    ),
    "confirmatory_failure": (
        {"direction": "no_difference", "is_primary": True},
        {"design": "randomised-controlled", "phase": "PHASE3"},
    ),
}


def both(status: Status) -> Iterator[tuple[str, Result]]:
    """Yield both results of a status, by name."""
    yield "result", status.result
    if status.sold is not None and status.sold is not status.result:
        yield "sold", status.sold


def result_of(data: Dataset, one: World, place: int, which: str) -> Result:
    """Judge a world and return one result in one place."""
    found: Result = getattr(judged(data, one, DAY, explain=False)[place], which)
    return found


def changes(one: Result, kind: str) -> list[dict[str, Any]]:
    """Return the changes of one kind that a proof tells."""
    return [change for change in one.proof["changes"] if change["kind"] == kind]


def comes_true(data: Dataset, before: Result, change: dict[str, Any], after: Result) -> None:
    """Assert that a change gives the level and the class told, and another class."""
    class_of = data.rules.class_of
    assert (after.level, class_of[after.level]) == (change["level"], change["class"])
    assert class_of[after.level] != class_of[before.level]


# ---------------------------------------------------------------------- removals


@house(200)
@given(one=worlds(TYPES, keys=NEAR))
def test_a_removal_that_is_told_comes_true_and_none_is_kept_back(data: Dataset, one: World) -> None:
    class_of = data.rules.class_of
    for place, status in enumerate(judged(data, one, DAY)):
        for which, before in both(status):
            # The sold product is judged where the sentence is not.
            after = {record: judged(data, without(one, record), DAY)[place] for record in sorted(before.used)}
            levels = {record: getattr(found, which) for record, found in after.items()}
            moving = {
                record: found.level
                for record, found in levels.items()
                if found is not None and class_of[found.level] != class_of[before.level]
            }
            told = changes(before, "removal")
            event(f"removal told: {bool(told)}")
            if not told:
                assert not moving
                continue
            assert moving[told[0]["record"]] == told[0]["level"]
            assert told[0].get("others", 0) == len(moving) - 1


# ---------------------------------------------------------------------- additions


def part_of(data: Dataset, about: str, key: ProductKey) -> tuple[str, str]:
    """Return the cell type and disease an addition is told to be about."""
    label = data.vocabulary.label
    for cell_type in key.cell_type:
        for indication in key.indication or ("",):
            if about == label("cell_type", cell_type) + (
                f" in {label('indication', indication)}" if indication else ""
            ):
                return cell_type, indication
    raise AssertionError(about)


def record_of(name: str, key: ProductKey, part: tuple[str, str], outcome: str | None, other: ProductKey | None) -> Any:
    """Return a made-up record of the very product in the very disease, of the kind an addition names."""
    arm = {**bare(key).model_dump(), "cell_type": [part[0]], "indication": [part[1] or "aml"], "active_disease": True}
    if name == "registration":
        del arm["active_disease"]
        return trial(**arm, status_date="2017-06", first_posted="2017")
    result, values = ADDED[name]
    found = finding(**{"outcome": outcome or "response", **result})
    findings = [found]
    if outcome == "biomarker":  # the primary endpoint that was met is another
        findings = [{**found, "marker": "crp"}, {**found, "outcome": "response"}]
    if "direction" in result:
        arm["control"] = "chemotherapy"
    made = study(arm, findings, **values)
    if other is not None:
        second = {**bare(other).model_dump(), "name": "other", "indication": arm["indication"], "findings": []}
        made = Study.model_validate(
            {**made.model_dump(mode="json"), "keys": [*made.model_dump(mode="json")["keys"], second]}
        )
    return made


@house(300)
@given(one=worlds(BENEFITS, size=3, keys=NEAR))
def test_an_addition_that_is_told_comes_true(data: Dataset, one: World) -> None:
    for place, status in enumerate(judged(data, one, DAY)):
        for which, before in both(status):
            for change in changes(before, "addition"):
                assert before.judged is not None
                query = before.judged.query
                about = change.get("needed_for")
                parts = (
                    [part_of(data, words, query.key) for words in about]
                    if about
                    else [(query.key.cell_type[0], (*query.key.indication, "")[0])]
                )
                name = change["what"][0]
                event(f"addition: {name}")
                new = [record_of(name, query.key, part, one.said.outcome, query.compared_with) for part in parts]
                after = result_of(data, World((*one.records, *new), one.page), place, which)
                comes_true(data, before, change, after)


# ---------------------------------------------------------------------- details


def filled(record: Any, axes: list[str], key: ProductKey) -> Any:
    """Return a record with the axes nobody reported as the sentence has them."""
    said = {axis: getattr(key, axis) for axis in axes}
    if isinstance(record, Trial):
        return record.model_copy(update={axis: (*getattr(record, axis), *said[axis]) for axis in axes})
    arm = record.keys[0]
    update = {axis: tuple(sorted({*getattr(arm, axis), *said[axis]})) for axis in axes}
    return record.model_copy(update={"keys": (arm.model_copy(update=update),)})


@house(400)
@given(one=worlds(BENEFITS, size=3, keys=NEAR))
def test_a_detail_that_is_told_comes_true(data: Dataset, one: World) -> None:
    for place, status in enumerate(judged(data, one, DAY)):
        for which, before in both(status):
            for change in changes(before, "detail"):
                assert before.judged is not None
                event(f"detail: {change['what']}")
                records = tuple(
                    filled(record, change["what"], before.judged.query.key) if record.id == change["record"] else record
                    for record in one.records
                )
                after = result_of(data, World(records, one.page), place, which)
                comes_true(data, before, change, after)


# ---------------------------------------------------------------------- one by one


def proof_of(data: Dataset, said: Any, *records: Any, day: date = DAY, **page: Any) -> dict[str, list[dict[str, Any]]]:
    """Return the changes a proof tells of the first place, by kind."""
    status = judged(data, World(records, document(said, **page)), day)[0]
    return {kind: changes(status.result, kind) for kind in ("removal", "detail", "addition")}


@pytest.mark.parametrize(
    ("records", "name", "level"),
    [
        ((), "registration", "T4"),
        ((failed(),), "response", "MIXED"),
        ((rct(finding(direction="no_difference", is_primary=True)),), "randomised_gain", "MIXED"),
        ((study(),), "failure", None),
        ((study(phase="PHASE2"),), "uncontrolled_failure", None),
    ],
)
def test_the_weakest_addition_that_moves_the_class_is_told(
    data: Dataset, records: tuple[Any, ...], name: str, level: str | None
) -> None:
    told = proof_of(data, claim(), *records)["addition"]
    if level is None:  # a failure at the same level only makes it mixed: a higher one is needed
        assert told[0]["class"] == "unsupported"
        assert told[0]["what"] != [name]
    else:
        assert [(one["what"], one["level"]) for one in told] == [([name], level)]


def test_an_addition_is_asked_for_each_part_only_where_one_is_not_enough(data: Dataset) -> None:
    both_diseases = claim(axes={"cell_type": ["nk"], "indication": ["aml", "mds"]})
    aml, mds = "natural killer cells in acute myeloid leukaemia", "natural killer cells in myelodysplastic syndrome"
    (change,) = proof_of(data, both_diseases)["addition"]
    assert len(change["needed_for"]) == 2
    (change,) = proof_of(data, both_diseases, study())["addition"]
    assert change["needed_for"] == [mds]
    assert aml != mds


def test_no_failure_is_told_that_could_contradict_nothing(data: Dataset) -> None:
    assert proof_of(data, claim(axes={"cell_type": ["nk"]}), study())["addition"] == []
    marker = finding(outcome="biomarker", marker="crp", gain=True)
    of_a_marker = claim(outcome="biomarker", marker="crp")
    assert proof_of(data, of_a_marker, study(None, [marker]))["addition"] == []
    assert proof_of(data, claim(), study())["addition"] != []


def test_a_detail_of_a_failure_counts_in_the_same_disease_only(data: Dataset) -> None:
    """Filled in, a failure in a narrower disease would still contradict nothing."""

    def told(disease: str) -> list[dict[str, Any]]:
        said = claim(axes={"cell_type": ["nk"], "cell_source": ["autologous"], "indication": [disease]})
        gain = study({"cell_source": ["autologous"]})
        unseen = study({"cell_source": []}, [NO_RESPONSE], phase="PHASE2")
        return proof_of(data, said, gain, unseen)["detail"]

    assert [(one["level"], one["what"]) for one in told("aml")] == [("X", ["cell_source"])]
    assert told("leukaemia") == []


def test_the_removal_of_one_of_many_reports_is_told(data: Dataset) -> None:
    named = [study() for _ in range(3)]
    reports = [{"study": one.id, "outcome": "response", "direction": "gain"} for one in named]
    said = claim(claim_type="citation", subject="cited_study", reports=reports)
    (change,) = proof_of(data, said, *named)["removal"]
    assert (change["class"], change["others"]) == ("needs_review", 2)


def test_the_removal_of_the_only_study_of_one_kind_of_cell_is_told(data: Dataset) -> None:
    """However many there are of the other kind."""
    harm = finding(outcome="safety", endpoint_kind=None, event="gvhd", n=0)
    many, only = [study(None, [harm]) for _ in range(3)], study({"cell_type": ["nkt"]}, [harm])
    both_kinds = {"cell_type": ["nk", "nkt"]}
    said = claim(claim_type="safety", subject="own_product", axes={**both_kinds, "indication": ["aml"]})
    (change,) = proof_of(data, said, *many, only, sold=both_kinds)["removal"]
    assert (change["record"], change.get("others", 0)) == (only.id, 0)


def test_the_removal_of_one_of_two_and_of_one_of_three(data: Dataset) -> None:
    (change,) = proof_of(data, claim(), study())["removal"]
    assert change["level"] == "U"
    assert proof_of(data, claim(), study(), study())["removal"] == []
    assert proof_of(data, claim(), study(), study(), study())["removal"] == []


def test_the_removal_of_any_of_several_is_told_once(data: Dataset) -> None:
    said = claim(claim_type="counting", counting={"what": "trials", "op": "only", "value": 1})
    (change,) = proof_of(data, said, trial(), trial(), day=date(2026, 1, 1))["removal"]
    assert (change["class"], change["others"]) == ("trial_stage", 1)


def test_a_harm_that_refutes_an_absolute_falls_with_its_record(data: Dataset) -> None:
    said = claim(claim_type="safety", event="sepsis", absolute=True)
    safe = study(None, [finding(outcome="safety", endpoint_kind=None, event="sepsis", n=0)])
    (change,) = proof_of(data, said, safe, safety_event(), day=date(2026, 1, 1))["removal"]
    assert (change["record"], change["class"]) == ("SAF-made-up", "trial_stage")
