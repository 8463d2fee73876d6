from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from tests import naive
from tests.build import MANY, Chained, chains_of

from textreuse.model import Chains

Run = tuple[int, int, int]
documents = st.lists(st.integers(0, 3), max_size=16)
collections = st.lists(documents, min_size=2, max_size=3)
shingle_lengths = st.integers(1, 3)
windows = st.integers(1, 4)
gaps = st.integers(1, 12)
strengths = st.integers(0, 10)


def each_chain(chains: Chains) -> Iterator[tuple[int, int, list[Run]]]:
    runs = list(zip(chains.x.tolist(), chains.y.tolist(), chains.length.tolist(), strict=True))
    for (start, stop), (x, y) in zip(pairwise(chains.bounds.tolist()), chains.documents.tolist(), strict=True):
        yield x, y, runs[start:stop]


def ends(chains: Chains) -> set[tuple[int, int, int, int]]:
    """Where runs end: a run that overlaps the one before it is cut at its start."""
    return {(a, b, x + n, y + n) for a, b, runs in each_chain(chains) for x, y, n in runs}


@given(collections, shingle_lengths, windows, gaps, strengths)
def test_every_run_is_a_maximal_common_run_or_the_end_of_one(
    collection: list[list[int]], k: int, window: int, gap: int, strong: int
) -> None:
    for a, b, runs in each_chain(chains_of(collection, k=k, window=window, gap=gap, strong=strong).chains):
        maximal = {(x + n, y + n): n for x, y, n in naive.common_runs(collection[a], collection[b])}
        for x, y, n in runs:
            assert 0 < n <= maximal[x + n, y + n]


@given(collections, shingle_lengths, windows, gaps)
def test_runs_of_a_chain_ascend_in_both_documents_without_overlap_and_within_the_gap(
    collection: list[list[int]], k: int, window: int, gap: int
) -> None:
    for _, _, runs in each_chain(chains_of(collection, k=k, window=window, gap=gap).chains):
        for (x, y, n), (next_x, next_y, _) in pairwise(runs):
            assert 0 <= next_x - (x + n) <= gap
            assert 0 <= next_y - (y + n) <= gap


@given(collections, shingle_lengths, windows, gaps)
def test_joined_chains_ascend_in_the_earlier_document_and_overlap_in_neither(
    collection: list[list[int]], k: int, window: int, gap: int
) -> None:
    for _, _, runs in each_chain(chains_of(collection, k=k, window=window, gap=gap, strong=MANY).chains):
        for side in (0, 1):
            in_order = sorted((run[side], run[side] + run[2]) for run in runs)
            assert all(stop <= start for (_, stop), (start, _) in pairwise(in_order))
        assert [x for x, _, _ in runs] == sorted(x for x, _, _ in runs)


@given(collections, shingle_lengths, st.integers(1, 8), strengths)
def test_chains_cover_as_much_as_asked_for(collection: list[list[int]], k: int, least: int, strong: int) -> None:
    for _, _, runs in each_chain(chains_of(collection, k=k, least=least, strong=strong).chains):
        assert sum(n for _, _, n in runs) >= least


@given(collections, shingle_lengths, windows)
def test_every_common_run_that_must_hold_an_anchor_is_in_a_chain(
    collection: list[list[int]], k: int, window: int
) -> None:
    found = ends(chains_of(collection, k=k, window=window).chains)
    for b in range(len(collection)):
        for a in range(b):
            for x, y, n in naive.common_runs(collection[a], collection[b]):
                if n >= window + k - 1:
                    assert (a, b, x + n, y + n) in found


@given(documents, documents, shingle_lengths, windows, gaps)
def test_the_same_runs_are_found_with_two_documents_swapped(
    one: list[int], other: list[int], k: int, window: int, gap: int
) -> None:
    # Which of them make one chain may differ: ties are broken by the place in the earlier document.
    forth = ends(chains_of([one, other], k=k, window=window, gap=gap).chains)
    back = ends(chains_of([other, one], k=k, window=window, gap=gap).chains)
    assert forth == {(a, b, x, y) for a, b, y, x in back}


@given(collections, shingle_lengths, gaps, strengths, st.integers(1, 30))
def test_chains_do_not_depend_on_the_size_of_batches(
    collection: list[list[int]], k: int, gap: int, strong: int, batch_hits: int
) -> None:
    def table(chained: Chained) -> list[tuple[int, int, list[Run]]]:
        return list(each_chain(chained.chains))

    batched = chains_of(collection, k=k, gap=gap, strong=strong, batch_hits=batch_hits)
    assert table(batched) == table(chains_of(collection, k=k, gap=gap, strong=strong))


@given(collections, documents, shingle_lengths)
def test_other_documents_do_not_matter(collection: list[list[int]], more: list[int], k: int) -> None:
    # As to runs; which of them make one chain depends on rarity, which depends on the whole collection.
    alone = ends(chains_of(collection, k=k).chains)
    assert alone == {end for end in ends(chains_of([*collection, more], k=k).chains) if end[1] < len(collection)}


@given(documents, shingle_lengths, st.integers(1, 6), st.booleans())
def test_within_one_document_occurrences_are_as_far_apart_as_asked_for(
    document: list[int], k: int, distance: int, doubled: bool
) -> None:
    document = document * 2 if doubled else document
    for _, _, runs in each_chain(chains_of([document], k=k, within=True, distance=distance).chains):
        for x, y, n in runs:
            assert y - x >= distance
            assert document[x : x + n] == document[y : y + n]


@given(collections, st.integers(1, 4))
def test_pairs_with_too_few_hits_have_no_chain(collection: list[list[int]], min_hits: int) -> None:
    for a, b, _ in each_chain(chains_of(collection, k=1, min_hits=min_hits).chains):
        assert sum(x == y for x in collection[a] for y in collection[b]) >= min_hits


@given(st.lists(st.integers(0, 1), min_size=30, max_size=60), st.lists(st.integers(0, 1), min_size=30, max_size=60))
def test_many_hits_on_many_diagonals_make_the_same_runs(one: list[int], other: list[int]) -> None:
    # More hits than are sorted by insertion, and more runs than are looked back at.
    expected = {(0, 1, x + n, y + n) for x, y, n in naive.common_runs(one, other) if n >= 2}
    assert ends(chains_of([one, other], k=2).chains) == expected
