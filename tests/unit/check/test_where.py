"""Where a claim or a quotation is used, over several pages."""

from __future__ import annotations

from typing import Any

import pytest

from kb.check.where import meaning, same_claims, used_in
from tests.unit.check.making import finding, page, report

AML = {"cell_type": "NK cells", "indication": "AML"}


def test_one_claim_in_other_words_is_one_claim_with_its_places() -> None:
    first = report(finding("NK cells work in AML.", axes=AML, line=4), name="a.txt")
    second = report(finding("AML responds to NK cells.", axes=AML, id="f007", place="page 2"), name="b.pdf")
    (shared,) = same_claims([first, second])
    assert [(one.page, one.name, one.finding, one.line, one.place) for one in shared.places] == [
        (0, "a.txt", "f001", 4, ""),
        (1, "b.pdf", "f007", 1, "page 2"),
    ]
    assert shared.same_meaning and not shared.same_words


@pytest.mark.parametrize(
    "other",
    [
        {"claim_type": "safety"},
        {"subject": "own_product"},
        {"wording": "hedged"},
        {"outcome": "survival"},
        {"axes": AML | {"indication": "melanoma"}},
        {"axes": AML | {"setting": "relapsed"}},
    ],
)
def test_another_meaning_is_another_claim(other: dict[str, Any]) -> None:
    first = report(finding("NK cells work in AML.", axes=AML))
    second = report(finding("NK cells help.", **({"axes": AML} | other)))
    assert same_claims([first, second]) == []


def test_another_number_or_reported_study_is_another_claim() -> None:
    one = finding("Remission in 5 of 9.", axes=AML, claim_type="citation", study="PMID:1")
    assert meaning(one) != meaning(finding("Remission in 7 of 9.", axes=AML, claim_type="citation", study="PMID:1"))
    assert meaning(one) != meaning(finding("Remission in 5 of 9.", axes=AML, claim_type="citation", study="PMID:2"))
    assert meaning(one) == meaning(finding("9, of whom 5 [1]", axes=AML, claim_type="citation", study="PMID:1"))


def test_a_reference_makes_a_general_sentence_no_other_claim() -> None:
    assert meaning(finding("They work [1].", axes=AML, study="PMID:1")) == meaning(finding("They work.", axes=AML))


def test_order_of_labels_and_silent_axes_make_no_difference() -> None:
    one = finding("x", axes={"indication": ("AML", "ALL"), "setting": ()})
    assert meaning(one) == meaning(finding("y", axes={"indication": ("ALL", "AML", "AML")}))
    assert hash(meaning(one)) == hash(meaning(finding("y", axes={"indication": ("ALL", "AML")})))


def test_the_same_words_are_one_claim_though_taken_to_mean_something_else() -> None:
    first = report(finding("They are “safe”.", axes=AML))
    second = report(finding('They are "safe"', axes={"cell_type": "NKT cells"}))
    (shared,) = same_claims([first, second])
    assert shared.same_words and not shared.same_meaning


def test_nearly_the_same_words_are_not() -> None:
    first = report(finding("5 of 9 responded", axes=AML))
    second = report(finding("5 of 90 responded", axes={}))
    assert same_claims([first, second]) == []


def test_a_question_is_not_the_same_claim() -> None:
    first = report(finding("NK cells cure AML?", axes=AML))
    assert same_claims([first, report(finding("NK cells cure AML", outcome="survival"))]) == []


def test_one_page_alone_and_sentences_that_claim_nothing_share_nothing() -> None:
    twice = report(finding("NK cells work.", axes=AML), finding("NK cells work.", axes=AML))
    assert same_claims([twice]) == []
    nothing = report(finding("Call us now.", claim_type="none", status_class="not_a_claim"))
    assert same_claims([nothing, nothing]) == []


def test_meanings_with_nothing_in_them_are_not_joined() -> None:
    first = report(finding("We follow the rules.", claim_type="regulatory", outcome=""))
    second = report(finding("Agencies inspect us.", claim_type="regulatory", outcome=""))
    assert same_claims([first, second]) == []


def test_a_quotation_is_found_in_every_page_with_lines_and_offsets() -> None:
    pages = [
        page("Intro.", "Our NK cells work; NK cells work in AML.", name="a.txt"),
        page("NK cells do not work.", "NK\u00a0cells work.", name="b.txt"),
    ]
    found = used_in("NK cells work", pages)
    assert [(one.name, one.block, one.line) for one in found] == [("a.txt", 1, 2), ("a.txt", 1, 2), ("b.txt", 1, 2)]
    for one in found:
        assert pages[one.page].source[one.start : one.end] == one.text


def test_a_place_that_turns_the_quotation_is_not_listed() -> None:
    assert used_in("cure AML", [page("NK cells do not cure AML.", "NK cells may cure AML.")]) == ()
