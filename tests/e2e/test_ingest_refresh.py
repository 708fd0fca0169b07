"""Two nights: what is new, changed, gone and retracted is told, stored, and moves the statuses it should."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kb.cli import main
from tests.doubles.library import World
from tests.doubles.server import Double
from tests.worldfacts import facts

FIRST = World.make(seed=5, papers=60, trials=24)
SECOND = FIRST.later(1)
CHANGES = SECOND.changes
#: Publications on file: one that the second night retracts, one that it leaves alone.
RETRACTED = next(iter(CHANGES.retracted))
_MOVED = {*CHANGES.gone_pmids, *CHANGES.revised_pmids, *CHANGES.retracted, *CHANGES.retracted.values()}
SOUND = next(one for one in FIRST.pmids[5:] if one not in _MOVED)
#: Registrations on file: one that is revised, the one that is merged away, and the one it is merged into.
REVISED = CHANGES.revised_ncts[0]
MERGED, INTO = next(iter(CHANGES.merged.items()))


@dataclass
class Nights:
    """The raw store after each night, and what the command told."""

    data: Path
    first: Path
    second: Path
    told: list[dict[str, Any]]
    codes: list[int]


def kb(double: Double | None, *words: str) -> Result:
    places = {}
    if double is not None:
        places = {
            "KB_PUBMED_URL": double.eutils,
            "KB_CLINICALTRIALS_URL": double.ctgov,
            "KB_RETRACTION_WATCH_URL": double.retraction_watch,
            "KB_RATE": "500",
            "KB_PATIENCE": "4,0.01,0.05,5",
        }
    return CliRunner().invoke(main, list(words), env=places, catch_exceptions=False)


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    folder = tmp_path_factory.mktemp("nights")
    data = facts(
        folder, FIRST, (RETRACTED, SOUND), (REVISED, MERGED, INTO), [("pubmed", "all[sb]"), ("clinicaltrials", "ALL")]
    )
    raw, told, codes = folder / "raw", [], []
    with Double(FIRST) as double, pytest.MonkeyPatch.context() as clock:
        for world, copy in ((FIRST, "first"), (SECOND, "second")):
            double.world = world
            clock.setattr("ingest.session.now", lambda day=world.day: f"{day}T03:00:00Z")  # a night of that world
            done = kb(double, "ingest", "refresh", "--raw", str(raw), "--data", str(data), "--json")
            codes.append(done.exit_code)
            told.append(json.loads(done.stdout))
            shutil.copytree(raw, folder / copy)
    yield Nights(data, folder / "first", folder / "second", told, codes)


def build(nights: Nights, raw: Path, out: Path, *words: str) -> dict[str, Any]:
    """Build as of a day long after both nights."""
    if "--as-of" not in words:
        words = (*words, "--as-of", "2035-01-01")
    done = kb(None, "build", "--data", str(nights.data), "--raw", str(raw), "--out", str(out), "--json", *words)
    assert done.exit_code == 0, done.output
    manifest: dict[str, Any] = json.loads(done.stdout)
    return manifest


def rows(path: Path, sql: str, *values: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        return db.execute(sql, values).fetchall()


# ---------------------------------------------------------------------------- what is told


def test_the_first_night_fetches_everything_and_says_so(nights: Nights) -> None:
    assert nights.codes[0] == 0, nights.told[0]
    assert nights.told[0]["complete"]
    assert set(nights.told[0]["news"]["new"]) == {f"PMID:{one}" for one in FIRST.pmids} | set(FIRST.ncts)


def test_the_second_night_tells_exactly_what_happened(nights: Nights) -> None:
    news = nights.told[1]["news"]
    assert set(news["new"]) == {f"PMID:{one}" for one in CHANGES.new_pmids} | set(CHANGES.new_ncts)
    assert news["retracted"] == [f"PMID:{RETRACTED}"]
    assert {f"PMID:{one}" for one in CHANGES.gone_pmids} <= set(news["gone"])
    assert MERGED in news["gone"], "the registry no longer lists the old number"
    changed = {f"PMID:{one}" for one in (*CHANGES.revised_pmids, RETRACTED)} | {*CHANGES.revised_ncts, INTO}
    assert set(news["changed"]) == changed


def test_the_second_night_asks_only_for_what_moved(nights: Nights) -> None:
    by_source = {(run["source"], run["label"]): run for run in nights.told[1]["runs"]}
    moved = len(_MOVED | set(CHANGES.new_pmids))
    assert moved - 1 <= by_source[("pubmed", "STA-1")]["fetched"] <= moved + 5, "the window reaches back a few days"
    assert by_source[("clinicaltrials", "STA-2")]["fetched"] <= len(CHANGES.revised_ncts) + len(CHANGES.new_ncts) + 1


def test_a_third_night_without_news_says_so(nights: Nights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = tmp_path / "raw"
    shutil.copytree(nights.second, raw)
    monkeypatch.setattr("ingest.session.now", lambda: f"{SECOND.day}T04:00:00Z")
    with Double(SECOND) as double:
        done = kb(double, "ingest", "refresh", "--raw", str(raw), "--data", str(nights.data))
    assert done.exit_code == 0, done.output
    assert done.stdout.rstrip().endswith("Nothing new.")


# ---------------------------------------------------------------------------- what is stored


def test_a_retraction_takes_the_study_out_of_every_status(nights: Nights, tmp_path: Path) -> None:
    before, after = tmp_path / "before.db", tmp_path / "after.db"
    build(nights, nights.first, before)
    build(nights, nights.second, after)
    sql = "select integrity from studies where id = ?"
    assert rows(before, sql, f"PMID:{RETRACTED}") == [("none",)]
    assert rows(after, sql, f"PMID:{RETRACTED}") == [("retracted",)]
    assert rows(after, sql, f"PMID:{SOUND}") == [("none",)]
    used = "select count(*) from evidence where record_id = ? and deciding = 1"
    assert rows(before, used, f"PMID:{RETRACTED}")[0][0] > 0
    assert rows(after, used, f"PMID:{RETRACTED}") == [(0,)]
    sql = (
        "select distinct kind, notice from integrity_events"
        " where study_id = ? and origin = 'pubmed' and kind <> 'checked'"
    )
    told = rows(after, sql, f"PMID:{RETRACTED}")
    assert told == [("retracted", f"PMID:{CHANGES.retracted[RETRACTED]}")], "by the paper and by its notice, the same"


def test_a_registration_on_file_gets_the_registry_s_own_words_and_its_history(nights: Nights, tmp_path: Path) -> None:
    out = tmp_path / "after.db"
    build(nights, nights.second, out)
    study = SECOND.study(REVISED)["protocolSection"]
    ((status, enrollment, checked),) = rows(out, "select status, enrollment, checked from trials where id = ?", REVISED)
    assert status == study["statusModule"]["overallStatus"]
    assert checked == "registry"
    assert enrollment != 77777
    fields = {field for (field,) in rows(out, "select field from trial_changes where registration_id = ?", REVISED)}
    assert "status" in fields
    ((doubt,),) = rows(out, "select doubt from trials where id = ?", MERGED)
    assert INTO in doubt
    assert "count once" in doubt


def test_what_a_search_no_longer_lists_stays_and_is_marked(nights: Nights, tmp_path: Path) -> None:
    out = tmp_path / "e.db"
    build(nights, nights.second, out)
    sql = "select id, gone from {} where gone is not null"
    assert rows(out, sql.format("articles")) == [(f"PMID:{one}", str(SECOND.day)) for one in CHANGES.gone_pmids]
    assert rows(out, sql.format("registrations")) == [(MERGED, str(SECOND.day))]


def test_nothing_fetched_after_the_day_is_used_for_a_status(nights: Nights, tmp_path: Path) -> None:
    out = tmp_path / "early.db"
    done = kb(None, "build", "--data", str(nights.data), "--raw", str(nights.second), "--out", str(out),
              "--as-of", "2021-01-01")  # fmt: skip
    assert "move no registration" in done.stdout
    assert rows(out, "select status, enrollment from trials where id = ?", REVISED) == [("RECRUITING", 77777)]
    assert rows(out, "select integrity from studies where id = ?", f"PMID:{RETRACTED}") == [("unchecked",)]
    assert rows(out, "select count(*) from articles")[0][0] > 0, "shown all the same"


def test_the_raw_store_replays_offline_to_the_same_content(nights: Nights, tmp_path: Path) -> None:
    one = build(nights, nights.second, tmp_path / "one.db")
    copy = tmp_path / "elsewhere"
    shutil.copytree(nights.second, copy)
    two = build(nights, copy, tmp_path / "two.db")
    assert one["content_sha256"] == two["content_sha256"]
    assert one["raw_sha256"] == two["raw_sha256"] != ""
    again = [json.loads(kb(None, "ingest", "--replay", "--json", "--raw", str(raw), "--data", str(nights.data)).stdout)
             for raw in (nights.second, copy)]  # fmt: skip
    assert again[0] == again[1]
    assert build(nights, nights.first, tmp_path / "first.db")["content_sha256"] != one["content_sha256"]


def test_without_a_raw_store_a_build_is_what_it_was(
    nights: Nights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = kb(None, "build", "--data", str(nights.data), "--out", str(tmp_path / "plain.db"), "--json")
    manifest = json.loads(done.stdout)
    assert manifest["raw_sha256"] == ""
    assert manifest["counts"]["articles"] == manifest["counts"]["fetches"] == 0


def test_abstracts_are_in_the_store_only_when_asked_for(nights: Nights, tmp_path: Path) -> None:
    without, with_ = tmp_path / "without.db", tmp_path / "with.db"
    first = build(nights, nights.second, without)
    second = build(nights, nights.second, with_, "--with-abstracts")
    sql = "select count(*), count(text), sum(characters) from article_sections"
    ((sections, texts, characters),) = rows(without, sql)
    assert sections > 60
    assert texts == 0
    assert characters > 1000
    assert rows(with_, sql) == [(sections, sections, characters)]
    assert first["raw_sha256"] != second["raw_sha256"]


def test_an_up_to_date_store_is_built_again_only_when_something_came(nights: Nights, tmp_path: Path) -> None:
    out, raw = tmp_path / "e.db", tmp_path / "raw"
    shutil.copytree(nights.first, raw)
    words = ("build", "--data", str(nights.data), "--raw", str(raw), "--out", str(out), "--if-changed")
    assert "Built" in kb(None, *words).stdout
    assert kb(None, *words).stdout == ""
    shutil.rmtree(raw)
    shutil.copytree(nights.second, raw)
    assert "Built" in kb(None, *words).stdout


def test_every_answer_names_its_bytes_and_no_secret(nights: Nights, tmp_path: Path) -> None:
    out = tmp_path / "e.db"
    build(nights, nights.second, out)
    answers = rows(out, "select id, sha256, url from fetches where state = 'done'")
    assert answers
    for _, sha, url in answers:
        assert (nights.second / "objects" / sha[:2] / sha).exists()
        assert not any(word in url for word in ("api_key", "email", "WebEnv"))
    unnamed = "select id from articles where id not in (select record_id from fetch_records)"
    assert rows(out, unnamed) == [], "every record is found in an answer"


def test_searches_that_were_run_are_listed_and_count_for_no_cell_of_the_map(nights: Nights, tmp_path: Path) -> None:
    out = tmp_path / "e.db"
    build(nights, nights.second, out)
    found = rows(out, "select source, query, complete, relevant, indication from searches where kind = 'database'")
    assert ("PubMed", "all[sb]", 1, None, "[]") in found
    assert rows(out, "select distinct searched from map_cells where searched = 'complete'") == []
