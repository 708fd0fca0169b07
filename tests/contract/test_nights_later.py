"""More nights: doubts that end, brakes that hold, news that are told, gaps that close."""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from ingest.errors import IngestError, ServiceClosedError, WrongBodyError
from ingest.pacer import Pacer
from ingest.raw.rawstore import RawStore, writing
from ingest.replay import gaps, replay
from ingest.run import Runner
from ingest.services.baseline import Baseline
from ingest.services.pubmed import PubMed
from ingest.session import Wanted
from ingest.session import run as session
from ingest.source import Ask, Body, Want
from ingest.sources import parsers
from ingest.transport import Http
from kb.dataset import load
from tests import ingesting
from tests.contract.test_nights import ALL, CHANGES, FIRST, QUIET, REVISED, SECOND, night, settings
from tests.doubles.faults import Faults, Rule
from tests.doubles.library import World
from tests.doubles.server import Double
from tests.worldfacts import facts


@pytest.fixture
def double() -> Iterator[Double]:
    with Double(FIRST) as one:
        yield one


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RawStore]:
    with writing(tmp_path / "raw") as one:
        yield one


# ---------------------------------------------------------------------------- one bad record


def test_one_bad_record_of_the_only_batch_costs_only_itself(double: Double, store: RawStore) -> None:
    double.faults = Faults(0, [Rule("permanent", path_regex="efetch", record=REVISED)])
    outcome = night(store, double, Want(ids=FIRST.pmids[: FIRST.pmids.index(REVISED) + 4][-8:]))
    assert (outcome.fetched, len(outcome.gaps)) == (7, 1)
    assert outcome.here == 0


class Blocked(PubMed):
    """A PubMed that gives one batch and then only a block page."""

    batch_size = 8

    def __init__(self) -> None:
        super().__init__("http://127.0.0.1:9")
        self.asked = 0

    def fetch(self, ids: Sequence[str], ask: Ask) -> Body:
        self.asked += 1
        if self.asked > 1:
            raise WrongBodyError("a block page")
        return Body(FIRST.pubmed_xml(list(ids)), "https://blocked.example/", 200)


def test_a_block_page_is_not_asked_for_in_ever_smaller_pieces(store: RawStore) -> None:
    source = Blocked()
    with Http(Pacer(5000)) as ask:
        runner = Runner(store, source, ask, lambda: ingesting.NOW, ingesting.Quiet(), 1)
        outcome = runner.run(Want(ids=FIRST.pmids))
    assert source.asked < 12
    assert outcome.gaps


# ---------------------------------------------------------------------------- doubts


def served(double: Double, monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(type(double.world), "retraction_watch_csv", lambda self: data)


def test_a_cut_file_is_doubted_again_after_good_nights_and_a_real_shrink_ends_the_doubt(
    double: Double, store: RawStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    header, *rows = csv.reader(io.StringIO(FIRST.retraction_watch_csv().decode("utf-8"), newline=""))

    def file(count: int) -> bytes:
        out = io.StringIO(newline="")
        csv.writer(out).writerows([header, *(rows * 40)[:count]])
        return out.getvalue().encode("utf-8")

    served(double, monkeypatch, file(200))
    assert night(store, double, name="retraction_watch").whole
    for bad in (100, 101):
        served(double, monkeypatch, file(bad))
        assert "bytes where it had" in night(store, double, name="retraction_watch").gaps[0]
        served(double, monkeypatch, file(200))
        assert night(store, double, name="retraction_watch", now="2026-03-05T03:00:00Z").whole
        assert gaps(store.ledger) == [], "the doubt is over when the whole file is there again"
    served(double, monkeypatch, file(100))
    assert not night(store, double, name="retraction_watch").whole
    served(double, monkeypatch, file(101))  # a little more every night
    assert night(store, double, name="retraction_watch").whole, "the same twice, but for a row"


def test_a_file_whose_bytes_are_lost_is_had_again_whatever_its_size(
    double: Double, store: RawStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = list(csv.reader(io.StringIO(FIRST.retraction_watch_csv().decode("utf-8"), newline="")))
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows[:2])
    assert night(store, double, name="retraction_watch").whole
    (held,) = store.ledger.held("retraction_watch").values()
    store.objects.path(held.sha256).unlink()
    served(double, monkeypatch, out.getvalue().encode("utf-8"))
    assert night(store, double, name="retraction_watch", now="2026-03-05T03:00:00Z").whole
    assert gaps(store.ledger) == []


def test_a_search_that_really_lost_much_is_believed_though_it_drifts(double: Double, store: RawStore) -> None:
    night(store, double, ALL)
    for papers, whole in ((40, False), (41, True)):
        double.world = World.make(seed=12, papers=papers, trials=10)
        assert night(store, double, ALL).whole is whole
    double.world = World.make(seed=12, papers=20, trials=10)
    assert night(store, double, ALL, full=True).whole, "--full is a person's word"


# ---------------------------------------------------------------------------- time and order


def test_a_clock_once_ahead_by_years_pins_nothing(double: Double, store: RawStore) -> None:
    night(store, double, ALL, now="2030-01-01T03:00:00Z")
    night(store, double, ALL, now=f"{FIRST.day}T03:00:00Z")
    assert {held.confirmed[:4] for held in store.ledger.held("pubmed").values()} == {"2026"}
    double.world = SECOND
    assert set(CHANGES.revised_pmids) <= set(night(store, double, ALL, now="2026-03-20T03:00:00Z").updated)


def test_the_later_answer_counts_also_when_its_run_began_earlier(double: Double, store: RawStore) -> None:
    double.faults = Faults(0, [Rule("server_500", times=999)])
    with pytest.raises(IngestError):
        night(store, double, ALL)  # run 1 could not list
    double.faults = Faults(0)
    night(store, double, Want(ids=(REVISED,)))  # run 2 brings the old text
    double.world = SECOND
    night(store, double, ALL)  # run 1 goes on and brings the new one
    held = store.ledger.held("pubmed")[REVISED]
    assert held.run_id == 1
    last = [one for one in store.ledger.fetches("done") if REVISED in one.got]
    assert max(last, key=lambda one: one.seq or 0).run_id == 1


class Retitled(PubMed):
    """A PubMed that has one paper under a title of our choice, revised on the same day whatever the title."""

    def __init__(self, title: str) -> None:
        super().__init__("http://127.0.0.1:9")
        self._title = title

    def fetch(self, ids: Sequence[str], ask: Ask) -> Body:
        text = re.sub("(<ArticleTitle>).*?(</ArticleTitle>)", rf"\g<1>{self._title}\2", FIRST.pubmed_xml(ids).decode())
        return Body(text.encode(), "https://retitled.example/", 200)


def test_of_two_answers_revised_on_one_day_the_one_written_later_counts(store: RawStore) -> None:
    """The run that began first answers last: neither the day of revision nor the number of the run tells which."""
    early, late = Want(ids=(QUIET,)), Want(ids=(QUIET, QUIET))
    assert store.ledger.begin("pubmed", "", early, ingesting.NOW, whole=True).id == 1  # and then it was killed
    written = []
    for want, words in ((late, "First words"), (early, "Second words")):
        with Http(Pacer(5000)) as ask:
            Runner(store, Retitled(words), ask, lambda: ingesting.NOW, ingesting.Quiet(), 1).run(want, full=True)
        written.append(store.ledger.last_written())
    assert [one.run_id for one in store.ledger.fetches("done")] == [1, 2]

    def title(until: int | None) -> list[str]:
        return [held.article.title.text for held in replay(store, parsers(), until=until).articles]

    assert title(None) == ["Second words"]
    assert title(written[1]) == ["Second words"]
    assert title(written[0]) == ["First words"]
    assert title(0) == []


def test_what_the_first_of_two_runs_found_gone_is_told(double: Double, store: RawStore) -> None:
    """The run cut off yesterday noticed it; the run of today, which ends the night, lists the same and says nothing."""
    night(store, double, ALL)
    double.world = SECOND
    double.faults = Faults(0, [Rule("server_500", path_regex="efetch", times=999)])
    assert night(store, double, ALL, full=True, now="2026-03-02T03:00:00Z").unasked
    double.faults = Faults(0)
    outcome = night(store, double, ALL, now="2026-03-03T03:00:00Z")
    assert outcome.resumed
    assert outcome.gone == CHANGES.gone_pmids


def test_a_file_of_long_ago_does_not_move_a_later_deletion_past_an_answer(double: Double, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    gone = f"<PubmedArticleSet><DeleteCitation><PMID Version='1'>{QUIET}</PMID></DeleteCitation></PubmedArticleSet>"
    with writing(tmp_path / "raw") as store, Http(Pacer(5000)) as ask:
        files = Runner(store, Baseline(str(folder)), ask, lambda: ingesting.NOW, ingesting.Quiet())
        (folder / "pubmed26n1500.xml.gz").write_bytes(gzip.compress(gone.encode()))
        files.run(Want(str(folder)))
        night(store, double, Want(ids=(QUIET,)))  # PubMed has it again
        (folder / "pubmed26n0001.xml.gz").write_bytes(gzip.compress(FIRST.pubmed_xml([REVISED])))
        files.run(Want(str(folder)))
        assert {held.article.pmid for held in replay(store, parsers()).articles} == {QUIET, REVISED}


# ---------------------------------------------------------------------------- gaps and news


def test_a_wording_nobody_asks_any_more_leaves_no_gap_and_lists_nothing(double: Double, store: RawStore) -> None:
    def run(query: str = "", ids: tuple[str, ...] = ()) -> object:
        with Http(Pacer(5000), {"tool": "t"}, ingesting.PATIENCE) as ask:
            runner = Runner(store, ingesting.source("pubmed", double), ask, lambda: ingesting.NOW, ingesting.Quiet())
            return runner.run(Want(query=query, ids=ids), "on file" if ids else "STA-1")

    run(ids=("99999999", QUIET))
    assert gaps(store.ledger)
    run(ids=(QUIET,))
    assert gaps(store.ledger) == [], "the misprint was mended"
    run("all[sb]")
    run(f"all[sb] NOT {REVISED}[uid]")
    run(f"(all[sb]) NOT {REVISED}[uid]")
    assert len(store.ledger.newest_listings("pubmed")) == 2, "the newest wording of each"


def test_a_service_that_is_down_is_asked_once_a_session_and_all_wants_are_written_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_RATE", "500")
    with Double(FIRST, Faults(0, [Rule("server_500", path_regex="esearch", times=999)])) as double:
        wants = [Wanted("pubmed", Want(query=f"all[sb] AND {n}[uid]"), f"STA-{n}") for n in range(8)]
        done = session(tmp_path / "raw", wants, settings(double), None, full=False, workers=2)
        assert len(done.failed) == 8
        assert len(double.seen) == ingesting.PATIENCE.tries
    with writing(tmp_path / "raw") as store:
        assert len([gap for gap in gaps(store.ledger) if gap.kind == "listing"]) == 8


def test_what_came_with_a_closing_answer_is_kept(store: RawStore) -> None:
    class Closing(Blocked):
        def fetch(self, ids: Sequence[str], ask: Ask) -> Body:
            self.asked += 1
            if self.asked == 2:
                raise ServiceClosedError("come back tomorrow")
            return Body(FIRST.pubmed_xml(list(ids)), "https://closing.example/", 200)

    with Http(Pacer(5000)) as ask:
        runner = Runner(store, Closing(), ask, lambda: ingesting.NOW, ingesting.Quiet(), 1)
        with pytest.raises(ServiceClosedError):
            runner.run(Want(ids=FIRST.pmids[:16]))
    assert len(store.ledger.held("pubmed")) == 8


def test_gone_is_news_also_when_another_command_noticed_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_RATE", "500")
    data = load(facts(tmp_path, FIRST, [QUIET]))
    raw, want = tmp_path / "raw", Wanted("pubmed", ALL, "STA-1")
    with Double(FIRST) as double:
        session(raw, [want], settings(double), data, full=False, workers=2)
        double.world = SECOND
        session(raw, [want], settings(double), None, full=False, workers=2)
        told = session(raw, [want], settings(double), data, full=False, workers=2).news
        again = session(raw, [want], settings(double), data, full=False, workers=2).news
    assert told is not None
    assert told.gone == tuple(f"PMID:{one}" for one in CHANGES.gone_pmids)
    assert again is not None
    assert again.gone == ()
