"""Sorting by bits, against Python's sort."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from textreuse._kernels.radix import count_digits, move_by_digit
from textreuse._sorting import SMALL, sort_keys


@given(st.lists(st.integers(0, 2**20 - 1), max_size=60), st.integers(0, 20), st.sampled_from([1, SMALL]))
def test_keys_are_sorted_by_the_bits_asked_for_and_stay_in_order_otherwise(
    drawn: list[int], first: int, times: int
) -> None:
    keys = drawn * times  # more than SMALL go another way
    found = sort_keys(np.array(keys, np.uint64), first, 20)
    assert found.tolist() == sorted(keys, key=lambda key: key >> first)


@given(st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=30))
def test_all_64_bits_may_be_used(drawn: list[int]) -> None:
    keys = drawn * SMALL
    assert sort_keys(np.array(keys, np.uint64)).tolist() == sorted(keys)


@given(st.lists(st.integers(0, 2**16 - 1), max_size=40))
def test_a_pass_moves_keys_by_one_digit(drawn: list[int]) -> None:
    keys = np.array(drawn, np.uint64)
    counts = np.zeros((2, 256), np.int64)
    count_digits(keys, 0, counts)
    assert counts.sum(axis=1).tolist() == [len(drawn)] * 2
    moved = np.empty_like(keys)
    move_by_digit(keys, 8, np.cumsum(counts[1]) - counts[1], moved)
    assert moved.tolist() == sorted(drawn, key=lambda key: key >> 8)
