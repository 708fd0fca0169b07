"""The part of Essie, ClinicalTrials.gov's query language, that the double understands.

``AREA[Field]value``, ``AREA[Field]"a phrase"``, ``AREA[Field](A OR B)``, ``AREA[Field]RANGE[low,high]`` with MIN and
MAX, ``AREA[Field]MISSING``, ``ALL``, words and quoted phrases, AND, OR, NOT (upper case only), brackets. A field is a
piece of the data model or a search area, which is several pieces at once. Free text finds exactly what it says, hyphens
and slashes read as blanks; the real service expands it widely and lists more pieces in an area.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tests.doubles.expression import ExpressionError, evaluate, split
from tests.doubles.trials import Study

_ATOM = r'RANGE\[[^\]]*\]|\([^()]*\)|"[^"]*"|[^\s()"]+'
TOKEN = re.compile(rf'AREA\[[^\]]*\]\s*(?:{_ATOM})|\(|\)|"[^"]*"|[^\s()"]+')
_INNER = re.compile(r'\(|\)|"[^"]*"|[^\s()"]+')

#: Piece names of the data model that the double knows, with their places.
PIECES: Mapping[str, str] = {
    "NCTId": "protocolSection.identificationModule.nctId",
    "NCTIdAlias": "protocolSection.identificationModule.nctIdAliases",
    "OrgStudyId": "protocolSection.identificationModule.orgStudyIdInfo.id",
    "SecondaryId": "protocolSection.identificationModule.secondaryIdInfos.id",
    "BriefTitle": "protocolSection.identificationModule.briefTitle",
    "OfficialTitle": "protocolSection.identificationModule.officialTitle",
    "Acronym": "protocolSection.identificationModule.acronym",
    "OverallStatus": "protocolSection.statusModule.overallStatus",
    "LastKnownStatus": "protocolSection.statusModule.lastKnownStatus",
    "StatusVerifiedDate": "protocolSection.statusModule.statusVerifiedDate",
    "WhyStopped": "protocolSection.statusModule.whyStopped",
    "StartDate": "protocolSection.statusModule.startDateStruct.date",
    "CompletionDate": "protocolSection.statusModule.completionDateStruct.date",
    "StudyFirstPostDate": "protocolSection.statusModule.studyFirstPostDateStruct.date",
    "LastUpdatePostDate": "protocolSection.statusModule.lastUpdatePostDateStruct.date",
    "ResultsFirstPostDate": "protocolSection.statusModule.resultsFirstPostDateStruct.date",
    "LeadSponsorName": "protocolSection.sponsorCollaboratorsModule.leadSponsor.name",
    "LeadSponsorClass": "protocolSection.sponsorCollaboratorsModule.leadSponsor.class",
    "BriefSummary": "protocolSection.descriptionModule.briefSummary",
    "Condition": "protocolSection.conditionsModule.conditions",
    "Keyword": "protocolSection.conditionsModule.keywords",
    "StudyType": "protocolSection.designModule.studyType",
    "Phase": "protocolSection.designModule.phases",
    "EnrollmentCount": "protocolSection.designModule.enrollmentInfo.count",
    "EnrollmentType": "protocolSection.designModule.enrollmentInfo.type",
    "InterventionName": "protocolSection.armsInterventionsModule.interventions.name",
    "InterventionType": "protocolSection.armsInterventionsModule.interventions.type",
    "InterventionOtherName": "protocolSection.armsInterventionsModule.interventions.otherNames",
    "InterventionDescription": "protocolSection.armsInterventionsModule.interventions.description",
    "ArmGroupLabel": "protocolSection.armsInterventionsModule.armGroups.label",
    "ArmGroupType": "protocolSection.armsInterventionsModule.armGroups.type",
    "ArmGroupDescription": "protocolSection.armsInterventionsModule.armGroups.description",
    "LocationCountry": "protocolSection.contactsLocationsModule.locations.country",
    "ReferencePMID": "protocolSection.referencesModule.references.pmid",
    "HasResults": "hasResults",
}
#: Pieces that hold dates or numbers: the only ones that can be sorted by.
SORTED = {name for name in PIECES if name.endswith("Date")} | {"EnrollmentCount"}
#: Search areas that ``AREA[…]`` takes besides pieces, in the pieces the double knows
#: (https://clinicaltrials.gov/data-api/about-api/search-areas). Titles belong to all of them.
SEARCH_AREAS: Mapping[str, tuple[str, ...]] = {
    "ConditionSearch": ("Condition", "BriefTitle", "OfficialTitle", "Keyword", "NCTId"),
    "InterventionSearch": (
        "InterventionName",
        "InterventionType",
        "InterventionOtherName",
        "InterventionDescription",
        "ArmGroupLabel",
        "ArmGroupType",
        "ArmGroupDescription",
        "BriefTitle",
        "OfficialTitle",
        "Keyword",
    ),
    "TitleSearch": ("Acronym", "BriefTitle", "OfficialTitle"),
}
#: Search areas of the ``query.*`` parameters; None is the whole document.
AREAS: Mapping[str, tuple[str, ...] | None] = {
    "query.cond": SEARCH_AREAS["ConditionSearch"],
    "query.intr": SEARCH_AREAS["InterventionSearch"],
    "query.titles": SEARCH_AREAS["TitleSearch"],
    "query.spons": ("LeadSponsorName",),
    "query.lead": ("LeadSponsorName",),
    "query.id": ("NCTId", "NCTIdAlias", "OrgStudyId", "SecondaryId"),
    "query.locn": ("LocationCountry",),
    "query.term": None,
    "query.outc": None,
    "query.patient": None,
}


def values(study: Study, place: str) -> list[Any]:
    """Return every value at a dotted place; lists on the way are walked through."""
    found: list[Any] = [study]
    for part in place.split("."):
        nested = [item.get(part) for item in found if isinstance(item, dict)]
        found = [
            value for item in nested for value in (item if isinstance(item, list) else [item]) if value is not None
        ]
    return found


def text(study: Study, pieces: tuple[str, ...] | None) -> str:
    """Return the words of some pieces, or of the whole document, in lower case."""
    if pieces is None:
        return json.dumps(study, ensure_ascii=False).lower()
    return " | ".join(str(value) for piece in pieces for value in values(study, PIECES[piece])).lower()


def _holds(words: str, wanted: str) -> bool:
    # Quotation marks and bars part values, so that no phrase reaches from one value into the next.
    phrase = r"[\s/.,'’‐–-]+".join(map(re.escape, re.split(r"[\s/.,'’‐–-]+", wanted.lower())))
    return re.search(rf"(?<!\w){phrase}(?!\w)", words) is not None


def _within(value: Any, low: str, high: str) -> bool:
    if isinstance(value, int):
        return (low == "MIN" or value >= int(low)) and (high == "MAX" or value <= int(high))
    # A partial date counts from its first day.
    day = (str(value) + "-01-01")[:10]
    return (low == "MIN" or day >= low) and (high == "MAX" or day <= high)


def _predicate(token: str) -> Callable[[Study], bool]:
    """Return the test that one ``AREA[…]…`` stands for."""
    area, _, wanted = token.removeprefix("AREA[").partition("]")
    if area not in PIECES and area not in SEARCH_AREAS:
        raise ExpressionError(f"Unknown area name: '{area}'")
    wanted = wanted.strip()
    if area in SEARCH_AREAS:
        if wanted == "MISSING" or wanted.startswith("RANGE["):
            raise ExpressionError(f"mismatched input '{wanted}'")
        return lambda study: _holds(text(study, SEARCH_AREAS[area]), wanted.strip('"'))
    place = PIECES[area]
    if wanted == "MISSING":
        return lambda study: not values(study, place)
    if wanted.startswith("RANGE["):
        low, comma, high = (part.strip() for part in wanted[6:-1].partition(","))
        if not comma:
            raise ExpressionError(f"mismatched input '{wanted}'")
        return lambda study: any(_within(value, low, high) for value in values(study, place))
    phrase = wanted.strip('"').lower()
    return lambda study: any(_holds(str(value).lower(), phrase) for value in values(study, place))


def find(studies: Mapping[str, Study], expression: str, pieces: tuple[str, ...] | None = None) -> set[str]:
    """Return the numbers of the registrations that an expression finds.

    Args:
        pieces: where words without ``AREA`` are looked for; None for the whole document.

    Raises:
        ExpressionError: an unknown area, or brackets that do not match.
    """

    def leaf(token: str) -> set[str]:
        if token == "ALL":
            return set(studies)
        if token.startswith("AREA["):
            head, _, rest = token.partition("]")
            if rest.strip().startswith("("):
                inner = [
                    part if part in "()" or part in ("AND", "OR", "NOT") else f"{head}]{part}"
                    for part in split(_INNER, rest)
                ]
                return evaluate(inner, leaf, set(studies))
            test = _predicate(token)
            return {nct for nct, study in studies.items() if test(study)}
        return {nct for nct, study in studies.items() if _holds(text(study, pieces), token.strip('"'))}

    return evaluate(split(TOKEN, expression), leaf, set(studies))


def select(study: Study, fields: Iterable[str]) -> Study:
    """Return a document cut to some fields: piece names or dotted places; KeyError names an unknown one."""
    out: Study = {}
    for name in fields:
        place = PIECES.get(name, name)
        top = place.split(".")[0]
        if name not in PIECES and top not in ("protocolSection", "resultsSection", "derivedSection", "hasResults"):
            raise KeyError(name)
        part = _cut(study, place.split("."))
        if part is not None:
            _graft(out, part)
    return out


def _cut(value: Any, path: list[str]) -> Any:
    if not path:
        return value
    if isinstance(value, list):
        rows = [row for row in (_cut(item, path) for item in value) if row is not None]
        return rows or None
    if not isinstance(value, dict) or path[0] not in value:
        return None
    inner = _cut(value[path[0]], path[1:])
    return None if inner is None else {path[0]: inner}


def _graft(out: Any, part: Any) -> None:
    for key, value in part.items():
        if isinstance(value, dict) and isinstance(out.get(key), dict):
            _graft(out[key], value)
        elif isinstance(value, list) and isinstance(out.get(key), list) and len(value) == len(out[key]):
            for old, new in zip(out[key], value, strict=True):
                if isinstance(old, dict) and isinstance(new, dict):
                    _graft(old, new)
        else:
            out[key] = value
