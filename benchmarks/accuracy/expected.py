"""Compare `expected` with how many matches chance really gives, on text shuffled so that it keeps its bigrams.

    python -m benchmarks.accuracy.expected [--resamples 100] [--tokens 20000] [--only reuters kjv] [--words]

A resample is a block of a collection, the next one each time, whose tokens are shuffled so that every pair of
successive ones stays (benchmarks.generate.shuffle_bigrams), cut into documents of 500 and searched with thresholds off.
Nothing there is reuse. Prints, for some values of x, how many matches have `expected <= x`, as a mean over resamples; a
good estimate gives x of them. Exits with 1 if a collection is off by more than the factor 2 at x = .1, 1 or 10; a level
is judged where at least 30 matches would be expected in all resamples together. Then passages of 30 words, planted
from one of 19,043 news stories into another, must have an `expected` below 1e-6.

Posts and web pages quote each other and repeat their own lines, which recur in any shuffle. What recurs in them
is cut out first; without that they have no bar. With `--words` words are shuffled instead of tokens: one with a dot or
comma in it is several tokens (3.14, U.S., a.b@c.org), so that runs of more than two stay.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from benchmarks.generate import WORD, edit, random_generator, shuffle_bigrams, vocabulary, word_spans

import textreuse as tr
from textreuse.tokenize import tokenize

LEVELS = (0.1, 1.0, 10.0, 100.0, 1000.0)
BAR_LEVELS = (0.1, 1.0, 10.0)
FACTOR = 2.0
LEAST_COUNT = 30  # of what is expected in all, to judge
LENGTH = 500
REUSED_WORDS = 30
N_REUSED = 300
EDIT_RATES = (0.0, 0.1, 0.2)
MOST_OF_REUSE = 1e-6


def read_reuters(data: Path) -> list[str]:
    with gzip.open(data / "reuters21578.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines][:7000]


def read_bible(data: Path, name: str) -> list[str]:
    verses = [line.split("\t")[-1] for line in (data / "bible" / name).read_text(encoding="utf-8").splitlines()]
    return [" ".join(verses[i : i + 60]) for i in range(0, len(verses), 60)]


def read_tracts(data: Path) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted((data / "textreuse-r" / "ats").glob("*.txt"))]


def read_newsgroups(data: Path) -> list[str]:
    """Return every sixteenth post, without its header."""
    with gzip.open(data / "20newsgroups.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"].partition("\n\n")[2] for line in lines][::16]


def read_pan(data: Path) -> list[str]:
    return [path.read_bytes().decode() for path in sorted((data / "pan13" / "src").glob("*.txt"))[:450]]


class Collection(NamedTuple):
    """Texts, whether what recurs in them is cut out, and whether the bar holds for them."""

    read: Callable[[Path], list[str]]
    is_cut: bool
    has_bar: bool


COLLECTIONS = {
    "reuters": Collection(read_reuters, False, True),
    "kjv": Collection(lambda data: read_bible(data, "kjv.tsv"), False, True),
    "reina-valera": Collection(lambda data: read_bible(data, "reina-valera-1909.tsv"), False, True),
    "tracts": Collection(read_tracts, False, True),
    "newsgroups, cut": Collection(read_newsgroups, True, True),
    "pan13, cut": Collection(read_pan, True, False),
    "newsgroups": Collection(read_newsgroups, False, False),
    "pan13": Collection(read_pan, False, False),
}


def cut_reuse(texts: list[str]) -> list[str]:
    """Return the texts without the passages of 8 words and more that recur in them or in others."""
    result = tr.find_reuse(texts, min_words=8, within=True, boilerplate="keep", keep_texts=False, threads=1)
    spans: dict[str, list[tuple[int, int]]] = {}
    for match in result:
        for side in (match.a, match.b):
            spans.setdefault(side.document_id, []).append((side.start, side.stop))
    return [_without(text, sorted(spans.get(str(number), []))) for number, text in enumerate(texts)]


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    kept, end = [], 0
    for start, stop in spans:
        kept.append(text[end : max(start, end)])
        end = max(end, stop)
    return "\n".join([*kept, text[end:]])


def split(texts: list[str], *, whole_words: bool) -> list[str]:
    """Return all tokens, or all words, in order."""
    if whole_words:
        return [word for text in texts for word in WORD.findall(text)]
    tokens = tokenize(texts)
    bounds = tokens.bounds.tolist()
    return [
        text[a:b]
        for text, first, last in zip(texts, bounds, bounds[1:], strict=False)
        for a, b in zip(tokens.starts[first:last].tolist(), tokens.stops[first:last].tolist(), strict=True)
    ]


def count_by_chance(words: list[str], seed: int) -> list[int]:
    """Return how many matches of one shuffle have at most each level of `expected`."""
    shuffled = shuffle_bigrams(words, seed)
    documents = [" ".join(shuffled[i : i + LENGTH]) for i in range(0, len(shuffled), LENGTH)]
    result = tr.find_reuse(
        documents, min_words=8, max_expected=float("inf"), boilerplate="keep", keep_texts=False, threads=1
    )
    expected = np.array([match.expected for match in result])
    return [int((expected <= level).sum()) for level in LEVELS]


def resample(words: list[str], n_tokens: int, n_resamples: int, seed: int) -> np.ndarray:
    """Return the counts of each resample; each shuffles the next block of so many words."""
    n_blocks = max(1, len(words) // n_tokens)
    starts = [(number % n_blocks) * n_tokens for number in range(seed, seed + n_resamples)]
    return np.array(
        [count_by_chance(words[start : start + n_tokens], seed + number) for number, start in enumerate(starts)]
    )


def is_missed(counts: np.ndarray) -> bool:
    """Return whether the mean is off by more than the factor where enough matches are expected to tell."""
    for level, mean in zip(LEVELS, counts.mean(axis=0).tolist(), strict=True):
        enough = level * len(counts) >= LEAST_COUNT
        if level in BAR_LEVELS and enough and not level / FACTOR <= mean <= level * FACTOR:
            return True
    return False


def measure_reuse(texts: list[str]) -> dict[float, np.ndarray]:
    """Return by edit rate the `expected` of passages copied from one text to another; infinite where not found."""
    rng = random_generator(0)
    spans = {number: word_spans(text) for number, text in enumerate(texts)}
    long = [number for number, words in spans.items() if len(words) >= 2 * REUSED_WORDS]
    chosen = rng.permutation(long)[: 2 * N_REUSED * len(EDIT_RATES)].reshape(len(EDIT_RATES), N_REUSED, 2)
    changed, planted = list(texts), {}
    for rate, pairs in zip(EDIT_RATES, chosen.tolist(), strict=True):
        for source, target in pairs:
            first = int(rng.integers(len(spans[source]) - REUSED_WORDS + 1))
            start, stop = spans[source][first][0], spans[source][first + REUSED_WORDS - 1][1]
            copy = edit(texts[source][start:stop], round(rate * REUSED_WORDS), rng, vocabulary())
            planted[source, target] = (len(texts[target]) + 2, len(copy))
            changed[target] = f"{texts[target]}\n\n{copy}"
    result = tr.find_reuse(changed, boilerplate="keep", keep_texts=False)
    least = dict.fromkeys(planted, float("inf"))
    for match in result:
        for source, target in ((match.a, match.b), (match.b, match.a)):
            pair = int(source.document_id), int(target.document_id)
            start, length = planted.get(pair, (0, 0))
            if length and 2 * (min(target.stop, start + length) - max(target.start, start)) >= length:
                least[pair] = min(least[pair], match.expected)
    values = np.array(list(least.values())).reshape(len(EDIT_RATES), N_REUSED)
    return dict(zip(EDIT_RATES, values, strict=True))


def print_reuse(data: Path) -> bool:
    """Print what reuse is worth, and return whether a passage that was copied as it is has too high an `expected`."""
    with gzip.open(data / "reuters21578.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    failed = False
    for rate, expected in measure_reuse(texts).items():
        below = int((expected < MOST_OF_REUSE).sum())
        print(
            f"{REUSED_WORDS} words in {len(texts):,} stories, {rate:.0%} edited: {np.isfinite(expected).sum()} of "
            f"{len(expected)} found, {below} below {MOST_OF_REUSE:g}; highest of those found "
            f"{expected[np.isfinite(expected)].max():.0e}, median {np.median(expected):.0e}",
            flush=True,
        )
        failed |= rate == 0 and below < len(expected)
    return failed


def main() -> int:
    """Run, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default=os.environ.get("TEXTREUSE_DATA", "../shared/data"))
    parser.add_argument("--resamples", type=int, default=100)
    parser.add_argument("--tokens", type=int, default=20_000, help="in a resample")
    parser.add_argument("--only", nargs="+", choices=COLLECTIONS, default=list(COLLECTIONS))
    parser.add_argument("--words", action="store_true", help="shuffle words, some of which are several tokens")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    print(f"{'collection':<17}{'resamples':>10}{'tokens':>9}" + "".join(f"{f'<= {level:g}':>10}" for level in LEVELS))
    failed = False
    for name in arguments.only:
        collection = COLLECTIONS[name]
        texts = collection.read(Path(arguments.data))
        words = split(cut_reuse(texts) if collection.is_cut else texts, whole_words=arguments.words)
        counts = resample(words, arguments.tokens, arguments.resamples, arguments.seed)
        missed = is_missed(counts)
        print(
            f"{name:<17}{len(counts):>10,}{min(arguments.tokens, len(words)):>9,}"
            + "".join(f"{mean:>10.2f}" for mean in counts.mean(axis=0).tolist())
            + ("" if not missed else "  MISSED" if collection.has_bar else "  (no bar)"),
            flush=True,
        )
        failed |= missed and collection.has_bar
    if arguments.only == list(COLLECTIONS):
        failed |= print_reuse(Path(arguments.data))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
