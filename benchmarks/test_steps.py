"""Each step of the search by itself. `extra_info` holds how many units one call handles: mean / units is the rate."""

from __future__ import annotations

import numpy as np
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks import prepared
from textreuse._sorting import sort_keys
from textreuse.align import edit_script, merge_overlapping
from textreuse.families import group_matches
from textreuse.lsh import window_minima
from textreuse.model import Tokens
from textreuse.rarity import count_successions, measure_rarity, number_tokens
from textreuse.shingle import shingle
from textreuse.tokenize import hash_spans, tokenize


def test_tokenize_ascii(benchmark: BenchmarkFixture) -> None:
    benchmark.extra_info |= {"unit": "character", "units": prepared.n_characters()}
    assert len(benchmark(tokenize, prepared.texts())) > 0


def test_tokenize_cyrillic(benchmark: BenchmarkFixture) -> None:
    texts = prepared.cyrillic_texts()
    benchmark.extra_info |= {"unit": "character", "units": sum(map(len, texts))}
    assert len(benchmark(tokenize, texts)) == len(prepared.tokens())


def test_number_tokens(benchmark: BenchmarkFixture) -> None:
    hashes = prepared.tokens().hashes
    benchmark.extra_info |= {"unit": "token", "units": len(hashes)}
    numbers, _ = benchmark(number_tokens, hashes)
    assert len(numbers) == len(hashes)


def test_count_successions(benchmark: BenchmarkFixture) -> None:
    rarity = prepared.rarity()
    benchmark.extra_info |= {"unit": "token", "units": len(rarity.numbers)}
    found = benchmark(count_successions, rarity.numbers, len(rarity.bits), prepared.tokens().bounds)
    assert found.contexts.min() > 0


def test_sort_keys(benchmark: BenchmarkFixture) -> None:
    keys = prepared.anchors().ids
    benchmark.extra_info |= {"unit": "key", "units": len(keys)}
    assert (np.diff(benchmark(lambda: sort_keys(keys.copy()) >> np.uint64(1)).astype(np.int64)) >= 0).all()


def test_measure_rarity(benchmark: BenchmarkFixture) -> None:
    tokens = prepared.tokens()
    benchmark.extra_info |= {"unit": "token", "units": len(tokens)}
    assert benchmark(measure_rarity, tokens, hash_spans, prepared.texts()).bits.min() > 0


def test_shingle(benchmark: BenchmarkFixture) -> None:
    tokens = prepared.tokens()
    benchmark.extra_info |= {"unit": "token", "units": len(tokens)}
    assert len(benchmark(shingle, tokens, 3, 5).ids) == len(tokens)


def test_window_minima(benchmark: BenchmarkFixture) -> None:
    shingles = prepared.shingles()
    benchmark.extra_info |= {"unit": "shingle", "units": len(shingles.ids)}
    assert 0 < len(benchmark(window_minima, shingles, 4)) < len(shingles.ids)


def test_build_index(benchmark: BenchmarkFixture) -> None:
    benchmark.extra_info |= {"unit": "anchor", "units": len(prepared.anchors())}
    assert benchmark(prepared.index).n_groups > 0


def test_find_chains(benchmark: BenchmarkFixture) -> None:
    index = prepared.index()
    chains, n_hits = benchmark(prepared.chains_of, index)
    benchmark.extra_info |= {"unit": "hit", "units": n_hits}
    assert len(chains) > 0


def test_find_extents(benchmark: BenchmarkFixture) -> None:
    chains = prepared.chains()
    benchmark.extra_info |= {"unit": "chain", "units": len(chains)}
    assert len(benchmark(prepared.rows)) > 0


def test_measure(benchmark: BenchmarkFixture) -> None:
    passages = merge_overlapping(prepared.rows())
    n_tokens = int((passages[:, 3] - passages[:, 2] + passages[:, 5] - passages[:, 4]).sum())
    benchmark.extra_info |= {"unit": "token", "units": n_tokens}
    assert len(benchmark(prepared.measured, passages)) == len(passages)


def test_edit_script(benchmark: BenchmarkFixture) -> None:
    # A passage of 200 tokens against itself with every tenth replaced.
    hashes = prepared.tokens().hashes[:200].copy()
    edited = hashes.copy()
    edited[::10] ^= np.uint64(2)
    starts = np.tile(np.arange(0, 400, 2, dtype=np.uint32), 2)
    pair = Tokens(np.concatenate([hashes, edited]), starts, starts + np.uint32(1), np.array([0, 200, 400]))
    benchmark.extra_info |= {"unit": "token", "units": len(pair)}
    assert len(benchmark(edit_script, pair, 0, 0)) == 40


def test_families(benchmark: BenchmarkFixture) -> None:
    matches = prepared.measured(merge_overlapping(prepared.rows()))
    benchmark.extra_info |= {"unit": "match", "units": len(matches)}
    assert len(benchmark(group_matches, matches, prepared.tokens().n_documents).family) == len(matches)
