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
