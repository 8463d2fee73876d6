"""Matches to families: groups of passages that descend from one text."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from textreuse.model import Extents, Int64Array


class Grouping(NamedTuple):
    """The family of each match, and the members of the families.

    `family` counts from 0 in order of each family's first match. `nodes` has a row per member: document, first token,
    last token + 1, family; in order of family, document and place.
    """

    family: Int64Array
    nodes: Int64Array


def group_matches(matches: Extents, n_documents: int) -> Grouping:
    """Return the families of `matches`.

    Passages of one document that have at least half of their extent in common are one passage, and passages that match
    are of one family; a passage inside a longer one belongs to the longer one's family. Longer matches are grouped
    first, so that a short one that lies inside two different families is seen to be a bridge: it makes a family of its
    own instead of merging the two.
    """
    from textreuse._kernels.families import fill_families

    n = len(matches)
    length = np.maximum(matches.a_stop - matches.a_start, matches.b_stop - matches.b_start)
    by_length = np.lexsort((matches.b_start, matches.a_start, matches.b, matches.a, -length))
    rows = np.column_stack([matches.a, matches.b, matches.a_start, matches.a_stop, matches.b_start, matches.b_stop])[
        by_length
    ]
    nodes = np.empty((2 * n, 4), np.int64)
    family = np.empty(n, np.int64)
    n_nodes, _ = fill_families(
        rows, np.full(n_documents, -1, np.int64), np.empty(2 * n, np.int64), nodes, np.arange(n + 1), family
    )
    of_match = np.empty(n, np.int64)
    of_match[by_length] = family
    numbers = _by_first_use(of_match)
    nodes = nodes[:n_nodes]
    nodes[:, 3] = numbers[nodes[:, 3]]
    order = np.lexsort((nodes[:, 2], nodes[:, 1], nodes[:, 0], nodes[:, 3]))
    return Grouping(numbers[of_match], nodes[order])


def _by_first_use(labels: Int64Array) -> npt.NDArray[np.int64]:
    """Return a table from labels to numbers in order of first use."""
    used, first = np.unique(labels, return_index=True)
    table = np.full(int(used.max(initial=-1)) + 1, -1, np.int64)
    table[used[np.argsort(first)]] = np.arange(len(used))
    return table
