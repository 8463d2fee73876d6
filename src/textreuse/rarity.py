"""Tokens to rarity: how much a word says, in bits."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from textreuse.model import Int32Array, Int64Array, Rarity, Tokens, UInt32Array, UInt64Array

UNIT = 256
SMOOTHING = 0.5
PAIR_SMOOTHING = 8.0
LETTER_SHARE = 0.5  # of the surprisal of a letter after the one before it is left once the whole word is known


def measure_rarity(tokens: Tokens, hash_texts: Callable[[list[str]], UInt64Array], texts: Sequence[str]) -> Rarity:
    """Return the surprisal of every word, -log2((c + s) / (T + s * V)), with c its number of distinct right neighbors.

    Counting contexts instead of occurrences keeps a text from becoming worthless because it was copied a thousand
    times (continuation counts: Kneser, Ney 1995). T is the sum of c, V the number of words, s = 0.5. `hash_texts` folds
    and hashes the beginnings of words, by which words of one stem are told (see `group_by_stem`).
    """
    numbers, vocabulary = number_tokens(tokens.hashes)
    contexts = count_contexts(numbers, len(vocabulary), tokens.bounds)
    total = contexts.sum() + SMOOTHING * len(vocabulary)
    with np.errstate(divide="ignore"):
        surprisal = -np.log2((contexts + SMOOTHING) / max(total, 1.0))
    bits = np.maximum(np.round(surprisal * UNIT), UNIT).astype(np.int32)  # at least one bit: always positive
    pairs, pair_bits = measure_pairs(numbers, tokens.bounds, bits)
    kin = group_by_stem(tokens, numbers, vocabulary, hash_texts, texts)
    return Rarity(numbers, bits, vocabulary, kin, pairs, pair_bits)


def measure_letters(tokens: Tokens) -> Rarity:
    """Return what `measure_rarity` does where the tokens are letters.

    What a letter says beyond the one before it is less than that pair of letters tells, for letters make words: half.
    """
    numbers, vocabulary = number_tokens(tokens.hashes)
    counts = np.bincount(numbers, minlength=len(vocabulary))
    share = (counts + SMOOTHING) / max(len(numbers) + SMOOTHING * len(vocabulary), 1.0)
    bits = np.maximum(np.round(-np.log2(share) * UNIT), UNIT).astype(np.int32)
    pairs, pair_bits = measure_pairs(numbers, tokens.bounds, bits)
    is_letter = (vocabulary & np.uint64(1)) == 0
    bits[is_letter] = bits[is_letter] * LETTER_SHARE
    seconds = is_letter[(pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)]
    pair_bits[seconds] = pair_bits[seconds] * LETTER_SHARE
    return Rarity(numbers, bits, vocabulary, np.arange(len(vocabulary), dtype=np.uint32), pairs, pair_bits)


def measure_pairs(numbers: UInt32Array, bounds: Int64Array, bits: Int32Array) -> tuple[UInt64Array, Int32Array]:
    """Return all pairs of successive words, ascending, and the surprisal (1/256 bit) of the second after the first.

    -log2((c12 + d * p2) / (c1 + d)), with c12 the number of distinct words after the pair, c1 the sum of these over all
    pairs with the same first word, p2 the share of the second word and d = 8: contexts again, not occurrences.
    """
    n = max(0, len(numbers) - 2)
    within = np.ones(n, bool)
    last = bounds[1:-1][np.diff(bounds)[:-1] > 0]
    for before in (1, 2):
        places = last - before
        within[places[(places >= 0) & (places < n)]] = False
    keys = numbers[:n].astype(np.uint64) << np.uint64(32)
    keys |= numbers[1 : n + 1]
    keys = keys[within]
    thirds = numbers[2 : n + 2][within]
    # a hash of the pair above a hash of the third word: distinct keys are distinct triples (to 1 in 2**64)
    triples = _mix(keys) & ~np.uint64(0xFFFFFF)
    triples |= _mix(thirds.astype(np.uint64)) >> np.uint64(40)
    triples = _distinct(triples)
    hashed = triples >> np.uint64(24)
    starts = np.flatnonzero(np.concatenate([[True], hashed[1:] != hashed[:-1]])[: len(hashed)])
    followers = np.diff(np.append(starts, len(hashed)))
    pairs = _distinct(keys)
    of_pair = followers[np.searchsorted(hashed[starts], _mix(pairs) >> np.uint64(24))].astype(np.float64)
    first, second = (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)
    of_first = np.bincount(first, weights=of_pair, minlength=len(bits))[first]
    share = np.exp2(-bits[second] / UNIT)
    surprisal = -np.log2((of_pair + PAIR_SMOOTHING * share) / (of_first + PAIR_SMOOTHING))
    return pairs, np.maximum(np.round(surprisal * UNIT), 0).astype(np.int32)


def _distinct(values: UInt64Array) -> UInt64Array:
    """Return the distinct values, ascending."""
    values = np.sort(values)
    return np.asarray(values[np.concatenate([[True], values[1:] != values[:-1]])[: len(values)]])


def _mix(values: UInt64Array) -> UInt64Array:
    """Return values scattered over 64 bits (the finalizer of splitmix64)."""
    with np.errstate(over="ignore"):
        x = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return np.asarray(x ^ (x >> np.uint64(31)), dtype=np.uint64)


def number_tokens(hashes: UInt64Array) -> tuple[UInt32Array, UInt64Array]:
    """Return a dense number for each hash, in order of first appearance, and the hash of each number."""
    from textreuse._kernels.vocabulary import number_hashes, refill_table

    numbers = np.empty(len(hashes), np.uint32)
    size = 1 << 16
    vocabulary = np.empty(size // 2, np.uint64)
    n_words, position = 0, 0
    while True:
        table_hashes = np.zeros(size, np.uint64)
        table_numbers = np.zeros(size, np.int64)
        refill_table(vocabulary, n_words, table_hashes, table_numbers)
        position, n_words = number_hashes(hashes, position, table_hashes, table_numbers, vocabulary, n_words, numbers)
        if position == len(hashes):
            return numbers, vocabulary[:n_words].copy()
        size *= 4
        vocabulary = np.concatenate([vocabulary, np.empty(size // 2 - len(vocabulary), np.uint64)])


def group_by_stem(
    tokens: Tokens,
    numbers: UInt32Array,
    vocabulary: UInt64Array,
    hash_texts: Callable[[list[str]], UInt64Array],
    texts: Sequence[str],
) -> UInt32Array:
    """Return a number for each word, equal for words of about the same length that begin alike.

    Words of 5 to 7 letters agree in the first 5, of 8 to 10 in the first 7, longer ones in the first 9; shorter words
    have no kin. Inflection, a possessive s and a misread ending are thereby told from another word, in any script.
    """
    highest = np.maximum.accumulate(numbers.astype(np.int64))
    first = np.flatnonzero(np.diff(highest, prepend=-1))
    lengths = (tokens.stops[first] - tokens.starts[first]).astype(np.int64)
    stem = np.select([lengths >= 11, lengths >= 8, lengths >= 5], [9, 7, 5], 0)
    stem[(vocabulary & np.uint64(1)) == 1] = 0
    chosen = np.flatnonzero(stem)
    documents = np.searchsorted(tokens.bounds, first[chosen], side="right") - 1
    begins = tokens.starts[first[chosen]].tolist()
    beginnings = [
        texts[document][start : start + length]
        for document, start, length in zip(documents.tolist(), begins, stem[chosen].tolist(), strict=True)
    ]
    hashes = vocabulary.copy()
    hashes[chosen] = hash_texts(beginnings) ^ (stem[chosen].astype(np.uint64) << np.uint64(32))
    return number_tokens(hashes)[0]


def count_contexts(numbers: UInt32Array, n_words: int, bounds: np.ndarray) -> np.ndarray:
    """Return how many different words follow each word (the end of a document counts as one)."""
    pairs = np.empty(len(numbers), np.uint64)
    pairs[:] = numbers
    pairs <<= np.uint64(32)
    pairs[:-1] |= numbers[1:]
    last = bounds[1:][np.diff(bounds) > 0] - 1
    pairs[last] |= np.uint64(0xFFFFFFFF)
    pairs.sort()
    distinct = np.ones(len(pairs), bool)
    np.not_equal(pairs[1:], pairs[:-1], out=distinct[1:])
    words = (pairs[distinct] >> np.uint64(32)).astype(np.int64)
    return np.bincount(words, minlength=n_words)
