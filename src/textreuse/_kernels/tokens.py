"""Kernels that find tokens in code points and hash what they fold to.

A token hash takes the folded code points as bytes: one byte below 128, else three bytes with the high bit set. Eight
bytes at a time (a code point never straddles two blocks) are mixed into 64 bits. `ascii_hashes.py` gives the same
hashes to ASCII words without a loop over their letters.

There are two ways. `fold_tokens` finds tokens with hardly a branch that depends on the text, and blocks are hashed
many at a time. What takes more than a look at the next character (words over line ends, marks that may be out of
order) is left to `next_token`, an automaton, and `hash_spans`. Both give the same, and either may follow the other.

`table` is the three arrays pages, entries and sequences, whose layout is described in scripts/make_unicode_table.py;
`units` are the two arrays that _unicode/units.py makes of it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from textreuse._kernels._jit import inner_kernel, kernel

SEPARATOR, WORD, IDEOGRAPH, MARK, ACCENT, IGNORABLE, APOSTROPHE, HYPHEN = range(8)
# What moves the automaton that finds one token: the classes, and kinds of separator, hyphen and word.
SPACE, NEWLINE, CARRIAGE_RETURN, SOFT_HYPHEN, DIGIT = range(8, 13)
# Where it stands. From AFTER_APOSTROPHE on, the word ends unless its other half follows.
OUTSIDE, IN_IDEOGRAPH, IN_WORD, AFTER_SOFT_HYPHEN = 0, 1, 2, 3
AFTER_APOSTROPHE, AFTER_HYPHEN, IN_LINE_END, AFTER_RETURN, AFTER_NEWLINE, AT_NEXT_TOKEN = 4, 5, 6, 7, 8, 9
AUTOMATON = np.zeros((9, 13), dtype=np.uint8)  # where all else ends the token
for _state in range(9):
    AUTOMATON[_state, [ACCENT, IGNORABLE, SOFT_HYPHEN]] = _state
    AUTOMATON[_state, [WORD, IDEOGRAPH, DIGIT]] = AT_NEXT_TOKEN
AUTOMATON[OUTSIDE, [WORD, IDEOGRAPH, DIGIT]] = IN_WORD, IN_IDEOGRAPH, IN_WORD
AUTOMATON[IN_IDEOGRAPH, MARK] = IN_IDEOGRAPH
AUTOMATON[IN_WORD, SOFT_HYPHEN] = AFTER_SOFT_HYPHEN
AUTOMATON[IN_WORD : AFTER_SOFT_HYPHEN + 1, [MARK, APOSTROPHE, HYPHEN]] = IN_WORD, AFTER_APOSTROPHE, AFTER_HYPHEN
AUTOMATON[IN_WORD : AFTER_APOSTROPHE + 1, [WORD, DIGIT]] = IN_WORD
AUTOMATON[[AFTER_HYPHEN, AFTER_RETURN, AFTER_NEWLINE], WORD] = IN_WORD
AUTOMATON[[AFTER_SOFT_HYPHEN, AFTER_HYPHEN, IN_LINE_END], SPACE] = IN_LINE_END
AUTOMATON[[AFTER_SOFT_HYPHEN, AFTER_HYPHEN, IN_LINE_END], CARRIAGE_RETURN] = AFTER_RETURN
AUTOMATON[[AFTER_SOFT_HYPHEN, AFTER_HYPHEN, IN_LINE_END, AFTER_RETURN], NEWLINE] = AFTER_NEWLINE
AUTOMATON[[AFTER_RETURN, AFTER_NEWLINE], SPACE] = AFTER_NEWLINE

SEED = np.uint64(0x9E3779B97F4A7C15)
MULTIPLIER_1 = np.uint64(0xFF51AFD7ED558CCD)
MULTIPLIER_2 = np.uint64(0xC4CEB9FE1A85EC53)
ZERO, ONE, TWO, THREE, FOUR, SEVEN, EIGHT = (np.uint64(n) for n in (0, 1, 2, 3, 4, 7, 8))
SHIFT_12, SHIFT_14, SHIFT_16, SHIFT_21, SHIFT_24, SHIFT_25 = (np.uint64(n) for n in (12, 14, 16, 21, 24, 25))
SHIFT_32, SHIFT_33, SHIFT_48, SIXTY_THREE, SIXTY_FOUR = (np.uint64(n) for n in (32, 33, 48, 63, 64))
ALL_BITS = np.uint64(0xFFFFFFFFFFFFFFFF)
ASCII_END, LOW_7_BITS = np.uint64(0x80), np.uint64(0x7F)
CODE_POINT_BITS = np.uint64(0x1FFFFF)
HIGH_BITS = np.uint64(0x808080)
DIGIT_0, DIGIT_9 = np.uint64(48), np.uint64(57)

# Of units, whose layout is described in _unicode/units.py.
CLASS, BYTES, LENGTH, START_BITS = np.uint64(8), np.uint64(36), np.uint64(60), np.uint64(0xFFFFF)
IS_WORD, EXTENDS, NO_TOKEN, STARTS_RANKED, _, ODD, BLANK = (np.uint64(1 << n) for n in range(1, 8))
IS_IDEOGRAPH = np.uint64(1 << 24)
STARTS_TOKEN, NOT_FIRST = IS_WORD | IS_IDEOGRAPH, EXTENDS | STARTS_RANKED
COUNTED, COUNT_BITS, THREE_BYTES = np.uint64(0x1001001), np.uint64(0xFFF), np.uint64(0xFFFFFF)

STRETCH = 1024  # code points whose tokens are hashed together; what that needs stays in the innermost caches
MOST_ROWS = np.uint64(16)  # blocks of a token; longer ones are hashed one by one
# Where in one array units, starts, stops and counts are, for several arrays need more registers than there are.
COLUMNS, FIRST_START = STRETCH + 8, 4096 + 1
STARTS, STOPS, COUNTS, ROOM = (np.uint64(4096 + n * COLUMNS) for n in range(4))
ROOM_TYPES = "u8", "u4", "u4", "u8", "u8", "u8", "u8", "u8", "u8"


@inner_kernel
def mix(x: Any) -> Any:
    """Return the 64 bits of x well mixed (the finaliser of MurmurHash3, a bijection)."""
    x ^= x >> SHIFT_33
    x *= MULTIPLIER_1
    x ^= x >> SHIFT_33
    x *= MULTIPLIER_2
    return x ^ (x >> SHIFT_33)


@inner_kernel
def finish(hashed: Any, block: Any, n_bytes: Any, is_ideograph: Any) -> Any:
    """Return the token hash: the last block and the number of bytes mixed in, the lowest bit telling ideographs."""
    return (mix(mix(hashed ^ block) ^ n_bytes) >> ONE) << ONE | is_ideograph


@inner_kernel
def add(hashed: Any, block: Any, fill: Any, n_bytes: Any, code_point: Any) -> Any:
    """Return the hash state after one more folded code point."""
    value, size = code_point, ONE
    if code_point >= ASCII_END:
        low, middle, high = code_point & LOW_7_BITS, (code_point >> SEVEN) & LOW_7_BITS, code_point >> SHIFT_14
        value, size = high | middle << EIGHT | low << SHIFT_16 | HIGH_BITS, THREE
    if fill + size > EIGHT:
        hashed, block, fill = mix(hashed ^ block), ZERO, ZERO
    return hashed, block | value << (EIGHT * fill), fill + size, n_bytes + size


@inner_kernel
def look_up(code_point: Any, pages: Any, entries: Any) -> Any:
    """Return the table's entry of a code point as a 64-bit number."""
    return np.uint64(entries[np.int64(pages[code_point >> np.uint32(8)]) << 8 | np.int64(code_point & np.uint32(255))])


@inner_kernel
def is_digit(entry: Any, sequences: Any, at_end: bool) -> Any:
    """Whether what an entry folds to starts (or ends) with a decimal digit."""
    folded = (entry >> FOUR) & CODE_POINT_BITS
    if entry & EIGHT:
        offset = np.int64(folded)
        length = np.int64(sequences[offset]) if at_end else 1
        folded = np.uint64(sequences[offset + length])
    return DIGIT_0 <= folded <= DIGIT_9


@inner_kernel
def next_token(codes: Any, i: Any, table: Any) -> Any:
    """Return start and stop of the first token of codes[i:] (equal if what stands there is none), and where to go on.

    There, a token starts or nothing is pending, so that no character before matters. A separator ends `codes`.
    """
    pages, entries, sequences = table
    start, stop, last, state = i, i, i, np.int64(OUTSIDE)  # `last` is the last character that contributes
    while True:
        entry = look_up(codes[i], pages, entries)
        kind: Any = np.int64(entry & SEVEN)
        symbol = kind
        if kind == SEPARATOR and entry >> FOUR:
            symbol = HYPHEN + np.int64(entry >> FOUR)
        elif kind in (HYPHEN, WORD):
            at_digit = is_digit(
                look_up(codes[last if kind == HYPHEN else i], pages, entries), sequences, kind == HYPHEN
            )
            if kind == WORD:
                symbol = DIGIT if at_digit else WORD
            elif entry >> FOUR:
                symbol = IGNORABLE if at_digit else SOFT_HYPHEN
            else:
                symbol = SEPARATOR if at_digit else HYPHEN
        state = np.int64(AUTOMATON[state, symbol])
        if state == AT_NEXT_TOKEN:
            return start, stop, i
        i += 1
        if state == OUTSIDE:
            return start, stop, i
        if WORD <= kind <= ACCENT and state <= AFTER_SOFT_HYPHEN:
            stop = i
            last = last if kind == ACCENT else i - 1


@inner_kernel
def element_of(entry: Any, sequences: Any, j: int) -> Any:
    """Return element j of what an entry folds to: a code point with its rank, as it is in a sequence."""
    payload = (entry >> FOUR) & CODE_POINT_BITS
    return np.uint64(sequences[np.int64(payload) + 1 + j]) if entry & EIGHT else payload | entry >> SHIFT_25 << SHIFT_21


@inner_kernel
def add_marks(codes: Any, start: int, stop: int, present: Any, table: Any, state: Any) -> Any:
    """Return the hash state after the marks with a rank in codes[start:stop], lowest rank first, else as they stand.

    `present` has bit r set where a mark of rank r occurs. One pass per rank needs no memory, however long the run.
    """
    pages, entries, sequences = table
    hashed, block, fill, n_bytes = state
    for rank in range(64):
        if not (present >> np.uint64(rank)) & ONE:
            continue
        for i in range(start, stop):
            entry = look_up(codes[i], pages, entries)
            for j in range(np.int64(sequences[(entry >> FOUR) & CODE_POINT_BITS]) if entry & EIGHT else 1):
                element = element_of(entry, sequences, j)
                if element >> SHIFT_21 == np.uint64(rank):
                    hashed, block, fill, n_bytes = add(hashed, block, fill, n_bytes, element & CODE_POINT_BITS)
    return hashed, block, fill, n_bytes


@kernel
def hash_spans(codes: Any, starts: Any, stops: Any, table: Any, hashes: Any) -> None:
    """Fill in the hash of each codes[start:stop]; where nothing is left after folding, of these as they stand.

    Marks with a combining class are hashed in canonical order, when the run of them ends. The loop over a span is
    written out here because a call per span, with its arrays, costs more than the hash of a short one.
    """
    pages, entries, sequences = table
    for span in range(len(starts)):
        start, stop = starts[span], stops[span]
        hashed, block, fill, n_bytes = SEED, ZERO, ZERO, ZERO
        run_start, present, n_ideographs, n_words = start, ZERO, 0, 0
        for i in range(start, stop):
            entry = look_up(codes[i], pages, entries)
            kind = np.int64(entry & SEVEN)
            if kind < WORD or kind > MARK:
                continue
            n_ideographs += kind == IDEOGRAPH
            n_words += kind == WORD
            if not (entry & EIGHT or entry >> SHIFT_25 or present):
                hashed, block, fill, n_bytes = add(hashed, block, fill, n_bytes, entry >> FOUR)
                continue
            for j in range(np.int64(sequences[(entry >> FOUR) & CODE_POINT_BITS]) if entry & EIGHT else 1):
                element = element_of(entry, sequences, j)
                if element >> SHIFT_21:
                    run_start = run_start if present else i
                    present |= ONE << (element >> SHIFT_21)
                    continue
                if present:
                    state = hashed, block, fill, n_bytes
                    hashed, block, fill, n_bytes = add_marks(codes, run_start, i, present, table, state)
                    present = ZERO
                hashed, block, fill, n_bytes = add(hashed, block, fill, n_bytes, element)
        if present:
            state = hashed, block, fill, n_bytes
            hashed, block, fill, n_bytes = add_marks(codes, run_start, stop, present, table, state)
        if n_bytes == ZERO:
            for i in range(start, stop):
                hashed, block, fill, n_bytes = add(hashed, block, fill, n_bytes, np.uint64(codes[i]))
        hashes[span] = finish(hashed, block, n_bytes, ONE if n_ideographs == 1 and n_words == 0 else ZERO)


@inner_kernel
def resolve(unit: Any, following: Any, before: Any, in_word: Any, last: Any) -> Any:
    """Return what an apostrophe, a hyphen or an invisible character amounts to: NO_TOKEN, or EXTENDS if it joins.

    Returns ODD if that depends on more than the units of the next character and of what was folded last.
    """
    kind = unit >> CLASS & SEVEN
    is_hyphen = kind == HYPHEN and not unit >> BYTES  # the soft hyphen is invisible
    if before & NO_TOKEN or following == NO_TOKEN or following & IS_IDEOGRAPH:
        return NO_TOKEN
    if not in_word and (following & IS_WORD or is_hyphen or kind == APOSTROPHE):
        return NO_TOKEN
    if is_hyphen and DIGIT_0 <= last >> BYTES <= DIGIT_9:
        return NO_TOKEN
    if following & IS_WORD:
        if not is_hyphen:
            return EXTENDS
        if following & ODD:
            return ODD
        return NO_TOKEN if DIGIT_0 <= following >> BYTES <= DIGIT_9 else EXTENDS
    return NO_TOKEN if following & BLANK and kind != HYPHEN else ODD


@inner_kernel
def fold_tokens(codes: Any, first: Any, last: Any, units: Any, elements: Any, found: Any) -> Any:
    """Fill in the tokens of codes[first:last], numbered from 1 on, and the units that they fold to.

    Token t has found[STARTS + t], found[STOPS + t], and the units found[i:j] where i and j are the low bits of
    found[COUNTS + t] and found[COUNTS + t + 1]. Returns how many tokens there are, where to go on, and whether
    `next_token` must. A token that reaches `last` is not among them, for there is where to go on.
    """
    # `word` is IS_WORD inside a word, `before` the unit before. All is written for every code point, where it is right
    # only once it is not written any more: the start of the next token, say, until that starts.
    n, count, stop, word, before = ZERO, ZERO, ZERO, ZERO, NO_TOKEN
    found[STARTS + ONE], found[COUNTS + ONE] = first, ZERO
    i = first
    while i < last:
        unit = units[codes[i]]
        if unit & (before >> ONE & NOT_FIRST | ODD):
            length = unit >> LENGTH
            if unit & EXTENDS and before & NO_TOKEN:  # a mark by itself
                unit = NO_TOKEN
            elif (unit >> CLASS & SEVEN) > ACCENT:
                unit = resolve(unit, units[codes[i + ONE]], before, word, found[(count - ONE) & COUNT_BITS])
            elif length and unit & ODD:  # two or three elements, of which the last goes the way of all units
                if unit & ~word & STARTS_TOKEN:
                    n += ONE
                    word = unit & IS_WORD
                place = unit >> BYTES & START_BITS
                found[count & COUNT_BITS] = elements[place]
                count += (elements[place] | unit & IS_IDEOGRAPH) & COUNTED
                found[count & COUNT_BITS] = elements[place + ONE]
                count += elements[place + ONE] & COUNTED & (TWO - length)
                unit = elements[place + length - ONE]
            else:
                unit = ODD
            if unit & ODD:  # over to next_token, from the start of the token that is unfinished
                return (n, i, True) if before & NO_TOKEN else (n - ONE, found[STARTS + n], True)
        n += ONE if unit & ~word & STARTS_TOKEN else ZERO
        word = word if unit & EXTENDS else unit & IS_WORD
        found[count & COUNT_BITS] = unit
        count += unit & COUNTED
        i += ONE
        stop = stop if unit & NO_TOKEN else i
        found[STARTS + ONE + n], found[STOPS + n], found[COUNTS + ONE + n] = i, stop, count
        before = unit
    return (n, last, False) if before & NO_TOKEN else (n - ONE, found[STARTS + n], False)


@inner_kernel
def make_blocks(folded: Any, n: Any, values: Any, fours: Any, blocks: Any) -> None:
    """Fill in the block of bytes that starts at each of the first `n` units, if those after it are of as many bytes."""
    for i in range(n + 8):
        values[i] = folded[i] >> BYTES & THREE_BYTES
    for i in range(n + 4):
        fours[i] = values[i] | values[i + 1] << EIGHT | values[i + 2] << SHIFT_16 | values[i + 3] << SHIFT_24
    for i in range(n):
        narrow = np.uint64(fours[i]) | np.uint64(fours[i + 4]) << SHIFT_32
        wide = np.uint64(values[i]) | np.uint64(values[i + 1]) << SHIFT_24
        blocks[i] = wide if values[i] >= ASCII_END else narrow


@inner_kernel
def hash_mixed(values: Any, start: Any, stop: Any) -> Any:
    """Return the hash of values[start:stop], letters of one byte and of three."""
    hashed, block, fill, n_bytes = SEED, ZERO, ZERO, ZERO
    for i in range(start, stop):
        size = SHIFT_24 if values[i] >= ASCII_END else EIGHT
        if fill + size > SIXTY_FOUR:
            hashed, block, fill = mix(hashed ^ block), ZERO, ZERO
        block |= np.uint64(values[i]) << fill
        fill += size
        n_bytes += size
    return (mix(mix(hashed ^ block) ^ n_bytes >> THREE) >> ONE) << ONE


@inner_kernel
def add_block(hashed: Any, block: Any, left: Any, full: Any) -> Any:
    """Return the hash state after a block, of which no more than `left` bits belong to the token."""
    mask = ALL_BITS >> ((SIXTY_FOUR - min(left, full)) & SIXTY_THREE)
    return mix(hashed ^ block & mask) if left else hashed


@inner_kernel
def hash_blocks(counts: Any, n: Any, room: Any, hashes: Any) -> None:
    """Fill in the hashes of `n` tokens, a row of blocks at a time.

    There is no branch in the loops over tokens, so that the compiler makes vector instructions of them.
    """
    values, blocks, places, steps, sizes, of_row, of_next = room
    n_rows, some_mixed = ZERO, ZERO
    for t in range(n):
        count = counts[t + 1] - counts[t]
        n_units, n_wide = count & COUNT_BITS, count >> SHIFT_12 & COUNT_BITS
        n_rows = max(n_rows, (n_units + ONE) >> ONE if n_wide else (n_units + SEVEN) >> THREE)
        some_mixed |= n_wide * (n_units - n_wide)
        places[t], sizes[t] = counts[t] & COUNT_BITS, (n_units + TWO * n_wide) << THREE
        steps[t] = TWO if n_wide else EIGHT
    for t in range(n):  # apart, because what is read here and there is not read many at a time
        of_row[t] = blocks[places[t]]
        places[t] += steps[t]
    for t in range(n):
        full = SHIFT_48 if steps[t] == TWO else SIXTY_FOUR
        hashes[t] = add_block(SEED, of_row[t], sizes[t], full)
        sizes[t] -= min(sizes[t], full)
    for _ in range(ONE, min(n_rows, MOST_ROWS), TWO):  # two rows at a time, to read and write the rest half as often
        for t in range(n):
            of_row[t], of_next[t] = blocks[places[t]], blocks[places[t] + steps[t]]
            places[t] += steps[t] << ONE
        for t in range(n):
            full = SHIFT_48 if steps[t] == TWO else SIXTY_FOUR
            hashed = add_block(hashes[t], of_row[t], sizes[t], full)
            left = sizes[t] - min(sizes[t], full)
            hashes[t] = add_block(hashed, of_next[t], left, full)
            sizes[t] = left - min(left, full)
    for t in range(n):
        count = counts[t + 1] - counts[t]
        n_bytes = (count & COUNT_BITS) + TWO * (count >> SHIFT_12 & COUNT_BITS)
        hashes[t] = (mix(hashes[t] ^ n_bytes) >> ONE) << ONE | count >> SHIFT_24
    if some_mixed or n_rows > MOST_ROWS:
        for t in range(n):
            count, start = counts[t + 1] - counts[t], counts[t] & COUNT_BITS
            n_units, n_wide = count & COUNT_BITS, count >> SHIFT_12 & COUNT_BITS
            if (n_wide and n_wide < n_units) or n_units > TWO * MOST_ROWS:
                hashes[t] = hash_mixed(values, start, start + n_units) | count >> SHIFT_24


@kernel
def find_tokens(codes: Any, table: Any, units: Any, room: Any, starts: Any, stops: Any, hashes: Any) -> Any:
    """Fill in the tokens of `codes` (uint32); return how many there are and how many of them are left to `hash_spans`.

    Those have 0 for a hash. The last code point is a separator that is no line end. `starts`, `stops` and `hashes`
    need room for one token per code point, `room` is arrays of ROOM_TYPES of the size ROOM.
    """
    found, values, fours, blocks, places, steps, sizes, of_row, of_next = room
    found_starts, found_stops, counts = found[FIRST_START:], found[FIRST_START + COLUMNS :], found[-COLUMNS + 1 :]
    n_codes, n_left = len(codes), 0
    n_tokens: Any = 0
    i: Any = 0
    while i < n_codes:
        last = min(i + STRETCH, n_codes)
        n, where, alone = fold_tokens(codes, np.uint64(i), np.uint64(last), units[0], units[1], found)
        n_found, go_on = np.int64(n), np.int64(where)
        make_blocks(found, np.int64(counts[n_found] & COUNT_BITS), values, fours, blocks)
        hash_blocks(counts, n_found, (values, blocks, places, steps, sizes, of_row, of_next), hashes[n_tokens:])
        to_starts, to_stops = starts[n_tokens:], stops[n_tokens:]
        for t in range(n_found):
            to_starts[t], to_stops[t] = found_starts[t], found_stops[t]
        n_tokens += n_found
        if alone or go_on == i:
            start, stop, go_on = next_token(codes, go_on, table)
            if stop > start:
                starts[n_tokens], stops[n_tokens], hashes[n_tokens] = start, stop, ZERO
                n_tokens += 1
                n_left += 1
        i = go_on
    return n_tokens, n_left
