"""Where the corpora are at hand: every real ClinicalTrials.gov document, field by field, against a reading by path."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest.errors import UnreadableError
from ingest.parse.ctgov_csv import parse_csv
from ingest.parse.ctgov_json import page_of, parse_studies
from kb.history import Change, changes, latest
from kb.records.registration import Intervention, Registration
from tests.conftest import ROOT

SHARED = ROOT.parent / "shared"
FOLDER = SHARED / "corpora" / "ctgov_v2"
FILES = sorted(FOLDER.glob("*.json"))
CSV = FOLDER / "csv_export_ctg-studies_mrd_aml.csv"
DAY = "2026-08-11"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the corpora lie beside the project only where it is developed"),
]


def at(value: Any, path: str) -> list[Any]:
    """Return every value at a dotted path; a list on the way is walked through."""
    found = [value]
    for name in path.split("."):
        spread = [item for each in found for item in (each if isinstance(each, list) else [each])]
        found = [each[name] for each in spread if isinstance(each, dict) and each.get(name) is not None]
    return [item for each in found for item in (each if isinstance(each, list) else [each])]


def shown(markup: str) -> str:
    """Return markup without its escapes, sign by sign."""
    out, literal = "", False
    for sign in markup:
        if literal:
            out += sign if sign.isascii() and sign.isprintable() and not sign.isalnum() and sign != " " else "\\" + sign
            literal = False
        elif sign == "\\":
            literal = True
        else:
            out += sign
    return out + ("\\" if literal else "")


def studies(path: Path) -> list[Any]:
    value = json.loads(path.read_text(encoding="utf-8"))
    return list(value) if isinstance(value, list) else list(value.get("studies", [value]))


def pairs() -> Iterator[tuple[str, Any, Registration]]:
    """Yield each real study beside the record made of it."""
    for path in FILES:
        with path.open("rb") as body:
            for study, record in zip(studies(path), parse_studies(body, DAY), strict=True):
                yield f"{path.name}:{record.id}", study, record


P = "protocolSection."
#: Field → where an independent reader finds it: one text, or a list of texts.
TEXTS = {
    "id": P + "identificationModule.nctId",
    "title": P + "identificationModule.briefTitle",
    "official_title": P + "identificationModule.officialTitle",
    "acronym": P + "identificationModule.acronym",
    "status": P + "statusModule.overallStatus",
    "status_verified": P + "statusModule.statusVerifiedDate",
    "last_known_status": P + "statusModule.lastKnownStatus",
    "study_type": P + "designModule.studyType",
    "allocation": P + "designModule.designInfo.allocation",
    "masking": P + "designModule.designInfo.maskingInfo.masking",
    "purpose": P + "designModule.designInfo.primaryPurpose",
    "enrollment_type": P + "designModule.enrollmentInfo.type",
    "first_posted": P + "statusModule.studyFirstPostDateStruct.date",
    "first_submitted": P + "statusModule.studyFirstSubmitDate",
    "updated": P + "statusModule.lastUpdatePostDateStruct.date",
    "results_posted": P + "statusModule.resultsFirstPostDateStruct.date",
    "start_date": P + "statusModule.startDateStruct.date",
    "start_type": P + "statusModule.startDateStruct.type",
    "primary_completion_date": P + "statusModule.primaryCompletionDateStruct.date",
    "primary_completion_type": P + "statusModule.primaryCompletionDateStruct.type",
    "completion_date": P + "statusModule.completionDateStruct.date",
    "completion_type": P + "statusModule.completionDateStruct.type",
    "sponsor": P + "sponsorCollaboratorsModule.leadSponsor.name",
    "sponsor_class": P + "sponsorCollaboratorsModule.leadSponsor.class",
    "sex": P + "eligibilityModule.sex",
    "minimum_age": P + "eligibilityModule.minimumAge",
    "maximum_age": P + "eligibilityModule.maximumAge",
    "day": "derivedSection.miscInfoModule.versionHolder",
}
MARKUP = {
    "why_stopped": P + "statusModule.whyStopped",
    "brief_summary": P + "descriptionModule.briefSummary",
    "detailed_description": P + "descriptionModule.detailedDescription",
    "eligibility": P + "eligibilityModule.eligibilityCriteria",
}
LISTS = {
    "aliases": P + "identificationModule.nctIdAliases",
    "collaborators": P + "sponsorCollaboratorsModule.collaborators.name",
    "conditions": P + "conditionsModule.conditions",
    "keywords": P + "conditionsModule.keywords",
}


def test_every_real_document_is_here() -> None:
    assert len(FILES) == 29
    assert len(list(pairs())) == 46


@pytest.mark.parametrize("field", TEXTS)
def test_a_field_is_what_stands_at_its_path(field: str) -> None:
    wrong = [name for name, study, record in pairs() if [getattr(record, field)] != (at(study, TEXTS[field]) or [""])]
    assert wrong == []


@pytest.mark.parametrize("field", LISTS)
def test_a_list_is_what_stands_at_its_path(field: str) -> None:
    wrong = [name for name, study, record in pairs() if list(getattr(record, field)) != at(study, LISTS[field])]
    assert wrong == []


@pytest.mark.parametrize("field", MARKUP)
def test_a_text_keeps_every_sign_but_the_escapes(field: str) -> None:
    for name, study, record in pairs():
        printed = "".join(at(study, MARKUP[field]))
        assert getattr(record, field) == shown(printed), name


def test_numbers_and_flags() -> None:
    for name, study, record in pairs():
        assert [record.enrollment] == (at(study, P + "designModule.enrollmentInfo.count") or [None]), name
        assert [record.healthy_volunteers] == (at(study, P + "eligibilityModule.healthyVolunteers") or [None]), name
        assert [record.has_results] == (at(study, "hasResults") or [False]), name
        expanded = at(study, P + "statusModule.expandedAccessInfo.hasExpandedAccess")
        assert [record.expanded_access] == (expanded or [False]), name
        assert (record.participants, record.harms, record.enrollment_unknown) == (None, (), False), name


def test_lists_that_are_put_in_order_hold_the_same() -> None:
    for name, study, record in pairs():
        assert record.phase == "|".join(sorted(at(study, P + "designModule.phases"))), name
        assert list(record.countries) == sorted(set(at(study, P + "contactsLocationsModule.locations.country"))), name
        models = ("interventionModel", "observationalModel")
        model = [value for key in models for value in at(study, f"{P}designModule.designInfo.{key}")]
        assert [record.design_model] == (model or [""]), name


def tuples(study: Any, path: str, *keys: str) -> list[tuple[Any, ...]]:
    return [tuple(part.get(key, "") for key in keys) for part in at(study, path)]


def test_every_part_of_a_study_is_accounted_for() -> None:
    for name, study, record in pairs():
        ids = tuples(study, P + "identificationModule.secondaryIdInfos", "type", "id")
        assert list(record.secondary_ids) == ids, name
        references = tuples(study, P + "referencesModule.references", "pmid", "type")
        assert list(record.pmids) == [pair for pair in references if pair[0]], name
        for field, module in (("conditions_mesh", "conditionBrowse"), ("interventions_mesh", "interventionBrowse")):
            assert list(getattr(record, field)) == tuples(study, f"derivedSection.{module}Module.meshes", "id", "term")
        arms = [
            (part.get("label", ""), part.get("type", ""), shown(part.get("description", "")), names)
            for part in at(study, P + "armsInterventionsModule.armGroups")
            for names in [tuple(part.get("interventionNames", ()))]
        ]
        assert [(arm.label, arm.type, arm.description, arm.interventions) for arm in record.arms] == arms, name


def test_every_intervention_and_outcome_is_accounted_for() -> None:
    for name, study, record in pairs():
        interventions = [
            Intervention(
                part.get("type", ""),
                (part["name"], *part.get("otherNames", ())),
                shown(part.get("description", "")),
                tuple(part.get("armGroupLabels", ())),
            )
            for part in at(study, P + "armsInterventionsModule.interventions")
        ]
        assert list(record.interventions) == interventions, name
        outcomes = [
            (rank, part["measure"], part.get("timeFrame", ""), shown(part.get("description", "")), False)
            for key, rank in (("primary", "PRIMARY"), ("secondary", "SECONDARY"), ("other", "OTHER_PRE_SPECIFIED"))
            for part in at(study, f"{P}outcomesModule.{key}Outcomes")
        ]
        ours = [(m.rank, m.title, m.time_frame, m.description, m.reported) for m in record.outcomes]
        assert ours == outcomes, name


def test_the_answers_of_the_api_were_cut_to_a_selection_and_the_downloads_were_not() -> None:
    for name, _, record in pairs():
        assert record.sparse == name.startswith("api_"), name


def test_pages_list_what_they_hold() -> None:
    pages = [path for path in FILES if path.name.startswith("api_search")]
    assert len(pages) == 7
    for path in pages:
        raw = path.read_text(encoding="utf-8")
        with path.open("rb") as body:
            page = page_of(body)
        assert [number for number, _ in page.ids_with_stamps] == re.findall(r'"nctId": ?"(NCT\d{8})"', raw), path.name
        assert re.findall(r'"nextPageToken": ?"(.*?)"', raw) == [page.next_token][: len(page.next_token)], path.name
        assert [int(n) for n in re.findall(r'"totalCount": ?(\d+)', raw)] == [page.total][: page.total is not None]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_real_document_is_read_when_it_is_cut_off(path: Path) -> None:
    whole = path.read_bytes().rstrip()
    for part in (0, 1, 3, 7):
        with pytest.raises(UnreadableError):
            list(parse_studies(io.BytesIO(whole[: len(whole) * part // 8]), DAY))
    with pytest.raises(UnreadableError):
        list(parse_studies(io.BytesIO(whole[:-1]), DAY))


# ---------------------------------------------------------------------------- the website's CSV

CELLS: dict[str, Callable[[Registration], str]] = {
    "NCT Number": lambda record: record.id,
    "Study Title": lambda record: record.title,
    "Study Status": lambda record: record.status,
    "Study Results": lambda record: "YES" if record.has_results else "NO",
    "Conditions": lambda record: "|".join(record.conditions),
    "Interventions": lambda record: "|".join(f"{each.type}: {each.names[0]}" for each in record.interventions),
    "Sponsor": lambda record: record.sponsor,
    "Collaborators": lambda record: "|".join(record.collaborators),
    "Phases": lambda record: record.phase,
    "Study Type": lambda record: record.study_type,
    "Start Date": lambda record: record.start_date,
    "Primary Completion Date": lambda record: record.primary_completion_date,
    "Completion Date": lambda record: record.completion_date,
}


def test_every_row_of_the_export_is_read_and_its_cells_can_be_put_together_again() -> None:
    with CSV.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    with CSV.open("rb") as body:
        records = list(parse_csv(body, "2025-04-01"))
    assert len(records) == len(re.findall(r"^NCT\d{8},", CSV.read_text(encoding="utf-8"), re.MULTILINE)) == 245
    for row, record in zip(rows, records, strict=True):
        for column, cell in CELLS.items():
            assert cell(record) == row[column], (record.id, column)
        assert record.brief_summary == shown(row["Brief Summary"]), record.id
        design = row["Study Design"]
        assert f"Allocation: {record.allocation}|Intervention Model: {record.design_model}|" in design, record.id
        assert f"Masking: {record.masking}" in design, record.id
        assert design.endswith(f"Primary Purpose: {record.purpose}"), record.id
        assert (record.sparse, record.day, record.outcomes) == (True, "", ()), record.id


# ---------------------------------------------------------------------------- real changes

#: The list's names of fields, ours, and how its text becomes a value of ours.
NAMES: dict[str, tuple[str, Callable[[str], Any]]] = {
    "BriefTitle": ("title", str),
    "Conditions": ("conditions", lambda text: tuple(text.split("|"))),
    "EnrollmentCount": ("enrollment", lambda text: int(float(text))),
    "Interventions": ("interventions", lambda text: tuple(Intervention("", (n,), "", ()) for n in text.split("|"))),
    "LastUpdatePostDate": ("updated", str),
    "LeadSponsor": ("sponsor", str),
    "OverallStatus": ("status", str),
    "Phase": ("phase", lambda text: "|".join(text.split("/"))),
    "StartDate": ("start_date", str),
}


def real_changes() -> dict[str, list[dict[str, str]]]:
    """Return the changes that others saw between daily looks, by trial and in order."""
    with (SHARED / "reference" / "trials_changes.csv").open(encoding="utf-8", newline="") as handle:
        rows = [row for row in csv.DictReader(handle) if row["field"] in NAMES]
    assert len(rows) > 80
    by_trial: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row["snapshot"]):
        by_trial[row["nct_id"]].append(row)
    return by_trial


def looks(rows: list[dict[str, str]]) -> list[tuple[str, Registration]]:
    """Return what the looks at one trial must have seen for these changes to be reported."""

    def value(row: dict[str, str], side: str) -> tuple[str, Any]:
        name, read = NAMES[row["field"]]
        return name, read(row[side]) if row[side] else Registration("", "").__getattribute__(name)

    state: dict[str, Any] = {}
    for row in rows:
        name, old = value(row, "old")
        state.setdefault(name, old)
    found: list[tuple[str, Registration]] = []
    for before, after in sorted({(row["prev_snapshot"], row["snapshot"]) for row in rows}, key=lambda days: days[1]):
        found.append((before, Registration(rows[0]["nct_id"], "ClinicalTrials.gov", **state)))
        state |= dict(value(row, "new") for row in rows if row["snapshot"] == after)
        found.append((after, Registration(rows[0]["nct_id"], "ClinicalTrials.gov", **state)))
    return found


def test_real_changes_between_daily_looks_are_found_and_no_others() -> None:
    for number, rows in real_changes().items():
        expected = {
            (NAMES[row["field"]][0], text(row, "old"), text(row, "new"), row["prev_snapshot"], row["snapshot"])
            for row in rows
        }
        seen = looks(rows)
        found = changes(reversed([*seen, *seen]))
        assert {(c.field, c.before, c.after, c.seen_before, c.seen_after) for c in found} == expected, number
        assert {change.record_id for change in found} == {number}
        assert latest(seen, rows[-1]["snapshot"]) == seen[-1][1]


def text(row: dict[str, str], side: str) -> str:
    """Return a side of a change as we show it: the list writes people as fractions ("42.0")."""
    return str(int(float(row[side]))) if row["field"] == "EnrollmentCount" else row[side]


def test_a_change_says_its_kind() -> None:
    assert Change("", "phase", "", "NA", "", "").kind == "added"
