"""What changes if a record falls equals a rebuild without it, on worlds of made-up records."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

import pytest
import sqlite_utils
from hypothesis import given, settings
from hypothesis import strategies as st

from kb import store
from kb.assess.base import Base
from kb.build import rows_of
from kb.dataset import Dataset
from kb.errors import BuildError, NotFoundError
from kb.impact import CELL_FIELDS, CLAIM_FIELDS, Changed, impact
from kb.impact_text import narrowed, render
from kb.records.claim import Claim
from kb.results import Results
from kb.schema import TABLES
from tests.factory import DAY, absence, approval, claim, document, safety_event, study, trial, world
from tests.unit.test_properties import WORLDS, claims

SETTINGS = settings(deadline=None, database=None, derandomize=True, max_examples=25)


def store_of(data: Dataset) -> sqlite3.Connection:
    """A store in memory, as a build makes it."""
    connection = sqlite3.connect(":memory:")
    db = sqlite_utils.Database(connection)
    store.create(db)
    filled = rows_of(data, DAY, Results(Base(data, DAY)))
    for table in TABLES:
        if table.name in filled:
            store.insert(db, table, filled[table.name])
    build = {"id": 1, "version": "0", "as_of": DAY.isoformat(), "data_sha256": "0", "options": "{}"}
    store.insert(
        db,
        next(table for table in TABLES if table.name == "builds"),
        [{**build, "content_sha256": "0", "counts": "{}"}],
    )
    store.finish(db)
    return connection


def made_up(data: Dataset, said: list[Claim], *records: Any) -> Dataset:
    """The made-up records and a page with these claims, numbered."""
    numbered = [one.model_copy(update={"id": f"page#c{n:03d}"}) for n, one in enumerate(said, 1)]
    return world(data, *records, document(*numbered))


def rows(data: Dataset, table: str, fields: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """Rows of a fresh judgement, by id."""
    results = Results(Base(data, DAY))
    found = results.claim_statuses() if table == "claims" else results.map_cells()
    return {row["id"]: {name: row[name] for name in fields} for row in found}


def flat(changed: tuple[Changed, ...]) -> dict[tuple[str, str], tuple[Any, Any]]:
    """What was told, one entry a place."""
    return {(one.id, place): (dict(one.before), dict(one.after)) for one in changed for place in one.places}


def expected(before: dict[str, Any], after: dict[str, Any], name_of: Any) -> dict[tuple[str, str], Any]:
    """What a rebuild changes, worked out the plain way."""
    found = {}
    for key in before.keys() | after.keys():
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        if old is None or new is None:
            found[name_of(key)] = (old or {}, new or {})
        else:
            names = [name for name in old if old[name] != new[name]]
            found[name_of(key)] = ({n: old[n] for n in names}, {n: new[n] for n in names})
    return found


def claim_name(key: str) -> tuple[str, str]:
    name, place = key.rsplit(" ", 1)
    return name, place


def cell_name(key: str) -> tuple[str, str]:
    place, indication, cell_type = key.split(" ")
    return f"indication:{indication} cell_type:{cell_type}", place


OTHERS = (
    lambda: absence(),
    lambda: safety_event(),
    lambda: approval(label={"cell_type": ["nk"], "indication": ["aml"]}, id="APR-US-other"),
)
SAID_OTHERWISE = (
    claim(
        claim_type="regulatory",
        regulatory={"says": "not_approved", "jurisdictions": ["US"]},
        axes={"cell_type": ["nk"]},
    ),
    claim(claim_type="safety", event="sepsis", absolute=True, subject="own_product", outcome="safety", axes={}),
    claim(claim_type="counting", counting={"what": "studies", "op": "over", "value": 1}, axes={"cell_type": ["nk"]}),
)


@SETTINGS
@given(
    said=st.lists(claims(), min_size=1, max_size=2), records=WORLDS, choice=st.integers(0, 20), other=st.integers(0, 2)
)
def test_impact_equals_a_rebuild(data: Dataset, said: list[Claim], records: list[Any], choice: int, other: int) -> None:
    pilot = study()
    everything = [*records, pilot, OTHERS[other]()]
    reports = [{"study": pilot.id, "outcome": "response", "direction": "gain"}]
    named = claim(claim_type="citation", subject="cited_study", outcome="response", reports=reports)
    whole = made_up(data, [*said, *SAID_OTHERWISE, named], *everything)
    fallen = everything[choice % len(everything)]
    told = impact(store_of(whole), fallen.id)
    page = whole.documents[0]
    for fall in told.falls:
        if fall.mode == "removed":
            left = [record for record in everything if record.id != fallen.id]
        else:
            gone = fallen.model_copy(update={"integrity": "retracted", "integrity_date": fallen.retrieved})
            left = [gone if record.id == fallen.id else record for record in everything]
        without = world(data, *left, page)
        claims_ = expected(rows(whole, "claims", CLAIM_FIELDS), rows(without, "claims", CLAIM_FIELDS), claim_name)
        assert flat(fall.claims) == claims_
        assert flat(fall.cells) == expected(
            rows(whole, "map", CELL_FIELDS), rows(without, "map", CELL_FIELDS), cell_name
        )
        assert fall.documents == (("page",) if claims_ else ())
        assert dict(fall.exports).get("claims_export", 0) == len(claims_)
        assert dict(fall.exports).get("evidence_map", 0) == sum(len(one.places) for one in fall.cells)


def test_a_pilot_that_falls_takes_its_claim_along(data: Dataset) -> None:
    pilot = study()
    db = store_of(made_up(data, [claim()], pilot))
    found = impact(db, pilot.id)
    assert found.rests == (("page#c001", "Made up."),)
    retracted, removed = found.falls
    assert retracted.claims[0].before["class"] == "trial_stage"
    assert retracted.claims[0].after["class"] == "unsupported"
    assert "RETRACTED_SOURCE" in json.loads(retracted.claims[0].after["codes"])
    assert "RETRACTED_SOURCE" not in json.loads(removed.claims[0].after["codes"])
    assert dict(removed.exports)["unsupported_claims"] == len(data.build.jurisdictions)
    text = render(found)
    assert "Trial-stage → Unsupported" in text
    assert "+RETRACTED_SOURCE" in text


def test_a_second_cohort_holds_the_class(data: Dataset) -> None:
    first, second = study(), study()
    found = impact(store_of(made_up(data, [claim()], first, second)), first.id)
    for fall in found.falls:
        assert all("class" not in one.before for one in fall.claims)


def test_the_answer_for_one_place_leaves_the_others_out(data: Dataset) -> None:
    licence = approval(label={"cell_type": ["nk"], "indication": ["aml"]})
    said = claim(names_product="madeup")
    found = impact(store_of(made_up(data, [said], licence, study())), licence.id)
    [changed] = [one for one in found.falls[0].claims if "class" in one.before]
    assert changed.places == ("US",)
    assert (changed.before["class"], changed.after["class"]) == ("approved", "trial_stage")
    assert not [one for one in narrowed(found, "JP").falls[0].claims if "class" in one.before]
    assert narrowed(found, None) == found


def test_sign_offs_of_claims_that_change_are_named(data: Dataset) -> None:
    pilot, other = study(), trial(indication=["glioma"])
    db = store_of(made_up(data, [claim()], pilot, other))
    db.execute("create table sign_offs (id text, claim_id text)")
    db.execute("insert into sign_offs values ('SIG-1', 'page#c001'), ('SIG-2', 'page#c999')")
    assert impact(db, pilot.id).falls[0].sign_offs == ("SIG-1",)
    assert impact(db, other.id).falls[0].sign_offs == ()


def test_what_cannot_fall_is_said(data: Dataset) -> None:
    db = store_of(made_up(data, [claim()], study()))
    with pytest.raises(NotFoundError, match="no record 'PMID:0'"):
        impact(db, "PMID:0")
    with pytest.raises(NotFoundError, match="is a claim"):
        impact(db, "page#c001")


def test_a_store_of_another_version_is_refused(data: Dataset) -> None:
    pilot = study()
    db = store_of(made_up(data, [claim()], pilot))
    db.execute("update judged_facts set body = '{\"id\": 1}' where kind = 'study'")
    with pytest.raises(BuildError, match="make it again with: kb build"):
        impact(db, pilot.id)
