"""A progress bar on a terminal, silence elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from kb.build import Progress as BuildProgress
from kb.build import Silent


class _Bar:
    """Build progress drawn by rich."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: int | None = None

    def step(self, name: str, total: int | None = None) -> None:
        """Finish the step before and begin another."""
        if self._task is not None:
            done = self._progress.tasks[self._task].completed
            self._progress.update(self._task, total=max(done, 1), completed=max(done, 1))  # type: ignore[arg-type]
        self._task = self._progress.add_task(name, total=total)

    def advance(self) -> None:
        """Note one unit of the current step."""
        if self._task is not None:
            self._progress.advance(self._task)  # type: ignore[arg-type]


@contextmanager
def shown() -> Iterator[BuildProgress]:
    """Give a progress bar on standard error when it is a terminal, else a silent one."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield Silent()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        yield _Bar(progress)
