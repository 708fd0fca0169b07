"""What runs did, in words and as data; what is new, changed, gone and retracted between two states."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ingest.outcome import Outcome
from kb.dataset import Dataset
from kb.overlay import Integrity
from kb.records.fetched import Fetched

#: Records a line of a summary names before it counts the rest; ``--json`` names all.
SHOWN = 10


@dataclass(frozen=True, slots=True)
class News:
    """The difference between two states of a raw store.

    Attributes:
        new, changed, gone: record ids; ``gone`` were deleted by their database or are no longer listed by a
            standing search.
        integrity: (paper, state before, state after), for papers whose state changed; retractions first.
    """

    new: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    integrity: tuple[tuple[str, str, str], ...]

    @property
    def retracted(self) -> tuple[str, ...]:
        """Papers that are retracted now and were not before."""
        return tuple(paper for paper, _, after in self.integrity if after == "retracted")


def news(before: Fetched, after: Fetched, data: Dataset, dropped: Iterable[tuple[str, str]]) -> News:
    """Compare two states of a raw store.

    Args:
        before: the earlier state.
        after: the later one.
        data: reviewed facts.
        dropped: (source, number) of records that no search lists any more, since the state before.
    """
    old, now = _records(before), _records(after)
    was, is_ = Integrity(data, before.events), Integrity(data, after.events)
    # The state of a paper is news when the paper is on file or fetched; a list of all retractions ever is none.
    papers = {study.id for study in data.studies} | {held.article.id for held in after.articles}
    moved = sorted(
        (paper, was.state(paper).kind, is_.state(paper).kind)
        for paper in papers
        if was.state(paper).kind != is_.state(paper).kind
    )
    harmless = ("none", "unchecked")
    looked_at = [row for row in moved if row[1] not in harmless or row[2] not in harmless]
    prefix = {"pubmed": "PMID:"}
    unlisted = {f"{prefix.get(source, '')}{number}" for source, number in dropped}
    return News(
        new=tuple(sorted(set(now) - set(old))),
        changed=tuple(sorted(one for one in set(now) & set(old) if now[one] != old[one])),
        gone=tuple(sorted((set(old) - set(now)) | unlisted)),
        integrity=tuple(sorted(looked_at, key=lambda row: (row[2] != "retracted", row))),
    )


def _records(fetched: Fetched) -> dict[str, object]:
    """Return id → newest content."""
    records: dict[str, object] = {held.article.id: held.article for held in fetched.articles}
    for one in sorted(fetched.snapshots, key=lambda one: (one.day, one.registration.updated)):
        records[one.registration.id] = one.registration
    return records


def as_data(outcomes: Sequence[Outcome], fetched: Fetched | None, difference: News | None = None) -> dict[str, Any]:
    """Return everything a run has to say, for ``--json``."""
    said: dict[str, Any] = {"complete": all(one.whole for one in outcomes), "runs": [asdict(one) for one in outcomes]}
    if fetched is not None:
        said["gaps"] = [asdict(gap) for gap in fetched.gaps]
    if difference is not None:
        said |= {"news": {**asdict(difference), "retracted": difference.retracted}}
    return said


def lines(one: Outcome, title: str, noun: str) -> list[str]:
    """Return the lines that tell one run."""
    name = f"{title}: {one.label or one.query}"
    counted = f"  {_counted(one.total, noun)}" + (f", {one.listed:,} listed" if one.listed != one.total else "")
    told = [
        name + (" (went on where it was cut off)" if one.resumed else ""),
        f"{counted}; {one.fetched:,} fetched ({len(one.new):,} new), {one.here:,} here already; "
        f"{_counted(one.requests, 'request')}",
    ]
    told += [f"  Note: {note}" for note in one.notes[:SHOWN]]
    if len(one.notes) > SHOWN:
        told.append(f"  … and {len(one.notes) - SHOWN} more notes of {title}; --json shows all")
    if one.gone:
        told.append(f"  No longer listed: {_few(one.gone)}")
    if one.absent:
        told.append(f"  GAP: not in {title}: {_few(one.absent)}")
    told += [f"  GAP: {gap}" for gap in one.gaps]
    return told


def news_lines(difference: News) -> list[str]:
    """Return the lines that tell what is new, changed, gone and retracted."""
    told = [
        f"{label}: {_few(ids)}"
        for label, ids in (("New", difference.new), ("Changed", difference.changed), ("Gone", difference.gone))
        if ids
    ]
    told += [f"{after.upper()}: {paper} (was {before})" for paper, before, after in difference.integrity]
    return told or ["Nothing new."]


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' if number != 1 else ''}"


def _few(ids: Sequence[str]) -> str:
    more = len(ids) - SHOWN
    return f"{len(ids):,} ({', '.join(ids[:SHOWN])}" + (f" and {more:,} more)" if more > 0 else ")")
