"""How many matches with a given score chance alone would give."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from textreuse.model import Int64Array, Sides

UNIT = 256  # scores are integers in 1/256 bit

# Fitted on news shuffled so that it keeps its bigrams of tokens: benchmarks/accuracy/expected.py
DECAY = 0.7
FACTOR = 0.01


def search_space(bounds: Int64Array, sides: Sides, *, within: bool) -> float:
    """Return the number of pairs of token positions that are compared."""
    lengths = np.diff(bounds).astype(np.float64)

    def pairs(chosen: npt.NDArray[np.float64]) -> float:
        return float((chosen.sum() ** 2 - (chosen**2).sum()) / 2)

    total = pairs(lengths)
    if sides.n_sides > 1:
        total -= sum(pairs(lengths[sides.side == side]) for side in range(sides.n_sides))
    else:
        grouped = sides.group >= 0
        if grouped.any():
            of_group = np.bincount(sides.group[grouped], weights=lengths[grouped])
            squares = np.bincount(sides.group[grouped], weights=lengths[grouped] ** 2)
            total -= float((of_group**2 - squares).sum() / 2)
    if within:
        total += float((lengths**2).sum() / 2)
    return max(total, 1.0)


def expected_by_chance(score: Int64Array, space: float) -> npt.NDArray[np.float64]:
    """Return how many matches of at least this score (1/256 bit) chance alone would give in a search space.

    E = FACTOR * space * 2**(-DECAY * bits), the form of Karlin and Altschul (1990). Words depend on
    more than the word before them, so a bit of score is worth less than a bit: DECAY says how much less.
    """
    return np.asarray(FACTOR * space * np.exp2(-DECAY * np.asarray(score) / UNIT), dtype=np.float64)


def least_score(expected: float, space: float) -> int:
    """Return the score (1/256 bit) at which chance gives `expected` matches."""
    if expected <= 0:
        return int(np.iinfo(np.int64).max)
    if expected >= FACTOR * space:
        return 0
    return max(0, int(np.ceil(np.log2(FACTOR * space / expected) / DECAY * UNIT)))
