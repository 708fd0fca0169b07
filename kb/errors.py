"""Errors a user can act on. The command line alone turns them into messages and exit codes.

::

    KbError                  anything we know how to explain
    ├── DataError            data/ is wrong: a list of problems, each with file, line and remedy
    ├── BuildError           the store could not be written; the old one is untouched
    ├── ExportError          a file could not be written, or must not be; what was there is untouched
    └── NotFoundError        the thing asked for is not in the store
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class KbError(Exception):
    """Root of all errors that carry a message for the user."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong with one place of a data file.

    Attributes:
        file: path as the user knows it, relative to the data directory's parent.
        line: 1-based line, 0 when the whole file is meant.
        where: field or row inside the file.
        message: what is wrong.
        remedy: what to do about it.
        rule: short name of the check that found it.
    """

    file: str
    line: int
    where: str
    message: str
    remedy: str
    rule: str = "schema"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        where = f" [{self.where}]" if self.where else ""
        return f"{place}{where}: {self.message} → {self.remedy}"


class DataError(KbError):
    """Data files that cannot be used as they are.

    Args:
        problems: at least one; kept sorted by file and line.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class BuildError(KbError):
    """The store could not be written; whatever was there before still is."""


class ExportError(KbError):
    """Files could not be exported; whatever was there before still is."""


class NotFoundError(KbError):
    """No record of that id in the store."""
