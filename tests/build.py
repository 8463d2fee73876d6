"""Small inputs to the steps, built from lists of numbers: a number stands for a token, equal ones for equal tokens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from tests import naive

from textreuse import align, candidates
from textreuse.lsh import window_minima
from textreuse.model import Anchors, Chains, Extents, Int64Array, Rarity, Shingles, Sides, Tokens
from textreuse.rarity import measure_rarity
from textreuse.shingle import shingle

Collection = Sequence[Sequence[int]]
MANY = 1 << 20  # as a bound: none


def token_hash(token: int) -> int:
    """Return the hash of a token; a negative one is a character of a spaceless script (lowest bit 1)."""
    return naive.mixed64(token % 2**32 + 1) // 2 * 2 + (token < 0)


def bounds_of(collection: Collection) -> Int64Array:
    return np.cumsum([0, *map(len, collection)], dtype=np.int64)


def tokens_of(collection: Collection) -> Tokens:
    """Return tokens of one character each, with a separator between two."""
    hashes = np.array([token_hash(token) for document in collection for token in document], np.uint64)
    starts = np.array([2 * i for document in collection for i in range(len(document))], np.uint32)
    return Tokens(hashes, starts, starts + np.uint32(1), bounds_of(collection))


def weights_of(tokens: Tokens) -> npt.NDArray[np.uint8]:
    """Return the half words of each token."""
    return np.uint8(2) - (tokens.hashes & np.uint64(1)).astype(np.uint8)


def rarity_of(tokens: Tokens) -> Rarity:
    """Return the rarity of tokens of `tokens_of`: of one character each, so none are of one stem."""
    texts = ["x " * int(n) for n in np.diff(tokens.bounds)]
    return measure_rarity(tokens, lambda _texts, numbers, _starts, _stops: np.zeros(len(numbers), np.uint64), texts)


def shingles_of(ids: Collection) -> Shingles:
    """Return shingles with the given ids, each of one token."""
    flat = np.array([i for document in ids for i in document], np.uint64)
    return Shingles(flat, np.ones(len(flat), np.uint8), bounds_of(ids))


def anchors_of(ids: Collection) -> Anchors:
    """Return one anchor per token; the ids differ in their upper bits, for an index takes the lower ones away."""
    flat = np.array([i << 48 for document in ids for i in document], np.uint64)
    return Anchors(flat, np.arange(len(flat)), bounds_of(ids))


def sides_of(
    n_documents: int, side: Sequence[int] | None = None, group: Sequence[int] | None = None, n_sides: int | None = None
) -> Sides:
    """Return sides; without any, all documents may be compared."""
    sides = np.zeros(n_documents, np.uint8) if side is None else np.array(side, np.uint8)
    groups = np.full(n_documents, -1, np.int64) if group is None else np.array(group, np.int64)
    twins = np.full(n_documents, -1, np.int64)
    return Sides(sides, groups, n_sides or (1 if side is None else int(sides.max(initial=0)) + 1), twins)


class Hit(NamedTuple):
    """Two anchors with one id: numbers in the whole collection, the earlier first."""

    earlier: int
    later: int


class Marked(NamedTuple):
    """Hits as the kernel writes them, with their marks and the pairs of documents chosen by lot."""

    hits: list[Hit]
    marks: list[int]
    drawn: list[tuple[int, int]]


def hits_of(index: candidates.AnchorIndex, batch: candidates.Batch, sides: Sides, **options: Any) -> list[Hit]:
    """Return the hits of a batch as the kernel writes them, keys taken apart; takes the options of `marked_hits_of`."""
    return marked_hits_of(index, batch, sides, **options).hits


def marked_hits_of(
    index: candidates.AnchorIndex,
    batch: candidates.Batch,
    sides: Sides,
    *,
    within: bool,
    min_hits: int = 1,
    token_bounds: Int64Array | None = None,
    links: candidates.Links = candidates.ALL_PLAIN,
) -> Marked:
    """Return the hits of a batch as the kernel writes them, keys taken apart, with all that it says of them."""
    from textreuse._kernels.anchors import fill_hits

    bounds, positions = index.anchors.bounds, index.anchors.positions
    if token_bounds is None:
        token_bounds = bounds  # each token has an anchor
    target_bits, query_bits = candidates._key_bits(token_bounds)
    keys = np.empty(batch.n_hits, np.uint64)
    n_documents = len(bounds) - 1
    drawn = np.empty(batch.n_hits, np.int64)
    n, n_all, _, _, n_drawn = fill_hits(
        batch.first, batch.last, bounds, positions, token_bounds, index.group_start, index.members,
        sides.side, sides.n_sides, sides.group, sides.twin, within, target_bits, query_bits, min_hits,
        links.kind, links.only_reprinted, np.empty(len(index.anchors) + 1, np.int64), np.empty_like(keys),
        np.zeros(n_documents, np.int32), np.zeros(n_documents, np.uint8), np.empty(n_documents + 1, np.int32),
        keys, drawn,
    )  # fmt: skip
    assert n <= n_all
    hits = []
    for key in (keys[:n] >> np.uint64(2)).tolist():
        document = batch.first + (key >> (target_bits + query_bits))
        places = [(key >> query_bits) % (1 << target_bits), int(token_bounds[document]) + key % (1 << query_bits)]
        hits.append(Hit(*np.searchsorted(positions, places).tolist()))
    pairs = [(pair // n_documents, pair % n_documents) for pair in drawn[:n_drawn].tolist()]
    return Marked(hits, (keys[:n] & np.uint64(3)).tolist(), pairs)


class Chained(NamedTuple):
    """Chains of a collection, with what they were made of."""

    chains: Chains
    tokens: Tokens
    rarity: Rarity


def chains_of(
    collection: Collection,
    *,
    k: int = 2,
    window: int = 1,
    gap: int = 24,
    least: int = 1,
    strong: int = 0,
    min_hits: int = 1,
    within: bool = False,
    distance: int = 1,
    batch_hits: int = MANY,
) -> Chained:
    """Return the chains of a collection, through all steps from its tokens on; with `strong` 0 none are joined."""
    tokens = tokens_of(collection)
    rarity = rarity_of(tokens)
    sides = sides_of(len(collection))
    anchors = window_minima(shingle(tokens, k, k), window)
    index = candidates.build_index(anchors, sides, max_partners=MANY, max_partners_document=MANY)
    seeding = seeding_of(
        len(collection),
        gap=gap,
        least=least,
        strong=strong,
        slack=k + window,
        min_hits=min_hits,
        within=within,
        distance=distance,
    )
    parts = [
        candidates.find_chains(index, batch, rarity, tokens.bounds, sides, seeding)[0]
        for batch in candidates.plan_batches(index, tokens.bounds, batch_hits)
    ]
    return Chained(concatenated(parts), tokens, rarity)


def seeding_of(
    n_documents: int,
    *,
    gap: int = 24,
    least: int = 1,
    strong: int = 0,
    slack: int = 0,
    min_hits: int = 1,
    within: bool = False,
    distance: int = 1,
) -> candidates.Seeding:
    """Return what chains must show, the same for all documents."""
    gaps, leasts, strongs = (np.full(n_documents, value, np.int32) for value in (gap, least, strong))
    return candidates.Seeding(
        min_hits=min_hits, gaps=gaps, least=leasts, strong=strongs, slack=slack, within=within,
        min_self_distance=distance,
    )  # fmt: skip


def thresholds_of(
    n_documents: int, *, score: int = 1, run: int = MANY, gap: int = 24, least: int = 1, mismatch_cost: float = 0.75
) -> align.Thresholds:
    """Return what passages must show, the same for all documents; by themselves nearly nothing."""
    gaps, leasts = (np.full(n_documents, value, np.int32) for value in (gap, least))
    return align.Thresholds(score=score, run=run, gaps=gaps, least=leasts, mismatch_cost=mismatch_cost)


def rows_of(chained: Chained, **thresholds: int) -> Int64Array:
    """Return the passages that grow from chains, one row each, not merged."""
    return align.find_extents(
        chained.chains,
        chained.rarity,
        weights_of(chained.tokens),
        chained.tokens.bounds,
        thresholds_of(chained.tokens.n_documents, **thresholds),
    )


def chain(documents: tuple[int, int], *runs: tuple[int, int, int]) -> Chains:
    """Return one chain of runs (x, y, length)."""
    x, y, length = (np.array(column, np.int32) for column in zip(*runs, strict=True))
    return Chains(x, y, length, np.array([0, len(runs)]), np.array([documents], np.int64))


def concatenated(parts: Sequence[Chains]) -> Chains:
    """Return the chains of all parts as one."""
    if not parts:
        empty = np.empty(0, np.int32)
        return Chains(empty, empty, empty, np.zeros(1, np.int64), np.empty((0, 2), np.int64))
    counts = np.concatenate([np.diff(part.bounds) for part in parts])
    return Chains(
        np.concatenate([part.x for part in parts]),
        np.concatenate([part.y for part in parts]),
        np.concatenate([part.length for part in parts]),
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        np.concatenate([part.documents for part in parts]),
    )


def extents_of(rows: Sequence[Sequence[int]], *, score: int = 1000, longest: int = 40) -> Extents:
    """Return extents from rows (a, b, a_start, a_stop, b_start, b_stop), in words, all matched."""
    table = np.array(rows, np.int64).reshape(-1, 6)
    words_a, words_b = 2 * (table[:, 3] - table[:, 2]), 2 * (table[:, 5] - table[:, 4])
    columns = dict(zip(("a", "b", "a_start", "a_stop", "b_start", "b_stop"), table.T.copy(), strict=True))
    columns |= {"score": np.full(len(table), score, np.int64), "longest": np.full(len(table), longest, np.int64)}
    columns |= {"matched": np.minimum(words_a, words_b), "words_a": words_a, "words_b": words_b}
    zeros = np.zeros(len(table), np.int64)  # whatever else there is
    return Extents(*(columns.get(name, zeros) for name in Extents.__slots__))
