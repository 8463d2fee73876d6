"""Seconds and memory per step of a run, and the user's progress callback."""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import perf_counter
from typing import TypeVar

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

Progress = Callable[[str, int, int], None]
Result = TypeVar("Result")


def peak_bytes() -> int | None:
    """Return the most memory that this process has taken so far, None where the system does not tell."""
    if resource is None:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak


class Clock:
    """Measures the steps of a run: `with clock.step("read"): ...`; `seconds` holds what they took.

    `peaks` has the most memory that the process had taken, in bytes, by the end of each step: a step after which it is
    higher than before is one that needed more than all before it. Empty on Windows.
    """

    def __init__(self, progress: Progress | None) -> None:
        self.seconds: dict[str, float] = {}
        self.peaks: dict[str, int] = {}
        self._progress = progress
        self._step = ""
        self._start = 0.0

    def step(self, name: str) -> Clock:
        """Return the clock itself, set to a step that begins when it is entered."""
        self._step = name
        return self

    def __enter__(self) -> None:
        self._start = perf_counter()
        self.report(0, 1)

    def __exit__(self, *_: object) -> None:
        self.seconds[self._step] = perf_counter() - self._start
        peak = peak_bytes()
        if peak is not None:
            self.peaks[self._step] = peak
        self.report(1, 1)

    def timed(self, name: str, function: Callable[[], Result]) -> Callable[[], Result]:
        """Return a function that does the same and notes how long it took, for parts of a step side by side."""

        def call() -> Result:
            start = perf_counter()
            result = function()
            self.seconds[name] = perf_counter() - start
            return result

        return call

    def report(self, done: int, total: int) -> None:
        """Tell the user's callback that `done` of `total` parts of the step are done."""
        if self._progress is not None:
            self._progress(self._step, done, total)

    def report_count(self, done: int) -> None:
        """Tell the user's callback that `done` parts of the step are done, out of nobody knows how many."""
        self.report(done, done)
