"""The knowledge graph: every record a node, every tie a directed, typed edge (networkx)."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

import networkx as nx

from kb.errors import NotFoundError

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


@dataclass(frozen=True)
class Impact:
    """What hangs on one record.

    Attributes:
        record: its id; ``label`` its short name.
        claims: claims whose status rests on it, with their words.
        tied: other records tied to it: (type of tie, id, label).
    """

    record: str
    label: str
    claims: tuple[tuple[str, str], ...]
    tied: tuple[tuple[str, str, str], ...]


#: Ties between records of the literature and the registries (not to concepts or claims).
_RECORD_TIES = {"reports_trial", "same_cohort", "follow_up_of", "reports_on", "comment_on", "protocol_of"}


def impact(graph: Graph[str], record: str) -> Impact:
    """Return what falls, or must be looked at again, if a record falls.

    Raises:
        NotFoundError: no such record in the graph.
    """
    if record not in graph:
        raise NotFoundError(f"no record {record!r} in this store; ids are printed in the table `nodes`")
    claims = sorted(
        {
            (source, graph.nodes[source]["label"])
            for source, _, kind in graph.in_edges(record, keys=True)
            if kind == "rests_on"
        }
    )
    ties = [(kind, other) for _, other, kind in graph.out_edges(record, keys=True)]
    ties += [(kind, other) for other, _, kind in graph.in_edges(record, keys=True)]
    tied = sorted({(kind, other, graph.nodes[other]["label"]) for kind, other in ties if kind in _RECORD_TIES})
    return Impact(record, graph.nodes[record]["label"], tuple(claims), tuple(tied))
