from __future__ import annotations

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from textreuse.minhash import signatures

N_SHINGLES = 400_000


@pytest.mark.parametrize("length", [20, 100, 300, 1000, 100_000])
def test_signatures(benchmark: BenchmarkFixture, length: int) -> None:
    ids = np.random.Generator(np.random.PCG64(1)).integers(0, 2**64, N_SHINGLES, dtype=np.uint64)
    bounds = np.arange(0, N_SHINGLES + 1, length, dtype=np.int64)
    rows = benchmark(signatures, ids, bounds, num_perm=128)
    assert rows.shape == (N_SHINGLES // length, 128)
