"""How many documents hold a shingle, nearly; and which documents hold too many shingles that no other holds."""

from __future__ import annotations

import numpy as np

from textreuse._kernels._jit import kernel

ONE, FIVE = np.uint64(1), np.uint64(5)
WITHIN = np.uint64(31)  # a number of 64 bits holds 32 counts: 00 none, 01 one, 10 two or more
LOWER = np.uint64(0x5555555555555555)  # the lower bit of each


@kernel
def count_up_to_two(ids, starts, stops, shift, counts):
    """Count each id by its upper bits, in two bits each."""
    for d in range(len(starts)):
        for i in range(starts[d], stops[d]):
            place = ids[i] >> shift
            bit = (place & WITHIN) << ONE
            several = (counts[place >> FIVE] >> (bit + ONE)) & ONE
            counts[place >> FIVE] += (several ^ ONE) << bit


@kernel
def add_up_to_two(counts, more):
    """Add counts of two bits each to others, 2 where the sum is more."""
    for i in range(len(counts)):
        a, b = counts[i], more[i]
        two = ((a | b) >> ONE | a & b) & LOWER
        counts[i] = two << ONE | (a ^ b) & LOWER & ~two


@kernel
def count_unique(ids, starts, stops, shift, counts, unique):
    """Write by document how many of its ids have a place in `counts` to themselves."""
    for d in range(len(starts)):
        of_document = ids[starts[d] : stops[d]]  # from its start on, so that it takes vector instructions
        n = np.uint64(0)
        for i in range(len(of_document)):
            place = of_document[i] >> shift
            n += (counts[place >> FIVE] >> ((place & WITHIN) << ONE)) & ONE
        unique[d] = n


@kernel
def count_documents(ids, starts, stops, shift, first, counts):
    """Count in how many sets, which are ascending, each id is, by its upper bits and up to 255.

    `counts` has the places from `first` on; ids with other places are not counted.
    """
    last = first + np.uint64(len(counts))
    for d in range(len(starts)):
        i, stop = starts[d], stops[d]
        while i < stop:
            middle = (i + stop) >> 1
            if ids[middle] >> shift < first:
                i = middle + 1
            else:
                stop = middle
        while i < stops[d] and ids[i] >> shift < last:
            place = (ids[i] >> shift) - first
            count = counts[place]
            counts[place] = count + np.uint8(count < 255)
            i += 1


@kernel
def fill_prefixes(ids, starts, stops, prefix, shift, counts, scratch, keys, bounds, shared):
    """Write the rarest shingles of each document that others may hold too; returns how many.

    Shingles stand in order of count and id, and the first prefix[d] of document d are its prefix: of those the ones
    with a count of 1 are left out. Sets are in ascending order, `scratch` is as long as the longest. Document d gets
    keys[bounds[d] : bounds[d + 1]], and shared[d] says how many of its shingles have a higher count than 1. `keys` has
    room for one more than all prefixes.
    """
    n = 0
    of_count = np.zeros(256, np.int64)
    for d in range(len(starts)):
        of_document = ids[starts[d] : stops[d]]
        size = len(of_document)
        n_one, n_two = 0, 0
        for i in range(size):
            count = counts[of_document[i] >> shift]
            scratch[i] = count
            n_one += count == 1
            n_two += count == 2
        # the highest count in the prefix, and how many of the shingles with it
        last, room = 2, prefix[d] - n_one
        if n_two < room:  # else, as mostly, higher counts need not be told apart
            of_count[:] = 0
            for i in range(size):
                of_count[scratch[i]] += 1
            while last < 255 and of_count[last] < room:
                room -= of_count[last]
                last += 1
        shared[d] = size - n_one
        for i in range(size):  # no branch, for counts cannot be foretold
            is_last = (scratch[i] == last) & (room > 0)
            keys[n] = of_document[i]
            n += (scratch[i] > 1) & (scratch[i] < last) | is_last
            room -= is_last
        bounds[d + 1] = n
    return n


@kernel
def mark_places(keys, shift, wanted):
    """Mark the places of keys."""
    for i in range(len(keys)):
        wanted[keys[i] >> shift] = 1


@kernel
def fill_wanted(ids, starts, stops, shift, wanted, prefixes, prefix_bounds, keys, follows, bounds):
    """Write the shingles of each document that have a marked place; returns how many.

    `follows` gets 0 for those in the document's own prefix, which is prefixes[prefix_bounds[d] : ...], else 1. Sets
    and prefixes are ascending. Where `keys` is too short only counts.
    """
    n = 0
    for d in range(len(starts)):
        p = prefix_bounds[d]
        for i in range(starts[d], stops[d]):
            if wanted[ids[i] >> shift] == 1:
                leads = p < prefix_bounds[d + 1] and prefixes[p] == ids[i]
                p += leads
                if n < len(keys):
                    keys[n] = ids[i]
                    follows[n] = not leads
                n += 1
        bounds[d + 1] = n
    return n
