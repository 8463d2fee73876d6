"""Shingles of documents to sets, and which documents are copies."""

from __future__ import annotations

import numpy as np

from textreuse._parallel import run_chunks, shares, threads_for
from textreuse.model import Int64Array, ShingleSets, UInt64Array


def find_copies(sets: ShingleSets, digests: UInt64Array, documents: Int64Array) -> Int64Array:
    """Return by document the first of `documents` whose shingles are the same in the same order: itself, mostly.

    Digests only propose; the shingles are compared. Where two different texts have one digest, a document may be
    taken for no copy; it is found as a near-duplicate then. Documents not in `documents` lead themselves.
    """
    from textreuse._kernels.shingle_sets import mark_equal

    leaders = np.arange(len(sets.starts))
    order = np.argsort(digests[documents], kind="stable")
    ordered = digests[documents][order]
    is_first = np.ones(len(order), bool)
    is_first[1:] = ordered[1:] != ordered[:-1]
    first = (
        documents[order[np.maximum.accumulate(np.where(is_first, np.arange(len(order)), 0))]] if len(order) else order
    )
    copies, of = documents[order[~is_first]], first[~is_first]
    is_equal = np.zeros(len(copies), bool)
    mark_equal(sets.ids, sets.starts, sets.stops, copies, of, is_equal)
    leaders[copies[is_equal]] = of[is_equal]
    return leaders


def make_sets(sets: ShingleSets, documents: Int64Array, threads: int) -> ShingleSets:
    """Return the sets of `documents` without repetitions, in ascending order. Overwrites the ids that it is given."""
    from textreuse._kernels import shingle_sets as kernels

    order = documents[np.argsort(sets.starts[documents], kind="stable")]
    starts, stops = sets.starts[order], sets.stops[order]
    longest = int((stops - starts).max(initial=0))
    threads = threads_for(int((stops - starts).sum()), threads)

    def make(part: tuple[int, int]) -> None:
        places = np.empty((2, 256), np.int64)
        kernels.make_sets(sets.ids, starts[slice(*part)], stops[slice(*part)], np.empty(longest, np.uint64), places)

    for _ in run_chunks(make, shares(len(order), threads), threads):
        pass
    n = kernels.close_gaps(sets.ids, starts, stops)
    back = np.searchsorted(documents, order)
    made = ShingleSets(sets.ids[:n], np.empty_like(starts), np.empty_like(stops))
    made.starts[back], made.stops[back] = starts, stops
    return made
