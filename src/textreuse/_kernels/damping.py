"""What a word counts in its document: its rarity, damped where the word is frequent."""

from __future__ import annotations

import numpy as np

from textreuse._kernels._jit import kernel


@kernel
def fill_damped(numbers, bounds, bits, factors, margin, counts, damped):
    """Write for each token the bits of its word, times what `factors` says for its frequency (in 1/1024).

    Counted are the tokens of its document at most `margin` away, itself included; more than `factors` knows count as
    the last. `counts` (zeros, by word) is scratch.
    """
    most = len(factors) - 1
    for d in range(len(bounds) - 1):
        low = bounds[d]
        high = bounds[d]
        stop = bounds[d + 1]
        for i in range(bounds[d], stop):
            while high < stop and high <= i + margin:
                counts[numbers[high]] += 1
                high += 1
            while low < i - margin:
                counts[numbers[low]] -= 1
                low += 1
            word = numbers[i]
            damped[i] = np.int64(bits[word]) * factors[min(counts[word], most)] >> 10
        for i in range(low, high):
            counts[numbers[i]] = 0
