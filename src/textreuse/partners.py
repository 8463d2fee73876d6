"""Which documents of a collection may be near-duplicates: those that share enough, and their common keys."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from textreuse.copies import make_sets
from textreuse.duplicate_options import Bands, DuplicateOptions
from textreuse.lsh import band_keys
from textreuse.minhash import signatures
from textreuse.model import Int64Array, ShingleSets
from textreuse.sharing import Keys, containing_keys, find_sharing, prefix_keys, smallest_overlaps
from textreuse.verify import Compared, Groups, group_keys, outline, similarities, verified_pairs


class Found(NamedTuple):
    """Pairs of documents by number, and their similarities."""

    a: Int64Array
    b: Int64Array
    similarity: npt.NDArray[np.float64]


class Partners(NamedTuple):
    """The documents that share enough with others to be compared, and what each may be compared with.

    `documents` are those of the sets that were given; `compared` and `groups` count them from 0.
    """

    documents: Int64Array
    compared: Compared
    groups: Groups

    @property
    def sets(self) -> ShingleSets:
        """The sets of `documents`."""
        return self.compared.sets


def find_partners(
    sets: ShingleSets, n_low: Int64Array | None, documents: Int64Array, options: DuplicateOptions
) -> Partners:
    """Return which of `documents` (ascending, different, none of them empty) are to be compared. Overwrites `sets`.

    The first n_low[d] shingles of document d are those below `options.limit`; without `n_low` none is left out for
    sharing too little.
    """
    threshold = options.threshold
    is_containment = options.measure == "containment"
    if n_low is not None and not is_containment:
        least = smallest_overlaps(sets.sizes[documents], threshold)
        documents = find_sharing(sets, n_low, options.limit, documents, least, options.threads)
    sets = make_sets(sets, documents, options.threads)
    if is_containment:  # what is contained before what contains it
        order = np.argsort(sets.sizes, kind="stable")
        documents, sets = documents[order], ShingleSets(sets.ids, sets.starts[order], sets.stops[order])
    least = smallest_overlaps(sets.sizes, threshold)
    if is_containment:
        keys = containing_keys(sets, least, options.threads)
    elif options.bands is not None:
        keys = _keys_of_bands(sets, least, options.bands, options)
    else:
        keys = prefix_keys(sets, least, options.threads)
    return Partners(
        documents, outline(sets, keys.shared), group_keys(keys.values, keys.bounds, keys.follows, len(documents))
    )


def _keys_of_bands(sets: ShingleSets, least: Int64Array, bands: Bands, options: DuplicateOptions) -> Keys:
    """Return the keys of bands of long documents, and of short ones those that miss nothing.

    A document is short if it has no more such keys than there are bands. One that is long and may be like a short one
    has both.
    """
    n = len(sets.starts)
    order = np.argsort(sets.starts, kind="stable")
    bounds = np.append(sets.starts[order], sets.stops[order[-1:]]) if n else np.zeros(1, np.int64)
    rows = signatures(sets.ids, bounds, num_perm=bands.bands * bands.rows, seed=options.seed)
    of_bands = np.empty((n, bands.bands), np.uint64)
    of_bands[order] = band_keys(rows, bands.bands, bands.rows)
    is_short = sets.sizes - least + 1 <= bands.bands
    longest = int(sets.sizes[is_short].max(initial=0))
    near = np.flatnonzero(least <= longest)
    prefixes = prefix_keys(ShingleSets(sets.ids, sets.starts[near], sets.stops[near]), least[near], options.threads)
    lengths = np.diff(prefixes.bounds)
    counts = np.where(is_short, 0, bands.bands)
    counts[near] += lengths
    bounds = np.concatenate([[0], np.cumsum(counts)])
    keys = np.empty(int(bounds[-1]), np.uint64)
    long = np.flatnonzero(~is_short)
    keys[(bounds[long][:, np.newaxis] + np.arange(bands.bands)).ravel()] = of_bands[long].ravel()
    places = np.repeat(bounds[near + 1] - lengths - prefixes.bounds[:-1], lengths) + np.arange(len(prefixes.values))
    keys[places] = prefixes.values
    shared = sets.sizes.copy()
    # all that a short one may be like has been counted; what a longer one may be like has not
    shared[is_short] = prefixes.shared[is_short[near]]
    return Keys(keys, bounds, shared)


def find_pairs(partners: Partners, options: DuplicateOptions) -> tuple[Found, npt.NDArray[np.bool_], int]:
    """Return the pairs at or above the threshold, which documents were not held against all, and the verifications.

    Documents are in the numbers of `partners.sets`.
    """
    is_containment = options.measure == "containment"
    pairs, is_cut, n_verified = verified_pairs(
        partners.compared,
        partners.groups,
        options.threshold,
        is_containment,
        options.all_pairs,
        options.threads,
    )
    left, right = pairs.documents[:, 0], pairs.documents[:, 1]
    similarity = similarities(partners.sets, left, right, pairs.overlaps, is_containment)
    return Found(left, right, similarity), is_cut, n_verified
