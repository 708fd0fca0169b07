"""The graph holds every record, and walking it gives what the tables say."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import networkx as nx
import pytest
from click.testing import CliRunner

from kb.cli import main
from kb.errors import NotFoundError
from kb.graph import impact, read_graph


def test_the_graph_is_the_tables(db: sqlite3.Connection) -> None:
    graph = read_graph(db)
    assert graph.number_of_nodes() == db.execute("select count(*) from nodes").fetchone()[0]
    assert graph.number_of_edges() == db.execute("select count(*) from edges").fetchone()[0]


def test_the_hierarchy_has_no_circle_and_leukaemia_is_above_aml(db: sqlite3.Connection) -> None:
    graph = read_graph(db)
    tree = nx.DiGraph((s, t) for s, t, kind in graph.edges(keys=True) if kind == "is_a")
    assert nx.is_directed_acyclic_graph(tree)
    assert nx.has_path(tree, "indication:aml", "indication:leukaemia")
    assert not nx.has_path(tree, "cell_type:cik", "cell_type:nk")
    assert not nx.has_path(tree, "cell_type:il15-agonist", "cell_type:nk")


def test_every_study_reaches_its_trial_and_every_claim_its_document(db: sqlite3.Connection) -> None:
    graph = read_graph(db)
    assert graph.has_edge("PMID:20085940", "NCT00187096", key="reports_trial")
    for (claim,) in db.execute("select id from claims"):
        assert any(kind == "makes_claim" for _, _, kind in graph.in_edges(claim, keys=True))


def test_impact_names_the_claims_that_fall(db: sqlite3.Connection, built: Path) -> None:
    found = impact(read_graph(db), "PMID:21844012")
    expected = db.execute(
        "select distinct claim_id from evidence where record_id = ? and deciding = 1", ("PMID:21844012",)
    )
    assert {claim for claim, _ in found.claims} == {row[0] for row in expected}
    answer = CliRunner().invoke(main, ["impact", "PMID:21844012", "--db", str(built), "--json"])
    assert answer.exit_code == 0
    assert len(json.loads(answer.output)["claims"]) == len(found.claims) > 0


def test_impact_of_an_unknown_record_says_so(db: sqlite3.Connection, built: Path) -> None:
    with pytest.raises(NotFoundError, match="no record"):
        impact(read_graph(db), "PMID:1")
    answer = CliRunner().invoke(main, ["impact", "PMID:1", "--db", str(built)])
    assert answer.exit_code == 2
    assert "Traceback" not in answer.output
