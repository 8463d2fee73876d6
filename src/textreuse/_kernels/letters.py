"""Every letter, digit, vowel sign and ideograph of texts as a token of its own, for text that was misread.

`table` is that of `_kernels/tokens.py`: each code point has a class and what it folds to.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from textreuse._kernels._jit import kernel

WORD, IDEOGRAPH, MARK = 1, 2, 3  # classes of code points, as in tokens.py
FOUR, EIGHT, SEVEN = np.uint64(4), np.uint64(8), np.uint64(7)
CODE_POINT_BITS = np.uint64(0x1FFFFF)
ONE, SHIFT_33 = np.uint64(1), np.uint64(33)
MULTIPLIER_1 = np.uint64(0xFF51AFD7ED558CCD)
MULTIPLIER_2 = np.uint64(0xC4CEB9FE1A85EC53)


@kernel
def find_letters(codes: Any, text_bounds: Any, table: Any, hashes: Any, starts: Any, stops: Any, bounds: Any) -> int:
    """Fill in the letters of each text, with offsets into that text; return how many there are, -1 for lack of room.

    A code point that folds to several letters (a ligature, a Hangul syllable) gives as many tokens, each with its
    offsets. The lowest bit of a hash is 1 for ideographs. All else (spaces, punctuation, accents, what is invisible)
    gives none.
    """
    pages, entries, sequences = table
    n = 0
    bounds[0] = 0
    for t in range(len(text_bounds) - 1):
        first = text_bounds[t]
        for i in range(first, text_bounds[t + 1]):
            code = codes[i]
            entry = np.uint64(entries[np.int64(pages[code >> np.uint32(8)]) << 8 | np.int64(code & np.uint32(255))])
            kind = np.int64(entry & SEVEN)
            if kind < WORD or kind > MARK:
                continue
            folded = (entry >> FOUR) & CODE_POINT_BITS
            offset = np.int64(folded)
            length = np.int64(sequences[offset]) if entry & EIGHT else 1
            if n + length > len(hashes):
                return -1
            for j in range(length):
                x = np.uint64(sequences[offset + 1 + j]) & CODE_POINT_BITS if entry & EIGHT else folded
                x += ONE  # a bijection keeps 0 as it is
                x ^= x >> SHIFT_33
                x *= MULTIPLIER_1
                x ^= x >> SHIFT_33
                x *= MULTIPLIER_2
                x ^= x >> SHIFT_33
                hashes[n] = (x >> ONE) << ONE | (ONE if kind == IDEOGRAPH else np.uint64(0))
                starts[n] = i - first
                stops[n] = i + 1 - first
                n += 1
        bounds[t + 1] = n
    return n
