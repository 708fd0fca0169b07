"""Claims of two documents that have the same ids: pages that are checked one after another are such."""

from __future__ import annotations

from kb.assess.base import Base
from kb.assess.claim import Assessor
from kb.dataset import Dataset
from tests.factory import DAY, absence, claim, document, study, world

YES = claim(claim_type="regulatory", axes={"cell_type": ["nk"]}, regulatory={"says": "approved"})
NO = claim(claim_type="regulatory", wording="denied", axes={"cell_type": ["nk"]}, regulatory={"says": "not_approved"})


def _base(data: Dataset) -> Base:
    return Base(world(data, study(), absence(jurisdictions=list(data.build.jurisdictions))), DAY)


def test_a_second_document_is_not_judged_by_the_sentences_of_the_first(data: Dataset) -> None:
    assessor = Assessor(_base(data))
    told = [assessor.assess(document(one), one, ("US",))[0].accuracy for one in (YES, NO, YES)]
    assert told == ["inaccurate", "accurate", "inaccurate"]


def test_two_assessors_of_one_base_do_not_answer_for_each_other(data: Dataset) -> None:
    base = _base(data)
    told = [Assessor(base).assess(document(one), one, ("US",))[0].accuracy for one in (YES, NO)]
    assert told == ["inaccurate", "accurate"]
