"""Tokens to rarity: how much a word says, in bits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from textreuse._parallel import document_chunks, heed_interrupt
from textreuse._sorting import sort_keys
from textreuse.model import Int32Array, Int64Array, Rarity, Tokens, UInt32Array, UInt64Array

UNIT = 256
SMOOTHING = 0.5
PAIR_SMOOTHING = 8.0
PIECE = 1 << 22  # tokens that a kernel handles before it heeds an interrupt
MARGIN = 2000  # tokens on both sides of a word in which its frequency within the document is counted
DAMPING = np.round(1024 / np.sqrt(np.maximum(1, np.arange(256)))).astype(np.int64)
STEMS = np.array([0] * 5 + [5] * 3 + [7] * 3 + [9])  # letters that tell a stem, by the length of the word
LETTER_SHARE = 0.28  # of the surprisal of a letter after the one before it is left once the word is known

HashSpans = Callable[[Sequence[str], Int64Array, Int64Array, Int64Array], UInt64Array]


def measure_rarity(tokens: Tokens, hash_spans: HashSpans, texts: Sequence[str]) -> Rarity:
    """Return the surprisal of every word, -log2((c + s) / (T + s * V)), with c its number of distinct right neighbors.

    Counting contexts instead of occurrences keeps a text from becoming worthless because it was copied a thousand
    times (continuation counts: Kneser, Ney 1995). T is the sum of c, V the number of words, s = 0.5. `hash_spans` folds
    and hashes the beginnings of words, by which words of one stem are told (see `group_by_stem`).
    """
    numbers, vocabulary = number_tokens(tokens.hashes)
    successions = count_successions(numbers, len(vocabulary), tokens.bounds)
    contexts = successions.contexts
    total = contexts.sum() + SMOOTHING * len(vocabulary)
    with np.errstate(divide="ignore"):
        surprisal = -np.log2((contexts + SMOOTHING) / max(total, 1.0))
    bits = np.maximum(np.round(surprisal * UNIT), UNIT).astype(np.int32)  # at least one bit: always positive
    kin = group_by_stem(tokens, numbers, vocabulary, hash_spans, texts)
    pair_bits = measure_pairs(successions, bits)
    damped = damp(numbers, bits, tokens.bounds)
    return Rarity(numbers, bits, vocabulary, kin, successions.starts, successions.seconds, pair_bits, damped)


def measure_letters(tokens: Tokens) -> Rarity:
    """Return what `measure_rarity` does where the tokens are letters.

    What a letter says beyond the one before it is less than that pair of letters tells, for letters make words.
    """
    numbers, vocabulary = number_tokens(tokens.hashes)
    counts = np.bincount(numbers, minlength=len(vocabulary))
    share = (counts + SMOOTHING) / max(len(numbers) + SMOOTHING * len(vocabulary), 1.0)
    bits = np.maximum(np.round(-np.log2(share) * UNIT), UNIT).astype(np.int32)
    successions = count_successions(numbers, len(vocabulary), tokens.bounds)
    pair_bits = measure_pairs(successions, bits)
    is_letter = (vocabulary & np.uint64(1)) == 0
    is_second = is_letter[successions.seconds]
    pair_bits[is_second] = pair_bits[is_second] * LETTER_SHARE
    kin = np.arange(len(vocabulary), dtype=np.uint32)
    damped = np.empty(0, np.uint16)
    return Rarity(numbers, bits, vocabulary, kin, successions.starts, successions.seconds, pair_bits, damped)


def damp(numbers: UInt32Array, bits: Int32Array, bounds: Int64Array) -> npt.NDArray[np.uint16]:
    """Return by token the rarity of its word, divided by the square root of how often it stands around there.

    A word that is frequent in both documents says little; around is MARGIN tokens before and after.
    """
    from textreuse._kernels.damping import fill_damped

    damped = np.empty(len(numbers), np.uint16)
    counts = np.zeros(len(bits), np.int32)
    for first, last in document_chunks(bounds):
        heed_interrupt()
        fill_damped(numbers, bounds[first : last + 1], bits, DAMPING, MARGIN, counts, damped)
    return damped


class Successions(NamedTuple):
    """Which word follows which: word w is followed by `seconds[starts[w]:starts[w + 1]]`, ascending.

    `followers` (by pair) is the number of different words after the pair, `contexts` (by word) that of different words
    after the word, where the end of a document counts as one.
    """

    starts: Int64Array
    seconds: UInt32Array
    followers: Int32Array
    contexts: Int64Array


def count_successions(numbers: UInt32Array, n_words: int, bounds: Int64Array) -> Successions:
    """Return the pairs of successive words that a third follows in some document, and what follows words and pairs.

    Where three word numbers do not fit into 64 bits (two million words), third words are told apart by what bits are
    left of them after mixing.
    """
    from textreuse._kernels.successions import count_pairs, fill_successions, fill_triples

    width = max(1, int(n_words).bit_length())
    third_width = min(width, 64 - 2 * width)
    triples = np.empty(len(numbers), np.uint64)
    for first, last in document_chunks(bounds):
        heed_interrupt()
        fill_triples(numbers, bounds, n_words, width, third_width, first, last, triples)
    triples = sort_keys(triples, 0, 2 * width + third_width)
    room = count_pairs(triples, third_width)
    contexts, followed = np.zeros(n_words, np.int64), np.zeros(n_words, np.int64)
    seconds, followers = np.empty(room, np.uint32), np.empty(room, np.int32)
    end = np.uint64(n_words if third_width == width else 0)
    n, start = 0, 0
    while start < len(triples):
        heed_interrupt()
        stop = min(start + PIECE, len(triples))
        if stop < len(triples):  # pairs are not parted
            next_pair = ((triples[stop - 1] >> np.uint64(third_width)) + np.uint64(1)) << np.uint64(third_width)
            stop = int(np.searchsorted(triples, next_pair))
        n = fill_successions(
            triples, start, stop, width, third_width, end, n, contexts, followed, seconds, followers
        )  # fmt: skip
        start = stop
    starts = np.concatenate([[0], np.cumsum(followed)])
    return Successions(starts, seconds[:n], followers[:n], contexts)


def measure_pairs(found: Successions, bits: Int32Array) -> Int32Array:
    """Return by pair the surprisal (1/256 bit) of its second word after the first.

    -log2((c12 + d * p2) / (c1 + d)), with c12 the number of distinct words after the pair, c1 the sum of these over all
    pairs with the same first word, p2 the share of the second word and d = 8: contexts again, not occurrences.
    """
    total = np.concatenate([[0], np.cumsum(found.followers, dtype=np.int64)])
    of_first = np.repeat(total[found.starts[1:]] - total[found.starts[:-1]], np.diff(found.starts))
    share = np.exp2(-bits[found.seconds] / UNIT)
    surprisal = -np.log2((found.followers + PAIR_SMOOTHING * share) / (of_first + PAIR_SMOOTHING))
    return np.maximum(np.round(surprisal * UNIT), 0).astype(np.int32)


def number_tokens(hashes: UInt64Array) -> tuple[UInt32Array, UInt64Array]:
    """Return a dense number for each hash, in order of first appearance, and the hash of each number."""
    from textreuse._kernels.vocabulary import number_hashes, refill_table

    numbers = np.empty(len(hashes), np.uint32)
    size = 1 << min(16, max(4, (4 * len(hashes)).bit_length()))  # small texts are spared clearing a large table
    vocabulary = np.empty(size // 2, np.uint64)
    n_words, position = 0, 0
    while True:
        table_hashes = np.zeros(size, np.uint64)
        table_numbers = np.zeros(size, np.int64)
        refill_table(vocabulary, n_words, table_hashes, table_numbers)
        full = False
        while position < len(hashes) and not full:
            heed_interrupt()
            piece = hashes[: position + PIECE]
            position, n_words = number_hashes(
                piece, position, table_hashes, table_numbers, vocabulary, n_words, numbers
            )
            full = position < len(piece)
        if not full:
            return numbers, vocabulary[:n_words].copy()
        size *= 4
        vocabulary = np.concatenate([vocabulary, np.empty(size // 2 - len(vocabulary), np.uint64)])


def group_by_stem(
    tokens: Tokens,
    numbers: UInt32Array,
    vocabulary: UInt64Array,
    hash_spans: HashSpans,
    texts: Sequence[str],
) -> UInt32Array:
    """Return a number for each word, equal for words of about the same length that begin alike.

    Words of 5 to 7 letters agree in the first 5, of 8 to 10 in the first 7, longer ones in the first 9; shorter words
    have no kin. Inflection, a possessive s and a misread ending are thereby told from another word, in any script.
    """
    first = np.empty(len(vocabulary), np.int64)
    first[numbers[::-1]] = np.arange(len(numbers) - 1, -1, -1)  # of what goes to one place the last stays
    stem = STEMS[np.minimum(tokens.stops[first] - tokens.starts[first], len(STEMS) - 1)]
    stem[(vocabulary & np.uint64(1)) == 1] = 0
    chosen = np.flatnonzero(stem)
    documents = np.searchsorted(tokens.bounds, first[chosen], side="right") - 1
    starts = tokens.starts[first[chosen]].astype(np.int64)
    hashes = vocabulary.copy()
    beginnings = hash_spans(texts, documents, starts, starts + stem[chosen])
    hashes[chosen] = beginnings ^ (stem[chosen].astype(np.uint64) << np.uint64(32))
    return number_tokens(hashes)[0]
