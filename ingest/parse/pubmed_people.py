"""Authors, editors and investigators of a PubMed record, of all generations of its DTD."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from ingest.parse.markup import text_of
from kb.identifiers import orcid
from kb.records.article import Author

#: Prefix of the source of an identifier that names a person's institution, not the person.
INSTITUTION = "affiliation "


def people(parent: etree._Element, role: str) -> Iterator[Author]:
    """Yield the people of an ``AuthorList`` or ``InvestigatorList``, groups too, in order.

    Args:
        parent: the list.
        role: ``author``, ``editor`` or ``investigator``.
    """
    for element in parent:
        yield person(element, role)


def person(element: etree._Element, role: str) -> Author:
    """Read one ``Author``, ``Investigator`` or ``PersonalNameSubject``.

    An affiliation may be its own element or a child (before 2015); a first and a middle name may stand
    apart (before 2008). Identifiers of institutions are kept with their source prefixed by :data:`INSTITUTION`.
    """
    names: dict[str, str] = {}
    identifiers: list[tuple[str, str]] = []
    affiliations: list[str] = []
    for child in element:
        tag = child.tag
        if tag == "AffiliationInfo":
            for part in child:
                if part.tag == "Affiliation":
                    affiliations.append(text_of(part))
                else:
                    identifiers.append((INSTITUTION + part.get("Source", ""), text_of(part)))
        elif tag == "Affiliation":
            affiliations.append(text_of(child))
        elif tag == "Identifier":
            identifiers.append((child.get("Source", ""), text_of(child)))
        else:
            names[str(tag)] = text_of(child)
    get = names.get
    return Author(
        get("LastName", ""),
        get("ForeName", "") or f"{get('FirstName', '')} {get('MiddleName', '')}".strip(),
        get("Initials", ""),
        get("Suffix", ""),
        get("CollectiveName", ""),
        role,
        _orcid(identifiers) if identifiers else "",
        tuple(identifiers),
        tuple(affiliations),
        element.get("EqualContrib") == "Y",
        element.get("ValidYN") != "N",
    )


def with_affiliation(authors: tuple[Author, ...], affiliation: str) -> tuple[Author, ...]:
    """Give an article's one affiliation (before 2014) to its first author, whose it was by NLM's rule."""
    if not affiliation or not authors or authors[0].affiliations:
        return authors
    return (replace(authors[0], affiliations=(affiliation,)), *authors[1:])


def _orcid(identifiers: list[tuple[str, str]]) -> str:
    found = (orcid(value) for source, value in identifiers if source.upper() == "ORCID")
    return next((one for one in found if one), "")
