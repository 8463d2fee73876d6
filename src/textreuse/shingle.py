"""Tokens to shingles: successive tokens mixed into one 64-bit id."""

from __future__ import annotations

import numpy as np

from textreuse._parallel import document_chunks, run_chunks
from textreuse.model import Shingles, Tokens


def shingle(tokens: Tokens, n_words: int, n_characters: int, *, threads: int = 1) -> Shingles:
    """Return the shingle that starts at each token: `n_words` words, or `n_characters` of a spaceless script.

    Where both are mixed, each token counts in proportion. A document shorter than a shingle is one shingle, an empty
    one has none.
    """
    from textreuse._kernels.shingles import fill_shingle_ids

    ids = np.empty(len(tokens), np.uint64)
    lengths = np.empty(len(tokens), np.uint8)

    def fill(chunk: tuple[int, int]) -> None:
        first, last = chunk
        fill_shingle_ids(tokens.hashes, tokens.bounds[first : last + 1], n_words, n_characters, ids, lengths)

    for _ in run_chunks(fill, document_chunks(tokens.bounds), threads):
        pass
    return Shingles(ids, lengths, tokens.bounds)
