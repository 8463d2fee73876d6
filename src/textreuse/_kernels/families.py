"""Grouping of matched passages by descent: which places of a document are one passage, and what lies inside what."""

from __future__ import annotations

import numpy as np

from textreuse._kernels._jit import kernel


@kernel
def _class_of(length):
    """Return the power of two at or below a length: passages that are alike are of one class or of neighboring ones."""
    found = 0
    while length > 1:
        length >>= 1
        found += 1
    return found


@kernel
def _slot(table, keys, document, size, bucket):
    """Return the place in an open hash table of a document, a class of lengths and a bucket of starts."""
    mask = np.uint64(len(table) - 1)
    mixed = np.uint64(document) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= np.uint64(bucket + 4) * np.uint64(0xC2B2AE3D27D4EB4F)
    mixed ^= np.uint64(size + 1) * np.uint64(0x165667B19E3779F9)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(32)
    slot = np.int64(mixed & mask)
    while table[slot] >= 0 and (keys[slot, 0] != document or keys[slot, 1] != size or keys[slot, 2] != bucket):
        slot = np.int64(np.uint64(slot + 1) & mask)
    return slot


@kernel
def _most_alike(table, keys, following, nodes, document, start, stop, alike):
    """Return the node that has most in common with start..stop, `alike`/256 of the extent of both at least; or -1."""
    best = np.int64(-1)
    best_common = np.int64(0)
    best_both = np.int64(1)
    smallest = _class_of(stop - start)
    for size in range(smallest, smallest + 2):  # nodes are made longest first, so a node is no shorter
        bucket = start >> size
        for near in range(bucket - 1, bucket + 2):
            node = table[_slot(table, keys, document, size, near)]
            while node >= 0:
                common = min(stop, nodes[node, 2]) - max(start, nodes[node, 1])
                both = max(stop, nodes[node, 2]) - min(start, nodes[node, 1])
                ahead = common * best_both - best_common * both
                # >: of equals the earlier node, which does not depend on the order within a bucket
                if 256 * common >= alike * both and (ahead > 0 or (ahead == 0 and node < best)):
                    best = node
                    best_common = common
                    best_both = both
                node = following[node]
    return best


@kernel
def _smallest_around(table, keys, following, nodes, document, start, stop, inside, largest):
    """Return the shortest node that holds `inside`/256 of start..stop; of equals the earliest; or -1."""
    length = stop - start
    for size in range(_class_of(length), largest + 1):
        best = np.int64(-1)
        for near in range((start >> size) - 2, ((start + length) >> size) + 1):
            node = table[_slot(table, keys, document, size, near)]
            while node >= 0:
                common = min(stop, nodes[node, 2]) - max(start, nodes[node, 1])
                if 256 * common >= inside * length:
                    longer = np.int64(1)
                    if best >= 0:
                        longer = (nodes[node, 2] - nodes[node, 1]) - (nodes[best, 2] - nodes[best, 1])
                    if best < 0 or longer < 0 or (longer == 0 and node < best):
                        best = node
                node = following[node]
        if best >= 0:
            return best
    return np.int64(-1)


@kernel
def fill_nodes(sides, alike, inside, table, keys, following, nodes, parent, node_of_side):
    """Assign each side (document, start, stop; by document, longest first) to a node; returns how many there are.

    A node (document, start, stop) is one passage of one document; the extent is that of its longest side. `parent` is
    the shortest longer node around it, or -1. `table` (a power of two long) holds -1, `keys` has a row of three each.
    """
    n_nodes = 0
    largest = 0
    for s in range(len(sides)):
        document, start, stop = sides[s, 0], sides[s, 1], sides[s, 2]
        if s == 0 or document != sides[s - 1, 0]:
            largest = _class_of(stop - start)
        node = _most_alike(table, keys, following, nodes, document, start, stop, alike)
        if node < 0:
            node = n_nodes
            parent[node] = _smallest_around(table, keys, following, nodes, document, start, stop, inside, largest)
            nodes[node, 0] = document
            nodes[node, 1] = start
            nodes[node, 2] = stop
            size = _class_of(stop - start)
            slot = _slot(table, keys, document, size, start >> size)
            if table[slot] < 0:
                keys[slot, 0] = document
                keys[slot, 1] = size
                keys[slot, 2] = start >> size
            following[node] = table[slot]
            table[slot] = node
            n_nodes += 1
        node_of_side[s] = node
    return n_nodes


@kernel
def _find(root, item):
    """Return the representative of an item; halves the path to it."""
    while root[item] != item:
        root[item] = root[root[item]]
        item = root[item]
    return item


@kernel
def fill_components(left, right, root):
    """Unite left[i] with right[i] for all i; `root` (its own index at first) gets the least item of each component."""
    for i in range(len(left)):
        x = _find(root, left[i])
        y = _find(root, right[i])
        if x < y:
            root[y] = x
        elif y < x:
            root[x] = y
    for item in range(len(root)):
        root[item] = _find(root, item)


@kernel
def fill_joined(order, bounds, around, dissolved, joined):
    """Let each component join the one that it lies inside of, if that is one; larger components come first in `order`.

    Component c lies inside around[bounds[c] : bounds[c + 1]]. `joined` is -1 at first and gets, by component, the one
    it has become part of in the end, itself where it stands by itself. Inside of two that stand by themselves is a
    stock phrase, which makes no family of them. A dissolved component is nothing to join.
    """
    for i in range(len(order)):
        component = order[i]
        only = np.int64(-1)
        several = False
        for j in range(bounds[component], bounds[component + 1]):
            if dissolved[around[j]]:
                continue
            outer = joined[around[j]]
            if outer < 0 or outer == only:  # not larger, so not decided yet
                continue
            several = several or only >= 0
            only = outer
        joined[component] = component if only < 0 or several else only


@kernel
def fill_hidden(nodes, family, dissolved, hidden):
    """Mark the nodes that lie inside a longer node of their own family, and dissolved ones that hold a part of it.

    The longer node grows over what of the shorter one it does not hold. `nodes` has a row of document, start, stop
    and the node around it, which comes before.
    """
    for n in range(len(nodes) - 1, -1, -1):  # inner ones first, so that what they add is handed on
        outer = np.int64(-1) if dissolved[n] else nodes[n, 3]
        while outer >= 0:
            if family[outer] == family[n]:
                if dissolved[outer]:
                    hidden[outer] = True
                else:
                    hidden[n] = True
                    nodes[outer, 1] = min(nodes[outer, 1], nodes[n, 1])
                    nodes[outer, 2] = max(nodes[outer, 2], nodes[n, 2])
                    break
            outer = nodes[outer, 3]


@kernel
def merge_members(members, alive):
    """Make one of the members (document, start, stop, family; sorted by family, document, start) that share half."""
    last = np.int64(-1)
    for m in range(len(members)):
        if last >= 0 and members[last, 3] == members[m, 3] and members[last, 0] == members[m, 0]:
            common = min(members[last, 2], members[m, 2]) - members[m, 1]
            shorter = min(members[last, 2] - members[last, 1], members[m, 2] - members[m, 1])
            if 2 * common >= shorter:
                members[last, 2] = max(members[last, 2], members[m, 2])
                alive[m] = False
                continue
        last = np.int64(m)
