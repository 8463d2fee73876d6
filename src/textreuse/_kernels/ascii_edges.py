"""Where tokens of ASCII text start and stop: eight bytes at a time to bits, sixty-four bits at a time to edges.

No byte of ASCII has its highest bit set, so that a sum of bytes sets it where the byte is large enough, and does not
touch the next byte.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from textreuse._kernels._jit import kernel

ZERO, ONE, TWO, THREE, FOUR, SIX, SEVEN = (np.uint64(n) for n in (0, 1, 2, 3, 4, 6, 7))
EACH_BYTE = 0x0101010101010101
LOWER_CASE = np.uint64(EACH_BYTE * 0x20)
HIGHEST_BITS = np.uint64(EACH_BYTE * 0x80)
LOWER_BITS = np.uint64(EACH_BYTE * 0x7F)
FROM_A, ABOVE_Z = np.uint64(EACH_BYTE * (0x80 - ord("a"))), np.uint64(EACH_BYTE * (0x7F - ord("z")))
FROM_0, ABOVE_9 = np.uint64(EACH_BYTE * (0x80 - ord("0"))), np.uint64(EACH_BYTE * (0x7F - ord("9")))
APOSTROPHES, GRAVES, DASHES = (np.uint64(EACH_BYTE * ord(character)) for character in "'`-")
SIDE_BY_SIDE, SHIFT_56, SHIFT_63 = np.uint64(0x0102040810204080), np.uint64(56), np.uint64(63)
# To count bits: of two, of four, of eight at a time, then all. The compiler knows this as one instruction.
OF_TWO, OF_FOUR, OF_EIGHT = (np.uint64(EACH_BYTE * byte) for byte in (0x55, 0x33, 0x0F))
ALL_BYTES = np.uint64(EACH_BYTE)
NONE = np.uint64(0xFFFFFFFFFFFFFFFF)
LINE_FEED, RETURN, TAB, BLANK, DASH = 10, 13, 9, 32, 45


@kernel
def letters_among(eight: Any) -> Any:
    """Return the highest bit of each byte that is a letter."""
    lower = eight | LOWER_CASE
    return (lower + FROM_A) & ~(lower + ABOVE_Z) & HIGHEST_BITS


@kernel
def digits_among(eight: Any) -> Any:
    """Return the highest bit of each byte that is a digit."""
    return (eight + FROM_0) & ~(eight + ABOVE_9) & HIGHEST_BITS


@kernel
def equal_among(eight: Any, repeated: Any) -> Any:
    """Return the highest bit of each byte that equals its byte in `repeated`."""
    return ~((eight ^ repeated) + LOWER_BITS) & HIGHEST_BITS


@kernel
def as_byte(highest: Any) -> Any:
    """Return the highest bits of eight bytes side by side, the first byte's lowest."""
    return ((highest >> SEVEN) * SIDE_BY_SIDE) >> SHIFT_56


@kernel
def count_bits(bits: Any) -> Any:
    """Return how many bits are set."""
    bits -= (bits >> ONE) & OF_TWO
    bits = (bits & OF_FOUR) + ((bits >> TWO) & OF_FOUR)
    bits = (bits + (bits >> FOUR)) & OF_EIGHT
    return (bits * ALL_BYTES) >> SHIFT_56


@kernel
def first_bit(bits: Any) -> Any:
    """Return the place of the lowest bit that is set: how many are below it. 64 if none is."""
    return count_bits(~bits & (bits - ONE))


@kernel
def fill_bits(eights: Any, members: Any, letters: Any, apostrophes: Any, dashes: Any) -> None:
    """Fill in a byte for each eight bytes: which are letters or digits, letters, apostrophes and hyphens.

    Nothing else is done in this loop, so that the compiler makes vector instructions of it.
    """
    for i in range(len(eights)):
        eight = eights[i]
        of_letters = letters_among(eight)
        letters[i] = as_byte(of_letters)
        members[i] = as_byte(of_letters | digits_among(eight))
        apostrophes[i] = as_byte(equal_among(eight, APOSTROPHES) | equal_among(eight, GRAVES))
        dashes[i] = as_byte(equal_among(eight, DASHES))


@kernel
def is_letter(code: Any) -> Any:
    """Return whether a byte is a letter."""
    lower = code | 0x20
    return (lower >= 97) & (lower <= 122)


@kernel
def goes_on_after_line_end(codes: Any, i: Any) -> Any:
    """Return whether the word before the byte at i goes on after a hyphen there and one line end, blanks around it."""
    if codes[i] != DASH or not is_letter(codes[i - 1]):
        return False
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
        return False
    while codes[i] == BLANK or codes[i] == TAB:
        i += 1
    return is_letter(codes[i])


@kernel
def join_across_lines(codes: Any, edges: Any, n_edges: Any, odd_runs: Any) -> Any:
    """Make one run of the two on both sides of a line end that splits a word; returns how many edges are left.

    Such runs are among `odd_runs`, whose numbers become those of the joined runs.
    """
    n_joined, first = np.int64(0), np.int64(0)
    for k in range(len(odd_runs)):
        run = np.int64(odd_runs[k])
        odd_runs[k] = run - n_joined
        if goes_on_after_line_end(codes, np.int64(edges[2 * run + 1])):
            for i in range(first, 2 * run + 1):
                edges[i - 2 * n_joined] = edges[i]
            first = 2 * run + 3
            n_joined += 1
    if n_joined:
        for i in range(first, n_edges):
            edges[i - 2 * n_joined] = edges[i]
    return n_edges - 2 * n_joined


@kernel
def between(inner: Any, outer: Any, block: Any) -> Any:
    """Return the bits of inner[block] that have bits of `outer` before and after them, and those with one before."""
    before = outer[block] << ONE
    if block > 0:
        before |= outer[block - 1] >> SHIFT_63
    after = outer[block] >> ONE | outer[block + 1] << SHIFT_63
    return inner[block] & before & after, inner[block] & before


@kernel
def find_ascii_edges(codes: Any, bits: Any, edges: Any, odd_runs: Any) -> Any:
    """Fill in where tokens start and stop, in turn, and which tokens hold bytes other than letters and digits.

    Apostrophes between letters or digits belong to a token, and hyphens between letters. `codes` (uint8) has a length
    that 64 divides, its last 64 bytes being zero; `bits` has four rows of a byte for eight of them, `edges` and
    `odd_runs` one number for each of them. `odd_runs` ascend, those that are joined across lines come once or twice,
    and some have no other bytes after all. Returns the numbers of edges and of odd runs.
    """
    fill_bits(codes.view(np.uint64), bits[0], bits[1], bits[2], bits[3])
    members, letters = bits[0].view(np.uint64), bits[1].view(np.uint64)
    apostrophes, dashes = bits[2].view(np.uint64), bits[3].view(np.uint64)
    n_edges, n_odd, last_odd = ZERO, ZERO, NONE  # unsigned, because signed indexes are checked for being negative
    carried = ZERO
    for block in range(len(members) - 1):
        start = np.uint64(block) << SIX
        within, odd = members[block], ZERO
        if apostrophes[block] | dashes[block]:
            odd, _ = between(apostrophes, members, block)
            hyphens, after_letters = between(dashes, letters, block)
            within |= odd | hyphens
            odd |= after_letters  # the word may go on in the next line
        changes = within ^ (within << ONE | carried)
        carried = within >> SHIFT_63
        while odd:
            below = ~odd & (odd - ONE)
            run = (n_edges + count_bits(changes & below)) >> ONE
            if run != last_odd:
                odd_runs[n_odd] = run
                n_odd += ONE
                last_odd = run
            odd &= odd - ONE
        first = n_edges
        n_edges += count_bits(changes)
        while changes:  # four at a time: what is written too much the next ones overwrite
            for i in range(4):
                edges[first + np.uint64(i)] = start + first_bit(changes)
                changes &= changes - ONE
            first += FOUR
    n_left = join_across_lines(codes, edges, np.int64(n_edges), odd_runs[: np.int64(n_odd)])
    return n_left, np.int64(n_odd)
