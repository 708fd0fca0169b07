"""One claim with several places: a page's claims that checked documents of the base make as well."""

from __future__ import annotations

from typing import Any

import pytest

from kb.check.registered import Registered, saying
from kb.records.common import ProductKey
from tests.factory import claim, document

NK = {"cell_type": ["nk"], "indication": ["aml"]}
OTHER = "f" * 64


def _page(*claims: Any, **values: Any) -> Any:
    return document(*claims, **{"sha256": OTHER, **values})


def test_the_same_claim_in_other_words_is_found() -> None:
    known = document(claim(statement="NK cells help with AML.", axes=NK))
    told = claim(statement="AML is treated with natural killer cells.", axes=NK, line_start=9, line_end=9)
    assert Registered([known]).same(_page(told), told) == (known.claims[0].id,)


@pytest.mark.parametrize(
    "other",
    [
        {"axes": {**NK, "cell_source": ["autologous"]}},
        {"axes": {"cell_type": ["nk"], "indication": ["melanoma"]}},
        {"wording": "hedged"},
        {"outcome": "survival"},
        {"subject": "other_product"},
        {"universal": True},
    ],
)
def test_another_claim_is_not(other: dict[str, Any]) -> None:
    known = document(claim(axes=NK))
    told = claim(**{"axes": NK, **other})
    assert Registered([known]).same(_page(told), told) == ()


def test_the_page_itself_is_no_other_place() -> None:
    known = document(claim(axes=NK))
    assert Registered([known]).same(known, known.claims[0]) == ()


def test_what_is_sold_is_part_of_a_claim_about_it() -> None:
    own = claim(axes={"indication": ["aml"]}, subject="own_product")
    known = document(own, sold=ProductKey(cell_type=("nk",)))
    assert Registered([known]).same(_page(own, sold=ProductKey(cell_type=("nk",))), own)
    assert not Registered([known]).same(_page(own, sold=ProductKey(cell_type=("cik",))), own)


def test_too_little_to_know_a_claim_by() -> None:
    assert saying(document(), claim(axes={"cell_type": ["nk"]}, outcome=None)) is None
    assert saying(document(), claim(claim_type="none", axes=NK)) is None
