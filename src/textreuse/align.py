"""Chains to aligned passages: how far each reaches, how much of it agrees, and what was changed inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from textreuse.model import Chains, Edit, Extents, Int64Array, Rarity

if TYPE_CHECKING:
    from textreuse.model import Tokens

UNIT = 256  # scores are integers in 1/256 bit
STRICT_SHARE = 225  # of 256 tokens of a chain's span that are in exact runs: from here on the text counts as verbatim
STRICT_PENALTY = 256  # /256 of the rarity of what only one side has is taken off, where the text is verbatim
DROP = 40 * UNIT  # an extension ends where it has lost so many bits against its best point
MISREAD_COST = 5  # of a wrong letter, where each letter of either side counts one
MISREAD_FIRST_DROP = 40  # of the score, at which a first extension of misread text ends,
MISREAD_LEAST = 56  # which must come to this score,
MISREAD_DROP = 80  # and at which the extension ends at last
MOST_DRIFT = (1 << 16) + 1  # diagonals: letters that one side may have more than the other


class Thresholds(NamedTuple):
    """What a passage must show to be kept: a score in 1/256 bit, or an exact run in half words."""

    score: int
    run: int
    gaps: npt.NDArray[np.int32]  # by document, the widest gap in tokens
    least: npt.NDArray[np.int32]  # by document, tokens in exact runs
    mismatch_cost: float  # share of the rarity of unmatched words that is taken off where the text is heavily edited


def find_extents(
    chains: Chains,
    rarity: Rarity,
    token_weights: npt.NDArray[np.uint8],
    bounds: Int64Array,
    thresholds: Thresholds,
) -> Int64Array:
    """Return rows of passages: documents x, y, starts and stops (tokens within them), score, longest exact run.

    Each token counts its damped rarity. From a chain its
    maximal-scoring segment is taken (Altschul 1990), with what agrees counted up and what only one side has counted
    down; beyond its ends the passage grows as long as that pays. How much differences cost adapts to how much of the
    chain is exact (Sanchez-Perez 2014): verbatim text gets sharp edges, reworded text tolerant ones. What a chain
    holds before and after its best segment is tried again by itself.
    """
    from textreuse._kernels.extents import fill_extents

    n_words = len(rarity.bits)
    rows = np.empty((2 * len(chains) + 16, 8), np.int64)
    while True:
        n_rows = fill_extents(
            chains.bounds, chains.documents, chains.x, chains.y, chains.length, rarity.numbers, token_weights,
            rarity.damped, bounds, rarity.kin, DROP, STRICT_SHARE, STRICT_PENALTY,
            round(thresholds.mismatch_cost * 256), thresholds.gaps, thresholds.least, thresholds.score, thresholds.run,
            np.zeros(n_words, np.int32), rows,
        )  # fmt: skip
        if n_rows >= 0:
            return rows[:n_rows]
        rows = np.empty((2 * len(rows), 8), np.int64)


def find_misread_extents(
    chains: Chains,
    rarity: Rarity,
    token_weights: npt.NDArray[np.uint8],
    bounds: Int64Array,
    least_weight: npt.NDArray[np.int32],
    least_run: int,
) -> Int64Array:
    """Return rows of passages as `find_extents` does, for letters as tokens, of which many may be wrong.

    From its longest exact run a passage grows as long as it gains: one a letter, less MISREAD_COST an edit, so that
    text of which a third of the letters are wrong still grows, and unrelated text does not. Passages that weigh less
    than `least_weight` (by document) are left out, unless they hold an exact run of `least_run`.
    """
    from textreuse._kernels.misread import fill_misread_extents

    rows = np.empty((2 * len(chains) + 16, 8), np.int64)
    far, next_far = np.empty(MOST_DRIFT, np.int64), np.empty(MOST_DRIFT, np.int64)
    used = np.empty(len(chains.x), np.uint8)
    while True:
        n_rows = fill_misread_extents(
            chains.bounds, chains.documents, chains.x, chains.y, chains.length, rarity.numbers, token_weights, bounds,
            least_weight, least_run, MISREAD_COST, MISREAD_FIRST_DROP, MISREAD_DROP, MISREAD_LEAST, far, next_far, used,
            rows,
        )  # fmt: skip
        if n_rows >= 0:
            return rows[:n_rows]
        rows = np.empty((2 * len(rows), 8), np.int64)


def merge_overlapping(rows: Int64Array, join: int = 0, least_run: int = 1 << 40) -> Int64Array:
    """Return the rows with those of one pair of documents made one that overlap on both sides.

    With `join`, also those that stand fewer than `join` tokens apart on both sides, in whatever order. An exact run of
    `least_run` half words is kept wherever it stands again.
    A passage that stands once in one document and three times in the other overlaps on one side only: three rows.
    """
    from textreuse._kernels.merging import merge_rows

    rows = rows.copy()
    alive = np.ones(len(rows), np.uint8)
    merge_rows(rows, alive, join, least_run)
    return np.asarray(rows[alive == 1])


def part_within(rows: Int64Array) -> Int64Array:
    """Return the rows with passages of one and the same document cut where they overlap, in the middle."""
    rows = rows.copy()
    overlap = (rows[:, 0] == rows[:, 1]) & (rows[:, 3] > rows[:, 4])
    middle = (rows[:, 3] + rows[:, 4]) // 2
    rows[overlap, 3] = middle[overlap]
    rows[overlap, 4] = middle[overlap]
    return rows[(rows[:, 3] > rows[:, 2]) & (rows[:, 5] > rows[:, 4])]


def measure(
    rows: Int64Array,
    rarity: Rarity,
    token_weights: npt.NDArray[np.uint8],
    bounds: Int64Array,
    least_stretch: int = 1,
) -> Extents:
    """Return the rows with the words on both sides and how many of them an optimal edit script keeps.

    Equal stretches that weigh less than `least_stretch` do not count for the score: chance gives too many of them.
    """
    from textreuse._kernels.edit_script import fill_matched

    words = np.empty((len(rows), 4), np.int64)
    fill_matched(
        rows, rarity.numbers, token_weights, bounds, rarity.bits, rarity.pair_starts, rarity.seconds,
        rarity.pair_bits, least_stretch, words
    )  # fmt: skip
    a, b, a_start, a_stop, b_start, b_stop, _, longest = rows.T.copy()
    matched, words_a, words_b, information = words.T.copy()
    return Extents(a, b, a_start, a_stop, b_start, b_stop, information, longest, matched, words_a, words_b)


def edit_script(tokens: Tokens, a_offset: int, b_offset: int) -> tuple[Edit, ...]:
    """Return the steps from the first to the second of two tokenized passages, token by token.

    The script keeps the most tokens (Myers 1986). Neighboring tokens of one kind are one step, which reaches from the
    start of its first token to the stop of its last. `a_offset` and `b_offset` are added to all offsets: where the
    passages start in their documents.
    """
    from textreuse._kernels.edit_script import fill_partners

    middle, end = int(tokens.bounds[1]), int(tokens.bounds[2])
    partner = np.empty(middle, np.int64)
    numbers = np.unique(tokens.hashes[:end], return_inverse=True)[1].astype(np.uint32)
    fill_partners(numbers[:middle], numbers[middle:], partner)
    starts, stops = tokens.starts.tolist(), tokens.stops.tolist()
    kept = [(i, j) for i, j in enumerate(partner.tolist()) if j >= 0]
    edits: list[Edit] = []

    def add(kind: str, i0: int, i1: int, j0: int, j1: int) -> None:
        # an empty side stands where the other side's tokens would go: after the token before
        a_start = starts[i0] if i1 > i0 else (stops[i0 - 1] if i0 else 0)
        b_start = starts[middle + j0] if j1 > j0 else (stops[middle + j0 - 1] if j0 else 0)
        a_stop = stops[i1 - 1] if i1 > i0 else a_start
        b_stop = stops[middle + j1 - 1] if j1 > j0 else b_start
        edits.append(Edit(kind, a_start + a_offset, a_stop + a_offset, b_start + b_offset, b_stop + b_offset))

    i = j = 0
    position = 0
    while position < len(kept) or i < middle or j < end - middle:
        next_i, next_j = kept[position] if position < len(kept) else (middle, end - middle)
        if next_i > i or next_j > j:
            add("replace" if next_i > i and next_j > j else "delete" if next_i > i else "insert", i, next_i, j, next_j)
            i, j = next_i, next_j
        first = position
        while position < len(kept) and kept[position] == (i, j):
            i, j, position = i + 1, j + 1, position + 1
        if position > first:
            add("equal", *[kept[first][0], i, kept[first][1], j])
    return tuple(edits)
