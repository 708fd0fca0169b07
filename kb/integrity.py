"""The state a paper is in, from everything that any source says happened to it.

Events in, one state out: no file, no clock. The rules, and where they come from:

* **The paper is judged, never the notice.** A retraction, an erratum, an expression of concern is a publication
  with a number of its own (NLM, *Errata, Retractions, and Other Linked Citations in PubMed*,
  https://www.nlm.nih.gov/bsd/policy/errata.html). Only an event whose ``record_id`` is the paper's counts; being
  the ``notice`` of an event says nothing about the notice. A notice may be retracted too; that speaks of the notice
  alone and never lifts what it said: real journals have retracted an earlier, milder notice together with its paper.
* **A state belongs to one record.** Retracting a duplicate printing leaves the other printing as it is. A paper
  that was retracted and republished stays retracted; the republished record is another one and starts fresh.
* ``unchecked``: nobody looked. ``none``: a source that would list a notice was read and lists none.
* ``corrected`` < ``concern`` < ``retracted``: the gravest that stands counts. NLM calls corrections, addenda and,
  since October 2016, partial retractions all errata
  (https://www.nlm.nih.gov/pubs/techbull/so16/so16_partial_retractions_pol_change.html).
* **A later, milder notice lifts nothing.** A correction after a retraction or after an expression of concern
  leaves it standing. Retraction and concern are separate statements about the work that each need their own end
  (COPE, *Retraction guidelines*, https://doi.org/10.24318/cope.2019.1.4; NISO RP-45-2024 CREC,
  https://niso.org/publications/rp-45-2024-crec), and concerns are known to vanish from journals without a record
  (https://doi.org/10.1186/s41073-017-0030-2), so silence ends none. No source of ours has a word for "concern
  removed"; a reinstatement (next rule) is the only end.
* ``reinstated``: a reinstatement answers every retraction that is not *surely* later than it (it can only follow
  one), and every concern or correction that is *surely* earlier. What it does not answer stands.
* **Dates.** A harm counts from the start of its period, a help (reinstated, checked) from the end
  (:mod:`kb.dates`). An event without a date happened on the day it was first ``seen`` or before, and counts from
  that day; with neither it counts always when it harms, and only in "everything known" when it helps. Events of one
  kind that name the same notice are one happening; their dates are read together (a month and a day in it: the day).
  Where the dates cannot both be right, a harm takes the earliest, a help the latest.
* **Sources that disagree** are all kept. The rules above run over all of them together, so the worse counts unless
  one of them says "reinstated" (which PubMed cannot say). :func:`conflicts` names the disagreement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from kb.dates import PartialDate
from kb.records.integrity import EventKind, IntegrityEvent

Kind = Literal["unchecked", "none", "reinstated", "corrected", "concern", "retracted"]

#: Every kind of state, mildest first.
KINDS: tuple[Kind, ...] = ("unchecked", "none", "reinstated", "corrected", "concern", "retracted")
_HARMS: tuple[Literal["retracted", "concern", "corrected"], ...] = ("retracted", "concern", "corrected")


@dataclass(frozen=True, slots=True)
class IntegrityState:
    """The state of one paper.

    Attributes:
        kind: the state.
        date: since when: of the earliest notice that makes the state; for ``none`` the last look. Where no source
            dates that notice, the day it was first seen (the event in ``because`` then has no date); None for
            ``unchecked`` and where not even that is known.
        because: what the state rests on first, then every other event that counted, sorted. ``checked`` events only
            for ``none``.
    """

    kind: Kind
    date: PartialDate | None
    because: tuple[IntegrityEvent, ...]


@dataclass(frozen=True, slots=True, order=True)
class Conflict:
    """A disagreement between sources, or of a source with itself.

    Attributes:
        message: one sentence that names the sources and what each says.
        events: the events that disagree, sorted.
    """

    message: str
    events: tuple[IntegrityEvent, ...]


@dataclass(frozen=True, slots=True)
class _Happening:
    """One notice, as all its events together date it.

    Attributes:
        first, last: it surely lies between these days.
        since: from when it counts, by the rule of its kind.
        shown: the date to print, None without any.
    """

    kind: EventKind
    first: date
    last: date
    since: date
    shown: PartialDate | None
    events: tuple[IntegrityEvent, ...]


def state(events: Iterable[IntegrityEvent], until: date | None = None) -> IntegrityState:
    """Return the state of one paper; order and repeats of the events mean nothing.

    Args:
        events: of one paper, under any of its ids (the same row told for its PMID and for its DOI is one event).
        until: the state as it was on that day, by the dates of the notices; None for everything known.

    Raises:
        ValueError: an event's date is not ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``, or ``seen`` is not a day.
    """
    counted = [item for item in _happenings(events) if until is None or item.since <= until]
    looks = [item for item in counted if item.kind == "checked"]
    happened = [item for item in counted if item.kind != "checked"]
    if happened:
        kind, deciding = _decide(happened)
        best = min(deciding, key=lambda item: (item.since, item.last))
        return IntegrityState(kind, best.shown, _because(deciding, happened))
    if looks:
        last = max(looks, key=lambda item: item.since)
        return IntegrityState("none", last.shown, _because([one for one in looks if one.since == last.since], []))
    return IntegrityState("unchecked", None, ())


def conflicts(events: Iterable[IntegrityEvent], until: date | None = None) -> tuple[Conflict, ...]:
    """Return every disagreement about one paper, sorted; empty when all that speak agree.

    Sources whose own events lead to different states; an event that its source doubts, unless another event tells
    of the same notice without a doubt; one notice to which sources give dates that cannot both be right.

    Args:
        events: as for :func:`state`; ``checked`` events let a source say that it lists nothing.
        until: as for :func:`state`.

    Raises:
        ValueError: as for :func:`state`.
    """
    told = _once(events)
    by_origin: dict[str, list[IntegrityEvent]] = defaultdict(list)
    for event in told:
        by_origin[event.origin].append(event)
    states = {origin: state(group, until) for origin, group in sorted(by_origin.items())}
    speaking = {origin: found for origin, found in states.items() if found.kind != "unchecked"}
    found = []
    if len({one.kind for one in speaking.values()}) > 1:
        says = ", ".join(f"{origin} says {one.kind}" for origin, one in speaking.items())
        because = tuple(sorted({event for one in speaking.values() for event in one.because}))
        found.append(Conflict(f"{says}: {state(told, until).kind} counts", because))
    for item in _happenings(told):
        if until is not None and item.since > until:
            continue
        if all(event.doubt for event in item.events):
            found += [Conflict(f"{e.origin}, {e.detail}: {e.doubt}", (e,)) for e in item.events]
        periods = [PartialDate.parse(event.date) for event in item.events if event.date]
        if item.kind != "checked" and periods and _common(periods) is None:
            dates = ", ".join(sorted({f"{e.date} ({e.origin}, {e.detail})" for e in item.events if e.date}))
            found.append(Conflict(f"{item.events[0].notice} is dated {dates}", item.events))
    return tuple(sorted(set(found)))


def _decide(happened: Sequence[_Happening]) -> tuple[Kind, list[_Happening]]:
    """Return the state, and the happenings that make it; there is at least one happening."""
    lifted = [item for item in happened if item.kind == "reinstated"]
    standing = [item for item in happened if item.kind != "reinstated" and not _answered(item, lifted)]
    for kind in _HARMS:
        deciding = [item for item in standing if item.kind == kind]
        if deciding:
            return kind, deciding
    # Every retraction is answered, so the latest is, and whatever answers the latest answers all.
    retractions = [item for item in happened if item.kind == "retracted"]
    return "reinstated", [one for one in lifted if all(item.first <= one.last for item in retractions)]


def _answered(harm: _Happening, lifted: Sequence[_Happening]) -> bool:
    if harm.kind == "retracted":
        return any(harm.first <= one.last for one in lifted)
    return any(harm.last < one.first for one in lifted)


def _because(deciding: Sequence[_Happening], others: Sequence[_Happening]) -> tuple[IntegrityEvent, ...]:
    first = sorted({event for item in deciding for event in item.events})
    rest = sorted({event for item in others for event in item.events}.difference(first))
    return (*first, *rest)


def _once(events: Iterable[IntegrityEvent]) -> list[IntegrityEvent]:
    """Return each event once: those that differ only in the paper's id or in the day they were seen are one."""
    same: dict[IntegrityEvent, set[IntegrityEvent]] = defaultdict(set)
    for event in events:
        same[replace(event, record_id="", seen="")].add(event)
    merged = []
    for bare, copies in same.items():
        ids = sorted({copy.record_id for copy in copies}, key=lambda one: (not one.startswith("PMID:"), one))
        seen = min((copy.seen for copy in copies if copy.seen), default="")
        merged.append(replace(bare, record_id=ids[0], seen=seen))
    return sorted(merged)


def _happenings(events: Iterable[IntegrityEvent]) -> list[_Happening]:
    groups: dict[object, list[IntegrityEvent]] = defaultdict(list)
    for event in _once(events):
        groups[(event.kind, event.notice) if event.notice else event].append(event)
    return [_happening(group) for group in groups.values()]


def _happening(events: Sequence[IntegrityEvent]) -> _Happening:
    """Date one happening by everything that is said of it."""
    kind = events[0].kind
    helps = kind in ("reinstated", "checked")
    periods = sorted((PartialDate.parse(e.date) for e in events if e.date), key=lambda one: (one.first, one.last))
    if periods:
        common = _common(periods)
        shown = common or (max(periods, key=lambda one: (one.last, one.first)) if helps else periods[0])
        first, last = (common.first, common.last) if common else (periods[0].first, max(one.last for one in periods))
        return _Happening(kind, first, last, last if helps else first, shown, tuple(events))
    days = sorted(date.fromisoformat(event.seen) for event in events if event.seen)
    if days:
        return _Happening(kind, date.min, days[0], days[0], PartialDate(days[0], days[0]), tuple(events))
    return _Happening(kind, date.min, date.max, date.max if helps else date.min, None, tuple(events))


def _common(periods: Sequence[PartialDate]) -> PartialDate | None:
    """Return what all periods share (years, months and days are nested or apart), None when they cannot all hold."""
    first, last = max(one.first for one in periods), min(one.last for one in periods)
    return PartialDate(first, last) if first <= last else None
