"""The table of code points once more, as the loop that finds tokens and what they fold to wants it.

A unit is a 64-bit number that tells what one code point is, by flags of single bits, which go into arithmetic where a
class would need a branch, and what it folds to, as the bytes that are hashed.

- bits 0, 12 and 24: whether it folds to something, whether that is three bytes rather than one, whether it is an
  ideograph; so that sums of units count
- bits 1-7: flags
- bits 8-10: the class
- bits 36-59: the bytes. Of an `ODD` letter or mark: where its sequence starts in `elements`, and from bit 60 on how
  long that is, 0 if it is not for the loop. Of a hyphen: its kind.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from textreuse._unicode import load_table
from textreuse.model import Int64Array, UInt64Array

SEPARATOR, WORD, IDEOGRAPH, MARK, ACCENT, IGNORABLE, _, HYPHEN = range(8)
# Marks and accents extend the token before them, which a separator is not. A mark with a rank may be out of order
# behind another one. What is odd needs a look at its neighbours, or is several letters. Blanks and line ends, of
# all separators, may stand inside a word behind a hyphen.
IS_WORD, EXTENDS, NO_TOKEN, STARTS_RANKED, ENDS_RANKED, ODD, BLANK = (np.uint64(1 << bit) for bit in range(1, 8))
FOLDS, IS_WIDE, IS_IDEOGRAPH = np.uint64(1), np.uint64(1 << 12), np.uint64(1 << 24)
CLASS_SHIFT, BYTES_SHIFT, LENGTH_SHIFT = np.uint64(8), np.uint64(36), np.uint64(60)
CODE_POINT_BITS = np.uint64(0x1FFFFF)


class Units(NamedTuple):
    """The unit of every code point (9 MB, of which a text uses little), and the units of the elements of sequences."""

    units: UInt64Array
    elements: UInt64Array


def packed(code_points: UInt64Array) -> UInt64Array:
    """Return the units that have nothing but the bytes that code points are hashed as: one below 128, else three.

    >>> [hex(unit) for unit in packed(np.array([0x61, 0x430], np.uint64)).tolist()]
    ['0x61000000001', '0xb08880000001001']
    """
    low, middle = code_points & np.uint64(127), code_points >> np.uint64(7) & np.uint64(127)
    three = code_points >> np.uint64(14) | middle << np.uint64(8) | low << np.uint64(16) | np.uint64(0x808080)
    is_one = code_points < np.uint64(128)
    return np.where(is_one, code_points, three) << BYTES_SHIFT | np.where(is_one, FOLDS, FOLDS | IS_WIDE)


@cache
def load_units() -> Units:
    """Return the units, made from the shipped table when first asked for; they are read-only."""
    table = load_table()
    entries, sequences = table.entries.astype(np.uint64), table.sequences.astype(np.uint64)
    classes, payload = entries & np.uint64(7), entries >> np.uint64(4) & CODE_POINT_BITS
    is_sequence, is_ranked = (entries & np.uint64(8)) > 0, entries >> np.uint64(25) > 0
    units = classes << CLASS_SHIFT
    for flag, where in (
        (IS_WORD, classes == WORD),
        (IS_IDEOGRAPH, classes == IDEOGRAPH),
        (EXTENDS, (classes == MARK) | (classes == ACCENT)),
        (NO_TOKEN, classes == SEPARATOR),
        # The loop looks back no further than one code point, so that an accent must not hide a mark with a rank.
        (STARTS_RANKED, (classes == MARK) & is_ranked | (classes == ACCENT)),
        (ENDS_RANKED, is_ranked),
        (ODD, is_sequence | (classes >= IGNORABLE)),
        (BLANK, (classes == SEPARATOR) & (payload > 0)),
    ):
        units[where] |= flag
    single = ~is_sequence & (classes >= WORD) & (classes <= MARK)
    units[single] |= packed(payload[single])
    units[classes == HYPHEN] |= payload[classes == HYPHEN] << BYTES_SHIFT
    offsets = payload[is_sequence].astype(np.int64)
    units[is_sequence] |= payload_of_sequences(offsets + 1, sequences[offsets], sequences >> np.uint64(21) > 0)
    elements = packed(sequences & CODE_POINT_BITS) | EXTENDS
    elements[sequences >> np.uint64(21) > 0] |= ENDS_RANKED
    units = units.reshape(-1, 256)[table.pages].reshape(-1)
    units.flags.writeable = elements.flags.writeable = False
    return Units(units, elements)


def payload_of_sequences(starts: Int64Array, lengths: UInt64Array, is_ranked: npt.NDArray[np.bool_]) -> UInt64Array:
    """Return where sequences start and how long they are, as units have it; 0 for those that are not for the loop.

    It takes two or three elements of which none but the last has a rank.
    """
    two, three = lengths == 2, lengths == 3
    in_order = ~is_ranked[starts] & (two | three & ~is_ranked[starts + 1])
    return np.where(in_order, starts.astype(np.uint64) << BYTES_SHIFT | lengths << LENGTH_SHIFT, np.uint64(0))
