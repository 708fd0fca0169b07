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
