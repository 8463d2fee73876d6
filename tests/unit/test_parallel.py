from __future__ import annotations

from collections.abc import Iterator
from threading import Event
from time import monotonic, sleep

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textreuse._parallel import GivenUpError, document_chunks, heed_interrupt, run_chunks


@given(st.lists(st.integers(0, 9), max_size=12), st.integers(1, 20))
def test_ranges_of_documents_follow_each_other_and_end_once_they_are_large_enough(sizes: list[int], size: int) -> None:
    bounds = np.cumsum([0, *sizes])
    ranges = list(document_chunks(bounds, size))
    assert [n for first, last in ranges for n in range(first, last)] == list(range(len(sizes)))
    assert all(bounds[last - 1] - bounds[first] < size for first, last in ranges)  # none goes on beyond what it needs
    assert all(bounds[last] - bounds[first] >= size for first, last in ranges[:-1])


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_results_come_in_the_order_of_chunks(threads: int) -> None:
    def slow_at_first(n: int) -> int:
        sleep(0.02 if n == 0 else 0)
        return n * n

    assert list(run_chunks(slow_at_first, range(8), threads)) == [n * n for n in range(8)]


def test_what_runs_is_given_up_once_nobody_waits_for_it() -> None:
    running, given_up = Event(), []

    def work(n: int) -> None:
        if n == 0:
            running.wait(10)
            raise ValueError("no")
        running.set()
        deadline = monotonic() + 10
        while monotonic() < deadline:
            try:
                heed_interrupt()
            except GivenUpError:
                given_up.append(n)
                raise
            sleep(0.001)

    with pytest.raises(ValueError, match="no"):
        list(run_chunks(work, [0, 1], 2))
    assert given_up == [1]


def test_work_within_work_is_given_up_too() -> None:
    running, begun = Event(), []

    def inner(n: int) -> int:
        begun.append(n)
        running.set()
        sleep(0.005)
        return n

    def outer(n: int) -> None:
        if n == 0:
            running.wait(10)
            raise ValueError("no")
        list(run_chunks(inner, range(10_000), 2))

    with pytest.raises(ValueError, match="no"):
        list(run_chunks(outer, [0, 1], 2))
    assert len(begun) < 5_000


def test_the_main_thread_is_never_given_up() -> None:
    def numbers() -> Iterator[int]:
        yield from (1, 2)
        raise KeyError("end")

    with pytest.raises(KeyError):
        list(run_chunks(lambda n: n, numbers(), 2))
    heed_interrupt()
