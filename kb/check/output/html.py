"""The report as a page: the document's text with its claims underlined, and the verdicts in the margin.

The file stands alone: no script, no request to anywhere (its content security policy forbids them), everything of
the page escaped. The body is a template of its own, ``_check_body.html``, so that a site can show it in its frame;
it needs :func:`body_context` and ``check.css``.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kb.check.output import words
from kb.check.output.pieces import Cut, cut_page
from kb.check.report import DISCLAIMER, Cited, Finding, Fired, Marker, Report
from kb.english import ACCURACY, CLASSES

_HERE = Path(__file__).parent
#: Folder of the templates, for a site that shows the body in its own frame.
TEMPLATES = _HERE / "templates"

Data = dict[str, Any]
#: Which finding marks words that several cover: the gravest.
_GRAVITY = {name: index for index, name in enumerate(reversed(ACCURACY))}


def as_html(report: Report) -> str:
    """Return a page of HTML that needs no other file."""
    css = stylesheet(alone=True)
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return _templates().get_template("check.html").render(css=css, css_digest=digest, **body_context(report))


@cache
def stylesheet(*, alone: bool) -> str:
    """Return the style sheet of the body.

    Args:
        alone: with the colours and the frame that a site's own style sheet brings otherwise.
    """
    names = ("check_page.css", "check.css") if alone else ("check.css",)
    return "\n".join((_HERE / name).read_text(encoding="utf-8") for name in names)


def body_context(report: Report) -> Data:
    """Return what ``_check_body.html`` shows, as ``ck``: plain data, with text already cleaned but not escaped."""
    cuts, homeless = cut_page(report.page, report.findings)
    numbers = {finding.id: number for number, finding in enumerate(report.findings, 1)}
    order = [finding.id for finding in report.objections]
    following = dict(pairwise(order))
    notes = {one.id: _note(one, numbers[one.id], following.get(one.id, "")) for one in report.findings}
    page = report.page
    title = words.tidy(page.title) or words.tidy(page.name)
    return {
        "ck": {
            "title": title,
            "name": words.tidy(page.name),
            "sha256": page.sha256,
            "lines": words.counted(page.line_count, "line") if page.format in ("txt", "md", "html") else "",
            "frame": words.frame(report),
            "objections": len(report.objections),
            "objection_words": words.objections(report),
            "first_objection": order[0] if order else "",
            "total": len(report.findings),
            "total_words": words.counted(len(report.findings), "finding"),
            "classes": [
                {"key": key, "name": CLASSES[key][0], "mark": CLASSES[key][1], "says": CLASSES[key][2], "count": count}
                for key, count in words.by_class(report.findings)
            ],
            "accuracies": [
                {"key": key, "name": words.plain(key), "count": count}
                for key, count in words.by_accuracy(report.findings)
            ],
            "assumed": words.assumed(report),
            "basis": _sentence(words.tidy(report.assumed_basis)),
            "rows": _rows(cuts, notes),
            "homeless": [notes[finding.id] for finding in homeless],
            "notes": words.notes(report),
            "disclaimer": DISCLAIMER,
        }
    }


@cache
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True)


def _rows(cuts: list[Cut], notes: dict[str, Data]) -> list[Data]:
    """Return a row for each block; the cells of one table are one row."""
    rows: list[Data] = []
    for table, group in groupby(cuts, key=lambda cut: cut.block.cell.table if cut.block.cell else 0):
        if table:
            rows.append(_table(list(group), notes))
            continue
        for cut in group:
            block = cut.block
            row: Data = {"kind": block.kind, "level": block.level, "label": words.tidy(block.label), "table": []}
            rows.append({**row, "pieces": _pieces(cut), "notes": [notes[finding.id] for finding in cut.findings]})
    return rows


def _table(cuts: list[Cut], notes: dict[str, Data]) -> Data:
    lines = groupby(cuts, key=lambda cut: cut.block.cell.row if cut.block.cell else 0)
    table = [
        [{"header": bool(cut.block.cell and cut.block.cell.header), "pieces": _pieces(cut)} for cut in line]
        for _, line in lines
    ]
    found = [notes[finding.id] for cut in cuts for finding in cut.findings]
    return {"kind": "table", "level": 0, "label": "", "table": table, "pieces": [], "notes": found}


def _pieces(cut: Cut) -> list[Data]:
    """Return the pieces of a block, marked as their gravest finding is, with the numbers of those that end there."""
    pieces = []
    for piece in cut.pieces:
        chief = min(piece.covered, key=lambda one: (not one.objection, _GRAVITY[one.accuracy], one.id), default=None)
        pieces.append(
            {
                "text": words.clean(cut.block.text[piece.start : piece.end]),
                "class": chief.status_class if chief else "",
                "accuracy": chief.accuracy if chief else "",
                "objection": chief.objection if chief else False,
                "ends": [{"id": one.id, "mark": words.mark(one.status_class), **_keys(one)} for one in piece.ends],
            }
        )
    return pieces


def _keys(finding: Finding) -> Data:
    """Return what the filters look at."""
    return {"class": finding.status_class, "accuracy": finding.accuracy, "objection": finding.objection}


def _note(finding: Finding, number: int, following: str) -> Data:
    heading, said = words.advice(finding)
    level = finding.level_label or finding.level
    codes = sorted(finding.codes.items())
    return {
        **_keys(finding),
        "id": finding.id,
        "number": number,
        "mark": words.mark(finding.status_class),
        "class_name": words.class_name(finding.status_class),
        "level": finding.level,
        "level_label": words.tidy(level) if level.lower() != words.class_name(finding.status_class).lower() else "",
        "accuracy_name": words.plain(finding.accuracy).capitalize(),
        "accuracy_says": ACCURACY[finding.accuracy],
        "claims": finding.status_class != "not_a_claim",
        "where": words.where(finding),
        "section": " › ".join(map(words.tidy, finding.section)),
        "text": words.tidy(finding.text),
        "understood": words.tidy(finding.understood),
        "sold": words.sold(finding).partition(": ")[2],
        "rule_id": finding.rule_id,
        "rule": words.tidy(finding.rule_wording),
        "codes": [{"code": words.tidy(code), "says": _sentence(words.tidy(meaning))} for code, meaning in codes],
        "approved_elsewhere": ", ".join(sorted(finding.approved_elsewhere)),
        "strength": words.tidy(finding.strength),
        "later": [_sentence(words.tidy(one)) for one in finding.later],
        "same_as": [words.tidy(one) for one in finding.same_as],
        "markers": [_marker(marker) for marker in finding.markers],
        "evidence": [_cited(record) for record in finding.evidence],
        "rules": [_fired(rule) for rule in finding.rules],
        "advice_heading": heading,
        "advice": said,
        "suggested": finding.suggestion is not None,
        "following": following,
    }


def _cited(record: Cited) -> Data:
    said = {"id": words.tidy(record.id), "label": words.tidy(record.label), "url": words.web(record.url)}
    return {
        **said,
        "says": _sentence(words.cited(record)),
        "decided": record.decided,
        "of_sold": record.result == "sold",
    }


def _fired(rule: Fired) -> Data:
    return {
        "id": rule.id,
        "severity": rule.severity,
        "kind": words.plain(rule.kind),
        "heading": words.fired(rule),
        "says": words.tidy(rule.says),
        "why": words.tidy(rule.why),
        "read": _sentence(words.rule_text(rule)),
        "age": words.tidy(rule.age) if rule.seen != "no" else "text not read",
        "url": words.web(rule.source),
    }


def _marker(marker: Marker) -> Data:
    return {"text": words.tidy(marker.text), "says": words.tidy(marker.says), "entry": words.tidy(marker.entry)}


def _sentence(text: str) -> str:
    """Return words as a sentence: a capital in front, a full stop behind."""
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "!", "?", "…")) or not text else ".")
