"""The command ``kb``: the only place that knows both the knowledge base and the outside world."""

from __future__ import annotations

from pathlib import Path

import click

from kb.dataset import load
from kb.errors import KbError


@click.group()
def main() -> None:
    """Evidence map of NK and NKT cell therapy."""


@main.command()
@click.option("--data", "data_dir", type=click.Path(path_type=Path), default=Path("data"), show_default=True)
def verify(data_dir: Path) -> None:
    """Check every fact file."""
    try:
        load(data_dir)
    except KbError as error:
        click.echo(str(error), err=True)
        raise SystemExit(1) from None
    click.echo("ok")
