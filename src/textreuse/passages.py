"""Aligned tokens to passages: which are kept, and where each starts and stops in its original text."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from textreuse.model import Extents, Int64Array, Tokens


class Limits(NamedTuple):
    """What a match must show."""

    half_words: npt.NDArray[np.int32]  # by document: of the longer side, at least
    full_half_words: npt.NDArray[np.int32]  # by document: from here on `score` is enough
    run: int  # half words of an exact run that is enough by itself
    score: int  # 1/256 bit
    convincing_score: int  # 1/256 bit, of a match that is shorter


def keep_matches(found: Extents, limits: Limits) -> npt.NDArray[np.bool_]:
    """Return a mask of the matches that hold a long exact run, or are long and unlikely enough."""
    longer = np.maximum(found.words_a, found.words_b)
    long_enough = longer >= np.minimum(limits.half_words[found.a], limits.half_words[found.b])
    full = longer >= np.minimum(limits.full_half_words[found.a], limits.full_half_words[found.b])
    score = np.where(full, limits.score, limits.convincing_score)
    return np.asarray((found.longest >= limits.run) | (long_enough & (found.score >= score)))


def mask_excluded(found: Extents, n_excluded: int, limits: Limits, tokens: Tokens) -> npt.NDArray[np.bool_]:
    """Return a mask of the matches that are of interest, given that the first `n_excluded` documents are not.

    A match with such a document is not. Nor is one that leaves too little for a match once what either side shares
    with such a document is taken away.
    """
    with_excluded = found.a < n_excluded
    covered = np.zeros(len(tokens) + 1, np.int64)
    for row in np.flatnonzero(with_excluded & (found.b >= n_excluded)):
        start = tokens.bounds[found.b[row]]
        covered[start + found.b_start[row] : start + found.b_stop[row]] = 1
    free = np.concatenate([[0], np.cumsum((1 - covered[:-1]) * (2 - (tokens.hashes & np.uint64(1)).astype(np.int64)))])

    def remaining(document: Int64Array, start: Int64Array, stop: Int64Array) -> Int64Array:
        first = tokens.bounds[document]
        return np.asarray(free[first + stop] - free[first + start])

    left = np.minimum(remaining(found.a, found.a_start, found.a_stop), remaining(found.b, found.b_start, found.b_stop))
    return np.asarray(~with_excluded & (left >= np.minimum(limits.half_words[found.a], limits.half_words[found.b])))


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
