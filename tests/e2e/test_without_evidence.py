"""Concepts that claims name and no evidence is about, worked out a second time by walking the graph."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import networkx as nx
import pytest

from kb.graph import read_graph
from kb.records.common import AXES

VIEW = "select * from concepts_without_evidence"


def walked(db: sqlite3.Connection) -> dict[str, int]:
    """Return concept → claims, from the graph and from what each record's own row says of it."""
    graph = read_graph(db)
    usable = {row[0] for row in db.execute("select id, evidence_kind from studies") if row[1] == "human"}
    usable = {one for one in usable if graph.nodes[one]["state"] != "retracted"}
    usable |= {row[0] for row in db.execute("select id, doubt from trials") if not row[1]}
    usable |= {one for one, of in graph.nodes(data=True) if of["kind"] == "approval" and of["state"] != "not_in_force"}
    hierarchy = nx.DiGraph((s, t) for s, t, kind in graph.edges(keys=True) if kind == "is_a")
    has, says = {f"has_{axis}" for axis in AXES}, {f"says_{axis}" for axis in AXES}
    met = {t for s, t, kind in graph.edges(keys=True) if kind in has and s in usable}
    met |= {above for one in met if one in hierarchy for above in nx.descendants(hierarchy, one)}
    claims: dict[str, set[str]] = {}
    for source, target, kind in graph.edges(keys=True):
        if kind in says and target not in met:
            claims.setdefault(target, set()).add(source)
    return {concept: len(of) for concept, of in claims.items()}


def viewed(db: sqlite3.Connection) -> dict[str, int]:
    return {row["concept_id"]: row["claims"] for row in db.execute(VIEW)}


def test_the_view_is_what_the_graph_says(db: sqlite3.Connection) -> None:
    rows = db.execute(VIEW).fetchall()
    assert viewed(db) == walked(db) != {}
    labels = {row["id"]: (row["facet"], row["label"]) for row in db.execute("select id, facet, label from concepts")}
    assert [(row["facet"], row["label"]) for row in rows] == [labels[row["concept_id"]] for row in rows]
    ids = [row["concept_id"] for row in rows]
    assert ids == sorted(set(ids))


def test_a_disease_with_studies_is_not_among_them_and_one_without_is(db: sqlite3.Connection) -> None:
    found = viewed(db)
    assert found["indication:tissue-repair"] > 0
    assert {"indication:aml", "indication:cancer", "cell_type:nk"} & found.keys() == set()


@pytest.fixture
def bare(built: Path, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A copy of the store, to change."""
    copy = shutil.copy(built, tmp_path / "evidence.db")
    with closing(sqlite3.connect(copy)) as connection:
        connection.row_factory = sqlite3.Row
        yield connection


def only(db: sqlite3.Connection, *statements: str) -> dict[str, int]:
    """Return the view after changes that are taken back."""
    for statement in statements:
        db.execute(statement)
    try:
        assert viewed(db) == walked(db)
        return viewed(db)
    finally:
        db.rollback()


ALL = (
    "update studies set evidence_kind = 'animal'",
    "update trials set doubt = 'doubtful'",
    "update approvals set standing = 'not_in_force'",
)


@pytest.mark.parametrize("kept", ["studies", "trials", "approvals"])
def test_one_kind_of_evidence_is_enough(kept: str, bare: sqlite3.Connection) -> None:
    nothing = only(bare, *ALL)
    assert len(nothing) == bare.execute("select count(distinct concept_id) from claim_concepts").fetchone()[0]
    some = only(bare, *(statement for statement in ALL if f"update {kept} " not in statement))
    assert some.keys() < nothing.keys()
    assert all(some[concept] == nothing[concept] for concept in some)


@pytest.mark.parametrize(
    ("disease", "met"),
    [
        ("aml", {"indication:aml", "indication:leukaemia", "indication:cancer"}),
        ("leukaemia", {"indication:leukaemia", "indication:cancer"}),
        ("cancer", {"indication:cancer"}),
    ],
)
def test_evidence_for_something_narrower_counts_and_for_something_broader_does_not(
    disease: str, met: set[str], bare: sqlite3.Connection
) -> None:
    bare.execute("delete from key_concepts where concept_id <> ?", (f"indication:{disease}",))
    bare.execute("delete from edges where type like 'has%' and target <> ?", (f"indication:{disease}",))
    found = only(bare)
    every = {"indication:aml", "indication:leukaemia", "indication:cancer"}
    assert every - found.keys() == met


def test_a_retracted_study_is_no_evidence(bare: sqlite3.Connection) -> None:
    others = (*ALL[1:], "update studies set integrity = 'retracted'")
    assert only(bare, *others) == only(bare, *ALL)
