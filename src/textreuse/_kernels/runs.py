"""Maximal exact runs that two documents have in common, from sorted hits.

The first half of seed and chain (minimap2: Li 2018): hits far from all others are dropped, the rest grow to runs.
"""

from __future__ import annotations

import numpy as np

from textreuse._kernels._jit import inner_kernel, kernel

BUDGET = 256  # tokens that runs of a pair may grow in all, per token of the two documents; only repetitions need more
REACH = 4096  # tokens that a run then still grows from a hit
FEW = 24  # so few are sorted by insertion
LOW_31 = (np.int64(1) << 31) - 1


@inner_kernel
def _sort(keys, scratch):
    """Sort in place, few by insertion, many of these merged; `scratch` is as long. (numba's sort compiles slowly.)"""
    n = len(keys)
    for first in range(0, n, FEW):
        for i in range(first + 1, min(n, first + FEW)):
            key = keys[i]
            j = i - 1
            while j >= first and keys[j] > key:
                keys[j + 1] = keys[j]
                j -= 1
            keys[j + 1] = key
    width = FEW
    while width < n:
        for low in range(0, n, 2 * width):
            i = low
            middle = min(n, low + width)
            j = middle
            stop = min(n, low + 2 * width)
            for place in range(low, stop):
                if i < middle and (j >= stop or keys[i] <= keys[j]):
                    scratch[place] = keys[i]
                    i += 1
                else:
                    scratch[place] = keys[j]
                    j += 1
        for place in range(n):
            keys[place] = scratch[place]
        width *= 2


@inner_kernel
def _split(axis, order, first, last, gap, pieces, n_pieces, depth, keys, scratch):
    """Sort order[first:last] by `axis` and push the pieces between gaps wider than `gap` onto a stack."""
    n = last - first
    is_sorted = True
    for i in range(first + 1, last):
        is_sorted = is_sorted and axis[order[i - 1]] <= axis[order[i]]
    if not is_sorted:  # hits come in order of x
        for i in range(n):
            keys[i] = (np.int64(axis[order[first + i]]) << 31) | np.int64(order[first + i])
        _sort(keys[:n], scratch)
        for i in range(n):
            order[first + i] = keys[i] & LOW_31
    start = first
    for i in range(first + 1, last + 1):
        if i == last or axis[order[i]] - axis[order[i - 1]] > gap:
            pieces[n_pieces, 0] = start
            pieces[n_pieces, 1] = i
            # a piece that is the whole has not been split by this axis
            pieces[n_pieces, 2] = depth + 1 if (start == first and i == last) else 0
            n_pieces += 1
            start = i
    return n_pieces


@inner_kernel
def _by_diagonal(hx, hy, members, keys, scratch):
    """Return keys of hits, ascending: the diagonal x - y in the upper half, x in the lower. They are in `keys`."""
    for s in range(len(members)):
        h = members[s]
        keys[s] = ((np.int64(hx[h]) - hy[h] + (np.int64(1) << 31)) << 31) | np.int64(hx[h])
    _sort(keys[: len(members)], scratch)
    return keys[: len(members)]


@inner_kernel
def _is_wanted(marks, members):
    """Return whether half of the hits are of shingles that are not widespread, or one is of documents linked anyway.

    What consists of widespread shingles is most likely boilerplate. `marks` are the lowest two bits of the hits (see
    `fill_hits`).
    """
    n_plain = 0
    for h in members:
        if marks[h] == 1:
            return True
        n_plain += marks[h] == 2
    return 2 * n_plain >= len(members)


@inner_kernel
def _grow_runs(keys, ids_x, ids_y, is_self, min_self_distance, budget, run_x, run_y, run_length, at):
    """Write the runs around hits (see _by_diagonal) from `at` on; returns (where they end, what is left of the budget).

    No more runs are written than there are hits.
    """
    last = at + len(keys)
    diagonal = np.int64(-1)
    done = np.int64(-1)
    for key in keys:
        d = key >> 31
        x = key & LOW_31
        y = x - (d - (np.int64(1) << 31))
        if (is_self and y - x < min_self_distance) or (d == diagonal and x < done):
            continue
        reach = REACH if budget <= 0 else max(len(ids_x), len(ids_y))
        a = x
        b = y
        least = max(0, x - reach)
        while a > least and b > 0 and ids_x[a - 1] == ids_y[b - 1]:
            a -= 1
            b -= 1
        stop = x
        other = y
        most = min(len(ids_x), x + reach)
        while stop < most and other < len(ids_y) and ids_x[stop] == ids_y[other]:
            stop += 1
            other += 1
        budget -= stop - a
        diagonal = d
        done = stop
        # a repetition of what stands right before it: cut, so that no passage overlaps itself
        piece = b - a if is_self else stop - a
        while a < stop and at < last:
            run_x[at] = a
            run_y[at] = b
            run_length[at] = min(piece, stop - a)
            at += 1
            a += piece
            b += piece
    return at, budget


@inner_kernel
def _document_of(bounds, position):
    """Return the last document that starts at or before a position of the collection."""
    low = 0
    high = len(bounds)
    while low < high:
        middle = (low + high) >> 1
        if bounds[middle] <= position:
            low = middle + 1
        else:
            high = middle
    return low - 1


@inner_kernel
def _room(capacity):
    """Return what holds the hits of a pair: x, y, order, marks, two for sorting, a stack of stretches of the order."""
    hx, hy, order = (np.empty(capacity, np.int32), np.empty(capacity, np.int32), np.empty(capacity, np.int32))
    pieces = np.empty((2 * capacity + 2, 3), np.int32)  # first, last, depth
    keys, scratch = np.empty(capacity, np.int64), np.empty(capacity, np.int64)
    return hx, hy, order, np.empty(capacity, np.uint8), keys, scratch, pieces


@kernel
def fill_runs(
    hits, first_document, query_bits, target_bits, token_ids, bounds, document_gap, slack, min_hits, min_self_distance,
    run_x, run_y, run_length, cluster_bounds, cluster_documents,
):  # fmt: skip
    """Write the runs of each cluster of hits; returns (clusters, pairs of documents with enough hits).

    x is the earlier document of a pair (the target), y the later (the query). A cluster holds at least `min_hits` hits
    that no gap wider than `document_gap` plus `slack` tokens parts, neither in x nor in y. Cluster c has the runs
    cluster_bounds[c] to cluster_bounds[c + 1], with x, y relative to the documents cluster_documents[c].
    """
    n = len(hits)
    target_mask = (np.uint64(1) << np.uint64(target_bits)) - np.uint64(1)
    query_mask = (np.uint64(1) << np.uint64(query_bits)) - np.uint64(1)
    n_clusters = 0
    n_runs = np.int64(0)
    n_enough = 0
    cluster_bounds[0] = 0
    capacity = np.int64(1024)  # not a literal, for which helpers would be compiled once more
    hx, hy, order, marks, sorted_keys, scratch, pieces = _room(capacity)
    i = 0
    while i < n:
        key = hits[i] >> np.uint64(2)
        q = first_document + np.int64(key >> np.uint64(target_bits + query_bits))
        t = _document_of(bounds, np.int64((key >> np.uint64(query_bits)) & target_mask))
        # hits of one pair end where the target ends
        stop = np.uint64(bounds[t + 1])
        high = ((key >> np.uint64(target_bits + query_bits)) << np.uint64(target_bits)) | stop
        j = i + 1
        while j < n and (hits[j] >> np.uint64(query_bits + 2)) < high:
            j += 1
        m = j - i
        if m < min_hits:
            i = j
            continue
        n_enough += 1
        if m > capacity:
            capacity = np.int64(2 * m)
            hx, hy, order, marks, sorted_keys, scratch, pieces = _room(capacity)
        ids_x = token_ids[bounds[t] : bounds[t + 1]]
        ids_y = token_ids[bounds[q] : bounds[q + 1]]
        for s in range(m):
            key = hits[i + s] >> np.uint64(2)
            marks[s] = np.uint8(hits[i + s] & np.uint64(3))
            hx[s] = np.int64((key >> np.uint64(query_bits)) & target_mask) - bounds[t]
            hy[s] = np.int64(key & query_mask)
            order[s] = s
        i = j
        gap = max(document_gap[t], document_gap[q]) + slack
        budget = np.int64(BUDGET * (len(ids_x) + len(ids_y)))
        # split by gaps in x, then y, until neither splits
        pieces[0, 0] = 0
        pieces[0, 1] = m
        pieces[0, 2] = 0
        n_pieces = 1
        while n_pieces > 0:
            n_pieces -= 1
            first = pieces[n_pieces, 0]
            last = pieces[n_pieces, 1]
            depth = pieces[n_pieces, 2]
            if last - first < min_hits:
                continue
            if depth < 2:
                # the axis alternates with depth; a piece that was just cut tries both again
                axis = hx if depth == 0 else hy
                n_pieces = _split(axis, order, first, last, gap, pieces, n_pieces, depth, sorted_keys, scratch)
                continue
            if not _is_wanted(marks, order[first:last]):
                continue
            keys = _by_diagonal(hx, hy, order[first:last], sorted_keys, scratch)
            at, budget = _grow_runs(
                keys, ids_x, ids_y, t == q, min_self_distance, budget, run_x, run_y, run_length, n_runs
            )
            if at > n_runs:
                n_runs = at
                n_clusters += 1
                cluster_bounds[n_clusters] = n_runs
                cluster_documents[n_clusters - 1, 0] = t
                cluster_documents[n_clusters - 1, 1] = q
    return n_clusters, n_enough
