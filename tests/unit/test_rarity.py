from __future__ import annotations

from math import log2

import numpy as np
import pytest
from tests.build import rarity_of, tokens_of

from textreuse.rarity import count_successions, measure_rarity, number_tokens
from textreuse.tokenize import hash_spans, tokenize


def test_words_are_numbered_in_order_of_first_appearance() -> None:
    numbers, vocabulary = number_tokens(np.array([7, 3, 7, 0, 3], np.uint64))
    assert numbers.tolist() == [0, 1, 0, 2, 1]
    assert vocabulary.tolist() == [7, 3, 0]


@pytest.mark.slow
def test_the_table_grows_with_the_vocabulary() -> None:
    # The first table has room for 32,768 words, the next for 131,072.
    hashes = np.arange(140_000, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    twice = np.concatenate([hashes, hashes[::-1]])
    numbers, vocabulary = number_tokens(twice)
    assert np.array_equal(vocabulary, hashes)
    assert np.array_equal(vocabulary[numbers], twice)
    assert numbers.tolist() == [*range(140_000), *reversed(range(140_000))]


@pytest.mark.slow
@pytest.mark.parametrize("n_words", [32_767, 32_768, 32_769])
def test_a_table_that_is_just_full_loses_nothing(n_words: int) -> None:
    hashes = np.arange(1, n_words + 1, dtype=np.uint64)
    numbers, vocabulary = number_tokens(np.concatenate([hashes, hashes[:1]]))
    assert numbers.tolist() == [*range(n_words), 0]
    assert len(vocabulary) == n_words


def test_hashes_that_fall_on_one_slot_stay_apart() -> None:
    # The table looks at h ^ (h >> 32) modulo its length.
    hashes = np.arange(1, 50, dtype=np.uint64) << np.uint64(20)
    numbers, _ = number_tokens(np.concatenate([hashes, hashes]))
    assert numbers.tolist() == [*range(49), *range(49)]


def test_contexts_are_counted_once_each() -> None:
    # 0 is followed by 1, 1 and 2; 1 by 0, 0; 2 by the end. An end counts as a word.
    numbers = np.array([0, 1, 0, 1, 0, 2], np.uint32)
    assert count_successions(numbers, 3, np.array([0, 6])).contexts.tolist() == [2, 1, 1]


def test_the_next_document_is_no_context() -> None:
    numbers = np.array([0, 1, 0, 2], np.uint32)
    assert count_successions(numbers, 3, np.array([0, 0, 2, 2, 4])).contexts.tolist() == [2, 1, 1]
    assert count_successions(numbers, 3, np.array([0, 1, 2, 3, 4])).contexts.tolist() == [1, 1, 1]


def test_rarity_is_the_surprisal_of_the_contexts() -> None:
    rarity = rarity_of(tokens_of([[1, 2, 1, 3]]))
    # 1 is followed by 2 and 3, 2 by 1, 3 by the end: T = 4, V = 3.
    assert rarity.bits.tolist() == [
        round(-256 * log2((c + 0.5) / 5.5)) for c in (2, 1, 1)
    ]  # fmt: skip


def test_copies_do_not_devalue_what_is_copied() -> None:
    text = [1, 2, 3, 4, 1, 5, 2, 6]
    once, often = rarity_of(tokens_of([text])), rarity_of(tokens_of([text] * 1000))
    assert once.bits.tolist() == often.bits.tolist()
    assert once.vocabulary.tolist() == often.vocabulary.tolist()


def test_a_rare_word_weighs_more_than_a_frequent_one() -> None:
    bits = rarity_of(tokens_of([[0, 1, 0, 2, 0, 3, 0, 4]])).bits
    assert bits[0] < bits[1:].min()


@pytest.mark.parametrize("collection", [[[1]], [[1], [1]], [[1, 1, 1, 1]]])
def test_rarity_is_at_least_a_bit_even_of_an_only_word(collection: list[list[int]]) -> None:
    assert rarity_of(tokens_of(collection)).bits.tolist() == [256]


@pytest.mark.parametrize("collection", [[], [[]], [[], []]])
def test_nothing_has_no_rarity(collection: list[list[int]]) -> None:
    rarity = rarity_of(tokens_of(collection))
    assert len(rarity.numbers) == len(rarity.bits) == len(rarity.vocabulary) == 0


def test_words_of_one_stem_are_kin() -> None:
    texts = ["nation nations national cat cats", "nationality's the station Nation"]
    tokens = tokenize(texts)
    rarity = measure_rarity(tokens, hash_spans, texts)
    kin = rarity.kin[rarity.numbers].tolist()
    # 5 to 7 letters agree in the first 5; 8 to 10 in 7, longer ones in 9; short words have no kin.
    nation, nations, national, cat, cats, nationality, the, station, again = kin
    assert nation == nations == again
    assert len({nation, national, cat, cats, nationality, the, station}) == 7


def test_kin_are_numbered_in_order_of_first_appearance() -> None:
    assert rarity_of(tokens_of([[3, 1, 3, 2]])).kin.tolist() == [0, 1, 2]
