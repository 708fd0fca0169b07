"""Settings: what the people had at the start, not how they fared, nor what a conclusion hopes for."""

from __future__ import annotations

import pytest

from tests.unit.tagging import article, concepts

_TEN = "Ten patients with lymphoma received NK cells."
_BOTH = {"minimal-residual-disease", "remission"}
_ASKED = {"paediatric", "high-risk"}


def _settings(text: str, title: str = "NK cells in cancer") -> set[str]:
    return concepts(article(title, text), "setting")


@pytest.mark.parametrize(
    ("text", "title", "wanted"),
    [
        ("Ten patients with moderate-severe ARDS received NK cells.", "NK cells", set()),
        ("Ten patients with mild to moderate COVID-19 received NK cells.", "NK cells", {"mild"}),
        ("Ten patients with severe COVID-19 received NK cells.", "NK cells", {"severe"}),
        (_TEN, "Moderate exercise and NK cell infusion in patients with cancer", set()),
        (_TEN, "NK cell infusion in moderate COVID-19", {"mild"}),
        (f"{_TEN} A moderate decrease of tumours in patients was seen.", "NK cells", set()),
    ],
)
def test_degrees_describe_a_disease(text: str, title: str, wanted: set[str]) -> None:
    assert _settings(text, title) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "All had a reduction in M-protein and/or minimal residual disease.",
        "We saw regression of metastatic disease in two patients.",
        "Three patients relapsed six months posttransplant.",
        "Eight patients are alive in disease-free survival.",
        "These findings support NK cells for advanced lymphoma.",
        "In conclusion, NK cells could help patients with advanced disease.",
    ],
)
def test_results_and_hopes_are_no_setting(text: str) -> None:
    assert _settings(f"{_TEN} {text}") == set()


def test_a_conclusion_counts_where_nothing_else_tells_and_it_states_a_fact() -> None:
    last = "In conclusion, NK cells were safe in children with refractory lymphoma."
    assert _settings(f"{_TEN} {last}") == {"paediatric", "relapsed-refractory"}
    assert _settings(f"Ten adults with lymphoma received NK cells. {last}") == {"adult"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Seven patients relapsed after chemotherapy were given NK cells.", {"relapsed-refractory"}),
        ("Nine patients received NK cells, 3 in molecular relapse and 6 in complete remission.", _BOTH),
        ("A man was given NK cells for a relapse of lymphoma after chemotherapy.", {"relapsed-refractory"}),
        ("We asked whether NK cells may help children with high-risk lymphoma. Ten received NK cells.", _ASKED),
        ("Ten patients with unresectable or metastatic cancer received NK cells.", {"advanced", "metastatic"}),
        ("NK cells are mediators of responses after haploidentical transplantation. " + _TEN, set()),
        ("Purpose: NK cells are mediators of responses after haploidentical transplantation. Methods: " + _TEN, set()),
        ("Ten patients received NK cells and post-transplant cyclophosphamide.", set()),
    ],
)
def test_what_people_had(text: str, wanted: set[str]) -> None:
    assert _settings(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Ten people received NK cells. Fever was refractory to paracetamol in all.", set()),
        ("Ten people received NK cells. Severe pain began after ca 5 min.", set()),
        ("Ten people with refractory ALL received NK cells.", {"relapsed-refractory"}),
        ("Refractory HCC was treated with NK cells.", {"relapsed-refractory"}),
    ],
)
def test_small_words_are_no_short_forms_of_diseases(text: str, wanted: set[str]) -> None:
    assert concepts(article("NK cells in cancer", text), "setting") == wanted
