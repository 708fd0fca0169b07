"""Each source against the double: what it lists, what it asks, what it makes of odd answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest

from ingest.errors import IngestError, RefusedError, UnreadableError, WrongBodyError
from ingest.pacer import Pacer
from ingest.parse.pubmed_xml import parse_articles
from ingest.raw.rawstore import RawStore, writing
from ingest.services.clinicaltrials import ClinicalTrials
from ingest.services.pubmed import PubMed
from ingest.source import Want
from ingest.transport import Http
from kb.records.article import Article
from tests import ingesting
from tests.doubles.faults import Faults, Rule
from tests.doubles.library import World
from tests.doubles.server import Double

WORLD = World.make(seed=4, papers=80, trials=30)
LATER = WORLD.later(1)


@pytest.fixture
def double() -> Iterator[Double]:
    with Double(WORLD) as one:
        yield one


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RawStore]:
    with writing(tmp_path / "raw") as one:
        yield one


@pytest.fixture
def ask() -> Iterator[Http]:
    with Http(Pacer(5000), {"tool": "t", "email": "e@example.org"}, ingesting.PATIENCE) as one:
        yield one


@pytest.fixture
def plain() -> Iterator[Http]:
    with Http(Pacer(5000), patience=ingesting.PATIENCE) as one:
        yield one


def pubmed(double: Double, **values: int) -> PubMed:
    return PubMed(double.eutils, date(2026, 11, 23), **values)


def asked(double: Double, path: str) -> list[dict[str, str]]:
    return [seen.params for seen in double.seen if path in seen.path]


# ---------------------------------------------------------------------------- PubMed


@pytest.mark.parametrize("ceiling", [7, 20, 79, 80])
def test_a_search_beyond_the_limit_is_sliced_and_nothing_is_lost_or_twice(ask: Http, ceiling: int) -> None:
    with Double(WORLD, ceiling=ceiling) as double:
        listing = pubmed(double, limit=ceiling, page=5).listing(Want("all[sb]"), ask)
    ids = [item.id for item in listing.items]
    assert sorted(ids) == sorted(WORLD.pmids)
    assert (listing.total, listing.shortfall) == (80, "")


def test_a_day_that_cannot_be_sliced_is_a_named_shortfall(ask: Http) -> None:
    crowded = World.make(seed=4, papers=40, days=1)
    with Double(crowded, ceiling=15) as double:
        listing = pubmed(double, limit=15, page=15).listing(Want("all[sb]"), ask)
    assert len(listing.items) == 15
    assert listing.total == 40
    assert "25 records of 2026-02-28" in listing.shortfall
    assert "narrow the query" in listing.shortfall


def test_pages_come_from_the_history_by_post_with_tool_and_email(double: Double, ask: Http) -> None:
    pubmed(double, page=30).listing(Want("all[sb]"), ask)
    searches = asked(double, "esearch")
    assert searches[0]["usehistory"] == "y"
    assert [one.get("retstart", "0") for one in searches] == ["0", "30", "60"]
    assert all(one["WebEnv"] for one in searches[1:])
    assert all(seen.method == "POST" and seen.named for seen in double.seen)


def test_an_expired_history_is_renewed(ask: Http) -> None:
    with Double(WORLD, Faults(0, [Rule("expired_history", after=1, times=1)])) as double:
        listing = pubmed(double, page=30).listing(Want("all[sb]"), ask)
        assert len([one for one in asked(double, "esearch") if one["term"] == "all[sb]"]) == 2
    assert (len(listing.items), listing.shortfall) == (80, "")


def test_a_count_tells_without_listing(double: Double, ask: Http) -> None:
    counted = pubmed(double).count(Want("all[sb]"), ask)
    assert (counted.items, counted.total) == ((), 80)
    assert any(note.startswith("PubMed searched for:") for note in counted.notes)


def test_words_pubmed_ignores_are_passed_on(double: Double, ask: Http) -> None:
    listing = pubmed(double).listing(Want('"no such phrase anywhere"[tiab] OR all[sb]'), ask)
    assert any("no such phrase anywhere" in note for note in listing.notes)


def test_since_asks_for_what_entered_and_what_was_revised(double: Double, ask: Http) -> None:
    double.world = LATER
    listing = pubmed(double).listing(Want("all[sb]", since=str(LATER.day)), ask)
    windows = [(one["datetype"], one["mindate"]) for one in asked(double, "esearch") if "datetype" in one]
    day = f"{LATER.day:%Y/%m/%d}"
    assert {("edat", day), ("mdat", day)} == set(windows)
    moved = {*LATER.changes.new_pmids, *LATER.changes.revised_pmids, *LATER.changes.retracted}
    assert moved <= {item.id for item in listing.items}
    assert len(listing.items) < 20


def test_many_numbers_go_by_post_and_come_back_as_asked(double: Double, ask: Http) -> None:
    wanted = WORLD.pmids[:60]
    body = pubmed(double).fetch(wanted, ask)
    assert {seen.method for seen in double.seen} == {"POST"}
    assert "?db=pubmed&retmode=xml&id=" in body.url, "an address that anybody can open again"
    assert {one.pmid for one in parse_articles(BytesIO(body.data)) if isinstance(one, Article)} == set(wanted)


def test_records_nobody_asked_for_are_not_taken(store: RawStore) -> None:
    with Double(WORLD, Faults(0, [Rule("foreign_records", path_regex="efetch", times=99)])) as double:
        outcome = ingesting.run(store, double, "pubmed", Want(ids=WORLD.pmids[:3]))
    assert outcome.fetched == 0
    assert "nobody asked for" in outcome.gaps[0]


# ---------------------------------------------------------------------------- runs


def test_the_second_run_asks_for_what_is_new_and_what_moved(double: Double, store: RawStore) -> None:
    ingesting.run(store, double, "pubmed", now=f"{WORLD.day}T03:00:00Z")
    double.world = LATER
    before = len(double.seen)
    outcome = ingesting.run(store, double, "pubmed", now=f"{LATER.day}T03:00:00Z")
    assert set(outcome.new) == set(LATER.changes.new_pmids)
    assert set(LATER.changes.revised_pmids) <= set(outcome.updated)
    assert outcome.gone == LATER.changes.gone_pmids
    fetched = {n for seen in double.seen[before:] if "efetch" in seen.path for n in seen.params["id"].split(",")}
    assert len(fetched) < 20


def test_full_fetches_everything_again_and_stores_nothing_twice(double: Double, store: RawStore) -> None:
    ingesting.run(store, double, "pubmed")
    names = list(store.objects.names())
    outcome = ingesting.run(store, double, "pubmed", full=True)
    assert outcome.fetched == 80
    assert len(outcome.updated) == 80
    assert list(store.objects.names()) == names


def test_numbers_on_file_are_looked_at_again_when_they_moved(double: Double, store: RawStore) -> None:
    revised = LATER.changes.revised_pmids[0]
    want = Want(ids=(revised, WORLD.pmids[0]))
    ingesting.run(store, double, "pubmed", want, now=f"{WORLD.day}T03:00:00Z")
    double.world = LATER
    outcome = ingesting.run(store, double, "pubmed", want, now=f"{LATER.day}T03:00:00Z")
    assert outcome.updated == (revised,)


def test_a_service_that_falls_silent_is_not_asked_a_hundred_times(store: RawStore) -> None:
    with Double(WORLD, Faults(0, [Rule("server_500", path_regex="efetch", times=999)])) as double:
        outcome = ingesting.run(store, double, "pubmed")
        first = len(double.seen)
        double.faults = Faults(0)
        again = ingesting.run(store, double, "pubmed")
    assert first < 60, "three batches of six tries, some under way, no more"
    assert any("stopped answering" in gap for gap in outcome.gaps)
    assert not outcome.whole
    assert again.resumed
    assert again.whole
    assert again.fetched == 80


# ---------------------------------------------------------------------------- ClinicalTrials.gov


def test_a_listing_tells_the_day_of_update_so_that_only_what_moved_is_fetched(double: Double, store: RawStore) -> None:
    ingesting.run(store, double, "clinicaltrials")
    double.world = LATER
    outcome = ingesting.run(store, double, "clinicaltrials")
    changes = LATER.changes
    assert set(outcome.new) == set(changes.new_ncts)
    assert set(outcome.updated) >= {*changes.revised_ncts, *changes.merged.values()}
    assert outcome.gone == tuple(sorted(changes.merged))
    assert outcome.fetched == len({*changes.new_ncts, *changes.revised_ncts, *changes.merged.values()})


@pytest.mark.parametrize("how_many", [1, 2])
def test_a_former_number_leads_to_the_present_one(double: Double, store: RawStore, how_many: int) -> None:
    double.world = LATER
    old, new = next(iter(LATER.changes.merged.items()))
    wanted = (old, WORLD.ncts[0])[:how_many]
    outcome = ingesting.run(store, double, "clinicaltrials", Want(ids=wanted))
    assert outcome.whole, outcome
    (snapshot,) = [s for s in ingesting.held(store.folder).snapshots if old in s.registration.aliases]
    assert snapshot.registration.id == new


def test_a_query_the_registry_cannot_read_is_said_in_its_own_words(double: Double, plain: Http) -> None:
    with pytest.raises(RefusedError, match="status 400"):
        ClinicalTrials(double.ctgov).listing(Want("AREA[NoSuchField]x"), plain)


def test_since_goes_into_the_advanced_filter(double: Double, plain: Http) -> None:
    listing = ClinicalTrials(double.ctgov).listing(Want("ALL", since="2026-01-01"), plain)
    assert asked(double, "studies")[0]["filter.advanced"] == "AREA[LastUpdatePostDate]RANGE[2026-01-01,MAX]"
    assert 0 < len(listing.items) < 30
    assert all(item.stamp >= "2026-01-01" for item in listing.items)


@pytest.mark.parametrize("kind", ["duplicate_token", "changed_total", "missing_across_pages"])
def test_paging_that_never_adds_up_is_a_named_shortfall(plain: Http, kind: str) -> None:
    with Double(WORLD, Faults(0, [Rule(kind, times=999)])) as double:
        listing = ClinicalTrials(double.ctgov, page=8).listing(Want("ALL"), plain)
    assert listing.shortfall
    assert listing.total >= len(listing.items) > 0


@pytest.mark.parametrize("kind", ["dangling_token", "duplicated_across_pages"])
def test_paging_that_is_only_untidy_is_whole(plain: Http, kind: str) -> None:
    with Double(WORLD, Faults(0, [Rule(kind, times=999)])) as double:
        listing = ClinicalTrials(double.ctgov, page=8).listing(Want("ALL"), plain)
    assert (len(listing.items), listing.shortfall) == (30, "")


# ---------------------------------------------------------------------------- files


def test_an_unchanged_retraction_file_is_not_sent_again(double: Double, store: RawStore) -> None:
    ingesting.run(store, double, "retraction_watch")
    outcome = ingesting.run(store, double, "retraction_watch")
    assert outcome.fetched == 0
    assert [seen.status for seen in double.seen] == [200, 304]
    double.world = LATER
    assert ingesting.run(store, double, "retraction_watch").updated == ("retraction_watch.csv",)


def test_a_later_edition_of_a_file_replaces_the_earlier(double: Double, store: RawStore) -> None:
    ingesting.run(store, double, "retraction_watch")
    first = {(e.record_id, e.kind) for e in ingesting.held(store.folder).events}
    double.world = LATER
    ingesting.run(store, double, "retraction_watch")
    second = {(e.record_id, e.kind) for e in ingesting.held(store.folder).events}
    (retracted,) = LATER.changes.retracted
    told = {record for record, kind in second - first if kind == "retracted"}
    assert any(retracted in record for record in told), told


def test_what_an_earlier_edition_said_and_the_later_took_back_is_gone(store: RawStore, double: Double) -> None:
    double.world = LATER
    ingesting.run(store, double, "retraction_watch")
    told = set(ingesting.held(store.folder).events)
    double.world = WORLD
    first = ingesting.run(store, double, "retraction_watch")
    if not first.whole:  # it lost much, so it must come twice
        assert "bytes where it had" in first.gaps[0]
        assert set(ingesting.held(store.folder).events) == told
        ingesting.run(store, double, "retraction_watch")
    assert set(ingesting.held(store.folder).events) < told


@pytest.fixture
def files(tmp_path: Path, double: Double) -> Path:
    """A folder with the double's own baseline files."""
    import httpx

    folder = tmp_path / "files"
    folder.mkdir()
    for name in sorted({n for n in httpx.get(double.baseline).text.split('"') if n.endswith((".gz", ".md5"))}):
        (folder / name).write_bytes(httpx.get(f"{double.baseline}{name}").content)
    return folder


def local(store: RawStore, double: Double, files: Path, *names: str) -> object:
    from ingest.run import Runner
    from ingest.services.baseline import Baseline

    with Http(Pacer(5000), patience=ingesting.PATIENCE) as ask:
        runner = Runner(store, Baseline(str(files)), ask, lambda: ingesting.NOW, ingesting.Quiet())
        return runner.run(Want(ids=names))


def test_files_of_a_folder_give_the_same_records_without_a_request(
    double: Double, store: RawStore, files: Path
) -> None:
    before = len(double.seen)
    local(store, double, files)
    assert len(double.seen) == before
    assert {held.article.pmid for held in ingesting.held(store.folder).articles} == set(WORLD.pmids)


def test_a_file_whose_bytes_changed_is_a_named_gap(double: Double, store: RawStore, files: Path) -> None:
    damaged = min(files.glob("*.gz"))
    damaged.write_bytes(damaged.read_bytes()[:-20])
    outcome = local(store, double, files)
    (gap,) = outcome.gaps  # type: ignore[attr-defined]
    assert damaged.name in gap
    assert "MD5" in gap


def test_a_file_that_is_not_there_is_said_before_anything_is_read(double: Double, store: RawStore, files: Path) -> None:
    with pytest.raises(RefusedError, match=r"no file pubmed99n0001\.xml\.gz"):
        local(store, double, files, "pubmed99n0001.xml.gz")


def test_an_empty_folder_is_said(double: Double, store: RawStore, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(RefusedError, match="holds no"):
        local(store, double, tmp_path / "empty")


# ---------------------------------------------------------------------------- the raw store as a whole


def test_a_damaged_answer_stops_the_replay_and_is_named(double: Double, store: RawStore) -> None:
    ingesting.run(store, double, "pubmed")
    name = next(store.objects.names())
    store.objects.path(name).chmod(0o644)
    store.objects.path(name).write_bytes(b"something else")
    with pytest.raises(UnreadableError, match=name):
        ingesting.held(store.folder)


def test_errors_have_one_root() -> None:
    assert issubclass(WrongBodyError, IngestError)
    assert issubclass(UnreadableError, IngestError)
