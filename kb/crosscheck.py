"""Checks that need more than one record: concepts, identifiers, references, derived axes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from kb.errors import Problem
from kb.plausibility import plausibility
from kb.reading import display
from kb.records.common import AXES, ProductKey
from kb.records.study import Study

if TYPE_CHECKING:
    from kb.dataset import Dataset, Place


def crosscheck(data: Dataset) -> list[Problem]:
    """Return everything that is wrong between records; an empty list when they agree."""
    return [
        *_concepts(data),
        *_identifiers(data),
        *_references(data),
        *_claims(data),
        *_strength(data),
        *plausibility(data),
        *_spreadsheet_safety(data),
    ]


def _problem(place: Place, where: str, message: str, remedy: str, rule: str, *path: str | int) -> Problem:
    return Problem(place.file, place.at(*path), where, message, remedy, rule)


def _keys(data: Dataset) -> Iterator[tuple[str, ProductKey, tuple[str | int, ...]]]:
    """Yield (record id, key, path of the key inside the record) for every product key."""
    for study in data.studies:
        for index, key in enumerate(study.keys):
            yield study.id, key, ("keys", index)
    for trial in data.trials:
        yield trial.id, trial, ()
    for approval in data.approvals:
        yield approval.id, approval.label, ("label",)
    for absence in data.absences:
        yield absence.id, absence, ()
    for event in data.safety_events:
        yield event.id, event, ()
    for document in data.documents:
        yield document.id, document.sold, ("sold",)
        for claim in document.claims:
            yield claim.id, claim.axes, ("axes",)
            if claim.compared_with:
                yield claim.id, claim.compared_with, ("compared_with",)


def _concepts(data: Dataset) -> Iterator[Problem]:
    vocabulary = data.vocabulary
    for record_id, key, path in _keys(data):
        place = data.places[record_id]
        for axis in AXES:
            for concept in getattr(key, axis):
                if (axis, concept) not in vocabulary:
                    yield _problem(
                        place,
                        f"{record_id} {axis}",
                        f"unknown concept {concept!r}",
                        vocabulary.suggest(axis, concept),
                        "concept",
                        *path,
                        axis,
                    )
                    continue
                for implied in vocabulary.concepts[axis][concept].implies:
                    other, _, wanted = implied.partition(":")
                    said = getattr(key, other)
                    if said and all(vocabulary.relation(other, value, wanted) == "different" for value in said):
                        yield _problem(
                            place,
                            f"{record_id} {other}",
                            f"{concept} is {wanted} by definition, but {other} says {', '.join(said)}",
                            "correct one of the two axes",
                            "implied-axis",
                            *path,
                            other,
                        )
    for facet, concept, record_id, path in _facet_uses(data):
        if (facet, concept) not in vocabulary:
            yield _problem(
                data.places[record_id],
                f"{record_id} {facet}",
                f"unknown concept {concept!r}",
                vocabulary.suggest(facet, concept),
                "concept",
                *path,
            )


_Use = tuple[str, str, str, tuple[str | int, ...]]


def _facet_uses(data: Dataset) -> Iterator[_Use]:
    """Yield (facet, concept, record id, path) for concepts used outside product keys."""
    build_file = display(data.root / "build.yml", data.root)
    for name in ("map_cell_types", "map_comparators", "lineage"):
        for place, concept in enumerate(getattr(data.build, name)):
            yield "cell_type", concept, build_file, (name, place)
    for study in data.studies:
        yield from _study_uses(study)
    yield from _regulatory_uses(data)
    for search in data.searches.searches:
        for facet in ("indication", "cell_type"):
            for concept in getattr(search, facet):
                yield facet, concept, search.id, (facet,)
    for document in data.documents:
        for claim in document.claims:
            if claim.event:
                yield "event", claim.event, claim.id, ("event",)


def _regulatory_uses(data: Dataset) -> Iterator[_Use]:
    for event in data.safety_events:
        yield "event", event.event, event.id, ("event",)
    for approval in data.approvals:
        for index, risk in enumerate(approval.label_risks):
            yield "event", risk.event, approval.id, ("label_risks", index, "event")
    for route in data.access_routes:
        for concept in route.cell_type:
            yield "cell_type", concept, route.id, ("cell_type",)


def _study_uses(study: Study) -> Iterator[_Use]:
    yield "design", study.design, study.id, ("design",)
    for i, key in enumerate(study.keys):
        if key.design:
            yield "design", key.design, study.id, ("keys", i, "design")
        for concept in key.control_shares:
            yield "combination", concept, study.id, ("keys", i, "control_shares")
        for j, finding in enumerate(key.findings):
            if finding.event:
                yield "event", finding.event, study.id, ("keys", i, "findings", j, "event")


def _identifiers(data: Dataset) -> Iterator[Problem]:
    """Identifiers that two studies share, in any field or alias, or that disagree with each other."""
    for name in ("pmid", "pmcid", "doi"):
        yield from _shared(data, name, [(study, getattr(study, name)) for study in data.studies])
    yield from _shared(data, "aliases", [(s, alias) for s in data.studies for alias in (s.id, *s.aliases)])
    yield from _shared(data, "title", [(s, "".join(c for c in s.title if c.isalnum())) for s in data.studies])
    for study in data.studies:
        place = data.places[study.id]
        if study.pmid and study.pmcid == f"PMC{study.pmid}":
            remedy = "one of the two is a copy of the other: look the PMID up"
            yield _problem(place, study.id, "the digits of the PMCID stand as PMID", remedy, "identifier", "pmid")


def _shared(data: Dataset, name: str, values: list[tuple[Study, str | None]]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for study, value in values:
        if value is None:
            continue
        first = seen.setdefault(value.lower(), study.id)
        if first != study.id:
            message = f"{name} {study.title if name == 'title' else value!r} is also that of {first}"
            remedy = "one publication has one file: merge them or correct the value"
            yield _problem(data.places[study.id], f"{study.id} {name}", message, remedy, f"unique-{name}", name)


def _strength(data: Dataset) -> Iterator[Problem]:
    """Study designs of the vocabulary without a row in the table of strength, and rows for no design."""
    file = display(data.root / "rules" / "strength.yml", data.root)
    known, graded = set(data.vocabulary.concepts["design"]), set(data.rules.strength.designs)
    for design in sorted(known - graded):
        yield Problem(file, 0, design, "no row in designs for this study design", 'add it, or "none"', "rules")
    for design in sorted(graded - known):
        yield Problem(file, 0, design, "no such study design", "use one of vocabulary/design.tsv", "rules")


def _references(data: Dataset) -> Iterator[Problem]:
    studies = {alias for study in data.studies for alias in (study.id, *study.aliases)}
    trials = {trial.id for trial in data.trials}
    for study in data.studies:
        place = data.places[study.id]
        for index, relation in enumerate(study.relations):
            if relation.target not in studies | trials:
                yield _problem(
                    place,
                    f"{study.id} relations",
                    f"{relation.target} is not in the data",
                    "add the record, or name it in notes instead",
                    "dangling",
                    "relations",
                    index,
                )
    for event in data.safety_events:
        if event.study_id and event.study_id not in studies:
            yield _problem(
                data.places[event.id],
                event.id,
                f"{event.study_id} is not in the data",
                "add the study, or leave study_id out",
                "dangling",
                "study_id",
            )
    products = {approval.product_id for approval in data.approvals}
    for document in data.documents:
        for claim in document.claims:
            place = data.places[claim.id]
            named: Iterable[tuple[str, str]] = (
                *(("reports", report.study) for report in claim.reports),
                *(("supported_by", study) for study in claim.supported_by),
                *(("contradicted_by", study) for study in claim.contradicted_by),
                *(("candidates", study) for study in claim.candidates),
            )
            for where, target in named:
                if target not in studies:
                    yield _problem(
                        place,
                        f"{claim.id} {where}",
                        f"cites {target}, which is not in studies/",
                        "add the study file, or correct the id",
                        "dangling",
                        where,
                    )
            if claim.names_product and claim.names_product not in products:
                yield _problem(
                    place,
                    f"{claim.id} names_product",
                    f"{claim.names_product!r} is no product_id of approvals.yml",
                    "correct the slug",
                    "dangling",
                    "names_product",
                )


def _claims(data: Dataset) -> Iterator[Problem]:
    for document in data.documents:
        for claim in document.claims:
            if claim.claim_type != "none" and claim.subject == "cited_study" and not claim.reports:
                yield _problem(
                    data.places[claim.id],
                    claim.id,
                    "speaks of a cited study but names none",
                    "fill reports, or choose another subject",
                    "claim",
                )


#: First characters that a spreadsheet takes for a formula.
FORMULA_START = ("=", "+", "-", "@", "\t", "\r")


def _spreadsheet_safety(data: Dataset) -> Iterator[Problem]:
    """Text that a spreadsheet would run as a formula is refused at the door."""
    records: list[Any] = [
        *data.studies,
        *data.trials,
        *data.approvals,
        *data.absences,
        *data.access_routes,
        *data.safety_events,
    ]
    for record in (*records, *data.documents, *data.searches.searches):
        for path, text in texts(record.model_dump(), ()):
            if text.startswith(FORMULA_START):
                where = f"{record.id} {'.'.join(str(part) for part in path)}"
                message = f"begins with {text[0]!r}, which a spreadsheet runs as a formula"
                remedy = "rephrase, or put a word before the sign"
                yield _problem(data.places[record.id], where, message, remedy, "formula", *path)


def texts(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield every text of a dumped record with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from texts(inner, (*path, key))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from texts(inner, (*path, index))
