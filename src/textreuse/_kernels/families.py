"""Grouping of matched passages by descent: which places of a document are one passage, and what lies inside what."""

from __future__ import annotations

import numpy as np

from textreuse._kernels._jit import inner_kernel, kernel


@inner_kernel
def _class_of(length):
    """Return the power of two at or below a length: passages that are alike are of one class or of neighboring ones."""
    found = 0
    while length > 1:
        length >>= 1
        found += 1
    return found


@inner_kernel
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


@inner_kernel
def _most_alike(table, keys, following, nodes, reach, longer, document, start, stop, alike):
    """Return the node that has most in common with start..stop, `alike`/256 of the extent of both at least; or -1.

    `reach` is the length of the text that each is of: none is chosen where that is over `longer` times as long.
    """
    best = np.int64(-1)
    best_common = np.int64(0)
    best_both = np.int64(1)
    smallest = _class_of(stop - start)
    for size in range(max(0, smallest - 1), smallest + 2):  # of passages so much alike one is not twice as long
        bucket = start >> size
        for near in range(bucket - 1, bucket + 2):
            node = table[_slot(table, keys, document, size, near)]
            while node >= 0:
                common = min(stop, nodes[node, 2]) - max(start, nodes[node, 1])
                both = max(stop, nodes[node, 2]) - min(start, nodes[node, 1])
                ahead = common * best_both - best_common * both
                # >: of equals the earlier node, which does not depend on the order within a bucket
                fits = 256 * common >= alike * both and reach[node] <= longer * (stop - start)
                if fits and (ahead > 0 or (ahead == 0 and node < best)):
                    best = node
                    best_common = common
                    best_both = both
                node = following[node]
    return best


@inner_kernel
def _smallest_around(table, keys, following, nodes, document, start, stop, inside, largest):
    """Return the shortest node as long as start..stop that holds `inside`/256 of it; of equals the earliest; or -1."""
    length = stop - start
    for size in range(_class_of(length), largest + 1):
        best = np.int64(-1)
        for near in range((start >> size) - 2, ((start + length) >> size) + 1):
            node = table[_slot(table, keys, document, size, near)]
            while node >= 0:
                common = min(stop, nodes[node, 2]) - max(start, nodes[node, 1])
                if nodes[node, 2] - nodes[node, 1] >= length and 256 * common >= inside * length:
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
def fill_nodes(
    sides, longest, alike, inside, longer, n_nodes, reach, table, keys, following, nodes, parent, node_of_side
):
    """Assign each side (document, start, stop; by document, longest first) to a node; returns how many there are.

    A node (document, start, stop) is one passage of one document; the extent is that of its first side. `parent` is
    the shortest longer node around it, or -1. `n_nodes` of them are there already; sides are assigned to these only
    where the text that they are of, `reach` long, is at most `longer` times as long as the side. `longest` is by
    document the length of its longest side of all. `table` (a power of two long) holds -1 at first, `keys` has a row of
    three each.
    """
    for s in range(len(sides)):
        document, start, stop = sides[s, 0], sides[s, 1], sides[s, 2]
        node = _most_alike(table, keys, following, nodes, reach, longer, document, start, stop, alike)
        if node < 0:
            node = n_nodes
            largest = _class_of(longest[document])
            parent[node] = _smallest_around(table, keys, following, nodes, document, start, stop, inside, largest)
            nodes[node, 0] = document
            nodes[node, 1] = start
            nodes[node, 2] = stop
            reach[node] = 0
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


@inner_kernel
def _find(root, item):
    """Return the representative of an item; halves the path to it."""
    while root[item] != item:
        root[item] = root[root[item]]
        item = root[item]
    return item


@inner_kernel
def _unite(root, longest, item, other):
    """Make one component of two, represented by the lesser item and as long as the longer."""
    x = _find(root, item)
    y = _find(root, other)
    low, high = min(x, y), max(x, y)
    root[high] = low
    longest[low] = max(longest[low], longest[high])


@inner_kernel
def _find_longer(left, right, most, root, longest, only):
    """Note by component of at most `most` the longer one that it is linked to: -1 if there is none, -2 if several."""
    for i in range(len(left)):
        x = _find(root, left[i])
        y = _find(root, right[i])
        if longest[x] > longest[y]:
            x, y = y, x
        if longest[x] <= most and longest[y] > most:
            only[x] = y if only[x] == -1 or only[x] == y else -2


@kernel
def fill_components(left, right, lengths, longer, root, longest, only):
    """Unite left[i] with right[i], lengths[i] in descending order, unless both components are much longer than that.

    Much longer is more than `longer` times. What is linked to two such components at once, and so is a piece of both,
    stands by itself from then on. Those of equal length are looked at together, so that their order does not matter.
    `root` (its own index at first) gets the least item of each component; `longest` is the length of each item, and by
    that least item of each component; `only` holds -1.
    """
    start = 0
    while start < len(left):
        stop = start + 1
        while stop < len(left) and lengths[stop] == lengths[start]:
            stop += 1
        most = longer * lengths[start]
        for i in range(start, stop):
            x = _find(root, left[i])
            y = _find(root, right[i])
            if x != y and longest[x] <= most and longest[y] <= most:
                _unite(root, longest, x, y)
        _find_longer(left[start:stop], right[start:stop], most, root, longest, only)
        for i in range(start, stop):
            for item in (left[i], right[i]):
                x = _find(root, item)
                if only[x] >= 0:
                    _unite(root, longest, x, only[x])
                elif only[x] == -2:
                    longest[x] = np.int64(1) << np.int64(62)  # nothing is that long: it is united with no other
                only[x] = -1
        start = stop
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
