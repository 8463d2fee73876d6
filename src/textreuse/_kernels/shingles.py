"""Shingle ids, and the choice of those that are kept as anchors."""

from __future__ import annotations

import numpy as np

from textreuse._kernels._jit import kernel

MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
ONE = np.uint64(1)


@kernel
def _has_characters(hashes):
    """Return whether some token is a character of a spaceless script."""
    lowest = np.uint64(0)
    for i in range(len(hashes)):
        lowest |= hashes[i]
    return (lowest & ONE) == ONE


@kernel
def _fill_word_shingles(hashes, n_words, ids, lengths):
    """Write the ids of all runs of `n_words` words of one document, which has at least so many.

    One word of all shingles after the other, from the starts of arrays on: so the compiler makes vector instructions.
    """
    n = len(hashes) - n_words + 1
    for i in range(n):
        ids[i] = np.uint64(0)
        lengths[i] = n_words
    for j in range(n_words):
        words = hashes[j : j + n]
        for i in range(n):
            x = (ids[i] ^ words[i]) * MULTIPLIER
            ids[i] = x ^ (x >> np.uint64(29))
    for i in range(n):
        x = (ids[i] ^ np.uint64(n_words)) * MULTIPLIER
        ids[i] = x ^ (x >> np.uint64(32))
    for i in range(n, len(hashes)):
        ids[i] = np.uint64(0)
        lengths[i] = 0


@kernel
def fill_shingle_ids(hashes, bounds, n_words, n_characters, ids, lengths):
    """Write the id and the number of tokens of the shingle that starts at each token; length 0 where none starts.

    A shingle is the shortest run of tokens that holds `n_words` words or `n_characters` characters of spaceless
    scripts, or a mixture in proportion. A document that holds less is one shingle.
    """
    full = n_words * n_characters
    for d in range(len(bounds) - 1):
        first = bounds[d]
        last = bounds[d + 1]
        if last - first >= n_words and not _has_characters(hashes[first:last]):
            _fill_word_shingles(hashes[first:last], n_words, ids[first:last], lengths[first:last])
            continue
        for i in range(first, last):
            x = np.uint64(0)
            weight = 0
            j = i
            while j < last and weight < full:
                h = hashes[j]
                x = (x ^ h) * MULTIPLIER
                x ^= x >> np.uint64(29)
                weight += n_words if h & ONE else n_characters
                j += 1
            if weight >= full or i == first:
                x = (x ^ np.uint64(j - i)) * MULTIPLIER
                ids[i] = x ^ (x >> np.uint64(32))
                lengths[i] = j - i
            else:
                ids[i] = np.uint64(0)
                lengths[i] = 0


@kernel
def fill_window_minima(ids, lengths, bounds, window, keep):
    """Mark with 1 each shingle that is the rightmost minimum of some `window` successive shingles of its document.

    Winnowing (Schleimer, Wilkerson, Aiken 2003). A document of fewer shingles than `window` keeps its one minimum.
    Returns the number kept.
    """
    n_kept = 0
    for d in range(len(bounds) - 1):
        first = bounds[d]
        last = bounds[d + 1]
        while last > first and lengths[last - 1] == 0:
            last -= 1
        n = last - first
        if n <= 0:
            continue
        w = min(window, n)
        best = first - 1
        for stop in range(first + w, last + 1):
            start = stop - w
            if best < start:
                best = start
                for i in range(start + 1, stop):
                    # <= keeps the rightmost minimum, so the choice does not depend on where the window starts
                    if ids[i] <= ids[best]:
                        best = i
            elif ids[stop - 1] <= ids[best]:
                best = stop - 1
            if keep[best] == 0:
                keep[best] = 1
                n_kept += 1
    return n_kept
