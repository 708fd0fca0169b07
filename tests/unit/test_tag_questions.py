"""Questions asked of a record: the passage an answer points to."""

from __future__ import annotations

import pytest

from kb.tag.direction import NO_RULE, DirectionJudge
from kb.tag.questions import Answer, answers
from kb.tag.record import Passage, Question, TagRecord


@pytest.fixture(scope="module")
def judge() -> DirectionJudge:
    return DirectionJudge.load()


def answer(judge: DirectionJudge, *texts: str, outcome: str = "survival") -> Answer:
    passages = tuple(Passage(f"abstract/{i}", "abstract", text) for i, text in enumerate(texts, 1))
    asked = Question(outcome, "NK cells", "control")
    (found,) = answers(
        TagRecord("x", passages=(Passage("title", "title", "A trial"), *passages), questions=(asked,)), judge
    )
    return found


def test_an_answer_points_to_the_section_it_rests_on(judge: DirectionJudge) -> None:
    told = "Survival was longer with NK cells than with control (P = 0.01)."
    found = answer(judge, "We compared two arms.", told)
    assert (found.field, found.start, found.end) == ("abstract/2", 0, len(told))
    assert found.rule != NO_RULE
    found = answer(judge, told, "Both arms went home.")
    assert (found.field, found.start, found.end) == ("abstract/1", 0, len(told))


def test_an_answer_ends_where_its_section_ends(judge: DirectionJudge) -> None:
    texts = (
        "Sixty were randomised",
        "Survival was longer with NK cells than with control (P = 0.01)",
        "Cells were safe",
    )
    found = answer(judge, *texts)
    assert found.field == "abstract/2"
    assert (found.start, found.end) == (0, len(texts[1]))


def test_an_answer_without_a_rule_points_to_what_names_the_outcome(judge: DirectionJudge) -> None:
    texts = ("The weather was mild.", "Survival of those given NK cells and of the control group is shown.")
    found = answer(judge, *texts)
    assert found.rule == NO_RULE
    assert (found.field, found.start, found.end) == ("abstract/2", 0, len(texts[1]))


def test_a_record_without_questions_or_text_has_no_answers(judge: DirectionJudge) -> None:
    assert answers(TagRecord("x", passages=(Passage("abstract", "abstract", "Fine."),)), judge) == ()
    assert answers(TagRecord("x", questions=(Question("survival", "NK cells", "control"),)), judge) == ()
