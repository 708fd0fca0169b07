"""Every standing search of ``data/searches.yml`` is understood by the double of its service, and finds what it is for.

The double finds exactly what a query says; the real services expand it, so what is found here is the least.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.doubles.asking import Ask, ncts, quick
from tests.doubles.expression import split
from tests.doubles.library import World
from tests.doubles.papers import Paper
from tests.doubles.papers import invent as invent_paper
from tests.doubles.pubmed_search import TOKEN
from tests.doubles.server import Double
from tests.doubles.trials import Study
from tests.doubles.trials import invent as invent_trial

SEARCHES = Path(__file__).resolve().parents[2] / "data" / "searches.yml"
DAY = date(2026, 1, 5)
EMPTY = World.make(1, papers=0, trials=0)
CELLS, ADOPTIVE = ("D007694", "Killer Cells, Natural"), ("D016219", "Immunotherapy, Adoptive")
PHASE_1 = (("D016428", "Journal Article"), ("D017426", "Clinical Trial, Phase I"))
ARTICLE = (("D016428", "Journal Article"),)


@cache
def standing() -> dict[str, dict[str, str]]:
    """The standing searches by id."""
    head = SEARCHES.read_text(encoding="utf-8").partition("\nsearches:\n")[0]
    return {row["id"]: row for row in yaml.safe_load(head)["standing"]}


def of(source: str) -> list[str]:
    return [name for name, row in standing().items() if row["source"] == source]


def paper(number: int, title: str, text: str = "", **more: Any) -> Paper:
    made = invent_paper(1, 1, str(90000000 + number), DAY)
    fields: dict[str, Any] = {"types": ARTICLE, "headings": (), "shape": "article", **more}
    return replace(made, title=title, sections=(("", "", text),) if text else (), vernacular="", **fields)


def trial(number: int, title: str, condition: str, product: str, **more: Any) -> Study:
    study = copy.deepcopy(invent_trial(1, 2, f"NCT9900{number:04}", DAY, ()))
    protocol = study["protocolSection"]
    protocol["identificationModule"] |= {"briefTitle": title, "officialTitle": f"{title} (invented)"}
    protocol["conditionsModule"] = {"conditions": [condition], "keywords": []}
    protocol["armsInterventionsModule"] = {
        "armGroups": [{"label": "Arm A", "type": "EXPERIMENTAL", "description": "Invented"}],
        "interventions": [{"type": "BIOLOGICAL", "name": product, "description": "Invented", **more}],
    }
    return study


#: Search → titles and texts that it is for.
PAPERS = {
    "STA-pubmed-nk": (
        paper(1, "Haploidentical natural killer cells after chemotherapy", "An infusion was given to nine patients."),
        paper(2, "An invented trial", types=PHASE_1, headings=(CELLS, ADOPTIVE)),
        paper(3, "Cord blood CAR–NK cells", "Cellular therapy in participants with lymphoma."),
        paper(4, "NK-92 infused into one made-up person", types=(("D002363", "Case Reports"),)),
    ),
    "STA-pubmed-nkt": (
        paper(11, "Invariant NKT-cell transfer", "Adoptively transferred to three patients."),
        paper(12, "iNKT infusions", types=PHASE_1),
        paper(
            13, "CAR-NKT made up", "Cell therapy in a participant.", headings=(("D051742", "Natural Killer T-Cells"),)
        ),
    ),
    "STA-pubmed-cik": (
        paper(21, "Cytokine-induced killer cells in made-up patients"),
        paper(22, "CIK cells by vein", types=PHASE_1),
        paper(23, "Invented cells for participants", headings=(("D058949", "Cytokine-Induced Killer Cells"),)),
    ),
}
#: Records that no search may find.
OTHER_PAPERS = (
    paper(
        31,
        "Asparaginase for extranodal NK/T-cell lymphoma",
        "Forty patients were treated; an infusion reaction was seen.",
    ),
    paper(32, "Natural killer cells of the mouse", "Cells were counted."),
    paper(33, "An NK-1 antagonist against nausea", "An infusion in patients."),
    paper(34, "Uterine natural killer cells and pregnancy", "Biopsies of patients were stained."),
    paper(35, "Adoptive transfer of T cells", "Patients with melanoma.", types=PHASE_1, headings=(ADOPTIVE,)),
)
TRIALS = {
    "STA-ctgov-nk": (
        trial(1, "An invented infusion", "AML", "Allogeneic natural killer cells"),
        trial(2, "An invented infusion", "Glioma", "SYN-1", otherNames=["NK-92 line"]),
        trial(3, "Made-up CAR-NK in lupus", "Lupus", "SYN-2"),
        trial(4, "An invented infusion", "AML", "SYN-3", description="donor NK cell product"),
    ),
    "STA-ctgov-nkt": (
        trial(11, "An invented infusion", "Hepatoma", "Autologous iNKT"),
        trial(12, "An invented infusion", "Neuroblastoma", "CAR-NKT"),
        trial(13, "NKT cells in made-up people", "Melanoma", "SYN-4"),
    ),
    "STA-ctgov-cik": (
        trial(21, "An invented infusion", "Hepatoma", "Cytokine-induced killer cells"),
        trial(22, "DC-CIK in made-up people", "Lung cancer", "SYN-5"),
    ),
}
OTHER_TRIALS = (
    trial(31, "Asparaginase in a lymphoma", "Extranodal NK/T-cell Lymphoma", "Pegaspargase"),
    trial(32, "Pegaspargase for NK/T-cell lymphoma", "Natural Killer/T-Cell Lymphoma, Nasal Type", "Pegaspargase"),
    trial(33, "Chidamide in a leukemia", "Aggressive natural killer cell leukemia", "Chidamide"),
    trial(34, "Nausea", "Vomiting", "NK-1 antagonist"),
    trial(35, "Nausea", "NKTR syndrome", "NKTR-214"),
)
#: "natural killer" is also in "natural killer T", and a title is part of the search area.
ALSO = {"STA-ctgov-nk": ("NCT99000015",), "STA-ctgov-nkt": ("NCT99000015",)}
BOTH = trial(15, "An invented infusion", "Myeloma", "Natural killer T cells")


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    made = [*(one for some in PAPERS.values() for one in some), *OTHER_PAPERS]
    studies = [*(one for some in TRIALS.values() for one in some), *OTHER_TRIALS, BOTH]
    world = replace(
        EMPTY,
        papers={one.pmid: one for one in made},
        studies={one["protocolSection"]["identificationModule"]["nctId"]: one for one in studies},
    )
    with Double(world) as double, quick() as client:
        yield Ask(double, client)


def numbers(some: tuple[Study, ...]) -> set[str]:
    return {study["protocolSection"]["identificationModule"]["nctId"] for study in some}


def test_every_standing_search_is_looked_at_here() -> None:
    assert sorted([*of("pubmed"), *of("clinicaltrials")]) == sorted(standing())
    assert (set(of("pubmed")), set(of("clinicaltrials"))) == (set(PAPERS), set(TRIALS))


@pytest.mark.parametrize("name", of("pubmed"))
def test_a_pubmed_search_finds_its_papers_and_no_others(ask: Ask, name: str) -> None:
    found = ask.search(standing()[name]["query"], retmax=100)
    assert "errorlist" not in found
    assert sorted(found["idlist"]) == sorted(one.pmid for one in PAPERS[name])


@pytest.mark.parametrize("name", of("pubmed"))
def test_every_term_of_a_pubmed_search_is_understood(ask: Ask, name: str) -> None:
    terms = [term for term in split(TOKEN, standing()[name]["query"]) if term not in ("AND", "OR", "NOT", "(", ")")]
    assert len(terms) >= 5
    for term in terms:
        words, _, tag = term.partition("[")
        label = words.strip('"')
        kinds: dict[str, dict[str, Any]] = {
            "mh]": {"headings": (("D999999", label),)},
            "pt]": {"types": (("D999999", label),)},
            "tiab]": {"title": f"Some {label.replace('*', 's')}, made up"},
        }
        made = replace(paper(50, "An invented title"), **kinds[tag])
        with Double(replace(EMPTY, papers={made.pmid: made})) as double:
            found = Ask(double, ask.client).search(term)
        assert (found["idlist"], found.get("errorlist"), found.get("warninglist")) == ([made.pmid], None, None), term
        assert found["querytranslation"] != term, term


@pytest.mark.parametrize("name", of("clinicaltrials"))
def test_a_registry_search_finds_its_registrations_and_no_others(ask: Ask, name: str) -> None:
    answer = ask.studies(query__term=standing()[name]["query"], pageSize=100, countTotal="true")
    assert answer.status_code == 200, answer.text
    assert set(ncts(answer)) == numbers(TRIALS[name]) | set(ALSO.get(name, ()))


@pytest.mark.parametrize("name", of("clinicaltrials"))
def test_every_term_of_a_registry_search_is_understood(ask: Ask, name: str) -> None:
    head, _, inner = standing()[name]["query"].partition("(")
    for term in inner.rstrip(")").split(" OR "):
        made = trial(50, "An invented title", "A disease", f"The {term.strip(chr(34))} product")
        with Double(replace(EMPTY, papers={}, studies={"NCT99000050": made})) as double:
            answer = Ask(double, ask.client).studies(query__term=f"{head}{term}")
        assert (answer.status_code, ncts(answer)) == (200, ["NCT99000050"]), term


def test_a_disease_named_in_the_title_is_found_and_left_to_the_screen() -> None:
    """Titles belong to the search area, so "natural killer" in a disease's name there cannot be kept out by a query."""
    made = trial(51, "Natural killer/T-cell lymphoma: an invented trial", "Lymphoma", "Pegaspargase")
    with Double(replace(EMPTY, studies={"NCT99000051": made})) as double, quick() as client:
        for name in ("STA-ctgov-nk", "STA-ctgov-nkt"):
            assert ncts(Ask(double, client).studies(query__term=standing()[name]["query"])) == ["NCT99000051"]


@pytest.mark.parametrize(
    ("query", "finds"),
    [
        ("AREA[ConditionSearch]lymphoma", {31, 32}),
        ('AREA[ConditionSearch]"natural killer"', {32, 33}),
        ("AREA[TitleSearch]asparaginase", {31}),
        ("AREA[TitleSearch](asparaginase OR chidamide)", {31, 33}),
        ("AREA[InterventionSearch]pegaspargase AND NOT AREA[TitleSearch]pegaspargase", {31}),
        ("AREA[InterventionSearch]lymphoma", {31, 32}),
    ],
)
def test_search_areas_are_their_pieces_together(ask: Ask, query: str, finds: set[int]) -> None:
    found = set(ncts(ask.studies(query__term=query, pageSize=100))) & numbers(OTHER_TRIALS)
    assert {int(number[-2:]) for number in found} == finds


@pytest.mark.parametrize("query", ["AREA[InterventionSearch]MISSING", "AREA[TitleSearch]RANGE[1,2]", "AREA[NoSearch]x"])
def test_what_an_area_does_not_take_is_refused(ask: Ask, query: str) -> None:
    assert ask.studies(query__term=query).status_code == 400


@pytest.mark.parametrize(
    ("term", "finds"),
    [
        ('"natural k*ler cell*"[tiab]', {1, 32, 34}),
        ("haplo*cal[tiab]", {1}),
        ("adoptive*[tiab]", {11, 35}),
        ("adoptive[tiab]", {35}),
        ('"CAR NK"[tiab]', {3}),
        ('"Clinical Trial"[pt]', {2, 12, 22, 35}),
        ('"Clinical Trial"[pt:noexp]', set()),
        ('"Killer Cells*"[mh]', {2}),
        ('"Killer Cells"[mh]', set()),
    ],
)
def test_truncation_and_whole_values(ask: Ask, term: str, finds: set[int]) -> None:
    assert {int(pmid[-2:]) for pmid in ask.search(term, retmax=100)["idlist"]} == finds
