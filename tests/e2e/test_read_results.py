"""The table of results read in a fetched abstract: every one is there, and what the text leaves open is said."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from kb.build import build
from kb.records.article import Abstract, Article, Marked, Section
from kb.records.fetched import Fetched, HeldArticle
from kb.serve import application
from tests.doubles.library import World
from tests.worldfacts import facts

PAPER = "90000001"
COHORTS = range(1, 61)
TEXT = (
    "Twelve patients with leukaemia received NK cells (1 × 10⁷/kg). Of 12 patients, 42% relapsed. "
    "Grade 3 cytokine release syndrome occurred in 1 patient. "
    "Median overall survival was 9.3 months (97.5% CI 5.1-13.4). "
    + " ".join(f"In cohort {n}, {n} of {n + 20} patients had a complete remission." for n in COHORTS)
)


async def test_no_result_is_cut_and_nothing_missing_is_hidden(tmp_path: Path) -> None:
    data = facts(tmp_path, World.make(seed=1, papers=1, trials=1), (PAPER,), ())
    body = (Section("RESULTS", "", Marked(TEXT, TEXT)),)
    title = Marked("Natural killer cells in leukaemia", "Natural killer cells in leukaemia")
    article = Article(f"PMID:{PAPER}", pmid=PAPER, title=title, abstracts=(Abstract("main", "", body),))
    build(
        data,
        tmp_path / "evidence.db",
        as_of=date(2026, 11, 23),
        raw=Fetched(digest="x", articles=(HeldArticle("2026-03-01", article),)),
    )
    site = application(tmp_path / "evidence.db")
    await site.invoke_startup()
    page = str((await site.client.get(f"/study/PMID:{PAPER}")).text)
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))
    assert [n for n in COHORTS if f" {n} of {n + 20} " not in text] == []
    listed = re.search(r"Results its abstract states \((\d+)\)", text)
    assert listed is not None
    assert int(listed[1]) == page.count('<td data-label="What">') >= len(COHORTS)
    assert "of 12 (how many is not said)" in text
    assert "1 (of how many is not said)" in text
    assert "9.3 months, 97.5% interval 5.1 to 13.4" in text
    assert "1 × 10⁷ cells per kg." in text
