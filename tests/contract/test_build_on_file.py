"""kb build over fetched records: what is on file does not wait, neither does what is gone or retracted."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kb.build import build
from kb.records.article import Abstract, Article, Marked, Section
from kb.records.fetched import Fetched, HeldArticle, Snapshot
from kb.records.integrity import IntegrityEvent
from kb.records.registration import Intervention, Registration
from tests.doubles.library import World
from tests.worldfacts import facts

WORLD = World.make(seed=5, papers=6, trials=4)
FORMER = "NCT99000101"
GIVEN = "Twelve children with relapsed acute myeloid leukemia received NK cells of a haploidentical donor."
BOTH = "Acute GVHD was seen in 2 of 12 patients (17%), chronic GVHD in 0 of 12 patients (0%)."


def _article(pmid: str, *abstracts: Abstract, title: str = "NK cells for AML: a phase 1 trial") -> HeldArticle:
    given = abstracts or (_abstract(GIVEN),)
    return HeldArticle(
        "2026-11-20", Article(f"PMID:{pmid}", pmid=pmid, title=Marked(title, title), abstracts=tuple(given))
    )


def _abstract(*texts: str, language: str = "", kind: str = "main") -> Abstract:
    return Abstract(kind, language, tuple(Section("", "", Marked(text, text)) for text in texts))


def _registration(number: str, *aliases: str, **values: Any) -> Snapshot:
    cells = Intervention("BIOLOGICAL", ("CAR-NK cells",), "", ())
    given = {"title": "CAR-NK cells in lupus", "conditions": ("Lupus",), "interventions": (cells,), **values}
    return Snapshot("2026-11-20", Registration(number, "ClinicalTrials.gov", aliases=aliases, **given))


RAW = Fetched(
    digest="of the raw store",
    articles=(
        _article("7"),
        _article("8"),
        _article("70", _abstract(BOTH, GIVEN)),
        _article("80"),
        _article("81"),
        _article(
            "90", _abstract(GIVEN), _abstract("Células NK para niños con leucemia.", language="spa", kind="other")
        ),
        _article("91", title="Лечение лейкоза естественными киллерами"),
        _article("92", _abstract("自然杀伤细胞治疗白血病的临床研究。"), title="Лечение лейкоза"),
    ),
    snapshots=(
        _registration("NCT99000102", FORMER),
        _registration("NCT99000103"),
        _registration("NCT99000104"),
        _registration("NCT99000105", why_stopped="Lack of funding; two serious adverse events were also seen"),
    ),
    gone=(("pubmed", "81", "2026-11-20"), ("clinicaltrials", "NCT99000103", "2026-11-20")),
    events=(
        IntegrityEvent("PMID:80", "retracted", "2021-01-01", "", "x", (), "https://example.org/80", "pubmed"),
        IntegrityEvent("PMID:90", "corrected", "2021-01-01", "", "x", (), "https://example.org/90", "pubmed"),
    ),
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("on_file")
    data = facts(folder, WORLD, ("7", "8"), (FORMER,))
    study = data / "studies" / "invented8.yml"  # a review: no product key, no phase, so no reviewed tag
    text = study.read_text(encoding="utf-8")
    text = text[: text.index("keys:\n")].replace("human", "review").replace("single-arm", "narrative-review")
    kept = [line for line in text.splitlines(keepends=True) if not line.startswith(("phase:", "n_enrolled:"))]
    study.write_text("".join(kept), encoding="utf-8")
    build(data, folder / "evidence.db", raw=RAW)
    return folder / "evidence.db"


def _rows(built: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{built}?mode=ro", uri=True)) as db:
        return db.execute(sql, values).fetchall()


def test_a_record_on_file_is_known_with_and_without_reviewed_tags_and_by_a_former_number(built: Path) -> None:
    assert _rows(built, "select count(*) from tags where record_id = 'PMID:8' and origin = 'reviewed'") == [(0,)]
    on_file = "select id, on_file from tagged_records where on_file is not null order by id"
    assert _rows(built, on_file) == [("NCT99000102", FORMER), ("PMID:7", "PMID:7"), ("PMID:8", "PMID:8")]
    assert _rows(built, "select trial_id from registrations where id = 'NCT99000102'") == [(FORMER,)]


def test_what_a_person_entered_under_a_former_number_is_held_against_the_registration(built: Path) -> None:
    ((notes,),) = _rows(built, "select conflicts from tagged_records where id = 'NCT99000102'")
    assert any("reviewed record says acute myeloid leukaemia" in note for note in json.loads(notes))


def test_what_is_on_file_gone_or_retracted_does_not_wait_to_be_read(built: Path) -> None:
    relevant = {row[0] for row in _rows(built, "select id from tagged_records where relevant = 1")}
    assert {"PMID:7", "PMID:8", "PMID:80", "PMID:81", "NCT99000102", "NCT99000103"} <= relevant
    assert [row[0] for row in _rows(built, "select id from papers_to_review")] == ["PMID:70", "PMID:90", "PMID:91"]
    assert [row[0] for row in _rows(built, "select id from trials_to_review")] == ["NCT99000104", "NCT99000105"]


def test_one_place_says_a_thing_of_one_group_and_denies_it_of_another(built: Path) -> None:
    said = "select start, assertion from tags where record_id = 'PMID:70' and concept_id = 'event:gvhd' order by 2"
    places = _rows(built, said)
    assert {assertion for _, assertion in places} == {"absent", "present"}
    assert len(places) == len(set(places))


def test_what_was_not_read_for_its_language_is_named(built: Path) -> None:
    found = {
        name: json.loads(unread) for name, unread in _rows(built, "select id, unread from tagged_records") if unread
    }
    assert {name: fields for name, fields in found.items() if fields} == {
        "PMID:90": ["abstract/2"],
        "PMID:91": ["title"],
        "PMID:92": ["title", "abstract/1"],
    }
    assert _rows(built, "select relevant from tagged_records where id in ('PMID:91', 'PMID:92')") == [(1,), (0,)]


def test_words_that_name_harm_and_money_settle_no_reason(built: Path) -> None:
    asked = "select stop_reasons, stop_reason from registrations where id = 'NCT99000105'"
    ((found, settled),) = _rows(built, asked)
    assert (json.loads(found), settled) == (["Safety_Sideeffects", "Business_Administrative"], None)
