"""Drift: what two versions of a page claim, claim by claim, and how the wording and the verdict moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from kb.check.drift_moves import Move, lost, moves
from kb.check.drift_pairs import pairs, said
from kb.check.report import DISCLAIMER, Finding, Report

ChangeKind = Literal["new", "gone", "unchanged", "reworded"]
Direction = Literal["stronger", "weaker", "mixed", "changed", "same"]
_KINDS: tuple[ChangeKind, ...] = ("reworded", "new", "gone", "unchanged")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A verdict as both reports give it; the fields are those of :class:`kb.check.report.Finding`."""

    status_class: str
    level: str
    sold_class: str | None
    sold_level: str | None
    accuracy: str
    objection: bool


@dataclass(frozen=True)
class Change:
    """One claim over both versions.

    Attributes:
        kind: ``reworded`` where its words changed, or what they are taken to claim under another heading.
        old: the claim in the old version, None where it is new.
        new: the claim in the new version, None where it is gone.
        moves: how the wording moved.
        moved: it stands under other headings now.
        before: the verdict on the old claim, None where it is new.
        after: the verdict on the new claim, None where it is gone.
    """

    kind: ChangeKind
    old: Finding | None
    new: Finding | None
    moves: tuple[Move, ...]
    moved: bool
    before: Verdict | None
    after: Verdict | None

    @property
    def direction(self) -> Direction:
        """Where all moves together lead."""
        ways = {move.way for move in self.moves}
        if "stronger" in ways:
            return "mixed" if "weaker" in ways else "stronger"
        return "weaker" if "weaker" in ways else "changed" if ways else "same"

    @property
    def new_objection(self) -> bool:
        """There is an objection that the old version did not meet."""
        return self.after is not None and self.after.objection and not (self.before and self.before.objection)

    @property
    def objection(self) -> bool:
        """A reviewer must look: some wording is stronger, or an objection is new."""
        return self.new_objection or any(move.way == "stronger" for move in self.moves)

    @property
    def verdict_changed(self) -> bool:
        """Both versions have the claim, and the verdicts differ."""
        return None not in (self.before, self.after) and self.before != self.after


@dataclass(frozen=True)
class Drift:
    """What changed between two versions of a page.

    Attributes:
        old: the report on the old version.
        new: the report on the new version.
        changes: every claim once: those of the new page in its order, then those that are gone in theirs.
        notes: what makes the verdicts incomparable (another day, place or product), in words.
    """

    old: Report
    new: Report
    changes: tuple[Change, ...]
    notes: tuple[str, ...] = ()

    @property
    def objection(self) -> bool:
        """Some wording is stronger, or an objection is new (exit code 1)."""
        return any(change.objection for change in self.changes)

    @property
    def counts(self) -> dict[str, int]:
        """Number of changes of each kind, none left out."""
        seen = Counter(change.kind for change in self.changes)
        return {kind: seen[kind] for kind in _KINDS}


def drift(old: Report, new: Report) -> Drift:
    """Compare two versions of a page.

    Args:
        old: report on the old version.
        new: report on the new version, best of the same day, place and product.
    """
    paired = pairs(old.findings, new.findings)
    back = {j: i for i, j in paired.items()}
    changes = [
        _changed(old.findings[back[j]], finding)
        if j in back
        else Change("new", None, finding, (), False, None, _verdict(finding))
        for j, finding in enumerate(new.findings)
    ]
    changes += [
        Change("gone", finding, None, lost(finding, new.findings), False, _verdict(finding), None)
        for i, finding in enumerate(old.findings)
        if i not in paired
    ]
    return Drift(old, new, tuple(changes), tuple(_notes(old, new)))


def _changed(old: Finding, new: Finding) -> Change:
    same_words, found = said(old) == said(new), moves(old, new)
    kind: ChangeKind = "unchanged" if same_words and not found else "reworded"
    return Change(kind, old, new, found, old.section != new.section, _verdict(old), _verdict(new))


def _verdict(finding: Finding) -> Verdict:
    return Verdict(
        finding.status_class, finding.level, finding.sold_class, finding.sold_level, finding.accuracy, finding.objection
    )


def _notes(old: Report, new: Report) -> Iterator[str]:
    for name, was, now in (
        ("day", old.as_of, new.as_of),
        ("place", old.jurisdiction, new.jurisdiction),
        ("base", old.built, new.built),
    ):
        if was != now:
            yield f"The {name} of the verdicts differs ({was} → {now}): a verdict can change without the wording."
    if old.assumed != new.assumed:
        yield "The pages are taken to sell different products: a verdict can change without the wording."


def as_json(found: Drift) -> dict[str, Any]:
    """Return a drift as plain values, for ``--format json``."""
    return {
        "old": found.old.page.name,
        "new": found.new.page.name,
        "objection": found.objection,
        "counts": found.counts,
        "notes": list(found.notes),
        "changes": [_as_json(change) for change in found.changes],
        "disclaimer": DISCLAIMER,
    }


def _as_json(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "direction": change.direction,
        "objection": change.objection,
        "new_objection": change.new_objection,
        "verdict_changed": change.verdict_changed,
        "moved": change.moved,
        "old": _side(change.old, change.before),
        "new": _side(change.new, change.after),
        "moves": [
            {
                "kind": move.kind,
                "way": move.way,
                "before": list(move.before),
                "after": list(move.after),
                "says": move.says,
            }
            for move in change.moves
        ],
    }


def _side(finding: Finding | None, verdict: Verdict | None) -> dict[str, Any] | None:
    if finding is None or verdict is None:
        return None
    return {
        "id": finding.id,
        "line": finding.line,
        "start": finding.start,
        "end": finding.end,
        "place": finding.place,
        "text": finding.text,
        "class": verdict.status_class,
        "level": verdict.level,
        "sold_class": verdict.sold_class,
        "sold_level": verdict.sold_level,
        "accuracy": verdict.accuracy,
        "objection": verdict.objection,
    }


def as_text(found: Drift) -> str:
    """Return a drift in words, what a reviewer must look at first."""
    counts = ", ".join(f"{number} {kind}" for kind, number in found.counts.items())
    lines = [f"{found.old.page.name} → {found.new.page.name}: {counts}", *found.notes]
    shown = [
        change for change in found.changes if change.kind != "unchanged" or change.objection or change.verdict_changed
    ]
    for change in sorted(shown, key=lambda change: not change.objection):
        lines += ["", *_lines(change)]
    verdict = "Objection: wording is stronger, or an objection is new." if found.objection else "No objection."
    return "\n".join([*lines, "", verdict, DISCLAIMER]) + "\n"


def _lines(change: Change) -> Iterator[str]:
    finding = change.new or change.old
    assert finding is not None  # a change has at least one side
    place = finding.place or f"line {finding.line}"
    heading = change.kind if change.direction == "same" else f"{change.kind}, {change.direction}"
    yield f"{'!' if change.objection else ' '} {place}: {heading}"
    for sign, side in (("-", change.old), ("+", change.new)):
        if side is not None and not (sign == "-" and change.kind == "unchanged"):
            yield f"    {sign} {side.text}"
    for move in change.moves:
        went, came = ", ".join(move.before) or "–", ", ".join(move.after) or "–"
        yield f"    {move.kind} {move.way}: {move.says} ({went} → {came})"
    yield f"    verdict: {_shown(change.before)} → {_shown(change.after)}{' (new objection)' * change.new_objection}"


def _shown(verdict: Verdict | None) -> str:
    if verdict is None:
        return "none"
    sold = f"; sold: {verdict.sold_class} {verdict.sold_level}" if verdict.sold_class else ""
    return f"{verdict.status_class} {verdict.level}, {verdict.accuracy}{sold}"
