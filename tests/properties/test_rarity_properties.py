from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import naive
from tests.build import rarity_of, tokens_of

from textreuse._kernels.damping import fill_damped
from textreuse._kernels.vocabulary import number_hashes, refill_table
from textreuse.rarity import count_successions

collections = st.lists(st.lists(st.integers(0, 3), max_size=10), max_size=4)


@given(collections)
def test_contexts_and_rarity_agree_with_their_slow_twins(collection: list[list[int]]) -> None:
    tokens = tokens_of(collection)
    counts = naive.contexts(collection)
    rarity = rarity_of(tokens)
    number = {word: n for n, word in enumerate(counts)}
    assert rarity.numbers.tolist() == [number[word] for document in collection for word in document]
    assert count_successions(rarity.numbers, len(counts), tokens.bounds).contexts.tolist() == list(counts.values())
    # Where the logarithm falls on a half, another library may round it to the other side.
    assert np.allclose(rarity.bits, naive.surprisal(list(counts.values())), atol=1)


@settings(max_examples=50)
@given(collections, st.sampled_from([0, 1 << 21]))
def test_successions_agree_with_their_slow_twin(collection: list[list[int]], unused: int) -> None:
    # with so many words, also such as do not occur, three numbers no longer fit into 64 bits
    tokens = tokens_of(collection)
    numbers = rarity_of(tokens).numbers
    n_words = len(set(numbers.tolist())) + unused
    found = count_successions(numbers, n_words, tokens.bounds)
    bounds = tokens.bounds.tolist()
    documents = [numbers[start:stop].tolist() for start, stop in pairwise(bounds)]
    firsts = np.repeat(np.arange(n_words), np.diff(found.starts)).tolist()
    pairs = list(zip(firsts, found.seconds.tolist(), strict=True))
    assert pairs == sorted(pairs)
    assert dict(zip(pairs, found.followers.tolist(), strict=True)) == naive.successions(documents)


@given(collections)
def test_every_word_says_something(collection: list[list[int]]) -> None:
    assert all(bits >= 256 for bits in rarity_of(tokens_of(collection)).bits.tolist())


@given(collections, st.integers(2, 5))
def test_copies_of_all_documents_change_nothing(collection: list[list[int]], times: int) -> None:
    once, often = rarity_of(tokens_of(collection)), rarity_of(tokens_of(collection * times))
    assert once.bits.tolist() == often.bits.tolist()


@given(collections.flatmap(lambda c: st.tuples(st.just(c), st.permutations(c))))
def test_rarity_does_not_depend_on_document_order(case: tuple[list[list[int]], list[list[int]]]) -> None:
    one, other = (rarity_of(tokens_of(collection)) for collection in case)
    assert dict(zip(one.vocabulary.tolist(), one.bits.tolist(), strict=True)) == dict(
        zip(other.vocabulary.tolist(), other.bits.tolist(), strict=True)
    )


@given(st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 20), max_size=40))
def test_a_table_of_any_size_stops_when_half_full_and_is_filled_on(drawn: list[int]) -> None:
    hashes = np.array(drawn, np.uint64)
    numbers = np.empty(len(hashes), np.uint32)
    vocabulary = np.empty(64, np.uint64)
    size, position, n_words = 2, 0, 0
    while position < len(hashes):
        table_hashes, table_numbers = np.zeros(size, np.uint64), np.zeros(size, np.int64)
        refill_table(vocabulary, n_words, table_hashes, table_numbers)
        position, n_words = number_hashes(hashes, position, table_hashes, table_numbers, vocabulary, n_words, numbers)
        assert n_words <= size // 2
        size *= 2
    first_seen = {h: n for n, h in enumerate(dict.fromkeys(drawn))}
    assert numbers.tolist() == [first_seen[h] for h in drawn]
    assert vocabulary[:n_words].tolist() == list(first_seen)


@given(st.lists(st.lists(st.integers(0, 3), max_size=9), max_size=4), st.integers(0, 4))
def test_what_words_count_agrees_with_its_slow_twin(documents: list[list[int]], margin: int) -> None:
    bits, factors = [700, 4000, 256, 65_000], [1024, 1024, 700, 600]
    flat = np.array([word for document in documents for word in document], np.uint32)
    bounds = np.cumsum([0, *map(len, documents)])
    counts, found = np.zeros(4, np.int32), np.empty(len(flat), np.uint16)
    fill_damped(flat, bounds, np.array(bits, np.int32), np.array(factors, np.int64), margin, counts, found)
    assert found.tolist() == [
        value for document in documents for value in naive.damped(document, bits, margin, factors)
    ]
    assert not counts.any()
