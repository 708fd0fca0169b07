"""Rows of graph, vocabulary, tags and search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kb.dataset import Dataset
from kb.edge_types import EDGE_TYPES
from kb.jurisdictions import JURISDICTIONS
from kb.records.common import AXES, ProductKey
from kb.rows.base import Row, concept_ids, dumps, study_label, trial_url


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


def edge_types() -> Iterator[Row]:
    """The closed list of ties."""
    for one in EDGE_TYPES:
        yield {
            "id": one.id,
            "sources": dumps(one.sources),
            "targets": dumps(one.targets),
            "meaning": one.meaning,
            "forward": one.forward,
            "backward": one.backward,
            "follow": one.follow or None,
        }


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


def tags(data: Dataset) -> Iterator[Row]:
    """Indication, cell type, phase and outcome of every study and trial, as reviewed; each tag once."""
    seen: set[str] = set()
    for record_id, facet, concept, field in _tagged(data):
        identifier = f"{record_id} {field} {facet}:{concept}"
        if identifier in seen:
            continue
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


def _tagged(data: Dataset) -> Iterator[tuple[str, str, str, str]]:
    """Yield (record, facet, concept, field) for every concept a study or trial was given."""
    phases = {word: concept.id for concept in data.vocabulary.concepts["phase"].values() for word in concept.synonyms}
    for study in data.studies:
        for key in study.keys:
            yield from (
                (study.id, axis, concept, f"keys.{key.name}.{axis}") for axis in AXES for concept in getattr(key, axis)
            )
            yield from ((study.id, "outcome", f.outcome, f"keys.{key.name}.findings") for f in key.findings)
        if study.phase:
            yield study.id, "phase", phases[study.phase], "phase"
    for trial in data.trials:
        yield from ((trial.id, axis, concept, axis) for axis in AXES for concept in getattr(trial, axis))
        if trial.phase:
            yield trial.id, "phase", phases[trial.phase], "phase"


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
            "relevant": search.relevant,
            "complete": int(search.complete),
            "indication": dumps(concept_ids("indication", search.indication)),
            "cell_type": dumps(concept_ids("cell_type", search.cell_type)),
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
    numbers: dict[str, list[str]] = {}
    for study in data.studies:
        titles[study.id], details[study.id] = study.title, f"{study_label(study)} {study.finding}"
        numbers[study.id] = [n for n in (study.pmid, study.pmcid, study.doi, *study.aliases) if n]
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
                "words": "; ".join([node["id"], *numbers.get(node["id"], ()), *words]),
            }
