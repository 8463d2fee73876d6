"""Threads over chunks: the kernels release the GIL, so threads are enough, and results come in the order of chunks."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event, local
from typing import TypeVar

import numpy as np

from textreuse.model import Int64Array

CHUNK_TOKENS = 1 << 21

_of_thread = local()  # its attribute is_over is set once nobody waits for what a thread computes

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

    Chunks are drawn as threads become free and results are handed over as soon as their turn comes, so at most
    2 * `threads` of them are held. With one thread everything runs in the caller's thread. The first exception in
    the order of chunks is raised; what has not started by then never starts, and what runs ends where it heeds
    interrupts.

    >>> list(run_chunks(lambda chunk: chunk[1] - chunk[0], even_chunks(5, 2), threads=2))
    [2, 2, 1]
    """
    if threads <= 1:
        for chunk in chunks:
            heed_interrupt()
            yield function(chunk)
        return
    is_over = Event()

    def run(chunk: Chunk) -> Result:
        _of_thread.is_over = is_over
        return function(chunk)

    with ThreadPoolExecutor(max_workers=threads) as executor:
        waiting: deque[Future[Result]] = deque()
        try:
            for chunk in chunks:
                heed_interrupt()
                waiting.append(executor.submit(run, chunk))
                if len(waiting) >= 2 * threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            is_over.set()
            for future in waiting:
                future.cancel()


def heed_interrupt() -> None:
    """Raise GivenUpError in a thread whose result nobody waits for any more. Long loops over kernels call it.

    An interrupt (Ctrl-C) reaches the main thread only, which then gives up what other threads do for it.
    """
    is_over: Event | None = getattr(_of_thread, "is_over", None)
    if is_over is not None and is_over.is_set():
        raise GivenUpError
