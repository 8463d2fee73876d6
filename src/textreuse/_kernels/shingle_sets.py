"""Shingles of whole documents: gathered, told apart by a digest, made sets."""

from __future__ import annotations

import numpy as np

from textreuse._kernels._jit import kernel

BITS = 8  # a digit of the radix sort
N_DIGITS = 3  # digits that are sorted by; an insertion sort does the rest
SMALL = 48  # so few are sorted by insertion alone


@kernel
def gather_shingles(ids, lengths, bounds, counts, digests):
    """Move the ids of shingles (length above 0) to the front of `ids`; returns how many there are.

    `counts` gets their number by document, `digests` a sum in which each counts by its place: equal for equal texts.
    """
    n = 0
    for d in range(len(bounds) - 1):
        first = n
        digest = np.uint64(0)
        factor = np.uint64(1)
        for i in range(bounds[d], bounds[d + 1]):
            if lengths[i] > 0:
                digest += (ids[i] ^ (ids[i] >> np.uint64(29))) * factor
                factor += np.uint64(2)
                ids[n] = ids[i]
                n += 1
        counts[d] = n - first
        digests[d] = digest
    return n


@kernel
def mark_equal(ids, starts, stops, documents, leaders, is_equal):
    """Mark where documents[i] and leaders[i] have the same shingles in the same order."""
    for i in range(len(documents)):
        a = starts[documents[i]]
        b = starts[leaders[i]]
        n = stops[documents[i]] - a
        same = n == stops[leaders[i]] - b
        j = 0
        while same and j < n:
            same = ids[a + j] == ids[b + j]
            j += 1
        is_equal[i] = same


@kernel
def _insertion_sort(ids, start, stop):
    """Sort a stretch that is nearly sorted."""
    for i in range(start + 1, stop):
        x = ids[i]
        j = i - 1
        while j >= start and ids[j] > x:
            ids[j + 1] = ids[j]
            j -= 1
        ids[j + 1] = x


@kernel
def _radix_sort(ids, start, stop, scratch, places):
    """Sort a stretch by its upper N_DIGITS digits, the lowest of them first, and then by insertion."""
    n = stop - start
    mask = np.uint64((1 << BITS) - 1)
    for digit in range(N_DIGITS):
        shift = np.uint64(64 - (N_DIGITS - digit) * BITS)
        for i in range(len(places)):
            places[i] = 0
        for i in range(start, stop):
            places[np.int64((ids[i] >> shift) & mask)] += 1
        total = 0
        for i in range(len(places)):
            count = places[i]
            places[i] = total
            total += count
        for i in range(start, stop):
            value = np.int64((ids[i] >> shift) & mask)
            scratch[places[value]] = ids[i]
            places[value] += 1
        for i in range(n):
            ids[start + i] = scratch[i]
    _insertion_sort(ids, start, stop)


@kernel
def make_sets(ids, starts, stops, order, scratch, places):
    """Sort the shingles of each document, keep each one once, and move the sets to the front of `ids`.

    Changes `starts` and `stops` accordingly. `order` are the documents in order of their starts, `scratch` is as long
    as the longest of them, `places` 256. Returns how many shingles there are.
    """
    n = 0
    for k in range(len(order)):
        start = starts[order[k]]
        stop = stops[order[k]]
        if stop - start <= SMALL:
            _insertion_sort(ids, start, stop)
        else:
            _radix_sort(ids, start, stop, scratch, places)
        starts[order[k]] = n
        for i in range(start, stop):
            # n never passes i, and of the set only what is written already is compared with
            if i == start or ids[i] != ids[n - 1]:
                ids[n] = ids[i]
                n += 1
        stops[order[k]] = n
    return n
