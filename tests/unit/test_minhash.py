from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from datasketch import MinHash
from tests import naive

from textreuse.errors import OptionsError
from textreuse.minhash import permutations, signatures

IDS = np.random.Generator(np.random.PCG64(7)).integers(0, 2**64, 500, dtype=np.uint64)


def bounds(*stops: int) -> npt.NDArray[np.int64]:
    return np.array([0, *stops], dtype=np.int64)


def by_datasketch(ids: npt.NDArray[np.uint64], num_perm: int, seed: int) -> npt.NDArray[np.uint32]:
    sketch = MinHash(num_perm, seed=seed, scheme="affine32", hashfunc=lambda shingle_id: int(shingle_id) >> 32)
    sketch.update_batch(ids)
    row: npt.NDArray[np.uint32] = sketch.hashvalues
    return row


@pytest.mark.parametrize("seed", [0, 1, 42, 2**32 - 1])
@pytest.mark.parametrize("num_perm", [1, 16, 100, 128, 256])
def test_signature_is_that_of_datasketch_bit_for_bit(num_perm: int, seed: int) -> None:
    rows = signatures(IDS, bounds(3, 3, 120, 500), num_perm=num_perm, seed=seed)
    assert rows.dtype == np.uint32
    for document, (start, stop) in enumerate([(0, 3), (3, 3), (3, 120), (120, 500)]):
        expected = by_datasketch(IDS[start:stop], num_perm, seed)
        assert rows[document].dtype == expected.dtype
        assert rows[document].tobytes() == expected.tobytes()


@pytest.mark.parametrize("seed", [0, 1, 42, 2**32 - 1])
def test_permutations_are_those_of_datasketch(seed: int) -> None:
    a, b = permutations(77, seed)
    theirs = MinHash(77, seed=seed, scheme="affine32").permutations
    assert a.dtype == b.dtype == np.uint32
    assert np.array_equal(a, theirs[0])
    assert np.array_equal(b, theirs[1])
    assert bool((a & np.uint32(1)).all())


def test_signature_is_that_of_the_slow_twin() -> None:
    a, b = permutations(5, 3)
    pairs = list(zip(a.tolist(), b.tolist(), strict=True))
    rows = signatures(IDS, bounds(40, 500), num_perm=5, seed=3)
    assert rows.tolist() == [naive.signature(IDS[:40].tolist(), pairs), naive.signature(IDS[40:].tolist(), pairs)]


def test_documents_longer_than_a_block_have_the_signature_of_their_whole() -> None:
    from textreuse._kernels.minhash import BLOCK

    for length in (BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 5):
        ids = np.random.Generator(np.random.PCG64(length)).integers(0, 2**64, length, dtype=np.uint64)
        assert np.array_equal(signatures(ids, bounds(length), num_perm=8)[0], by_datasketch(ids, 8, 1))


def test_an_empty_document_has_the_empty_signature_of_datasketch() -> None:
    rows = signatures(IDS, bounds(0, 500, 500), num_perm=9)
    assert np.array_equal(rows[0], MinHash(9, scheme="affine32").hashvalues)
    assert np.array_equal(rows[2], rows[0])


def test_no_documents_give_no_rows() -> None:
    assert signatures(IDS[:0], bounds(), num_perm=9).shape == (0, 9)


def test_only_the_upper_half_of_an_id_counts() -> None:
    lower_half_changed = IDS ^ np.uint64(0xFFFFFFFF)
    assert np.array_equal(signatures(IDS, bounds(500)), signatures(lower_half_changed, bounds(500)))


def test_share_of_equal_columns_estimates_jaccard() -> None:
    # 300 of 500 ids are shared, so J is .6; with 4,096 permutations the standard error is sqrt(.6 * .4 / 4096) = .0077.
    a_then_b = np.concatenate([IDS[:400], IDS[100:]])
    rows = signatures(a_then_b, bounds(400, 800), num_perm=4096)
    assert abs(float(np.mean(rows[0] == rows[1])) - 0.6) < 4 * 0.0077


def test_inputs_are_left_as_they_are() -> None:
    ids, before = IDS.copy(), IDS.copy()
    signatures(ids, bounds(500))
    assert np.array_equal(ids, before)


def test_all_bad_options_are_reported_together() -> None:
    with pytest.raises(OptionsError, match=r"num_perm is 0\. .*\nseed is -1\. "):
        permutations(0, -1)
    with pytest.raises(OptionsError, match=r"seed is 4294967296"):
        signatures(IDS, bounds(500), seed=2**32)
