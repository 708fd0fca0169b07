"""What one run did, in figures and names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.raw.ledger import Ledger
from ingest.raw.shape import Run
from ingest.source import Source, Want


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run did.

    Attributes:
        source, label, query: what was asked, in words.
        resumed: it went on with a run that had been cut off.
        total: records the source says there are.
        listed: records it listed.
        fetched: records whose bytes came in this run.
        here: listed records that were here already and did not change.
        new: of the listed, those that were not here before; ``updated``: those fetched again since they changed.
        gone: numbers an earlier run of the same want listed and this one did not.
        absent: numbers asked for that the source does not have.
        gaps: what could not be had, in words.
        unasked: the service fell silent, and some records were not asked for.
        notes: warnings of the source.
        requests: requests it took.
    """

    run_id: int
    source: str
    label: str
    query: str
    resumed: bool
    total: int
    listed: int
    fetched: int
    here: int = 0
    new: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    unasked: bool = False
    notes: tuple[str, ...] = ()
    requests: int = 0

    @property
    def whole(self) -> bool:
        """Whether everything that was wanted is here."""
        return not self.gaps and not self.absent


def told(ledger: Ledger, source: Source, run: Run, *, resumed: bool, unasked: bool) -> Outcome:
    """Return what a run did, from the log.

    Args:
        ledger: the log.
        source: of the run.
        run: as it stands now.
        resumed: it went on with a run that had been cut off.
        unasked: the service fell silent before the end.
    """
    own = list(ledger.fetches(run_id=run.id))
    got = {number for one in own if one.state == "done" for number in one.got}
    listed = ledger.listed(run.id)
    held = ledger.held(run.source)
    gaps = [f"{one.reason} (records {few(one.ids)})" for one in own if one.state == "gap"]
    if waiting := sum(len(one.ids) for one in own if one.state == "pending"):
        gaps.append(f"{source.title} stopped answering; {waiting} records were not asked for. Run again later.")
    lacking = {number for one in own if one.state != "done" for number in one.ids}
    return Outcome(
        run_id=run.id,
        source=run.source,
        label=run.label,
        query=asked(run.want),
        resumed=resumed,
        total=run.total or 0,
        listed=len(listed),
        fetched=len(got & set(listed)),
        here=sum(one in held and held[one].run_id < run.id and one not in lacking for one in listed),
        new=tuple(sorted(one for one in got if one in listed and held[one].first_run == run.id)),
        updated=tuple(sorted(one for one in got if one in held and held[one].first_run < run.id)),
        gone=tuple(sorted(number for name, number, _, at in ledger.gone() if (name, at) == (run.source, run.id))),
        absent=tuple(number for one in own if one.state == "absent" for number in one.ids),
        gaps=tuple([run.shortfall, *gaps] if run.shortfall else gaps),
        unasked=unasked,
        notes=run.notes,
    )


def asked(want: Want) -> str:
    """Return what was wanted, in words."""
    if want.query:
        text = want.query + (f" ({few(want.ids)})" if want.ids else "")
    elif len(want.ids) == 1:
        text = want.ids[0]
    else:
        text = f"{len(want.ids):,} records by number" if want.ids else "everything"
    return text + (f" [since {want.since}]" if want.since else "") + (f" [until {want.until}]" if want.until else "")


def few(ids: Sequence[str], shown: int = 3) -> str:
    """Return some numbers, and how many more there are."""
    more = len(ids) - shown
    return ", ".join(ids[:shown]) + (f" and {more:,} more" if more > 0 else "")
