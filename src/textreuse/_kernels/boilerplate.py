"""Which shingles stand in many documents, and which tokens belong to runs of them."""

from __future__ import annotations

from textreuse._kernels._jit import kernel


@kernel
def mark_widespread(order, order_document, group_start, unit, least, last_group, widespread):
    """Mark with 1 each anchor (by its number) whose shingle stands in `least` documents or more.

    `order` holds the anchors of each group side by side, `order_document` their documents; documents of one number in
    `unit` count as one. `last_group` (-1 for each unit) is scratch.
    """
    n = len(order)
    i = 0
    while i < n:
        group = group_start[order[i]]
        j = i + 1
        while j < n and group >= 0 and group_start[order[j]] == group:
            j += 1
        if j - i >= least:
            holders = 0
            for s in range(i, j):
                of = unit[order_document[s]]
                if last_group[of] != group:
                    last_group[of] = group
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
