"""Shingle ids: of each token, of whole documents, and the choice of those that are kept as anchors."""

from __future__ import annotations

import numpy as np

from textreuse._kernels._jit import inner_kernel, kernel

MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
ONE = np.uint64(1)


@inner_kernel
def _has_characters(hashes):
    """Return whether some token is a character of a spaceless script."""
    lowest = np.uint64(0)
    for i in range(len(hashes)):
        lowest |= hashes[i]
    return (lowest & ONE) == ONE


@inner_kernel
def _fill_word_shingles(hashes, n_words, ids):
    """Write the ids of all runs of `n_words` words of one document, which has at least so many.

    One or two words of all shingles after the other, from the starts of arrays on: so the compiler makes vector
    instructions.
    """
    n = len(hashes) - n_words + 1
    ids = ids[:n]
    for i in range(n):
        ids[i] = np.uint64(0)
    j = 0
    while j < n_words:
        words = hashes[j : j + n]
        if j + 2 <= n_words:
            next_words = hashes[j + 1 : j + 1 + n]
            for i in range(n):
                x = (ids[i] ^ words[i]) * MULTIPLIER
                x = (x ^ (x >> np.uint64(29)) ^ next_words[i]) * MULTIPLIER
                ids[i] = x ^ (x >> np.uint64(29))
            j += 2
        else:
            for i in range(n):
                x = (ids[i] ^ words[i]) * MULTIPLIER
                ids[i] = x ^ (x >> np.uint64(29))
            j += 1
    for i in range(n):
        x = (ids[i] ^ np.uint64(n_words)) * MULTIPLIER
        ids[i] = x ^ (x >> np.uint64(32))


@inner_kernel
def _fill_mixed_shingles(hashes, n_words, n_characters, ids, lengths):
    """Write the ids and lengths of the shingles of one document of any tokens; returns how many there are."""
    full = n_words * n_characters
    for i in range(len(hashes)):
        x = np.uint64(0)
        weight = 0
        j = i
        while j < len(hashes) and weight < full:
            h = hashes[j]
            x = (x ^ h) * MULTIPLIER
            x ^= x >> np.uint64(29)
            weight += n_words if h & ONE else n_characters
            j += 1
        if weight < full and i > 0:
            return i
        x = (x ^ np.uint64(j - i)) * MULTIPLIER
        ids[i] = x ^ (x >> np.uint64(32))
        lengths[i] = j - i
    return len(hashes)


@inner_kernel
def _fill_shingles(hashes, n_words, n_characters, ids, lengths):
    """Write the ids and lengths of the shingles of one document, those that there are; returns how many."""
    if len(hashes) < n_words or _has_characters(hashes):
        return _fill_mixed_shingles(hashes, n_words, n_characters, ids, lengths)
    _fill_word_shingles(hashes, n_words, ids)
    n = len(hashes) - n_words + 1
    for i in range(n):
        lengths[i] = n_words
    return n


@kernel
def fill_shingle_ids(hashes, bounds, n_words, n_characters, ids, lengths):
    """Write the id and the number of tokens of the shingle that starts at each token; length 0 where none starts.

    A shingle is the shortest run of tokens that holds `n_words` words or `n_characters` characters of spaceless
    scripts, or a mixture in proportion. A document that holds less is one shingle.
    """
    for d in range(len(bounds) - 1):
        first = bounds[d]
        last = bounds[d + 1]
        n = _fill_shingles(hashes[first:last], n_words, n_characters, ids[first:last], lengths[first:last])
        for i in range(first + n, last):
            ids[i] = np.uint64(0)
            lengths[i] = 0


@inner_kernel
def _digest(ids):
    """Return a sum in which each id counts by its place: equal for equal texts."""
    digest = np.uint64(0)
    for i in range(len(ids)):
        digest += (ids[i] ^ (ids[i] >> np.uint64(29))) * np.uint64(2 * i + 1)
    return digest


@inner_kernel
def _put_low_first(ids, limit, gathered):
    """Copy `ids` with those below `limit` in front; returns how many these are. No branch depends on an id."""
    low = 0
    high = len(ids) - 1
    for i in range(len(ids)):
        gathered[low] = ids[i]
        gathered[high] = ids[i]
        is_low = ids[i] < limit
        low += is_low
        high -= not is_low
    return low


@kernel
def gather_shingles(hashes, bounds, n_words, n_characters, limit, ids, lengths, gathered, counts, n_low, digests):
    """Write the ids of the shingles of one document after the other; returns how many there are.

    Of each document those below `limit` come first; `n_low` gets their number, `counts` the number of all. `ids` and
    `lengths` have room for those of the longest document, for a while.
    """
    n = 0
    for d in range(len(bounds) - 1):
        of_document = hashes[bounds[d] : bounds[d + 1]]
        count = _fill_shingles(of_document, n_words, n_characters, ids, lengths)
        counts[d] = count
        digests[d] = _digest(ids[:count])
        n_low[d] = _put_low_first(ids[:count], limit, gathered[n : n + count])
        n += count
    return n


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
