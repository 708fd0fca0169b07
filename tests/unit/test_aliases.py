"""What referred to a record by an id it had before goes on meaning it."""

from __future__ import annotations

from kb.aliases import resolved
from kb.dataset import Dataset
from tests.factory import claim, document, safety_event, study, world


def test_every_kind_of_reference_follows_the_record_to_its_new_id(data: Dataset) -> None:
    known = study(id="PMID:7", pmid="7", aliases=["REC:seven"])
    later = study(relations=[{"type": "follow_up_of", "target": "REC:seven"}])
    said = claim(
        supported_by=["REC:seven", "PMID:7"],
        contradicted_by=["REC:seven"],
        candidates=["REC:seven", "REC:other"],
        reports=[{"study": "REC:seven", "outcome": "response"}],
    )
    found = resolved(world(data, known, later, document(said), safety_event(study_id="REC:seven")))
    (judged,) = found.documents[0].claims
    assert judged.supported_by == ("PMID:7",)  # the same record named twice counts once
    assert judged.contradicted_by == ("PMID:7",)
    assert judged.candidates == ("PMID:7", "REC:other")
    assert [report.study for report in judged.reports] == ["PMID:7"]
    assert [r.target for s in found.studies for r in s.relations] == ["PMID:7"]
    assert [event.study_id for event in found.safety_events] == ["PMID:7"]


def test_the_shipped_facts_refer_to_no_old_id(data: Dataset) -> None:
    old = {alias for record in data.studies for alias in record.aliases}
    assert old
    for page in data.documents:
        for one in page.claims:
            names = {*one.supported_by, *one.contradicted_by, *one.candidates, *(r.study for r in one.reports)}
            assert not names & old, one.id
