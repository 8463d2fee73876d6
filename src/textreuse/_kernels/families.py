"""Grouping of matched passages by descent."""

from __future__ import annotations

import numpy as np

from textreuse._kernels._jit import kernel


@kernel
def _find(parent, family):
    """Return the representative of a family; halves the path to it."""
    while parent[family] != family:
        parent[family] = parent[parent[family]]
        family = parent[family]
    return family


@kernel
def _lookup(head, following, nodes, document, start, stop):
    """Return (the node of this document most like start..stop, if at least half of both is common; or -1, the shortest
    node that holds most of it, or -1).
    """
    alike = np.int64(-1)
    alike_common = np.int64(0)
    alike_all = np.int64(1)
    around = np.int64(-1)
    node = head[document]
    while node >= 0:
        common = min(stop, nodes[node, 2]) - max(start, nodes[node, 1])
        if common > 0:
            both = max(stop, nodes[node, 2]) - min(start, nodes[node, 1])
            if 2 * common >= both and common * alike_all > alike_common * both:
                alike = node
                alike_common = common
                alike_all = both
            if 5 * common >= 4 * (stop - start) and (
                around < 0 or nodes[node, 2] - nodes[node, 1] < nodes[around, 2] - nodes[around, 1]
            ):
                around = node
        node = following[node]
    return alike, around


@kernel
def fill_families(rows, head, following, nodes, parent, family):
    """Assign a family to each row (documents, starts, stops; longest rows first); returns (nodes, families made).

    A node (document, start, stop, family) is one passage of one document. Two passages that a row matches belong to
    one family. A row that lies inside longer passages of two different families is a bridge (a stock phrase that both
    contain): it starts a family of its own. `head` is -1 by document, `nodes` and `following` hold two places a row.
    """
    n_nodes = 0
    n_families = 0
    for r in range(len(rows)):
        alike_x, around_x = _lookup(head, following, nodes, rows[r, 0], rows[r, 2], rows[r, 3])
        alike_y, around_y = _lookup(head, following, nodes, rows[r, 1], rows[r, 4], rows[r, 5])
        if rows[r, 0] == rows[r, 1] and alike_x >= 0 and alike_x == alike_y:
            alike_y = np.int64(-1)
        own_x = _find(parent, nodes[alike_x, 3]) if alike_x >= 0 else -1
        own_y = _find(parent, nodes[alike_y, 3]) if alike_y >= 0 else -1
        outer_x = _find(parent, nodes[around_x, 3]) if around_x >= 0 else -1
        outer_y = _find(parent, nodes[around_y, 3]) if around_y >= 0 else -1
        if own_x >= 0 and own_y >= 0:
            chosen = min(own_x, own_y)
            parent[max(own_x, own_y)] = chosen
        elif own_x >= 0:
            chosen = own_x
        elif own_y >= 0:
            chosen = own_y
        elif outer_x >= 0 and (outer_y < 0 or outer_y == outer_x):
            chosen = outer_x
        elif outer_y >= 0 and outer_x < 0:
            chosen = outer_y
        else:
            chosen = n_families
            parent[n_families] = n_families
            n_families += 1
        for side in range(2):
            alike = alike_x if side == 0 else alike_y
            outer = outer_x if side == 0 else outer_y
            start = rows[r, 2] if side == 0 else rows[r, 4]
            stop = rows[r, 3] if side == 0 else rows[r, 5]
            if alike >= 0:
                nodes[alike, 1] = min(nodes[alike, 1], start)
                nodes[alike, 2] = max(nodes[alike, 2], stop)
            elif outer != chosen:
                nodes[n_nodes, 0] = rows[r, side]
                nodes[n_nodes, 1] = start
                nodes[n_nodes, 2] = stop
                nodes[n_nodes, 3] = chosen
                following[n_nodes] = head[rows[r, side]]
                head[rows[r, side]] = n_nodes
                n_nodes += 1
        family[r] = chosen
    for r in range(len(rows)):
        family[r] = _find(parent, family[r])
    for node in range(n_nodes):
        nodes[node, 3] = _find(parent, nodes[node, 3])
    return n_nodes, n_families
