"""Chains of exact common runs inside each pair of documents.

The second half of seed and chain (minimap2: Li 2018): runs that follow each other in both documents are chained. No
order is asked across chains, and a place may belong to several.
"""

from __future__ import annotations

import numpy as np

from textreuse._kernels._jit import inner_kernel, kernel

LOOKBACK = 64  # runs tried as the one before, of those that stop close before a run starts
OVERLAP = 8  # tokens by which the run before may reach into a run
ACTIVE = 256  # groups nearby that a chain may join
FEW = 32  # so few are sorted by insertion


@inner_kernel
def _order_by(keys, order, scratch):
    """Write the places of `keys` in ascending order; equal ones stay as they stand. `scratch` is as long.

    Few are sorted by insertion, many of these merged. (numba's own sorts take seconds to compile.)
    """
    n = len(keys)
    for first in range(0, n, FEW):
        for i in range(first, min(n, first + FEW)):
            j = i - 1
            while j >= first and keys[order[j]] > keys[i]:
                order[j + 1] = order[j]
                j -= 1
            order[j + 1] = i
    width = FEW
    while width < n:
        for low in range(0, n, 2 * width):
            i = low
            middle = min(n, low + width)
            j = middle
            stop = min(n, low + 2 * width)
            for place in range(low, stop):
                if i < middle and (j >= stop or keys[order[i]] <= keys[order[j]]):
                    scratch[place] = order[i]
                    i += 1
                else:
                    scratch[place] = order[j]
                    j += 1
        for place in range(n):
            order[place] = scratch[place]
        width *= 2


@inner_kernel
def _place_of(values, n, value, most):
    """Return the first place among the first n, ascending values that is not below `value`, `most` at most."""
    low = 0
    high = min(n, most)
    while low < high:
        middle = (low + high) >> 1
        if values[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


@inner_kernel
def _link_runs(sx, sy, sl, ids_x, rarity, gap, is_self, keys, stops, by_stop, score, back, origin):
    """Find for each run the best chain that ends with it: its score, and the run before it (-1: none).

    `by_stop` becomes the order of runs by where they stop in x: what may precede a run then stands close before the
    place of its start. `score`, `back` and `origin` (where the chain starts in y) are in that order.
    """
    n = len(sx)
    for s in range(n):
        keys[s] = sx[s] + sl[s]
    _order_by(keys[:n], by_stop[:n], stops)
    for s in range(n):
        stops[s] = keys[by_stop[s]]
    for s in range(n):
        r = by_stop[s]
        weight = np.int64(0)
        for p in range(sx[r], sx[r] + sl[r]):
            weight += rarity[ids_x[p]]
        score[s] = weight
        back[s] = -1
        origin[s] = sy[r]
        nearest = _place_of(stops, n, sx[r] + OVERLAP + 1, s) - 1
        for p in range(nearest, max(-1, nearest - LOOKBACK), -1):
            o = by_stop[p]
            dx = sx[r] - (sx[o] + sl[o])
            dy = sy[r] - (sy[o] + sl[o])
            if dx > gap:
                break
            if sy[r] <= sy[o] or sx[r] <= sx[o]:
                continue
            overlap = max(0, -min(dx, dy))
            if overlap >= sl[r] or max(dx, dy) + overlap > gap or (is_self and sx[r] + sl[r] > origin[p]):
                continue
            part = weight - weight * overlap // sl[r]
            # bits (in 1/256) per token that only one side has, less for one that both replace
            cost = 384 * abs(dx - dy) + 128 * max(0, min(dx, dy))
            value = score[p] + part - cost
            if value > score[s]:
                score[s] = value
                back[s] = p
                origin[s] = origin[p]


@inner_kernel
def _take_chains(sx, sy, sl, by_stop, score, back, used, keys, order, scratch, kept, found):
    """Write the chains, strongest first; returns their number. A chain ends where it meets a run that is taken.

    `kept` gets the runs (x, y, tokens) chain by chain, `found` a row per chain: x start, x stop, y start, y stop,
    tokens covered, first run, last run + 1.
    """
    n_found = 0
    n_kept = 0
    n = len(sx)
    for s in range(n):
        used[s] = 0
        keys[s] = -score[s]
    _order_by(keys[:n], order[:n], scratch)
    for place in range(n):
        top = order[place]
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
        covered = 0
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
            covered += sl[r] - cut
            s = back[s]
        found[n_found, 0] = kept[n_kept, 0]
        found[n_found, 2] = kept[n_kept, 1]
        found[n_found, 4] = covered
        found[n_found, 5] = n_kept
        n_kept += length
        found[n_found, 1] = kept[n_kept - 1, 0] + kept[n_kept - 1, 2]
        found[n_found, 3] = kept[n_kept - 1, 1] + kept[n_kept - 1, 2]
        found[n_found, 6] = n_kept
        n_found += 1
    return n_found


@inner_kernel
def _group_chains(found, gap, strong, is_self, box, active, keys, order, scratch):
    """Write into column 7 which group each chain belongs to (the number of one of its chains).

    Columns 0 to 4 are x start, x stop, y start, y stop, tokens covered. A chain that covers fewer than `strong` tokens
    joins what stands within `gap` of it on both sides and does not lie beside it on the same words. Strong chains never
    join each other.
    """
    n = len(found)
    # boxes of groups grow: columns 0 to 3 of `box`, 4: the group has a strong chain, 5: it still stands for itself
    for c in range(n):
        found[c, 7] = c
        keys[c] = found[c, 0]
    if n == 1:
        return
    _order_by(keys[:n], order[:n], scratch)
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


@inner_kernel
def _write_group(found, members, kept, run_x, run_y, run_length, at, keys, order, scratch):
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
        n = at - first
        for i in range(n):
            keys[i] = run_x[first + i]
        _order_by(keys[:n], order[:n], scratch)
        for runs in (run_x, run_y, run_length):
            for i in range(n):
                scratch[i] = runs[first + order[i]]
            for i in range(n):
                runs[first + i] = scratch[i]
    return at - first


@kernel
def fill_chains(
    cluster_x, cluster_y, cluster_length, cluster_bounds, cluster_documents, token_ids, bounds, rarity,
    document_gap, document_least, document_strong, run_x, run_y, run_length, chain_bounds, chain_documents,
):  # fmt: skip
    """Chain the runs of each cluster (see fill_runs); returns the number of chains.

    `document_gap` is the widest gap in tokens inside a chain. Chains that cover fewer tokens than `document_strong` and
    stand near another on both sides are written together with it (words in another order); two strong ones never are
    (swapped paragraphs). What is written covers at least the lower `document_least` of the two. Chain c has the runs
    chain_bounds[c] to chain_bounds[c + 1], ascending in x, with x, y relative to the documents chain_documents[c].
    """
    n_chains = 0
    n_runs = np.int64(0)  # not a literal, for which helpers would be compiled once more
    chain_bounds[0] = 0
    n_clusters = len(cluster_documents)
    most = np.int64(1)
    for c in range(n_clusters):
        most = max(most, cluster_bounds[c + 1] - cluster_bounds[c])
    by_stop, score, scratch = np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most, np.int64)
    back, origin = np.empty(most, np.int32), np.empty(most, np.int32)
    used = np.empty(most, np.uint8)
    kept = np.empty((most, 3), np.int32)
    found, box = np.empty((most, 8), np.int64), np.empty((most, 6), np.int64)
    keys, order, active = np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most, np.int64)
    for c in range(n_clusters):
        t = cluster_documents[c, 0]
        q = cluster_documents[c, 1]
        gap = max(document_gap[t], document_gap[q])
        least = min(document_least[t], document_least[q])
        first = cluster_bounds[c]
        last = cluster_bounds[c + 1]
        sx = cluster_x[first:last]
        sy = cluster_y[first:last]
        sl = cluster_length[first:last]
        if last - first == 1:  # one run is a chain
            if sl[0] >= least:
                run_x[n_runs], run_y[n_runs], run_length[n_runs] = sx[0], sy[0], sl[0]
                n_runs += 1
                n_chains += 1
                chain_bounds[n_chains] = n_runs
                chain_documents[n_chains - 1, 0] = t
                chain_documents[n_chains - 1, 1] = q
            continue
        ids_x = token_ids[bounds[t] : bounds[t + 1]]
        _link_runs(sx, sy, sl, ids_x, rarity, gap, t == q, keys, scratch, by_stop, score, back, origin)
        n_found = _take_chains(sx, sy, sl, by_stop, score, back, used, keys, order, scratch, kept, found)
        strong = max(document_strong[t], document_strong[q])
        _group_chains(found[:n_found], gap, strong, t == q, box, active, keys, order, scratch)
        by_group = order[:n_found]
        for i in range(n_found):
            keys[i] = found[i, 7]
        _order_by(keys[:n_found], by_group, scratch)
        group_stop = 0
        while group_stop < n_found:
            group_first = group_stop
            while group_stop < n_found and found[by_group[group_stop], 7] == found[by_group[group_first], 7]:
                group_stop += 1
            members = by_group[group_first:group_stop]
            n_written = _write_group(found, members, kept, run_x, run_y, run_length, n_runs, keys, by_stop, scratch)
            covered = 0
            for r in range(n_runs, n_runs + n_written):
                covered += run_length[r]
            if covered >= least:
                n_runs += n_written
                n_chains += 1
                chain_bounds[n_chains] = n_runs
                chain_documents[n_chains - 1, 0] = t
                chain_documents[n_chains - 1, 1] = q
    return n_chains
