"""textreuse beside difflib and Quid: all pairs of 200 documents, from `str` to passages, in turns, one thread.

    pip install -e . -r benchmarks/peers/requirements.txt
    TEXTREUSE_DATA=<folder> python -m benchmarks.peers.passages [--documents 200] [--rounds 3] [--sample 400]

The documents are the first hundred suspicious and the first hundred source texts of PAN 2013. `difflib.SequenceMatcher`
compares two lists of words, or two strings; its matching blocks of 20 words, or 120 characters, count as passages. Quid
compares a source with a target, at its defaults, and is given the positions of its source prepared, as it provides for.
Both look at pairs, so that their time for all pairs is that for a random sample of them, times the number of pairs over
the sample's: `--sample 0` runs all.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from itertools import combinations
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

import textreuse as tr

MIN_WORDS = 20
Pairs = Sequence[tuple[int, int]]


def read_texts(n: int) -> list[str]:
    folder = Path(os.environ.get("TEXTREUSE_DATA", "../shared/data")) / "pan13"
    paths = [path for part in ("susp", "src") for path in sorted((folder / part).glob("*.txt"))[: n // 2]]
    return [path.read_bytes().decode("utf-8") for path in paths]


def with_difflib(texts: Sequence[str], pairs: Pairs) -> int:
    words = [text.split() for text in texts]
    return sum(long_blocks(words[a], words[b], MIN_WORDS) for a, b in pairs)


def with_difflib_on_strings(texts: Sequence[str], pairs: Pairs) -> int:
    return sum(long_blocks(texts[a], texts[b], 6 * MIN_WORDS) for a, b in pairs)


def long_blocks(a: Sequence[str], b: Sequence[str], least: int) -> int:
    blocks = SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    return sum(block.size >= least for block in blocks)


def with_quid(texts: Sequence[str], pairs: Pairs) -> int:
    from quid.core.Quid import Quid

    quid = Quid(include_text_in_result=False)
    found, last = 0, -1
    prepared = None
    for a, b in pairs:
        if a != last:
            prepared, last = quid.prepare_source_data(texts[a]), a
        found += len(quid.compare(texts[a], texts[b], *prepared))
    return found


def with_textreuse(texts: Sequence[str], _: Pairs) -> int:
    return len(tr.find_reuse(list(texts), min_words=MIN_WORDS, threads=1, boilerplate="keep"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sample", type=int, default=400, help="pairs; 0: all")
    arguments = parser.parse_args()
    texts = read_texts(arguments.documents)
    every = list(combinations(range(len(texts)), 2))
    chosen = every
    if arguments.sample:
        numbers = np.random.default_rng(1).permutation(len(every))[: arguments.sample]
        chosen = [every[number] for number in sorted(numbers.tolist())]
    tools: dict[str, tuple[Callable[[Sequence[str], Pairs], int], Pairs]] = {
        "textreuse": (with_textreuse, every),
        "difflib, words": (with_difflib, chosen),
        "difflib, strings": (with_difflib_on_strings, chosen[::10]),
        "Quid": (with_quid, chosen),
    }
    with_textreuse(texts[:20], every)  # loads the kernels
    print(f"{len(texts)} documents, {sum(map(len, texts)) / 1e6:.2f} MB, {len(every):,} pairs, {len(chosen):,} sampled")
    seconds: dict[str, list[float]] = {name: [] for name in tools}
    found: dict[str, int] = {}
    for _ in range(arguments.rounds):
        for name, (run, pairs) in tools.items():
            start = perf_counter()
            found[name] = run(texts, pairs)
            seconds[name].append((perf_counter() - start) * len(every) / len(pairs))
    ours = median(seconds["textreuse"])
    for name, taken in seconds.items():
        print(
            f"{name:16} {median(taken):10.3f} s ({min(taken):.3f} to {max(taken):.3f})  "
            f"{median(taken) / ours:9,.0f} times  {found[name]:6,} passages in the pairs looked at"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
