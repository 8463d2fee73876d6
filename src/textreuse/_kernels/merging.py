"""One passage of what overlaps on both sides."""

from __future__ import annotations

import numpy as np

from textreuse._kernels._jit import inner_kernel, kernel


@inner_kernel
def _merge(rows, i, j, join, least_run):
    """Merge row j into row i if they overlap on both sides, or stand nearer than `join` tokens on both.

    Returns whether row j is thereby done with.
    """
    overlap_x = min(rows[i, 3], rows[j, 3]) - max(rows[i, 2], rows[j, 2])
    overlap_y = min(rows[i, 5], rows[j, 5]) - max(rows[i, 4], rows[j, 4])
    if overlap_x <= -join or overlap_y <= -join:
        return False
    s = i if rows[i, 6] >= rows[j, 6] else j  # the stronger, and the weaker
    w = i + j - s
    if overlap_x <= 0 or overlap_y <= 0:
        if 2 * max(overlap_x, overlap_y) > min(rows[w, 3] - rows[w, 2], rows[w, 5] - rows[w, 4]):
            return False  # the same words on one side, others on the other: a repetition
    elif overlap_x == rows[w, 3] - rows[w, 2] or overlap_y == rows[w, 5] - rows[w, 4]:
        # the weaker uses words of one side that the stronger has used already
        # unless most of its other side, or of one without a long exact run nearly all, is elsewhere: a repetition
        times = 2 if rows[w, 7] >= least_run else 8
        if times * overlap_x < rows[w, 3] - rows[w, 2] or times * overlap_y < rows[w, 5] - rows[w, 4]:
            return False
        if w == i:
            for column in range(2, rows.shape[1]):
                rows[i, column] = rows[j, column]
        return True
    if rows[i, 0] == rows[i, 1] and max(rows[i, 3], rows[j, 3]) > min(rows[i, 4], rows[j, 4]):
        # within one document the union would overlap itself: the stronger stands for both
        if w == i:
            for column in range(2, rows.shape[1]):
                rows[i, column] = rows[j, column]
        return True
    rows[i, 6] += rows[j, 6]
    rows[i, 2] = min(rows[i, 2], rows[j, 2])
    rows[i, 3] = max(rows[i, 3], rows[j, 3])
    rows[i, 4] = min(rows[i, 4], rows[j, 4])
    rows[i, 5] = max(rows[i, 5], rows[j, 5])
    rows[i, 7] = max(rows[i, 7], rows[j, 7])
    return True


@inner_kernel
def _order_by(rows, first, last, axis, order):
    """Write the numbers of rows first to last in order of a column, equal ones as they stand (Shell 1959)."""
    n = last - first
    for i in range(n):
        order[i] = first + i
    gap = n >> 1
    while gap > 0:
        for i in range(gap, n):
            row = order[i]
            j = i
            while j >= gap and (
                rows[order[j - gap], axis] > rows[row, axis]
                or (rows[order[j - gap], axis] == rows[row, axis] and order[j - gap] > row)
            ):
                order[j] = order[j - gap]
                j -= gap
            order[j] = row
        gap >>= 1


@kernel
def merge_rows(rows, alive, join, least_run):
    """Merge rows of one pair of documents that overlap on both sides, or stand nearer than `join` tokens.

    `alive` becomes 0 for rows merged into others. Rows of a pair stand together. A weaker row that on one side lies
    within a stronger one adds nothing: it is dropped, or left alone where nearly all of its other side is elsewhere
    (a repetition).
    """
    n = len(rows)
    order = np.empty(n, np.int64)
    first = np.int64(0)  # not a literal, for which helpers would be compiled once more
    while first < n:
        last = first + 1
        while last < n and rows[last, 0] == rows[first, 0] and rows[last, 1] == rows[first, 1]:
            last += 1
        # along the axis on which rows overlap less, only rows that start before another stops need be compared
        axis = np.int64(2)
        shares = np.zeros(2, np.float64)
        for side in range(2):
            low = rows[first, 2 + 2 * side]
            high = rows[first, 3 + 2 * side]
            total = np.int64(0)
            for i in range(first, last):
                low = min(low, rows[i, 2 + 2 * side])
                high = max(high, rows[i, 3 + 2 * side])
                total += rows[i, 3 + 2 * side] - rows[i, 2 + 2 * side]
            shares[side] = total / max(1, high - low)
        if shares[1] < shares[0]:
            axis = np.int64(4)
        changed = last - first > 1
        while changed:
            changed = False
            _order_by(rows, first, last, axis, order)
            for place in range(last - first):
                i = order[place]
                if alive[i] == 0:
                    continue
                for other in range(place + 1, last - first):
                    j = order[other]
                    if rows[j, axis] >= rows[i, axis + 1] + join:
                        break
                    if alive[j] == 0:
                        continue
                    if _merge(rows, i, j, join, least_run):
                        alive[j] = 0
                        changed = True
        first = last
