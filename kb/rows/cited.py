"""Rows of what sentences cite, and of what came after the studies they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kb.assess.base import Base
from kb.assess.citation import Report
from kb.assess.result import Result, Status
from kb.records.claim import Claim
from kb.rows.base import Row, dumps

#: Codes of a source that does not say the thing, rather than say the opposite.
_SILENT = {"OUTCOME_NOT_REPORTED", "OVERSTATED"}


def citation_stance(report: Report) -> str:
    """Return how a cited source stands to what a sentence says of it, in the public words.

    ``supports`` what it says, ``partly`` where nobody saw a detail, ``does_not_support`` where it has no such result,
    ``contradicts`` where it says otherwise, ``not_found`` where no such record is on file.
    """
    if report.study is None:
        return "not_found"
    if report.truth == "false":
        return "does_not_support" if report.wrong <= _SILENT else "contradicts"
    return "supports" if report.truth == "true" else "partly"


def _said_instead(report: Report) -> str:
    return "; ".join(report.says) or "the record says what the sentence says of it"


def citations(base: Base, statuses: Iterable[Status]) -> Iterator[Row]:
    """Markers and names, what they lead to, and whether that says what the sentence says."""
    for status in statuses:
        claim = status.claim
        reports = {report.record_id: report for report in status.result.reports}
        for reported in claim.reports:
            study = base.study(reported.study)
            report = reports.get(study.id if study else reported.study)
            named = reported.via == "name"
            yield {
                "id": f"{claim.id} {'named' if named else 'marker'} {reported.study}",
                "claim_id": claim.id,
                "marker": None if named else ", ".join(claim.markers) or None,
                "record_id": study.id if study else None,
                "resolution": "named" if named else "marker",
                "stance": citation_stance(report) if report else None,
                "codes": dumps(sorted(report.codes)) if report else None,
                "reason": _said_instead(report) if report else None,
            }
        for marker in claim.markers if not claim.reports else ():
            yield {
                "id": f"{claim.id} [{marker}]",
                "claim_id": claim.id,
                "marker": marker,
                "record_id": None,
                "resolution": "unresolved",
                "stance": "not_found",
                "codes": dumps(["UNCITED"]),
                "reason": "the marker leads to no reference",
            }
        for candidate in claim.candidates:
            yield {
                "id": f"{claim.id} candidate {candidate}",
                "claim_id": claim.id,
                "marker": None,
                "record_id": candidate,
                "resolution": "candidate",
            }


def later_reports(statuses: Iterable[Status]) -> Iterator[Row]:
    """One row a claim, result, study it rests on, and later report on that."""
    for status in statuses:
        yield from _later(status.claim, "class", status.result)
        if status.sold and status.sold is not status.result:
            yield from _later(status.claim, "sold", status.sold)


def _later(claim: Claim, result: str, judged: Result) -> Iterator[Row]:
    for report in judged.later:
        yield {
            "id": f"{claim.id} {result} {report.study} {report.later}",
            "claim_id": claim.id,
            "result": result,
            "study_id": report.study,
            "later_id": report.later,
            "tie": report.tie,
            "stance": report.stance,
            "named": int(report.named),
            "says": "; ".join(report.says) or None,
        }
