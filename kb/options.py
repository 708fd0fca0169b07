"""Options that several commands share, and how commands tell of errors."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click

from kb.errors import DataError, KbError
from kb.jurisdictions import jurisdiction


class Place(click.ParamType[str]):
    """A jurisdiction of the closed table; UK is accepted for GB."""

    name = "place"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the canonical code."""
        try:
            return jurisdiction(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Day(click.ParamType[date]):
    """A full day, YYYY-MM-DD."""

    name = "date"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day; write YYYY-MM-DD", param, ctx)


DATA = click.option(
    "--data",
    "data_dir",
    type=click.Path(path_type=Path),
    default=Path("data"),
    show_default=True,
    help="Directory of reviewed facts.",
)
DB = click.option(
    "--db",
    type=click.Path(path_type=Path),
    default=Path("build/evidence.db"),
    show_default=True,
    help="The store to read.",
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


@contextmanager
def explained() -> Iterator[None]:
    """Turn errors we know into one message on standard error and exit code 2."""
    try:
        yield
    except DataError as error:
        for problem in error.problems[:50]:
            click.echo(str(problem), err=True)
        more = len(error.problems) - 50
        click.echo(
            f"{len(error.problems)} problem{'s' if len(error.problems) != 1 else ''}"
            + (f" ({more} not shown)" if more > 0 else ""),
            err=True,
        )
        raise SystemExit(2) from None
    except KbError as error:
        click.echo(f"Error: {error}", err=True)
        raise SystemExit(2) from None
    except sqlite3.DatabaseError as error:
        click.echo(f"Error: the store cannot be read ({error}); make it again with: kb build", err=True)
        raise SystemExit(2) from None
