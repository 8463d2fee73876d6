"""Kernels that find tokens in code points and hash what they fold to.

A token hash takes the folded code points as bytes: one byte below 128, else three bytes with the high bit set. Eight
bytes at a time (a code point never straddles two blocks) are mixed into 64 bits, so ASCII words need no loop over
their letters. Both ways, over ASCII and over any code points, give the same hashes.

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
ZERO, ONE, TWO, THREE, FOUR, SEVEN, EIGHT, SIXTEEN = (np.uint64(n) for n in (0, 1, 2, 3, 4, 7, 8, 16))
BLOCK = 256  # words hashed at once; what that needs stays in the innermost cache
SHIFT_14, SHIFT_16, SHIFT_21, SHIFT_25, SHIFT_33, SIXTY_FOUR = (np.uint64(n) for n in (14, 16, 21, 25, 33, 64))
ASCII_END, LOW_7_BITS = np.uint64(0x80), np.uint64(0x7F)
CODE_POINT_BITS = np.uint64(0x1FFFFF)
HIGH_BITS = np.uint64(0x808080)
LOWER_CASE = np.uint64(0x2020202020202020)
ALL_BITS = np.uint64(0xFFFFFFFFFFFFFFFF)
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


# ASCII: what one byte is (0 separator, 1 digit, 2 letter).
ASCII_CLASSES = np.zeros(128, dtype=np.uint8)
ASCII_CLASSES[48:58] = 1
ASCII_CLASSES[65:91] = ASCII_CLASSES[97:123] = 2
LINE_FEED, RETURN, TAB, BLANK, DASH = 10, 13, 9, 32, 45


@kernel
def next_letter_after_line_end(codes: Any, i: Any) -> Any:
    """Where the word goes on after the hyphen at i and one line end, with blanks around it; -1 if it does not."""
    i += 1
    while codes[i] == BLANK or codes[i] == TAB:
        i += 1
    if codes[i] == RETURN:
        i += 1
        if codes[i] == LINE_FEED:
            i += 1
    elif codes[i] == LINE_FEED:
        i += 1
    else:
        return -1
    while codes[i] == BLANK or codes[i] == TAB:
        i += 1
    return i if ASCII_CLASSES[codes[i]] == 2 else -1


@kernel
def hash_ascii_bytes(codes: Any, start: Any, stop: Any) -> Any:
    """Return the hash of the letters and digits among codes[start:stop], one by one."""
    hashed, block, fill, n_bytes = SEED, ZERO, ZERO, ZERO
    for i in range(start, stop):
        if ASCII_CLASSES[codes[i]] == 1 or ASCII_CLASSES[codes[i]] == 2:
            hashed, block, fill, n_bytes = add(hashed, block, fill, n_bytes, np.uint64(codes[i]) | np.uint64(0x20))
    return finish(hashed, block, n_bytes, ZERO)


@kernel
def eight_bytes(words: Any, i: Any) -> Any:
    """Return the eight bytes from byte i of `words` (uint64), which need not be aligned."""
    shift = np.uint64(i & 7) << THREE
    # Shifting by 64 is undefined, so the second half moves in two steps.
    return words[i >> 3] >> shift | (words[(i >> 3) + 1] << ONE) << (np.uint64(63) - shift)


@kernel
def hash_ascii_word(words: Any, start: Any, stop: Any) -> Any:
    """Return the hash of letters and digits only, eight at a time; setting bit 5 lowers letters, digits have it."""
    hashed = SEED
    i = start
    while stop - i > 8:
        hashed = mix(hashed ^ (eight_bytes(words, i) | LOWER_CASE))
        i += 8
    mask = ALL_BITS >> (SIXTY_FOUR - (np.uint64(stop - i) << THREE))
    return finish(hashed, (eight_bytes(words, i) | LOWER_CASE) & mask, np.uint64(stop - start), ZERO)


@kernel
def hash_ascii_block(first_eight: Any, second_eight: Any, sizes: Any, n: Any, hashes: Any) -> None:
    """Fill in the hashes of `n` words of up to sixteen bytes; where the size is 0, the first eight are the hash.

    There is no branch and no call here, so that the compiler makes vector instructions of the loop.
    """
    for i in range(n):
        size = sizes[i]
        first, second = first_eight[i] | LOWER_CASE, second_eight[i] | LOWER_CASE
        after_first = mix(SEED ^ first)
        is_long = size > EIGHT
        hashed = after_first if is_long else SEED
        block = second if is_long else first
        rest = size - EIGHT if is_long else size
        mask = ALL_BITS >> ((SIXTY_FOUR - (rest << THREE)) & np.uint64(63))
        finished = finish(hashed, block & mask, size, ZERO)
        hashes[i] = finished if size != ZERO else first_eight[i]


@kernel
def hash_ascii_tokens(
    codes: Any, words: Any, text_bounds: Any, edges: Any, joins: Any, starts: Any, stops: Any, hashes: Any, bounds: Any
) -> Any:
    """Fill in the tokens of each text from the edges of runs; return how many there are.

    `words` is `codes` as uint64, with eight bytes to spare. Runs on both sides of a line end that splits a word are one
    token. Texts are set apart by a separator that is no line end. Unsigned indexes are not checked for being negative.
    """
    n_tokens, edge, join, n_waiting = ZERO, ZERO, ZERO, ZERO
    n_edges, last_word, next_join = np.uint64(len(edges)), np.uint64(len(words) - 1), np.uint64(joins[0])
    first_eight, second_eight = np.empty(BLOCK, np.uint64), np.empty(BLOCK, np.uint64)
    sizes = np.empty(BLOCK, np.uint64)
    bounds[0] = 0
    for t in range(len(text_bounds) - 1):
        text_start, text_stop = np.uint64(text_bounds[t]), np.uint64(text_bounds[t + 1])
        while edge < n_edges and np.uint64(edges[edge]) < text_stop:
            start, stop = np.uint64(edges[edge]), np.uint64(edges[edge + ONE])
            edge += TWO
            whole = True
            while codes[stop] == DASH and ASCII_CLASSES[codes[stop - ONE]] == 2:
                if next_letter_after_line_end(codes, np.int64(stop)) < 0:
                    break
                stop = np.uint64(edges[edge + ONE])
                edge += TWO
                whole = False
            while next_join < stop:
                whole = False
                join += ONE
                next_join = np.uint64(joins[join])
            if whole and stop - start <= SIXTEEN:
                word = start >> THREE
                shift = (start & SEVEN) << THREE
                back = np.uint64(63) - shift  # shifting by 64 is undefined, so these halves move in two steps
                middle = words[word + ONE]
                first_eight[n_waiting] = words[word] >> shift | (middle << ONE) << back
                second_eight[n_waiting] = middle >> shift | (words[min(word + TWO, last_word)] << ONE) << back
                sizes[n_waiting] = stop - start
            else:
                a, b = np.int64(start), np.int64(stop)
                first_eight[n_waiting] = hash_ascii_word(words, a, b) if whole else hash_ascii_bytes(codes, a, b)
                second_eight[n_waiting] = ZERO
                sizes[n_waiting] = ZERO
            starts[n_tokens] = start - text_start
            stops[n_tokens] = stop - text_start
            n_tokens += ONE
            n_waiting += ONE
            if n_waiting == np.uint64(BLOCK):
                hash_ascii_block(first_eight, second_eight, sizes, BLOCK, hashes[np.int64(n_tokens) - BLOCK :])
                n_waiting = ZERO
        bounds[t + 1] = n_tokens
    n_rest = np.int64(n_waiting)
    hash_ascii_block(first_eight, second_eight, sizes, n_rest, hashes[np.int64(n_tokens) - n_rest :])
    return np.int64(n_tokens)
