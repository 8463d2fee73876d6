"""Slow and obvious twins for whole documents: every pair by sets, connected components, removal in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
from tests import naive

from textreuse.tokenize import tokenize


def shingle_set(text: str, n_words: int = 5) -> frozenset[int]:
    """Return the 64-bit ids of the shingles of a text, `n_words` words or twice as many characters each."""
    hashes = tokenize([text]).hashes.tolist()
    return frozenset(naive.shingle_id(found) for found in naive.shingles(hashes, n_words, 2 * n_words) if found)


def jaccard(a: frozenset[int], b: frozenset[int]) -> float:
    return len(a & b) / len(a | b)


def containment(a: frozenset[int], b: frozenset[int]) -> float:
    return len(a & b) / min(len(a), len(b))


MEASURES = {"jaccard": jaccard, "containment": containment}


def all_pairs(
    texts: Mapping[str, str], threshold: float, measure: str = "jaccard", n_words: int = 5
) -> dict[tuple[str, str], float]:
    """Return the similarity of each pair of ids at or above the threshold, by comparing all with all."""
    sets = {id_: shingle_set(texts[id_], n_words) for id_ in sorted(texts)}
    pairs = {(a, b): MEASURES[measure](sets[a], sets[b]) for a, b in combinations(sets, 2) if sets[a] and sets[b]}
    return {pair: similarity for pair, similarity in pairs.items() if similarity >= threshold}


def components(ids: Sequence[str], pairs: Sequence[tuple[str, str]]) -> list[tuple[str, ...]]:
    """Return the ids that pairs connect, largest component first, then by first id; those of one id left out."""
    of = {id_: {id_} for id_ in ids}
    for a, b in pairs:
        merged = of[a] | of[b]
        for id_ in merged:
            of[id_] = merged
    different = {tuple(sorted(found)) for found in of.values() if len(found) > 1}
    return sorted(different, key=lambda found: (-len(found), found))


def removed(order: Sequence[str], pairs: Mapping[tuple[str, str], float]) -> dict[str, str]:
    """Return what each removed document is removed by, if each that is like a kept one is removed, in order."""
    kept: list[str] = []
    by = {}
    for id_ in order:
        alike = [(pairs.get((min(id_, k), max(id_, k)), 0.0), -place, k) for place, k in enumerate(kept)]
        best = max(alike, default=(0.0, 0, ""))
        if best[0] > 0:
            by[id_] = best[2]
        else:
            kept.append(id_)
    return by


def overlap(a: Sequence[int], b: Sequence[int]) -> int:
    return len(set(a) & set(b))


def document_frequency(sets: Sequence[frozenset[int]]) -> dict[int, int]:
    """Return in how many sets each shingle is."""
    every = np.concatenate([np.array(sorted(found), np.uint64) for found in sets]) if sets else np.empty(0, np.uint64)
    values, counts = np.unique(every, return_counts=True)
    return dict(zip(values.tolist(), counts.tolist(), strict=True))
