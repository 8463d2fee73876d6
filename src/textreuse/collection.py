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
    if documents is None:
        raise InputError("documents is None. Pass a folder, a list of texts, a dict or a DataFrame.")
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
    none = np.full(len(everything), -1, np.int64)
    return Collection(everything, skipped, Sides(side, group_of, n_sides, none), len(excluded))


def number_groups(documents: list[Document], group: Group | None) -> Int64Array:
    """Return a number for the group of each document, -1 where it has none."""
    numbers: dict[object, int] = {}
    of_document = np.full(len(documents), -1, np.int64)
    if group is None:
        return of_document
    for place, document in enumerate(documents):
        label = group(document) if callable(group) else document.metadata.get(group)
        if label is not None:
            try:
                of_document[place] = numbers.setdefault(label, len(numbers))
            except TypeError:
                raise InputError(
                    f"the group of document {document.id!r} is {label!r}, of type {type(label).__name__}, which cannot "
                    f"be compared. Group by text, numbers or tuples."
                ) from None
    if isinstance(group, str) and not numbers and documents:
        fields = sorted({name for document in documents for name in document.metadata})
        raise InputError(
            f"no document has the metadata field {group!r} to group by (there are: {', '.join(fields) or 'none'})."
        )
    return of_document


def find_twins(tokens: Tokens) -> Int64Array:
    """Return for each document the number of the first one with the same tokens, -1 where there is no other."""
    first: dict[bytes, int] = {}
    twin = np.full(tokens.n_documents, -1, np.int64)
    for number in _alike(tokens).tolist():
        start, stop = int(tokens.bounds[number]), int(tokens.bounds[number + 1])
        digest = blake2b(tokens.hashes[start:stop].tobytes(), digest_size=16).digest()
        same = first.setdefault(digest, number)
        if same != number:
            twin[number] = twin[same] = same
    return twin


def _alike(tokens: Tokens) -> Int64Array:
    """Return the documents that have as many tokens as another, and the same one in the middle and at the end."""
    lengths = np.diff(tokens.bounds)
    numbers = np.flatnonzero(lengths)
    lengths, starts = lengths[numbers], tokens.bounds[numbers]
    keys = tokens.hashes[starts + lengths // 2] * np.uint64(3) ^ tokens.hashes[starts + lengths - 1]
    keys += lengths.astype(np.uint64)
    order = np.argsort(keys, kind="stable")
    repeats = np.flatnonzero(keys[order[1:]] == keys[order[:-1]])
    return np.unique(numbers[order[np.concatenate([repeats, repeats + 1])]])


def pair_twins(sides: Sides) -> tuple[Int64Array, Int64Array]:
    """Return the pairs of equal documents to list, and (first, copy) for the copies to set aside.

    Of equal documents of one side and group the first MAX_COPIES are heads: they are paired with all other heads that
    they may be compared with, each further document with the first such head, so that 10,000 copies cost 10,000. Where
    there are no sides and groups, further copies are set aside: what the first one shares with other documents stands
    for them too.
    """
    pairs: set[tuple[int, int]] = set()
    copies: list[tuple[int, int]] = []
    if (sides.twin < 0).all():
        return np.empty((0, 2), np.int64), np.empty((0, 2), np.int64)
    members = np.flatnonzero(sides.twin >= 0)
    members = members[np.argsort(sides.twin[members], kind="stable")]
    starts = np.flatnonzero(np.diff(sides.twin[members], prepend=-2))
    for equal in np.split(members, starts[1:]):
        kinds: dict[tuple[int, int], list[int]] = {}  # the documents of each side and group
        for document in equal.tolist():
            kinds.setdefault((int(sides.side[document]), int(sides.group[document])), []).append(document)
        heads = sorted(document for of_kind in kinds.values() for document in of_kind[:MAX_COPIES])[: 4 * MAX_COPIES]
        heads = sorted({*heads, *(of_kind[0] for of_kind in [*kinds.values()][:MAX_COPIES])})
        for document in equal.tolist():
            partners = (other for other in heads if _comparable(sides, other, document))
            is_head = document in heads
            for other in partners:
                pairs.add((min(other, document), max(other, document)))
                if not is_head:
                    break
        if sides.n_sides == 1 and len(kinds) == 1 and (next(iter(kinds))[1] < 0):
            copies += [(int(equal[0]), document) for document in equal[MAX_COPIES:].tolist()]
    return np.array(sorted(pairs), np.int64).reshape(-1, 2), np.array(copies, np.int64).reshape(-1, 2)


def _comparable(sides: Sides, a: int, b: int) -> bool:
    """Return whether two documents may be compared."""
    if a == b or (sides.n_sides > 1 and sides.side[a] == sides.side[b]):
        return False
    return bool(sides.group[a] < 0 or sides.group[a] != sides.group[b])
