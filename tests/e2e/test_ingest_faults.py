"""Whatever the services do, the raw store ends as it would have undisturbed, or the gap is named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.errors import IngestError
from ingest.outcome import Outcome
from ingest.raw.rawstore import writing
from ingest.replay import content
from ingest.source import Want
from tests import ingesting
from tests.doubles.faults import KINDS, TRANSIENT, Faults, Rule
from tests.doubles.library import World
from tests.doubles.server import Double

SOURCES = tuple(n for n in ingesting.WANTS if n != "europepmc")
#: Faults that mean nothing for a source: no history, no pages, no JSON, no XML, or a body that is a file.
_PAGES = {"changed_total", "duplicate_token", "dangling_token", "duplicated_across_pages", "missing_across_pages"}
_RECORDS = {"missing_records", "foreign_records", "expired_history", "error_body_200"}
_GZIP = {"truncated_gzip", "corrupt_gzip", "zip_bomb"}
CANNOT: dict[str, set[str]] = {
    "pubmed": {"json_control_chars", "duplicate_token", "dangling_token"},
    "clinicaltrials": {"error_body_200", "expired_history", "truncated_xml"},
    "europepmc": {"error_body_200", "expired_history", "truncated_xml"},
    "retraction_watch": {*_PAGES, *_RECORDS, "truncated_xml", "json_control_chars", "wrong_type", "wrong_charset"},
    "baseline": {*_PAGES, *_RECORDS, *_GZIP, "truncated_xml", "json_control_chars", "wrong_type", "wrong_charset"},
}
WORLD = World.make(seed=7, papers=60, trials=20)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Source → content of its raw store when nothing goes wrong."""
    found = {}
    with Double(WORLD) as double:
        for name in SOURCES:
            folder = tmp_path_factory.mktemp(name)
            (outcome,) = ingesting.run_all(folder, double, [name])
            assert outcome.whole, outcome
            found[name] = content(ingesting.held(folder))
    yield found


def once(folder: Path, double: Double, name: str) -> Outcome | IngestError:
    """Run once; a run that could not even list says so by an error."""
    try:
        (outcome,) = ingesting.run_all(folder, double, [name])
    except IngestError as error:
        return error
    return outcome


def test_every_source_brings_something_and_two_doors_to_pubmed_the_same(undisturbed: dict[str, str]) -> None:
    assert undisturbed["pubmed"] == undisturbed["baseline"]
    assert len(set(undisturbed.values())) == len(SOURCES) - 1


@pytest.mark.parametrize("kind", TRANSIENT)
@pytest.mark.parametrize("name", SOURCES)
def test_a_fault_leaves_the_same_store_or_a_named_gap(
    tmp_path: Path, undisturbed: dict[str, str], name: str, kind: str
) -> None:
    # A file is one request, and a registry tells its total on the first page only; elsewhere one gets through first.
    first_of_all = name == "retraction_watch" or (name, kind) == ("clinicaltrials", "changed_total")
    rule = Rule(kind, times=3, after=0 if first_of_all else 1, seconds=0.01)
    with Double(WORLD, Faults(3, [rule])) as double:
        first = once(tmp_path, double, name)
        assert (sum(double.faults.fired) > 0) is (kind not in CANNOT[name]), "the fault fits, and fired"
        double.faults = Faults(0)
        if isinstance(first, Outcome) and first.whole:
            assert content(ingesting.held(tmp_path)) == undisturbed[name]
            return
        # Not whole, and it says so: in the result, in the raw store, and the next run mends it.
        named = [str(first)] if isinstance(first, IngestError) else [*first.gaps, *first.absent]
        assert named
        assert all(named)
        if isinstance(first, Outcome):
            assert ingesting.held(tmp_path).gaps
            assert content(ingesting.held(tmp_path)) != undisturbed[name]
        again = once(tmp_path, double, name)
        assert isinstance(again, Outcome), again
        assert content(ingesting.held(tmp_path)) == undisturbed[name], again


@pytest.mark.parametrize("seed", range(12))
def test_all_faults_mixed_leave_the_same_store_after_some_runs(
    tmp_path: Path, undisturbed: dict[str, str], seed: int
) -> None:
    name = SOURCES[seed % 3]
    with Double(WORLD, Faults.everything(seed, 2, seconds=0.01)) as double:
        for _ in range(8):
            outcome = once(tmp_path, double, name)
            if isinstance(outcome, Outcome) and outcome.whole:
                break
            assert isinstance(outcome, IngestError) or ingesting.held(tmp_path).gaps
        else:
            pytest.fail(f"not whole after eight runs: {outcome}")
        assert content(ingesting.held(tmp_path)) == undisturbed[name]


def test_what_can_never_be_had_is_a_named_gap_and_all_else_is_there(tmp_path: Path) -> None:
    record = WORLD.pmids[30]
    with Double(WORLD, Faults(1, [Rule("permanent", path_regex="efetch", record=record)])) as double:
        (outcome,) = ingesting.run_all(tmp_path, double, ["pubmed"])
    assert not outcome.whole
    (gap,) = ingesting.held(tmp_path).gaps
    assert gap.kind == "fetch"
    assert record in gap.records
    articles = {held.article.pmid for held in ingesting.held(tmp_path).articles}
    assert articles == set(WORLD.pmids) - set(gap.records)
    assert len(gap.records) <= 9


def test_the_kinds_of_fault_cover_what_services_do() -> None:
    asked_for = {
        "busy_429", "busy_429_retry_after", "server_500", "hang", "reset_mid_body", "truncated_gzip", "wrong_type",
        "block_page_200", "duplicate_token", "dangling_token", "expired_history", "changed_total",
    }  # fmt: skip
    assert asked_for <= set(KINDS)


def test_a_number_the_service_does_not_know_is_named_and_nothing_else_lost(tmp_path: Path) -> None:
    with Double(WORLD) as double, writing(tmp_path) as store:
        pubmed = ingesting.run(store, double, "pubmed", Want(ids=(WORLD.pmids[0], "99999999", WORLD.pmids[1])))
        trials = ingesting.run(store, double, "clinicaltrials", Want(ids=("NCT99999999", WORLD.ncts[0])))
    assert pubmed.absent == ("99999999",)
    assert trials.absent == ("NCT99999999",)
    fetched = ingesting.held(tmp_path)
    assert {held.article.pmid for held in fetched.articles} == set(WORLD.pmids[:2])
    assert [(gap.kind, gap.records) for gap in fetched.gaps] == [
        ("absent", ("NCT99999999",)),
        ("absent", ("99999999",)),
    ]
