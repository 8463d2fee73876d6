"""MinHash signatures, bit for bit those of datasketch's scheme `affine32`."""

from __future__ import annotations

import numpy as np

from textreuse.errors import OptionsError
from textreuse.model import Int64Array, UInt32Array, UInt64Array

EMPTY = np.uint32(0xFFFFFFFF)  # every column of the signature of a document without shingles


def permutations(num_perm: int = 128, seed: int = 1) -> tuple[UInt32Array, UInt32Array]:
    """Return the factors (odd) and offsets of `num_perm` permutations h -> a*h + b mod 2**32.

    They are drawn as datasketch 2.0 draws them, from numpy's legacy `RandomState`, whose stream is frozen: the same
    seed gives the same permutations with every version of numpy.

    Raises
    ------
    OptionsError
        If `num_perm` is below 1 or `seed` does not fit in 32 bits.

    Examples
    --------
    >>> a, b = permutations(2, seed=1)
    >>> a.tolist(), b.tolist()
    ([3582191691, 4270784983], [3093770124, 4005303368])
    """
    faults = []
    if num_perm < 1:
        faults.append(f"num_perm is {num_perm}. Pass at least 1; 128 is usual.")
    if not 0 <= seed < 2**32:
        faults.append(f"seed is {seed}. Pass a whole number from 0 to 4294967295.")
    if faults:
        raise OptionsError("\n".join(faults))
    generator = np.random.RandomState(seed)
    a = generator.randint(0, 1 << 31, num_perm, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    b = generator.randint(0, 1 << 32, num_perm, dtype=np.uint32)
    return a, b


def signatures(shingle_ids: UInt64Array, bounds: Int64Array, *, num_perm: int = 128, seed: int = 1) -> UInt32Array:
    """Return the MinHash signatures of many documents, one row each, `num_perm` columns of uint32.

    Document d has the shingles bounds[d] to bounds[d + 1]; their order and how often one occurs do not matter. The
    hash of a shingle is the upper 32 bits of its id. A document without shingles gets the signature that an empty
    `datasketch.MinHash` has: every column is 2**32 - 1.

    The share of equal columns of two rows estimates the Jaccard similarity of the two sets (Broder 1997), with
    standard error sqrt(J * (1 - J) / num_perm). Two sets of more than some ten million shingles look more alike than
    they are, because 32-bit hashes begin to coincide.

    Raises
    ------
    OptionsError
        If `num_perm` is below 1 or `seed` does not fit in 32 bits.

    Examples
    --------
    >>> ids = np.array([1 << 32, 2 << 32, 2 << 32, 1 << 32], dtype=np.uint64)
    >>> rows = signatures(ids, np.array([0, 2, 4, 4], dtype=np.int64), num_perm=4)
    >>> bool((rows[0] == rows[1]).all()), rows[2].tolist()
    (True, [4294967295, 4294967295, 4294967295, 4294967295])
    """
    from textreuse._kernels.minhash import BLOCK, fill_signatures

    a, b = permutations(num_perm, seed)
    rows = np.full((len(bounds) - 1, num_perm), EMPTY, dtype=np.uint32)
    mixed = np.empty(BLOCK, dtype=np.uint32)
    fill_signatures(shingle_ids, bounds, a, b, mixed, rows)
    return rows
