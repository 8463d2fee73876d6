"""Lines and paragraphs: where they begin among the tokens, and which of them stand elsewhere."""

from __future__ import annotations

import numpy as np

from textreuse._kernels._jit import kernel

MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
ONE = np.uint64(1)
LINE_FEED, CARRIAGE_RETURN, PARAGRAPH_SEPARATOR = 0x0A, 0x0D, 0x2029


@kernel
def is_line_end(code):
    """Whether a code point ends a line."""
    return LINE_FEED <= code <= CARRIAGE_RETURN or code == 0x85 or code == 0x2028 or code == PARAGRAPH_SEPARATOR


@kernel
def is_blank(code):
    """Whether a code point is white space, or invisible, and ends no line."""
    return (
        code == 0x20
        or code == 0x09
        or code == 0xA0
        or code == 0x3000
        or code == 0xFEFF
        or 0x2000 <= code <= 0x200B
        or code == 0x202F
        or code == 0x205F
        or code == 0x1680
    )


@kernel
def mark_units(codes, text_bounds, bounds, starts, stops, paragraphs, unit_starts, unit_stops):
    """Write where each line, or, if `paragraphs`, each paragraph starts and stops, at the token with which it begins.

    A blank line, or more, sets paragraphs apart. Offsets are into each token's own text. Blanks around a unit are no
    part of it, nor are lines without words beside it. unit_stops is 0 at tokens that begin none: a line end inside a
    token (a word divided at the end of a line) begins nothing.
    """
    for t in range(len(text_bounds) - 1):
        text_start = text_bounds[t]
        unit = -1  # the token with which the current unit begins
        stop = 0  # of what is not blank
        for token in range(bounds[t], bounds[t + 1] + 1):
            is_end = token == bounds[t + 1]
            gap_stop = text_bounds[t + 1] - text_start if is_end else np.int64(starts[token])
            n_ends = 0  # line ends with nothing but blanks between
            is_break = token == bounds[t]
            start = -1  # of what is not blank after the last break
            unit_stop = -1
            i = 0 if is_break else np.int64(stops[token - 1])
            while i < gap_stop:
                code = codes[text_start + i]
                if is_line_end(code):
                    n_ends += 1
                    if not paragraphs or n_ends == 2 or code == PARAGRAPH_SEPARATOR:
                        is_break = True
                        start = -1
                        if unit_stop < 0:
                            unit_stop = stop
                    if code == CARRIAGE_RETURN and i + 1 < gap_stop and codes[text_start + i + 1] == LINE_FEED:
                        i += 1
                elif not is_blank(code):
                    n_ends = 0
                    stop = i + 1
                    if start < 0:
                        start = i
                i += 1
            if unit >= 0 and (is_break or is_end):
                unit_stops[unit] = unit_stop if unit_stop >= 0 else stop
            if not is_end:
                if is_break:
                    unit = token
                    unit_starts[token] = start if start >= 0 else starts[token]
                unit_stops[token] = 0
                stop = np.int64(stops[token])


@kernel
def find_equal_units(hashes, unit_bounds, order, least, table, kept):
    """Fill in for each unit (tokens unit_bounds[u] to unit_bounds[u + 1]) the first equal one in `order`; else -1.

    Units of fewer than `least` half words are left alone. `table` (a power of two of slots, all -1, at least twice as
    many as there are units) finds units by a hash of their tokens; the tokens themselves are compared.
    """
    mask = np.uint64(len(table) - 1)
    for k in range(len(order)):
        unit = order[k]
        start = unit_bounds[unit]
        n = unit_bounds[unit + 1] - start
        kept[unit] = -1
        x = np.uint64(n)
        half_words = 0
        for i in range(start, start + n):
            x = (x ^ hashes[i]) * MULTIPLIER
            x ^= x >> np.uint64(29)
            half_words += 1 if hashes[i] & ONE else 2
        if half_words < least:
            continue
        slot = (x ^ (x >> np.uint64(32))) & mask
        while table[slot] >= 0:
            first = unit_bounds[table[slot]]
            if unit_bounds[table[slot] + 1] - first == n:
                j = 0
                while j < n and hashes[first + j] == hashes[start + j]:
                    j += 1
                if j == n:
                    break
            slot = (slot + ONE) & mask
        if table[slot] >= 0:
            kept[unit] = table[slot]
        else:
            table[slot] = unit
