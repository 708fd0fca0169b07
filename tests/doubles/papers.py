"""One invented paper, and its PubMed XML."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from tests.doubles import words
from tests.doubles.chance import stream

HEAD = (
    '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
)
_TAGS = re.compile(r"<[^>]+>")
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """One record. Texts are XML fragments, so that markup reaches the wire as PubMed sends it.

    Attributes:
        sections: (label, category, text) of the abstract, none without one.
        links: (RefType, PMID) of comments and corrections; an empty PMID is sent as a citation only.
        published: child elements of ``PubDate``.
        entered, revised: ``YYYY-MM-DD``.
        ncts: registrations in the data bank list.
        shape: ``article`` or ``book``.
    """

    pmid: str
    title: str
    sections: tuple[tuple[str, str, str], ...]
    authors: tuple[tuple[str, str, str], ...]
    journal: tuple[str, str, str, str]
    types: Pairs
    headings: Pairs
    published: str
    entered: str
    revised: str
    ncts: tuple[str, ...] = ()
    links: Pairs = ()
    version: int = 1
    language: str = "eng"
    vernacular: str = ""
    group: str = ""
    shape: str = "article"

    @property
    def doi(self) -> str:
        return f"10.5555/synthetic.{self.pmid}"

    @property
    def pmcid(self) -> str:
        """Every other paper has one; the digits differ from the PMID's."""
        return f"PMC{int(self.pmid) + 9_000_000}" if int(self.pmid) % 2 else ""

    @property
    def year(self) -> str:
        found = re.search(r"\d{4}", self.published)
        return found.group() if found else ""

    @property
    def text(self) -> str:
        """Title and abstract without markup."""
        return plain(" ".join((self.title, self.vernacular, *(section[2] for section in self.sections))))

    @property
    def retracted(self) -> bool:
        return any(kind == "RetractionIn" for kind, _ in self.links)


def plain(fragment: str) -> str:
    """Return the characters of an XML fragment."""
    return html.unescape(_TAGS.sub("", fragment))


def _published(index: int, year: int, month: str) -> str:
    if index % 17 == 3:
        return f"<MedlineDate>{year - 1} Dec-{year} Jan</MedlineDate>"
    if index % 17 == 6:
        return f"<Year>{year}</Year><Season>Spring</Season>"
    if index % 4 == 0:
        return f"<Year>{year}</Year>"
    day = "" if index % 4 == 1 else f"<Day>{index % 28 + 1:02}</Day>"
    return f"<Year>{year}</Year><Month>{month}</Month>{day}"


def _sections(index: int, pick: Iterable[str]) -> tuple[tuple[str, str, str], ...]:
    aim, method, result, closing = pick
    if index % 11 == 10:
        return ()
    if index % 3 == 0:
        return (("", "", f"{aim} {method} {result} {closing}"),)
    # A label may come twice; a parser that keys on it loses a section.
    return (
        ("BACKGROUND", "BACKGROUND", aim),
        ("METHODS", "METHODS", method),
        ("RESULTS", "RESULTS", result),
        *((("RESULTS", "RESULTS", "A second part of the results, under the same label."),) if index % 7 == 1 else ()),
        ("CONCLUSIONS", "CONCLUSIONS", closing),
    )


def invent(seed: int, index: int, pmid: str, entered: date, ncts: tuple[str, ...] = ()) -> Paper:
    """Make one paper; the same arguments make the same paper.

    Args:
        index: position in the world; decides which odd features the paper has, so that each occurs for sure.
    """
    dice = stream("paper", seed, index)
    cell, disease = dice.choice(words.CELLS), dice.choice(words.DISEASES)
    design, types = words.DESIGNS[index % len(words.DESIGNS)]
    n, m = dice.randint(8, 90), dice.randint(2, 7)
    texts = [dice.choice(kind).format(n=n, m=m) for kind in (words.AIMS, words.METHODS, words.RESULTS, words.CLOSINGS)]
    title = f"{cell[0].upper()}{cell[1:]} at 10<sup>{m}</sup>/kg in {disease}: {design} (synthetic record {pmid})."
    foreign = index % 13 == 12
    return Paper(
        pmid=pmid,
        title=f"[{title[:-1]}]." if foreign else title,
        vernacular=f"Erfundene Studie zu natürlichen Killerzellen (Größe {n})." if foreign else "",
        language="ger" if foreign else "eng",
        sections=_sections(index, texts),
        authors=() if index % 29 == 28 else tuple(dice.sample(words.AUTHORS, dice.randint(1, 4))),
        group="Synthetic NK Study Group" if index % 9 == 5 else "",
        journal=dice.choice(words.JOURNALS),
        types=types,
        headings=tuple(dice.sample(words.HEADINGS, 2)) if index % 6 else (),
        published=_published(index, entered.year, f"{entered:%b}"),
        entered=entered.isoformat(),
        revised=entered.isoformat(),
        ncts=ncts,
        version=2 if index % 19 == 18 else 1,
        shape="book" if index % 23 == 22 else "article",
    )


def tie(papers: dict[str, Paper], about: str, notice: str, kind: str) -> None:
    """Make one paper the notice (``Retraction``, ``Erratum``, ``ExpressionOfConcern``) of another, in place.

    Without a notice ("") the paper says only that there is one, as a citation.
    """
    back = {"Retraction": "RetractionOf", "Erratum": "ErratumFor", "ExpressionOfConcern": "ExpressionOfConcernFor"}[
        kind
    ]
    label = {
        "Retraction": ("D016440", "Retraction of Publication"),
        "Erratum": ("D016425", "Published Erratum"),
        "ExpressionOfConcern": ("D000074061", "Expression of Concern"),
    }[kind]
    old = papers[about]
    extra = (("D016441", "Retracted Publication"),) if kind == "Retraction" else ()
    papers[about] = replace(old, links=(*old.links, (f"{kind}In", notice)), types=(*old.types, *extra), shape="article")
    if not notice:
        return
    papers[notice] = replace(
        papers[notice],
        title=f"{kind} notice: {old.title}",
        sections=(),
        ncts=(),
        types=(label,),
        links=((back, about),),
        shape="article",
    )


def _day(name: str, iso: str, attribute: str = "") -> str:
    year, month, day = iso.split("-")
    return f"<{name}{attribute}><Year>{year}</Year><Month>{month}</Month><Day>{day}</Day></{name}>"


def _history(paper: Paper) -> str:
    entered = _day("PubMedPubDate", paper.entered, ' PubStatus="entrez"')
    return f"<History>{entered}</History>"


def _people(paper: Paper) -> str:
    rows = [
        f"<Author ValidYN='Y'><LastName>{html.escape(last)}</LastName><ForeName>{fore}</ForeName>"
        f"<Initials>{initials}</Initials>{'<Suffix>Jr</Suffix>' if place == 1 else ''}"
        "<AffiliationInfo><Affiliation>Department of Invention, Universität Nirgendwo.</Affiliation></AffiliationInfo>"
        "</Author>"
        for place, (last, fore, initials) in enumerate(paper.authors)
    ]
    if paper.group:
        rows.append(f"<Author ValidYN='Y'><CollectiveName>{paper.group}</CollectiveName></Author>")
    return f"<AuthorList CompleteYN='Y'>{''.join(rows)}</AuthorList>" if rows else ""


def _abstract(paper: Paper) -> str:
    texts = "".join(
        f'<AbstractText Label="{label}" NlmCategory="{category}">{text}</AbstractText>'
        if label
        else f"<AbstractText>{text}</AbstractText>"
        for label, category, text in paper.sections
    )
    return f"<Abstract>{texts}</Abstract>" if texts else ""


def _banks(paper: Paper) -> str:
    numbers = "".join(f"<AccessionNumber>{nct}</AccessionNumber>" for nct in paper.ncts)
    bank = (
        f"<DataBank><DataBankName>ClinicalTrials.gov</DataBankName><AccessionNumberList>{numbers}</AccessionNumberList>"
    )
    return f"<DataBankList CompleteYN='Y'>{bank}</DataBank></DataBankList>" if numbers else ""


def _headings(paper: Paper) -> str:
    (code, name), _ = words.QUALIFIERS
    rows = "".join(
        f'<MeshHeading><DescriptorName UI="{ui}" MajorTopicYN="N">{label}</DescriptorName>'
        f'<QualifierName UI="{code}" MajorTopicYN="Y">{name}</QualifierName></MeshHeading>'
        for ui, label in paper.headings
    )
    return f"<MeshHeadingList>{rows}</MeshHeadingList>" if rows else ""


def _links(paper: Paper) -> str:
    rows = "".join(
        f'<CommentsCorrections RefType="{kind}"><RefSource>J Synth Cell Ther. 2025;1:{pmid[-3:] or 1}</RefSource>'
        + (f'<PMID Version="1">{pmid}</PMID>' if pmid else "")
        + "</CommentsCorrections>"
        for kind, pmid in paper.links
    )
    return f"<CommentsCorrectionsList>{rows}</CommentsCorrectionsList>" if rows else ""


def _types(paper: Paper) -> str:
    return "".join(f'<PublicationType UI="{ui}">{label}</PublicationType>' for ui, label in paper.types)


def _ids(paper: Paper) -> str:
    pmc = f'<ArticleId IdType="pmc">{paper.pmcid}</ArticleId>' if paper.pmcid else ""
    return (
        f'<ArticleIdList><ArticleId IdType="pubmed">{paper.pmid}</ArticleId>'
        f'<ArticleId IdType="doi">{paper.doi}</ArticleId>{pmc}</ArticleIdList>'
    )


def _book(paper: Paper) -> str:
    return (
        f'<PubmedBookArticle><BookDocument><PMID Version="1">{paper.pmid}</PMID>{_ids(paper)}'
        f"<Book><Publisher><PublisherName>Made-up Press</PublisherName></Publisher><BookTitle book='synthetic'>"
        f"Synthetic reviews</BookTitle><PubDate><Year>{paper.year}</Year></PubDate></Book>"
        f"<ArticleTitle book='synthetic' part='{paper.pmid}'>{paper.title}</ArticleTitle><Language>eng</Language>"
        f"{_people(paper)}{_abstract(paper)}"
        f"{_day('ContributionDate', paper.entered)}{_day('DateRevised', paper.revised)}</BookDocument><PubmedBookData>"
        f"{_history(paper)}<PublicationStatus>ppublish</PublicationStatus>{_ids(paper)}</PubmedBookData></PubmedBookArticle>"
    )


def element(paper: Paper) -> str:
    """Return one record as PubMed sends it, in the order of elements that the DTD asks for."""
    if paper.shape == "book":
        return _book(paper)
    name, abbreviation, issn, nlm = paper.journal
    vernacular = f"<VernacularTitle>{paper.vernacular}</VernacularTitle>" if paper.vernacular else ""
    other = (
        '<OtherAbstract Type="Publisher" Language="ger"><AbstractText>Erfundene Zusammenfassung.</AbstractText>'
        "</OtherAbstract>"
        if paper.vernacular
        else ""
    )
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="{paper.version}">'
        f"{paper.pmid}</PMID>{_day('DateRevised', paper.revised)}"
        f'<Article PubModel="Print"><Journal><ISSN IssnType="Print">{issn}</ISSN><JournalIssue CitedMedium="Print">'
        f"<Volume>{paper.pmid[-2:]}</Volume><Issue>1</Issue><PubDate>{paper.published}</PubDate></JournalIssue>"
        f"<Title>{name}</Title><ISOAbbreviation>{abbreviation}</ISOAbbreviation></Journal>"
        f"<ArticleTitle>{paper.title}</ArticleTitle><Pagination><StartPage>1</StartPage><MedlinePgn>1-9</MedlinePgn></Pagination>"
        f'<ELocationID EIdType="doi" ValidYN="Y">{paper.doi}</ELocationID>{_abstract(paper)}{_people(paper)}'
        f"<Language>{paper.language}</Language>{_banks(paper)}<PublicationTypeList>{_types(paper)}</PublicationTypeList>"
        f"{vernacular}</Article><MedlineJournalInfo><Country>Germany</Country><MedlineTA>{abbreviation}</MedlineTA>"
        f"<NlmUniqueID>{nlm}</NlmUniqueID><ISSNLinking>{issn}</ISSNLinking></MedlineJournalInfo>"
        f"{_links(paper)}{_headings(paper)}{other}</MedlineCitation><PubmedData>"
        f"{_history(paper)}<PublicationStatus>ppublish</PublicationStatus>{_ids(paper)}</PubmedData></PubmedArticle>"
    )


def article_set(papers: Iterable[Paper], deleted: Iterable[str] = ()) -> bytes:
    """Return a ``PubmedArticleSet``, with a ``DeleteCitation`` for the deleted ones (update files have it)."""
    gone = "".join(f'<PMID Version="1">{pmid}</PMID>' for pmid in deleted)
    tail = f"<DeleteCitation>{gone}</DeleteCitation>" if gone else ""
    records = "".join(element(paper) + "\n" for paper in papers)
    return f"{HEAD}<PubmedArticleSet>{records}{tail}</PubmedArticleSet>\n".encode()
