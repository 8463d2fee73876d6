"""Measure how time and memory grow with a collection: twice the documents, again and again.

    python -m benchmarks.growth [--megabytes 8 16 32 64 128] [--traps] [--svg docs/images/growth.svg]

Documents are generated (100 to 500 words by Zipf's law); a passage of 60 words of every tenth one, a tenth of its words
replaced, stands in another. Each size runs in a process of its own, one thread, after a small run that loads the
kernels, and after another process has used as much memory once. Seconds are of the processor, memory is the peak beyond
what the process held once the texts were read. `--traps` looks for what might be quadratic instead: copies of a stock
phrase, one long document against itself, copies of one article; each at two sizes.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from time import process_time
from typing import Any, NamedTuple

import numpy as np

import textreuse as tr
from benchmarks.generate import documents, prose, random_generator

MEGABYTES = [8, 16, 32, 64, 128]
SEED = 11
PASSAGE, EDITED = 60, 0.1
TIME_BAR, MEMORY_BAR = 2.2, 2.1


class Run(NamedTuple):
    """What a size came to."""

    name: str
    n_documents: int
    megabytes: float
    seconds: float
    bytes_per_byte: float  # peak beyond the texts
    mebibytes: float  # the same
    matches: int
    hits: int
    steps: dict[str, float]


def with_reuse(texts: Iterable[str], seed: int) -> Iterator[str]:
    """Yield the texts; in every tenth stands a passage of the one nine before it, with some words replaced."""
    rng = random_generator(seed, 9)
    kept = ""
    for number, text in enumerate(texts):
        if number % 10 == 0:
            kept = text
        if number % 10 == 9:
            words = kept.split()[20 : 20 + PASSAGE]
            other = text.split()
            for place in rng.permutation(len(words))[: round(EDITED * len(words))].tolist():
                words[place] = other[place % len(other)]
            text = f"{text} {' '.join(words)}"
        yield text


def resident(name: str) -> int:
    """Return a figure of this process in bytes: VmRSS now, VmHWM at its peak (Linux)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) * 1024
    raise LookupError(name)


def search(name: str, texts: list[str], options: dict[str, Any]) -> Run:
    """Return what a search of the texts costs."""
    tr.find_reuse([prose(200, 1), prose(200, 2), prose(200, 1)], threads=1, **options)
    size = sum(map(len, texts))
    before = resident("VmRSS")
    start = process_time()
    result = tr.find_reuse(texts, threads=1, **options)
    seconds = process_time() - start
    extra = resident("VmHWM") - before
    stats = result.stats
    return Run(
        name, len(texts), size / 1e6, seconds, extra / size, extra / 2**20, len(result), int(stats["hits"]),
        {step: round(taken, 3) for step, taken in stats["seconds"].items()},
    )  # fmt: skip


def search_file(path: str, megabytes: float) -> Run:
    """Search as many texts of a file of JSON lines as come to so much."""
    texts, size = [], 0
    with Path(path).open(encoding="utf-8") as lines:
        for line in lines:
            texts.append(json.loads(line))
            size += len(texts[-1])
            if size >= 1e6 * megabytes:
                break
    return search("generated", texts, {})


def trap(name: str, size: int) -> Run:
    """Search what might cost the square of its size."""
    if name == "stock phrase":
        phrase = prose(40, 5)
        return search(name, [f"{prose(60, 6, n)} {phrase} {prose(60, 7, n)}" for n in range(size)], {})
    if name == "one document":
        half = prose(size // 14, 8)
        return search(name, [f"{half} {prose(2000, 9)} {half[: len(half) // 20]}"], {"within": True})
    article = prose(400, 10)
    return search(name, [article] * (size // 2) + [f"{article} {prose(5, 11, n)}" for n in range(size // 2)], {})


def touch(megabytes: float) -> int:
    """Use so much memory once and let it go."""
    return len(np.ones(int(1e6 * megabytes), np.uint8))


def apart(touched: float, function: Any, *arguments: Any) -> Run:
    """Return what the function returns, called in a process of its own, `touched` megabytes having been used before.

    A virtual machine gets its memory when that is first used, at half a second a gigabyte and more.
    """
    for task in ((touch, (touched,)), (function, arguments)):
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            result = pool.apply(*task)
    run: Run = result
    return run


def print_run(run: Run, last: Run | None) -> None:
    growth = f"{run.seconds / last.seconds:6.2f} {run.mebibytes / last.mebibytes:6.2f}" if last else " " * 13
    print(
        f"{run.name:14} {run.n_documents:9,} {run.megabytes:7.1f} MB {run.seconds:8.2f} s "
        f"{run.megabytes / run.seconds:6.2f} MB/s {run.mebibytes:8.0f} MiB {run.bytes_per_byte:6.1f} B/B {growth} "
        f"{run.matches:9,} matches {run.hits:13,} hits  {run.steps}",
        flush=True,
    )


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def write_svg(runs: list[Run], path: Path) -> None:
    """Write a plot of seconds and memory against megabytes, both axes in powers of two."""
    width, height, margin = 640, 360, 60
    series = (
        ("seconds", "#2563eb", [run.seconds for run in runs]),
        ("MiB", "#d97706", [run.mebibytes for run in runs]),
    )
    x = np.log2([run.megabytes for run in runs])
    every = np.log2(np.concatenate([values for _, _, values in series]))
    low, high = np.floor(every.min()), np.ceil(every.max())

    def at(value: float, other: float) -> str:
        across = margin + (value - x[0]) / max(x[-1] - x[0], 1) * (width - 2 * margin)
        return f"{across:.1f},{height - margin - (other - low) / (high - low) * (height - 2 * margin):.1f}"

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        f'font-size="12"><title>Time and memory against the size of the collection</title>',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for name, color, values in series:
        points = " ".join(at(a, b) for a, b in zip(x, np.log2(values), strict=True))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="2"/>')
        end = points.split(" ")[-1].split(",")
        parts.append(f'<text x="{float(end[0]) + 6}" y="{end[1]}" fill="{color}">{name}</text>')
        for point, value in zip(points.split(" "), values, strict=True):
            across, down = point.split(",")
            parts.append(f'<circle cx="{across}" cy="{down}" r="3" fill="{color}"/>')
            parts.append(f'<text x="{across}" y="{float(down) - 8}" text-anchor="middle">{_short(value)}</text>')
    for place, run in zip(x, runs, strict=True):
        across = at(place, low).split(",")[0]
        parts.append(
            f'<text x="{across}" y="{height - margin + 20}" text-anchor="middle">{run.megabytes:.0f} MB</text>'
        )
    path.write_text("\n".join([*parts, "</svg>\n"]), encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, nargs="+", default=MEGABYTES)
    parser.add_argument("--traps", action="store_true")
    parser.add_argument("--trap-sizes", type=int, nargs="+", default=[5_000, 10_000])
    parser.add_argument("--long", type=int, nargs="+", default=[25_000_000, 50_000_000], help="characters")
    parser.add_argument("--svg", type=Path)
    arguments = parser.parse_args()
    runs: list[Run] = []
    if arguments.traps:
        for name in ("stock phrase", "one document", "copies"):
            sizes = arguments.long if name == "one document" else arguments.trap_sizes
            of_name = [apart(2_000, trap, name, size) for size in sizes]
            for last, run in zip([None, *of_name], of_name, strict=False):
                print_run(run, last)
            runs += of_name
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "texts.jsonl"
        needed = 1e6 * max(arguments.megabytes)
        with path.open("w", encoding="utf-8") as lines:
            written = 0
            for text in with_reuse((d.text for d in documents(10**7, SEED)), SEED):
                lines.write(json.dumps(text) + "\n")
                written += len(text)
                if written >= needed:
                    break
        for megabytes in sorted(arguments.megabytes):
            runs.append(apart(14 * megabytes, search_file, str(path), megabytes))
            print_run(runs[-1], runs[-2] if len(runs) > 1 else None)
    if arguments.svg:
        write_svg(runs, arguments.svg)
    missed = [
        b
        for a, b in zip(runs, islice(runs, 1, None), strict=False)
        if b.seconds > TIME_BAR * a.seconds or b.mebibytes > MEMORY_BAR * a.mebibytes
    ]
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
