"""Made-up worlds for the benchmarks: the shipped facts times a number, seeded, never shown to anybody.

A world of 16x holds 16 times the studies, registrations and claims. Each copy has ids, groups of patients and dates
of its own; keys and results are drawn from the shipped ones, so that a sentence meets the same share of the records.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

from kb.dataset import Dataset
from kb.dates import PartialDate
from kb.records.claim import Claim, Document
from kb.records.common import AXES, ProductKey
from kb.records.study import Study, StudyKey
from kb.records.trial import Trial

#: Of the copied studies and registrations, how many take the product key of another one.
OTHER_KEY = 0.25
#: Of the copied sentences, how many say something that the sentence copied does not (one axis is another's).
NEW_SENTENCE = 0.01
#: What a registration's standing consists of; these are drawn together.
_STANDING = ("status", "status_date", "first_posted", "start_date", "completion_date", "stop_reason", "doubt")


def world(data: Dataset, times: int, seed: int = 1) -> Dataset:
    """Return the facts ``times`` over.

    Args:
        data: the shipped facts.
        times: how many copies, the shipped one among them.
        seed: the same seed gives the same world.
    """
    draw = Random(seed)  # noqa: S311 - made-up worlds, nothing secret
    studies, trials, documents = list(data.studies), list(data.trials), list(data.documents)
    for copy in range(1, times):
        names = _names(data, copy)
        studies += [_study(draw, data, one, names) for one in data.studies]
        trials += [_trial(draw, data, one, names) for one in data.trials]
        documents += [_document(draw, data, one, names, copy) for one in data.documents]
    return replace(data, studies=tuple(studies), trials=tuple(trials), documents=tuple(documents), places={})


def _names(data: Dataset, copy: int) -> dict[str, str]:
    """Return id or alias of a shipped record → id of its copy."""
    names: dict[str, str] = {}
    for number, study in enumerate(data.studies):
        own = f"PMID:{50_000_000 + copy * len(data.studies) + number}"
        names.update(dict.fromkeys((study.id, *study.aliases), own))
    for number, trial in enumerate(data.trials):
        names[trial.id] = f"NCT{50_000_000 + copy * len(data.trials) + number:08d}"
    return names


def _axes(record: ProductKey) -> dict[str, tuple[str, ...]]:
    return {axis: getattr(record, axis) for axis in AXES}


def _study(draw: Random, data: Dataset, shipped: Study, names: dict[str, str]) -> Study:
    dated = draw.choice(data.studies)
    return shipped.model_copy(
        update={
            "id": names[shipped.id],
            "pmid": names[shipped.id].removeprefix("PMID:"),
            "aliases": (),
            "year": dated.year,
            "publication_date": dated.publication_date,
            "registry_ids": _renamed(shipped.registry_ids, names),
            "keys": tuple(_arm(draw, data.studies, arm) for arm in shipped.keys),
            "relations": tuple(
                one.model_copy(update={"target": names.get(one.target, one.target)}) for one in shipped.relations
            ),
        }
    )


def _arm(draw: Random, studies: Sequence[Study], arm: StudyKey) -> StudyKey:
    other = draw.choice(studies)
    if not other.keys or draw.random() >= OTHER_KEY:
        return arm
    return arm.model_copy(update=_axes(draw.choice(other.keys)))


def _trial(draw: Random, data: Dataset, shipped: Trial, names: dict[str, str]) -> Trial:
    dated = draw.choice(data.trials)
    update: dict[str, Any] = {name: getattr(dated, name) for name in _STANDING}
    days = timedelta(draw.randint(-180, 180))
    update |= {name: _moved(value, days) for name, value in update.items() if isinstance(value, PartialDate)}
    if draw.random() < OTHER_KEY:
        update |= _axes(draw.choice(data.trials))
    return shipped.model_copy(update={**update, "id": names[shipped.id]})


def _moved(when: PartialDate, days: timedelta) -> PartialDate:
    """Return a date of its own for a copy, where the day is known; months and years stay."""
    return PartialDate(when.first + days, when.last + days) if when.precision == "day" else when


def _document(draw: Random, data: Dataset, shipped: Document, names: dict[str, str], copy: int) -> Document:
    identifier = f"{shipped.id}-{copy}"
    claims = tuple(_claim(draw, shipped.claims, claim, names, identifier) for claim in shipped.claims)
    return shipped.model_copy(update={"id": identifier, "claims": claims})


def _claim(draw: Random, claims: Sequence[Claim], claim: Claim, names: dict[str, str], document: str) -> Claim:
    axes = claim.axes
    if draw.random() < NEW_SENTENCE:
        others = [(axis, found) for one in claims for axis in AXES if (found := getattr(one.axes, axis))]
        axis, found = draw.choice(others)
        axes = axes.model_copy(update={axis: found})
    return claim.model_copy(
        update={
            "id": f"{document}#{claim.id.partition('#')[2]}",
            "axes": axes,
            "reports": tuple(
                one.model_copy(update={"study": names.get(one.study, one.study)}) for one in claim.reports
            ),
            "supported_by": _renamed(claim.supported_by, names),
            "contradicted_by": _renamed(claim.contradicted_by, names),
            "candidates": _renamed(claim.candidates, names),
        }
    )


def _renamed(targets: Sequence[str], names: dict[str, str]) -> tuple[str, ...]:
    return tuple(names.get(target, target) for target in targets)
