"""Findings, reports and pages for the tests of what is done with them."""

from __future__ import annotations

from typing import Any

from kb.check.page import Block, Page
from kb.check.report import Finding, Marker, Report


def finding(text: str, **values: Any) -> Finding:
    """Return a finding with plain values; ``axes`` may be given with single labels, ``study`` as a record id."""
    axes = {
        axis: (label,) if isinstance(label, str) else tuple(label) for axis, label in values.pop("axes", {}).items()
    }
    study = values.pop("study", "")
    markers = (Marker("[1]", 0, 3, study, "", ""),) if study else ()
    base: dict[str, Any] = {
        "id": "f001",
        "line": 1,
        "start": 0,
        "end": len(text),
        "place": "",
        "section": (),
        "claim_type": "efficacy",
        "subject": "class",
        "wording": "asserted",
        "outcome": "response",
        "understood": "",
        "status_class": "trial_stage",
        "level": "T3",
        "level_label": "",
        "sold_class": None,
        "sold_level": None,
        "accuracy": "accurate",
        "objection": False,
        "codes": {},
        "approved_elsewhere": (),
        "rule_id": "",
        "rule_wording": "",
        "strength": "",
        "evidence": (),
        "later": (),
        "rules": (),
        "markers": markers,
        "suggestion": None,
        "no_suggestion": None,
    }
    return Finding(text=text, axes=axes, **(base | values))


def page(*texts: str, name: str = "page.txt") -> Page:
    """Return a page whose blocks are paragraphs, one a line."""
    source = "\n".join(texts)
    blocks: list[Block] = []
    start = 0
    for line, text in enumerate(texts, 1):
        blocks.append(Block("paragraph", text, tuple(range(start, start + len(text))), line))
        start += len(text) + 1
    return Page(name, "txt", "0" * 64, source, "", tuple(blocks))


def report(*findings: Finding, name: str = "page.txt", **values: Any) -> Report:
    """Return a report on a page that holds these findings."""
    base: dict[str, Any] = {
        "assumed": {},
        "assumed_labels": {},
        "assumed_basis": "",
        "jurisdiction": "US",
        "as_of": "2026-01-01",
        "built": "a base",
    }
    return Report(page(*(one.text for one in findings), name=name), findings=findings, **(base | values))
