"""A run that is killed, at any point and any number of times, goes on and ends as if nothing had happened."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingest.raw.rawstore import reading
from ingest.replay import content
from tests import ingesting
from tests.doubles.faults import Faults, Rule
from tests.doubles.library import World
from tests.doubles.server import Double

ROOT = Path(__file__).resolve().parents[2]
WORLD = World.make(seed=11, papers=150, trials=30)
NAMES = ("pubmed", "clinicaltrials")
#: Folders and kills in each: fifty kills in all.
FOLDERS, KILLS = 10, 5


def killed(folder: Path, double: Double, requests: int, later: float) -> bool:
    """Run in another process and kill it after so many requests and a moment; tell whether it was still running."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.ingesting"])
    before = len(double.log)
    child = context.Process(target=ingesting.run_all, args=(folder, ingesting.Places.of(double), NAMES))
    child.start()
    while child.is_alive() and len(double.log) < before + requests:
        time.sleep(0.001)
    time.sleep(later)
    running = child.is_alive()
    child.kill()
    child.join()
    return running


def state(folder: Path) -> tuple[str, list[str]]:
    """Return what was learnt, and the names of all objects."""
    with reading(folder) as store:
        names = list(store.objects.names())
    return content(ingesting.held(folder)), names


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[str]]:
    folder = tmp_path_factory.mktemp("whole")
    with Double(WORLD) as double:
        assert all(outcome.whole for outcome in ingesting.run_all(folder, double, NAMES))
    return state(folder)


@pytest.mark.parametrize("seed", range(FOLDERS))
def test_killed_five_times_it_ends_the_same(tmp_path: Path, undisturbed: tuple[str, list[str]], seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - where a kill falls, nothing secret
    with Double(WORLD) as double:
        total = 32
        cut = [killed(tmp_path, double, dice.randrange(total // KILLS + 4), dice.random() / 50) for _ in range(KILLS)]
        ingesting.run_all(tmp_path, double, NAMES)
    assert any(cut), "some kills came while it ran"
    assert state(tmp_path) == undisturbed
    assert not list(tmp_path.rglob(".new-*")), "nothing half-written is left"


def test_a_run_that_goes_on_does_not_ask_again_for_what_it_has(tmp_path: Path) -> None:
    with Double(WORLD) as double:
        killed(tmp_path, double, 12, 0.0)
        with reading(tmp_path) as store:
            done = {number for fetch in store.ledger.fetches("done") for number in fetch.ids}
        before = len(double.log)
        outcomes = ingesting.run_all(tmp_path, double, NAMES)
        asked = {
            number
            for seen in double.log[before:]
            if "efetch" in seen.path
            for number in seen.params.get("id", "").split(",")
        }
    assert done, "something was fetched before the kill"
    assert not asked & done
    assert outcomes[0].resumed


def command(double: Double, folder: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "kb.cli", "ingest", "pubmed", "--query", "all[sb]", "--raw", str(folder), *words]


def environment(double: Double, patience: str = "4,0.01,0.05,30") -> dict[str, str]:
    return {**os.environ, "KB_PUBMED_URL": double.eutils, "KB_RATE": "500", "KB_PATIENCE": patience}


def test_control_c_stops_at_once_says_so_and_loses_nothing(tmp_path: Path) -> None:
    with Double(WORLD, Faults(1, [Rule("hang", path_regex="efetch", times=99)])) as double:
        run = subprocess.Popen(command(double, tmp_path), cwd=ROOT, env=environment(double), stderr=subprocess.PIPE)
        while not any("efetch" in seen.path for seen in double.seen) and run.poll() is None:
            time.sleep(0.01)
        started = time.monotonic()
        run.send_signal(signal.SIGINT)
        _, told = run.communicate(timeout=20)
        assert time.monotonic() - started < 15  # the answer it waits for would take 30 s and four tries
        assert run.returncode == 130
        assert "run the same command again to go on" in told.decode()
        double.faults = Faults(0)
        again = subprocess.run(
            command(double, tmp_path), cwd=ROOT, env=environment(double), capture_output=True, text=True, check=False
        )
    assert again.returncode == 0, again.stderr
    assert "went on where it was cut off" in again.stdout
    assert {held.article.pmid for held in ingesting.held(tmp_path).articles} == set(WORLD.pmids)


def test_two_runs_do_not_write_the_same_store(tmp_path: Path) -> None:
    with Double(WORLD, Faults(1, [Rule("hang", path_regex="efetch", times=99)])) as double:
        first = subprocess.Popen(command(double, tmp_path), cwd=ROOT, env=environment(double), stderr=subprocess.PIPE)
        while not any("efetch" in seen.path for seen in double.seen) and first.poll() is None:
            time.sleep(0.01)
        second = subprocess.run(
            command(double, tmp_path), cwd=ROOT, env=environment(double), capture_output=True, text=True, check=False
        )
        first.kill()
        first.communicate()
    assert second.returncode == 2
    assert "another run is writing" in second.stderr
