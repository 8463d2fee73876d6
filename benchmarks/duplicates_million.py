"""Time and peak memory of `find_duplicates` over a stream of generated documents, none of which is kept.

    python -m benchmarks.duplicates_million                          # a million documents of 300 words
    python -m benchmarks.duplicates_million --documents 100000 --threads 1

Words are drawn by Zipf's law from 50,000 made-up ones. Every tenth document is a copy of an earlier one with three
words replaced. How long it takes to make the documents alone is measured first and taken off.
"""

from __future__ import annotations

import argparse
import resource
import sys
from collections.abc import Iterator
from time import perf_counter

import numpy as np

import textreuse as tr
from benchmarks.generate import vocabulary

N_WORDS, BLOCK, LIMIT = 300, 10_000, 8 * 2**30


def stream(n_documents: int) -> Iterator[tr.Document]:
    """Yield the documents; the last tenth of each block are edited copies of its first tenth."""
    words = np.array(vocabulary(50_000), dtype=object)
    steps = np.cumsum(1 / (np.arange(1, len(words) + 1) + 2.7) ** 1.07)
    steps /= steps[-1]
    for first in range(0, n_documents, BLOCK):
        rng = np.random.default_rng([7, first])
        n = min(BLOCK, n_documents - first)
        drawn = np.searchsorted(steps, rng.random((n, N_WORDS)))
        copies = n // 10
        drawn[n - copies :] = drawn[:copies]
        for place in rng.integers(0, N_WORDS, (3, copies)):
            drawn[np.arange(n - copies, n), place] = rng.integers(0, len(words), copies)
        for i, row in enumerate(words[drawn].tolist(), start=first):
            yield tr.Document(f"{i:08}", " ".join(row))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--recall", type=float, default=1.0)
    chosen = parser.parse_args()
    tr.find_duplicates(stream(1000))  # compiles
    start = perf_counter()
    n_characters = sum(len(document.text) for document in stream(chosen.documents))
    making = perf_counter() - start
    start = perf_counter()
    result = tr.find_duplicates(stream(chosen.documents), threads=chosen.threads, recall=chosen.recall)
    took = perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(result)
    print({name: value for name, value in result.stats.items() if name != "seconds"})
    print({name: round(seconds, 1) for name, seconds in result.stats["seconds"].items()})
    print(f"{n_characters:,} characters; {took:.0f} s, of which making the documents takes {making:.0f} s when alone")
    print(f"peak memory {peak / 2**30:.2f} GiB")
    return 1 if peak > LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())
