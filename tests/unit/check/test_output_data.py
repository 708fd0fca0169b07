"""JSON and CSV: every finding once, as found; nothing that acts on a terminal or a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from typing import Any

import pytest

from kb.check.output.csv import COLUMNS, as_csv
from kb.check.output.json import as_json
from kb.check.report import DISCLAIMER
from kb.formulas import dangerous
from tests.unit.check.reports import BIDI, FORMULA, PILOT, finding_of, hostile, report

_CONTRACT = [
    "line",
    "start",
    "end",
    "text",
    "claim_type",
    "class",
    "level",
    "sold_class",
    "sold_level",
    "subject",
    "accuracy",
    "codes",
    "rules",
    "evidence",
    "suggestion",
]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_json_has_the_shape_of_the_contract() -> None:
    checked = report()
    data: dict[str, Any] = json.loads(as_json(checked))
    assert data["document"] == {
        "name": "clinic page.md",
        "format": "md",
        "sha256": checked.page.sha256,
        "lines": 11,
        "title": "Natural killer cell therapy",
    }
    assert data["assumed_product"]["cell_source"] == ["autologous"]
    assert [one["id"] for one in data["findings"]] == [f"f00{number}" for number in range(1, 8)]
    for one, finding in zip(data["findings"], checked.findings, strict=True):
        assert set(_CONTRACT) <= set(one)
        assert checked.page.source[one["start"] : one["end"]] == one["text"] == finding.text
        assert isinstance(one["codes"], list)
    first = data["findings"][0]
    assert (
        first["evidence"][0] | {"id": "S-PILOT", "stance": "does_not_support", "match": "partial"}
        == (first["evidence"][0])
    )
    assert first["codes"] == ["CONTRADICTED", "SOURCE_NOT_AUTOLOGOUS"]
    assert [one["suggestion"] is None for one in data["findings"]] == [False, True, False, True, True, True, True]
    assert (data["jurisdiction"], data["as_of"], data["disclaimer"]) == ("US", "2026-11-01", DISCLAIMER)
    assert data["notes"] == ["One picture has no text alternative.", "Wording rules of other places were not applied."]


def test_json_does_not_depend_on_the_order_of_sets_and_mappings() -> None:
    checked = report()
    turned = replace(
        checked,
        assumed=dict(reversed(list(checked.assumed.items()))),
        findings=tuple(
            replace(
                one,
                codes=dict(reversed(list(one.codes.items()))),
                axes=dict(reversed(list(one.axes.items()))),
                proof=dict(reversed(list(one.proof.items()))),
            )
            for one in checked.findings
        ),
    )
    assert as_json(turned) == as_json(checked)


def test_proofs_may_hold_sets() -> None:
    checked = report()
    odd = replace(checked.findings[0], proof={"b": {"y", "x"}, "a": ({"k": frozenset({2, 1})},)})
    data = json.loads(as_json(replace(checked, findings=(odd,))))
    assert data["findings"][0]["proof"] == {"a": [{"k": [1, 2]}], "b": ["x", "y"]}


def test_json_keeps_the_text_and_writes_what_acts_as_escapes() -> None:
    checked = hostile()
    text = as_json(replace(checked, notes=("\ud800 \x85",)))
    assert json.loads(text)["findings"][2]["text"] == BIDI
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2066\ud800]", text)


def test_csv_has_one_row_a_finding_with_the_frame_in_each() -> None:
    checked = report()
    text = as_csv(checked)
    found = rows(text)
    assert text.splitlines()[0] == ",".join(COLUMNS)
    assert [row["finding"] for row in found] == [finding.id for finding in checked.findings]
    assert [row["text"] for row in found] == [finding.text for finding in checked.findings]
    assert found[0]["codes"] == "CONTRADICTED | SOURCE_NOT_AUTOLOGOUS"
    assert found[0]["evidence"] == "S-PILOT | S-WITHDRAWN"
    assert [row["objection"] for row in found] == ["yes", "no", "yes", "yes", "no", "no", "no"]
    for row in found:
        assert row["disclaimer"] == DISCLAIMER
        assert (row["jurisdiction"], row["as_of"]) == ("US", "2026-11-01")
        assert "One picture" in row["notes"]
        assert None not in row


def test_csv_of_a_page_without_findings_still_says_what_was_not_checked() -> None:
    found = rows(as_csv(replace(report(), findings=())))
    assert len(found) == 1
    assert found[0]["finding"] == ""
    assert found[0]["disclaimer"] == DISCLAIMER


@pytest.mark.parametrize(
    "start", ["=1+1", "+1 555", "-x", "@sum", "\t=1", "\r=1", " =1", "\u200b=1", "\uff1d1", "\x00=1"]
)
def test_no_cell_starts_a_formula(start: str) -> None:
    checked = hostile()
    evil = finding_of(
        checked.page,
        1,
        FORMULA,
        understood=start,
        suggestion=start,
        codes={start: start},
        section=(start,),
        evidence=(replace(PILOT, id=start, reason=start),),
    )
    checked = replace(checked, findings=(evil,), notes=(start,), built=start, assumed_basis=start)
    for row in rows(as_csv(checked)):
        for name, cell in row.items():
            assert not dangerous(cell.encode()), name
    assert rows(as_csv(checked))[0]["text"] == f"'{FORMULA}"


def test_csv_drops_what_acts() -> None:
    assert not re.search("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u202e\u2066\u200b]", as_csv(hostile()))
