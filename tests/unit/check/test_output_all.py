"""What holds for every output alike."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import docx
import pytest

from kb.check.output.csv import as_csv
from kb.check.output.docx import as_docx
from kb.check.output.html import as_html
from kb.check.output.json import as_json
from kb.check.output.sarif import as_sarif
from kb.check.output.text import as_brief, as_text
from kb.check.page import Page
from kb.check.report import DISCLAIMER, Report
from tests.unit.check.reports import Part, finding_of, page_of, report


def word_text(checked: Report) -> str:
    return "\n".join(comment.text for comment in docx.Document(io.BytesIO(as_docx(checked))).comments)


_OUTPUTS: list[Callable[[Report], str]] = [
    as_text, as_brief, as_json, as_csv, as_sarif, as_html, word_text
]  # fmt: skip
every_output = pytest.mark.parametrize("output", _OUTPUTS, ids=lambda output: output.__name__)


@every_output
def test_the_frame_is_in_every_output(output: Callable[[Report], str]) -> None:
    checked = report()
    shown = " ".join(output(checked).split())
    for words in (DISCLAIMER, "2026-11-01", "US", checked.built, *checked.notes, *checked.page.notes):
        assert words in shown


@every_output
def test_a_rule_names_a_possible_issue_never_a_breach(output: Callable[[Report], str]) -> None:
    shown = output(report()).casefold()
    assert not [word for word in ("violat", "illegal", "unlawful", "breach of") if word in shown]


@every_output
def test_the_same_report_gives_the_same_output(output: Callable[[Report], str]) -> None:
    assert output(report()) == output(report())


@every_output
def test_a_page_of_nothing(output: Callable[[Report], str]) -> None:
    empty: Page = page_of((), "empty.txt", "txt")
    assert DISCLAIMER in " ".join(output(replace(report(), page=empty, findings=())).split())


@every_output
def test_letters_of_any_script_stay(output: Callable[[Report], str]) -> None:
    # The joiner between the Persian letters (U+200C) belongs to the word.
    said = "NK细胞治愈癌症 می‌کند α-GalCer 10⁹ cells 👩‍⚕️."
    parts: tuple[Part, ...] = (("paragraph", "", said, 0, None),)
    page = page_of(parts, "page.txt", "txt")
    checked = replace(report(), page=page, findings=(finding_of(page, 1, said, suggestion=said),))
    assert said in " ".join(output(checked).split())
