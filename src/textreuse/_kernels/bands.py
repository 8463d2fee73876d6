"""Bands of signatures to keys."""

from __future__ import annotations

import numpy as np

from textreuse._kernels._jit import kernel

MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


@kernel
def fill_band_keys(signatures, rows, keys):
    """Write a 64-bit hash of the `rows` columns of each band and of the band's number: one row per signature."""
    for d in range(len(keys)):
        for band in range(keys.shape[1]):
            x = np.uint64(band + 1) * MULTIPLIER
            for column in range(band * rows, (band + 1) * rows):
                x = (x ^ np.uint64(signatures[d, column])) * MULTIPLIER
                x ^= x >> np.uint64(32)
            x *= MULTIPLIER
            keys[d, band] = x ^ (x >> np.uint64(29))
