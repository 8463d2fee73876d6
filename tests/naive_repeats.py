"""Slow twins of the kernels that find repeated lines and passages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple


class Piece(NamedTuple):
    """Tokens start to stop stand again from source on; positions in the whole collection."""

    start: int
    stop: int
    source: int


def window_stop(tokens: Sequence[int], start: int, last: int, least: int) -> int | None:
    """Where the shortest run from `start` on that holds `least` half words stops; None if too little follows."""
    half_words, stop = 0, start
    while half_words < least:
        if stop == last:
            return None
        half_words += 1 if tokens[stop] % 2 else 2
        stop += 1
    return stop


def repeated(tokens: Sequence[int], bounds: Sequence[int], order: Sequence[int], least: int) -> list[Piece]:
    """Go over documents in `order`; remove the tokens of each window that equals one whose tokens are all kept."""
    kept: set[int] = set()
    first_of: dict[tuple[int, ...], int] = {}
    pieces: list[Piece] = []
    for document in order:
        first, last = bounds[document], bounds[document + 1]
        removed_to, source = first, -1
        other: tuple[int, int] | None = None  # (stop, source - start) of a window that begins in what is removed
        windows: list[range] = []
        for start in range(first, last):
            stop = window_stop(tokens, start, last, least)
            source = source_of(tokens, bounds, kept, first_of, source, start, stop)
            shift = source - start
            going_on = (
                pieces and pieces[-1].stop == removed_to > start and pieces[-1].source - pieces[-1].start == shift
            )
            if stop is not None and source >= 0:
                if start >= removed_to or going_on:
                    begin = max(start, removed_to)
                    if stop > begin:
                        pieces.append(Piece(begin, stop, begin + shift))
                    removed_to = stop
                else:
                    other = stop, shift
            elif start == removed_to and other and other[0] > start:
                pieces.append(Piece(start, other[0], start + other[1]))
                removed_to = other[0]
            if stop is not None:
                windows.append(range(start, stop))
            if start >= removed_to:
                kept.add(start)
            for window in windows:
                if window.stop <= start + 1 and kept.issuperset(window):
                    first_of.setdefault(tuple(tokens[place] for place in window), window.start)
    return joined(pieces, bounds)


def source_of(
    tokens: Sequence[int],
    bounds: Sequence[int],
    kept: set[int],
    first_of: dict[tuple[int, ...], int],
    before: int,
    start: int,
    stop: int | None,
) -> int:
    """Return where the window is kept: where that before it goes on, or else where it was first; -1 if nowhere."""
    if stop is None:
        return -1
    window = tuple(tokens[start:stop])
    there = range(before + 1, before + 1 + len(window))
    in_one_document = any(first <= before < there.stop <= last for first, last in pairwise(bounds))
    if before >= 0 and in_one_document and kept.issuperset(there) and window == tuple(tokens[i] for i in there):
        return before + 1
    return first_of.get(window, -1)


def joined(pieces: Sequence[Piece], bounds: Sequence[int]) -> list[Piece]:
    """Return the pieces in order of position; those that go on in one document, in text and source, are one."""
    whole: list[Piece] = []
    for piece in sorted(pieces):
        last = whole[-1] if whole else None
        if (
            last
            and last.stop == piece.start
            and last.source - last.start == piece.source - piece.start
            and not {piece.start, piece.source} & set(bounds)
        ):
            whole[-1] = Piece(last.start, piece.stop, last.source)
        else:
            whole.append(piece)
    return whole


def equal_units(units: Sequence[tuple[int, ...]], order: Sequence[int], least: int) -> list[int]:
    """Return for each unit the first equal one in `order` before it, -1 if there is none or it is too short."""
    first_of: dict[tuple[int, ...], int] = {}
    kept = [-1] * len(units)
    for number in order:
        if sum(1 if token % 2 else 2 for token in units[number]) >= least:
            kept[number] = first_of.get(units[number], -1)
            first_of.setdefault(units[number], number)
    return kept


END = r"(?:\r\n|\r(?!\n)|[\n\x0b\x0c\x85\u2028\u2029])"
BLANKS = r"[ \t\xa0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff]*"
LINE = re.compile(END)
PARAGRAPH = re.compile(f"{END}{BLANKS}{END}|\u2029")
WHITE_SPACE = " \t\n\x0b\x0c\r\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x200C))
)


def unit_span(
    text: str, before: int, start: int, stop: int, after: int, *, paragraphs: bool
) -> tuple[bool, tuple[int, int]]:
    """Return whether a unit begins with the word at `start`, and where one with the words text[start:stop] stands.

    The word before it stops at `before`, that after it starts at `after`.
    """
    end = PARAGRAPH if paragraphs else LINE
    ends = [found.end() for found in end.finditer(text[before:start])]
    gap = text[before + (ends[-1] if ends else 0) : start]
    following = text[stop:after]
    found = end.search(following)
    rest = following[: found.start() if found else None].rstrip(WHITE_SPACE)
    return bool(ends), (start - len(gap.lstrip(WHITE_SPACE)), stop + len(rest))
