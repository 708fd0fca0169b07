"""kb.cli: what the commands print, their exit codes, and that known errors come without a traceback."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kb import __version__
from kb.cli import main
from kb.errors import KbError
from kb.jurisdictions import JURISDICTIONS
from kb.schema import TABLES
from kb.serve import free_port
from tests.contract.test_build import shrink


def run(*arguments: object) -> Result:
    """Run the command; an exception other than a clean exit is a traceback the user would see."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


# ---------------------------------------------------------------------------- build, verify


def test_build_prints_its_manifest_as_json(facts: Path, tmp_path: Path) -> None:
    out = tmp_path / "evidence.db"
    result = run("build", "--data", shrink(facts, 40), "--out", out, "--as-of", "2020-02-29", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    manifest = json.loads(result.stdout)
    assert manifest["path"] == str(out)
    assert manifest["as_of"] == "2020-02-29"
    assert set(manifest["counts"]) == {table.name for table in TABLES} - {"builds"}
    assert len(manifest["content_sha256"]) == len(manifest["data_sha256"]) == 64
    assert manifest["version"].startswith(__version__)


@pytest.mark.parametrize("day", ["2020-02-30", "yesterday", "2020", "29.2.2020"])
def test_a_day_that_is_none_is_refused(day: str, tmp_path: Path) -> None:
    result = run("build", "--out", tmp_path / "x.db", "--as-of", day)
    assert result.exit_code == 2
    assert f"{day!r} is not a day; write YYYY-MM-DD" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_store_that_cannot_be_written_is_explained(facts: Path, tmp_path: Path) -> None:
    (tmp_path / "build").write_bytes(b"a file, no folder")
    result = run("build", "--data", shrink(facts, 100), "--out", tmp_path / "build" / "evidence.db")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error: cannot write" in result.stderr
    assert "--out" in result.stderr


def test_a_full_disk_is_explained(facts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    out = tmp_path / "build" / "evidence.db"
    out.parent.mkdir()
    out.write_bytes(b"the old store")
    monkeypatch.setattr(os, "fsync", full)
    result = run("build", "--data", shrink(facts, 100), "--out", out)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "No space left on device. Free space" in result.stderr
    assert out.read_bytes() == b"the old store"


def test_verify_prints_counts_as_json(facts: Path) -> None:
    result = run("verify", "--data", facts, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    told = json.loads(result.stdout)
    assert told["ok"] is True
    assert told["problems"] == []
    assert told["counts"]["studies"] == len(list((facts / "studies").glob("*.yml")))
    assert told["counts"]["claims"] > 0


def test_verify_prints_problems_as_json(facts: Path) -> None:
    (facts / "studies" / "new.yml").write_text("id: [\n", encoding="utf-8")
    result = run("verify", "--data", facts, "--json")
    assert (result.exit_code, result.stderr) == (1, "")
    told = json.loads(result.stdout)
    assert told["ok"] is False
    (problem,) = [problem for problem in told["problems"] if problem["file"] == "data/studies/new.yml"]
    assert set(problem) == {"file", "line", "where", "message", "remedy", "rule"}
    assert problem["line"] == 2


# ---------------------------------------------------------------------------- claim

CLAIM = "nk-nkt-page#c001"


def test_a_claim_is_printed_as_text(built: Path) -> None:
    result = run("claim", CLAIM, "--db", built)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(f"{CLAIM}  ")
    assert "\nUS, as of " in result.stdout
    assert "\nProof\n  1. " in result.stdout
    assert result.stdout.rstrip().endswith("Not legal or medical advice.")


def test_a_claim_is_printed_as_json(built: Path) -> None:
    result = run("claim", CLAIM, "--db", built, "--json", "--jurisdiction", "jp")
    assert (result.exit_code, result.stderr) == (0, "")
    told = json.loads(result.stdout)
    assert (told["id"], told["jurisdiction"]) == (CLAIM, "JP")
    assert {"class", "level", "sold_class", "sold_level", "accuracy", "codes", "rule_id", "proof"} <= set(told)
    assert isinstance(told["codes"], list)
    assert told["proof"]["rule"]["id"] == told["rule_id"]


def test_uk_is_accepted_for_gb(built: Path) -> None:
    for place in ("UK", "uk", "GB"):
        told = run("claim", CLAIM, "--db", built, "--json", "--jurisdiction", place)
        assert json.loads(told.stdout)["jurisdiction"] == "GB"


@pytest.mark.parametrize("place", ["XX", "any", "", "USA", "DE"])
def test_a_place_outside_the_table_is_refused(place: str, built: Path) -> None:
    result = run("claim", CLAIM, "--db", built, "--jurisdiction", place)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"unknown jurisdiction {place!r}" in result.stderr
    assert ", ".join(JURISDICTIONS) in " ".join(result.stderr.split())


@pytest.mark.parametrize("claim", ["nk-nkt-page#c999", "c001", "' or 1=1 --", "[bold]x[/bold]"])
def test_an_unknown_claim_is_explained(claim: str, built: Path) -> None:
    result = run("claim", claim, "--db", built)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"Error: no claim {claim!r} in this store" in result.stderr
    assert "document#c001" in result.stderr


@pytest.mark.parametrize("command", [("claim", CLAIM), ("serve",)])
def test_a_missing_store_says_how_to_make_one(command: tuple[str, ...], tmp_path: Path) -> None:
    result = run(*command, "--db", tmp_path / "none.db")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "make one with: kb build" in result.stderr


@pytest.mark.parametrize("command", [("claim", CLAIM), ("serve",)])
def test_a_file_that_is_no_store_is_explained(command: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("hello", encoding="utf-8")
    result = run(*command, "--db", tmp_path / "x.db")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "is not a store of this program" in result.stderr


# ---------------------------------------------------------------------------- serve


@contextlib.contextmanager
def taken(count: int = 1) -> Iterator[int]:
    """Hold some ports in a row, as other programs would, and give the first."""
    for first in range(20_000, 60_000, 97):
        with contextlib.ExitStack() as stack:
            try:
                for port in range(first, first + count + 1):  # the one after them is free too
                    held = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
                    held.bind(("127.0.0.1", port))
                    held.listen()
            except OSError:
                continue
            held.close()
            yield first
            return
    pytest.fail("this machine has no free ports")


def test_a_free_port_is_taken_as_asked() -> None:
    with taken() as port:
        assert free_port("127.0.0.1", port + 1) == port + 1


def test_serve_takes_the_next_port_when_the_wanted_one_is_in_use() -> None:
    with taken(3) as port:
        assert free_port("127.0.0.1", port) == port + 3


def test_serve_says_when_every_port_is_taken() -> None:
    with taken(3) as port, pytest.raises(KbError, match=f"ports {port} to {port + 2} are all taken.*--port"):
        free_port("127.0.0.1", port, tries=3)


def test_serve_announces_the_port_it_took(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[tuple[Path, str, int]] = []
    monkeypatch.setattr("kb.serve.serve", lambda *arguments: served.append(arguments))
    with taken() as port:
        result = run("serve", "--db", built, "--port", port)
        assert result.exit_code == 0
        assert served == [(built, "127.0.0.1", port + 1)]
        assert f"Port {port} is in use; taking {port + 1}." in result.stdout
        assert f"http://127.0.0.1:{port + 1}/" in result.stdout


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_a_port_that_is_none_is_refused(port: str, built: Path) -> None:
    result = run("serve", "--db", built, "--port", port)
    assert result.exit_code == 2
    assert "--port" in result.stderr


# ---------------------------------------------------------------------------- all commands


def test_the_version_is_printed() -> None:
    assert run("--version").stdout == f"kb, version {__version__}\n"


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_explains_itself(name: str) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: main {name} ")


@pytest.mark.parametrize("arguments", [("nonsense",), ("build", "--nonsense"), ("claim",)])
def test_wrong_usage_exits_2(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Usage:" in result.stderr


@pytest.mark.parametrize("number", [errno.EACCES, errno.EADDRNOTAVAIL])
def test_a_port_that_cannot_be_had_for_another_reason_is_not_called_taken(
    number: int, monkeypatch: pytest.MonkeyPatch, built: Path
) -> None:
    class Refusing(socket.socket):
        """A socket that the system will not bind."""

        def bind(self, address: object, /) -> None:
            raise OSError(number, os.strerror(number))

    monkeypatch.setattr("kb.serve.socket.socket", Refusing)
    with pytest.raises(KbError, match=r"cannot listen on 192\.0\.2\.1:80: .*; choose another --host or --port"):
        free_port("192.0.2.1", 80)
    result = run("serve", "--db", built, "--host", "192.0.2.1", "--port", "80")
    assert (result.exit_code, result.stdout) == (2, "")
    assert os.strerror(number) in result.stderr
    assert "taken" not in result.stderr
