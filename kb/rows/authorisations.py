"""Rows of authorisations, routes and safety events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kb.assess.licence import by, state
from kb.dataset import Dataset
from kb.rows.base import Row, concept_ids, day, dumps, provenance


def approvals(data: Dataset, as_of: Any) -> Iterator[Row]:
    """Authorisations, with their standing on the build's day."""
    for approval in data.approvals:
        now = state(approval, by(as_of))
        yield {
            "id": approval.id,
            "product": approval.product,
            "product_id": approval.product_id,
            "holder": approval.holder,
            "jurisdiction": approval.jurisdiction,
            "agency": approval.agency,
            "standing": now.standing,
            "standing_event": now.event.event if now.event else None,
            "standing_date": day(now.event.date) if now.event else None,
            "label_text": approval.label_text,
            "label_seen": int(approval.label_seen),
            "licence_number": approval.licence_number,
            "second_check": approval.second_check,
            "second_check_by": approval.second_check_by,
            "second_check_date": day(approval.second_check_date),
            "notes": approval.notes,
            **provenance(approval),
        }


def approval_events(data: Dataset) -> Iterator[Row]:
    """Histories of authorisations."""
    for approval in data.approvals:
        for position, event in enumerate(approval.events, 1):
            yield {
                "id": f"{approval.id}#{position:02d}",
                "approval_id": approval.id,
                "event": event.event,
                "date": day(event.date),
                "date_precision": event.date.precision if event.date else None,
                "reason": event.reason,
                "note": event.note,
                **provenance(event),
            }


def absences(data: Dataset) -> Iterator[Row]:
    """Findings that nothing is authorised."""
    for absence in data.absences:
        yield {
            "id": absence.id,
            "jurisdictions": dumps(absence.jurisdictions),
            "product": absence.product,
            "product_id": absence.product_id,
            "date": str(absence.date),
            "statement": absence.statement,
            "notes": absence.notes,
            **provenance(absence),
        }


def access_routes(data: Dataset) -> Iterator[Row]:
    """Routes and designations that are not approvals."""
    for route in data.access_routes:
        yield {
            "id": route.id,
            "kind": route.kind,
            "name": route.name,
            "place": route.place,
            "jurisdiction": route.jurisdiction,
            "product": route.product,
            "cell_type": dumps(concept_ids("cell_type", route.cell_type)),
            "date": day(route.date),
            "what_it_is": route.what_it_is,
            "why_not_approval": route.why_not_approval,
            "nk_use": route.nk_use,
            "notes": route.notes,
            **provenance(route),
        }


def safety_events(data: Dataset) -> Iterator[Row]:
    """Harm on record outside the studies' own findings."""
    for event in data.safety_events:
        yield {
            "id": event.id,
            "event": f"event:{event.event}",
            "n": event.n,
            "n_total": event.n_total,
            "place": event.place,
            "jurisdiction": event.jurisdiction,
            "date": day(event.date),
            "statement": event.statement,
            "attributed": event.attributed,
            "reporter": event.reporter,
            "study_id": event.study_id,
            "notes": event.notes,
            **provenance(event),
        }
