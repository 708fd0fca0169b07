"""``docs/coverage.md`` and ``docs/quality.md`` say what the store holds, no more and no less."""

from __future__ import annotations

import re
import sqlite3

import pytest

from kb.coverage import coverage
from kb.quality import quality


def rows(page: str, heading: str) -> dict[str, list[str]]:
    """Return a table under a heading: first cell → the others."""
    part = page.partition(f"\n{heading}\n")[2].partition("\n## ")[0]
    found = {}
    for line in part.splitlines():
        if line.startswith("| "):
            first, *others = [cell.strip() for cell in line.strip("| ").split(" | ")]
            found[first] = others
    return found


def test_the_counts_are_those_of_the_store(db: sqlite3.Connection) -> None:
    counted = rows(coverage(db), "# Coverage")
    for name, sql in (
        ("publications", "select count(*) from studies"),
        ("of these without doubt", "select count(*) from trials where is_nk_therapy = 1 and doubt is null"),
        ("claims checked", "select count(*) from claims"),
        ("searches logged", "select count(*) from searches"),
    ):
        assert counted[name] == [str(db.execute(sql).fetchone()[0])]


def test_every_cell_of_the_map_stands_in_the_matrix(db: sqlite3.Connection) -> None:
    page = coverage(db)
    head = next(line for line in page.splitlines() if line.startswith("| disease or aim | natural killer"))
    columns = [cell.strip() for cell in head.strip("|").split("|")][1:]
    matrix = rows(page, "## Disease by cells")
    cells = db.execute(
        """select i.label as disease, t.label as cells, m.studies, m.trials, m.empty_kind, m.positive, m.negative
           from map_cells m join concepts i on i.id = m.indication join concepts t on t.id = m.cell_type
           join map_columns c on c.cell_type = m.cell_type and c.comparator = 0 where m.jurisdiction = 'US'"""
    ).fetchall()
    assert len(cells) > 500
    marks = {"searched_none": "∅", "not_searched": "·", "indirect_only": "~"}
    for cell in cells:
        line = next(
            line for line in page.splitlines() if line.startswith(f"| {cell['disease']} |") and line.count("|") > 9
        )
        shown = [part.strip() for part in line.split("|")][2:-1][columns.index(cell["cells"])]
        if cell["studies"] or cell["trials"]:
            assert f"{cell['studies']}s {cell['trials']}t" in shown, (tuple(cell), shown)
        if cell["positive"] or cell["negative"]:
            assert f"+{cell['positive']} −{cell['negative']}" in shown
        if cell["empty_kind"] in marks and not cell["trials"] and "licensed" not in shown:
            assert shown == marks[cell["empty_kind"]]
    assert matrix


def test_every_disease_a_document_names_is_accounted_for(db: sqlite3.Connection) -> None:
    named = rows(coverage(db), "## Diseases and aims that the checked documents name")
    columns = db.execute("select count(*) from map_columns where comparator = 0").fetchone()[0]
    wanted = db.execute(
        """select distinct c.label from claim_concepts x join concepts c on c.id = x.concept_id
           where x.axis = 'indication'"""
    ).fetchall()
    for (label,) in wanted:
        assert sum(map(int, named[label])) == columns, label


def test_the_share_of_facts_by_how_they_were_checked_adds_up(db: sqlite3.Connection) -> None:
    for name, numbers in rows(quality(db), "# How the facts were checked").items():
        if name not in ("facts", "---"):
            total, *parts = map(int, numbers)
            assert total == sum(parts), name


def test_the_disagreement_rate_is_that_of_the_store(db: sqlite3.Connection) -> None:
    checks = rows(quality(db), "## A second pair of eyes")
    total, agrees, corrected, disputed, gone, unread, rate = checks["all studies"]
    assert int(total) == db.execute("select count(*) from studies").fetchone()[0]
    assert int(total) == sum(map(int, (agrees, corrected, disputed, gone, unread)))
    read, wrong = int(agrees) + int(corrected) + int(disputed), int(corrected) + int(disputed)
    assert rate == f"{wrong} of {read} ({100 * wrong / read:.0f}%)"


def test_what_could_not_be_verified_is_listed_whole(db: sqlite3.Connection) -> None:
    page = quality(db)
    for sql in (
        "select id from studies where checked = 'secondary'",
        "select id from studies where pmid is null and doi is null",
        "select id from studies where unverified <> '[]'",
        "select approval_id from approval_events where date is null",
        "select claim_id from claim_statuses where codes like '%SECONDARY_SOURCE%'",
    ):
        for (record,) in db.execute(sql):
            assert re.search(rf"^- {re.escape(record)}: ", page, re.MULTILINE), record


@pytest.mark.parametrize("make", [coverage, quality])
def test_the_pages_are_the_same_every_time(db: sqlite3.Connection, make: object) -> None:
    assert callable(make)
    assert make(db) == make(db)
