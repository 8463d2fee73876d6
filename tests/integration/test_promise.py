"""A sample of benchmarks/accuracy/promise.py: a few cells of each language, a few plantings a cell."""

from __future__ import annotations

from math import comb
from pathlib import Path

import numpy as np
import pytest
from benchmarks.accuracy import promise

from textreuse.tokenize import tokenize

N = 60


@pytest.mark.parametrize("language", promise.READERS)
def test_passages_are_found_as_often_as_promised(language: str, shared_data: Path) -> None:
    vocabulary = promise.read_vocabulary(language, shared_data)
    for words, edit_rate, recall in [(15, 0.0, 0.9), (15, 0.1, 0.95), (25, 0.2, 0.95), (50, 0.3, 0.99)]:
        cell = promise.test_cell(vocabulary, words, edit_rate, recall, N, seed=1, explain=3)
        assert cell.found >= (cell.least if edit_rate else N), (words, edit_rate, recall, cell)


@pytest.mark.parametrize("language", ["English", "Chinese"])
def test_a_planted_passage_stands_where_it_is_said_to(language: str, shared_data: Path) -> None:
    vocabulary = promise.read_vocabulary(language, shared_data)
    for (a, b), place in promise.plant(vocabulary, 20, 30, 0, 50, [1]):
        assert (place.a, place.b) == (a.id, b.id)
        passage = a.text[place.a_start : place.a_stop]
        assert passage == b.text[place.b_start : place.b_stop]
        assert len(tokenize([passage]).hashes) == 30


def test_a_cell_fails_where_so_few_found_are_too_unlikely() -> None:
    chance = np.cumsum([comb(300, k) * 0.95**k * 0.05 ** (300 - k) for k in range(301)])
    least = promise.fewest(300, 0.95)
    assert chance[least - 1] < promise.LEVEL <= chance[least]
