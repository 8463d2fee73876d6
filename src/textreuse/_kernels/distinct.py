"""The set of shingles of each document: every id once."""

from __future__ import annotations

import numpy as np

from textreuse._kernels._jit import kernel

ONE = np.uint64(1)


@kernel
def fill_distinct(ids, lengths, bounds, table, distinct, distinct_bounds):
    """Write each document's different ids, in order of first appearance; return how many there are.

    Places with length 0 hold no shingle. `table` (a power of two of slots, all zero, at least twice as many as the
    longest document has ids) is left all zero. Document d gets distinct_bounds[d] to distinct_bounds[d + 1].
    """
    n = 0
    distinct_bounds[0] = 0
    for d in range(len(bounds) - 1):
        slots = 2
        while slots < 2 * (bounds[d + 1] - bounds[d]):
            slots *= 2
        mask = np.uint64(slots - 1)
        has_zero = False
        for i in range(bounds[d], bounds[d + 1]):
            if lengths[i] == 0:
                continue
            x = ids[i]
            if x == 0:  # a free slot looks like this one
                if not has_zero:
                    has_zero = True
                    distinct[n] = x
                    n += 1
                continue
            slot = (x ^ (x >> np.uint64(32))) & mask
            while table[slot] != 0 and table[slot] != x:
                slot = (slot + ONE) & mask
            if table[slot] == 0:
                table[slot] = x
                distinct[n] = x
                n += 1
        table[:slots] = 0
        distinct_bounds[d + 1] = n
    return n
