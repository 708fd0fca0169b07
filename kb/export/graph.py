"""The whole graph as one file: GraphML, and JSON in the node-link form."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import partial
from typing import BinaryIO

import networkx as nx

from kb.export.base import Format, Output, Source
from kb.export.graphml import write_graphml
from kb.graph import read_graph


def _graphml(source: Source) -> Iterable[Output]:
    yield Output("evidence.graphml", partial(_write_graphml, source))


def _write_graphml(source: Source, stream: BinaryIO) -> Mapping[str, int]:
    graph = read_graph(source.db)
    write_graphml(graph, source.about(), stream)
    return _counted(graph)


def _node_link(source: Source) -> Iterable[Output]:
    yield Output("evidence.node-link.json", partial(_write_node_link, source))


def _write_node_link(source: Source, stream: BinaryIO) -> Mapping[str, int]:
    """Write what ``networkx.node_link_graph(…, edges="edges")`` reads; one node or edge a line."""
    graph = read_graph(source.db)
    graph.graph.update(source.about())
    whole = nx.node_link_data(graph, edges="edges")
    lists = {name: whole.pop(name) for name in ("nodes", "edges")}
    head = [f"{_json(name)}: {_json(value)}" for name, value in whole.items()]
    body = [_json(name) + ": [\n" + ",\n".join(map(_json, rows)) + "\n]" for name, rows in lists.items()]
    stream.write(("{" + ",\n".join([*head, *body]) + "}\n").encode())
    return _counted(graph)


def _json(value: object) -> str:
    """Return JSON in plain ASCII: readers that guess an encoding, or break lines at U+2028, have nothing to guess."""
    return json.dumps(value, ensure_ascii=True, sort_keys=True)


def _counted(graph: nx.MultiDiGraph[str]) -> dict[str, int]:
    return {"nodes": graph.number_of_nodes(), "edges": graph.number_of_edges()}


GRAPHML = Format("graphml", "the graph, for Gephi, yEd, Cytoscape, igraph and networkx", _graphml)
NODE_LINK = Format("node-link", "the graph as JSON, for networkx, D3 and scripts", _node_link)
