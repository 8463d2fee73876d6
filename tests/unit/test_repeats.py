"""How much work repeated passages cost, where a naive search would take the square of it."""

from __future__ import annotations

import numpy as np
import pytest
from tests.build import tokens_of

from textreuse import repeats
from textreuse._kernels import repeats as kernels
from textreuse.model import Tokens
from textreuse.repeats import Repeats, find_repeated_passages

WORDS = 10
LEAST = 2 * WORDS  # half words


def found_in(collection: list[list[int]]) -> tuple[Tokens, Repeats]:
    tokens = tokens_of(collection)
    return tokens, find_repeated_passages(tokens, np.arange(len(collection)), LEAST)


def test_many_copies_of_one_text_cost_one_comparison_a_token() -> None:
    article = list(range(300))
    _, found = found_in([article] * 100)
    assert (found.stops - found.starts).tolist() == [300] * 99
    assert found.sources.tolist() == [0] * 99
    # The first window of each copy is compared whole, and then each further token with that after it.
    assert found.n_compared == 99 * 300


def test_a_common_run_that_is_too_short_costs_nothing() -> None:
    footer = list(range(WORDS - 1))
    collection = [[*range(1000 + 30 * number, 1030 + 30 * number), *footer] for number in range(200)]
    _, found = found_in(collection)
    assert (len(found), found.n_compared) == (0, 0)


def test_one_word_repeated_stays_once_and_goes_in_pieces_of_that_length() -> None:
    _, found = found_in([[7] * 1005])
    assert found.starts.tolist() == [*range(WORDS, 1000, WORDS), 1000]
    assert (found.stops - found.starts).tolist() == [WORDS] * 99 + [5]
    assert found.sources.tolist() == [0] * 99 + [5]
    assert found.n_compared <= (2 * WORDS) * 1005


def test_a_period_stays_as_often_as_a_passage_is_long() -> None:
    _, found = found_in([[1, 2, 3] * 200])
    # The first ten words stay, then runs of ten that start alike; between them what is no multiple of three.
    kept = 600 - int((found.stops - found.starts).sum())
    assert WORDS <= kept < WORDS + 3
    assert found.n_compared <= 2 * WORDS * 600


def test_more_windows_and_pieces_than_were_expected_are_no_less_found(monkeypatch: pytest.MonkeyPatch) -> None:
    collection = [list(range(500)), list(range(300, 700)), *([number, *range(11)] for number in range(1100))]
    _, expected = found_in(collection)
    sizes: list[int] = []
    whole = repeats._empty_table

    def small(size: int) -> object:
        sizes.append(size)
        return whole(size if len(sizes) > 1 else 16)

    monkeypatch.setattr(repeats, "_empty_table", small)
    _, found = found_in(collection)
    assert len(sizes) > 3
    for name in ("starts", "stops", "sources"):
        assert np.array_equal(getattr(found, name), getattr(expected, name))
    assert len(found) > 1024  # more than there is room for at first


def test_progress_is_told_document_by_document_at_most_so_often() -> None:
    calls: list[tuple[int, int]] = []
    tokens = tokens_of([[1, 2, 3]] * 1000)
    find_repeated_passages(tokens, np.arange(1000), LEAST, lambda *call: calls.append(call))
    assert calls[-1] == (1000, 1000)
    assert len(calls) <= repeats.REPORT_EVERY


def test_no_documents_repeat_nothing() -> None:
    assert len(found_in([])[1]) == 0
    assert len(found_in([[], []])[1]) == 0


def test_windows_of_one_hash_are_told_apart_by_their_tokens() -> None:
    # Two windows of equal hash: the hash of tokens (t, u) is t * BASE + u, so (t + 1, u - BASE) has it too.
    base = int(kernels.BASE)
    t, u = 2**40, 2**50
    pair, other = [t, u], [t + 2, (u - 2 * base) % 2**64]
    hashes = np.array([*pair, *other, *pair, *other], np.uint64)
    places = np.zeros(8, np.uint32)
    tokens = Tokens(hashes, places, places, np.array([0, 2, 4, 6, 8]))
    found = find_repeated_passages(tokens, np.arange(4), 4)
    assert found.starts.tolist() == [4, 6]
    assert found.sources.tolist() == [0, 2]
