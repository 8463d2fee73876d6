"""From verified pairs of documents to what the user gets: pairs with those of copies, and clusters."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from textreuse.duplicate_result import DuplicateCluster, DuplicatePair
from textreuse.model import Int64Array
from textreuse.partners import Found

HEADS_OF_COPIES = 16  # of so many equal documents every pair is listed, of more each with the first of them


def with_copies(
    leaders: Int64Array, pairs: Found, left_out: npt.NDArray[np.bool_], all_pairs: bool
) -> tuple[Found, npt.NDArray[np.bool_]]:
    """Return the pairs of all documents, given those of the first of each group of copies.

    The same for `left_out`, which says by document whether pairs of it were not looked at. Of each group the first
    HEADS_OF_COPIES have all pairs, the others only those with the first of a group.
    """
    copies = _Copies(leaders, all_pairs)
    groups = np.flatnonzero(copies.counts > 1)
    left, right = np.concatenate([pairs.a, groups]), np.concatenate([pairs.b, groups])
    similarity = np.concatenate([pairs.similarity, np.ones(len(groups))])
    x, y, source = copies.expand(left, right)
    low, high = np.minimum(x, y), np.maximum(x, y)
    different = low != high
    low, high, similarity = low[different], high[different], similarity[source][different]
    first = np.unique(low * len(leaders) + high, return_index=True)[1]
    return Found(low[first], high[first], similarity[first]), left_out[leaders] | copies.cut


class _Copies:
    """The members of each group of equal documents, by their leader."""

    def __init__(self, leaders: Int64Array, all_pairs: bool) -> None:
        self.members = np.argsort(leaders, kind="stable")
        self.counts = np.bincount(leaders, minlength=len(leaders))
        self.first = np.cumsum(self.counts) - self.counts
        most = len(leaders) if all_pairs else HEADS_OF_COPIES
        self.heads = np.minimum(self.counts, most)
        self.cut = (self.counts > most)[leaders]

    def expand(self, left: Int64Array, right: Int64Array) -> tuple[Int64Array, Int64Array, Int64Array]:
        """Return the pairs of copies of left[i] and right[i], and i: heads with heads, the others with the first."""
        parts = []
        for one, other in (
            (self.heads, self.heads),
            (self.counts, np.minimum(self.counts, 1)),
            (np.minimum(self.counts, 1), self.counts),
        ):
            n_one, n_other = one[left], other[right]
            source = np.repeat(np.arange(len(left)), n_one * n_other)
            within = np.arange(len(source)) - np.repeat(np.cumsum(n_one * n_other) - n_one * n_other, n_one * n_other)
            x = self.members[self.first[left[source]] + within // n_other[source]]
            y = self.members[self.first[right[source]] + within % n_other[source]]
            parts.append((x, y, source))
        x, y, source = (np.concatenate(column) for column in zip(*parts, strict=True))
        return x, y, source


def list_pairs(ids: list[str], found: Found) -> tuple[DuplicatePair, ...]:
    """Return the pairs, most alike first, then in code point order of their ids."""
    order = np.lexsort((found.b, found.a, -found.similarity))
    rows = zip(found.a[order].tolist(), found.b[order].tolist(), found.similarity[order].tolist(), strict=True)
    return tuple(DuplicatePair(ids[a], ids[b], similarity) for a, b, similarity in rows)


def list_clusters(ids: list[str], found: Found, left_out: npt.NDArray[np.bool_]) -> tuple[DuplicateCluster, ...]:
    """Return the documents that pairs connect, largest cluster first, then in code point order of their first ids."""
    root = find_components(found, len(ids))
    order = np.argsort(root, kind="stable")
    counts = np.bincount(root, minlength=len(ids))
    stops = np.cumsum(counts)
    is_cut = np.bincount(root, weights=left_out, minlength=len(ids)) > 0
    roots = np.flatnonzero(counts > 1)
    roots = roots[np.argsort(-counts[roots], kind="stable")]
    clusters = []
    for stop, count, cut in zip(stops[roots].tolist(), counts[roots].tolist(), is_cut[roots].tolist(), strict=True):
        members = order[stop - count : stop].tolist()
        clusters.append(DuplicateCluster(tuple([ids[m] for m in members]), not cut))
    return tuple(clusters)


def find_components(found: Found, n_documents: int) -> Int64Array:
    """Return by document the least document that pairs connect it with."""
    from textreuse._kernels.components import fill_components

    root = np.arange(n_documents)
    fill_components(found.a, found.b, root)
    return root
