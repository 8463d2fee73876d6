"""How far passages of misread text reach, against slow twins."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st
from tests import naive_misread
from tests.build import tokens_of

from textreuse._kernels.misread import _extend, fill_misread_extents
from textreuse.model import Tokens
from textreuse.options import Letters
from textreuse.passages import find_words, snap_to_words
from textreuse.tokenize import tokenize

word = st.lists(st.integers(0, 3), max_size=9)
COST, NO_DROP = 5, 1000


def extension(a: list[int], b: list[int], drop: int, step: int = 1) -> tuple[int, int, int]:
    x, y = np.array([*a, 9], np.uint32), np.array([*b, 9], np.uint32)
    first = (0, 0) if step == 1 else (len(a) - 1, len(b) - 1)
    far, spare = np.full(65, 77, np.int64), np.full(65, 77, np.int64)
    return tuple(int(n) for n in _extend(x, y, *first, np.int64(step), len(a), len(b), COST, drop, far, spare))  # type: ignore[return-value]


@given(word, word)
def test_without_a_limit_the_extension_is_the_best_there_is(a: list[int], b: list[int]) -> None:
    x, y, score = extension(a, b, NO_DROP)
    assert score == naive_misread.best_extension(a, b, COST)
    assert score == x + y - COST * naive_misread.edit_distance(a[:x], b[:y])


@given(word, word, st.integers(0, 20))
def test_with_a_limit_the_score_is_still_that_of_the_extension(a: list[int], b: list[int], drop: int) -> None:
    x, y, score = extension(a, b, drop)
    assert 0 <= x <= len(a)
    assert 0 <= y <= len(b)
    assert 0 <= score <= naive_misread.best_extension(a, b, COST)
    assert score <= x + y - COST * naive_misread.edit_distance(a[:x], b[:y])


@given(word, word)
def test_backward_is_forward_in_a_mirror(a: list[int], b: list[int]) -> None:
    assert extension(a, b, 12, -1) == extension(a[::-1], b[::-1], 12)


@given(st.lists(st.integers(0, 40), min_size=8, max_size=30), word, word, word, word)
def test_a_run_grows_to_a_passage_within_the_documents(
    run: list[int], a0: list[int], a1: list[int], b0: list[int], b1: list[int]
) -> None:
    collection = [[*a0, *run, *a1], [*b0, *run, *b1]]
    tokens = tokens_of(collection)
    numbers = np.unique(tokens.hashes, return_inverse=True)[1].astype(np.uint32)
    rows = np.empty((4, 8), np.int64)
    far, spare = np.empty(257, np.int64), np.empty(257, np.int64)
    n = fill_misread_extents(
        np.array([0, 1]), np.array([[0, 1]]), np.array([len(a0)], np.int32), np.array([len(b0)], np.int32),
        np.array([len(run)], np.int32), numbers, np.full(len(tokens), 2, np.uint8), tokens.bounds,
        np.zeros(2, np.int32), 1, COST, 40, 80, 1, far, spare, np.empty(1, np.uint8), rows,
    )  # fmt: skip
    assert n == 1
    t, q, x0, x1, y0, y1, score, longest = rows[0].tolist()
    assert (t, q, longest) == (0, 1, 2 * len(run))
    assert 0 <= x0 <= len(a0) < len(a0) + len(run) <= x1 <= len(collection[0])
    assert 0 <= y0 <= len(b0) < len(b0) + len(run) <= y1 <= len(collection[1])
    assert score >= 2 * len(run)


words = st.lists(st.text("ab", min_size=1, max_size=6), min_size=1, max_size=8)


def letters_of(text: str) -> Tokens:
    return tokenize([text, text], tokenizer=Letters.LETTERS)


@given(words, st.data())
def test_edges_move_to_those_of_the_words_that_are_mostly_inside(parts: list[str], data: st.DataObject) -> None:
    text = " ".join(parts)
    tokens = letters_of(text)
    n = int(tokens.bounds[1])
    start = data.draw(st.integers(0, n - 1))
    stop = data.draw(st.integers(start + 1, n))
    rows = snap_to_words(np.array([[0, 1, start, stop, 0, n, 0, 0]]), find_words(tokens), tokens.bounds)
    ends = np.cumsum([0, *map(len, parts)]).tolist()
    # by each word: whether half of it lies after the start, and before the stop
    first = next(i for i in range(len(parts)) if start < ends[i + 1])
    first += start > ends[first] and 2 * (ends[first + 1] - start) < len(parts[first])
    last = next(i for i in range(len(parts)) if stop <= ends[i + 1])
    last += 2 * (stop - ends[last]) >= len(parts[last])
    expected = [[0, 1, ends[first], ends[last], 0, n, 0, 0]] if ends[first] < ends[last] else []
    assert rows.tolist() == expected


@given(st.text("漢字", min_size=1, max_size=8), st.data())
def test_spaceless_text_has_its_edges_where_they_are(text: str, data: st.DataObject) -> None:
    tokens = letters_of(text)
    start = data.draw(st.integers(0, len(text) - 1))
    stop = data.draw(st.integers(1, len(text)))
    assume(start < stop)
    row = [0, 1, start, stop, start, stop, 0, 0]
    assert snap_to_words(np.array([row]), find_words(tokens), tokens.bounds).tolist() == [row]
