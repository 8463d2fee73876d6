"""Remove what documents repeat of each other inside: lines, paragraphs or passages, all but one occurrence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from textreuse._parallel import run_chunks
from textreuse.clock import Clock, Progress
from textreuse.corpus import read_documents
from textreuse.cutting import Span, cut, joined_spans, widened
from textreuse.dates import read_date
from textreuse.errors import InputError, OptionsError
from textreuse.model import Document, Int64Array, Skipped, Tokens, UInt32Array
from textreuse.options import Tokenizer, available_threads
from textreuse.repeats import (
    Repeats,
    find_repeated_passages,
    find_repeated_units,
    mask_removed,
    mirrored,
    mirrored_back,
)
from textreuse.scrub_result import RemovedSpan, ScrubOptions, ScrubResult
from textreuse.tokenize import code_points, half_words, text_chunks, tokenize

LEVELS = {"line": 5, "paragraph": 5, "passage": 50}  # with the default of min_words
Mask = npt.NDArray[np.bool_]

KEEPS = ("first", "last", "longest", "earliest")
MOST_WORDS = 10_000
NO_WORDS = "has no words"


def scrub(
    documents: object,
    *,
    level: str = "line",
    min_words: int | None = None,
    keep: str = "first",
    tokenizer: Tokenizer | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    text_field: str = "text",
    id_field: str = "id",
    encoding: str | None = None,
) -> ScrubResult:
    """Return the documents without the lines, paragraphs or passages that stand elsewhere in them, all but one each.

    Nothing unique is removed: what is removed is equal, word by word, to a stretch that is kept whole. Case, accents,
    punctuation and white space make no difference.

    Parameters
    ----------
    documents
        A folder or file, a list of texts, a dict of texts by id, `Document`s, mappings with an id and a text, a
        DataFrame, or a generator, which is consumed once.
    level
        "line"; "paragraph", which blank lines set apart; or "passage": any run of words, wherever it starts and stops.
        A word divided at the end of a line makes one of two lines.
    min_words
        Lines, paragraphs and passages of fewer words stay (default 5 for lines and paragraphs, 50 for passages); two
        characters of text without spaces count as a word. Lines without words always stay.
    keep
        Which occurrence is kept: the "first" or "last" as documents come; that in the "longest" document, in
        characters; or in the "earliest" by the date in its metadata (date, published, publication_date, pub_date,
        issued, created or year; those without one come last); of equals by id. Within a document the first, or the
        last for "last".
    tokenizer
        A pattern or a function that gives spans, instead of the built-in tokenizer: what it takes for words is what
        has to be equal. `r"\\w+|[^\\w\\s]"` has punctuation count too, for program code, say.
    threads
        How many threads share the work, by default all cores. The result does not depend on it.
    progress
        Called as `progress(step, done, total)`.
    text_field, id_field, encoding
        How to read the documents.

    Returns
    -------
    ScrubResult
        Where something was cut out, one stretch of white space stays, so that no words are glued together and no
        runs of blank lines are left.

    Raises
    ------
    InputError
        If the documents cannot be read as they are, or two have the same id.
    OptionsError
        If options make no sense, all of them named.

    Examples
    --------
    >>> pages = {"a": "One story.\\nSign up for our daily letter!", "b": "Sign up for our daily letter\\nOther story."}
    >>> result = scrub(pages, level="line")
    >>> [document.text for document in result], result.removed[0]
    (['One story.\\nSign up for our daily letter!', 'Other story.'], \
RemovedSpan(id='b', start=0, stop=28, kept_id='a', kept_start=11, kept_stop=40))
    """
    options = make_scrub_options(level, min_words, keep, tokenizer, threads)
    clock = Clock(progress)
    skipped: list[Skipped] = []
    with clock.step("read"):
        collection = list(
            read_documents(
                documents, text_field=text_field, id_field=id_field, encoding=encoding, on_skip=skipped.append
            )
        )
        _refuse_repeated_ids(collection)
    texts = [document.text for document in collection]
    with clock.step("tokenize"):
        tokens = tokenize(texts, tokenizer=tokenizer, threads=options.threads)
    with clock.step("compare"):
        repeats, spans, kept_spans = _find_repeats(collection, tokens, options, clock.report)
    with clock.step("cut"):
        removed = _list_removed(collection, tokens, repeats, spans, kept_spans)
        cleaned = _clean(collection, tokens, repeats, removed, options)
    is_empty = np.diff(tokens.bounds) == 0
    skipped += [Skipped(collection[number].id, NO_WORDS) for number in np.flatnonzero(is_empty).tolist()]
    return ScrubResult(
        documents=tuple(cleaned),
        removed=tuple(sorted(removed)),
        skipped=tuple(sorted(skipped)),
        options=options,
        stats=_count(collection, cleaned, tokens, repeats, clock),
    )


def make_scrub_options(
    level: str, min_words: int | None, keep: str, tokenizer: Tokenizer | None, threads: int | None
) -> ScrubOptions:
    """Return the options with their defaults.

    Raises
    ------
    OptionsError
        Naming every option that makes no sense, with the value it has and what it may be.
    """
    problems = []
    if level not in LEVELS:
        problems.append(f"level={level!r}: {', '.join(map(repr, LEVELS))}")
    if keep not in KEEPS:
        problems.append(f"keep={keep!r}: {', '.join(map(repr, KEEPS))}")
    for name, value, most in (("min_words", min_words, MOST_WORDS), ("threads", threads, 1024)):
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most):
            problems.append(f"{name}={value!r}: a whole number from 1 to {most:,}, or None")
    if not (tokenizer is None or isinstance(tokenizer, str) or callable(tokenizer)):
        problems.append(f"tokenizer={tokenizer!r}: a pattern, a function that gives spans, or None")
    if problems:
        raise OptionsError("; ".join(problems) + ".")
    return ScrubOptions(level, min_words or LEVELS[level], keep, threads or available_threads(), tokenizer)


def _refuse_repeated_ids(collection: Sequence[Document]) -> None:
    ids = sorted(document.id for document in collection)
    for left, right in pairwise(ids):
        if left == right:
            raise InputError(f"two documents have the id {left!r}. Give each document an id of its own.")


def _find_repeats(
    collection: Sequence[Document], tokens: Tokens, options: ScrubOptions, report: Callable[[int, int], None]
) -> tuple[Repeats, list[Span], list[Span]]:
    """Return the runs of tokens to remove, where they stand in the texts, and where their kept copies do."""
    least, backwards = 2 * options.min_words, options.keep == "last"
    order = _order(collection, options.keep)
    if options.level == "passage":
        found = find_repeated_passages(mirrored(tokens) if backwards else tokens, order, least, report)
        repeats = mirrored_back(found, len(tokens)) if backwards else found
        return repeats, *_passage_spans(collection, tokens, repeats)
    starts, stops = mark_units([document.text for document in collection], tokens, options)
    repeats = find_repeated_units(tokens, stops > 0, order, least, backwards=backwards)
    spans, kept_spans = (
        list(zip(starts[units].tolist(), stops[units].tolist(), strict=True))
        for units in (repeats.starts, repeats.sources)
    )
    return repeats, spans, kept_spans


def _order(collection: Sequence[Document], keep: str) -> Int64Array:
    """Return the documents in the order in which they are gone over: what comes first keeps what it has."""
    keys: dict[str, Callable[[int], Any]] = {
        "longest": lambda number: (-len(collection[number].text), collection[number].id),
        "earliest": lambda number: (*_date_key(collection[number]), collection[number].id),
    }
    return np.array(sorted(range(len(collection)), key=keys.get(keep)), np.int64)


def _date_key(document: Document) -> tuple[bool, str]:
    date = read_date(document.metadata)
    return date is None, date or ""


def mark_units(texts: Sequence[str], tokens: Tokens, options: ScrubOptions) -> tuple[UInt32Array, UInt32Array]:
    """Return where the line or paragraph starts and stops that begins with a token; stops at 0 if none does."""
    from textreuse._kernels import units

    starts, stops = (np.empty(len(tokens), np.uint32) for _ in range(2))

    def mark(chunk: tuple[int, list[str]]) -> None:
        first, part = chunk
        codes, text_bounds = code_points(part)
        bounds = tokens.bounds[first : first + len(part) + 1]
        paragraphs = options.level == "paragraph"
        units.mark_units(codes, text_bounds, bounds, tokens.starts, tokens.stops, paragraphs, starts, stops)

    for _ in run_chunks(mark, text_chunks(texts), options.threads):
        pass
    return starts, stops


def _list_removed(
    collection: Sequence[Document], tokens: Tokens, repeats: Repeats, spans: list[Span], kept_spans: list[Span]
) -> list[RemovedSpan]:
    """Return what is removed, in the order of `repeats`."""
    ids = [document.id for document in collection]
    documents, kept_documents = (
        (np.searchsorted(tokens.bounds, positions, side="right") - 1).tolist()
        for positions in (repeats.starts, repeats.sources)
    )
    return [
        RemovedSpan(ids[document], *span, ids[kept_document], *kept_span)
        for document, span, kept_document, kept_span in zip(documents, spans, kept_documents, kept_spans, strict=True)
    ]


def _passage_spans(collection: Sequence[Document], tokens: Tokens, repeats: Repeats) -> tuple[list[Span], list[Span]]:
    """Return where passages stand, with the punctuation that their kept copies have too, and where these stand."""
    runs = _runs(collection, tokens, repeats.starts, repeats.stops)
    kept = _runs(collection, tokens, repeats.sources, repeats.sources + repeats.stops - repeats.starts)
    pairs = [
        widened(collection[a.document].text, a.span, a.room, collection[b.document].text, b.span, b.room)
        for a, b in zip(runs, kept, strict=True)
    ]
    return [span for span, _ in pairs], [kept_span for _, kept_span in pairs]


class _Run(NamedTuple):
    """A run of tokens: its document, where it starts and stops in the text, and the room up to the words around it."""

    document: int
    span: Span
    room: Span


def _runs(collection: Sequence[Document], tokens: Tokens, starts: Int64Array, stops: Int64Array) -> list[_Run]:
    """Return where runs of tokens stand in the texts."""
    if not len(starts):
        return []
    documents = np.searchsorted(tokens.bounds, starts, side="right") - 1
    lengths = np.array([len(document.text) for document in collection])
    before = np.where(starts > tokens.bounds[documents], tokens.stops[starts - 1], 0)
    is_last = stops == tokens.bounds[documents + 1]
    after = np.where(is_last, lengths[documents], tokens.starts[np.minimum(stops, len(tokens) - 1)])
    first, last = tokens.starts[starts], tokens.stops[stops - 1]
    rows = zip(documents.tolist(), first.tolist(), last.tolist(), before.tolist(), after.tolist(), strict=True)
    return [_Run(document, (start, stop), (room, room_stop)) for document, start, stop, room, room_stop in rows]


def _clean(
    collection: Sequence[Document],
    tokens: Tokens,
    repeats: Repeats,
    removed: Sequence[RemovedSpan],
    options: ScrubOptions,
) -> list[Document]:
    """Return the documents without what is removed; `removed` is in the order of `repeats`."""
    cleaned = list(collection)
    firsts = np.searchsorted(repeats.starts, tokens.bounds)
    changed = np.flatnonzero(np.diff(firsts)).tolist()
    cuts: list[list[Span]] = []
    for number in changed:
        first, last = int(firsts[number]), int(firsts[number + 1])
        touching = (repeats.stops[first : last - 1] == repeats.starts[first + 1 : last]).tolist()
        cuts.append(joined_spans([(span.start, span.stop) for span in removed[first:last]], touching))
    texts = [cut(collection[number].text, spans) for number, spans in zip(changed, cuts, strict=True)]
    if options.tokenizer is None:
        for place in _with_other_words(texts, changed, tokens, mask_removed(repeats, len(tokens)), options.threads):
            texts[place] = cut(collection[changed[place]].text, cuts[place], carefully=True)
    for number, text in zip(changed, texts, strict=True):
        document = collection[number]
        cleaned[number] = Document(document.id, text, document.metadata)
    return cleaned


def _with_other_words(
    texts: Sequence[str], numbers: Sequence[int], tokens: Tokens, is_removed: Mask, threads: int
) -> list[int]:
    """Return which cleaned texts do not have exactly the words that are kept: joining has made one of two."""
    actual = tokenize(texts, threads=threads)
    wrong = []
    for place, number in enumerate(numbers):
        start, stop = int(tokens.bounds[number]), int(tokens.bounds[number + 1])
        expected = tokens.hashes[start:stop][~is_removed[start:stop]]
        if not np.array_equal(actual.hashes[actual.bounds[place] : actual.bounds[place + 1]], expected):
            wrong.append(place)
    return wrong


def _count(
    collection: Sequence[Document], cleaned: Sequence[Document], tokens: Tokens, repeats: Repeats, clock: Clock
) -> dict[str, Any]:
    changed = [document for document, before in zip(cleaned, collection, strict=True) if document is not before]
    removed = tokens.hashes[mask_removed(repeats, len(tokens))]
    return {
        "documents": len(collection),
        "documents_changed": len(changed),
        "documents_emptied": sum(not document.text for document in changed),
        "words": half_words(tokens.hashes) / 2,
        "words_removed": half_words(removed) / 2,
        "spans": len(repeats),
        "token_comparisons": repeats.n_compared,
        "seconds": dict(clock.seconds),
        "peak_bytes": dict(clock.peaks),
    }
