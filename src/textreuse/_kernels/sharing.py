"""How many documents hold a shingle, nearly; and which documents hold too many shingles that no other holds."""

from __future__ import annotations

import numpy as np

from textreuse._kernels._jit import kernel

ONE, FIVE = np.uint64(1), np.uint64(5)
WITHIN = np.uint64(31)  # a number of 64 bits holds 32 counts: 00 none, 01 one, 10 two or more


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
def count_documents(ids, starts, stops, shift, counts):
    """Count each id by its upper bits, up to 255."""
    for d in range(len(starts)):
        for i in range(starts[d], stops[d]):
            place = ids[i] >> shift
            count = counts[place]
            counts[place] = count + np.uint8(count < 255)


@kernel
def fill_prefixes(ids, starts, stops, prefix, shift, counts, scratch, keys, bounds, shared):
    """Write the rarest shingles of each document that others may hold too; returns how many.

    Shingles stand in order of count and id, and the first prefix[d] of document d are its prefix: of those the ones
    with a count of 1 are left out. Sets are in ascending order, `scratch` is as long as the longest. Document d gets
    keys[bounds[d] : bounds[d + 1]], and shared[d] says how many of its shingles have a higher count than 1.
    """
    n = 0
    of_count = np.zeros(256, np.int64)
    for d in range(len(starts)):
        of_count[:] = 0
        size = stops[d] - starts[d]
        for i in range(size):
            count = counts[ids[starts[d] + i] >> shift]
            scratch[i] = count
            of_count[count] += 1
        room = prefix[d]
        last = 0  # the highest count in the prefix, and how many of the shingles with it
        while last < 255 and of_count[last] < room:
            room -= of_count[last]
            last += 1
        shared[d] = size - of_count[1]
        for i in range(size):
            if scratch[i] > 1 and (scratch[i] < last or (scratch[i] == last and room > 0)):
                room -= scratch[i] == last
                keys[n] = ids[starts[d] + i]
                n += 1
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
