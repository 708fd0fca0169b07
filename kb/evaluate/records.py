"""Whole records: whether they are relevant, and which concepts they are tagged with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from kb.evaluate.gold import RecordCase
from kb.evaluate.metrics import Confusion, Quality, Share, Tally, quality
from kb.evaluate.sheet import Case, Goal, Line, Sheet, worst
from kb.evaluate.tools import Tools
from kb.progress import Progress
from kb.tag.tags import Tag, Tagged
from kb.vocabulary import FACETS, Vocabulary

#: What was asked for (issue "the tagger"), by what is measured.
ASKED: Mapping[str, tuple[Goal, ...]] = {
    "relevant": (Goal("precision", 0.97), Goal("recall", 0.97)),
    "phase": (Goal("precision", 0.97), Goal("recall", 0.95)),
    "indication": (Goal("F1", 0.93),),
    "cell_type": (Goal("F1", 0.95),),
}
#: What "lenient" means, for every sheet that has such lines.
LENIENT = (
    "*Lenient* (shown where it differs): a narrower or broader concept counts as right, the top of a hierarchy "
    "(“disease”, “cells”) never."
)
NONE = "none"


@dataclass(frozen=True, slots=True)
class Answer:
    """A case, the corpus it belongs to ("records", "trials"), and what the tagger said."""

    corpus: str
    case: RecordCase
    tagged: Tagged


#: What one record adds to a figure.
TallyOf = Callable[[Answer], Tally]
#: Corpus → (id, field) pairs in which the gold is wrong.
Disputed = Mapping[str, frozenset[tuple[str, str]]]


def answers(corpus: str, cases: Sequence[RecordCase], tools: Tools, progress: Progress) -> Iterator[Answer]:
    """Tag every case; nothing of what it expects is shown to the tagger.

    Args:
        corpus: name of the gold file without its ending.
        cases: labelled records.
        tools: what is judged.
        progress: told of every record.
    """
    for case in cases:
        yield Answer(corpus, case, tools.tagger.tag(tools.parse(case.record)))
        progress.advance()


def concepts(tagged: Tagged, facet: str, origins: Iterable[str] | None = None) -> frozenset[str]:
    """Return the concepts a record is tagged with: assertion ``present``, from the given origins (None: from all)."""
    return frozenset(tag.concept for tag in present(tagged, facet, origins))


def present(tagged: Tagged, facet: str, origins: Iterable[str] | None = None) -> list[Tag]:
    """Return the tags behind :func:`concepts`."""
    wanted = None if origins is None else frozenset(origins)
    return [
        tag
        for tag in tagged.tags
        if tag.facet == facet and tag.assertion == "present" and (wanted is None or tag.origin in wanted)
    ]


def counted(vocabulary: Vocabulary, facet: str, expected: frozenset[str], found: frozenset[str]) -> frozenset[str]:
    """Return what was found without the concepts that merely stand above one that was expected and found.

    "Cancer" beside "gastric cancer" is true and adds nothing: the gold neither asks for it nor calls it an error.
    """
    above = {one for right in expected & found for one in vocabulary.ancestors(facet, right)} - expected
    return found - above


def lenient(vocabulary: Vocabulary, facet: str, expected: Iterable[str], found: Iterable[str]) -> Tally:
    """Compare two sets of concepts where a narrower or broader concept counts as well.

    The top of a hierarchy ("disease", "cells") never counts for something below it: it says nothing.
    """
    wanted, given = set(expected), set(found)

    def near(one: str, other: str) -> bool:
        if one == other:
            return True
        tops = {vocabulary.root(facet, one), vocabulary.root(facet, other)}
        related = vocabulary.is_a(facet, one, other) or vocabulary.is_a(facet, other, one)
        return related and one not in tops and other not in tops

    return Tally(
        sum(any(near(one, other) for other in wanted) for one in given),
        len(given),
        sum(any(near(one, other) for one in given) for other in wanted),
        len(wanted),
    )


def sheets(
    given: Sequence[Answer], vocabulary: Vocabulary, disputed: Disputed, number: int = 30, facet: str = ""
) -> list[Sheet]:
    """Return the sheets on whole records: relevance, facets, phase, origins, worst cases.

    Args:
        given: every labelled record with its answer.
        vocabulary: the hierarchy of concepts.
        disputed: corpus → (id, field) pairs in which the gold is wrong.
        number: worst cases to keep.
        facet: only this facet (or ``relevant``, ``flags``); "" for all.
    """
    wanted = [name for name in FACETS if not facet or facet == name]
    cases = [case for case in (wrong(answer, vocabulary, wanted, facet) for answer in given) if case.errors]
    result = []
    if facet in ("", "relevant"):
        result.append(_relevance(given, disputed))
    if facet in ("", "flags"):
        result.append(_flags(given, disputed))
    if wanted:
        result.append(_facets(given, vocabulary, disputed, wanted))
        result.append(_origins(given, wanted))
    kept = worst(cases, number)
    text = (
        f"{len(cases)} of {len(given)} records have at least one wrong or missing statement; those with most are "
        "shown. A wrong statement is followed by the words it rests on, the rule, and who says so."
    )
    result.append(Sheet("Worst records", text, cases=kept, cases_title=f"The {len(kept)} worst"))
    return result


def _relevance(given: Sequence[Answer], disputed: Disputed) -> Sheet:
    scored = [answer for answer in given if answer.case.relevant is not None]

    def tally(answer: Answer) -> Tally:
        return Tally.exact(["yes"] if answer.case.relevant else [], ["yes"] if answer.tagged.relevant else [])

    pairs = [
        (
            "relevant" if answer.case.relevant else "not relevant",
            "relevant" if answer.tagged.relevant else "not relevant",
        )
        for answer in scored
    ]
    text = (
        "Relevant means: cells of the NK or NKT lineage are infused into people, made as a product for people, or "
        "registered as such. Reviews, animal studies, NK cells as a marker and drugs that act on NK cells are not."
    )
    line = _line("relevance", scored, tally, "relevant", disputed, ASKED["relevant"])
    return Sheet(
        "Is the record about NK or NKT therapy?",
        text,
        (line,),
        (Confusion.of("Relevance: expected (rows), found (columns)", pairs, ("relevant", "not relevant")),),
    )


def _flags(given: Sequence[Answer], disputed: Disputed) -> Sheet:
    scored = [answer for answer in given if answer.case.concepts("flags") is not None]
    names = sorted({flag for a in scored for flag in (*(a.case.concepts("flags") or ()), *a.tagged.flags)})
    lines = [_line("all flags", scored, partial(_flag_tally, names=names), "flags", disputed)]
    lines += [_line(name, scored, partial(_flag_tally, names=[name]), "flags", disputed) for name in names]
    pairs = [(_kind(a.case.concepts("flags") or ()), _kind(a.tagged.flags)) for a in scored]
    return Sheet(
        "What kind of record is it?",
        "Flags say why a record is not relevant, or what kind of relevant record it is. A record may carry several.",
        tuple(lines),
        (Confusion.of("Flags: expected (rows), found (columns)", pairs, (NONE,)),),
    )


def _kind(flags: Iterable[str]) -> str:
    return " + ".join(sorted(flags)) or NONE


def _flag_tally(answer: Answer, names: Sequence[str]) -> Tally:
    expected = (answer.case.concepts("flags") or frozenset()) & set(names)
    return Tally.exact(expected, set(answer.tagged.flags) & set(names))


def _facets(given: Sequence[Answer], vocabulary: Vocabulary, disputed: Disputed, wanted: Sequence[str]) -> Sheet:
    lines, confusions = [], []
    for facet in wanted:
        scored = [answer for answer in given if answer.case.concepts(facet) is not None]
        lines += facet_lines(scored, vocabulary, facet, disputed, ASKED.get(facet, ()))
        if scored and facet == "phase":
            pairs = [(_kind(a.case.concepts(facet) or ()), _kind(concepts(a.tagged, facet))) for a in scored]
            confusions.append(Confusion.of("Phase: expected (rows), found (columns)", pairs))
    text = (
        "Each record's set of concepts is compared with the expected set, concept by concept, and summed over records "
        "(micro average). Only tags said to be present count, from whatever origin. A facet that a case does not "
        "mention is not scored; where a case says that nothing may be tagged, every tag is wrong. A concept that "
        f"merely stands above an expected one that was found too (“cancer” beside “gastric cancer”) is left out. "
        f"{LENIENT}"
    )
    return Sheet("Which concepts is the record tagged with?", text, tuple(lines), tuple(confusions))


def facet_lines(
    scored: Sequence[Answer], vocabulary: Vocabulary, facet: str, disputed: Disputed, asked: tuple[Goal, ...] = ()
) -> list[Line]:
    """Return the lines of a facet: exact, and lenient where that differs; none when no record is scored on it.

    Args:
        scored: records whose case says something of the facet.
        vocabulary: the hierarchy of concepts.
        facet: its name.
        disputed: corpus → (id, field) pairs in which the gold is wrong.
        asked: what was asked for of the exact figure.
    """
    if not scored:
        return []

    def exact(answer: Answer) -> Tally:
        expected = answer.case.concepts(facet) or frozenset()
        return Tally.exact(expected, counted(vocabulary, facet, expected, concepts(answer.tagged, facet)))

    def near(answer: Answer) -> Tally:
        return lenient(vocabulary, facet, answer.case.concepts(facet) or (), concepts(answer.tagged, facet))

    headline = _line(facet, scored, exact, facet, disputed, asked)
    other = _line(f"{facet}, lenient", scored, near, facet, disputed)
    # A second row that says the same only makes the table longer.
    return [headline] if _same(headline, other) else [headline, other]


def _same(one: Line, other: Line) -> bool:
    assert isinstance(one.figure, Quality)
    assert isinstance(other.figure, Quality)
    return (one.figure.f1, one.figure.precision) == (other.figure.f1, other.figure.precision)


def _origins(given: Sequence[Answer], wanted: Sequence[str]) -> Sheet:
    right: dict[tuple[str, str], int] = {}
    total: dict[tuple[str, str], int] = {}
    for answer in given:
        for facet in wanted:
            expected = answer.case.concepts(facet)
            if expected is None:
                continue
            for origin, concept in {(tag.origin, tag.concept) for tag in present(answer.tagged, facet)}:
                total[facet, origin] = total.get((facet, origin), 0) + 1
                right[facet, origin] = right.get((facet, origin), 0) + (concept in expected)
    lines = tuple(Line(f"{f}, from {o}", Share(right[f, o], total[f, o])) for f, o in sorted(total))
    text = "Of the concepts each origin gives, how many are expected. One concept may come from several origins."
    return Sheet("Who says it, and how often rightly", text, lines)


def wrong(answer: Answer, vocabulary: Vocabulary, wanted: Sequence[str], only: str = "") -> Case:
    """Return what is wrong with one answer; a case without errors when nothing is.

    Args:
        answer: a labelled record with its answer.
        vocabulary: the hierarchy of concepts.
        wanted: facets to look at.
        only: "" looks at relevance and flags as well; ``relevant`` or ``flags`` at that one.
    """
    case, tagged = answer.case, answer.tagged
    expected, found, why, errors = [], [], [], 0
    if only in ("", "relevant") and case.relevant is not None and case.relevant != tagged.relevant:
        errors += 1
        expected.append("relevant" if case.relevant else "not relevant")
        found.append("relevant" if tagged.relevant else "not relevant")
        why.append(tagged.reason)
    groups = [
        (facet, gold, counted(vocabulary, facet, gold or frozenset(), concepts(tagged, facet)))
        for facet in wanted
        for gold in (case.concepts(facet),)
    ]
    if only in ("", "flags"):
        groups.insert(0, ("flags", case.concepts("flags"), frozenset(tagged.flags)))
    for facet, gold, ours in groups:
        if gold is None or gold == ours:
            continue
        errors += len(gold ^ ours)
        expected.append(f"{facet}: {', '.join(sorted(gold)) or NONE}")
        found.append(f"{facet}: {', '.join(sorted(ours)) or NONE}")
        why += [_reason(tag) for tag in first(present(tagged, facet)) if tag.concept in ours - gold]
    return Case(case.id, errors, "; ".join(expected), "; ".join(found), "; ".join(why))


def first(tags: Iterable[Tag]) -> list[Tag]:
    """Return one tag for each concept: the first."""
    kept: dict[str, Tag] = {}
    for tag in tags:
        kept.setdefault(tag.concept, tag)
    return list(kept.values())


def _reason(tag: Tag) -> str:
    return f"{tag.concept} ← “{tag.text}” ({tag.rule}, {tag.origin}, {tag.field})"


def _line(
    name: str, scored: Sequence[Answer], tally: TallyOf, field: str, disputed: Disputed, asked: tuple[Goal, ...] = ()
) -> Line:
    kept = [a for a in scored if (a.case.id, field) not in disputed.get(a.corpus, frozenset())]
    without = quality([tally(a) for a in kept]) if len(kept) < len(scored) else None
    return Line(name, quality([tally(a) for a in scored]), without, asked)
