"""Compare ways to choose which shingles become anchors, at equal density: how many planted passages keep an anchor.

    python benchmarks/sampling.py [--words 20] [--edit-rate 0.2] [--passages 4000]

Words are drawn by Zipf's law. Each passage stands in two documents, among words of their own, and is edited in the
second (a third each replaced, dropped, inserted). A shingle of the passage is an anchor if both documents keep it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.generate import draw_words, random_generator, vocabulary
from textreuse.lsh import window_minima
from textreuse.model import Shingles, Tokens
from textreuse.shingle import shingle

Mask = npt.NDArray[np.bool_]
CONTEXT = 100  # words of its own on each side of a passage
# Length of the shingle, of the part that decides in a syncmer, and of the window of equal density.
# Closed syncmers have the density 2 / (k - s + 1); a lower one than that is reached by a threshold on top.
SETTINGS = ((3, 1, 2), (3, 1, 3), (3, 1, 4), (4, 1, 3), (5, 2, 3), (5, 1, 4), (6, 1, 5), (8, 1, 7))


def mix(values: npt.NDArray[np.uint64], seed: int) -> npt.NDArray[np.uint64]:
    """Return the finaliser of splitmix64 over the values: one permutation for each seed."""
    with np.errstate(over="ignore"):
        x = values + np.uint64(seed) * np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return np.asarray(x ^ (x >> np.uint64(31)))


def plant(n_words: int, n_edits: int, n_passages: int) -> tuple[Tokens, npt.NDArray[np.int64]]:
    """Return pairs of documents (passage, edited passage), and which token of the first each token of the second is.

    -1: none. Tokens are numbered over the whole collection.
    """
    rng = random_generator(7)
    rank = {word: number for number, word in enumerate(vocabulary())}
    per_pair = 2 * n_words + 4 * CONTEXT
    drawn = iter([rank[word] for word in draw_words(n_passages * per_pair, rng)])
    documents: list[list[int]] = []
    origin: list[int] = []
    n_tokens = 0
    for _ in range(n_passages):
        a = [next(drawn) for _ in range(n_words + 2 * CONTEXT)]
        from_a = [-1] * len(a)
        b = [next(drawn) for _ in range(CONTEXT)]
        from_b = [-1] * CONTEXT
        places = {place: edit % 3 for edit, place in enumerate(rng.permutation(n_words)[:n_edits].tolist())}
        for i in range(n_words):
            kind = places.get(i)
            if kind in (None, 2):  # kept, perhaps with a word inserted before it
                b += [next(drawn)] * (kind == 2) + [a[CONTEXT + i]]
                from_b += [-1] * (kind == 2) + [n_tokens + CONTEXT + i]
            elif kind == 0:
                b.append(next(drawn))
                from_b.append(-1)
        b += [next(drawn) for _ in range(CONTEXT)]
        from_b += [-1] * CONTEXT
        documents += [a, b]
        origin += from_a + from_b
        n_tokens += len(a) + len(b)
    bounds = np.cumsum([0, *map(len, documents)])
    ranks = np.array([word for document in documents for word in document], np.uint64)
    nothing = np.zeros(n_tokens, np.uint32)
    # the lowest bit says that a token is a character of a spaceless script: these are words
    return Tokens(mix(ranks, 1) & ~np.uint64(1), nothing, nothing, bounds), np.array(origin)


def winnow(shingles: Shingles, window: int, n_permutations: int = 1) -> Mask:
    """Mark the minima of all windows, of one permutation or of several."""
    keep = np.zeros(len(shingles.ids), bool)
    for number in range(n_permutations):
        permuted = Shingles(mix(shingles.ids, number), shingles.lengths, shingles.bounds)
        keep[window_minima(permuted, window).positions] = True
    return keep


def below_threshold(shingles: Shingles, density: float) -> Mask:
    """Mark the shingles with a hash below a threshold (FracMinHash; Irber et al. 2022)."""
    return np.asarray((shingles.lengths > 0) & (mix(shingles.ids, 1) <= np.uint64(density * (2.0**64 - 2**11))))


def closed_syncmers(tokens: Tokens, shingles: Shingles, k: int, s: int) -> Mask:
    """Mark the shingles whose least part of s tokens is the first or the last one (Edgar 2021)."""
    parts = mix(shingle(tokens, s, s).ids, 2)
    parts = np.concatenate([parts, np.zeros(k, np.uint64)])
    n = len(shingles.ids)
    columns = np.stack([parts[i : i + n] for i in range(k - s + 1)])
    least = columns.min(axis=0)
    return np.asarray((shingles.lengths > 0) & ((columns[0] == least) | (columns[-1] == least)))


def count_anchors(
    keep: Mask, shingles: Shingles, k: int, origin: npt.NDArray[np.int64], n_passages: int
) -> npt.NDArray[np.int64]:
    """Return how many shingles of each passage both documents keep."""
    places = np.flatnonzero(keep & (origin >= 0))
    places = places[places + k <= len(origin)]
    intact = np.all([origin[places + i] == origin[places] + i for i in range(1, k)], axis=0)
    places = places[intact]
    places = places[keep[origin[places]]]
    document = np.searchsorted(shingles.bounds, places, side="right") - 1
    return np.bincount(document // 2, minlength=n_passages)


def choices(tokens: Tokens, shingles: Shingles, k: int, s: int, window: int) -> Iterator[tuple[str, Mask]]:
    """Yield each way to choose, with the shingles it keeps, all at about the same density."""
    density = 2 / (window + 1)
    yield f"windows of {window}", winnow(shingles, window)
    for n_permutations in (2, 3):
        wide = round(2 / (1 - (1 - density) ** (1 / n_permutations)) - 1)
        yield f"windows of {wide}, {n_permutations} permutations", winnow(shingles, wide, n_permutations)
    yield "threshold", below_threshold(shingles, density)
    share = density / (2 / (k - s + 1))
    thinned = f", {share:.0%} of them" if share < 1 else ""
    yield (
        f"closed syncmers, s = {s}{thinned}",
        closed_syncmers(tokens, shingles, k, s) & below_threshold(shingles, share),
    )


def main() -> None:
    """Print a row per setting and choice."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--words", type=int, default=20)
    parser.add_argument("--edit-rate", type=float, default=0.2)
    parser.add_argument("--passages", type=int, default=4000)
    arguments = parser.parse_args()
    tokens, origin = plant(arguments.words, round(arguments.edit_rate * arguments.words), arguments.passages)
    print(f"{arguments.passages:,} passages of {arguments.words} words, {arguments.edit_rate:.0%} edited")
    print("| k | choice | density | with an anchor | with two | anchors |")
    print("|---|---|---|---|---|---|")
    for k, s, window in SETTINGS:
        shingles = shingle(tokens, k, k)
        for name, keep in choices(tokens, shingles, k, s, window):
            anchors = count_anchors(keep, shingles, k, origin, arguments.passages)
            density = keep.sum() / np.count_nonzero(shingles.lengths)
            found, twice = np.mean(anchors >= 1), np.mean(anchors >= 2)
            print(f"| {k} | {name} | {density:.2f} | {found:.3f} | {twice:.3f} | {anchors.mean():.2f} |")


if __name__ == "__main__":
    main()
