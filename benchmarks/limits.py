"""Print what this machine allows (copying, hashing, sorting, counting), and how far each step of a search is from it.

    python -m benchmarks.limits [--megabytes 64] [--documents 6000]

Each figure is the best of five runs on one core, one after the other. Steps run on generated documents of 100 to 500
words, one in five with a passage of another. `times` is the rate of a step divided by that of what bounds it: a copy
of as many bytes as it reads, or a sort of as many keys.
"""

from __future__ import annotations

import argparse
import hashlib
import zlib
from collections.abc import Callable
from time import perf_counter
from typing import NamedTuple

import numpy as np

from benchmarks import prepared
from textreuse import candidates
from textreuse._sorting import sort_keys
from textreuse.lsh import window_minima
from textreuse.model import Sides
from textreuse.rarity import count_successions, number_tokens
from textreuse.shingle import shingle
from textreuse.tokenize import tokenize


def best_seconds(work: Callable[[], object], repeat: int = 5) -> float:
    """Return the shortest time of several runs."""
    seconds = []
    for _ in range(repeat):
        start = perf_counter()
        work()
        seconds.append(perf_counter() - start)
    return min(seconds)


def limits(megabytes: int) -> list[tuple[str, int, str, float]]:
    """Return what was done, the number of units, their name, and the seconds it took."""
    n_bytes = megabytes * 1_000_000
    rng = np.random.Generator(np.random.PCG64(1))
    words = rng.integers(0, 2**64, n_bytes // 8, dtype=np.uint64)
    target = np.empty_like(words)
    raw = words.tobytes()
    text = raw.hex()[:n_bytes]
    few = (words % np.uint64(50_000)).astype(np.int64)

    def multiply_and_shift() -> None:
        np.multiply(words, np.uint64(0x9E3779B97F4A7C15), out=target)
        np.right_shift(target, np.uint64(32), out=target)

    def work() -> dict[str, tuple[int, str, Callable[[], object]]]:
        return {
            "copy (numpy)": (n_bytes, "byte", lambda: np.copyto(target, words)),
            "sum of uint64": (len(words), "value", words.sum),
            "multiply and shift uint64": (len(words), "value", multiply_and_shift),
            "crc32 (zlib)": (n_bytes, "byte", lambda: zlib.crc32(raw)),
            "blake2b": (n_bytes, "byte", lambda: hashlib.blake2b(raw)),
            "encode a str to UTF-8": (len(text), "character", text.encode),
            "encode a str to UTF-32": (len(text), "character", lambda: text.encode("utf-32-le")),
            "split a str at white space": (len(text) // 8, "word", spaced(text).split),
            "np.sort of random uint64": (len(words), "value", lambda: np.sort(words)),
            "np.sort of sorted uint64": (len(words), "value", lambda: target.sort()),
            "np.argsort, stable, of uint64": (len(words), "value", lambda: np.argsort(words, kind="stable")),
            "random reads (take)": (len(words), "value", lambda: words.take(few)),
            "np.bincount of 50,000 kinds": (len(words), "value", lambda: np.bincount(few)),
        }

    return [(name, units, unit, best_seconds(function)) for name, (units, unit, function) in work().items()]


def spaced(text: str) -> str:
    """Return the text in words of seven characters."""
    return " ".join(text[i : i + 7] for i in range(0, len(text), 8))


class Step(NamedTuple):
    """A step of a search: what it is called, what it handles, and which limit (and how much of it) bounds it."""

    name: str
    units: int
    unit: str
    function: Callable[[], object]
    limit: str
    limit_units: float


def steps(n_documents: int) -> list[Step]:
    """Return the steps of a search for which there is a limit, on generated documents."""
    texts = prepared.texts(n_documents)
    other = [text.translate(prepared.CYRILLIC) for text in texts]
    n_characters = sum(map(len, texts))
    tokens = tokenize(texts)
    seeds, window = prepared.OPTIONS.derived.words, prepared.OPTIONS.derived.window
    shingles = shingle(tokens, seeds.shingle, seeds.shingle)
    anchors = window_minima(shingles, window)
    n = len(tokens)
    none = np.full(n_documents, -1, np.int64)
    sides = Sides(np.zeros(n_documents, np.uint8), none, 1, none)
    numbers, vocabulary = number_tokens(tokens.hashes)
    copy, sort = "copy (numpy)", "np.sort of random uint64"
    return [
        Step("tokenize ASCII", n_characters, "character", lambda: tokenize(texts), copy, n_characters),
        Step("tokenize Cyrillic", n_characters, "character", lambda: tokenize(other), copy, 4 * n_characters),
        Step("number tokens", n, "token", lambda: number_tokens(tokens.hashes), "random reads (take)", n),
        Step("successions", n, "token", lambda: count_successions(numbers, len(vocabulary), tokens.bounds), sort, n),
        Step(
            "shingle and anchors", n, "token",
            lambda: window_minima(shingle(tokens, seeds.shingle, seeds.shingle), window), copy, 8 * n,
        ),
        Step("sort anchors", len(anchors), "anchor", lambda: sort_keys(anchors.ids.copy()), sort, len(anchors)),
        Step(
            "sort and group anchors", len(anchors), "anchor",
            lambda: candidates.build_index(anchors, sides, max_partners=64, max_partners_document=8),
            sort, len(anchors),
        ),
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=64, help="size of the data; larger than the caches (64)")
    parser.add_argument("--documents", type=int, default=6000)
    arguments = parser.parse_args()
    table = limits(arguments.megabytes)
    print(f"{'':32}{'ns a unit':>12}{'million units a second':>26}")
    for name, units, unit, seconds in table:
        print(f"{name:32}{seconds / units * 1e9:12.3f}{units / seconds / 1e6:20,.0f} {unit}s")
    rates = {name: seconds / units for name, units, _, seconds in table}
    print(f"\n{'':32}{'ns a unit':>12}{'times':>8}  of")
    for step in steps(arguments.documents):
        seconds = best_seconds(step.function)
        times = seconds / (rates[step.limit] * step.limit_units)
        print(f"{step.name:32}{seconds / step.units * 1e9:12.2f}{times:8.2f}  {step.limit}, a {step.unit}", flush=True)


if __name__ == "__main__":
    main()
