"""Sorting 64-bit keys, several times as fast as numpy does."""

from __future__ import annotations

import numpy as np

from textreuse._parallel import heed_interrupt
from textreuse.model import UInt64Array

PIECE = 1 << 23  # keys that a kernel handles before it heeds an interrupt
SMALL = 3000  # so few keys numpy sorts as fast


def sort_keys(keys: UInt64Array, first_bit: int = 0, last_bit: int = 64) -> UInt64Array:
    """Return the keys in order of their bits `first_bit` to `last_bit` (half-open); all higher bits must be zero.

    Keys that agree in these bits stay in the order that they have. The array passed may be overwritten.

    >>> sort_keys(np.array([3, 1, 2], np.uint64)).tolist()
    [1, 2, 3]
    """
    from textreuse._kernels.radix import DIGIT, count_digits, move_by_digit

    if len(keys) <= SMALL:
        return keys[np.argsort(keys >> np.uint64(first_bit), kind="stable")]
    counts = np.zeros((-(-(last_bit - first_bit) // DIGIT), 1 << DIGIT), np.int64)
    for start in range(0, len(keys), PIECE):
        heed_interrupt()
        count_digits(keys[start : start + PIECE], first_bit, counts)
    spare = np.empty_like(keys)
    for number, of_digit in enumerate(counts):
        if of_digit.max() < len(keys):  # else all agree in this digit
            places = np.cumsum(of_digit) - of_digit
            for start in range(0, len(keys), PIECE):
                heed_interrupt()
                move_by_digit(keys[start : start + PIECE], first_bit + number * DIGIT, places, spare)
            keys, spare = spare, keys
    return keys
