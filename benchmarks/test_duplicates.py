"""Each step of the search for near-duplicates by itself, and whole runs. `extra_info` holds the units of one call."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

import textreuse as tr
from benchmarks.generate import collection
from textreuse.copies import find_copies, make_sets
from textreuse.duplicate_options import make_duplicate_options
from textreuse.lsh import band_keys
from textreuse.minhash import signatures
from textreuse.model import ShingleSets
from textreuse.partners import Partners, find_partners
from textreuse.sharing import find_sharing, prefix_keys, smallest_overlaps
from textreuse.shingle_sets import Collected, collect_shingles
from textreuse.verify import group_keys, verified_pairs

OPTIONS = make_duplicate_options(threads=1)


@lru_cache(maxsize=1)
def texts() -> list[str]:
    found, _ = collection(4000, 11, reuse_rate=0, duplicate_rate=0.1, edit_rate=0.01)
    return [document.text for document in found]


def collected() -> Collected:
    """Return the shingles of all texts anew, because the next steps overwrite them."""
    return collect_shingles(texts(), 5, 10, limit=OPTIONS.limit)


@lru_cache(maxsize=1)
def n_shingles() -> int:
    return int(collected().sets.sizes.sum())


@lru_cache(maxsize=1)
def partners() -> Partners:
    found = collected()
    return find_partners(found.sets, found.n_low, np.arange(len(found.ids)), OPTIONS)


@pytest.mark.parametrize("recall", [1.0, 0.99])
def test_find_duplicates(benchmark: BenchmarkFixture, recall: float) -> None:
    benchmark.extra_info |= {"unit": "shingle", "units": n_shingles()}
    assert len(benchmark(tr.find_duplicates, texts(), recall=recall, threads=1)) == 400


def test_deduplicate(benchmark: BenchmarkFixture) -> None:
    benchmark.extra_info |= {"unit": "shingle", "units": n_shingles()}
    assert len(benchmark(tr.deduplicate, texts(), threads=1).removed) == 400


def test_containment(benchmark: BenchmarkFixture) -> None:
    benchmark.extra_info |= {"unit": "shingle", "units": n_shingles()}
    assert len(benchmark(tr.find_duplicates, texts(), measure="containment", threads=1)) == 400


def test_collect_shingles(benchmark: BenchmarkFixture) -> None:
    benchmark.extra_info |= {"unit": "shingle", "units": n_shingles()}
    assert len(benchmark(collect_shingles, texts(), 5, 10, limit=OPTIONS.limit).ids) == 4000


def test_find_copies(benchmark: BenchmarkFixture) -> None:
    found = collected()
    documents = np.arange(len(found.ids))
    benchmark.extra_info |= {"unit": "document", "units": len(documents)}
    assert (benchmark(find_copies, found.sets, found.digests, documents) == documents).all()


def test_find_sharing(benchmark: BenchmarkFixture) -> None:
    found = collected()
    documents, least = np.arange(len(found.ids)), smallest_overlaps(found.sets.sizes, 0.8)
    benchmark.extra_info |= {"unit": "shingle", "units": n_shingles()}
    assert len(benchmark(find_sharing, found.sets, found.n_low, OPTIONS.limit, documents, least, 1)) >= 800


def test_make_sets(benchmark: BenchmarkFixture) -> None:
    benchmark.extra_info |= {"unit": "shingle", "units": n_shingles()}

    def fresh() -> tuple[tuple[ShingleSets, np.ndarray, int], dict[str, object]]:
        found = collected()
        return (found.sets, np.arange(len(found.ids)), 1), {}

    assert len(benchmark.pedantic(make_sets, setup=fresh, rounds=5).ids) <= n_shingles()


def test_prefix_keys(benchmark: BenchmarkFixture) -> None:
    sets = partners().sets
    benchmark.extra_info |= {"unit": "shingle", "units": len(sets.ids)}
    assert len(benchmark(prefix_keys, sets, smallest_overlaps(sets.sizes, 0.8), 1).values) > 0


def test_signatures_of_sets(benchmark: BenchmarkFixture) -> None:
    sets = partners().sets
    bounds = np.append(sets.starts, sets.stops[-1])
    benchmark.extra_info |= {"unit": "shingle", "units": len(sets.ids)}
    assert len(benchmark(signatures, sets.ids, bounds, num_perm=128)) == len(sets.starts)


def test_band_keys(benchmark: BenchmarkFixture) -> None:
    rows = np.random.default_rng(1).integers(0, 2**32, (20_000, 128), dtype=np.uint32)
    benchmark.extra_info |= {"unit": "key", "units": 16 * len(rows)}
    assert benchmark(band_keys, rows, 16, 8).shape == (20_000, 16)


def test_group_keys(benchmark: BenchmarkFixture) -> None:
    sets = partners().sets
    keys = prefix_keys(sets, smallest_overlaps(sets.sizes, 0.8), 1)
    benchmark.extra_info |= {"unit": "key", "units": len(keys.values)}
    assert len(benchmark(group_keys, keys.values, keys.bounds, None, len(sets.starts)).members) > 0


def test_verified_pairs(benchmark: BenchmarkFixture) -> None:
    found = partners()
    pairs, _, n_verified = benchmark(verified_pairs, found.compared, found.groups, 0.8, False, False, 1)
    benchmark.extra_info |= {"unit": "verification", "units": n_verified}
    assert len(pairs.overlaps) == 400
