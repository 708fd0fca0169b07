"""``kb impact`` as text. Formatting only: what changes was judged by :mod:`kb.impact`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from kb.english import CLASSES, plural
from kb.impact import Changed, Fall, Impact
from kb.jurisdictions import JURISDICTIONS

_WAYS = {"retracted": "If it is retracted", "removed": "If it is taken off file"}
_TIES = {
    "reports_trial": "reports the registration / is reported by",
    "same_cohort": "same people",
    "follow_up_of": "follow-up",
    "reports_on": "reports on",
    "comment_on": "comment",
    "protocol_of": "protocol",
}


def narrowed(found: Impact, place: str | None) -> Impact:
    """Return what changes in one place only; everything without a place."""
    if place is None:
        return found
    falls = []
    for fall in found.falls:
        claims, cells = (
            tuple(replace(one, places=(place,)) for one in many if place in one.places)
            for many in (fall.claims, fall.cells)
        )
        falls.append(replace(fall, claims=claims, cells=cells))
    return replace(found, falls=tuple(falls))


def render(found: Impact) -> str:
    """Return the answer as plain text."""
    lines = [f"{found.record}  {found.label}", f"Judged as of {found.as_of}."]
    for fall in found.falls:
        lines += ["", *_fall(fall)]
    lines += ["", f"{plural(len(found.rests), 'claim')} {'rests' if len(found.rests) == 1 else 'rest'} on it today."]
    lines += [f"  {claim}  {statement}" for claim, statement in found.rests]
    if found.tied:
        lines += ["", "Tied to it"]
        lines += [f"  {_TIES.get(kind, kind)}: {other}  {label}" for kind, other, label in found.tied]
    return "\n".join([*lines, "", "Not legal or medical advice."])


def _fall(fall: Fall) -> Iterator[str]:
    way = _WAYS[fall.mode]
    if not (fall.claims or fall.cells):
        yield f"{way}: no claim and no cell of the map changes."
    else:
        yield (
            f"{way}: {plural(len(fall.claims), 'claim')} and {plural(len(fall.cells), 'cell')} of the map change"
            + (f", in {', '.join(fall.documents)}" if fall.documents else "")
            + "."
        )
    for one in sorted(fall.claims, key=lambda one: ("class" not in one.before, one.id)):
        yield f"  {one.id}{_where(one)}  {one.label}"
        yield from (f"      {line}" for line in _differences(one))
    for one in fall.cells:
        yield f"  map: {one.label}{_where(one)}"
        yield from (f"      {line}" for line in _differences(one))
    if fall.exports:
        rows = ", ".join(f"{name} ({plural(count, 'row')})" for name, count in fall.exports)
        yield f"  Exports to be sent again: {rows}."
    if fall.sign_offs:
        yield f"  Sign-offs to be looked at again: {', '.join(fall.sign_offs)}."


def _where(one: Changed) -> str:
    return "" if len(one.places) == len(JURISDICTIONS) else f" ({', '.join(one.places)})"


def _differences(one: Changed) -> Iterator[str]:
    if not one.after:
        yield "gone"
        return
    if not one.before:
        yield "new"
        return
    for name, old in one.before.items():
        new = one.after[name]
        if name in ("codes", "approved_elsewhere"):
            had, has = set(json.loads(old or "[]")), set(json.loads(new or "[]"))
            parts = [f"+{code}" for code in sorted(has - had)] + [f"-{code}" for code in sorted(had - has)]
            yield f"{name.replace('_', ' ')}: {' '.join(parts)}"
        elif name != "rule_id":
            yield f"{name.replace('_', ' ')}: {_shown(old)} → {_shown(new)}"


def _shown(value: Any) -> str:
    if value in CLASSES:
        return CLASSES[value][0]
    return "none" if value is None else str(value).replace("_", " ")
