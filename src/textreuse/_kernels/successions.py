"""Which word follows which, and how many different words follow pairs of words, from sorted triples."""

from __future__ import annotations

import numpy as np

from textreuse._kernels._jit import kernel


@kernel
def fill_triples(numbers, bounds, end, width, third_width, first_document, last_document, triples):
    """Write for each token its word and the two after it in one number, `end` where the document does.

    Third words have `third_width` bits; if that is less than the `width` of the others, they are mixed into what there
    is, and the end is 0.
    """
    narrow = third_width < width
    most = (np.uint64(1) << np.uint64(third_width)) - np.uint64(1)
    for d in range(first_document, last_document):
        stop = bounds[d + 1]
        for i in range(bounds[d], stop):
            second = np.uint64(numbers[i + 1]) if i + 1 < stop else np.uint64(end)
            third = np.uint64(numbers[i + 2]) if i + 2 < stop else np.uint64(end)
            if narrow:
                if i + 2 < stop:
                    third = (third ^ (third >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
                    third = (third ^ (third >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
                    third = (third ^ (third >> np.uint64(31))) % most + np.uint64(1)
                else:
                    third = np.uint64(0)
            pair = (np.uint64(numbers[i]) << np.uint64(width)) | second
            triples[i] = (pair << np.uint64(third_width)) | third


@kernel
def fill_successions(triples, start, stop, width, third_width, end, n, contexts, followed, seconds, followers):
    """Go over sorted triples from `start` to `stop`, which are those of whole pairs; returns the pairs so far.

    Adds to `contexts` (by word) how many different words follow it, the end being one, and to `followed` with how many
    of these it stands before a third word. Of such pairs the second word goes to `seconds`, and how many different
    third words there are to `followers`, from `n` on. `end` is what stands for the end of a document in third place.
    """
    third_mask = (np.uint64(1) << np.uint64(third_width)) - np.uint64(1)
    second_mask = (np.uint64(1) << np.uint64(width)) - np.uint64(1)
    i = start
    while i < stop:
        pair = triples[i] >> np.uint64(third_width)
        different = 0
        last = ~triples[i]
        while i < stop and triples[i] >> np.uint64(third_width) == pair:
            different += triples[i] != last and triples[i] & third_mask != end
            last = triples[i]
            i += 1
        word = np.int64(pair >> np.uint64(width))
        contexts[word] += 1
        if different > 0:
            followed[word] += 1
            seconds[n] = pair & second_mask
            followers[n] = different
            n += 1
    return n


@kernel
def count_pairs(triples, third_width):
    """Return how many different pairs of words there are in sorted triples."""
    n = 0
    for i in range(len(triples)):
        n += i == 0 or triples[i] >> np.uint64(third_width) != triples[i - 1] >> np.uint64(third_width)
    return n
