"""Source and making: words that belong to other matter, definitions of the product, cells made from patients."""

from __future__ import annotations

import pytest

from tests.unit.tagging import article, concepts

_GAVE = "We gave {} to ten patients with lymphoma."


def _of(facet: str, text: str, title: str = "NK cells in lymphoma") -> set[str]:
    return concepts(article(title, text), facet)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("In vitro expanded NK cells in patients with lymphoma were given to ten people.", {"ex-vivo-expanded"}),
        ("NK cells expanded ex vivo from patient PBMCs were infused into ten patients.", {"ex-vivo-expanded"}),
        (
            "NK cells, expanded ex vivo by stimulating PBMCs with IL-2, were given to ten patients.",
            {"ex-vivo-expanded"},
        ),
        ("NK cells were given to ten patients. Expanded PBMCs were used in a test.", set()),
        ("NK cells were given to ten patients. NK cells expanded in patients.", set()),
    ],
)
def test_growth_by_or_from_other_cells_is_the_products(text: str, wanted: set[str]) -> None:
    assert _of("expansion", text) == wanted


def test_a_definition_of_the_product_before_the_study() -> None:
    define = "ABC-707 is an allogeneic ex vivo expanded NK cell therapy."
    tagged = article("NK cells in lymphoma", f"{define} We gave ABC-707 to ten patients with lymphoma.")
    assert concepts(tagged, "cell_source") == {"allogeneic"}
    assert concepts(tagged, "expansion") == {"ex-vivo-expanded"}


@pytest.mark.parametrize(
    "text",
    [
        "ABC-707 is an allogeneic ex vivo expanded NK cell therapy. We gave NK cells to ten patients with lymphoma.",
        "CAR-T is an autologous product, and NK cells are not. We gave NK cells beside CAR-T to ten patients.",
        "ABC-707 is made of NK cells from healthy donors. We gave ABC-707 to ten patients with lymphoma.",
    ],
)
def test_definitions_of_something_else_or_too_loose(text: str) -> None:
    assert _of("cell_source", text) == set()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("After autologous transplantation ten patients received haploidentical NK cells.", {"haploidentical"}),
        ("After bone marrow transplantation with a graft of an unrelated donor ten patients got NK cells.", set()),
        ("NK cells were expanded from the blood of the ten patients and infused.", {"autologous"}),
        (
            "We tested the safety of NK cells generated from myeloma patients (auto-NK) or haploidentical donors.",
            {"autologous", "haploidentical"},
        ),
        ("We infused haploidentical NK cells. NK cells expanded from patients were given to mice.", {"haploidentical"}),
        ("NK cells were infused. NK cells expanded from patients after the infusion killed blasts.", set()),
        ("NK cells could be expanded from patients and infused. We gave ten patients NK cells.", set()),
        ("NK cells expanded from patients' siblings were infused into ten people.", {"related-donor"}),
        (
            "After HLA-matched stem cell transplantation nine children received donor-derived NK cells.",
            {"transplant-donor"},
        ),
        ("After autologous stem cell transplantation nine children received donor-derived NK cells.", {"allogeneic"}),
    ],
)
def test_whose_cells(text: str, wanted: set[str]) -> None:
    assert _of("cell_source", f"{_GAVE.format('NK cells')} {text}") == wanted


@pytest.mark.parametrize(
    "piece", ["donor ", "ABC-707 is donor ", "NK cells expanded from patients ", "cells of a sibling "]
)
def test_long_hostile_text_comes_to_an_end(piece: str) -> None:
    assert article("NK cells", f"Ten patients received NK cells {piece * (15_000 // len(piece))}.").id == "a"
