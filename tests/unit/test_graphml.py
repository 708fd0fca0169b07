"""GraphML of hostile texts: every value arrives, what XML cannot hold is marked and never breaks the file."""

from __future__ import annotations

import io
import json
import sqlite3
from pathlib import Path
from typing import Any

import igraph
import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from kb.errors import ExportError
from kb.export.base import read_source
from kb.export.graph import NODE_LINK
from kb.export.graphml import write_graphml, xml_text
from kb.graph import Graph

NS = "{http://graphml.graphdrawing.org/xmlns}"

HOSTILE = {
    "controls": "a\x00b\x01c\x08d\x0be\x1ff\x7fg\x85h",
    "cdata": "x ]]> y <![CDATA[ z ]]>",
    "markup": "<script>alert('1')</script> &amp; & &lt; &#0; <!-- -- -->",
    "quotes": "\"double\" 'single' `back` “curly”",
    "emoji": "🧬👩‍🔬 𝔘𝔫𝔦 \U0010ffff",
    "nonchars": "a\ufffeb\uffffc",
    "surrogate": "a\ud800b\udfffc",
    "directions": "\u202eright to left\u202c \u2028line \u2029paragraph",
    "white": "  tab\there\nnewline  ",
    "return": "carriage\rreturn\r\nboth",
    "greek": "α-GalCer 10⁹ γδ µ × ≥",
    "formula": '=HYPERLINK("http://x")',
    "long": "Ω" * 200_000,
    "none": None,
}
FORBIDDEN = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF, 0xD800, 0xDFFF], "\ufffd")


def clean(text: str | None) -> str:
    """What must arrive, worked out another way than by the writer's pattern."""
    return (text or "").translate(FORBIDDEN)


def graph(labels: dict[str, Any]) -> Graph[str]:
    made: Graph[str] = nx.MultiDiGraph()
    for name, label in labels.items():
        made.add_node(name, kind="claim", label=label, url=None, state="")
    first = next(iter(labels))
    for name, label in labels.items():
        made.add_edge(first, name, key="names", type="names", label=label, stance=None)
        made.add_edge(first, name, key="rests_on", type="rests_on", label=label, stance="supports")
    return made


def written(made: Graph[str]) -> bytes:
    stream = io.BytesIO()
    write_graphml(made, {"disclaimer": "Not legal or medical advice."}, stream)
    return stream.getvalue()


def labels_of(body: bytes) -> dict[str, str]:
    tree = etree.fromstring(body, etree.XMLParser(huge_tree=True))
    return {
        str(node.get("id")): next((d.text or "" for d in node if d.get("key") == "n_label"), "")
        for node in tree.iter(f"{NS}node")
    }


def test_every_hostile_label_arrives_or_is_marked() -> None:
    body = written(graph(HOSTILE))
    assert labels_of(body) == {name: clean(label) for name, label in HOSTILE.items()}
    tree = etree.fromstring(body, etree.XMLParser(huge_tree=True))
    types = [str(d.text) for edge in tree.iter(f"{NS}edge") for d in edge if d.get("key") == "e_type"]
    assert sorted(types) == sorted(["names", "rests_on"] * len(HOSTILE))


def test_igraph_reads_every_hostile_label(tmp_path: Path) -> None:
    labels = {name: label for name, label in HOSTILE.items() if name != "long"}  # its reader has a limit of its own
    path = tmp_path / "hostile.graphml"
    path.write_bytes(written(graph(labels)))
    read = igraph.Graph.Read_GraphML(str(path))
    assert {v["id"]: v["label"] for v in read.vs} == {name: clean(label) for name, label in labels.items()}
    assert read.ecount() == 2 * len(labels)


@given(st.text(alphabet=st.characters(), max_size=40))
def test_any_text_survives(text: str) -> None:
    assert labels_of(written(graph({"n": text}))) == {"n": xml_text(text)}
    assert all(a == b or b == "\ufffd" for a, b in zip(text, xml_text(text), strict=True))


@pytest.mark.parametrize("name", ["markup", "quotes", "emoji", "white", "return", "cdata", "greek"])
def test_ids_survive_too(name: str) -> None:
    assert list(labels_of(written(graph({str(HOSTILE[name]): "label"})))) == [HOSTILE[name]]


def test_ids_that_xml_cannot_tell_apart_are_refused() -> None:
    with pytest.raises(ExportError, match="take --format node-link"):
        written(graph({"a\x01": "", "a\x02": ""}))


def test_what_is_not_known_is_left_out_and_never_the_word_none() -> None:
    body = written(graph({"n": None}))
    assert b"None" not in body
    assert b"n_url" not in body.partition(b"<graph ")[2]


def test_node_link_holds_every_text_exactly(built: Path, tmp_path: Path) -> None:
    """Through a store: SQLite can hold all of these but lone surrogates."""
    copy = tmp_path / "copy.db"
    copy.write_bytes(built.read_bytes())
    texts = {name: text for name, text in HOSTILE.items() if text is not None and name != "surrogate"}
    connection = sqlite3.connect(copy)
    connection.execute("delete from edges")
    connection.execute("delete from nodes")
    connection.executemany("insert into nodes values (?, 'claim', ?, null)", texts.items())
    connection.execute("insert into edges values ('e', 'emoji', 'names', 'white', null)")
    (output,) = NODE_LINK.outputs(read_source(connection))
    stream = io.BytesIO()
    assert output.write(stream) == {"nodes": len(texts), "edges": 1}
    connection.close()
    whole = json.loads(stream.getvalue())
    assert {node["id"]: node["label"] for node in whole["nodes"]} == texts
    assert stream.getvalue().isascii()
