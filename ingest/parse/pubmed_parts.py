"""Parts of a PubMed record: abstracts, terms, ties to other papers, references, accessions, grants, dates."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from ingest.parse.markup import marked, text_of
from ingest.parse.pubmed_dates import iso_day, source_date
from ingest.parse.pubmed_ids import pmid
from ingest.parse.pubmed_people import person
from kb.records.article import Abstract, Accession, Link, Section, SourceDate, Term

#: PubMed's type of a link that is a cited paper; such links are references (most records before 2019).
CITES = "Cites"
#: The registry number NLM writes where a chemical has none.
_NO_NUMBER = "0"


def first_of_each(element: etree._Element | None) -> dict[str, etree._Element]:
    """Return an element's children by name, the first of each name."""
    return {} if element is None else {str(child.tag): child for child in element.iterchildren(reversed=True)}


def _texts(element: etree._Element) -> dict[str, str]:
    return {str(child.tag): (child.text or "").strip() for child in element}


def date_of(element: etree._Element | None) -> SourceDate | None:
    """Return a date element as it is known, None where there is none."""
    return None if element is None else source_date(_texts(element))


def day_of(element: etree._Element | None) -> str:
    """Return a date element as ISO, or as much of it as is sure; "" where there is none."""
    return "" if element is None else iso_day(_texts(element))


def abstract(element: etree._Element, kind: str = "main") -> Abstract:
    """Read an ``Abstract`` or ``OtherAbstract`` with every section, also an empty one, in order."""
    return Abstract(
        kind=kind,
        language=element.get("Language", ""),
        sections=tuple(
            Section(part.get("Label", ""), part.get("NlmCategory", ""), marked(part))
            for part in element.iterchildren("AbstractText")
        ),
        copyright=text_of(element.find("CopyrightInformation")),
    )


def publication_type(element: etree._Element) -> Term:
    """Read a ``PublicationType``."""
    return Term("publication_type", text_of(element), element.get("UI", ""))


def mesh_headings(parent: etree._Element) -> Iterator[Term]:
    """Yield the headings of a ``MeshHeadingList`` with their qualifiers."""
    for heading in parent:
        label, ui, kind, major = "", "", "", False
        qualifiers = []
        for part in heading:
            is_major = part.get("MajorTopicYN") == "Y"
            major = major or is_major
            if part.tag == "DescriptorName":
                label, ui, kind = text_of(part), part.get("UI", ""), part.get("Type", "")
            else:
                qualifiers.append((part.get("UI", ""), text_of(part), is_major))
        yield Term("mesh", label, ui, tuple(qualifiers), major, type=kind)


def supplementary(parent: etree._Element) -> Iterator[Term]:
    """Yield the concepts of a ``SupplMeshList``."""
    for name in parent:
        yield Term("supplementary", text_of(name), name.get("UI", ""), type=name.get("Type", ""))


def chemicals(parent: etree._Element) -> Iterator[Term]:
    """Yield the substances of a ``ChemicalList``; NLM's registry number "0" means that there is none."""
    for chemical in parent:
        parts = first_of_each(chemical)
        name = parts.get("NameOfSubstance")
        number = text_of(parts.get("RegistryNumber"))
        yield Term(
            "chemical",
            text_of(name),
            name.get("UI", "") if name is not None else "",
            registry_number="" if number == _NO_NUMBER else number,
        )


def keywords(parent: etree._Element) -> Iterator[Term]:
    """Yield the keywords of a ``KeywordList`` under its owner; they may hold scripts."""
    owner = parent.get("Owner", "")
    for word in parent:
        yield Term("keyword", text_of(word), major=word.get("MajorTopicYN") == "Y", scheme=owner)


def gene_symbols(parent: etree._Element) -> Iterator[Term]:
    """Yield the symbols of a ``GeneSymbolList`` (NLM gave them from 1991 to 1995)."""
    for symbol in parent:
        yield Term("gene_symbol", text_of(symbol), scheme="")


def personal_subjects(parent: etree._Element) -> Iterator[Term]:
    """Yield whom a paper is about, as ``Last, Fore Suffix``."""
    for subject in parent:
        who = person(subject, "subject")
        given = " ".join(part for part in (who.fore or who.initials, who.suffix) if part)
        yield Term("personal_subject", ", ".join(part for part in (who.last, given) if part), scheme="")


def links(parent: etree._Element) -> Iterator[Link]:
    """Yield every entry of a ``CommentsCorrectionsList``, cited papers (:data:`CITES`) too."""
    for tie in parent:
        number = citation = note = ""
        for part in tie:
            tag = part.tag
            if tag == "PMID":
                number = pmid((part.text or "").strip())
            elif tag == "RefSource":
                citation = text_of(part)
            elif tag == "Note":
                note = text_of(part)
        yield Link(tie.get("RefType", ""), number, citation, note)


def references(parent: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield (PMID or "", citation) of every cited paper, also of lists within lists."""
    number = citation = ""
    begun = False
    # One walk instead of three nested loops: half of some records are references.
    for part in parent.iter("Reference", "Citation", "ArticleId"):
        tag = part.tag
        if tag == "ArticleId":
            if not number and part.get("IdType") == "pubmed":
                number = pmid((part.text or "").strip())
        elif tag == "Citation":
            citation = text_of(part)
        else:
            if begun:
                yield number, citation
            number, citation, begun = "", "", True
    if begun:
        yield number, citation


def accessions(parent: etree._Element) -> Iterator[Accession]:
    """Yield each number of a ``DataBankList``; a bank that is named without a number has "" for it."""
    for bank in parent:
        name = text_of(bank.find("DataBankName"))
        numbers = [text_of(number) for number in bank.iterfind("AccessionNumberList/AccessionNumber")]
        yield from (Accession(name, number) for number in numbers or [""])


def grants(parent: etree._Element) -> Iterator[tuple[str, str, str]]:
    """Yield (number, agency, country) of a ``GrantList``, each "" where not given."""
    for grant in parent:
        parts = first_of_each(grant)
        yield text_of(parts.get("GrantID")), text_of(parts.get("Agency")), text_of(parts.get("Country"))


def history(parent: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield (status, ISO day or what is sure of it) of a ``History``."""
    for day in parent:
        yield day.get("PubStatus", ""), day_of(day)
