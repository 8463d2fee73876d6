"""Kernels that find tokens in code points and hash what they fold to.

A token hash takes the folded code points as bytes: one byte below 128, else three bytes with the high bit set. Eight
bytes at a time (a code point never straddles two blocks) are mixed into 64 bits. `ascii_hashes.py` gives the same
hashes to ASCII words without a loop over their letters.

`table` is the three arrays pages, entries and sequences, whose layout is described in scripts/make_unicode_table.py.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from textreuse._kernels._jit import kernel

SEPARATOR, WORD, IDEOGRAPH, MARK, ACCENT, IGNORABLE, APOSTROPHE, HYPHEN = range(8)
SPACE, NEWLINE, CARRIAGE_RETURN = 1, 2, 3  # kinds of separator
# Where the scan over code points stands. From AFTER_APOSTROPHE on, the word ends unless its other half follows.
OUTSIDE, IN_IDEOGRAPH, IN_WORD, AFTER_SOFT_HYPHEN = 0, 1, 2, 3
AFTER_APOSTROPHE, AFTER_HYPHEN, IN_LINE_END, AFTER_RETURN, AFTER_NEWLINE = 4, 5, 6, 7, 8

SEED = np.uint64(0x9E3779B97F4A7C15)
MULTIPLIER_1 = np.uint64(0xFF51AFD7ED558CCD)
MULTIPLIER_2 = np.uint64(0xC4CEB9FE1A85EC53)
ZERO, ONE, THREE, FOUR, SEVEN, EIGHT = (np.uint64(n) for n in (0, 1, 3, 4, 7, 8))
SHIFT_14, SHIFT_16, SHIFT_21, SHIFT_25, SHIFT_33 = (np.uint64(n) for n in (14, 16, 21, 25, 33))
ASCII_END, LOW_7_BITS = np.uint64(0x80), np.uint64(0x7F)
CODE_POINT_BITS = np.uint64(0x1FFFFF)
HIGH_BITS = np.uint64(0x808080)
DIGIT_0, DIGIT_9 = np.uint64(48), np.uint64(57)


@kernel
def mix(x: Any) -> Any:
    """Return the 64 bits of x well mixed (the finaliser of MurmurHash3, a bijection)."""
    x ^= x >> SHIFT_33
    x *= MULTIPLIER_1
    x ^= x >> SHIFT_33
    x *= MULTIPLIER_2
    return x ^ (x >> SHIFT_33)


@kernel
def finish(hashed: Any, block: Any, n_bytes: Any, is_ideograph: Any) -> Any:
    """Return the token hash: the last block and the number of bytes mixed in, the lowest bit telling ideographs."""
    return (mix(mix(hashed ^ block) ^ n_bytes) >> ONE) << ONE | is_ideograph


@kernel
def add(hashed: Any, block: Any, fill: Any, n_bytes: Any, code_point: Any) -> Any:
    """Return the hash state after one more folded code point."""
    value, size = code_point, ONE
    if code_point >= ASCII_END:
        low, middle, high = code_point & LOW_7_BITS, (code_point >> SEVEN) & LOW_7_BITS, code_point >> SHIFT_14
        value, size = high | middle << EIGHT | low << SHIFT_16 | HIGH_BITS, THREE
    if fill + size > EIGHT:
        hashed, block, fill = mix(hashed ^ block), ZERO, ZERO
    return hashed, block | value << (EIGHT * fill), fill + size, n_bytes + size


@kernel
def look_up(code_point: Any, pages: Any, entries: Any) -> Any:
    """Return the table's entry of a code point as a 64-bit number."""
    return np.uint64(entries[np.int64(pages[code_point >> np.uint32(8)]) << 8 | np.int64(code_point & np.uint32(255))])


@kernel
def is_digit(entry: Any, sequences: Any, at_end: bool) -> Any:
    """Whether what an entry folds to starts (or ends) with a decimal digit."""
    folded = (entry >> FOUR) & CODE_POINT_BITS
    if entry & EIGHT:
        offset = np.int64(folded)
        length = np.int64(sequences[offset]) if at_end else 1
        folded = np.uint64(sequences[offset + length])
    return DIGIT_0 <= folded <= DIGIT_9


@kernel
def state_within_word(kind: Any, separator: Any, state: int, may_join: bool) -> int:
    """State after a character inside a word, or after one, that neither continues the word nor vanishes."""
    if kind == APOSTROPHE:
        return AFTER_APOSTROPHE if state <= AFTER_SOFT_HYPHEN else OUTSIDE
    if kind == HYPHEN:
        return AFTER_HYPHEN if state <= AFTER_SOFT_HYPHEN and may_join else OUTSIDE
    if kind != SEPARATOR:
        return OUTSIDE
    if separator == NEWLINE:
        if state in (AFTER_SOFT_HYPHEN, AFTER_HYPHEN, IN_LINE_END, AFTER_RETURN):
            return AFTER_NEWLINE
    elif separator == CARRIAGE_RETURN:
        if state in (AFTER_SOFT_HYPHEN, AFTER_HYPHEN, IN_LINE_END):
            return AFTER_RETURN
    elif separator == SPACE:
        if state in (AFTER_SOFT_HYPHEN, AFTER_HYPHEN):
            return IN_LINE_END
        if state in (IN_LINE_END, AFTER_NEWLINE):
            return state
        if state == AFTER_RETURN:
            return AFTER_NEWLINE
    return OUTSIDE


@kernel
def find_tokens(codes: Any, text_bounds: Any, table: Any, starts: Any, stops: Any, bounds: Any) -> int:
    """Fill in where the tokens of each text start and stop in `codes` (uint32); return how many there are.

    Text t has the code points text_bounds[t] to text_bounds[t + 1] and gets the tokens bounds[t] to bounds[t + 1].
    `starts` and `stops` need room for one token per code point.
    """
    pages, entries, sequences = table
    n_tokens = 0
    bounds[0] = 0
    for t in range(len(text_bounds) - 1):
        state = OUTSIDE
        last: Any = np.int64(0)  # the last character that contributes to the current token
        for i in range(text_bounds[t], text_bounds[t + 1]):
            entry = look_up(codes[i], pages, entries)
            kind = np.int64(entry & SEVEN)
            if kind == WORD:
                joins = state in (IN_WORD, AFTER_SOFT_HYPHEN, AFTER_APOSTROPHE)
                if state in (AFTER_HYPHEN, AFTER_NEWLINE, AFTER_RETURN):
                    joins = not is_digit(entry, sequences, False)
                if not joins:
                    starts[n_tokens] = i
                    n_tokens += 1
                stops[n_tokens - 1] = i + 1
                state, last = IN_WORD, i
            elif kind == IDEOGRAPH:
                starts[n_tokens] = i
                stops[n_tokens] = i + 1
                n_tokens += 1
                state = IN_IDEOGRAPH
            elif state == OUTSIDE or kind == IGNORABLE:
                continue
            elif kind == ACCENT:
                if state <= AFTER_SOFT_HYPHEN:
                    stops[n_tokens - 1] = i + 1
            elif kind == MARK and state <= AFTER_SOFT_HYPHEN:
                stops[n_tokens - 1] = i + 1
                if state != IN_IDEOGRAPH:
                    state, last = IN_WORD, i
            elif kind == HYPHEN and entry >> FOUR:  # the soft hyphen vanishes, except perhaps at the end of a line
                if state == IN_WORD and not is_digit(look_up(codes[last], pages, entries), sequences, True):
                    state = AFTER_SOFT_HYPHEN
            elif state == IN_IDEOGRAPH:
                state = OUTSIDE
            else:
                may_join = kind == HYPHEN and not is_digit(look_up(codes[last], pages, entries), sequences, True)
                state = state_within_word(kind, np.int64(entry >> FOUR), state, may_join)
        bounds[t + 1] = n_tokens
    return n_tokens


@kernel
def hash_marks_in_order(codes: Any, start: Any, stop: Any, present: Any, table: Any, state: Any) -> Any:
    """Return the hash state after the ranked marks in codes[start:stop], lowest rank first, else as they stand.

    `present` has bit r set where a mark of rank r occurs. One pass per rank needs no memory, however long the run.
    """
    pages, entries, sequences = table
    hashed, block, fill, n_bytes = state
    for rank in range(1, 64):
        if not (present >> np.uint64(rank)) & ONE:
            continue
        for i in range(start, stop):
            entry = look_up(codes[i], pages, entries)
            payload = (entry >> FOUR) & CODE_POINT_BITS
            if entry & EIGHT:
                offset = np.int64(payload)
                for j in range(offset + 1, offset + 1 + np.int64(sequences[offset])):
                    element = np.uint64(sequences[j])
                    if element >> SHIFT_21 == np.uint64(rank):
                        hashed, block, fill, n_bytes = add(hashed, block, fill, n_bytes, element & CODE_POINT_BITS)
            elif entry >> SHIFT_25 == np.uint64(rank):
                hashed, block, fill, n_bytes = add(hashed, block, fill, n_bytes, payload)
    return hashed, block, fill, n_bytes


@kernel
def hash_rest(codes: Any, start: Any, stop: Any, table: Any, state: Any) -> Any:
    """Return the hash state after codes[start:stop], and how many of them were ideographs and word characters.

    Runs of marks with a combining class are hashed in canonical order: as they stand while they are in order, else
    over again from the state before the run.
    """
    pages, entries, sequences = table
    hashed, block, fill, n_bytes = state
    before_run = state
    run_start, highest, present, in_order = start, ZERO, ZERO, True
    n_ideographs, n_words = 0, 0
    for i in range(start, stop):
        entry = look_up(codes[i], pages, entries)
        kind = np.int64(entry & SEVEN)
        if kind < WORD or kind > MARK:
            continue
        n_ideographs += kind == IDEOGRAPH
        n_words += kind == WORD
        offset = np.int64((entry >> FOUR) & CODE_POINT_BITS)
        length = np.int64(sequences[offset]) if entry & EIGHT else 1
        for j in range(length):
            element = (entry >> FOUR) & CODE_POINT_BITS | entry >> SHIFT_25 << SHIFT_21
            if entry & EIGHT:
                element = np.uint64(sequences[offset + 1 + j])
            rank = element >> SHIFT_21
            if rank == ZERO:
                if not in_order:
                    hashed, block, fill, n_bytes = hash_marks_in_order(codes, run_start, i, present, table, before_run)
                highest, present, in_order = ZERO, ZERO, True
            else:
                if present == ZERO:
                    before_run = hashed, block, fill, n_bytes
                    run_start = i
                in_order = in_order and rank >= highest
                highest = max(highest, rank)
                present |= ONE << rank
            hashed, block, fill, n_bytes = add(hashed, block, fill, n_bytes, element & CODE_POINT_BITS)
    if not in_order:
        hashed, block, fill, n_bytes = hash_marks_in_order(codes, run_start, stop, present, table, before_run)
    return (hashed, block, fill, n_bytes), n_ideographs, n_words


@kernel
def hash_tokens(codes: Any, text_bounds: Any, bounds: Any, table: Any, starts: Any, stops: Any, hashes: Any) -> None:
    """Fill in the hashes of the tokens, and turn `starts` and `stops` into offsets into each token's own text.

    A token of which nothing is left after folding is hashed as it stands. The loop over a token's characters is written
    out here because a call per token, with its arrays, costs more than the hash of a short token.
    """
    pages, entries, sequences = table
    for t in range(len(text_bounds) - 1):
        text_start = text_bounds[t]
        for token in range(bounds[t], bounds[t + 1]):
            start, stop = np.int64(starts[token]), np.int64(stops[token])
            hashed, block, fill, n_bytes = SEED, ZERO, ZERO, ZERO
            n_ideographs, n_words = 0, 0
            for i in range(start, stop):
                entry = look_up(codes[i], pages, entries)
                kind = np.int64(entry & SEVEN)
                if kind < WORD or kind > MARK:
                    continue
                if entry >> SHIFT_25:  # here a run of marks starts, which may be out of order
                    (hashed, block, fill, n_bytes), n_more_ideographs, n_more_words = hash_rest(
                        codes, i, stop, table, (hashed, block, fill, n_bytes)
                    )
                    n_ideographs += n_more_ideographs
                    n_words += n_more_words
                    break
                n_ideographs += kind == IDEOGRAPH
                n_words += kind == WORD
                folded = entry >> FOUR
                if entry & EIGHT:
                    offset = np.int64(folded)
                    for j in range(offset + 1, offset + 1 + np.int64(sequences[offset])):
                        hashed, block, fill, n_bytes = add(hashed, block, fill, n_bytes, np.uint64(sequences[j]))
                else:
                    hashed, block, fill, n_bytes = add(hashed, block, fill, n_bytes, folded)
            if n_bytes == ZERO:
                for i in range(start, stop):
                    hashed, block, fill, n_bytes = add(hashed, block, fill, n_bytes, np.uint64(codes[i]))
            lowest_bit = ONE if n_ideographs == 1 and n_words == 0 else ZERO
            hashes[token] = finish(hashed, block, n_bytes, lowest_bit)
            starts[token] = start - text_start
            stops[token] = stop - text_start
