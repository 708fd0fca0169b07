"""The count of a counting claim as a query over the store, so that a reader can run it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from kb.records.common import AXES, ProductKey

#: Axes on which every value of a record must lie inside what the sentence names; on the others each value the sentence
#: names must be met.
_POOLED = ("cell_source", "expansion", "indication")


def count_query(what: Literal["trials", "studies"], key: ProductKey, as_of: date) -> str:
    """Return SQL that counts the registrations or studies of a product known on a day.

    Args:
        what: registrations, or studies of people.
        key: completed product key of the sentence.
        as_of: the day.

    Returns:
        A query over the public tables of a store; it gives one number.
    """
    conditions = [_condition(axis, getattr(key, axis)) for axis in AXES if getattr(key, axis)]
    conditions.append("exists (select 1 from key_concepts c where c.key_id = k.id and c.axis = 'cell_type')")
    if what == "trials":
        conditions += ["r.is_nk_therapy = 1", "r.doubt is null"]
        known = "coalesce(r.first_posted, r.start_date, r.status_date, r.retrieved)"
    else:
        conditions.append("r.evidence_kind = 'human'")
        known = "coalesce(r.publication_date, r.year, r.retrieved)"
    # A date known to the month or the year counts from its end.
    conditions.append(f"substr({known} || substr('-12-31', length({known}) - 3), 1, 10) <= '{as_of}'")
    lines = "\n  and ".join(conditions)
    return f"select count(distinct r.id)\nfrom {what} r join keys k on k.record_id = r.id\nwhere {lines}"


def _condition(axis: str, values: tuple[str, ...]) -> str:
    named = ", ".join(f"'{axis}:{value}'" for value in values)
    own = f"select 1 from key_concepts c where c.key_id = k.id and c.axis = '{axis}'"  # noqa: S608
    inside = f"c.concept_id in (select concept_id from concept_closure where ancestor_id in ({named}))"  # noqa: S608
    if axis == "cell_type":
        above = f"c.concept_id in (select ancestor_id from concept_closure where concept_id in ({named}))"  # noqa: S608
        return f"exists ({own} and ({inside} or {above}))"
    if axis in _POOLED:
        return f"exists ({own}) and not exists ({own} and not {inside})"
    below = "c.concept_id in (select concept_id from concept_closure where ancestor_id = '{}')"
    return "\n  and ".join(f"exists ({own} and {below.format(f'{axis}:{value}')})" for value in values)
