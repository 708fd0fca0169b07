"""What the rules read in the fetched copy of a record, for its page; beside what a curator entered."""

from __future__ import annotations

import json
import re
from typing import Any

from kb.figure_words import dose, grade, measured, people
from kb.publish.read import Record, row, rows
from kb.read_notice import READ_ERRORS

#: Facets in the order of the product key, with their names for readers.
_FACETS = {
    "cell_type": "cell type",
    "cell_source": "source",
    "expansion": "expansion",
    "engineering": "engineering",
    "indication": "disease or aim",
    "setting": "setting",
    "combination": "together with",
    "phase": "phase",
    "outcome": "outcome",
}
_RAISED = re.compile(r"\^(-?\d+)")
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


async def read_tags(datasette: Any, record_id: str) -> Record | None:
    """Return what was read in the fetched record that a study or trial on file is; None when none was fetched.

    Args:
        datasette: the site.
        record_id: study or trial on file.

    Returns:
        ``record`` (its row), ``flags``, ``conflicts`` (sentences), ``facets`` (name, what a curator entered, what was
        read), ``results`` (rows of stated_results, all of them, with ``grade_words``, ``people_words`` and
        ``figure_words``), ``doses`` (rows of stated_doses with ``words``),
        ``errors`` (how often such results were wrong).
    """
    record = await row(
        datasette, "select * from tagged_records where on_file = :id order by id limit 1", {"id": record_id}
    )
    if record is None:
        return None
    tags = await rows(
        datasette,
        """select distinct g.facet, g.origin = 'reviewed' as entered, c.label from tags g
           join concepts c on c.id = g.concept_id
           where g.assertion = 'present' and ((g.record_id = :id and g.origin = 'reviewed')
             or (g.record_id = :read and g.origin <> 'reviewed'))
           order by c.label""",
        {"id": record_id, "read": record["id"]},
    )
    facets = []
    for facet, name in _FACETS.items():
        entered, read = (
            [tag["label"] for tag in tags if tag["facet"] == facet and bool(tag["entered"]) is by_hand]
            for by_hand in (True, False)
        )
        if entered or read:
            facets.append({"name": name, "entered": entered, "read": read})
    results = await rows(
        datasette,
        """select r.*, o.label as outcome_label, e.label as event_label from stated_results r
           left join concepts o on o.id = r.outcome left join concepts e on e.id = r.event
           where r.record_id = :id order by r.id""",
        {"id": record["id"]},
    )
    for result in results:
        low, high = json.loads(result["grade"] or "[null, null]")
        result["grade_words"] = grade(low, high)
        result["people_words"] = people(result["n"], result["n_total"], result["n_basis"] or "")
        result["figure_words"] = ", ".join(
            measured(
                percent=result["percent"],
                value=result["value"] or "",
                ratio=result["ratio"],
                ratio_kind=result["ratio_kind"] or "",
                low=result["interval_low"],
                high=result["interval_high"],
                level=result["interval_level"],
                p=result["p"] or "",
            )
        )
    doses = await rows(datasette, "select * from stated_doses where record_id = :id order by id", {"id": record["id"]})
    for one in doses:
        one["words"] = _RAISED.sub(
            lambda power: power[1].translate(_SUPERSCRIPTS),
            dose(one["low"], one["high"], one["per"] or "", one["infusions"]),
        )
    return {
        "record": record,
        "flags": [flag.replace("_", " ") for flag in json.loads(record["flags"] or "[]")],
        "conflicts": json.loads(record["conflicts"] or "[]"),
        "facets": facets,
        "results": results,
        "doses": doses,
        "errors": READ_ERRORS,
    }
