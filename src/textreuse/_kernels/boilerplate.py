"""Which shingles stand in many documents, and which tokens belong to runs of them."""

from __future__ import annotations

import numpy as np

from textreuse._kernels._jit import kernel


@kernel
def mark_widespread(order, members, unit, least, last_group, widespread):
    """Mark with 1 each anchor (by its number) whose shingle stands in `least` documents or more.

    `order` holds the anchors of each group side by side, `members` the same with their documents (see `AnchorIndex`);
    documents of one number in `unit` count as one. `last_group` (-1 for each unit) is scratch.
    """
    n = len(order)
    i = 0
    while i < n:
        j = i + 1
        while j < n and members[j] >> np.uint64(63) == 0:
            j += 1
        if j - i >= least:
            holders = 0
            for s in range(i, j):
                of = unit[(members[s] >> np.uint64(32)) & np.uint64(0x3FFFFFFF)]
                if last_group[of] != i:
                    last_group[of] = i
                    holders += 1
            if holders >= least:
                for s in range(i, j):
                    widespread[order[s]] = 1
        i = j


@kernel
def mark_spans(starts, stops, marked):
    """Mark with 1 what lies within one of the spans."""
    for s in range(len(starts)):
        for i in range(starts[s], stops[s]):
            marked[i] = 1
