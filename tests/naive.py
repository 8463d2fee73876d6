"""Slow and obvious twins of the kernels, written from the papers: what the fast code is tested against."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from math import log2

# --- minhash (Broder 1997; scheme affine32 of datasketch 2.0) ---------------------------------------------------------


def mixed(hash32: int) -> int:
    """Return the 32-bit finaliser of MurmurHash3, in whole numbers without bounds."""
    hash32 ^= hash32 >> 16
    hash32 = hash32 * 0x85EBCA6B % 2**32
    hash32 ^= hash32 >> 13
    hash32 = hash32 * 0xC2B2AE35 % 2**32
    return hash32 ^ (hash32 >> 16)


def signature(shingle_ids: Iterable[int], permutations: Sequence[tuple[int, int]]) -> list[int]:
    """Return, for each permutation (a, b), the least a*h + b mod 2**32 over the set, or 2**32 - 1 for an empty one."""
    hashes = {mixed(shingle_id >> 32) for shingle_id in shingle_ids}
    return [min(((a * h + b) % 2**32 for h in hashes), default=2**32 - 1) for a, b in permutations]


# --- end of minhash ---------------------------------------------------------------------------------------------------


# --- shingles, and winnowing (Schleimer, Wilkerson, Aiken 2003) -------------------------------------------------------


def mixed64(x: int) -> int:
    """Return the 64-bit finaliser of MurmurHash3."""
    x = (x ^ x >> 33) * 0xFF51AFD7ED558CCD % 2**64
    x = (x ^ x >> 33) * 0xC4CEB9FE1A85EC53 % 2**64
    return x ^ x >> 33


def shingles(document: Sequence[int], n_words: int, n_characters: int) -> list[tuple[int, ...]]:
    """Return the shingle that starts at each token hash; empty where too little follows.

    A word is 1/n_words of a shingle, a character (lowest bit 1) 1/n_characters. A short document is one shingle.
    """
    starting = []
    for i in range(len(document)):
        share, stop = Fraction(0), i
        while stop < len(document) and share < 1:
            share += Fraction(1, n_characters if document[stop] % 2 else n_words)
            stop += 1
        starting.append(tuple(document[i:stop]) if share >= 1 or i == 0 else ())
    return starting


def shingle_id(shingle: Sequence[int]) -> int:
    """Return the 64-bit id of a shingle: hashes multiplied and shifted in one after the other, then their number."""
    x = 0
    for token in shingle:
        x = (x ^ token) * 0x9E3779B97F4A7C15 % 2**64
        x ^= x >> 29
    x = (x ^ len(shingle)) * 0x9E3779B97F4A7C15 % 2**64
    return x ^ x >> 32


def winnowed(ids: Sequence[int], window: int) -> list[int]:
    """Return the places of the rightmost minimum of each window, or of the whole where it is shorter than one."""
    window = min(window, len(ids))
    places = set()
    for start in range(len(ids) - window + 1 if ids else 0):
        least = min(ids[start : start + window])
        places.add(max(i for i in range(start, start + window) if ids[i] == least))
    return sorted(places)


# --- rarity (continuation counts: Kneser, Ney 1995) -------------------------------------------------------------------


def contexts(documents: Iterable[Sequence[int]]) -> dict[int, int]:
    """Return how many different words follow each word, in order of first appearance; an end counts as one."""
    followers: dict[int, set[int | None]] = {}
    for document in documents:
        for word, following in zip(document, [*document[1:], None], strict=False):
            followers.setdefault(word, set()).add(following)
    return {word: len(different) for word, different in followers.items()}


def successions(documents: Iterable[Sequence[int]]) -> dict[tuple[int, int], int]:
    """Return how many different words follow each pair of successive words."""
    followers: dict[tuple[int, int], set[int]] = {}
    for document in documents:
        for first, second, third in zip(document, document[1:], document[2:], strict=False):
            followers.setdefault((first, second), set()).add(third)
    return {pair: len(different) for pair, different in followers.items()}


def surprisal(counts: Sequence[int]) -> list[int]:
    """Return -log2((c + 1/2) / (T + V/2)) in 1/256 bit, at least one bit."""
    total = sum(counts) + len(counts) / 2
    return [max(256, round(-256 * log2((count + 0.5) / total))) for count in counts]


# --- candidates: pairs of equal anchors -------------------------------------------------------------------------------


def heads(
    members: Sequence[int],
    document: Sequence[int],
    side: Sequence[int],
    group: Sequence[int],
    cap: int,
    cap_document: int,
) -> list[int]:
    """Return the members of a group of equal anchors that all others are paired with.

    Of each side the first `cap`, at most `cap_document` of one document, and at most half of `cap` (rounded up) of the
    user-given group that the side's first member is of.
    """
    chosen = []
    for one_side in sorted(set(side)):
        of_side = [member for member in members if side[document[member]] == one_side]
        taken: list[int] = []
        first_group = group[document[of_side[0]]] if of_side else -1
        for member in of_side:
            same_document = sum(document[other] == document[member] for other in taken)
            same_group = sum(group[document[other]] == first_group for other in taken)
            crowded = group[document[member]] == first_group >= 0 and 2 * same_group >= cap
            if len(taken) < cap and same_document < cap_document and not crowded:
                taken.append(member)
        chosen += taken
    return sorted(chosen)


def linked(
    ids: Sequence[int],
    document: Sequence[int],
    side: Sequence[int],
    group: Sequence[int],
    *,
    cap: int,
    cap_document: int,
    within: bool,
) -> set[tuple[int, int]]:
    """Return all pairs (earlier, later) of equal anchors of which one at least is a head, and that may be compared."""
    pairs = set()
    for one_id in set(ids):
        members = [i for i in range(len(ids)) if ids[i] == one_id]
        chosen = set(members)
        if len(members) > min(cap, cap_document):
            chosen = set(heads(members, document, side, group, cap, cap_document))
        for earlier in members:
            for later in members:
                is_listed = earlier < later and (earlier in chosen or later in chosen)
                if is_listed and may_compare(document[earlier], document[later], side, group, within=within):
                    pairs.add((earlier, later))
    return pairs


def may_compare(a: int, b: int, side: Sequence[int], group: Sequence[int], *, within: bool) -> bool:
    """Return whether two documents may be compared: never of one side, if there are several, nor of one group."""
    if a == b:
        return within
    if len(set(side)) > 1 and side[a] == side[b]:
        return False
    return group[a] < 0 or group[a] != group[b]


def lot(q: int, t: int) -> int:
    """Return the number drawn for two documents: splitmix64 of both."""
    mask = (1 << 64) - 1
    x = (q << 32) | t
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & mask
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & mask
    return x ^ (x >> 31)


def chosen_pairs(
    hits: Sequence[tuple[int, int]], document: Sequence[int], kind: Sequence[int], *, only_reprinted: bool
) -> tuple[set[tuple[int, int]], set[tuple[int, int]], set[tuple[int, int]]]:
    """Return the pairs of documents to be compared, those that a shingle which is not plain chose, those by lot.

    `hits` are pairs of anchors (earlier, later) with equal ids, `kind` is by anchor: 0 plain, 1 widespread, 2
    reprinted. Every plain or reprinted hit chooses its documents; each later anchor that is not plain chooses the
    earlier document with most hits, and the one with the lowest lot.
    """
    pairs = [(document[a], document[b]) for a, b in hits]
    by_kind = {pair for pair, (_, b) in zip(pairs, hits, strict=True) if kind[b] != 1}
    best, drawn = set(), set()
    for b in {later for _, later in hits}:
        if kind[b] != 0:
            partners = sorted({document[a] for a, later in hits if later == b})
            q = document[b]
            best.add((max(partners, key=lambda t: (pairs.count((t, q)), -t)), q))
            drawn.add((min(partners, key=lambda t: lot(q, t)), q))
    wanted = by_kind | best | drawn
    if only_reprinted:
        wanted &= {pair for pair, (_, b) in zip(pairs, hits, strict=True) if kind[b] == 2}
    return wanted, (best | drawn) & wanted, drawn & wanted


# --- what a word counts -----------------------------------------------------------------------------------------------


def damped(document: Sequence[int], bits: Sequence[int], margin: int, factors: Sequence[int]) -> list[int]:
    """Return the bits of each word, times the factor (1/1024) for its frequency at most `margin` words away."""
    found = []
    for i, word in enumerate(document):
        count = list(document[max(0, i - margin) : i + margin + 1]).count(word)
        found.append(bits[word] * factors[min(count, len(factors) - 1)] >> 10)
    return found


# --- exact runs and edit scripts --------------------------------------------------------------------------------------


def common_runs(x: Sequence[int], y: Sequence[int]) -> set[tuple[int, int, int]]:
    """Return all maximal common runs as (start in x, start in y, length)."""
    runs = set()
    for i in range(len(x)):
        for j in range(len(y)):
            if x[i] == y[j] and (i == 0 or j == 0 or x[i - 1] != y[j - 1]):
                length = 0
                while i + length < len(x) and j + length < len(y) and x[i + length] == y[j + length]:
                    length += 1
                runs.add((i, j, length))
    return runs


def longest_common_subsequence(x: Sequence[int], y: Sequence[int]) -> int:
    """Return the length of a longest common subsequence, by the table in every textbook."""
    above = [0] * (len(y) + 1)
    for token in x:
        row = [0]
        for j, other in enumerate(y):
            row.append(above[j] + 1 if token == other else max(above[j + 1], row[j]))
        above = row
    return above[-1]


# --- families ---------------------------------------------------------------------------------------------------------


def partition(labels: Sequence[int], key: Callable[[int], object]) -> set[frozenset[object]]:
    """Return which items (named by `key`) are of one label."""
    return {frozenset(key(i) for i, other in enumerate(labels) if other == label) for label in set(labels)}
