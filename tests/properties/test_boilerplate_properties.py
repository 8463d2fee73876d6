"""Shingles that stand in many documents, against slow twins."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.build import MANY, anchors_of, sides_of

from textreuse._kernels.boilerplate import mark_spans, mark_widespread
from textreuse.candidates import build_index

ids = st.lists(st.lists(st.integers(0, 5), max_size=8), max_size=7)


@given(ids, st.integers(2, 4), st.integers(1, 3), st.data())
def test_a_shingle_is_widespread_if_so_many_documents_hold_it(
    collection: list[list[int]], least: int, cap: int, data: st.DataObject
) -> None:
    unit = data.draw(st.lists(st.integers(0, 6), min_size=len(collection), max_size=len(collection)))
    index = build_index(
        anchors_of(collection), sides_of(len(collection)), max_partners=max(2, cap), max_partners_document=MANY
    )
    marked = np.zeros(len(index.anchors), np.uint8)
    mark_widespread(index.order, index.members, np.array(unit, np.int64), least, np.full(7, -1), marked)
    holders = {
        shingle: len({unit[n] for n, document in enumerate(collection) if shingle in document}) for shingle in range(6)
    }
    occurrences = [shingle for document in collection for shingle in document]
    expected = [holders[shingle] >= least for shingle in occurrences]
    assert marked.tolist() == [int(flag) for flag in expected]


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=6))
def test_tokens_within_spans_are_marked(spans: list[tuple[int, int]]) -> None:
    starts, stops = (np.array([span[side] for span in spans], np.int64) for side in (0, 1))
    marked = np.zeros(20, np.uint8)
    mark_spans(starts, stops, marked)
    assert marked.tolist() == [int(any(start <= i < stop for start, stop in spans)) for i in range(20)]
