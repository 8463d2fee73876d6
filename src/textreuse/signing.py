"""From documents to MinHash signatures, a stretch of the collection at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sized
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from textreuse._parallel import run_chunks
from textreuse._unicode import load_table
from textreuse.corpus import read_documents
from textreuse.errors import InputError, OptionsError
from textreuse.minhash import permutations
from textreuse.minhash import signatures as sign_shingles
from textreuse.model import Document, Int64Array, Shingles, Skipped, Tokens, UInt32Array, UInt64Array
from textreuse.options import Tokenizer, available_threads
from textreuse.shingle import shingle
from textreuse.sketches import Shingling, Signatures
from textreuse.tokenize import tokenize

Progress = Callable[[str, int, int], None]

CHUNK_SIZE = 1 << 19  # code points whose tokens and shingles are held at once by a thread
LONGEST_SHINGLE = 255  # tokens; they are counted in a byte
NO_WORDS = "has no words"


class _Signed(NamedTuple):
    """The signatures of a chunk: of the documents that have shingles, and which have none."""

    ids: list[str]
    matrix: UInt32Array
    sizes: Int64Array
    empty: list[str]


def signatures(
    documents: object,
    *,
    num_perm: int = 128,
    seed: int = 1,
    shingle_words: int = 5,
    shingle_characters: int | None = None,
    tokenizer: Tokenizer | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    text_field: str = "text",
    id_field: str = "id",
    encoding: str | None = None,
) -> Signatures:
    """Return the MinHash signature of each document, in order of the ids.

    They equal those of `datasketch.MinHash(num_perm, seed, scheme="affine32")` bit for bit, over the upper 32 bits of
    the 64-bit ids of the shingles. Documents are read and let go a stretch at a time, so that memory holds what comes
    out (4 * `num_perm` bytes and the id for each document) and little else.

    Parameters
    ----------
    documents
        A folder or file, a list of texts, a dict of texts by id, `Document`s, mappings with an id and a text, a
        DataFrame, or a generator, which is consumed once.
    num_perm, seed
        How many permutations there are, and what they are drawn from.
    shingle_words, shingle_characters
        How many successive words are a shingle, and how many characters of text without spaces (by default twice as
        many). A text shorter than a shingle is one shingle.
    tokenizer
        A pattern or a function that gives spans, instead of the built-in tokenizer; it runs in one thread.
    threads
        How many threads share the work, by default all cores. The result does not depend on it.
    progress
        Called as `progress(step, done, total)`; where the number of documents is not known, `total` is `done`.
    text_field, id_field, encoding
        How to read the documents.

    Returns
    -------
    Signatures
        Texts without a single word have no signature and are listed in `skipped`, as are files that were not read.

    Raises
    ------
    InputError
        If the documents cannot be read as they are, or two have the same id.
    OptionsError
        If options make no sense, all of them named.

    Examples
    --------
    >>> texts = {"a": "the road was long and the night was cold", "b": "The road was long, and the night was cold!"}
    >>> found = signatures(texts, num_perm=64, shingle_words=3)
    >>> found, found.jaccard("a", "b"), found.sizes.tolist()
    (<Signatures: 2 x 64, affine32, seed 1, shingles of 3 words>, 1.0, [7, 7])
    """
    shingling = make_shingling(shingle_words, shingle_characters, tokenizer)
    _check_options(num_perm, seed, threads)
    permutations(num_perm, seed)
    if documents is None:
        raise InputError("documents is None. Pass a folder, a list of texts, a dict or a DataFrame.")
    skipped: list[Skipped] = []
    stream = read_documents(
        documents, text_field=text_field, id_field=id_field, encoding=encoding, on_skip=skipped.append
    )

    def sign(chunk: list[Document]) -> _Signed:
        tokens = tokenize([document.text for document in chunk], tokenizer=tokenizer)
        return _sign([document.id for document in chunk], tokens, shingling, num_perm, seed)

    n_threads = (threads or available_threads()) if tokenizer is None else 1
    known = len(documents) if isinstance(documents, Sized) and not isinstance(documents, str) else 0
    parts, done = [], 0
    for part in run_chunks(sign, document_chunks(stream), n_threads):
        parts.append(part)
        done += len(part.ids) + len(part.empty)
        if progress is not None:
            progress("sign", done, max(done, known))
    skipped += [Skipped(id_, NO_WORDS) for part in parts for id_ in part.empty]
    return _joined(parts, num_perm, seed, shingling, skipped)


def make_shingling(words: int, characters: int | None, tokenizer: Tokenizer | None) -> Shingling:
    """Return how sets are made.

    Raises
    ------
    OptionsError
        If a shingle would be empty or too long, or the tokenizer is neither a pattern nor a function.
    """
    problems = []
    for name, value in (("shingle_words", words), ("shingle_characters", characters)):
        if value is None and name == "shingle_characters":
            continue
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= LONGEST_SHINGLE:
            problems.append(f"{name}={value!r}: a whole number from 1 to {LONGEST_SHINGLE}")
    if not (tokenizer is None or isinstance(tokenizer, str) or callable(tokenizer)):
        problems.append(f"tokenizer={tokenizer!r}: a pattern, a function that gives spans, or None")
    if problems:
        raise OptionsError("; ".join(problems) + ".")
    if callable(tokenizer):
        # not repr, which holds an address that is another one in each run
        tokenizer = f"{tokenizer.__module__}.{getattr(tokenizer, '__qualname__', type(tokenizer).__qualname__)}"
    characters = min(2 * words, LONGEST_SHINGLE) if characters is None else characters
    return Shingling(words, characters, tokenizer, load_table().unicode_version)


def _check_options(num_perm: int, seed: int, threads: int | None) -> None:
    """Raise OptionsError for numbers that are none; which of them make sense, `permutations` says."""
    problems = [
        f"{name}={value!r}: a whole number"
        for name, value in (("num_perm", num_perm), ("seed", seed), ("threads", threads))
        if not (name == "threads" and value is None) and (isinstance(value, bool) or not isinstance(value, int))
    ]
    if isinstance(threads, int) and threads < 1:
        problems.append(f"threads={threads!r}: a whole number of at least 1, or None")
    if problems:
        raise OptionsError("; ".join(problems) + ".")


def document_chunks(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """Yield successive documents, about CHUNK_SIZE code points at a time.

    >>> [len(chunk) for chunk in document_chunks([Document("a", "text"), Document("b", "x" * CHUNK_SIZE)])]
    [1, 1]
    """
    chunk: list[Document] = []
    size = 0
    for document in documents:
        if chunk and size + len(document.text) > CHUNK_SIZE:
            yield chunk
            chunk, size = [], 0
        chunk.append(document)
        size += len(document.text) + 1
    if chunk:
        yield chunk


def distinct_shingles(shingles: Shingles) -> tuple[UInt64Array, Int64Array]:
    """Return the different ids of each document, in order of first appearance, and where each document's start.

    >>> from textreuse.shingle import shingle
    >>> ids, bounds = distinct_shingles(shingle(tokenize(["a rose is a rose is a rose", ""]), 3, 6))
    >>> bounds.tolist()
    [0, 3, 3]
    """
    from textreuse._kernels.distinct import fill_distinct

    longest = int(np.diff(shingles.bounds).max(initial=0))
    table = np.zeros(2 << (max(1, longest) - 1).bit_length(), np.uint64)
    distinct = np.empty(len(shingles.ids), np.uint64)
    bounds = np.empty(len(shingles.bounds), np.int64)
    n = fill_distinct(shingles.ids, shingles.lengths, shingles.bounds, table, distinct, bounds)
    return distinct[:n], bounds


def _sign(ids: list[str], tokens: Tokens, shingling: Shingling, num_perm: int, seed: int) -> _Signed:
    """Return the signatures of tokenized documents."""
    shingle_ids, bounds = distinct_shingles(shingle(tokens, shingling.words, shingling.characters))
    sizes = np.diff(bounds)
    filled = sizes > 0
    rows = sign_shingles(shingle_ids, np.concatenate([[0], bounds[1:][filled]]), num_perm=num_perm, seed=seed)
    return _Signed(
        [id_ for id_, has_shingles in zip(ids, filled.tolist(), strict=True) if has_shingles],
        rows,
        sizes[filled],
        [id_ for id_, has_shingles in zip(ids, filled.tolist(), strict=True) if not has_shingles],
    )


def _joined(parts: list[_Signed], num_perm: int, seed: int, shingling: Shingling, skipped: list[Skipped]) -> Signatures:
    """Return all parts as one in order of the ids; empties `parts`, so that each is freed once it is copied."""
    ids = [id_ for part in parts for id_ in part.ids]
    order = sorted(range(len(ids)), key=ids.__getitem__)
    ordered = [ids[place] for place in order]
    _refuse_repeated(sorted([*ordered, *(skip.document_id for skip in skipped if skip.reason == NO_WORDS)]))
    target = np.empty(len(ids), np.int64)
    target[order] = np.arange(len(ids))
    matrix = np.empty((len(ids), num_perm), np.uint32)
    sizes = np.empty(len(ids), np.int64)
    first = 0
    parts.reverse()
    while parts:
        part = parts.pop()
        places = target[first : first + len(part.ids)]
        matrix[places] = part.matrix
        sizes[places] = part.sizes
        first += len(part.ids)
    return Signatures(
        ids=tuple(ordered),
        matrix=matrix,
        seed=seed,
        sizes=sizes,
        shingling=shingling,
        skipped=tuple(sorted(skipped)),
    )


def _refuse_repeated(ordered: list[str]) -> None:
    for left, right in pairwise(ordered):
        if left == right:
            raise InputError(f"two documents have the id {left!r}. Give each document an id of its own.")
