"""What long work tells while it lasts: a bar with the time left on a terminal, only troubles elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress


class Progress(Protocol):
    """Receives the steps of long work; the command line shows them."""

    def step(self, name: str, total: int | None = None) -> None:
        """Begin a step."""

    def advance(self, count: int = 1) -> None:
        """Note units of the current step."""


class Silent:
    """Progress that nobody watches; troubles still go to the console, when there is one.

    Args:
        console: where troubles are told; None for nowhere.
    """

    def __init__(self, console: Console | None = None) -> None:
        self._console = console

    def step(self, name: str, total: int | None = None) -> None:
        """Begin a step."""

    def advance(self, count: int = 1) -> None:
        """Note units of the current step."""

    def note(self, line: str) -> None:
        """Say that something went wrong and is tried again."""
        if self._console is not None:
            self._console.print(line, highlight=False, markup=False, soft_wrap=True)


class Bar(Silent):
    """Progress drawn by rich, one line a step."""

    def __init__(self, console: Console, progress: RichProgress) -> None:
        super().__init__(console)
        self._progress = progress
        self._task: int | None = None

    def step(self, name: str, total: int | None = None) -> None:
        """Finish the step before and begin another."""
        if self._task is not None:
            done = self._progress.tasks[self._task].completed
            self._progress.update(self._task, total=max(done, 1), completed=max(done, 1))  # type: ignore[arg-type]
        self._task = self._progress.add_task(name, total=total)

    def advance(self, count: int = 1) -> None:
        """Note units of the current step."""
        if self._task is not None:
            self._progress.advance(self._task, count)  # type: ignore[arg-type]


@contextmanager
def shown() -> Iterator[Silent]:
    """Give a progress bar on standard error when it is a terminal, else one that only tells troubles."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield Silent(console)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with RichProgress(*columns, console=console) as progress:
        yield Bar(console, progress)
