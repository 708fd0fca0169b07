"""``kb tag``: JSON lines in, JSON lines out; or one record after the other, marked and explained."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import click
from rich.console import Console

from kb.options import DATA

#: In place of a line's number: that an id stands in several lines was said already.
_TOLD = 0


@click.command()
@click.argument("file", type=click.File("rb"), default="-")
@DATA
@click.option(
    "--explain", is_flag=True, help="Print each text with its marks and why each is one, instead of JSON lines."
)
@click.option("--mentions", is_flag=True, help="Add cells and diseases that are named and play no such role, with why.")
@click.option("--only-relevant", is_flag=True, help="Leave out records that are not about the cells of this map.")
def tag(file: BinaryIO, data_dir: Path, explain: bool, mentions: bool, only_relevant: bool) -> None:
    """Tag records: what was given, to whom, in which phase, and how it came out.

    FILE (or standard input) has one JSON object a line: {"id", "title", "abstract", "publication_types"?,
    "mesh_headings"?}, or a registration with "conditions" and "interventions". Each comes back as one line
    {"id", "relevant", "tags", "findings", …}. With "questions": [{"outcome", "intervention", "comparator"}] the line
    also says how each outcome moved ("answers"); these rest on rules and a small trained model.

    A line that cannot be read is named with its number and the reason, and the others are done; an id that stands in
    several lines is named, too. Exit code 0 when every line was tagged, 1 when some could not be read, 2 when none
    could.
    """
    from kb.errors import KbError
    from kb.tag.lines import FormatError

    if explain and mentions:
        raise click.UsageError("--mentions adds to the JSON lines; --explain prints none: leave one of them out.")
    if not data_dir.is_dir():
        click.echo(f"{data_dir}: no such data directory; say where it is: --data DIR", err=True)
        raise SystemExit(2)
    try:
        good, bad = _run(file, data_dir, explain=explain, mentions=mentions, only_relevant=only_relevant)
    except FormatError as error:
        click.echo(f"{_source(file)}: {error}", err=True)
        raise SystemExit(2) from None
    except KbError as error:  # the rules or names in the data directory are wrong
        click.echo(str(error), err=True)
        raise SystemExit(2) from None
    except BrokenPipeError:
        raise
    except OSError as error:
        click.echo(f"Stopped: {error}", err=True)
        raise SystemExit(2) from None
    raise SystemExit(0 if good and not bad else 1 if good else 2)


def _run(file: BinaryIO, data_dir: Path, *, explain: bool, mentions: bool, only_relevant: bool) -> tuple[int, int]:
    """Tag every line; return how many were tagged and how many could not be read."""
    from kb.dataset import load_build
    from kb.tag.direction import DirectionJudge
    from kb.tag.explain import explained
    from kb.tag.lines import BadLine, numbered
    from kb.tag.output import as_line
    from kb.tag.questions import answers
    from kb.tag.tagger import load_tagger
    from kb.vocabulary import load_vocabulary

    vocabulary = load_vocabulary(data_dir)
    tagger = load_tagger(data_dir, vocabulary, load_build(data_dir).lineage)
    console, source = Console(highlight=False), _source(file)
    judge: DirectionJudge | None = None
    good = bad = 0
    seen: dict[str, int] = {}
    for line, item in numbered(file):
        if isinstance(item, BadLine):
            bad += 1
            click.echo(f"{source}:{line}: {item.reason}", err=True)
            continue
        good += 1
        if (first := seen.setdefault(item.id, line)) not in (line, _TOLD):
            click.echo(f"{source}:{line}: id {item.id!r} stands in line {first} already; each is tagged", err=True)
            seen[item.id] = _TOLD
        tagged = tagger.tag(item)
        if only_relevant and not tagged.relevant:
            continue
        if item.questions and judge is None:
            judge = DirectionJudge.load(data_dir)
        told = answers(item, judge) if judge is not None else ()
        if explain:
            console.print(explained(item, tagged, vocabulary, console.width, told))
            console.rule(style="dim")
        else:
            click.echo(as_line(tagged, mentions=mentions, unread=item.unread, answers=told))
    if not good and not bad:
        click.echo(f"{source}: empty; one JSON object a line is expected", err=True)
    if bad:
        click.echo(f"{bad} line{'s' if bad != 1 else ''} left out, {good} tagged.", err=True)
    return good, bad


def _source(file: BinaryIO) -> str:
    name = getattr(file, "name", "-")
    return "standard input" if name in ("-", "<stdin>") else str(name)
