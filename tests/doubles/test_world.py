"""The synthetic world: repeatable, well formed, and rich in what real records do."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from pathlib import Path

import Bio.Entrez
import pytest
from lxml import etree

from tests.doubles.library import World

DTDS = Path(str(Bio.Entrez.__file__)).parent / "DTDs"


@pytest.fixture(scope="module")
def world() -> World:
    return World.make(1)


def test_the_same_seed_makes_the_same_world(world: World) -> None:
    again = World.make(1)
    assert again.pubmed_xml(again.pmids) == world.pubmed_xml(world.pmids)
    assert again.studies == world.studies
    assert again.later(3).studies == world.later(3).studies
    assert World.make(2).pubmed_xml(world.pmids) != world.pubmed_xml(world.pmids)


def test_every_number_is_far_beyond_what_exists(world: World) -> None:
    assert all(int(pmid) > 90_000_000 for pmid in world.pmids)
    assert all(int(nct[3:]) > 99_000_000 for nct in (*world.ncts, *world.aliases))
    assert all(paper.doi.startswith("10.5555/") for paper in world.papers.values())


@pytest.mark.parametrize("nights", [0, 2])
def test_pubmed_xml_is_valid_by_nlms_own_dtd(world: World, nights: int) -> None:
    for night in range(nights):
        world = world.later(night)
    dtd = etree.DTD(str(DTDS / "pubmed_250101.dtd"))
    root = etree.fromstring(world.pubmed_xml(world.pmids))
    assert dtd.validate(root), dtd.error_log.filter_from_errors()
    assert len(root) == len(world.papers)


def test_records_do_what_real_ones_do(world: World) -> None:
    xml = world.pubmed_xml(world.pmids).decode()
    for feature in (
        "<sup>",
        "<sub>",
        "<MedlineDate>",
        "<Season>",
        "<VernacularTitle>",
        "<OtherAbstract ",
        "<CollectiveName>",
        "<Suffix>",
        "<PubmedBookArticle>",
        'RefType="RetractionIn"',
        'RefType="RetractionOf"',
        'RefType="ErratumFor"',
        'RefType="ExpressionOfConcernIn"',
        'PMID Version="2"',
        "<DataBankName>ClinicalTrials.gov</DataBankName>",
        "Nguyễn",
        "&#x3b3;",
        "&lt;",
    ):
        assert feature in xml, feature
    papers = world.papers.values()
    assert any(not paper.sections for paper in papers)
    assert any(not paper.authors for paper in papers)
    assert any([s[0] for s in paper.sections].count("RESULTS") == 2 for paper in papers)
    assert any(("RetractionIn", "") in paper.links for paper in papers)
    assert any("<Day>" not in paper.published and "<Month>" in paper.published for paper in papers)


def test_registrations_do_what_real_ones_do(world: World) -> None:
    protocols = [study["protocolSection"] for study in world.studies.values()]
    designs = [protocol["designModule"] for protocol in protocols]
    phases = [design.get("phases") for design in designs]
    assert ["PHASE1", "PHASE2"] in phases
    assert ["NA"] in phases
    assert None in phases
    assert 99999999 in [design["enrollmentInfo"]["count"] for design in designs]
    starts = [protocol["statusModule"]["startDateStruct"]["date"] for protocol in protocols]
    assert {len(start) for start in starts} == {7, 10}
    assert any(study["hasResults"] and study["resultsSection"] for study in world.studies.values())
    assert any("whyStopped" in protocol["statusModule"] for protocol in protocols)
    assert world.aliases
    alias, nct = next(iter(world.aliases.items()))
    assert world.study(alias) is world.studies[nct]


def test_the_retraction_file_tells_the_same_as_pubmed(world: World) -> None:
    rows = list(csv.DictReader(io.StringIO(world.retraction_watch_csv().decode("utf-8"), newline="")))
    told = {(row["OriginalPaperDOI"], row["RetractionNature"]) for row in rows}
    names = {"RetractionIn": "Retraction", "ErratumIn": "Correction", "ExpressionOfConcernIn": "Expression of concern"}
    held = {(p.doi, names[kind]) for p in world.papers.values() for kind, _ in p.links if kind in names}
    assert told == held
    assert len(held) == 4
    assert {row["RetractionPubMedID"] for row in rows} >= {"0"}
    assert all(re.fullmatch(r"\d{1,2}/\d{1,2}/\d{4} 0:00", row["RetractionDate"]) for row in rows)


def test_europe_pmc_has_the_same_papers_in_its_own_form(world: World) -> None:
    for pmid, paper in world.papers.items():
        record = world.europepmc(pmid)
        assert record["doi"] == paper.doi
        assert ("abstractText" in record) == bool(paper.sections)
        assert ("commentCorrectionList" in record) == bool(paper.links)
        assert "&#x" not in str(record)
    retracted = next(pmid for pmid, paper in world.papers.items() if paper.retracted)
    (link,) = world.europepmc(retracted)["commentCorrectionList"]["commentCorrection"]
    assert link["type"] == "Retraction in"


def test_a_night_adds_revises_retracts_deletes_and_merges(world: World) -> None:
    later = world.later()
    changes = later.changes
    today = later.day.isoformat()
    assert (later.day - world.day).days == 1

    assert set(later.pmids) - set(world.pmids) == set(changes.new_pmids)
    assert set(world.pmids) - set(later.pmids) == set(changes.gone_pmids)
    touched = {pmid for pmid in world.pmids if pmid in later.papers and later.papers[pmid] != world.papers[pmid]}
    assert touched == set(changes.revised_pmids)
    assert {later.papers[pmid].revised for pmid in touched} == {today}
    ((about, notice),) = changes.retracted.items()
    assert later.papers[about].retracted
    assert not world.papers[about].retracted
    assert later.papers[notice].links == (("RetractionOf", about),)

    ((old, into),) = changes.merged.items()
    assert set(later.ncts) - set(world.ncts) == set(changes.new_ncts)
    assert set(world.ncts) - set(later.ncts) == {old}
    assert later.aliases[old] == into
    assert set(world.aliases) <= set(later.aliases)
    different = {nct for nct in later.ncts if nct in world.studies and later.studies[nct] != world.studies[nct]}
    assert different == set(changes.revised_ncts)
    posted = {
        later.studies[n]["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"]["date"] for n in different
    }
    assert posted == {today}


def test_a_world_without_much_in_it_still_moves_on() -> None:
    small = World.make(1, papers=2, trials=1).later()
    assert len(small.changes.new_pmids) == 3
    assert replace(small.changes, new_pmids=(), new_ncts=()) == type(small.changes)()


def test_many_nights_never_give_a_number_twice(world: World) -> None:
    seen = set(world.pmids) | set(world.ncts) | set(world.aliases)
    for night in range(12):
        before, world = world, world.later(night)
        assert set(before.aliases) <= set(world.aliases)
        assert set(world.aliases.values()) <= set(world.ncts)
        fresh = {*world.changes.new_pmids, *world.changes.new_ncts}
        assert not fresh & seen
        seen |= fresh
