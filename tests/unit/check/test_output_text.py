"""The report at a terminal: complete, within its width, and nothing of the page acts on the terminal."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from kb.check.output.text import as_brief, as_text
from kb.check.output.words import SEVERITIES, clean, plain, rule_text, short, tidy, web
from kb.check.report import DISCLAIMER
from tests.unit.check.reports import RULE, hostile, report

_ANSI = re.compile(r"\x1b\[[0-9;]*m")


def flat(text: str) -> str:
    return " ".join(text.split())


def test_everything_is_told() -> None:
    checked = report()
    text = flat(as_text(checked))
    for finding in checked.findings:
        assert text.count(f" {finding.id} ") == 1
        assert f"“{finding.text}”" in text
        for code, meaning in finding.codes.items():
            assert f"{code}: {meaning}" in text
    assert "3 unsupported" in text
    assert "3 objections" in text
    assert "cell source: autologous" in text
    assert "--product" in text
    assert "cell source: differs, expansion: silent" in text
    assert "Possible issue under Example Guide, section 3 (Example Commission, US)" in text
    assert "2001 text, 25 years old" in text
    assert "Could be said instead: In a pilot with donor cells" in text
    assert "No other wording is suggested: No study on file" in text
    assert "United States (US)" in text
    assert "As of: 2026-11-01" in text
    assert checked.built in text
    assert all(f"Not checked: {note}" in text for note in (*checked.notes, *checked.page.notes))
    assert text.endswith(DISCLAIMER)


@pytest.mark.parametrize("width", [10, 40, 72, 100])
def test_lines_are_no_longer_than_the_terminal(width: int) -> None:
    assert max(map(len, as_text(report(), width).splitlines())) <= max(width, 40)
    assert max(map(len, as_text(hostile(), width).splitlines())) <= max(width, 40)


def test_colour_changes_no_word() -> None:
    coloured = as_text(report(), 80, colour=True)
    assert "\x1b[" in coloured
    assert [line.rstrip() for line in _ANSI.sub("", coloured).splitlines()] == as_text(report(), 80).splitlines()


def test_the_environment_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    before = as_text(report(), 80, colour=True)
    for name, value in (("NO_COLOR", "1"), ("COLUMNS", "30"), ("TERM", "dumb"), ("FORCE_COLOR", "1")):
        monkeypatch.setenv(name, value)
    assert as_text(report(), 80, colour=True) == before


@pytest.mark.parametrize("colour", [False, True])
def test_nothing_of_the_page_acts_on_the_terminal(colour: bool) -> None:
    for text in (as_text(hostile(), 80, colour), as_brief(hostile())):
        bare = _ANSI.sub("", text)
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069]", bare)
    assert "[31mcancer" in flat(as_brief(hostile()))


def test_brief_is_one_line_a_finding_as_linters_write_it() -> None:
    checked = report()
    lines = as_brief(checked).splitlines()
    judged = [line for line in lines if not line.startswith("# ")]
    assert len(judged) == len(checked.findings)
    assert judged[1].startswith("clinic page.md:2:76 background B unverifiable: NK cells recognise")
    assert judged[2].startswith("clinic page.md:4:3 unsupported X inaccurate: There are")
    assert lines[-1] == f"# {DISCLAIMER}"


def test_a_place_in_words_stands_in_for_lines_that_mean_nothing() -> None:
    checked = report()
    checked = replace(checked, findings=(replace(checked.findings[0], place="page 2"),))
    assert "page 2" in as_text(checked)
    assert "line 2 " not in as_text(replace(checked, assumed_basis=""))


def test_a_page_without_claims_says_so() -> None:
    assert "No sentence of this page was taken for a claim" in as_text(replace(report(), findings=()))


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("https://example.org/ b", ""),
        ('https://example.org/"onclick=', ""),
        ("//example.org", ""),
        ("", ""),
    ],
)
def test_only_web_addresses_become_links(url: str, shown: str) -> None:
    assert web(url) == shown


def test_words() -> None:
    assert clean("a\u202eb\x1bc\td\ud800") == "abc d\ufffd"
    assert tidy("  a \n b\u2029c ") == "a b c"
    assert short("one two three", 9) == "one two…"
    assert short("x" * 20, 5) == "xxxx…"
    assert plain("accurate_with_caveat") == "accurate with caveat"
    assert rule_text(replace(RULE, seen="no")) == "Nobody has read the text of this rule for this base"
    assert SEVERITIES == ("high", "medium", "low")
