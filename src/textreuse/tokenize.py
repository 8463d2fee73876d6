"""Normalize and tokenize in one pass: hashes of folded words, with their offsets in the original texts."""

from __future__ import annotations

import operator
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from functools import partial
from itertools import chain, islice

import numpy as np
import numpy.typing as npt
import regex

from textreuse._parallel import run_chunks
from textreuse._unicode import load_table
from textreuse._unicode.units import load_units
from textreuse.errors import InputError, OptionsError
from textreuse.model import Int64Array, Tokens, UInt32Array, UInt64Array
from textreuse.options import Letters, Tokenizer

__all__ = ["Tokenizer", "half_words", "hash_spans", "tokenize"]

CHUNK_SIZE = 1 << 18  # code points; what a chunk needs stays in the processor's cache
LONGEST_TEXT = 2**32 - 1
LONGEST_IN_NUMPY = 2**28
CODES_A_TOKEN = 5  # of most text in words, about


def tokenize(texts: Sequence[str], *, tokenizer: Tokenizer | Letters | None = None, threads: int = 1) -> Tokens:
    """Return the tokens of all texts: words, and each character of scripts that are written without spaces.

    Tokens have equal hashes if they are alike after folding case, accents, width, ligatures, apostrophes and what
    is invisible. A word split by a hyphen at the end of a line is one token. See docs/decisions/0003-tokenizing.md.

    Parameters
    ----------
    texts
        The texts. An empty text has no tokens; no texts give no tokens and `bounds` of one zero.
    tokenizer
        Finds the tokens instead: a pattern (of the `regex` package), each match of which is a token, or a callable that
        gives the (start, stop) of each token of a text, in order and without overlap. Their texts are folded alike.
        `Letters.LETTERS` makes every letter, digit and vowel sign a token.
    threads
        How many threads share the work. The tokens do not depend on it. One's own tokenizer runs in one thread.

    Returns
    -------
    Tokens
        Offsets are in code points of each original text, so `text[start:stop]` is the token as it was written.

    Raises
    ------
    InputError
        If a text is no string, or longer than 2**32 - 1 code points.
    OptionsError
        If the tokenizer is no valid pattern or callable, or gives spans that are empty, overlap or lie outside.

    Examples
    --------
    >>> text = "The Well-known exam-\\nple."
    >>> tokens = tokenize([text, "wellknown example"])
    >>> [text[start:stop] for start, stop in zip(tokens.starts[:3], tokens.stops[:3])]
    ['The', 'Well-known', 'exam-\\nple']
    >>> bool((tokens.hashes[1:3] == tokens.hashes[3:]).all())
    True
    """
    check_texts(texts)
    n_codes = sum(map(len, texts))
    if tokenizer is None or isinstance(tokenizer, Letters):
        find_tokens = partial(tokens_of_chunk, space=Workspace()) if tokenizer is None else letters_of_chunk
        return joined(run_chunks(find_tokens, (chunk for _, chunk in text_chunks(texts)), threads), n_codes)
    find_spans = span_finder(tokenizer)
    return joined((span_tokens(chunk, first, find_spans) for first, chunk in text_chunks(texts)), n_codes)


def hash_spans(texts: Sequence[str], numbers: Int64Array, starts: Int64Array, stops: Int64Array) -> UInt64Array:
    """Return the hash of each span of the texts, folded as if it were one token.

    Span i is texts[numbers[i]][starts[i]:stops[i]]; `numbers` ascend.

    >>> spans = hash_spans(["Straßen", "STRASSE"], np.array([0, 1]), np.array([0, 0]), np.array([6, 7]))
    >>> bool(spans[0] == spans[1] == tokenize(["strasse"]).hashes[0])
    True
    """
    hashes = np.empty(len(numbers), np.uint64)
    for first_text, chunk in text_chunks(texts):
        first, last = np.searchsorted(numbers, [first_text, first_text + len(chunk)]).tolist()
        if last > first:
            codes, text_bounds = code_points(chunk)
            shift = text_bounds[numbers[first:last] - first_text]
            hashes[first:last] = hashes_of(codes, starts[first:last] + shift, stops[first:last] + shift)
    return hashes


def half_words(hashes: UInt64Array) -> int:
    """Return the length of the tokens in half words: a word counts 2, a character of a spaceless script 1.

    >>> half_words(tokenize(["word 漢字"]).hashes)
    4
    """
    return 2 * len(hashes) - int(np.count_nonzero(hashes & np.uint64(1)))


def check_texts(texts: Sequence[str]) -> None:
    """Raise InputError unless every text is a string that 32-bit offsets can address."""
    if isinstance(texts, str):
        raise InputError("tokenize takes a list of texts and got one string. Pass [text].")
    for index, text in enumerate(texts):
        if not isinstance(text, str):
            raise InputError(f"text {index} is of type {type(text).__name__}, not str. Decode or convert it first.")
        if len(text) > LONGEST_TEXT:
            raise InputError(
                f"text {index} has {len(text):,} characters; {LONGEST_TEXT:,} is the most. Split it into documents."
            )


def text_chunks(texts: Sequence[str], size: int | None = None) -> Iterator[tuple[int, list[str]]]:
    """Yield successive texts, about `size` code points (CHUNK_SIZE) at a time, with the index of the first."""
    bounds, size = bounds_of(texts, apart=1), size or CHUNK_SIZE
    first = 0
    while first < len(texts):
        # a text and what follows it, but not after the last one
        last = int(np.searchsorted(bounds, bounds[first] + size + 1, side="right")) - 1
        last = max(last, first + 1)
        yield first, list(texts[first:last])
        first = last


def joined(chunks: Iterable[Tokens], n_codes: int) -> Tokens:
    """Return the tokens of all chunks, of so many code points together, as one.

    Each chunk is copied and let go before the next is asked for, so that little more is held than what is returned.
    """
    remaining = iter(chunks)
    first_ones = list(islice(remaining, 2))
    if len(first_ones) == 1:
        return first_ones[0]
    # what is not used of the room takes no memory; where words are short, it grows
    arrays = hashes, starts, stops = room_for(n_codes // CODES_A_TOKEN + 1, 0)[:3]
    counts, n = [np.zeros(1, np.int64)], 0
    for chunk in chain(first_ones, remaining):
        stop = n + len(chunk)
        if stop > len(hashes):
            # realloc moves the pages of large arrays instead of copying them
            for array in arrays:
                array.resize(max(stop, len(array) * 9 // 8), refcheck=False)
        hashes[n:stop], starts[n:stop], stops[n:stop] = chunk.hashes, chunk.starts, chunk.stops
        counts.append(np.diff(chunk.bounds))
        n = stop
    for array in arrays:
        array.resize(n, refcheck=False)
    return Tokens(hashes, starts, stops, np.cumsum(np.concatenate(counts)))


def tokens_of_chunk(texts: list[str], space: Workspace | None = None) -> Tokens:
    """Return the tokens of a few texts, those in ASCII and the others each in one call of their kernel."""
    is_ascii = [text.isascii() for text in texts]
    if all(is_ascii):
        return ascii_tokens(texts)
    if not any(is_ascii):
        return general_tokens(texts, space)
    plain = ascii_tokens([text for text, ascii_only in zip(texts, is_ascii, strict=True) if ascii_only])
    other = general_tokens([text for text, ascii_only in zip(texts, is_ascii, strict=True) if not ascii_only], space)
    return interleaved(plain, other, np.array(is_ascii))


def hashes_of_chunk(texts: list[str]) -> tuple[UInt64Array, Int64Array]:
    """Return the hashes of the tokens of a few texts and the bounds of each text, without offsets."""
    if all(map(str.isascii, texts)):
        hashes, _, bounds, _ = ascii_hashes(texts)
        return hashes, bounds
    tokens = tokens_of_chunk(texts)
    return tokens.hashes, tokens.bounds


def interleaved(plain: Tokens, other: Tokens, is_plain: npt.NDArray[np.bool_]) -> Tokens:
    """Return the tokens of all texts, of which some are among `plain` and the rest among `other`, in their order."""
    bounds = np.zeros(len(is_plain) + 1, np.int64)
    bounds[1:][is_plain], bounds[1:][~is_plain] = np.diff(plain.bounds), np.diff(other.bounds)
    of_plain = np.repeat(is_plain, bounds[1:])
    places = np.flatnonzero(of_plain), np.flatnonzero(~of_plain)
    hashes, starts, stops, _ = room_for(len(of_plain), 0)
    for tokens, where in zip((plain, other), places, strict=True):
        hashes[where], starts[where], stops[where] = tokens.hashes, tokens.starts, tokens.stops
    return Tokens(hashes, starts, stops, np.cumsum(bounds))


def ascii_tokens(texts: list[str]) -> Tokens:
    """Return the tokens of texts that are ASCII only."""
    from textreuse._kernels.ascii_hashes import fill_offsets

    hashes, edges, bounds, text_bounds = ascii_hashes(texts)
    starts, stops = np.empty(len(hashes), np.uint32), np.empty(len(hashes), np.uint32)
    fill_offsets(edges, text_bounds, bounds, starts, stops)
    return Tokens(hashes, starts, stops, bounds)


def ascii_hashes(texts: list[str]) -> tuple[UInt64Array, UInt32Array, Int64Array, Int64Array]:
    """Return the hashes of the tokens of texts that are ASCII only, edges of tokens, bounds of tokens and of texts.

    Token i has the code points from edges[2 * i] to edges[2 * i + 1] of all texts, each of which is followed by one
    other character.
    """
    from textreuse._kernels.ascii_edges import find_ascii_edges
    from textreuse._kernels.ascii_hashes import hash_ascii_tokens

    text_bounds = bounds_of(texts, apart=1)
    n_codes = int(text_bounds[-1])
    # A null character sets texts apart; 64 more and up to a multiple of 64, because kernels read so many at a time.
    padding = 128 - n_codes % 64
    whole = ("\0".join(texts) + "\0" * (padding + 1)).encode("ascii")
    codes = np.frombuffer(whole, dtype=np.uint8)
    bits = np.empty((4, len(codes) // 8), np.uint8)
    edges, odd_tokens = np.empty(len(codes), np.uint32), np.empty(len(codes), np.uint32)
    n_edges, n_odd = find_ascii_edges(codes, bits, edges, odd_tokens)
    words = np.ndarray(len(codes) - 7, "<u8", whole, strides=(1,)).astype(np.uint64, copy=False)
    hashes, bounds = np.empty(n_edges // 2, np.uint64), np.empty(len(texts) + 1, np.int64)
    hash_ascii_tokens(codes, words, text_bounds, edges[:n_edges], odd_tokens[:n_odd], hashes, bounds)
    return hashes, edges, bounds, text_bounds


class Workspace(threading.local):
    """Arrays that a thread uses for one chunk after the other, for the system clears new ones page by page."""

    def __init__(self) -> None:
        self.codes = np.empty(1, "U1")
        self.tokens = room_for(0, 0)[:3]
        self.stretch: tuple[UInt64Array, ...] = ()

    def code_points(self, text: str) -> UInt32Array:
        """Return the code points of a text, until the next call."""
        if len(text) > LONGEST_IN_NUMPY:
            return utf_32(text)
        if len(text) > self.codes.itemsize // 4:
            self.codes = np.empty(1, f"U{len(text)}")
        self.codes[0] = text
        return self.codes.view(np.uint32)[: len(text)]

    def room(self, n_tokens: int) -> tuple[UInt64Array, UInt32Array, UInt32Array]:
        """Return arrays for the hashes, starts and stops of as many tokens, until the next call."""
        if n_tokens > len(self.tokens[0]):
            self.tokens = room_for(n_tokens, 0)[:3]
        return self.tokens


def general_tokens(texts: list[str], space: Workspace | None = None) -> Tokens:
    """Return the tokens of texts with any code points, lone surrogates included."""
    from textreuse._kernels import tokens as kernels

    space = Workspace() if space is None else space
    # A null character sets texts apart, and ends the last one.
    text_starts = bounds_of(texts, apart=1)[:-1].astype(np.uint32)
    codes = space.code_points("\0".join([*texts, ""]))
    hashes, starts, stops = space.room(len(codes))
    space.stretch = space.stretch or tuple(np.empty(kernels.ROOM, dtype) for dtype in kernels.ROOM_TYPES)
    table, units = load_table()[:3], tuple(load_units())
    n_tokens, n_left = kernels.find_tokens(codes, table, units, space.stretch, starts, stops, hashes)
    hashes, starts, stops = hashes[:n_tokens].copy(), starts[:n_tokens], stops[:n_tokens]
    if n_left:
        left = np.flatnonzero(hashes == 0)
        hashes[left] = hashes_of(codes, starts[left].astype(np.int64), stops[left].astype(np.int64))
    bounds = np.append(np.searchsorted(starts, text_starts), n_tokens)
    shift = np.repeat(text_starts, np.diff(bounds))
    return Tokens(hashes, starts - shift, stops - shift, bounds)


def letters_of_chunk(texts: list[str]) -> Tokens:
    """Return every letter of a few texts as a token."""
    from textreuse._kernels.letters import find_letters

    table = load_table()[:3]
    codes, text_bounds = code_points(texts)
    room = len(codes) + 64
    while True:
        hashes, starts, stops, bounds = room_for(room, len(texts))
        n_tokens = find_letters(codes, text_bounds, table, hashes, starts, stops, bounds)
        if n_tokens >= 0:
            return trimmed(hashes, starts, stops, bounds, n_tokens)
        room *= 2


def hashes_of(codes: UInt32Array, starts: Int64Array, stops: Int64Array) -> UInt64Array:
    """Return the hash of each codes[start:stop]."""
    from textreuse._kernels.tokens import hash_spans

    hashes = np.empty(len(starts), dtype=np.uint64)
    hash_spans(codes, starts, stops, load_table()[:3], hashes)
    return hashes


def code_points(texts: list[str]) -> tuple[UInt32Array, Int64Array]:
    """Return the code points of all texts, one after the other, and where each text starts and stops among them."""
    return utf_32("".join(texts)), bounds_of(texts)


def utf_32(text: str) -> UInt32Array:
    """Return the code points of a text, lone surrogates among them."""
    if len(text) > LONGEST_IN_NUMPY:
        return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint32)
    # Four times as fast as to encode; an empty text takes one place.
    return np.array([text]).view(np.uint32)[: len(text)]


def bounds_of(stretches: Sequence[Sized], apart: int = 0) -> Int64Array:
    """Return where each of several stretches starts, with `apart` places after each, and where the last one stops."""
    bounds = np.zeros(len(stretches) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, stretches), np.int64, len(stretches)) + apart, out=bounds[1:])
    return bounds


def room_for(n_tokens: int, n_texts: int) -> tuple[UInt64Array, UInt32Array, UInt32Array, Int64Array]:
    """Return empty arrays for hashes, starts and stops of at most that many tokens, and for bounds."""
    return (
        np.empty(n_tokens, dtype=np.uint64),
        np.empty(n_tokens, dtype=np.uint32),
        np.empty(n_tokens, dtype=np.uint32),
        np.empty(n_texts + 1, dtype=np.int64),
    )


def trimmed(hashes: UInt64Array, starts: UInt32Array, stops: UInt32Array, bounds: Int64Array, n_tokens: int) -> Tokens:
    """Return tokens without the room that was not needed; copies, because a view would keep all of it."""
    if n_tokens == len(hashes) == len(starts):
        return Tokens(hashes, starts, stops, bounds)
    return Tokens(hashes[:n_tokens].copy(), starts[:n_tokens].copy(), stops[:n_tokens].copy(), bounds)


def span_finder(tokenizer: Tokenizer) -> Callable[[str], Iterable[tuple[int, int]]]:
    """Return the callable that gives the spans of a text.

    Raises
    ------
    OptionsError
        If the tokenizer is neither a valid pattern nor callable.
    """
    if callable(tokenizer):
        return tokenizer
    if not isinstance(tokenizer, str):
        raise OptionsError(
            f"tokenizer is of type {type(tokenizer).__name__}. "
            "Pass a pattern (str) or a callable that takes a text and gives (start, stop) spans."
        )
    try:
        pattern = regex.compile(tokenizer)
    except regex.error as error:
        raise OptionsError(
            f"tokenizer={tokenizer!r} is no valid pattern: {error}. Mend it or pass a callable."
        ) from error
    return lambda text: (match.span() for match in pattern.finditer(text))


def checked_spans(spans: Iterable[tuple[int, int]], length: int, index: int) -> list[tuple[int, int]]:
    """Return the spans as a list of pairs of integers.

    Raises
    ------
    OptionsError
        If a span is no pair of integers, is empty, lies outside of the text, or starts before the last one stops.
    """
    checked: list[tuple[int, int]] = []
    last_stop = 0
    for span in spans:
        where = f"the tokenizer gave the span {span!r} for text {index}, which has {length} characters"
        try:
            start, stop = map(operator.index, span)
        except (TypeError, ValueError) as error:
            raise OptionsError(f"{where}; it is no pair of integers. Give (start, stop) offsets.") from error
        if start == stop:
            raise OptionsError(f"{where}; it is empty. Give non-empty spans only (in a pattern, + instead of *).")
        if not 0 <= start < stop <= length:
            raise OptionsError(f"{where}; it is no stretch of the text. Give 0 <= start < stop <= len(text).")
        if start < last_stop:
            raise OptionsError(
                f"{where}; the span before it stops at {last_stop}. Give spans in order, without overlap."
            )
        last_stop = stop
        checked.append((start, stop))
    return checked


def span_tokens(texts: list[str], first: int, find_spans: Callable[[str], Iterable[tuple[int, int]]]) -> Tokens:
    """Return tokens where `find_spans` says they are; `first` is the index of the first text, for messages."""
    spans = [checked_spans(find_spans(text), len(text), index) for index, text in enumerate(texts, start=first)]
    bounds = bounds_of(spans)
    codes, text_bounds = code_points(texts)
    flat = np.array([span for of_text in spans for span in of_text], dtype=np.int64).reshape(-1, 2)
    shift = np.repeat(text_bounds[:-1], np.diff(bounds))
    hashes = hashes_of(codes, flat[:, 0] + shift, flat[:, 1] + shift)
    return Tokens(hashes, flat[:, 0].astype(np.uint32), flat[:, 1].astype(np.uint32), bounds)
