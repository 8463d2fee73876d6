from __future__ import annotations

from random import Random

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st
from tests import naive

from textreuse._kernels.minhash import fill_signatures
from textreuse.minhash import permutations, signatures

# Few different ids, so that documents share some, repeat some, and differ in the lower half only.
shingle_ids = st.builds(
    lambda upper, lower: upper << 32 | lower, st.integers(0, 3) | st.integers(0, 2**32 - 1), st.integers(0, 3)
)
documents = st.lists(shingle_ids, max_size=8)
seeds = st.integers(0, 2**32 - 1)


def rows_of(collection: list[list[int]], num_perm: int = 6, seed: int = 1) -> npt.NDArray[np.uint32]:
    flat = np.array([shingle for document in collection for shingle in document], dtype=np.uint64)
    bounds = np.cumsum([0, *map(len, collection)], dtype=np.int64)
    return signatures(flat, bounds, num_perm=num_perm, seed=seed)


@given(st.lists(documents, max_size=4), st.integers(1, 9), seeds)
def test_kernel_agrees_with_its_slow_twin(collection: list[list[int]], num_perm: int, seed: int) -> None:
    a, b = permutations(num_perm, seed)
    pairs = list(zip(a.tolist(), b.tolist(), strict=True))
    assert rows_of(collection, num_perm, seed).tolist() == [naive.signature(document, pairs) for document in collection]


@given(documents, st.randoms(use_true_random=False))
def test_order_and_repetition_of_shingles_do_not_matter(document: list[int], random: Random) -> None:
    shuffled = [*document, *document[:3]]
    random.shuffle(shuffled)
    rows = rows_of([document, shuffled])
    assert np.array_equal(rows[0], rows[1])


@given(documents, documents)
def test_signature_of_a_union_is_the_elementwise_minimum(one: list[int], other: list[int]) -> None:
    rows = rows_of([one, other, one + other])
    assert np.array_equal(rows[2], np.minimum(rows[0], rows[1]))


@given(st.lists(documents, max_size=5), st.integers(0, 5))
def test_batches_do_not_matter(collection: list[list[int]], cut: int) -> None:
    whole = rows_of(collection)
    assert np.array_equal(np.concatenate([rows_of(collection[:cut]), rows_of(collection[cut:])]), whole)


@given(st.lists(documents, max_size=5).flatmap(lambda c: st.tuples(st.just(c), st.permutations(range(len(c))))))
def test_signature_does_not_depend_on_document_order(case: tuple[list[list[int]], list[int]]) -> None:
    collection, order = case
    assert np.array_equal(rows_of([collection[i] for i in order]), rows_of(collection)[order])


@given(documents, st.integers(1, 12))
def test_size_of_the_scratch_does_not_matter(document: list[int], block: int) -> None:
    a, b = permutations(6)
    rows = np.full((1, 6), 2**32 - 1, dtype=np.uint32)
    ids = np.array(document, dtype=np.uint64)
    fill_signatures(ids, np.array([0, len(ids)], dtype=np.int64), a, b, np.empty(block, dtype=np.uint32), rows)
    assert np.array_equal(rows, rows_of([document]))
