"""The command ``kb``: the only place that knows both the knowledge base and the outside world."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import click

from kb import __version__
from kb.check.commands import check
from kb.evaluate.commands import evaluate
from kb.export.commands import export
from kb.graph_commands import show_path
from kb.jurisdictions import JURISDICTIONS
from kb.options import AS_JSON, DATA, Day, Place
from kb.options import DB as _DB
from kb.options import explained as _explained
from kb.records.fetched import Fetched
from kb.tag.commands import tag


class _Late(click.Group):
    """Loads ``ingest``, and with it the network, only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, sorted."""
        return sorted([*super().list_commands(ctx), "ingest"])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one command."""
        if cmd_name != "ingest":
            return super().get_command(ctx, cmd_name)
        from ingest.commands import ingest

        return ingest


@click.group(cls=_Late, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kb")
def main() -> None:
    """Evidence map of NK and NKT cell therapy: approved, trial-stage and unsupported claims, each with its proof."""


main.add_command(tag)
main.add_command(evaluate)
main.add_command(export)
main.add_command(show_path)
main.add_command(check)


@main.command()
@DATA
@click.option("--db", type=click.Path(path_type=Path), help="Check this store as well: shape, keys, content hash.")
@click.option(
    "--against",
    type=click.Path(path_type=Path, exists=True),
    help="Folder of source texts: no sentence of ours may share ten words in a row with one.",
)
@click.option("--sample", type=click.IntRange(min=1), help="Print so many facts drawn at random, each with its source.")
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the draw; the same seed, the same facts.")
@AS_JSON
def verify(data_dir: Path, db: Path | None, against: Path | None, sample: int | None, seed: int, as_json: bool) -> None:
    """Check every fact file: schema, identifiers, concepts, references, numbers, dates; with --db, a store too.

    Exit code 0 when everything holds, 1 when something does not (each problem with file, line and remedy).
    With --sample nothing is judged: facts are printed for a person to check by hand.
    """
    from kb.progress import shown
    from kb.verify import verify as run

    if sample is not None:
        if db or against:
            raise click.UsageError("--sample prints facts and checks nothing: leave --db and --against out.")
        _print_sample(data_dir, sample, seed, as_json)
        return
    with _explained(), shown() as progress:
        report = run(data_dir, db, against, progress)
    if as_json:
        click.echo(report.as_json())
    else:
        for problem in report.problems:
            click.echo(str(problem), err=True)
        click.echo(report.summary(), err=bool(report.problems))
    raise SystemExit(1 if report.problems else 0)


def _print_sample(data_dir: Path, size: int, seed: int, as_json: bool) -> None:
    """Print a draw of facts as a list to check by hand."""
    from dataclasses import asdict

    from kb.dataset import load
    from kb.sample import draw

    with _explained():
        facts = draw(load(data_dir), size, seed)
    if as_json:
        click.echo(json.dumps([asdict(fact) for fact in facts], indent=2, ensure_ascii=False))
        return
    for number, fact in enumerate(facts, 1):
        click.echo(f"{number}. {fact.record}  {fact.field}: {fact.value}")
        click.echo(f"   look in {fact.source}  (read: {fact.checked.replace('_', ' ')}; entered in {fact.file})")
    click.echo(f"{len(facts)} facts, seed {seed}.")


@main.command()
@DATA
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("build/evidence.db"),
    show_default=True,
    help="Where to put the store.",
)
@click.option("--as-of", type=Day(), help="Day the statuses are for, instead of that of build.yml.")
@click.option(
    "--if-changed",
    is_flag=True,
    help="Do nothing when the store is up to date. --as-of and --with-abstracts of the last build are kept, unless "
    "given; a build without --if-changed forgets them.",
)
@click.option(
    "--raw",
    type=click.Path(path_type=Path),
    default=Path("raw"),
    show_default=True,
    help="The raw store of kb ingest. The default one may be absent; one that is named must be there.",
)
@click.option("--with-abstracts", is_flag=True, help="Put the texts of fetched abstracts into the store as well.")
@AS_JSON
@click.pass_context
def build(
    context: click.Context,
    data_dir: Path,
    out: Path,
    as_of: date | None,
    if_changed: bool,
    raw: Path,
    with_abstracts: bool,
    as_json: bool,
) -> None:
    """Read, judge and store: data and raw store → one SQLite file, replaced in one step.

    A failed build leaves the old store in place. The same input gives the same content hash. Answers fetched after
    the day the statuses are for are shown and move no registration; a notice about a paper (retraction, correction …)
    counts from its own date, whenever it was fetched.
    """
    from dataclasses import replace

    from kb.build import Options, options_of, up_to_date
    from kb.build import build as run
    from kb.progress import shown
    from kb.records.fetched import NOTHING

    last = options_of(out) if if_changed else Options()
    wanted = Options(as_of or last.as_of, with_abstracts or last.with_abstracts)
    kept = Options(None if as_of else last.as_of, last.with_abstracts and not with_abstracts).words()
    if kept:
        click.echo(f"Kept from the last build: {kept}", err=as_json)
    with _explained():
        fetched, digest = NOTHING, _raw_digest(context, raw, wanted.with_abstracts)
        manifest = up_to_date(data_dir, out, digest, wanted.as_of) if if_changed and wanted == last else None
        fresh = manifest is None
        if manifest is None:
            if digest:
                from ingest.commands import held

                fetched = replace(held(raw, data_dir), digest=digest)
            with shown() as progress:
                manifest = run(
                    data_dir, out, progress, wanted.as_of, fetched, with_abstracts=wanted.with_abstracts, options=wanted
                )
    if as_json:
        click.echo(manifest.as_json())
    elif fresh:
        counts = manifest.counts
        click.echo(
            f"Built {manifest.path} as of {manifest.as_of}: {counts['studies']} studies, {counts['trials']} trials, "
            f"{counts['approvals']} authorisations, {counts['claims']} claims (content {manifest.content_sha256[:12]})."
        )
        for line in _fetched_lines(fetched, manifest.as_of):
            click.echo(line)


def _raw_digest(context: click.Context, raw: Path, with_abstracts: bool) -> str:
    """Return the fingerprint of a raw store, of what parses it and of what is taken from it; "" without a raw store.

    Raises:
        BuildError: a raw store was named on the command line and is not there.
    """
    from click.core import ParameterSource

    from kb.errors import BuildError

    if not (raw / "log.db").exists():
        if context.get_parameter_source("raw") is not ParameterSource.DEFAULT:
            raise BuildError(f"there is no raw store at {raw}; make one with: kb ingest refresh --raw {raw}")
        return ""
    from ingest.commands import digest_of

    if not (log := digest_of(raw)):
        return ""
    # Abstracts belong to their publishers, so they change what the store is.
    return f"{log}+{_parsing_code()}" + ("+abstracts" if with_abstracts else "")


def _parsing_code() -> str:
    """Return a short hash of the code that makes records of stored bytes: a better parser makes the store stale."""
    import hashlib
    from importlib.util import find_spec

    spec = find_spec("ingest")
    whole = hashlib.sha256()
    for folder in map(Path, (spec.submodule_search_locations or ()) if spec else ()):
        for path in sorted([*(folder / "parse").rglob("*.py"), folder / "replay.py"]):
            whole.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return whole.hexdigest()[:12]


def _fetched_lines(fetched: Fetched, as_of: str) -> Iterator[str]:
    """Say what the raw store added, what it lacks, and what the registrations do not use yet."""
    if not fetched.digest:
        return
    registrations = len({one.registration.id for one in fetched.snapshots})
    yield f"Fetched: {len(fetched.articles)} articles, {registrations} registrations."
    if fetched.gaps:
        yield f"Gaps: {len(fetched.gaps)}; see table gaps, or kb ingest status."
    days = [row.fetched[:10] for row in fetched.fetches if row.fetched and row.state == "done"]
    if days and max(days) > as_of:
        yield (
            f"Some answers are from after {as_of}: they move no registration (a notice about a paper counts from its "
            f"own date). To use them: --as-of {max(days)}"
        )


@main.command()
@_DB
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8001,
    show_default=True,
    help="Port; the next free one is taken when it is in use.",
)
def serve(db: Path, host: str, port: int) -> None:
    """Show the evidence map in the browser (Datasette, read-only)."""
    from kb import store
    from kb.serve import free_port
    from kb.serve import serve as run

    with _explained():
        store.connect(db).close()
        free = free_port(host, port)
        if free != port:
            click.echo(f"Port {port} is in use; taking {free}.")
        click.echo(f"Serving {db} on http://{host}:{free}/  (Ctrl-C stops)")
        run(db, host, free)


_PLACE = click.option(
    "--jurisdiction", "place", type=Place(), default="US", show_default=True, help=f"One of {', '.join(JURISDICTIONS)}."
)


@main.command()
@click.argument("claim_id")
@_DB
@_PLACE
@click.option("--as-of", type=Day(), help="Another day than that of the build: the status by the facts dated by then.")
@AS_JSON
def claim(claim_id: str, db: Path, place: str, as_of: date | None, as_json: bool) -> None:
    """Print what a claim is worth and why: an id like document#c001."""
    from kb import store
    from kb.proofs import read_proof, render

    with _explained():
        with closing(store.connect(db)) as connection:
            proof = read_proof(connection, claim_id, place, as_of)
        click.echo(json.dumps(proof, indent=2, ensure_ascii=False, sort_keys=True) if as_json else render(proof))


@main.command()
@click.argument("record_id")
@_DB
@click.option(
    "--jurisdiction",
    "place",
    type=Place(),
    help=f"Only what changes there: one of {', '.join(JURISDICTIONS)}. Without it: everywhere.",
)
@AS_JSON
def impact(record_id: str, db: Path, place: str | None, as_json: bool) -> None:
    """Print what changes if a record is retracted or removed: claims, sign-offs, map, documents, exports.

    Judged anew from the facts in the store; equal to a rebuild without the record.
    """
    from dataclasses import asdict

    from kb import store
    from kb.impact import impact as run
    from kb.impact_text import narrowed, render
    from kb.progress import shown

    with _explained():
        with closing(store.connect(db)) as connection, shown() as progress:
            claims = connection.execute("select count(*) from claims").fetchone()[0]
            progress.step("Judging again", 2 * claims)
            found = narrowed(run(connection, record_id, progress.advance), place)
        click.echo(json.dumps(asdict(found), indent=2, ensure_ascii=False) if as_json else render(found))


if __name__ == "__main__":
    sys.exit(main())
