"""GraphML: a graph as XML, every value a text that XML can hold."""

from __future__ import annotations

import re
from typing import Any, BinaryIO

from lxml import etree

from kb.errors import ExportError
from kb.graph import Graph

_NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
#: What a node and an edge carry (see :func:`kb.graph.read_graph`), in this order.
NODE_FIELDS = ("kind", "label", "url", "state")
EDGE_FIELDS = ("type", "label", "stance")
#: Everything XML 1.0 has no way to write, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(value: object) -> str:
    """Return a value as text that XML can hold: nothing for None, U+FFFD (�) for each character XML forbids."""
    return "" if value is None else _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", str(value))


def write_graphml(graph: Graph[str], about: dict[str, str], stream: BinaryIO) -> None:
    """Write a graph as GraphML, in the order of the graph.

    Ids of nodes are those of the table ``nodes``; edges are numbered, and their kind is in ``type``, so that two ties
    between the same records stay two.

    Args:
        graph: of :func:`kb.graph.read_graph`.
        about: what the file says of itself.
        stream: where to write.

    Raises:
        ExportError: two ids differ only by characters XML cannot hold.
    """
    ids = {node: xml_text(node) for node in graph}
    if len(set(ids.values())) < len(ids):
        raise ExportError("two ids of nodes are the same once written as XML; take --format node-link")
    keys = [
        (f"{part[0]}_{name}", part, name)
        for part, names in (("graph", tuple(about)), ("node", NODE_FIELDS), ("edge", EDGE_FIELDS))
        for name in names
    ]
    with etree.xmlfile(stream, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element("graphml", nsmap={None: _NAMESPACE}):
            for key, part, name in keys:
                _line(xml, etree.Element("key", {"id": key, "for": part, "attr.name": name, "attr.type": "string"}))
            with xml.element("graph", {"id": "evidence", "edgedefault": "directed"}):
                xml.write("\n")
                for name, value in about.items():
                    _line(xml, _data(f"g_{name}", value))
                for node, values in graph.nodes(data=True):
                    _line(xml, _element("node", {"id": ids[node]}, values, NODE_FIELDS))
                for number, (source, target, values) in enumerate(graph.edges(data=True)):
                    ends = {"id": f"e{number}", "source": ids[source], "target": ids[target]}
                    _line(xml, _element("edge", ends, values, EDGE_FIELDS))
    stream.write(b"\n")


def _line(xml: Any, element: etree._Element) -> None:
    xml.write(element)
    xml.write("\n")


def _element(tag: str, attributes: dict[str, str], values: dict[str, Any], fields: tuple[str, ...]) -> etree._Element:
    made = etree.Element(tag, attributes)
    for name in fields:
        if values.get(name) not in (None, ""):
            made.append(_data(f"{tag[0]}_{name}", values[name]))
    return made


def _data(key: str, value: object) -> etree._Element:
    made = etree.Element("data", {"key": key})
    made.text = xml_text(value)
    return made
