"""One invented registration, as ClinicalTrials.gov API v2 gives it."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.doubles import words
from tests.doubles.chance import stream

Study = dict[str, Any]


def _dates(index: int, posted: date, running: bool) -> dict[str, Any]:
    day, month = posted.isoformat(), f"{posted:%Y-%m}"
    dates: dict[str, Any] = {
        "startDateStruct": {"date": month if index % 3 == 0 else day, "type": "ESTIMATED" if running else "ACTUAL"},
        "completionDateStruct": {"date": f"{posted.year + 3}-12", "type": "ESTIMATED" if running else "ACTUAL"},
        "studyFirstSubmitDate": day,
        "studyFirstSubmitQcDate": day,
        "studyFirstPostDateStruct": {"date": day, "type": "ACTUAL"},
        "lastUpdateSubmitDate": day,
        "lastUpdatePostDateStruct": {"date": day, "type": "ACTUAL"},
    }
    if index % 3 == 1:  # the kind of a date is often missing
        del dates["startDateStruct"]["type"]
    return dates


def _status(index: int, posted: date, status: str) -> dict[str, Any]:
    module: dict[str, Any] = {"statusVerifiedDate": f"{posted:%Y-%m}", "overallStatus": status}
    if status == "UNKNOWN":
        module["lastKnownStatus"] = "RECRUITING"
    if status in ("TERMINATED", "WITHDRAWN"):
        module["whyStopped"] = words.WHY_STOPPED[index % len(words.WHY_STOPPED)]
    return {
        **module,
        "expandedAccessInfo": {"hasExpandedAccess": False},
        **_dates(index, posted, status == "RECRUITING"),
    }


def _design(index: int, people: int, observational: bool) -> dict[str, Any]:
    phases = words.PHASES[index % len(words.PHASES)]
    # 99999999 is the registry's way to say that nobody knows.
    enrollment = {"count": 99999999 if index % 12 == 7 else people, "type": "ESTIMATED" if index % 2 else "ACTUAL"}
    if observational:
        info = {"observationalModel": "COHORT", "timePerspective": "PROSPECTIVE"}
        return {"studyType": "OBSERVATIONAL", "designInfo": info, "enrollmentInfo": enrollment}
    info = {"allocation": "NA", "interventionModel": "SINGLE_GROUP", "primaryPurpose": "TREATMENT"}
    design: dict[str, Any] = {"studyType": "INTERVENTIONAL", "phases": list(phases)}
    if not phases:
        del design["phases"]
    return {**design, "designInfo": {**info, "maskingInfo": {"masking": "NONE"}}, "enrollmentInfo": enrollment}


def _results(people: int, sick: int) -> dict[str, Any]:
    counts = [{"groupId": "FG000", "numSubjects": str(people)}]
    harm = {"groupId": "EG000", "numAffected": sick, "numAtRisk": people}
    return {
        "participantFlowModule": {
            "groups": [{"id": "FG000", "title": "Invented arm", "description": "Everybody"}],
            "periods": [{"title": "Overall Study", "milestones": [{"type": "STARTED", "achievements": counts}]}],
        },
        "outcomeMeasuresModule": {
            "outcomeMeasures": [
                {
                    "type": "PRIMARY",
                    "title": "Invented response",
                    "description": "People with an invented response",
                    "populationDescription": "All",
                    "reportingStatus": "POSTED",
                    "paramType": "COUNT_OF_PARTICIPANTS",
                    "unitOfMeasure": "Participants",
                    "timeFrame": "28 days",
                    "groups": [{"id": "OG000", "title": "Invented arm"}],
                    "denoms": [{"units": "Participants", "counts": [{"groupId": "OG000", "value": str(people)}]}],
                    "classes": [{"categories": [{"measurements": [{"groupId": "OG000", "value": str(sick)}]}]}],
                }
            ]
        },
        "adverseEventsModule": {
            "frequencyThreshold": "5",
            "timeFrame": "1 year",
            "eventGroups": [
                {
                    "id": "EG000",
                    "title": "Invented arm",
                    "deathsNumAffected": 0,
                    "deathsNumAtRisk": people,
                    "seriousNumAffected": sick,
                    "seriousNumAtRisk": people,
                    "otherNumAffected": people,
                    "otherNumAtRisk": people,
                }
            ],
            "seriousEvents": [
                {"term": "Febrile neutropenia", "organSystem": "Blood and lymphatic system disorders", "stats": [harm]}
            ],
        },
    }


def _identity(nct: str, title: str, index: int, aliases: tuple[str, ...]) -> dict[str, Any]:
    module: dict[str, Any] = {
        "nctId": nct,
        "orgStudyIdInfo": {"id": f"SYN-{index:04}"},
        "organization": {"fullName": "Made-up Hospital", "class": "OTHER"},
        "briefTitle": title,
        "officialTitle": f"An invented trial of {title} (synthetic registration {nct})",
    }
    if index % 4 == 0:
        module["secondaryIdInfos"] = [{"id": f"2099-50{index:04}-11", "type": "CTIS"}]
    if aliases:
        module["nctIdAliases"] = list(aliases)
    return module


def invent(
    seed: int, index: int, nct: str, posted: date, pmids: tuple[str, ...], aliases: tuple[str, ...] = ()
) -> Study:
    """Make one registration; the same arguments make the same one.

    Args:
        index: position in the world; decides which odd features the registration has.
        pmids: papers it refers to.
        aliases: former numbers.
    """
    dice = stream("trial", seed, index)
    cell, disease = dice.choice(words.CELLS), dice.choice(words.DISEASES)
    people = dice.randint(6, 120)
    observational = index % 8 == 5
    sponsor, kind = words.SPONSORS[index % len(words.SPONSORS)]
    city, country = words.PLACES[index % len(words.PLACES)]
    arm = {
        "label": "Arm A",
        "type": "EXPERIMENTAL",
        "description": "Infusion",
        "interventionNames": [f"Biological: {cell}"],
    }
    product = {"type": "BIOLOGICAL", "name": cell, "description": "10^8 cells/kg", "armGroupLabels": ["Arm A"]}
    protocol: Study = {
        "identificationModule": _identity(nct, f"{cell} in {disease}", index, aliases),
        "statusModule": _status(index, posted, words.STATUSES[index % len(words.STATUSES)]),
        "sponsorCollaboratorsModule": {"leadSponsor": {"name": sponsor, "class": kind}},
        "descriptionModule": {"briefSummary": f"Nobody was treated; {disease} is only a word here. Dose ≥ 10^8/kg."},
        "conditionsModule": {"conditions": [disease], "keywords": [cell]},
        "designModule": _design(index, people, observational),
        "armsInterventionsModule": {
            "armGroups": [arm],
            "interventions": [{**product, "otherNames": [f"SYN{index}-NK"]}],
        },
        "outcomesModule": {"primaryOutcomes": [{"measure": "Invented response", "timeFrame": "28 days"}]},
        "eligibilityModule": {
            "eligibilityCriteria": "Inclusion Criteria:\n\n* Being invented",
            "healthyVolunteers": False,
            "sex": "ALL",
            "minimumAge": "18 Years",
            "stdAges": ["ADULT", "OLDER_ADULT"],
        },
        "contactsLocationsModule": {"locations": [{"facility": "Made-up Hospital", "city": city, "country": country}]},
    }
    if observational:
        del protocol["armsInterventionsModule"]
    if pmids:
        kinds = ("RESULT", "BACKGROUND", "DERIVED")
        rows = [{"pmid": pmid, "type": kinds[i % 3], "citation": "Invented."} for i, pmid in enumerate(pmids)]
        protocol["referencesModule"] = {"references": rows}
    study: Study = {
        "protocolSection": protocol,
        "derivedSection": {
            "miscInfoModule": {"versionHolder": "2026-03-01"},
            "conditionBrowseModule": {"meshes": [{"id": "D009369", "term": "Neoplasms"}]},
        },
        "hasResults": False,
    }
    if index % 5 == 1:
        status = protocol["statusModule"]
        status["resultsFirstPostDateStruct"] = dict(status["lastUpdatePostDateStruct"])
        study["resultsSection"] = _results(people, people // 5)
        study["hasResults"] = True
    return study


def aliases(study: Study) -> tuple[str, ...]:
    """Return the former numbers of a registration."""
    return tuple(study["protocolSection"]["identificationModule"].get("nctIdAliases", ()))


def number(study: Study) -> str:
    """Return the registration's number."""
    return str(study["protocolSection"]["identificationModule"]["nctId"])
