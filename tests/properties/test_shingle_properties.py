from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st
from tests import naive
from tests.build import shingles_of, tokens_of

from textreuse.lsh import window_minima
from textreuse.model import Anchors
from textreuse.shingle import shingle

tokens = st.integers(-2, 3)  # negative: a character of a spaceless script
documents = st.lists(tokens, max_size=14)
collections = st.lists(documents, max_size=4)
windows = st.integers(1, 6)
shingle_lengths = st.integers(1, 5)
ids = st.lists(st.integers(0, 3), max_size=14)


def anchors_by_document(anchors: Anchors, document: int, first_token: int) -> list[int]:
    start, stop = anchors.bounds[document : document + 2]
    return [int(position) - first_token for position in anchors.positions[start:stop]]


@given(collections, shingle_lengths, shingle_lengths)
def test_shingles_agree_with_their_slow_twin(collection: list[list[int]], n_words: int, n_characters: int) -> None:
    made = tokens_of(collection)
    shingles = shingle(made, n_words, n_characters)
    for d in range(len(collection)):
        span = slice(made.bounds[d], made.bounds[d + 1])
        expected = naive.shingles(made.hashes[span].tolist(), n_words, n_characters)
        assert shingles.lengths[span].tolist() == [len(run) for run in expected]
        assert shingles.ids[span].tolist() == [naive.shingle_id(run) if run else 0 for run in expected]


@given(st.lists(ids, max_size=4), windows)
def test_window_minima_are_those_of_naive_winnowing(collection: list[list[int]], window: int) -> None:
    anchors = window_minima(shingles_of(collection), window)
    first = 0
    for d, document in enumerate(collection):
        assert anchors_by_document(anchors, d, first) == naive.winnowed(document, window)
        first += len(document)


@given(documents, documents, documents, documents, documents, shingle_lengths, windows)
def test_any_common_run_of_w_plus_k_minus_1_tokens_has_a_common_anchor(
    before_a: list[int],
    after_a: list[int],
    before_b: list[int],
    after_b: list[int],
    run: list[int],
    k: int,
    window: int,
) -> None:
    # The guarantee of winnowing; with one k for both, characters count like words.
    run = (run * 10)[: window + k - 1]
    assume(len(run) == window + k - 1)
    collection = [before_a + run + after_a, before_b + run + after_b]
    anchors = window_minima(shingle(tokens_of(collection), k, k), window)
    within_run = [
        {
            place - len(before)
            for place in anchors_by_document(anchors, d, first)
            if len(before) <= place <= len(before) + len(run) - k
        }
        for d, (before, first) in enumerate([(before_a, 0), (before_b, len(collection[0]))])
    ]
    assert within_run[0] & within_run[1]


@given(documents, documents, documents, shingle_lengths, windows)
def test_what_is_kept_between_does_not_depend_on_where_the_text_stands(
    before: list[int], document: list[int], after: list[int], k: int, window: int
) -> None:
    # A shingle with window - 1 others on either side is chosen by those alone.
    collection = [document, before + document + after]
    anchors = window_minima(shingle(tokens_of(collection), k, k), window)
    inner = range(window - 1, len(document) - k + 1 - (window - 1))
    alone = anchors_by_document(anchors, 0, 0)
    inside = anchors_by_document(anchors, 1, len(document))
    assert [i for i in inner if i in alone] == [i for i in inner if i + len(before) in inside]


@given(collections, collections, windows)
def test_batches_of_documents_do_not_matter(one: list[list[int]], other: list[list[int]], window: int) -> None:
    def kept(collection: list[list[int]]) -> list[int]:
        return [int(i) for i in window_minima(shingle(tokens_of(collection), 2, 4), window).ids]

    assert kept(one + other) == kept(one) + kept(other)


@given(documents, shingle_lengths, windows)
def test_a_larger_window_keeps_no_shingle_that_a_smaller_drops(document: list[int], k: int, window: int) -> None:
    # But for documents shorter than the window, the minimum of a larger window is one of a window inside it.
    shingles = shingle(tokens_of([document]), k, k)
    kept = [set(window_minima(shingles, w).positions.tolist()) for w in (window, window + 1)]
    assert kept[1] <= kept[0]
