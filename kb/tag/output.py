"""The machine-readable form of what was tagged: one JSON object a record, keys in a fixed order."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from kb.tag.questions import Answer
from kb.tag.tags import Dose, Finding, Tag, Tagged

_EMPTY: tuple[object, ...] = ("", None, (), [], (None, None))


def as_object(
    tagged: Tagged, *, mentions: bool = False, unread: Sequence[str] = (), answers: Sequence[Answer] = ()
) -> dict[str, Any]:
    """Return a record's tags as plain values.

    Args:
        tagged: what the tagger said.
        mentions: also the names that are neither product nor treated disease, with why not.
        unread: fields that were left out because they are not in English.
        answers: to the questions asked of the record.
    """
    found: dict[str, Any] = {
        "id": tagged.id,
        "relevant": tagged.relevant,
        "reason": tagged.reason,
        "flags": list(tagged.flags),
        "tags": [_tag(tag) for tag in tagged.tags],
        "findings": [_finding(one) for one in tagged.findings],
        "doses": [_dose(one) for one in tagged.doses],
        "conflicts": [
            {"facet": one.facet, one.one[0]: list(one.one[1]), one.other[0]: list(one.other[1]), "note": one.note}
            for one in tagged.conflicts
        ],
    }
    if unread:
        found["unread"] = list(unread)
    if answers:
        found["answers"] = [asdict(answer) for answer in answers]
    if mentions:
        found["mentions"] = [
            {
                "facet": hit.facet,
                "concept": hit.concept,
                "field": field,
                "start": hit.start,
                "end": hit.end,
                "text": hit.text,
                "role": role,
            }
            for hit, field, role in tagged.mentions
        ]
    return found


def as_line(
    tagged: Tagged, *, mentions: bool = False, unread: Sequence[str] = (), answers: Sequence[Answer] = ()
) -> str:
    """Return one line of JSON, without the line end."""
    return json.dumps(as_object(tagged, mentions=mentions, unread=unread, answers=answers), ensure_ascii=False)


def _tag(tag: Tag) -> dict[str, Any]:
    return {
        "facet": tag.facet,
        "concept": tag.concept,
        "origin": tag.origin,
        "field": tag.field,
        "start": tag.start,
        "end": tag.end,
        "assertion": tag.assertion,
        "text": tag.text,
        "rule": tag.rule,
    }


def _finding(one: Finding) -> dict[str, Any]:
    """Return a finding; what it does not state is left out, direction and assertion always stand."""
    values: dict[str, Any] = {name: getattr(one, name) for name in one.__dataclass_fields__}
    kept = {name: value for name, value in values.items() if value not in _EMPTY}
    if "flags" in kept:
        kept["flags"] = list(one.flags)
    if "grade" in kept:
        kept["grade"] = list(one.grade)
    return kept


def _dose(one: Dose) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(one, name) for name in one.__dataclass_fields__}
    return {name: value for name, value in values.items() if value not in _EMPTY}
