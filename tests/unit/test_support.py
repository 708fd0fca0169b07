"""The way from a claim through evidence: only along ties that carry evidence, and always the same one."""

from __future__ import annotations

import random

import networkx as nx
import pytest

from kb.errors import NotFoundError
from kb.graph import Graph
from kb.support import support_path

NODES = {
    "doc": "document",
    "doc#c001": "claim",
    "doc#c002": "claim",
    "PMID:1": "study",
    "PMID:2": "study",
    "PMID:3": "study",
    "NCT1": "trial",
    "NCT2": "trial",
    "indication:aml": "concept",
    "indication:leukaemia": "concept",
    "indication:all": "concept",
    "APR-1": "approval",
    "product:x": "product",
}
TIES = [
    ("doc", "makes_claim", "doc#c001", ""),
    ("doc#c001", "says_indication", "indication:aml", ""),
    ("doc#c001", "may_mean", "PMID:3", ""),
    ("doc#c001", "rests_on", "PMID:1", "contradicts"),
    ("doc#c001", "rests_on", "PMID:2", "partly|supports"),
    ("PMID:1", "reports_trial", "NCT1", ""),
    ("PMID:2", "reports_trial", "NCT1", ""),
    ("PMID:3", "reports_trial", "NCT1", ""),
    ("PMID:1", "has_indication", "indication:aml", ""),
    ("NCT2", "has_indication", "indication:aml", ""),
    ("indication:aml", "is_a", "indication:leukaemia", ""),
    ("indication:all", "is_a", "indication:leukaemia", ""),
    ("doc#c002", "rests_on", "APR-1", "supports"),
    ("APR-1", "licenses", "product:x", ""),
]


def graph(ties: list[tuple[str, str, str, str]] = TIES) -> Graph[str]:
    made: Graph[str] = nx.MultiDiGraph()
    for node, kind in NODES.items():
        made.add_node(node, kind=kind, label=f"label of {node}", state="retracted" if node == "PMID:3" else "")
    for source, kind, target, stance in ties:
        made.add_edge(source, target, key=kind, type=kind, stance=stance)
    return made


def walked(start: str, target: str, ties: list[tuple[str, str, str, str]] = TIES) -> list[str]:
    return [f"{step.words} {step.target}" for step in support_path(graph(ties), start, target)]


def test_of_two_ways_as_short_the_supporting_one_is_taken() -> None:
    first, second = support_path(graph(), "doc#c001", "NCT1")
    assert (first.words, first.target, first.stance) == ("rests on", "PMID:2", "partly|supports")
    assert (second.words, second.target, second.kind) == ("reports trial", "NCT1", "trial")


def test_a_shorter_way_through_a_contradiction_is_told_as_one() -> None:
    (step,) = support_path(graph(), "doc#c001", "PMID:1")
    assert step.stance == "contradicts"


def test_a_trial_is_read_backwards_in_its_own_words() -> None:
    assert walked("doc#c001", "PMID:3") == ["rests on PMID:2", "reports trial NCT1", "is reported by PMID:3"]
    last = support_path(graph(), "doc#c001", "PMID:3")[-1]
    assert (last.backward, last.state) == (True, "retracted")


def test_concepts_are_reached_and_climbed_but_never_left_to_another_record() -> None:
    assert walked("doc#c001", "indication:leukaemia") == [
        "rests on PMID:1",
        "has the indication indication:aml",
        "is a kind of indication:leukaemia",
    ]
    assert walked("doc#c001", "NCT2") == []  # it shares a disease, nothing more
    assert walked("doc#c001", "indication:all") == []  # narrower


def test_what_a_sentence_names_or_may_mean_is_no_evidence() -> None:
    without = [tie for tie in TIES if tie[1] != "rests_on"]
    assert walked("doc#c001", "indication:aml", without) == []
    assert walked("doc#c001", "PMID:3", without) == []


def test_a_document_and_an_authorisation_are_on_the_way() -> None:
    assert walked("doc", "NCT1") == ["makes the claim doc#c001", "rests on PMID:2", "reports trial NCT1"]
    assert walked("doc#c002", "product:x") == ["rests on APR-1", "is an authorisation of product:x"]


def test_no_way_leads_back_from_a_record_to_a_claim() -> None:
    assert walked("PMID:1", "doc#c001") == []
    assert walked("doc#c001", "doc#c001") == []


def test_the_order_of_rows_changes_nothing() -> None:
    ties = list(TIES)
    dice = random.Random(7)  # noqa: S311 - no secret
    wanted = {target: walked("doc#c001", target) for target in NODES}
    for _ in range(20):
        dice.shuffle(ties)
        assert {target: walked("doc#c001", target, ties) for target in NODES} == wanted


def test_an_unknown_id_is_told_with_what_was_perhaps_meant() -> None:
    with pytest.raises(NotFoundError, match="no record 'aml' in this store; did you mean indication:aml"):
        support_path(graph(), "doc#c001", "aml")
    with pytest.raises(NotFoundError, match="no record 'nothing' in this store; ids are printed"):
        support_path(graph(), "nothing", "aml")
