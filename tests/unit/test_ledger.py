"""The log of the raw store: what was wanted, listed, fetched and lacking, and how a cut-off run goes on."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from ingest.errors import IngestError
from ingest.raw.ledger import Ledger
from ingest.raw.shape import Answer, Run
from ingest.source import Body, Listed, Listing, Want

NOW = "2026-11-23T10:00:00Z"
LATER = "2026-11-24T10:00:00Z"


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "log.db")


def listing(*ids: str, shortfall: str = "", **stamps: str) -> Listing:
    return Listing(tuple(Listed(one, stamps.get(f"s{one}", "")) for one in ids), len(ids), shortfall)


def answer(*ids: str, got: tuple[str, ...] | None = None) -> Answer:
    body = Body(
        b"bytes", "https://service.example/efetch?db=pubmed", 200, "text/xml", {"etag": '"e1"', "server": "x"}, 2
    )
    return Answer(ids, body, "a" * 64, dict.fromkeys(ids if got is None else got, ""))


def planned(ledger: Ledger, want: Want, *batches: tuple[str, ...], now: str = NOW) -> Run:
    run = ledger.begin("pubmed", "", want, now)
    ledger.plan(run, listing(*(one for batch in batches for one in batch)), batches, (), now)
    return run


def test_an_unfinished_run_of_the_same_want_goes_on_and_another_want_begins(ledger: Ledger) -> None:
    first = ledger.begin("pubmed", "", Want("nk"), NOW)
    assert ledger.begin("pubmed", "", Want("nk"), LATER) == first
    assert ledger.begin("pubmed", "", Want("nkt"), NOW).id != first.id
    assert ledger.begin("europepmc", "", Want("nk"), NOW).id != first.id
    assert ledger.begin("pubmed", "", Want("nk", since="2026-01-01"), NOW).id != first.id


def test_a_finished_run_is_not_resumed(ledger: Ledger) -> None:
    run = planned(ledger, Want("nk"), ("1",))
    ledger.answered(run, 0, [answer("1")], (), "", NOW)
    assert ledger.finish(run, NOW) == "complete"
    assert ledger.begin("pubmed", "", Want("nk"), LATER).id != run.id


def test_a_plan_is_written_whole_or_not_at_all(ledger: Ledger) -> None:
    run = ledger.begin("pubmed", "", Want("nk"), NOW)
    twice = Listing((Listed("1"), Listed("1")), 2)
    ledger.plan(run, twice, [("1",), ("1",)], (), NOW)
    with pytest.raises(sqlite3.IntegrityError):
        ledger.plan(run, twice, [("1",)], (), NOW)
    assert ledger.pending(run.id) == [(0, ("1",)), (1, ("1",))]


def test_pending_shrinks_as_answers_come_in_any_order(ledger: Ledger) -> None:
    run = planned(ledger, Want("nk"), ("1", "2"), ("3",), ("4",))
    ledger.answered(run, 1, [answer("3")], (), "", NOW)
    assert ledger.pending(run.id) == [(0, ("1", "2")), (2, ("4",))]


def test_an_answer_keeps_what_matters_of_it(ledger: Ledger) -> None:
    run = planned(ledger, Want("nk"), ("1",))
    ledger.answered(run, 0, [answer("1")], (), "", NOW)
    (fetch,) = ledger.fetches()
    assert (fetch.state, fetch.sha256, fetch.bytes, fetch.status) == ("done", "a" * 64, 5, 200)
    assert (fetch.url, fetch.attempts, fetch.fetched) == ("https://service.example/efetch?db=pubmed", 2, NOW)
    assert fetch.got == ("1",)
    assert ledger.header("pubmed", "etag") == '"e1"'
    assert ledger.header("pubmed", "server") == ""
    assert ledger.header("europepmc", "etag") == ""


def test_an_answer_that_came_in_two_parts_and_what_it_lacks_are_three_rows(ledger: Ledger) -> None:
    run = planned(ledger, Want("nk"), ("1", "2", "3"), ("4",))
    ledger.answered(run, 0, [answer("1", "2", "3", got=("1",)), answer("2", "3", got=("2",))], ["3"], "none such", NOW)
    rows = {(one.n, one.state, one.ids) for one in ledger.fetches()}
    assert rows == {
        (0, "done", ("1", "2", "3")),
        (2, "done", ("2", "3")),
        (3, "absent", ("3",)),
        (1, "pending", ("4",)),
    }
    assert set(ledger.held("pubmed")) == {"1", "2"}


def test_an_answer_without_any_wanted_record_is_only_an_absence(ledger: Ledger) -> None:
    run = planned(ledger, Want("nk"), ("1",))
    ledger.answered(run, 0, [], ["1"], "none such", NOW)
    assert [(one.n, one.state, one.reason) for one in ledger.fetches()] == [(0, "absent", "none such")]
    assert ledger.finish(run, NOW) == "gaps"


def test_a_gap_is_no_end_and_is_asked_again_when_the_run_goes_on(ledger: Ledger) -> None:
    run = planned(ledger, Want("nk"), ("1",), ("2",))
    ledger.failed(run.id, 0, "no answer", NOW)
    assert ledger.pending(run.id) == [(1, ("2",))]
    assert ledger.failed_batches(run.id) == [(0, ("1",))]
    assert ledger.begin("pubmed", "", Want("nk"), LATER).id == run.id
    ledger.again(run.id, 0)
    assert ledger.pending(run.id) == [(0, ("1",)), (1, ("2",))]


def test_a_batch_that_failed_is_asked_again_in_halves(ledger: Ledger) -> None:
    run = planned(ledger, Want("nk"), ("1", "2", "3", "4", "5"), ("6",))
    ledger.failed(run.id, 0, "one of them is bad", NOW)
    ledger.again(run.id, 0)
    assert ledger.pending(run.id) == [(0, ("1", "2", "3")), (1, ("6",)), (2, ("4", "5"))]


def test_a_run_of_everything_does_not_go_on_with_a_lesser_one(ledger: Ledger) -> None:
    first = planned(ledger, Want("nk"), ("1",))
    second = ledger.begin("pubmed", "", Want("nk"), LATER, whole=True)
    assert second.id != first.id
    assert ledger.run(first.id).state == "superseded"
    assert ledger.begin("pubmed", "", Want("nk"), LATER, whole=True).id == second.id
    assert ledger.begin("pubmed", "", Want("nk"), LATER).id == second.id


def test_a_listing_that_failed_is_kept_with_its_reason(ledger: Ledger) -> None:
    run = ledger.begin("pubmed", "", Want("nk"), NOW)
    ledger.unlisted(run.id, "listing", "nobody there")
    assert ledger.begin("pubmed", "", Want("nk"), LATER).id == run.id
    assert ledger.run(run.id).shortfall == "nobody there"
    ledger.unlisted(run.id, "refused", "not a query")
    assert ledger.begin("pubmed", "", Want("nk"), LATER).id != run.id


def test_what_did_not_change_is_confirmed_by_the_run_that_asked(ledger: Ledger) -> None:
    first = planned(ledger, Want("nk"), ("1", "2"))
    ledger.answered(first, 0, [answer("1", "2")], (), "", NOW)
    ledger.finish(first, NOW)
    second = ledger.begin("pubmed", "", Want("nk"), LATER)
    ledger.plan(second, listing("1", "2"), [("2",)], ["1"], LATER)
    held = ledger.held("pubmed")
    assert (held["1"].confirmed, held["2"].confirmed) == (LATER, NOW), "2 is to be fetched and stays uncertain"


def test_old_listings_are_not_kept_for_ever(ledger: Ledger) -> None:
    runs = []
    for number in range(5):
        run = ledger.begin("pubmed", "", Want("nk"), NOW)
        ledger.plan(run, listing("1", str(number + 10)), [], (), NOW)
        ledger.finish(run, NOW)
        runs.append(run.id)
    assert [len(ledger.listed(run)) for run in runs] == [0, 0, 0, 2, 2]
    assert [run.items for run in ledger.runs()] == [2] * 5


def test_gone_is_what_no_search_lists(ledger: Ledger) -> None:
    def lists(query: str, *ids: str) -> None:
        run = ledger.begin("pubmed", "", Want(query), LATER)
        ledger.plan(run, listing(*ids), [], (), LATER)
        ledger.finish(run, LATER)

    lists("a", "1", "2", "3")
    lists("b", "2")
    lists("a", "1")
    assert [number for _, number, _, _ in ledger.gone()] == ["3"], "2 is still listed by b"
    lists("b")
    assert [number for _, number, _, _ in ledger.gone()] == ["2", "3"]
    lists("a", "1", "3")
    assert [number for _, number, _, _ in ledger.gone()] == ["2"]


@pytest.mark.parametrize(("shortfall", "state"), [("", "complete"), ("5 missing", "gaps")])
def test_a_listing_that_fell_short_makes_a_run_with_gaps(ledger: Ledger, shortfall: str, state: str) -> None:
    run = ledger.begin("pubmed", "", Want("nk"), NOW)
    ledger.plan(run, listing("1", shortfall=shortfall), [], (), NOW)
    assert ledger.finish(run, NOW) == state


def test_held_knows_the_newest_stamp_and_the_first_run(ledger: Ledger) -> None:
    for stamp, now in (("old", NOW), ("new", LATER)):
        run = ledger.begin("clinicaltrials", "", Want("nk"), now)
        ledger.plan(run, Listing((Listed("N1", stamp),), 1), [("N1",)], (), now)
        ledger.answered(run, 0, [answer("N1", got=("N1", "N0"))], (), "", now)
        ledger.finish(run, now)
    held = ledger.held("clinicaltrials")
    assert (held["N1"].stamp, held["N1"].first_run, held["N1"].run_id, held["N1"].confirmed) == ("new", 1, 2, LATER)
    assert set(held) == {"N1", "N0"}
    assert ledger.held("pubmed") == {}


def test_the_stamp_of_the_record_itself_counts_more_than_that_of_the_listing(ledger: Ledger) -> None:
    run = ledger.begin("clinicaltrials", "", Want("nk"), NOW)
    ledger.plan(run, Listing((Listed("N1", "2026-02-02"),), 1), [("N1",)], (), NOW)
    behind = Answer(("N1",), answer("N1").body, "a" * 64, {"N1": "2026-01-01"})
    ledger.answered(run, 0, [behind], (), "", NOW)
    assert ledger.held("clinicaltrials")["N1"].stamp == "2026-01-01"


def test_the_log_remembers(ledger: Ledger) -> None:
    assert ledger.setting("told") == ""
    ledger.remember("told", NOW)
    ledger.remember("told", LATER)
    assert ledger.setting("told") == LATER


def test_the_last_complete_run_is_that_of_the_same_want(ledger: Ledger) -> None:
    first = planned(ledger, Want("nk"), ("1",))
    ledger.answered(first, 0, [answer("1")], (), "", NOW)
    ledger.finish(first, NOW)
    other = planned(ledger, Want("nkt"), ("2",))
    ledger.finish(other, NOW)
    second = ledger.begin("pubmed", "", Want("nk"), LATER)
    found = ledger.last_complete("pubmed", Want("nk"), second.id)
    assert found is not None
    assert found.id == first.id
    assert ledger.last_complete("pubmed", Want("other"), 99) is None


def test_what_was_written_survives_closing(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "log.db")
    run = planned(ledger, Want("nk", ("7", "8")), ("7",))
    ledger.answered(run, 0, [answer("7")], (), "", NOW)
    ledger.close()
    again = Ledger(tmp_path / "log.db", read_only=True)
    assert again.run(run.id).want == Want("nk", ("7", "8"))
    assert [one.ids for one in again.fetches("done")] == [("7",)]
    ledger = Ledger(tmp_path / "log.db")
    other = planned(ledger, Want("later"), ("9",))
    assert other.id not in [one.id for one in again.runs()], "a reader sees one moment"


@pytest.mark.parametrize("content", [b"not a database, but quite long" * 10, b""])
def test_another_file_is_no_log(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "log.db"
    path.write_bytes(content)
    with pytest.raises(IngestError, match=r"log\.db"):
        Ledger(path, read_only=True)


def test_a_log_of_another_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    Ledger(path).close()
    with sqlite3.connect(path) as db:
        db.execute("pragma user_version = 99")
    with pytest.raises(IngestError, match="version 99"):
        Ledger(path)
