"""The report as JSON: the shape design.md promises, and more fields beside it. Text of the page is left as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kb.check.output.words import notes, ordered, to_json
from kb.check.report import DISCLAIMER, Cited, Finding, Fired, Marker, Report


def as_json(report: Report) -> str:
    """Return the whole report as one JSON object with a final line end."""
    return to_json(as_data(report))


def as_data(report: Report) -> dict[str, Any]:
    """Return the whole report as plain data; keys always come in the same order, sets sorted."""
    page = report.page
    return {
        "document": {
            "name": page.name,
            "format": page.format,
            "sha256": page.sha256,
            "lines": page.line_count,
            "title": page.title,
        },
        "assumed_product": {
            **ordered(report.assumed),
            "labels": ordered(report.assumed_labels),
            "basis": report.assumed_basis,
        },
        "jurisdiction": report.jurisdiction,
        "as_of": report.as_of,
        "base": report.built,
        "objections": len(report.objections),
        "findings": [_finding(finding) for finding in report.findings],
        "notes": notes(report),
        "disclaimer": DISCLAIMER,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "line": finding.line,
        "start": finding.start,
        "end": finding.end,
        "place": finding.place,
        "section": list(finding.section),
        "text": finding.text,
        "claim_type": finding.claim_type,
        "class": finding.status_class,
        "level": finding.level,
        "level_label": finding.level_label,
        "sold_class": finding.sold_class,
        "sold_level": finding.sold_level,
        "subject": finding.subject,
        "wording": finding.wording,
        "outcome": finding.outcome,
        "understood": finding.understood,
        "axes": ordered(finding.axes),
        "accuracy": finding.accuracy,
        "objection": finding.objection,
        "codes": sorted(finding.codes),
        "code_meanings": dict(sorted(finding.codes.items())),
        "approved_elsewhere": sorted(finding.approved_elsewhere),
        "rule": {"id": finding.rule_id, "wording": finding.rule_wording},
        "strength": finding.strength,
        "rules": [_fired(rule) for rule in finding.rules],
        "evidence": [_cited(record) for record in finding.evidence],
        "later": list(finding.later),
        "markers": [_marker(marker) for marker in finding.markers],
        "suggestion": finding.suggestion,
        "no_suggestion": finding.no_suggestion,
        "same_as": list(finding.same_as),
        "proof": _plain(finding.proof),
    }


def _cited(record: Cited) -> dict[str, Any]:
    return {
        "id": record.id,
        "stance": record.stance,
        "match": record.match,
        "mismatch": dict(sorted(record.mismatch.items())),
        "kind": record.kind,
        "label": record.label,
        "url": record.url,
        "reason": record.reason,
        "integrity": record.integrity,
        "checked": record.checked,
        "decided": record.decided,
        "result": record.result,
    }


def _fired(rule: Fired) -> dict[str, Any]:
    return {
        "id": rule.id,
        "jurisdiction": rule.jurisdiction,
        "authority": rule.authority,
        "citation": rule.citation,
        "kind": rule.kind,
        "severity": rule.severity,
        "says": rule.says,
        "why": rule.why,
        "start": rule.start,
        "end": rule.end,
        "source": rule.source,
        "dated": rule.dated,
        "seen": rule.seen,
        "age": rule.age,
    }


def _marker(marker: Marker) -> dict[str, Any]:
    return {
        "text": marker.text,
        "start": marker.start,
        "end": marker.end,
        "record": marker.record,
        "entry": marker.entry,
        "says": marker.says,
    }


def _plain(value: Any) -> Any:
    """Return a proof as JSON can hold it: mappings by sorted key, sets sorted, tuples as lists."""
    if isinstance(value, Mapping):
        return {str(key): _plain(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, set | frozenset):
        return sorted((_plain(one) for one in value), key=str)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
