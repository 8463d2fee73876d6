"""Measure whole searches of real collections, with one thread and with two, in turns.

    TEXTREUSE_DATA=<folder> python -m benchmarks.throughput [--rounds 3] [--preset ocr] [--only reuters]

Texts are read beforehand; each figure is the median of the rounds, after a small search that loads the kernels.
`sorts` is the time of one thread as a multiple of that of `np.sort` of 10 million random uint64 in the same run.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

import textreuse as tr
from benchmarks.generate import prose

DATA = Path(os.environ.get("TEXTREUSE_DATA", "../shared/data"))


def read_lines(name: str) -> dict[str, str]:
    with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return {row["id"]: row["text"] for row in map(json.loads, lines)}


def read_pan() -> dict[str, str]:
    return {
        f"{part}/{path.name}": path.read_bytes().decode("utf-8")
        for part in ("src", "susp")
        for path in sorted((DATA / "pan13" / part).glob("*.txt"))
    }


def seconds_of_sort() -> float:
    keys = np.random.default_rng(1).integers(0, 2**63, 10_000_000, dtype=np.uint64)
    start = perf_counter()
    keys.sort()
    return perf_counter() - start


def latency(rounds: int = 300) -> tuple[float, float]:
    """Return the median and the least milliseconds of comparing two texts of 1,000 words."""
    shared = prose(120, 5)
    a, b = f"{prose(440, 1)} {shared} {prose(440, 2)}", f"{prose(500, 3)} {shared} {prose(380, 4)}"
    taken = []
    for _ in range(rounds):
        start = perf_counter()
        tr.compare(a, b)
        taken.append(1e3 * (perf_counter() - start))
    return median(taken), min(taken)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--preset")
    parser.add_argument("--only", nargs="*", default=["reuters", "20newsgroups", "pan13"])
    arguments = parser.parse_args()
    readers = {
        "reuters": lambda: read_lines("reuters21578"),
        "20newsgroups": lambda: read_lines("20newsgroups"),
        "pan13": read_pan,
    }
    print(f"{'':14}{'MB':>6}{'1 thread':>12}{'MB/s':>8}{'sorts':>8}{'2 threads':>12}{'times':>8}  seconds by step")
    for name in arguments.only:
        texts = readers[name]()
        size = sum(map(len, texts.values())) / 1e6
        few = dict(list(texts.items())[:200])
        taken: dict[int, list[float]] = {1: [], 2: []}
        sorts = []
        steps: dict[str, float] = {}
        for threads in taken:
            tr.find_reuse(few, threads=threads, preset=arguments.preset)
        for _ in range(arguments.rounds):
            sorts.append(seconds_of_sort())
            for threads, of in taken.items():
                start = perf_counter()
                result = tr.find_reuse(texts, threads=threads, preset=arguments.preset)
                of.append(perf_counter() - start)
                steps = steps or dict(result.stats["seconds"])
        one, two = median(taken[1]), median(taken[2])
        print(
            f"{name:14}{size:6.1f}{one:10.2f} s{size / one:8.2f}{one / median(sorts):8.2f}{two:10.2f} s"
            f"{one / two:8.2f}  { {step: round(value, 2) for step, value in steps.items()} }",
            flush=True,
        )
    middle, least = latency()
    print(f"compare, two texts of 1,000 words: {middle:.2f} ms (least {least:.2f})")


if __name__ == "__main__":
    main()
