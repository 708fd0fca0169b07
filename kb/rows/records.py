"""Rows of studies, trials, arms and findings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from kb.assess.match import bare, complete, complete_record
from kb.dataset import Dataset
from kb.findings import describe
from kb.records.common import AXES, ProductKey
from kb.rows.base import Row, axes, concept_ids, day, dumps, flag, provenance


def studies(data: Dataset) -> Iterator[Row]:
    """Publications."""
    for study in data.studies:
        yield {
            "id": study.id,
            "pmid": study.pmid,
            "pmcid": study.pmcid,
            "doi": study.doi,
            "title": study.title,
            "authors": dumps(study.authors),
            "journal": study.journal,
            "year": study.year,
            "publication_date": day(study.publication_date),
            "date_precision": study.publication_date.precision if study.publication_date else None,
            "volume_pages": study.volume_pages,
            "publication_types": dumps(study.publication_types),
            "evidence_kind": study.evidence_kind,
            "design": f"design:{study.design}",
            "phase": study.phase,
            "n_enrolled": study.n_enrolled,
            "n_evaluable": study.n_evaluable,
            "funding": study.funding,
            "finding": study.finding,
            "integrity": study.integrity,
            "integrity_date": day(study.integrity_date),
            "read": study.read,
            "unverified": dumps(study.unverified),
            "second_check": study.second_check,
            "second_check_by": study.second_check_by,
            "second_check_date": day(study.second_check_date),
            "aliases": dumps(study.aliases),
            "notes": study.notes,
            **provenance(study),
        }


def trials(data: Dataset) -> Iterator[Row]:
    """Registrations."""
    for trial in data.trials:
        yield {
            "id": trial.id,
            "registry": trial.registry,
            "title": trial.title,
            "title_kind": trial.title_kind,
            "phase": trial.phase,
            "phase_raw": trial.phase_raw,
            "status": trial.status,
            "status_raw": trial.status_raw,
            "status_date": day(trial.status_date),
            "status_dispute": trial.status_dispute,
            "first_posted": day(trial.first_posted),
            "enrollment": trial.enrollment,
            "sponsor": trial.sponsor,
            "countries": dumps(trial.countries) if trial.countries else None,
            "start_date": day(trial.start_date),
            "completion_date": day(trial.completion_date),
            "why_stopped": trial.why_stopped,
            "stop_reason": trial.stop_reason,
            "conditions": trial.conditions,
            "interventions": trial.interventions,
            "is_nk_therapy": int(trial.is_nk_therapy),
            "doubt": trial.doubt,
            "note": trial.note,
            "registry_seen": day(trial.registry_seen),
            **provenance(trial),
        }


def keys(data: Dataset) -> Iterator[Row]:
    """Product keys of studies, trials, authorisations, absences and safety events."""
    blank = {
        "name": "main",
        "arm": None,
        "control": None,
        "control_shares": "[]",
        "active_disease": None,
        "n": None,
        "design": None,
    }

    def row(record_id: str, kind: str, key: ProductKey, checked: str = "", **more: Any) -> Row:
        read = kind in ("study", "trial")
        completed = (
            complete_record(data.vocabulary, bare(key), checked) if read else complete(data.vocabulary, bare(key))
        )
        derived = [axis for axis in AXES if getattr(completed, axis) and not getattr(key, axis)]
        merged = {**blank, **more}
        return {
            "id": f"{record_id}#{merged['name']}",
            "record_id": record_id,
            "record_kind": kind,
            **merged,
            "derived": dumps(derived),
            **{axis: dumps(ids) for axis, ids in axes(completed).items()},
        }

    for study in data.studies:
        for key in study.keys:
            yield row(
                study.id,
                "study",
                key,
                study.checked,
                name=key.name,
                arm=key.arm,
                control=key.control,
                control_shares=dumps(concept_ids("combination", key.control_shares)),
                active_disease=flag(key.active_disease),
                n=key.n,
                design=f"design:{key.design}" if key.design else None,
            )
    for trial in data.trials:
        yield row(trial.id, "trial", trial, trial.checked, n=trial.enrollment)
    for approval in data.approvals:
        yield row(approval.id, "approval", approval.label, name="label", arm=approval.label_text)
    for absence in data.absences:
        yield row(absence.id, "absence", absence)
    for event in data.safety_events:
        yield row(event.id, "safety_event", event, n=event.n_total)


def key_concepts(key_rows: Iterable[Row]) -> Iterator[Row]:
    """The axes of the product keys, one concept a row."""
    for key in key_rows:
        for axis in AXES:
            for concept in json.loads(key[axis]):
                yield {"key_id": key["id"], "axis": axis, "concept_id": concept}


def findings(data: Dataset) -> Iterator[Row]:
    """Measured results."""
    for study in data.studies:
        for key in study.keys:
            for position, finding in enumerate(key.findings, 1):
                interval = finding.interval
                yield {
                    "id": f"{study.id}#{key.name}#{position:02d}",
                    "key_id": f"{study.id}#{key.name}",
                    "study_id": study.id,
                    "summary": describe(finding),
                    "endpoint": finding.endpoint,
                    "outcome": f"outcome:{finding.outcome}",
                    "endpoint_kind": finding.endpoint_kind,
                    "n": finding.n,
                    "n_total": finding.n_total,
                    "n_basis": finding.n_basis,
                    "percent": finding.percent,
                    "interval": f"{interval.level:g}%: {interval.low} to {interval.high}" if interval else None,
                    "interval_low": interval.low if interval else None,
                    "interval_high": interval.high if interval else None,
                    "value": finding.value,
                    "p": finding.p,
                    "direction": finding.direction,
                    "gain": flag(finding.gain),
                    "event": f"event:{finding.event}" if finding.event else None,
                    "marker": finding.marker,
                    "time_point": finding.time_point,
                    "is_primary": flag(finding.is_primary),
                    "met": flag(finding.met),
                    "note": finding.note,
                    "source": finding.source or study.source,
                    "checked": finding.checked or study.checked,
                }


def study_trials(data: Dataset) -> Iterator[Row]:
    """Publications and the registrations they report on."""
    on_file = {trial.id for trial in data.trials}
    for study in data.studies:
        for trial_id in sorted(set(study.registry_ids)):
            yield {"study_id": study.id, "trial_id": trial_id, "on_file": int(trial_id in on_file)}


def record_relations(data: Dataset) -> Iterator[Row]:
    """Ties between records."""
    for study in data.studies:
        for relation in study.relations:
            yield {
                "id": f"{study.id} {relation.type} {relation.target}",
                "record_id": study.id,
                "type": relation.type,
                "target_id": relation.target,
                "note": relation.note,
            }
