"""How many characters of a collection are misread, estimated from its own words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from textreuse.model import Tokens, UInt32Array
from textreuse.options import random_bits

SAMPLE = 200_000  # words looked at
LENGTHS = range(6, 13)  # of words: the shorter have neighbors by chance, the longer occur too rarely
FREQUENT = 5  # times a word occurs at least, if it is taken for a right one
RARE = 1  # and one for a misreading of it at most
NOISY = 0.007  # share of letters from which text counts as misread; clean text, in 40 languages, has at most half
LEAST_WORDS = 5000  # in a collection, for an estimate to be tried
LEAST_KNOWN = 500  # occurrences of frequent words, for an estimate to be made


def estimate_noise(tokens: Tokens, numbers: UInt32Array, texts: Sequence[str]) -> float | None:
    """Return the estimated share of characters that were misread as another; None if too few words tell.

    If each letter is wrong with probability p, a word of n letters occurs n * p / (1 - p) times with one letter wrong
    for each time it stands there as it should. So words that occur once and differ in one letter from a frequent word
    of the same length are counted against that word's own occurrences. Lost and added letters, and errors that give
    another word, are not seen. `numbers` are those of words (see `rarity.number_tokens`).

    Clean text has such neighbors too (names, rare forms): they come to less than half of `NOISY`.
    """
    if len(tokens) < LEAST_WORDS:
        return None
    places = _spread(len(tokens))
    lengths = (tokens.stops[places] - tokens.starts[places]).astype(np.int64)
    is_word = (tokens.hashes[places] & np.uint64(1)) == 0
    places = places[is_word & (lengths >= LENGTHS.start) & (lengths < LENGTHS.stop)]
    _, first, counts = np.unique(numbers[places], return_index=True, return_counts=True)
    places = places[first]
    documents = np.searchsorted(tokens.bounds, places, side="right") - 1
    starts, stops = tokens.starts[places].tolist(), tokens.stops[places].tolist()
    words = [texts[d][a:b].lower() for d, a, b in zip(documents.tolist(), starts, stops, strict=True)]
    known = np.array([n >= FREQUENT and word.isalpha() for word, n in zip(words, counts.tolist(), strict=True)], bool)
    if counts[known].sum() < LEAST_KNOWN:
        return None
    misread = opportunities = 0
    sizes = np.array(list(map(len, words)))
    for size in np.unique(sizes[known]).tolist():
        of_size = np.flatnonzero(sizes == size)
        is_known, is_rare = known[of_size], counts[of_size] <= RARE
        keys = _keys_of_rest([words[place] for place in of_size.tolist()], size)
        near = np.isin(keys[is_rare], keys[is_known]).any(axis=1)
        misread += int(counts[of_size][is_rare][near].sum())
        opportunities += size * int(counts[of_size][is_known].sum())
    ratio: float = misread / opportunities
    return ratio / (1 + ratio)


def _keys_of_rest(words: Sequence[str], size: int) -> npt.NDArray[np.uint64]:
    """Return a row per word of `size` letters with a key for what is left without each of its letters, and its place.

    Words that differ in one letter, or none, have a key in common. Keys are sums of letters times random numbers.
    """
    letters = np.array(words).view(np.uint32).reshape(len(words), size).astype(np.uint64)
    factors = random_bits(2 * size, seed=1)
    terms = letters * factors[:size]
    return np.asarray(terms.sum(axis=1, keepdims=True, dtype=np.uint64) - terms + factors[size:], np.uint64)


def _spread(n: int) -> np.ndarray:
    """Return the places of at most SAMPLE of n words: runs of a thousand, evenly spread."""
    run = 1000
    n_runs = SAMPLE // run
    if n <= SAMPLE:
        return np.arange(n)
    begins = np.linspace(0, n - run, n_runs).astype(np.int64)
    return (begins[:, np.newaxis] + np.arange(run)).ravel()
