"""Results of a passage, field by field: what was found, what was missed, and above all what was invented."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kb.evaluate.fields import GRADES, NUMBERS, agrees, shown, written
from kb.evaluate.gold import ExpectedDose, FindingCase
from kb.evaluate.metrics import Confusion, Share
from kb.evaluate.sheet import Case, Line, Sheet, worst
from kb.evaluate.stated import is_stated, stated
from kb.evaluate.tools import Tools
from kb.progress import Progress
from kb.tag.tags import Dose, Finding

#: Fields in the order of the table.
_ORDER = (
    *NUMBERS,
    "level",
    *GRADES,
    "unit",
    "time_point",
    "outcome",
    "event",
    "direction",
    "assertion",
    "n_basis",
    "ratio_kind",
    "is_primary",
    "met",
    "flags",
)


@dataclass(frozen=True, slots=True)
class Read:
    """A passage and what was read from it.

    Attributes:
        pairs: each expected finding with the found one it was matched with, None when it was missed.
        extra: found findings that match none.
        doses: each expected dose with the found one, None when missed; empty when doses are not scored.
        extra_doses: found doses that match none; empty when doses are not scored.
        invented: numbers of found findings and doses that the text does not state.
        numbers: how many numbers the found findings and doses hold.
    """

    case: FindingCase
    pairs: tuple[tuple[Mapping[str, Any], Finding | None], ...]
    extra: tuple[Finding, ...]
    doses: tuple[tuple[ExpectedDose, Dose | None], ...]
    extra_doses: tuple[Dose, ...]
    invented: tuple[str, ...]
    numbers: int


def read_all(cases: Sequence[FindingCase], tools: Tools, progress: Progress) -> Iterator[Read]:
    """Read every passage and match what was found with what was expected.

    Args:
        cases: labelled passages.
        tools: what is judged.
        progress: told of every passage.
    """
    for case in cases:
        found, doses = tools.read(case.text)
        pairs, extra = match(case.expect, found)
        some, others = _match_doses(case.doses or (), doses)
        scored = case.doses is not None
        yield Read(
            case,
            pairs,
            extra,
            some,
            others if scored else (),
            tuple(_invented(case.text, found, doses)),
            sum(len(written(finding)) for finding in found) + sum(len({dose.low, dose.high}) for dose in doses),
        )
        progress.advance()


def match(
    expected: Sequence[Mapping[str, Any]], found: Sequence[Finding]
) -> tuple[tuple[tuple[Mapping[str, Any], Finding | None], ...], tuple[Finding, ...]]:
    """Pair each expected finding with the found one that agrees in most numbers, then in most other fields.

    No finding is used twice. One that agrees in nothing that identifies it (a number other than a bare 0, an event,
    or, where the gold gives neither, outcome or fate of the primary endpoint) is no match.

    Returns:
        The pairs in the order of ``expected``, and the found ones left over.
    """
    scores = []
    for i, wanted in enumerate(expected):
        for j, finding in enumerate(found):
            if (score := _score(wanted, finding)) > (0, 0):
                scores.append((score, -i, -j))
    taken: dict[int, int] = {}
    for _, i, j in sorted(scores, reverse=True):
        if -i not in taken and -j not in taken.values():
            taken[-i] = -j
    pairs = tuple((wanted, found[taken[i]] if i in taken else None) for i, wanted in enumerate(expected))
    return pairs, tuple(finding for j, finding in enumerate(found) if j not in taken.values())


def _score(wanted: Mapping[str, Any], finding: Finding) -> tuple[int, int]:
    """Return (agreeing numbers, agreeing fields); (0, 0) when nothing identifies the finding."""
    right = {name for name, value in wanted.items() if agrees(name, value, getattr(finding, name))}
    numbers = {name for name in right if name in NUMBERS and wanted[name] not in (None, "")}
    names = {name for name in ("event", "outcome", "met") if name in right and wanted[name] not in (None, "")}
    strong = {name for name in numbers if wanted[name] != 0}
    bare = not any(wanted.get(name) not in (None, "", 0) for name in NUMBERS) and not wanted.get("event")
    if strong or "event" in names or (bare and names):
        return len(numbers), len(right) + 1
    return 0, 0


def _match_doses(
    expected: Sequence[ExpectedDose], found: Sequence[Dose]
) -> tuple[tuple[tuple[ExpectedDose, Dose | None], ...], tuple[Dose, ...]]:
    left = list(found)
    pairs: list[tuple[ExpectedDose, Dose | None]] = []
    for wanted in expected:
        same = [d for d in left if is_stated(d.low, [wanted.low]) and is_stated(d.high, [wanted.high])]
        same = [dose for dose in same if dose.per == wanted.per]
        same.sort(key=lambda dose: dose.infusions != wanted.infusions)
        pairs.append((wanted, same[0] if same else None))
        if same:
            left.remove(same[0])
    return tuple(pairs), tuple(left)


def _invented(text: str, found: Sequence[Finding], doses: Sequence[Dose]) -> Iterator[str]:
    numbers = stated(text)
    for finding in found:
        for name, number in written(finding):
            # "None of the patients" and "all twelve" state n without writing it.
            if name == "n" and number in (0, finding.n_total):
                continue
            if not is_stated(abs(number), numbers):
                yield f"{name} {number:g}"
    for dose in doses:
        for number in sorted({dose.low, dose.high}):
            if not is_stated(number, numbers):
                yield f"dose {number:g}"


def sheets(given: Sequence[Read], disputed: frozenset[tuple[str, str]], number: int = 30) -> list[Sheet]:
    """Return the sheets on findings and doses.

    Args:
        given: every labelled passage with what was read.
        disputed: (id, field) pairs in which the gold is wrong; field ``finding`` disputes the whole passage.
        number: worst cases to keep.
    """
    kept = [read for read in given if (read.case.id, "finding") not in disputed]
    some = len(kept) < len(given)
    lines = tuple(
        Line(one.name, one.figure, other.figure if some else None, one.asked)
        for one, other in zip(_lines(given), _lines(kept), strict=True)
    )
    fields = [
        Line(f"field {name}", figure, without if without != figure else None)
        for name in _ORDER
        if (figure := _field(given, name, frozenset())).of
        for without in (_field(given, name, disputed),)
    ]
    pairs = [
        (str(wanted["direction"]), finding.direction)
        for read in given
        for wanted, finding in read.pairs
        if finding is not None and "direction" in wanted
    ]
    cases = worst((case for case in map(_case, given) if case.errors), number)
    text = (
        "An expected result is matched with the found one that agrees in most numbers; a match may be wrong in other "
        "fields, so the line on results right in every expected field is the strict one. Recall: expected numbers that "
        "stand in the right field of the matched result. Precision: found numbers that are expected there; a number of "
        "a result that the gold does not list counts as wrong, a field that the gold leaves open does not count. "
        "Fields, direction among them: of matched results alone, how often the field is as expected; missed results "
        "are left out there. A number that the passage does not state in "
        "digits or words is counted as invented: the worst error there is."
    )
    confusion = Confusion.of("Direction of results: expected (rows), found (columns)", pairs)
    result = [Sheet("Results", text, (*lines, *fields), (confusion,) if pairs else (), cases, "Worst passages")]
    if any(read.case.doses is not None for read in given):
        result.append(_dose_sheet(given))
    return result


def _lines(given: Sequence[Read]) -> list[Line]:
    pairs = [pair for read in given for pair in read.pairs]
    matched = [(wanted, finding) for wanted, finding in pairs if finding is not None]
    extra = [finding for read in given for finding in read.extra]
    expected = sum(1 for wanted, _ in pairs for name in NUMBERS if wanted.get(name) not in (None, ""))
    right = sum(1 for one, found in matched for name in NUMBERS if _right_number(name, one, found))
    settled = sum(1 for one, found in matched for name, _ in written(found) if name in one)
    surplus = sum(len(written(finding)) for finding in extra)
    invented = sum(len(read.invented) for read in given)
    held = sum(read.numbers for read in given)
    none = [read for read in given if not read.case.expect]
    return [
        Line("results matched (recall)", Share(len(matched), len(pairs))),
        Line("found results matched (precision)", Share(len(matched), len(matched) + len(extra))),
        Line("results right in every expected field", Share(sum(_all_right(*pair) for pair in matched), len(pairs))),
        Line("numbers, recall", Share(right, expected)),
        Line("numbers, precision", Share(right, settled + surplus)),
        Line("numbers the passage states (not invented)", Share(held - min(invented, held), held)),
        Line("passages without a result in which none was found", Share(sum(not r.extra for r in none), len(none))),
    ]


def _all_right(wanted: Mapping[str, Any], finding: Finding) -> bool:
    return all(agrees(name, value, getattr(finding, name)) for name, value in wanted.items())


def _right_number(name: str, wanted: Mapping[str, Any], finding: Finding) -> bool:
    return wanted.get(name) not in (None, "") and agrees(name, wanted[name], getattr(finding, name))


def _field(given: Sequence[Read], name: str, left_out: frozenset[tuple[str, str]]) -> Share:
    verdicts = [
        agrees(name, wanted[name], getattr(finding, name))
        for read in given
        if (read.case.id, name) not in left_out and (read.case.id, "finding") not in left_out
        for wanted, finding in read.pairs
        if finding is not None and name in wanted
    ]
    return Share(sum(verdicts), len(verdicts))


def _dose_sheet(given: Sequence[Read]) -> Sheet:
    scored = [read for read in given if read.case.doses is not None]
    pairs = [pair for read in scored for pair in read.doses]
    found = [(wanted, dose) for wanted, dose in pairs if dose is not None]
    extra = sum(len(read.extra_doses) for read in scored)
    infusions = [wanted.infusions == dose.infusions for wanted, dose in found if wanted.infusions is not None]
    none = [read for read in scored if not read.case.doses]
    lines = (
        Line("doses found (recall)", Share(len(found), len(pairs))),
        Line("found doses that are right (precision)", Share(len(found), len(found) + extra)),
        Line("number of infusions", Share(sum(infusions), len(infusions))),
        Line("passages without a dose in which none was found", Share(sum(not r.extra_doses for r in none), len(none))),
    )
    text = (
        "A dose of cells is right when both its numbers and its unit (total, per kg, per m²) are. Passages with doses "
        "of drugs, blood counts, viral loads and ratios are among them: nothing may be found there."
    )
    cases = []
    for read in scored:
        missed = [wanted for wanted, dose in read.doses if dose is None]
        if missed or read.extra_doses:
            cases.append(
                Case(
                    read.case.id,
                    len(missed) + len(read.extra_doses),
                    "; ".join(f"{d.low:g}–{d.high:g} per {d.per or 'person'}" for d in missed) or "none",
                    "; ".join(f"{d.low:g}–{d.high:g} per {d.per or 'person'}" for d in read.extra_doses) or "none",
                    "; ".join(f"“{dose.text}”" for dose in read.extra_doses),
                )
            )
    return Sheet("Cell doses", text, lines, cases=worst(cases, len(cases)))


def _case(read: Read) -> Case:
    expected, found, errors = [], [], len(read.extra)
    for wanted, finding in read.pairs:
        if finding is None:
            errors += 1
            expected.append(shown(wanted))
            continue
        off = [name for name in wanted if not agrees(name, wanted[name], getattr(finding, name))]
        errors += len(off)
        if off:
            expected.append(shown({name: wanted[name] for name in off}))
            found.append(shown({name: getattr(finding, name) for name in off}))
    found += [f"not expected: {shown(dict(_filled(finding)))}" for finding in read.extra]
    why = f"invented: {', '.join(read.invented)}" if read.invented else ""
    return Case(read.case.id, errors + len(read.invented), "; ".join(expected), "; ".join(found), why)


def _filled(finding: Finding) -> Iterator[tuple[str, Any]]:
    for name in (*NUMBERS, "event", "outcome"):
        value = getattr(finding, name)
        if value not in (None, ""):
            yield name, value
