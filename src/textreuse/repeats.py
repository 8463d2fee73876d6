"""What stands twice inside documents: lines, paragraphs or passages, and where the kept copy of each is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from textreuse.model import Int64Array, Tokens, UInt64Array

REPORT_EVERY = 64  # calls of the progress callback at most
LEAST_ROOM = 1024  # places for windows and for pieces at first
TWICE_ROOM = 4  # and places for windows for each hash that occurs twice


@dataclass(frozen=True, slots=True, eq=False)
class Repeats:
    """Runs of tokens that stand elsewhere, in order of position.

    Run r has the tokens starts[r] to stops[r]; equal ones, all of them kept, start at sources[r]. Positions are in the
    whole collection. `n_compared` counts comparisons of tokens.
    """

    starts: Int64Array
    stops: Int64Array
    sources: Int64Array
    n_compared: int = 0

    def __len__(self) -> int:
        return len(self.starts)


def find_repeated_units(
    tokens: Tokens, breaks: npt.NDArray[np.bool_], order: Int64Array, least: int, *, backwards: bool = False
) -> Repeats:
    """Return the lines or paragraphs that equal an earlier one; `breaks` marks the tokens that begin one.

    `order` holds the documents as they are gone over, each forwards; if `backwards`, all is gone over the other way
    round. Units of fewer than `least` half words are left alone.
    """
    from textreuse._kernels.units import find_equal_units

    unit_bounds = np.append(np.flatnonzero(breaks), len(tokens))
    n_units = len(unit_bounds) - 1
    first_units = np.searchsorted(unit_bounds, tokens.bounds)
    counts = np.diff(first_units)[order]
    # the units of the documents in their order: where each document's begin, and steps of one from there
    steps = np.arange(n_units) - np.repeat(np.cumsum(counts) - counts, counts)
    unit_order = np.repeat(first_units[:-1][order], counts) + steps
    if backwards:
        unit_order = np.ascontiguousarray(unit_order[::-1])
    table = np.full(_power_of_two(2 * n_units), -1, np.int64)
    kept = np.empty(n_units, np.int64)
    find_equal_units(tokens.hashes, unit_bounds, unit_order, least, table, kept)
    removed = np.flatnonzero(kept >= 0)
    return Repeats(unit_bounds[removed], unit_bounds[removed + 1], unit_bounds[kept[removed]])


def find_repeated_passages(
    tokens: Tokens, order: Int64Array, least: int, report: Callable[[int, int], None] = lambda done, total: None
) -> Repeats:
    """Return the runs of tokens of at least `least` half words that stand in a kept run before them.

    `order` holds the documents as they are gone over, each forwards from its start. All tokens of all windows of
    `least` half words are covered that equal a window of kept tokens; a run that continues two sources is two.
    """
    from textreuse._kernels import repeats as kernels

    longest = least + 1
    powers = np.cumprod(np.r_[np.uint64(1), np.full(longest, kernels.BASE)], dtype=np.uint64)
    seen, twice = (np.zeros(_power_of_two(max(1, len(tokens)) // 16), np.uint64) for _ in range(2))
    n_twice = kernels.mark_repeated(tokens.hashes, tokens.bounds, least, powers, seen, twice)
    del seen
    table = _empty_table(TWICE_ROOM * n_twice + LEAST_ROOM)
    kept = np.zeros(len(tokens), np.uint8)
    ring_size = _power_of_two(longest + 1)
    rings = np.zeros(ring_size, np.uint64), np.zeros(ring_size, np.int64)
    pieces = [np.empty(LEAST_ROOM, np.int64) for _ in range(3)]
    state, rolling = np.zeros(kernels.N_STATE, np.int64), np.zeros(1, np.uint64)
    state[kernels.TOKEN] = -1
    # a stretch of documents at a time, so that Ctrl-C and progress are heard
    stretch = max(1, -(-len(order) // REPORT_EVERY))
    for stop in range(stretch, len(order) + stretch, stretch):
        part = order[: min(stop, len(order))]
        while not kernels.find_repeated(
            tokens.hashes, tokens.bounds, part, least, powers, twice, table, kept, rings[0], rings[1],
            pieces[0], pieces[1], pieces[2], state, rolling,
        ):  # fmt: skip
            if state[kernels.N_PIECES] >= len(pieces[0]):
                pieces = [np.concatenate([piece, np.empty_like(piece)]) for piece in pieces]
            if 4 * (state[kernels.N_ENTRIES] + 4) > len(table):
                full, table = table, _empty_table(2 * len(table))
                kernels.refill_windows(tokens.hashes, least, full, table)
        report(len(part), len(order))
    n_pieces = int(state[kernels.N_PIECES])
    by_position = np.argsort(pieces[0][:n_pieces], kind="stable")
    starts, stops, sources = (piece[:n_pieces][by_position] for piece in pieces)
    return Repeats(starts, stops, sources, int(state[kernels.N_COMPARED]))


def mask_removed(repeats: Repeats, n_tokens: int) -> npt.NDArray[np.bool_]:
    """Return which tokens are in a run.

    >>> some = np.array([0, 3])
    >>> mask_removed(Repeats(some, some + 2, some), 6).tolist()
    [True, True, False, True, True, False]
    """
    steps = np.zeros(n_tokens + 1, np.int8)
    np.add.at(steps, repeats.starts, 1)
    np.add.at(steps, repeats.stops, -1)
    return np.cumsum(steps[:-1], dtype=np.int8) > 0


def mirrored(tokens: Tokens) -> Tokens:
    """Return the tokens with everything in opposite order, so that what comes last comes first.

    >>> places = np.zeros(3, np.uint32)
    >>> tokens = Tokens(np.arange(3, dtype=np.uint64), places, places, np.array([0, 1, 3]))
    >>> mirrored(tokens).hashes.tolist(), mirrored(tokens).bounds.tolist()
    ([2, 1, 0], [0, 2, 3])
    """
    bounds = np.ascontiguousarray((tokens.bounds[-1] - tokens.bounds)[::-1])
    return Tokens(np.ascontiguousarray(tokens.hashes[::-1]), tokens.starts[::-1], tokens.stops[::-1], bounds)


def mirrored_back(repeats: Repeats, n_tokens: int) -> Repeats:
    """Return what was found among mirrored tokens with the positions of the original ones."""
    lengths = repeats.stops - repeats.starts
    return Repeats(
        (n_tokens - repeats.stops)[::-1],
        (n_tokens - repeats.starts)[::-1],
        (n_tokens - repeats.sources - lengths)[::-1],
        repeats.n_compared,
    )


def _power_of_two(at_least: int) -> int:
    return 1 << max(0, at_least - 1).bit_length()


def _empty_table(size: int) -> UInt64Array:
    return np.zeros(_power_of_two(size), np.uint64)
