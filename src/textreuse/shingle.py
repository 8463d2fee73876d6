"""Tokens to shingles: successive tokens mixed into one 64-bit id."""

from __future__ import annotations

import numpy as np

from textreuse.model import Shingles, Tokens


def shingle(tokens: Tokens, n_words: int, n_characters: int) -> Shingles:
    """Return the shingle that starts at each token: `n_words` words, or `n_characters` of a spaceless script.

    Where both are mixed, each token counts in proportion. A document shorter than a shingle is one shingle, an empty
    one has none.
    """
    from textreuse._kernels.shingles import fill_shingle_ids

    ids = np.empty(len(tokens), np.uint64)
    lengths = np.empty(len(tokens), np.uint8)
    fill_shingle_ids(tokens.hashes, tokens.bounds, n_words, n_characters, ids, lengths)
    return Shingles(ids, lengths, tokens.bounds)
