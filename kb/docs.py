"""Files made from the code, and the check that they are current.

``python -m kb.docs`` writes them; ``--check`` says which are out of date and exits 1.
"""

from __future__ import annotations

import atexit
import shlex
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import click

from kb.coverage import coverage
from kb.evaluate.page import accuracy_page
from kb.markdown import MADE
from kb.metadata import QUESTIONS, metadata_yaml
from kb.quality import quality
from kb.schema import TABLES, VIEWS


def data_dictionary() -> str:
    """Return every table, view and column with its meaning, as Markdown."""
    lines = [MADE, "# Data dictionary", "", "Every table, view and column of `build/evidence.db`.", ""]
    for table in TABLES:
        key = ", ".join(f"`{name}`" for name in table.key)
        lines += [
            f"## {table.name}",
            "",
            f"{table.meaning} Key: {key}.",
            "",
            "| column | type | meaning | points to |",
            "|---|---|---|---|",
        ]
        lines += [f"| `{c.name}` | {c.type} | {_cell(c.meaning)} | {c.references} |" for c in table.columns]
        lines.append("")
    lines += ["# Views", ""]
    for view in VIEWS:
        lines += [f"## {view.name}", "", view.meaning, "", "| column | meaning |", "|---|---|"]
        lines += [f"| `{name}` | {_cell(meaning)} |" for name, meaning in view.columns]
        lines.append("")
    lines += ["# Questions (canned queries)", ""]
    lines += [f"- **{title}** `/evidence/{name}`: {description}" for name, title, description, _ in QUESTIONS]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def commands() -> str:
    """Return the help of every command, as Markdown."""
    from kb.cli import main

    lines = [MADE, "# Commands", ""]
    settings: dict[str, Any] = {**main.context_settings, "terminal_width": 100, "max_content_width": 100}
    context = click.Context(main, info_name="kb", **settings)
    lines += ["```", main.get_help(context), "```", ""]
    for name, command in every_command(main, context):
        inner = click.Context(command, info_name=f"kb {name}", **settings)
        lines += [f"## kb {name}", "", "```", command.get_help(inner), "```", ""]
    return "\n".join(lines)


def every_command(group: click.Group, context: click.Context) -> Iterator[tuple[str, click.Command]]:
    """Yield every command and subcommand with its whole name."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            yield from ((f"{name} {inner}", sub) for inner, sub in every_command(command, context))


@cache
def _built() -> Path:
    """Build the store once; every document that shows it reads the same one."""
    from kb.build import build

    root = Path(__file__).resolve().parent.parent
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    path = Path(folder.name) / "evidence.db"
    build(root / "data", path)
    return path


def _from_store(make: Callable[[sqlite3.Connection], str]) -> str:
    from kb import store

    with closing(store.connect(_built())) as db:
        return make(db)


#: File → what makes it.
GENERATED: dict[str, Callable[[], str]] = {
    "metadata.yml": metadata_yaml,
    "docs/data-dictionary.md": data_dictionary,
    "docs/commands.md": commands,
    "docs/coverage.md": lambda: _from_store(coverage),
    "docs/quality.md": lambda: _from_store(quality),
    "docs/accuracy.md": lambda: accuracy_page(Path(__file__).resolve().parent.parent / "data"),
}


#: Commands of the README that end with another code than 0: its example page meets objections.
_EXITS = {"check": 1}


def readme_session(command: str, lines: int) -> str:
    """Return a shell session for the README: the command and the first lines of what it answers (run by cog)."""
    root = Path(__file__).resolve().parent.parent
    store = _built()
    words = shlex.split(command)[1:]
    place = {"build": ["--out", str(store)], "verify": [], "tag": []}.get(words[0], ["--db", str(store)])
    run = [sys.executable, "-m", "kb.cli", *words, *place]
    done = subprocess.run(run, cwd=root, check=False, capture_output=True, text=True)
    if done.returncode != _EXITS.get(words[0], 0):
        raise subprocess.CalledProcessError(done.returncode, run, done.stdout, done.stderr)
    shown = done.stdout.replace(str(store), "build/evidence.db").rstrip().splitlines()
    more = ["…"] if len(shown) > lines else []
    return "\n".join(["```console", f"$ {command}", *shown[:lines], *more, "```"])


def _readme(root: Path, check: bool) -> bool:
    """Run the sessions of the README again; return whether they were out of date."""
    from cogapp import Cog

    readme = root / "README.md"
    before = readme.read_text(encoding="utf-8")
    runner = Cog()
    runner.options.replace = False
    runner.options.prologue = ""
    after = runner.process_string(before, str(readme))
    if after != before and not check:
        readme.write_text(after, encoding="utf-8")
    return bool(after != before)


def main(arguments: list[str]) -> int:
    """Write the generated files, or check them.

    Args:
        arguments: ``--check`` to compare only.

    Returns:
        0 when all are current (or were written), 1 when some are out of date.
    """
    root = Path(__file__).resolve().parent.parent
    stale = []
    for name, make in GENERATED.items():
        path, text = root / name, make()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in arguments:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if _readme(root, "--check" in arguments):
        stale.append("README.md")
    if stale and "--check" in arguments:
        sys.stderr.write(f"Out of date: {', '.join(stale)}. Run: make docs\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
