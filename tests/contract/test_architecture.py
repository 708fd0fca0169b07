"""Who may import whom, and other promises that hold for every file of the code."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(path for package in ("kb", "ingest") for path in (ROOT / package).rglob("*.py"))
MODULES = [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in FILES]

NETWORK = {"socket", "urllib", "http", "httpx", "requests", "aiohttp", "ftplib", "smtplib", "ssl", "urllib3"}


def named(paths: list[Path]) -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in paths]


def imports(path: Path) -> Iterator[str]:
    """Yield every module a file imports, anywhere in it; ``from a import b`` yields ``a`` and ``a.b``."""
    package = path.relative_to(ROOT).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module) if part)
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in (
            "import_module",
            "__import__",
        ):
            yield from (str(part.value) for part in node.args[:1] if isinstance(part, ast.Constant))


def importing(path: Path, *modules: str) -> list[str]:
    return [name for name in imports(path) for module in modules if name == module or name.startswith(module + ".")]


def below(folder: str) -> list[Path]:
    found = [path for path in FILES if path.is_relative_to(ROOT / folder)]
    assert found, folder
    return found


# ---------------------------------------------------------------------------- who may import whom


def test_the_import_reader_sees_every_kind_of_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    (tmp_path / "kb" / "sub").mkdir(parents=True)
    path = tmp_path / "kb" / "sub" / "x.py"
    path.write_text(
        "import a.b\nfrom c import d\nfrom . import e\nfrom ..f import g\ndef h():\n    import i\n"
        "    importlib.import_module('j')\n",
        encoding="utf-8",
    )
    assert {"a.b", "c.d", "kb.sub.e", "kb.f.g", "i", "j"} <= set(imports(path))


def test_only_the_command_line_knows_both_kb_and_ingest() -> None:
    assert named([path for path in below("kb") if importing(path, "ingest") and path != ROOT / "kb" / "cli.py"]) == []


def test_ingest_does_not_judge_store_or_publish() -> None:
    forbidden = ("kb.assess", "kb.store", "kb.publish", "kb.build", "kb.cli")
    assert named([path for path in below("ingest") if importing(path, *forbidden)]) == []


def test_judging_knows_no_database_and_no_page() -> None:
    forbidden = ("kb.store", "kb.publish", "kb.build", "kb.rows", "sqlite3", "sqlite_utils", "datasette", "kb.cli")
    assert named([path for path in below("kb/assess") if importing(path, *forbidden)]) == []


def test_publishing_never_judges() -> None:
    assert named([path for path in below("kb/publish") if importing(path, "kb.assess", "kb.results")]) == []


def test_exporting_never_judges_and_never_writes_a_store() -> None:
    forbidden = ("kb.assess", "kb.results", "kb.rows", "kb.build", "kb.publish", "kb.cli", "datasette")
    judged = [path for path in below("kb/export") if importing(path, *forbidden)]
    assert named(judged) == []


def test_records_know_nothing_that_comes_after_them() -> None:
    forbidden = ("kb.dataset", "kb.reading", "kb.store", "kb.assess", "kb.rows", "kb.publish", "kb.build", "sqlite3")
    assert named([path for path in below("kb/records") if importing(path, *forbidden)]) == []


def test_nothing_but_the_pages_reaches_for_the_network() -> None:
    allowed = {ROOT / "kb" / "serve.py", *below("kb/publish")}
    assert named([path for path in below("kb") if path not in allowed and importing(path, *NETWORK)]) == []


def test_the_clock_is_never_asked() -> None:
    """The day of a status is in the facts; a build tomorrow gives the same."""
    asks = re.compile(r"\b(date\.today|datetime\.now|datetime\.utcnow|time\.time|time\.localtime)\(")
    assert named([path for path in below("kb") if asks.search(path.read_text(encoding="utf-8"))]) == []


def loaded_by(module: str) -> set[str]:
    code = f"import sys, {module}; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_publishing_does_not_load_the_judges_by_a_detour() -> None:
    loaded = loaded_by("kb.publish")
    assert "kb.publish.hooks" in loaded
    assert [name for name in loaded if name.startswith(("kb.assess", "kb.results", "kb.dataset", "ingest"))] == []


def test_judging_does_not_load_a_database_by_a_detour() -> None:
    loaded = loaded_by("kb.assess.claim")
    assert "kb.assess.claim" in loaded
    assert {"kb.store", "kb.publish", "sqlite3", "sqlite_utils", "datasette"} & loaded == set()


# ---------------------------------------------------------------------------- files


def test_no_file_is_longer_than_400_lines() -> None:
    assert named([path for path in FILES if len(path.read_text(encoding="utf-8").splitlines()) > 400]) == []


def test_no_record_is_known_to_the_code_by_its_number() -> None:
    """A rule for one study would hide in code. Examples that show a user the form of a number are no rules."""
    number = re.compile(r"PMID:\s?\d+|NCT\d{8}")
    example = re.compile(r"(e\.g\. '|such as )(PMID:\d+|NCT\d{8})")
    found = [path for path in FILES if number.search(example.sub("", path.read_text(encoding="utf-8")))]
    assert named(found) == []


# ---------------------------------------------------------------------------- imports do nothing

WATCH = """
import importlib, os, sys
bad = []
data = os.path.join(os.getcwd(), "data") + os.sep
def watch(event, arguments):
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "sqlite3.connect", "subprocess.Popen"):
        bad.append(event)
    if event == "open" and isinstance(arguments[0], (str, bytes, os.PathLike)):
        path = os.path.abspath(os.fsdecode(arguments[0]))
        mode, flags = arguments[1] or "", arguments[2] or 0
        if path.startswith(data):
            bad.append(f"reads {path}")
        if path.startswith(os.getcwd() + os.sep) and (set(str(mode)) & set("wax+")) and "__pycache__" not in path:
            bad.append(f"writes {path}")
sys.addaudithook(watch)
modules = sys.argv[1:]
if modules == ["--provoke"]:
    open("data/build.yml").close()
    import sqlite3
    sqlite3.connect(":memory:").close()
else:
    for module in modules:
        importlib.import_module(module)
print("\\n".join(bad))
"""


def watched(*arguments: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-B", "-c", WATCH, *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.split("\n")[:-1] if done.stdout.strip() else []


def test_the_watch_sees_what_it_watches_for() -> None:
    assert watched("--provoke") == [f"reads {ROOT / 'data' / 'build.yml'}", "sqlite3.connect"]


def test_importing_reads_no_facts_and_opens_no_connection() -> None:
    assert len(MODULES) > 40
    assert watched(*MODULES) == []
