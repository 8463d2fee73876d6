"""Shingles to anchors: positional MinHash with one row a band.

For a window of w successive shingles the minimal shingle is kept with its position. Two passages that have the same
minimum collide, and the collision says where both stand (winnowing: Schleimer, Wilkerson, Aiken 2003). Every common
run of w shingles therefore yields an anchor in both documents.
"""

from __future__ import annotations

import numpy as np

from textreuse.model import Anchors, Shingles


def window_minima(shingles: Shingles, window: int) -> Anchors:
    """Return the shingles that are the rightmost minimum of some `window` successive shingles of their document.

    `window` 1 keeps every shingle. A document of fewer shingles keeps its one minimum.
    """
    from textreuse._kernels.shingles import fill_window_minima

    keep = np.zeros(len(shingles.ids), np.uint8)
    fill_window_minima(shingles.ids, shingles.lengths, shingles.bounds, window, keep)
    positions = np.flatnonzero(keep)
    return Anchors(
        ids=shingles.ids[positions],
        positions=positions,
        bounds=np.searchsorted(positions, shingles.bounds).astype(np.int64),
    )
