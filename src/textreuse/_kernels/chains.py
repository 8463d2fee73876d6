"""Chains of exact common runs inside each pair of documents, from sorted hits.

Seed and chain as in minimap2 (Li 2018), in three steps: hits far from all others are dropped, the rest grow to
maximal exact runs, and runs that follow each other in both documents are chained. No order is asked across chains,
and a place may belong to several.
"""

from __future__ import annotations

import numpy as np

from textreuse._kernels._jit import kernel

LOOKBACK = 64  # runs tried as the one before, of those that stop close before a run starts
BUDGET = 256  # tokens that runs of a pair may grow in all, per token of the two documents; only repetitions need more
REACH = 4096  # tokens that a run then still grows from a hit
ACTIVE = 256  # groups nearby that a chain may join
OVERLAP = 8  # tokens by which the run before may reach into a run


@kernel
def _split(axis, order, first, last, gap, pieces, n_pieces, depth):
    """Sort order[first:last] by `axis` and push the pieces between gaps wider than `gap` onto a stack."""
    part = order[first:last]
    if len(part) <= 24:
        for i in range(1, len(part)):
            item = part[i]
            j = i - 1
            while j >= 0 and axis[part[j]] > axis[item]:
                part[j + 1] = part[j]
                j -= 1
            part[j + 1] = item
    else:
        values = np.empty(len(part), np.int64)
        for i in range(len(part)):
            values[i] = (np.int64(axis[part[i]]) << 31) | np.int64(part[i])
        values.sort()
        for i in range(len(part)):
            part[i] = values[i] & ((np.int64(1) << 31) - 1)
    start = first
    for i in range(first + 1, last + 1):
        if i == last or axis[order[i]] - axis[order[i - 1]] > gap:
            pieces[n_pieces, 0] = start
            pieces[n_pieces, 1] = i
            # a piece that is the whole has not been split by this axis
            pieces[n_pieces, 2] = depth + 1 if (start == first and i == last) else 0
            n_pieces += 1
            start = i
    return n_pieces


@kernel
def _group_chains(found, gap, strong, is_self):
    """Write into column 7 which group each chain belongs to (the number of one of its chains).

    Columns 0 to 4 are x start, x stop, y start, y stop, tokens covered. A chain that covers fewer than `strong` tokens
    joins what stands within `gap` of it on both sides and does not lie beside it on the same words. Strong chains never
    join each other.
    """
    n = len(found)
    # boxes of groups grow: columns 0 to 3 of `box`, 4: the group has a strong chain, 5: it still stands for itself
    box = np.empty((n, 6), np.int64)
    for c in range(n):
        found[c, 7] = c
    if n == 1:
        return
    order = np.argsort(found[:, 0].copy(), kind="mergesort")
    active = np.empty(n, np.int64)
    n_active = 0
    for place in range(n):
        c = order[place]
        box[c, 0] = found[c, 0]
        box[c, 1] = found[c, 1]
        box[c, 2] = found[c, 2]
        box[c, 3] = found[c, 3]
        box[c, 4] = 1 if found[c, 4] >= strong else 0
        box[c, 5] = 1
        still = 0
        g = c
        if n_active > ACTIVE:
            for k in range(ACTIVE):
                active[k] = active[n_active - ACTIVE + k]
            n_active = ACTIVE
        for k in range(n_active):
            o = active[k]
            if box[o, 5] == 0 or box[o, 1] + gap < box[c, 0]:
                continue
            active[still] = o
            still += 1
            far_x = max(box[o, 0], box[g, 0]) - min(box[o, 1], box[g, 1])
            far_y = max(box[o, 2], box[g, 2]) - min(box[o, 3], box[g, 3])
            if far_x > gap or far_y > gap or (box[o, 4] == 1 and box[g, 4] == 1):
                continue
            # the same words on one side but not on the other: a repetition, not a reordering
            size_x = min(box[o, 1] - box[o, 0], box[g, 1] - box[g, 0])
            size_y = min(box[o, 3] - box[o, 2], box[g, 3] - box[g, 2])
            if (-2 * far_x > size_x) != (-2 * far_y > size_y):
                continue
            if is_self and max(box[o, 1], box[g, 1]) > min(box[o, 2], box[g, 2]):
                continue
            box[g, 0] = min(box[g, 0], box[o, 0])
            box[g, 1] = max(box[g, 1], box[o, 1])
            box[g, 2] = min(box[g, 2], box[o, 2])
            box[g, 3] = max(box[g, 3], box[o, 3])
            box[g, 4] = max(box[g, 4], box[o, 4])
            box[o, 5] = 0
            still -= 1
            found[o, 7] = g
        n_active = still
        active[n_active] = g
        n_active += 1
    for c in range(n):
        g = c
        while found[g, 7] != g:
            found[g, 7] = found[found[g, 7], 7]
            g = found[g, 7]
        found[c, 7] = g


@kernel
def _write_group(found, members, kept, run_x, run_y, run_length, at):
    """Write the runs of a group of chains from `at` on, in order of x; returns their number.

    Chains stand strongest first: a run that overlaps one of a stronger chain on either side is left out.
    """
    first = at
    n_members = len(members)
    for c in members:
        own = at
        for r in range(found[c, 5], found[c, 6]):
            x = kept[r, 0]
            y = kept[r, 1]
            length = kept[r, 2]
            free = True
            if n_members > 1:
                for o in range(first, own):
                    if (x < run_x[o] + run_length[o] and run_x[o] < x + length) or (
                        y < run_y[o] + run_length[o] and run_y[o] < y + length
                    ):
                        free = False
                        break
            if free:
                run_x[at] = x
                run_y[at] = y
                run_length[at] = length
                at += 1
    if n_members > 1:
        order = np.argsort(run_x[first:at].astype(np.int64), kind="mergesort") + first
        xs, ys, lengths = run_x[order], run_y[order], run_length[order]
        run_x[first:at] = xs
        run_y[first:at] = ys
        run_length[first:at] = lengths
    return at - first


@kernel
def _scratch(capacity):
    """Return the arrays that one pair of documents needs, for so many hits."""
    return (
        np.empty(capacity, np.int32),  # hx, hy: where hits stand
        np.empty(capacity, np.int32),
        np.empty(capacity, np.int32),  # order of hits, then of runs
        np.empty((2 * capacity + 2, 3), np.int32),  # pieces: a stack of stretches of `order`
        np.empty(capacity, np.int32),  # sx, sy, sl: runs
        np.empty(capacity, np.int32),
        np.empty(capacity, np.int32),
        np.empty(capacity, np.int64),  # score of the best chain up to a run
        np.empty(capacity, np.int32),  # back: the run before it in that chain
        np.empty(capacity, np.int32),  # origin: where that chain starts in y
        np.empty(capacity, np.uint8),  # used: whether a stronger chain has the run
        np.empty((capacity, 3), np.int32),  # kept: runs chain by chain
        np.empty((capacity, 8), np.int64),  # found: chains, see _group_chains
    )


@kernel
def fill_chains(
    hits, first_document, query_bits, target_bits, anchor_document, anchor_bounds, anchor_position,
    token_ids, bounds, rarity, document_gap, document_least, document_strong, slack, min_hits, min_self_distance,
    run_x, run_y, run_length, chain_bounds, chain_documents,
):  # fmt: skip
    """Chain the hits of each pair of documents; returns (chains, pairs seen, pairs with enough hits, clusters).

    x is the earlier document of a pair (the target), y the later (the query). `document_gap` is the widest gap in
    tokens inside a chain, from one run to the next; anchors of such runs are up to `slack` farther apart. Chains that
    cover fewer tokens than `document_strong` and stand near another on both sides are written together with it (words
    in another order); two strong ones never are (swapped paragraphs). What is written covers at least the lower
    `document_least` of the two. Chain c has the runs chain_bounds[c] to chain_bounds[c + 1], ascending in x, with x, y
    relative to the documents chain_documents[c].
    """
    n = len(hits)
    target_mask = (np.uint64(1) << np.uint64(target_bits)) - np.uint64(1)
    query_mask = (np.uint64(1) << np.uint64(query_bits)) - np.uint64(1)
    n_chains = 0
    n_runs = np.int64(0)  # not a literal, for which helpers would be compiled once more
    n_pairs = 0
    n_enough = 0
    n_clusters = 0
    chain_bounds[0] = 0
    capacity = 1024
    hx, hy, order, pieces, sx, sy, sl, score, back, origin, used, kept, found = _scratch(capacity)

    i = 0
    while i < n:
        q = first_document + np.int64(hits[i] >> np.uint64(target_bits + query_bits))
        t = np.int64(anchor_document[np.int64((hits[i] >> np.uint64(query_bits)) & target_mask)])
        last_anchor = np.uint64(anchor_bounds[t + 1])
        # hits of one pair end where the target's anchors end
        high = ((hits[i] >> np.uint64(target_bits + query_bits)) << np.uint64(target_bits)) | last_anchor
        j = i + 1
        while j < n and (hits[j] >> np.uint64(query_bits)) < high:
            j += 1
        m = j - i
        n_pairs += 1
        if m < min_hits:
            i = j
            continue
        n_enough += 1
        if m > capacity:
            capacity = 2 * m
            hx, hy, order, pieces, sx, sy, sl, score, back, origin, used, kept, found = _scratch(capacity)
        x0 = bounds[t]
        y0 = bounds[q]
        nx = bounds[t + 1] - x0
        ny = bounds[q + 1] - y0
        for s in range(m):
            key = hits[i + s]
            hx[s] = anchor_position[np.int64((key >> np.uint64(query_bits)) & target_mask)] - x0
            hy[s] = anchor_position[anchor_bounds[q] + np.int64(key & query_mask)] - y0
            order[s] = s
        i = j
        gap = max(document_gap[t], document_gap[q])
        budget = BUDGET * (nx + ny)
        least = min(document_least[t], document_least[q])

        # 1. split by gaps in x, then y, until neither splits
        pieces[0, 0] = 0
        pieces[0, 1] = m
        pieces[0, 2] = 0
        n_pieces = 1
        axis_is_x = True
        while n_pieces > 0:
            n_pieces -= 1
            first = pieces[n_pieces, 0]
            last = pieces[n_pieces, 1]
            depth = pieces[n_pieces, 2]
            if last - first < min_hits:
                continue
            if depth < 2:
                # the axis alternates with depth; a piece that was just cut tries both again
                axis_is_x = depth == 0
                n_pieces = _split(hx if axis_is_x else hy, order, first, last, gap + slack, pieces, n_pieces, depth)
                continue
            n_clusters += 1

            # 2. maximal exact runs, by diagonal
            size = last - first
            keys = np.empty(size, np.int64)
            for s in range(size):
                h = order[first + s]
                keys[s] = ((np.int64(hx[h]) - hy[h] + (np.int64(1) << 31)) << 31) | np.int64(hx[h])
            keys.sort()
            n_segments = 0
            diagonal = np.int64(-1)
            done = np.int64(-1)
            for s in range(size):
                d = keys[s] >> 31
                x = keys[s] & ((np.int64(1) << 31) - 1)
                y = x - (d - (np.int64(1) << 31))
                if t == q and y - x < min_self_distance:
                    continue
                if d == diagonal and x < done:
                    continue
                a = x
                b = y
                reach = REACH if budget <= 0 else max(nx, ny)
                least_a = max(0, x - reach)
                while a > least_a and b > 0 and token_ids[x0 + a - 1] == token_ids[y0 + b - 1]:
                    a -= 1
                    b -= 1
                stop = x
                other = y
                most_x = min(nx, x + reach)
                while stop < most_x and other < ny and token_ids[x0 + stop] == token_ids[y0 + other]:
                    stop += 1
                    other += 1
                budget -= stop - a
                diagonal = d
                done = stop
                # a repetition of what stands right before it: cut, so that no passage overlaps itself
                most = b - a if t == q else stop - a
                while a < stop and n_segments < size:
                    sx[n_segments] = a
                    sy[n_segments] = b
                    sl[n_segments] = min(most, stop - a)
                    n_segments += 1
                    a += most
                    b += most
            if n_segments == 0:
                continue
            # in order of where they stop: what may precede a run then stands close before the place of its start
            keys = np.empty(n_segments, np.int64)
            for s in range(n_segments):
                keys[s] = (np.int64(sx[s] + sl[s]) << 31) | np.int64(s)
            keys.sort()
            by_stop = order[first:last]
            for s in range(n_segments):
                by_stop[s] = keys[s] & ((np.int64(1) << 31) - 1)

            # 3. chain runs that follow each other in both documents
            for s in range(n_segments):
                r = by_stop[s]
                weight = np.int64(0)
                for p in range(x0 + sx[r], x0 + sx[r] + sl[r]):
                    weight += rarity[token_ids[p]]
                score[s] = weight
                back[s] = -1
                origin[s] = sy[r]
                used[s] = 0
                nearest = min(s, np.searchsorted(keys[:n_segments], np.int64(sx[r] + OVERLAP + 1) << 31)) - 1
                for p in range(nearest, max(-1, nearest - LOOKBACK), -1):
                    o = by_stop[p]
                    dx = sx[r] - (sx[o] + sl[o])
                    dy = sy[r] - (sy[o] + sl[o])
                    if dx > gap:
                        break
                    if sy[r] <= sy[o] or sx[r] <= sx[o]:
                        continue
                    overlap = max(0, -min(dx, dy))
                    if overlap >= sl[r] or max(dx, dy) + overlap > gap or (t == q and sx[r] + sl[r] > origin[p]):
                        continue
                    part = weight - weight * overlap // sl[r]
                    # bits (in 1/256) per token that only one side has, less for one that both replace
                    cost = 384 * abs(dx - dy) + 128 * max(0, min(dx, dy))
                    value = score[p] + part - cost
                    if value > score[s]:
                        score[s] = value
                        back[s] = p
                        origin[s] = origin[p]
            # strongest first; a chain ends where it meets a run that a stronger one has taken
            n_found = 0
            n_kept = 0
            for top in np.argsort(-score[:n_segments], kind="mergesort"):
                if used[top] == 1:
                    continue
                length = 0
                s = top
                while s >= 0 and used[s] == 0:
                    used[s] = 1
                    length += 1
                    s = back[s]
                at = n_kept + length
                s = top
                for _ in range(length):
                    at -= 1
                    r = by_stop[s]
                    cut = 0
                    if at > n_kept:
                        # an overlap with the run before is cut off the later run, on both sides alike
                        o = by_stop[back[s]]
                        cut = max(0, -min(sx[r] - (sx[o] + sl[o]), sy[r] - (sy[o] + sl[o])))
                    kept[at, 0] = sx[r] + cut
                    kept[at, 1] = sy[r] + cut
                    kept[at, 2] = sl[r] - cut
                    s = back[s]
                covered = 0
                for at in range(n_kept, n_kept + length):
                    covered += kept[at, 2]
                found[n_found, 0] = kept[n_kept, 0]
                found[n_found, 2] = kept[n_kept, 1]
                found[n_found, 4] = covered
                found[n_found, 5] = n_kept
                n_kept += length
                found[n_found, 1] = kept[n_kept - 1, 0] + kept[n_kept - 1, 2]
                found[n_found, 3] = kept[n_kept - 1, 1] + kept[n_kept - 1, 2]
                found[n_found, 6] = n_kept
                n_found += 1
            _group_chains(found[:n_found], gap, max(document_strong[t], document_strong[q]), t == q)

            # 4. write the groups of chains that cover enough
            by_group = np.argsort(found[:n_found, 7].copy(), kind="mergesort")
            group_stop = 0
            while group_stop < n_found:
                group_first = group_stop
                while group_stop < n_found and found[by_group[group_stop], 7] == found[by_group[group_first], 7]:
                    group_stop += 1
                members = by_group[group_first:group_stop]
                n_written = _write_group(found, members, kept, run_x, run_y, run_length, n_runs)
                covered = 0
                for r in range(n_runs, n_runs + n_written):
                    covered += run_length[r]
                if covered >= least:
                    n_runs += n_written
                    n_chains += 1
                    chain_bounds[n_chains] = n_runs
                    chain_documents[n_chains - 1, 0] = t
                    chain_documents[n_chains - 1, 1] = q
    return n_chains, n_pairs, n_enough, n_clusters
