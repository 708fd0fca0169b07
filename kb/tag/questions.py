"""Questions asked of a record: how an outcome moved under an intervention against a comparator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.tag.direction import NO_RULE, DirectionJudge, Verdict
from kb.tag.polarity import for_patient
from kb.tag.record import Passage, Question, TagRecord
from kb.tag.tags import Direction


@dataclass(frozen=True, slots=True)
class Answer:
    """What the record says.

    Attributes:
        question: what was asked.
        change: ``increased``, ``decreased`` or ``no_difference``: the outcome as measured.
        direction: what that means for the patient; ``not_comparative`` where no groups are compared, None where it is
            not known whether more of it is good.
        probability: how sure the judge is of the change, 0 to 1.
        found: share of the outcome's words in the sentence it rests on; 0 means that the text does not speak of it.
        field, start, end: that sentence.
        rule: the rule that agrees, or "model only".
    """

    question: Question
    change: str
    direction: Direction | None
    probability: float
    found: float
    field: str
    start: int
    end: int
    rule: str


def answers(record: TagRecord, judge: DirectionJudge) -> tuple[Answer, ...]:
    """Return the answer to each question of a record, read in its abstract (its title where it has none).

    Args:
        record: the record; its questions keep their order.
        judge: rules and a small trained model (:mod:`kb.tag.direction`).
    """
    passages = [one for one in record.passages if one.kind == "abstract"] or list(record.passages[:1])
    if not record.questions or not passages:
        return ()
    return tuple(_answer(passages, question, judge) for question in record.questions)


def _answer(passages: Sequence[Passage], question: Question, judge: DirectionJudge) -> Answer:
    asked = question.outcome, question.intervention, question.comparator
    verdict = judge.judge("\n".join(passage.text for passage in passages), *asked)
    passage, start, end = _place(passages, verdict)
    if verdict.rule == NO_RULE and len(passages) > 1:  # no words to find the passage by
        passage, own = max(
            ((one, judge.judge(one.text, *asked)) for one in passages),
            key=lambda told: (told[1].change == verdict.change, told[1].found, told[1].probability),
        )
        start, end = own.start, own.end
    return Answer(
        question,
        verdict.change,
        for_patient(question.outcome, verdict.change) if verdict.comparative else "not_comparative",
        round(verdict.probability, 3),
        round(verdict.found, 3),
        passage.field,
        start,
        end,
        verdict.rule,
    )


def _place(passages: Sequence[Passage], verdict: Verdict) -> tuple[Passage, int, int]:
    """Return the passage that holds the words a verdict rests on, and the part of its sentences that lies in it."""
    begin = 0
    for passage in passages:
        length = len(passage.text)
        if verdict.cue_start <= begin + length:
            break
        begin += length + 1
    return passage, max(verdict.start - begin, 0), min(verdict.end - begin, length)
