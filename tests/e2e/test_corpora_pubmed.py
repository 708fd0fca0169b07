"""Every real PubMed file at hand parses, and every character of its titles and abstracts is accounted for.

What is compared with is read by the standard library's ElementTree and knows nothing of our code.
"""

from __future__ import annotations

import gzip
import io
import re
import unicodedata
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from ingest.errors import UnreadableError
from ingest.parse.inflate import opened
from ingest.parse.pubmed_xml import parse_articles
from kb.records.article import Abstract, Article, Deletion, Marked
from tests.conftest import ROOT

FOLDER = ROOT.parent / "shared" / "corpora" / "pubmed_xml"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the corpora lie beside the project only where it is developed"),
]

RECORDS = ("PubmedArticle", "MedlineCitation", "PubmedBookArticle")
#: Files of the corpora that are no PubMed XML: an HTML answer, and MEDLINE format.
FOREIGN = {".html": "<html> is not a root element", ".txt": "not XML"}


class Pair(NamedTuple):
    """A record as the standard library sees it, and as we do."""

    file: str
    raw: ET.Element
    ours: Article


def content(path: Path) -> bytes:
    data = path.read_bytes()
    return gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data


def files() -> list[Path]:
    return sorted(path for path in FOLDER.rglob("*") if path.is_file())


def readable() -> list[Path]:
    return [path for path in files() if path.suffix not in FOREIGN]


def parsed(path: Path) -> list[Article | Deletion]:
    with path.open("rb") as handle:
        return list(parse_articles(opened(handle)))


@cache
def corpus() -> tuple[list[Pair], list[Deletion], list[ET.Element]]:
    """Every record twice, every deletion of ours, every root."""
    pairs: list[Pair] = []
    gone: list[Deletion] = []
    roots: list[ET.Element] = []
    for path in readable():
        root = ET.fromstring(content(path))  # noqa: S314 - these files are ours to trust
        raw = [root] if root.tag in RECORDS else [child for child in root if child.tag in RECORDS]
        found = parsed(path)
        ours = [one for one in found if isinstance(one, Article)]
        gone += [one for one in found if isinstance(one, Deletion)]
        assert len(ours) == len(raw), path.name
        pairs += [Pair(path.name, *both) for both in zip(raw, ours, strict=True)]
        roots.append(root)
    return pairs, gone, roots


def citation(raw: ET.Element) -> ET.Element:
    found = raw if raw.tag == "MedlineCitation" else raw.find("MedlineCitation")
    return raw if found is None else found


def told(element: ET.Element | None) -> str:
    """The text of an element, scripts that MathML writes after their base but shows before it moved there."""
    if element is None:
        return ""
    for scripts in [one for one in element.iter() if one.tag.endswith("mmultiscripts")]:
        names = [child.tag.rpartition("}")[2] for child in scripts]
        if "mprescripts" in names:
            split = names.index("mprescripts")
            children = list(scripts)
            scripts[:] = [*children[split + 1 :], *children[:1], *children[1:split]]
    return "".join(element.itertext())


def folded(text: str) -> str:
    """Letters in order: no white space, none of our marks, one dash, a dot above a letter beside it."""
    text = unicodedata.normalize("NFKD", text).replace("\u0307", ".")
    text = re.sub("[‐‑‒–—−]", "-", text)
    return re.sub(r"[\s^_()]", "", text)


def differ(raw: ET.Element | None, ours: Marked) -> list[str]:
    expected = folded(told(raw))
    return [form for form in (ours.text, ours.plain) if folded(form) != expected]


# ---------------------------------------------------------------------------- files


def test_there_are_as_many_real_records_as_we_say() -> None:
    assert len(readable()) > 250
    assert len(corpus()[0]) > 1_400


@pytest.mark.parametrize("suffix", FOREIGN)
def test_what_is_no_pubmed_xml_is_refused_by_name(suffix: str) -> None:
    foreign = [path for path in files() if path.suffix == suffix]
    assert foreign
    for path in foreign:
        with pytest.raises(UnreadableError, match=FOREIGN[suffix]):
            parsed(path)


def test_every_deletion_is_told() -> None:
    _, gone, roots = corpus()
    expected = [f"PMID:{number.text}" for root in roots for number in root.findall("DeleteCitation/PMID")]
    assert [one.id for one in gone] == expected
    assert len(expected) > 20


@pytest.mark.parametrize("size", [1, 977])
def test_it_does_not_matter_how_the_bytes_arrive(size: int) -> None:
    class Slow(io.BytesIO):
        def read(self, _: int | None = -1, /) -> bytes:
            return super().read(size)

    path = FOLDER / "biopython" / "Entrez__pubmed1.xml"
    assert list(parse_articles(Slow(content(path)))) == parsed(path)


# ---------------------------------------------------------------------------- every character


def test_every_character_of_every_title() -> None:
    for file, raw, ours in corpus()[0]:
        article = citation(raw).find("Article" if ours.kind == "article" else "BookDocument")
        assert article is not None, file
        assert differ(article.find("ArticleTitle"), ours.title) == [], (file, ours.id)
        assert differ(article.find("VernacularTitle"), ours.vernacular_title) == [], (file, ours.id)


def test_every_character_of_every_section_of_every_abstract() -> None:
    compared = 0
    for file, raw, ours in corpus()[0]:
        holder = citation(raw)
        expected = [*holder.iter("Abstract"), *holder.findall("OtherAbstract")]
        assert len(expected) == len(ours.abstracts), (file, ours.id)
        for element, abstract in zip(expected, ours.abstracts, strict=True):
            texts = element.findall("AbstractText")
            assert [text.get("Label", "") for text in texts] == [part.label for part in abstract.sections], ours.id
            assert [text.get("NlmCategory", "") for text in texts] == [part.category for part in abstract.sections]
            for text, part in zip(texts, abstract.sections, strict=True):
                assert differ(text, part.body) == [], (file, ours.id, part.label)
                compared += 1
            assert folded(abstract.copyright) == folded(told(element.find("CopyrightInformation")))
            assert kind(element) == (abstract.kind, abstract.language)
    assert compared > 2_400


def kind(element: ET.Element) -> tuple[str, str]:
    return ("main", "") if element.tag == "Abstract" else (element.get("Type", ""), element.get("Language", ""))


def texts(ours: Article) -> Iterator[Marked]:
    yield ours.title
    yield ours.vernacular_title
    abstract: Abstract
    for abstract in ours.abstracts:
        yield from (section.body for section in abstract.sections)


def test_no_exponent_is_glued_to_its_number() -> None:
    """Each place where a raised or lowered number follows a digit has a mark in the plain text."""
    glued = re.compile(r"\d\s?<(sup|sub)>\s*(?:<[iub]>)?\s*[-+−–]?\d")
    expected = found = 0
    for _, raw, ours in corpus()[0]:
        for element in raw.iter():
            if element.tag in ("ArticleTitle", "VernacularTitle", "AbstractText") and len(element):
                expected += len(glued.findall(ET.tostring(element, encoding="unicode")))
        found += sum(len(re.findall(r"\d\s?[\^_]", marked.plain)) for marked in texts(ours))
    assert expected > 10
    assert found >= expected


def test_no_raised_or_lowered_letter_is_lost() -> None:
    """Every letter of a script is one of Unicode's, a sign raised by nature, or between our marks."""
    for file, raw, ours in corpus()[0]:
        scripts = [
            folded(told(script))
            for element in raw.iter()
            if element.tag in ("ArticleTitle", "VernacularTitle", "AbstractText")
            for script in element.iter()
            if script.tag in ("sup", "sub")
        ]
        shown = "".join(
            letter if letter in "®*†" or unicodedata.decomposition(letter).startswith(("<super>", "<sub>")) else ""
            for marked in texts(ours)
            for letter in re.sub(r"[\^_]\(([^)]*)\)", lambda match: "⁰" * len(match[1]), marked.text)
        )
        assert len(shown) >= sum(map(len, scripts)), (file, ours.id)


# ---------------------------------------------------------------------------- counts


def own_ids(raw: ET.Element) -> Counter[tuple[str, str]]:
    """Identifiers of the paper itself: direct lists only, since a reference list holds those of other papers."""
    paths = (
        "PubmedData/ArticleIdList/ArticleId",
        "BookDocument/ArticleIdList/ArticleId",
        "PubmedBookData/ArticleIdList/ArticleId",
    )
    found = {(one.get("IdType", ""), (one.text or "").strip()) for path in paths for one in raw.findall(path)}
    holder = citation(raw)
    found |= {(one.get("EIdType", ""), (one.text or "").strip()) for one in holder.findall("Article/ELocationID")}
    found |= {(one.get("Source", ""), (one.text or "").strip()) for one in holder.findall("OtherID")}
    return Counter(found)


def test_identifiers() -> None:
    for file, raw, ours in corpus()[0]:
        assert Counter(ours.article_ids) == own_ids(raw), (file, ours.id)
        number = citation(raw).find("PMID") if ours.kind == "article" else raw.find("BookDocument/PMID")
        expected = "" if number is None else number.text
        assert (ours.pmid or "") == (expected or dict(ours.article_ids).get("pubmed", "")), file
        assert ours.version == (1 if number is None else int(number.get("Version", "1")))
        dois = {value.lower() for name, value in ours.article_ids if name == "doi"}
        assert (ours.doi.lower() in dois) if dois else not ours.doi, (file, ours.id, dois)
        assert ours.id == f"PMID:{ours.pmid}" or not ours.pmid


def test_terms() -> None:
    paths = {
        "publication_type": ".//PublicationType",
        "mesh": "MeshHeadingList/MeshHeading",
        "supplementary": "SupplMeshList/SupplMeshName",
        "chemical": "ChemicalList/Chemical",
        "gene_symbol": "GeneSymbolList/GeneSymbol",
        "personal_subject": "PersonalNameSubjectList/PersonalNameSubject",
        "keyword": ".//KeywordList/Keyword",
    }
    totals: Counter[str] = Counter()
    for file, raw, ours in corpus()[0]:
        got = Counter(term.kind for term in ours.terms)
        for name, path in paths.items():
            assert got[name] == len(citation(raw).findall(path)), (file, ours.id, name)
        totals += got
        majors = [one for one in citation(raw).iter("MeshHeading") if any(x.get("MajorTopicYN") == "Y" for x in one)]
        assert sum(term.major for term in ours.terms if term.kind == "mesh") == len(majors)
        qualifiers = list(citation(raw).iter("QualifierName"))
        assert sum(len(term.qualifiers) for term in ours.terms) == len(qualifiers)
        types = [one.text for one in citation(raw).iter("PublicationType")]
        assert list(ours.publication_types) == types
    assert totals["mesh"] > 7_000
    assert min(totals[name] for name in paths) >= 3


def test_people() -> None:
    for file, raw, ours in corpus()[0]:
        expected = [*(one for one in raw.iter("Author")), *(one for one in raw.iter("Investigator"))]
        names = [(one.findtext("LastName") or "", one.findtext("CollectiveName") or "") for one in expected]
        assert Counter((folded(one.last), folded(one.collective)) for one in ours.authors) == Counter(
            (folded(last), folded(group)) for last, group in names
        ), (file, ours.id)
        places = [folded(told(one)) for one in raw.iter("Affiliation")]
        assert Counter(folded(place) for one in ours.authors for place in one.affiliations) == Counter(places)
        orcids = [one for one in raw.iter("Identifier") if one.get("Source") == "ORCID"]
        assert sum(bool(one.orcid) for one in ours.authors) == len(orcids), (file, ours.id)


def test_ties_references_accessions_and_grants() -> None:
    for file, raw, ours in corpus()[0]:
        ties = list(raw.iter("CommentsCorrections"))
        notices = [one for one in ties if one.get("RefType") != "Cites"]
        expected = [(one.get("RefType"), one.findtext("PMID") or "") for one in notices]
        assert [(link.type, link.pmid) for link in ours.links] == expected, (file, ours.id)
        cited = [one for one in ties if one.get("RefType") == "Cites"]
        references = list(raw.iter("Reference"))
        assert len(ours.references) == len(cited) + len(references), (file, ours.id)
        numbers = [(one.findtext("PMID") or "").strip() for one in cited]
        numbers += [
            next(((x.text or "").strip() for x in one.iter("ArticleId") if x.get("IdType") == "pubmed"), "")
            for one in references
        ]
        # PubMed prints "0", or the whole citation, where it does not know the number of a cited paper.
        known = [one if re.fullmatch(r"[1-9]\d*", one) else "" for one in numbers]
        assert [number for number, _ in ours.references] == known, (file, ours.id)
        citations = [folded(one.findtext("RefSource") or "") for one in cited]
        citations += [folded(told(one.find("Citation"))) for one in references]
        assert [folded(words) for _, words in ours.references] == citations, (file, ours.id)
        accessions = [one.text for one in raw.iter("AccessionNumber")]
        assert [one.number for one in ours.accessions] == accessions
        assert len(ours.grants) == len(list(raw.iter("Grant")))


def test_every_date_is_known_and_none_is_invented() -> None:
    undated = 0
    for file, raw, ours in corpus()[0]:
        printed = next(iter(citation(raw).iter("PubDate")), None)
        undated += printed is None
        if printed is None or ours.publication_date is None:
            assert printed is None, (file, ours.id)
            assert ours.publication_date is None, (file, ours.id)
            continue
        raw_words = " ".join(text.strip() for text in printed.itertext() if text.strip())
        assert ours.publication_date.raw.replace("-", " ") == raw_words.replace("-", " "), (file, ours.id)
        assert ours.publication_date.iso[:4] in raw_words
        assert ours.publication_date.precision != "text", (file, ours.id, raw_words)
        month = printed.findtext("Month")
        assert len(ours.publication_date.iso) == (4 if not month else 10 if printed.findtext("Day") else 7)
        assert bool(ours.electronic_date) == (citation(raw).find("Article/ArticleDate") is not None)
        assert len(ours.history) == len(list(raw.iter("PubMedPubDate")))
        assert all(re.fullmatch(r"\d{4}(-\d\d){0,2}", day) for _, day in ours.history)
        assert bool(ours.revised) == (next(iter(raw.iter("DateRevised")), None) is not None)
    assert undated == 1  # one citation of the corpora holds a number and nothing else
