"""The mismatch vector, the match table, and what each kind of match may do."""

from __future__ import annotations

from typing import Any

import pytest

from kb.assess.claim import Status
from kb.assess.match import compare, complete, complete_record, member_relation, overlay
from kb.dataset import Dataset
from kb.records.common import AXES, ProductKey
from kb.vocabulary import Vocabulary
from tests.factory import approval, claim, finding, judge, safety_event, study, trial

RECORD: dict[str, tuple[str, ...]] = {
    "cell_type": ("memory-like-nk",),
    "cell_source": ("haploidentical",),
    "expansion": ("short-activation",),
    "engineering": ("not-engineered",),
    "indication": ("aml",),
    "setting": ("relapsed-refractory",),
    "combination": ("il-2",),
}
NARROWER = {  # what the sentence says, when the record is more specific
    "cell_type": ("nk",),
    "cell_source": ("allogeneic",),
    "expansion": ("not-expanded",),
    "indication": ("leukaemia",),
    "setting": ("previously-treated",),
    "combination": ("cytokine",),
}
BROADER = {  # (record, sentence): the record is less specific
    "cell_type": (("nk",), ("memory-like-nk",)),
    "cell_source": (("allogeneic",), ("haploidentical",)),
    "expansion": (("not-expanded",), ("short-activation",)),
    "engineering": (("engineered",), ("car",)),
    "indication": (("leukaemia",), ("aml",)),
    "setting": (("previously-treated",), ("relapsed-refractory",)),
    "combination": (("cytokine",), ("il-2",)),
}
DIFFERENT = {
    "cell_type": ("cik",),
    "cell_source": ("autologous",),
    "expansion": ("ex-vivo-expanded",),
    "engineering": ("car",),
    "setting": ("newly-diagnosed",),
    "combination": ("alone",),
}
PRODUCT = ("cell_type", "cell_source", "expansion", "engineering", "combination")


def key(**axes: tuple[str, ...]) -> ProductKey:
    return ProductKey(**axes)


def listed(status: Status, record_id: str) -> bool:
    return record_id in {item.record_id for item in status.result.items}


# ---------------------------------------------------------------------- the vector and the fold


@pytest.mark.parametrize("axis", AXES)
def test_a_silent_sentence_leaves_the_axis_open_and_the_match_direct(vocabulary: Vocabulary, axis: str) -> None:
    said = {name: value for name, value in RECORD.items() if name != axis}
    vector = compare(vocabulary, key(**RECORD), key(**said))
    assert vector[axis] == "open"
    assert vector.match == "direct"


def test_the_same_on_every_axis_is_direct(vocabulary: Vocabulary) -> None:
    vector = compare(vocabulary, key(**RECORD), key(**RECORD))
    assert set(vector.relations) == {"same"}
    assert vector.match == "direct"
    assert vector.as_dict() == dict.fromkeys(AXES, "same")


@pytest.mark.parametrize("axis", sorted(set(NARROWER) & set(PRODUCT)))
def test_a_narrower_product_is_still_direct(vocabulary: Vocabulary, axis: str) -> None:
    vector = compare(vocabulary, key(**RECORD), key(**{**RECORD, axis: NARROWER[axis]}))
    assert vector[axis] == "narrower"
    assert vector.match == "direct"


def test_narrower_engineering_is_still_direct(vocabulary: Vocabulary) -> None:
    vector = compare(vocabulary, key(engineering=("car",)), key(engineering=("engineered",)))
    assert (vector["engineering"], vector.match) == ("narrower", "direct")


@pytest.mark.parametrize("axis", ["indication", "setting"])
def test_a_narrower_disease_or_setting_is_partial(vocabulary: Vocabulary, axis: str) -> None:
    vector = compare(vocabulary, key(**RECORD), key(**{**RECORD, axis: NARROWER[axis]}))
    assert vector[axis] == "narrower"
    assert vector.match == "partial"


@pytest.mark.parametrize("axis", AXES)
def test_an_axis_the_record_does_not_report_makes_the_match_possible(vocabulary: Vocabulary, axis: str) -> None:
    record = {name: value for name, value in RECORD.items() if name != axis}
    vector = compare(vocabulary, key(**record), key(**RECORD))
    assert vector[axis] == "unknown"
    assert vector.match == "possible"


@pytest.mark.parametrize("axis", AXES)
def test_a_broader_record_makes_the_match_possible(vocabulary: Vocabulary, axis: str) -> None:
    ours, theirs = BROADER[axis]
    vector = compare(vocabulary, key(**{**RECORD, axis: ours}), key(**{**RECORD, axis: theirs}))
    assert vector[axis] == "broader"
    assert vector.match == "possible"


@pytest.mark.parametrize("axis", sorted(DIFFERENT))
def test_a_difference_on_any_axis_but_the_disease_is_indirect(vocabulary: Vocabulary, axis: str) -> None:
    vector = compare(vocabulary, key(**RECORD), key(**{**RECORD, axis: DIFFERENT[axis]}))
    assert vector[axis] == "different"
    assert vector.match == "indirect"


def test_another_disease_is_unrelated_whatever_else_agrees(vocabulary: Vocabulary) -> None:
    vector = compare(vocabulary, key(**RECORD), key(**{**RECORD, "indication": ("glioma",)}))
    assert vector.match == "unrelated"


def test_a_difference_outweighs_an_unknown_axis_and_an_unknown_axis_outweighs_a_narrower_one(
    vocabulary: Vocabulary,
) -> None:
    record = {**RECORD, "expansion": ()}
    said = {**RECORD, "indication": ("leukaemia",)}
    assert compare(vocabulary, key(**record), key(**said)).match == "possible"
    assert compare(vocabulary, key(**record), key(**{**said, "cell_source": ("autologous",)})).match == "indirect"


def test_a_record_that_pools_a_named_disease_with_another_is_broader(vocabulary: Vocabulary) -> None:
    vector = compare(vocabulary, key(indication=("aml", "glioma")), key(indication=("aml",)))
    assert vector["indication"] == "broader"


# ---------------------------------------------------------------------- settings


def test_line_age_and_severity_are_compared_apart(vocabulary: Vocabulary) -> None:
    record = key(setting=("relapsed-refractory", "paediatric"))
    assert compare(vocabulary, record, key(setting=("relapsed-refractory",)))["setting"] == "same"
    assert compare(vocabulary, record, key(setting=("paediatric", "relapsed-refractory")))["setting"] == "same"
    assert compare(vocabulary, record, key(setting=("relapsed-refractory", "adult")))["setting"] == "different"
    assert compare(vocabulary, record, key(setting=("relapsed-refractory", "advanced")))["setting"] == "unknown"


@pytest.mark.parametrize("setting", ["prevention", "healthy"])
def test_prevention_and_healthy_people_need_that_population(data: Dataset, setting: str) -> None:
    said = claim(axes={"cell_type": ["nk"], "indication": ["aml"], "setting": [setting]})
    treated = judge(data, said, study())
    assert (treated.result.level, [item.match for item in treated.result.items]) == ("U", ["indirect"])
    assert judge(data, said, study({"setting": ["advanced"]})).result.level == "U"  # nobody says who they were
    assert judge(data, said, study({"setting": [setting]})).result.level == "T3"


def test_prevention_in_people_at_risk_is_not_shown_for_healthy_people(data: Dataset) -> None:
    healthy = claim(axes={"cell_type": ["nk"], "indication": ["aml"], "setting": ["healthy"]})
    prevention = claim(axes={"cell_type": ["nk"], "indication": ["aml"], "setting": ["prevention"]})
    assert judge(data, healthy, study({"setting": ["prevention"]})).result.level == "U"
    assert judge(data, prevention, study({"setting": ["healthy"]})).result.level == "T3"


# ---------------------------------------------------------------------- combinations


def test_silence_on_combination_is_open_and_not_alone(data: Dataset) -> None:
    assert judge(data, claim(), study({"combination": ["il-2"]})).result.level == "T3"


def test_a_sentence_that_says_alone_is_not_lifted_by_a_combination(data: Dataset) -> None:
    said = claim(axes={"cell_type": ["nk"], "indication": ["aml"], "combination": ["alone"]})
    assert judge(data, said, study({"combination": ["alone"]})).result.level == "T3"
    assert judge(data, said, study({"combination": ["il-2"]})).result.level == "U"
    assert judge(data, said, study({"combination": []})).result.level == "U"


def test_a_partner_the_control_arm_shared_does_not_set_the_record_apart(data: Dataset) -> None:
    said = claim(axes={"cell_type": ["nk"], "indication": ["aml"], "combination": ["alone"]})
    better = [finding(direction="better", p="0.01")]
    arm = {"combination": ["chemotherapy"], "control": "chemotherapy", "control_shares": ["chemotherapy"]}
    shared = study(arm, better, design="randomised-controlled", phase="PHASE2")
    unshared = study({**arm, "control_shares": []}, better, design="randomised-controlled", phase="PHASE2")
    more = study({**arm, "combination": ["chemotherapy", "il-2"]}, better, design="randomised-controlled")
    assert judge(data, said, shared).result.level == "T2r"
    assert judge(data, said, unshared).result.level == "U"
    assert judge(data, said, more).result.level == "U"


def test_a_named_partner_needs_that_partner(data: Dataset) -> None:
    said = claim(axes={"cell_type": ["nk"], "indication": ["aml"], "combination": ["cytokine"]})
    assert judge(data, said, study({"combination": ["il-2"]})).result.level == "T3"  # interleukin-2 is a cytokine
    assert judge(data, said, study({"combination": ["rituximab"]})).result.level == "U"
    assert judge(data, said, study({"combination": ["alone"]})).result.level == "U"


# ---------------------------------------------------------------------- which cells are which


@pytest.mark.parametrize(
    "other", ["cik", "dc-cik", "lak", "nk-t-mix", "activated-t", "gamma-delta-t", "car-t", "nkt", "inkt", "apc-agalcer"]
)
def test_other_cells_never_lift_a_claim_on_nk_cells(data: Dataset, other: str) -> None:
    record = study({"cell_type": [other]})
    status = judge(data, claim(), record)
    assert status.result.level == "U"
    assert [item.match for item in status.result.items if item.record_id == record.id] == ["indirect"]


@pytest.mark.parametrize("drug", ["il15-agonist", "checkpoint-drug", "nk-engager", "adcc-antibody", "il2-drug"])
def test_drugs_that_activate_nk_cells_never_lift_nk_cells(data: Dataset, drug: str) -> None:
    assert judge(data, claim(), study({"cell_type": [drug]})).result.level == "U"


@pytest.mark.parametrize("member", ["nkt", "inkt"])
@pytest.mark.parametrize("other", ["apc-agalcer", "nkt-like", "cik", "nk"])
def test_pulsed_antigen_presenting_cells_and_look_alikes_never_lift_nkt_cells(
    data: Dataset, member: str, other: str
) -> None:
    said = claim(axes={"cell_type": [member], "indication": ["aml"]})
    assert judge(data, said, study({"cell_type": [other]})).result.level == "U"
    assert judge(data, said, study({"cell_type": [member]})).result.level == "T3"


def test_other_cells_in_a_trial_do_not_count_as_testing_nk_cells(data: Dataset) -> None:
    assert judge(data, claim(), trial(cell_type=["cik"])).result.level == "U"


def test_a_disease_with_nk_in_its_name_is_no_nk_therapy(data: Dataset) -> None:
    said = claim(axes={"cell_type": ["nk"], "indication": ["enktl"]})
    assert judge(data, said, study({"cell_type": ["virus-specific-t"], "indication": ["enktl"]})).result.level == "U"
    assert judge(data, said, study({"indication": ["enktl"]})).result.level == "T3"


def test_nk_cells_mixed_with_other_cells_say_nothing_of_nk_cells_alone(data: Dataset) -> None:
    record = study({"cell_type": ["nk", "activated-t"]})
    status = judge(data, claim(), record)
    assert status.result.level == "U"
    assert [item.match for item in status.result.items] == ["possible"]


def test_a_mixture_named_as_such_is_the_same_for_each_member(vocabulary: Vocabulary) -> None:
    both = ("nk", "nkt")
    record = key(cell_type=both)
    assert member_relation(vocabulary, record, both, "nk") == "same"
    assert member_relation(vocabulary, record, both, "nkt") == "same"
    assert member_relation(vocabulary, record, ("nk",), "nk") == "broader"
    assert member_relation(vocabulary, key(cell_type=("inkt",)), both, "nkt") == "narrower"
    assert member_relation(vocabulary, key(cell_type=("inkt",)), both, "nk") == "different"
    assert member_relation(vocabulary, key(), both, "nk") == "unknown"


@pytest.mark.parametrize("aim", ["ageing", "immune-function", "cellular-energy", "tissue-repair", "general-health"])
def test_an_aim_is_no_disease_and_no_disease_is_narrower_than_it(data: Dataset, aim: str) -> None:
    status = judge(
        data, claim(axes={"cell_type": ["nk"], "indication": [aim]}), study(), study({"indication": ["cancer"]})
    )
    assert status.result.level == "U"
    assert status.result.items == ()  # unrelated records are not listed


# ---------------------------------------------------------------------- derived axes


def test_a_car_nk_cell_is_engineered_with_a_car_in_sentences_and_records(vocabulary: Vocabulary) -> None:
    assert complete(vocabulary, key(cell_type=("car-nk",))).engineering == ("car",)
    assert complete_record(vocabulary, key(cell_type=("car-nk",)), "abstract").engineering == ("car",)


def test_a_record_that_was_read_and_names_no_engineering_had_none(vocabulary: Vocabulary) -> None:
    said = key(cell_type=("nk",))
    assert complete_record(vocabulary, said, "abstract").engineering == ("not-engineered",)
    assert complete_record(vocabulary, said, "secondary").engineering == ()
    assert complete(vocabulary, said).engineering == ()


def test_a_cell_line_comes_from_a_cell_line(data: Dataset) -> None:
    said = claim(axes={"cell_type": ["nk"], "cell_source": ["autologous"], "indication": ["aml"]})
    status = judge(data, said, study({"cell_type": ["nk-cell-line"], "cell_source": []}))
    assert [item.vector["cell_source"] for item in status.result.items] == ["different"]
    assert status.result.level == "U"


def test_a_product_that_was_not_engineered_is_not_lifted_by_car_nk_cells(data: Dataset) -> None:
    own = claim(subject="own_product", axes={"indication": ["aml"]})
    arm = {"cell_source": ["autologous"], "expansion": ["ex-vivo-expanded"]}
    assert judge(data, own, study({**arm, "cell_type": ["car-nk"]})).result.level == "U"
    assert judge(data, own, study(arm)).result.level == "T3"


def test_engineering_nobody_saw_lifts_no_product_that_states_it(data: Dataset) -> None:
    own = claim(subject="own_product", axes={"indication": ["aml"]})
    arm = {"cell_source": ["autologous"], "expansion": ["ex-vivo-expanded"]}
    status = judge(data, own, study(arm, checked="secondary"))
    assert status.result.level == "U"
    assert [item.match for item in status.result.items] == ["possible"]


def test_only_the_sellers_own_product_inherits_what_the_page_sells(data: Dataset) -> None:
    own = judge(data, claim(subject="own_product"), study())
    assert (own.result.level, own.result.items[0].match) == ("U", "indirect")
    assert judge(data, claim(), study()).result.level == "T3"


def test_a_sentence_keeps_what_it_says_and_inherits_the_rest() -> None:
    said = overlay(key(cell_source=("cord-blood",)), key(cell_source=("autologous",), cell_type=("nk",)))
    assert said == key(cell_source=("cord-blood",), cell_type=("nk",))


# ---------------------------------------------------------------------- what each match may do


def positive(match: str) -> dict[str, Any]:
    arms: dict[str, dict[str, Any]] = {
        "direct": {},
        "partial": {"indication": ["aml"]},
        "possible": {"cell_source": []},
        "indirect": {"cell_source": ["cord-blood"]},
        "unrelated": {"indication": ["glioma"]},
    }
    return arms[match]


@pytest.mark.parametrize(
    ("match", "level"), [("direct", "T3"), ("partial", "T3"), ("possible", "U"), ("indirect", "U"), ("unrelated", "U")]
)
def test_only_direct_and_partial_records_lift(data: Dataset, match: str, level: str) -> None:
    disease = "leukaemia" if match == "partial" else "aml"
    said = claim(axes={"cell_type": ["nk"], "cell_source": ["haploidentical"], "indication": [disease]})
    record = study(positive(match))
    status = judge(data, said, record)
    assert status.result.level == level
    assert listed(status, record.id) == (match != "unrelated")
    if match != "unrelated":
        assert {item.match for item in status.result.items} == {match}
    assert ("INDICATION_BROADER" in status.codes) == (match == "partial")


@pytest.mark.parametrize("match", ["possible", "indirect"])
def test_a_record_that_almost_matches_is_named_as_the_nearest_change(data: Dataset, match: str) -> None:
    said = claim(axes={"cell_type": ["nk"], "cell_source": ["haploidentical"], "indication": ["aml"]})
    record = study(positive(match))
    nearest = judge(data, said, record).result.proof["parts"][0]["nearest"]
    assert nearest["id"] == record.id
    assert "cell source" in nearest["would_count_if"]


def test_a_partial_match_never_reaches_approved(data: Dataset) -> None:
    said = claim(
        axes={"cell_type": ["car-t"], "indication": ["acute-leukaemia"], "setting": ["relapsed-refractory"]},
        licensed_as_such=True,
    )
    status = judge(data, said, approval(), study({"cell_type": ["car-t"], "indication": ["b-all"]}))
    assert (status.status_class, status.result.level) == ("trial_stage", "T3")
    assert {"BROADER_THAN_LABEL", "INDICATION_BROADER"} <= set(status.codes)


def test_a_direct_record_beside_a_partial_one_needs_no_remark(data: Dataset) -> None:
    said = claim(axes={"cell_type": ["nk"], "indication": ["leukaemia"]})
    status = judge(data, said, study(), study({"indication": ["leukaemia"]}))
    assert status.result.level == "T3"
    assert "INDICATION_BROADER" not in status.codes


def test_an_unknown_source_never_refutes_an_absolute(data: Dataset) -> None:
    said = claim(
        claim_type="safety", absolute=True, event="sepsis", axes={"cell_type": ["nk"], "cell_source": ["autologous"]}
    )
    assert judge(data, said, safety_event(cell_source=[])).result.level == "U"
    assert judge(data, said, safety_event()).result.level == "X"


# ---------------------------------------------------------------------- what silence of a record means


def test_cells_of_which_only_some_are_engineered_by_definition_say_nothing(vocabulary: Vocabulary) -> None:
    both = key(cell_type=("car-nk", "nk"))
    assert complete_record(vocabulary, both, "abstract").engineering == ()


def test_a_record_that_states_its_engineering_keeps_it(vocabulary: Vocabulary) -> None:
    said = key(cell_type=("nk",), engineering=("engineered",))
    assert complete_record(vocabulary, said, "abstract").engineering == ("engineered",)


def test_a_sentence_that_says_not_engineered_needs_a_record_that_was_read(data: Dataset) -> None:
    said = claim(axes={"cell_type": ["nk"], "indication": ["aml"], "engineering": ["not-engineered"]})
    assert judge(data, said, study()).result.level == "T3"
    assert judge(data, said, study(checked="secondary")).result.level == "U"
    assert judge(data, said, trial()).result.level == "T4"
    assert judge(data, said, trial(checked="secondary")).result.level == "U"


def test_a_silent_sentence_is_not_taken_for_not_engineered(data: Dataset) -> None:
    assert judge(data, claim(), study({"cell_type": ["car-nk"]})).result.level == "T3"
    said = claim(axes={"cell_type": ["nk"], "indication": ["aml"], "engineering": ["not-engineered"]})
    assert judge(data, said, study({"cell_type": ["car-nk"]})).result.level == "U"


# ---------------------------------------------------------------------- axes are sets


@pytest.mark.parametrize("axis", AXES)
def test_order_and_repeats_on_an_axis_mean_nothing(axis: str) -> None:
    one, other = ProductKey(**{axis: ("b", "a", "b")}), ProductKey(**{axis: ("a", "b")})
    assert one == other
    assert getattr(one, axis) == ("a", "b")


def test_order_and_repeats_change_no_status(data: Dataset) -> None:
    arm = {"combination": ["il-2", "lymphodepletion"], "control_shares": ["lymphodepletion"], "control": "x"}
    turned = {**arm, "combination": ["lymphodepletion", "il-2", "lymphodepletion"]}
    alone = {"cell_type": ["nk"], "indication": ["aml"], "combination": ["alone", "alone"]}
    partners = {"cell_type": ["nk", "nk"], "indication": ["aml", "aml"], "combination": ["il-2", "lymphodepletion"]}
    better = [finding(direction="better", p="0.01")]
    for axes, level in ((alone, "U"), (partners, "T2r")):
        found = [
            judge(data, claim(axes=axes), study(key_, better, design="randomised-controlled")).result.level
            for key_ in (arm, turned)
        ]
        assert found == [level, level]
    only = judge(data, claim(axes=alone), study({"combination": ["alone", "alone"]}))
    assert only.result.level == "T3"
