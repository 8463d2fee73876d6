"""Where tokens of ASCII text start and stop, eight bytes at a time.

No byte of ASCII has its highest bit set, so that a sum of bytes sets it where the byte is large enough, and does not
touch the next byte.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from textreuse._kernels._jit import kernel

ZERO, ONE, THREE, SEVEN = (np.uint64(n) for n in (0, 1, 3, 7))
EACH_BYTE = 0x0101010101010101
LOWER_CASE = np.uint64(EACH_BYTE * 0x20)
HIGHEST_BITS = np.uint64(EACH_BYTE * 0x80)
LOWER_BITS = np.uint64(EACH_BYTE * 0x7F)
FROM_A, ABOVE_Z = np.uint64(EACH_BYTE * (0x80 - ord("a"))), np.uint64(EACH_BYTE * (0x7F - ord("z")))
FROM_0, ABOVE_9 = np.uint64(EACH_BYTE * (0x80 - ord("0"))), np.uint64(EACH_BYTE * (0x7F - ord("9")))
APOSTROPHES, GRAVES, DASHES = (np.uint64(EACH_BYTE * ord(character)) for character in "'`-")
SIDE_BY_SIDE, SHIFT_56, SHIFT_58, SHIFT_63 = np.uint64(0x0102040810204080), *(np.uint64(n) for n in (56, 58, 63))
# Where the only bit of a number is set: each shift of this constant has other bits in front (de Bruijn).
DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
BIT_PLACES = np.zeros(64, dtype=np.uint8)
for _place in range(64):
    BIT_PLACES[(0x03F79D71B4CB0A89 << _place) % 2**64 >> 58] = _place


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
def first_bit(bits: Any) -> Any:
    """Return the place of the lowest bit that is set."""
    return np.uint64(BIT_PLACES[((bits & (~bits + ONE)) * DE_BRUIJN) >> SHIFT_58])


@kernel
def joiners_among(words: Any, first: Any, last: Any, members: Any, member_before: Any, letter_before: Any) -> Any:
    """Return which bytes of words[first:last] join: apostrophes between letters or digits, hyphens between letters.

    `members` are the letters and digits among them.
    """
    letters, apostrophes, dashes, member_after, letter_after = ZERO, ZERO, ZERO, ZERO, ZERO
    for i in range(first, last):
        shift = np.uint64(i - first) << THREE
        letters |= as_byte(letters_among(words[i])) << shift
        apostrophes |= as_byte(equal_among(words[i], APOSTROPHES) | equal_among(words[i], GRAVES)) << shift
        dashes |= as_byte(equal_among(words[i], DASHES)) << shift
    if last < len(words):
        letter_after = as_byte(letters_among(words[last])) & ONE
        member_after = letter_after | (as_byte(digits_among(words[last])) & ONE)
    apostrophes &= (members << ONE | member_before) & (members >> ONE | member_after << SHIFT_63)
    return apostrophes | dashes & (letters << ONE | letter_before) & (letters >> ONE | letter_after << SHIFT_63)


@kernel
def find_ascii_edges(codes: Any, n_codes: int, edges: Any, joiners: Any) -> Any:
    """Fill in where runs of token bytes start and stop, in turn, and where they hold bytes that only join.

    `codes` (uint8, a multiple of eight) has a separator from n_codes - 1 on, and `edges` and `joiners` have that much
    room. Sixty-four bytes at a time become the bits of one number. Returns the numbers of edges and joiners.
    """
    words = codes.view(np.uint64)
    n_edges, n_joiners = ZERO, ZERO  # unsigned, because signed indexes are checked for being negative
    alnum_before, letter_before, member_before = ZERO, ZERO, ZERO
    for first in range(0, len(words), 8):
        last = min(first + 8, len(words))
        start = np.uint64(first) << THREE
        alnum, odd = ZERO, ZERO
        if first + 8 <= len(words):  # known to be eight, they become vector instructions
            whole = words[first:last]
            for i in range(8):
                eight = whole[i]
                alnum |= as_byte(letters_among(eight) | digits_among(eight)) << np.uint64(8 * i)
                odd |= equal_among(eight, APOSTROPHES) | equal_among(eight, GRAVES) | equal_among(eight, DASHES)
        else:
            for i in range(first, last):
                eight = words[i]
                alnum |= as_byte(letters_among(eight) | digits_among(eight)) << (np.uint64(i - first) << THREE)
                odd |= equal_among(eight, APOSTROPHES) | equal_among(eight, GRAVES) | equal_among(eight, DASHES)
        members = alnum
        if odd:
            joins = joiners_among(words, first, last, alnum, alnum_before, letter_before)
            members |= joins
            while joins:
                joiners[n_joiners] = start + first_bit(joins)
                n_joiners += ONE
                joins &= joins - ONE
        changes = members ^ (members << ONE | member_before)
        while changes:
            edges[n_edges] = start + first_bit(changes)
            n_edges += ONE
            changes &= changes - ONE
        alnum_before, member_before = alnum >> SHIFT_63, members >> SHIFT_63
        letter_before = letters_among(words[last - 1]) >> SHIFT_63
    joiners[n_joiners] = n_codes - 1  # no joiner, but not before the end of any token: the reader stops here
    return np.int64(n_edges), np.int64(n_joiners)
