"""Shingles to anchors: positional MinHash with one row a band. Signatures of whole documents to keys of their bands.

For a window of w successive shingles the minimal shingle is kept with its position. Two passages that have the same
minimum collide, and the collision says where both stand (winnowing: Schleimer, Wilkerson, Aiken 2003). Every common
run of w shingles therefore yields an anchor in both documents.
"""

from __future__ import annotations

import numpy as np

from textreuse._parallel import document_chunks, run_chunks
from textreuse.model import Anchors, Shingles, UInt32Array, UInt64Array


def window_minima(shingles: Shingles, window: int, *, threads: int = 1) -> Anchors:
    """Return the shingles that are the rightmost minimum of some `window` successive shingles of their document.

    `window` 1 keeps every shingle. A document of fewer shingles keeps its one minimum.
    """
    from textreuse._kernels.shingles import fill_window_minima

    keep = np.zeros(len(shingles.ids), np.uint8)

    def fill(chunk: tuple[int, int]) -> None:
        first, last = chunk
        fill_window_minima(shingles.ids, shingles.lengths, shingles.bounds[first : last + 1], window, keep)

    for _ in run_chunks(fill, document_chunks(shingles.bounds), threads):
        pass
    positions = np.flatnonzero(keep)
    return Anchors(
        ids=shingles.ids[positions],
        positions=positions,
        bounds=np.searchsorted(positions, shingles.bounds).astype(np.int64),
    )


def band_keys(signatures: UInt32Array, bands: int, rows: int) -> UInt64Array:
    """Return a key for each band of each signature, one row per signature: equal where all rows of the band are.

    The signatures have at least `bands` * `rows` columns.
    """
    from textreuse._kernels.bands import fill_band_keys

    keys = np.empty((len(signatures), bands), np.uint64)
    fill_band_keys(signatures, rows, keys)
    return keys
