"""Dense numbers for token hashes, by open addressing."""

from __future__ import annotations

import numpy as np

from textreuse._kernels._jit import kernel


@kernel
def number_hashes(hashes, start, table_hashes, table_numbers, vocabulary, n_words, numbers):
    """Write a dense number for each hash from `start` on, in order of first appearance.

    `table_numbers` holds number + 1, 0 for a free slot; its length is a power of two. Stops when the table is half
    full. Returns (position reached, size of the vocabulary); the caller then makes the table larger and goes on.
    """
    mask = np.uint64(len(table_hashes) - 1)
    limit = len(table_hashes) // 2
    i = start
    while i < len(hashes):
        h = hashes[i]
        slot = (h ^ (h >> np.uint64(32))) & mask
        while table_numbers[slot] != 0 and table_hashes[slot] != h:
            slot = (slot + np.uint64(1)) & mask
        if table_numbers[slot] == 0:
            if n_words >= limit:
                break
            table_hashes[slot] = h
            vocabulary[n_words] = h
            n_words += 1
            table_numbers[slot] = n_words
        numbers[i] = table_numbers[slot] - 1
        i += 1
    return i, n_words


@kernel
def refill_table(vocabulary, n_words, table_hashes, table_numbers):
    """Enter the first `n_words` hashes of the vocabulary into an empty table."""
    mask = np.uint64(len(table_hashes) - 1)
    for number in range(n_words):
        h = vocabulary[number]
        slot = (h ^ (h >> np.uint64(32))) & mask
        while table_numbers[slot] != 0:
            slot = (slot + np.uint64(1)) & mask
        table_hashes[slot] = h
        table_numbers[slot] = number + 1
