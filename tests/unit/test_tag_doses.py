"""Cell doses are read with their exponent or not at all."""

from __future__ import annotations

import pytest

from kb.tag.doses import doses
from kb.tag.record import Passage
from kb.tag.sentences import sentences
from kb.tag.tags import Dose


def read(text: str) -> list[Dose]:
    passage = Passage("abstract", "abstract", text)
    return doses(passage, list(sentences(passage)))


def short(text: str) -> list[tuple[float, float, str, int | None]]:
    return [(dose.low, dose.high, dose.per, dose.infusions) for dose in read(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Patients received 1 × 10^6/kg NK cells.", (1e6, 1e6, "kg", None)),
        ("NK cells (1x10(7) cells/kg) were infused.", (1e7, 1e7, "kg", None)),
        ("Patients were given 5 × 10<sup>9</sup> cells.", (5e9, 5e9, "", None)),
        ("A flat dose of 5×10⁸ cells was infused.", (5e8, 5e8, "", None)),
        ("Infusions of 1–9 × 10&lt;sup&gt;9&lt;/sup&gt; cells.", (1e9, 9e9, "", None)),
        ("We infused 1.0-3.0 × 10^7 per kg.", (1e7, 3e7, "kg", None)),
        ("Cells were given at up to 1e8/kg.", (1e8, 1e8, "kg", None)),
        ("They received 3.2E7 NK cells per kg.", (3.2e7, 3.2e7, "kg", None)),
        ("Each patient received 100 million cells.", (1e8, 1e8, "", None)),
        ("Three weekly infusions of 2 × 10^8 NK cells were given.", (2e8, 2e8, "", 3)),
        ("1 × 10^8 cells/m2 were infused twice.", (1e8, 1e8, "m2", 2)),
        ("A dose of 2.5 × 10^9 cells/m(2) was given.", (2.5e9, 2.5e9, "m2", None)),
        ("5·10^6 cells/kg were infused.", (5e6, 5e6, "kg", None)),
        ("Patients received 4 × 10 7 /kg NK cells.", (4e7, 4e7, "kg", None)),
        ("Dosing went from 1 × 10^7/kg to 1 × 10^8/kg.", (1e7, 1e8, "kg", None)),
        ("NK cells (1 × 10^9) were infused on days 1, 8 and 15.", (1e9, 1e9, "", 3)),
        ("Up to six doses of 1 × 10^9 NK cells were allowed.", (1e9, 1e9, "", None)),
    ],
)
def test_a_dose(text: str, expected: tuple[float, float, str, int | None]) -> None:
    assert short(text) == [expected]


def test_the_unit_behind_a_list_is_everybodys() -> None:
    found = short("A single infusion of CAR-NK cells (1×10^5, 1×10^6, or 1×10^7 per kilogram) was given.")
    assert found == [(1e5, 1e5, "kg", 1), (1e6, 1e6, "kg", 1), (1e7, 1e7, "kg", 1)]


@pytest.mark.parametrize(
    "text",
    [
        "IL-2 was given at 1 × 10^6 IU/m2.",
        "Six doses of IL-2 (9 × 10^6 U) were given.",
        "Cyclophosphamide 60 mg/kg was infused.",
        "Cells were infused when platelets were above 50 × 10^9/L.",
        "Viral load fell to 10^5 copies/mL after the infusion.",
        "Patients received 109 cells/kg.",
        "Patients received 1 × 108 cells/kg.",
        "Patients were dosed with 1 to 50 x 106 NK cells/kg.",
        "The culture yielded 2.3 × 10^9 cells.",
        "Grafts given contained 5 × 10^6 CD34+ cells/kg.",
        "The product infused held fewer than 1 × 10^4 residual CD3+ cells/kg.",
        "Donor NK cells reached 117 × 10^6 cells/L after infusion.",
        "Mice were dosed with cells at a ratio of 10:1.",
        "Infused at 3 × 10^5/mL.",
        "Patients received cells of a culture that yielded 2.3 × 10^9 cells.",
        "Patients received 5 × 10^6 PFU virus-loaded NK cells.",
    ],
)
def test_no_cell_dose(text: str) -> None:
    assert read(text) == []


def test_the_words_stand_where_the_dose_says() -> None:
    text = "Nothing yet. They were given 5 × 10<sup>9</sup> cells on day 0."
    (dose,) = read(text)
    assert text[dose.start : dose.end] == dose.text == "5 × 10<sup>9</sup> cells"


def test_hostile_text_ends() -> None:
    # A pattern that explodes would never come back from these.
    for text in ("1 × 10^6 NK " + "a " * 6000, "1,111," * 6000, "10^" * 9000, "1-" * 9000):
        assert read(text) == []


def test_a_power_printed_once_is_of_the_whole_list() -> None:
    text = "Patients received 1, 3, or 10 × 10<sup>6</sup> NK cells/kg."
    assert short(text) == [(1e6, 1e6, "kg", None), (3e6, 3e6, "kg", None), (1e7, 1e7, "kg", None)]
    assert all(text[dose.start : dose.end] == dose.text for dose in read(text))
    assert [one[3] for one in short("A single infusion of 1 or 3 × 10^6 cells was given.")] == [1, 1]
    # Days are no doses, nor is a list that does not rise.
    assert short("Cells were given on days 0, 7 and 10 × 10^6 cells/kg.") == [(1e7, 1e7, "kg", None)]
    assert short("Patients received 3, 1 or 10 × 10^6 NK cells/kg.") == [(1e7, 1e7, "kg", None)]


@pytest.mark.parametrize(
    "text",
    [
        "NK cells (1 × 10^9) were given for 2 to 6 infusions.",
        "NK cells (1 × 10^9) were given in six to eight infusions.",
        "NK cells (1 × 10^9) were given in two cycles of four infusions.",
        "NK cells (1 × 10^9) were given in two infusions per cycle.",
        "NK cells (1 × 10^9) were given in three infusions each week.",
    ],
)
def test_a_number_of_infusions_that_is_not_said(text: str) -> None:
    assert short(text) == [(1e9, 1e9, "", None)]
