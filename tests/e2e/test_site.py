"""Every page answers and shows what it must; every download is whole."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from typing import Any
from urllib.parse import quote

import pytest

from kb.metadata import QUESTIONS, sortable
from kb.schema import TABLES, VIEWS


async def get(site: Any, path: str, status: int = 200) -> str:
    response = await site.client.get(path, follow_redirects=True)
    assert response.status_code == status, f"{path}: {response.status_code} {response.text[:300]}"
    return str(response.text)


async def test_home_serves_its_three_users(site: Any) -> None:
    page = await get(site, "/")
    for words in ("Compliance reviewer", "Medical writer", "Analyst", "What is not here", "Trial-stage", "2026-11-23"):
        assert words in page


async def test_map_shows_classes_in_words_and_leads_to_rows(site: Any, db: sqlite3.Connection) -> None:
    page = await get(site, "/evidence-map?jurisdiction=KR&show=all")
    assert "Trial-stage" in page and "Unsupported" in page and "Approved" in page
    assert 'href="/evidence-map/aml/nk?jurisdiction=KR"' in page
    cell = await get(site, "/evidence-map/aml/nk?jurisdiction=KR")
    counted = db.execute("select studies, trials from map_cells where id = ?", ("KR aml nk",)).fetchone()
    assert f"Studies ({counted['studies']})" in cell
    assert f"Registered trials ({counted['trials']})" in cell


async def test_only_comparators_say_not_collected(site: Any) -> None:
    assert "not collected" not in await get(site, "/evidence-map?show=all")
    assert "not collected" in await get(site, "/evidence-map?show=all&comparators=1")


async def test_numbers_are_found_and_counts_are_whole(site: Any, db: sqlite3.Connection) -> None:
    for number in ("21844012", "PMID:21844012", "nk-nkt-page#c286", "10.1200/JCO.2009.24.4590"):
        assert "1 hit" in await get(site, "/search?q=" + quote(number, safe=""))
    page = await get(site, "/search?q=leukemia")
    sql = """select count(*) from search_entries_fts f join search_entries s on s.rowid = f.rowid
             where search_entries_fts match 'leukemia' and kind = 'trial'"""
    assert f"of {db.execute(sql).fetchone()[0]};" in page


async def test_every_link_of_our_pages_answers(site: Any) -> None:
    import re

    seen: set[str] = set()
    start = [
        "/",
        "/evidence-map?jurisdiction=KR",
        "/claim/" + quote("nk-nkt-page#c264", safe=""),
        "/study/PMID%3A20085940",
    ]
    start += ["/evidence/secondary_facts", "/evidence/approval_events?_size=20", "/search?q=hcc", "/method"]
    for path in start:
        links = re.findall(r'href="(/[^"#]*)', await get(site, path))
        for link in links[:150]:
            link = link.replace("&amp;", "&")
            if link not in seen and not link.endswith(".db") and ".csv" not in link:
                seen.add(link)
                await get(site, link)
    assert len(seen) > 200


async def test_the_count_in_every_cell_equals_the_rows_behind_it(db: sqlite3.Connection) -> None:
    sql = """select m.id, m.studies, m.trials, m.approvals, m.jurisdiction,
        (select count(*) from map_records r where r.indication = m.indication and r.cell_type = m.cell_type
           and r.counted = 1 and r.kind = 'study') as s,
        (select count(*) from map_records r where r.indication = m.indication and r.cell_type = m.cell_type
           and r.counted = 1 and r.kind = 'trial') as t,
        (select count(*) from map_records r join approvals a on a.id = r.record_id
          where r.indication = m.indication and r.cell_type = m.cell_type and a.jurisdiction = m.jurisdiction) as a
      from map_cells m"""
    rows = db.execute(sql).fetchall()
    assert len(rows) > 1000
    wrong = [r["id"] for r in rows if (r["studies"], r["trials"], r["approvals"]) != (r["s"], r["t"], r["a"])]
    assert wrong == []


async def test_claim_page_shows_both_results_the_proof_and_the_reasons(site: Any) -> None:
    page = await get(site, "/claim/" + quote("nk-nkt-page#c286", safe=""))
    for words in ("What the sentence says", "For the product on sale", "Unsupported · X", "0 of 8", "inaccurate"):
        assert words in page
    assert "/study/PMID%3A21844012" in page


async def test_every_claim_page_answers(site: Any, db: sqlite3.Connection) -> None:
    for (claim,) in db.execute("select id from claims order by id").fetchall()[::7]:
        assert "Proof" in await get(site, "/claim/" + quote(claim, safe="") + "?jurisdiction=KR")


async def test_every_kind_of_record_has_a_page(site: Any) -> None:
    assert "5 of 19" in await get(site, "/study/PMID%3A15632206")
    assert "haploidentical" in await get(site, "/study/PMID%3A15632206")
    assert "Phase" in await get(site, "/trial/NCT00187096")
    assert "not in force" in (await get(site, "/approval/APR-EU-alofisel-crohn-fistula")).lower()
    assert "objection" in await get(site, "/document/nk-nkt-page?class=unsupported")
    method = await get(site, "/method")
    for words in (
        "GATE-REVIEW",
        "How strong a study is",
        "Controlled trial whose groups were not allotted by chance",
        "Div",
    ):
        assert words in method


@pytest.mark.parametrize(
    "path",
    [
        "/claim/no-such%23c999",
        "/study/PMID%3A1",
        "/trial/NCT99999999",
        "/approval/APR-US-none",
        "/document/none",
        "/evidence-map/no/such",
        "/evidence-map?jurisdiction=XX",
        "/evidence-map?show=everything",
    ],
)
async def test_what_does_not_exist_is_a_clear_404(site: Any, path: str) -> None:
    page = await get(site, path, 404)
    assert "Traceback" not in page


@pytest.mark.parametrize(
    ("asked", "page"),
    [
        ("/claim/nk-nkt-page/c286", "/claim/nk-nkt-page%23c286"),
        ("/claim/nk-nkt-page~23c286?jurisdiction=JP", "/claim/nk-nkt-page%23c286?jurisdiction=JP"),
        ("/study/20085940", "/study/PMID%3A20085940"),
        ("/study/REC%3Acichocki2023", "/study/PMID%3A37467318"),  # the id it had before
    ],
)
async def test_an_older_id_and_the_spellings_of_people_lead_to_the_page(site: Any, asked: str, page: str) -> None:
    response = await site.client.get(asked)
    assert (response.status_code, response.headers.get("location")) == (302, page)
    assert (await site.client.get(page)).status_code == 200


async def test_search_finds_synonyms_and_narrower_diseases_and_survives_anything(site: Any) -> None:
    assert "PMID:20085940" in await get(site, "/search?q=leukemia+haploidentical")
    assert "NCT00187096" in await get(site, "/search?q=NCT00187096")
    for odd in ('"', "CAR-NK", "a AND (", "*", "NEAR/2", "'; drop table claims; --", "<script>alert(1)</script>"):
        page = await get(site, "/search?q=" + quote(odd))
        assert "<script>alert(1)" not in page


async def test_places_are_closed_and_uk_means_gb(site: Any) -> None:
    assert "United Kingdom, as of" in await get(site, "/evidence-map/aml/nk?jurisdiction=UK")


@pytest.mark.parametrize("name", [t.name for t in TABLES if not t.hidden] + [v.name for v in VIEWS])
async def test_every_table_and_view_downloads_whole(site: Any, db: sqlite3.Connection, name: str) -> None:
    expected = db.execute(f"select count(*) from [{name}]").fetchone()[0]  # noqa: S608
    text = await get(site, f"/evidence/{name}.csv?_stream=on&_size=max")
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) - 1 == expected
    ids = [row[0] for row in rows[1:]]
    if name not in (
        "concept_parents",
        "concept_closure",
        "key_concepts",
        "claim_concepts",
        "study_trials",
        "studies_export",
    ):
        assert len(set(ids)) == expected


async def crawl(site: Any, table: Any, query: str) -> list[str]:
    """Follow every page of a table and return the keys met."""
    seen: list[str] = []
    path: str | None = f"/evidence/{table.name}.json?{query}&_shape=objects"
    while path:
        page = json.loads(await get(site, path))
        seen += [json.dumps([row[k] for k in table.key]) for row in page["rows"]]
        path = page["next_url"] and page["next_url"].split("http://localhost")[-1]
    return seen


@pytest.mark.parametrize("table", [t for t in TABLES if not t.hidden], ids=lambda t: t.name)
async def test_no_offered_sort_loses_or_repeats_a_row(site: Any, db: sqlite3.Connection, table: Any) -> None:
    """Datasette loses rows when a tied column is sorted against its index; we offer no such sort."""
    total = db.execute(f"select count(*) from [{table.name}]").fetchone()[0]  # noqa: S608
    queries = ["_size=max"]
    if total <= 600:  # the larger tables are crawled in key order only, to keep the suite short
        columns = [c for c in sortable(table) if c not in ("proof", "sold_proof")]
        queries += [f"{way}={column}&_size=97" for column in columns for way in ("_sort", "_sort_desc")]
    for query in queries:
        seen = await crawl(site, table, query)
        assert (len(seen), len(set(seen))) == (total, total), (table.name, query)


@pytest.mark.parametrize("question", [q[0] for q in QUESTIONS])
async def test_every_question_has_an_answer(site: Any, question: str) -> None:
    parameters = "jurisdiction=us&cells=NK&disease=leukemia&record=PMID:27655849"
    page = json.loads(await get(site, f"/evidence/{question}.json?{parameters}&_shape=array"))
    assert page, question


async def test_nobody_may_run_sql_of_their_own(site: Any) -> None:
    await get(site, "/evidence.json?sql=select+1", 403)
    await get(site, "/evidence/claims.json?_where=1=1", 403)


async def test_identifiers_lead_to_their_public_pages(site: Any) -> None:
    page = await get(site, "/evidence/studies?pmid=20085940")
    assert "https://pubmed.ncbi.nlm.nih.gov/20085940/" in page
    assert "https://doi.org/10.1200/JCO.2009.24.4590" in page
    assert "https://clinicaltrials.gov/study/NCT00187096" in await get(site, "/evidence/trials?id=NCT00187096")


async def test_security_headers_are_on_every_answer(site: Any) -> None:
    response = await site.client.get("/evidence/claims.json?_size=1")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'self'" in response.headers["content-security-policy"]


async def test_plain_datasette_shows_the_same_site(built: Any) -> None:
    """``datasette evidence.db -m metadata.yml`` finds the plugin by its entry point."""
    from datasette.app import Datasette

    from kb.metadata import metadata

    plain = Datasette([str(built)], metadata=metadata())
    await plain.invoke_startup()
    response = await plain.client.get("/")
    assert "Compliance reviewer" in response.text
