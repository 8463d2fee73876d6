"""What is asked for when whole documents are compared, and the bands and rows that follow from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from math import ceil, log, log1p
from typing import Any

import numpy as np

from textreuse.errors import OptionsError
from textreuse.options import available_threads

Tokenizer = str | Callable[[str], Iterable[tuple[int, int]]]

MEASURES = ("jaccard", "containment")
# Permutations of 32-bit hashes are not quite independent: of the pairs that may be missed, bands aim at so many.
MISSES = 0.8
CURVE = tuple(step / 20 for step in range(1, 21))


@dataclass(frozen=True, slots=True)
class Bands:
    """Bands of rows of MinHash signatures: two documents are compared where all rows of some band agree."""

    bands: int
    rows: int

    def recall(self, similarity: float) -> float:
        """Return the share of pairs of this Jaccard similarity that have a band in common: 1 - (1 - s**r)**b."""
        return float(1 - (1 - similarity**self.rows) ** self.bands)

    @property
    def expected_candidates(self) -> float:
        """Share of pairs that are compared if similarities were spread evenly from 0 to 1."""
        return float(np.mean([self.recall((step + 0.5) / 1000) for step in range(1000)]))


@dataclass(frozen=True, slots=True)
class DuplicateOptions:
    """Everything in force in a run, with what follows from it.

    `bands` is None where every pair is found: then candidates come from an exact index and not from signatures.
    """

    threshold: float
    measure: str
    shingle_words: int
    recall: float
    num_perm: int
    seed: int
    all_pairs: bool
    threads: int
    tokenizer: Tokenizer | None
    bands: Bands | None

    @property
    def shingle_characters(self) -> int:
        """Characters in a shingle of a script that is written without spaces; two count as a word."""
        return 2 * self.shingle_words

    @property
    def limit(self) -> int:
        """Below which id shingles are counted to tell which documents share enough to be compared.

        A document is out if a share of more than 1 - `threshold` is its own. A few of those counted may have a place in
        the table in common by chance, or be stock phrases, so a larger share is looked at.
        """
        return min(2**64 - 1, int((1.75 * (1 - self.threshold) + 0.05) * 2**64))

    @property
    def recall_curve(self) -> tuple[tuple[float, float], ...]:
        """The share of pairs that are compared, by their similarity in steps of 0.05."""
        if self.bands is None:
            return tuple((similarity, float(similarity >= self.threshold)) for similarity in CURVE)
        return tuple((similarity, self.bands.recall(similarity)) for similarity in CURVE)

    def to_dict(self) -> dict[str, Any]:
        """Return all options as plain values."""
        values = asdict(replace(self, tokenizer=None))
        if self.tokenizer is not None:
            values["tokenizer"] = self.tokenizer if isinstance(self.tokenizer, str) else repr(self.tokenizer)
        return values


def choose_bands(threshold: float, recall: float, num_perm: int) -> Bands:
    """Return the bands and rows with the fewest candidates that reach `recall` at `threshold`.

    Of all numbers of rows for which `num_perm` columns are enough the largest, because each row more makes unlike
    documents collide less often; then as few bands as will do.

    Raises
    ------
    OptionsError
        If no number of rows is enough; it says which `num_perm` would be.

    Examples
    --------
    >>> choose_bands(0.8, 0.99, 128)
    Bands(bands=16, rows=6)
    """
    chosen = None
    for rows in range(1, num_perm + 1):
        bands = bands_needed(threshold, recall, rows)
        if bands * rows <= num_perm:
            chosen = Bands(bands, rows)
        elif threshold**rows < 1e-6:
            break
    if chosen is None:
        raise OptionsError(
            f"num_perm={num_perm} cannot find {recall:.4g} of the pairs at threshold={threshold:.4g}. "
            f"Pass num_perm={bands_needed(threshold, recall, 1)} at least, or recall=1, which needs no signatures."
        )
    return chosen


def bands_needed(threshold: float, recall: float, rows: int) -> int:
    """Return how many bands of so many rows reach `recall` at `threshold`, with a little to spare."""
    share = threshold**rows
    if share >= 1:
        return 1
    return max(1, ceil(log(MISSES * (1 - recall)) / log1p(-share))) if share > 1e-12 else 2**62


def make_duplicate_options(
    *,
    threshold: float = 0.8,
    measure: str = "jaccard",
    shingle_words: int = 5,
    num_perm: int = 128,
    seed: int = 1,
    recall: float = 1.0,
    threads: int | None = None,
    all_pairs: bool = False,
    tokenizer: Tokenizer | None = None,
) -> DuplicateOptions:
    """Return the options with all that follows from them.

    Raises
    ------
    OptionsError
        Naming every option that makes no sense, with the value it has and what it may be.
    """
    problems: list[str] = []

    def check(name: str, value: Any, least: float, most: float, *, above: bool = False) -> None:
        whole = isinstance(least, int)
        kinds = (int, np.integer) if whole else (int, float, np.number)
        if isinstance(value, bool) or not isinstance(value, kinds) or not least <= value <= most:
            problem = True
        else:
            problem = bool(above and value == least)
        if problem:
            kind = "a whole number" if whole else "a number"
            problems.append(
                f"{name}={value!r}: {kind} {f'above {least:g} up to' if above else f'from {least:,} to'} {most:,}"
            )

    check("threshold", threshold, 0.0, 1.0, above=True)
    check("shingle_words", shingle_words, 1, 32)
    check("num_perm", num_perm, 1, 65_536)
    check("seed", seed, 0, 2**32 - 1)
    check("recall", recall, 0.0, 1.0, above=True)
    if threads is not None:
        check("threads", threads, 1, 1_024)
    if measure not in MEASURES:
        problems.append(f"measure={measure!r}: {' or '.join(map(repr, MEASURES))}")
    if not (tokenizer is None or isinstance(tokenizer, str) or callable(tokenizer)):
        problems.append(f"tokenizer={tokenizer!r}: a pattern, a function that gives spans, or None")
    if problems:
        raise OptionsError("; ".join(problems) + ".")
    by_bands = recall < 1 and measure == "jaccard"
    return DuplicateOptions(
        threshold=float(threshold),
        measure=measure,
        shingle_words=int(shingle_words),
        recall=float(recall),
        num_perm=int(num_perm),
        seed=int(seed),
        all_pairs=bool(all_pairs),
        threads=threads or available_threads(),
        tokenizer=tokenizer,
        bands=choose_bands(threshold, recall, num_perm) if by_bands else None,
    )
