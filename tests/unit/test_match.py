"""The mismatch vector and the match it folds to, axis by axis; what silence means; order means nothing."""

from __future__ import annotations

import pytest

from kb.assess.match import compare, complete, complete_record, member_relation, overlay
from kb.dataset import Dataset
from kb.records.common import AXES, ProductKey
from kb.vocabulary import Vocabulary
from tests.factory import claim, finding, judge, study, trial

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


@pytest.mark.parametrize(
    ("record", "sentence", "relation"),
    [
        (("car", "other-engineering"), ("car",), "narrower"),  # a CAR with a built-in cytokine is a CAR product
        (("car", "other-engineering"), ("engineered",), "narrower"),
        (("car",), ("car", "other-engineering"), "different"),  # the cytokine is missing
        (("car", "other-engineering"), ("car", "other-engineering"), "same"),
        (("engineered",), ("car",), "broader"),
        (("car", "other-engineering"), ("not-engineered",), "different"),
        (("not-engineered", "other-engineering"), ("other-engineering",), "broader"),  # some of each
    ],
)
def test_engineering_holds_together(
    vocabulary: Vocabulary, record: tuple[str, ...], sentence: tuple[str, ...], relation: str
) -> None:
    assert compare(vocabulary, key(engineering=record), key(engineering=sentence))["engineering"] == relation


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


def test_a_mixture_named_as_such_is_the_same_for_each_member(vocabulary: Vocabulary) -> None:
    both = ("nk", "nkt")
    record = key(cell_type=both)
    assert member_relation(vocabulary, record, both, "nk") == "same"
    assert member_relation(vocabulary, record, both, "nkt") == "same"
    assert member_relation(vocabulary, record, ("nk",), "nk") == "broader"
    assert member_relation(vocabulary, key(cell_type=("inkt",)), both, "nkt") == "narrower"
    assert member_relation(vocabulary, key(cell_type=("inkt",)), both, "nk") == "different"
    assert member_relation(vocabulary, key(), both, "nk") == "unknown"


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
