"""Shared fixtures: the shipped facts, one build of them, and a site over it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from kb.build import build
from kb.dataset import Dataset, load
from kb.vocabulary import Vocabulary

# The same run every time: a made-up example that fails here fails for everybody.
settings.register_profile("house", derandomize=True)
settings.load_profile("house")

# A failing example is printed with its arguments: all shipped records would bury it.
setattr(Dataset, "__repr__", lambda _: "data")  # noqa: B010
setattr(Dataset, "_repr_pretty_", lambda _, printer, _cycle: printer.text("data"))  # noqa: B010

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"


@pytest.fixture(scope="session")
def data() -> Dataset:
    """The repository's own facts."""
    return load(DATA)


@pytest.fixture(scope="session")
def vocabulary(data: Dataset) -> Vocabulary:
    """The repository's own vocabulary."""
    return data.vocabulary


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store built from the repository's own facts."""
    out = tmp_path_factory.mktemp("build") / "evidence.db"
    build(DATA, out)
    return out


@pytest.fixture
def db(built: Path) -> Iterator[sqlite3.Connection]:
    """A read-only connection to that store."""
    connection = sqlite3.connect(f"file:{built}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    yield connection
    connection.close()


@pytest.fixture
async def site(built: Path) -> Any:
    """Datasette over that store, with our plugin."""
    from kb.serve import application

    instance = application(built)
    await instance.invoke_startup()
    return instance


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    """A private copy of the facts, to break."""
    copy = tmp_path / "data"
    shutil.copytree(DATA, copy)
    return copy
