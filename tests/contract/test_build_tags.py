"""kb build over fetched records: what the tagger reads is stored, joined to what is on file, and moves nothing."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kb.build import build
from kb.records.article import Abstract, Article, Marked, Section, Term
from kb.records.fetched import Fetched, HeldArticle, Snapshot
from kb.records.registration import Intervention, Registration
from tests.doubles.library import World
from tests.worldfacts import facts

WORLD = World.make(seed=5, papers=6, trials=4)
NCT = WORLD.ncts[0]


def _article(pmid: str, title: str, *sections: tuple[str, str], types: tuple[str, ...] = ()) -> HeldArticle:
    parts = tuple(Section(label, "", Marked(text, text)) for label, text in sections)
    terms = tuple(Term("publication_type", name) for name in types)
    article = Article(
        f"PMID:{pmid}", pmid=pmid, title=Marked(title, title), abstracts=(Abstract("main", "", parts),), terms=terms
    )
    return HeldArticle("2026-11-20", article)


RAW = Fetched(
    digest="of the raw store",
    articles=(
        _article(
            "7",
            "CIK cells in liver cancer",
            ("METHODS", "Forty patients with hepatocellular carcinoma received CIK cells."),
        ),
        _article(
            "70",
            "Haploidentical NK cells for children with AML: a phase 1 trial",
            ("METHODS", "Twelve children with relapsed AML received NK cells (1 × 10⁷/kg) of a haploidentical donor."),
            ("RESULTS", "Five of 12 (42%) achieved complete remission. No graft-versus-host disease was observed."),
            types=("Clinical Trial, Phase II",),
        ),
        _article("71", "NK cell counts in AML", ("", "NK cell counts were low in 40 patients.")),
        _article("72", "Лечение лейкоза естественными киллерами"),
    ),
    snapshots=(
        Snapshot(
            "2026-11-20",
            Registration(
                "NCT99999999",
                "ClinicalTrials.gov",
                title="CAR-NK cells in lupus",
                phase="PHASE1",
                conditions=("Lupus",),
                interventions=(Intervention("BIOLOGICAL", ("CAR-NK cells",), "", ()),),
            ),
        ),
        Snapshot("2026-11-20", Registration(NCT, "ClinicalTrials.gov", title="NK cells for AML")),
    ),
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tags")
    out = folder / "evidence.db"
    build(facts(folder, WORLD, ("7",), (NCT,)), out, raw=RAW)
    return out


def _rows(built: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{built}?mode=ro", uri=True)) as db:
        return db.execute(sql, values).fetchall()


def _tags(built: Path, record: str, facet: str) -> set[tuple[str, str, str]]:
    return set(
        _rows(
            built,
            "select origin, concept_id, assertion from tags where record_id = ? and facet = ? and origin <> 'reviewed'",
            record,
            facet,
        )
    )


def test_relevance_is_stored_with_its_reason(built: Path) -> None:
    found = {
        name: (relevant, reason)
        for name, relevant, reason in _rows(built, "select id, relevant, reason from tagged_records")
    }
    assert {name: relevant for name, (relevant, _) in found.items()} == {
        "PMID:7": 0,
        "PMID:70": 1,
        "PMID:71": 0,
        "PMID:72": 0,
        "NCT99999999": 1,
        NCT: 1,
    }  # fmt: skip
    assert "not English" in found["PMID:72"][1]


def test_tags_keep_their_origins_and_places(built: Path) -> None:
    assert _tags(built, "PMID:70", "cell_type") == {("text", "cell_type:nk", "present")}
    assert _tags(built, "PMID:70", "phase") == {
        ("text", "phase:phase-1", "present"),
        ("publication_type", "phase:phase-2", "present"),
    }
    assert ("text", "event:gvhd", "absent") in _tags(built, "PMID:70", "event")
    ((field, start, end),) = _rows(
        built,
        "select field, start, end from tags where record_id = 'PMID:70' and concept_id = 'setting:relapsed-refractory'",
    )
    assert field == "abstract/1"
    assert RAW.articles[1].article.abstracts[0].sections[0].body.text[start:end] == "relapsed"


def test_what_does_not_agree_is_said(built: Path) -> None:
    ((conflicts,),) = _rows(built, "select conflicts from tagged_records where id = 'PMID:70'")
    assert any("phase 1" in note and "phase 2" in note for note in json.loads(conflicts))
    ((home, conflicts),) = _rows(built, "select on_file, conflicts from tagged_records where id = 'PMID:7'")
    assert home == "PMID:7"
    assert any(
        note.startswith("The reviewed record says") and "cytokine-induced" in note for note in json.loads(conflicts)
    )


def test_results_and_doses(built: Path) -> None:
    ((n, total, percent, outcome),) = _rows(
        built, "select n, n_total, percent, outcome from stated_results where record_id = 'PMID:70' and n = 5"
    )
    assert (n, total, percent, outcome) == (5, 12, 42.0, "outcome:response")
    assert _rows(built, "select low, high, per from stated_doses where record_id = 'PMID:70'") == [(1e7, 1e7, "kg")]


def test_what_is_new_waits_for_review(built: Path) -> None:
    assert _rows(built, "select id, cell_type, indication from papers_to_review") == [
        ("PMID:70", "natural killer cells", "acute myeloid leukaemia")
    ]
    assert [row[0] for row in _rows(built, "select id from trials_to_review")] == ["NCT99999999"]


def test_no_status_rests_on_a_tag(built: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare.db"
    build(facts(tmp_path, WORLD, ("7",), (NCT,)), bare)
    statuses = "select claim_id, jurisdiction, class, level, proof from claim_statuses order by id"
    assert _rows(built, statuses) == _rows(bare, statuses)
    assert _rows(bare, "select count(*) from tagged_records") == [(0,)]


def test_the_same_records_give_the_same_store(built: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.db"
    build(facts(tmp_path, WORLD, ("7",), (NCT,)), again, raw=RAW)
    content = "select content_sha256 from builds"
    assert _rows(built, content) == _rows(again, content)
