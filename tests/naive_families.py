"""Slow and obvious twins of the kernels that group passages."""

from __future__ import annotations

from collections.abc import Sequence

Side = tuple[int, int, int]  # document, start, stop


def nodes(
    sides: Sequence[Side],
    alike: int,
    inside: int,
    longer: int = 0,
    earlier: Sequence[Side] = (),
    texts: Sequence[int] = (),
) -> tuple[list[Side], list[int], list[int]]:
    """Return the passages that sides (longest first in each document) make, what is around each, and each side's own.

    A side belongs to the passage most like it, if they share `alike`/256 of the extent of both; else it is a new
    one, inside of the shortest of those as long that hold `inside`/256 of it. Some passages were made `earlier`; they
    are numbered first. A side belongs to one of them only if its text is at most `longer` times as long as the side.
    """
    made = list(earlier)
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
            may = number >= len(earlier) or texts[number] <= longer * (stop - start)
            if may and 256 * share >= alike and share > best_share:
                best, best_share = number, share
            shortest = made[holder][2] - made[holder][1]
            holds = last - first >= stop - start and 256 * common >= inside * (stop - start)
            if holds and (holder < 0 or last - first < shortest):
                holder = number
        if best < 0:
            best = len(made)
            made.append((document, start, stop))
            around.append(holder)
        own.append(best)
    return made[len(earlier) :], around, own


def components(lengths: Sequence[float], matches: Sequence[tuple[int, int, int]], longer: int) -> list[int]:
    """Return by item the least item that matches (item, item, length) put together with it.

    The longest matches come first. One unites what is not more than `longer` times as long. What such matches of one
    length unite then joins the much longer one that it is linked to; linked to two of them it stays by itself for good.
    """
    label = list(range(len(lengths)))
    longest = list(lengths)  # by label

    def merge(x: int, y: int) -> None:
        low, high = sorted((label[x], label[y]))
        longest[low] = max(longest[low], longest[high])
        label[:] = [low if one == high else one for one in label]

    for length in sorted({length for _, _, length in matches}, reverse=True):
        links = [link for x, y, own in matches if own == length for link in ((x, y), (y, x))]
        is_long = [longest[one] > longer * length for one in label]
        for x, y in links:
            if not is_long[x] and not is_long[y]:
                merge(x, y)
        linked_to: dict[int, set[int]] = {}
        for x, y in links:
            if not is_long[x] and is_long[y]:
                linked_to.setdefault(label[x], set()).add(label[y])
        for piece, texts in linked_to.items():
            if len(texts) == 1:
                merge(piece, texts.pop())
            else:
                longest[piece] = float("inf")
    return label
