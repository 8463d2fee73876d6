"""Signatures from shingles that are hashed already: textreuse beside rensa, by length of document, one thread.

    pip install -e . -r benchmarks/peers/requirements.txt
    python -m benchmarks.peers.prehashed

128 values for each document, from 64-bit ids in one flat array; two million ids a row, in nanoseconds each. `error` is
the root of the mean squared difference between the share of equal values and the Jaccard similarity over 500 pairs of
documents of 1,000 shingles at 0.8; for 128 independent values sqrt(0.8 * 0.2 / 128) = 0.035 is to be expected.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

os.environ.setdefault("RAYON_NUM_THREADS", "1")

LENGTHS, N_IDS, N_PERM, ROUNDS = (20, 100, 300, 1_000, 10_000, 100_000), 2_000_000, 128, 5
Ids = npt.NDArray[np.uint64]
Bounds = npt.NDArray[np.int64]
Rows = npt.NDArray[np.uint32]


def ours(ids: Ids, bounds: Bounds) -> Rows:
    from textreuse.minhash import signatures

    return signatures(ids, bounds, num_perm=N_PERM)


def rensa_matrix(name: str) -> Callable[[Ids, Bounds], Any]:
    def sign(ids: Ids, bounds: Bounds) -> Any:
        from rensa import RMinHash

        return getattr(RMinHash, name)(ids, bounds.astype(np.uint64), N_PERM, 42)

    return sign


TOOLS: dict[str, Callable[[Ids, Bounds], Any]] = {
    "textreuse (affine32)": ours,
    "rensa R-MinHash": rensa_matrix("digest_matrix_from_flat_token_hashes"),
    "rensa rho (samples positions)": rensa_matrix("digest_matrix_from_flat_token_hashes_rho"),
}


def pairs_at(similarity: float, n_pairs: int, length: int) -> tuple[Ids, Bounds]:
    """Return pairs of successive documents of `length` ids that share what makes them this similar."""
    rng = np.random.default_rng(5)
    shared = round(2 * length * similarity / (1 + similarity))
    documents = []
    for _ in range(n_pairs):
        common = rng.integers(0, 2**64, shared, dtype=np.uint64)
        for _ in range(2):
            own = rng.integers(0, 2**64, length - shared, dtype=np.uint64)
            documents.append(np.concatenate([common, own]))
    return np.concatenate(documents), np.arange(0, 2 * n_pairs * length + 1, length, dtype=np.int64)


def main() -> None:
    rng = np.random.default_rng(1)
    print(f"{'ns an id, documents of':32}" + "".join(f"{length:>10,}" for length in LENGTHS) + f"{'error':>10}")
    best = {name: [float("inf")] * len(LENGTHS) for name in TOOLS}
    for place, length in enumerate(LENGTHS):
        ids = rng.integers(0, 2**64, N_IDS // length * length, dtype=np.uint64)
        bounds = np.arange(0, len(ids) + 1, length, dtype=np.int64)
        for _ in range(ROUNDS):
            for name, sign in TOOLS.items():
                start = perf_counter()
                sign(ids, bounds)
                best[name][place] = min(best[name][place], 1e9 * (perf_counter() - start) / len(ids))
    ids, bounds = pairs_at(0.8, 500, 1_000)
    for name, sign in TOOLS.items():
        matrix = sign(ids, bounds)
        rows = np.array(matrix.to_rows()) if hasattr(matrix, "to_rows") else matrix
        error = f"{np.sqrt(np.mean(((rows[::2] == rows[1::2]).mean(axis=1) - 0.8) ** 2)):10.3f}"
        print(f"{name:32}" + "".join(f"{value:10.1f}" for value in best[name]) + error)


if __name__ == "__main__":
    main()
