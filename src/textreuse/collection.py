"""The documents of one search, in an order that depends on their ids alone, and which of them may be compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from textreuse.corpus import read_collection
from textreuse.errors import InputError
from textreuse.model import Document, Int64Array, Sides, Skipped, Tokens

Group = str | Callable[[Document], object]

MAX_COPIES = 16  # of identical documents, so many are compared with all others; the rest follow the first
QUERY, LIBRARY, EXCLUDED = 0, 1, 2  # sides


@dataclass(frozen=True, slots=True)
class Collection:
    """All documents: excluded texts first, then the queries, then what they are held against; each part by id."""

    documents: list[Document]
    skipped: list[Skipped]
    sides: Sides
    n_excluded: int

    @property
    def texts(self) -> list[str]:
        """The texts in the order of the documents."""
        return [document.text for document in self.documents]

    def is_library(self, number: int) -> bool:
        """Return whether a document belongs to `against`."""
        return bool(self.sides.side[number] == LIBRARY)


def read_sides(
    documents: object,
    against: object,
    exclude: object,
    group: Group | None,
    *,
    text_field: str,
    id_field: str,
    encoding: str | None,
) -> Collection:
    """Return the documents to compare, those they are held against, and those whose reuse is of no interest.

    Raises
    ------
    InputError
        If documents cannot be read as they are, or none has the metadata field to group by.
    """
    parts: list[list[Document]] = []
    skipped: list[Skipped] = []
    for source in (exclude, documents, against):
        found: list[Document] = []
        left_out: list[Skipped] = []
        if source is not None:
            found, left_out = read_collection(source, text_field=text_field, id_field=id_field, encoding=encoding)
        parts.append(found)
        skipped += left_out
    excluded = parts[0]
    side = np.repeat(np.array([EXCLUDED, QUERY, LIBRARY], np.uint8), [len(part) for part in parts])
    everything = [document for part in parts for document in part]
    group_of = np.concatenate([np.full(len(excluded), -1, np.int64), number_groups(everything[len(excluded) :], group)])
    n_sides = 3 if against is not None else 1
    return Collection(everything, skipped, Sides(side, group_of, n_sides), len(excluded))


def number_groups(documents: list[Document], group: Group | None) -> Int64Array:
    """Return a number for the group of each document, -1 where it has none."""
    numbers: dict[object, int] = {}
    of_document = np.full(len(documents), -1, np.int64)
    if group is None:
        return of_document
    for place, document in enumerate(documents):
        label = group(document) if callable(group) else document.metadata.get(group)
        if label is not None:
            of_document[place] = numbers.setdefault(label, len(numbers))
    if isinstance(group, str) and not numbers and documents:
        fields = sorted({name for document in documents for name in document.metadata})
        raise InputError(
            f"no document has the metadata field {group!r} to group by (there are: {', '.join(fields) or 'none'})."
        )
    return of_document


def find_copies(tokens: Tokens, sides: Sides) -> Int64Array:
    """Return (first, copy) for each document that has MAX_COPIES others with equal tokens, side and group before it."""
    seen: dict[tuple[bytes, int, int], list[int]] = {}
    copies: list[tuple[int, int]] = []
    for number in range(tokens.n_documents):
        start, stop = int(tokens.bounds[number]), int(tokens.bounds[number + 1])
        if start == stop:
            continue
        digest = blake2b(tokens.hashes[start:stop].tobytes(), digest_size=16).digest()
        same = seen.setdefault((digest, int(sides.side[number]), int(sides.group[number])), [])
        if len(same) >= MAX_COPIES:
            copies.append((same[0], number))
        else:
            same.append(number)
    return np.array(copies, np.int64).reshape(-1, 2)
