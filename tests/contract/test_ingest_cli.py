"""``kb ingest`` as a user meets it: what it asks for, what it says, how it ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kb.cli import main
from tests.doubles.faults import Faults, Rule
from tests.doubles.library import World
from tests.doubles.server import Double
from tests.worldfacts import facts

WORLD = World.make(seed=9, papers=30, trials=12)
SECRET, ADDRESS = "feedfacefeedface-key", "reviewer@example.org"


@pytest.fixture(scope="module")
def double() -> Iterator[Double]:
    with Double(WORLD, api_key=SECRET) as one:
        yield one


def ingest(double: Double | None, *words: str, **environment: str) -> Result:
    places = {}
    if double is not None:
        places = {
            "KB_PUBMED_URL": double.eutils,
            "KB_CLINICALTRIALS_URL": double.ctgov,
            "KB_EUROPEPMC_URL": double.europepmc,
            "KB_RETRACTION_WATCH_URL": double.retraction_watch,
            "KB_BASELINE_URL": double.baseline,
        }
    environment = {
        "KB_RATE": "500",
        "KB_PATIENCE": "2,0.01,0.02,5",
        "NCBI_API_KEY": "",
        "NCBI_EMAIL": "",
        **environment,
    }
    return CliRunner().invoke(main, ["ingest", *words], env={**places, **environment}, catch_exceptions=False)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return tmp_path / "raw"


# ---------------------------------------------------------------------------- what is asked


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("pubmed",), "Say one thing"),
        (("pubmed", "--query", " "), "Say one thing"),
        (("pubmed", "--query", "x", "12"), "Say one thing"),
        (("trials", "--query", "x", "--on-file"), "Say one thing"),
        (("pubmed", "12", "--since", "2026-01-01"), "--since and --until go with --query"),
        (("pubmed", "@no-such-file"), "no such file"),
        (("pubmed", "--query", "x", "--since", "yesterday"), "does not match"),
        (("pubmed", "--query", "x", "--workers", "99"), "99"),
    ],
)
def test_what_cannot_be_meant_is_said_and_nothing_is_made(raw: Path, words: tuple[str, ...], told: str) -> None:
    done = ingest(None, *words, "--raw", str(raw))
    assert done.exit_code == 2
    assert told in done.stderr
    assert not raw.exists()


def test_without_a_subcommand_it_explains_itself() -> None:
    done = ingest(None)
    assert done.exit_code == 0
    assert all(name in done.stdout for name in ("pubmed", "trials", "retractions", "baseline", "refresh", "--replay"))


def test_a_dry_run_prints_queries_and_counts_and_writes_nothing(double: Double, raw: Path) -> None:
    done = ingest(double, "pubmed", "--query", "all[sb]", "--dry-run", "--raw", str(raw))
    assert done.exit_code == 0
    assert "all[sb]" in done.stdout
    assert "30" in done.stdout
    assert not raw.exists()
    told = json.loads(ingest(double, "trials", "--query", "ALL", "--dry-run", "--json", "--raw", str(raw)).stdout)
    assert [(one["source"], one["total"], one["requests"]) for one in told["queries"]] == [
        ("ClinicalTrials.gov", 12, 1)
    ]
    assert not any("efetch" in seen.path for seen in double.seen)


def test_numbers_come_from_a_file_with_commas_and_lines(double: Double, raw: Path, tmp_path: Path) -> None:
    path = tmp_path / "pmids.txt"
    path.write_text(f"{WORLD.pmids[0]}, {WORLD.pmids[1]}\n{WORLD.pmids[2]}\n", encoding="utf-8")
    told = json.loads(ingest(double, "pubmed", f"@{path}", "--json", "--raw", str(raw)).stdout)
    assert set(told["runs"][0]["new"]) == set(WORLD.pmids[:3])


def test_what_is_on_file_is_asked_for_by_number(double: Double, raw: Path, tmp_path: Path) -> None:
    data = facts(tmp_path, WORLD, WORLD.pmids[5:7], WORLD.ncts[2:4])
    for name, numbers in (("pubmed", WORLD.pmids[5:7]), ("trials", WORLD.ncts[2:4])):
        told = json.loads(ingest(double, name, "--on-file", "--json", "--raw", str(raw), "--data", str(data)).stdout)
        assert set(numbers) <= set(told["runs"][0]["new"])
        assert told["complete"]


@pytest.mark.parametrize(
    ("words", "noun"),
    [(("europepmc", "--query", "cells"), "30 records"), (("retractions",), "1 file"), (("baseline",), "files")],
)
def test_every_other_door_opens(double: Double, raw: Path, words: tuple[str, ...], noun: str) -> None:
    done = ingest(double, *words, "--raw", str(raw))
    assert done.exit_code == 0, done.output
    assert noun in done.stdout
    held = json.loads(ingest(None, "status", "--json", "--raw", str(raw)).stdout)
    assert held["articles"] or held["integrity_events"]


# ---------------------------------------------------------------------------- how it ends


def test_a_gap_is_told_stored_and_in_the_exit_code(double: Double, raw: Path) -> None:
    done = ingest(double, "pubmed", WORLD.pmids[0], "99999999", "--raw", str(raw))
    assert done.exit_code == 1
    assert "GAP: not in PubMed: 1 (99999999)" in done.stdout
    status = ingest(None, "status", "--raw", str(raw))
    assert status.exit_code == 1
    assert "GAP" in status.stdout
    assert "99999999" in status.stdout


def test_a_query_the_service_refuses_is_said_and_ends_with_two(double: Double, raw: Path) -> None:
    done = ingest(double, "trials", "--query", "AREA[Nowhere]x", "--raw", str(raw))
    assert done.exit_code == 2
    assert "Nowhere" in done.stderr
    assert "Traceback" not in done.output


def test_nobody_there_ends_with_two_and_says_how_often_it_tried(raw: Path) -> None:
    with Double(WORLD) as gone:
        pass
    done = ingest(gone, "pubmed", "--query", "all[sb]", "--raw", str(raw))
    assert done.exit_code == 2
    assert "2 tries" in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("pubmed", "12", "NCT00000001"), "NCT00000001"),
        (("trials", "NCT1"), "NCT1"),
        (("pubmed", "@{folder}"), "no such file of numbers"),
        (("pubmed", "@{folder}/empty.txt"), "holds no numbers"),
        (("pubmed", "--query", "x", "--since", "2026-12-01", "--until", "2026-01-01"), "is after"),
    ],
)
def test_numbers_of_no_source_and_days_upside_down_are_said(
    raw: Path, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    (tmp_path / "empty.txt").write_text(" ,\n", encoding="utf-8")
    done = ingest(None, *(word.format(folder=tmp_path) for word in words), "--raw", str(raw))
    assert done.exit_code == 2
    assert told in done.stderr
    assert not raw.exists()


def test_numbers_are_taken_as_people_write_them(double: Double, raw: Path) -> None:
    told = json.loads(ingest(double, "trials", WORLD.ncts[0].lower(), "--json", "--raw", str(raw)).stdout)
    assert told["runs"][0]["new"] == [WORLD.ncts[0]]
    told = json.loads(ingest(double, "pubmed", f"PMID:0{WORLD.pmids[0]}", "--json", "--raw", str(raw)).stdout)
    assert told["runs"][0]["new"] == [WORLD.pmids[0]]


@pytest.mark.parametrize("said", ["x", "1,2", "a,b,c,d"])
def test_a_setting_that_cannot_be_read_is_said(double: Double, raw: Path, said: str) -> None:
    done = ingest(double, "pubmed", "12", "--raw", str(raw), KB_PATIENCE=said)
    assert (done.exit_code, "KB_PATIENCE" in done.stderr) == (2, True)
    done = ingest(double, "pubmed", "12", "--raw", str(raw), KB_RATE="fast")
    assert (done.exit_code, "KB_RATE" in done.stderr) == (2, True)


def test_a_full_disk_ends_with_two_and_the_next_run_mends_it(
    double: Double, raw: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ingest.raw.objects import Objects

    def full(self: Objects, data: bytes) -> str:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(Objects, "put", full)
        done = ingest(double, "pubmed", "--query", "all[sb]", "--raw", str(raw))
    assert done.exit_code == 2
    assert "No space left" in done.stderr
    assert "Traceback" not in done.output
    assert ingest(double, "pubmed", "--query", "all[sb]", "--raw", str(raw)).exit_code == 0


def test_a_dry_run_shows_what_it_can_when_one_query_is_refused(double: Double, tmp_path: Path) -> None:
    data = facts(tmp_path, WORLD, WORLD.pmids[:1], (), [("clinicaltrials", "AREA[Nowhere]x"), ("pubmed", "all[sb]")])
    done = ingest(double, "refresh", "--dry-run", "--data", str(data), "--raw", str(tmp_path / "raw"))
    assert done.exit_code == 2
    assert "FAILED" in done.stdout
    assert "in all: 30" in done.stdout


def test_numbers_may_be_parted_by_commas(double: Double, raw: Path) -> None:
    told = json.loads(ingest(double, "pubmed", ",".join(WORLD.pmids[:3]), "--json", "--raw", str(raw)).stdout)
    assert set(told["runs"][0]["new"]) == set(WORLD.pmids[:3])


def test_nothing_on_file_is_said(raw: Path, tmp_path: Path) -> None:
    data = facts(tmp_path, WORLD, WORLD.pmids[:1])
    done = ingest(None, "trials", "--on-file", "--data", str(data), "--raw", str(raw))
    assert (done.exit_code, "Nothing on file" in done.stderr) == (2, True)


def test_bad_files_of_a_folder_do_not_hold_up_the_good_one_behind_them(raw: Path, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    bad = {
        "a.xml": b"<!DOCTYPE PubmedArticleSet [<!ENTITY a 'b'>]><PubmedArticleSet/>",
        "b.xml": b"<PubmedArticleSet>a\0b</PubmedArticleSet>",
        "c.xml": WORLD.pubmed_xml(WORLD.pmids[:1]).decode().encode("utf-16"),
        "d.xml": b"<html><body>blocked</body></html>",
    }
    for name, content in bad.items():
        (folder / name).write_bytes(content)
    (folder / "e.xml").write_bytes(WORLD.pubmed_xml(WORLD.pmids[:1]))
    done = ingest(None, "baseline", str(folder), "--raw", str(raw))
    assert done.exit_code == 1
    assert all(name in done.stdout for name in bad), "each is named"
    assert "1 fetched" in done.stdout


def test_troubles_are_told_on_standard_error_and_leave_the_json_clean(raw: Path) -> None:
    with Double(WORLD, Faults(0, [Rule("server_500", times=1)])) as double:
        done = ingest(double, "pubmed", "--query", "all[sb]", "--json", "--raw", str(raw))
    assert json.loads(done.stdout)["complete"]
    assert "status 500" in done.stderr


def test_status_and_replay_say_the_same_and_need_a_raw_store(double: Double, raw: Path, tmp_path: Path) -> None:
    missing = ingest(None, "status", "--raw", str(raw))
    assert (missing.exit_code, "there is no raw store" in missing.stderr) == (2, True)
    ingest(double, "trials", "--query", "ALL", "--raw", str(raw))
    status = json.loads(ingest(None, "status", "--json", "--raw", str(raw)).stdout)
    again = json.loads(ingest(None, "--replay", "--json", "--raw", str(raw)).stdout)
    assert status == again
    assert status["registrations"] == 12


def test_a_damaged_answer_is_named(double: Double, raw: Path) -> None:
    ingest(double, "pubmed", "--query", "all[sb]", "--raw", str(raw))
    (path,) = (raw / "objects").glob("??/*")
    path.chmod(0o644)
    path.write_bytes(b"tampered with")
    done = ingest(None, "status", "--raw", str(raw))
    assert done.exit_code == 2
    assert path.name in done.stderr
    mended = ingest(double, "pubmed", "--query", "all[sb]", "--full", "--raw", str(raw))
    assert mended.exit_code == 0
    assert ingest(None, "status", "--raw", str(raw)).exit_code == 0


# ---------------------------------------------------------------------------- secrets


def test_key_and_address_are_sent_and_stand_nowhere_in_the_raw_store(double: Double, raw: Path) -> None:
    before = len(double.seen)
    done = ingest(double, "pubmed", "--query", "all[sb]", "--raw", str(raw), NCBI_API_KEY=SECRET, NCBI_EMAIL=ADDRESS)
    assert done.exit_code == 0
    sent = double.seen[before:]
    assert all(seen.params["api_key"] == SECRET and seen.params["email"] == ADDRESS for seen in sent)
    for path in raw.rglob("*"):
        if path.is_file():
            assert SECRET.encode() not in path.read_bytes(), path
            assert ADDRESS.encode() not in path.read_bytes(), path


def test_other_services_are_told_neither(double: Double, raw: Path) -> None:
    before = len(double.seen)
    ingest(double, "trials", "--query", "ALL", "--raw", str(raw), NCBI_API_KEY=SECRET, NCBI_EMAIL=ADDRESS)
    sent = double.seen[before:]
    assert sent
    assert not any(SECRET in seen.params.values() or ADDRESS in seen.params.values() for seen in sent)


def test_a_rate_of_ones_own_is_for_this_machine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting may make the program ask a public service faster than it allows."""
    from ingest.sources import _rate

    monkeypatch.setenv("KB_RATE", "500")
    assert _rate("", 3.0) == 3.0
    assert _rate("https://eutils.example.org/entrez/eutils", 3.0) == 3.0
    assert _rate("http://127.0.0.1:8000/entrez/eutils", 3.0) == 500.0
