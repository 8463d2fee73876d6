"""Shingles of whole documents: which are equal, and made sets."""

from __future__ import annotations

import numpy as np

from textreuse._kernels._jit import inner_kernel, kernel

LOWER_DIGIT, UPPER_DIGIT, DIGIT = np.uint64(48), np.uint64(56), np.uint64(255)  # digits of the radix sort
SMALL = 48  # so few are sorted by insertion alone


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


@inner_kernel
def _insertion_sort(ids, start, stop):
    """Sort a stretch that is nearly sorted."""
    for i in range(start + 1, stop):
        x = ids[i]
        j = i - 1
        while j >= start and ids[j] > x:
            ids[j + 1] = ids[j]
            j -= 1
        ids[j + 1] = x


@inner_kernel
def _radix_sort(ids, start, stop, scratch, places):
    """Sort a stretch by its upper two digits, the lower one first, and then by insertion: hashes are spread evenly."""
    places[:] = 0
    for i in range(start, stop):
        places[0, np.int64((ids[i] >> LOWER_DIGIT) & DIGIT)] += 1
        places[1, np.int64(ids[i] >> UPPER_DIGIT)] += 1
    lower = 0
    upper = start
    for value in range(places.shape[1]):
        count = places[0, value]
        places[0, value] = lower
        lower += count
        count = places[1, value]
        places[1, value] = upper
        upper += count
    for i in range(start, stop):
        value = np.int64((ids[i] >> LOWER_DIGIT) & DIGIT)
        scratch[places[0, value]] = ids[i]
        places[0, value] += 1
    for i in range(stop - start):
        value = np.int64(scratch[i] >> UPPER_DIGIT)
        ids[places[1, value]] = scratch[i]
        places[1, value] += 1
    _insertion_sort(ids, start, stop)


@kernel
def make_sets(ids, starts, stops, scratch, places):
    """Sort the shingles of each document, keep each one once, and lower `stops` to where the set ends.

    `scratch` is as long as the longest document, `places` two times 256.
    """
    for d in range(len(starts)):
        if stops[d] - starts[d] <= SMALL:
            _insertion_sort(ids, starts[d], stops[d])
        else:
            _radix_sort(ids, starts[d], stops[d], scratch, places)
        n = starts[d]
        for i in range(starts[d], stops[d]):
            if i == starts[d] or ids[i] != ids[n - 1]:
                ids[n] = ids[i]
                n += 1
        stops[d] = n


@kernel
def close_gaps(ids, starts, stops):
    """Move the sets, which are in order of their starts, to the front of `ids`; returns how many shingles there are."""
    n = 0
    for d in range(len(starts)):
        start = starts[d]
        starts[d] = n
        for i in range(start, stops[d]):
            ids[n] = ids[i]
            n += 1
        stops[d] = n
    return n
