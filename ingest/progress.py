"""How a run is shown while it lasts: bars with an estimate on a terminal, only troubles elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn


class Silent:
    """Watches nothing; troubles still go to standard error."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def step(self, name: str, total: int | None = None) -> None:
        """Begin a step."""

    def advance(self, count: int = 1) -> None:
        """Note units of the current step."""

    def note(self, line: str) -> None:
        """Say that something went wrong and is tried again."""
        self._console.print(line, highlight=False, markup=False, soft_wrap=True)


class Bar(Silent):
    """Draws a bar with the time that is left."""

    def __init__(self, console: Console, progress: Progress) -> None:
        super().__init__(console)
        self._progress = progress
        self._task = progress.add_task("", total=None, visible=False)

    def step(self, name: str, total: int | None = None) -> None:
        """Begin a step."""
        self._progress.update(self._task, visible=False)
        self._task = self._progress.add_task(name, total=total)

    def advance(self, count: int = 1) -> None:
        """Note units of the current step."""
        self._progress.advance(self._task, count)


@contextmanager
def shown() -> Iterator[Silent]:
    """Give a bar on standard error when it is a terminal."""
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
    with Progress(*columns, console=console) as progress:
        yield Bar(console, progress)
