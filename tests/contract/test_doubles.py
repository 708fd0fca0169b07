"""The double speaks as the services do, so that tests against it are worth something.

Every form here is documented by the service or was reported of a live answer; see the modules of ``tests.doubles``.
"""

from __future__ import annotations

import itertools
import json
import re
import threading
import time
import types
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from Bio import Entrez
from lxml import etree

from tests.doubles.asking import Ask, pmids, quick
from tests.doubles.library import World
from tests.doubles.server import Double, Seen, peak

DTDS = Path(str(Entrez.__file__)).parent / "DTDs"


@pytest.fixture(scope="module")
def world() -> World:
    return World.make(1)


@pytest.fixture
def double(world: World) -> Iterator[Double]:
    with Double(world, api_key="right") as running:
        yield running


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with quick() as opened:
        yield opened


@pytest.fixture
def ask(double: Double, client: httpx.Client) -> Ask:
    return Ask(double, client)


def valid(xml: bytes, dtd: str) -> Any:
    rules, root = etree.DTD(str(DTDS / dtd)), etree.fromstring(xml)
    assert rules.validate(root), rules.error_log.filter_from_errors()
    return root


# ---------------------------------------------------------------------------- esearch


def test_a_search_lists_twenty_and_counts_all(ask: Ask, world: World) -> None:
    found = ask.search("all[sb]")
    assert (found["count"], found["retmax"], len(found["idlist"])) == (str(len(world.papers)), "20", 20)
    rest = ask.search("all[sb]", retstart=20, retmax=100)
    assert len(rest["idlist"]) == len(world.papers) - 20
    assert sorted([*found["idlist"], *rest["idlist"]]) == sorted(world.pmids)


@pytest.mark.parametrize(
    ("term", "holds"),
    [
        ("neuroblastoma", lambda p: "neuroblastoma" in p.text),
        ('"multiple myeloma"[tiab]', lambda p: "multiple myeloma" in p.text),
        ("neuroblastoma OR glioblastoma", lambda p: "neuroblastoma" in p.text or "glioblastoma" in p.text),
        ("synthetic NOT glioblastoma", lambda p: "glioblastoma" not in p.text),
        ("synthetic AND (neuroblastoma OR glioblastoma)", lambda p: re.search("neuro|glioblastoma", p.text)),
        ("neuroblast*", lambda p: "neuroblast" in p.text),
        ('"Humans"[mh]', lambda p: ("D006801", "Humans") in p.headings),
        ('"Case Reports"[Publication Type]', lambda p: ("D002363", "Case Reports") in p.types),
        ("90000007[uid]", lambda p: p.pmid == "90000007"),
        ("NCT99000002[si]", lambda p: "NCT99000002" in p.ncts),
        ("2025/02:2025/07[edat]", lambda p: "2025-02-01" <= p.entered <= "2025-07-31"),
        ("2025/02:2025/07/15[edat]", lambda p: "2025-02-01" <= p.entered <= "2025-07-15"),
        ('"2025"[dp]', lambda p: p.year == "2025"),
    ],
)
def test_the_query_language_finds_what_it_says(ask: Ask, world: World, term: str, holds: Any) -> None:
    wanted = sorted(pmid for pmid, paper in world.papers.items() if holds(paper))
    assert wanted
    assert sorted(ask.search(term, retmax=1000)["idlist"]) == wanted


def test_operators_are_read_from_left_to_right(ask: Ask) -> None:
    left, right = ask.search("neuroblastoma OR all[sb] AND zebra*"), ask.search("neuroblastoma OR (all[sb] AND zebra*)")
    assert int(left["count"]) == 0
    assert int(right["count"]) > 0


def test_windows_of_dates_are_closed_and_can_be_coarse(ask: Ask, world: World) -> None:
    days = sorted(paper.entered for paper in world.papers.values())
    window = {"datetype": "edat", "mindate": days[10].replace("-", "/"), "maxdate": days[30].replace("-", "/")}
    inside = [day for day in days if days[10] <= day <= days[30]]
    assert ask.search("all[sb]", **window)["count"] == str(len(inside))
    year = ask.search("all[sb]", datetype="edat", mindate="2025", maxdate="2025")
    assert year["count"] == str(len([day for day in days if day[:4] == "2025"]))
    recent = ask.search("all[sb]", datetype="mdat", reldate=30)
    assert 0 < int(recent["count"]) < len(days)
    assert ask.search("all[sb]", datetype="edat", mindate="2025")["count"] == str(len(days))


def test_what_was_not_found_is_said(ask: Ask) -> None:
    nothing = ask.search("zebrafish")
    assert nothing["count"] == ask.search("neuroblast")["count"] == "0"
    assert nothing["errorlist"]["phrasesnotfound"] == ["zebrafish"]
    assert nothing["warninglist"]["outputmessages"] == ["No items found."]
    phrase = ask.search('"cells synthetic"')
    assert int(phrase["count"]) > 0
    assert phrase["warninglist"]["quotedphrasesnotfound"] == ['"cells synthetic"']
    assert ask.search("cells[nosuchfield]")["errorlist"]["fieldsnotfound"] == ["nosuchfield"]
    assert "Search Backend failed" in ask.search("((")["ERROR"]
    assert ask.search("")["ERROR"] == "Empty term and query_key - nothing todo"


def test_only_so_many_records_of_a_search_are_listed(world: World, client: httpx.Client) -> None:
    with Double(world, ceiling=30) as double:
        ask = Ask(double, client)
        found = ask.search("all[sb]", retmax=10_000)
        assert (found["count"], len(found["idlist"])) == (str(len(world.papers)), 30)
        assert found["warninglist"]["outputmessages"] == ["Restrictions achieved. start and count adjusted to 0, 30"]
        assert len(ask.search("all[sb]", retstart=29, retmax=10)["idlist"]) == 1
        raw = ask.tool("esearch", term="all[sb]", retstart=30, retmode="json").text
        assert "'retstart' cannot be larger than 29" in raw
        with pytest.raises(json.JSONDecodeError):  # the service writes a raw line break
            json.loads(raw)
        kept = ask.search("all[sb]", usehistory="y", retmax=0)
        place = {"WebEnv": kept["webenv"], "query_key": kept["querykey"]}
        # A part that crosses the limit is cut without a word.
        assert len(pmids(ask.tool("efetch", **place, retstart=25, retmax=20).content)) == 5
        beyond = ask.tool("efetch", **place, retstart=30, retmax=20)
        assert beyond.status_code == 400
        assert "Search backend cannot retrieve history data" in beyond.text
    with Double(world) as double:
        assert "9998" in Ask(double, client).search("all[sb]", retstart=9_999)["ERROR"]


def test_xml_answers_follow_nlms_own_dtds(ask: Ask) -> None:
    for more in (
        {},
        {"usehistory": "y"},
        {"rettype": "count"},
        {"term": "zebra"},
        {"term": '"cells synthetic"'},
        {"term": ""},
    ):
        valid(ask.tool("esearch", **{"term": "all[sb]", **more}).content, "esearch.dtd")
    for ids in ("90000001", "90000001,5", "90000001;x", ""):
        valid(ask.tool("epost", id=ids).content, "epost.dtd")
    valid(ask.tool("einfo").content, "einfo.dtd")
    assert valid(ask.tool("esearch", term="all[sb]", rettype="count").content, "esearch.dtd").findtext("Count") == "60"


# ---------------------------------------------------------------------------- history, epost, efetch


def test_a_set_on_the_history_server_is_fetched_in_parts_until_it_expires(ask: Ask, world: World) -> None:
    kept = ask.search("all[sb]", usehistory="y", retmax=0)
    place = {"WebEnv": kept["webenv"], "query_key": kept["querykey"]}
    parts = [pmids(ask.tool("efetch", **place, retstart=start, retmax=25).content) for start in (0, 25, 50)]
    assert [len(part) for part in parts] == [25, 25, 10]
    assert sorted(itertools.chain(*parts)) == sorted(world.pmids)
    again = ask.search(f"#{kept['querykey']} AND neuroblastoma", usehistory="y", WebEnv=kept["webenv"])
    assert (again["querykey"], again["webenv"]) == ("2", kept["webenv"])
    assert 0 < int(again["count"]) < 60
    assert "<ERROR>Empty result - nothing todo</ERROR>" in ask.tool("efetch", **place, retstart=75).text
    ask.double.expire_history()
    assert "<ERROR>Unable to obtain query #1</ERROR>" in ask.tool("efetch", **place).text
    assert ask.search("", **place)["ERROR"] == "Unable to obtain query #1"


def test_posted_numbers_can_be_fetched(ask: Ask, world: World) -> None:
    root = etree.fromstring(ask.tool("epost", id="90000003,90000001,5").content)
    assert [e.text for e in root.iterfind("InvalidIdList/Id")] == ["5"]
    place = {"WebEnv": root.findtext("WebEnv"), "query_key": root.findtext("QueryKey")}
    assert pmids(ask.tool("efetch", **place).content) == ["90000003", "90000001"]
    assert "invalid characters" in ask.tool("epost", id="90000003,x").text


def test_fetching_by_number(ask: Ask, world: World) -> None:
    answer = ask.tool("efetch", id="90000002,77,90000001,90000002", retmode="xml", rettype="abstract")
    assert answer.headers["content-type"] == "text/xml; charset=UTF-8"
    assert pmids(answer.content) == ["90000002", "90000001"]
    assert answer.content == world.pubmed_xml(["90000002", "90000001"])
    unknown = ask.tool("efetch", id="77")
    assert (unknown.status_code, pmids(unknown.content)) == (200, [])
    malformed = ask.tool("efetch", id="0")
    assert malformed.status_code == 400
    assert "<ERROR>ID list is empty! Possibly it has no correct IDs.</ERROR>" in malformed.text
    assert pmids(ask.tool("efetch", id="ABC90000001").content) == ["90000001"]


def test_a_long_address_is_refused_and_a_long_form_is_not(ask: Ask, client: httpx.Client, world: World) -> None:
    ids = ",".join([*world.pmids] * 20)
    assert client.get(f"{ask.double.eutils}/efetch.fcgi", params={"id": ids}).status_code == 414
    assert len(pmids(ask.tool("efetch", id=ids).content)) == len(world.papers)


def test_biopython_reads_what_the_double_says(double: Double, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def redirected(request: urllib.request.Request) -> Any:
        address = request.full_url.replace("https://eutils.ncbi.nlm.nih.gov/entrez/eutils", double.eutils)
        return urllib.request.urlopen(urllib.request.Request(address, data=request.data))  # noqa: S310 loopback

    monkeypatch.setattr(Entrez, "urlopen", redirected)
    monkeypatch.setattr(Entrez, "time", types.SimpleNamespace(time=time.time, sleep=lambda _: None))
    monkeypatch.setattr(Entrez, "email", "nobody@example.org")
    bio: Any = Entrez  # it has no types
    found = bio.read(bio.esearch(db="pubmed", term="all[sb]", usehistory="y", retmax=5))
    assert (found["Count"], len(found["IdList"]), found["QueryKey"]) == ("60", 5, "1")
    posted = bio.read(bio.epost("pubmed", id=",".join(world.pmids[:4])))
    place = {"WebEnv": posted["WebEnv"], "query_key": posted["QueryKey"]}
    records = bio.read(bio.efetch(db="pubmed", **place, retmode="xml"))
    assert [str(r["MedlineCitation"]["PMID"]) for r in records["PubmedArticle"]] == list(world.pmids[:4])
    many = bio.read(bio.efetch(db="pubmed", id=list(world.pmids) * 5, retmode="xml"))
    assert len(many["PubmedArticle"]) + len(many["PubmedBookArticle"]) == 60
    assert double.seen[-1].method == "POST"
    with pytest.raises(RuntimeError, match="Unable to obtain query #9"):
        bio.read(bio.esearch(db="pubmed", term="#9", usehistory="y", WebEnv="gone"))


# ---------------------------------------------------------------------------- manners: key, pace, log


def test_a_wrong_key_is_refused(ask: Ask) -> None:
    assert ask.tool("efetch", id="90000001", api_key="right").status_code == 200
    wrong = ask.tool("efetch", id="90000001", api_key="wrong")
    assert wrong.status_code == 400
    assert wrong.json() == {"error": "API key invalid", "api-key": "wrong", "type": "invalid"}


@pytest.mark.parametrize(("key", "limit"), [("", 3), ("right", 10)])
def test_a_burst_beyond_the_limit_is_refused_for_that_second(
    world: World, client: httpx.Client, key: str, limit: int
) -> None:
    codes: list[int] = []

    def one(address: str) -> None:
        answer = client.get(address, params={"db": "pubmed", **({"api_key": key} if key else {})})
        codes.append(answer.status_code)
        if answer.status_code == 429:
            told = {"error": "API rate limit exceeded", "count": str(limit + 1), "limit": str(limit)}
            assert answer.json() == {**told, "api-key": key or "127.0.0.1"}

    with Double(world, api_key="right", limit=True, second=60) as double:
        address = f"{double.eutils}/einfo.fcgi"
        threads = [threading.Thread(target=one, args=(address,)) for _ in range(limit + 3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(codes) == [200] * limit + [429] * 3
        assert peak(double.seen, 60) == limit + 3
        assert client.get(f"{double.ctgov}/version").status_code == 200


def test_a_second_later_the_next_request_is_answered(world: World, client: httpx.Client) -> None:
    with Double(world, limit=True, second=0.05) as double:
        for _ in range(3):
            for _ in range(3):
                client.get(f"{double.eutils}/einfo.fcgi")
            time.sleep(0.06)
        assert {seen.status for seen in double.seen} == {200}


def test_the_log_tells_who_asked_what(ask: Ask) -> None:
    ask.search("glioblastoma")
    ask.client.get(f"{ask.double.eutils}/einfo.fcgi", headers={"User-Agent": "me"})
    first, second = ask.double.seen
    assert (first.method, first.path, first.status, first.fault) == ("GET", "/entrez/eutils/esearch.fcgi", 200, "")
    assert first.params["term"] == "glioblastoma"
    assert second.at > first.at
    assert (second.agent, ask.double.nameless) == ("me", 1)


def test_the_peak_is_the_fullest_window() -> None:
    assert peak([Seen(at, "GET", "/x", {}, 200) for at in (0.0, 1.0, 2.0)], 1.0) == 1
    log = [Seen(at, "GET", "/x", {}, 200) for at in (0.0, 0.5, 0.9, 1.0, 1.4, 3.0)]
    assert (peak(log, 1.0), peak(log, 0.05), peak(log, 9), peak([], 1), peak(log, 1.0, "/y")) == (4, 1, 6, 0, 0)


def test_gzip_keep_alive_and_lengths(ask: Ask, world: World) -> None:
    plain = ask.client.get(f"{ask.double.ctgov}/studies", headers={"Accept-Encoding": "identity"})
    packed = ask.studies()
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert plain.content == packed.content
    assert int(plain.headers["content-length"]) == len(plain.content)
    assert ask.tool("efetch", id="90000001").headers["transfer-encoding"] == "chunked"
    assert ask.double.busy == 1  # one connection served them all


def test_the_world_can_be_replaced_while_it_is_served(ask: Ask, world: World) -> None:
    ask.double.world = world.later()
    assert ask.search("all[sb]", datetype="edat", reldate=0)["count"] == "3"
    (gone,) = ask.double.world.changes.gone_pmids
    assert pmids(ask.tool("efetch", id=gone).content) == []
