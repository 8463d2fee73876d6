"""MinHash signatures in scheme affine32: the minimum over a set of shingles of a*h + b mod 2**32, per permutation."""

from __future__ import annotations

import numpy as np

from textreuse._kernels._jit import kernel
from textreuse.model import Int64Array, UInt32Array, UInt64Array

BLOCK = 2048  # 8 KiB of mixed hashes: they stay in the innermost cache while every permutation passes over them


@kernel
def fill_signatures(
    shingle_ids: UInt64Array,
    bounds: Int64Array,
    a: UInt32Array,
    b: UInt32Array,
    mixed: UInt32Array,
    signatures: UInt32Array,
) -> None:
    """Lower every row of `signatures` to the minima over the shingles of its document.

    `signatures` (one row per document, one column per permutation) comes filled with the largest uint32, which is
    what an empty document keeps. `mixed` is scratch of any length above zero: documents are worked off in pieces of
    that length. Permutations are the outer loop and shingles the inner one, and everything stays in uint32, because
    then LLVM turns the inner loop into vector instructions.
    """
    for document in range(len(bounds) - 1):
        for piece in range(bounds[document], bounds[document + 1], len(mixed)):
            n_mixed = min(len(mixed), bounds[document + 1] - piece)
            for i in range(n_mixed):
                # The 32-bit finaliser of MurmurHash3, as datasketch applies it before it permutes.
                h = np.uint32(shingle_ids[piece + i] >> np.uint64(32))
                h = np.uint32(h ^ (h >> np.uint32(16)))
                h = np.uint32(h * np.uint32(0x85EBCA6B))
                h = np.uint32(h ^ (h >> np.uint32(13)))
                h = np.uint32(h * np.uint32(0xC2B2AE35))
                mixed[i] = np.uint32(h ^ (h >> np.uint32(16)))
            for p in range(len(a)):
                factor = a[p]
                offset = b[p]
                smallest = signatures[document, p]
                for i in range(n_mixed):
                    smallest = min(smallest, np.uint32(factor * mixed[i] + offset))
                signatures[document, p] = smallest
