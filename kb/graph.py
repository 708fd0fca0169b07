"""The knowledge graph: every record a node, every tie a directed, typed edge (networkx)."""

from __future__ import annotations

import sqlite3

import networkx as nx

Graph = nx.MultiDiGraph


#: What a reader must know of a record before using it stands in its own table.
_NODES = """
select n.id, n.kind, n.label, coalesce(n.url, ''), coalesce(s.integrity, t.status, a.standing, '')
from nodes n left join studies s on s.id = n.id left join trials t on t.id = n.id left join approvals a on a.id = n.id
order by n.id
"""


def read_graph(db: sqlite3.Connection) -> Graph[str]:
    """Return the graph of a build.

    Args:
        db: an open store.

    Returns:
        Directed multigraph. Nodes carry ``kind``, ``label``, ``url`` and ``state`` (integrity of a study, status of a
        trial, standing of an authorisation); edges are keyed by ``type`` and carry ``type``, ``label`` (the tie in
        words) and ``stance`` (of ``rests_on``: for or against). What is not known is an empty text.
    """
    graph: Graph[str] = nx.MultiDiGraph()
    for node, kind, label, url, state in db.execute(_NODES):
        graph.add_node(node, kind=kind, label=label, url=url, state=state)
    edges = """select e.source, e.type, e.target, t.forward, coalesce(e.stance, '')
    from edges e join edge_types t on t.id = e.type order by e.id"""
    for source, kind, target, words, stance in db.execute(edges):
        graph.add_edge(source, target, key=kind, type=kind, label=words, stance=stance)
    return graph
