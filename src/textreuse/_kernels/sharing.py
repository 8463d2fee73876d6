"""How many documents hold a shingle, nearly; and which documents hold too many shingles that no other holds."""

from __future__ import annotations

import numpy as np

from textreuse._kernels._jit import kernel


@kernel
def count_places(ids, starts, stops, documents, shift, most, counts):
    """Count by its upper bits each shingle that has a place in `counts` (those above it have none), up to `most`."""
    for k in range(len(documents)):
        for i in range(starts[documents[k]], stops[documents[k]]):
            place = np.int64(ids[i] >> shift)
            if place < len(counts) and counts[place] < most:
                counts[place] += 1


@kernel
def count_unique(ids, starts, stops, documents, shift, counts, unique):
    """Write how many shingles of each of `documents` have a place in `counts` to themselves."""
    for k in range(len(documents)):
        n = 0
        for i in range(starts[documents[k]], stops[documents[k]]):
            place = np.int64(ids[i] >> shift)
            if place < len(counts) and counts[place] == 1:
                n += 1
        unique[k] = n


@kernel
def fill_prefixes(ids, starts, stops, documents, prefix, shift, counts, scratch, keys, bounds, shared):
    """Write the rarest shingles of each document that others may hold too; returns how many.

    Shingles stand in order of count and id, and the first prefix[k] of documents[k] are its prefix: of those the ones
    with a count of 1 are left out. The order is cut off after 48 bits of the id, and so is what is written. `scratch`
    is as long as the longest document. Document k gets keys[bounds[k] : bounds[k + 1]], and shared[k]
    says how many of its shingles have a higher count than 1.
    """
    n = 0
    for k in range(len(documents)):
        n_unique = 0
        n_others = 0
        for i in range(starts[documents[k]], stops[documents[k]]):
            count = np.uint64(counts[np.int64(ids[i] >> shift)])
            if count <= np.uint64(1):
                n_unique += 1
            else:
                scratch[n_others] = (count << np.uint64(48)) | (ids[i] >> np.uint64(16))
                n_others += 1
        shared[k] = n_others
        n_kept = min(prefix[k] - n_unique, n_others)
        if n_kept > 0:
            ordered = np.partition(scratch[:n_others], n_kept - 1)
            for i in range(n_kept):
                keys[n] = ordered[i] << np.uint64(16)
                n += 1
        bounds[k + 1] = n
    return n


@kernel
def mark_places(keys, shift, wanted):
    """Mark the places of keys."""
    for i in range(len(keys)):
        wanted[np.int64(keys[i] >> shift)] = 1


@kernel
def fill_wanted(ids, starts, stops, documents, shift, wanted, keys, bounds):
    """Write the shingles of each document that have a marked place, cut off as prefixes are; returns how many.

    Where `keys` is too short only counts.
    """
    n = 0
    for k in range(len(documents)):
        for i in range(starts[documents[k]], stops[documents[k]]):
            if wanted[np.int64(ids[i] >> shift)] == 1:
                if n < len(keys):
                    keys[n] = (ids[i] >> np.uint64(16)) << np.uint64(16)
                n += 1
        bounds[k + 1] = n
    return n
