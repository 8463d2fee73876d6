"""From documents to the shingles of each, a stretch of the collection at a time; texts are not kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice, pairwise
from operator import lt
from typing import NamedTuple

import numpy as np

from textreuse._parallel import keep_freed_memory, run_chunks
from textreuse.corpus import padded_indexes, plain_texts, read_documents
from textreuse.errors import InputError
from textreuse.model import Document, Int64Array, ShingleSets, Skipped, UInt64Array
from textreuse.tokenize import Tokenizer, hashes_of_chunk, text_chunks, tokenize

CHUNK_SIZE = 1 << 19  # code points; in fewer and larger chunks threads wait for each other less often
FIRST_ROOM = 1 << 23  # shingles; memory that is not used is not taken
NO_WORDS = "has no words"


class Collected(NamedTuple):
    """The shingles of a collection: documents numbered in code point order of their ids."""

    ids: list[str]
    sets: ShingleSets
    n_low: Int64Array  # how many of the shingles of each document are below the limit; they come first
    digests: UInt64Array
    arrival: Int64Array  # the place of each document among those that came
    skipped: list[Skipped]


class _Sketch(NamedTuple):
    """The shingles of a chunk of documents."""

    ids: UInt64Array
    counts: Int64Array
    n_low: Int64Array
    digests: UInt64Array


def collect_shingles(
    documents: object,
    n_words: int,
    n_characters: int,
    *,
    limit: int = 0,
    threads: int = 1,
    tokenizer: Tokenizer | None = None,
    report: Callable[[int], None] = lambda _: None,
    on_document: Callable[[Document], None] | None = None,
    text_field: str = "text",
    id_field: str = "id",
    encoding: str | None = None,
) -> Collected:
    """Return the shingles of all documents of `documents`, which may be anything that `read_documents` takes.

    Shingles with ids below `limit` come first in each document. Documents are let go as soon as their shingles are
    known, unless `on_document` keeps them; `report` is told how many are done.

    Raises
    ------
    InputError
        If the documents cannot be read as they are, or two have the same id.
    """
    keep_freed_memory()
    skipped: list[Skipped] = []
    ids: list[str] = []
    plain = plain_texts(documents) if on_document is None else None
    if plain is not None:
        chunks = _chunks_of_list(plain, ids)
    else:
        read = read_documents(
            documents, text_field=text_field, id_field=id_field, encoding=encoding, on_skip=skipped.append
        )
        chunks = _chunks(read, ids, on_document)
    sketch = partial(_sketch, n_words=n_words, n_characters=n_characters, limit=limit, tokenizer=tokenizer)
    parts = run_chunks(sketch, chunks, threads if tokenizer is None else 1)
    flat, counts, n_low, digests = _joined(parts, report)
    bounds = np.concatenate([[0], np.cumsum(counts)])
    starts, stops, arrival = bounds[:-1], bounds[1:], np.arange(len(ids))
    if plain is None and not _is_ascending(ids):
        arrival = _order_of(ids)
        ids = [ids[place] for place in arrival.tolist()]
        starts, stops, n_low, digests = starts[arrival], stops[arrival], n_low[arrival], digests[arrival]
    return Collected(ids, ShingleSets(flat, starts, stops), n_low, digests, arrival, sorted(skipped))


def _joined(
    parts: Iterable[_Sketch], report: Callable[[int], None]
) -> tuple[UInt64Array, Int64Array, Int64Array, UInt64Array]:
    """Return the shingles of all parts in one array, and what is known by document."""
    flat, n, n_done = np.empty(FIRST_ROOM, np.uint64), 0, 0
    counts, n_low, digests = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0, np.uint64)]
    for part in parts:
        if n + len(part.ids) > len(flat):
            # realloc moves the pages of large arrays instead of copying them
            more = len(flat) // (2 if len(flat) < 16 * FIRST_ROOM else 8)
            flat.resize(max(n + len(part.ids), len(flat) + more), refcheck=False)
        flat[n : n + len(part.ids)] = part.ids
        n += len(part.ids)
        counts.append(part.counts)
        n_low.append(part.n_low)
        digests.append(part.digests)
        n_done += len(part.counts)
        report(n_done)
    return flat[:n], np.concatenate(counts), np.concatenate(n_low), np.concatenate(digests)


def list_skipped(collected: Collected) -> list[Skipped]:
    """Return what was not read, and the documents without words."""
    empty = np.flatnonzero(collected.sets.sizes == 0).tolist()
    return sorted([*collected.skipped, *(Skipped(collected.ids[number], NO_WORDS) for number in empty)])


def _chunks_of_list(texts: Sequence[str], ids: list[str]) -> Iterator[list[str]]:
    """Yield successive texts, a chunk at a time, and note the ids while the last ones are worked on."""
    for _, chunk in text_chunks(texts, CHUNK_SIZE):
        yield chunk
    ids += padded_indexes(len(texts))


def _chunks(
    documents: Iterable[Document], ids: list[str], on_document: Callable[[Document], None] | None
) -> Iterator[list[str]]:
    """Yield successive texts, about CHUNK_SIZE code points at a time, and note the ids."""
    texts: list[str] = []
    size = 0
    for document in documents:
        if on_document is not None:
            on_document(document)
        ids.append(document.id)
        text = document.text
        size += len(text) + 1
        if size > CHUNK_SIZE and texts:
            yield texts
            texts, size = [], len(text) + 1
        texts.append(text)
    if texts:
        yield texts


def _sketch(texts: list[str], n_words: int, n_characters: int, limit: int, tokenizer: Tokenizer | None) -> _Sketch:
    from textreuse._kernels.shingles import gather_shingles

    if tokenizer is not None or len(texts) == 1:  # of several, each is short, and was checked when it was read
        tokens = tokenize(texts, tokenizer=tokenizer)
        hashes, bounds = tokens.hashes, tokens.bounds
    else:
        hashes, bounds = hashes_of_chunk(texts)
    longest = int(np.diff(bounds).max())
    n_texts = len(texts)
    ids, room = np.empty_like(hashes), (np.empty(longest, np.uint64), np.empty(longest, np.uint8))
    of_documents = np.empty(n_texts, np.int64), np.empty(n_texts, np.int64), np.empty(n_texts, np.uint64)
    n = gather_shingles(hashes, bounds, n_words, n_characters, np.uint64(limit), *room, ids, *of_documents)
    return _Sketch(ids[:n], *of_documents)


def _is_ascending(ids: Sequence[str]) -> bool:
    return all(map(lt, ids, islice(ids, 1, None)))


def _order_of(ids: Sequence[str]) -> Int64Array:
    """Return the places of the ids in code point order.

    Raises
    ------
    InputError
        If two are equal.
    """
    order = sorted(range(len(ids)), key=ids.__getitem__)
    for left, right in pairwise(order):
        if ids[left] == ids[right]:
            n_equal = ids.count(ids[left])
            raise InputError(
                f"{n_equal} documents have the id {ids[left]!r} (documents {left} and {right}, counted from 0). "
                f"Give each document an id of its own."
            )
    return np.array(order, dtype=np.int64)
