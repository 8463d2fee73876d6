from __future__ import annotations

from itertools import pairwise
from unittest.mock import patch

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from tests import naive_repeats
from tests.build import tokens_of
from tests.naive_repeats import Piece

from textreuse import repeats
from textreuse.repeats import Repeats, find_repeated_passages, find_repeated_units, mirrored, mirrored_back

# Few different tokens, some of them (the negative ones) characters of a spaceless script, that count as half a word.
tokens = st.sampled_from([0, 0, 1, 1, 2, -1, -2])
collections = st.lists(st.lists(tokens, max_size=24), min_size=1, max_size=4)
leasts = st.integers(1, 9)


def as_pieces(found: Repeats) -> list[Piece]:
    return [Piece(*row) for row in np.stack([found.starts, found.stops, found.sources], axis=1).tolist()]


def orders(n: int) -> st.SearchStrategy[list[int]]:
    return st.permutations(range(n))


cases = collections.flatmap(lambda collection: st.tuples(st.just(collection), orders(len(collection))))


@given(cases, leasts)
@example(([[0] * 12], [0]), 4)
@example(([[0, 1] * 6, [1, 0] * 5], [1, 0]), 6)
@example(([[0, 1, 2, 0, 1, 2, 0]], [0]), 8)  # two occurrences that overlap: neither can go whole
@example(([[0, 1, 2, 5, 6], [5, 6, 7, 8, 9], [0, 1, 2, 5, 6, 7, 8, 9]], [0, 1, 2]), 6)  # goes on in another source
@example(([[1], [0, 1, 0]], [0, 1]), 1)  # sources that meet where one document ends
def test_passages_are_those_of_the_slow_twin(case: tuple[list[list[int]], list[int]], least: int) -> None:
    collection, order = case
    flat = tokens_of(collection)
    expected = naive_repeats.repeated(flat.hashes.tolist(), flat.bounds.tolist(), order, least)
    assert as_pieces(find_repeated_passages(flat, np.array(order, np.int64), least)) == expected
    # With hardly any room the search stops and goes on at all places.
    with patch.object(repeats, "LEAST_ROOM", 1), patch.object(repeats, "TWICE_ROOM", 0):
        assert as_pieces(find_repeated_passages(flat, np.array(order, np.int64), least)) == expected


@given(cases, leasts)
def test_what_is_removed_stands_elsewhere_and_is_kept_there(
    case: tuple[list[list[int]], list[int]], least: int
) -> None:
    collection, order = case
    flat = tokens_of(collection)
    hashes, bounds = flat.hashes.tolist(), flat.bounds.tolist()
    pieces = as_pieces(find_repeated_passages(flat, np.array(order, np.int64), least))
    removed = {place for piece in pieces for place in range(piece.start, piece.stop)}
    assert len(removed) == sum(piece.stop - piece.start for piece in pieces)  # nothing is removed twice
    for piece in pieces:
        source_stop = piece.source + piece.stop - piece.start
        assert hashes[piece.start : piece.stop] == hashes[piece.source : source_stop]
        assert removed.isdisjoint(range(piece.source, source_stop))
        for start, stop in ((piece.start, piece.stop), (piece.source, source_stop)):
            assert not any(start < bound < stop for bound in bounds)
    # Each removed token lies in a window that stands elsewhere with all its tokens kept.
    windows = [
        range(start, stop)
        for first, last in pairwise(bounds)
        for start in range(first, last)
        for stop in [naive_repeats.window_stop(hashes, start, last, least)]
        if stop
    ]
    contents = [[hashes[place] for place in window] for window in windows]
    kept_contents = [content for window, content in zip(windows, contents, strict=True) if removed.isdisjoint(window)]
    covered = {
        place
        for window, content in zip(windows, contents, strict=True)
        if not removed.isdisjoint(window) and content in kept_contents
        for place in window
    }
    assert removed <= covered
    # And what is kept repeats nothing any more: equal windows of kept tokens overlap.
    whole = [window for window in windows if removed.isdisjoint(window)]
    for one in whole:
        for other in whole:
            if one.stop <= other.start:
                assert [hashes[place] for place in one] != [hashes[place] for place in other]


@given(cases, leasts)
def test_going_over_the_mirror_image_keeps_the_last(case: tuple[list[list[int]], list[int]], least: int) -> None:
    collection, order = case
    flat = tokens_of(collection)
    order_of_mirror = np.array([len(order) - 1 - document for document in order], np.int64)
    found = mirrored_back(find_repeated_passages(mirrored(flat), order_of_mirror, least), len(flat))
    image = tokens_of([document[::-1] for document in collection[::-1]])
    twin = naive_repeats.repeated(image.hashes.tolist(), image.bounds.tolist(), order_of_mirror.tolist(), least)
    n = len(flat)
    expected = sorted(Piece(n - stop, n - start, n - source - (stop - start)) for start, stop, source in twin)
    assert as_pieces(found) == expected


@given(cases, leasts, st.data())
def test_units_are_those_of_the_slow_twin(
    case: tuple[list[list[int]], list[int]], least: int, data: st.DataObject
) -> None:
    collection, order = case
    flat = tokens_of(collection)
    hashes, bounds = flat.hashes.tolist(), flat.bounds.tolist()
    breaks = data.draw(st.lists(st.booleans(), min_size=len(flat), max_size=len(flat)))
    breaks = [is_break or place in bounds for place, is_break in enumerate(breaks)]
    edges = [place for place, is_break in enumerate(breaks) if is_break] + [len(flat)]
    units = [tuple(hashes[start:stop]) for start, stop in pairwise(edges)]
    in_order = [
        number
        for document in order
        for number, start in enumerate(edges[:-1])
        if bounds[document] <= start < bounds[document + 1]
    ]
    kept = naive_repeats.equal_units(units, in_order, least)
    expected = [Piece(edges[u], edges[u + 1], edges[kept[u]]) for u in range(len(units)) if kept[u] >= 0]
    found = find_repeated_units(flat, np.array(breaks, bool), np.array(order, np.int64), least)
    assert as_pieces(found) == expected
