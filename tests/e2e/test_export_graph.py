"""The graph as files, opened again by readers that are not the writer: lxml by hand, igraph, networkx, plain JSON."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

import igraph
import networkx as nx
import pytest
from click.testing import CliRunner, Result
from lxml import etree

from kb.cli import main

ROOT = Path(__file__).resolve().parents[2]
NS = "{http://graphml.graphdrawing.org/xmlns}"
Nodes = dict[str, tuple[str, str, str]]
Edges = Counter[tuple[str, str, str, str]]


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture(scope="module")
def exported(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "new" / "folder"
    told = run("export", "--format", "graphml", "--format", "node-link", "--db", built, folder)
    assert told.exit_code == 0, told.output
    return folder


@pytest.fixture
def nodes(db: sqlite3.Connection) -> Nodes:
    """Node → kind, label, url, as the tables have them."""
    return {row["id"]: (row["kind"], row["label"], row["url"] or "") for row in db.execute("select * from nodes")}


@pytest.fixture
def edges(db: sqlite3.Connection) -> Edges:
    sql = "select source, type, target, stance from edges"
    return Counter((row["source"], row["type"], row["target"], row["stance"] or "") for row in db.execute(sql))


# ---------------------------------------------------------------------------- each file is the tables


def test_graphml_walked_by_hand_is_the_tables(exported: Path, nodes: Nodes, edges: Edges) -> None:
    tree = etree.parse(exported / "evidence.graphml", etree.XMLParser(resolve_entities=False, no_network=True))
    names = {(key.get("for"), key.get("id")): key.get("attr.name") for key in tree.iter(f"{NS}key")}

    def values(element: Any) -> dict[str, str]:
        part = element.tag.removeprefix(NS)
        return {str(names[part, data.get("key")]): data.text or "" for data in element.findall(f"{NS}data")}

    found = {one.get("id"): values(one) for one in tree.iter(f"{NS}node")}
    assert {i: (v["kind"], v["label"], v.get("url", "")) for i, v in found.items()} == nodes
    read = [(one, values(one)) for one in tree.iter(f"{NS}edge")]
    assert Counter((e.get("source"), v["type"], e.get("target"), v.get("stance", "")) for e, v in read) == edges
    ids = [one.get("id") for one, _ in read]
    assert len(set(ids)) == len(ids)  # two ties between the same records stay two
    (graph,) = tree.iter(f"{NS}graph")
    assert graph.get("edgedefault") == "directed"
    assert values(graph)["disclaimer"] == "Not legal or medical advice."


def test_igraph_reads_the_same(exported: Path, nodes: Nodes, edges: Edges) -> None:
    graph = igraph.Graph.Read_GraphML(str(exported / "evidence.graphml"))
    assert graph.is_directed()
    assert {v["id"]: (v["kind"], v["label"], v["url"]) for v in graph.vs} == nodes
    ids = graph.vs["id"]
    assert Counter((ids[e.source], e["type"], ids[e.target], e["stance"]) for e in graph.es) == edges
    assert graph["disclaimer"] == "Not legal or medical advice."


def test_node_link_counted_as_plain_json_is_the_tables(exported: Path, nodes: Nodes, edges: Edges) -> None:
    whole = json.loads((exported / "evidence.node-link.json").read_bytes())
    assert (whole["directed"], whole["multigraph"]) == (True, True)
    assert len(whole["nodes"]) == len(nodes)
    assert {node["id"]: (node["kind"], node["label"], node["url"]) for node in whole["nodes"]} == nodes
    assert Counter((e["source"], e["type"], e["target"], e["stance"]) for e in whole["edges"]) == edges
    assert whole["graph"]["disclaimer"] == "Not legal or medical advice."


def test_both_files_are_one_graph_to_networkx(exported: Path) -> None:
    first = nx.read_graphml(exported / "evidence.graphml", force_multigraph=True)
    second = nx.node_link_graph(json.loads((exported / "evidence.node-link.json").read_bytes()), edges="edges")
    assert set(first) == set(second)
    assert Counter((s, t, d["type"], d["label"]) for s, t, d in first.edges(data=True)) == Counter(
        (s, t, d["type"], d["label"]) for s, t, d in second.edges(data=True)
    )
    assert dict(first.nodes(data="label")) == dict(second.nodes(data="label"))


def test_what_to_know_of_a_record_before_using_it_goes_with_it(exported: Path, db: sqlite3.Connection) -> None:
    tree = etree.parse(exported / "evidence.graphml")
    graph: dict[str, str] = {
        str(node.get("id")): str(data.text)
        for node in tree.iter(f"{NS}node")
        for data in node
        if data.get("key") == "n_state"
    }
    retracted = {row[0] for row in db.execute("select id from studies where integrity = 'retracted'")}
    assert {node for node, state in graph.items() if state == "retracted"} == retracted != set()
    ended = {row[0] for row in db.execute("select id from approvals where standing = 'not_in_force'")}
    assert {node for node, state in graph.items() if state == "not_in_force"} == ended != set()


# ---------------------------------------------------------------------------- manifest, determinism


def test_the_manifest_describes_the_files(exported: Path, db: sqlite3.Connection) -> None:
    manifest = json.loads((exported / "manifest.json").read_bytes())
    assert manifest["disclaimer"] == "Not legal or medical advice."
    assert [one["format"] for one in manifest["files"]] == ["graphml", "node-link"]
    build = db.execute("select * from builds").fetchone()
    for one in manifest["files"]:
        body = (exported / one["file"]).read_bytes()
        assert (one["bytes"], one["sha256"]) == (len(body), hashlib.sha256(body).hexdigest())
        assert one["nodes"] == db.execute("select count(*) from nodes").fetchone()[0]
        assert one["edges"] == db.execute("select count(*) from edges").fetchone()[0]
        assert [one[name] for name in ("content_sha256", "as_of", "version")] == [
            build[name] for name in ("content_sha256", "as_of", "version")
        ]
    assert sorted(path.name for path in exported.iterdir()) == [
        "evidence.graphml",
        "evidence.node-link.json",
        "manifest.json",
    ]


def test_the_same_store_gives_the_same_bytes(exported: Path, built: Path, tmp_path: Path) -> None:
    told = run("export", "--format", "node-link", "--format", "graphml", "--db", built, tmp_path, "--json")
    assert told.exit_code == 0
    assert told.stdout == (exported / "manifest.json").read_text(encoding="utf-8")
    for path in exported.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


# ---------------------------------------------------------------------------- the command


def test_only_what_works_is_offered(built: Path, tmp_path: Path) -> None:
    told = run("export", "--format", "ris", "--db", built, tmp_path / "out")
    assert told.exit_code == 2
    assert "'ris' is none of graphml, node-link" in told.stderr
    assert run("export", "--db", built, tmp_path / "out").exit_code == 2
    assert not (tmp_path / "out").exists()


def test_a_missing_store_writes_nothing(tmp_path: Path) -> None:
    told = run("export", "--format", "graphml", "--db", tmp_path / "none.db", tmp_path / "out")
    assert (told.exit_code, told.stdout) == (2, "")
    assert "make one with: kb build" in told.stderr
    assert not (tmp_path / "out").exists()


def test_the_lines_for_analysts_in_the_readme_work(
    exported: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, db: sqlite3.Connection
) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (lines,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert "kb export --format graphml" in text
    monkeypatch.chdir(exported)
    exec(compile(lines.replace("out/", ""), "README.md", "exec"), {})  # noqa: S102 - our own lines
    said = capsys.readouterr().out
    assert str(db.execute("select count(*) from nodes").fetchone()[0]) in said
