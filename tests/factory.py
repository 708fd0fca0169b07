"""Small made-up records for the judges' tests. Every number here is invented and stays here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from kb.assess.base import Base
from kb.assess.claim import Assessor
from kb.assess.result import Status
from kb.dataset import Dataset
from kb.records.approval import Absence, AccessRoute, Approval, SafetyEvent
from kb.records.claim import Claim, Document
from kb.records.study import Study
from kb.records.trial import Trial

DAY = date(2026, 1, 1)
_PROVENANCE = {"source": "https://example.org/made-up", "retrieved": "2025-01-01", "checked": "abstract"}
_NUMBERS = iter(range(1, 1_000_000))


def finding(**values: Any) -> dict[str, Any]:
    """One response finding, positive unless told otherwise."""
    base = {"endpoint": "response", "outcome": "response", "endpoint_kind": "response_rate", "n": 3, "n_total": 10}
    return {**base, **values}


def study(key: dict[str, Any] | None = None, findings: list[dict[str, Any]] | None = None, **values: Any) -> Study:
    """A single-arm phase 1 study of NK cells in relapsed AML with 3 of 10 responses."""
    number = next(_NUMBERS)
    arm = {
        "cell_type": ["nk"],
        "cell_source": ["haploidentical"],
        "expansion": ["not-expanded"],
        "indication": ["aml"],
        "setting": ["relapsed-refractory"],
        "active_disease": True,
        **(key or {}),
    }
    arm["findings"] = [finding()] if findings is None else findings
    return Study.model_validate(
        {
            "id": f"PMID:{number}",
            "pmid": str(number),
            "title": f"Made-up study {number}",
            "year": 2015,
            "evidence_kind": "human",
            "design": "single-arm",
            "phase": "PHASE1",
            "read": "whole",
            "finding": "Made up.",
            "keys": [arm],
            **_PROVENANCE,
            **values,
        }
    )


def trial(**values: Any) -> Trial:
    """A recruiting registration of NK cells in AML."""
    number = next(_NUMBERS)
    return Trial.model_validate(
        {
            "id": f"NCT{number:08d}",
            "registry": "ClinicalTrials.gov",
            "status": "RECRUITING",
            "status_date": "2025-06",
            "first_posted": "2024-01",
            "cell_type": ["nk"],
            "indication": ["aml"],
            "is_nk_therapy": True,
            **_PROVENANCE,
            "checked": "registry",
            **values,
        }
    )


def approval(events: list[dict[str, Any]] | None = None, **values: Any) -> Approval:
    """A full US authorisation of a made-up CAR-T for relapsed B-cell ALL."""
    granted = [{"event": "granted_full", "date": "2018-01-01", **_PROVENANCE}]
    return Approval.model_validate(
        {
            "id": "APR-US-madeup",
            "product": "Madeup",
            "product_id": "madeup",
            "jurisdiction": "US",
            "agency": "FDA",
            "label": {"cell_type": ["car-t"], "indication": ["b-all"], "setting": ["relapsed-refractory"]},
            "label_text": "Made up.",
            "label_seen": True,
            "events": granted if events is None else [{**_PROVENANCE, **event} for event in events],
            **_PROVENANCE,
            **values,
        }
    )


def absence(**values: Any) -> Absence:
    """Nobody found an authorised NK product in the US."""
    return Absence.model_validate(
        {
            "id": "ABS-us-made-up",
            "jurisdictions": ["US"],
            "date": "2024-01-01",
            "statement": "Made up.",
            "cell_type": ["nk"],
            **_PROVENANCE,
            **values,
        }
    )


def safety_event(**values: Any) -> SafetyEvent:
    """One case of sepsis after autologous NK cells."""
    return SafetyEvent.model_validate(
        {
            "id": "SAF-made-up",
            "event": "sepsis",
            "n": 1,
            "place": "nowhere",
            "date": "2024-01-01",
            "statement": "Made up.",
            "reporter": "nobody",
            "cell_type": ["nk"],
            "cell_source": ["autologous"],
            **_PROVENANCE,
            **values,
        }
    )


def access_route(**values: Any) -> AccessRoute:
    """Clinics in Japan give NK cells under a licence of the clinic."""
    return AccessRoute.model_validate(
        {
            "id": "ACC-jp-made-up",
            "kind": "route",
            "name": "Made up",
            "place": "Japan",
            "jurisdiction": "JP",
            "what_it_is": "Made up.",
            "why_not_approval": "Made up.",
            "used_for_nk": "yes",
            **_PROVENANCE,
            **values,
        }
    )


def claim(**values: Any) -> Claim:
    """ "NK cells work in AML", asserted, about the field."""
    return Claim.model_validate(
        {
            "id": "page#c001",
            "section": "s",
            "line_start": 1,
            "line_end": 1,
            "statement": "Made up.",
            "claim_type": "efficacy",
            "subject": "class",
            "wording": "asserted",
            "axes": {"cell_type": ["nk"], "indication": ["aml"]},
            **values,
        }
    )


def document(*claims: Claim, **values: Any) -> Document:
    """A page that sells autologous, expanded, unmodified NK cells."""
    return Document.model_validate(
        {
            "id": "page",
            "title": "t",
            "kind": "page",
            "sha256": "0" * 64,
            "line_count": 10,
            "retrieved": "2025-01-01",
            "sold": {
                "cell_type": ["nk"],
                "cell_source": ["autologous"],
                "expansion": ["ex-vivo-expanded"],
                "engineering": ["not-engineered"],
            },
            "sold_basis": "s",
            "reference_list": True,
            "coverage": "c",
            "claims": claims,
            **values,
        }
    )


def world(data: Dataset, *records: Any) -> Dataset:
    """The vocabulary and rules of ``data`` with only these records."""
    chosen: dict[str, Any] = {
        name: tuple(record for record in records if isinstance(record, kind))
        for name, kind in (
            ("studies", Study),
            ("trials", Trial),
            ("approvals", Approval),
            ("absences", Absence),
            ("access_routes", AccessRoute),
            ("safety_events", SafetyEvent),
            ("documents", Document),
        )
    }
    return replace(data, **chosen, places={})


def judge(data: Dataset, claim_: Claim, *records: Any, place: str = "US", day: date = DAY, **page: Any) -> Status:
    """Judge one claim in a world of these records."""
    page_ = document(claim_, **page)
    assessor = Assessor(Base(world(data, *records, page_), day))
    places = list(data.build.jurisdictions)
    statuses = assessor.assess(page_, claim_, places)
    return statuses[places.index(place)]  # type: ignore[arg-type]
