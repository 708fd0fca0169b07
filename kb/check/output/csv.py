"""The report as CSV: one row a finding, for spreadsheets; no cell starts a formula.

Lists are joined with `` | ``. Place, day, base and disclaimer are in each row, since rows are copied out of files. A
page without findings gives one row with the frame and no finding.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from kb.check.output.words import assumed, cited, clean, fired, notes
from kb.check.report import DISCLAIMER, Finding, Report
from kb.formulas import harmless

_FINDING = (
    "finding",
    "line",
    "start",
    "end",
    "place",
    "section",
    "text",
    "claim_type",
    "subject",
    "wording",
    "outcome",
    "understood",
    "class",
    "level",
    "level_label",
    "accuracy",
    "objection",
    "sold_class",
    "sold_level",
    "codes",
    "code_meanings",
    "rule_id",
    "rule_wording",
    "evidence",
    "evidence_words",
    "later",
    "wording_rules",
    "wording_rules_words",
    "markers",
    "suggestion",
    "no_suggestion",
    "approved_elsewhere",
    "same_as",
)
_FRAME = ("document", "sha256", "assumed_product", "assumed_basis", "jurisdiction", "as_of", "base", "notes")
#: Names of the columns, in order.
COLUMNS = (*_FINDING, *_FRAME, "disclaimer")


def as_csv(report: Report) -> str:
    """Return a header and one row for each finding; lines end as RFC 4180 has it (CR LF)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    frame = _frame(report)
    for cells in [_cells(finding) for finding in report.findings] or [[""] * len(_FINDING)]:
        writer.writerow([harmless(clean(cell)) for cell in (*cells, *frame)])
    return out.getvalue()


def _cells(finding: Finding) -> list[str]:
    return [
        finding.id,
        str(finding.line),
        str(finding.start),
        str(finding.end),
        finding.place,
        _joined(finding.section),
        finding.text,
        finding.claim_type,
        finding.subject,
        finding.wording,
        finding.outcome,
        finding.understood,
        finding.status_class,
        finding.level,
        finding.level_label,
        finding.accuracy,
        "yes" if finding.objection else "no",
        finding.sold_class or "",
        finding.sold_level or "",
        _joined(sorted(finding.codes)),
        _joined(finding.codes[code] for code in sorted(finding.codes)),
        finding.rule_id,
        finding.rule_wording,
        _joined(record.id for record in finding.evidence),
        _joined(f"{record.id}: {cited(record)}" for record in finding.evidence),
        _joined(finding.later),
        _joined(rule.id for rule in finding.rules),
        _joined(f"{fired(rule)}: {rule.says}" for rule in finding.rules),
        _joined(f"{marker.text}: {marker.says}" for marker in finding.markers),
        finding.suggestion or "",
        finding.no_suggestion or "",
        _joined(sorted(finding.approved_elsewhere)),
        _joined(finding.same_as),
    ]


def _frame(report: Report) -> list[str]:
    return [
        report.page.name,
        report.page.sha256,
        _joined(f"{axis}: {labels}" for axis, labels in assumed(report)),
        report.assumed_basis,
        report.jurisdiction,
        report.as_of,
        report.built,
        _joined(notes(report)),
        DISCLAIMER,
    ]


def _joined(texts: Iterable[str]) -> str:
    return " | ".join(texts)
