"""Threads over chunks: the kernels release the GIL, so threads are enough, and results come in the order of chunks."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from threading import Event, Thread, local
from typing import Any, NamedTuple, TypeVar

import numpy as np

from textreuse.model import Int64Array

CHUNK_TOKENS = 1 << 21
LEAST_SHARE = 1 << 17  # shingles: half a millisecond of work, several times what it takes to begin a thread

_of_thread = local()  # its attribute is_given_up() tells whether nobody waits for what a thread computes

Chunk = TypeVar("Chunk")
Result = TypeVar("Result")


class GivenUpError(Exception):
    """Ends a thread whose result nobody waits for."""


def keep_freed_memory() -> None:
    """Let glibc keep what is freed, up to 64 MB, for the next chunk instead of giving it back to the system.

    It does so once a block of just under 32 MB was freed, as mallopt(3) says under M_MMAP_THRESHOLD. Memory that was
    given back comes as new pages, and over chunks of text that costs as long as the work itself. Does nothing
    elsewhere: the block is never touched.
    """
    np.empty((1 << 25) - (1 << 16), np.uint8)


def even_chunks(n_items: int, chunk_size: int) -> Iterator[tuple[int, int]]:
    """Yield the half-open ranges of `chunk_size` items (the last may be shorter) that make up `n_items`.

    >>> list(even_chunks(5, 2))
    [(0, 2), (2, 4), (4, 5)]
    """
    for start in range(0, n_items, chunk_size):
        yield start, min(start + chunk_size, n_items)


def threads_for(n_shingles: int, threads: int) -> int:
    """Return how many of `threads` are worth beginning for work on so many shingles, a few passes over each.

    >>> threads_for(LEAST_SHARE // 2, 4), threads_for(2 * LEAST_SHARE, 4), threads_for(9 * LEAST_SHARE, 4)
    (1, 2, 4)
    """
    return max(1, min(threads, n_shingles // LEAST_SHARE))


def shares(n_items: int, n_shares: int) -> Iterator[tuple[int, int]]:
    """Yield `n_shares` ranges of about equal length that make up `n_items`, fewer where there are too few items.

    >>> list(shares(5, 2)), list(shares(0, 2))
    ([(0, 3), (3, 5)], [])
    """
    return even_chunks(n_items, max(1, -(-n_items // n_shares)))


def document_chunks(bounds: Int64Array, size: int = CHUNK_TOKENS) -> Iterator[tuple[int, int]]:
    """Yield the ranges of documents with about `size` tokens together that make up all documents; `bounds` is theirs.

    Kernels that work on such a range at a time can share the work among threads, and heed an interrupt soon.

    >>> list(document_chunks(np.array([0, 4, 5, 5, 20, 21]), size=5))
    [(0, 2), (2, 4), (4, 5)]
    """
    first, n_documents = 0, len(bounds) - 1
    while first < n_documents:
        last = int(np.searchsorted(bounds, bounds[first] + size, side="left"))
        last = min(max(last, first + 1), n_documents)
        yield first, last
        first = last


def run_chunks(function: Callable[[Chunk], Result], chunks: Iterable[Chunk], threads: int) -> Iterator[Result]:
    """Yield `function(chunk)` for each chunk, in the order of the chunks, computed by `threads` threads.

    The caller's thread is one of them; it alone draws chunks. They are drawn as threads become free and results are
    handed over as soon as their turn comes, so at most 2 * `threads` of them are held. The first exception in the order
    of chunks is raised; what has not started by then never starts, and what runs ends where it heeds interrupts.

    >>> list(run_chunks(lambda chunk: chunk[1] - chunk[0], even_chunks(5, 2), threads=2))
    [2, 2, 1]
    """
    if threads <= 1:
        for chunk in chunks:
            heed_interrupt()
            yield function(chunk)
        return
    crew = _Crew(threads)
    waiting: deque[Future[Result]] = deque()
    try:
        for chunk in chunks:
            heed_interrupt()
            waiting.append(crew.submit(partial(function, chunk)))
            if len(waiting) >= 2 * threads:
                yield crew.result(waiting.popleft())
        while waiting:
            yield crew.result(waiting.popleft())
    finally:
        crew.give_up()


class _Task(NamedTuple):
    number: int
    future: Future[Any]
    work: Callable[[], Any]


class _Crew:
    """The threads of one run: the caller's, which works instead of waiting, and others, begun when there is work."""

    def __init__(self, threads: int) -> None:
        self._most_others, self._others = threads - 1, list[Thread]()
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        self._n_submitted, self._first_failed = 0, sys.maxsize
        self._is_over = Event()

    def submit(self, work: Callable[[], Result]) -> Future[Result]:
        """Leave work to whoever is free first."""
        future: Future[Result] = Future()
        self._tasks.put(_Task(self._n_submitted, future, work))
        self._n_submitted += 1
        # the caller's thread takes care of one task, so that one alone begins no thread
        if self._tasks.qsize() > 1 and len(self._others) < self._most_others:
            self._others.append(Thread(target=self._help, daemon=True))
            self._others[-1].start()
        return future

    def result(self, future: Future[Result]) -> Result:
        """Return the result; while it is not there, work on what nobody has begun."""
        while not future.done():
            heed_interrupt()
            try:
                task = self._tasks.get_nowait()
            except Empty:
                break
            if task is not None:
                self._carry_out_here(task)
        return future.result()

    def give_up(self) -> None:
        """End the other threads; what nobody has begun stays undone."""
        self._is_over.set()
        with suppress(Empty):
            while True:
                self._tasks.get_nowait()
        for _ in self._others:
            self._tasks.put(None)
        for thread in self._others:
            thread.join()

    def _help(self) -> None:
        _of_thread.is_given_up = self._is_over.is_set
        while (task := self._tasks.get()) is not None:
            self._carry_out(task)

    def _carry_out_here(self, task: _Task) -> None:
        """Do the work in the caller's thread, which may itself work for one that is given up."""
        outer = getattr(_of_thread, "is_given_up", None)
        _of_thread.is_given_up = lambda: self._first_failed < task.number or (outer is not None and outer())
        try:
            self._carry_out(task)
        finally:
            _of_thread.is_given_up = outer

    def _carry_out(self, task: _Task) -> None:
        """Do the work, unless some before it has failed. An interrupt of the caller's thread ends it at once."""
        if task.number > self._first_failed:
            return
        try:
            result = task.work()
        except BaseException as error:
            self._first_failed = min(self._first_failed, task.number)
            task.future.set_exception(error)
            if not isinstance(error, Exception):
                raise
        else:
            task.future.set_result(result)


def heed_interrupt() -> None:
    """Raise GivenUpError in a thread whose result nobody waits for any more. Long loops over kernels call it.

    An interrupt (Ctrl-C) reaches the main thread only, which then gives up what other threads do for it.
    """
    is_given_up: Callable[[], bool] | None = getattr(_of_thread, "is_given_up", None)
    if is_given_up is not None and is_given_up():
        raise GivenUpError
