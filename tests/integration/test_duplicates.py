"""Real collections against an index of their own: every pair, to the last digit."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from benchmarks.generate import collection
from scipy.sparse import csr_array

import textreuse as tr
from textreuse.tokenize import tokenize

Pairs = dict[tuple[str, str], float]


def every_pair(texts: Mapping[str, str], threshold: float, measure: str = "jaccard") -> Pairs:
    """Return the similarities at or above the threshold, by counting what all pairs have in common.

    Shingles are tuples of five word hashes here, so that nothing is shared with what is tested but the words.
    """
    ids = sorted(texts)
    tokens = tokenize([texts[id_] for id_ in ids])
    hashes = tokens.hashes.tolist()
    columns: dict[tuple[int, ...], int] = {}
    rows = []
    for start, stop in pairwise(tokens.bounds.tolist()):
        shingles = {tuple(hashes[i : min(i + 5, stop)]) for i in range(start, max(stop - 4, min(start + 1, stop)))}
        rows.append([columns.setdefault(shingle, len(columns)) for shingle in shingles])
    sizes = np.array([len(row) for row in rows])
    holds = csr_array(
        (np.ones(sizes.sum(), np.int32), np.concatenate(rows).astype(np.int64), np.append(0, np.cumsum(sizes))),
        shape=(len(ids), len(columns)),
    )
    pairs: Pairs = {}
    for start in range(0, len(ids), 1000):
        common = (holds[start : start + 1000] @ holds.T).tocoo()
        a, b, n = common.row + start, common.col, common.data
        of = np.minimum(sizes[a], sizes[b]) if measure == "containment" else sizes[a] + sizes[b] - n
        for k in np.flatnonzero((a < b) & (n / of >= threshold)).tolist():
            pairs[ids[a[k]], ids[b[k]]] = int(n[k]) / int(of[k])
    return pairs


def found_pairs(texts: Mapping[str, str], **options: Any) -> Pairs:
    result = tr.find_duplicates(texts, all_pairs=True, **options)
    return {(pair.a, pair.b): pair.similarity for pair in result.pairs}


def read(path: Path) -> dict[str, str]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return {str(number).zfill(6): json.loads(line)["text"] for number, line in enumerate(lines)}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["reuters21578", "20newsgroups"])
@pytest.mark.parametrize("threshold", [0.5, 0.8])
def test_real_collections_have_the_pairs_of_comparing_all_with_all(
    shared_data: Path, name: str, threshold: float
) -> None:
    texts = read(shared_data / f"{name}.jsonl.gz")
    expected = every_pair(texts, threshold)
    assert len(expected) > 100
    assert found_pairs(texts, threshold=threshold) == expected


@pytest.mark.parametrize("measure", ["jaccard", "containment"])
def test_generated_collection_has_the_pairs_of_comparing_all_with_all(measure: str) -> None:
    documents, _ = collection(600, 5, words=(20, 300), duplicate_rate=0.3, edit_rate=0.02, reuse_rate=0.5)
    texts = {document.id: document.text for document in documents}
    expected = every_pair(texts, 0.6, measure)
    assert len(expected) > 100
    assert found_pairs(texts, threshold=0.6, measure=measure) == expected
