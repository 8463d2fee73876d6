from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tests.build import extents_of, tokens_of, weights_of

from textreuse.passages import Limits, keep_matches, mask_excluded, offsets, widen_over_punctuation


def limits(half_words: list[int], *, run: int = 1000, score: int = 0) -> Limits:
    least = np.array(half_words, np.int32)
    return Limits(least_weight=least, full_weight=least, run=run, score=score, convincing_score=score)


def test_a_match_must_be_long_enough_and_score_enough() -> None:
    # Ten words a side: 20 half words.
    found = extents_of([(0, 1, 0, 10, 0, 10)], score=500)
    assert keep_matches(found, limits([20, 20], score=500)).tolist() == [True]
    assert keep_matches(found, limits([21, 21], score=500)).tolist() == [False]
    assert keep_matches(found, limits([20, 20], score=501)).tolist() == [False]


def test_an_exact_run_as_long_as_asked_for_is_enough() -> None:
    found = extents_of([(0, 1, 0, 10, 0, 10)], score=0, longest=20)
    assert keep_matches(found, limits([999, 999], run=20, score=999)).tolist() == [True]
    assert keep_matches(found, limits([999, 999], run=21, score=999)).tolist() == [False]


def test_the_longer_side_is_held_against_the_lower_limit() -> None:
    found = extents_of([(0, 1, 0, 8, 0, 10)])
    assert keep_matches(found, limits([20, 99])).tolist() == [True]
    assert keep_matches(found, limits([99, 20])).tolist() == [True]
    assert keep_matches(found, limits([99, 21])).tolist() == [False]


# Document 0 is excluded; it shares ten words with document 1, which has twenty.
EXCLUDED = (0, 1, 0, 10, 5, 15)
TEXTS = [list(range(10)), list(range(20)), list(range(20))]


def interesting(*rows: tuple[int, int, int, int, int, int], n_excluded: int = 1, least: int = 10) -> list[bool]:
    mask = mask_excluded(
        extents_of(rows), n_excluded, limits([least] * 3), tokens_of(TEXTS), weights_of(tokens_of(TEXTS))
    )
    return [bool(of_interest) for of_interest in mask]


def test_a_match_with_an_excluded_text_is_of_no_interest() -> None:
    assert interesting(EXCLUDED) == [False]


def test_a_match_inside_what_is_excluded_is_of_no_interest() -> None:
    assert interesting(EXCLUDED, (1, 2, 6, 14, 0, 8)) == [False, False]


def test_a_match_that_reaches_far_enough_beyond_what_is_excluded_is_of_interest() -> None:
    # Words 0 to 10, of which 5 to 10 are excluded: five words, ten half words, are left.
    assert interesting(EXCLUDED, (1, 2, 0, 10, 0, 10)) == [False, True]
    assert interesting(EXCLUDED, (1, 2, 0, 10, 0, 10), least=11) == [False, False]


def test_either_side_may_be_what_is_excluded() -> None:
    other_side = (0, 2, 0, 10, 0, 10)
    assert interesting(other_side, (1, 2, 0, 10, 0, 10)) == [False, False]


def test_without_excluded_texts_every_match_is_of_interest() -> None:
    assert interesting((0, 1, 0, 10, 0, 10), (1, 2, 0, 10, 0, 10), n_excluded=0) == [True, True]


def test_characters_of_spaceless_scripts_count_half() -> None:
    tokens = tokens_of([[1], [-1] * 20, [-1] * 20])
    found = extents_of([(1, 2, 0, 20, 0, 20)])
    assert mask_excluded(found, 1, limits([20] * 3), tokens, weights_of(tokens)).tolist() == [True]
    assert mask_excluded(found, 1, limits([21] * 3), tokens, weights_of(tokens)).tolist() == [False]


def test_offsets_are_those_of_the_first_and_the_last_token() -> None:
    # Token i of a document stands from 2 i to 2 i + 1.
    starts, stops = offsets(tokens_of(TEXTS), np.array([0, 2]), np.array([0, 3]), np.array([10, 5]))
    assert (starts, stops) == ([0, 6], [19, 9])


def test_no_rows_have_no_offsets() -> None:
    none = np.empty(0, np.int64)
    assert offsets(tokens_of(TEXTS), none, none, none) == ([], [])


@pytest.mark.parametrize(
    ("a", "b", "inner", "expected"),
    [
        ("x", "x", "x", "x"),
        ("x.", "x.", "x", "x."),
        ("(x)", "(x)", "x", "(x)"),
        ("“x.”", "“x.”", "x", "“x.”"),
        ("x!", "x?", "x", "x"),
        ("x.)", "x.]", "x", "x."),
        ("x .", "x .", "x", "x"),
        ("x。", "x。", "x", "x。"),
        ("1+", "1+", "1", "1"),  # a plus sign is a symbol, no punctuation
    ],
)
def test_passages_widen_over_adjacent_punctuation_that_both_have(a: str, b: str, inner: str, expected: str) -> None:
    at_a, at_b = a.index(inner), b.index(inner)
    a_start, a_stop, b_start, b_stop = widen_over_punctuation(a, at_a, at_a + len(inner), b, at_b, at_b + len(inner))
    assert a[a_start:a_stop] == b[b_start:b_stop] == expected


def test_widening_stops_at_the_ends_of_the_shorter_text() -> None:
    assert widen_over_punctuation("..x..", 2, 3, ".x.", 1, 2) == (1, 4, 0, 3)


def test_rows_are_taken_by_number_or_by_mask() -> None:
    found = extents_of([(0, 1, 0, 10, 0, 10), (0, 2, 5, 9, 5, 9)])
    for index in (np.array([1]), np.array([False, True])):
        taken = found.take(index)
        assert {name: getattr(taken, name).tolist() for name in found.__slots__} == {
            field.name: [getattr(found, field.name).tolist()[1]] for field in dataclasses.fields(found)
        }
