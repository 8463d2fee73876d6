"""Boilerplate: what recurs widely and uniformly, recognized by that and not by any list of phrases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from textreuse.model import Extents, Int64Array, Sides, Tokens
from textreuse.options import Weights

if TYPE_CHECKING:
    from textreuse.candidates import AnchorIndex
    from textreuse.families import Grouping

FREQUENT_LEAST = 30  # a shingle of boilerplate stands in so many documents at least
FREQUENT_SHARE = 500  # and in one of so many
LONG = 150  # a match of so many words is of a text of its own
LONG_EXACT = 40  # or of so many, if the words of the shorter side agree, unless it stands where headers do
EXACT = 218  # /256 of them
REPRINTED_SHARE = 4  # and one of so many matches of a shingle must be, for it to be no boilerplate
MOST = 2  # more than one part in two of a document is most of it
SHARE = 2  # of a match, one part in two is boilerplate on both sides,
COPY = 10  # documents that differ by less than one word in so many are copies
LEAST_SHARE = 3  # or one in three, if what is left is too little for a match

UNIFORM_LEAST = 4  # a family of boilerplate is of so many documents at least,
UNIFORM_POWER = 0.3  # and of the number of documents in the collection to this power
UNIFORM = 0.8  # of its members have
UNIFORM_LENGTH = 0.1  # a length that differs by no more than this from the median,
UNIFORM_SIMILARITY = 0.95  # this similarity,
UNIFORM_PLACE = 0.2  # and a place in the same end of their documents, this share of them


def find_widespread(index: AnchorIndex, sides: Sides) -> npt.NDArray[np.bool_]:
    """Return by anchor whether its shingle is widespread: boilerplate, unless it belongs to a text that was reprinted.

    At least `FREQUENT_LEAST` documents and one in `FREQUENT_SHARE` hold it; documents of one group count as one.
    """
    from textreuse._kernels.boilerplate import mark_widespread

    n_documents = len(index.anchors.bounds) - 1
    least = max(FREQUENT_LEAST, n_documents // FREQUENT_SHARE)
    if n_documents < least:
        return np.zeros(len(index.anchors), bool)
    unit, n_units = _units(sides, n_documents)
    widespread = np.zeros(len(index.anchors), np.uint8)
    mark_widespread(index.order, index.members, unit, least, np.full(n_units, -1, np.int64), widespread)
    return widespread.view(np.bool_)


def _units(sides: Sides, n_documents: int) -> tuple[Int64Array, int]:
    """Return a number for each document, the same for those of one group, and how many numbers there may be."""
    unit = np.where(sides.group >= 0, n_documents + sides.group, np.arange(n_documents))
    return unit, int(unit.max(initial=0)) + 1


def find_reprinted(
    index: AnchorIndex, found: Extents, tokens: Tokens, widespread: npt.NDArray[np.bool_], weights: Weights
) -> npt.NDArray[np.bool_]:
    """Return by anchor whether its shingle is widespread and belongs to a text that was reprinted.

    That is so if enough of the matches that it stands in are long, or of documents that are nearly the same from end
    to end; such a shingle is no boilerplate where that text was trimmed, either.
    """
    reprinted = widespread.copy()
    if not widespread.any():
        return reprinted
    longer = np.maximum(found.words_a, found.words_b)
    exact = 256 * found.matched >= EXACT * np.minimum(found.words_a, found.words_b)
    word = weights.word
    long = (longer >= LONG * word) | ((longer >= LONG_EXACT * word) & exact & ~_at_one_end(found, tokens))
    long |= _are_copies(found, tokens)
    positions, shingle = index.anchors.positions[widespread], index.group_start[widespread]
    n_all, n_long = (
        np.bincount(shingle, _depth(positions, found.take(rows), tokens), minlength=1)
        for rows in (np.ones(len(found), bool), long)
    )
    reprinted[widespread] = ((REPRINTED_SHARE * n_long >= n_all) & (n_long > 0))[shingle]
    return reprinted


def mark_tokens(
    index: AnchorIndex, frequent: npt.NDArray[np.bool_], tokens: Tokens, reach: Int64Array
) -> npt.NDArray[np.bool_]:
    """Return by token whether it belongs to a shingle of which `frequent` (by anchor) says that it is boilerplate.

    `reach` (by document) is how many tokens a shingle has.
    """
    from textreuse._kernels.boilerplate import mark_spans

    first, last = _runs(index, frequent)
    document = index.document[first].astype(np.int64)
    start = index.anchors.positions[first]
    stop = np.minimum(index.anchors.positions[last] + reach[document], tokens.bounds[document + 1])
    marked = np.zeros(len(tokens), np.uint8)
    mark_spans(start, stop, marked)
    return marked.view(np.bool_)


def _runs(index: AnchorIndex, frequent: npt.NDArray[np.bool_]) -> tuple[Int64Array, Int64Array]:
    """Return the first and last anchors of unbroken runs of frequent ones within a document."""
    edge = np.diff(frequent.astype(np.int8), prepend=0, append=0)
    new_document = np.zeros(len(frequent) + 1, bool)
    new_document[index.anchors.bounds] = True
    inside = np.concatenate([[False], frequent[:-1] & frequent[1:], [False]])
    first = np.flatnonzero((edge[:-1] == 1) | (inside[:-1] & new_document[:-1]))
    last = np.flatnonzero((edge[1:] == -1) | (inside[1:] & new_document[1:]))
    return first, last


def _depth(positions: Int64Array, found: Extents, tokens: Tokens) -> Int64Array:
    """Return by position (ascending, in the collection) how many sides of matches hold it."""
    depth = np.zeros(len(positions) + 1, np.int64)
    for document, start, stop in ((found.a, found.a_start, found.a_stop), (found.b, found.b_start, found.b_stop)):
        for place, step in ((start, 1), (stop, -1)):
            first_behind = np.searchsorted(positions, tokens.bounds[document] + place)
            depth += step * np.bincount(first_behind, minlength=len(depth))
    return np.cumsum(depth[:-1])


def _at_one_end(found: Extents, tokens: Tokens) -> npt.NDArray[np.bool_]:
    """Return a mask of the matches that stand as headers do: at the same end of two documents, and less than half."""
    lengths = np.diff(tokens.bounds)
    length_a, length_b = lengths[found.a], lengths[found.b]
    at_start = (found.a_start <= UNIFORM_PLACE * length_a) & (found.b_start <= UNIFORM_PLACE * length_b)
    at_end = (found.a_stop >= (1 - UNIFORM_PLACE) * length_a) & (found.b_stop >= (1 - UNIFORM_PLACE) * length_b)
    part_a = MOST * (found.a_stop - found.a_start) < length_a
    part_b = MOST * (found.b_stop - found.b_start) < length_b
    return np.asarray((at_start | at_end) & part_a & part_b)


def _are_copies(found: Extents, tokens: Tokens) -> npt.NDArray[np.bool_]:
    """Return a mask of the matches of most of one document with most of another that hardly differs."""
    lengths = np.diff(tokens.bounds)
    whole = (MOST * (found.a_stop - found.a_start) > lengths[found.a]) & (
        MOST * (found.b_stop - found.b_start) > lengths[found.b]
    )
    return np.asarray(whole & (COPY * found.matched >= (COPY - 1) * np.maximum(found.words_a, found.words_b)))


def consist_of(
    found: Extents, marked: npt.NDArray[np.bool_], tokens: Tokens, token_weights: npt.NDArray[np.uint8]
) -> npt.NDArray[np.bool_]:
    """Return a mask of the matches of which half or more is marked tokens, on both sides."""
    return _is_half_or_less(found, *_unmarked(found, marked, tokens, token_weights))


def _is_half_or_less(found: Extents, left_a: Int64Array, left_b: Int64Array) -> npt.NDArray[np.bool_]:
    """Return a mask of the matches of which what is left is half or less, on both sides."""
    return np.asarray((SHARE * left_a <= found.words_a) & (SHARE * left_b <= found.words_b))


def _unmarked(
    found: Extents, marked: npt.NDArray[np.bool_], tokens: Tokens, token_weights: npt.NDArray[np.uint8]
) -> tuple[Int64Array, Int64Array]:
    """Return what of each side of the matches is not marked, as tokens count."""
    free = np.concatenate([[0], np.cumsum(np.where(marked, 0, token_weights), dtype=np.int64)])
    place_a, place_b = tokens.bounds[found.a], tokens.bounds[found.b]
    return (
        free[place_a + found.a_stop] - free[place_a + found.a_start],
        free[place_b + found.b_stop] - free[place_b + found.b_start],
    )


def mask_frequent(
    found: Extents,
    marked: npt.NDArray[np.bool_],
    tokens: Tokens,
    token_weights: npt.NDArray[np.uint8],
    least_weight: npt.NDArray[np.int32],
) -> npt.NDArray[np.bool_]:
    """Return a mask of the matches that consist of marked tokens, or leave too little for a match without them.

    Two documents that are nearly the same from end to end are copies, whatever they consist of.
    """
    if not marked.any():
        return np.zeros(len(found), bool)
    left_a, left_b = _unmarked(found, marked, tokens, token_weights)
    too_little = np.minimum(left_a, left_b) < np.minimum(least_weight[found.a], least_weight[found.b])
    some = (LEAST_SHARE * (found.words_a - left_a) >= found.words_a) & (
        LEAST_SHARE * (found.words_b - left_b) >= found.words_b
    )
    much = _is_half_or_less(found, left_a, left_b)
    return np.asarray((much | (some & too_little)) & ~_are_copies(found, tokens))


def find_uniform(
    found: Extents,
    grouping: Grouping,
    tokens: Tokens,
    sides: Sides,
    weights: Weights,
) -> npt.NDArray[np.bool_]:
    """Return by family whether it recurs widely in the same extent, wording and place: a footer, a signature.

    Of `UNIFORM` of its members the length and the place (the same end of their documents) agree, and of as many of its
    matches the wording. Long texts, and those that are most of their documents, are none.
    """
    n_families = int(grouping.family.max(initial=-1)) + 1
    nodes = grouping.nodes
    n_documents = tokens.n_documents
    if n_documents < UNIFORM_LEAST:
        return np.zeros(n_families, bool)
    unit, n_units = _units(sides, n_documents)
    holders = np.unique(nodes[:, 3] * n_units + unit[nodes[:, 0]]) // n_units
    wide = np.bincount(holders, minlength=n_families) >= max(UNIFORM_LEAST, n_documents**UNIFORM_POWER)
    size = np.bincount(nodes[:, 3], minlength=n_families)
    length = nodes[:, 2] - nodes[:, 1]
    of_document = (tokens.bounds[1:] - tokens.bounds[:-1])[nodes[:, 0]]
    order = np.lexsort((length, nodes[:, 3]))
    median = length[order][np.minimum(np.cumsum(size) - size + size // 2, len(nodes) - 1)] if len(nodes) else size

    def share(which: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
        return np.bincount(nodes[:, 3], which, n_families) / np.maximum(size, 1)

    alike = share(np.abs(length - median[nodes[:, 3]]) <= np.maximum(1, UNIFORM_LENGTH * median[nodes[:, 3]]))
    at_end = share(nodes[:, 1] >= (1 - UNIFORM_PLACE) * of_document - length)
    at_start = share(nodes[:, 2] <= UNIFORM_PLACE * of_document + length)
    part = share(MOST * length < of_document)
    shorter = np.maximum(1, np.minimum(found.words_a, found.words_b))
    same = np.bincount(grouping.family, found.matched >= UNIFORM_SIMILARITY * shorter, n_families)
    worded = same / np.maximum(1, np.bincount(grouping.family, minlength=n_families))
    uniform = np.minimum(np.minimum(alike, part), np.minimum(worded, np.maximum(at_end, at_start)))
    return np.asarray(wide & (uniform >= UNIFORM) & (median * weights.token < LONG * weights.word))
