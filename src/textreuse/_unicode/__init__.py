"""The table that says what each Unicode code point is to the tokenizer and what it folds to."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
import numpy.typing as npt


class Table(NamedTuple):
    """Two-stage table over code points; the layout is described in scripts/make_unicode_table.py."""

    pages: npt.NDArray[np.uint16]
    entries: npt.NDArray[np.uint32]
    sequences: npt.NDArray[np.uint32]
    unicode_version: str


@cache
def load_table() -> Table:
    """Return the shipped table; it is read once, when first asked for, and is read-only."""
    with (files(__package__) / "table.npz").open("rb") as file, np.load(file, allow_pickle=False) as archive:
        pages = archive["pages"].astype(np.uint16)
        entries = archive["entries"].astype(np.uint32)
        sequences = archive["sequences"].astype(np.uint32)
        version = archive["unicode_version"].tobytes().decode("ascii")
    for array in (pages, entries, sequences):
        array.flags.writeable = False
    return Table(pages, entries, sequences, version)
