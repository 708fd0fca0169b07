"""The HTML report: every finding once, anchors that resolve, nothing that runs or is fetched."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html

from kb.check.output.html import as_html, body_context, stylesheet
from kb.check.output.pieces import cut_page
from kb.check.report import DISCLAIMER, Report
from kb.english import ACCURACY, CLASSES
from tests.unit.check.reports import CURE, LONG, SCRIPT, finding_of, hostile, report


def tree(checked: Report) -> html.HtmlElement:
    return html.document_fromstring(as_html(checked))


def classed(root: html.HtmlElement, name: str) -> list[html.HtmlElement]:
    return [one for one in root.iter() if name in (one.get("class") or "").split()]


def text_of(element: html.HtmlElement) -> str:
    return " ".join(str(element.text_content()).split())


def spaced(element: html.HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split())


@pytest.mark.parametrize("checked", [report(), hostile()], ids=["page", "hostile"])
def test_every_finding_once_and_every_anchor_resolves(checked: Report) -> None:
    root = tree(checked)
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(set(ids)) == len(ids)
    for finding in checked.findings:
        assert ids.count(f"ck-{finding.id}") == 1
        assert ids.count(f"ck-at-{finding.id}") == 1
    for link in root.iter("a"):
        target = link.get("href") or ""
        assert target[1:] in ids if target.startswith("#") else target.startswith("https://")


def test_the_words_are_marked_in_place() -> None:
    checked = report()
    marks = classed(tree(checked), "ck-words")
    assert [text_of(mark) for mark in marks] == [finding.text for finding in checked.findings]
    assert "ck-c-unsupported" in (marks[0].get("class") or "")


def test_the_whole_text_of_the_page_is_there_in_order() -> None:
    checked = report()
    root = tree(checked)
    for number in classed(root, "ck-num"):
        number.drop_tree()
    shown = text_of(classed(root, "ck-doc")[0])
    at = 0
    for block in checked.page.blocks:
        at = shown.find(block.text, at)
        assert at >= 0, block.text


def test_notes_say_everything() -> None:
    checked = report()
    notes = {one.get("id"): spaced(one) for one in classed(tree(checked), "ck-note")}
    first = notes["ck-f001"]
    for words in (
        "Unsupported X contradicted",
        "Objection",
        "Inaccurate.",
        "The records say otherwise. CONTRADICTED",
        "Could be said instead In a pilot with donor cells",
        "Possible issue under Example Guide, section 3 (Example Commission, US) · high · 2001 text, 25 years old",
        "cell source: differs",
        "Product sold here Unsupported · U",
        "Marker [1]",
        "S-WITHDRAWN",
        "retracted",
    ):
        assert words in first
    assert "No other wording is suggested" in notes["ck-f004"]
    assert "Objection" not in notes["ck-f005"]
    assert notes["ck-f006"] == "6 – Not a claim"
    whole = text_of(tree(checked))
    for words in (DISCLAIMER, "United States (US)", "2026-11-01", checked.built, *checked.notes, "--product"):
        assert words in whole


def test_objections_lead_from_one_to_the_next() -> None:
    links = [
        one.get("href") for one in tree(report()).iter("a") if "objection" in text_of(one) or "first" in text_of(one)
    ]
    assert links == ["#ck-f001", "#ck-f003", "#ck-f004"]


def test_nothing_runs_and_nothing_is_fetched() -> None:
    for checked in (report(), hostile()):
        text = as_html(checked)
        root = html.document_fromstring(text)
        assert not {one.tag for one in root.iter()} & {
            "script",
            "img",
            "link",
            "iframe",
            "object",
            "form",
            "base",
            "svg",
        }
        for one in root.iter():
            assert not [name for name in one.attrib if name.startswith("on") or name in ("style", "src", "srcset")]
        assert all(not (link.get("href") or "").startswith(("javascript:", "data:")) for link in root.iter("a"))
        css = next(root.iter("style")).text or ""
        assert "url(" not in css
        assert "@import" not in css
        policy = next(one.get("content") for one in root.iter("meta") if one.get("http-equiv"))
        digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
        assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_text_of_the_page_is_text() -> None:
    text = as_html(hostile())
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "}} {{ 7*7 }} {% raw %}" in text
    assert LONG in text
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069]", text)


def test_findings_in_one_another_and_on_the_same_words() -> None:
    checked = report()
    page = checked.page
    inner = finding_of(page, 2, "eliminate tumours", objection=True, status_class="unsupported", accuracy="misleading")
    same = finding_of(page, 3, CURE)
    crossing = replace(same, id="f004", start=inner.start, end=same.end + 5)
    checked = replace(checked, findings=(checked.findings[0], inner, same, crossing))
    root = tree(checked)
    assert sorted(one.get("id") or "" for one in classed(root, "ck-num")) == [f"ck-at-f00{n}" for n in range(1, 5)]
    assert len(classed(root, "ck-note")) == 4
    for number in classed(root, "ck-num"):
        number.drop_tree()
    assert CURE in text_of(classed(root, "ck-doc")[0])


def test_a_finding_outside_the_visible_text_is_told_at_the_end() -> None:
    checked = report()
    lost = replace(checked.findings[0], start=0, end=1)
    root = tree(replace(checked, findings=(lost,)))
    home = classed(root, "ck-homeless")[0]
    assert CURE in text_of(home)
    assert [one.get("id") for one in classed(root, "ck-note")] == ["ck-f001"]
    assert [one.get("id") for one in root.iter() if one.get("id") == "ck-at-f001"] == ["ck-at-f001"]


def test_pieces_keep_every_character() -> None:
    checked = report()
    cuts, homeless = cut_page(checked.page, checked.findings)
    assert homeless == []
    for cut in cuts:
        assert "".join(cut.block.text[piece.start : piece.end] for piece in cut.pieces) == cut.block.text
    assert [one.id for cut in cuts for one in cut.findings] == [one.id for one in checked.findings]


def test_a_page_without_findings_has_no_filters() -> None:
    root = tree(replace(report(), findings=()))
    assert classed(root, "ck-filters") == []
    assert "No objection" in text_of(root)


def test_every_class_and_accuracy_has_its_filter() -> None:
    css = stylesheet(alone=False)
    for name in CLASSES:
        assert css.count(f"#ck-class-{name}:checked") == 2
        assert f".ck-c-{name} {{" in css
    for name in ACCURACY:
        assert css.count(f"#ck-acc-{name}:checked") == 2
    assert css.count("#ck-only-objections:checked") == 2
    root = tree(report())
    ids = {one.get("id") for one in root.iter("input")}
    assert {"ck-class-all", "ck-class-unsupported", "ck-acc-misleading", "ck-only-objections"} <= ids
    assert "ck-class-approved" not in ids


def test_colours_are_the_sites() -> None:
    site = (Path(__file__).parents[3] / "kb/publish/static/kb.css").read_text(encoding="utf-8")
    ours = (Path(__file__).parents[3] / "kb/check/output/check_page.css").read_text(encoding="utf-8")
    colours = re.compile(r"--[a-z-]+: [^;]+;")
    mine = colours.findall(ours)
    assert len(mine) > 30
    assert mine == colours.findall(site)[: len(mine)]


def test_the_body_is_plain_data_that_another_frame_can_show() -> None:
    context = body_context(report())["ck"]
    assert context["objections"] == 3
    assert [row["kind"] for row in context["rows"]] == [
        "heading", "paragraph", "heading", "item", "item", "paragraph", "table", "reference"
    ]  # fmt: skip
    assert SCRIPT not in str(context)
