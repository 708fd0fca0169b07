"""Real records with publication types and MeSH: relevance by kind, phase by type, indication by heading.

Publication types are incomplete gold: papers whose title names a phase often carry no phase type. So every tag on
phase that no type confirms is listed, and ``data/gold/phase_adjudicated.tsv`` says which of them are right. MeSH
indexes what a paper mentions, not whom it treated; agreement with it is shown beside, not asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kb.evaluate.disputed import Adjudication
from kb.evaluate.metrics import Confusion, Quality, Share, Tally, quality
from kb.evaluate.records import ASKED, concepts, counted, first, lenient, present
from kb.evaluate.sheet import Case, Goal, Line, Sheet
from kb.evaluate.tools import Tools
from kb.progress import Progress
from kb.tag.tags import Tagged
from kb.vocabulary import Vocabulary

#: MEDLINE's publication types that name a phase (NLM, MeSH tree V03.175.250.500).
_TYPES: Mapping[str, str] = {
    "Clinical Trial, Phase I": "1",
    "Clinical Trial, Phase II": "2",
    "Clinical Trial, Phase III": "3",
    "Clinical Trial, Phase IV": "4",
}
#: Phases that one concept joins; MEDLINE gives such a trial both types.
_JOINED: Mapping[frozenset[str], str] = {frozenset("12"): "phase-1-2", frozenset("23"): "phase-2-3"}
#: Said of every sheet here: the figures are not of unseen texts.
_SEEN_BEFORE = (
    "This collection is for development: the rules were mended on it as well, another set is held back, so the figures "
    "flatter."
)
#: What a prediction may rest on: the publication types themselves would be circular.
_SEEN = ("text", "registry")


@dataclass(frozen=True, slots=True)
class Record:
    """A real record and what was said of it.

    Attributes:
        id, pmid: either may stand in the tables of disputes and verdicts.
        kind: ``therapy``, ``decoy``, ``background`` …
        phases: concepts of its publication types.
        headings: concepts of the indication facet of its MeSH headings; None without headings.
        named: the word "phase" stands in title or abstract: only then can a text say its phase.
        whole: the tagger's answer.
        blind: its answer without publication types and headings.
    """

    id: str
    pmid: str
    kind: str
    phases: frozenset[str]
    headings: frozenset[str] | None
    named: bool
    whole: Tagged
    blind: Tagged

    @property
    def names(self) -> tuple[str, str]:
        """The names under which it may stand in a table."""
        return self.id, self.pmid


def tagged(values: Iterable[Mapping[str, Any]], tools: Tools, progress: Progress) -> list[Record]:
    """Tag every record twice: as it is, and without what people indexed.

    Args:
        values: objects of the collection.
        tools: what is judged.
        progress: told of every record.
    """
    result = []
    for value in values:
        record = tools.parse(value)
        blind = replace(record, publication_types=(), headings=())
        diseases = [
            concept
            for heading in record.headings
            for facet, concept in tools.concepts_of(heading)
            if facet == "indication"
        ]
        result.append(
            Record(
                record.id,
                str(value.get("pmid") or ""),
                str(value.get("kind") or ""),
                typed(record.publication_types),
                frozenset(diseases) if record.headings else None,
                any("phase" in passage.text.lower() for passage in record.passages),
                tools.tagger.tag(record),
                tools.tagger.tag(blind),
            )
        )
        progress.advance()
    return result


def typed(publication_types: Iterable[str]) -> frozenset[str]:
    """Return the phases of publication types as concepts; I with II is one trial of phase 1/2, II with III of 2/3."""
    numbers = frozenset(_TYPES[name] for name in publication_types if name in _TYPES)
    return frozenset([_JOINED[numbers]]) if numbers in _JOINED else frozenset(f"phase-{one}" for one in numbers)


def numbers(concepts_: Iterable[str]) -> frozenset[str]:
    """Return the single phases of phase concepts ("phase-1-2" → 1 and 2)."""
    return frozenset(digit for concept in concepts_ for digit in re.findall(r"\d", concept))


def relevance_sheet(records: Sequence[Record], disputed: frozenset[tuple[str, str]]) -> Sheet:
    """Return the sheet on relevance: therapy against decoys, and against everything else.

    Args:
        records: tagged records.
        disputed: (id, field) pairs in which the gold is wrong; field ``relevant``.
    """
    decoys = [record for record in records if record.kind in ("therapy", "decoy")]
    lines = (
        _relevance_line("relevance, therapy against decoys", decoys, disputed, ASKED["relevant"]),
        _relevance_line("relevance, therapy against all others", records, disputed),
    )
    pairs = [(record.kind, "relevant" if record.whole.relevant else "not relevant") for record in records]
    cases = [
        Case(
            record.id,
            1,
            f"{record.kind}: {'relevant' if record.kind == 'therapy' else 'not relevant'}",
            "relevant" if record.whole.relevant else "not relevant",
            record.whole.reason,
        )
        for record in records
        if record.whole.relevant != (record.kind == "therapy")
    ]
    table = _called(pairs)
    text = (
        "The collection says of each record whether it is NK or NKT therapy; animal studies of it are not. "
        f"{_SEEN_BEFORE}"
    )
    return Sheet("Real records: relevance", text, (*lines, *table), (), tuple(cases), "Every wrong one")


def _called(pairs: Sequence[tuple[str, str]]) -> list[Line]:
    kinds = sorted({kind for kind, _ in pairs})
    return [
        Line(
            f"{kind}: rightly called",
            Share(
                sum(found == ("relevant" if kind == "therapy" else "not relevant") for k, found in pairs if k == kind),
                sum(k == kind for k, _ in pairs),
            ),
        )
        for kind in kinds
    ]


def _relevance_line(
    name: str, records: Sequence[Record], disputed: frozenset[tuple[str, str]], asked: tuple[Goal, ...] = ()
) -> Line:
    def figure(some: Sequence[Record]) -> Quality:
        return quality(
            [
                Tally.exact(["yes"] if one.kind == "therapy" else [], ["yes"] if one.whole.relevant else [])
                for one in some
            ]
        )

    kept = _undisputed(records, "relevant", disputed)
    return Line(name, figure(records), figure(kept) if len(kept) < len(records) else None, asked)


def _undisputed(records: Sequence[Record], field: str, disputed: frozenset[tuple[str, str]]) -> list[Record]:
    return [record for record in records if not any((name, field) in disputed for name in record.names)]


def phase_sheet(
    records: Sequence[Record], adjudications: Sequence[Adjudication], disputed: frozenset[tuple[str, str]]
) -> Sheet:
    """Return the sheet on phase: against publication types as they are, and after verdicts.

    Args:
        records: tagged records; only their blind answers count.
        adjudications: verdicts on tags that no publication type confirms.
        disputed: (id, field) pairs in which the gold is wrong; field ``phase``.
    """
    verdicts = {(one.id, one.concept): one.verdict for one in adjudications}
    named = [record for record in records if record.named]
    lines = [
        _phase_line(name, some, tally, verdicts, disputed, asked)
        for name, some, tally, asked in (
            ("phase against publication types", records, _raw, ()),
            ("phase, after adjudication", records, _scored, ASKED["phase"]),
            ("phase, after adjudication, where the text has the word “phase”", named, _scored, ()),
            ("each phase by itself (1/2 is 1 and 2)", records, _single, ()),
            ("each phase by itself, after adjudication", records, _single_scored, ()),
        )
    ]
    cases = []
    count = {"right": 0, "wrong": 0, "not scored": 0}
    for record in records:
        found = _found(record)
        surplus, missed = found - _typed(record), _typed(record) - found
        notes = []
        for tag in first(present(record.blind, "phase", _SEEN)):
            if tag.concept in surplus:
                verdict = _verdict(record, tag.concept, verdicts)
                count[verdict] += 1
                notes.append(f"{tag.concept} ← “{tag.text}” ({tag.rule}, {tag.field}): {verdict}")
        if surplus or missed:
            expected = ", ".join(sorted(record.phases)) or "no phase type"
            cases.append(
                Case(
                    record.id,
                    len(surplus) + len(missed),
                    expected,
                    ", ".join(sorted(found)) or "none",
                    "; ".join(notes),
                )
            )
    text = (
        "Predictions rest on title, abstract and registry fields alone: the tagger is given no publication types here. "
        "Publication types are incomplete: many papers that name their phase have none. Each tag that no type confirms "
        "was looked up in `data/gold/phase_adjudicated.tsv`, the verdicts of somebody who read the record: "
        f"{count['right']} right, {count['wrong']} wrong, {count['not scored']} without a verdict (these count as "
        "wrong). *After adjudication*: what was found right counts as expected. "
        f"{_literal(records)} {_SEEN_BEFORE}"
    )
    pairs = [("+".join(sorted(r.phases)) or "none", "+".join(sorted(_found(r))) or "none") for r in records]
    confusion = Confusion.of("Phase: publication types (rows), found (columns)", pairs)
    return Sheet("Real records: phase", text, tuple(lines), (confusion,), tuple(cases), "Every disagreement")


_Verdicts = Mapping[tuple[str, str], str]


def _phase_line(
    name: str,
    records: Sequence[Record],
    tally: Callable[[Record, _Verdicts], Tally],
    verdicts: _Verdicts,
    disputed: frozenset[tuple[str, str]],
    asked: tuple[Goal, ...],
) -> Line:
    kept = _undisputed(records, "phase", disputed)
    without = quality([tally(record, verdicts) for record in kept]) if len(kept) < len(records) else None
    return Line(name, quality([tally(record, verdicts) for record in records]), without, asked)


def _found(record: Record) -> frozenset[str]:
    return concepts(record.blind, "phase", _SEEN) - {"phase-na"}


def _typed(record: Record) -> frozenset[str]:
    """Return the phases of the types in the words of the tags where they say the same.

    Types name single phases: I and II may be one trial of phase 1/2 or two trials; early phase 1 has no type.
    """
    found = _found(record)
    return found if numbers(found) == numbers(record.phases) else record.phases


def _literal(records: Sequence[Record]) -> str:
    """Return how the types compare word for word, where :func:`_typed` puts them in our words."""
    tallies = [Tally.exact(record.phases, _found(record)) for record in records]
    right = sum(one.right for one in tallies)
    return (
        "Types name single phases: where these are the same as ours, the types are put in our words (I with II may be "
        "one trial of phase 1/2 or two trials; early phase 1 has no type). Word for word, with I and II always read as "
        f"1/2, {right} of {sum(one.found for one in tallies)} found phases are a type and {right} of "
        f"{sum(one.expected for one in tallies)} types are found."
    )


def _verdict(record: Record, concept: str, verdicts: _Verdicts) -> str:
    return next((verdicts[name, concept] for name in record.names if (name, concept) in verdicts), "not scored")


def _expected(record: Record, verdicts: _Verdicts) -> frozenset[str]:
    """Return the phases of the types, completed by what was found right; a type inside one of these is covered."""
    right = {one for one in _found(record) - _typed(record) if _verdict(record, one, verdicts) == "right"}
    return frozenset(one for one in _typed(record) if not numbers([one]) <= numbers(right)) | right


def _raw(record: Record, verdicts: _Verdicts) -> Tally:
    return Tally.exact(_typed(record), _found(record))


def _scored(record: Record, verdicts: _Verdicts) -> Tally:
    return Tally.exact(_expected(record, verdicts), _found(record))


def _single(record: Record, verdicts: _Verdicts) -> Tally:
    return Tally.exact(numbers(record.phases), numbers(_found(record)))


def _single_scored(record: Record, verdicts: _Verdicts) -> Tally:
    return Tally.exact(numbers(_expected(record, verdicts)), numbers(_found(record)))


def indication_sheet(records: Sequence[Record], vocabulary: Vocabulary) -> Sheet:
    """Return the sheet on indication against MeSH.

    Args:
        records: tagged records; only blind answers of those with headings count.
        vocabulary: the hierarchy of concepts.
    """
    indexed = [(record, record.headings) for record in records if record.headings is not None]

    def found(record: Record) -> frozenset[str]:
        return concepts(record.blind, "indication", ("text",))

    exact = [Tally.exact(gold, counted(vocabulary, "indication", gold, found(r))) for r, gold in indexed]
    near = [lenient(vocabulary, "indication", gold, found(r)) for r, gold in indexed]
    text = (
        "MeSH headings say what a paper mentions; our tags say whom the paper treated. So disagreement is no error "
        "by itself: a disease of the background is a heading and no tag, and a review has headings and treats nobody. "
        f"The tagger is given no headings here. {_SEEN_BEFORE}"
    )
    lines = (
        Line("indication against MeSH headings", quality(exact)),
        Line("indication against MeSH headings, lenient", quality(near)),
    )
    return Sheet("Real records: indication beside MeSH", text, lines)
