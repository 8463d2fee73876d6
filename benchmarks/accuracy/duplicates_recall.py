"""How many planted pairs `find_duplicates` finds at a threshold with bands chosen for a recall.

    python -m benchmarks.accuracy.duplicates_recall            # 20,000 pairs a cell, about three minutes
    python -m benchmarks.accuracy.duplicates_recall --plot docs/images/duplicates-recall.svg

Each pair has a Jaccard similarity of exactly `planted` (the smallest fraction at or above the threshold that documents
of 400 shingles can have), and is alike nothing else. `expected` is 1 - (1 - s**r)**b at that similarity, `found` the
share of pairs found, with its 95 % interval (Wilson). A bar is missed where the interval lies below the recall asked
for. The last rows give the share that the bands of datasketch (its own choice) and rensa (its deduplicator: 8 bands of
16 rows) let through at 0.8, by the same formula. With `recall=1` every pair must be found.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from math import ceil, sqrt
from pathlib import Path
from typing import NamedTuple

import numpy as np

import textreuse as tr
from textreuse.duplicate_options import choose_bands

THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
RECALLS = (0.9, 0.99, 0.999, 1.0)
N_SHINGLES, SHINGLE_WORDS, N_PERM = 400, 5, 128
ABOVE = (0.0, 0.03)  # how far above the threshold
LEFT, TOP, WIDTH, HEIGHT = 45, 26, 480, 300  # of the picture
COLORS = ("#1b6ca8", "#d1495b", "#3c8d53", "#8a4fbe", "#c77f00", "#333333")


class Cell(NamedTuple):
    threshold: float
    recall: float
    planted: float
    bands: tr.Bands | None
    expected: float
    found: float
    interval: tuple[float, float]

    @property
    def holds(self) -> bool:
        return self.found == 1.0 if self.recall == 1.0 else self.interval[1] >= self.recall


def wilson(n_found: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927)."""
    z, share = 1.96, n_found / n
    middle, half = share + z * z / (2 * n), z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


def overlap_for(similarity: float) -> int:
    """Return the least overlap of two sets of N_SHINGLES with at least this similarity."""
    return ceil(2 * N_SHINGLES * similarity / (1 + similarity) - 1e-9)


def planted_pairs(n_pairs: int, overlap: int, seed: int) -> Iterator[tr.Document]:
    """Yield pairs of documents whose first overlap + 4 words are the same, so that they share `overlap` shingles."""
    rng = np.random.default_rng(seed)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    words = ["".join(row) for row in letters[rng.integers(0, 26, (1 << 16, 6))]]
    n_words = N_SHINGLES + SHINGLE_WORDS - 1
    shared = overlap + SHINGLE_WORDS - 1
    for pair in range(n_pairs):
        drawn = rng.integers(0, len(words) // 2, 2 * n_words - shared)
        drawn[n_words:] += len(words) // 2  # the words of the second by itself are others than those of the first
        common = [words[i] for i in drawn[:shared].tolist()]
        rest = n_words - shared
        for side in range(2):
            own = [words[i] for i in drawn[shared + side * rest : shared + (side + 1) * rest].tolist()]
            yield tr.Document(f"{pair:06}{'ab'[side]}", " ".join(common + own))


def measure(threshold: float, above: float, n_pairs: int, recalls: tuple[float, ...], seed: int) -> Iterator[Cell]:
    """Yield a cell for each recall, all on the same pairs."""
    overlap = overlap_for(min(0.99, threshold + above))
    planted = overlap / (2 * N_SHINGLES - overlap)
    documents = list(planted_pairs(n_pairs, overlap, seed))
    for recall in recalls:
        num_perm = N_PERM
        while True:
            try:
                result = tr.find_duplicates(documents, threshold=threshold, recall=recall, num_perm=num_perm)
                break
            except tr.OptionsError:
                num_perm *= 2
        found = {pair.a[:-1] for pair in result if pair.a[:-1] == pair.b[:-1]}
        assert len(found) == len(result)
        assert all(pair.similarity == planted for pair in result)
        bands = result.options.bands
        expected = 1.0 if bands is None else bands.recall(planted)
        yield Cell(threshold, recall, planted, bands, expected, len(found) / n_pairs, wilson(len(found), n_pairs))


def peers_at(threshold: float) -> dict[str, float]:
    """Return the share of pairs at the threshold that the peers' bands let through."""
    from datasketch import MinHashLSH

    lsh = MinHashLSH(threshold=threshold, num_perm=N_PERM)
    return {
        f"datasketch ({lsh.b} bands of {lsh.r})": tr.Bands(lsh.b, lsh.r).recall(threshold),
        "rensa's deduplicator (8 bands of 16)": tr.Bands(8, 16).recall(threshold),
    }


def plot(path: Path) -> None:
    """Draw the share of pairs that is compared, by similarity, for each threshold at recall 0.99, and for the peers."""
    curves = [(f"{threshold}: {bands.bands} of {bands.rows}", bands) for threshold, bands in chosen_bands().items()]
    curves += [("datasketch at 0.8: 9 of 13", tr.Bands(9, 13)), ("rensa at 0.8: 8 of 16", tr.Bands(8, 16))]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 190} {HEIGHT + 70}" '
        'font-family="sans-serif" font-size="13"><rect width="100%" height="100%" fill="white"/>',
        f'<text x="{LEFT + WIDTH / 2}" y="{HEIGHT + 62}" text-anchor="middle">Jaccard similarity</text>',
        f'<text x="{LEFT}" y="16">share of pairs compared</text>',
    ]
    for tick in range(0, 11, 2):
        x, y = place(tick / 10, tick / 10)
        parts.append(f'<path d="M{LEFT} {y}h{WIDTH}M{x} {TOP}v{HEIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{x}" y="{TOP + HEIGHT + 18}" text-anchor="middle">{tick / 10}</text>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{tick / 10}</text>')
    for number, (name, bands) in enumerate(curves):
        color = COLORS[number] if number < len(THRESHOLDS) else "#888"
        dashes = "" if number < len(THRESHOLDS) else f' stroke-dasharray="{3 + 5 * (number - len(THRESHOLDS))} 4"'
        points = " ".join("{:.1f},{:.1f}".format(*place(step / 200, bands.recall(step / 200))) for step in range(201))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="2"{dashes}/>')
        if number < len(THRESHOLDS):
            x, y = place(THRESHOLDS[number], bands.recall(THRESHOLDS[number]))
            parts.append(f'<circle cx="{x}" cy="{y:.1f}" r="4" fill="{color}"/>')
        y = TOP + 20 + 22 * number
        parts.append(f'<path d="M{LEFT + WIDTH + 10} {y - 4}h18" stroke="{color}" stroke-width="2"{dashes}/>')
        parts.append(f'<text x="{LEFT + WIDTH + 33}" y="{y}">{name}</text>')
    path.write_text("\n".join([*parts, "</svg>"]) + "\n", encoding="utf-8")


def chosen_bands() -> dict[float, tr.Bands]:
    return {threshold: choose_bands(threshold, 0.99, N_PERM) for threshold in THRESHOLDS}


def place(x: float, y: float) -> tuple[float, float]:
    return LEFT + WIDTH * x, TOP + HEIGHT * (1 - y)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=20_000)
    parser.add_argument("--plot", type=Path)
    chosen = parser.parse_args()
    if chosen.plot:
        plot(chosen.plot)
        return 0
    print(f"{'threshold':>9} {'recall':>7} {'planted':>8} {'bands':>10} {'expected':>9} {'found':>8}  95 % interval")
    missed = 0
    for threshold in THRESHOLDS:
        for above in ABOVE:
            for cell in measure(threshold, above, chosen.pairs, RECALLS, round(1000 * (threshold + above))):
                bands = "exact" if cell.bands is None else f"{cell.bands.bands} of {cell.bands.rows}"
                print(
                    f"{threshold:9} {cell.recall:7} {cell.planted:8.4f} {bands:>10} {cell.expected:9.5f} "
                    f"{cell.found:8.5f}  {cell.interval[0]:.5f} to {cell.interval[1]:.5f}"
                    f"{'' if cell.holds else '  MISSED'}",
                    flush=True,
                )
                missed += not cell.holds
    for name, share in peers_at(0.8).items():
        print(f"at 0.8 {name}: {share:.3f}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
