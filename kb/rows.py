"""From records to the rows of the fact tables. One function a table; no judging here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from kb.assess.licence import state
from kb.assess.match import bare, complete, complete_record
from kb.assess.statement import describe
from kb.dataset import Dataset
from kb.dates import PartialDate
from kb.jurisdictions import JURISDICTIONS
from kb.records.common import AXES, ProductKey
from kb.records.study import Study

Row = dict[str, Any]


def dumps(value: object) -> str:
    """Return compact JSON with stable key order and the field's own characters."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _concepts(axis: str, ids: Iterable[str]) -> list[str]:
    return [f"{axis}:{concept}" for concept in ids]


def axes(key: ProductKey) -> dict[str, list[str]]:
    """Return axis → full concept ids."""
    return {axis: _concepts(axis, getattr(key, axis)) for axis in AXES}


def _date(value: PartialDate | None) -> str | None:
    return str(value) if value else None


def _flag(value: bool | None) -> int | None:
    return None if value is None else int(value)


def _provenance(record: Any) -> Row:
    return {"source": record.source, "retrieved": str(record.retrieved), "checked": record.checked}


def trial_url(trial_id: str) -> str | None:
    """Return the registry's public page where its address is known from the number alone."""
    return f"https://clinicaltrials.gov/study/{trial_id}" if trial_id.startswith("NCT") else None


def study_label(study: Study) -> str:
    """Return "Rubnitz JE 2010" as far as author and year are known, else the title."""
    author = study.authors[0] if study.authors else ""
    return " ".join(part for part in (author, str(study.year or "")) if part) or study.title


def nodes(data: Dataset) -> Iterator[Row]:
    """Every record that has an id."""
    for study in data.studies:
        yield {"id": study.id, "kind": "study", "label": study_label(study), "url": study.source}
    for trial in data.trials:
        yield {
            "id": trial.id,
            "kind": "trial",
            "label": trial.title or trial.id,
            "url": trial_url(trial.id) or trial.source,
        }
    for approval in data.approvals:
        yield {
            "id": approval.id,
            "kind": "approval",
            "label": f"{approval.product} ({approval.jurisdiction})",
            "url": approval.source,
        }
    for absence in data.absences:
        yield {"id": absence.id, "kind": "absence", "label": absence.statement, "url": absence.source}
    for route in data.access_routes:
        yield {"id": route.id, "kind": "access_route", "label": route.name, "url": route.source}
    for event in data.safety_events:
        yield {"id": event.id, "kind": "safety_event", "label": event.statement, "url": event.source}
    for document in data.documents:
        yield {"id": document.id, "kind": "document", "label": document.title, "url": None}
        for claim in document.claims:
            yield {"id": claim.id, "kind": "claim", "label": claim.statement, "url": None}
    for concept in data.vocabulary:
        yield {"id": concept.key, "kind": "concept", "label": concept.label, "url": None}
    names: dict[str, set[str]] = {}
    for approval in data.approvals:
        names.setdefault(approval.product_id, set()).add(approval.product)
    for product_id, known in sorted(names.items()):
        yield {"id": f"product:{product_id}", "kind": "product", "label": " / ".join(sorted(known)), "url": None}


def jurisdictions() -> Iterator[Row]:
    """The closed list of places."""
    for position, (code, (name, regulator)) in enumerate(JURISDICTIONS.items()):
        yield {"id": code, "name": name, "regulator": regulator, "position": position}


def concepts(data: Dataset) -> Iterator[Row]:
    """The vocabulary."""
    for concept in data.vocabulary:
        yield {
            "id": concept.key,
            "facet": concept.facet,
            "slug": concept.id,
            "label": concept.label,
            "synonyms": dumps(concept.synonyms),
            "look_alikes": dumps(concept.look_alikes),
            "xrefs": dumps(concept.xrefs),
            "implies": dumps(concept.implies),
            "unless_stated": dumps(concept.unless_stated),
            "definition": concept.definition or None,
        }


def concept_parents(data: Dataset) -> Iterator[Row]:
    """One step of the hierarchy."""
    for concept in data.vocabulary:
        for parent in sorted(set(concept.parents)):
            yield {"concept_id": concept.key, "parent_id": f"{concept.facet}:{parent}"}


def concept_closure(data: Dataset) -> Iterator[Row]:
    """Every concept with itself and all that is broader."""
    for concept in data.vocabulary:
        for ancestor in sorted(data.vocabulary.ancestors(concept.facet, concept.id)):
            yield {"concept_id": concept.key, "ancestor_id": f"{concept.facet}:{ancestor}"}


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
            "publication_date": _date(study.publication_date),
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
            "integrity_date": _date(study.integrity_date),
            "read": study.read,
            "unverified": dumps(study.unverified),
            "second_check": study.second_check,
            "second_check_by": study.second_check_by,
            "aliases": dumps(study.aliases),
            "notes": study.notes,
            **_provenance(study),
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
            "status_date": _date(trial.status_date),
            "status_dispute": trial.status_dispute,
            "first_posted": _date(trial.first_posted),
            "enrollment": trial.enrollment,
            "sponsor": trial.sponsor,
            "start_date": _date(trial.start_date),
            "completion_date": _date(trial.completion_date),
            "why_stopped": trial.why_stopped,
            "stop_reason": trial.stop_reason,
            "conditions": trial.conditions,
            "interventions": trial.interventions,
            "is_nk_therapy": int(trial.is_nk_therapy),
            "doubt": trial.doubt,
            "note": trial.note,
            **_provenance(trial),
        }


def keys(data: Dataset) -> Iterator[Row]:
    """Product keys of studies, trials, authorisations, absences and safety events."""
    blank = {"name": "main", "arm": None, "control": None, "control_shares": "[]", "active_disease": None, "n": None}

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
                control_shares=dumps(_concepts("combination", key.control_shares)),
                active_disease=_flag(key.active_disease),
                n=key.n,
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
                    "gain": _flag(finding.gain),
                    "event": f"event:{finding.event}" if finding.event else None,
                    "marker": finding.marker,
                    "time_point": finding.time_point,
                    "is_primary": _flag(finding.is_primary),
                    "met": _flag(finding.met),
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
    by_alias = {alias: study.id for study in data.studies for alias in (study.id, *study.aliases)}
    for study in data.studies:
        for relation in study.relations:
            target = by_alias.get(relation.target, relation.target)
            yield {
                "id": f"{study.id} {relation.type} {target}",
                "record_id": study.id,
                "type": relation.type,
                "target_id": target,
                "note": relation.note,
            }


def approvals(data: Dataset, as_of: Any) -> Iterator[Row]:
    """Authorisations, with their standing on the build's day."""
    for approval in data.approvals:
        now = state(approval, as_of)
        yield {
            "id": approval.id,
            "product": approval.product,
            "product_id": approval.product_id,
            "holder": approval.holder,
            "jurisdiction": approval.jurisdiction,
            "agency": approval.agency,
            "standing": now.standing,
            "standing_event": now.event.event if now.event else None,
            "standing_date": _date(now.event.date) if now.event else None,
            "label_text": approval.label_text,
            "label_seen": int(approval.label_seen),
            "licence_number": approval.licence_number,
            "notes": approval.notes,
            **_provenance(approval),
        }


def approval_events(data: Dataset) -> Iterator[Row]:
    """Histories of authorisations."""
    for approval in data.approvals:
        for position, event in enumerate(approval.events, 1):
            yield {
                "id": f"{approval.id}#{position:02d}",
                "approval_id": approval.id,
                "event": event.event,
                "date": _date(event.date),
                "date_precision": event.date.precision if event.date else None,
                "reason": event.reason,
                "note": event.note,
                **_provenance(event),
            }


def absences(data: Dataset) -> Iterator[Row]:
    """Findings that nothing is authorised."""
    for absence in data.absences:
        yield {
            "id": absence.id,
            "jurisdictions": dumps(absence.jurisdictions),
            "product": absence.product,
            "date": str(absence.date),
            "statement": absence.statement,
            "notes": absence.notes,
            **_provenance(absence),
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
            "cell_type": dumps(_concepts("cell_type", route.cell_type)),
            "date": _date(route.date),
            "what_it_is": route.what_it_is,
            "why_not_approval": route.why_not_approval,
            "nk_use": route.nk_use,
            "notes": route.notes,
            **_provenance(route),
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
            "date": _date(event.date),
            "statement": event.statement,
            "attributed": event.attributed,
            "reporter": event.reporter,
            "study_id": event.study_id,
            "notes": event.notes,
            **_provenance(event),
        }


def tags(data: Dataset) -> Iterator[Row]:
    """Indication, cell type, phase and outcome of every study and trial, as reviewed."""
    seen: set[str] = set()

    def tag(record_id: str, facet: str, concept: str, field: str) -> Iterator[Row]:
        identifier = f"{record_id} {field} {facet}:{concept}"
        if identifier not in seen:
            seen.add(identifier)
            yield {
                "id": identifier,
                "record_id": record_id,
                "facet": facet,
                "concept_id": f"{facet}:{concept}",
                "origin": "reviewed",
                "field": field,
                "start": None,
                "end": None,
                "assertion": "present",
                "rule": "entered and checked by a curator",
            }

    phases = {
        synonym: concept.id for concept in data.vocabulary.concepts["phase"].values() for synonym in concept.synonyms
    }
    for study in data.studies:
        for key in study.keys:
            for axis in AXES:
                for concept in getattr(key, axis):
                    yield from tag(study.id, axis, concept, f"keys.{key.name}.{axis}")
            for finding in key.findings:
                yield from tag(study.id, "outcome", finding.outcome, f"keys.{key.name}.findings")
        if study.phase:
            yield from tag(study.id, "phase", phases[study.phase], "phase")
    for trial in data.trials:
        for axis in AXES:
            for concept in getattr(trial, axis):
                yield from tag(trial.id, axis, concept, axis)
        if trial.phase:
            yield from tag(trial.id, "phase", phases[trial.phase], "phase")


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


def citations(data: Dataset) -> Iterator[Row]:
    """Markers and names, and what they lead to; a candidate is no citation."""
    for document in data.documents:
        for claim in document.claims:
            for report in claim.reports:
                yield {
                    "id": f"{claim.id} named {report.study}",
                    "claim_id": claim.id,
                    "marker": None,
                    "record_id": report.study,
                    "resolution": "named",
                }
            for marker in claim.markers:
                if not claim.reports:
                    yield {
                        "id": f"{claim.id} [{marker}]",
                        "claim_id": claim.id,
                        "marker": marker,
                        "record_id": None,
                        "resolution": "unresolved",
                    }
            for candidate in claim.candidates:
                yield {
                    "id": f"{claim.id} candidate {candidate}",
                    "claim_id": claim.id,
                    "marker": None,
                    "record_id": candidate,
                    "resolution": "candidate",
                }


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


def searches(data: Dataset) -> Iterator[Row]:
    """Searches that were really run."""
    for search in data.searches.searches:
        yield {
            "id": search.id,
            "kind": search.kind,
            "source": search.source,
            "query": search.query,
            "date": str(search.date),
            "hits": search.hits,
            "complete": int(search.complete),
            "indication": dumps(_concepts("indication", search.indication)),
            "cell_type": dumps(_concepts("cell_type", search.cell_type)),
        }


def search_entries(data: Dataset, node_rows: Iterable[Row]) -> Iterator[Row]:
    """Entries of the site search: title, second line, and the names of its concepts and broader ones."""
    vocabulary = data.vocabulary
    keys_of: dict[str, set[tuple[str, str]]] = {}

    def add(record_id: str, key: ProductKey) -> None:
        for axis in AXES:
            for concept in getattr(key, axis):
                keys_of.setdefault(record_id, set()).update((axis, one) for one in vocabulary.ancestors(axis, concept))

    details: dict[str, str] = {}
    titles: dict[str, str] = {}
    for study in data.studies:
        titles[study.id], details[study.id] = study.title, f"{study_label(study)} {study.finding}"
        for key in study.keys:
            add(study.id, key)
    for trial in data.trials:
        details[trial.id] = " ".join(filter(None, (trial.id, trial.conditions, trial.interventions, trial.sponsor)))
        add(trial.id, trial)
    for approval in data.approvals:
        details[approval.id] = approval.label_text
        add(approval.id, approval.label)
    for document in data.documents:
        for claim in document.claims:
            details[claim.id] = claim.section
            add(claim.id, claim.axes)
    for node in node_rows:
        if node["kind"] in ("study", "trial", "approval", "claim"):
            words = sorted(
                {
                    word
                    for axis, one in keys_of.get(node["id"], ())
                    for concept in [vocabulary.concepts[axis][one]]
                    for word in (concept.label, *concept.synonyms)
                }
            )
            yield {
                "id": node["id"],
                "kind": node["kind"],
                "title": titles.get(node["id"], node["label"]),
                "detail": details.get(node["id"], ""),
                "words": "; ".join(words),
            }
