"""Short texts inside long ones: what `measure="containment"` finds, beside datasketch's LSH Ensemble and plain MinHash.

    python -m benchmarks.accuracy.containment

40 texts of 50,000 words; excerpts of 200 words from them, none to five words of each changed, and as many texts of 200
words that stand nowhere. A pair counts if the exact containment is at least 0.8. The Ensemble is built over the long
texts (threshold 0.8, 128 permutations, 16 partitions) and asked for each short one, as its documentation shows; and
once more with 64 bands of at most two rows, and misses that weigh nine times as much as what is listed wrongly.
`bands of one row` is what signatures could do at best: a pair is a candidate if any of 128 columns agree.
"""

from __future__ import annotations

import sys
from time import perf_counter
from typing import Any

import numpy as np
from benchmarks.generate import edit, prose, random_generator, vocabulary

import textreuse as tr

N_LONG, N_SHORT, LONG_WORDS, SHORT_WORDS, THRESHOLD = 40, 400, 50_000, 200, 0.8
Pairs = set[tuple[str, str]]


def make() -> dict[str, str]:
    texts = {f"long{i:03}": prose(LONG_WORDS, [21, i]) for i in range(N_LONG)}
    words = {name: text.split() for name, text in texts.items()}
    rng = random_generator(22)
    for i in range(N_SHORT):
        source = words[f"long{i % N_LONG:03}"]
        start = int(rng.integers(0, LONG_WORDS - SHORT_WORDS))
        excerpt = " ".join(source[start : start + SHORT_WORDS])
        texts[f"short{i:04}"] = edit(excerpt, i % 6, rng, vocabulary())
        texts[f"other{i:04}"] = prose(SHORT_WORDS, [23, i])
    return texts


def shingles_of(texts: dict[str, str]) -> dict[str, set[int]]:
    from textreuse.shingle import shingle
    from textreuse.tokenize import tokenize

    found = shingle(tokenize(list(texts.values())), 5, 10)
    bounds = found.bounds.tolist()
    return {
        name: set(found.ids[start:stop][found.lengths[start:stop] > 0].tolist())
        for name, start, stop in zip(texts, bounds, bounds[1:], strict=False)
    }


def exact_pairs(sets: dict[str, set[int]]) -> Pairs:
    long = [name for name in sets if name.startswith("long")]
    return {
        (other, name)
        for other in sets
        if not other.startswith("long")
        for name in long
        if len(sets[other] & sets[name]) / len(sets[other]) >= THRESHOLD
    }


def ensemble_pairs(sets: dict[str, set[int]], **tuning: Any) -> Pairs:
    from datasketch import MinHash, MinHashLSHEnsemble

    sketches = {}
    for name, shingles in sets.items():
        sketch = MinHash(128, seed=1, scheme="affine32", hashfunc=lambda id_: id_ >> 32)
        sketch.update_batch(list(shingles))
        sketches[name] = sketch
    ensemble = MinHashLSHEnsemble(threshold=THRESHOLD, num_perm=128, num_part=16, **tuning)
    ensemble.index([(name, sketches[name], len(sets[name])) for name in sets if name.startswith("long")])
    return {
        (name, other)
        for name in sets
        if not name.startswith("long")
        for other in ensemble.query(sketches[name], len(sets[name]))
    }


def one_row_pairs(texts: dict[str, str]) -> Pairs:
    signatures = tr.signatures(texts)
    ids = list(signatures.ids)
    long = [i for i, name in enumerate(ids) if name.startswith("long")]
    short = [i for i, name in enumerate(ids) if not name.startswith("long")]
    agree = (signatures.matrix[short][:, np.newaxis] == signatures.matrix[long][np.newaxis]).any(axis=2)
    return {(ids[short[i]], ids[long[j]]) for i, j in zip(*(axis.tolist() for axis in np.nonzero(agree)), strict=True)}


def main() -> int:
    texts = make()
    sets = shingles_of(texts)
    truth = exact_pairs(sets)
    tr.find_duplicates(list(texts.values())[-50:], measure="containment")  # compiles
    rows = []
    start = perf_counter()
    result = tr.find_duplicates(texts, measure="containment", threshold=THRESHOLD, threads=1)
    rows.append(("textreuse, from texts", {(b, a) for a, b, _ in result}, perf_counter() - start))
    start = perf_counter()
    rows.append(("datasketch LSH Ensemble, from sets of ids", ensemble_pairs(sets), perf_counter() - start))
    start = perf_counter()
    tuned = ensemble_pairs(sets, m=2, weights=(0.1, 0.9))
    rows.append(("the same with m=2, weights=(0.1, 0.9)", tuned, perf_counter() - start))
    start = perf_counter()
    rows.append(("128 bands of one row", one_row_pairs(texts), perf_counter() - start))
    print(f"{len(texts)} texts, {len(truth)} pairs with containment of at least {THRESHOLD}")
    print(f"{'':44}{'found':>8}{'listed':>8}{'seconds':>9}")
    for name, pairs, seconds in rows:
        print(f"{name:44}{len(pairs & truth) / len(truth):8.3f}{len(pairs):8}{seconds:9.2f}")
    return 0 if rows[0][1] == truth else 1


if __name__ == "__main__":
    sys.exit(main())
