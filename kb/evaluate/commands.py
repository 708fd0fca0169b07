"""``kb evaluate``: how often the tagger is right."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.options import AS_JSON, DATA

if TYPE_CHECKING:
    from kb.evaluate.files import Input
    from kb.evaluate.sheet import Sheet
    from kb.progress import Progress

_FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)


@click.command()
@DATA
@click.option("--corpora", type=_FOLDER, help="Measure on the collections in this folder too.")
@click.option("--reference", type=_FOLDER, help="Folder of trials.csv and trial_decoys.csv, to measure on too.")
@click.option(
    "--save",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Keep the figures on collections in this file (no text, no id), for docs/accuracy.md. Needs --date, --corpora "
    "and --reference.",
)
@click.option(
    "--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="Day to print with the kept figures, YYYY-MM-DD."
)
@click.option(
    "--facet",
    "topic",
    default="",
    metavar="NAME",
    help="Only this facet, or relevant, flags, findings, directions, context; of our own cases alone.",
)
@click.option(
    "--worst",
    "number",
    type=click.IntRange(min=0),
    default=30,
    show_default=True,
    help="How many of the worst cases to show on each sheet.",
)
@AS_JSON
def evaluate(
    data_dir: Path,
    corpora: Path | None,
    reference: Path | None,
    save: Path | None,
    day: datetime | None,
    topic: str,
    number: int,
    as_json: bool,
) -> None:
    """Say how often the tagger is right on the labelled cases of data/gold: precision, recall, F1, with intervals.

    Exit code 0 whatever the figures: how many goals are missed, and which, is said on standard error. Exit code 2
    when something is wrong with the cases or a collection (each problem with file, line and remedy).
    """
    from kb.errors import KbError
    from kb.evaluate.gold_run import TOPICS
    from kb.evaluate.report import as_dict, markdown, missed
    from kb.progress import shown

    if topic and topic not in TOPICS:
        raise click.BadParameter(f"{topic!r} is none of {', '.join(TOPICS)}", param_hint="--facet")
    if topic and (corpora or reference):
        raise click.UsageError("--facet is of our own cases: leave out --corpora and --reference.")
    if save is not None and (day is None or corpora is None or reference is None):
        raise click.UsageError("--save keeps figures on collections: give --date, --corpora and --reference.")
    try:
        if save is not None and corpora is not None and reference is not None:
            from kb.evaluate.files import whole

            whole(corpora, reference)
        with shown() as progress:
            sheets, measured, inputs = _run(data_dir, corpora, reference, topic, number, progress)
        if save is not None and day is not None:
            from kb.evaluate.corpora import save as keep

            keep(save, day.date(), data_dir, measured, inputs)
    except KbError as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from None
    if as_json:
        value = {
            "sheets": [as_dict(sheet) for sheet in (*sheets, *measured)],
            "inputs": [asdict(one) for one in inputs],
        }
        click.echo(json.dumps(value, indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(markdown([*sheets, *measured])).rstrip())
    if short := missed([*sheets, *measured]):
        click.echo(short, err=True)


def _run(
    data_dir: Path, corpora: Path | None, reference: Path | None, topic: str, number: int, progress: Progress
) -> tuple[list[Sheet], list[Sheet], list[Input]]:
    """Return the sheets on our own cases, those on collections, and the files these were measured on."""
    from kb.dataset import load_trials
    from kb.errors import DataError
    from kb.evaluate import on_file
    from kb.evaluate.check import gold_problems
    from kb.evaluate.corpora import measure
    from kb.evaluate.disputed import load_disputes
    from kb.evaluate.gold import load_gold
    from kb.evaluate.gold_run import evaluate as run
    from kb.evaluate.load import load_tools
    from kb.vocabulary import load_vocabulary

    vocabulary = load_vocabulary(data_dir)
    # A case with a slip in it would be scored as an error of the tagger, or not at all.
    if problems := gold_problems(data_dir, vocabulary):
        raise DataError(problems)
    gold, disputes = load_gold(data_dir), load_disputes(data_dir)
    tools = load_tools(data_dir, vocabulary)
    sheets = run(gold, tools, vocabulary, disputes, progress, number, topic)
    known: frozenset[str] = frozenset()
    if not topic and (data_dir / "trials.csv").exists():
        trials = load_trials(data_dir)
        progress.step("Registrations on file", len(trials))
        sheets.append(on_file.sheet(trials, tools, vocabulary, progress, number))
        known = frozenset(case.id for case in on_file.cases(trials))
    measured, inputs = measure(corpora, reference, tools, vocabulary, data_dir, disputes, progress, known)
    return sheets, measured, inputs
