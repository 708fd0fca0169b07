"""Direction of an outcome, and what is said of a mention, on our own labelled passages."""

from __future__ import annotations

from collections.abc import Sequence

from kb.evaluate.gold import ContextCase, DirectionCase
from kb.evaluate.metrics import Confusion, Share
from kb.evaluate.places import occurrence
from kb.evaluate.sheet import Case, Goal, Line, Sheet, worst
from kb.evaluate.tools import Tools
from kb.progress import Progress

_CHANGES = ("increased", "decreased", "no_difference")
_DIRECTIONS = ("better", "no_difference", "worse", "not_comparative", "unknown")
_ASSERTIONS = ("present", "absent", "possible", "historical", "contrast")


def direction_sheet(
    cases: Sequence[DirectionCase], tools: Tools, progress: Progress, disputed: frozenset[tuple[str, str]], number: int
) -> Sheet:
    """Return the sheet on direction: change as measured, and better or worse for the patient.

    Args:
        cases: labelled passages, each with its question.
        tools: what is judged.
        progress: told of every passage.
        disputed: (id, field) pairs in which the gold is wrong; fields ``change`` and ``direction``.
        number: worst cases to keep.
    """
    changes: list[tuple[str, str, str]] = []
    directions: list[tuple[str, str, str]] = []
    wrong = []
    for case in cases:
        verdict = tools.judge.judge(case.text, case.outcome, case.intervention, case.comparator)
        turned = tools.for_patient(case.outcome, verdict.change) or "unknown"
        direction = turned if verdict.comparative else "not_comparative"
        if case.change is not None:
            changes.append((case.id, case.change, verdict.change))
        directions.append((case.id, case.expect, direction))
        off = [
            (f"{name} {gold}", f"{name} {ours}")
            for name, gold, ours in (("change", case.change, verdict.change), ("direction", case.expect, direction))
            if gold is not None and gold != ours
        ]
        if off:
            expected, found = ("; ".join(side) for side in zip(*off, strict=True))
            wrong.append(Case(case.id, len(off), expected, found, f"{case.outcome} ({verdict.rule})"))
        progress.advance()
    compared = [row for row in directions if row[1] != "not_comparative"]
    lines = (
        share_line("change as measured", changes, "change", disputed),
        share_line(
            "direction for the patient, where groups are compared",
            compared,
            "direction",
            disputed,
            (Goal("accuracy", 0.90),),
        ),
        share_line("direction for the patient, all passages", directions, "direction", disputed),
    )
    text = (
        "Each passage comes with a question: outcome, intervention, comparator. *Change* is how the outcome moved; "
        "*direction* is what that means for the patient: fewer relapses are better, less survival is worse. "
        "*not_comparative*: the passage compares no groups, so nothing may be called better. This is the judge that "
        "answers the questions put to `kb tag`; the direction of the results it finds by itself is under Results."
    )
    confusions = (
        Confusion.of("Change: expected (rows), found (columns)", [row[1:] for row in changes], _CHANGES),
        Confusion.of("Direction: expected (rows), found (columns)", [row[1:] for row in directions], _DIRECTIONS),
    )
    return Sheet("Direction of an outcome", text, lines, confusions, worst(wrong, number))


def context_sheet(
    cases: Sequence[ContextCase], tools: Tools, progress: Progress, disputed: frozenset[tuple[str, str]], number: int
) -> Sheet:
    """Return the sheet on assertion: whether a mention is said to be so, denied, supposed, past, or set against.

    Args:
        cases: labelled mentions.
        tools: what is judged.
        progress: told of every mention.
        disputed: (id, field) pairs in which the gold is wrong; field ``assertion``.
        number: worst cases to keep.
    """
    rows, wrong = [], []
    for case in cases:
        place = occurrence(case.text, case.mention, case.occurrence)
        # The validator reports a mention that does not stand there; until it is mended it counts as an error.
        found = tools.assertion(case.text, *place) if place else "not in the text"
        rows.append((case.id, case.expect, str(found)))
        if found != case.expect:
            wrong.append(Case(case.id, 1, case.expect, str(found), f"“{case.mention}”"))
        progress.advance()
    absent = [(i, _denied(e), _denied(f)) for i, e, f in rows]
    lines = (
        share_line("assertion", rows, "assertion", disputed),
        share_line("said to be so, or not", absent, "assertion", disputed),
    )
    text = (
        "What a sentence says of a mention: *present* (so it was), *absent* (denied), *possible* (planned, supposed), "
        "*historical* (earlier treatment or other studies), *contrast* (set against). The second line asks only "
        "whether a denial was told from everything else: a lost “no” is the most dangerous error."
    )
    confusion = Confusion.of("Assertion: expected (rows), found (columns)", [row[1:] for row in rows], _ASSERTIONS)
    return Sheet("What is said of a mention", text, lines, (confusion,), worst(wrong, number))


def _denied(assertion: str) -> str:
    return "absent" if assertion == "absent" else "not absent"


def share_line(
    name: str,
    rows: Sequence[tuple[str, str, str]],
    field: str,
    disputed: frozenset[tuple[str, str]],
    asked: tuple[Goal, ...] = (),
) -> Line:
    """Return the line of an accuracy.

    Args:
        name: of what.
        rows: (id, expected, found).
        field: name of the field in ``disputed.tsv``.
        disputed: (id, field) pairs left out of the second figure.
        asked: what was asked for.
    """
    kept = [row for row in rows if (row[0], field) not in disputed]
    without = _share(kept) if len(kept) < len(rows) else None
    return Line(name, _share(rows), without, asked)


def _share(rows: Sequence[tuple[str, str, str]]) -> Share:
    return Share(sum(expected == found for _, expected, found in rows), len(rows))
