"""Rows of documents, claims and rules (statuses are made by :mod:`kb.results`)."""

from __future__ import annotations

from collections.abc import Iterator

from kb.dataset import Dataset
from kb.records.common import AXES
from kb.rows.base import Row, axes, dumps


def documents(data: Dataset) -> Iterator[Row]:
    """Checked documents."""
    for document in data.documents:
        yield {
            "id": document.id,
            "title": document.title,
            "kind": document.kind,
            "sha256": document.sha256,
            "line_count": document.line_count,
            "retrieved": str(document.retrieved),
            "reference_list": int(document.reference_list),
            "sold": dumps(axes(document.sold)),
            "sold_basis": document.sold_basis,
            "coverage": document.coverage,
        }


def claims(data: Dataset) -> Iterator[Row]:
    """Claims."""
    for document in data.documents:
        for claim in document.claims:
            yield {
                "id": claim.id,
                "document_id": document.id,
                "section": claim.section,
                "line_start": claim.line_start,
                "line_end": claim.line_end,
                "statement": claim.statement,
                "claim_type": claim.claim_type,
                "subject": claim.subject,
                "wording": claim.wording,
                "outcome": f"outcome:{claim.outcome}" if claim.outcome else None,
                "axes": dumps(axes(claim.axes)),
                "markers": dumps(claim.markers),
                "reference_ids": dumps([report.study for report in claim.reports]),
                "note": claim.note,
            }


def claim_concepts(data: Dataset) -> Iterator[Row]:
    """The axes of the claims, one concept a row."""
    for document in data.documents:
        for claim in document.claims:
            for axis in AXES:
                for concept in getattr(claim.axes, axis):
                    yield {"claim_id": claim.id, "axis": axis, "concept_id": f"{axis}:{concept}"}


def levels(data: Dataset) -> Iterator[Row]:
    """The status scale."""
    for position, level in enumerate(data.rules.status.levels):
        yield {
            "id": level.level,
            "class": level.status_class,
            "label": level.label,
            "meaning": level.meaning,
            "position": position,
        }


def rules(data: Dataset) -> Iterator[Row]:
    """The rules in the order they are asked."""
    for position, rule in enumerate(data.rules.status.rules):
        yield {
            "id": rule.id,
            "position": position,
            "level": rule.level,
            "condition": rule.when,
            "wording": rule.wording,
            "source": rule.source,
        }


#: Our kinds of endpoint in words.
_ENDPOINTS = {
    "os": "overall survival",
    "css": "survival of the disease",
    "qol": "quality of life",
    "efs": "event-free survival",
    "dfs": "disease-free survival",
    "pfs": "progression-free survival",
    "response_rate": "response rate",
    "other": "another endpoint, or its kind not recorded",
}


_UNLETTERED = {"biomarker": "a laboratory marker"}


def strength_levels(data: Dataset) -> Iterator[Row]:
    """The table of strength: published levels, then our designs, endpoints and outcome groups on them."""
    for position, row in enumerate(_strength(data)):
        source = data.rules.strength.sources[str(row.pop("from"))]
        yield {
            "id": f"{row['scale']} {row['kind']} {row['item'] if row['kind'] != 'level' else row['level']}",
            "position": position,
            **row,
            "source": source.url,
            "source_title": source.title,
            "source_read": str(source.read),
            "source_seen": source.seen,
        }


def _strength(data: Dataset) -> Iterator[Row]:
    table = data.rules.strength
    for one in table.levels:
        yield _strength_row(one.scale, "level", one.part, one.level, one.wording, one.source)
    for design, row in table.designs.items():
        label = data.vocabulary.label("design", design)
        for scale, level in (("pdq", row.pdq), ("ocebm", row.ocebm)):
            yield _strength_row(scale, "design", label, level, row.why, scale, f"design:{design}")
    for kind, endpoint in table.endpoints.items():
        yield _strength_row("pdq", "endpoint", _ENDPOINTS[kind], endpoint.pdq, endpoint.why, "pdq-endpoints")
    for outcome, reason in table.no_letter.items():
        yield _strength_row(
            "pdq", "outcome", f"any finding on {_UNLETTERED.get(outcome, outcome)}", "none", reason.why, "pdq-endpoints"
        )


def _strength_row(
    scale: str, kind: str, item: str, level: str, wording: str, source: str, concept: str | None = None
) -> Row:
    return {
        "scale": scale,
        "kind": kind,
        "item": item,
        "concept": concept,
        "level": None if level == "none" else level,
        "wording": wording,
        "from": source,
    }


def codes(data: Dataset) -> Iterator[Row]:
    """Codes and the accuracy they allow."""
    for code, (accuracy, meaning) in sorted(data.rules.codes.items()):
        yield {"id": code, "worst_accuracy": accuracy, "meaning": meaning}


def map_columns(data: Dataset) -> Iterator[Row]:
    """Columns of the evidence map."""
    listed = [(one, 0) for one in data.build.map_cell_types] + [(one, 1) for one in data.build.map_comparators]
    for position, (one, comparator) in enumerate(listed):
        yield {
            "id": f"{position:02d} {one}",
            "position": position,
            "cell_type": f"cell_type:{one}",
            "comparator": comparator,
        }
