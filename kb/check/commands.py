"""``kb check``: a page in, a verdict for each of its claims out; two pages in, the drift of their wording out."""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.options import DB, Day, Place, explained

if TYPE_CHECKING:
    from kb.check.checker import Checker
    from kb.check.page import Page
    from kb.check.report import Report
    from kb.records.common import ProductKey

FORMATS = ("text", "brief", "json", "csv", "html", "sarif", "docx")


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE [NEW]")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="Form of the answer."
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write there instead of printing.")
@click.option("--jurisdiction", "place", type=Place(), default="US", show_default=True, help="Where: US, EU, GB, JP …")
@click.option("--as-of", type=Day(), help="Another day than that of the build.")
@click.option(
    "--product",
    help="What the page sells, instead of what is inferred: words, or cell_type=nk,nkt cell_source=autologous …",
)
@click.option(
    "--fail-on",
    multiple=True,
    metavar="WORD",
    help="Exit 1 on these instead of on objections: classes, levels, accuracies, codes, wording rules, rule:high.",
)
@DB
def check(
    files: tuple[str, ...],
    form: str,
    out: Path | None,
    place: str,
    as_of: date | None,
    product: str | None,
    fail_on: tuple[str, ...],
    db: Path,
) -> None:
    """Check a page (.txt .md .html .docx .pdf, or - for standard input) claim by claim.

    With two files the second is the newer text of the same page, and the drift of its wording is shown.

    Exit code 0: no objection; 1: objections; 2: could not check.
    """
    with explained():
        if len(files) > 2:
            raise click.UsageError("give one page, or two texts of one page")
        with closing(open_store(db)) as store:
            checker = _checker(store, as_of)
            key = _product(checker, product)
            reports = [checker.check(_page(name), place, key) for name in files]
            wording = checker.wording_ids
        if len(reports) == 2:
            raise SystemExit(_drift(reports[0], reports[1], form, out))
        report = reports[0]
        failing = _failing(report, checker, fail_on, wording)
        _write(_formed(report, form, files[0]), out)
    raise SystemExit(1 if failing else 0)


def open_store(db: Path) -> sqlite3.Connection:
    """Open a store read-only.

    Raises:
        BuildError: there is none.
    """
    from kb.errors import BuildError

    if not db.is_file():
        raise BuildError(f"{db}: no such store; make it with: kb build")
    return sqlite3.connect(f"file:{db}?mode=ro", uri=True)


def _checker(store: sqlite3.Connection, as_of: date | None) -> Checker:
    from kb.check.checker import open_checker

    return open_checker(store, as_of)


def _product(checker: Checker, product: str | None) -> ProductKey | None:
    from kb.check.checker import product_key

    if product is None:
        return None
    try:
        return product_key(checker.kit, product)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--product") from None


def _page(name: str) -> Page:
    from kb.check.read import read_page, read_text

    if name == "-":
        return read_text(sys.stdin.read(), "standard input")
    return read_page(Path(name))


def _failing(report: Report, checker: Checker, fail_on: tuple[str, ...], wording: tuple[str, ...]) -> bool:
    from kb.check.output.fail import Tokens, matches

    tokens = [token for word in fail_on for token in word.split(",") if token]
    if not tokens:
        return bool(report.objections)
    return bool(matches(report, tokens, Tokens.of(checker.base.data.rules, wording)))


def _formed(report: Report, form: str, name: str) -> str | bytes:
    if form == "text":
        from kb.check.output.text import as_text

        tty = sys.stdout.isatty()
        return as_text(report, shutil.get_terminal_size((100, 24)).columns if tty else 100, tty)
    if form == "brief":
        from kb.check.output.text import as_brief

        return as_brief(report)
    if form == "json":
        from kb.check.output.json import as_json

        return as_json(report)
    if form == "csv":
        from kb.check.output.csv import as_csv

        return as_csv(report)
    if form == "sarif":
        from kb.check.output.sarif import as_sarif

        return as_sarif(report)
    if form == "html":
        from kb.check.output.html import as_html

        return as_html(report)
    from kb.check.output.docx import as_docx

    return as_docx(report, Path(name).read_bytes() if report.page.format == "docx" else None)


def _write(made: str | bytes, out: Path | None) -> None:
    from kb.errors import ExportError

    if out is not None:
        try:
            out.write_bytes(made if isinstance(made, bytes) else made.encode())
        except OSError as error:
            raise ExportError(f"{out} cannot be written: {error.strerror}; choose another place with --out") from None
        click.echo(f"Wrote {out}.", err=True)
    elif isinstance(made, bytes):
        if sys.stdout.isatty():
            raise ExportError("a Word file is not for a terminal: give --out report.docx")
        sys.stdout.buffer.write(made)
    else:
        click.echo(made, nl=not made.endswith("\n"))


def _drift(old: Report, new: Report, form: str, out: Path | None) -> int:
    """Show how the wording moved; return the exit code."""
    from kb.check.drift import as_json, as_text, drift

    if form not in ("text", "json"):
        raise click.UsageError("drift of wording comes as text or json")
    found = drift(old, new)
    made = json.dumps(as_json(found), ensure_ascii=False, indent=2) if form == "json" else as_text(found)
    _write(made, out)
    return 1 if found.objection else 0
