"""Partners of the product: what came later, other arms, what a product holds, what is measured, alternatives."""

from __future__ import annotations

import pytest

from kb.tag import partner_words as words
from kb.tag.arms import in_other_arm
from tests.unit.tagging import article, concepts

_TEN = "Ten patients with AML received"


def _partners(text: str, title: str = "NK cells in cancer", assertion: str = "present") -> set[str]:
    return concepts(article(title, text), "combination", assertion)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"{_TEN} NK cells with fewer than 10^4 T cells/kg.", set()),
        (f"{_TEN} NK cells (<1.0 x 10(5)/kg CD3+ T cells).", set()),
        (f"{_TEN} NK cells. The infused product contained 2 x 10(7)/kg NK cells and 0.3 x 10(5)/kg T cells.", set()),
        (f"{_TEN} NK cells; expansion of regulatory T cells was not wanted.", set()),
        (f"{_TEN} NK cells and CD19 CAR-T cells.", {"t-cell-partner"}),
    ],
)
def test_cells_in_the_product_are_no_partner(text: str, wanted: set[str]) -> None:
    assert _partners(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"{_TEN} NK cells. Augmented IL-15 plasma levels were seen after NK cells were given.", set()),
        (f"{_TEN} NK cells, and serum IL-15 rose.", set()),
        (f"{_TEN} NK cells stimulated with a peptide plus low-dose IL-2 (100 units/ml).", set()),
        (f"{_TEN} NK cells stimulated with a peptide plus IL-2.", set()),
        (f"{_TEN} NK cells that were IL-12/IL-15/IL-18-preactivated.", set()),
        (f"{_TEN} expanded NK cells plus low-dose IL-2.", {"il-2"}),
        (f"{_TEN} NK cells, expanded ex vivo, and low-dose IL-2.", {"il-2"}),
        (f"{_TEN} NK cells as a potential antiviral.", set()),
        ("Ten patients received anti-GD2 CAR-NK cells.", set()),
        ("Ten patients received anti-GD2 antibody with CAR-NK cells.", {"anti-gd2"}),
    ],
)
def test_substances_that_were_not_given(text: str, wanted: set[str]) -> None:
    assert _partners(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"{_TEN} NK cells and five proceeded to allogeneic stem cell transplantation.", set()),
        (f"{_TEN} NK cells as a bridge to HSCT.", set()),
        (f"{_TEN} NK cells; two became eligible for, and proceeded to, HSCT.", set()),
        (f"{_TEN} CIK cells, and three had HSCT after CIK cell therapy.", set()),
        (f"{_TEN} NK cells, and three had HSCT thereafter.", set()),
        ("Recipients of a haploidentical HSCT received NK cells.", set()),
        (f"{_TEN} NK cells on day -8, followed by haploidentical HSCT.", {"haplo-transplant"}),
        (f"{_TEN} NK cells prior to haploidentical stem cell transplantation.", {"haplo-transplant"}),
    ],
)
def test_a_transplant_that_came_after_or_before(text: str, wanted: set[str]) -> None:
    assert _partners(text) == wanted


def test_recipients_of_a_graft_are_after_it() -> None:
    tagged = article("NK cells", "Nine recipients of a haploidentical HSCT received NK cells.")
    assert concepts(tagged, "setting") == {"after-transplant"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Patients got chemotherapy plus NK cells (arm A) or chemotherapy plus trastuzumab (arm B).", {"chemotherapy"}),
        ("Patients received NK cells with rituximab (arm A) or cetuximab (arm B).", {"rituximab", "cetuximab"}),
        ("Patients were assigned to NK cells plus cisplatin or to cetuximab plus cisplatin.", {"chemotherapy"}),
        ("Arm A received infusions of NK cells and cisplatin; arm B received pembrolizumab.", {"chemotherapy"}),
        ("Arm A received infusions of NK cells and cisplatin. Arm B received pembrolizumab.", {"chemotherapy"}),
        ("Arm A received infusions of NK cells. Group 1 received NK cells and cetuximab.", {"cetuximab"}),
    ],
)
def test_what_only_another_arm_got(text: str, wanted: set[str]) -> None:
    assert _partners(f"Forty patients with cancer were given NK cells. {text}") == wanted


def test_arms_need_a_place_for_the_product() -> None:
    sentence = "Arm A: cetuximab; arm B: cisplatin."
    assert not in_other_arm(sentence, sentence.index("cetuximab"), [])
    assert not in_other_arm("All received cetuximab and NK cells.", 13, [27])


def test_a_denial_in_the_text_outweighs_the_title() -> None:
    title, text = "NK cells and IL-2", "Ten patients received NK cells cultured with IL-2; systemic IL-2 was not given."
    assert _partners(text, title) == set()
    assert _partners(text, title, "absent") == {"il-2"}
    assert _partners("Ten patients received NK cells and IL-2; four got cells without IL-2.", title) == {"il-2"}


@pytest.mark.parametrize(
    ("drugs", "wanted"),
    [
        ("rituximab or elotuzumab", {"rituximab", "antibody"}),
        ("rituximab. Two were also given elotuzumab with NK cells", {"rituximab", "antibody"}),
        ("an anti-CD20 monoclonal antibody, rituximab", {"rituximab"}),
        ("a cytokine, interleukin-2", {"il-2"}),
    ],
)
def test_the_other_of_two_drugs_is_not_hidden(drugs: str, wanted: set[str]) -> None:
    assert _partners(f"Ten patients with lymphoma were given NK cells with {drugs}.") == wanted


@pytest.mark.parametrize(
    ("left", "right", "later"),
    [
        ("five patients proceeded to ", "", True),
        ("used as a bridging treatment to ", "", True),
        ("all patients underwent ", "", False),
        ("two had ", " thereafter", True),
        ("two had ", " before the cells", False),
    ],
)
def test_what_comes_later(left: str, right: str, later: bool) -> None:
    assert words.comes_later(left, right) is later


@pytest.mark.parametrize("piece", ["T cells ", "IL-2 ", "NK cells with rituximab or elotuzumab, ", "(arm A) or to "])
def test_long_hostile_text_comes_to_an_end(piece: str) -> None:
    assert article("NK cells", f"{_TEN} NK cells {piece * (15_000 // len(piece))}.").id == "a"
