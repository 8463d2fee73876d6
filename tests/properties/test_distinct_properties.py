from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from textreuse._kernels.distinct import fill_distinct

# Ids that collide in a small table, zero among them; a place in seven holds no shingle.
places = st.tuples(
    st.sampled_from([0, 1, 2, 4, 8, 1 << 33, 3 << 32, 2**64 - 1]), st.sampled_from([5, 5, 5, 1, 1, 1, 0])
)


@given(st.lists(st.lists(places, max_size=9), max_size=5))
def test_kernel_keeps_the_first_of_equal_ids(collection: list[list[tuple[int, int]]]) -> None:
    flat = [place for document in collection for place in document]
    ids, lengths = np.array([id_ for id_, _ in flat], np.uint64), np.array([length for _, length in flat], np.uint8)
    bounds = np.cumsum([0, *map(len, collection)], dtype=np.int64)
    table = np.zeros(32, np.uint64)  # at least twice as many as 9
    distinct, distinct_bounds = np.empty(len(ids), np.uint64), np.empty(len(bounds), np.int64)
    n = fill_distinct(ids, lengths, bounds, table, distinct, distinct_bounds)
    expected = [list(dict.fromkeys(id_ for id_, length in document if length)) for document in collection]
    assert distinct[:n].tolist() == [id_ for document in expected for id_ in document]
    assert distinct_bounds.tolist() == np.cumsum([0, *map(len, expected)]).tolist()
    assert not table.any()
