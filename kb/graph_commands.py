"""``kb path``: from a claim to a record, step by step."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.options import AS_JSON, DB, explained

if TYPE_CHECKING:
    from kb.support import Step

_STANCE_WORDS = {
    "": "",
    "supports": "it supports the claim",
    "partly": "it supports the claim in part",
    "contradicts": "it contradicts the claim",
    "does_not_support": "it does not bear the claim out",
}
#: States that need no word.
_QUIET = ("", "none", "unchecked")


@click.command("path")
@click.argument("start", metavar="FROM")
@click.argument("target", metavar="TO")
@DB
@AS_JSON
def show_path(start: str, target: str, db: Path, as_json: bool) -> None:
    """Print how a claim leads to a record: the shortest way along the evidence, step by step.

    FROM is a claim (document#c001) or a document, TO a study, trial, authorisation, concept … as the table nodes has
    them. Sharing a disease is no evidence; "rests on" says whether the record speaks for or against the claim.
    Exit code 0 when there is a way, 1 when there is none, 2 when an id is not in the store.
    """
    from kb import store
    from kb.graph import read_graph
    from kb.support import support_path

    with explained():
        with closing(store.connect(db)) as connection:
            graph = read_graph(connection)
        steps = support_path(graph, start, target)
    found = bool(steps) or start == target
    if as_json:
        told = {"from": start, "to": target, "found": found, "steps": [asdict(step) for step in steps]}
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    elif found:
        click.echo(f"{start}  {graph.nodes[start]['label']}")
        for step in steps:
            click.echo(_line(step))
    else:
        click.echo(f"No evidence leads from {start} to {target}.")
    raise SystemExit(0 if found else 1)


def _line(step: Step) -> str:
    """Return one step as text: tie, where it leads, and what to know of it."""
    stance = " / ".join(_STANCE_WORDS[one] for one in step.stance.split("|"))
    state = "" if step.state in _QUIET else f" [{step.state.replace('_', ' ').lower()}]"
    tie = f"{step.words} ({stance})" if stance else step.words
    return f"  {tie}: {step.target}  {step.label}{state}"
