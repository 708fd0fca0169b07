"""The pages and downloads of a store that holds fetched records, most of them written to do harm."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kb.build import build
from kb.metadata import OTHERS, metadata
from kb.records.article import Article, Marked
from kb.records.fetched import Fetched, HeldArticle, Snapshot
from kb.records.integrity import IntegrityEvent
from kb.records.registration import HarmTotal, Registration
from kb.schema import TABLES, VIEWS
from tests.doubles.library import World
from tests.worldfacts import facts

FORMER, NOW, FORMER_TOO, BOTH, INTO = (f"NCT9900010{n}" for n in range(1, 6))
PAPER, UNREVIEWED = "90000001", "90000002"
NASTY = ("=HYPERLINK(1)", '@x"\r\n=2,y', "+1 555", "-2-3", "\t=1", "\r=1", "=1")


def told(detail: str, when: str, **values: Any) -> IntegrityEvent:
    given: dict[str, Any] = {
        "record_id": f"PMID:{PAPER}",
        "kind": "retracted",
        "notice": "PMID:90000009",
        "origin": "pubmed",
        "reasons": (),
        "source": "https://pubmed.ncbi.nlm.nih.gov/90000001/",
        **values,
    }
    return IntegrityEvent(detail=detail, date=when, **given)


def registration(number: str, **values: Any) -> Registration:
    return Registration(id=number, registry="ClinicalTrials.gov", **values)


def fetched() -> Fetched:
    totals = (HarmTotal("Arm of the new number", 3, 9, 1, 9),)
    snapshots = (
        Snapshot("2026-02-01", registration(NOW, aliases=(FORMER,), status="RECRUITING")),
        Snapshot(
            "2026-03-01",
            registration(
                NOW, aliases=(FORMER,), status="COMPLETED", has_results=True, participants=9, harm_totals=totals
            ),
        ),
        Snapshot("2026-02-01", registration(BOTH, title=NASTY[0], official_title=NASTY[1], sponsor=NASTY[2])),
        Snapshot("2026-03-01", registration(INTO, aliases=(BOTH,), title="Merged", why_stopped=NASTY[3])),
        *(Snapshot("2026-03-01", registration(f"NCT9900020{n}", title=text)) for n, text in enumerate(NASTY)),
    )
    events = (
        told("RetractionIn", "2021-04"),
        told("RetractionOf", "2021-04-02"),
        told("Retraction", "2021-04-02", origin="retraction_watch", reasons=("Error",)),
        told("ErratumIn", "2020-01-01", kind="corrected", notice=""),
    )
    papers = tuple(
        HeldArticle("2026-03-01", Article(id=f"PMID:{one}", pmid=one, title=Marked("A paper", "A paper")))
        for one in (PAPER, UNREVIEWED)
    )
    return Fetched(digest="x", articles=papers, snapshots=snapshots, events=events)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fetched")
    data = facts(folder, World.make(seed=1, papers=1, trials=1), (PAPER,), (FORMER, BOTH, INTO))
    build(data, folder / "evidence.db", as_of=date(2026, 11, 23), raw=fetched())
    with closing(sqlite3.connect(folder / "evidence.db")) as db:
        db.execute("update trials set title = ? where id = ?", ("=1+1", FORMER))
        db.execute("update trials set conditions = ? where id = ?", ('@SUM(A1) "and more"', BOTH))
        db.commit()
    return folder / "evidence.db"


@pytest.fixture
async def pages(held: Path) -> Any:
    from kb.serve import application

    site = application(held)
    await site.invoke_startup()
    return site


async def get(site: Any, path: str, status: int = 200) -> str:
    response = await site.client.get(path)
    assert response.status_code == status, f"{path}: {response.status_code} {response.text[:300]}"
    return str(response.text)


# ---------------------------------------------------------------------------- downloads


def risky(cell: str) -> bool:
    number = re.fullmatch(r"[+-](\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", cell, re.ASCII)
    return cell.lstrip(" ")[:1] in tuple("=+-@\t\r\n=") and not number


@pytest.mark.parametrize("query", ["?_size=1000", "?_stream=on&_size=max", "?_size=max&_dl=1&_labels=on"])
async def test_no_cell_of_any_download_is_a_formula_and_all_the_text_is_there(
    pages: Any, held: Path, query: str
) -> None:
    for name in [*(t.name for t in TABLES), *(v.name for v in VIEWS)]:
        text = (await pages.client.get(f"/evidence/{name}.csv{query}")).content.decode()
        cells = {cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row}
        assert not [cell for cell in cells if risky(cell)], name
        with closing(sqlite3.connect(held)) as db:
            stored = db.execute(f"select * from [{name}] limit 1000").fetchall()  # noqa: S608
        live = {value for row in stored for value in row if isinstance(value, str) and risky(value)}
        assert {"'" + value for value in live} <= cells, name


async def test_there_was_something_to_defuse(pages: Any) -> None:
    text = (await pages.client.get("/evidence/registrations.csv?_stream=on")).content.decode()
    assert {"'" + one for one in NASTY} <= {cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row}
    assert "'=1+1" in await get(pages, "/evidence/trials.csv")
    assert "'=1+1" in await get(pages, "/evidence/trials_export.csv?_stream=on")
    assert "'=1+1" in await get(pages, "/evidence/trials_of.csv?cells=NK")
    assert '"=1+1"' in await get(pages, "/evidence/trials.json?_shape=array"), "JSON has the text as it is"


# ---------------------------------------------------------------------------- a number that leads to another


async def test_results_harms_and_changes_show_under_a_former_number(pages: Any) -> None:
    page = await get(pages, f"/trial/{FORMER}")
    assert f"The registry now leads {FORMER} to" in page
    assert f"https://clinicaltrials.gov/study/{NOW}" in page
    assert "Arm of the new number" in page and "3 of 9" in page and "9 people started" in page
    assert "Changes seen" in page and "COMPLETED" in page
    assert "a page of its own" not in page


async def test_a_number_merged_into_one_on_file_links_to_its_page(pages: Any) -> None:
    page = await get(pages, f"/trial/{BOTH}")
    assert f"The registry now leads {BOTH} to" in page
    assert f'<a href="/trial/{INTO}">a page of its own</a>' in page
    other = await get(pages, f"/trial/{INTO}")
    assert "The registry now leads" not in other


@pytest.mark.parametrize(
    ("asked", "page"),
    [
        (f"/trial/{NOW}", f"/trial/{FORMER}"),
        ("/trial/NCT99000200", "/evidence/registrations/NCT99000200"),
        (f"/study/PMID:{UNREVIEWED}", f"/evidence/articles/PMID~3A{UNREVIEWED}"),
        (f"/study/{UNREVIEWED}", f"/evidence/articles/PMID~3A{UNREVIEWED}"),
    ],
)
async def test_what_was_fetched_is_found_by_its_number(pages: Any, asked: str, page: str) -> None:
    response = await pages.client.get(asked)
    assert (response.status_code, response.headers.get("location")) == (302, page)
    await get(pages, page)


# ---------------------------------------------------------------------------- notices


async def test_a_notice_is_shown_once_with_everybody_who_tells_it(pages: Any) -> None:
    page = await get(pages, f"/study/PMID:{PAPER}")
    part = page.split("What happened to this paper")[1].split("</ul>")[0]
    items = [re.sub(r"\s+", " ", re.sub("<[^>]+>", "", one)).strip() for one in part.split("<li>")[1:]]
    assert items == [
        "corrected, 2020-01-01; told by pubmed (ErratumIn)",
        "retracted, notice PMID:90000009; told by pubmed (RetractionIn, 2021-04), retraction watch (Retraction, "
        "2021-04-02; reasons given: Error), pubmed (RetractionOf, 2021-04-02)",
    ]


# ---------------------------------------------------------------------------- whose data


async def test_our_licence_stands_over_our_facts_only(pages: Any) -> None:
    for name in (table.name for table in TABLES):
        page = await get(pages, f"/evidence/{name}")
        ours = not name.startswith(("article", "registration", "integrity_events", "trial_changes", "tagged", "stated"))
        assert ("CC BY 4.0" in page) == ours, name
        assert ("creativecommons.org" in page) == ours, name
        assert ("Courtesy of" in page) != ours, name
        assert (name in OTHERS) != ours, name


def test_descriptions_on_pages_carry_no_markdown() -> None:
    for name, entry in metadata()["databases"]["evidence"]["tables"].items():
        texts = [entry.get("description", ""), *entry.get("columns", {}).values()]
        assert not [text for text in texts if "`" in text], name
        assert "statement" not in entry
