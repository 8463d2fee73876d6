"""textreuse beside other tools for near-duplicates: the same documents, from `str` to pairs, in turns, one thread.

    pip install -e . -r benchmarks/peers/requirements.txt
    python -m benchmarks.peers.compare                          # 20,000 generated documents
    TEXTREUSE_DATA=<folder> python -m benchmarks.peers.compare --reuters

Every tool gets a list of str and has to give the pairs with a word 5-gram Jaccard similarity of at least 0.8. The peers
hash and band as their documentation shows. What they give are candidates; `verified` adds the exact Jaccard similarity
of each candidate pair on Python sets, which the candidates of textreuse have had already. `found` is the share of all
pairs at or above the threshold (compared all with all, by an inverted index) that is among a tool's pairs, `wrong` the
share of its unverified pairs that are below. `ratio` is the time divided by that of textreuse. `--processor-time` tells
what a thread takes where others use the machine, too.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import json
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any, NamedTuple

import numpy as np

# One thread for every tool: rensa and gaoya read this when they are loaded.
os.environ.setdefault("RAYON_NUM_THREADS", "1")

THRESHOLD, N_PERM, BANDS, SHINGLE_WORDS = 0.8, 128, 16, 5  # 16 bands of 8 rows: what rensa and gaoya can be given
Pairs = set[tuple[int, int]]


def shingles_of(text: str) -> list[str]:
    words = text.split()
    return [" ".join(words[i : i + SHINGLE_WORDS]) for i in range(max(1, len(words) - SHINGLE_WORDS + 1))]


def textreuse_exact(texts: list[str]) -> Pairs:
    return _textreuse(texts, recall=1.0)


def textreuse_bands(texts: list[str]) -> Pairs:
    return _textreuse(texts, recall=0.99)


def textreuse_two_threads(texts: list[str]) -> Pairs:
    return _textreuse(texts, recall=1.0, threads=2)


def _textreuse(texts: list[str], *, recall: float, threads: int = 1) -> Pairs:
    import textreuse as tr

    found = tr.find_duplicates(texts, threshold=THRESHOLD, recall=recall, threads=threads)
    return {(int(pair.a), int(pair.b)) for pair in found.pairs}


def rensa_lsh(texts: list[str]) -> Pairs:
    from rensa import RMinHash, RMinHashLSH

    lsh = RMinHashLSH(THRESHOLD, N_PERM, BANDS)
    pairs: Pairs = set()
    for i, text in enumerate(texts):
        sketch = RMinHash(num_perm=N_PERM, seed=42)
        sketch.update(shingles_of(text))
        pairs.update((j, i) for j in lsh.query(sketch))
        lsh.insert(i, sketch)
    return pairs


def rensa_batch(texts: list[str]) -> Pairs:
    from rensa import RMinHash, RMinHashLSH

    lsh = RMinHashLSH(THRESHOLD, N_PERM, BANDS)
    pairs: Pairs = set()
    sketches = RMinHash.from_token_sets([shingles_of(text) for text in texts], num_perm=N_PERM, seed=42)
    for i, sketch in enumerate(sketches):
        pairs.update((j, i) for j in lsh.query(sketch))
        lsh.insert(i, sketch)
    return pairs


def datasketch_lsh(texts: list[str]) -> Pairs:
    from datasketch import MinHash, MinHashLSH

    lsh = MinHashLSH(threshold=THRESHOLD, num_perm=N_PERM)
    pairs: Pairs = set()
    for i, text in enumerate(texts):
        sketch = MinHash(num_perm=N_PERM, seed=1, scheme="affine32")
        sketch.update_batch([shingle.encode() for shingle in shingles_of(text)])
        pairs.update((j, i) for j in lsh.query(sketch))
        lsh.insert(i, sketch, check_duplication=False)
    return pairs


def gaoya_index(texts: list[str]) -> Pairs:
    from gaoya.minhash import MinHashStringIndex

    index = MinHashStringIndex(
        32, THRESHOLD, BANDS, N_PERM // BANDS, None, "word", False, (SHINGLE_WORDS, SHINGLE_WORDS)
    )
    pairs: Pairs = set()
    for i, text in enumerate(texts):
        pairs.update((j, i) for j in index.query(text))
        index.insert_document(i, text)
    return pairs


class Tool(NamedTuple):
    name: str
    run: Callable[[list[str]], Pairs]
    is_verified: bool
    least_ratio: float | None  # the bar: so many times the time of textreuse


TOOLS = [
    Tool("textreuse", textreuse_exact, True, None),
    Tool("textreuse, recall 0.99", textreuse_bands, True, None),
    Tool("textreuse, two threads", textreuse_two_threads, True, None),
    Tool("rensa RMinHash + RMinHashLSH", rensa_lsh, False, 8),
    Tool("rensa, sketches in one batch", rensa_batch, False, None),
    Tool("gaoya MinHashStringIndex", gaoya_index, False, 8),
    Tool("datasketch MinHash + MinHashLSH", datasketch_lsh, False, 40),
]


def jaccard(a: set[str], b: set[str]) -> float:
    return len(a & b) / len(a | b)


def verify(texts: list[str], pairs: Iterable[tuple[int, int]]) -> Pairs:
    return {(i, j) for i, j in pairs if jaccard(set(shingles_of(texts[i])), set(shingles_of(texts[j]))) >= THRESHOLD}


def true_pairs(texts: list[str]) -> Pairs:
    """Return all pairs at or above the threshold, by counting common shingles through an inverted index."""
    sets = [set(shingles_of(text)) for text in texts]
    holding: dict[str, list[int]] = defaultdict(list)
    found: Pairs = set()
    for j, shingles in enumerate(sets):
        common: dict[int, int] = defaultdict(int)
        for shingle in shingles:
            for i in holding[shingle]:
                common[i] += 1
            holding[shingle].append(j)
        found.update((i, j) for i, n in common.items() if n / (len(sets[i]) + len(shingles) - n) >= THRESHOLD)
    return found


def newslike(n_documents: int) -> list[str]:
    from benchmarks.generate import collection

    documents, _ = collection(n_documents, 11, reuse_rate=0, duplicate_rate=0.1, edit_rate=0.01)
    return [document.text for document in documents]


def reuters() -> list[str]:
    folder = Path(os.environ.get("TEXTREUSE_DATA", "../shared/data"))
    with gzip.open(folder / "reuters21578.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    return [text for text in texts if text.split()]


def measure(
    texts: list[str], tools: list[Tool], rounds: int, clock: Callable[[], float] = perf_counter
) -> list[dict[str, Any]]:
    truth = true_pairs(texts)
    n_shingles = sum(max(1, len(text.split()) - SHINGLE_WORDS + 1) for text in texts)
    print(
        f"{len(texts):,} documents, {n_shingles:,} shingles, {len(truth):,} pairs at or above {THRESHOLD}", flush=True
    )
    seconds: dict[str, list[float]] = defaultdict(list)
    verifying: dict[str, list[float]] = defaultdict(list)
    found: dict[str, Pairs] = {}
    for tool in tools:
        tool.run(texts[:200])  # compiles, loads
    for turn in range(rounds):
        for tool in tools[turn % len(tools) :] + tools[: turn % len(tools)]:
            gc.collect()  # what the last tool left behind, in memory and caches, is not this one's work
            tool.run(texts[:2000])
            start = clock()
            found[tool.name] = tool.run(texts)
            seconds[tool.name].append(clock() - start)
            start = clock()
            if not tool.is_verified:
                verify(texts, found[tool.name])
            verifying[tool.name].append(clock() - start)
            print(f"  {tool.name}: {seconds[tool.name][-1]:.2f} s", file=sys.stderr, flush=True)
    ours = median(seconds[tools[0].name])
    return [
        {
            "tool": tool,
            "seconds": median(seconds[tool.name]),
            "ns": 1e9 * median(seconds[tool.name]) / n_shingles,
            "verified": median(np.add(seconds[tool.name], verifying[tool.name]).tolist()),
            "ratio": median(seconds[tool.name]) / ours,
            "found": len(found[tool.name] & truth) / max(1, len(truth)),
            "wrong": len(found[tool.name] - truth) / max(1, len(found[tool.name])),
        }
        for tool in tools
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--reuters", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", help="tools whose name holds this, beside textreuse")
    parser.add_argument("--processor-time", action="store_true", help="instead of that of the clock, of one thread")
    chosen = parser.parse_args()
    tools = [tool for tool in TOOLS if tool is TOOLS[0] or not chosen.only or chosen.only in tool.name]
    if chosen.processor_time:
        tools = [tool for tool in tools if tool.run is not textreuse_two_threads]
    clock = process_time if chosen.processor_time else perf_counter
    rows = measure(reuters() if chosen.reuters else newslike(chosen.documents), tools, chosen.rounds, clock)
    print(f"{'':34}{'seconds':>9}{'ns/shingle':>12}{'ratio':>8}{'verified':>10}{'found':>8}{'wrong':>8}")
    missed = []
    for row in rows:
        tool = row["tool"]
        print(
            f"{tool.name:34}{row['seconds']:9.2f}{row['ns']:12.0f}{row['ratio']:8.1f}{row['verified']:10.2f}"
            f"{row['found']:8.3f}{row['wrong']:8.3f}"
        )
        if tool.least_ratio is not None and row["ratio"] < tool.least_ratio:
            missed.append(f"{tool.name}: {row['ratio']:.1f} times, not {tool.least_ratio:g}")
    print("missed: " + "; ".join(missed) if missed else "all ratios reached")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
