"""The knowledge graph: every record a node, every tie a directed, typed edge (networkx)."""

from __future__ import annotations

import sqlite3

import networkx as nx

Graph = nx.MultiDiGraph


def read_graph(db: sqlite3.Connection) -> Graph[str]:
    """Return the graph of a build.

    Args:
        db: an open store.

    Returns:
        Directed multigraph; nodes carry ``kind``, ``label``, ``url``, edges are keyed by ``type``.
    """
    graph: Graph[str] = nx.MultiDiGraph()
    for node, kind, label, url in db.execute("select id, kind, label, url from nodes order by id"):
        graph.add_node(node, kind=kind, label=label, url=url or "")
    for source, kind, target in db.execute("select source, type, target from edges order by id"):
        graph.add_edge(source, target, key=kind, type=kind)
    return graph
