"""A page of a day shows what the spans say of that day; no day is replaced by another."""

from __future__ import annotations

import re
import shutil
import sqlite3
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from kb.english import CLASSES
from kb.publish.over_time import periods, strip

BUILD = "2026-11-23"
DAYS = ("0001-01-01", "1999-12-31", "2005-06-15", "2015-01-01", "2019-03-19", "2019-03-20", BUILD, "2030-01-01")
CLAIMS = ("nk-nkt-page#c154", "nk-nkt-page#c156", "nk-nkt-page#c282", "nk-nkt-page#c291")


async def get(site: Any, path: str, status: int = 200) -> str:
    response = await site.client.get(path)
    assert response.status_code == status, f"{path}: {response.status_code} {response.text[:300]}"
    return str(response.text)


def address(claim: str, **parameters: str) -> str:
    query = "&".join(f"{name}={quote(value)}" for name, value in parameters.items())
    return f"/claim/{quote(claim, safe='')}" + (f"?{query}" if query else "")


def span(db: sqlite3.Connection, claim: str, place: str, day: str) -> sqlite3.Row:
    sql = """select * from claim_status_spans where claim_id = ? and jurisdiction = ?
             and valid_from <= ? and valid_to >= ?"""
    (found,) = db.execute(sql, (claim, place, day, day)).fetchall()
    return found  # type: ignore[no-any-return]


def results(page: str) -> str:
    """Return the cards at the top, without tags."""
    start = page.index('<div class="kb-results">')
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page[start : page.index("<h2 id", start)])).split())


def chip(status: Any, name: str = "class", level: str = "level") -> str:
    class_, mark, _ = CLASSES[status[name]]
    return f"{mark} {class_} · {status[level]}"


# ---------------------------------------------------------------------------- the status of the day


@pytest.mark.parametrize("place", ["US", "JP", "KR"])
@pytest.mark.parametrize("day", DAYS)
async def test_the_claim_page_of_a_day_shows_the_span_of_that_day(
    site: Any, db: sqlite3.Connection, day: str, place: str
) -> None:
    for claim in CLAIMS:
        found = span(db, claim, place, day)
        shown = results((await get(site, address(claim, jurisdiction=place, as_of=day))).replace("<h2>Proof", "<h2 id"))
        assert f"What the sentence says {chip(found)}" in shown
        if found["sold_class"]:
            assert f"For the product on sale {chip(found, 'sold_class', 'sold_level')}" in shown
        assert found["accuracy"].replace("_", " ") in shown
        assert ("objection" in shown) == bool(found["objection"])
        assert re.findall(r"\b[A-Z]{3,}(?:_[A-Z]+)+\b|\bUNCITED\b|\bOVERSTATED\b", shown) == [
            code
            for code in re.findall(r'"([^"]+)"', found["codes"])
            if "_" in code or code in ("UNCITED", "OVERSTATED")
        ]


@pytest.mark.parametrize(("day", "place"), [("1999-12-31", "US"), ("2015-01-01", "KR"), ("2030-01-01", "JP")])
async def test_the_document_and_the_front_page_count_the_spans_of_the_day(
    site: Any, db: sqlite3.Connection, day: str, place: str
) -> None:
    sql = """select claim_id, class, objection, accuracy from claim_status_spans
             where jurisdiction = ? and valid_from <= ? and valid_to >= ?"""
    found = db.execute(sql, (place, day, day)).fetchall()
    total = db.execute("select count(*) from claims").fetchone()[0]
    assert len(found) == total
    page = await get(site, f"/document/nk-nkt-page?jurisdiction={place}&as_of={day}")
    assert f"<strong>{sum(r['objection'] for r in found)}</strong> need an objection" in page
    for name, words in CLASSES.items():
        count = sum(r["class"] == name for r in found)
        assert (f"{words[0]} {count}" in page) == bool(count)
        some = await get(site, f"/document/nk-nkt-page?jurisdiction={place}&as_of={day}&class={name}")
        assert f"{count} of {total} statements" in some
    home = await get(site, f"/?jurisdiction={place}&as_of={day}")
    assert f"{sum(r['objection'] for r in found)} of {total} statements need an objection" in home


async def test_the_build_s_day_is_the_page_without_a_day(site: Any, db: sqlite3.Connection) -> None:
    assert db.execute("select as_of from builds").fetchone()[0] == BUILD
    for path in (address("nk-nkt-page#c156"), "/document/nk-nkt-page", "/"):
        plain = await get(site, path)
        assert "kb-note" not in plain
        same = await get(site, f"{path}?jurisdiction=US&as_of={BUILD}")
        assert results_or_all(plain) == results_or_all(same)
        assert results_or_all(await get(site, f"{path}?as_of=")) == results_or_all(plain)


def results_or_all(page: str) -> str:
    return re.sub(r'href="[^"]*"', "", page)


async def test_another_day_says_so_and_shows_no_proof_of_the_build_s_day(site: Any) -> None:
    page = await get(site, address("nk-nkt-page#c156", jurisdiction="KR", as_of="2015-01-01"))
    assert "As of 2015-01-01, by facts dated by then" in page
    assert f"The proof is kept for {BUILD} only" in page
    assert "kb build --as-of 2015-01-01" in page
    assert f'<a href="{address("nk-nkt-page#c156", jurisdiction="KR")}">This page as of {BUILD}</a>' in page
    assert "Rule that decided for 2015-01-01" in page
    for words in ('class="kb-proof"', "Searched base", "(decides)", '<h2 id="cited"', '<h2 id="later"'):
        assert words not in page
    after = await get(site, address("nk-nkt-page#c156", as_of="2030-01-01"))
    assert f"As of 2030-01-01, as far as was known on {BUILD}" in after
    assert "silent with time" in after


# ---------------------------------------------------------------------------- wrong days


@pytest.mark.parametrize(
    "wrong",
    [
        "2015-02-30",
        "2015-13-01",
        "0000-01-01",
        "2015",
        "20150101",
        "2015-W01-1",
        "01/02/2015",
        "yesterday",
        "２０１５-01-01",
        "<script>alert(1)</script>",
        "2015-01-01' or 1=1 --",
        "9" * 500,
    ],
)
async def test_a_wrong_day_is_refused_with_the_remedy(site: Any, wrong: str) -> None:
    for path in (address("nk-nkt-page#c156"), "/document/nk-nkt-page", "/", "/study/PMID%3A20085940", "/search"):
        page = await get(site, f"{path}?jurisdiction=KR&as_of={quote(wrong, safe='')}", 404)
        assert "No such day" in page and "year-month-day" in page and "kb-chip" not in page
        assert f'href="{path}?jurisdiction=KR"' in page
        assert "<script>alert" not in page and "9" * 60 not in page


async def test_two_days_are_refused_and_the_same_day_twice_is_one(site: Any) -> None:
    path = address("nk-nkt-page#c156")
    assert "different days" in await get(site, f"{path}?as_of=2015-01-01&as_of=2016-01-01", 404)
    assert "As of 2015-01-01" in await get(site, f"{path}?as_of=2015-01-01&as_of=2015-01-01")


async def test_the_map_never_answers_for_another_day(site: Any) -> None:
    for path in ("/evidence-map", "/evidence-map/aml/nk"):
        page = await get(site, f"{path}?jurisdiction=KR&as_of=2015-01-01", 404)
        assert "kb build --as-of 2015-01-01" in page and f'href="{path}?jurisdiction=KR"' in page
        await get(site, f"{path}?jurisdiction=KR&as_of={BUILD}")


# ---------------------------------------------------------------------------- links and forms


@pytest.mark.parametrize(
    "path",
    [
        address("nk-nkt-page#c156"),
        "/document/nk-nkt-page",
        "/",
        "/study/PMID%3A20085940",
        "/trial/NCT00187096",
        "/approval/APR-KR-immuncell-lc",
        "/search?q=hcc",
    ],
)
async def test_links_between_pages_keep_place_and_day(site: Any, path: str) -> None:
    page = await get(site, f"{path}{'&' if '?' in path else '?'}jurisdiction=KR&as_of=2015-01-01")
    page = re.sub(
        r'<a href="[^"]*">This page as of .*?</a>|<a href="[^"]*#(proof|evidence|cited|later)">.*?</a>', "", page
    )
    links = [unescape(link) for link in re.findall(r'<a[^>]* href="(/[^"]*)"', page)]
    ours = [link for link in links if not link.startswith(("/evidence/", "/-/")) and link != "/evidence"]
    assert len(ours) >= 4
    for link in ours:
        if link.startswith("/evidence-map"):
            assert link.endswith("jurisdiction=KR")
        else:
            assert "jurisdiction=KR&as_of=2015-01-01" in link, link
        await get(site, link)


async def test_the_form_keeps_what_else_was_asked_and_escapes_it(site: Any) -> None:
    page = await get(site, address("nk-nkt-page#c156", jurisdiction="KR", as_of="2015-01-01", x='"><script>1</script>'))
    assert '<input type="hidden" name="x" value="&#34;&gt;&lt;script&gt;1&lt;/script&gt;">' in page
    assert "<script" not in page
    assert 'type="date" name="as_of" value="2015-01-01"' in page
    assert '<option value="KR" selected>' in page
    assert page.count("<label>") >= 2
    document = await get(site, "/document/nk-nkt-page?class=unsupported&as_of=2015-01-01&jurisdiction=KR")
    assert '<option value="unsupported" selected>' in document and 'value="2015-01-01"' in document
    assert 'href="/document/nk-nkt-page?class=unsupported&amp;jurisdiction=KR">This page as of' in document


# ---------------------------------------------------------------------------- over time


async def test_the_history_has_a_row_for_every_change_that_is_shown(site: Any, db: sqlite3.Connection) -> None:
    sql = "select * from claim_status_spans where claim_id = ? and jurisdiction = ? order by valid_from"
    for claim in CLAIMS[:2]:
        for place in ("US", "KR"):
            spans = [dict(r) for r in db.execute(sql, (claim, place))]
            shown = ("class", "level", "sold_class", "sold_level", "accuracy")
            changes = [
                now["valid_from"] for before, now in pairwise(spans) if any(before[name] != now[name] for name in shown)
            ]
            page = await get(site, address(claim, jurisdiction=place))
            table = page[page.index('<table class="kb-table kb-stack kb-time">') :]
            table = table[: table.index("</table>")]
            starts = re.findall(r'data-label="From">(ever|\d{4}-\d{2}-\d{2})', table)
            assert starts == ["ever", *changes]
            assert table.count('aria-current="date"') == 1
            assert f"({len(spans)} rows)" in page
            turns = sum(before["class"] != now["class"] for before, now in pairwise(spans))
            column = re.findall(r'data-label="Sentence">.*?</td>', table)
            assert sum("was " in cell for cell in column) == turns
            rows = await get(site, f"/evidence/claim_status_spans.json?claim_id={quote(claim)}&jurisdiction={place}")
            assert f'"filtered_table_rows_count": {len(spans)}' in rows


async def test_the_strip_says_in_words_what_it_draws(site: Any) -> None:
    page = await get(site, address("nk-nkt-page#c156", jurisdiction="US", as_of="2015-01-01"))
    (svg,) = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert 'role="img" aria-labelledby="strip-title strip-words"' in svg
    title = re.search(r'<title id="strip-title">(.*?)</title>', svg)
    words = re.search(r'<desc id="strip-words">(.*?)</desc>', svg)
    assert title and title.group(1) == "Status over time in the United States"
    assert words
    table = page[page.index("kb-time") :]
    for start in re.findall(r'data-label="From">(\d{4}-\d{2}-\d{2})', table):
        assert start in words.group(1)
    assert "until 2004-11-29: Unsupported U" in words.group(1)
    assert ">✕ U<" in svg and ">◐ T3<" in svg  # a mark and a level, not colour alone
    assert 'class="kb-asked"' in svg and 'class="kb-built"' in svg
    assert "style=" not in svg and "<script" not in svg


async def test_what_never_changed_has_no_strip(site: Any) -> None:
    page = await get(site, address("nk-nkt-page#c014"))
    assert "<svg" not in page and "on every day" in page


def a_span(first: str, last: str, level: str = "T3", **other: Any) -> dict[str, Any]:
    class_ = {"T": "trial_stage", "U": "unsupported", "X": "unsupported", "A": "approved"}[level[0]]
    return {
        "valid_from": first,
        "valid_to": last,
        "class": class_,
        "level": level,
        "sold_class": None,
        "sold_level": None,
        "accuracy": "accurate",
        "direction": "none",
        **other,
    }


def test_only_equal_neighbours_are_put_together() -> None:
    spans = [
        a_span("0001-01-01", "2009-12-31", "U"),
        a_span("2010-01-01", "2011-12-31", "T3", direction="positive: 1"),
        a_span("2012-01-01", "2014-12-31", "T3", direction="positive: 2"),
        a_span("2015-01-01", "2015-12-31", "U"),
        a_span("2016-01-01", "9999-12-31", "T3", accuracy="misleading"),
    ]
    found = periods(spans, "2013-05-05")
    assert [(one["from"], one["to"], one["level"], one["was"], one["here"]) for one in found] == [
        ("", "2009-12-31", "U", "", False),
        ("2010-01-01", "2014-12-31", "T3", "unsupported", True),
        ("2015-01-01", "2015-12-31", "U", "trial_stage", False),
        ("2016-01-01", "", "T3", "unsupported", False),
    ]
    assert (found[1]["direction_first"], found[1]["direction_last"]) == ("positive: 1", "positive: 2")


@pytest.mark.parametrize("day", ["0001-01-01", "1700-06-01", "2012-02-29", "2026-11-23", "2060-01-01", "9999-12-31"])
@pytest.mark.parametrize("change", ["0001-06-01", "1989-12-31", "2026-11-24", "2029-01-01", "9999-12-30"])
def test_the_strip_stays_inside_its_frame_whatever_the_days(day: str, change: str) -> None:
    spans = [a_span("0001-01-01", change, "U"), a_span(change, "9999-12-31", "A_FULL")]
    drawn = strip(periods(spans, day), day, BUILD)
    assert drawn is not None
    for lane in drawn["lanes"]:
        assert all(0 <= part["x"] <= 100 and 0 <= part["width"] <= 100 for part in lane["parts"])
        assert sum(part["width"] for part in lane["parts"]) == pytest.approx(100, abs=0.1)
    assert len(drawn["ticks"]) <= 9
    assert all(0 <= tick["at"] <= 100 for tick in drawn["ticks"])


# ---------------------------------------------------------------------------- sources and later reports


async def test_cited_sources_stand_with_their_stance_in_words(site: Any, db: sqlite3.Connection) -> None:
    words = {
        "supports": "supports it",
        "partly": "supports it in part",
        "does_not_support": "does not support it",
        "contradicts": "contradicts it",
        "not_found": "not found",
    }
    for stance, shown in words.items():
        found = db.execute("select * from citations where stance = ? order by id limit 1", (stance,)).fetchone()
        page = await get(site, address(found["claim_id"]))
        section = page[page.index('<h2 id="cited">') :]
        assert f">{shown}</strong>" in section
        for code in re.findall(r'"([^"]+)"', found["codes"]):
            meaning = db.execute("select meaning from codes where id = ?", (code,)).fetchone()[0]
            assert code in section and meaning in unescape(section)
    candidate = db.execute("select * from citations where resolution = 'candidate' order by id limit 1").fetchone()
    page = await get(site, address(candidate["claim_id"]))
    text = page[page.index("May be meant; <strong>no citation</strong>") :].split("</p>")[0]
    assert quote(candidate["record_id"], safe="") in text


async def test_later_reports_put_the_negative_first_and_say_who_leaves_them_out(
    site: Any, db: sqlite3.Connection
) -> None:
    claim = "nk-nkt-page#c156"
    stances = db.execute("select distinct stance from later_reports where claim_id = ?", (claim,)).fetchall()
    assert {r["stance"] for r in stances} > {"negative"}
    section = (await get(site, address(claim))).split('<h2 id="later">')[1].split("</table>")[0]
    assert re.findall(r"kb-out-(\w+)", section)[0] == "negative"
    assert "leaves it out" in section and "names it" not in section
    for row in db.execute("select distinct study_id, later_id from later_reports order by 1, 2").fetchall():
        study = await get(site, f"/study/{quote(row['study_id'], safe='')}")
        assert f"/study/{quote(row['later_id'], safe='')}" in study.split('<h2 id="later">')[1]
        later = await get(site, f"/study/{quote(row['later_id'], safe='')}")
        assert "itself a later report on" in later


async def test_what_others_wrote_is_escaped(built: Path, tmp_path: Path) -> None:
    from kb.serve import application

    evil = "<img src=x onerror=alert(1)>"
    path = tmp_path / "evidence.db"
    shutil.copy(built, path)
    with sqlite3.connect(path) as connection:
        connection.execute("update citations set reason = ?, marker = ? where stance is not null", (evil, evil))
        connection.execute("update later_reports set says = ?, named = 1", (evil,))
        connection.execute("update claim_status_spans set direction = ?", (evil,))
        connection.execute("update rules set wording = ?", (evil,))
    connection.close()
    site = application(path)
    await site.invoke_startup()
    for claim in ("nk-nkt-page#c156", "nk-nkt-page#c282"):
        page = await get(site, address(claim))
        assert "&lt;img src=x" in page and "<img" not in page and "names it" in page
        assert "<img" not in await get(site, address(claim, as_of="2015-01-01"))
    assert "<img" not in await get(site, "/study/PMID%3A29477379")
