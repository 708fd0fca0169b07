"""Real registrations whose rows were reviewed, held against what the tagger reads in three of their fields.

The texts are real (title, conditions, interventions); what a row says often rests on more than these, and many of its
labels were first given by rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kb.evaluate.gold import RecordCase
from kb.evaluate.metrics import Share
from kb.evaluate.records import LENIENT, Answer, concepts, counted, facet_lines
from kb.evaluate.sheet import Case, Line, Sheet, worst
from kb.evaluate.tools import Tools
from kb.progress import Progress
from kb.records.trial import Trial
from kb.vocabulary import Vocabulary

TITLE = "Real registrations on file"
#: Facets a registration's three fields can tell of.
FACETS: tuple[str, ...] = ("cell_type", "cell_source", "engineering", "indication")


def cases(trials: Sequence[Trial]) -> list[RecordCase]:
    """Return the reviewed registrations whose title is the registry's own, as labelled records.

    A facet that the row leaves empty ("not stated") is not scored.
    """
    return [
        RecordCase(
            id=trial.id,
            kind="registration",
            title=trial.title or "",
            expect={
                "relevant": trial.is_nk_therapy,
                **{facet: list(getattr(trial, facet)) for facet in FACETS if getattr(trial, facet)},
            },
            note="",
            conditions=list(_parts(trial.conditions)),
            interventions=[{"type": "", "name": name, "description": ""} for name in _parts(trial.interventions)],
            phase=trial.phase or "",
        )
        for trial in trials
        if trial.title_kind == "registry" and trial.registry_seen is None
    ]


def _parts(cell: str | None) -> Iterator[str]:
    yield from (part for part in (piece.strip() for piece in (cell or "").split("|")) if part)


def sheet(trials: Sequence[Trial], tools: Tools, vocabulary: Vocabulary, progress: Progress, number: int = 30) -> Sheet:
    """Return the sheet on reviewed registrations.

    Args:
        trials: rows of ``data/trials.csv``.
        tools: what is judged.
        vocabulary: the hierarchy of concepts.
        progress: told of every registration.
        number: worst cases to keep.
    """
    given = []
    for case in cases(trials):
        given.append(Answer("on_file", case, tools.tagger.tag(tools.parse(case.record))))
        progress.advance()
    found = [answer for answer in given if answer.case.relevant]
    others = [answer for answer in given if not answer.case.relevant]
    lines = [
        Line("trials of NK or NKT cells found", Share(sum(a.tagged.relevant for a in found), len(found))),
        Line("other registrations rejected", Share(sum(not a.tagged.relevant for a in others), len(others))),
    ]
    both = [answer for answer in found if answer.tagged.relevant]
    for facet in FACETS:
        scored = [answer for answer in both if answer.case.concepts(facet) is not None]
        lines += facet_lines(scored, vocabulary, facet, {})
    wrong = [case for case in (_wrong(answer, vocabulary) for answer in given) if case.errors]
    kept = worst(wrong, number)
    text = (
        f"{len(given)} registrations of `data/trials.csv` with the registry's own title: reviewed rows, but many of "
        "their labels began as rules, so agreement with them flatters. The tagger sees title, conditions and "
        "interventions only. Reviewers also read descriptions and papers, so what is missing (recall) is often not in "
        "these fields; what is wrong (precision) is. Facets are scored where the row says something, on trials that "
        f"both call relevant. {LENIENT} The rules were mended on these as well. Many stand in the reference collection "
        "too (its sheet counts them): the two sheets are not independent. "
        f"{len(wrong)} of {len(given)} registrations have a wrong statement; omissions are not counted here. A "
        "registration wrongly called relevant or not counts as two."
    )
    return Sheet(
        TITLE,
        text,
        tuple(lines),
        cases=kept,
        cases_title=f"The {len(kept)} worst registrations",
        found_title="found beyond it",
    )


def _wrong(answer: Answer, vocabulary: Vocabulary) -> Case:
    """Return what the tagger says that the row does not; what it leaves out is no error here."""
    case, tagged = answer.case, answer.tagged
    if case.relevant != tagged.relevant:
        words = {True: "relevant", False: "not relevant"}
        return Case(case.id, 2, words[bool(case.relevant)], words[tagged.relevant], tagged.reason)
    expected, found, errors = [], [], 0
    for facet in FACETS if tagged.relevant else ():
        gold = case.concepts(facet)
        if not gold:
            continue
        ours = counted(vocabulary, facet, gold, concepts(tagged, facet))
        more = {
            one
            for one in ours - gold
            if not any(vocabulary.is_a(facet, one, right) or vocabulary.is_a(facet, right, one) for right in gold)
        }
        if more:
            errors += len(more)
            expected.append(f"{facet}: {', '.join(sorted(gold))}")
            found.append(f"{facet}: {', '.join(sorted(more))}")
    return Case(case.id, errors, "; ".join(expected), "; ".join(found), "")
