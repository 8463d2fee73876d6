from __future__ import annotations

import numpy as np
import pytest
from tests.build import MANY, Hit, anchors_of, chains_of, hits_of, rarity_of, seeding_of, sides_of, tokens_of

from textreuse.candidates import AnchorIndex, build_index, find_chains, plan_batches
from textreuse.errors import OptionsError
from textreuse.model import Sides


def index_of(
    ids: list[list[int]], sides: Sides | None = None, cap: int = MANY, cap_document: int = MANY
) -> AnchorIndex:
    return build_index(
        anchors_of(ids), sides or sides_of(len(ids)), max_partners=cap, max_partners_document=cap_document
    )


def all_hits(index: AnchorIndex, sides: Sides | None = None, within: bool = False, max_hits: int = MANY) -> list[Hit]:
    sides = sides or sides_of(len(index.hits))
    return [
        hit
        for batch in plan_batches(index, index.anchors.bounds, max_hits)
        for hit in hits_of(index, batch, sides, within=within)
    ]


def linked_documents(ids: list[list[int]], sides: Sides, cap: int, cap_document: int = MANY) -> set[int]:
    """The documents that have a hit with another."""
    index = index_of(ids, sides, cap, cap_document)
    return {int(index.document[anchor]) for hit in all_hits(index, sides) for anchor in hit}


def heads_of(index: AnchorIndex) -> list[int]:
    return [int(anchor) for anchor in index.order[index.is_head == 1]]


def test_equal_anchors_of_two_documents_are_a_hit() -> None:
    assert all_hits(index_of([[1, 2], [2, 3]])) == [Hit(1, 2)]


def test_an_anchor_that_occurs_once_is_in_no_group() -> None:
    index = index_of([[1, 2], [2, 3]])
    assert (index.group_start < 0).tolist() == [True, False, False, True]
    assert (index.n_groups, index.n_bounded, index.n_unlisted) == (3, 0, 0)


def test_one_document_meets_itself_only_when_asked() -> None:
    index = index_of([[5, 1, 5]])
    assert all_hits(index) == []
    assert all_hits(index, within=True) == [Hit(0, 2)]


def test_documents_of_one_side_are_not_compared() -> None:
    ids, sides = [[1], [1], [1]], sides_of(3, side=[0, 0, 1])
    assert all_hits(index_of(ids, sides), sides) == [Hit(0, 2), Hit(1, 2)]


def test_documents_of_one_group_are_not_compared_those_of_none_are() -> None:
    ids, sides = [[1], [1], [1], [1]], sides_of(4, group=[7, 7, -1, -1])
    assert all_hits(index_of(ids, sides), sides) == [Hit(0, 2), Hit(1, 2), Hit(0, 3), Hit(1, 3), Hit(2, 3)]


def test_heads_are_the_first_members() -> None:
    assert heads_of(index_of([[1]] * 5, cap=2)) == [0, 1]


def test_heads_stand_first_in_their_group_and_both_parts_ascend() -> None:
    index = index_of([[1, 1, 1], [1], [1]], cap=3, cap_document=1)
    assert index.order.tolist() == [0, 3, 4, 1, 2]
    assert index.is_head.tolist() == [1, 1, 1, 0, 0]


def test_each_side_has_heads() -> None:
    sides = sides_of(6, side=[0, 0, 0, 1, 1, 1])
    assert heads_of(index_of([[1]] * 6, sides, cap=1)) == [0, 3]


def test_one_group_provides_half_of_the_heads_at_most() -> None:
    sides = sides_of(6, group=[4, 4, 4, 4, 5, 5])
    assert heads_of(index_of([[1]] * 6, sides, cap=4)) == [0, 1, 4, 5]


def test_pairs_that_are_not_listed_are_counted() -> None:
    index = index_of([[1]] * 6, cap=2)
    # The four that are no heads make six pairs.
    assert (index.n_groups, index.n_bounded, index.n_unlisted) == (1, 1, 6)
    assert len(all_hits(index)) == 6 * 5 // 2 - 6


def test_a_stock_phrase_costs_its_occurrences_not_their_square() -> None:
    index = index_of([[1]] * 5000, cap=3)
    # Before the second head stands one member, before the third two; each of the others is paired with three.
    assert int(index.hits.sum()) == 0 + 1 + 2 + 3 * 4997


def test_every_occurrence_stays_linked_in_a_bounded_group() -> None:
    assert linked_documents([[1]] * 9, sides_of(9), cap=2) == set(range(9))


def test_every_query_stays_linked_to_a_library_that_comes_after_more_queries_than_heads() -> None:
    sides = sides_of(4, side=[0, 0, 0, 1])
    assert linked_documents([[1]] * 4, sides, cap=2) == {0, 1, 2, 3}


def test_every_document_of_a_large_group_stays_linked_to_another_group() -> None:
    sides = sides_of(4, group=[0, 0, 0, 1])
    assert linked_documents([[1]] * 4, sides, cap=2) == {0, 1, 2, 3}


def test_every_occurrence_in_one_document_stays_linked_to_a_later_document() -> None:
    index = index_of([[1, 1, 1], [1]], cap=4, cap_document=2)
    assert {hit.earlier for hit in all_hits(index)} == {0, 1, 2}


def test_batches_hold_at_most_so_many_hits_unless_one_document_has_more() -> None:
    index = index_of([[1]] * 6)  # hits 0 1 2 3 4 5
    assert [(batch.first, batch.last, batch.n_hits) for batch in plan_batches(index, index.anchors.bounds, 5)] == [
        (0, 3, 3), (3, 4, 3), (4, 5, 4), (5, 6, 5),
    ]  # fmt: skip
    assert [batch.n_hits for batch in plan_batches(index, index.anchors.bounds, 1)] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("ids", [[], [[]], [[1], [2]], [[1], [], [2]]])
def test_nothing_in_common_makes_no_batch(ids: list[list[int]]) -> None:
    index = index_of(ids)
    assert list(plan_batches(index, index.anchors.bounds, 10)) == []


def test_a_passage_once_in_one_document_and_thrice_in_the_other_makes_three_chains() -> None:
    passage = list(range(10, 20))
    other = [*passage, *range(100, 160), *passage, *range(200, 260), *passage]
    chains = chains_of([passage, other]).chains
    assert sorted(zip(chains.x.tolist(), chains.y.tolist(), chains.length.tolist(), strict=True)) == [
        (0, 0, 10), (0, 70, 10), (0, 140, 10),
    ]  # fmt: skip


def test_two_swapped_passages_make_two_chains() -> None:
    one, other = list(range(10, 20)), list(range(30, 40))
    assert len(chains_of([one + other, other + one]).chains) == 2


def test_runs_with_an_edit_between_make_one_chain() -> None:
    text = list(range(20))
    chains = chains_of([text, [*text[:9], 99, *text[10:]]]).chains
    assert (chains.x.tolist(), chains.y.tolist(), chains.length.tolist()) == ([0, 10], [0, 10], [9, 10])
    assert chains.bounds.tolist() == [0, 2]


def test_runs_farther_apart_than_the_gap_make_two_chains() -> None:
    one, other = list(range(10)), list(range(10, 20))
    far = [[*one, *range(100, 105), *other], [*one, *range(200, 205), *other]]
    assert [len(chains_of(far, gap=gap).chains) for gap in (4, 5)] == [2, 1]


def test_a_chain_covers_as_much_as_asked_for() -> None:
    text = list(range(6))
    assert [len(chains_of([text, text], least=least).chains) for least in (6, 7)] == [1, 0]


def test_two_occurrences_in_one_document_are_as_far_apart_as_asked_for() -> None:
    text = [1, 2, 3, 4, 5] * 2
    assert [len(chains_of([text], within=True, distance=distance).chains) for distance in (5, 6)] == [1, 0]


def test_long_pairs_outgrow_the_scratch() -> None:
    # 3,000 hits of one pair: more than the 1,024 that there is room for at first.
    text = list(range(3001))
    chains = chains_of([text, text]).chains
    assert (chains.x.tolist(), chains.y.tolist(), chains.length.tolist()) == ([0], [0], [3001])


def test_anchors_that_collide_but_differ_make_no_chain() -> None:
    tokens = tokens_of([[1, 2, 3], [4, 5, 6]])
    index = build_index(anchors_of([[9, 8, 7], [9, 8, 7]]), sides_of(2), max_partners=9, max_partners_document=9)
    (batch,) = plan_batches(index, index.anchors.bounds, 99)
    chains, _, counts = find_chains(index, batch, rarity_of(tokens), tokens.bounds, sides_of(2), seeding_of(2))
    assert (len(chains), counts.hits) == (0, 3)


def test_short_runs_in_another_order_make_one_chain_and_strong_ones_two() -> None:
    one, other = list(range(10, 16)), list(range(30, 36))
    swapped = [one + other, other + one]
    joined = chains_of(swapped, strong=7).chains
    assert (joined.bounds.tolist(), joined.x.tolist(), joined.y.tolist()) == ([0, 2], [0, 6], [6, 0])
    assert len(chains_of(swapped, strong=6).chains) == 2


def test_a_repetition_is_never_joined_to_what_it_repeats() -> None:
    passage = list(range(10, 16))
    assert len(chains_of([passage, passage + passage], strong=100).chains) == 2


def test_a_document_too_long_for_the_keys_is_an_error_that_says_what_to_do() -> None:
    # Not 2**62 tokens in earnest: bounds that claim so many are enough for the check.
    with pytest.raises(OptionsError, match="Split the longest document"):
        list(plan_batches(index_of([[1], [1]]), np.array([0, 1, 1 << 62], np.int64), 10))


def test_pairs_with_too_few_hits_are_counted_but_not_written() -> None:
    # 3 shares two anchors with 0 and with 2, and one with 1.
    index = index_of([[1, 2, 9], [1], [3, 2], [1, 2, 3]])
    (batch,) = plan_batches(index, index.anchors.bounds, 99)
    assert len(hits_of(index, batch, sides_of(4), within=False)) == 7
    found = hits_of(index, batch, sides_of(4), within=False, min_hits=2)
    assert sorted(found) == [(0, 6), (1, 7), (4, 8), (5, 7)]
