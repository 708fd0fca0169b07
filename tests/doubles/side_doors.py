"""The same papers as other services tell them: Europe PMC's core records and the Retraction Watch file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from typing import Any

from tests.doubles.papers import Paper, plain

#: Columns of the file that Crossref publishes.
COLUMNS = (
    "Record ID",
    "Title",
    "Subject",
    "Institution",
    "Journal",
    "Publisher",
    "Country",
    "Author",
    "URLS",
    "ArticleType",
    "RetractionDate",
    "RetractionDOI",
    "RetractionPubMedID",
    "OriginalPaperDate",
    "OriginalPaperDOI",
    "OriginalPaperPubMedID",
    "RetractionNature",
    "Reason",
    "Paywalled",
    "Notes",
)
NATURES = {"RetractionIn": "Retraction", "ErratumIn": "Correction", "ExpressionOfConcernIn": "Expression of concern"}


def _american(iso: str) -> str:
    year, month, day = map(int, iso.split("-"))
    return f"{month}/{day}/{year} 0:00"


def retraction_watch(papers: Mapping[str, Paper]) -> bytes:
    """Return the file: one row for each notice, newest last; a PMID nobody knows is ``0``, as in the real file."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    number = 70_000
    for paper in papers.values():
        for kind, notice in paper.links:
            if kind not in NATURES:
                continue
            number += 1
            writer.writerow(
                {
                    "Record ID": str(number),
                    "Title": plain(paper.title),
                    "Journal": paper.journal[0],
                    "Country": "Germany;South Korea",
                    "Author": ";".join(f"{fore} {last}" for last, fore, _ in paper.authors),
                    "ArticleType": "Research Article;",
                    "RetractionDate": _american(papers[notice].entered if notice in papers else paper.revised),
                    "RetractionDOI": papers[notice].doi if notice in papers else "unavailable",
                    "RetractionPubMedID": notice if notice in papers else "0",
                    "OriginalPaperDate": _american(paper.entered),
                    "OriginalPaperDOI": paper.doi,
                    "OriginalPaperPubMedID": paper.pmid if number % 3 else "0",
                    "RetractionNature": NATURES[kind],
                    "Reason": "+Concerns/Issues About Data;+Investigation by Journal/Publisher;",
                    "Paywalled": "No",
                    "Notes": 'Invented, with a "quote", a comma\nand a line break' if number % 2 else "",
                }
            )
    return out.getvalue().encode("utf-8")


def _text(fragment: str) -> str:
    """Europe PMC keeps tags and ``&lt;`` in its JSON, and writes every other character as itself."""
    return re.sub(r"&#x([0-9a-f]+);", lambda match: chr(int(match.group(1), 16)), fragment)


def _abstract(paper: Paper) -> str:
    """Labels are headings within one string."""
    return "".join(
        f"<h4>{label.capitalize()}</h4>{text} " if label else text for label, _, text in paper.sections
    ).strip()


def europepmc_record(paper: Paper) -> dict[str, Any]:
    """Return the record with ``resultType=core``; what a paper does not have is left out, not null."""
    name, abbreviation, issn, nlm = paper.journal
    people = [
        {"fullName": f"{last} {i}", "firstName": fore, "lastName": last, "initials": i}
        for last, fore, i in paper.authors
    ]
    record: dict[str, Any] = {
        "id": paper.pmid,
        "source": "MED",
        "pmid": paper.pmid,
        "pmcid": paper.pmcid,
        "doi": paper.doi,
        "title": _text(paper.title),
        "authorString": ", ".join(
            [*(str(person["fullName"]) for person in people), *([paper.group] if paper.group else [])]
        ),
        "authorList": {"author": [*people, *([{"collectiveName": paper.group}] if paper.group else [])]},
        "journalInfo": {
            "volume": paper.pmid[-2:],
            "issue": "1",
            "yearOfPublication": int(paper.year),
            "journal": {"title": name, "medlineAbbreviation": abbreviation, "issn": issn, "nlmid": nlm},
        },
        "pubYear": paper.year,
        "pageInfo": "1-9",
        "abstractText": _text(_abstract(paper)),
        "language": paper.language,
        "pubTypeList": {"pubType": [label.lower() for _, label in paper.types]},
        "meshHeadingList": {
            "meshHeading": [{"majorTopic_YN": "N", "descriptorName": label} for _, label in paper.headings]
        },
        "commentCorrectionList": {
            "commentCorrection": [
                {
                    "id": pmid,
                    "source": "MED",
                    "type": _SPELLED.get(kind, kind),
                    "reference": "J Synth Cell Ther",
                    "orderIn": i,
                }
                for i, (kind, pmid) in enumerate(paper.links, 1)
            ]
        },
        "isOpenAccess": "N",
        "inEPMC": "Y" if paper.pmcid else "N",
        "firstIndexDate": paper.entered,
        "firstPublicationDate": paper.entered,
        "dateOfRevision": paper.revised,
    }
    return {key: value for key, value in record.items() if value and _filled(value)}


def _filled(value: object) -> bool:
    """A list of nothing is left out, as the service leaves it out."""
    return not isinstance(value, dict) or any(value.values())


#: Europe PMC spells the kinds of comments and corrections in words.
_SPELLED = {
    "RetractionIn": "Retraction in",
    "RetractionOf": "Retraction of",
    "ErratumIn": "Erratum in",
    "ErratumFor": "Erratum for",
    "ExpressionOfConcernIn": "Expression of concern in",
    "ExpressionOfConcernFor": "Expression of concern for",
}


def lite(record: dict[str, Any]) -> dict[str, Any]:
    """Return the shorter form of a core record (``resultType=lite``)."""
    kept = ("id", "source", "pmid", "pmcid", "doi", "title", "authorString", "pubYear", "pageInfo", "isOpenAccess")
    short = {key: record[key] for key in kept if key in record}
    return {
        **short,
        "journalTitle": record["journalInfo"]["journal"]["medlineAbbreviation"],
        "inEPMC": record["inEPMC"],
    }
