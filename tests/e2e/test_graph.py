"""The graph holds every record, and walking it gives what the tables say."""

from __future__ import annotations

import sqlite3

import networkx as nx

from kb.graph import read_graph


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
