"""Fixtures of the contract tests: a copy of the facts that is quick to read."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.dataset import Dataset
from tests.contract.breaking import CLAIMS


@pytest.fixture
def small_facts(facts: Path, data: Dataset) -> Path:
    """The copy of the facts without what no test needs, so that each reads in a moment.

    Left are the first claims, the first trials, and the studies these need.
    """
    document = data.documents[0]
    kept = document.claims[:30]
    text = (facts / CLAIMS).read_text(encoding="utf-8")
    cut = text.index(f"- id: {document.claims[len(kept)].id}\n")
    (facts / CLAIMS).write_text(text[:cut], encoding="utf-8")
    rows = (facts / "trials.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (facts / "trials.csv").write_text("".join(rows[:20]), encoding="utf-8")

    by_alias = {alias: study for study in data.studies for alias in (study.id, *study.aliases)}
    wanted = {"PMID:15632206", "PMID:9816022"} | {event.study_id for event in data.safety_events}
    for claim in kept:
        wanted.update(claim.supported_by, claim.contradicted_by, claim.candidates, (r.study for r in claim.reports))
    needed: set[str] = set()
    while wanted:
        study = by_alias.get(str(wanted.pop()))
        if study and study.id not in needed:
            needed.add(study.id)
            wanted.update(relation.target for relation in study.relations)
    for study in data.studies:
        if study.id not in needed:
            (facts.parent / data.places[study.id].file).unlink()
    return facts
