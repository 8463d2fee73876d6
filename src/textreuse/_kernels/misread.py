"""How far passages of misread text reach: greedy extension that gives up where the letters stop agreeing.

From an exact run the alignment goes on both ways, always with the fewest edits (the furthest point of each diagonal for
0, 1, 2, ... edits), and keeps the point of best score (Zhang, Schwartz, Wagner, Miller 2000: greedy X-drop extension).
"""

from __future__ import annotations

import numpy as np

from textreuse._kernels._jit import inner_kernel, kernel

NONE = -(np.int64(1) << 60)


@kernel
def _extend(X, Y, x, y, step, most_x, most_y, cost, drop, far, next_far):
    """Return by how much a passage that ends before X[x], Y[y] grows in direction `step`, and what that gains.

    At most `most_x` and `most_y` letters are added. The score is one a letter of either side, less `cost` an edit
    (a letter replaced, dropped or inserted). The search ends where every way is worse than the best by more than
    `drop`. `far` and `next_far` are scratch; only diagonals that they have room for are followed.
    """
    middle = len(far) // 2
    i = np.int64(0)
    while i < most_x and i < most_y and X[x + step * i] == Y[y + step * i]:
        i += 1
    best = 2 * i
    best_x = i
    best_y = i
    far[middle] = i
    low = np.int64(0)
    high = np.int64(0)
    edits = np.int64(0)
    while low <= high:
        edits += 1
        far[middle + low - 1] = NONE
        far[middle + low - 2] = NONE
        far[middle + high + 1] = NONE
        far[middle + high + 2] = NONE
        next_low = np.int64(1) << 60
        next_high = -(np.int64(1) << 60)
        for k in range(max(low - 1, 3 - middle), min(high + 1, middle - 3) + 1):
            i = max(far[middle + k - 1] + 1, max(far[middle + k] + 1, far[middle + k + 1]))
            # past the end of a side no letter is left to be replaced or dropped
            i = min(i, min(most_x, most_y + k))
            if i < 0 or i - k < 0:
                next_far[middle + k] = NONE
                continue
            while i < most_x and i - k < most_y and X[x + step * i] == Y[y + step * (i - k)]:
                i += 1
            score = 2 * i - k - cost * edits
            if score > best:
                best = score
                best_x = i
                best_y = i - k
            if score < best - drop or (i >= most_x and i - k >= most_y):
                next_far[middle + k] = NONE
                continue
            next_far[middle + k] = i
            next_low = min(next_low, k)
            next_high = max(next_high, k)
        low = next_low
        high = next_high
        far, next_far = next_far, far
    return best_x, best_y, best


@inner_kernel
def _grow(X, Y, x, y, length, cost, drop, far, next_far):
    """Return the starts and stops of the passage around an exact run, and its score."""
    forward = np.int64(1)  # a plain 1 would be another type, and compile everything twice
    backward = np.int64(-1)
    x1 = x + length
    y1 = y + length
    more_x, more_y, right = _extend(X, Y, x1, y1, forward, len(X) - x1, len(Y) - y1, cost, drop, far, next_far)
    less_x, less_y, left = _extend(X, Y, x - 1, y - 1, backward, x, y, cost, drop, far, next_far)
    return x - less_x, x1 + more_x, y - less_y, y1 + more_y, 2 * length + left + right


@kernel
def fill_misread_extents(
    chain_bounds, chain_documents, run_x, run_y, run_length, token_ids, token_weights, bounds,
    least_weight, least_run, cost, first_drop, drop, least_score, far, next_far, used, out,
):  # fmt: skip
    """Write the passages that chains of exact runs belong to; returns how many there are, -1 for lack of room.

    Each chain is worked off from its longest run: this grows both ways, and runs within what it grew to are done with.
    A run that does not come to `least_score` within `first_drop` is none; the others grow on as far as `drop` allows.
    Of those, only passages are written that weigh as much as the lower `least_weight` (by document), or hold an exact
    run of `least_run`. Columns of `out`: documents x and y, starts and stops (tokens within the documents), score (see
    `_extend`), weight of the longest exact run. `used` (uint8) is scratch of one place per run, `far` and `next_far`
    are scratch of any odd length above 8: the alignment may drift by half as many letters.
    """
    n_out = 0
    for c in range(len(chain_documents)):
        t = chain_documents[c, 0]
        q = chain_documents[c, 1]
        X = token_ids[bounds[t] : bounds[t + 1]]
        Y = token_ids[bounds[q] : bounds[q + 1]]
        weights = token_weights[bounds[t] : bounds[t + 1]]
        least = min(least_weight[t], least_weight[q])
        first = chain_bounds[c]
        last = chain_bounds[c + 1]
        used[first:last] = 0
        while True:
            r = np.int64(-1)
            for s in range(first, last):
                if used[s] == 0 and (r < 0 or run_length[s] > run_length[r]):
                    r = s
            if r < 0:
                break
            used[r] = 1
            x = np.int64(run_x[r])
            y = np.int64(run_y[r])
            length = np.int64(run_length[r])
            score = _grow(X, Y, x, y, length, cost, first_drop, far, next_far)[4]
            if score < least_score:
                continue
            x0, x1, y0, y1, score = _grow(X, Y, x, y, length, cost, drop, far, next_far)
            longest = np.int64(0)
            for s in range(first, last):
                length = np.int64(run_length[s])
                within_x = x0 <= run_x[s] and run_x[s] + length <= x1
                if within_x and y0 <= run_y[s] and run_y[s] + length <= y1:
                    used[s] = 1
                    weight = np.int64(0)
                    for i in range(run_x[s], run_x[s] + length):
                        weight += weights[i]
                    longest = max(longest, weight)
            weight = np.int64(0)
            for i in range(x0, x1):
                weight += weights[i]
            if max(weight, weight * (y1 - y0) // (x1 - x0)) < least and longest < least_run:
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
