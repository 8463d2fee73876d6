"""Aligned tokens to passages: which are kept, and where each starts and stops in its original text."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from textreuse.model import Extents, Int64Array, Tokens


class Limits(NamedTuple):
    """What a match must show."""

    least_weight: npt.NDArray[np.int32]  # by document: of the longer side, at least
    full_weight: npt.NDArray[np.int32]  # by document: from here on `score` is enough
    run: int  # weight of an exact run that is enough by itself
    score: int  # 1/256 bit
    convincing_score: int  # 1/256 bit, of a match that is shorter


def keep_matches(found: Extents, limits: Limits) -> npt.NDArray[np.bool_]:
    """Return a mask of the matches that hold a long exact run, or are long and unlikely enough."""
    longer = np.maximum(found.words_a, found.words_b)
    long_enough = longer >= np.minimum(limits.least_weight[found.a], limits.least_weight[found.b])
    full = longer >= np.minimum(limits.full_weight[found.a], limits.full_weight[found.b])
    score = np.where(full, limits.score, limits.convincing_score)
    return np.asarray((found.longest >= limits.run) | (long_enough & (found.score >= score)))


def mask_excluded(
    found: Extents, n_excluded: int, limits: Limits, tokens: Tokens, token_weights: npt.NDArray[np.uint8]
) -> npt.NDArray[np.bool_]:
    """Return a mask of the matches that are of interest, given that the first `n_excluded` documents are not.

    A match with such a document is not. Nor is one that leaves too little for a match once what either side shares
    with such a document is taken away.
    """
    with_excluded = found.a < n_excluded
    covered = np.zeros(len(tokens) + 1, np.int64)
    for row in np.flatnonzero(with_excluded & (found.b >= n_excluded)):
        start = tokens.bounds[found.b[row]]
        covered[start + found.b_start[row] : start + found.b_stop[row]] = 1
    free = np.concatenate([[0], np.cumsum((1 - covered[:-1]) * token_weights.astype(np.int64))])

    def remaining(document: Int64Array, start: Int64Array, stop: Int64Array) -> Int64Array:
        first = tokens.bounds[document]
        return np.asarray(free[first + stop] - free[first + start])

    left = np.minimum(remaining(found.a, found.a_start, found.a_stop), remaining(found.b, found.b_start, found.b_stop))
    return np.asarray(~with_excluded & (left >= np.minimum(limits.least_weight[found.a], limits.least_weight[found.b])))


def find_words(tokens: Tokens) -> Int64Array:
    """Return where words start, in the whole collection, if tokens are letters: letters side by side are a word.

    Each character of a spaceless script is a word. The last number is that of all tokens.
    """
    is_letter = (tokens.hashes & np.uint64(1)) == 0
    begins = np.ones(len(tokens) + 1, bool)
    # letters of one code point (a ligature) have the same start
    joined = (tokens.starts[1:] == tokens.stops[:-1]) | (tokens.starts[1:] == tokens.starts[:-1])
    begins[1:-1] = ~(joined & is_letter[1:] & is_letter[:-1])
    begins[tokens.bounds] = True
    return np.flatnonzero(begins)


def snap_to_words(rows: Int64Array, words: Int64Array, bounds: Int64Array) -> Int64Array:
    """Return rows (see `align.find_extents`) of which no passage starts or stops within a word.

    `words` is where words start (see `find_words`). A word belongs to the passage if at least half of it does. Rows
    with nothing left are dropped.
    """
    rows = rows.copy()
    for document, start, stop in ((0, 2, 3), (1, 4, 5)):
        first = bounds[rows[:, document]]
        for column in (start, stop):
            place = first + rows[:, column]
            word = np.searchsorted(words, place, side="right") - 1
            low, high = words[word], words[np.minimum(word + 1, len(words) - 1)]
            inside = place - low if column == stop else high - place
            keeps = 2 * inside >= high - low
            edge = np.where(keeps == (column == stop), high, low)
            rows[:, column] = np.where(place == low, place, edge) - first
    return rows[(rows[:, 3] > rows[:, 2]) & (rows[:, 5] > rows[:, 4])]


def offsets(tokens: Tokens, document: Int64Array, start: Int64Array, stop: Int64Array) -> tuple[list[int], list[int]]:
    """Return where passages of tokens start and stop in the original texts of their documents."""
    first = tokens.bounds[document]
    return tokens.starts[first + start].tolist(), tokens.stops[first + stop - 1].tolist()


def widen_over_punctuation(
    a: str, a_start: int, a_stop: int, b: str, b_start: int, b_stop: int
) -> tuple[int, int, int, int]:
    """Return the extents grown over adjacent punctuation that both sides have: brackets, quotation marks, stops."""
    while a_stop < len(a) and b_stop < len(b) and a[a_stop] == b[b_stop] and _is_punctuation(a[a_stop]):
        a_stop += 1
        b_stop += 1
    while a_start > 0 and b_start > 0 and a[a_start - 1] == b[b_start - 1] and _is_punctuation(a[a_start - 1]):
        a_start -= 1
        b_start -= 1
    return a_start, a_stop, b_start, b_stop


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] == "P"
