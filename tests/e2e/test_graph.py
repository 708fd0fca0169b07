"""The graph holds every record, and walking it gives what the tables say."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import networkx as nx
from click.testing import CliRunner, Result

from kb.cli import main
from kb.graph import read_graph
from kb.support import support_path


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


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_a_path_is_printed_step_by_step_and_says_that_a_record_speaks_against_the_claim(built: Path) -> None:
    told = run("path", "nk-nkt-page#c286", "NCT00328861", "--db", built)
    assert told.exit_code == 0
    start, first, second = told.stdout.splitlines()
    assert start.startswith("nk-nkt-page#c286  ")
    assert first.startswith("  rests on (it contradicts the claim): PMID:21844012  ")
    assert second.startswith("  reports trial: NCT00328861  ")
    assert second.endswith("[completed]")


def test_every_path_of_a_claim_is_made_of_ties_on_file(db: sqlite3.Connection) -> None:
    """Walked again over the tables: each step is a row, no shorter way exists, and evidence comes first."""
    edges = {(row["source"], row["type"], row["target"]) for row in db.execute("select * from edges")}
    follow = {row["id"]: row["follow"] for row in db.execute("select id, follow from edge_types")}
    forward: dict[str, set[str]] = {}
    for source, kind, target in edges:
        if follow[kind]:
            forward.setdefault(source, set()).add(target)
        if follow[kind] == "both":
            forward.setdefault(target, set()).add(source)
    graph, claim = read_graph(db), "nk-nkt-page#c156"
    level, seen, distance = {claim}, {claim}, 0
    while level:
        for target in level - {claim}:
            steps = support_path(graph, claim, target)
            assert len(steps) == distance, target
            assert steps[0].type in ("rests_on", "borne_out_by", "contradicted_by")
            assert [step.source for step in steps] == [claim, *(step.target for step in steps[:-1])]
            assert all(
                ((s.target, s.type, s.source) if s.backward else (s.source, s.type, s.target)) in edges for s in steps
            )
        level = {node for one in level for node in forward.get(one, ())} - seen
        seen |= level
        distance += 1
    assert distance > 3
    kinds = {graph.nodes[node]["kind"] for node in seen}
    assert {"study", "concept"} <= kinds
    unreached = next(node for node in graph if node not in seen and graph.nodes[node]["kind"] == "trial")
    assert support_path(graph, claim, unreached) == ()


def test_a_path_as_json_says_whether_there_is_one(built: Path) -> None:
    told = run("path", "nk-nkt-page#c221", "product:kymriah", "--db", built, "--json")
    assert told.exit_code == 0
    found = json.loads(told.stdout)
    assert (found["found"], [step["type"] for step in found["steps"]]) == (True, ["rests_on", "licenses"])
    told = run("path", "nk-nkt-page#c221", "indication:copd", "--db", built, "--json")
    assert told.exit_code == 1
    assert json.loads(told.stdout) == {"from": "nk-nkt-page#c221", "to": "indication:copd", "found": False, "steps": []}


def test_no_path_is_said_and_an_unknown_id_is_explained(built: Path) -> None:
    told = run("path", "nk-nkt-page#c221", "indication:copd", "--db", built)
    assert (told.exit_code, told.stdout) == (1, "No evidence leads from nk-nkt-page#c221 to indication:copd.\n")
    told = run("path", "nk-nkt-page#c221", "copd", "--db", built)
    assert (told.exit_code, told.stdout) == (2, "")
    assert "Error: no record 'copd' in this store; did you mean indication:copd?" in told.stderr


def test_a_store_of_another_version_is_explained(tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("create table builds (id integer)")
        connection.commit()
    told = run("path", "a", "b", "--db", old)
    assert (told.exit_code, told.stdout) == (2, "")
    assert "make it again with: kb build" in told.stderr
