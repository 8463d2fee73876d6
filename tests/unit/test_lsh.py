from __future__ import annotations

from tests.build import anchors_of, shingles_of, tokens_of

from textreuse.lsh import window_minima
from textreuse.shingle import shingle


def positions(ids: list[int], window: int) -> list[int]:
    return [int(place) for place in window_minima(shingles_of([ids]), window).positions]


def test_the_minimum_of_each_window_is_kept() -> None:
    # Windows 5 3 4, 3 4 1, 4 1 6, 1 6 7: 3 and 1 are minima.
    assert positions([5, 3, 4, 1, 6, 7], 3) == [1, 3]


def test_of_equal_minima_the_rightmost_is_kept() -> None:
    assert positions([2, 2, 2], 3) == [2]
    assert positions([2, 2, 2, 2], 3) == [2, 3]


def test_a_window_of_one_keeps_every_shingle() -> None:
    assert positions([5, 3, 4, 1, 6, 7], 1) == [0, 1, 2, 3, 4, 5]


def test_a_document_of_fewer_shingles_than_a_window_keeps_its_minimum() -> None:
    assert positions([7, 3, 9], 10) == [1]


def test_windows_do_not_reach_into_the_next_document() -> None:
    anchors = window_minima(shingles_of([[1, 2, 3], [], [9, 8], []]), 4)
    assert anchors.positions.tolist() == [0, 4]
    assert anchors.ids.tolist() == [1, 8]
    assert anchors.bounds.tolist() == [0, 1, 1, 2, 2]


def test_tokens_at_which_no_shingle_starts_are_no_anchors() -> None:
    anchors = window_minima(shingle(tokens_of([[1, 2, 3, 4], [5]]), 3, 6), 1)
    assert anchors.positions.tolist() == [0, 1, 4]
    assert anchors.bounds.tolist() == [0, 2, 3]


def test_no_documents_have_no_anchors() -> None:
    anchors = window_minima(shingles_of([]), 3)
    assert len(anchors) == 0
    assert anchors.bounds.tolist() == anchors_of([]).bounds.tolist() == [0]
