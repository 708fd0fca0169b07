"""A first look at the judges on made-up records."""

from __future__ import annotations

from kb.dataset import Dataset
from tests.factory import claim, judge, study


def test_one_responder_lifts_a_class_claim_to_trial_stage(data: Dataset) -> None:
    status = judge(data, claim(), study())
    assert (status.status_class, status.result.level) == ("trial_stage", "T3")
    assert status.sold_class == "unsupported"  # donor cells say nothing about the patient's own
    assert "SOURCE_NOT_AUTOLOGOUS" in status.codes


def test_nothing_on_file_is_unsupported(data: Dataset) -> None:
    status = judge(data, claim())
    assert (status.status_class, status.result.level, status.accuracy) == ("unsupported", "U", "misleading")
