"""Passages that stand elsewhere: equal windows of tokens, found by a rolling hash (Karp, Rabin 1987) and compared.

A window is the shortest run of tokens from its start on that holds `least` half words. Its hash is a polynomial of its
token hashes, modulo 2**64.
"""

from __future__ import annotations

import numpy as np

from textreuse._kernels._jit import kernel

BASE = np.uint64(0x9E3779B97F4A7C15)
MIX = np.uint64(0xFF51AFD7ED558CCD)
ZERO, ONE, SIX, LOW_6_BITS = np.uint64(0), np.uint64(1), np.uint64(6), np.uint64(63)
HALF, FORTY, POSITION = np.uint64(32), np.uint64(40), np.uint64((1 << 40) - 1)
# Places in the state that is kept from one call to the next.
DOCUMENT, TOKEN, STOP, HALF_WORDS, REMOVED_TO, SOURCE, SOURCE_STOP, RUN, WAITING = range(9)
PIECE_SHIFT, OTHER_SHIFT, OTHER_STOP, N_PIECES, N_ENTRIES, N_COMPARED, N_STATE = range(9, 16)


@kernel
def mark_repeated(hashes, bounds, least, powers, seen, twice):
    """Set the bit of each window's hash in `seen`, or in `twice` where it is set; return how many of `twice` are set.

    `seen` and `twice` (uint64, a power of two of words) come empty. A window that occurs twice has its bit in `twice`;
    so have a few others. `powers` holds the powers of BASE up to the longest window.
    """
    mask = np.uint64(64 * len(seen) - 1)
    n_twice = 0
    for d in range(len(bounds) - 1):
        stop = bounds[d]
        half_words = 0
        x = ZERO
        for start in range(bounds[d], bounds[d + 1]):
            while half_words < least and stop < bounds[d + 1]:
                x = x * BASE + hashes[stop]
                half_words += 1 if hashes[stop] & ONE else 2
                stop += 1
            if half_words < least:
                break
            mixed = x * MIX
            bit = (mixed ^ (mixed >> HALF)) & mask
            word = bit >> SIX
            flag = ONE << (bit & LOW_6_BITS)
            if seen[word] & flag:
                if not twice[word] & flag:
                    twice[word] |= flag
                    n_twice += 1
            else:
                seen[word] |= flag
            x -= hashes[start] * powers[stop - start - 1]
            half_words -= 1 if hashes[start] & ONE else 2
    return n_twice


@kernel
def find_slot(hashes, mixed, position, n, table):
    """Where the table has a window with the n tokens from `position` on, or the free place where it would go.

    A place holds 24 bits of the hash and, in the lower 40, the position + 1; 0 if it is free.
    """
    mask = np.uint64(len(table) - 1)
    slot = mixed & mask
    while table[slot] != ZERO:
        if table[slot] >> FORTY == mixed >> FORTY:
            other = np.int64(table[slot] & POSITION) - 1
            j = 0
            while j < n and hashes[other + j] == hashes[position + j]:
                j += 1
            if j == n:
                break
        slot = (slot + ONE) & mask
    return slot


@kernel
def refill_windows(hashes, least, old, table):
    """Enter what a table of windows holds into a larger, empty one."""
    mask = np.uint64(len(table) - 1)
    for i in range(len(old)):
        if old[i] == ZERO:
            continue
        place = np.int64(old[i] & POSITION) - 1
        half_words = 0
        x = ZERO
        while half_words < least:
            x = x * BASE + hashes[place]
            half_words += 1 if hashes[place] & ONE else 2
            place += 1
        mixed = x * MIX
        slot = (mixed ^ (mixed >> HALF)) & mask
        while table[slot] != ZERO:
            slot = (slot + ONE) & mask
        table[slot] = old[i]


@kernel
def end_of_document(bounds, position):
    """Where the document that holds a token ends."""
    low, high = 0, len(bounds) - 1
    while high - low > 1:
        middle = (low + high) // 2
        if bounds[middle] <= position:
            low = middle
        else:
            high = middle
    return bounds[high]


@kernel
def find_repeated(
    hashes, bounds, order, least, powers, twice, table, kept, ring_hashes, ring_stops,
    piece_starts, piece_stops, piece_sources, state, rolling,
):  # fmt: skip
    """Go over the documents in `order`, and over each from its start; take for removed what stands in a kept window.

    A window of which all tokens are kept is entered into the table (of zeros at first, a power of two); the tokens of
    a later equal window are removed, as pieces [piece_starts, piece_stops) with the equal tokens from piece_sources on,
    which are all kept. What is decided stays decided, so no kept copy is touched later. `kept` (zeros) marks kept
    tokens.

    Returns 1 when everything is done, 0 when the table is half full or there is no room for another piece: the caller
    makes more, and calls again with the same `state` (int64, N_STATE) and `rolling` (uint64, 1: the hash so far). The
    first call has state[TOKEN] = -1. `ring_hashes` and `ring_stops` are longer than the longest window, a power of two.
    """
    bit_mask = np.uint64(64 * len(twice) - 1)
    ring = len(ring_hashes) - 1
    n_pieces, n_entries, n_compared = state[N_PIECES], state[N_ENTRIES], state[N_COMPARED]
    for k in range(state[DOCUMENT], len(order)):
        first = bounds[order[k]]
        last = bounds[order[k] + 1]
        if state[TOKEN] < 0:
            start, stop, half_words, x = first, first, 0, ZERO
            removed_to, source, source_stop, run, waiting = first, -1, 0, first, first
            piece_shift, other_shift, other_stop = 0, 0, 0  # no source is where the window itself is
        else:
            start, stop, half_words, x = state[TOKEN], state[STOP], state[HALF_WORDS], rolling[0]
            removed_to, source, source_stop = state[REMOVED_TO], state[SOURCE], state[SOURCE_STOP]
            run, waiting = state[RUN], state[WAITING]
            piece_shift, other_shift, other_stop = state[PIECE_SHIFT], state[OTHER_SHIFT], state[OTHER_STOP]
            state[TOKEN] = -1
        while start < last:
            if 2 * (n_entries + 4) > len(table) or n_pieces >= len(piece_starts):
                state[DOCUMENT], state[TOKEN], state[STOP], state[HALF_WORDS] = k, start, stop, half_words
                state[REMOVED_TO], state[SOURCE], state[SOURCE_STOP] = removed_to, source, source_stop
                state[RUN], state[WAITING] = run, waiting
                state[PIECE_SHIFT], state[OTHER_SHIFT], state[OTHER_STOP] = piece_shift, other_shift, other_stop
                state[N_PIECES], state[N_ENTRIES], state[N_COMPARED] = n_pieces, n_entries, n_compared
                rolling[0] = x
                return 0
            before = stop
            while half_words < least and stop < last:
                x = x * BASE + hashes[stop]
                half_words += 1 if hashes[stop] & ONE else 2
                stop += 1
            mixed = x * MIX
            mixed ^= mixed >> HALF
            if half_words < least:
                source = -1
                ring_stops[start & ring] = last + 1  # no window starts here
            else:
                if source >= 0:  # the window before this one stands elsewhere: does it go on there?
                    source += 1
                    i = before
                    while i < stop:
                        there = source + i - start
                        n_compared += 1
                        if there >= source_stop or kept[there] == 0 or hashes[there] != hashes[i]:
                            source = -1
                            break
                        i += 1
                bit = mixed & bit_mask
                is_candidate = (twice[bit >> SIX] >> (bit & LOW_6_BITS)) & ONE
                if source < 0 and is_candidate:
                    slot = find_slot(hashes, mixed, start, stop - start, table)
                    source = np.int64(table[slot] & POSITION) - 1
                    if source >= 0:
                        n_compared += stop - start
                        source_stop = end_of_document(bounds, source)
                if source >= 0:
                    shift = source - start
                    goes_on = removed_to >= start and piece_shift == shift
                    if goes_on and removed_to == start:  # the sources meet, perhaps where one document ends
                        goes_on = end_of_document(bounds, source - 1) == source_stop
                    if goes_on:
                        piece_stops[n_pieces - 1] = stop
                        removed_to = stop
                    elif start >= removed_to:
                        piece_starts[n_pieces] = start
                        piece_stops[n_pieces] = stop
                        piece_sources[n_pieces] = source
                        piece_shift = shift
                        n_pieces += 1
                        removed_to = stop
                    else:  # unless a window begins where the piece ends, this one tells how to go on from there
                        other_shift, other_stop = shift, stop
                ring_hashes[start & ring] = mixed
                ring_stops[start & ring] = stop if is_candidate else -stop
            if source < 0 and start == removed_to and other_stop > start:
                piece_starts[n_pieces] = start
                piece_stops[n_pieces] = other_stop
                piece_sources[n_pieces] = start + other_shift
                piece_shift = other_shift
                n_pieces += 1
                removed_to = other_stop
            if start < removed_to:
                run = start + 1
            else:
                kept[start] = 1
                waiting = max(waiting, run)
                while waiting <= start and abs(ring_stops[waiting & ring]) <= start + 1:
                    if ring_stops[waiting & ring] > 0:
                        n = ring_stops[waiting & ring] - waiting
                        slot = find_slot(hashes, ring_hashes[waiting & ring], waiting, n, table)
                        if table[slot] == ZERO:
                            table[slot] = ring_hashes[waiting & ring] >> FORTY << FORTY | np.uint64(waiting + 1)
                            n_entries += 1
                    waiting += 1
            x -= hashes[start] * powers[stop - start - 1]
            half_words -= 1 if hashes[start] & ONE else 2
            start += 1
        state[DOCUMENT] = k + 1
    state[N_PIECES], state[N_ENTRIES], state[N_COMPARED] = n_pieces, n_entries, n_compared
    return 1
