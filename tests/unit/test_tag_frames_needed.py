"""One case for each frame that no other test reaches: with the frame as wanted, without it not."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable

import pytest

from kb.tag.tags import Tagged
from tests.unit.tagging import article, concepts

_NEVER = re.compile(r"(?!)")
_TITLE = "NK cells in patients with lymphoma"
_TEN = "Ten patients with lymphoma received NK cells."


def _facet(name: str) -> Callable[[Tagged], set[str]]:
    return lambda tagged: concepts(tagged, name)


def _relevant(tagged: Tagged) -> set[str]:
    return {"relevant"} if tagged.relevant else set()


def _first_result(tagged: Tagged) -> set[str]:
    return {f"{one.endpoint} {one.percent:g}" for one in tagged.findings[:1] if one.percent is not None}


def _timed(tagged: Tagged) -> set[str]:
    return {tag.text for tag in tagged.tags if tag.rule == "time in culture"}


_CELLS, _GROWTH, _PARTNERS, _SETTINGS = (_facet(name) for name in ("cell_type", "expansion", "combination", "setting"))


@pytest.mark.parametrize(
    ("frame", "ask", "wanted", "title", "text"),
    [
        ("frames.DERIVED_RIGHT", _CELLS, {"exosome"}, "Vesicles", "Ten patients received NK cell derived exosomes."),
        (
            "frames.FRACTION_LEFT",
            *(_CELLS, set(), "Grafts in lymphoma"),
            "Ten patients with lymphoma received an inoculum NK cell dose of 10^7/kg.",
        ),
        (
            "frames.GRAFT_DOSE",
            *(_CELLS, set(), "Grafts in lymphoma"),
            "Ten patients received NK cell doses above 10^7/kg.",
        ),
        (
            "frames.MODAL_RIGHT",
            *(_CELLS, set(), "Cells in lymphoma"),
            "Ten patients with lymphoma were treated. Adoptive transfer of NK cells can restore immunity.",
        ),
        (
            "frames.NOBODY",
            *(_relevant, set(), "NK cells in lymphoma: manufacture"),
            "We expanded NK cells of ten patients with lymphoma under GMP. None was infused.",
        ),
        (
            "frames.DISEASE_RIGHT",
            *(_relevant, set(), "NK large granular lymphocytic leukaemia treated in ten patients"),
            "Ten patients received rituximab.",
        ),
        (
            "frames.GRAFT_RIGHT",
            *(_CELLS, {"nk"}, "NK cells with peripheral blood stem cells"),
            "Ten patients received NK cells and hematopoietic stem cell support.",
        ),
        (
            "frames.THERAPY_USING",
            *(_CELLS, {"apc"}, "NKT cell therapy using dendritic cells"),
            "Ten patients received dendritic cells.",
        ),
        (
            "lists._WERE",
            *(_first_result, {"Response 78"}, _TITLE),
            "Response and relapse were 78% versus 87% and 28% versus 11%.",
        ),
        ("makings._AFTERWARDS", _timed, set(), _TITLE, f"{_TEN} NK cells expanded and persisted for 14 days."),
        (
            "makings._DISH",
            *(_timed, {"cultured for 14 days"}, _TITLE),
            f"{_TEN} NK cells persisted after they had been cultured for 14 days.",
        ),
        (
            "makings._CULTURE_RIGHT",
            *(_GROWTH, {"ex-vivo-expanded"}, _TITLE),
            f"{_TEN} The NK cells expanded well in medium.",
        ),
        ("makings._DID", _GROWTH, set(), _TITLE, f"{_TEN} NK cells expanded rapidly."),
        (
            "makings._TIME_VERB",
            *(_GROWTH, {"short-activation"}, _TITLE),
            "Ten patients received NK cells after 16 h of stimulation.",
        ),
        (
            "partner_words._ADJECTIVE",
            *(_PARTNERS, {"il-2"}, _TITLE),
            "Ten patients received expanded NK cells with IL-2.",
        ),
        (
            "partner_words._DONOR_RIGHT",
            *(_PARTNERS, set(), _TITLE),
            "Ten patients received NK cells of stem cell transplantation donors.",
        ),
        (
            "partner_words._GIVEN_AFTER",
            *(_PARTNERS, {"rituximab"}, _TITLE),
            "NK cells were infused after rituximab in ten patients with lymphoma.",
        ),
        (
            "partner_words._HARM_RIGHT",
            *(_PARTNERS, set(), _TITLE),
            f"{_TEN} Three patients received tacrolimus for GvHD.",
        ),
        (
            "partner_words._MADE_RIGHT",
            *(_PARTNERS, set(), _TITLE),
            f"{_TEN} After NK cells were given, IL-15 was elevated.",
        ),
        (
            "partner_words._PREMEDICATION",
            *(_PARTNERS, set(), _TITLE),
            f"{_TEN} Premedication with rituximab was given.",
        ),
        (
            "partner_words._REAGENT",
            *(_PARTNERS, set(), _TITLE),
            f"{_TEN} NK cells were isolated with rituximab-coated beads and infused.",
        ),
        (
            "partner_words._SUPPOSED",
            *(_PARTNERS, set(), _TITLE),
            f"{_TEN} We reasoned that rituximab helps infused NK cells.",
        ),
        (
            "partners._EITHER_LEFT",
            *(_PARTNERS, {"rituximab"}, _TITLE),
            "Ten patients received NK cells with and without rituximab.",
        ),
        (
            "partners._OF_TRANSPLANT",
            *(_PARTNERS, {"transplant"}, _TITLE),
            "Ten patients received NK cells, lymphodepletion with myeloablative conditioning and allogeneic stem cell "
            "transplantation.",
        ),
        ("settings._CLOSED", *(_SETTINGS, set(), _TITLE), f"{_TEN} Five were in complete remission for 12 months."),
        (
            "settings._JUST_BEFORE",
            *(_SETTINGS, {"mild"}, "NK cells in people"),
            "Ten patients with disease that was moderate received NK cells.",
        ),
        (
            "settings._NEXT",
            *(_SETTINGS, {"mild"}, "NK cells in people"),
            "Ten people with mild disorders received NK cells.",
        ),
        (
            "settings._RESPONSES",
            *(_SETTINGS, set(), _TITLE),
            f"{_TEN} Ten patients in complete remission achieved a partial response.",
        ),
    ],
)
def test_the_frame_is_needed(
    frame: str,
    ask: Callable[[Tagged], set[str]],
    wanted: set[str],
    title: str,
    text: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert ask(article(title, text)) == wanted
    module, _, name = frame.partition(".")
    monkeypatch.setattr(importlib.import_module(f"kb.tag.{module}"), name, _NEVER)
    assert ask(article(title, text)) != wanted


def test_cells_given_for_a_disease_are_a_partner_and_no_disease_of_cells() -> None:
    text = "Ten patients received NK cells and infusion of CAR-T cells for leukaemia."
    assert "t-cell-partner" in concepts(article("NK cells in cancer", text), "combination")
    text = "Ten patients received infusions of NK cells for cytotoxic T cell malignancy."
    assert concepts(article("NK cells in cancer", text), "combination") == set()
