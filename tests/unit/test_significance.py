from __future__ import annotations

import numpy as np
import pytest
from tests.build import sides_of

from textreuse.significance import DECAY, FACTOR, UNIT, expected_by_chance, least_score, search_space

BOUNDS = np.array([0, 10, 30, 60])  # documents of 10, 20 and 30 tokens


def space(*, within: bool = False, side: list[int] | None = None, group: list[int] | None = None) -> float:
    return search_space(BOUNDS, sides_of(3, side, group), within=within)


def test_every_token_is_compared_with_those_of_other_documents() -> None:
    assert space() == 10 * 20 + 10 * 30 + 20 * 30


def test_against_compares_across_only() -> None:
    assert space(side=[0, 0, 1]) == 10 * 30 + 20 * 30


def test_documents_of_one_group_are_not_compared() -> None:
    assert space(group=[5, -1, 5]) == 10 * 20 + 20 * 30
    assert space(group=[-1, -1, -1]) == space()


def test_within_adds_the_pairs_inside_each_document() -> None:
    assert space(within=True) == space() + (10**2 + 20**2 + 30**2) / 2


@pytest.mark.parametrize("bounds", [[0], [0, 0], [0, 0, 0], [0, 1]])
def test_a_search_space_is_at_least_one(bounds: list[int]) -> None:
    assert search_space(np.array(bounds), sides_of(len(bounds) - 1), within=False) == 1.0


def test_expected_falls_with_the_score_and_grows_with_the_space() -> None:
    scores = np.arange(0, 100 * UNIT, UNIT)
    expected = expected_by_chance(scores, 1e6)
    assert (np.diff(expected) < 0).all()
    assert np.allclose(expected_by_chance(scores, 2e6), 2 * expected)
    assert expected[0] == FACTOR * 1e6
    # 1 / DECAY bits halve it.
    assert np.isclose(expected_by_chance(np.array([round(UNIT / DECAY)]), 1e6)[0], expected[0] / 2, rtol=0.01)


def test_expected_of_the_highest_scores_is_a_number() -> None:
    assert expected_by_chance(np.array([2**40]), 1e12).tolist() == [0.0]


@pytest.mark.parametrize("expected", [1e-9, 0.01, 1.0, 30.0])
@pytest.mark.parametrize("size", [1e4, 1e12])
def test_the_least_score_is_the_lowest_that_chance_gives_at_most_so_often(expected: float, size: float) -> None:
    score = least_score(expected, size)
    at, below = expected_by_chance(np.array([score, score - 1]), size).tolist()
    assert at <= expected < below


def test_where_any_number_is_good_no_score_is_too_low_and_where_none_is_all_are() -> None:
    assert least_score(float("inf"), 1e6) == 0
    assert least_score(1e9, 10.0) == 0
    assert least_score(0.0, 1e6) == np.iinfo(np.int64).max
