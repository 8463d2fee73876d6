"""A tuple that is made when it is first looked into."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, TypeVar, overload

T_co = TypeVar("T_co", covariant=True)


class Deferred(Sequence[T_co]):
    """Stands for a tuple of known length: equal to it, sliced, iterated and pickled like it.

    >>> numbers = Deferred(3, lambda: range(3))
    >>> len(numbers), numbers[1:], numbers == (0, 1, 2)
    (3, (1, 2), True)
    """

    def __init__(self, length: int, make: Callable[[], Iterable[T_co]]) -> None:
        self._length = length
        self._make: Callable[[], Iterable[T_co]] | None = make

    @cached_property
    def _items(self) -> tuple[T_co, ...]:
        assert self._make is not None
        items = tuple(self._make())
        self._make = None  # what it was made from may be freed
        return items

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> T_co: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[T_co, ...]: ...
    def __getitem__(self, index: int | slice) -> T_co | tuple[T_co, ...]:
        return self._items[index]

    def __iter__(self) -> Iterator[T_co]:
        return iter(self._items)

    def __add__(self, other: Sequence[Any]) -> tuple[Any, ...]:
        return (*self._items, *other)

    def __radd__(self, other: Sequence[Any]) -> tuple[Any, ...]:
        return (*other, *self._items)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (Deferred, tuple)) and self._items == tuple(other)

    def __hash__(self) -> int:
        return hash(self._items)

    def __repr__(self) -> str:
        return repr(self._items)

    def __reduce__(self) -> tuple[Any, ...]:
        return tuple, (self._items,)
