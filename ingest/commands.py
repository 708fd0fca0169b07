"""``kb ingest``: fetch into the raw store, go on where it stopped, say what could not be had."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console

from ingest import report
from ingest.errors import IngestError, RefusedError
from ingest.progress import shown
from ingest.raw.rawstore import RawStore, reading, writing
from ingest.replay import content, fingerprint, replay
from ingest.run import Outcome, Runner, asked
from ingest.source import Want
from ingest.sources import Settings, http, make, parsers
from ingest.transport import StoppedError
from kb.dataset import Dataset, load
from kb.errors import KbError
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
DATA = click.option(
    "--data",
    type=click.Path(path_type=Path),
    default=Path("data"),
    show_default=True,
    help="Directory of reviewed facts.",
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
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
def ingest(context: click.Context, again: bool, raw: Path, data: Path, as_json: bool) -> None:
    """Fetch PubMed records, trial registrations and retractions into the raw store.

    Runs resume where they stopped, however they stopped. Nothing is changed or deleted in the raw store; `kb build`
    reads it offline. Exit code 0: everything wanted is here; 1: something could not be had (named); 2: could not run.
    """
    if again:
        with _explained():
            fetched = held(raw, data)
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
    _session(options, [("retraction_watch", Want(ids=("retraction_watch.csv",)), "")])


@ingest.command()
@click.argument("place", default="")
@click.argument("names", nargs=-1)
@_options(_FULL, DRY_RUN, RAW, DATA, AS_JSON)
def baseline(place: str, names: tuple[str, ...], **options: Any) -> None:
    """Take whole PubMed files (baseline, updates) from a folder, or from NLM's server.

    PLACE is a folder or the address of a listing; NAMES are files in it (all, when none is named).
    """
    _session({**options, "place": place}, [("baseline", Want(ids=names), "")])


@ingest.command()
@_options(_EMAIL, _FULL, _WORKERS, DRY_RUN, RAW, DATA, AS_JSON)
def refresh(**options: Any) -> None:
    """Run every standing search of searches.yml, look again at all that is on file, and say what is new.

    Reports what is new, changed, gone and retracted since the raw store was last used.
    """
    with _explained():
        facts = load(options["data"])
    wants: list[tuple[str, Want, str]] = [
        (one.source, Want(query=one.query), one.id) for one in facts.searches.standing
    ]
    wants += [(name, Want(ids=_on_file(facts, name)), "on file") for name in ("pubmed", "clinicaltrials")]
    wants.append(("retraction_watch", Want(ids=("retraction_watch.csv",)), ""))
    _session(options, wants, facts)


@ingest.command()
@_options(RAW, DATA, AS_JSON)
def status(raw: Path, data: Path, as_json: bool) -> None:
    """Check every byte of the raw store, and say what it holds and what it lacks."""
    with _explained(), reading(raw) as store:
        missing = _damaged(store)
        fetched = replay(store, parsers()) if not missing else Fetched()
    if missing:
        for line in missing:
            click.echo(line, err=True)
        raise SystemExit(2)
    _print_held(fetched, as_json)
    raise SystemExit(1 if fetched.gaps else 0)


def _damaged(store: RawStore) -> list[str]:
    problems = []
    for fetch in store.ledger.fetches("done"):
        try:
            store.objects.open(fetch.sha256 or "").close()
        except IngestError as error:
            problems.append(str(error))
    return problems


# ---------------------------------------------------------------------------- what is wanted


def _single(name: str, options: dict[str, Any]) -> None:
    """Run one want of one source."""
    numbers, query, on_file = options.pop("numbers"), options.pop("query").strip(), options.pop("on_file")
    if sum(map(bool, (numbers, query, on_file))) != 1:
        raise click.UsageError("Say one thing: --query, --on-file, or numbers (a file of numbers is @FILE).")
    ids: tuple[str, ...] = ()
    if on_file:
        with _explained():
            ids = _on_file(load(options["data"]), name)
    elif numbers:
        ids = _numbers(numbers)
    days = {key: f"{day:%Y-%m-%d}" if (day := options.pop(key)) else "" for key in ("since", "until")}
    if ids and any(days.values()):
        raise click.UsageError("--since and --until go with --query: numbers are fetched whenever they changed.")
    _session(options, [(name, Want(query=query, ids=ids, **days), "on file" if on_file else "")])


def _numbers(given: Sequence[str]) -> tuple[str, ...]:
    """Return numbers from the command line; ``@FILE`` stands for the words of a file."""
    found: list[str] = []
    for one in given:
        if one.startswith("@"):
            path = Path(one[1:])
            if not path.exists():
                raise click.UsageError(f"{path}: no such file of numbers.")
            found.extend(path.read_text(encoding="utf-8").replace(",", " ").split())
        else:
            found.append(one)
    return tuple(dict.fromkeys(found))


def _on_file(facts: Dataset, name: str) -> tuple[str, ...]:
    """Return the numbers under which a source knows what is on file."""
    pmids = [study.pmid for study in facts.studies if study.pmid]
    if name == "pubmed":
        return tuple(pmids)
    if name == "europepmc":
        return tuple(f"MED:{pmid}" for pmid in pmids)
    return tuple(trial.id for trial in facts.trials if trial.id.startswith("NCT"))


# ---------------------------------------------------------------------------- running


def _session(options: dict[str, Any], wants: Sequence[tuple[str, Want, str]], facts: Dataset | None = None) -> None:
    """Run wants one after another and tell how they went; end with the exit code that says so."""
    settings = Settings.from_environment(options.get("email", ""))
    refreshing = len(wants) > 1
    if options["dry_run"]:
        with _explained():
            _dry_run(options, wants, settings)
        return
    outcomes: list[Outcome] = []
    failed: list[str] = []
    with _explained(), writing(options["raw"]) as store:
        before = replay(store, parsers()) if refreshing else Fetched()
        for name, want, label in wants:
            try:
                outcomes.append(_one(store, settings, options, name, want, label))
            except IngestError as error:
                if not refreshing or isinstance(error, StoppedError):
                    raise
                failed.append(f"{label or name}: {error}")  # the other searches are run all the same
        after = replay(store, parsers()) if refreshing else None
    difference = report.news(before, after, facts, outcomes) if after is not None and facts is not None else None
    _tell(options["as_json"], outcomes, failed, after, difference)
    raise SystemExit(1 if failed or not all(one.whole for one in outcomes) else 0)


def _one(store: RawStore, settings: Settings, options: dict[str, Any], name: str, want: Want, label: str) -> Outcome:
    """Run one want."""
    stopping = threading.Event()
    with shown() as watcher, http(name, settings, stopping, watcher.note) as ask:
        source = make(name, settings, store.ledger.header(name, "etag"), options.get("place", ""))
        runner = Runner(store, source, ask, _now, watcher, options.get("workers", 1), stopping)
        outcome = runner.run(want, label, full=options["full"])
        return replace(outcome, requests=ask.requests)


def _dry_run(options: dict[str, Any], wants: Sequence[tuple[str, Want, str]], settings: Settings) -> None:
    """Ask how much there is, and print it; nothing is written."""
    rows: list[dict[str, Any]] = []
    for name, want, label in wants:
        with shown() as watcher, http(name, settings, threading.Event(), watcher.note) as ask:
            source = make(name, settings, place=options.get("place", ""))
            counted = source.count(want, ask)
            row = {
                "source": source.title,
                "label": label,
                "query": asked(want),
                "since": want.since,
                "until": want.until,
                "total": counted.total,
                "requests": -(-counted.total // source.batch_size),
                "notes": counted.notes,
            }
        rows.append(row)
        if not options["as_json"]:
            click.echo(f"{row['source']}: {row['query']}")
            click.echo(f"  in all: {row['total']:,}; requests to fetch everything: {row['requests']:,}")
            for note in counted.notes:
                click.echo(f"  Note: {note}")
    if options["as_json"]:
        click.echo(json.dumps({"dry_run": True, "queries": rows}, indent=2, ensure_ascii=False))


def _tell(
    as_json: bool,
    outcomes: Sequence[Outcome],
    failed: Sequence[str],
    fetched: Fetched | None,
    difference: report.News | None,
) -> None:
    if as_json:
        said = report.as_data(outcomes, fetched, difference)
        said["failed"] = list(failed)
        said["complete"] = said["complete"] and not failed
        click.echo(json.dumps(said, indent=2, ensure_ascii=False))
        return
    sources = parsers()
    for one in outcomes:
        source = sources[one.source]
        for line in report.lines(one, source.title, "file" if source.files else "record"):
            click.echo(line)
    for line in failed:
        click.echo(f"FAILED: {line}")
    for line in report.news_lines(difference) if difference else ():
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


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class _Explained:
    """Turns errors we know into one message and exit code 2; Ctrl-C into exit code 130."""

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, (KeyboardInterrupt, StoppedError)):
            click.echo("Stopped. What was fetched is kept; run the same command again to go on.", err=True)
            sys.stderr.flush()
            os._exit(130)  # a thread may still wait for an answer; nobody waits for it
        if isinstance(error, KbError):
            hint = " The query or the key is wrong." if isinstance(error, RefusedError) and "400" in str(error) else ""
            Console(stderr=True, soft_wrap=True, highlight=False, markup=False).print(f"Error: {error}{hint}")
            raise SystemExit(2) from None


def _explained() -> _Explained:
    return _Explained()
