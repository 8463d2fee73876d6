from __future__ import annotations

import numpy as np
import pytest
from tests import naive
from tests.build import tokens_of

from textreuse.shingle import shingle

A, B, C, D = 1, 2, 3, 4
HAN, KANJI, KANA = -1, -2, -3  # characters of a spaceless script


def lengths(document: list[int], n_words: int, n_characters: int) -> list[int]:
    return [int(n) for n in shingle(tokens_of([document]), n_words, n_characters).lengths]


def test_a_shingle_starts_at_each_token_that_enough_follow() -> None:
    assert lengths([A, B, C, D], 3, 6) == [3, 3, 0, 0]


def test_characters_of_a_spaceless_script_count_by_their_own_number() -> None:
    assert lengths([HAN, KANJI, KANA, HAN, KANJI], 2, 4) == [4, 4, 0, 0, 0]


def test_a_mixture_counts_in_proportion() -> None:
    # 2 words or 4 characters: a word and two characters are 1/2 + 2/4; from the second token 3/4 are left.
    assert lengths([A, HAN, KANJI, KANA], 2, 4) == [3, 0, 0, 0]
    # 1/4 + 1/2 are too little, the second word makes 5/4.
    assert lengths([HAN, A, B, HAN, KANJI], 2, 4) == [3, 2, 3, 0, 0]


@pytest.mark.parametrize("document", [[A], [A, B], [HAN], [A, HAN]])
def test_a_document_shorter_than_a_shingle_is_one_shingle(document: list[int]) -> None:
    assert lengths(document, 3, 6) == [len(document)] + [0] * (len(document) - 1)


def test_an_empty_document_has_no_shingle() -> None:
    shingles = shingle(tokens_of([[], [A, B], []]), 2, 4)
    assert shingles.lengths.tolist() == [2, 0]
    assert shingles.bounds.tolist() == [0, 0, 2, 2]
    assert len(shingle(tokens_of([]), 2, 4).ids) == 0


def test_shingles_do_not_reach_into_the_next_document() -> None:
    apart = shingle(tokens_of([[A, B], [C, D]]), 2, 4)
    together = shingle(tokens_of([[A, B, C, D]]), 2, 4)
    assert apart.lengths.tolist() == [2, 0, 2, 0]
    assert together.lengths.tolist() == [2, 2, 2, 0]
    assert apart.ids[[0, 2]].tolist() == together.ids[[0, 2]].tolist()


def test_ids_are_the_same_on_every_machine_and_in_every_version() -> None:
    tokens = tokens_of([[A, B, C]])
    ids = shingle(tokens, 2, 4).ids.tolist()
    assert ids == [naive.shingle_id(tokens.hashes[i : i + 2].tolist()) for i in range(2)] + [0]
    assert ids[0] == 12200530187620149166


def test_order_and_number_of_tokens_tell_shingles_apart() -> None:
    shingles = shingle(tokens_of([[A, B], [B, A], [A], [A, A], [A, A, A]]), 3, 6)
    first = shingles.ids[shingles.bounds[:-1]]
    assert len(np.unique(first)) == 5


def test_hundreds_of_tokens_make_a_shingle() -> None:
    assert lengths(list(range(255)), 255, 255)[0] == 255
