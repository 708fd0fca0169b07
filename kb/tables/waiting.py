"""Views of what was fetched, is about the cells of this map, and waits for somebody to read it."""

from __future__ import annotations

from kb.shape import View

_NOTE = "Read by rules; nobody reviewed it."


def _labels(facet: str) -> str:
    """Return SQL for the labels of a record's tags on one facet, said to be so, each once."""
    return f"""(select group_concat(label, '; ') from (select distinct c.label as label from tags g join concepts c on c.id = g.concept_id
     where g.record_id = r.id and g.facet = '{facet}' and g.assertion = 'present' order by c.label))"""


_TAGS = f"""{_labels("cell_type")} as cell_type, {_labels("cell_source")} as cell_source,
  {_labels("indication")} as indication, {_labels("phase")} as phase"""
_COLUMNS = (
    ("cell_type", "cells given, as the tagger reads it"),
    ("cell_source", "where the cells came from"),
    ("indication", "disease of the people treated"),
    ("phase", "phase"),
    ("flags", "kind of record: JSON list"),
    ("reason", "why it is relevant"),
)

WAITING: tuple[View, ...] = (
    View(
        "papers_to_review",
        "Papers to review",
        f"Fetched articles about people treated with the cells of this map that are not on file yet and not retracted. {_NOTE}",
        f"""
select r.id, a.title, a.year, {_TAGS}, r.flags, r.reason, a.integrity, a.source, a.retrieved
from tagged_records r join articles a on a.id = r.id
where r.relevant = 1 and r.on_file is null and a.gone is null and a.integrity <> 'retracted'
order by r.id
""",
        (
            ("id", "article"),
            ("title", "title"),
            ("year", "year"),
            *_COLUMNS,
            ("integrity", "retraction or correction state"),
            ("source", "public page"),
            ("retrieved", "day it was fetched"),
        ),
    ),
    View(
        "trials_to_review",
        "Trials to review",
        f"Fetched registrations of the cells of this map that are not on file yet. {_NOTE}",
        f"""
select r.id, g.title, g.status, g.first_posted, {_TAGS}, r.flags, r.reason, g.source, g.retrieved
from tagged_records r join registrations g on g.id = r.id
where r.relevant = 1 and r.on_file is null and g.gone is null
order by r.id
""",
        (
            ("id", "registration number"),
            ("title", "title"),
            ("status", "status"),
            ("first_posted", "day of first posting"),
            *_COLUMNS,
            ("source", "public page"),
            ("retrieved", "day it was fetched"),
        ),
    ),
)
