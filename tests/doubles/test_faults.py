"""Every fault does what its name says, as often as it may, and nothing else. Those of the wire: ``test_wire``."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime

import httpx
import pytest
from lxml import etree

from tests.doubles.asking import WANTED, WORLD, Ask, asking, ncts, one, pmids, quick
from tests.doubles.faults import KINDS, TRANSIENT, Faults, Rule
from tests.doubles.server import Double

# ---------------------------------------------------------------------------- refusals and wrong bodies


@pytest.mark.parametrize(
    ("kind", "status", "content_type", "words"),
    [
        ("busy_429", 429, "application/json", "API rate limit exceeded"),
        ("server_500", 500, "text/plain", "Internal Server Error"),
        ("server_502_html", 502, "text/html", "502 Bad Gateway"),
        ("block_page_200", 200, "text/html", "captcha"),
        ("error_body_200", 200, "text/xml", "<eFetchResult>\n\t<ERROR>Error: External viewer error"),
    ],
)
def test_another_answer_comes_instead(kind: str, status: int, content_type: str, words: str) -> None:
    with one(kind) as ask:
        answer = ask.fetch(*WANTED)
        assert answer.status_code == status
        assert answer.headers["content-type"].startswith(content_type)
        assert words in answer.text
        assert "retry-after" not in answer.headers


def test_the_wait_is_asked_for_in_both_forms() -> None:
    with one("busy_429_retry_after", seconds=7, variant="seconds") as ask:
        assert ask.fetch(*WANTED).headers["retry-after"] == "7"
    with one("busy_429_retry_after", seconds=7, variant="date") as ask:
        told = parsedate_to_datetime(ask.fetch(*WANTED).headers["retry-after"]).timestamp()
        assert 5 < told - time.time() < 8


def test_an_error_body_fits_the_service_that_was_asked() -> None:
    with one("error_body_200") as ask:
        assert ask.search("all[sb]")["ERROR"].startswith("Search Backend failed")
    with one("error_body_200") as ask:
        assert ask.studies().status_code == 200  # the registry sends none: the fault waits for its like
        assert not any(ask.double.faults.fired)
        assert ask.epmc(query="nk") == {"version": "6.9"}


def test_an_empty_body_has_the_right_status_and_type() -> None:
    with one("empty_200") as ask:
        answer = ask.fetch(*WANTED)
        assert (answer.status_code, answer.content, answer.headers["content-type"][:8]) == (200, b"", "text/xml")


def test_a_redirect_loop_has_no_end() -> None:
    with one("redirect_loop") as ask:
        first = ask.fetch(*WANTED)
        assert first.status_code == 302
        with pytest.raises(httpx.TooManyRedirects):
            ask.client.get(first.headers["location"], follow_redirects=True)


def test_a_redirect_to_another_host_shows_in_the_log_when_it_is_followed() -> None:
    with one("redirect_elsewhere") as ask:
        answer = ask.fetch(*WANTED)
        assert answer.status_code == 302
        host = httpx.URL(answer.headers["location"]).host
        assert host not in ("", httpx.URL(ask.double.url).host)
        before = ask.double.strayed
        ask.client.get(answer.headers["location"])
        assert (before, ask.double.strayed) == (0, 1)


def test_a_wrong_type_leaves_the_body_alone() -> None:
    for variant, name in (("html", "text/html"), ("octet", "application/octet-stream")):
        with one("wrong_type", variant=variant) as ask:
            answer = ask.fetch(*WANTED)
            assert answer.headers["content-type"].startswith(name)
            assert answer.content == WORLD.pubmed_xml(WANTED)


def test_a_wrong_charset_is_a_lie_of_the_header_or_of_the_body() -> None:
    with one("wrong_charset", variant="header") as ask:
        answer = ask.fetch(*WANTED)
        assert answer.headers["content-type"] == "text/xml; charset=ISO-8859-1"
        assert answer.content == WORLD.pubmed_xml(WANTED)
    with one("wrong_charset", variant="bytes") as ask:
        answer = ask.fetch(*WANTED)
        with pytest.raises(UnicodeDecodeError):
            answer.content.decode("utf-8")
        assert answer.headers["content-type"] == "text/xml; charset=UTF-8"


def test_truncated_xml_has_the_right_length_and_no_end() -> None:
    with one("truncated_xml") as ask:
        answer = ask.fetch(*WANTED)
        assert answer.status_code == 200
        with pytest.raises(etree.XMLSyntaxError):
            etree.fromstring(answer.content)


def test_control_characters_break_strict_json_only() -> None:
    with one("json_control_chars") as ask:
        text = ask.studies().text
        with pytest.raises(json.JSONDecodeError):
            json.loads(text)
        assert len(json.loads(text, strict=False)["studies"]) == 10


# ---------------------------------------------------------------------------- records, totals, tokens


def test_a_batch_without_some_of_its_records() -> None:
    with one("missing_records") as ask:
        got = pmids(ask.fetch(*WANTED).content)
        assert set(got) < set(WANTED)
        assert len(got) == 6


def test_a_batch_with_a_stranger() -> None:
    with one("foreign_records") as ask:
        got = pmids(ask.fetch(*WANTED).content)
        assert set(got) > set(WANTED)
        (stranger,) = set(got) - set(WANTED)
        assert stranger in WORLD.papers
    with one("foreign_records") as ask:
        answer = ask.client.get(f"{ask.double.ctgov}/studies/NCT99000001").json()
        assert answer["protocolSection"]["identificationModule"]["nctId"] != "NCT99000001"


@pytest.mark.parametrize("ids", [("filter__ids", "NCT99000001,NCT99000002,NCT99000004")])
def test_batches_of_registrations_are_spoilt_alike(ids: tuple[str, str]) -> None:
    with one("missing_records") as ask:
        assert len(ncts(ask.studies(**dict([ids])))) == 2
    with one("foreign_records") as ask:
        assert len(ncts(ask.studies(**dict([ids])))) == 4


def pages(ask: Ask, size: int = 8) -> tuple[list[str], list[str]]:
    """Follow the tokens, at most ten times; return numbers and tokens."""
    found: list[str] = []
    tokens = [""]
    while len(tokens) < 10:
        page = ask.studies(pageSize=size, **({"pageToken": tokens[-1]} if tokens[-1] else {}))
        found += ncts(page)
        if "nextPageToken" not in page.json():
            break
        tokens.append(page.json()["nextPageToken"])
    return found, tokens[1:]


def test_the_same_token_comes_twice() -> None:
    with one("duplicate_token") as ask:
        found, tokens = pages(ask)
        assert tokens[0] == tokens[1] != tokens[2]
        assert len(found) == 28


def test_a_token_leads_to_nothing() -> None:
    with one("dangling_token") as ask:
        found, tokens = pages(ask)
        assert (len(found), len(tokens)) == (20, 3)
        assert ask.studies(pageSize=8, pageToken=tokens[-1]).json() == {"studies": []}
    with one("dangling_token") as ask:
        last = ask.epmc(query="SRC:MED", pageSize=100)
        assert ask.epmc(query="SRC:MED", cursorMark=last["nextCursorMark"])["resultList"]["result"] == []


def test_a_record_comes_on_two_pages_or_on_none() -> None:
    with one("duplicated_across_pages") as ask:
        found, _ = pages(ask)
        assert sorted(set(found)) == sorted(WORLD.ncts)
        assert len(found) == 21
    with one("missing_across_pages") as ask:
        found, _ = pages(ask)
        assert len(found) == len(set(found)) == 19
    with one("missing_across_pages") as ask:
        listed = [ask.search("all[sb]", retstart=start, retmax=30)["idlist"] for start in (0, 30)]
        assert [len(part) for part in listed] == [30, 29]


@pytest.mark.parametrize(
    "count",
    [
        lambda ask: int(ask.search("all[sb]")["count"]) - 60,
        lambda ask: ask.studies(countTotal="true").json()["totalCount"] - 20,
        lambda ask: ask.epmc(query="SRC:MED")["hitCount"] - 60,
    ],
)
def test_a_total_changes_between_two_looks(count: Callable[[Ask], int]) -> None:
    with one("changed_total", after=1) as ask:
        assert [count(ask) != 0 for _ in range(3)] == [False, True, False]


def test_the_history_expires_in_the_middle() -> None:
    for variant, words, status in (
        ("lost", "Unable to obtain query #1", 200),
        ("cannot", "Cannot retrieve history data", 400),
    ):
        with one("expired_history", path_regex="efetch", after=1, variant=variant) as ask:
            kept = ask.search("all[sb]", usehistory="y")
            place = {"WebEnv": kept["webenv"], "query_key": kept["querykey"], "retmax": "5"}
            assert len(pmids(ask.tool("efetch", **place).content)) == 5
            gone = ask.tool("efetch", **place)
            assert gone.status_code == status
            assert words in gone.text
            assert "Unable to obtain query #1" in ask.tool("efetch", **place).text  # and stays gone


def test_a_permanent_fault_follows_one_record_for_ever() -> None:
    with asking(Rule("permanent", record=WANTED[3])) as ask:
        for _ in range(5):
            assert ask.fetch(*WANTED).status_code == 500
            assert ask.fetch(WANTED[3]).status_code == 500
            assert pmids(ask.fetch(*WANTED[:3], *WANTED[4:]).content) == [*WANTED[:3], *WANTED[4:]]
        assert WANTED[3] in ask.search("all[sb]", retmax=100)["idlist"]
        assert ask.epmc(query=f"EXT_ID:{WANTED[3]}")["hitCount"] == 1
    with asking(Rule("permanent", record="NCT99000001")) as ask:
        assert ask.studies().status_code == 500
        assert ask.studies(fields="NCTId").status_code == 200
        assert ask.client.get(f"{ask.double.ctgov}/studies/NCT99000001").status_code == 500


# ---------------------------------------------------------------------------- when


def statuses(ask: Ask, count: int) -> list[int]:
    return [ask.client.get(f"{ask.double.ctgov}/version").status_code for _ in range(count)]


def test_a_rule_fires_after_and_at_most_as_often_as_it_says() -> None:
    with asking(Rule("server_500", times=2, after=1)) as ask:
        assert statuses(ask, 5) == [200, 500, 500, 200, 200]
    with asking(Rule("server_500", path_regex=r"pageSize=3\b"), Rule("busy_429", path_regex="^/entrez")) as ask:
        assert statuses(ask, 2) == [200, 200]
        assert [ask.studies(pageSize=size).status_code for size in (30, 3)] == [200, 500]
        assert ask.double.faults.fired == [1, 0]


def test_draws_depend_on_the_seed_alone() -> None:
    def run(seed: int) -> list[int]:
        faults = Faults(seed, [Rule("server_500", times=99, probability=0.5)])
        with Double(WORLD, faults) as double, quick() as client:
            return statuses(Ask(double, client), 30)

    assert run(1) == run(1) != run(2)
    assert 5 < run(1).count(500) < 25


def test_no_rule_fires_too_often_under_many_threads() -> None:
    with asking(Rule("server_500", times=20), Rule("busy_429", times=15)) as ask:
        threads = [threading.Thread(target=statuses, args=(ask, 10)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        told = [seen.status for seen in ask.double.seen]
        assert (len(told), told.count(500), told.count(429)) == (60, 20, 15)


def test_a_request_is_let_through_after_so_many_faults_in_a_row() -> None:
    with Double(WORLD, Faults(1, [Rule("server_500", times=9)], in_a_row=2)) as double, quick() as client:
        assert statuses(Ask(double, client), 7) == [500, 500, 200, 500, 500, 200, 500]


def test_an_unknown_kind_is_named() -> None:
    with pytest.raises(ValueError, match="no fault is called 'nonsense'"):
        Faults(1, [Rule("nonsense")])


def test_everything_holds_every_transient_fault_and_ends() -> None:
    assert set(TRANSIENT) == set(KINDS) - {"permanent"}
    faults = Faults.everything(3, 2, without=["hang", "drip", "zip_bomb"])
    assert {rule.kind for rule in faults.rules} == set(TRANSIENT) - {"hang", "drip", "zip_bomb"}
    assert [rule.kind for rule in faults.rules] != [rule.kind for rule in Faults.everything(4, 2).rules]
    with Double(WORLD, faults) as double, quick(2) as client:
        ask = Ask(double, client)
        for _ in range(80):
            try:
                ask.fetch(*WANTED)
                ask.studies(pageSize=8)
            except httpx.HTTPError:
                continue
        assert max(faults.fired) == 2
        assert len({seen.fault for seen in double.seen}) > 12
