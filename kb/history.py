"""What changed in a registration from one look to the next, and what was known of it on a day.

A registry shows only its present state, so history is made of snapshots: pairs of the day of the look and the
record seen. A sparse record (a selection of fields) says nothing about the fields it lacks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from itertools import groupby
from typing import Any

from kb.records.registration import FIELDS, Intervention, Registration

#: Shown for an enrolment of which the registry says that nobody knows it.
UNKNOWN = "unknown"
#: The fields whose changes are kept, in the order of a report. ``primary_outcomes`` are the titles of the planned
#: primary outcome measures; every other name is a field of :class:`~kb.records.registration.Registration`.
TRACKED: tuple[str, ...] = (
    "title",
    "official_title",
    "phase",
    "status",
    "last_known_status",
    "why_stopped",
    "study_type",
    "allocation",
    "masking",
    "enrollment",
    "enrollment_type",
    "start_date",
    "start_type",
    "primary_completion_date",
    "primary_completion_type",
    "completion_date",
    "completion_type",
    "updated",
    "has_results",
    "results_posted",
    "sponsor",
    "collaborators",
    "countries",
    "conditions",
    "interventions",
    "primary_outcomes",
    "aliases",
)
#: Fields that speak of another field: when a sparse record changes the first, what was known of the others falls.
#: An enrolment of 7 seen later is not "actual" because the 86 before it were.
BELONGS: Mapping[str, tuple[str, ...]] = {
    "enrollment": ("enrollment_type",),
    "start_date": ("start_type",),
    "primary_completion_date": ("primary_completion_type",),
    "completion_date": ("completion_type",),
    "status": ("status_verified", "last_known_status", "why_stopped"),
    "sponsor": ("sponsor_class",),
}
#: A look: the day (``YYYY-MM-DD``) and what was seen.
Snapshot = tuple[str, Registration]


@dataclass(frozen=True, slots=True)
class Change:
    """One field that had one value and then another.

    Attributes:
        record_id: number of the registration, as of the latest look.
        field: a name of :data:`TRACKED`.
        before, after: the values as text, lists joined by a bar, "" for nothing.
        seen_before: last day on which the old value was seen.
        seen_after: first day on which the new one was; the change happened in between.
    """

    record_id: str
    field: str
    before: str
    after: str
    seen_before: str
    seen_after: str

    @property
    def kind(self) -> str:
        """``added``, ``removed`` or ``changed``."""
        return "added" if not self.before else "removed" if not self.after else "changed"


@dataclass(frozen=True, slots=True, order=True)
class _Seen:
    """One value of one field in one look.

    Attributes:
        when: day of the look, the registry's version day and its day of last update, to order looks of one day.
        same: what is compared; the order of a list means nothing.
        text: what is shown.
    """

    when: tuple[str, str, str]
    same: tuple[str, ...]
    text: str


def changes(snapshots: Iterable[Snapshot]) -> list[Change]:
    """Return what changed between looks at one trial, by day and then in the order of :data:`TRACKED`.

    Order and repeats of the snapshots change nothing. Where looks of one day disagree and the registry's own days
    do not tell which came first, the value already known is taken as the earlier one. The first look is no change.

    Args:
        snapshots: looks at one trial, in any order, several a day allowed.

    Raises:
        ValueError: snapshots of different trials, or a day that is no ``YYYY-MM-DD``.
    """
    looks = _ordered(snapshots)
    if not looks:
        return []
    record_id = looks[-1][1].id
    found = [change for name in TRACKED for change in _field_changes(record_id, name, looks)]
    return sorted(found, key=lambda change: change.seen_after)


def latest(snapshots: Iterable[Snapshot], until: str) -> Registration | None:
    """Return what was known on a day.

    The last whole record by then, with what later sparse ones saw put in. A value that a sparse record lacks comes
    from before, also inside an arm, intervention or outcome of the same name, except where it speaks of one that
    changed (:data:`BELONGS`). ``sparse`` is True when a field may be empty only because nobody asked; ``day`` is
    that of the last record used, since a mixture has no day of its own.

    Args:
        snapshots: looks at one trial, in any order.
        until: the day, ``YYYY-MM-DD``; looks of that day count.

    Returns:
        The record, or None when nobody had looked by then.

    Raises:
        ValueError: snapshots of different trials, or a day that is no ``YYYY-MM-DD``.
    """
    _checked(until)
    known: Registration | None = None
    for day, seen in _ordered(snapshots):
        if day <= until:
            known = seen if known is None or not seen.sparse else _merged(known, seen)
    return known


def _ordered(snapshots: Iterable[Snapshot]) -> list[Snapshot]:
    """Return the looks by time; those that no day tells apart by their content, a whole record last."""
    looks = sorted(snapshots, key=lambda look: (_when(look), not look[1].sparse, repr(look[1])))
    names = {looks[-1][1].id, *(name for _, seen in looks for name in seen.aliases)} if looks else set()
    if strangers := sorted({seen.id for _, seen in looks} - names):
        raise ValueError(f"snapshots of different trials: {', '.join(strangers)} beside {looks[-1][1].id}")
    return looks


def _when(look: Snapshot) -> tuple[str, str, str]:
    day, seen = look
    return _checked(day), seen.day, seen.updated


def _checked(day: str) -> str:
    if date.fromisoformat(day).isoformat() != day:
        raise ValueError(f"{day!r} is not a day; write YYYY-MM-DD")
    return day


def _field_changes(record_id: str, name: str, looks: list[Snapshot]) -> list[Change]:
    seen = {_Seen(_when(look), *value) for look in looks if (value := _value(name, look[1])) is not None}
    found: list[Change] = []
    last: _Seen | None = None
    for _, tied in groupby(sorted(seen), key=lambda each: each.when):
        known = last.same if last else ()
        for each in sorted(tied, key=lambda one: one.same != known):
            if last and each.same != last.same:
                found.append(Change(record_id, name, last.text, each.text, last.when[0], each.when[0]))
            last = each
    return found


def _value(name: str, seen: Registration) -> tuple[tuple[str, ...], str] | None:
    """Return what is compared and what is shown; None where a sparse record does not speak of the field."""
    read = _SPECIAL.get(name)
    parts = read(seen) if read else _parts(getattr(seen, name))
    if seen.sparse and (not any(parts) or (name == "has_results" and not seen.has_results)):
        return None
    return tuple(sorted(parts)), "|".join(parts)


def _parts(value: Any) -> tuple[str, ...]:
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    if isinstance(value, tuple):
        return tuple(str(item) for item in value)
    return () if value is None or value == "" else (str(value),)


def _enrollment(seen: Registration) -> tuple[str, ...]:
    return (UNKNOWN,) if seen.enrollment_unknown else _parts(seen.enrollment)


def _interventions(seen: Registration) -> tuple[str, ...]:
    return tuple(each.names[0] for each in seen.interventions)


def _primary_outcomes(seen: Registration) -> tuple[str, ...]:
    # A results section lists what it has not reported yet under the same title again.
    return tuple(dict.fromkeys(each.title for each in seen.outcomes if each.rank == "PRIMARY" and not each.reported))


_SPECIAL: Mapping[str, Callable[[Registration], tuple[str, ...]]] = {
    "enrollment": _enrollment,
    "interventions": _interventions,
    "primary_outcomes": _primary_outcomes,
}
_EMPTY = {item.name: item.default for item in fields(Registration)}
#: Lists of objects, with what names one object: a sparse record may ask for the names alone.
_NAMED: Mapping[str, Callable[[Any], tuple[Any, ...]]] = {
    "arms": lambda arm: (arm.label,),
    "interventions": lambda intervention: (intervention.names[0],),
    "outcomes": lambda measure: (measure.reported, measure.rank, measure.title),
}


def _merged(known: Registration, seen: Registration) -> Registration:
    """Return what is known with a sparse record put over it."""
    told = {name: getattr(seen, name) for name in FIELDS if getattr(seen, name) != _EMPTY[name]}
    if "enrollment" in told or "enrollment_unknown" in told:
        told |= {"enrollment": seen.enrollment, "enrollment_unknown": seen.enrollment_unknown}
    fallen = {
        other
        for name, others in BELONGS.items()
        if name in told and _value(name, known) != _value(name, seen)
        for other in others
        if other not in told and getattr(known, other) != _EMPTY[other]
    }
    told |= {name: _EMPTY[name] for name in fallen}
    told |= {name: _filled(getattr(known, name), told[name], _NAMED[name]) for name in _NAMED.keys() & told.keys()}
    told |= {"id": seen.id, "day": seen.day, "sparse": known.sparse or bool(fallen)}
    return replace(known, **told)


def _filled(known: tuple[Any, ...], seen: tuple[Any, ...], named: Callable[[Any], tuple[Any, ...]]) -> tuple[Any, ...]:
    """Return the objects seen, what one lacks from the known one of its name; then known ones of other ranks."""
    before = dict(_numbered(known, named))
    ranks = {named(each)[:-1] for each in seen}
    whole = [_whole(before[key], each) if key in before else each for key, each in _numbered(seen, named)]
    return (*whole, *(each for each in known if named(each)[:-1] not in ranks))


def _numbered(items: tuple[Any, ...], named: Callable[[Any], tuple[Any, ...]]) -> list[tuple[tuple[Any, ...], Any]]:
    """Return each object behind its name and how often that name came before: a title may come twice."""
    uses: Counter[tuple[Any, ...]] = Counter()
    found = []
    for each in items:
        found.append(((*named(each), uses[named(each)]), each))
        uses[named(each)] += 1
    return found


def _whole(known: Any, seen: Any) -> Any:
    lacking = {item.name: getattr(known, item.name) for item in fields(seen) if not getattr(seen, item.name)}
    if isinstance(seen, Intervention) and len(seen.names) == 1:
        lacking["names"] = known.names
    return replace(seen, **lacking)
