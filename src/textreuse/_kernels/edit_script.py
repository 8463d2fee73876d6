"""Which tokens of two passages an optimal edit script keeps: Myers' O(ND) algorithm in linear space (1986)."""

from __future__ import annotations

import numpy as np

from textreuse._kernels._jit import inner_kernel, kernel

MOST_EDITS = 2048


@inner_kernel
def _pair(x, y, partner, forward, backward, stack):
    """Write for each token of x the equal token of y that a longest common subsequence pairs it with, or -1.

    Where two stretches differ by more than 2 * MOST_EDITS tokens, the stretch is cut at the point reached farthest,
    so that the time stays linear in such text; the subsequence is then long, but perhaps not the longest. `forward`,
    `backward` and `stack` are scratch (see `_scratch`).
    """
    for i in range(len(x)):
        partner[i] = -1
    size = len(forward) >> 1
    stack[0, 0] = 0
    stack[0, 1] = len(x)
    stack[0, 2] = 0
    stack[0, 3] = len(y)
    n_stack = 1
    while n_stack > 0:
        n_stack -= 1
        x0 = stack[n_stack, 0]
        x1 = stack[n_stack, 1]
        y0 = stack[n_stack, 2]
        y1 = stack[n_stack, 3]
        while x0 < x1 and y0 < y1 and x[x0] == y[y0]:
            partner[x0] = y0
            x0 += 1
            y0 += 1
        while x0 < x1 and y0 < y1 and x[x1 - 1] == y[y1 - 1]:
            x1 -= 1
            y1 -= 1
            partner[x1] = y1
        n = x1 - x0
        m = y1 - y0
        if n == 0 or m == 0:
            continue
        delta = n - m
        odd = (delta & 1) == 1
        forward[size + 1] = 0
        backward[size + 1] = 0
        cut_x = np.int64(-1)
        cut_y = np.int64(-1)
        d = 0
        while cut_x < 0:
            for k in range(-(d - 2 * max(0, d - m)), d - 2 * max(0, d - n) + 1, 2):
                if k == -d or (k != d and forward[size + k - 1] < forward[size + k + 1]):
                    i = forward[size + k + 1]
                else:
                    i = forward[size + k - 1] + 1
                while i < n and i - k < m and x[x0 + i] == y[y0 + i - k]:
                    i += 1
                forward[size + k] = i
                if odd and abs(k - delta) <= d - 1 and i + backward[size + delta - k] >= n:
                    cut_x = i
                    cut_y = i - k
                    break
            if cut_x >= 0:
                break
            for k in range(-(d - 2 * max(0, d - m)), d - 2 * max(0, d - n) + 1, 2):
                if k == -d or (k != d and backward[size + k - 1] < backward[size + k + 1]):
                    i = backward[size + k + 1]
                else:
                    i = backward[size + k - 1] + 1
                while i < n and i - k < m and x[x1 - 1 - i] == y[y1 - 1 - i + k]:
                    i += 1
                backward[size + k] = i
                if not odd and abs(k - delta) <= d and i + forward[size + delta - k] >= n:
                    cut_x = n - i
                    cut_y = m - (i - k)
                    break
            if cut_x < 0 and d >= MOST_EDITS:
                farthest = np.int64(-1)
                for k in range(-(d - 2 * max(0, d - m)), d - 2 * max(0, d - n) + 1, 2):
                    i = forward[size + k]
                    if i <= n and i - k <= m and 2 * i - k > farthest:
                        farthest = 2 * i - k
                        cut_x = i
                        cut_y = i - k
                if cut_x < 0 or cut_x + cut_y == 0 or (cut_x == n and cut_y == m):
                    cut_x = n // 2
                    cut_y = m // 2
            d += 1
        if n_stack + 2 > len(stack):
            continue  # cannot happen below 2**128 tokens: the larger part is pushed first, the smaller done first
        left = cut_x + cut_y
        right = n + m - left
        for side in range(2):
            if (side == 0) == (left > right):
                stack[n_stack, 0] = x0
                stack[n_stack, 1] = x0 + cut_x
                stack[n_stack, 2] = y0
                stack[n_stack, 3] = y0 + cut_y
            else:
                stack[n_stack, 0] = x0 + cut_x
                stack[n_stack, 1] = x1
                stack[n_stack, 2] = y0 + cut_y
                stack[n_stack, 3] = y1
            n_stack += 1


@inner_kernel
def _scratch(longest):
    """Return room for the farthest points on each diagonal, both ways, and for parts that wait."""
    size = min(longest, MOST_EDITS) + 3  # no diagonal is farther off than there are edits
    return np.zeros(2 * size + 1, np.int64), np.zeros(2 * size + 1, np.int64), np.empty((256, 4), np.int64)


@kernel
def fill_partners(x, y, partner):
    """Write for each token of x the equal token of y that a longest common subsequence pairs it with, or -1."""
    forward, backward, stack = _scratch(len(x) + len(y))
    _pair(x, y, partner, forward, backward, stack)


@inner_kernel
def _pair_bits(first, second, pair_starts, seconds, pair_bits, otherwise):
    """Return the surprisal of a word after the one before it; `otherwise` for a pair that is not known."""
    low = pair_starts[first]
    end = pair_starts[first + 1]
    high = end
    while low < high:
        middle = (low + high) >> 1
        if seconds[middle] < second:
            low = middle + 1
        else:
            high = middle
    if low < end and seconds[low] == second:
        return min(pair_bits[low], otherwise)
    return otherwise


@inner_kernel
def _log2_units(n):
    """Return 256 * log2(n), the fraction interpolated: exact at powers of two, the same on every machine."""
    whole = 0
    while n >> (whole + 1) > 0:
        whole += 1
    return np.int64(whole) * 256 + (((n - (np.int64(1) << whole)) * 256) >> whole)


@kernel
def fill_matched(
    rows, token_ids, token_weights, bounds, rarity, pair_starts, seconds, pair_bits, least_stretch, out
):  # fmt: skip
    """Write for each row (documents, starts, stops) what an optimal edit script keeps.

    Columns of `out`: half words that match, half words of x, of y, and the information (1/256 bit) of what matches: for
    each stretch of equal words the surprisal of its first word and of each further one after the one before it, less
    what it takes to say how far the stretch stands from the last one on both sides. A stretch worth less than that, or
    that weighs less than `least_stretch`, is none.
    """
    longest = np.int64(0)
    both = np.int64(0)
    for r in range(len(rows)):
        longest = max(longest, rows[r, 3] - rows[r, 2])
        both = max(both, rows[r, 3] - rows[r, 2] + rows[r, 5] - rows[r, 4])
    partner = np.empty(longest, np.int64)
    forward, backward, stack = _scratch(both)
    for r in range(len(rows)):
        x0 = bounds[rows[r, 0]] + rows[r, 2]
        x1 = bounds[rows[r, 0]] + rows[r, 3]
        y0 = bounds[rows[r, 1]] + rows[r, 4]
        y1 = bounds[rows[r, 1]] + rows[r, 5]
        _pair(token_ids[x0:x1], token_ids[y0:y1], partner[: x1 - x0], forward, backward, stack)
        matched = np.int64(0)
        words_x = np.int64(0)
        words_y = np.int64(0)
        total = np.int64(0)
        stretch = np.int64(0)
        weight = np.int64(0)
        last_i = np.int64(-1)  # of the last stretch that counted
        last_j = np.int64(-1)
        n = x1 - x0
        for i in range(n):
            words_x += token_weights[x0 + i]
            j = partner[i]
            if j < 0:
                continue
            matched += token_weights[x0 + i]
            token = token_ids[x0 + i]
            bits = np.int64(rarity[token])
            if i > 0 and partner[i - 1] == j - 1 and j > 0:
                stretch += _pair_bits(np.int64(token_ids[x0 + i - 1]), token, pair_starts, seconds, pair_bits, bits)
                weight += token_weights[x0 + i]
            else:
                stretch = bits
                weight = np.int64(token_weights[x0 + i])
                if last_i >= 0:
                    stretch -= _log2_units((i - last_i) * (j - last_j)) + 512
            if stretch > 0 and weight >= least_stretch and (i + 1 == n or partner[i + 1] != j + 1):
                total += stretch
                last_i = i
                last_j = j
        for j in range(y0, y1):
            words_y += token_weights[j]
        out[r, 0] = matched
        out[r, 1] = words_x
        out[r, 2] = words_y
        out[r, 3] = total
