"""Scores of results and doses, with a reader that answers as told."""

from __future__ import annotations

from typing import Any

import pytest

from kb.evaluate.fields import agrees, written
from kb.evaluate.findings import match, read_all, sheets
from kb.evaluate.gold import ExpectedDose, FindingCase
from kb.evaluate.metrics import Share
from kb.evaluate.sheet import Sheet
from kb.progress import Silent
from kb.tag.tags import Dose, Finding
from tests.unit.evaluating import tools


def finding(**fields: Any) -> Finding:
    return Finding("abstract", 0, 10, **fields)


def dose(low: float, high: float | None = None, per: Any = "kg", infusions: int | None = None) -> Dose:
    return Dose("abstract", 0, 5, low, high or low, per, infusions, "cells")


def scored(
    text: str,
    expect: list[dict[str, Any]],
    *found: Finding,
    doses: list[ExpectedDose] | None = None,
    given: tuple[Dose, ...] = (),
    disputed: frozenset[tuple[str, str]] = frozenset(),
) -> list[Sheet]:
    case = FindingCase(id="f1", text=text, expect=expect, doses=doses)
    return sheets(list(read_all([case], tools(read={text: (found, given)}), Silent())), disputed)


def figure(given: list[Sheet], name: str, place: int = 0) -> Share:
    (line,) = [line for line in given[place].lines if line.name == name]
    assert isinstance(line.figure, Share)
    return line.figure


TEXT = "Five of 9 patients (55.6%) responded (P = 0.03); 2 of 9 had fever."


def test_a_result_read_rightly_is_right_in_every_line() -> None:
    expect = [{"n": 5, "n_total": 9, "percent": 55.6, "outcome": "response"}, {"n": 2, "n_total": 9, "event": "fever"}]
    result = scored(
        TEXT,
        expect,
        finding(n=2, n_total=9, event="fever", outcome="safety"),
        finding(n=5, n_total=9, percent=55.6, outcome="response"),
    )
    assert figure(result, "results matched (recall)") == Share(2, 2)
    assert figure(result, "numbers, recall") == Share(5, 5)
    assert figure(result, "numbers, precision") == Share(5, 5)
    assert figure(result, "numbers the passage states (not invented)") == Share(5, 5)
    assert figure(result, "field event") == Share(1, 1)
    assert result[0].cases == ()


def test_a_match_is_not_yet_right_in_every_field() -> None:
    expect: list[dict[str, Any]] = [
        {"n": 5, "n_total": 9, "outcome": "response"},
        {"n": 2, "n_total": 9, "event": "fever"},
        {"n": 7},
    ]
    found = (finding(n=2, n_total=9, event="crs", outcome="safety"), finding(n=5, n_total=9, outcome="response"))
    result = scored(TEXT, expect, *found)
    assert figure(result, "results matched (recall)") == Share(2, 3)
    assert figure(result, "results right in every expected field") == Share(1, 3)
    assert "missed results are left out there" in result[0].text


def test_an_invented_number_is_told_from_a_wrong_one() -> None:
    result = scored(TEXT, [{"n": 5, "n_total": 9}], finding(n=5, n_total=10, percent=50.0))
    assert figure(result, "numbers, recall") == Share(1, 2)
    assert figure(result, "numbers, precision") == Share(1, 2)
    assert figure(result, "numbers the passage states (not invented)") == Share(1, 3)
    (case,) = result[0].cases
    assert case.why == "invented: n_total 10, percent 50"
    assert case.expected == "n_total 9"
    assert case.found == "n_total 10"


def test_n_is_invented_unless_written_or_meant_by_none_and_all() -> None:
    name = "numbers the passage states (not invented)"
    assert figure(scored(TEXT, [], finding(n=7)), name) == Share(0, 1)
    assert figure(scored("Fever occurred in all 12.", [], finding(n=12, n_total=12)), name) == Share(2, 2)
    assert figure(scored("Fever was not seen.", [], finding(n=0)), name) == Share(1, 1)


def test_a_number_in_the_wrong_field_is_wrong_and_not_invented() -> None:
    result = scored(TEXT, [{"n": 5, "n_total": 9, "percent": 55.6}], finding(n=9, n_total=5, percent=55.6))
    assert figure(result, "numbers, recall") == Share(1, 3)
    assert figure(result, "numbers the passage states (not invented)") == Share(3, 3)


def test_a_field_the_gold_leaves_open_does_not_count_and_an_empty_one_does() -> None:
    open_ = scored(TEXT, [{"n": 5}], finding(n=5, n_total=9, p="0.03"))
    assert figure(open_, "numbers, precision") == Share(1, 1)
    empty = scored(TEXT, [{"n": 5, "n_total": None}], finding(n=5, n_total=9))
    assert figure(empty, "numbers, precision") == Share(1, 2)
    assert figure(empty, "field n_total") == Share(0, 1)


def test_a_missed_result_costs_its_numbers_and_an_unexpected_one_too() -> None:
    result = scored(TEXT, [{"n": 5, "n_total": 9}], finding(percent=55.6, p="0.03"))
    assert figure(result, "results matched (recall)") == Share(0, 1)
    assert figure(result, "found results matched (precision)") == Share(0, 1)
    assert figure(result, "numbers, recall") == Share(0, 2)
    assert figure(result, "numbers, precision") == Share(0, 2)
    (case,) = result[0].cases
    assert case.errors == 2
    assert case.found == "not expected: percent 55.6, p 0.03"


def test_a_passage_without_a_result_must_give_none() -> None:
    name = "passages without a result in which none was found"
    assert figure(scored(TEXT, []), name) == Share(1, 1)
    assert figure(scored(TEXT, [], finding(n=2)), name) == Share(0, 1)


def test_findings_are_matched_by_most_numbers_then_by_most_fields() -> None:
    one, other = {"n": 2, "n_total": 9, "event": "crs"}, {"n": 2, "n_total": 9, "event": "gvhd"}
    found = [finding(n=2, n_total=9, event="gvhd"), finding(n=2, n_total=9, event="crs"), finding(n=2, n_total=9)]
    pairs, extra = match([one, other], found)
    assert [pair[1] for pair in pairs] == [found[1], found[0]]
    assert extra == (found[2],)


def test_no_finding_is_matched_twice() -> None:
    found = finding(n=2, n_total=9)
    pairs, extra = match([{"n": 2, "n_total": 9}, {"n": 2, "n_total": 9}], [found])
    assert [pair[1] for pair in pairs] == [found, None]
    assert extra == ()


def test_a_bare_zero_identifies_nothing_but_an_event_does() -> None:
    wanted = {"n": 0, "event": "gvhd", "assertion": "absent"}
    assert match([wanted], [finding(n=0, event="crs")])[0][0][1] is None
    assert match([wanted], [finding(event="gvhd", n=3)])[0][0][1] is not None


def test_the_primary_endpoint_is_matched_by_its_fate() -> None:
    wanted = {"is_primary": True, "met": False}
    assert match([wanted], [finding(is_primary=True, met=False)])[0][0][1] is not None
    assert match([wanted], [finding(is_primary=True, met=True)])[0][0][1] is None
    assert match([{"percent": 40, "outcome": "response"}], [finding(percent=41.0, outcome="response")])[0][0][1] is None


def test_direction_and_flags_of_matched_results() -> None:
    expect = [{"n": 5, "direction": "better", "flags": ["spin"]}]
    result = scored(TEXT, expect, finding(n=5, direction="no_difference", flags=("spin", "subgroup")))
    assert figure(result, "field direction") == Share(0, 1)
    assert figure(result, "field flags") == Share(0, 1)
    assert result[0].confusions[0].rows == (("better", (0, 1)),)


def test_a_dispute_leaves_its_field_out_beside_the_headline() -> None:
    result = scored(TEXT, [{"n": 5, "direction": "worse"}], finding(n=5), disputed=frozenset({("f1", "direction")}))
    (line,) = [line for line in result[0].lines if line.name == "field direction"]
    assert (line.figure, line.without) == (Share(0, 1), Share(0, 0))
    (other,) = [line for line in result[0].lines if line.name == "field n"]
    assert other.without is None


def test_doses_must_agree_in_numbers_and_unit() -> None:
    text = "1 × 10^6/kg, 5 × 10^8 cells, 3 weekly infusions"
    expected = [ExpectedDose(low=1e6, high=1e6, per="kg", infusions=3), ExpectedDose(low=5e8, high=5e8)]
    right = scored(text, [], doses=expected, given=(dose(5e8, per=""), dose(1e6, infusions=3)))
    assert figure(right, "doses found (recall)", 1) == Share(2, 2)
    assert figure(right, "number of infusions", 1) == Share(1, 1)
    wrong = scored(text, [], doses=expected, given=(dose(5e8, per="kg"), dose(1e6, infusions=2)))
    assert figure(wrong, "doses found (recall)", 1) == Share(1, 2)
    assert figure(wrong, "found doses that are right (precision)", 1) == Share(1, 2)
    assert figure(wrong, "number of infusions", 1) == Share(0, 1)
    assert wrong[1].cases[0].errors == 2


def test_an_invented_dose_is_counted() -> None:
    result = scored("10<sup>9</sup> cells", [], doses=[], given=(dose(109.0),))
    assert figure(result, "numbers the passage states (not invented)") == Share(0, 1)
    assert figure(result, "passages without a dose in which none was found", 1) == Share(0, 1)


def test_doses_nobody_labelled_are_not_scored() -> None:
    assert len(scored(TEXT, [], given=(dose(9.0),))) == 1


@pytest.mark.parametrize(
    ("name", "one", "other", "same"),
    [
        ("p", "<.05", "< 0.05", True),
        ("p", "P less than .05", "<0.05", True),
        ("p", "0.05", "<0.05", False),
        ("p", "ns", "NS", True),
        ("p", "0·03", "0.03", True),
        ("p", ">0.05", "<0.05", False),
        ("value", "16.0", "16", True),
        ("value", "16.0", "16.5", False),
        ("unit", "months", "month", True),
        ("unit", "mo", "months", True),
        ("unit", "months", "weeks", False),
        ("time_point", "2 years", "2-year", True),
        ("time_point", "two years", "at 2 years", True),
        ("time_point", "day 28", "28 days", False),
        ("grade", [3, None], (3, None), True),
        ("grade", [3, 4], (3, 5), False),
        ("flags", ["a", "b"], ("b", "a"), True),
        ("flags", [], ("a",), False),
        ("n", None, None, True),
        ("n", None, 0, False),
        ("n", 0, None, False),
        ("percent", 62, 62.0, True),
        ("percent", 62, 62.1, False),
        ("met", True, True, True),
        ("met", False, None, False),
        ("event", "", "crs", False),
    ],
)
def test_when_two_values_are_the_same(name: str, one: Any, other: Any, same: bool) -> None:
    assert agrees(name, one, other) is same


def test_the_numbers_a_finding_states() -> None:
    found = finding(n=5, percent=50.0, level=95.0, p="<0.001", value="not reached", grade=(3, 4))
    assert written(found) == [("n", 5.0), ("percent", 50.0), ("p", 0.001)]
