"""Anchors to candidates: documents that share anchors near each other, as chains of exact common runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from textreuse._parallel import heed_interrupt
from textreuse._sorting import sort_keys
from textreuse.errors import OptionsError
from textreuse.model import Anchors, Chains, Int32Array, Int64Array, Rarity, Sides, UInt32Array, UInt64Array

PIECE = 1 << 22  # anchors that a kernel handles before it heeds an interrupt
MOST_ANCHORS = 2**31 - 1
MOST_DOCUMENTS = 2**30 - 1
MOST_TOKENS = 2**32 - 1


@dataclass(frozen=True, slots=True, eq=False)
class AnchorIndex:
    """Anchors grouped by shingle id: `order` holds anchor numbers, the heads of each group first.

    `members` has of each of them the position in the lower 32 bits, the document in the next 30, in bit 62 whether it
    is a head, in bit 63 whether it is the first of its group.

    A group of equal ids is bounded by a rule on the data alone: each member pairs with the heads, the first members in
    order of document and position (see `build_index`). `group_start` (by anchor) is -1 where an id occurs once.
    `hits` (by document) bounds the number of hits with earlier documents.
    """

    anchors: Anchors
    document: npt.NDArray[np.uint32]
    order: UInt32Array
    members: UInt64Array
    group_start: Int32Array
    hits: Int64Array
    n_groups: int
    n_bounded: int
    n_unlisted: int

    @property
    def is_head(self) -> npt.NDArray[np.bool_]:
        """Whether each in `order` is a head."""
        return np.asarray((self.members >> np.uint64(62)) & np.uint64(1), dtype=bool)


class Batch(NamedTuple):
    """Documents first to last, whose hits with all earlier documents are handled at once."""

    first: int
    last: int
    n_hits: int


class Seeding(NamedTuple):
    """What a chain must show: see `options.Seeds`."""

    min_hits: int
    gaps: npt.NDArray[np.int32]  # by document, the widest gap in tokens
    least: npt.NDArray[np.int32]  # by document, tokens in exact runs
    strong: npt.NDArray[np.int32]  # by document, tokens that make a chain a passage of its own
    slack: int  # tokens by which anchors may stand farther apart than the runs they belong to
    within: bool
    min_self_distance: int


class Links(NamedTuple):
    """Which pairs of documents, and which places in them, are worth to be compared.

    `kind` (uint8, by anchor) says of its shingle whether it is PLAIN, WIDESPREAD or REPRINTED (see `boilerplate`). A
    cluster of hits counts if half of them are plain (or reprinted), or if a widespread shingle chose the pair: each
    occurrence of such a one chooses two documents, the one with most hits and one by lot. With `only_reprinted`, pairs
    of documents without a reprinted shingle in common are left out.
    """

    kind: npt.NDArray[np.uint8] = np.empty(0, np.uint8)  # empty: all are plain
    only_reprinted: bool = False


PLAIN, WIDESPREAD, REPRINTED = 0, 1, 2
ALL_PLAIN = Links()


class Seeded(NamedTuple):
    """The chains of a batch, the pairs chosen by lot (earlier document * number of documents + later), and counts."""

    chains: Chains
    drawn: Int64Array
    counts: SeedCounts


class SeedCounts(NamedTuple):
    """Work done on the way from hits to chains. `passed` counts the hits of pairs that are left out."""

    hits: int
    passed: int
    pairs: int
    pairs_enough: int
    clusters: int


def build_index(
    anchors: Anchors, sides: Sides, *, max_partners: int, max_partners_document: int, period: int = 0
) -> AnchorIndex:
    """Return the anchors grouped by shingle id, with the heads that every member pairs with.

    Heads are the first `max_partners` members of a group and side in order of document and position, at most
    `max_partners_document` of one document. Every occurrence of a passage thereby stays linked, and a stock phrase
    costs its number of occurrences, not the square of it. Occurrences in series, at equal distances of at most `period`
    tokens, count as the first two and the last of them.
    """
    from textreuse._kernels.anchors import fill_groups

    n = len(anchors)
    n_documents = len(anchors.bounds) - 1
    if n > MOST_ANCHORS or n_documents > MOST_DOCUMENTS or int(anchors.positions.max(initial=0)) > MOST_TOKENS:
        raise OptionsError(
            f"{n:,} anchors in {n_documents:,} documents are more than this version can number (up to "
            f"{MOST_ANCHORS:,}, in {MOST_DOCUMENTS:,} documents and {MOST_TOKENS:,} tokens). Split the collection, and "
            f"hold the parts against each other with against=."
        )
    document = np.repeat(np.arange(n_documents, dtype=np.uint32), np.diff(anchors.bounds))
    shift = max(1, int(n).bit_length())
    # the number of the anchor takes the place of the lowest bits of its id, so that one plain sort orders both
    keys = anchors.ids >> np.uint64(shift)
    keys <<= np.uint64(shift)
    keys |= np.arange(n, dtype=np.uint64)
    keys = sort_keys(keys, shift)
    order = np.empty(n, np.uint32)
    is_head = np.zeros(n, np.uint8)
    group_start = np.empty(n, np.int32)
    hits = np.zeros(n_documents, np.int64)
    counts = np.zeros(3, np.int64)
    first = 0
    while first < n:
        heed_interrupt()
        last = _end_of_group(keys, min(n, first + PIECE) - 1, shift)
        counts += fill_groups(
            keys, first, last, shift, document, anchors.positions, sides.side, sides.n_sides, sides.group,
            max_partners, max_partners_document, period, order, is_head, group_start, hits,
        )  # fmt: skip
        first = last
    n_groups, n_bounded, n_unlisted = counts.tolist()
    return AnchorIndex(
        anchors,
        document,
        order,
        keys,
        group_start,
        hits,
        n_groups,
        n_bounded,
        n_unlisted,
    )


def _end_of_group(keys: UInt64Array, number: int, shift: int) -> int:
    """Return where the group that holds the key of this number ends."""
    highest = keys[number] | np.uint64((1 << shift) - 1)
    return number + int(np.searchsorted(keys[number:], highest, side="right"))


def plan_batches(index: AnchorIndex, bounds: Int64Array, max_hits: int, links: Links = ALL_PLAIN) -> Iterator[Batch]:
    """Yield runs of documents with at most `max_hits` hits together (one document may have more).

    `bounds` is where the documents start among the tokens. Documents none of whose pairs are wanted are passed over.
    """
    target_bits, query_bits = _key_bits(bounds)
    max_documents = 1 << max(0, 62 - target_bits - query_bits)
    hits = index.hits
    if links.only_reprinted:
        hits = np.where(np.bincount(index.document[links.kind == REPRINTED], minlength=len(hits)), hits, 0)
    first, n_hits = 0, 0
    for document, more in enumerate(hits.tolist()):
        if document > first and (n_hits + more > max_hits or document - first >= max_documents):
            if n_hits:
                yield Batch(first, document, n_hits)
            first, n_hits = document, 0
        n_hits += more
    if n_hits:
        yield Batch(first, len(index.hits), n_hits)


def find_chains(
    index: AnchorIndex,
    batch: Batch,
    rarity: Rarity,
    bounds: Int64Array,
    sides: Sides,
    seeding: Seeding,
    links: Links = ALL_PLAIN,
) -> Seeded:
    """Return the chains between the documents of a batch and all earlier ones, in order of document pairs.

    Hits farther than the gap from all others, and those that `links` rules out, are dropped, the rest grow to maximal
    exact runs, and runs that follow each other in both documents are chained. No order is asked across chains, and a
    place may belong to several.
    """
    from textreuse._kernels.anchors import fill_hits
    from textreuse._kernels.chains import fill_chains
    from textreuse._kernels.runs import fill_runs

    anchors = index.anchors
    target_bits, query_bits = _key_bits(bounds)
    hits = np.empty(batch.n_hits, np.uint64)
    n_documents = len(bounds) - 1
    most_anchors = int(np.diff(anchors.bounds[batch.first : batch.last + 1]).max())
    listed = np.empty(int(index.hits[batch.first : batch.last].max()), np.uint64)
    drawn = np.empty(min(batch.n_hits, (batch.last - batch.first) * batch.last) if len(links.kind) else 0, np.int64)
    n_kept, n_hits, n_pairs, n_passed, n_drawn = fill_hits(
        batch.first, batch.last, anchors.bounds, anchors.positions, bounds, index.group_start, index.members,
        sides.side, sides.n_sides, sides.group, sides.twin, seeding.within, target_bits, query_bits, seeding.min_hits,
        links.kind, links.only_reprinted, np.empty(most_anchors + 1, np.int64), listed,
        np.zeros(n_documents, np.int32), np.zeros(n_documents, np.uint8), np.empty(n_documents + 1, np.int32),
        hits, drawn,
    )  # fmt: skip
    hits = hits[:n_kept].copy()  # what was reserved for the others is free again
    hits = sort_keys(hits, 2, 2 + target_bits + query_bits + (batch.last - batch.first).bit_length())
    found_x, found_y, found_length = (np.empty(n_kept, np.int32) for _ in range(3))
    cluster_bounds = np.zeros(n_kept + 1, np.int64)
    cluster_documents = np.empty((n_kept, 2), np.int64)
    n_clusters, n_enough = fill_runs(
        hits, batch.first, query_bits, target_bits,
        rarity.numbers, bounds, seeding.gaps, seeding.slack, seeding.min_hits, seeding.min_self_distance,
        found_x, found_y, found_length, cluster_bounds, cluster_documents,
    )  # fmt: skip
    n_found = int(cluster_bounds[n_clusters])
    run_x, run_y, run_length = (np.empty(n_found, np.int32) for _ in range(3))
    chain_bounds = np.zeros(n_found + 1, np.int64)
    documents = np.empty((n_found, 2), np.int64)
    n_chains = fill_chains(
        found_x[:n_found], found_y[:n_found], found_length[:n_found], cluster_bounds[: n_clusters + 1],
        cluster_documents[:n_clusters],
        rarity.numbers, bounds, rarity.bits, seeding.gaps, seeding.least, seeding.strong,
        run_x, run_y, run_length, chain_bounds, documents,
    )  # fmt: skip
    n_runs = int(chain_bounds[n_chains])
    chains = Chains(
        run_x[:n_runs].copy(),
        run_y[:n_runs].copy(),
        run_length[:n_runs].copy(),
        chain_bounds[: n_chains + 1].copy(),
        documents[:n_chains].copy(),
    )
    counts = SeedCounts(n_hits, n_passed, n_pairs, n_enough, n_clusters)
    return Seeded(chains, drawn[:n_drawn].copy(), counts)


def _key_bits(bounds: Int64Array) -> tuple[int, int]:
    """Return how many bits of a hit's key hold a position in the collection, and one within a document."""
    n_tokens, longest = int(bounds[-1]), int(np.diff(bounds).max(initial=0))
    target_bits, query_bits = max(1, n_tokens.bit_length()), max(1, longest.bit_length())
    if target_bits + query_bits > 61:
        raise OptionsError(
            f"{n_tokens:,} tokens with a document of {longest:,} do not fit the keys of this version. "
            f"Split the longest document."
        )
    return target_bits, query_bits
