"""Compare `expected` with how many matches chance really gives, on text shuffled so that it keeps its bigrams.

    python -m benchmarks.accuracy.expected [--resamples 3] [--data ../shared/data]

Documents that share anything with others are left out first, for what was copied would recur in any shuffle. The rest
is shuffled as a whole (benchmarks.generate.shuffle_bigrams), cut into documents of 500 words, and searched with
thresholds off. Prints, for some values of x, how many matches have `expected <= x`; a good estimate gives x of them.
Exits with 1 if news (Reuters) is off by more than the factor 2 at x = 10 and above; below, that takes many shuffles.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from benchmarks.generate import WORD, shuffle_bigrams

import textreuse as tr

LEVELS = (0.1, 1.0, 10.0, 100.0, 1000.0)
LENGTH = 500
MOST_WORDS = 450_000


def read_reuters(data: Path) -> list[str]:
    with gzip.open(data / "reuters21578.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines][:7000]


def read_kjv(data: Path) -> list[str]:
    verses = [line.split("\t")[-1] for line in (data / "bible" / "kjv.tsv").read_text(encoding="utf-8").splitlines()]
    return [" ".join(verses[i : i + 60]) for i in range(0, len(verses), 60)]


def read_pan(data: Path) -> list[str]:
    return [path.read_bytes().decode() for path in sorted((data / "pan13" / "src").glob("*.txt"))[:900]]


COLLECTIONS: dict[str, Callable[[Path], list[str]]] = {"reuters": read_reuters, "kjv": read_kjv, "pan13": read_pan}


def without_reuse(texts: list[str]) -> list[str]:
    """Return the texts that share no passage with another."""
    result = tr.find_reuse(texts, boilerplate="keep", keep_texts=False)
    matched = {int(match.a.document_id) for match in result} | {int(match.b.document_id) for match in result}
    return [text for number, text in enumerate(texts) if number not in matched]


def count_by_chance(words: list[str], seed: int) -> list[int]:
    """Return how many matches of one shuffle have at most each level of `expected`."""
    shuffled = shuffle_bigrams(words, seed)
    documents = [" ".join(shuffled[i : i + LENGTH]) for i in range(0, len(shuffled), LENGTH)]
    result = tr.find_reuse(documents, min_words=8, max_expected=float("inf"), boilerplate="keep", keep_texts=False)
    expected = np.array([match.expected for match in result])
    return [int((expected <= level).sum()) for level in LEVELS]


def main() -> int:
    """Run, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default=os.environ.get("TEXTREUSE_DATA", "../shared/data"))
    parser.add_argument("--resamples", type=int, default=3)
    arguments = parser.parse_args()
    print(f"{'collection':<12}{'words':>9}" + "".join(f"{f'<= {level:g}':>10}" for level in LEVELS))
    failed = False
    for name, read in COLLECTIONS.items():
        texts = without_reuse(read(Path(arguments.data)))
        words = [word for text in texts for word in WORD.findall(text)][:MOST_WORDS]
        counts = np.mean([count_by_chance(words, seed) for seed in range(arguments.resamples)], axis=0)
        print(f"{name:<12}{len(words):>9,}" + "".join(f"{count:>10.1f}" for count in counts), flush=True)
        if name == "reuters":
            ratios = counts[2:] / np.array(LEVELS[2:])
            failed = bool((ratios > 2).any() or (ratios < 0.5).any())
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
