"""Keys to groups of documents that have one in common, and to pairs that hold on the exact sets."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from textreuse._parallel import run_chunks, shares, threads_for
from textreuse.model import Int64Array, ShingleSets, UInt64Array

ALL_BELOW = 32  # documents that lead with one key, of which all pairs are looked at
MOST_STEPS = 1 << 16  # where there are more, so many are looked at for each document,
BUDGET = 10  # and until so many were verified: with those of smaller groups that stays below 20
BUFFER = 1 << 16  # pairs


class Compared(NamedTuple):
    """The sets that are compared, and what tells without looking at them that two are not alike."""

    sets: ShingleSets
    shared: Int64Array  # how many of the shingles of each others may have
    outlines: UInt64Array  # sixteen columns: in each bit, whether an odd number of the ids has it


class Groups(NamedTuple):
    """Documents that have a key in common.

    Group g has the documents members[bounds[g] : bounds[g + 1]]: first those n_leading[g] that lead, then those that
    are compared with these only, each part ascending. Document d is in the groups of_document[places[d] :
    places[d + 1]], which hold twice the number of the group, and 1 more where the document does not lead.
    """

    members: Int64Array
    bounds: Int64Array
    n_leading: Int64Array
    of_document: Int64Array
    places: Int64Array


class Pairs(NamedTuple):
    """Verified pairs of documents (the earlier one first) and the overlap of their sets."""

    documents: Int64Array  # two columns
    overlaps: Int64Array


def group_keys(
    keys: UInt64Array, key_bounds: Int64Array, follows: npt.NDArray[np.uint8] | None, n_documents: int
) -> Groups:
    """Return the groups of documents that have a key in common; document d has keys[key_bounds[d] : ...].

    Keys are cut off to make room for the number of the document, so that sorting one array groups them. Of documents
    that are not alike a few more collide for that. `follows` is 1 for keys with which the document does not lead.
    """
    from textreuse._kernels.partners import count_members, fill_groups, sort_keys

    bits = 1 + max(1, int(n_documents - 1).bit_length())
    packed = (keys >> np.uint64(bits)) << np.uint64(bits)
    packed |= np.repeat(np.arange(n_documents, dtype=np.uint64) << np.uint64(1), np.diff(key_bounds))
    if follows is not None:
        packed |= follows
    sort_keys(packed, np.empty_like(packed), np.empty((3, 2048), np.int64))
    per_document = np.zeros(n_documents, np.int64)
    n_groups, n_members = count_members(packed, bits, per_document)
    places = np.concatenate([[0], np.cumsum(per_document)])
    members, bounds, n_leading = (
        np.empty(n_members, np.int64),
        np.zeros(n_groups + 1, np.int64),
        np.empty(n_groups, np.int64),
    )
    of_document = np.empty(n_members, np.int64)
    fill_groups(packed, bits, members, bounds, n_leading, of_document, places[:-1].copy())
    return Groups(members, bounds, n_leading, of_document, places)


def outline(sets: ShingleSets, shared: Int64Array) -> Compared:
    """Return the sets with their outlines."""
    from textreuse._kernels.partners import fill_outlines

    outlines = np.zeros((len(sets.starts), 16), np.uint64)
    fill_outlines(sets.ids, sets.starts, sets.stops, outlines)
    return Compared(sets, shared, outlines)


def verified_pairs(
    compared: Compared, groups: Groups, threshold: float, is_containment: bool, all_pairs: bool, threads: int
) -> tuple[Pairs, npt.NDArray[np.bool_], int]:
    """Return the pairs at or above the threshold, which documents were not held against all, and the verifications."""
    from textreuse._kernels.partners import fill_pairs

    sets = compared.sets
    n = len(sets.starts)
    threads = threads_for(len(sets.ids), threads)
    is_cut = np.zeros(n, np.uint8)
    all_below = n if all_pairs else ALL_BELOW

    def verify(part: tuple[int, int]) -> tuple[list[Pairs], int]:
        first, last = part
        buffer, overlaps = np.empty((max(BUFFER, n), 2), np.int64), np.empty(max(BUFFER, n), np.int64)
        seen, work, found = np.full(n, -1, np.int64), np.zeros(1, np.int64), []
        while first < last:
            n_pairs, first = fill_pairs(
                first, last, sets.ids, sets.starts, sets.stops, compared.shared, compared.outlines, threshold,
                is_containment, groups.members, groups.bounds, groups.n_leading, groups.of_document, groups.places,
                all_below, MOST_STEPS, BUDGET, seen, buffer, overlaps, is_cut, work,
            )  # fmt: skip
            found.append(Pairs(buffer[:n_pairs].copy(), overlaps[:n_pairs].copy()))
        return found, int(work[0])

    parts, n_verified = [Pairs(np.empty((0, 2), np.int64), np.empty(0, np.int64))], 0
    for more, n_more in run_chunks(verify, shares(n, 4 * threads), threads):
        parts += more
        n_verified += n_more
    documents = np.concatenate([part.documents for part in parts])
    return Pairs(documents, np.concatenate([part.overlaps for part in parts])), is_cut.astype(bool), n_verified


def removed_documents(
    compared: Compared, groups: Groups, order: Int64Array, threshold: float, is_containment: bool, all_pairs: bool
) -> tuple[Int64Array, Int64Array, int, int]:
    """Return by document the kept one that removes it (-1: it is kept), their overlap, verifications, and cut ones.

    Documents come in `order`. One that is at or above the threshold with some kept one is removed, by the most
    similar of those; any other is kept. Cut ones are kept, but were not held against all kept ones.
    """
    from textreuse._kernels.partners import fill_removed

    sets = compared.sets
    n = len(sets.starts)
    position = np.empty(n, np.int64)
    position[order] = np.arange(n)
    removed_by, overlaps = np.full(n, -1, np.int64), np.zeros(n, np.int64)
    n_kept, seen, work = np.zeros(2 * len(groups.n_leading), np.int64), np.full(n, -1, np.int64), np.zeros(2, np.int64)
    fill_removed(
        order, sets.ids, sets.starts, sets.stops, compared.shared, compared.outlines, threshold, is_containment,
        groups.members.copy(), groups.bounds, groups.of_document, groups.places, position,
        n if all_pairs else ALL_BELOW, MOST_STEPS, BUDGET, n_kept, seen, removed_by, overlaps, work,
    )  # fmt: skip
    return removed_by, overlaps, int(work[0]), int(work[1])


def overlaps_of(
    sets: ShingleSets, left: Int64Array, right: Int64Array, threshold: float, is_containment: bool
) -> Int64Array:
    """Return the overlap of left[i] and right[i], 0 where they are below the threshold."""
    from textreuse._kernels.partners import fill_overlaps

    overlaps = np.empty(len(left), np.int64)
    fill_overlaps(left, right, sets.ids, sets.starts, sets.stops, threshold, is_containment, overlaps)
    return overlaps


def similarities(
    sets: ShingleSets, left: Int64Array, right: Int64Array, overlaps: Int64Array, is_containment: bool
) -> npt.NDArray[np.float64]:
    """Return how alike left[i] and right[i] are, given how many shingles they have in common."""
    a, b = sets.sizes[left], sets.sizes[right]
    return overlaps / (np.minimum(a, b) if is_containment else a + b - overlaps)
