"""kb build over fetched records: what the store says of them, when it is stale, which options it keeps."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kb.build import Options, build, options_of
from kb.cli import main
from kb.records.article import Abstract, Article, Marked, Section
from kb.records.fetched import Fetched, FetchRow, HeldArticle, Snapshot
from kb.records.integrity import IntegrityEvent
from kb.records.registration import Registration
from tests.doubles.library import World
from tests.worldfacts import facts

WORLD = World.make(seed=5, papers=6, trials=4)
NCT = WORLD.ncts[0]
DOI = "10.1000/In.Vented"
_TEXT = (Abstract("main", "", (Section("", "", Marked("Invented words.", "Invented words.")),)),)
_EVENT = IntegrityEvent(
    "PMID:7", "retracted", "2015-03", "PMID:8", "RetractionIn", (), "https://example.org/", "pubmed", "2026-12-24"
)
_ANSWER = FetchRow(
    "F1-1", "pubmed", "", "7", "done", 1, "0" * 64, 1, "u", 200, "t", "2026-12-24T00:00:00Z", 1, ("PMID:7",), None
)
RAW = Fetched(
    digest="of the raw store",
    articles=(HeldArticle("2026-12-24", Article("PMID:7", pmid="7", doi=DOI.lower(), abstracts=_TEXT)),),
    snapshots=(
        Snapshot("2026-11-20", Registration(NCT, "ClinicalTrials.gov", status="WITHHELD")),
        Snapshot("2026-12-24", Registration(NCT, "ClinicalTrials.gov", status="TERMINATED")),
    ),
    events=(_EVENT,),
    fetches=(_ANSWER,),
)


@dataclass
class Place:
    """A folder with facts, a raw store that is only pretended, and room for a store."""

    data: Path
    raw: Path
    out: Path

    def kb(self, *words: str, raw: Path | None = None) -> Result:
        named = ("--data", str(self.data), "--out", str(self.out), "--raw", str(raw or self.raw))
        return CliRunner().invoke(main, ["build", *named, *words], catch_exceptions=False)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self.out}?mode=ro", uri=True)) as db:
            return db.execute(sql).fetchall()


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shelf")
    data = facts(folder, WORLD, ("7",), (NCT,))
    study = data / "studies" / "invented7.yml"
    text = study.read_text(encoding="utf-8").replace("id: PMID:7\npmid: '7'", f"id: DOI:{DOI}\ndoi: {DOI}")
    study.write_text(text.replace("https://pubmed.ncbi.nlm.nih.gov/7/", "https://example.org/7"), encoding="utf-8")
    trials = data / "trials.csv"
    trials.write_text(trials.read_text(encoding="utf-8").replace(",registry\n", ",secondary\n"), encoding="utf-8")
    return data


@pytest.fixture
def place(shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "log.db").touch()
    monkeypatch.setattr("ingest.commands.digest_of", lambda path: "0" * 64)
    monkeypatch.setattr("ingest.commands.held", lambda path, data: RAW)
    return Place(shelf, raw, tmp_path / "e.db")


# ---------------------------------------------------------------------------- what the store says


def test_the_registry_s_words_come_with_their_day_and_with_nobody_s_reading(place: Place) -> None:
    assert place.kb("--as-of", "2026-12-31").exit_code == 0
    wanted = "status, status_date, registry_seen, checked, retrieved"
    told = [("TERMINATED", "2026-12-24", "2026-12-24", "secondary", "2020-01-01")]
    assert place.rows(f"select {wanted} from trials") == told  # noqa: S608
    assert place.rows(f"select {wanted} from trials_export") == told  # noqa: S608
    assert place.rows("select engineering from keys where record_kind = 'trial'") == [("[]",)]
    assert place.rows("select source from trials") == [(f"https://clinicaltrials.gov/study/{NCT}",)]


def test_a_word_that_is_no_status_of_ours_leaves_none(place: Place) -> None:
    assert place.kb("--as-of", "2026-12-01").exit_code == 0
    assert place.rows("select status, status_raw, status_date from trials") == [(None, "WITHHELD", "2026-11-20")]


def test_a_study_known_by_its_doi_is_retracted_with_its_record(place: Place) -> None:
    said = place.kb("--as-of", "2020-01-01")
    assert place.rows("select integrity, integrity_date from studies") == [("retracted", "2015-03")]
    assert place.rows("select distinct study_id from integrity_events") == [(f"DOI:{DOI}",)]
    assert place.rows("select study_id, integrity from articles") == [(f"DOI:{DOI}", "retracted")]
    assert place.rows("select status, registry_seen from trials") == [("RECRUITING", None)]
    assert "after 2020-01-01: they move no registration (a notice about a paper counts from its own" in said.stdout
    assert "--as-of 2026-12-24" in said.stdout


def test_the_help_says_what_a_later_day_does() -> None:
    said = " ".join(CliRunner().invoke(main, ["build", "--help"]).stdout.split())
    assert "move no registration; a notice about a paper" in said
    assert "counts from its own date" in said


# ---------------------------------------------------------------------------- a stale store


def test_a_change_of_a_parser_makes_the_store_stale(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "code"
    for name in ("parse/one.py", "parse/deeper/two.py", "replay.py", "transport.py"):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text("old", encoding="utf-8")

    class Spec:
        submodule_search_locations = (str(package),)

    monkeypatch.setattr("importlib.util.find_spec", lambda name: {"ingest": Spec}[name])
    assert "Built" in place.kb("--if-changed").stdout
    assert place.kb("--if-changed").stdout == ""
    for name in ("parse/one.py", "parse/deeper/two.py", "replay.py"):
        (package / name).write_text("new", encoding="utf-8")
        assert "Built" in place.kb("--if-changed").stdout, name
    (package / "transport.py").write_text("new", encoding="utf-8")
    assert place.kb("--if-changed").stdout == ""


def test_the_parsing_code_is_found_where_it_really_is(place: Place) -> None:
    import ingest.parse.notices
    import ingest.replay
    from kb.cli import _parsing_code

    read: list[Path] = []
    real = Path.read_bytes

    def reading(path: Path) -> bytes:
        read.append(path.resolve())
        return real(path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "read_bytes", reading)
        assert len(_parsing_code()) == 12
    assert {Path(one.__file__ or "").resolve() for one in (ingest.parse.notices, ingest.replay)} <= set(read)


def test_a_raw_store_that_holds_nothing_is_none(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.commands.digest_of", lambda path: "")
    assert json.loads(place.kb("--with-abstracts", "--json").stdout)["raw_sha256"] == ""


# ---------------------------------------------------------------------------- options that are kept


def test_a_build_if_changed_keeps_the_options_of_the_store(place: Place) -> None:
    place.kb("--as-of", "2026-12-01", "--with-abstracts")
    texts = "select text from article_sections"
    assert place.rows(texts) == [("Invented words.",)]
    kept = "Kept from the last build: --as-of 2026-12-01 --with-abstracts\n"
    before = place.out.stat().st_ino
    assert place.kb("--if-changed").stdout == kept
    assert place.out.stat().st_ino == before
    told = place.kb("--if-changed", "--json")
    assert json.loads(told.stdout)["as_of"] == "2026-12-01"
    assert told.stderr == kept


def test_a_rebuild_keeps_them_too_and_a_plain_build_forgets_them(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.kb("--as-of", "2026-12-01", "--with-abstracts")
    monkeypatch.setattr("ingest.commands.digest_of", lambda path: "1" * 64)
    for _ in range(2):
        assert "Kept from the last build" in place.kb("--if-changed").stdout
        assert place.rows("select as_of, raw_sha256 like '1%', options from builds") == [
            ("2026-12-01", 1, '{"as_of": "2026-12-01", "with_abstracts": true}')
        ]
        assert place.rows("select count(text) from article_sections") == [(1,)]
    assert "Kept" not in place.kb().stdout
    assert place.rows("select options, as_of = '2026-12-01' from builds") == [("{}", 0)]
    assert place.kb("--if-changed").stdout == ""
    assert place.rows("select count(text) from article_sections") == [(0,)]


def test_an_option_that_is_given_counts_and_the_other_is_kept(place: Place) -> None:
    place.kb("--as-of", "2026-12-01", "--with-abstracts")
    said = place.kb("--if-changed", "--as-of", "2026-12-02").stdout
    assert "Kept from the last build: --with-abstracts\n" in said
    assert options_of(place.out).words() == "--as-of 2026-12-02 --with-abstracts"
    assert "Built" not in place.kb("--if-changed", "--as-of", "2026-12-02").stdout


def test_an_option_is_remembered_even_when_it_changes_no_row_yet(place: Place, shelf: Path) -> None:
    place.raw.joinpath("log.db").unlink()
    plain = ("build", "--data", str(shelf), "--out", str(place.out))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place.out.parent.parent)
        CliRunner().invoke(main, plain)
        CliRunner().invoke(main, [*plain, "--if-changed", "--with-abstracts"])
    assert options_of(place.out) == Options(with_abstracts=True)


@pytest.mark.parametrize("text", ["", "[]", "7", '{"as_of": "soon"}', '{"as_of": 7}', "null"])
def test_options_that_cannot_be_read_are_the_defaults(place: Place, text: str) -> None:
    build(place.data, place.out)
    with closing(sqlite3.connect(place.out)) as db:
        db.execute("update builds set options = ?", (text,))
        db.commit()
    assert options_of(place.out) == Options()
    assert options_of(place.out.with_name("none.db")) == Options()


# ---------------------------------------------------------------------------- a raw store that is not there


def test_a_raw_store_that_is_named_must_be_there(place: Place, tmp_path: Path) -> None:
    said = place.kb(raw=tmp_path / "rwa")
    assert said.exit_code == 2
    assert "there is no raw store at" in said.stderr
    assert not place.out.exists()


def test_the_default_raw_store_may_be_absent(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.rmtree(place.raw)
    said = CliRunner().invoke(main, ["build", "--data", str(place.data), "--out", str(place.out), "--json"])
    assert (said.exit_code, json.loads(said.stdout)["raw_sha256"]) == (0, "")


def test_the_store_holds_what_was_fetched_whatever_its_order(place: Place) -> None:
    one = build(place.data, place.out, raw=RAW).content_sha256
    assert build(place.data, place.out, raw=replace(RAW, snapshots=RAW.snapshots[::-1])).content_sha256 == one
