"""``kb ingest``: fetch into the raw store, go on where it stopped, say what could not be had."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from ingest import report, session
from ingest.errors import IngestError
from ingest.raw.rawstore import RawStore, reading
from ingest.replay import content, fingerprint, replay
from ingest.session import RETRACTIONS, Wanted
from ingest.source import Want
from ingest.sources import Settings, parsers
from ingest.transport import StoppedError
from kb.dataset import Dataset, load
from kb.errors import KbError
from kb.options import AS_JSON, DATA
from kb.progress import shown
from kb.records.fetched import Fetched
from kb.screen import keeper

F = TypeVar("F", bound=Callable[..., Any])

RAW = click.option(
    "--raw",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("raw"),
    show_default=True,
    help="The raw store: what outside services answered, byte for byte.",
)
DRY_RUN = click.option("--dry-run", is_flag=True, help="Print the queries and how much answers; fetch nothing.")
_EMAIL = click.option("--email", default="", help="Whom NCBI may write to; else NCBI_EMAIL.")
_FULL = click.option("--full", is_flag=True, help="Fetch everything again, also what is here.")
_WORKERS = click.option(
    "--workers", type=click.IntRange(1, 10), default=3, show_default=True, help="Answers awaited at the same time."
)
_WHAT = (
    click.option("--query", default="", help="Query in the language of the service."),
    click.option("--on-file", is_flag=True, help="The records that are on file in the reviewed facts."),
    click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only what entered or changed since that day."),
    click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day of that window."),
    click.argument("numbers", nargs=-1),
)


def _options(*options: Callable[[F], F]) -> Callable[[F], F]:
    def add(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return add


@click.group(invoke_without_command=True)
@click.option(
    "--replay", "again", is_flag=True, help="Parse the raw store again, without a fetch, and say what it holds."
)
@RAW
@DATA
@AS_JSON
@click.pass_context
def ingest(context: click.Context, again: bool, raw: Path, data_dir: Path, as_json: bool) -> None:
    """Fetch PubMed records, trial registrations and retractions into the raw store.

    Runs resume where they stopped, however they stopped. Nothing is changed or deleted in the raw store; `kb build`
    reads it offline. Exit code 0: everything wanted is here; 1: something could not be had (named); 2: could not run.
    """
    if again:
        with _explained():
            fetched = held(raw, data_dir)
        _print_held(fetched, as_json)
        raise SystemExit(1 if fetched.gaps else 0)
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@ingest.command()
@_options(*_WHAT, _EMAIL, _FULL, _WORKERS, DRY_RUN, RAW, DATA, AS_JSON)
def pubmed(**options: Any) -> None:
    """Fetch PubMed records: a --query, PMIDs, or those --on-file."""
    _single("pubmed", options)


@ingest.command()
@_options(*_WHAT, _FULL, _WORKERS, DRY_RUN, RAW, DATA, AS_JSON)
def trials(**options: Any) -> None:
    """Fetch ClinicalTrials.gov registrations: a --query (an Essie expression), NCT numbers, or those --on-file."""
    _single("clinicaltrials", options)


@ingest.command()
@_options(*_WHAT, _FULL, _WORKERS, DRY_RUN, RAW, DATA, AS_JSON)
def europepmc(**options: Any) -> None:
    """Fetch the same papers through Europe PMC: a --query, numbers such as MED:…, or those --on-file."""
    _single("europepmc", options)


@ingest.command()
@_options(_FULL, DRY_RUN, RAW, DATA, AS_JSON)
def retractions(**options: Any) -> None:
    """Fetch the Retraction Watch file (Crossref): retractions, concerns, corrections, reinstatements."""
    _session(options, [RETRACTIONS])


@ingest.command()
@click.argument("place", default="")
@click.argument("names", nargs=-1)
@_options(_FULL, DRY_RUN, RAW, DATA, AS_JSON)
def baseline(place: str, names: tuple[str, ...], **options: Any) -> None:
    """Take whole PubMed files (baseline, updates) from a folder, or from NLM's server.

    PLACE is a folder or the address of a listing; NAMES are files in it (all, when none is named).
    """
    _session(options, [Wanted("baseline", Want(query=place, ids=names), place=place)])


@ingest.command()
@_options(_EMAIL, _FULL, _WORKERS, DRY_RUN, RAW, DATA, AS_JSON)
def refresh(**options: Any) -> None:
    """Run every standing search of searches.yml, look again at all that is on file, and say what is new.

    Reports what is new, changed, gone and retracted since the last refresh that told it.
    """
    with _explained():
        facts = load(options["data_dir"])
    wants = [Wanted(one.source, Want(query=one.query), one.id) for one in facts.searches.standing]
    for name in ("pubmed", "clinicaltrials"):
        wants += session.on_file(facts, name)
    _session(options, [*wants, RETRACTIONS], facts)


@ingest.command()
@_options(RAW, DATA, AS_JSON)
def status(raw: Path, data_dir: Path, as_json: bool) -> None:
    """Check every byte of the raw store, and say what it holds and what it lacks."""
    with _explained(), reading(raw) as store:
        missing = _damaged(store)
    if missing:
        for line in missing:
            click.echo(line, err=True)
        raise SystemExit(2)
    with _explained():
        fetched = held(raw, data_dir)
    _print_held(fetched, as_json)
    raise SystemExit(1 if fetched.gaps else 0)


def _damaged(store: RawStore) -> list[str]:
    """Return what is wrong with the newest bytes of any record; what came again since is not missed."""
    problems = []
    for fetch in store.ledger.fetches("done"):
        try:
            store.objects.open(fetch.sha256 or "").close()
        except IngestError as error:
            held = store.ledger.held(fetch.source)
            if any(held[one].sha256 == fetch.sha256 for one in fetch.got):
                problems.append(str(error))
    return problems


# ---------------------------------------------------------------------------- what is wanted

#: How a source writes a number: what is taken, and how it is made uniform.
_NUMBERS: dict[str, tuple[re.Pattern[str], Callable[[str], str]]] = {
    "pubmed": (re.compile(r"(?:PMID:)?0*([1-9]\d{0,7})", re.ASCII | re.IGNORECASE), str),
    "clinicaltrials": (re.compile(r"(NCT\d{8})", re.ASCII | re.IGNORECASE), str.upper),
    "europepmc": (re.compile(r"([A-Z]{3}:[A-Za-z0-9]+)", re.ASCII | re.IGNORECASE), str.upper),
}


def _single(name: str, options: dict[str, Any]) -> None:
    """Run one want of one source."""
    numbers, query, on_file = options.pop("numbers"), options.pop("query").strip(), options.pop("on_file")
    if sum(map(bool, (numbers, query, on_file))) != 1:
        raise click.UsageError("Say one thing: --query, --on-file, or numbers (a file of numbers is @FILE).")
    days = {key: f"{day:%Y-%m-%d}" if (day := options.pop(key)) else "" for key in ("since", "until")}
    if not query and any(days.values()):
        raise click.UsageError("--since and --until go with --query: numbers are fetched whenever they changed.")
    if days["since"] and days["until"] and days["since"] > days["until"]:
        raise click.UsageError(f"--since {days['since']} is after --until {days['until']}.")
    if on_file:
        with _explained():
            wants = session.on_file(load(options["data_dir"]), name)
        if not wants:
            raise click.UsageError("Nothing on file has a number of this source.")
    else:
        ids = _numbers(name, numbers) if numbers else ()
        wants = [Wanted(name, Want(query=query, ids=ids, **days))]
    _session(options, wants)


def _numbers(name: str, given: Sequence[str]) -> tuple[str, ...]:
    """Return numbers from the command line, in the form of the source; ``@FILE`` stands for the words of a file."""
    words: list[str] = []
    for one in given:
        if one.startswith("@"):
            try:
                words.extend(Path(one[1:]).read_text(encoding="utf-8").replace(",", " ").split())
            except (OSError, UnicodeDecodeError) as error:
                raise click.UsageError(f"{one[1:]}: no such file of numbers can be read ({error}).") from None
        else:
            words.extend(one.replace(",", " ").split())
    form, uniform = _NUMBERS[name]
    found = {word: form.fullmatch(word) for word in words}
    if wrong := [word for word, match in found.items() if match is None]:
        raise click.UsageError(f"No numbers of this source: {', '.join(wrong[:5])}.")
    if not found:
        raise click.UsageError("The file holds no numbers.")
    return tuple(dict.fromkeys(uniform(match[1]) for match in found.values() if match))


# ---------------------------------------------------------------------------- running and telling


def _session(options: dict[str, Any], wants: Sequence[Wanted], facts: Dataset | None = None) -> None:
    """Run wants one after another and tell how they went; end with the exit code that says so."""
    as_json = options["as_json"]
    try:
        settings = Settings.from_environment(options.get("email", ""))
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    if options["dry_run"]:
        with _explained():
            rows = session.counted(wants, settings)
        _tell_counts(rows, as_json)
        raise SystemExit(2 if any(row["failed"] for row in rows) else 0)
    with _explained():
        done = session.run(
            options["raw"], wants, settings, facts, full=options["full"], workers=options.get("workers", 1)
        )
    _tell(done, as_json)
    if done.failed and len(wants) == 1:
        raise SystemExit(2)
    raise SystemExit(1 if done.failed or not all(one.whole for one in done.outcomes) else 0)


def _tell_counts(rows: Sequence[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"dry_run": True, "queries": rows}, indent=2, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['source']}: {row['query']}")
        if row["failed"]:
            click.echo(f"  FAILED: {row['failed']}")
            continue
        click.echo(f"  in all: {row['total']:,}; requests to fetch everything: {row['requests']:,}")
        for note in row["notes"]:
            click.echo(f"  Note: {note}")


def _tell(done: session.Done, as_json: bool) -> None:
    if as_json:
        said = report.as_data(done.outcomes, done.after, done.news)
        said["failed"] = list(done.failed)
        said["complete"] = said["complete"] and not done.failed
        click.echo(json.dumps(said, indent=2, ensure_ascii=False))
        return
    sources = parsers()
    for one in done.outcomes:
        source = sources[one.source]
        for line in report.lines(one, source.title, "file" if source.files else "record"):
            click.echo(line)
    for line in done.failed:
        click.echo(f"FAILED: {line}", err=True)
    for line in report.news_lines(done.news) if done.news else ():
        click.echo(line)


def _print_held(fetched: Fetched, as_json: bool) -> None:
    """Say what a raw store holds."""
    counts = {
        "answers": sum(one.state == "done" for one in fetched.fetches),
        "articles": len(fetched.articles),
        "registrations": len({one.registration.id for one in fetched.snapshots}),
        "integrity_events": sum(event.kind != "checked" for event in fetched.events),
        "gaps": len(fetched.gaps),
        "content_sha256": content(fetched),
    }
    if as_json:
        click.echo(json.dumps(counts, indent=2))
        return
    click.echo(
        f"{counts['answers']} answers: {counts['articles']} articles, {counts['registrations']} registrations, "
        f"{counts['integrity_events']} notices about papers (content {str(counts['content_sha256'])[:12]})."
    )
    for gap in fetched.gaps:
        click.echo(
            f"GAP: {gap.source}, {gap.kind}: {gap.reason} [{gap.query}] {', '.join(gap.records[: report.SHOWN])}"
        )


def digest_of(raw: Path) -> str:
    """Return the fingerprint of a raw store without reading its objects."""
    with reading(raw) as store:
        return fingerprint(store.ledger)


def held(raw: Path, data: Path) -> Fetched:
    """Parse a raw store; of whole PubMed files, keep what could be ours.

    Raises:
        KbError: the raw store is damaged, or the facts cannot be read.
    """
    with reading(raw) as store, shown() as watcher:
        watcher.step("Reading the raw store", sum(1 for _ in store.ledger.fetches("done")))
        keep = keeper(load(data)) if any(run.source == "baseline" for run in store.ledger.runs()) else None
        return replay(store, parsers(), keep or (lambda article: True), watcher.advance)


class _Explained:
    """Turns errors we know into one message and exit code 2; Ctrl-C into exit code 130."""

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, (KeyboardInterrupt, StoppedError)):
            click.echo("Stopped. What was fetched is kept; run the same command again to go on.", err=True)
            sys.stderr.flush()
            os._exit(130)  # a thread may still wait for an answer; nobody waits for it
        if isinstance(error, (KbError, OSError, sqlite3.Error)):
            what = str(error) if isinstance(error, KbError) else f"{error}; free some space or mend it, then run again"
            click.echo(f"Error: {what}", err=True)
            raise SystemExit(2) from None


def _explained() -> _Explained:
    return _Explained()
