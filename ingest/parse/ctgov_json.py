"""ClinicalTrials.gov API v2 documents: the API's page, one study, or the website's bare list.

Only what the document holds is read. A document cut to a selection of fields is marked ``sparse``, since what it
lacks was perhaps never asked for. Source of the field names and types: ``/api/v2/studies/metadata``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from ingest.errors import UnreadableError
from ingest.parse import ctgov_results
from ingest.parse.ctgov_fields import AGAIN, Part, kind, load
from kb.records.registration import Arm, DateType, Intervention, Measure, Registration

REGISTRY = "ClinicalTrials.gov"
#: Printed for an enrolment nobody knows. Other large numbers are real: registers of whole countries exist.
UNKNOWN_ENROLLMENT = 99_999_999
#: Phases from early to late, then "not applicable"; one that is not listed comes last, as printed.
PHASES = ("EARLY_PHASE1", "PHASE1", "PHASE2", "PHASE3", "PHASE4", "NA")
#: Fields that every whole document has; where one is missing the document was cut to a selection.
WHOLE = (
    "hasResults",
    "derivedSection.miscInfoModule.versionHolder",
    "protocolSection.identificationModule.organization",
    "protocolSection.identificationModule.briefTitle",
    "protocolSection.statusModule.statusVerifiedDate",
    "protocolSection.statusModule.overallStatus",
    "protocolSection.statusModule.studyFirstSubmitDate",
    "protocolSection.statusModule.lastUpdatePostDateStruct",
    "protocolSection.sponsorCollaboratorsModule.leadSponsor",
    "protocolSection.descriptionModule.briefSummary",
    "protocolSection.designModule.studyType",
)
_NCT = re.compile(r"NCT\d{8}", re.ASCII)
_PLANNED = (
    ("primaryOutcomes", "PRIMARY"),
    ("secondaryOutcomes", "SECONDARY"),
    ("otherOutcomes", "OTHER_PRE_SPECIFIED"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a listing.

    Attributes:
        ids_with_stamps: (registration number, day of its last update or "") in the order of the page.
        total: how many studies answer the query; None where the page does not say (all but the first).
        next_token: asks for the next page; "" on the last.
        aliases: (former number, current number), where the page was asked for aliases.
    """

    ids_with_stamps: tuple[tuple[str, str], ...]
    total: int | None
    next_token: str
    aliases: tuple[tuple[str, str], ...]


def parse_studies(body: BinaryIO, day: str) -> Iterator[Registration]:
    """Yield every study of a body, in its order.

    Args:
        body: an API page (``{"studies": […]}``), one study, or the website's bare list of studies.
        day: when it was received. Not read: a state is dated by the registry's own version day or not at all.

    Raises:
        UnreadableError: anything else. A study that cannot be read is named by position and number; the ones
            before it have been yielded.
    """
    for study in _studies(load(body)):
        yield registration(study)


def page_of(body: BinaryIO) -> Page:
    """Return what a page lists, reading only numbers, days and the token.

    Args:
        body: an API page, best asked for with the fields NCTId, NCTIdAlias and LastUpdatePostDate.

    Raises:
        UnreadableError: not an API page, or a study without number.
    """
    value = load(body)
    if not isinstance(value, dict) or "studies" not in value:
        raise UnreadableError(f"{_described(value)} where an API page with 'studies' is expected; {AGAIN}")
    page, studies = Part(value, "page"), [(_nct(study), study) for study in _studies(value)]
    return Page(
        ids_with_stamps=tuple(
            (number, study.part("protocolSection", "statusModule", "lastUpdatePostDateStruct").date("date"))
            for number, study in studies
        ),
        total=page.number("totalCount"),
        next_token=page.text("nextPageToken"),
        aliases=tuple((alias, number) for number, study in studies for alias in _aliases(study)),
    )


def registration(study: Part) -> Registration:
    """Return one study as a record.

    Grouping the registry's words on why a trial was stopped is a judgement, made elsewhere. Phases come in order
    of phase, countries sorted, everything else in the order of the document.

    Raises:
        UnreadableError: no registration number, or a field of the wrong kind; the place is named.
    """
    number = _nct(study)
    study = Part(study.data, f"{study.where} ({number})")
    protocol, derived, results = (study.part(name) for name in ("protocolSection", "derivedSection", "resultsSection"))
    about, status = protocol.part("identificationModule"), protocol.part("statusModule")
    sponsors, design = protocol.part("sponsorCollaboratorsModule"), protocol.part("designModule")
    plan, who = design.part("designInfo"), protocol.part("eligibilityModule")
    conditions, words = protocol.part("conditionsModule"), protocol.part("descriptionModule")
    arms = protocol.part("armsInterventionsModule")
    start, primary, completion = (
        status.part(name) for name in ("startDateStruct", "primaryCompletionDateStruct", "completionDateStruct")
    )
    enrolled = design.part("enrollmentInfo")
    count = enrolled.number("count")
    has_results = bool(study.flag("hasResults")) or bool(results.data)
    return Registration(
        id=number,
        registry=REGISTRY,
        aliases=_aliases(study),
        secondary_ids=tuple((each.text("type"), each.text("id")) for each in about.parts("secondaryIdInfos")),
        title=about.text("briefTitle"),
        official_title=about.text("officialTitle"),
        acronym=about.text("acronym"),
        phase=joined_phases(design.texts("phases")),
        status=status.text("overallStatus"),
        status_verified=status.date("statusVerifiedDate"),
        last_known_status=status.text("lastKnownStatus"),
        study_type=design.text("studyType"),
        allocation=plan.text("allocation"),
        masking=plan.part("maskingInfo").text("masking"),
        design_model=plan.text("interventionModel") or plan.text("observationalModel"),
        purpose=plan.text("primaryPurpose"),
        enrollment=None if count == UNKNOWN_ENROLLMENT else count,
        enrollment_type=_date_type(enrolled),
        enrollment_unknown=count == UNKNOWN_ENROLLMENT,
        first_posted=status.part("studyFirstPostDateStruct").date("date"),
        first_submitted=status.date("studyFirstSubmitDate"),
        updated=status.part("lastUpdatePostDateStruct").date("date"),
        results_posted=status.part("resultsFirstPostDateStruct").date("date"),
        start_date=start.date("date"),
        start_type=_date_type(start),
        primary_completion_date=primary.date("date"),
        primary_completion_type=_date_type(primary),
        completion_date=completion.date("date"),
        completion_type=_date_type(completion),
        why_stopped=status.markup("whyStopped"),
        sponsor=sponsors.part("leadSponsor").text("name"),
        sponsor_class=sponsors.part("leadSponsor").text("class"),
        collaborators=tuple(each.text("name") for each in sponsors.parts("collaborators")),
        countries=_countries(protocol.part("contactsLocationsModule")),
        conditions=conditions.texts("conditions"),
        keywords=conditions.texts("keywords"),
        conditions_mesh=_mesh(derived.part("conditionBrowseModule")),
        interventions_mesh=_mesh(derived.part("interventionBrowseModule")),
        arms=tuple(_arm(part) for part in arms.parts("armGroups")),
        interventions=tuple(_intervention(part) for part in arms.parts("interventions")),
        brief_summary=words.markup("briefSummary"),
        detailed_description=words.markup("detailedDescription"),
        eligibility=who.markup("eligibilityCriteria"),
        sex=who.text("sex"),
        minimum_age=who.text("minimumAge"),
        maximum_age=who.text("maximumAge"),
        healthy_volunteers=who.flag("healthyVolunteers"),
        expanded_access=bool(status.part("expandedAccessInfo").flag("hasExpandedAccess")),
        outcomes=_planned(protocol.part("outcomesModule")) + ctgov_results.measures(results),
        pmids=tuple(
            (reference.text("pmid"), reference.text("type"))
            for reference in protocol.part("referencesModule").parts("references")
            if reference.text("pmid")
        ),
        has_results=has_results,
        participants=ctgov_results.participants(results),
        baseline=ctgov_results.baseline(results),
        harms=ctgov_results.harms(results),
        harm_totals=ctgov_results.harm_totals(results),
        day=derived.part("miscInfoModule").date("versionHolder"),
        sparse=(has_results and not results.data) or not all(_holds(study, path) for path in WHOLE),
    )


def joined_phases(phases: tuple[str, ...]) -> str:
    """Return phases in order of phase, joined by a bar; "" for none. A phase nobody knew yet comes last, as printed."""
    return "|".join(sorted(phases, key=lambda name: PHASES.index(name) if name in PHASES else len(PHASES)))


def _studies(value: Any) -> Iterator[Part]:
    if isinstance(value, dict) and "studies" in value:
        listed = value["studies"]
        if not isinstance(listed, list):
            raise UnreadableError(f"page.studies: {kind(listed)} where a list is expected; {AGAIN}")
    elif isinstance(value, list):
        listed = value
    elif isinstance(value, dict) and "protocolSection" in value:
        listed = [value]
    else:
        raise UnreadableError(f"{_described(value)} where studies of ClinicalTrials.gov are expected; {AGAIN}")
    for position, item in enumerate(listed, start=1):
        where = f"study {position} of {len(listed)}"
        if not isinstance(item, dict):
            raise UnreadableError(f"{where}: {kind(item)} where a study is expected; {AGAIN}")
        yield Part(item, where)


def _described(value: object) -> str:
    return f"the JSON value {str(value)[:80]!r} ({kind(value)})"


def _nct(study: Part) -> str:
    number = study.part("protocolSection", "identificationModule").text("nctId")
    if not _NCT.fullmatch(number):
        shown = repr(number[:40]) if number else "none"
        raise UnreadableError(
            f"{study.where}: its registration number (nctId) is {shown}, not NCT and 8 digits; {AGAIN}"
        )
    return number


def _aliases(study: Part) -> tuple[str, ...]:
    about = study.part("protocolSection", "identificationModule")
    for alias in about.texts("nctIdAliases"):
        if not _NCT.fullmatch(alias):
            raise UnreadableError(f"{about.where}.nctIdAliases: {alias[:40]!r} is not NCT and 8 digits; {AGAIN}")
    return about.texts("nctIdAliases")


def _holds(study: Part, path: str) -> bool:
    *folders, name = path.split(".")
    return study.part(*folders).has(name)


def _date_type(part: Part) -> DateType:
    """Return whether a date or count is actual; "" for a word nobody knew: then it is not known to be."""
    kind_of_date = part.text("type")
    return cast(DateType, kind_of_date) if kind_of_date in ("ACTUAL", "ESTIMATED") else ""


def _countries(places: Part) -> tuple[str, ...]:
    return tuple(sorted({place.text("country") for place in places.parts("locations")} - {""}))


def _mesh(module: Part) -> tuple[tuple[str, str], ...]:
    return tuple((each.text("id"), each.text("term")) for each in module.parts("meshes"))


def _arm(part: Part) -> Arm:
    return Arm(part.text("label"), part.text("type"), part.markup("description"), part.texts("interventionNames"))


def _intervention(part: Part) -> Intervention:
    names = (part.text("name"), *part.texts("otherNames"))
    return Intervention(part.text("type"), names, part.markup("description"), part.texts("armGroupLabels"))


def _planned(module: Part) -> tuple[Measure, ...]:
    return tuple(
        Measure(rank, part.text("measure"), part.text("timeFrame"), part.markup("description"))
        for name, rank in _PLANNED
        for part in module.parts(name)
    )
