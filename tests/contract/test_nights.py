"""Years of nights: nothing that moved is missed, whatever happened to the night before."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.errors import IngestError, ServiceClosedError
from ingest.outcome import Outcome
from ingest.raw.rawstore import RawStore, reading, writing
from ingest.replay import gaps, replay
from ingest.session import Wanted
from ingest.session import run as session
from ingest.source import Want
from ingest.sources import Settings, parsers
from kb.records.fetched import Fetched
from tests import ingesting
from tests.doubles.faults import Faults, Rule
from tests.doubles.library import World
from tests.doubles.server import Double, peak
from tests.worldfacts import facts

FIRST = World.make(seed=12, papers=80, trials=30)
SECOND = FIRST.later(1)
CHANGES = SECOND.changes
REVISED = CHANGES.revised_pmids[0]
QUIET = next(one for one in FIRST.pmids if one not in {*CHANGES.revised_pmids, *CHANGES.retracted, *CHANGES.gone_pmids})
ALL = Want("all[sb]")


@pytest.fixture
def double() -> Iterator[Double]:
    with Double(FIRST) as one:
        yield one


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RawStore]:
    with writing(tmp_path / "raw") as one:
        yield one


def night(store: RawStore, double: Double, want: Want | None = None, name: str = "pubmed", **values: object) -> Outcome:
    """Run a want on the double's own day."""
    values.setdefault("now", f"{double.world.day}T03:00:00Z")
    return ingesting.run(store, double, name, want, **values)  # type: ignore[arg-type]


def title(store: RawStore, pmid: str) -> str:
    found = replay(store, parsers())
    return next(held.article.revised for held in found.articles if held.article.pmid == pmid)


# ---------------------------------------------------------------------------- what moved


def test_a_want_that_changed_still_asks_what_was_revised_before(double: Double, store: RawStore) -> None:
    """One more record on file makes another want; the old records must not be taken as fresh for that."""
    night(store, double, Want(ids=(REVISED,)))
    double.world = SECOND
    outcome = night(store, double, Want(ids=(REVISED, QUIET)))
    assert outcome.updated == (REVISED,)
    assert outcome.new == (QUIET,)


def test_a_record_another_search_brought_is_asked_for_as_well(double: Double, store: RawStore) -> None:
    night(store, double, Want(ids=(REVISED,)))
    double.world = SECOND
    assert REVISED in night(store, double, ALL).updated


def test_since_fetches_again_what_changed(double: Double, store: RawStore) -> None:
    night(store, double, ALL)
    double.world = SECOND
    outcome = night(store, double, Want("all[sb]", since=str(SECOND.day)))
    assert set(CHANGES.revised_pmids) <= set(outcome.updated)


def test_a_refetch_that_failed_is_not_forgotten(double: Double, store: RawStore) -> None:
    night(store, double, ALL)
    old = title(store, REVISED)
    double.world = SECOND
    for day in range(2, 8):
        double.faults = Faults(0, [Rule("permanent", path_regex="efetch", record=REVISED)])
        failing = night(store, double, ALL, now=f"2026-03-{day:02}T03:00:00Z")
        assert not failing.whole
        assert REVISED in {number for gap in gaps(store.ledger) for number in gap.records}
    double.faults = Faults(0)
    assert night(store, double, ALL, now="2026-03-20T03:00:00Z").whole
    assert title(store, REVISED) > old
    assert gaps(store.ledger) == []


def test_a_clock_that_was_ahead_once_hides_nothing(double: Double, store: RawStore) -> None:
    night(store, double, ALL, now="2027-06-01T03:00:00Z")
    double.world = SECOND
    assert set(CHANGES.revised_pmids) <= set(night(store, double, ALL).updated)


def test_a_registry_that_is_behind_its_own_listing_is_asked_again(double: Double, store: RawStore) -> None:
    """The stamp that counts is that of the document, not of the list that named it."""
    night(store, double, name="clinicaltrials")
    moved = CHANGES.revised_ncts[0]
    held = store.ledger.held("clinicaltrials")[moved]
    double.world = SECOND
    assert moved in night(store, double, name="clinicaltrials").updated
    new = store.ledger.held("clinicaltrials")[moved]
    assert new.stamp > held.stamp
    with store.ledger._transaction():
        store.ledger._db.execute("update held set stamp = ? where id = ?", (held.stamp, moved))  # as if it was behind
    assert moved in night(store, double, name="clinicaltrials").updated


def test_a_record_on_file_that_pubmed_no_longer_has_is_told(double: Double, store: RawStore) -> None:
    (lost,) = CHANGES.gone_pmids
    want = Want(ids=(lost, QUIET))
    night(store, double, want)
    double.world = SECOND
    assert night(store, double, want).absent == (lost,)


# ---------------------------------------------------------------------------- what is believed


def test_a_search_that_lost_most_of_its_records_is_believed_only_twice(double: Double, store: RawStore) -> None:
    night(store, double, ALL)
    double.world = World.make(seed=12, papers=30, trials=10)
    first = night(store, double, ALL)
    assert "lists 30 where it listed 80 before" in first.gaps[0]
    assert store.ledger.gone() == []
    second = night(store, double, ALL)
    assert second.whole
    assert len(store.ledger.gone()) == 50


@pytest.mark.parametrize("missing", [1, 3])
def test_slices_are_held_against_the_whole(missing: int) -> None:
    from ingest.services.pubmed import PubMed, _Found

    class Short(PubMed):
        """A PubMed whose dated searches lack some records."""

        def _search(self, query: str, window: object, ask: object, retmax: int) -> _Found:
            whole = str(window) == "the whole search"
            ids = tuple(str(one) for one in range(1, 21))
            if whole:
                return _Found(20, ids[:10], "env", "1", ())
            inside = ids[: 20 - missing] if "1800" in str(window) else ()
            return _Found(len(inside), inside, "env", "1", ())

    listing = Short(limit=19, page=100).listing(ALL, None)  # type: ignore[arg-type]
    assert f"{missing} records answer the whole search and none of its slices" in listing.shortfall
    assert listing.total == 20


def test_a_window_of_days_makes_nothing_gone(double: Double, store: RawStore) -> None:
    want = Want("ALL", since="2024-01-01", until="2026-03-01")
    night(store, double, want, name="clinicaltrials")
    double.world = SECOND
    night(store, double, want, name="clinicaltrials")
    assert store.ledger.gone() == []


# ---------------------------------------------------------------------------- runs that were cut off


def test_bad_records_do_not_hold_up_the_rest_for_ever(double: Double, store: RawStore) -> None:
    bad = FIRST.pmids[:3]
    double.faults = Faults(0, [Rule("permanent", path_regex="efetch", record=one) for one in bad])
    for _ in range(6):
        outcome = night(store, double, ALL)
        if not outcome.unasked:
            break
    assert not outcome.unasked
    assert {number for gap in gaps(store.ledger) for number in gap.records} == set(bad), "each costs only itself"
    double.world = SECOND
    assert set(night(store, double, ALL).new) >= set(CHANGES.new_pmids), "and the next night sees what is new"


def test_bad_records_side_by_side_are_not_taken_for_silence(double: Double, store: RawStore) -> None:
    """Every batch fails at first; a record that came before tells that the service is well."""
    night(store, double, Want(ids=(QUIET,)))
    bad = [one for one in FIRST.pmids[::4] if one != QUIET]
    double.faults = Faults(0, [Rule("permanent", path_regex="efetch", record=one) for one in bad])
    outcome = night(store, double, ALL)
    assert not outcome.unasked
    assert {number for gap in gaps(store.ledger) for number in gap.records} == set(bad)


def test_a_run_cut_off_on_an_earlier_day_ends_and_then_today_is_asked(double: Double, store: RawStore) -> None:
    double.faults = Faults(0, [Rule("server_500", path_regex="efetch", times=999)])
    assert night(store, double, ALL).unasked
    double.faults = Faults(0)
    double.world = SECOND
    outcome = night(store, double, ALL)
    assert outcome.resumed
    assert outcome.listed == len(SECOND.pmids)
    assert set(CHANGES.new_pmids) <= set(outcome.new)


def test_full_means_everything_also_when_a_run_was_cut_off(double: Double, store: RawStore) -> None:
    night(store, double, ALL)
    double.faults = Faults(0, [Rule("server_500", path_regex="efetch", times=999)])
    night(store, double, Want("all[sb]"), full=True)
    double.faults = Faults(0)
    assert night(store, double, ALL, full=True).fetched == len(FIRST.pmids)


def test_gaps_are_not_called_here_already(double: Double, store: RawStore) -> None:
    double.faults = Faults(0, [Rule("server_500", path_regex="efetch", times=999)])
    outcome = night(store, double, ALL)
    assert (outcome.fetched, outcome.here) == (0, 0)
    double.faults = Faults(0)
    assert night(store, double, ALL).whole
    assert night(store, double, ALL).here == len(FIRST.pmids)


def test_a_refused_query_leaves_no_gap_and_a_failed_listing_its_reason(double: Double, store: RawStore) -> None:
    with pytest.raises(IngestError):
        night(store, double, Want("AREA[Nowhere]x"), name="clinicaltrials")
    assert gaps(store.ledger) == []
    double.faults = Faults(0, [Rule("server_500", times=999)])
    with pytest.raises(IngestError):
        night(store, double, ALL)
    (gap,) = gaps(store.ledger)
    assert "status 500" in gap.reason
    double.faults = Faults(0)
    night(store, double, ALL)
    assert gaps(store.ledger) == []


# ---------------------------------------------------------------------------- the store


def test_a_reader_holds_up_nobody_and_sees_one_moment(double: Double, tmp_path: Path) -> None:
    with writing(tmp_path / "raw") as store:
        night(store, double, Want(ids=FIRST.pmids[:20]))
        with reading(tmp_path / "raw") as reader:
            fetches = reader.ledger.fetches()
            next(fetches)
            night(store, double, ALL)
            assert len(replay(reader, parsers()).articles) == 20
        assert len(replay(store, parsers()).articles) == len(FIRST.pmids)


def test_a_lost_answer_comes_again_by_itself(double: Double, store: RawStore) -> None:
    night(store, double, ALL)
    before = replay(store, parsers())
    lost = store.objects.path(next(store.objects.names()))
    lost.unlink()
    with pytest.raises(IngestError, match="missing from the raw store"):
        replay(store, parsers())
    assert replay(store, parsers(), strict=False).gaps
    assert night(store, double, ALL).fetched > 0
    assert replay(store, parsers()).articles == before.articles


def test_what_a_killed_run_left_in_the_log_is_taken_back_by_the_next_reader(double: Double, tmp_path: Path) -> None:
    with writing(tmp_path / "raw") as store:
        night(store, double, ALL)
    pid = os.fork()
    if pid == 0:  # a writer that dies inside a transaction which has reached the disk
        import sqlite3

        db = sqlite3.connect(tmp_path / "raw" / "log.db", isolation_level=None)
        db.execute("pragma cache_size = 2")
        db.execute("pragma cache_spill = 1")
        db.execute("begin immediate")
        db.executemany("insert into items values (1, ?, 'x', '')", ((n,) for n in range(1000, 60000)))
        os._exit(9)
    os.waitpid(pid, 0)
    assert (tmp_path / "raw" / "log.db-journal").exists()
    with reading(tmp_path / "raw") as store:
        assert len(replay(store, parsers()).articles) == len(FIRST.pmids)


def test_a_file_had_later_than_its_successor_undoes_no_deletion(double: Double, tmp_path: Path) -> None:
    """The first file is had only on the second night; what the second file deletes stays deleted."""
    import gzip

    from ingest.pacer import Pacer
    from ingest.run import Runner
    from ingest.services.baseline import Baseline
    from ingest.transport import Http

    folder = tmp_path / "files"
    folder.mkdir()
    pmid = FIRST.pmids[0]
    deletion = f"<PubmedArticleSet><DeleteCitation><PMID Version='1'>{pmid}</PMID></DeleteCitation></PubmedArticleSet>"
    (folder / "pubmed26n0002.xml.gz").write_bytes(gzip.compress(deletion.encode()))
    with writing(tmp_path / "raw") as store, Http(Pacer(5000)) as ask:
        for _ in range(2):
            Runner(store, Baseline(str(folder)), ask, lambda: ingesting.NOW, ingesting.Quiet()).run(Want(str(folder)))
            (folder / "pubmed26n0001.xml.gz").write_bytes(gzip.compress(FIRST.pubmed_xml([pmid])))
        found = replay(store, parsers())
    assert found.deleted == (f"PMID:{pmid}",)
    assert found.articles == ()


# ---------------------------------------------------------------------------- a session


def settings(double: Double) -> Settings:
    places = {"pubmed": double.eutils, "clinicaltrials": double.ctgov, "retraction_watch": double.retraction_watch}
    return Settings("me@example.org", "", places, ingesting.PATIENCE)


def test_one_pace_holds_over_all_wants_of_a_session(tmp_path: Path) -> None:
    with Double(FIRST, limit=True) as double:
        wants = [Wanted("pubmed", Want(ids=FIRST.pmids[n : n + 2])) for n in range(0, 8, 2)]
        done = session(tmp_path / "raw", wants, settings(double), None, full=False, workers=3)
        assert all(outcome.whole for outcome in done.outcomes)
        assert {seen.status for seen in double.log} == {200}
        assert peak(double.log, 1.0) <= 3


def test_a_service_that_closes_is_asked_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_RATE", "500")
    rule = Rule("busy_429_retry_after", times=999, seconds=7200, variant="seconds")
    with Double(FIRST, Faults(0, [rule])) as double:
        wants = [Wanted("pubmed", Want(ids=(one,))) for one in FIRST.pmids[:5]]
        done = session(tmp_path / "raw", wants, settings(double), None, full=False, workers=3)
        assert len(done.failed) == 5
        assert all("come back in 7200 s" in line for line in done.failed)
        assert len(double.log) == 1
        with pytest.raises(ServiceClosedError):
            session(tmp_path / "raw", wants[:1], settings(double), None, full=False, workers=1)


def test_news_are_told_until_they_were_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another command, or a refresh that died, brought in is still news for the next refresh."""
    from kb.dataset import load

    monkeypatch.setenv("KB_RATE", "500")
    data = load(facts(tmp_path, FIRST, [next(iter(CHANGES.retracted))]))
    raw = tmp_path / "raw"
    with Double(FIRST) as double:
        monkeypatch.setattr("ingest.session.now", lambda: f"{double.world.day}T03:00:00Z")
        want = Wanted("pubmed", ALL)
        first = session(raw, [want], settings(double), data, full=False, workers=2)
        assert first.news is not None
        assert len(first.news.new) == len(FIRST.pmids)
        double.world = SECOND
        session(raw, [want], settings(double), None, full=False, workers=2)  # no refresh: nothing told
        told = session(raw, [want], settings(double), data, full=False, workers=2)
        assert told.news is not None
        assert set(told.news.new) == {f"PMID:{one}" for one in CHANGES.new_pmids}
        assert told.news.retracted == (f"PMID:{next(iter(CHANGES.retracted))}",)
        again = session(raw, [want], settings(double), data, full=False, workers=2)
        assert again.news is not None
        assert (again.news.new, again.news.changed, again.news.integrity) == ((), (), ())


def test_a_paper_that_is_no_longer_retracted_is_news_too(tmp_path: Path) -> None:
    from ingest.report import news
    from kb.dataset import load
    from kb.records.integrity import IntegrityEvent

    pmid = FIRST.pmids[0]
    data = load(facts(tmp_path, FIRST, [pmid]))
    event = IntegrityEvent(f"PMID:{pmid}", "retracted", "2026-01-01", "", "x", (), "https://example.org/", "pubmed")
    look = replace(event, kind="checked", date="2026-02-02")
    before, after = Fetched(events=(event,)), Fetched(events=(look,))
    assert news(before, after, data, ()).integrity == ((f"PMID:{pmid}", "retracted", "none"),)


def test_publications_known_only_by_doi_are_asked_for_by_doi(tmp_path: Path) -> None:
    from ingest.session import on_file
    from kb.dataset import load

    data = load(facts(tmp_path, FIRST, FIRST.pmids[:1]))
    by_doi = data.studies[0].model_copy(update={"id": "DOI:10.5555/x.1", "pmid": None, "doi": "10.5555/x.1"})
    wants = on_file(replace(data, studies=(*data.studies, by_doi)), "pubmed")
    assert [one.want for one in wants] == [Want(ids=FIRST.pmids[:1]), Want('"10.5555/x.1"[aid]')]
    assert on_file(replace(data, studies=(by_doi,)), "europepmc")[0].want == Want('DOI:"10.5555/x.1"')
