"""The block of a study page and of a trial page that says what rules read, beside what a curator entered."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from kb.build import build
from kb.records.article import Abstract, Article, Marked, Section
from kb.records.fetched import Fetched, HeldArticle, Snapshot
from kb.records.registration import Intervention, Registration
from tests.doubles.library import World
from tests.worldfacts import facts

PAPER, FORMER, NOW = "90000001", "NCT99000101", "NCT99000102"
TEXT = "Twelve adults with lupus received CAR-NK cells of a haploidentical donor. Acute GVHD was not seen."


def fetched() -> Fetched:
    abstracts = tuple(
        Abstract(kind, language, (Section("", "", Marked(text, text)),))
        for kind, language, text in (("main", "", TEXT), ("Publisher", "spa", "Adultos con lupus."))
    )
    title = Marked("CAR-NK cells for lupus: a phase 1 trial", "CAR-NK cells for lupus: a phase 1 trial")
    article = Article(f"PMID:{PAPER}", pmid=PAPER, title=title, abstracts=abstracts)
    cells = Intervention("BIOLOGICAL", ("CAR-NK cells",), "", ())
    trial = Registration(
        NOW, "ClinicalTrials.gov", aliases=(FORMER,), title="Lupus", conditions=("Lupus",), interventions=(cells,)
    )
    return Fetched(
        digest="x", articles=(HeldArticle("2026-03-01", article),), snapshots=(Snapshot("2026-03-01", trial),)
    )


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("read")
    data = facts(folder, World.make(seed=1, papers=1, trials=1), (PAPER,), (FORMER,))
    build(data, folder / "evidence.db", raw=fetched())
    return folder / "evidence.db"


async def block(held: Path, path: str) -> str:
    from kb.serve import application

    site = application(held)
    await site.invoke_startup()
    response = await site.client.get(path)
    assert response.status_code == 200
    return str(response.text).split("What rules read in the fetched record")[1]


def cells(page: str, facet: str) -> list[str]:
    """Return what the table says on one facet: entered, read."""
    rows: list[Any] = re.findall(r"<tr>(.*?)</tr>", page.split("</table>")[0])
    (row,) = (row for row in rows if f">{facet}</td>" in row)
    return re.findall(r">([^<>]*)</td>", row)[1:]


async def test_what_a_curator_entered_and_what_rules_read_stand_under_their_own_names(held: Path) -> None:
    page = await block(held, f"/study/PMID:{PAPER}")
    assert re.findall(r"<th>(.*?)</th>", page)[:3] == ["Facet", "Entered by a curator", "Read by rules"]
    assert cells(page, "source") == ["autologous", "haploidentical related donor"]
    assert cells(page, "phase") == ["phase 2", "phase 1"]
    entered, read = cells(page, "disease or aim")
    assert "leukaemia" in entered
    assert "lupus" in read


async def test_what_was_not_read_for_its_language_is_said(held: Path) -> None:
    page = await block(held, f"/study/PMID:{PAPER}")
    assert "Not read, because not in English: abstract/2." in page.split("</p>")[0]


async def test_a_trial_under_a_former_number_shows_what_was_read_under_the_new_one(held: Path) -> None:
    page = await block(held, f"/trial/{FORMER}")
    assert f'Read in <span class="kb-id">{NOW}</span>' in page
    assert "Not read, because" not in page
    entered, read = cells(page, "cell type")
    assert (entered, read) == ("natural killer cells", "CAR-NK cells")
