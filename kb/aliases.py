"""One name a publication: references by an id that a record had before are turned into its id of today.

A record known first by a DOI or a slug gets its PMID later; its old ids stay in ``aliases`` for ever, and
what referred to them goes on meaning the same record.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from kb.dataset import Dataset
from kb.records.claim import Claim
from kb.records.study import Study


def resolved(data: Dataset) -> Dataset:
    """Return the dataset with every reference to a study by its id of today; unknown names are left alone."""
    now = {alias: study.id for study in data.studies for alias in study.aliases}
    if not now:
        return data

    def ids(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(now.get(name, name) for name in names))

    def study(record: Study) -> Study:
        relations = tuple(r.model_copy(update={"target": now.get(r.target, r.target)}) for r in record.relations)
        return record.model_copy(update={"relations": relations})

    def claim(record: Claim) -> Claim:
        return record.model_copy(
            update={
                "reports": tuple(r.model_copy(update={"study": now.get(r.study, r.study)}) for r in record.reports),
                "supported_by": ids(record.supported_by),
                "contradicted_by": ids(record.contradicted_by),
                "candidates": ids(record.candidates),
            }
        )

    return replace(
        data,
        studies=tuple(study(record) for record in data.studies),
        safety_events=tuple(
            event.model_copy(update={"study_id": now.get(event.study_id or "", event.study_id)})
            for event in data.safety_events
        ),
        documents=tuple(
            document.model_copy(update={"claims": tuple(claim(one) for one in document.claims)})
            for document in data.documents
        ),
    )
