"""Every tie of the store is one of the closed list, and nothing is on the list that cannot be in a store."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from typing import Any

import pytest

from kb.assess.base import Base
from kb.dataset import Dataset
from kb.edge_types import EDGE_TYPE, EDGE_TYPES
from kb.results import Results, _ties
from tests.factory import DAY, claim, document, study, world

#: Ties that no record on file has today; each is made from a row of its table below.
UNSEEN = {
    *("comment_on", "retracted_by", "corrected_by", "reported_in", "contradicted_by"),
    *("sells_indication", "sells_setting", "sells_combination"),
}


def test_the_table_is_the_list(db: sqlite3.Connection) -> None:
    rows = {row["id"]: row for row in db.execute("select * from edge_types")}
    assert set(rows) == {one.id for one in EDGE_TYPES}
    assert len(EDGE_TYPE) == len(EDGE_TYPES)
    for one in EDGE_TYPES:
        row = rows[one.id]
        assert (json.loads(row["sources"]), json.loads(row["targets"])) == (list(one.sources), list(one.targets))
        assert all(row[column] for column in ("meaning", "forward", "backward"))


def test_store_and_list_hold_the_same_types(db: sqlite3.Connection) -> None:
    live = {row[0] for row in db.execute("select distinct type from edges")}
    assert live - EDGE_TYPE.keys() == set()
    assert EDGE_TYPE.keys() - live <= UNSEEN


def test_every_tie_stands_between_the_kinds_its_type_allows(db: sqlite3.Connection) -> None:
    sql = """select e.id, e.type, s.kind as source, t.kind as target
    from edges e join nodes s on s.id = e.source join nodes t on t.id = e.target"""
    wrong = [
        row["id"]
        for row in db.execute(sql)
        if row["source"] not in EDGE_TYPE[row["type"]].sources or row["target"] not in EDGE_TYPE[row["type"]].targets
    ]
    assert wrong == []


def test_every_kind_of_node_is_named_by_a_type_and_by_the_column(db: sqlite3.Connection) -> None:
    kinds = {row[0] for row in db.execute("select distinct kind from nodes")}
    assert kinds == {kind for one in EDGE_TYPES for kind in (*one.sources, *one.targets)}


def rows(**tables: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Return tables that are empty but for these."""
    return defaultdict(list, tables)


@pytest.mark.parametrize("kind", ["comment_on", "retracted_by", "corrected_by"])
def test_relations_not_on_file_yet_become_ties(kind: str) -> None:
    made = rows(record_relations=[{"record_id": "PMID:1", "type": kind, "target_id": "PMID:2"}])
    assert list(_ties(made)) == [("PMID:1", kind, "PMID:2")]


def test_a_harm_is_tied_to_its_kind_and_to_the_paper_that_reports_it() -> None:
    made = rows(safety_events=[{"id": "SAF-1", "event": "event:gvhd", "study_id": "PMID:1"}])
    assert set(_ties(made)) == {("SAF-1", "has_event", "event:gvhd"), ("SAF-1", "reported_in", "PMID:1")}


@pytest.mark.parametrize("axis", ["indication", "setting", "combination"])
def test_every_axis_of_a_product_on_sale_is_tied(axis: str) -> None:
    made = rows(documents=[{"id": "doc", "sold": f'{{"{axis}": ["{axis}:x"], "cell_type": []}}'}])
    assert list(_ties(made)) == [("doc", f"sells_{axis}", f"{axis}:x")]


def test_a_background_statement_is_tied_to_what_contradicts_it(data: Dataset) -> None:
    paper = study()
    said = claim(claim_type="mechanism", contradicted_by=(paper.id,))
    made = Results(Base(world(data, paper, document(said)), DAY)).edges(rows())
    assert [(row["source"], row["type"], row["target"]) for row in made] == [(said.id, "contradicted_by", paper.id)]


# ---------------------------------------------------------------------------- what the tables say is in the graph


def pairs(db: sqlite3.Connection, sql: str, *values: str) -> set[tuple[str, str]]:
    return {(row[0], row[1]) for row in db.execute(sql, values)}


def ties(db: sqlite3.Connection, kind: str) -> set[tuple[str, str]]:
    return pairs(db, "select source, target from edges where type = ?", kind)


@pytest.mark.parametrize(
    ("kind", "sql"),
    [
        ("has_event", "select id, event from safety_events"),
        ("watches_event", "select study_id, event from findings where event is not null"),
        ("has_outcome", "select study_id, outcome from findings"),
        ("says_outcome", "select id, outcome from claims where outcome is not null"),
        ("rests_on", "select claim_id, record_id from evidence where deciding = 1"),
        (
            "has_design",
            "select id, design from studies union select record_id, design from keys where design is not null",
        ),
        ("has_phase", "select record_id, concept_id from tags where facet = 'phase'"),
        ("sells_cell_type", "select d.id, j.value from documents d, json_each(d.sold, '$.cell_type') j"),
        (
            "has_cell_type",
            """select k.record_id, kc.concept_id from key_concepts kc join keys k on k.id = kc.key_id
            where kc.axis = 'cell_type' union select a.id, j.value from access_routes a, json_each(a.cell_type) j""",
        ),
        (
            "borne_out_by",
            """select s.claim_id, j.value from claim_statuses s, json_each(s.proof, '$.supported_by') j
            union select s.claim_id, j.value from claim_statuses s, json_each(s.sold_proof, '$.supported_by') j""",
        ),
    ],
)
def test_a_type_holds_what_its_table_says(kind: str, sql: str, db: sqlite3.Connection) -> None:
    assert ties(db, kind) == pairs(db, sql) != set()


@pytest.mark.parametrize("kind", ["safety_event", "absence", "access_route"])
def test_claims_that_rest_on_what_is_no_study_are_tied_to_it(kind: str, db: sqlite3.Connection) -> None:
    """A proof names the records it used; each is in the graph."""
    named = pairs(
        db,
        """select s.claim_id, n.id from claim_statuses s, json_each(s.proof, '$.records') j
        join nodes n on n.id = j.value where n.kind = ?""",
        kind,
    )
    tied = pairs(
        db,
        "select e.source, e.target from edges e join nodes n on n.id = e.target where type = 'rests_on' and kind = ?",
        kind,
    )
    assert named <= tied
    assert tied


def test_the_stance_of_what_a_claim_rests_on_is_that_of_the_evidence(db: sqlite3.Connection) -> None:
    stances: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in db.execute("select claim_id, record_id, stance from evidence where deciding = 1"):
        stances[row["claim_id"], row["record_id"]].add(row["stance"])
    for row in db.execute("select source, type, target, stance from edges"):
        if row["type"] == "rests_on":
            assert set(row["stance"].split("|")) == stances[row["source"], row["target"]]
        else:
            assert row["stance"] is None
    assert {"contradicts", "supports"} <= {one for found in stances.values() for one in found}
