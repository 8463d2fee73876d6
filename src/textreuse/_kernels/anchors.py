"""Groups of anchors with equal shingle ids, and the hits between documents that they give."""

from __future__ import annotations

import numpy as np

from textreuse._kernels._jit import inner_kernel, kernel

POSITION = np.uint64(0xFFFFFFFF)  # the parts of a member of a group: see AnchorIndex
DOCUMENT = np.uint64(0x3FFFFFFF)
OF_PLAIN, OF_REPRINTED, BEST, DRAWN = np.uint8(1), np.uint8(2), np.uint8(4), np.uint8(8)  # what links two documents
ANY = OF_PLAIN | OF_REPRINTED | BEST | DRAWN
BY_KIND = np.array([OF_PLAIN, 0, OF_REPRINTED], np.uint8)  # a shingle that is plain, widespread, reprinted
REST, HEAD_INSIDE = np.uint64(0), np.uint64(1)  # its flags: no head; a head, but not the first of its group


@inner_kernel
def _drop_series(keys, first, last, mask, anchor_document, anchor_position, period, order, is_head, group_start):
    """Move the inner members of series of equal small distances behind the others; returns where they start."""
    for s in range(first + 2, last - 1):
        a = np.int64(keys[s - 2] & mask)
        b = np.int64(keys[s - 1] & mask)
        c = np.int64(keys[s] & mask)
        d = np.int64(keys[s + 1] & mask)
        if anchor_document[a] != anchor_document[d]:
            continue
        step = anchor_position[b] - anchor_position[a]
        if (
            step <= period
            and anchor_position[c] - anchor_position[b] == step
            and anchor_position[d] - anchor_position[c] == step
        ):
            is_head[s] = 1  # for the moment: dropped
    kept = first
    dropped = last
    for s in range(first, last):
        if is_head[s] == 1:
            dropped -= 1
            anchor = np.int64(keys[s] & mask)
            order[dropped] = anchor
            group_start[anchor] = -1
        else:
            keys[kept] = keys[s]
            kept += 1
    for s in range(first, last):
        # those dropped look like a group of their own, so that a walk over the others ends before them
        is_head[s] = 1 if s >= kept else 0
    return kept


@kernel
def fill_groups(
    keys, first, last, shift, anchor_document, anchor_position, document_side, n_sides, document_group, cap,
    cap_document, period, order, is_head, group_start, hits,
):  # fmt: skip
    """Group the sorted keys `first` to `last`, which are whole groups, and choose the heads of each group.

    `keys` are sorted; the lowest `shift` bits are the anchor's number, the rest its shingle id. Fills `order` (the
    anchors, heads first within each group, each part ascending), `is_head` (zeros before), `group_start` (by
    anchor: where its group starts in `order`, -1 for a group of one) and adds to `hits` (by document) an upper bound of
    its hits with earlier documents. Heads: the first members in order of document and position, at most `cap` a side,
    at most `cap_document` a document, and at most half of `cap` of one user-given document group (-1: no group).
    Members that recur at equal distances of at most `period` tokens (la la la) are left out but for the first two and
    the last of such a series: they are one passage, not many. `keys` become what `AnchorIndex` calls members.
    Returns (groups, groups with members that are no heads, pairs of members that are not listed).
    """
    mask = (np.uint64(1) << np.uint64(shift)) - np.uint64(1)
    n_groups = 0
    n_bounded = 0
    n_unlisted = 0
    i = first
    while i < last:
        prefix = keys[i] >> np.uint64(shift)
        end = i + 1
        while end < last and (keys[end] >> np.uint64(shift)) == prefix:
            end += 1
        j = end
        if end - i > 3:
            j = _drop_series(keys, i, end, mask, anchor_document, anchor_position, period, order, is_head, group_start)
        size = j - i
        n_groups += 1
        if size == 1:
            anchor = np.int64(keys[i] & mask)
            order[i] = anchor
            is_head[i] = 1
            group_start[anchor] = -1
        elif size <= cap and size <= cap_document:
            for s in range(i, j):
                anchor = np.int64(keys[s] & mask)
                order[s] = anchor
                is_head[s] = 1
                group_start[anchor] = i
                hits[anchor_document[anchor]] += s - i
        else:
            n_heads = 0
            for side in range(n_sides):
                of_side = 0
                document = np.int64(-1)
                of_document = 0
                first_group = np.int64(-1)
                of_first_group = 0
                for s in range(i, j):
                    if of_side >= cap:
                        break
                    d = np.int64(anchor_document[np.int64(keys[s] & mask)])
                    if n_sides > 1 and document_side[d] != side:
                        continue
                    if d != document:
                        document = d
                        of_document = 0
                    if of_side == 0:
                        first_group = np.int64(document_group[d])
                    # one user-given group may not fill all places: its documents would have no partners
                    in_first_group = first_group >= 0 and document_group[d] == first_group
                    if of_document >= cap_document or (in_first_group and 2 * of_first_group >= cap):
                        continue
                    of_side += 1
                    of_document += 1
                    if in_first_group:
                        of_first_group += 1
                    is_head[s] = 1
                    n_heads += 1
            # stable partition: heads to the front (is_head still speaks of the old places)
            head_at = i
            rest_at = i + n_heads
            for s in range(i, j):
                anchor = np.int64(keys[s] & mask)
                group_start[anchor] = i
                if is_head[s] == 1:
                    hits[anchor_document[anchor]] += s - i
                    order[head_at] = anchor
                    head_at += 1
                else:
                    hits[anchor_document[anchor]] += head_at - i
                    order[rest_at] = anchor
                    rest_at += 1
            for s in range(i, j):
                is_head[s] = 1 if s < i + n_heads else 0
            rest = size - n_heads
            if rest > 0:
                n_bounded += 1
                n_unlisted += rest * (rest - 1) // 2
        is_head[i] |= 2
        if j < end:
            is_head[j] |= 2
        for s in range(i, end):
            anchor = np.int64(order[s])
            keys[s] = np.uint64(is_head[s]) << np.uint64(62)
            keys[s] |= (np.uint64(anchor_document[anchor]) << np.uint64(32)) | np.uint64(anchor_position[anchor])
        i = end
    return n_groups, n_bounded, n_unlisted


@inner_kernel
def _list_partners(
    q, anchor_bounds, anchor_position, group_start, members, document_side, n_sides, document_group, document_twin,
    within, starts, listed,
):  # fmt: skip
    """List the members that each anchor of document q is paired with: listed[starts[i] : starts[i + 1]] for the i-th.

    A head is paired with all members of its group before it, any other member with the heads before it. Documents of
    one `document_twin` (-1: none) are not paired: they are equal.
    """
    side = document_side[q] if n_sides > 1 else np.uint8(255)
    group = document_group[q]
    twin = document_twin[q]
    bounded = n_sides > 1 or group >= 0 or twin >= 0
    first = anchor_bounds[q]
    n = np.int64(0)
    for anchor in range(first, anchor_bounds[q + 1]):
        starts[anchor - first] = n
        s = np.int64(group_start[anchor])
        if s < 0:
            continue
        own = np.uint64(anchor_position[anchor])
        wanted = HEAD_INSIDE
        entry = members[s]
        while True:
            if (entry & POSITION) < own:
                t = np.int64((entry >> np.uint64(32)) & DOCUMENT)
                eligible = t != q or within
                if bounded and t != q:
                    eligible = not (
                        (n_sides > 1 and document_side[t] == side)
                        or (group >= 0 and document_group[t] == group)
                        or (twin >= 0 and document_twin[t] == twin)
                    )
                listed[n] = entry
                n += eligible
            elif (entry & POSITION) == own and wanted == HEAD_INSIDE:
                # a head itself: on to the members that are no heads, which follow behind the last head
                wanted = REST
                while s + 1 < len(members) and (members[s + 1] >> np.uint64(62)) == HEAD_INSIDE:
                    s += 1
            else:
                break
            s += 1
            if s == len(members):
                break
            entry = members[s]
            if (entry >> np.uint64(62)) != wanted:
                break
    starts[anchor_bounds[q + 1] - first] = n


@inner_kernel
def _lot(q, t):
    """Return a number drawn for a pair of documents (the finalizer of splitmix64)."""
    x = (np.uint64(q) << np.uint64(32)) | np.uint64(t)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@inner_kernel
def _choose_links(q, kinds, starts, listed, counts, links, seen):
    """Note in `links` what links document q with those listed, in `counts` their hits; returns how many are `seen`.

    A plain shingle links all documents that hold it. Any other links two, so that every occurrence of a text stays
    linked: with the one that has most hits with q, and with one drawn by lot. The lot of two documents is the same for
    all shingles, which keeps the number of pairs low.
    """
    n_seen = np.int64(0)
    for i in range(len(kinds)):
        for s in range(starts[i], starts[i + 1]):
            t = (listed[s] >> np.uint64(32)) & DOCUMENT
            seen[n_seen] = t
            n_seen += counts[t] == 0
            counts[t] += 1
            links[t] |= BY_KIND[kinds[i]]
    for i in range(len(kinds)):
        if kinds[i] == 0 or starts[i] == starts[i + 1]:
            continue
        best = drawn = (listed[starts[i]] >> np.uint64(32)) & DOCUMENT
        lowest = _lot(q, drawn)
        for s in range(starts[i] + 1, starts[i + 1]):
            t = (listed[s] >> np.uint64(32)) & DOCUMENT
            if counts[t] > counts[best]:
                best = t
            lot = _lot(q, t)
            if lot < lowest:
                lowest = lot
                drawn = t
        links[best] |= BEST
        links[drawn] |= DRAWN
    return n_seen


@inner_kernel
def _number_of(values, value):
    """Return how often a value stands among the values."""
    n = 0
    for one in values:
        n += one == value
    return n


@kernel
def fill_hits(
    first_document, last_document, anchor_bounds, anchor_position, bounds, group_start, members, document_side, n_sides,
    document_group, document_twin, within, target_bits, query_bits, min_hits, kind, only_reprinted, starts, listed,
    counts, links, seen, hits, drawn,
):  # fmt: skip
    """Write a key per hit of the documents first..last with earlier documents (or with themselves, if `within`).

    Key: document number within the batch, then the position of the earlier anchor in the whole collection, then that of
    the later one within its document, then two bits: 2 for a hit of a shingle that is not widespread (`kind` 1, by
    anchor), 1 for another if a widespread one links the two documents, else 0. Sorting keys orders hits by pair of
    documents and position. Left out are pairs with fewer than `min_hits`, which spares sorting most hits, and pairs
    that nothing links (see `_choose_links`); with `only_reprinted` also those without a hit of `kind` 2. An empty
    `kind` stands for 0 throughout.

    `members` (see `AnchorIndex`) are the anchors by group. `counts` and `links` (zeros, by document), `seen` (as long,
    and one), `starts` (as many as a document has anchors, and one) and `listed` (as many as it has hits) are scratch.
    `drawn` gets the pairs linked by lot, earlier * number of documents + later. Returns (hits written, hits of all
    linked pairs, linked pairs, hits of others, pairs linked by lot).
    """
    n = 0
    n_all = 0
    n_pairs = 0
    n_passed = 0
    n_drawn = 0
    needed = OF_REPRINTED if only_reprinted else ANY
    no_kinds = np.zeros(len(starts), np.uint8)
    for q in range(first_document, last_document):
        if only_reprinted and _number_of(kind[anchor_bounds[q] : anchor_bounds[q + 1]], 2) == 0:
            continue
        _list_partners(
            q, anchor_bounds, anchor_position, group_start, members, document_side, n_sides, document_group,
            document_twin, within, starts, listed,
        )  # fmt: skip
        first = anchor_bounds[q]
        n_anchors = anchor_bounds[q + 1] - first
        kinds = kind[first : first + n_anchors] if len(kind) > 0 else no_kinds[:n_anchors]
        n_seen = _choose_links(q, kinds, starts, listed, counts, links, seen)
        high = np.uint64(q - first_document) << np.uint64(target_bits + query_bits)
        for i in range(n_anchors):
            key = high | np.uint64(anchor_position[first + i] - bounds[q])
            for s in range(starts[i], starts[i + 1]):
                t = (listed[s] >> np.uint64(32)) & DOCUMENT
                if (links[t] & needed) == 0 or counts[t] < min_hits:
                    continue
                mark = np.uint64(2)
                if kinds[i] == 1:
                    mark = np.uint64((links[t] & (BEST | DRAWN)) > 0)
                hits[n] = ((key | (listed[s] & POSITION) << np.uint64(query_bits)) << np.uint64(2)) | mark
                n += 1
        for s in range(n_seen):
            t = seen[s]
            if (links[t] & needed) != 0:
                n_pairs += 1
                n_all += counts[t]
                if links[t] & DRAWN:
                    drawn[n_drawn] = np.int64(t) * (len(bounds) - 1) + q
                    n_drawn += 1
            else:
                n_passed += counts[t]
            counts[t] = 0
            links[t] = 0
    return n, n_all, n_pairs, n_passed, n_drawn
