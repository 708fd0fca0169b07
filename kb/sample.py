"""A reproducible draw of single facts, each with where to look, so that a person can check them by hand."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.dataset import Dataset
from kb.findings import describe
from kb.records.approval import Approval
from kb.records.common import AXES, ProductKey, Provenance
from kb.records.study import Study
from kb.records.trial import Trial

_STUDY_FIELDS = (
    "pmid",
    "pmcid",
    "doi",
    "title",
    "journal",
    "year",
    "publication_date",
    "volume_pages",
    "design",
    "phase",
    "n_enrolled",
    "n_evaluable",
    "funding",
)
_TRIAL_FIELDS = (
    "title",
    "phase",
    "status",
    "first_posted",
    "enrollment",
    "sponsor",
    "start_date",
    "completion_date",
    "why_stopped",
    "countries",
    "is_nk_therapy",
)


@dataclass(frozen=True)
class Fact:
    """One value of one record, with where to look.

    Attributes:
        record: id of the record.
        field: what the value says of it.
        value: the value, a number always with its denominator.
        source: public page to open.
        checked: how the value was read.
        file: file and line of the record.
    """

    record: str
    field: str
    value: str
    source: str
    checked: str
    file: str


def draw(data: Dataset, size: int, seed: int) -> list[Fact]:
    """Draw facts at random: a third each from studies, trials and authorisations or harms.

    A record is drawn first and then one of its facts, so that a long record is no likelier than a
    short one. The same facts and the same seed give the same draw; no fact comes twice.

    Args:
        data: the facts.
        size: how many facts (fewer when there are not so many).
        seed: any whole number.
    """
    # Not for secrets: a draw that anybody can repeat is the point.
    chance = random.Random(seed)  # noqa: S311
    strata = [_by_record(facts) for facts in (_studies(data), _trials(data), _regulatory(data))]
    drawn: list[Fact] = []
    while len(drawn) < size and any(strata):
        for stratum in strata:
            if not stratum or len(drawn) == size:
                continue
            record = chance.choice(sorted(stratum))
            facts = stratum[record]
            drawn.append(facts.pop(chance.randrange(len(facts))))
            if not facts:
                del stratum[record]
    return drawn


def _by_record(facts: Iterator[Fact]) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = {}
    for fact in facts:
        found.setdefault(fact.record, []).append(fact)
    return found


def _file(data: Dataset, record: str) -> str:
    place = data.places[record]
    return f"{place.file}:{place.line}"


def _fields(data: Dataset, record: Study | Trial, names: Sequence[str]) -> Iterator[Fact]:
    for name in names:
        value = getattr(record, name)
        if value is None or value == ():
            continue
        text = ", ".join(value) if isinstance(value, tuple) else str(value)
        if name == "status":
            text += f" on {getattr(record, 'status_date', '')}"
        yield Fact(record.id, name, text, record.source, record.checked, _file(data, record.id))


def _axes(data: Dataset, record: Provenance, record_id: str, key: ProductKey, prefix: str = "") -> Iterator[Fact]:
    for axis in AXES:
        concepts = getattr(key, axis)
        if concepts:
            text = ", ".join(data.vocabulary.label(axis, concept) for concept in concepts)
            yield Fact(record_id, f"{prefix}{axis}", text, record.source, record.checked, _file(data, record_id))


def _studies(data: Dataset) -> Iterator[Fact]:
    for study in data.studies:
        yield from _fields(data, study, _STUDY_FIELDS)
        for registry_id in study.registry_ids:
            yield Fact(study.id, "registry id", registry_id, study.source, study.checked, _file(data, study.id))
        for key in study.keys:
            yield from _axes(data, study, study.id, key, f"arm '{key.name}', ")
            for finding in key.findings:
                yield Fact(
                    study.id,
                    f"arm '{key.name}', finding",
                    describe(finding),
                    finding.source or study.source,
                    finding.checked or study.checked,
                    _file(data, study.id),
                )


def _trials(data: Dataset) -> Iterator[Fact]:
    for trial in data.trials:
        yield from _fields(data, trial, _TRIAL_FIELDS)
        yield from _axes(data, trial, trial.id, trial)


def _approval(data: Dataset, approval: Approval) -> Iterator[Fact]:
    label = f"{approval.label_text} (label {'read' if approval.label_seen else 'not read'})"
    yield Fact(approval.id, "label", label, approval.source, approval.checked, _file(data, approval.id))
    yield from _axes(data, approval, approval.id, approval.label, "label, ")
    for event in approval.events:
        text = f"{approval.product}, {approval.jurisdiction}: {event.event} {event.date or '(date not seen)'}"
        yield Fact(approval.id, "event", text, event.source, event.checked, _file(data, approval.id))


def _regulatory(data: Dataset) -> Iterator[Fact]:
    for approval in data.approvals:
        yield from _approval(data, approval)
    for absence in data.absences:
        text = f"{absence.statement} ({', '.join(absence.jurisdictions)}, {absence.date})"
        yield Fact(absence.id, "absence", text, absence.source, absence.checked, _file(data, absence.id))
    for route in data.access_routes:
        text = f"{route.name} ({route.place}): {route.what_it_is}"
        yield Fact(route.id, route.kind, text, route.source, route.checked, _file(data, route.id))
    for event in data.safety_events:
        count = (
            f"{event.n} of {event.n_total}"
            if event.n_total
            else f"{event.n if event.n is not None else 'number not stated'}"
        )
        text = f"{event.statement} ({count})"
        yield Fact(event.id, event.event, text, event.source, event.checked, _file(data, event.id))
