"""What the tests of broken facts share: how to break a copy of the facts, and what the user must be told of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner, Result

from kb.cli import main
from kb.dataset import TRIAL_COLUMNS

STUDY = "studies/miller2005.yml"
OTHER = "studies/lister1995.yml"
CLAIMS = "claims/nk-nkt-page.yml"
PUBMED = "https://pubmed.ncbi.nlm.nih.gov"


@dataclass(frozen=True)
class Fault:
    """What the user must be told: where it is, what is wrong, what to do."""

    file: str
    line: int
    message: str
    remedy: str

    def is_told(self, output: str) -> bool:
        place = f"data/{self.file}:{self.line}" if self.line else f"data/{self.file}"
        lines = [line for line in output.splitlines() if line.startswith((f"{place} [", f"{place}: "))]
        return any(self.message in line and self.remedy in line.partition(" → ")[2] for line in lines)


Break = Callable[[Path], Fault]


def line_of(path: Path, text: str) -> int:
    """Return the first line that holds this text."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def replace(facts: Path, file: str, old: str, new: str) -> int:
    """Replace the first occurrence, and return the line of what is new."""
    path = facts / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"the test needs {old!r} in {file}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def append(facts: Path, file: str, text: str) -> int:
    """Add lines at the end, and return the line of the first."""
    path = facts / file
    before = path.read_text(encoding="utf-8")
    assert before.endswith("\n")
    path.write_text(before + text, encoding="utf-8")
    return before.count("\n") + 1


def trial_row(**cells: str) -> str:
    """One good row of trials.csv, changed in the cells given."""
    good = {
        "id": "NCT00000001",
        "registry": "ClinicalTrials.gov",
        "cell_type": "nk",
        "is_nk_therapy": "true",
        "source": "https://example.org/made-up",
        "retrieved": "2026",
        "checked": "registry",
    }
    return ",".join({**good, **cells}.get(column, "") for column in TRIAL_COLUMNS) + "\n"


def run(*arguments: object) -> Result:
    """Run the command; an exception other than a clean exit is a traceback the user would see."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def is_named_and_the_old_store_stays(breaks: Break, facts: Path) -> None:
    """Break these facts; both commands must say so, and a build must leave the store that was there."""
    fault = breaks(facts)
    store = facts.parent / "build" / "evidence.db"
    store.parent.mkdir()
    store.write_bytes(b"the old store")

    verified = run("verify", "--data", facts)
    assert verified.exit_code == 1
    assert fault.is_told(verified.stderr), verified.output
    assert verified.stdout == ""

    built = run("build", "--data", facts, "--out", store)
    assert built.exit_code == 2
    assert fault.is_told(built.stderr), built.output
    assert built.stdout == ""
    assert store.read_bytes() == b"the old store"
    assert [path.name for path in store.parent.iterdir()] == ["evidence.db"]
