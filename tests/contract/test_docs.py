"""kb.docs: what is generated is current, and everything a user can call is written down."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
import yaml

from kb import docs
from kb.cli import main
from kb.metadata import QUESTIONS
from kb.schema import TABLES, VIEWS

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", sorted(docs.GENERATED))
def test_every_generated_file_is_current(name: str) -> None:
    written = (ROOT / name).read_text(encoding="utf-8")
    assert written == docs.GENERATED[name](), f"{name} is out of date; run: make docs"


@pytest.mark.parametrize(
    ("stale_file", "stale_readme", "told"),
    [(True, False, "docs/never-written.md"), (False, True, "README.md"), (False, False, "")],
)
def test_check_names_what_is_out_of_date_and_writes_nothing(
    stale_file: bool, stale_readme: bool, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(docs, "GENERATED", {"docs/never-written.md": lambda: "text"} if stale_file else {})
    monkeypatch.setattr(docs, "_readme", lambda _root, check: stale_readme and check)  # its sessions take seconds
    assert docs.main(["--check"]) == (1 if told else 0)
    assert capsys.readouterr().err == (f"Out of date: {told}. Run: make docs\n" if told else "")
    assert not (ROOT / "docs" / "never-written.md").exists()


def test_generating_twice_gives_the_same() -> None:
    assert [make() for make in docs.GENERATED.values()] == [make() for make in docs.GENERATED.values()]


def test_every_command_and_option_is_documented() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    every = dict(docs.every_command(main, click.Context(main)))
    assert {"build", "ingest", "ingest pubmed", "ingest refresh"} <= set(every)
    assert re.findall(r"^## kb ([\w ]+)$", text, re.MULTILINE) == list(every)
    for name, command in every.items():
        section = text.partition(f"## kb {name}\n")[2].partition("\n## ")[0]
        assert command.help
        assert command.help.splitlines()[0] in " ".join(section.split())
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{name} {parameter.name} has no help"
                assert all(option in section for option in parameter.opts)


def test_every_table_view_and_column_is_in_the_data_dictionary() -> None:
    text = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    for table in TABLES:
        section = text.partition(f"\n## {table.name}\n")[2].partition("\n## ")[0]
        assert [name for name in (column.name for column in table.columns) if f"| `{name}` |" not in section] == []
    for view in VIEWS:
        section = text.partition(f"\n## {view.name}\n")[2].partition("\n## ")[0]
        assert [name for name, _ in view.columns if f"| `{name}` |" not in section] == []


def test_the_metadata_describes_every_column_and_keeps_sql_shut() -> None:
    database = yaml.safe_load((ROOT / "metadata.yml").read_text(encoding="utf-8"))["databases"]["evidence"]
    assert database["allow_sql"] is False
    assert set(database["queries"]) == {name for name, *_ in QUESTIONS}
    described = {name: set(entry["columns"]) for name, entry in database["tables"].items() if "columns" in entry}
    assert described == {
        **{table.name: {column.name for column in table.columns} for table in TABLES},
        **{view.name: {name for name, _ in view.columns} for view in VIEWS},
    }


def test_the_makefile_has_the_two_commands_a_user_needs() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert {"serve", "test", "install", "build", "bench", "gauntlet"} <= set(targets)


def test_a_written_readme_names_the_two_commands_a_user_needs() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [command for command in ("make serve", "make test") if text.strip() and command not in text] == []
