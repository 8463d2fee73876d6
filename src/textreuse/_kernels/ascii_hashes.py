"""Hashes of ASCII tokens, the same that `tokens.py` gives for any code points.

`words[i]` is the eight bytes from byte i of the text on, as one number: an array whose elements overlap.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from textreuse._kernels._jit import kernel

SEED = np.uint64(0x9E3779B97F4A7C15)
MULTIPLIER_1 = np.uint64(0xFF51AFD7ED558CCD)
MULTIPLIER_2 = np.uint64(0xC4CEB9FE1A85EC53)
ZERO, ONE, TWO, THREE, EIGHT, SIXTEEN = (np.uint64(n) for n in (0, 1, 2, 3, 8, 16))
SHIFT_33, SIXTY_THREE, SIXTY_FOUR = (np.uint64(n) for n in (33, 63, 64))
ALL_BITS = np.uint64(0xFFFFFFFFFFFFFFFF)
LOWER_CASE = np.uint64(0x2020202020202020)
LOWER_BIT = np.uint64(0x20)
BLOCK = 256  # tokens hashed at once; what that needs stays in the innermost cache


@kernel
def mix(x: Any) -> Any:
    """Return the 64 bits of x well mixed (the finaliser of MurmurHash3, a bijection)."""
    x ^= x >> SHIFT_33
    x *= MULTIPLIER_1
    x ^= x >> SHIFT_33
    x *= MULTIPLIER_2
    return x ^ (x >> SHIFT_33)


@kernel
def finish(hashed: Any, block: Any, n_bytes: Any) -> Any:
    """Return the token hash: the last block and the number of bytes mixed in, the lowest bit 0 as no ideograph is."""
    return (mix(mix(hashed ^ block) ^ n_bytes) >> ONE) << ONE


@kernel
def hash_odd(codes: Any, start: Any, stop: Any) -> Any:
    """Return the hash of the letters and digits among codes[start:stop], one by one."""
    hashed, block, fill, n_bytes = SEED, ZERO, ZERO, ZERO
    for i in range(start, stop):
        code = np.uint64(codes[i]) | LOWER_BIT  # which digits have
        if (code >= np.uint64(97) and code <= np.uint64(122)) or (codes[i] >= 48 and codes[i] <= 57):
            if fill == SIXTY_FOUR:
                hashed, block, fill = mix(hashed ^ block), ZERO, ZERO
            block |= code << fill
            fill += EIGHT
            n_bytes += ONE
    return finish(hashed, block, n_bytes)


@kernel
def hash_long(words: Any, start: Any, stop: Any) -> Any:
    """Return the hash of letters and digits only, eight at a time; setting bit 5 lowers letters, digits have it."""
    hashed, i = SEED, start
    while stop - i > EIGHT:
        hashed = mix(hashed ^ (words[i] | LOWER_CASE))
        i += EIGHT
    mask = ALL_BITS >> (SIXTY_FOUR - ((stop - i) << THREE))
    return finish(hashed, (words[i] | LOWER_CASE) & mask, stop - start)


@kernel
def hash_block(first_eight: Any, second_eight: Any, sizes: Any, hashes: Any) -> None:
    """Fill in the hashes of tokens of up to sixteen bytes, all of them letters and digits.

    There is no branch and no call here, so that the compiler makes vector instructions of the loop.
    """
    for i in range(len(hashes)):
        size = sizes[i]
        first, second = first_eight[i] | LOWER_CASE, second_eight[i] | LOWER_CASE
        is_long = size > EIGHT
        hashed = mix(SEED ^ first) if is_long else SEED
        block = second if is_long else first
        rest = size - EIGHT if is_long else size
        mask = ALL_BITS >> ((SIXTY_FOUR - (rest << THREE)) & SIXTY_THREE)
        hashes[i] = finish(hashed, block & mask, size)


@kernel
def fill_bounds(edges: Any, text_bounds: Any, bounds: Any) -> None:
    """Fill in which tokens each text has, by halving: tokens are many times as many as texts."""
    token, n_tokens = 0, len(edges) >> 1
    bounds[0] = 0
    for t in range(len(text_bounds) - 1):
        stop = n_tokens
        while token < stop:
            middle = (token + stop) >> 1
            if edges[2 * middle] < text_bounds[t + 1]:
                token = middle + 1
            else:
                stop = middle
        bounds[t + 1] = token


@kernel
def hash_ascii_tokens(
    codes: Any, words: Any, text_bounds: Any, edges: Any, odd_tokens: Any, hashes: Any, bounds: Any
) -> None:
    """Fill in the hashes of the tokens between edges, and which tokens each text has.

    All are hashed as if they were short and made of letters and digits only; what is not is hashed again. Unsigned
    indexes are not checked for being negative.
    """
    first_eight, second_eight = np.empty(BLOCK, np.uint64), np.empty(BLOCK, np.uint64)
    sizes = np.empty(BLOCK, np.uint64)
    for first in range(0, len(hashes), BLOCK):
        n = min(BLOCK, len(hashes) - first)
        of_block = edges[2 * first : 2 * (first + n)]
        longest = ZERO
        for i in range(n):
            start = np.uint64(of_block[2 * i])
            first_eight[i] = words[start]
            second_eight[i] = words[start + EIGHT]
            sizes[i] = np.uint64(of_block[2 * i + 1]) - start
            longest = max(longest, sizes[i])
        hash_block(first_eight, second_eight, sizes, hashes[first : first + n])
        if longest > SIXTEEN:
            for i in range(n):
                if sizes[i] > SIXTEEN:
                    hashes[first + i] = hash_long(words, np.uint64(of_block[2 * i]), np.uint64(of_block[2 * i + 1]))
    for i in range(len(odd_tokens)):
        token = np.int64(odd_tokens[i])
        hashes[token] = hash_odd(codes, np.int64(edges[2 * token]), np.int64(edges[2 * token + 1]))
    fill_bounds(edges, text_bounds, bounds)


@kernel
def fill_offsets(edges: Any, text_bounds: Any, bounds: Any, starts: Any, stops: Any) -> None:
    """Fill in where each token starts and stops in its own text."""
    for t in range(len(text_bounds) - 1):
        for token in range(bounds[t], bounds[t + 1]):
            starts[token] = np.int64(edges[2 * token]) - text_bounds[t]
            stops[token] = np.int64(edges[2 * token + 1]) - text_bounds[t]
