from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tests import naive
from tests.build import Chained, chain, chains_of, rarity_of, rows_of, tokens_of, weights_of

from textreuse.align import edit_script, measure, merge_overlapping, part_within
from textreuse.model import Int64Array
from textreuse.rarity import damp

COLUMNS = ["document x", "document y", "x start", "x stop", "y start", "y stop", "score", "longest"]
EVEN = 10 * 256  # ten bits a word, in 1/256 bit


def other(start: int, n: int) -> list[int]:
    """Return words that stand nowhere else."""
    return list(range(1000 * start, 1000 * start + n))


def evenly(chained: Chained, bits: int = EVEN) -> Chained:
    """The same chains with all words equally rare."""
    even = np.full(len(chained.rarity.bits), bits, np.int32)
    damped = damp(chained.rarity.numbers, even, chained.tokens.bounds)
    return chained._replace(rarity=dataclasses.replace(chained.rarity, bits=even, damped=damped))


def extents(one: list[int], two: list[int], **options: int) -> list[list[int]]:
    """x start, x stop, y start, y stop of each passage."""
    return [row[2:6] for row in merge_overlapping(rows_of(evenly(chains_of([one, two])), **options)).tolist()]


def row(*values: int) -> Int64Array:
    return np.array([values], np.int64)


def test_identical_texts_match_from_end_to_end() -> None:
    text = list(range(50))
    (found,) = rows_of(evenly(chains_of([text, text]))).tolist()
    # 50 words of ten bits; a word is two half words.
    assert dict(zip(COLUMNS, found, strict=True)) == {
        "document x": 0, "document y": 1, "x start": 0, "x stop": 50, "y start": 0, "y stop": 50,
        "score": 50 * EVEN, "longest": 100,
    }  # fmt: skip


def test_a_verbatim_passage_has_sharp_edges() -> None:
    passage = list(range(30))
    assert extents([*other(1, 20), *passage, *other(2, 20)], [*other(3, 7), *passage, *other(4, 9)]) == [
        [20, 50, 7, 37]
    ]


def test_a_replaced_word_does_not_part_a_passage() -> None:
    passage = list(range(30))
    edited = [*passage[:15], 999, *passage[16:]]
    assert extents(passage, edited) == [[0, 30, 0, 30]]


def test_an_omission_does_not_part_a_passage() -> None:
    passage = list(range(30))
    assert extents(passage, passage[:15] + passage[20:]) == [[0, 30, 0, 25]]


def test_a_passage_grows_over_words_that_agree_in_order() -> None:
    # After the run of 20 every third word is replaced: no shingle of three in common, but words in order.
    passage, tail = list(range(20)), list(range(50, 59))
    edited = [word if i % 3 else 900 + i for i, word in enumerate(tail)]
    texts = [[*passage, *tail, *other(1, 20)], [*passage, *edited, *other(2, 20)]]
    (found,) = rows_of(evenly(chains_of(texts, k=3))).tolist()
    assert found[2:6] == [0, 29, 0, 29]


def test_words_frequent_around_the_passage_count_less() -> None:
    # Each of four words stands sixteen times on both sides, so a quarter (1 / sqrt(16)) of its rarity is left.
    text = [0, 1, 2, 3] * 16
    rows = rows_of(evenly(chains_of([text, text]))).tolist()
    assert [0, 64, 0, 64, 64 * EVEN // 4] in [row[2:7] for row in rows]


def test_less_than_the_least_score_is_left_out_unless_a_run_is_long_enough() -> None:
    text = list(range(20))
    assert len(extents(text, text, score=20 * EVEN)) == 1
    assert len(extents(text, text, score=20 * EVEN + 1)) == 0
    assert len(extents(text, text, score=20 * EVEN + 1, run=40)) == 1
    assert len(extents(text, text, score=20 * EVEN + 1, run=41)) == 0


@pytest.mark.slow  # in plain Python
def test_a_chain_of_segments_that_do_not_hold_together_gives_them_all() -> None:
    # 300 segments of 12 tokens, each after one of 5, with 80 of ten and eight bits between: too much to bridge.
    n = 300
    one: list[int] = []
    two: list[int] = []
    runs = []
    for i in range(n):
        for j, length in enumerate((5, 12)):
            runs.append((len(one), len(two), length))
            run = other(10_000 + 2 * i + j, length)
            one += [*run, *other(20_000 + 2 * i + j, 80)]
            two += [*run, *other(30_000 + 2 * i + j, 80)]
    chained = evenly(chains_of([one, two]), 18 * 256)._replace(chains=chain((0, 1), *runs))
    rows = rows_of(chained, least=5, score=12 * 18 * 256)
    assert sorted(rows[:, 2].tolist()) == [x for x, _, length in runs if length == 12]


def test_rows_that_overlap_on_both_sides_become_one() -> None:
    rows = np.array([[0, 1, 0, 10, 0, 10, 5, 8], [0, 1, 5, 15, 5, 15, 7, 6]], np.int64)
    assert merge_overlapping(rows).tolist() == [[0, 1, 0, 15, 0, 15, 12, 8]]


def test_a_weaker_row_inside_another_adds_nothing() -> None:
    rows = np.array([[0, 1, 2, 4, 2, 4, 4, 4], [0, 1, 0, 10, 0, 10, 5, 8]], np.int64)
    assert merge_overlapping(rows).tolist() == [[0, 1, 0, 10, 0, 10, 5, 8]]
    assert merge_overlapping(rows[::-1]).tolist() == [[0, 1, 0, 10, 0, 10, 5, 8]]


def test_rows_that_overlap_on_one_side_or_touch_stay_apart() -> None:
    rows = np.array(
        [
            [0, 1, 0, 10, 0, 10, 5, 8],
            [0, 1, 0, 10, 20, 30, 5, 8],
            [0, 1, 10, 20, 10, 20, 5, 8],
            [0, 2, 0, 9, 0, 9, 5, 8],
        ],
        np.int64,
    )
    assert merge_overlapping(rows).tolist() == rows.tolist()


def test_merging_leaves_its_input_as_it_is() -> None:
    rows = np.array([[0, 1, 0, 10, 0, 10, 5, 8], [0, 1, 5, 15, 5, 15, 7, 6]], np.int64)
    before = rows.copy()
    merge_overlapping(rows)
    assert np.array_equal(rows, before)


def test_passages_of_one_document_are_cut_in_the_middle_of_what_they_share() -> None:
    assert part_within(row(3, 3, 0, 10, 6, 16, 5, 8)).tolist() == [[3, 3, 0, 8, 8, 16, 5, 8]]
    assert part_within(row(3, 3, 0, 10, 10, 16, 5, 8)).tolist() == [[3, 3, 0, 10, 10, 16, 5, 8]]
    assert part_within(row(3, 4, 0, 10, 6, 16, 5, 8)).tolist() == [[3, 4, 0, 10, 6, 16, 5, 8]]


def test_measuring_counts_half_words_and_what_they_say() -> None:
    # Two words and two characters against the same with one word replaced.
    tokens = tokens_of([[1, 2, -1, -2], [1, 9, -1, -2]])
    # All words are equally rare; the last character, word 3, says one bit after the one before it, word 2.
    rarity = dataclasses.replace(
        rarity_of(tokens),
        bits=np.full(5, EVEN, np.int32),
        pair_starts=np.array([0, 0, 0, 1, 1, 1]),
        seconds=np.array([3], np.uint32),
        pair_bits=np.array([256], np.int32),
    )
    found = measure(row(0, 1, 0, 4, 0, 4, 5, 8), rarity, weights_of(tokens), tokens.bounds)
    assert (found.matched.tolist(), found.words_a.tolist(), found.words_b.tolist()) == ([4], [6], [6])
    assert (found.a_stop.tolist(), found.longest.tolist()) == ([4], [8])
    # The second stretch starts 2 tokens on, on both sides: log2(2 * 2) + 2 bits say so.
    assert found.score.tolist() == [EVEN + (EVEN - 4 * 256) + 256]


def test_nothing_to_measure_gives_nothing() -> None:
    tokens = tokens_of([[1], [1]])
    rarity = chains_of([[1], [1]]).rarity
    assert len(measure(np.empty((0, 8), np.int64), rarity, weights_of(tokens), tokens.bounds)) == 0


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ([], [], []),
        ([1], [1], [("equal", 0, 1, 0, 1)]),
        ([1], [2], [("replace", 0, 1, 0, 1)]),
        ([1], [], [("delete", 0, 1, 0, 0)]),
        ([], [1], [("insert", 0, 0, 0, 1)]),
        # Tokens stand at even offsets: token i from 2 i to 2 i + 1; an empty side is after the token before.
        ([1, 2, 3], [1, 3], [("equal", 0, 1, 0, 1), ("delete", 2, 3, 1, 1), ("equal", 4, 5, 2, 3)]),
        ([1, 3], [1, 2, 3], [("equal", 0, 1, 0, 1), ("insert", 1, 1, 2, 3), ("equal", 2, 3, 4, 5)]),
        ([1, 2, 3], [1, 4, 5, 3], [("equal", 0, 1, 0, 1), ("replace", 2, 3, 2, 5), ("equal", 4, 5, 6, 7)]),
    ],
)
def test_an_edit_script_says_what_was_changed(
    one: list[int], two: list[int], expected: list[tuple[str, int, int, int, int]]
) -> None:
    assert list(edit_script(tokens_of([one, two]), 0, 0)) == expected


def test_offsets_of_the_passages_are_added() -> None:
    (edit,) = edit_script(tokens_of([[1], [2]]), 100, 200)
    assert edit == ("replace", 100, 101, 200, 201)


@pytest.mark.slow
def test_texts_that_differ_all_over_are_aligned_in_linear_time() -> None:
    # Beyond 2 * 2048 edits the script is cut, so it keeps fewer than the most; what it keeps is in order and equal.
    from textreuse._kernels.edit_script import MOST_EDITS, fill_partners

    rng = np.random.Generator(np.random.PCG64(3))
    n = MOST_EDITS + 1200
    x, y = (rng.integers(0, 50_000, n).astype(np.uint32) for _ in range(2))
    y[::10] = x[::10]
    partner = np.empty(n, np.int64)
    fill_partners(x, y, partner)
    kept = np.flatnonzero(partner >= 0)
    assert np.array_equal(x[kept], y[partner[kept]])
    assert (np.diff(partner[kept]) > 0).all()
    assert len(kept) >= n // 10 // 2


def test_a_long_script_of_a_small_alphabet_is_the_longest() -> None:
    from textreuse._kernels.edit_script import fill_partners

    rng = np.random.Generator(np.random.PCG64(4))
    x, y = (rng.integers(0, 3, n).astype(np.uint32) for n in (300, 270))
    partner = np.empty(len(x), np.int64)
    fill_partners(x, y, partner)
    assert int((partner >= 0).sum()) == naive.longest_common_subsequence(x.tolist(), y.tolist())
