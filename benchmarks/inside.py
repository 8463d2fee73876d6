"""Time and memory of scrub on real collections, and on text that repeats itself in bad ways; prints a table.

Run it with TEXTREUSE_DATA=<folder> python -m benchmarks.inside. Time is that of the processor, in one thread; the last
column is what Python and numpy hold at most beside the texts that are passed. Two lines on signatures come first.
"""

from __future__ import annotations

import gzip
import json
import os
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from time import process_time

from benchmarks.generate import documents
from textreuse.scrubbing import LEVELS, scrub
from textreuse.signing import signatures

DATA = Path(os.environ.get("TEXTREUSE_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
REPEATS = 3  # the best of so many counts


def collections() -> Iterator[tuple[str, list[str]]]:
    """Yield the name of each collection with its texts."""
    for name in ("reuters21578", "20newsgroups"):
        with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
            yield name, [json.loads(line)["text"] for line in file]
    article = "\n\n".join(" ".join(f"word{50 * i + j}" for j in range(50)) for i in range(20))
    yield "10,000 copies of 1,000 words", [article] * 10_000
    yield "one word 3 million times", ["word " * 3_000_000]
    yield "three words a million times", ["one two three " * 1_000_000]
    footer = " ".join(f"footer{j}" for j in range(40))
    texts = ["\n".join([" ".join(f"w{i}x{j}" for j in range(50)), footer]) for i in range(50_000)]
    yield "50,000 pages with one footer of 40 words", texts


def print_signatures(name: str, texts: list[str]) -> None:
    """Print what a shingle of 5 words costs, from the text to 128 permutations."""
    seconds = []
    for _ in range(2 * REPEATS):
        start = process_time()
        found = signatures(texts, threads=1)
        seconds.append(process_time() - start)
    n_shingles = int(found.sizes.sum())
    print(f"signatures of {name}: {n_shingles:,} shingles, {min(seconds) / n_shingles * 1e9:.0f} ns each", flush=True)


def main() -> None:
    """Print the table."""
    print_signatures("generated news", [document.text for document in documents(3000, 1, words=(100, 500))])
    print_signatures(*next(collections()))
    for level in LEVELS:
        scrub(["one two three four five six seven"] * 2, level=level, min_words=3)  # compiles
    head = ("level", "words", "removed", "spans", "ns/word", "comparisons/word", "bytes/word")
    print("collection".ljust(44), *(name.rjust(16 if name.startswith("comp") else 10) for name in head))
    for name, texts in collections():
        for level in LEVELS:
            seconds = []
            for _ in range(REPEATS):
                start = process_time()
                result = scrub(texts, level=level, threads=1)
                seconds.append(process_time() - start)
            words = result.stats["words"]
            tracemalloc.start()
            scrub(texts, level=level, threads=1)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            row = (
                level, f"{words:,.0f}", f"{result.stats['words_removed'] / words:.1%}", f"{len(result.removed):,}",
                f"{min(seconds) / words * 1e9:.0f}", f"{result.stats['token_comparisons'] / words:.2f}",
                f"{peak / words:.0f}",
            )  # fmt: skip
            print(name.ljust(44), *(cell.rjust(16 if i == 5 else 10) for i, cell in enumerate(row)), flush=True)


if __name__ == "__main__":
    main()
