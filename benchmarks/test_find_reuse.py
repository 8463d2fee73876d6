"""The whole search on generated text of three sizes, one in five documents with a copied and edited passage."""

from __future__ import annotations

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks import prepared
from textreuse import find_reuse


@pytest.mark.parametrize("n_documents", prepared.SIZES)
def test_find_reuse(benchmark: BenchmarkFixture, n_documents: int) -> None:
    texts = prepared.texts(n_documents)
    result = benchmark(find_reuse, texts, threads=1)
    benchmark.extra_info |= {"unit": "word", "units": int(result.stats["words"]), "matches": len(result)}
    # 0.2 passages a document were planted, one in ten words of them edited; the promise is 0.95 of those.
    assert len(result) >= 0.9 * 0.2 * n_documents
