"""ClinicalTrials.gov documents: every field where the registry puts it, and every broken body named."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import UnreadableError
from ingest.parse import ctgov_fields
from ingest.parse.ctgov_fields import unescape
from ingest.parse.ctgov_json import WHOLE, joined_phases, page_of, parse_studies
from kb.records.registration import Arm, Intervention, Measure, Registration

FILES = Path(__file__).parent / "ctgov"
DAY = "2026-01-01"


def document() -> dict[str, Any]:
    """The whole study of the fixture, to change."""
    study: dict[str, Any] = json.loads((FILES / "whole.json").read_text(encoding="utf-8"))
    return study


def parsed(value: Any) -> list[Registration]:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return list(parse_studies(io.BytesIO(body), DAY))


def one(value: Any) -> Registration:
    (record,) = parsed(value)
    return record


def put(study: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    *folders, name = path.split(".")
    at = study
    for folder in folders:
        at = at.setdefault(folder, {})
    at[name] = value
    return study


def without(study: dict[str, Any], path: str) -> dict[str, Any]:
    *folders, name = path.split(".")
    at = study
    for folder in folders:
        at = at[folder]
    del at[name]
    return study


def refused(value: Any) -> str:
    with pytest.raises(UnreadableError) as caught:
        parsed(value)
    return str(caught.value)


# ---------------------------------------------------------------------------- every field

EXPECTED: dict[str, Any] = {
    "id": "NCT00000001",
    "registry": "ClinicalTrials.gov",
    "aliases": ("NCT00000002",),
    "secondary_ids": (("EUDRACT_NUMBER", "2019-000001-11"), ("REGISTRY", "U1111-0000-0001")),
    "title": "Made-up NK Cells for AML [Part A]",
    "official_title": "A Made-up Phase 1/2 Trial of Haploidentical NK Cells, 5 x 10^6/kg",
    "acronym": "MADEUP",
    "phase": "PHASE1|PHASE2",
    "status": "TERMINATED",
    "status_verified": "2024-03",
    "last_known_status": "RECRUITING",
    "study_type": "INTERVENTIONAL",
    "allocation": "RANDOMIZED",
    "masking": "DOUBLE",
    "design_model": "PARALLEL",
    "purpose": "TREATMENT",
    "enrollment": 25,
    "enrollment_type": "ACTUAL",
    "enrollment_unknown": False,
    "first_posted": "2018-11-17",
    "first_submitted": "2018-11-14",
    "updated": "2024-03-05",
    "results_posted": "2023-01-30",
    "start_date": "2019",
    "start_type": "ACTUAL",
    "primary_completion_date": "2021-07",
    "primary_completion_type": "ACTUAL",
    "completion_date": "2022-02-28",
    "completion_type": "ESTIMATED",
    "why_stopped": "too few joined (<10 a year)",
    "sponsor": "Example Hospital",
    "sponsor_class": "OTHER",
    "collaborators": ("Second Example", "First Example"),
    "countries": ("Korea, Republic of", "United States"),
    "conditions": ("AML", "MDS"),
    "keywords": ("NK cells",),
    "conditions_mesh": (("D015470", "Leukemia, Myeloid, Acute"),),
    "interventions_mesh": (("C000001", "IL32 protein, human"),),
    "arms": (
        Arm("NK arm", "EXPERIMENTAL", "Cells [day 0]", ("Biological: NK cells", "Drug: Interleukin-2")),
        Arm("Control", "NO_INTERVENTION", "", ()),
    ),
    "interventions": (
        Intervention("BIOLOGICAL", ("NK cells", "XNK-01", "haplo-NK"), "given > once", ("NK arm",)),
        Intervention("DRUG", ("Interleukin-2",), "", ()),
    ),
    "brief_summary": "Cells at 5 × 10^6/kg [one dose]; A&B; back\\slash; C:\\temp stays.\n\n* one\n* two",
    "detailed_description": "Nothing > 1.5 × ULN.",
    "eligibility": "Inclusion Criteria:\n\n* Age >= 18",
    "sex": "ALL",
    "minimum_age": "18 Years",
    "maximum_age": "70 Years",
    "healthy_volunteers": False,
    "expanded_access": True,
    "pmids": (("11111111", "BACKGROUND"), ("22222222", "DERIVED")),
    "has_results": True,
    "participants": 25,
    "day": "2024-03-08",
    "sparse": False,
}


@pytest.mark.parametrize("field", sorted(EXPECTED))
def test_every_field_of_a_whole_study_is_where_the_registry_puts_it(field: str) -> None:
    assert getattr(one(document()), field) == EXPECTED[field]


def test_no_field_of_a_record_is_left_untested() -> None:
    elsewhere = {"outcomes", "baseline", "harms", "harm_totals"}  # test_ctgov_results
    assert set(Registration.__slots__) - EXPECTED.keys() == elsewhere


def test_planned_outcomes_come_first_with_their_rank_and_reported_ones_behind() -> None:
    outcomes = one(document()).outcomes
    assert outcomes[:3] == (
        Measure("PRIMARY", "Remission", "Day 28", "blasts <5%"),
        Measure("SECONDARY", "Survival", "2 years"),
        Measure("OTHER_PRE_SPECIFIED", "NK cells in blood", "Day 14"),
    )
    assert [each.reported for each in outcomes[3:]] == [True, True, False]


# ---------------------------------------------------------------------------- shapes


def test_a_page_a_study_and_a_bare_list_give_the_same_record() -> None:
    study = document()
    assert parsed(study) == parsed([study]) == parsed({"studies": [study], "totalCount": 1})
    assert [record.id for record in parsed([study, put(document(), ID, "NCT00000009")])] == [
        "NCT00000001",
        "NCT00000009",
    ]


def test_an_empty_page_holds_nothing() -> None:
    assert parsed({"studies": []}) == parsed([]) == []


def test_a_byte_order_mark_is_skipped() -> None:
    assert parsed(b"\xef\xbb\xbf" + json.dumps(document()).encode()) == parsed(document())


ID = "protocolSection.identificationModule.nctId"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"NCT number NCT99999999 not found", "plain text, not JSON: 'NCT number NCT99999999 not found'"),
        (b"<!DOCTYPE html><title>Blocked</title>", "HTML or XML page"),
        (b"null", "null"),
        (b"17", "17"),
        (b'"text"', "'text'"),
        (b'{"error": "too many requests"}', "too many requests"),
        (b"{}", "{}"),
        (b'{"studies": {}}', "an object where a list"),
        (b'{"studies": null}', "null where a list"),
        (b'{"studies": [{"protocolSection": {"identificationModule": {"nctId": "NCT0', "cut off"),
        (b'{"studies": [', "cut off"),
        (b'{"studies": [}', "broken"),
        (b'{"studies": []} trailing', "broken"),
        (b'{"studies": [], "totalCount": NaN}', "NaN"),
        (b'{"studies": [], "totalCount": -Infinity}', "-Infinity"),
        (b'{"studies": [], "studies": []}', "'studies' comes twice"),
        (b'{"studies": [3]}', "study 1 of 1: a number where a study"),
        (b'{"studies": [], "totalCount": ' + b"9" * 5000 + b"}", "cannot be read"),
        (b'{"studies": ["\xff"]}', "byte 14 is not UTF-8"),
        (b'{"studies":\0 []}', "a NUL at byte 11"),
        ('{"studies": []}'.encode("utf-16"), "byte-order mark of UTF-16"),
        (b'{"studies": [{"a": "x\\u0000"}]}', "studies[0].a: a NUL at character 1"),
        (b'{"studies": [{"a\\u0000": 1}]}', "studies[0]: a NUL"),
        (b'{"studies": [{"a": "\\ud83d"}]}', "studies[0].a: half a surrogate pair"),
    ],
)
def test_what_is_no_document_is_named(body: bytes, words: str) -> None:
    assert words in refused(body)


@pytest.mark.parametrize("depth", [41, 500, 200_000])
def test_a_bomb_of_brackets_is_refused(depth: int) -> None:
    assert "nested deeper than 40" in refused(b"[" * depth + b"]" * depth)


def test_the_deepest_real_nesting_is_read() -> None:
    assert "deeper" not in refused(b"[" * 40 + b"]" * 40)


def test_a_text_or_body_beyond_all_measure_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    title = "protocolSection.identificationModule.briefTitle"
    assert len(one(put(document(), title, "x" * 1_000_000)).title) == 1_000_000
    assert f"{title}: a text of 1,000,001 characters" in refused(put(document(), title, "x" * 1_000_001))
    monkeypatch.setattr(ctgov_fields, "MAX_BYTES", 1000)
    assert "larger than 1,000 bytes" in refused(document())


# ---------------------------------------------------------------------------- a bad study among good ones


@pytest.mark.parametrize("number", [None, "", "NCT1", "nct00000001", "NCT000000001", " NCT00000001", "ISRCTN00000001"])
def test_a_study_without_a_proper_number_is_named_by_its_position(number: str | None) -> None:
    message = refused([document(), put(document(), ID, number)])
    assert message.startswith("study 2 of 2")
    assert "nctId" in message


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("protocolSection", [], "protocolSection: a list where an object"),
        ("protocolSection.identificationModule.briefTitle", 7, "briefTitle: a number where text"),
        ("protocolSection.identificationModule.nctIdAliases", ["x"], "nctIdAliases: 'x'"),
        ("protocolSection.conditionsModule.conditions", "AML", "conditions: text where a list"),
        ("protocolSection.conditionsModule.conditions", ["AML", None], "conditions[1]: null where text"),
        ("protocolSection.armsInterventionsModule.interventions", ["NK"], "interventions[0]: text where an object"),
        ("protocolSection.designModule.enrollmentInfo.count", "25", "count: text where a count"),
        ("protocolSection.designModule.enrollmentInfo.count", True, "count: true or false where a count"),
        ("protocolSection.designModule.enrollmentInfo.count", 25.5, "count: a fraction where a count"),
        ("protocolSection.designModule.enrollmentInfo.count", -1, "count: -1 where a count"),
        ("protocolSection.statusModule.startDateStruct.date", "2019-13", "startDateStruct.date: '2019-13'"),
        ("protocolSection.statusModule.startDateStruct.date", "May 2019", "startDateStruct.date: 'May 2019'"),
        ("protocolSection.statusModule.statusVerifiedDate", "2023-02-30", "statusVerifiedDate: '2023-02-30'"),
        ("hasResults", "yes", "hasResults: text where true or false"),
    ],
)
def test_a_field_of_the_wrong_kind_is_named_with_its_study_and_path(path: str, value: Any, words: str) -> None:
    message = refused([document(), put(document(), path, value)])
    assert message.startswith("study 2 of 2")
    assert words in message


def test_the_studies_before_a_bad_one_have_been_given_out() -> None:
    body = io.BytesIO(json.dumps([document(), {"protocolSection": {}}]).encode())
    records = parse_studies(body, DAY)
    assert next(records).id == "NCT00000001"
    with pytest.raises(UnreadableError, match="study 2 of 2"):
        next(records)


# ---------------------------------------------------------------------------- values


@pytest.mark.parametrize(
    ("phases", "joined"),
    [
        (("NA",), "NA"),
        ((), ""),
        (("PHASE3", "PHASE2"), "PHASE2|PHASE3"),
        (("PHASE1", "EARLY_PHASE1"), "EARLY_PHASE1|PHASE1"),
        (("PHASE5", "PHASE4"), "PHASE4|PHASE5"),
    ],
)
def test_phases_are_joined_in_order_of_phase(phases: tuple[str, ...], joined: str) -> None:
    assert joined_phases(phases) == joined


def test_a_study_without_phases_has_none() -> None:
    assert one(without(document(), "protocolSection.designModule.phases")).phase == ""


def test_words_nobody_knew_are_kept_as_printed() -> None:
    study = put(document(), "protocolSection.statusModule.overallStatus", "PAUSED_BY_MOON")
    record = one(put(study, "protocolSection.designModule.phases", ["PHASE9"]))
    assert (record.status, record.phase) == ("PAUSED_BY_MOON", "PHASE9")


def test_a_date_of_an_unknown_kind_is_not_called_actual() -> None:
    record = one(put(document(), "protocolSection.statusModule.startDateStruct.type", "ANTICIPATED"))
    assert (record.start_date, record.start_type) == ("2019", "")


@pytest.mark.parametrize(
    ("count", "people", "unknown"), [(0, 0, False), (99_999_999, None, True), (99_999_998, 99_999_998, False)]
)
def test_only_the_registrys_own_sign_means_that_nobody_knows(count: int, people: int | None, unknown: bool) -> None:
    record = one(put(document(), "protocolSection.designModule.enrollmentInfo.count", count))
    assert (record.enrollment, record.enrollment_unknown) == (people, unknown)


def test_no_enrolment_is_not_an_unknown_one() -> None:
    record = one(without(document(), "protocolSection.designModule.enrollmentInfo"))
    assert (record.enrollment, record.enrollment_type, record.enrollment_unknown) == (None, "", False)


def test_null_is_absent() -> None:
    record = one(put(document(), "protocolSection.designModule.phases", None))
    assert (record.phase, record.sparse) == ("", False)


def test_an_observational_study_has_its_own_model() -> None:
    (record,) = parsed((FILES / "page.json").read_bytes())[1:]
    assert (record.study_type, record.design_model, record.phase) == ("OBSERVATIONAL", "COHORT", "")


def test_titles_keep_their_backslashes() -> None:
    path = "protocolSection.identificationModule.briefTitle"
    assert one(put(document(), path, r"A \> B")).title == r"A \> B"


@settings(database=None, deadline=None)
@given(st.text())
def test_resolving_what_was_escaped_gives_the_text_back(text: str) -> None:
    escaped = "".join("\\" + char if char in "\\`*_{}[]<>()#+-.!|~^&" else char for char in text)
    assert unescape(escaped) == text


@settings(database=None, deadline=None)
@given(st.text(alphabet=st.characters(blacklist_characters="\\")))
def test_text_without_a_backslash_is_never_changed(text: str) -> None:
    assert unescape(text) == text


# ---------------------------------------------------------------------------- cut to a selection


@pytest.mark.parametrize("path", WHOLE)
def test_a_document_that_lacks_what_every_whole_one_has_is_sparse(path: str) -> None:
    assert not one(document()).sparse
    assert one(without(document(), path)).sparse


def test_results_that_were_not_asked_for_make_a_document_sparse() -> None:
    record = one(without(document(), "resultsSection"))
    assert (record.has_results, record.sparse, record.participants) == (True, True, None)


def test_a_whole_study_without_results_is_not_sparse() -> None:
    record = one(put(without(document(), "resultsSection"), "hasResults", False))
    assert (record.has_results, record.sparse) == (False, False)


def test_a_sparse_document_gives_what_it_has() -> None:
    first, second = parsed((FILES / "page.json").read_bytes())
    assert first.sparse
    assert second.sparse
    assert (first.title, first.phase, first.enrollment_unknown) == ("Made-up iNKT Cells", "NA", True)
    assert first.interventions == (Intervention("", ("iNKT cells",), "", ()),)
    assert (first.day, first.updated, first.healthy_volunteers) == ("", "", None)


# ---------------------------------------------------------------------------- listing pages


def test_a_page_lists_numbers_days_aliases_and_the_way_on() -> None:
    page = page_of(io.BytesIO((FILES / "page.json").read_bytes()))
    assert page.ids_with_stamps == (("NCT00000003", ""), ("NCT00000004", "2026-05-06"))
    assert (page.total, page.next_token) == (7, "ZZZ9")
    assert page.aliases == (("NCT00000005", "NCT00000004"),)


def test_a_last_page_has_no_token_and_no_total() -> None:
    page = page_of(io.BytesIO(b'{"studies": []}'))
    assert (page.ids_with_stamps, page.total, page.next_token, page.aliases) == ((), None, "", ())


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"{}",
        b'{"error": "no"}',
        b'{"studies": [{}]}',
        b'{"studies": [], "totalCount": "7"}',
        b'{"studies": [], "totalCount": -7}',
        b'{"studies": [], "nextPageToken": 3}',
    ],
)
def test_what_is_no_page_is_refused(body: bytes) -> None:
    with pytest.raises(UnreadableError):
        page_of(io.BytesIO(body))
