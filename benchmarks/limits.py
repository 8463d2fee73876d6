"""Print what this machine allows, to hold the rates of the steps against: copying, hashing, sorting, counting.

    python benchmarks/limits.py [--megabytes 64]

Each figure is the best of five runs on one core.
"""

from __future__ import annotations

import argparse
import hashlib
import zlib
from collections.abc import Callable
from time import perf_counter

import numpy as np


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=64, help="size of the data; larger than the caches (64)")
    table = limits(parser.parse_args().megabytes)
    print(f"{'':32}{'ns a unit':>12}{'million units a second':>26}")
    for name, units, unit, seconds in table:
        print(f"{name:32}{seconds / units * 1e9:12.3f}{units / seconds / 1e6:20,.0f} {unit}s")


if __name__ == "__main__":
    main()
