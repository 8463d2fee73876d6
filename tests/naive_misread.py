"""Slow and obvious twins of what compares single letters."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from tests.naive_tokenize import CONTRIBUTING, IDEOGRAPH, character

Letter = tuple[str, bool, int, int]


def letters(text: str) -> list[Letter]:
    """Return what each letter folds to, whether it is an ideograph, and its start and stop."""
    found = []
    for i, written in enumerate(text):
        token_class, _, folded = character(ord(written))
        if token_class in CONTRIBUTING:
            found += [(letter, token_class == IDEOGRAPH, i, i + 1) for letter in folded]
    return found


def edit_distance(a: Sequence[int], b: Sequence[int]) -> int:
    """Return the least number of tokens to replace, drop and insert (Levenshtein 1966)."""

    @cache
    def distance(i: int, j: int) -> int:
        if i == 0 or j == 0:
            return i + j
        replaced = distance(i - 1, j - 1) + (a[i - 1] != b[j - 1])
        return min(replaced, distance(i - 1, j) + 1, distance(i, j - 1) + 1)

    return distance(len(a), len(b))


def best_extension(a: Sequence[int], b: Sequence[int], cost: int) -> int:
    """Return the best score of a start of a with a start of b: one a token, less `cost` an edit."""
    return max(i + j - cost * edit_distance(a[:i], b[:j]) for i in range(len(a) + 1) for j in range(len(b) + 1))
