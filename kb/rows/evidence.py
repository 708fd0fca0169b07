"""Rows of evidence: what each record is to a claim, and why it counts or does not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kb.assess.citation import Report
from kb.assess.evidence import Item
from kb.assess.proof import reason
from kb.assess.result import Result
from kb.records.claim import Claim
from kb.rows.base import Row, dumps
from kb.rows.cited import citation_stance


def stance(item: Item) -> str:
    """Return how one record stands to a claim, in the public words of the evidence table."""
    if item.stance in ("positive", "reports_safety") and not item.excluded:
        return {"direct": "supports", "partial": "partly"}.get(item.match, "does_not_support")
    if item.stance == "negative" and not item.excluded and item.match in ("direct", "partial"):
        return "contradicts"
    return "does_not_support"


def evidence_of(places: Mapping[str, str], claim: Claim, result: str, judged: Result) -> Iterator[Row]:
    """Yield one row a record that bears on a result.

    Args:
        places: authorisation → its jurisdiction.
        claim: the claim.
        result: ``class`` or ``sold``.
        judged: the result.
    """
    seen: set[str] = set()
    for item in judged.items:
        if item.key_id in seen:  # several cell types or diseases meet the same arm
            continue
        seen.add(item.key_id)
        yield {
            "id": f"{claim.id} {result} {item.key_id}",
            "claim_id": claim.id,
            "result": result,
            "record_id": item.record_id,
            "key_id": item.key_id,
            "stance": stance(item),
            "bearing": item.stance,
            "match": item.match,
            "mismatch": dumps(item.vector.as_dict()),
            "reason": reason(item),
            "deciding": int(judged.rests_on(item)),
            "jurisdiction": None,
        }
    for report in judged.reports:
        yield _cited(claim, result, report)
    listed = {item.record_id for item in judged.items} | {report.record_id for report in judged.reports}
    for record in sorted(judged.used - listed):
        yield on_file(places, claim, result, record, judged)


def on_file(places: Mapping[str, str], claim: Claim, result: str, record: str, judged: Result) -> Row:
    """A record that decides without being compared with the sentence axis by axis."""
    place = places.get(record)
    return {
        "id": f"{claim.id} {result} {record}",
        "claim_id": claim.id,
        "result": result,
        "record_id": record,
        "key_id": None,
        "stance": "contradicts" if judged.level == "X" else "supports",
        "bearing": "on_file",
        "match": "direct",
        "mismatch": "{}",
        "reason": f"the status{f' in {place}' if place else ''} rests on this record",
        "deciding": 1,
        "jurisdiction": place,
    }


def _cited(claim: Claim, result: str, report: Report) -> Row:
    return {
        "id": f"{claim.id} {result} {report.record_id}",
        "claim_id": claim.id,
        "result": result,
        "record_id": report.record_id,
        "key_id": report.key_id,
        "stance": citation_stance(report),
        "bearing": "cited",
        "match": "direct",
        "mismatch": dumps(report.vector.as_dict() if report.vector else {}),
        "reason": "; ".join(report.says) or "the record says what the sentence says",
        "deciding": 1,
        "jurisdiction": None,
    }
