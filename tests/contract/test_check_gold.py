"""Sentences of our own with the verdict each must get (data/gold/claims_*.jsonl): a guard, not an estimate.

The words of `kb check` were mended by these sentences, so the shares say that nothing was lost, no more.
"""

from __future__ import annotations

import json
from collections import Counter
from html import escape
from pathlib import Path
from typing import Any

import pytest

from kb.check.checker import Checker, open_checker
from kb.check.page import Page
from kb.check.read import read_bytes
from kb.check.report import Report
from kb.records.common import ProductKey
from kb.store import connect
from tests.conftest import DATA

#: Kind of fault → least share of its sentences that must get the expected verdict.
LEAST = {"wrong_direction": 0.975, "wrong_number": 0.925, "elsewhere": 0.975, "designation": 0.9}


def _cases() -> list[dict[str, Any]]:
    paths = sorted((DATA / "gold").glob("claims_*.jsonl"))
    return [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]


def _page(case: dict[str, Any]) -> Page:
    """Return a page that has the sentence under its heading, or as the row of its table."""
    text = case["text"]
    if "heads" in case:
        cells = [cell.strip() for cell in text.strip("|").split("|")]
        rows = (("th", case["heads"]), ("td", cells))
        inside = "".join("".join(f"<{tag}>{escape(one)}</{tag}>" for one in row) + "</tr><tr>" for tag, row in rows)
        body = f"<table><tr>{inside.removesuffix('<tr>')}</table>"
    else:
        body = f"<p>{escape(text)}</p>"
    heading = f"<h2>{escape(case['heading'])}</h2>" if "heading" in case else ""
    return read_bytes(f"<html><body>{heading}{body}</body></html>".encode(), "case.html")


def _right(case: dict[str, Any], report: Report) -> bool:
    """Tell whether one finding has the verdict, and the sentence as a whole is objected to as expected."""
    expect = case["expect"]
    classes = [expect["class"]] if isinstance(expect["class"], str) else expect["class"]
    verdict = any(
        finding.status_class in classes and finding.level in expect["level"] and finding.accuracy in expect["accuracy"]
        for finding in report.findings
    )
    nothing = "not_a_claim" in classes and not report.findings
    return (verdict or nothing) and bool(report.objections) == expect["objection"]


@pytest.fixture(scope="module")
def checker(built: Path) -> Checker:
    with connect(built) as db:
        return open_checker(db)


@pytest.mark.parametrize("kind", LEAST)
def test_sentences_get_the_verdict_people_gave_them(checker: Checker, kind: str) -> None:
    cases = [case for case in _cases() if case["kind"] == kind]
    assert len(cases) == 40
    wrong = [
        case["id"]
        for case in cases
        if not _right(
            case,
            checker.check(_page(case), case["jurisdiction"], ProductKey(**case["sold"]) if "sold" in case else None),
        )
    ]
    assert 1 - len(wrong) / len(cases) >= LEAST[kind], f"not as expected: {', '.join(wrong)}"


def test_every_case_has_one_id_and_its_own_words() -> None:
    cases = _cases()
    for field in ("id", "text"):
        assert [value for value, count in Counter(case[field] for case in cases).items() if count > 1] == []
