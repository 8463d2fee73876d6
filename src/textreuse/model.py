"""The types in which the steps speak: frozen values and flat numpy arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

UInt64Array = npt.NDArray[np.uint64]
UInt32Array = npt.NDArray[np.uint32]
Int64Array = npt.NDArray[np.int64]
Int32Array = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Document:
    """One text with its id and whatever else is known about it."""

    id: str
    text: str
    metadata: Mapping[str, Any] = field(default_factory=dict)


class Skipped(NamedTuple):
    """A document that takes no part, and why."""

    document_id: str
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """The tokens of many documents, one after the other.

    `hashes` (uint64, one per token) is equal for tokens that normalize alike; its lowest bit is 1 for a character of a
    spaceless script, which counts as half a word. `starts` and `stops` (uint32) are offsets in code points into the
    ORIGINAL text of the token's document. `bounds` (int64, one more than there are documents) says that document d has
    the tokens bounds[d] to bounds[d + 1].
    """

    hashes: UInt64Array
    starts: UInt32Array
    stops: UInt32Array
    bounds: Int64Array

    @property
    def n_documents(self) -> int:
        """Number of documents, empty ones included."""
        return len(self.bounds) - 1

    def __len__(self) -> int:
        return len(self.hashes)


class Edit(NamedTuple):
    """One step of an edit script; offsets are into the two ORIGINAL texts, half-open.

    `kind` is "equal", "replace", "insert" (only b has it) or "delete" (only a has it).
    """

    kind: str
    a_start: int
    a_stop: int
    b_start: int
    b_stop: int


@dataclass(frozen=True, slots=True, eq=False)
class Shingles:
    """The shingle that starts at each token: its 64-bit id and its number of tokens, 0 where none starts."""

    ids: UInt64Array
    lengths: npt.NDArray[np.uint8]
    bounds: Int64Array


@dataclass(frozen=True, slots=True, eq=False)
class ShingleSets:
    """The shingles of whole documents: document d has ids[starts[d] : stops[d]]."""

    ids: UInt64Array
    starts: Int64Array
    stops: Int64Array

    @property
    def sizes(self) -> Int64Array:
        """Number of shingles by document."""
        return self.stops - self.starts


@dataclass(frozen=True, slots=True, eq=False)
class Anchors:
    """The shingles kept of each document: id and token position in the whole collection, in order of position.

    Document d has the anchors bounds[d] to bounds[d + 1].
    """

    ids: UInt64Array
    positions: Int64Array
    bounds: Int64Array

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True, eq=False)
class Rarity:
    """How rare each word is: `numbers` (uint32, by token) into `bits` (int32, by word, in 1/256 bit).

    `vocabulary` holds the token hash of each word; words of one stem have one number in `kin` (uint32).
    Word w is followed by the words `seconds[pair_starts[w]:pair_starts[w + 1]]` (uint32, ascending), and `pair_bits`
    (int32, as long, 1/256 bit) says how surprising each is there. `damped` (uint16, by token, 1/256 bit) is the rarity
    of each word divided by the square root of its frequency around there in the document; empty where letters are
    compared.
    """

    numbers: UInt32Array
    bits: Int32Array
    vocabulary: UInt64Array
    kin: UInt32Array
    pair_starts: Int64Array
    seconds: UInt32Array
    pair_bits: Int32Array
    damped: npt.NDArray[np.uint16]


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """Which documents may be compared: never two of one side (if there are several), nor two of one group.

    `side` (uint8), `group` (int64, -1: of no group) and `twin` (int64, -1: none) are by document. Documents of one twin
    number are equal: they are paired as a whole, not by their anchors.
    """

    side: npt.NDArray[np.uint8]
    group: Int64Array
    n_sides: int
    twin: Int64Array


@dataclass(frozen=True, slots=True, eq=False)
class Chains:
    """Chains of exact common runs between pairs of documents.

    Chain c pairs documents[c, 0] with the later documents[c, 1] and has the runs bounds[c] to bounds[c + 1]: `x` and
    `y` are token positions within the two documents, `length` is in tokens.
    """

    x: Int32Array
    y: Int32Array
    length: Int32Array
    bounds: Int64Array
    documents: Int64Array

    def __len__(self) -> int:
        return len(self.documents)


@dataclass(frozen=True, slots=True, eq=False)
class Extents:
    """Aligned passages, one per row, of documents `a` and the later `b`.

    Starts and stops are token positions within the documents; `score` is the information of what matches, in 1/256
    bit; `longest` is the longest exact run and `matched` what the alignment pairs with equal words, both in half words,
    as `words_a` and `words_b` are.
    """

    a: Int64Array
    b: Int64Array
    a_start: Int64Array
    a_stop: Int64Array
    b_start: Int64Array
    b_stop: Int64Array
    score: Int64Array
    longest: Int64Array
    matched: Int64Array
    words_a: Int64Array
    words_b: Int64Array

    def __len__(self) -> int:
        return len(self.a)

    def take(self, index: npt.NDArray[Any]) -> Extents:
        """Return the rows that `index` (numbers or a mask) selects."""
        return Extents(*(getattr(self, name)[index] for name in self.__slots__))


def held_bytes(*values: Any) -> int:
    """Return the bytes of the arrays that these values of this page hold, directly or in one another."""
    total = 0
    for value in values:
        if isinstance(value, np.ndarray):
            total += value.nbytes
        elif hasattr(value, "__slots__"):
            total += held_bytes(*(getattr(value, name) for name in value.__slots__))
    return total
