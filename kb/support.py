"""From a claim to the evidence: the shortest way along ties that carry evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import networkx as nx

from kb.edge_types import EDGE_TYPE
from kb.errors import NotFoundError
from kb.graph import Graph

_BEST_FIRST = ("supports", "partly", "", "contradicts", "does_not_support")


@dataclass(frozen=True, slots=True)
class Step:
    """One tie on the way, in the direction it is walked.

    Attributes:
        source, target: ids of the two nodes, in the order of the walk.
        type: kind of tie.
        words: the tie read in that order ("rests on", "is reported by").
        backward: the tie itself points from ``target`` to ``source``.
        stance: of ``rests_on``: how the record stands to the claim, as in the table ``evidence``.
        kind, label, state: of the node arrived at.
    """

    source: str
    type: str
    words: str
    target: str
    backward: bool
    stance: str
    kind: str
    label: str
    state: str


def support_path(graph: Graph[str], claim_id: str, target: str) -> tuple[Step, ...]:
    """Return the shortest way from a claim (or its document) through evidence to a study, trial, concept ….

    Sharing a disease or a kind of cell is no evidence: a way never leaves a concept again but to a broader one, and
    never follows what a sentence merely names. Of several shortest ways the one is taken that begins with supporting
    records, then the first by kind of tie and id; so the answer does not depend on the order of rows.

    Args:
        graph: of :func:`kb.graph.read_graph`.
        claim_id: where to start.
        target: where to arrive.

    Returns:
        The steps; none when no evidence leads there (or both ids are the same).

    Raises:
        NotFoundError: one of the ids is not in the graph.
    """
    for node in (claim_id, target):
        if node not in graph:
            raise NotFoundError(_unknown(graph, node))
    left = _distances(graph, target)
    steps: list[Step] = []
    here = claim_id
    while left.get(here):
        closer = (step for step in _steps_from(graph, here) if left.get(step.target) == left[here] - 1)
        steps.append(min(closer, key=_order))
        here = steps[-1].target
    return tuple(steps)


def _distances(graph: Graph[str], target: str) -> dict[str, int]:
    """Return how many steps each node is away from the target, those that cannot reach it left out."""
    ways: nx.DiGraph[str] = nx.DiGraph()
    ways.add_node(target)
    for start, end, kind in graph.edges(keys=True):
        follow = EDGE_TYPE[kind].follow
        if follow:
            ways.add_edge(end, start)
        if follow == "both":
            ways.add_edge(start, end)
    return dict(nx.single_source_shortest_path_length(ways, target))


def _steps_from(graph: Graph[str], node: str) -> Iterator[Step]:
    """Yield every step evidence allows from a node."""
    for _, other, kind, stance in graph.out_edges(node, keys=True, data="stance", default=""):
        if EDGE_TYPE[kind].follow:
            yield Step(node, kind, EDGE_TYPE[kind].forward, other, False, stance, **_shown(graph, other))
    for other, _, kind in graph.in_edges(node, keys=True):
        if EDGE_TYPE[kind].follow == "both":
            yield Step(node, kind, EDGE_TYPE[kind].backward, other, True, "", **_shown(graph, other))


def _shown(graph: Graph[str], node: str) -> dict[str, str]:
    return {name: graph.nodes[node].get(name, "") for name in ("kind", "label", "state")}


def _order(step: Step) -> tuple[int, str, bool, str]:
    stances = step.stance.split("|")
    return min(_BEST_FIRST.index(one) for one in stances), step.type, step.backward, step.target


def _unknown(graph: Graph[str], asked: str) -> str:
    """Return what to tell about an id that is not there, with those that were perhaps meant."""
    near = sorted(node for node in graph if node.partition(":")[2] == asked or node.lower() == asked.lower())
    meant = f"did you mean {' or '.join(near[:3])}?" if near else "ids are printed in the table `nodes`"
    return f"no record {asked!r} in this store; {meant}"
