"""What the command line shows on stderr while it works: bars on a terminal, nothing in a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Timer
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

COMPILING = "First run: the inner loops are being compiled, once. This takes about 20 seconds."
SECONDS_BEFORE_NOTE = 1.0  # what is over sooner needs no explanation


class RateColumn(ProgressColumn):
    """How much is done a second, where a step has parts."""

    def render(self, task: Task) -> Text:
        """Return the rate, or nothing."""
        if task.speed is None or (task.total or 0) <= 1:
            return Text("")
        return Text(f"{task.speed:,.0f}/s", style="progress.data.speed")


class ProgressBars:
    """A context manager to be called with (step, done, total); shows one bar per step while it is open.

    Shows nothing where `console` is not a terminal or `quiet` is true.
    """

    def __init__(self, console: Console, *, quiet: bool = False) -> None:
        self.shown = console.is_terminal and not quiet
        self._bars = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            RateColumn(),
            TimeRemainingColumn(compact=True),
            console=console,
            transient=True,
        )
        self._tasks: dict[str, TaskID] = {}
        self.note = Timer(SECONDS_BEFORE_NOTE, self._bars.console.print, [COMPILING], {"style": "dim"})
        self.note.daemon = True

    def __enter__(self) -> ProgressBars:
        if self.shown:
            self._bars.start()
            if not kernels_are_compiled():
                self.note.start()
        return self

    def __call__(self, step: str, done: int, total: int) -> None:
        """Show that `done` of `total` parts of `step` are done."""
        if not self.shown:
            return
        if step not in self._tasks:
            self._tasks[step] = self._bars.add_task(step, total=total)
        self._bars.update(self._tasks[step], completed=done, total=total)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.note.cancel()
        if self.shown:
            self._bars.stop()


def kernels_are_compiled() -> bool:
    """Return whether numba has compiled a kernel since the newest of them was installed, or need not compile any."""
    if os.environ.get("NUMBA_DISABLE_JIT") == "1":
        return True
    sources = Path(__file__).with_name("_kernels")
    newest = max((source.stat().st_mtime for source in sources.glob("[!_]*.py")), default=0.0)
    tag = f"py{sys.version_info.major}{sys.version_info.minor}"
    return any(
        index.stat().st_mtime >= newest for folder in _cache_folders(sources) for index in folder.glob(f"*{tag}*.nbi")
    )


def _cache_folders(sources: Path) -> Iterator[Path]:
    """Yield the folders in which numba may keep what it compiled from `sources` (see numba.core.caching)."""
    users = {"darwin": "~/Library/Caches/numba", "win32": "~/AppData/Local/numba/Cache"}
    parents = [Path(users.get(sys.platform, f"{os.environ.get('XDG_CACHE_HOME', '~/.cache')}/numba")).expanduser()]
    if by_hand := os.environ.get("NUMBA_CACHE_DIR"):
        parents = [Path(by_hand)]
    else:
        yield sources / "__pycache__"
    for parent in parents:
        yield from parent.glob(f"{sources.name}_*")
