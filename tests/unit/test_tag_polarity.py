"""Whether more of an outcome is good, by names of outcomes as trials print them."""

from __future__ import annotations

import pytest

from kb.tag.polarity import for_patient, polarity


@pytest.mark.parametrize(
    "outcome",
    [
        "overall survival", "progression-free survival", "PFS", "time to progression", "time to relapse",
        "response rate",
        "relapse-free survival", "duration of response",
        "complete remission", "freedom from relapse",
        "pain relief",
        "reduction in pain", "viral clearance", "HBsAg loss", "loss of HBsAg", "quality of life",
        "cancer-specific survival",
        "GvHD-free, relapse-free survival", "minimal residual disease negativity", "absence of infection", "recovery",
        "disease control rate", "incidence of complete remission",
    ],
)  # fmt: skip
def test_more_is_better(outcome: str) -> None:
    assert polarity(outcome) == 1
    assert for_patient(outcome, "increased") == "better"
    assert for_patient(outcome, "decreased") == "worse"


@pytest.mark.parametrize(
    "outcome",
    [
        "death", "non-relapse mortality", "relapse", "incidence of grade 3 GvHD", "pain", "viral load",
        "adverse events",
        "treatment failure", "graft failure", "loss of response", "non-response", "duration of fever",
        "time to engraftment",
        "time to response", "neutropenia", "cytokine release syndrome", "length of stay", "minimal residual disease",
        "tumour size", "hepatic dysfunction", "CEA",
    ],
)  # fmt: skip
def test_less_is_better(outcome: str) -> None:
    assert polarity(outcome) == -1
    assert for_patient(outcome, "increased") == "worse"
    assert for_patient(outcome, "decreased") == "better"


@pytest.mark.parametrize(
    "outcome", ["", "NK cell count", "IL-6", "body weight", "persistence", "dose given", "cytotoxicity"]
)
def test_an_unknown_name_stays_unknown(outcome: str) -> None:
    assert polarity(outcome) == 0
    assert for_patient(outcome, "increased") is None
    assert for_patient(outcome, "decreased") is None
    assert for_patient(outcome, "no_difference") == "no_difference"


@pytest.mark.parametrize(
    "outcome",
    [
        "recovery time", "neutrophil recovery time", "recovery time after infusion", "time to neutrophil recovery",
        "time from NK cell infusion to remission", "interval from infusion to response", "time to pain relief",
        "time to resolution of fever",
        "death without relapse", "mortality without relapse", "relapse after complete remission",
        "risk of death after response", "death in remission", "patients with relapse in remission",
        "death not due to relapse", "infection (after engraftment)",
        "failure to respond", "failure of engraftment", "poor response", "not recovered", "impaired function",
        "inflammatory response",
    ],
)  # fmt: skip
def test_a_harm_stays_one_whatever_good_is_named_beside_it(outcome: str) -> None:
    assert polarity(outcome) == -1


@pytest.mark.parametrize(
    "outcome",
    [
        "reduction in recovery time", "time from remission to relapse", "time to relapse after remission",
        "time to loss of response", "survival without relapse", "remission after relapse", "pain relief after surgery",
        "resolution of fever after infusion", "improvement in pain", "viral load reduction at week 12",
        "relapse-free survival after remission", "no relapse after remission", "freedom from failure to respond",
        "survival in poor responders", "survival not reached", "patients without relapse",
    ],
)  # fmt: skip
def test_good_stays_good_whatever_harm_is_named_beside_it(outcome: str) -> None:
    assert polarity(outcome) == 1


@pytest.mark.parametrize("piece", ["no not ", "failure without ", "time from a ", "poor in ", "relapse after no "])
def test_long_hostile_names_come_to_an_end(piece: str) -> None:
    assert polarity(piece * 300) in (-1, 0, 1)
