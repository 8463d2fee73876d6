"""Shingle sets to those that can have a near-duplicate at all, and to keys that near-duplicates have in common.

A shingle that only one document holds is shared with nobody. A document in which such shingles are so many that the
rest is below the threshold has no near-duplicate, which costs one count to find out. For the others the argument of
prefix filtering holds (Chaudhuri, Ganti, Kaushik 2006; Bayardo, Ma, Srikant 2007): put the shingles of each
document in one order that holds for all; two sets that overlap in at least o shingles have one in common among the
first |A| - o + 1 of one and the first |B| - o + 1 of the other. With rare shingles first hardly any others have.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from textreuse._parallel import run_chunks, shares, threads_for
from textreuse.model import Int64Array, ShingleSets, UInt64Array

ROUNDS = 4  # of looking for documents that hold too much that no other holds; what a round finds makes more of them


def smallest_overlaps(sizes: Int64Array, threshold: float) -> Int64Array:
    """Return by set the least overlap o with o / size >= threshold, in the same arithmetic as similarities are.

    >>> smallest_overlaps(np.array([1, 10, 16, 300]), 0.8).tolist()
    [1, 8, 13, 240]
    """
    of = np.maximum(sizes, 1)
    least = np.ceil(of * threshold).astype(np.int64)
    least -= (least - 1) / of >= threshold
    least += least / of < threshold
    return least


def find_sharing(
    sets: ShingleSets, n_low: Int64Array, limit: int, documents: Int64Array, least: Int64Array, threads: int
) -> Int64Array:
    """Return those of `documents` that share at least least[i] of their shingles with others, and maybe a few more.

    The shingles may still hold repetitions; the first n_low[d] of document d are those with ids below `limit`, and only
    they are counted. Counts are of places that different shingles may have in common, so that they are at least the
    true ones: no document is left out that shares enough.
    """
    for _ in range(ROUNDS):
        starts = sets.starts[documents]
        unique = _count_unique(sets.ids, starts, starts + n_low[documents], limit, threads)
        enough = sets.sizes[documents] - unique >= least
        n_before = len(documents)
        documents, least = documents[enough], least[enough]
        if len(documents) > 0.9 * n_before:
            break
    return documents


def _count_unique(ids: UInt64Array, starts: Int64Array, stops: Int64Array, limit: int, threads: int) -> Int64Array:
    """Return by document how many of its ids (all below `limit`) have a place to themselves in a table of places."""
    from textreuse._kernels.sharing import add_up_to_two, count_unique, count_up_to_two

    n_ids = int((stops - starts).sum())
    threads = threads_for(n_ids, threads)
    n_bits = _bits_of_table(3 * n_ids * 2**64 // max(1, limit))
    shift = np.uint64(64 - n_bits)
    unique = np.empty(len(starts), np.int64)

    def count(part: tuple[int, int]) -> UInt64Array:
        counts = np.zeros(((limit >> (64 - n_bits)) >> 5) + 1, np.uint64)
        count_up_to_two(ids, starts[slice(*part)], stops[slice(*part)], shift, counts)
        return counts

    def compare(part: tuple[int, int]) -> None:
        count_unique(ids, starts[slice(*part)], stops[slice(*part)], shift, counts, unique[slice(*part)])

    counts = np.zeros(1, np.uint64)
    for number, more in enumerate(run_chunks(count, shares(len(starts), threads), threads)):
        if number == 0:
            counts = more
        else:
            add_up_to_two(counts, more)
    for _ in run_chunks(compare, shares(len(starts), threads), threads):
        pass
    return unique


def _bits_of_table(n_places: int) -> int:
    """Return how many of the upper bits of an id tell its place in a table of at least so many."""
    return max(10, n_places.bit_length())


class Keys(NamedTuple):
    """Keys: document d has values[bounds[d] : bounds[d + 1]], and shared[d] of its shingles may be in others.

    Of two documents with a key in common one must lead with it for them to be compared. `follows` says by key whether
    the document does not; None where all lead.
    """

    values: UInt64Array
    bounds: Int64Array
    shared: Int64Array
    follows: npt.NDArray[np.uint8] | None = None


def prefix_keys(sets: ShingleSets, least: Int64Array, threads: int) -> Keys:
    """Return keys of all documents: two whose overlap is at least the `least` of either have one in common."""
    from textreuse._kernels.sharing import count_documents, fill_prefixes

    sizes = sets.sizes
    n_shingles = int(sizes.sum())
    n_bits, threads = _bits_of_table(n_shingles), threads_for(n_shingles, threads)
    shift, prefix, longest = np.uint64(64 - n_bits), sizes - least + 1, int(sizes.max(initial=0))

    counts = np.zeros(1 << n_bits, np.uint8)

    def count(places: tuple[int, int]) -> None:
        # each thread has places of its own, and looks for what belongs there in all sets
        count_documents(sets.ids, sets.starts, sets.stops, shift, np.uint64(places[0]), counts[slice(*places)])

    def fill(part: tuple[int, int]) -> Keys:
        first, last = part
        values, bounds = np.empty(int(prefix[first:last].sum()) + 1, np.uint64), np.zeros(last - first + 1, np.int64)
        shared, scratch = np.empty(last - first, np.int64), np.empty(longest, np.uint8)
        of = (sets.ids, sets.starts[first:last], sets.stops[first:last], prefix[first:last])
        n_keys = fill_prefixes(*of, shift, counts, scratch, values, bounds, shared)
        return Keys(values[:n_keys], bounds, shared)

    for _ in run_chunks(count, shares(len(counts), threads), threads):
        pass
    parts = [Keys(np.empty(0, np.uint64), np.zeros(1, np.int64), np.empty(0, np.int64))]
    parts += run_chunks(fill, shares(len(sizes), threads), threads)
    lengths = np.concatenate([np.diff(part.bounds) for part in parts])
    return Keys(
        np.concatenate([part.values for part in parts]),
        np.concatenate([[0], np.cumsum(lengths)]),
        np.concatenate([part.shared for part in parts]),
    )


def containing_keys(sets: ShingleSets, least: Int64Array, threads: int) -> Keys:
    """Return keys of all documents: two have one in common where one holds `least` of the shingles of the other.

    The prefix of the one that is contained need not be in the prefix of the other, but it must be in it somewhere: so
    the keys of a document are all its shingles that stand in the prefix of any. It leads with those of its own prefix.
    """
    from textreuse._kernels.sharing import fill_wanted, mark_places

    prefixes = prefix_keys(sets, least, threads)
    n_bits = _bits_of_table(2 * len(prefixes.values))
    wanted = np.zeros(1 << n_bits, np.uint8)
    mark_places(prefixes.values, np.uint64(64 - n_bits), wanted)
    of = (sets.ids, sets.starts, sets.stops, np.uint64(64 - n_bits), wanted, prefixes.values, prefixes.bounds)
    bounds = np.zeros(len(sets.starts) + 1, np.int64)
    n = fill_wanted(*of, np.empty(0, np.uint64), np.empty(0, np.uint8), bounds)
    values, follows = np.empty(n, np.uint64), np.empty(n, np.uint8)
    fill_wanted(*of, values, follows, bounds)
    return Keys(values, bounds, prefixes.shared, follows)
