"""What can be wrong with the labelled cases beyond their form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from kb.errors import DataError, Problem
from kb.evaluate.disputed import FINDING_FIELDS, load_adjudications, load_disputes
from kb.evaluate.first_looks import load_first_looks
from kb.evaluate.gold import FILES, ContextCase, FindingCase, Gold, RecordCase, load_gold
from kb.evaluate.places import occurrence
from kb.evaluate.stated import is_stated, stated
from kb.tag.lines import LineError, parse_record
from kb.tag.quantities import Basis, RatioKind
from kb.tag.tags import Assertion, Direction, Flag
from kb.vocabulary import FACETS, Vocabulary

#: Flags a record may be expected to carry (:class:`kb.tag.tags.Tagged`).
FLAGS: tuple[str, ...] = get_args(Flag)
#: Fields that hold one number each; those that hold words with a number follow.
_NUMBERS = ("n", "n_total", "percent", "low", "high", "level", "ratio")
_WORDS = ("value", "p", "time_point")
_TEXTS = ("outcome", "event", "endpoint", "arm", "unit")
_YES_OR_NO = ("is_primary", "met")
_FINDING_FLAGS = ("no_denominator", "spin", "subgroup", "percent_mismatch", "historical_control")
_ARTICLE = ("abstract", "publication_types", "mesh_headings", "language", "abstract_truncated", "keywords")
_REGISTERED = ("official_title", "conditions", "interventions", "arms", "summary", "description", "eligibility")
_CODED = ("phase", "study_type", "conditions_mesh", "interventions_mesh")
_CLOSED: Mapping[str, tuple[str, ...]] = {
    "direction": get_args(Direction),
    "assertion": get_args(Assertion),
    "n_basis": get_args(Basis),
    "ratio_kind": get_args(RatioKind),
}


def gold_problems(data_dir: Path, vocabulary: Vocabulary) -> list[Problem]:
    """Return everything wrong with ``data/gold/``: form, ids, concepts, mentions and numbers that the text lacks.

    Args:
        data_dir: the data directory. One without ``gold/`` has no gold and so nothing wrong.
        vocabulary: the concepts a case may name.
    """
    if not (data_dir / "gold").is_dir():
        return []
    problems: list[Problem] = []
    gold: Gold | None = None
    try:
        gold = load_gold(data_dir)
    except DataError as error:
        problems += error.problems
    if gold is not None:
        for file, where, message, remedy in _wrong(gold, vocabulary):
            line = gold.lines[file, where]
            problems.append(Problem(f"{data_dir.name}/gold/{file}", line, where, message, remedy, "gold"))
    for table in (_dispute_problems, _adjudication_problems, _first_look_problems):
        try:
            problems += table(data_dir, vocabulary, gold)
        except DataError as error:
            problems += error.problems
    return sorted(problems)


#: File, id of the case, what is wrong, what to do.
_Wrong = tuple[str, str, str, str]


def _wrong(gold: Gold, vocabulary: Vocabulary) -> Iterator[_Wrong]:
    for file, records in (("records.jsonl", gold.records), ("trials.jsonl", gold.trials)):
        for record in records:
            yield from ((file, record.id, *what) for what in _record_wrong(record, vocabulary))
    for finding in gold.findings:
        yield from (("findings.jsonl", finding.id, *what) for what in _finding_wrong(finding, vocabulary))
    for case in gold.directions:
        if not case.text.strip() or not case.outcome.strip():
            yield "directions.jsonl", case.id, "text or outcome is empty", "fill both"
    for mention in gold.context:
        yield from (("context.jsonl", mention.id, *what) for what in _context_wrong(mention))


def _record_wrong(case: RecordCase, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    for name in sorted(set(case.record) - {*RecordCase.model_fields, *_ARTICLE, *_REGISTERED, *_CODED}):
        yield f"unknown field {name!r}", "remove or rename it"
    if not case.expect:
        yield "nothing is expected", "say at least whether it is relevant"
    try:
        parse_record(case.record)
    except LineError as error:
        yield f"no record: {error}", "write its fields as kb tag reads them (kb/tag/lines.py)"
    for facet, value in case.expect.items():
        if facet == "relevant":
            if not isinstance(value, bool):
                yield "relevant must be true or false", "write one of them"
        elif not isinstance(value, list):
            yield f"{facet} must be a list", "write […]"
        elif facet == "flags":
            yield from (
                (f"unknown flag {flag!r}", f"flags are {', '.join(FLAGS)}") for flag in value if flag not in FLAGS
            )
        elif facet not in FACETS:
            yield f"unknown facet {facet!r}", f"facets are relevant, flags, {', '.join(FACETS)}"
        else:
            yield from (_unknown(facet, one, vocabulary) for one in value if (facet, one) not in vocabulary)
        if isinstance(value, list) and len(set(value)) != len(value):
            yield f"{facet} names something twice", "keep one of them"


def _unknown(facet: str, concept: str, vocabulary: Vocabulary) -> tuple[str, str]:
    return f"{concept!r} is no concept of {facet}", vocabulary.suggest(facet, concept)


def _finding_wrong(case: FindingCase, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    numbers = stated(case.text)
    for place, finding in enumerate(case.expect, 1):
        for message, remedy in _one_finding(finding, numbers, vocabulary):
            yield f"finding {place}: {message}", remedy
    for dose in case.doses or ():
        for number in {dose.low, dose.high}:
            if not is_stated(number, numbers):
                yield f"the dose {number:g} is not in the text", "correct the number or the text"
        if dose.low > dose.high:
            yield "a dose whose low is above its high", "exchange them"


def _one_finding(
    finding: Mapping[str, Any], numbers: frozenset[float], vocabulary: Vocabulary
) -> Iterator[tuple[str, str]]:
    for name in sorted(set(finding) - FINDING_FIELDS):
        yield f"unknown field {name!r}", "fields are those of kb/tag/tags.py Finding"
    yield from _form_wrong(finding)
    for facet in ("outcome", "event"):
        concept = finding.get(facet) or ""
        if concept and isinstance(concept, str) and (facet, concept) not in vocabulary:
            yield _unknown(facet, concept, vocabulary)
    for name, allowed in _CLOSED.items():
        if finding.get(name, allowed[0]) not in allowed:
            yield f"unknown {name} {finding[name]!r}", f"use one of {', '.join(a or '(empty)' for a in allowed)}"
    yield from _number_wrong(finding, numbers)


def _form_wrong(finding: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what has the wrong type; an unknown flag too."""
    for name in _TEXTS:
        if not isinstance(finding.get(name) or "", str):
            yield f"{name} must be text", "write it in quotes"
    for name in _YES_OR_NO:
        if not isinstance(finding.get(name), bool | None):
            yield f"{name} must be true, false or null", "write one of them"
    flags = finding.get("flags", [])
    if not isinstance(flags, list):
        yield "flags must be a list", "write […]"
    for flag in flags if isinstance(flags, list) else ():
        if flag not in _FINDING_FLAGS:
            yield f"unknown flag {flag!r}", f"flags are {', '.join(_FINDING_FLAGS)}"


def _number_wrong(finding: Mapping[str, Any], numbers: frozenset[float]) -> Iterator[tuple[str, str]]:
    remedy = "correct the number or the text"
    for name in _NUMBERS:
        value = finding.get(name)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield f"{name} must be a number", "write it without quotes"
        # "All twelve" and "none" state n without writing it.
        elif not is_stated(abs(value), numbers) and not (name == "n" and value in (0, finding.get("n_total"))):
            yield f"{name} {value:g} is not in the text", remedy
    for name in _WORDS:
        words = finding.get(name) or ""
        if not isinstance(words, str):
            yield f"{name} must be text, as printed", "write it in quotes"
            continue
        for number in stated_digits(words):
            if not is_stated(number, numbers):
                yield f"{name} {words!r} is not in the text", remedy
    grade = finding.get("grade")
    if grade is not None and not (
        isinstance(grade, list)
        and len(grade) == 2
        and all(one is None or (isinstance(one, int) and not isinstance(one, bool)) for one in grade)
    ):
        yield "grade must be a pair", "write [lowest, highest], null where not stated"


def stated_digits(words: str) -> frozenset[float]:
    """Return the numbers written in digits in a few words ("<0.001" → 0.001)."""
    return frozenset(float(digits) for digits in re.findall(r"\d+(?:\.\d+)?|\.\d+", words.replace("·", ".")))


def _context_wrong(case: ContextCase) -> Iterator[tuple[str, str]]:
    if case.occurrence < 1:
        yield "occurrence counts from 1", "write 1 for the first"
    elif occurrence(case.text, case.mention, case.occurrence) is None:
        yield (
            f"mention {case.mention!r} does not stand {case.occurrence} time(s) in the text",
            "copy it as it stands there; whole words are counted",
        )


def _dispute_problems(data_dir: Path, _: Vocabulary, gold: Gold | None) -> list[Problem]:
    found = []
    for row in load_disputes(data_dir).rows:
        file = f"{row.corpus}.jsonl"
        if gold is not None and file in FILES and (file, row.id) not in gold.lines:
            found.append(_table_problem(data_dir, "disputed.tsv", row.line, row.id, f"no such case in {file}"))
    return found


def _adjudication_problems(data_dir: Path, vocabulary: Vocabulary, _: Gold | None) -> list[Problem]:
    return [
        _table_problem(data_dir, "phase_adjudicated.tsv", one.line, one.id, f"{one.concept!r} is no phase")
        for one in load_adjudications(data_dir)
        if ("phase", one.concept) not in vocabulary
    ]


def _first_look_problems(data_dir: Path, _: Vocabulary, __: Gold | None) -> list[Problem]:
    load_first_looks(data_dir)
    return []


def _table_problem(data_dir: Path, file: str, line: int, where: str, message: str) -> Problem:
    return Problem(f"{data_dir.name}/gold/{file}", line, where, message, "correct or remove the row", "gold")
