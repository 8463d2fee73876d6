"""Slow and obvious twins of the kernels, written from the papers: what the fast code is tested against."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

# --- minhash (Broder 1997; scheme affine32 of datasketch 2.0) ---------------------------------------------------------


def mixed(hash32: int) -> int:
    """Return the 32-bit finaliser of MurmurHash3, in whole numbers without bounds."""
    hash32 ^= hash32 >> 16
    hash32 = hash32 * 0x85EBCA6B % 2**32
    hash32 ^= hash32 >> 13
    hash32 = hash32 * 0xC2B2AE35 % 2**32
    return hash32 ^ (hash32 >> 16)


def signature(shingle_ids: Iterable[int], permutations: Sequence[tuple[int, int]]) -> list[int]:
    """Return, for each permutation (a, b), the least a*h + b mod 2**32 over the set, or 2**32 - 1 for an empty one."""
    hashes = {mixed(shingle_id >> 32) for shingle_id in shingle_ids}
    return [min(((a * h + b) % 2**32 for h in hashes), default=2**32 - 1) for a, b in permutations]


# --- end of minhash ---------------------------------------------------------------------------------------------------
