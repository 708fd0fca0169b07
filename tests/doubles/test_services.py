"""ClinicalTrials.gov, Europe PMC, Retraction Watch, the baseline, and the double in a process of its own."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.doubles.asking import Ask, ncts, pmids, quick
from tests.doubles.library import World
from tests.doubles.server import Double


@pytest.fixture(scope="module")
def world() -> World:
    return World.make(1)


@pytest.fixture
def ask(world: World) -> Iterator[Ask]:
    with Double(world) as double, quick() as client:
        yield Ask(double, client)


def refused(answer: httpx.Response) -> str:
    """The words of a refusal, which is always plain text."""
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/plain")
    with pytest.raises(json.JSONDecodeError):
        answer.json()
    return answer.text


# ---------------------------------------------------------------------------- ClinicalTrials.gov


def test_pages_follow_tokens_and_only_the_first_counts(ask: Ask, world: World) -> None:
    first = ask.studies(pageSize=8, countTotal="true")
    assert (first.json()["totalCount"], len(ncts(first))) == (20, 8)
    second = ask.studies(pageSize=8, countTotal="true", pageToken=first.json()["nextPageToken"])
    assert "totalCount" not in second.json()
    last = ask.studies(pageSize=8, pageToken=second.json()["nextPageToken"])
    assert "nextPageToken" not in last.json()
    assert sorted(ncts(first) + ncts(second) + ncts(last)) == sorted(world.ncts)
    assert len(ncts(ask.studies())) == 10
    assert "totalCount" not in ask.studies().json()
    assert len(ncts(ask.studies(pageSize=0))) == 10


def test_a_page_of_more_than_a_thousand_is_cut_without_a_word(ask: Ask) -> None:
    ask.double.world = World.make(1, papers=0, trials=1_002)
    answer = ask.studies(pageSize=5_000, fields="NCTId")
    assert len(ncts(answer)) == 1_000
    assert answer.json()["nextPageToken"]


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"filter__phase": "PHASE2"}, "`filter.phase` is unknown parameter"),
        ({"pageToken": "nonsense"}, "Parameter `pageToken` has incorrect format"),
        ({"fields": "NCTId|StudyDesign"}, "Parameter 'fields' contains invalid field name: 'StudyDesign'"),
        ({"filter__ids": "NCT99000001,ABC123"}, "Item 2 in parameter `filter.ids` has incorrect format"),
        ({"filter__overallStatus": "RECRUITNG"}, "Invalid value in parameter `overallStatus`: `RECRUITNG`"),
        ({"sort": "BriefTitle"}, "Unsupported sort field type: text"),
        ({"filter__advanced": "AREA[X]1"}, "Error parsing query in advanced filter: Unknown area name: 'X'"),
        ({"query__term": "(nk"}, "Error parsing query in query.term: a bracket is not closed"),
        ({"format": "csv", "fields": "NCTId"}, "Parameter 'fields' contains invalid CSV column name: 'NCTId'"),
        ({"pageSize": "-1"}, "Parameter `pageSize` has incorrect format"),
    ],
)
def test_what_the_service_does_not_know_it_refuses_in_plain_text(ask: Ask, params: dict[str, str], words: str) -> None:
    assert refused(ask.studies(**params)) == words


def status(study: dict[str, Any]) -> dict[str, Any]:
    module: dict[str, Any] = study["protocolSection"]["statusModule"]
    return module


@pytest.mark.parametrize(
    ("params", "holds"),
    [
        ({"filter__overallStatus": "RECRUITING|COMPLETED"}, lambda s: status(s)["overallStatus"][0] in "RC"),
        (
            {"filter__advanced": "AREA[Phase]PHASE2"},
            lambda s: "PHASE2" in s["protocolSection"]["designModule"].get("phases", []),
        ),
        ({"filter__advanced": "AREA[Phase]MISSING"}, lambda s: "phases" not in s["protocolSection"]["designModule"]),
        (
            {"filter__advanced": "AREA[Phase](PHASE2 OR NA) AND NOT AREA[OverallStatus]COMPLETED"},
            lambda s: (
                {"PHASE2", "NA"} & set(s["protocolSection"]["designModule"].get("phases", []))
                and status(s)["overallStatus"] != "COMPLETED"
            ),
        ),
        (
            {"filter__advanced": "AREA[LastUpdatePostDate]RANGE[2025-06-01,MAX]"},
            lambda s: status(s)["lastUpdatePostDateStruct"]["date"] >= "2025-06-01",
        ),
        (
            {"filter__advanced": "AREA[StudyFirstPostDate]RANGE[MIN,2025-06-01]"},
            lambda s: status(s)["studyFirstPostDateStruct"]["date"] <= "2025-06-01",
        ),
        ({"query__cond": "neuroblastoma"}, lambda s: "neuroblastoma" in str(s["protocolSection"]["conditionsModule"])),
        (
            {"query__intr": '"NK-92 cells"'},
            lambda s: "NK-92 cells" in s["protocolSection"]["identificationModule"]["briefTitle"],
        ),
        ({"query__titles": "glioblastoma OR neuroblastoma"}, lambda s: re.search("glio|neurobl", str(s))),
        ({"filter__advanced": "AREA[HasResults]True"}, lambda s: s["hasResults"]),
    ],
)
def test_filters_and_queries_find_what_they_say(ask: Ask, world: World, params: dict[str, str], holds: Any) -> None:
    wanted = [nct for nct, study in world.studies.items() if holds(study)]
    assert 0 < len(wanted) < 20
    assert sorted(ncts(ask.studies(**params, pageSize=1000))) == sorted(wanted)


def test_a_range_holds_its_ends(ask: Ask, world: World) -> None:
    days = [status(study)["lastUpdatePostDateStruct"]["date"] for study in world.studies.values()]
    middle = sorted(days)[10]
    found = ask.studies(filter__advanced=f"AREA[LastUpdatePostDate]RANGE[{middle},{middle}]")
    assert len(ncts(found)) == days.count(middle)


def test_fields_and_order(ask: Ask, world: World) -> None:
    answer = ask.studies(fields="NCTId|LastUpdatePostDate", sort="LastUpdatePostDate:desc", pageSize=20)
    days = [status(study)["lastUpdatePostDateStruct"]["date"] for study in answer.json()["studies"]]
    assert days == sorted(days, reverse=True)
    assert len(set(days)) > 10
    assert set(answer.json()["studies"][0]) == {"protocolSection"}
    part = ask.studies(filter__ids="NCT99000001", fields="protocolSection.statusModule,hasResults").json()["studies"][0]
    assert part == {"protocolSection": {"statusModule": status(world.studies["NCT99000001"])}, "hasResults": False}


def test_one_registration_by_its_numbers(ask: Ask, world: World) -> None:
    base, (old, nct) = f"{ask.double.ctgov}/studies", next(iter(world.aliases.items()))
    assert ask.client.get(f"{base}/{nct}").json() == world.studies[nct]
    moved = ask.client.get(f"{base}/{old}")
    assert (moved.status_code, moved.headers["location"]) == (301, f"/api/v2/studies/{nct}")
    assert ask.client.get(f"{base}/{old}", follow_redirects=True).json() == world.studies[nct]
    assert ask.client.get(f"{base}/{nct.lower()}").status_code == 200
    unknown = ask.client.get(f"{base}/NCT98999999")
    assert (unknown.status_code, unknown.text) == (404, "NCT number NCT98999999 not found")
    assert refused(ask.client.get(f"{base}/ABC123")) == "Parameter `nctId` has incorrect format"
    assert ncts(ask.studies(filter__ids=f"{old},NCT98999999")) == [nct]


def test_csv_has_its_token_in_a_header_and_names_only_on_the_first_page(ask: Ask) -> None:
    first = ask.studies(format="csv", pageSize=12, countTotal="true", fields="Phases|NCT Number")
    rows = list(csv.reader(io.StringIO(first.text)))
    assert rows[0] == ["NCT Number", "Phases"]  # in the order of the service
    assert (len(rows), first.headers["x-total-count"]) == (13, "20")
    second = ask.studies(format="csv", pageSize=12, pageToken=first.headers["x-next-page-token"], fields="NCT Number")
    assert len(second.text.splitlines()) == 8
    assert "x-next-page-token" not in second.headers


def test_the_version_tells_the_day_of_the_data(ask: Ask, world: World) -> None:
    told = ask.client.get(f"{ask.double.ctgov}/version").json()
    assert told == {"apiVersion": "2.0.5", "dataTimestamp": "2026-03-01T09:00:05"}
    ask.double.world = world.later()
    assert ask.client.get(f"{ask.double.ctgov}/version").json()["dataTimestamp"].startswith("2026-03-02")


# ---------------------------------------------------------------------------- Europe PMC


def test_cursors_lead_through_every_hit(ask: Ask, world: World) -> None:
    seen: list[str] = []
    mark = "*"
    while mark:
        page = ask.epmc(query="SRC:MED", resultType="idlist", pageSize=29, cursorMark=mark)
        assert page["hitCount"] == 60
        seen += [row["id"] for row in page["resultList"]["result"]]
        mark = page.get("nextCursorMark", "")
    assert sorted(seen) == sorted(world.pmids)


def test_europe_pmc_queries_forms_and_errors(ask: Ask, world: World) -> None:
    page = ask.epmc(query="EXT_ID:90000004 OR DOI:10.5555/synthetic.90000001", resultType="core")
    assert page["resultList"]["result"] == [world.europepmc("90000004"), world.europepmc("90000001")]
    assert "abstractText" not in ask.epmc(query="EXT_ID:90000004")["resultList"]["result"][0]
    dated = ask.epmc(query="FIRST_PDATE:[2025-01-01 TO 2025-03-31] AND SRC:MED", pageSize=100)
    assert dated["hitCount"] == len([p for p in world.papers.values() if "2025-01-01" <= p.entered <= "2025-03-31"]) > 0
    assert ask.epmc(query="zebrafish")["resultList"]["result"] == []
    assert ask.epmc(query="")["errCode"] == 404
    assert ask.epmc(query="nk", pageSize=1001)["errMsg"].startswith("Invalid page size")
    assert ask.epmc(query="nk", cursorMark="nonsense") == {"version": "6.9"}
    assert ask.epmc(query="(nk") == {"version": "6.9"}


# ---------------------------------------------------------------------------- files


def test_the_retraction_file_is_sent_once_until_it_changes(ask: Ask, world: World) -> None:
    url = ask.double.retraction_watch
    first = ask.client.get(url)
    assert first.content == world.retraction_watch_csv()
    tag = {"If-None-Match": first.headers["etag"]}
    assert first.headers["last-modified"] == "Sun, 01 Mar 2026 00:00:00 GMT"
    same = ask.client.get(url, headers=tag)
    assert (same.status_code, same.content) == (304, b"")
    ask.double.world = world.later()
    assert ask.client.get(url, headers=tag).status_code == 200


def test_baseline_and_update_files_hold_what_the_world_held(ask: Ask, world: World) -> None:
    later = world.later(1).later(2)
    ask.double.world = later

    def files(folder: str) -> dict[str, bytes]:
        names = re.findall(r'href="(pubmed26n\d{4}\.xml\.gz)"', ask.client.get(folder).text)
        found = {name: ask.client.get(folder + name).content for name in names}
        for name, body in found.items():
            told = ask.client.get(f"{folder}{name}.md5").text
            assert told == f"MD5({name})= {hashlib.md5(body, usedforsecurity=False).hexdigest()}\n"
        return {name: gzip.decompress(body) for name, body in found.items()}

    base, updates = files(ask.double.baseline), files(ask.double.updates)
    assert sum(len(pmids(body)) for body in base.values()) == 60
    assert list(base) + list(updates) == [f"pubmed26n{number:04}.xml.gz" for number in range(1, 6)]
    held = {pmid for body in base.values() for pmid in pmids(body)}
    for body in updates.values():
        held |= set(pmids(body))
        gone = body.partition(b"<DeleteCitation>")[2]
        held -= {number.decode() for number in re.findall(rb">(\d+)<", gone)}
    assert held == set(later.pmids)


def test_a_download_can_be_resumed(ask: Ask) -> None:
    url = f"{ask.double.baseline}pubmed26n0001.xml.gz"
    whole = ask.client.get(url)
    assert whole.headers["accept-ranges"] == "bytes"
    rest = ask.client.get(url, headers={"Range": "bytes=1000-"})
    assert (rest.status_code, rest.headers["content-range"]) == (
        206,
        f"bytes 1000-{len(whole.content) - 1}/{len(whole.content)}",
    )
    middle = ask.client.get(url, headers={"Range": "bytes=1000-1999", "If-Range": whole.headers["etag"]})
    assert rest.content[:1000] == middle.content
    assert whole.content[1000:] == rest.content
    changed = ask.client.get(url, headers={"Range": "bytes=1000-", "If-Range": '"another"'})
    assert (changed.status_code, changed.content) == (200, whole.content)
    assert ask.client.get(url, headers={"Range": "bytes=9999999-"}).status_code == 416
    assert ask.client.head(url).headers["content-length"] == str(len(whole.content))
    assert ask.client.get(f"{ask.double.baseline}pubmed26n0999.xml.gz").status_code == 404


# ---------------------------------------------------------------------------- another process


def test_it_runs_in_a_process_of_its_own() -> None:
    faults = json.dumps({"seed": 1, "rules": [{"kind": "server_500", "path_regex": "version"}]})
    command = [sys.executable, "-m", "tests.doubles", "--seed", "1", "--nights", "1", "--faults", faults]
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        try:
            assert process.stdout
            urls = json.loads(process.stdout.readline())
            with quick() as client:
                assert client.get(f"{urls['ctgov']}/version").status_code == 500
                assert client.get(f"{urls['ctgov']}/version").json()["dataTimestamp"].startswith("2026-03-02")
        finally:
            process.terminate()
