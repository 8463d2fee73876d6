"""Matches to families: groups of passages that descend from one text."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from textreuse.model import Extents, Int64Array

ALIKE = 176  # of 256: so much of their extent two passages of one document have in common to be one
INSIDE = 205  # of 256: so much of a passage lies inside a longer one that it is a part of it
COMPOSED = 7000  # of 10,000: so much of a text is covered by parts that meet, for it to be put together from them
MEETING = 500  # of 10,000: so much of the whole parts may overlap where they meet
ACROSS = 4  # so many times as many witnesses keep to one side of the place as reach over it
PARTS = 4  # what fewer than one in so many witnesses of a text hold is no part of it, but was added to some
TYPICAL = 1.5  # so many times longer than its part in another text may a passage be on average
LONGER = 2  # and so many times longer at most; texts of which both are longer than that are not one for a match
MOST_PLACES = 64  # counted for that: of very many witnesses not all are held against each other


class Grouping(NamedTuple):
    """The family of each match, and the members of the families.

    `family` counts from 0 in order of each family's first match. `nodes` has a row per member: document, first token,
    last token + 1, family; in order of family, document and place.
    """

    family: Int64Array
    nodes: Int64Array


class _Nodes(NamedTuple):
    """Passages of documents: extents (document, start, stop), the passage around each (-1: none), and their texts."""

    extents: Int64Array
    parent: Int64Array
    component: Int64Array  # equal for passages of one text, as far as matches tell
    of_a: Int64Array  # by match
    of_b: Int64Array


def group_matches(matches: Extents, n_documents: int) -> Grouping:
    """Return the families of `matches`, which depend neither on the order of matches nor on that of documents.

    Passages of one document that have most of their extent in common are one passage, and passages that match
    descend from one text, unless that made one of two texts which are both much longer. What lies inside the longer
    passages of one such text is a trimmed copy of it and belongs to its family. What lies inside the passages of two
    is a stock phrase: it makes a family of its own, and does not merge the two. A text that two or more others make
    up, each of which is more common by itself, was put together from them and does not merge them either.
    """
    if len(matches) == 0:
        return Grouping(np.empty(0, np.int64), np.empty((0, 4), np.int64))
    if len(matches) == 1:  # as the steps below have it, without their cost: most comparisons of two texts end here
        zero = np.zeros(1, np.int64)
        sides = (matches.a, matches.a_start, matches.a_stop, zero, matches.b, matches.b_start, matches.b_stop, zero)
        return Grouping(zero, np.concatenate(sides).reshape(2, 4))
    nodes = _passages(matches)
    joined, dissolved = _families(nodes)
    return _grouping(matches, nodes, joined[nodes.component], dissolved[nodes.component])


def _passages(matches: Extents) -> _Nodes:
    """Return the different passages of each document, which of them each match has on its sides, and of what text.

    A match of two texts that are both much longer does not make one of them: its sides become passages of their own,
    inside those of the longer texts, and are put together with others of that kind in the same way.
    """
    from textreuse._kernels.families import fill_nodes

    n = len(matches)
    sides = np.empty((2 * n, 3), np.int64)
    sides[:n] = np.column_stack([matches.a, matches.a_start, matches.a_stop])
    sides[n:] = np.column_stack([matches.b, matches.b_start, matches.b_stop])
    lengths = sides[:, 2] - sides[:, 1]
    longest = np.zeros(int(sides[:, 0].max(initial=-1)) + 1, np.int64)
    np.maximum.at(longest, sides[:, 0], lengths)
    size = 1 << max(4, int(4 * n).bit_length())
    table, keys, following = np.full(size, -1, np.int64), np.empty((size, 3), np.int64), np.empty(2 * n, np.int64)
    extents, parent, of = np.empty((2 * n, 3), np.int64), np.empty(2 * n, np.int64), np.empty(2 * n, np.int64)
    root, reach = np.arange(2 * n), np.empty(2 * n, np.int64)
    n_nodes, rest = 0, np.arange(n)
    while len(rest):  # the longest of them are always united
        both = np.concatenate([rest, rest + n])
        # longest first, and nothing but places decides among equals
        both = both[np.lexsort((sides[both, 1], -lengths[both], sides[both, 0]))]
        found = np.empty(len(both), np.int64)
        n_nodes = fill_nodes(
            sides[both], longest, ALIKE, INSIDE, LONGER, n_nodes, reach, table, keys, following, extents, parent, found
        )
        of[both] = found
        reach[:n_nodes] = _unite(
            of[rest], of[rest + n], np.maximum(lengths[rest], lengths[rest + n]), extents[:n_nodes], root[:n_nodes]
        )
        rest = rest[root[of[rest]] != root[of[rest + n]]]
    return _used(_Nodes(extents[:n_nodes], parent[:n_nodes], root[:n_nodes], of[:n], of[n:]))


def _unite(
    left: Int64Array, right: Int64Array, lengths: Int64Array, extents: Int64Array, root: Int64Array
) -> Int64Array:
    """Put together what matches of these lengths say is of one text, in `root`; return by passage how long its text is.

    `root` is by passage the first that is of one text with it.
    """
    from textreuse._kernels.families import fill_components

    order = np.argsort(-lengths, kind="stable")
    fill_components(
        left[order], right[order], lengths[order], LONGER, root, _longest(extents, root), np.full(len(root), -1)
    )
    return _longest(extents, root)[root]


def _longest(extents: Int64Array, root: Int64Array) -> Int64Array:
    """Return the length of the longest passage that has each root."""
    longest = np.zeros(len(root), np.int64)
    np.maximum.at(longest, root, extents[:, 2] - extents[:, 1])
    return longest


def _used(nodes: _Nodes) -> _Nodes:
    """Return the passages that are on a side of a match; what lies in another lies in what is around that."""
    used = np.zeros(len(nodes.parent) + 1, bool)
    used[nodes.of_a] = used[nodes.of_b] = used[-1] = True  # -1 is none
    parent = nodes.parent.copy()
    while not used[parent].all():
        parent = np.where(used[parent], parent, parent[parent])
    used = used[:-1]
    number = np.append(np.cumsum(used) - 1, -1)
    component = np.unique(nodes.component[used], return_inverse=True)[1].astype(np.int64)
    return _Nodes(nodes.extents[used], number[parent[used]], component, number[nodes.of_a], number[nodes.of_b])


def _families(nodes: _Nodes) -> tuple[Int64Array, npt.NDArray[np.bool_]]:
    """Return by component the one it belongs to (itself, or the text that it is a part of), and which are dissolved."""
    from textreuse._kernels.families import fill_joined

    component = nodes.component
    n = int(component.max(initial=-1)) + 1
    lengths = nodes.extents[:, 2] - nodes.extents[:, 1]
    longest = np.zeros(n, np.int64)
    np.maximum.at(longest, component, lengths)
    total = np.bincount(component, lengths, n).astype(np.int64)
    order = np.lexsort((-total, -longest))
    nested = np.flatnonzero(nodes.parent >= 0)
    inner, outer = component[nested], component[nodes.parent[nested]]
    different = inner != outer
    nested, inner, outer = nested[different], inner[different], outer[different]
    pairs, where = np.unique(inner * n + outer, return_inverse=True)
    children, parents = pairs // max(n, 1), pairs % max(n, 1)
    dissolved, largest = _composed(nodes, component, nested, where, children, parents)
    places = np.bincount(component, minlength=n)
    within = np.bincount(where, minlength=len(pairs))
    elsewhere = places[children] - within
    of_parent = np.minimum(places, MOST_PLACES)[parents]
    # what few witnesses of a text hold, and many others, is no part of the text: some added it
    usual = (2 * within >= of_parent) | ((PARTS * within >= of_parent) & (elsewhere <= within)) | (elsewhere == 0)
    usual &= TYPICAL * np.bincount(where, lengths[nested], len(pairs)) * places[children] >= total[children] * within
    longest_within = np.zeros(len(pairs), np.int64)
    np.maximum.at(longest_within, where, lengths[nested])
    usual &= LONGER * longest_within >= longest[children]
    children, parents = children[usual], parents[usual]
    bounds = np.searchsorted(children, np.arange(n + 1))
    joined = np.full(n, -1, np.int64)
    fill_joined(order, bounds, parents, dissolved, joined)
    for whole in order[::-1][dissolved[order[::-1]]].tolist():  # small ones first: a part may be dissolved too
        joined[whole] = joined[largest[whole]]
    return joined, dissolved


def _composed(
    nodes: _Nodes,
    component: Int64Array,
    nested: Int64Array,
    pair: Int64Array,
    children: Int64Array,
    parents: Int64Array,
) -> tuple[npt.NDArray[np.bool_], Int64Array]:
    """Return which components were put together from others, and the longest of those others.

    `nested` are the passages that lie inside another component's, `pair` says of which of the pairs (children,
    parents) each is. A whole was put together where two parts meet: both are found elsewhere, they make up most of it,
    and hardly anything found elsewhere reaches over the place where they meet. (Copies of one text that were trimmed in
    different ways overlap.)
    """
    n = int(component.max(initial=-1)) + 1
    within = np.bincount(pair, minlength=len(children))
    places = np.bincount(component, minlength=n)
    elsewhere = places[children] - within
    outer = nodes.extents[nodes.parent[nested]]
    length = outer[:, 2] - outer[:, 1]
    # in 1/10,000 of the whole; rounded, because the order of summands, which is that of documents, must not matter
    start, stop = (
        np.clip(np.round(np.bincount(pair, share, len(children)) / within * 1e4), 0, 10_000).astype(np.int64)
        for share in (
            (nodes.extents[nested, 1] - outer[:, 1]) / length,
            (nodes.extents[nested, 2] - outer[:, 1]) / length,
        )
    )
    dissolved, largest = np.zeros(n, bool), np.full(n, -1, np.int64)
    known = np.flatnonzero((elsewhere > 0) & (2 * within >= places[parents]))
    if not len(known):
        return dissolved, largest
    part, whole, start, stop, weight = children[known], parents[known], start[known], stop[known], elsewhere[known]
    by_stop, by_start = np.lexsort((start, stop, whole)), np.lexsort((stop, start, whole))
    key_stop, key_start = (whole << 16 | stop)[by_stop], (whole << 16 | start)[by_start]
    sum_stop, sum_start = (np.concatenate([[0], np.cumsum(weight[by])]) for by in (by_stop, by_start))
    first, last = np.searchsorted(key_stop, whole << 16), np.searchsorted(key_stop, (whole + 1) << 16)
    # each part is tried as the one before the place
    before = np.searchsorted(key_stop, (whole << 16) + stop + MEETING, side="right")
    after = np.searchsorted(key_start, (whole << 16) + np.maximum(0, stop - MEETING))
    left, right = sum_stop[before] - sum_stop[first], sum_start[last] - sum_start[after]
    across = sum_stop[last] - sum_stop[first] - left - right
    following = np.minimum(after, len(known) - 1)
    covered = stop - start[by_start][first] + stop[by_stop][last - 1] - start[by_start][following]
    few = places[whole] <= 2 * np.minimum(left, right)
    meets = few & (after < last) & (covered >= COMPOSED) & (ACROSS * across <= np.minimum(left, right))
    dissolved[whole[meets]] = True
    order = np.lexsort((-start, stop - start, whole))
    order = order[dissolved[whole[order]]]
    largest[whole[order]] = part[order]  # the last of each whole stays: the longest part, of equals the first
    return dissolved, largest


def _grouping(matches: Extents, nodes: _Nodes, of_node: Int64Array, dissolved: npt.NDArray[np.bool_]) -> Grouping:
    """Return the families numbered by their first match, each with its widest members."""
    from textreuse._kernels.families import fill_hidden, merge_members

    of_match = of_node[nodes.of_a]  # that of the other side too: matches connect within components
    numbers = number_families(of_match)
    hidden = np.zeros(len(of_node), bool)
    members = np.column_stack([nodes.extents[:, 0], *_usual_extents(matches, nodes), nodes.parent])
    fill_hidden(members, of_node, dissolved, hidden)
    members[:, 3] = numbers[of_node]
    members = members[~hidden]
    members = members[np.lexsort((members[:, 2], members[:, 1], members[:, 0], members[:, 3]))]
    alive = np.ones(len(members), bool)
    merge_members(members, alive)
    return Grouping(numbers[of_match], members[alive])


def _usual_extents(matches: Extents, nodes: _Nodes) -> tuple[Int64Array, Int64Array]:
    """Return starts and stops by passage, as far out as a quarter of its matches reach: a few reach too far."""
    node = np.concatenate([nodes.of_a, nodes.of_b])
    count = np.bincount(node, minlength=len(nodes.extents))
    first = np.cumsum(count) - count
    starts = np.concatenate([matches.a_start, matches.b_start])
    stops = np.concatenate([matches.a_stop, matches.b_stop])
    place = first + (count - 1) // 4
    return starts[np.lexsort((starts, node))][place], stops[np.lexsort((-stops, node))][place]


def number_families(labels: Int64Array) -> npt.NDArray[np.int64]:
    """Return a table from labels to numbers in order of first use."""
    used, first = np.unique(labels, return_index=True)
    table = np.full(int(used.max(initial=-1)) + 1, -1, np.int64)
    table[used[np.argsort(first)]] = np.arange(len(used))
    return table
