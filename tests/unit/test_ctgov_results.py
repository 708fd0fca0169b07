"""The results section: nothing counted twice, nothing missing turned into zero, placeholders as printed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.errors import UnreadableError
from ingest.parse.ctgov_fields import Part
from ingest.parse.ctgov_results import baseline, harm_totals, harms, measures, participants
from kb.records.registration import Analysis, Harm, HarmTotal

FILES = Path(__file__).parent / "ctgov"


def section() -> dict[str, Any]:
    """The results section of the fixture, to change."""
    study: dict[str, Any] = json.loads((FILES / "whole.json").read_text(encoding="utf-8"))
    results: dict[str, Any] = study["resultsSection"]
    return results


def part(results: dict[str, Any]) -> Part:
    return Part(results, "study 1 of 1")


# ---------------------------------------------------------------------------- who started


def started(results: dict[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = results["participantFlowModule"]["periods"][0]["milestones"][0]["achievements"]
    return rows


def test_participants_are_those_who_started_the_first_period() -> None:
    assert participants(part(section())) == 25


def test_a_zero_is_counted_and_a_missing_number_ends_the_count() -> None:
    results = section()
    started(results)[1]["numSubjects"] = "0"
    assert participants(part(results)) == 13
    for nothing in ({}, {"numSubjects": None}, {"numSubjects": "NA"}, {"numSubjects": "-"}, {"numSubjects": ""}):
        started(results)[1] = {"groupId": "FG001", **nothing}
        assert participants(part(results)) is None


def test_a_group_that_is_not_in_the_milestone_ends_the_count() -> None:
    results = section()
    del started(results)[1]
    assert participants(part(results)) is None


def test_a_group_counted_twice_ends_the_count() -> None:
    results = section()
    started(results)[1] = dict(started(results)[0])
    assert participants(part(results)) is None


@pytest.mark.parametrize("milestones", [[], [{"type": "COMPLETED"}], [{"type": "STARTED"}, {"type": "STARTED"}]])
def test_without_one_milestone_started_nobody_knows(milestones: list[dict[str, Any]]) -> None:
    results = section()
    results["participantFlowModule"]["periods"][0]["milestones"] = milestones
    assert participants(part(results)) is None


def test_without_a_results_section_there_is_nothing() -> None:
    nothing = part({})
    assert participants(nothing) is None
    assert (baseline(nothing), measures(nothing), harms(nothing), harm_totals(nothing)) == ((), (), (), ())


def test_the_baseline_counts_people_not_eyes() -> None:
    assert baseline(part(section())) == (("NK arm", 13), ("Control", None), ("Total", 1025))


# ---------------------------------------------------------------------------- measures


def test_each_group_and_category_has_its_row_with_its_denominator() -> None:
    remission = measures(part(section()))[0]
    assert remission.groups == (
        ("NK arm › Day 28 › Complete", "12", "4", ""),
        ("Control › Day 28 › Complete", "12", "0", ""),
        ("NK arm › Day 28 › Partial", "12", "-", ""),
        ("Control › Day 28 › Partial", "12", "", ""),
        ("NK arm › Day 56", "8", "3", ""),
        ("Control › Day 56", "12", "1", ""),
    )
    assert (remission.rank, remission.title, remission.time_frame) == ("PRIMARY", "Remission", "Day 28")
    assert (remission.description, remission.population) == ("blasts <5%", "treated [mITT]")
    assert (remission.unit, remission.param, remission.dispersion) == ("Participants", "COUNT_OF_PARTICIPANTS", "")
    assert remission.reported


def test_placeholders_and_limits_stay_as_printed() -> None:
    survival = measures(part(section()))[1]
    assert survival.groups == (("NK arm", "13", "NA", "7.5 to NA"), ("Control", "12", "6.1", "1.2"))
    assert (survival.dispersion, survival.unit, survival.param) == ("95% Confidence Interval", "Months", "MEDIAN")


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ({}, ""),
        ({"spread": "NA"}, "NA"),
        ({"lowerLimit": "3"}, "from 3"),
        ({"upperLimit": "9"}, "up to 9"),
        ({"lowerLimit": "0", "upperLimit": "0"}, "0 to 0"),
        ({"spread": "1.1", "lowerLimit": "0.9", "upperLimit": "1.3"}, "1.1 (0.9 to 1.3)"),
    ],
)
def test_every_form_of_spread_is_shown(value: dict[str, str], printed: str) -> None:
    results = section()
    survival = results["outcomeMeasuresModule"]["outcomeMeasures"][1]
    survival["classes"][0]["categories"][0]["measurements"][0] = {"groupId": "OG000", "value": "5", **value}
    assert measures(part(results))[1].groups[0] == ("NK arm", "13", "5", printed)


def test_p_values_are_printed_with_their_method_and_the_kind_of_test_is_kept() -> None:
    remission = measures(part(section()))[0]
    assert remission.p_values == (("<0.0001", "Fisher Exact"),)
    groups = ("NK arm", "Control")
    assert remission.analyses == (
        Analysis(groups, test="NON_INFERIORITY", p_value="<0.0001", method="Fisher Exact"),
        Analysis(
            groups,
            "SUPERIORITY",
            "",
            "",
            "Odds Ratio (OR)",
            "1.09",
            level="95",
            sides="TWO_SIDED",
            low="0.72",
            high="NA",
        ),
    )


def test_a_measure_that_is_announced_is_not_reported() -> None:
    waiting = measures(part(section()))[2]
    assert (waiting.rank, waiting.title, waiting.reported, waiting.groups) == ("POST_HOC", "Not ready", False, ())


def test_groups_without_any_data_keep_their_rows() -> None:
    results = section()
    del results["outcomeMeasuresModule"]["outcomeMeasures"][1]["classes"]
    assert measures(part(results))[1].groups == (("NK arm", "13", "", ""), ("Control", "12", "", ""))


def test_an_older_document_without_a_status_reports_what_has_values() -> None:
    results = section()
    listed = results["outcomeMeasuresModule"]["outcomeMeasures"]
    for measure in listed:
        del measure["reportingStatus"]
    assert [measure.reported for measure in measures(part(results))] == [True, True, False]


def test_a_value_of_an_unlisted_group_is_not_lost() -> None:
    results = section()
    survival = results["outcomeMeasuresModule"]["outcomeMeasures"][1]
    survival["classes"][0]["categories"][0]["measurements"].append({"groupId": "OG007", "value": "8"})
    assert ("OG007", "", "8", "") in measures(part(results))[1].groups


def test_samples_are_no_people() -> None:
    results = section()
    remission = results["outcomeMeasuresModule"]["outcomeMeasures"][0]
    del remission["denoms"][0]
    assert {row[1] for row in measures(part(results))[0].groups} == {"", "8"}


# ---------------------------------------------------------------------------- harms


def test_each_serious_event_has_a_row_a_group_and_none_is_not_zero() -> None:
    blood, immune, infections = (
        "Blood and lymphatic system disorders",
        "Immune system disorders",
        "Infections and infestations",
    )
    assert harms(part(section())) == (
        Harm("Febrile neutropenia", blood, "NK arm", 2, 13),
        Harm("Febrile neutropenia", blood, "Control", 0, 12),
        Harm("Graft versus host disease", immune, "NK arm", None, 13),
        Harm("Graft versus host disease", immune, "Control", 1, None),
        Harm("Sepsis", infections, "", None, None),
    )


def test_totals_tell_no_deaths_from_deaths_not_given() -> None:
    assert harm_totals(part(section())) == (
        HarmTotal("NK arm", serious=3, serious_at_risk=13, deaths=0, deaths_at_risk=13),
        HarmTotal("Control", serious=0, serious_at_risk=12, deaths=None, deaths_at_risk=None),
    )


def test_counts_may_be_printed_as_text() -> None:
    results = section()
    group = results["adverseEventsModule"]["eventGroups"][0]
    group |= {"deathsNumAffected": "1,204", "deathsNumAtRisk": "NA", "seriousNumAffected": "3 "}
    total = harm_totals(part(results))[0]
    assert (total.deaths, total.deaths_at_risk, total.serious) == (1204, None, None)


@pytest.mark.parametrize("wrong", [-1, 1.5, True, [], {}])
def test_a_count_that_can_be_none_is_named(wrong: Any) -> None:
    results = section()
    results["adverseEventsModule"]["eventGroups"][1]["seriousNumAffected"] = wrong
    with pytest.raises(UnreadableError, match=r"eventGroups\[1\]\.seriousNumAffected"):
        harm_totals(part(results))


def test_two_groups_of_one_title_stay_apart() -> None:
    results = section()
    results["adverseEventsModule"]["eventGroups"][1]["title"] = "NK arm"
    assert [total.group for total in harm_totals(part(results))] == ["NK arm (EG000)", "NK arm (EG001)"]
    assert [harm.group for harm in harms(part(results))[:2]] == ["NK arm (EG000)", "NK arm (EG001)"]


def test_two_groups_of_one_id_are_refused() -> None:
    results = section()
    results["adverseEventsModule"]["eventGroups"][1]["id"] = "EG000"
    with pytest.raises(UnreadableError, match="two groups with the id 'EG000'"):
        harms(part(results))
