"""Groups of anchors with equal shingle ids, and the hits between documents that they give."""

from __future__ import annotations

import numpy as np

from textreuse._kernels._jit import kernel


@kernel
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
    anchors, heads first within each group, each part ascending), `is_head`, `group_start` (by anchor: where its group
    starts in `order`, -1 for a group of one) and adds to `hits` (by document) an upper bound of its hits with earlier
    documents. Heads: the first members in order of document and position, at most `cap` a side, at most
    `cap_document` a document, and at most half of `cap` of one user-given document group (-1: no group).
    Members that recur at equal distances of at most `period` tokens (la la la) are left out but for the first two and
    the last of such a series: they are one passage, not many. Overwrites `keys`.
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
        i = end
    return n_groups, n_bounded, n_unlisted


@kernel
def fill_hits(
    first_document, last_document, anchor_bounds, anchor_position, bounds, group_start, order, order_position,
    order_document, is_head, document_side, n_sides, document_group, document_twin, within, target_bits, query_bits,
    min_hits, counts, seen, hits, hit_documents,
):  # fmt: skip
    """Write a key per hit of the documents first..last with heads of earlier documents (or of the same, if `within`).

    Key: document number within the batch, then the position of the earlier anchor in the whole collection, then that of
    the later one within its document: sorting keys orders hits by pair of documents and position. A head is paired
    with all members of its group before it, any other member with the heads before it. Documents of one
    `document_twin` (-1: none) are not paired: they are equal. Pairs of documents with fewer than `min_hits` are left
    out, which spares sorting most hits. `order_position` and `order_document` are those of each anchor in `order`.
    `counts` (zeros, by document), `seen` (as long, and one) and `hit_documents` (as `hits`) are scratch.
    Returns (hits written, all hits, pairs of documents with hits).
    """
    n = 0
    n_all = 0
    n_pairs = 0
    for q in range(first_document, last_document):
        first = n
        n_seen = 0
        side = document_side[q] if n_sides > 1 else np.uint8(255)
        group = document_group[q]
        twin = document_twin[q]
        for anchor in range(anchor_bounds[q], anchor_bounds[q + 1]):
            start = group_start[anchor]
            if start < 0:
                continue
            own = anchor_position[anchor]
            key = (np.uint64(q - first_document) << np.uint64(target_bits + query_bits)) | np.uint64(own - bounds[q])
            s = start
            is_own_head = False
            while s < len(order) and (is_head[s] == 1) != is_own_head:
                member = np.int64(order_position[s])
                if member >= own:
                    if member > own or is_own_head:
                        break
                    # a head pairs with all members before it; those that are no heads follow behind the last head
                    is_own_head = True
                    s += 1
                    while s < len(order) and is_head[s] == 1 and group_start[order[s]] == start:
                        s += 1
                    continue
                t = order_document[s]
                if t == q:
                    eligible = within
                else:
                    eligible = not (
                        (n_sides > 1 and document_side[t] == side)
                        or (group >= 0 and document_group[t] == group)
                        or (twin >= 0 and document_twin[t] == twin)
                    )
                if eligible:
                    hits[n] = key | (np.uint64(member) << np.uint64(query_bits))
                    hit_documents[n] = t
                    n += 1
                    seen[n_seen] = t
                    n_seen += counts[t] == 0
                    counts[t] += 1
                s += 1
        n_all += n - first
        kept = first
        for s in range(first, n):
            hits[kept] = hits[s]
            kept += counts[hit_documents[s]] >= min_hits
        n = kept
        n_pairs += n_seen
        for s in range(n_seen):
            counts[seen[s]] = 0
    return n, n_all, n_pairs
