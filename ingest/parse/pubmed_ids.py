"""Identifiers of one paper in PubMed's fields: every one as printed, and the three that name it.

Fields are stricter than prose: a field that holds a DOI and something else holds no DOI.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence

from lxml import etree

from ingest.parse.markup import text_of
from kb import identifiers

Ids = Sequence[tuple[str, str]]

#: Marks an ``ELocationID`` that the database itself calls wrong (``ValidYN="N"``).
INVALID = " (invalid)"

_LABEL = re.compile(r"doi\s*:?\s+", re.IGNORECASE)
_PMC_FIELD = re.compile(r"(?:pmc-id:\s*)?(PMC\d{1,9}|\d{1,9})\b", re.IGNORECASE | re.ASCII)


def doi(printed: str) -> str:
    """Return the DOI a field holds, its case as printed, "" when it holds none or more than one word."""
    return identifiers.doi(printed) if len(_LABEL.sub("", printed.strip(), count=1).split()) == 1 else ""


def pmid(printed: str) -> str:
    """Return the PMID a field holds, "" when it holds none."""
    if not printed.isascii():
        return ""
    # The short cut for nearly all of them; a leading zero or anything longer is looked at.
    if len(printed) <= 8 and printed.isdecimal() and printed[0] != "0":
        return printed
    return identifiers.pmid(printed.strip().lstrip("0"))


def pmcid(printed: str) -> str:
    """Return ``PMC`` and digits from a field of that type (``PMC123``, ``123``, ``pmc-id: PMC123;…``), else ""."""
    found = _PMC_FIELD.match(printed.strip())
    return f"PMC{found[1].upper().removeprefix('PMC')}" if found else ""


def listed(ids: etree._Element | None) -> Iterator[tuple[str, str]]:
    """Yield the identifiers of an ``ArticleIdList``, as printed."""
    for item in ids if ids is not None else ():
        if value := text_of(item):
            yield item.get("IdType", ""), value


def elocations(parent: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield the ``ELocationID`` of an article; the type of one marked as wrong ends in :data:`INVALID`."""
    for item in parent.iterchildren("ELocationID"):
        yield item.get("EIdType", "") + (INVALID if item.get("ValidYN") == "N" else ""), text_of(item)


def best_doi(ids: Ids) -> str:
    """Return the first DOI that the database does not call wrong anywhere, "" without one."""
    wrong = {doi(value).lower() for kind, value in ids if kind == "doi" + INVALID}
    found = (doi(value) for kind, value in ids if kind == "doi")
    return next((one for one in found if one and one.lower() not in wrong), "")


def best_pmcid(ids: Ids) -> str:
    """Return the PMC id, also from the ``OtherID`` of older records (``PMC123 [Available on …]``)."""
    typed = (pmcid(value) for kind, value in ids if kind in ("pmc", "pmcid"))
    other = (pmcid(value) for kind, value in ids if kind == "NLM" and value.startswith("PMC"))
    return next((one for one in (*typed, *other) if one), "")


def best_pmid(printed: str, ids: Ids) -> str:
    """Return the PMID of the citation, else the one among the paper's own identifiers, else ""."""
    listed_ones = (pmid(value) for kind, value in ids if kind == "pubmed")
    return pmid(printed) or next((one for one in listed_ones if one), "")


def id_without_pmid(ids: Ids, words: str) -> str:
    """Name a record that has no PMID: ``DOI:…`` (in lower case), else ``PMC:PMC…``, else ``REC:…``.

    Args:
        ids: every identifier of the paper; a book's accession serves as ``REC:``.
        words: what else tells it from others; their SHA-256, cut to sixteen hexadecimal digits, serves where
            there is nothing better, so that the same record keeps its id.
    """
    if found := best_doi(ids):
        return f"DOI:{found.lower()}"
    if found := best_pmcid(ids):
        return f"PMC:{found}"
    accession = next((value for kind, value in ids if kind == "bookaccession"), "")
    return f"REC:{accession or hashlib.sha256(words.encode()).hexdigest()[:16]}"
