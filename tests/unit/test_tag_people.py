"""Whose disease it is, what a product is not, and which publication types tell of people. All texts are invented."""

from __future__ import annotations

from unittest.mock import Mock

import pytest

from kb.tag import kinds
from kb.tag.publication_types import tells_of_people
from tests.unit.tagging import article, concepts, registration


@pytest.mark.parametrize(
    ("title", "sentence", "disease", "role"),
    [
        ("NK cells in adults", "None had leukaemia.", "leukaemia", "denied"),
        ("NK cells in adults", "Fewer relapses occurred than in patients with lymphoma.", "lymphoma", "contrast"),
        ("NK cells in adults", "Patients were CD20-positive lymphoma negative.", "CD20-positive lymphoma", "named"),
        ("NK cells in adults", "NK cells killed melanoma cells.", "melanoma", "target"),
        ("NK cells in adults", "Two patients developed lymphoma.", "lymphoma", "harm"),
        ("NK cells in adults", "Two patients had previously had melanoma.", "melanoma", "history"),
        ("NK cells in adults", "Lymphoma is common.", "Lymphoma", "named"),
    ],
)
def test_a_disease_that_is_not_theirs(title: str, sentence: str, disease: str, role: str) -> None:
    tagged = article(title, f"Twelve patients received NK cells. {sentence}")
    assert concepts(tagged, "indication") == set()
    [why] = [why for hit, _, why in tagged.mentions if hit.text == disease]
    assert why.startswith(f"{role}: ")


@pytest.mark.parametrize(
    ("title", "disease", "rule"),
    [
        ("NK cells against neuroblastoma", "neuroblastoma", "people: title: against it"),
        ("Prevention of cytomegalovirus infection with NK cells", "cmv", "people: title: to prevent it"),
        ("NK cells in neuroblastoma", "neuroblastoma", "people: title"),
    ],
)
def test_a_title_says_what_they_are_treated_for(title: str, disease: str, rule: str) -> None:
    tagged = article(title, "Twelve patients received NK cells.")
    assert {(tag.concept, tag.rule) for tag in tagged.tags if tag.facet == "indication"} == {(disease, rule)}


def test_failed_treatment_is_no_disease_of_the_past() -> None:
    tagged = article("NK cells in adults", "Twelve patients with refractory neuroblastoma received NK cells.")
    assert concepts(tagged, "indication") == {"neuroblastoma"}


def test_criteria_name_what_excludes() -> None:
    tagged = registration("NK cells", conditions=["AML"], eligibility="Exclusion: HIV infection.")
    assert concepts(tagged, "indication") == {"aml"}
    [why] = [why for hit, _, why in tagged.mentions if hit.text == "HIV infection"]
    assert why.startswith("excluded: ")


def test_a_therapy_named_after_one_cell_that_uses_another() -> None:
    given = "Eight patients received NKT cell therapy using"
    other = article("A trial", f"{given} α-galactosylceramide-pulsed antigen-presenting cells.")
    assert concepts(other, "cell_type") == {"apc"}
    assert ("NKT cell", "named: a treatment named after it uses other cells") in {
        (hit.text, why) for hit, _, why in other.mentions
    }
    assert concepts(article("A trial", f"{given} expanded NKT cells."), "cell_type") == {"nkt"}


@pytest.mark.parametrize(
    ("name", "yes"),
    [
        ("Clinical Trial", True),
        ("Clinical Trial, Phase II", True),
        ("Clinical Study", True),
        ("Pragmatic Clinical Trial", True),
        ("Observational Study", True),
        ("Randomized Controlled Trial", True),
        ("Clinical Trials as Topic", False),
        ("Randomized Controlled Trials as Topic", False),
        ("Clinical Trial Protocol", False),
        ("Clinical Trial, Veterinary", False),
        ("Randomized Controlled Trial, Veterinary", False),
        ("Observational Study, Veterinary", False),
    ],
)
def test_types_that_tell_of_people(name: str, yes: bool) -> None:
    assert tells_of_people([name]) is yes
    short = article("Activity of NK cell infusion", "NK cells were infused.", publication_types=[name])
    assert short.relevant is (yes or name == "Clinical Trial Protocol")  # a protocol says why by itself


def test_one_list_of_animals() -> None:
    for animal in ("rabbits", "pigs", "sheep", "macaques", "primates"):
        tagged = article(f"Infusion of NK cells in {animal}", f"NK cells were infused into {animal}.")
        assert not tagged.relevant, animal
        assert "preclinical" in tagged.flags, animal
    serum = "Nine patients received rabbit antithymocyte globulin, then NK cells. Two of nine responded."
    assert article("NK cells in adults with leukaemia", serum).relevant


def test_the_kind_of_a_record_is_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    judge = Mock(wraps=kinds.of_record)
    monkeypatch.setattr(kinds, "of_record", judge)
    article("A phase 1 trial of NK cells", "Twelve patients received NK cells.")
    assert judge.call_count == 1


@pytest.mark.parametrize("cells", ["NK", "CIK", "LAK"])
def test_a_group_without_the_cells_is_the_comparator_whatever_they_are_called(cells: str) -> None:
    text = f"Survival at 2 years was 46% in the non-{cells} group vs 60% in the {cells} group (P = .01)."
    told = {one.percent: one.p for one in article("Cells in adults", f"We randomised 60 adults. {text}").findings}
    assert told[60.0]
    assert not told[46.0]
