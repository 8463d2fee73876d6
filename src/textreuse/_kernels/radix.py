"""The two passes of a radix sort from the lowest digit up (LSD): count digits, move keys by one of them."""

from __future__ import annotations

import numpy as np

from textreuse._kernels._jit import kernel

DIGIT = 8  # bits: with 256 places to write to at a time, these stay in the innermost cache and in its page table
MASK = np.uint64((1 << DIGIT) - 1)


@kernel
def count_digits(keys, first_bit, counts):
    """Add to `counts` (a row of 2**DIGIT per digit) how often each digit occurs, from `first_bit` up."""
    n_digits = len(counts)
    for i in range(len(keys)):
        rest = keys[i] >> np.uint64(first_bit)
        for d in range(n_digits):
            counts[d, np.int64(rest & MASK)] += 1
            rest >>= np.uint64(DIGIT)


@kernel
def move_by_digit(keys, first_bit, places, moved):
    """Write each key to where its digit, from `first_bit` up, goes next; `places` (by digit) moves on."""
    shift = np.uint64(first_bit)
    for i in range(len(keys)):
        key = keys[i]
        digit = np.int64((key >> shift) & MASK)
        moved[places[digit]] = key
        places[digit] += 1
