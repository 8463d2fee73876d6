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
def mark_breaks(codes, text_bounds, bounds, starts, stops, paragraphs, breaks):
    """Mark with 1 each token before which a line begins, or, if `paragraphs`, a paragraph after a blank line.

    `starts` and `stops` are offsets into each token's own text. The first token of a text is marked always. A line end
    inside a token (a word divided at the end of a line) begins nothing.
    """
    for t in range(len(text_bounds) - 1):
        for token in range(bounds[t], bounds[t + 1]):
            if token == bounds[t]:
                breaks[token] = 1
                continue
            n_ends = 0  # line ends with nothing but blanks between
            is_break = False
            stop = text_bounds[t] + np.int64(starts[token])
            i = text_bounds[t] + np.int64(stops[token - 1])
            while i < stop and not is_break:
                code = codes[i]
                if is_line_end(code):
                    n_ends += 1
                    is_break = not paragraphs or n_ends == 2 or code == PARAGRAPH_SEPARATOR
                    if code == CARRIAGE_RETURN and i + 1 < stop and codes[i + 1] == LINE_FEED:
                        i += 1
                elif not is_blank(code):
                    n_ends = 0
                i += 1
            breaks[token] = 1 if is_break else 0


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
