from __future__ import annotations

import numpy as np
from tests.build import extents_of

from textreuse.families import Grouping, group_matches

Row = tuple[int, int, int, int, int, int]


def grouped(*rows: Row, n_documents: int = 10) -> Grouping:
    return group_matches(extents_of(rows), n_documents)


def family(*rows: Row) -> list[int]:
    return [int(number) for number in grouped(*rows).family]


def members(*rows: Row) -> list[list[int]]:
    """Document, start, stop, family of each member."""
    return [[int(value) for value in node] for node in grouped(*rows).nodes]


def test_passages_that_match_are_one_family() -> None:
    assert members((0, 1, 5, 25, 0, 20)) == [[0, 5, 25, 0], [1, 0, 20, 0]]


def test_matches_of_one_passage_are_one_family() -> None:
    rows: list[Row] = [(0, 1, 5, 25, 0, 20), (0, 2, 5, 25, 40, 60), (1, 2, 0, 20, 40, 60)]
    assert family(*rows) == [0, 0, 0]
    assert members(*rows) == [[0, 5, 25, 0], [1, 0, 20, 0], [2, 40, 60, 0]]


def test_passages_at_other_places_of_a_document_are_other_families() -> None:
    assert family((0, 1, 0, 20, 0, 20), (0, 1, 50, 70, 50, 70)) == [0, 1]


def test_passages_of_a_document_with_most_of_their_extent_in_common_are_one() -> None:
    # 0-20 and 2-22: 18 of 22 are common.
    assert family((0, 1, 0, 20, 0, 20), (0, 2, 2, 22, 0, 20)) == [0, 0]
    # 0-20 and 12-32: 8 of 32.
    assert family((0, 1, 0, 20, 0, 20), (0, 2, 12, 32, 0, 20)) == [0, 1]


def test_a_trimmed_copy_joins_the_family_of_the_whole() -> None:
    # Document 2 has only words 40 to 60 of what 0 and 1 share.
    rows: list[Row] = [(0, 1, 0, 100, 0, 100), (0, 2, 40, 60, 5, 25), (1, 2, 40, 60, 5, 25)]
    assert family(*rows) == [0, 0, 0]
    assert members(*rows) == [[0, 0, 100, 0], [1, 0, 100, 0], [2, 5, 25, 0]]


def test_two_families_that_share_a_stock_sentence_stay_two() -> None:
    # 0 and 1 share a passage, 2 and 3 another; both hold the same sentence of 15 words at 30.
    long: list[Row] = [(0, 1, 0, 100, 0, 100), (2, 3, 0, 80, 0, 80)]
    stock: list[Row] = [(a, b, 30, 45, 30, 45) for a in (0, 1) for b in (2, 3)]
    found = family(*long, *stock)
    assert found[0] != found[1]
    assert len(set(found[2:])) == 1
    assert found[2] not in found[:2]


def test_a_stock_sentence_by_itself_does_not_join_two_families() -> None:
    # Document 4 has nothing but the sentence.
    long: list[Row] = [(0, 1, 0, 100, 0, 100), (2, 3, 0, 80, 0, 80)]
    stock: list[Row] = [(a, 4, 30, 45, 0, 15) for a in range(4)]
    found = family(*long, *stock)
    assert found[0] != found[1]


def test_ever_shorter_copies_with_the_same_sentence_do_not_join_two_families() -> None:
    # Of two texts there are six copies each, every one three quarters as long as the one before, so that each is alike
    # enough to the next. The shortest has little but the sentence of 20 words that both texts share.
    lengths = [100, 75, 56, 42, 32, 24]
    rows: list[Row] = []
    for first in (0, 6):
        rows += [(first + a, first + b, 0, lengths[b], 0, lengths[b]) for b in range(6) for a in range(b)]
    rows += [(a, b, 0, 20, 0, 20) for a in range(6) for b in range(6, 12)]
    found = group_matches(extents_of(rows), 12).family.tolist()
    assert len(set(found[:15])) == len(set(found[15:30])) == len(set(found[30:])) == 1
    assert len(set(found)) == 3


def test_a_short_piece_joins_the_text_of_which_all_matches_of_its_length_are() -> None:
    # 0 and 1 share 100 words; 2 has 40 of them, 3 has 30 of these; 3 hardly agrees with 0 and 1.
    rows: list[Row] = [(0, 1, 0, 100, 0, 100), (0, 2, 30, 70, 0, 40), (1, 2, 30, 70, 0, 40), (2, 3, 5, 35, 0, 30)]
    assert family(*rows) == [0, 0, 0, 0]


def test_a_text_put_together_from_two_does_not_join_their_families() -> None:
    # 0, 1, 2 hold a text of 50 words, 3, 4, 5 another; 6 holds both, one after the other, and 7 is a copy of 6.
    first: list[Row] = [
        (a, b, 0, 50, 0, 50) for a, b in ((0, 1), (0, 2), (1, 2), (0, 6), (1, 6), (2, 6), (0, 7), (1, 7))
    ]
    second: list[Row] = [(a, b, 0, 50, 0, 50) for a, b in ((3, 4), (3, 5), (4, 5))]
    second += [(a, b, 0, 50, 50, 100) for a in (3, 4, 5) for b in (6, 7)]
    whole: list[Row] = [(6, 7, 0, 100, 0, 100)]
    found = family(*first, *second, *whole)
    assert len(set(found[: len(first)])) == len(set(found[len(first) : -1])) == 1
    assert found[0] != found[len(first)]
    assert [6, 0, 50, found[0]] in members(*first, *second, *whole)
    assert [6, 50, 100, found[len(first)]] in members(*first, *second, *whole)


def test_text_that_one_copy_adds_does_not_bring_its_family_along() -> None:
    # 0 to 7 share 100 words; 7 and its copy 8 hold 25 more, which stand in 9, 10 and 11 by themselves.
    story: list[Row] = [(a, b, 0, 100, 0, 100) for b in range(1, 9) for a in range(b) if (a, b) != (7, 8)]
    added: list[Row] = [(a, b, 0, 25, 0, 25) for a, b in ((9, 10), (9, 11), (10, 11))]
    added += [(a, b, 100, 125, 0, 25) for a in (7, 8) for b in (9, 10, 11)]
    found = group_matches(extents_of([*story, (7, 8, 0, 125, 0, 125), *added]), 12).family.tolist()
    assert len(set(found[: len(story) + 1])) == 1
    assert len(set(found[len(story) + 1 :])) == 1
    assert found[0] != found[-1]


def test_numbers_follow_the_order_of_matches() -> None:
    assert family((0, 1, 0, 20, 0, 20), (0, 1, 50, 90, 50, 90), (0, 2, 50, 90, 0, 40)) == [0, 1, 1]


def test_a_passage_that_stands_twice_in_one_document_is_a_family_of_two_members() -> None:
    assert members((0, 0, 0, 20, 50, 70)) == [[0, 0, 20, 0], [0, 50, 70, 0]]


def test_members_stand_in_order_of_family_document_and_place() -> None:
    nodes = members((3, 4, 0, 20, 0, 20), (1, 2, 0, 30, 0, 30), (1, 3, 0, 30, 50, 80))
    assert [row[3] for row in nodes] == [0, 0, 1, 1, 1]
    assert nodes[2:] == [[1, 0, 30, 1], [2, 0, 30, 1], [3, 50, 80, 1]]


def test_a_hundred_copies_are_one_family() -> None:
    rows: list[Row] = [(a, b, 0, 20, 0, 20) for b in range(100) for a in range(b)]
    found = group_matches(extents_of(rows), 100)
    assert set(found.family.tolist()) == {0}
    assert len(found.nodes) == 100


def test_no_matches_have_no_families() -> None:
    found = grouped()
    assert (found.family.shape, found.nodes.shape) == ((0,), (0, 4))


def test_matches_are_left_as_they_are() -> None:
    matches = extents_of([(0, 1, 0, 20, 0, 20), (1, 2, 0, 30, 0, 30)])
    before = matches.take(np.arange(2))
    group_matches(matches, 3)
    assert all(np.array_equal(getattr(matches, name), getattr(before, name)) for name in matches.__slots__)
