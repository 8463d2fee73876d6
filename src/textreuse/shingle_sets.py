"""From documents to the shingles of each, a stretch of the collection at a time; texts are not kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice, pairwise
from operator import lt
from typing import Any, NamedTuple

import numpy as np

from textreuse._parallel import keep_freed_memory, run_chunks
from textreuse.corpus import read_documents, read_texts
from textreuse.errors import InputError
from textreuse.model import Document, Int64Array, ShingleSets, Skipped, UInt64Array
from textreuse.shingle import shingle
from textreuse.tokenize import Tokenizer, tokenize, tokens_of_chunk

CHUNK_SIZE = 1 << 18  # code points, as `tokenize` has it
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
    how: dict[str, Any] = {
        "text_field": text_field, "id_field": id_field, "encoding": encoding, "on_skip": skipped.append
    }  # fmt: skip
    source = (
        read_texts(documents, **how) if on_document is None else _kept(read_documents(documents, **how), on_document)
    )
    ids: list[str] = []
    texts = _chunks(source, ids)
    sketch = partial(_sketch, n_words=n_words, n_characters=n_characters, limit=limit, tokenizer=tokenizer)
    flat, n, n_done = np.empty(FIRST_ROOM, np.uint64), 0, 0
    counts, n_low, digests = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0, np.uint64)]
    for part in run_chunks(sketch, texts, threads if tokenizer is None else 1):
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
    bounds = np.concatenate([[0], np.cumsum(np.concatenate(counts))])
    arrival = _order_of(ids)
    sets = ShingleSets(flat[:n], bounds[:-1][arrival], bounds[1:][arrival])
    in_order = [ids[place] for place in arrival.tolist()]
    of_documents = (np.concatenate(n_low)[arrival], np.concatenate(digests)[arrival])
    return Collected(in_order, sets, *of_documents, arrival, sorted(skipped))


def list_skipped(collected: Collected) -> list[Skipped]:
    """Return what was not read, and the documents without words."""
    empty = np.flatnonzero(collected.sets.sizes == 0).tolist()
    return sorted([*collected.skipped, *(Skipped(collected.ids[number], NO_WORDS) for number in empty)])


def _kept(documents: Iterable[Document], keep: Callable[[Document], None]) -> Iterator[tuple[str, str]]:
    for document in documents:
        keep(document)
        yield document.id, document.text


def _chunks(source: Iterable[tuple[str, str]], ids: list[str]) -> Iterator[list[str]]:
    """Yield successive texts, about CHUNK_SIZE code points at a time, and note the ids."""
    texts: list[str] = []
    size = 0
    for id_, text in source:
        ids.append(id_)
        size += len(text) + 1
        if size > CHUNK_SIZE and texts:
            yield texts
            texts, size = [], len(text) + 1
        texts.append(text)
    if texts:
        yield texts


def _sketch(texts: list[str], n_words: int, n_characters: int, limit: int, tokenizer: Tokenizer | None) -> _Sketch:
    from textreuse._kernels.shingle_sets import gather_shingles

    # several texts are short ones that were checked when they were read
    plain = tokenizer is None and len(texts) > 1
    tokens = tokens_of_chunk(texts) if plain else tokenize(texts, tokenizer=tokenizer)
    shingles = shingle(tokens, n_words, n_characters)
    ids = np.empty_like(shingles.ids)
    counts, n_low, digests = (
        np.empty(len(texts), np.int64),
        np.empty(len(texts), np.int64),
        np.empty(len(texts), np.uint64),
    )
    of_documents = (counts, n_low, digests)
    n = gather_shingles(shingles.ids, shingles.lengths, shingles.bounds, np.uint64(limit), ids, *of_documents)
    return _Sketch(ids[:n], *of_documents)


def _order_of(ids: Sequence[str]) -> Int64Array:
    """Return the places of the ids in code point order.

    Raises
    ------
    InputError
        If two are equal.
    """
    if all(map(lt, ids, islice(ids, 1, None))):
        return np.arange(len(ids))
    order = sorted(range(len(ids)), key=ids.__getitem__)
    for left, right in pairwise(order):
        if ids[left] == ids[right]:
            n_equal = ids.count(ids[left])
            raise InputError(
                f"{n_equal} documents have the id {ids[left]!r} (documents {left} and {right}, counted from 0). "
                f"Give each document an id of its own."
            )
    return np.array(order, dtype=np.int64)
