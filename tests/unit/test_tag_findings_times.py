"""A time until something good: the longer, the worse."""

from __future__ import annotations

import pytest

from tests.unit.tagging import article


@pytest.mark.parametrize(
    ("sentence", "direction"),
    [
        (
            "Median neutrophil recovery time was longer with NK cells than with placebo (21 vs 14 days, P = 0.01).",
            "worse",
        ),
        (
            "Platelet recovery time was shorter in the NK group than in the control group (20 vs 30 days; P < 0.01).",
            "better",
        ),
    ],
)
def test_a_time_until_something_good_is_better_short(sentence: str, direction: str) -> None:
    findings = article("NK cells in leukaemia: a randomised trial", sentence).findings
    assert [one.direction for one in findings if "recovery" in one.endpoint][:1] == [direction]
