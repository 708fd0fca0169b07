"""A status that rests on secondary sources alone says so; one better source is enough."""

from __future__ import annotations

import pytest

from kb.dataset import Dataset
from tests.factory import absence, approval, claim, judge, safety_event, study, trial

_FLAG = "SECONDARY_SOURCE"


def test_a_registration_known_from_a_list_is_flagged(data: Dataset) -> None:
    status = judge(data, claim(), trial(checked="secondary"))
    assert status.result.level == "T4"
    assert _FLAG in status.codes
    assert _FLAG not in judge(data, claim(), trial()).codes


def test_one_better_source_is_enough(data: Dataset) -> None:
    assert _FLAG not in judge(data, claim(), trial(checked="secondary"), trial()).codes


def test_a_licence_known_from_a_list_is_flagged(data: Dataset) -> None:
    label = {"cell_type": ["car-t"], "indication": ["b-all"], "setting": ["relapsed-refractory"]}
    said = claim(axes=label, names_product="madeup")
    assert judge(data, said, approval()).status_class == "approved"
    assert _FLAG in judge(data, said, approval(checked="secondary")).codes
    assert _FLAG not in judge(data, said, approval(checked="regulator")).codes


def test_an_absence_known_from_a_list_is_flagged(data: Dataset) -> None:
    said = claim(claim_type="regulatory", regulatory={"says": "not_approved", "jurisdictions": ["US"]})
    assert _FLAG in judge(data, said, absence(checked="secondary")).codes
    assert _FLAG not in judge(data, said, absence(checked="regulator")).codes


def test_harm_known_from_a_list_is_flagged(data: Dataset) -> None:
    said = claim(claim_type="safety", outcome="safety", absolute=True, event="sepsis")
    assert judge(data, said, safety_event(checked="secondary")).result.level == "X"
    assert _FLAG in judge(data, said, safety_event(checked="secondary")).codes
    assert _FLAG not in judge(data, said, safety_event(checked="regulator")).codes


@pytest.mark.parametrize(("checked", "flagged"), [("secondary", True), ("registry", False)])
def test_the_product_on_sale_is_flagged_like_the_sentence(data: Dataset, checked: str, flagged: bool) -> None:
    own = {"cell_source": ["autologous"], "expansion": ["ex-vivo-expanded"], "engineering": ["not-engineered"]}
    status = judge(data, claim(), study(), trial(**own, checked=checked))
    assert status.result.level == "T3"
    assert status.sold is not None and status.sold.level == "T4"
    assert (_FLAG in status.codes) is flagged


def test_nothing_on_file_is_no_secondary_source(data: Dataset) -> None:
    assert _FLAG not in judge(data, claim()).codes


@pytest.mark.parametrize("axis", ["cell_source", "expansion", "engineering"])
def test_how_the_cells_were_made_is_flagged_only_where_the_sentence_says_something_of_it(
    data: Dataset, axis: str
) -> None:
    made = {"cell_source": ["autologous"], "expansion": ["ex-vivo-expanded"], "engineering": ["not-engineered"]}
    record = study(made, unverified=[f"keys.{axis}"])
    silent = {"cell_type": ["nk"], "indication": ["aml"]}
    assert _FLAG in judge(data, claim(axes={**silent, axis: made[axis]}), record).codes
    assert _FLAG not in judge(data, claim(axes=silent, subject="biology"), record).codes
