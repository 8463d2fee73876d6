"""Slow and obvious twins of the kernels that group passages."""

from __future__ import annotations

from collections.abc import Sequence

Side = tuple[int, int, int]  # document, start, stop


def nodes(sides: Sequence[Side], alike: int, inside: int) -> tuple[list[Side], list[int], list[int]]:
    """Return the passages that sides (longest first in each document) make, what is around each, and each side's own.

    A side belongs to the passage most like it, if they share `alike`/256 of the extent of both; else it is a new
    one, inside of the shortest of those that hold `inside`/256 of it.
    """
    made: list[Side] = []
    around: list[int] = []
    own: list[int] = []
    for document, start, stop in sides:
        best, best_share = -1, 0.0
        holder = -1
        for number, (other, first, last) in enumerate(made):
            common = min(stop, last) - max(start, first)
            if other != document or common <= 0:
                continue
            share = common / (max(stop, last) - min(start, first))
            if 256 * share >= alike and share > best_share:
                best, best_share = number, share
            shortest = made[holder][2] - made[holder][1]
            if 256 * common >= inside * (stop - start) and (holder < 0 or last - first < shortest):
                holder = number
        if best < 0:
            best = len(made)
            made.append((document, start, stop))
            around.append(holder)
        own.append(best)
    return made, around, own


def components(n: int, pairs: Sequence[tuple[int, int]]) -> list[int]:
    """Return by item the least item that it is connected with."""
    least = list(range(n))
    for _ in range(n):
        for x, y in pairs:
            least[x] = least[y] = min(least[x], least[y])
    return least
