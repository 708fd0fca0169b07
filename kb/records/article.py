"""A bibliographic record as its database gives it: what ``ingest`` parses and ``kb build`` stores.

Unlike :mod:`kb.records.study`, nobody reviewed it. Plain frozen dataclasses, since a baseline file
holds tens of thousands of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

#: How sure a partial date is: "2000 Spring" is known to the season, "1998 Dec-1999 Jan" is a span.
DatePrecision = Literal["day", "month", "season", "span", "year", "text"]


@dataclass(frozen=True, slots=True)
class SourceDate:
    """A date as a database prints it.

    Attributes:
        raw: the words of the source ("2000 Spring", "1998 Dec-1999 Jan", "2010-02-20").
        iso: what is sure of it: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; "" where not even the year is. For a
            season or a span the year (of its end), never an invented month.
        precision: how much is known.
    """

    raw: str
    iso: str
    precision: DatePrecision


@dataclass(frozen=True, slots=True)
class Marked:
    """Text whose superscripts and subscripts are kept.

    Attributes:
        text: Unicode: ``10⁹``, ``CD56ᵇʳⁱᵍʰᵗ``, ``IL-₂``; where Unicode has no such letter ``^(…)`` or ``_(…)``.
        plain: for search and for terminals: ``10^9``, ``CD56bright``, ``IL-2``. A number never changes its
            value: what follows a digit as a superscript is written with ``^``, as a subscript with ``_``.
    """

    text: str
    plain: str

    def __bool__(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True, slots=True)
class Section:
    """One section of an abstract; a label may come twice, so order is what tells sections apart.

    Attributes:
        label: as printed ("METHODS AND RESULTS"), "" without one.
        category: NLM's category (``METHODS``), "" without one.
        body: the text.
    """

    label: str
    category: str
    body: Marked


@dataclass(frozen=True, slots=True)
class Abstract:
    """An abstract of the record.

    Attributes:
        kind: ``main`` or the type of an other abstract (``Publisher``, ``plain-language-summary`` …).
        language: ISO 639-2 code as given, "" when not said (the main abstract is English by NLM's rule, or
            none is said).
        sections: in order; an unstructured abstract has one.
        copyright: the notice, "" without one.
    """

    kind: str
    language: str
    sections: tuple[Section, ...]
    copyright: str = ""


@dataclass(frozen=True, slots=True)
class Author:
    """One author or investigator, a person or a group.

    Attributes:
        collective: name of a group; then the personal names are "".
        role: ``author``, ``editor`` or ``investigator``.
        orcid: sixteen digits with hyphens (0000-0002-1825-0097), "" without one or when malformed.
        identifiers: every identifier as printed, (source, value).
        valid: False where the database marks the name as a superseded spelling.
    """

    last: str = ""
    fore: str = ""
    initials: str = ""
    suffix: str = ""
    collective: str = ""
    role: str = "author"
    orcid: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()
    affiliations: tuple[str, ...] = ()
    equal_contribution: bool = False
    valid: bool = True


@dataclass(frozen=True, slots=True)
class Term:
    """A controlled term of the record.

    Attributes:
        kind: ``publication_type``, ``mesh``, ``supplementary`` (concept), ``chemical``, ``keyword``,
            ``gene_symbol`` or ``personal_subject``.
        id: the scheme's id (D007694, C000613), "" without one; a chemical's registry number is ``registry_number``.
        qualifiers: (id, label, major) of each MeSH qualifier.
        major: a major topic of the article, by itself or by one of its qualifiers.
        scheme: ``MeSH``, or the owner of a keyword list (``NOTNLM``, ``NASA`` …).
        type: the scheme's kind of term (``Geographic``, ``Protocol``, ``Disease`` …), "" when not said.
    """

    kind: str
    label: str
    id: str = ""
    qualifiers: tuple[tuple[str, str, bool], ...] = ()
    major: bool = False
    scheme: str = "MeSH"
    registry_number: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A comment, correction or other tie to another paper, with its direction.

    Attributes:
        type: PubMed's RefType (``RetractionIn``, ``RetractionOf``, ``ErratumFor`` …). ``…In`` and ``…From`` point
            to a notice about this record; ``…Of``, ``…For`` and ``…On`` mean that this record is the notice.
        pmid: of the other paper, "" when not given.
        citation: the other paper as printed.
        note: remark of the database.
    """

    type: str
    pmid: str
    citation: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Accession:
    """An accession number in a data bank: often a trial registration.

    Attributes:
        bank: as printed (``ClinicalTrials.gov``, ``ISRCTN``, ``GENBANK``).
        number: as printed; :mod:`kb.identifiers` normalises it.
    """

    bank: str
    number: str


@dataclass(frozen=True, slots=True)
class Article:
    """One record of a bibliographic database.

    Attributes:
        id: ``PMID:…`` where there is one, else ``DOI:…``, ``PMC:…`` or, for a book without any, ``REC:…``.
        kind: ``article`` or ``book``.
        version: of the PMID; a later version replaces an earlier one.
        status: the database's processing state (``MEDLINE``, ``Publisher`` …).
        title: as printed, brackets of a translated title kept; ``translated`` says that they were there.
        publication_date: date of the issue (or of the book); ``electronic_date`` of the article itself.
        entered: day the database entered the record; ``revised`` day it last changed it; ISO or "".
        article_ids: every identifier, (type, value) as printed.
        references: cited papers, as PMIDs where given (``""`` otherwise) with their citation.
        database: which door it came through: ``pubmed`` or ``europepmc``.
    """

    id: str
    pmid: str = ""
    doi: str = ""
    pmcid: str = ""
    kind: Literal["article", "book"] = "article"
    version: int = 1
    status: str = ""
    owner: str = ""
    indexing_method: str = ""
    title: Marked = field(default_factory=lambda: Marked("", ""))
    translated: bool = False
    vernacular_title: Marked = field(default_factory=lambda: Marked("", ""))
    abstracts: tuple[Abstract, ...] = ()
    authors: tuple[Author, ...] = ()
    authors_complete: bool = True
    journal: str = ""
    journal_abbreviation: str = ""
    issn: tuple[str, ...] = ()
    nlm_id: str = ""
    country: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    publication_date: SourceDate | None = None
    electronic_date: SourceDate | None = None
    entered: str = ""
    completed: str = ""
    revised: str = ""
    history: tuple[tuple[str, str], ...] = ()
    publication_status: str = ""
    languages: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    accessions: tuple[Accession, ...] = ()
    grants: tuple[tuple[str, str, str], ...] = ()
    links: tuple[Link, ...] = ()
    article_ids: tuple[tuple[str, str], ...] = ()
    references: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    conflict_of_interest: str = ""
    space_flight: tuple[str, ...] = ()
    book: tuple[tuple[str, str], ...] = ()
    database: str = "pubmed"

    @property
    def publication_types(self) -> tuple[str, ...]:
        """Labels of the publication types, in order."""
        return tuple(term.label for term in self.terms if term.kind == "publication_type")


@dataclass(frozen=True, slots=True)
class Deletion:
    """The database says that a record no longer exists.

    Attributes:
        id: ``PMID:…``.
        version: of the PMID, 0 when all versions are meant.
    """

    id: str
    version: int = 0
