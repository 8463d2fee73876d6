"""How far a passage reaches: maximal-scoring segments over rarity-weighted tokens, around a chain of exact runs."""

from __future__ import annotations

import numpy as np

from textreuse._kernels._jit import inner_kernel, kernel

UNIT = 256  # scores are integers in 1/256 bit
JUMP = 16 * UNIT  # what it costs to say where a run stands that does not follow the one before
ALONE = 4 * UNIT  # taken off a word that agrees beyond a difference, once for each stretch that agrees
FARTHEST = 512  # tokens that an ordered extension may reach; what agrees farther on has chains of its own
BAND = 6  # tokens that one side may lead by in an ordered extension
WIDTH = 2 * BAND + 1
GAP_CELLS = 4096  # a gap with more cells than this is not searched for common words


@inner_kernel
def _gap_gain(ids_x, ids_y, weights_x, weights_y, x0, x1, y0, y1, kin, row):
    """Return the largest summed weight of a common subsequence of two gaps (half of it for words of one stem)."""
    m = y1 - y0
    if m <= 0 or x1 <= x0 or (x1 - x0) * m > GAP_CELLS:
        return np.int64(0)
    for j in range(m + 1):
        row[j] = 0
    for i in range(x0, x1):
        token = ids_x[i]
        stem = kin[token]
        weight = np.int64(weights_x[i])
        diagonal = np.int64(0)
        for j in range(m):
            above = row[j + 1]
            best = max(above, row[j])
            other = ids_y[y0 + j]
            if other == token:
                best = max(best, diagonal + max(weight, np.int64(weights_y[y0 + j])))
            elif kin[other] == stem:
                best = max(best, diagonal + (weight >> 1))
            diagonal = above
            row[j + 1] = best
    return row[m]


@inner_kernel
def _sum(weights, first, last):
    """Return the sum of a stretch."""
    total = np.int64(0)
    for i in range(first, last):
        total += weights[i]
    return total


@inner_kernel
def _reach(ids, weights, start, step, limit, spare, penalty, drop):
    """Return (tokens, score) of the best extension from `start` in direction `step`, in whatever order words come.

    A token of which the other side's passage has one to `spare` counts its weight and uses it up, any other takes off
    `penalty`/256 of it. The best prefix wins; the search ends when the sum falls `drop` below the best.
    """
    best = np.int64(0)
    best_length = 0
    total = np.int64(0)
    i = start
    length = 0
    while i != limit:
        token = ids[i]
        weight = np.int64(weights[i])
        length += 1
        spare[token] -= 1
        if spare[token] >= 0:
            total += weight
            if total > best:
                best = total
                best_length = length
        else:
            total -= weight * penalty >> 8
            if total < best - drop:
                break
        i += step
    for i in range(length):
        spare[ids[start + i * step]] += 1
    return best_length, best


@inner_kernel
def _count(ids, first, last, step, counts):
    """Add `step` to the count of each token of a stretch."""
    for i in range(first, last):
        counts[ids[i]] += step


@inner_kernel
def _grow(ids, weights, first, last, low, high, other, other_first, other_last, spare, penalty, drop):
    """Return (first, last, score gained) of a passage grown both ways by what the other side's passage has to spare.

    It grows no farther than `low` and `high`; `spare` is all zeros before and after.
    """
    forward = np.int64(1)
    backward = np.int64(-1)
    _count(other, other_first, other_last, forward, spare)
    _count(ids, first, last, backward, spare)
    right, gain_right = _reach(ids, weights, last, forward, high, spare, penalty, drop)
    left, gain_left = _reach(ids, weights, first - 1, backward, low - 1, spare, penalty, drop)
    _count(other, other_first, other_last, backward, spare)
    _count(ids, first, last, forward, spare)
    return first - left, last + right, gain_right + gain_left


@inner_kernel
def _extend_ordered(
    ids_x, ids_y, weights_x, weights_y, x, y, step, limit_x, limit_y, kin, penalty, alone, drop, rows
):  # fmt: skip
    """Return (tokens in x, tokens in y, score) of the best ordered extension from (x, y) in direction `step`.

    Local alignment in a band of 2 * BAND + 1 around the diagonal; ends when a whole row is `drop` below the best.
    """
    low = np.int64(-1) << 40
    best = np.int64(0)
    best_x = 0
    best_y = 0
    n_x = (limit_x - x) * step
    n_y = (limit_y - y) * step
    # rows[0] is the row, the one before until it is overwritten: cell c of row i is (i tokens of x, i + c - BAND tokens
    # of y); rows[1] says whether a cell follows an equal pair, for a word alone between differences may agree by chance
    for c in range(WIDTH):
        rows[0, c] = low
        rows[1, c] = 0
    rows[0, BAND] = 0
    rows[1, BAND] = 1
    total = np.int64(0)
    for c in range(BAND + 1, min(WIDTH, BAND + 1 + n_y)):
        total -= np.int64(weights_y[y + step * (c - BAND - 1)]) * penalty >> 9
        rows[0, c] = total
    for i in range(1, min(FARTHEST, n_x) + 1):
        at_x = x + step * (i - 1)
        token = ids_x[at_x]
        stem = kin[token]
        weight = np.int64(weights_x[at_x])
        loss_x = weight * penalty >> 9
        top = low
        before = low  # the cell to the left
        for c in range(max(0, BAND - i), WIDTH):
            j = i + c - BAND
            if j > n_y:
                rows[0, c] = low
                continue
            value = low
            follows = 0
            if c + 1 < WIDTH and rows[0, c + 1] > low:
                value = rows[0, c + 1] - loss_x
            if j > 0:
                at_y = y + step * (j - 1)
                other = ids_y[at_y]
                loss_y = np.int64(weights_y[at_y]) * penalty >> 9
                if rows[0, c] > low:
                    if kin[other] == stem:
                        less = 0 if rows[1, c] == 1 else alone
                        gain = max(weight, np.int64(weights_y[at_y]))
                        if other != token:
                            gain = weight >> 1  # only the stem is equal
                        if rows[0, c] + gain - less >= value:
                            value = rows[0, c] + gain - less
                            follows = 1
                    else:
                        value = max(value, rows[0, c] - loss_x - loss_y)
                if before > low and before - loss_y > value:
                    value = before - loss_y
                    follows = 0
            rows[0, c] = value
            rows[1, c] = follows
            before = value
            top = max(top, value)
            if value > best:
                best = value
                best_x = i
                best_y = j
        if top < best - drop:
            break
    return best_x, best_y, best


@inner_kernel
def _box(run_y, run_length, first, last):
    """Return of runs first to last (included) the tokens, where y starts and stops, and whether y ascends."""
    tokens = np.int64(0)
    low = np.int64(run_y[first])
    high = low
    ordered = True
    for r in range(first, last + 1):
        tokens += run_length[r]
        if r > first and run_y[r] < run_y[r - 1]:
            ordered = False
        low = min(low, np.int64(run_y[r]))
        high = max(high, np.int64(run_y[r] + run_length[r]))
    return tokens, low, high, ordered


@kernel
def fill_extents(
    chain_bounds, chain_documents, run_x, run_y, run_length, token_ids, token_weights, damped, bounds, kin, drop,
    strict_share, strict_penalty, loose_penalty, document_gap, document_least, least_score, least_run, spare, out,
):  # fmt: skip
    """Write one row per passage pair found in the chains; returns the number of rows, or -1 if `out` is too small.

    Row: document x, document y, x start, x stop, y start, y stop (tokens within the documents), score (1/256 bit),
    longest exact run in half words. Kept are rows of at least `least_score`, or with a run of `least_run` half words.
    `damped` is what each token counts; `spare` (zeros) is scratch of one place per vocabulary word.
    """
    n_out = 0
    forward = np.int64(1)  # a plain 1 would be another type, and compile everything twice
    backward = np.int64(-1)
    row = np.empty(GAP_CELLS + 2, np.int64)
    rows = np.empty((2, WIDTH), np.int64)
    stack = np.empty((256, 2), np.int64)
    for c in range(len(chain_documents)):
        t = chain_documents[c, 0]
        q = chain_documents[c, 1]
        X = token_ids[bounds[t] : bounds[t + 1]]
        Y = token_ids[bounds[q] : bounds[q + 1]]
        WX = damped[bounds[t] : bounds[t + 1]]
        WY = damped[bounds[q] : bounds[q + 1]]
        wx = token_weights[bounds[t] : bounds[t + 1]]
        first = chain_bounds[c]
        last = chain_bounds[c + 1] - 1
        least = min(document_least[t], document_least[q])
        gap = np.int64(max(document_gap[t], document_gap[q]))
        stack[0, 0] = first
        stack[0, 1] = last
        n_stack = 1
        while n_stack > 0:
            n_stack -= 1
            a = stack[n_stack, 0]
            b = stack[n_stack, 1]
            tokens, low, high, ordered = _box(run_y, run_length, a, b)
            if tokens < least:
                continue
            span = min(run_x[b] + run_length[b] - run_x[a], high - low)
            strict = 256 * tokens >= strict_share * span
            # a quarter of the penalty at which text as alike as this chain would just hold together
            penalty = strict_penalty
            if not strict:
                penalty = max(loose_penalty, min(strict_penalty, 60 * tokens // max(1, span - tokens)))

            # 1. the best segment of the chain (Kadane over runs and gaps)
            best = np.int64(-1)
            best_a = a
            best_b = a
            total = np.int64(0)
            start = a
            for r in range(a, b + 1):
                if r > a:
                    px = run_x[r - 1] + run_length[r - 1]
                    py = run_y[r - 1] + run_length[r - 1]
                    loss = _sum(WX, px, run_x[r])
                    if run_y[r] >= py:
                        gain = _gap_gain(X, Y, WX, WY, px, run_x[r], py, run_y[r], kin, row)
                        loss += _sum(WY, py, run_y[r]) - 2 * gain
                        total += gain
                    else:
                        total -= JUMP
                    total -= (max(np.int64(0), loss) * penalty) >> 9
                    if total <= 0:
                        total = np.int64(0)
                        start = r
                for i in range(run_length[r]):
                    total += max(WX[run_x[r] + i], WY[run_y[r] + i])
                if total > best:
                    best = total
                    best_a = start
                    best_b = r
            # the rest is tried by itself; the longer part waits, so that the stack stays short (log2 of the runs)
            for turn in range(2):
                before = (turn == 0) == (best_a - a > b - best_b)
                if before and best_a > a:
                    stack[n_stack, 0] = a
                    stack[n_stack, 1] = best_a - 1
                    n_stack += 1
                elif not before and best_b < b:
                    stack[n_stack, 0] = best_b + 1
                    stack[n_stack, 1] = b
                    n_stack += 1
            a = best_a
            b = best_b
            score = best
            tokens, low, high, ordered = _box(run_y, run_length, a, b)
            longest = np.int64(0)
            for r in range(a, b + 1):
                weight = np.int64(0)
                for i in range(run_x[r], run_x[r] + run_length[r]):
                    weight += wx[i]
                longest = max(longest, weight)
            x0 = np.int64(run_x[a])
            y0 = low
            x1 = np.int64(run_x[b] + run_length[b])
            y1 = high
            span = min(x1 - x0, y1 - y0)  # words that only one side has (an omission) do not make it less verbatim
            strict = 256 * tokens >= strict_share * span

            # 2. beyond its ends
            penalty = strict_penalty
            if not strict:
                penalty = max(loose_penalty, min(strict_penalty, 60 * tokens // max(1, span - tokens)))
            alone = np.int64(ALONE if strict else 0)
            ex = ey = gain = np.int64(0)
            # within one document the passages may not grow into each other
            most_x = np.int64(len(X)) if t != q else y0
            if ordered:
                ex, ey, gain = _extend_ordered(
                    X, Y, WX, WY, x1, y1, forward, most_x, np.int64(len(Y)), kin, penalty, alone, drop, rows
                )
            x1 += ex
            y1 += ey
            score += gain
            ex = ey = gain = np.int64(0)
            least_y = np.int64(0) if t != q else x1
            if ordered:
                ex, ey, gain = _extend_ordered(
                    X, Y, WX, WY, x0 - 1, y0 - 1, backward, backward, least_y - 1, kin, penalty, alone, drop, rows
                )
            x0 -= ex
            y0 -= ey
            score += gain
            if not strict:
                # by what is found in any order, but no farther than words are moved about
                least_x = max(0, x0 - gap)
                most_x = min(most_x, x1 + gap)
                least_y = max(least_y, y0 - gap)
                most_y = min(len(Y), y1 + gap)
                for _ in range(6):
                    before = x1 - x0 + y1 - y0
                    x0, x1, gain = _grow(X, WX, x0, x1, least_x, most_x, Y, y0, y1, spare, penalty, drop)
                    if t == q:
                        least_y = max(least_y, x1)
                    y0, y1, gain_y = _grow(Y, WY, y0, y1, least_y, most_y, X, x0, x1, spare, penalty, drop)
                    if t == q:
                        most_x = min(most_x, y0)
                    score += (gain + gain_y) >> 1
                    if x1 - x0 + y1 - y0 == before:
                        break
            if score < least_score and longest < least_run:
                continue
            if n_out == len(out):
                return -1
            out[n_out, 0] = t
            out[n_out, 1] = q
            out[n_out, 2] = x0
            out[n_out, 3] = x1
            out[n_out, 4] = y0
            out[n_out, 5] = y1
            out[n_out, 6] = score
            out[n_out, 7] = longest
            n_out += 1
    return n_out
