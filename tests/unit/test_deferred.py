from __future__ import annotations

import pickle
from collections.abc import Iterator

import pytest

from textreuse.deferred import Deferred


def test_it_is_made_once_and_only_when_looked_into() -> None:
    made = []

    def make() -> Iterator[int]:
        made.append(1)
        yield from (1, 2, 3)

    numbers = Deferred(3, make)
    assert (len(numbers), bool(numbers), made) == (3, True, [])
    assert (numbers[0], numbers[-1], numbers[1:], list(numbers)) == (1, 3, (2, 3), [1, 2, 3])
    assert made == [1]


def test_it_counts_as_the_tuple_it_stands_for() -> None:
    numbers = Deferred(2, lambda: (1, 2))
    assert numbers == (1, 2)
    assert numbers == (1, 2)
    assert numbers == Deferred(2, lambda: [1, 2])
    assert numbers != (1, 3)
    assert numbers != [1, 2]  # nor is a tuple
    assert hash(numbers) == hash((1, 2))
    assert repr(numbers) == "(1, 2)"
    before, after = (0,), (3,)
    assert (numbers + after, before + numbers) == ((1, 2, 3), (0, 1, 2))
    assert pickle.loads(pickle.dumps(numbers)) == (1, 2)


def test_what_fails_when_made_fails_again() -> None:
    def make() -> Iterator[int]:
        raise ValueError("no")
        yield

    numbers = Deferred(1, make)
    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            numbers[0]
