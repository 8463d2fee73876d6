"""Passages of real text with a known number of edits of a known kind.

Everything counts in tokens: words, or characters of a script that is written without spaces.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import regex

from textreuse.model import Tokens

LINE = 60  # characters, for text wrapped anew
SENTENCE_END = regex.compile(r"[.!?…。！？।॥؟۔]|\n\s*\n")
CLAUSE_END = regex.compile(r"[,;:，；：、،؛—]|\n")
HYPHEN_END = regex.compile(r"[\p{Pd}¬\u00AD]\s*$")  # at the end of a line it would join two words
ATTEMPTS = 32

# What scanners of old print misread most: pairs of look-alikes.
LOOK_ALIKES = {
    "e": "c", "c": "e", "h": "b", "b": "h", "l": "1", "i": "l", "o": "0", "s": "f", "f": "s", "u": "n", "n": "u",
    "m": "rn", "w": "vv", "d": "cl", "a": "o", "t": "r", "r": "t", "y": "v", "B": "8", "I": "l", "O": "0", "S": "5",
}  # fmt: skip


class Unit(NamedTuple):
    """A token as it is written, its hash, and what stands between it and the next."""

    text: str
    hash: int
    gap: str

    @property
    def is_character(self) -> bool:
        """Whether it is a character of a spaceless script, which needs no gap."""
        return bool(self.hash & 1)


class Vocabulary:
    """All tokens of a collection, to draw new words from: frequent ones more often."""

    def __init__(self, texts: Sequence[str], tokens: Tokens) -> None:
        self.texts = texts
        self.tokens = tokens
        spaceless = (tokens.hashes & np.uint64(1)).astype(bool)
        self._of_kind = (np.flatnonzero(~spaceless), np.flatnonzero(spaceless))

    def units(self, document: int, first: int, stop: int) -> list[Unit]:
        """Return the tokens `first` to `stop` of a document; the last has no gap."""
        start = int(self.tokens.bounds[document])
        part = slice(start + first, start + stop)
        starts, stops = self.tokens.starts[part].tolist(), self.tokens.stops[part].tolist()
        text = self.texts[document]
        gaps = [text[a:b] for a, b in zip(stops[:-1], starts[1:], strict=True)]
        words = [text[a:b] for a, b in zip(starts, stops, strict=True)]
        hashes = self.tokens.hashes[part].tolist()
        return [Unit(*unit) for unit in zip(words, hashes, [*gaps, ""][: len(words)], strict=True)]

    def draw(self, like: Unit, rng: np.random.Generator) -> Unit:
        """Return another token than `like`, a word for a word and a character for a character, without a gap."""
        places = self._of_kind[like.is_character]
        for _ in range(ATTEMPTS):
            place = int(places[int(rng.integers(len(places)))])
            if int(self.tokens.hashes[place]) != like.hash:
                return self._unit(place)
        others = places[self.tokens.hashes[places] != np.uint64(like.hash)]
        # where a collection has but one word, that word twice is another
        return self._unit(int(others[0])) if len(others) else Unit(2 * like.text, ~like.hash & ~1 | like.hash & 1, "")

    def _unit(self, place: int) -> Unit:
        document = int(np.searchsorted(self.tokens.bounds, place, side="right")) - 1
        word = self.texts[document][int(self.tokens.starts[place]) : int(self.tokens.stops[place])]
        return Unit(word, int(self.tokens.hashes[place]), "")


def written(units: Sequence[Unit]) -> str:
    """Return units as one text; two words never run together, and nothing follows the last unit."""
    pieces: list[str] = []
    for unit, follower in pairwise(units):
        together = not unit.gap and not unit.is_character and not follower.is_character
        pieces += [unit.text, " " if together else unit.gap]
    return "".join([*pieces, units[-1].text]) if units else ""


def apply_edits(
    units: Sequence[Unit],
    n_replaced: int,
    n_dropped: int,
    n_inserted: int,
    vocabulary: Vocabulary,
    rng: np.random.Generator,
) -> list[Unit]:
    """Return units with so many replaced, dropped and inserted at random places: none twice, no gap filled twice.

    Nothing is inserted before the first or after the last. At most all but one can be dropped.
    """
    touched = rng.permutation(len(units))[: n_replaced + n_dropped].tolist()
    replaced, dropped = set(touched[:n_replaced]), set(touched[n_replaced:])
    widened = set(rng.permutation(len(units) - 1)[:n_inserted].tolist())
    edited: list[Unit] = []
    for i, unit in enumerate(units):
        if i in replaced:
            edited.append(vocabulary.draw(unit, rng)._replace(gap=unit.gap))
        elif i not in dropped:
            edited.append(unit)
        if i in widened:
            new = vocabulary.draw(unit, rng)
            edited.append(new if new.is_character else new._replace(gap=" "))
    return edited


def _replaced(units: list[Unit], n: int, vocabulary: Vocabulary, rng: np.random.Generator) -> list[Unit]:
    return apply_edits(units, n, 0, 0, vocabulary, rng)


def _dropped(units: list[Unit], n: int, vocabulary: Vocabulary, rng: np.random.Generator) -> list[Unit]:
    return apply_edits(units, 0, n, 0, vocabulary, rng)


def _inserted(units: list[Unit], n: int, vocabulary: Vocabulary, rng: np.random.Generator) -> list[Unit]:
    return apply_edits(units, 0, 0, n, vocabulary, rng)


def _mixed(units: list[Unit], n: int, vocabulary: Vocabulary, rng: np.random.Generator) -> list[Unit]:
    """A third each; of a rest, first one more is replaced, then one more dropped."""
    return apply_edits(units, (n + 2) // 3, (n + 1) // 3, n // 3, vocabulary, rng)


def _shuffled(units: list[Unit], n: int, _: Vocabulary, rng: np.random.Generator) -> list[Unit]:
    """`n` words (one more, if odd) change places with a neighbour."""
    moved = list(units)
    free = np.ones(len(units), bool)
    n_swaps = (n + 1) // 2
    for i in rng.permutation(len(units) - 1).tolist():
        if n_swaps and free[i] and free[i + 1]:
            free[i : i + 2] = False
            moved[i], moved[i + 1] = units[i + 1]._replace(gap=units[i].gap), units[i]._replace(gap=units[i + 1].gap)
            n_swaps -= 1
    return moved


def _misread(units: list[Unit], n: int, vocabulary: Vocabulary, rng: np.random.Generator) -> list[Unit]:
    """`n` words have one character misread as a look-alike (or as one of another word), lost, or doubled by a space."""
    noisy = list(units)
    for i in rng.permutation(len(units))[:n].tolist():
        unit = units[i]
        if unit.is_character:
            noisy[i] = vocabulary.draw(unit, rng)._replace(gap=unit.gap)
            continue
        at = int(rng.integers(len(unit.text)))
        other = vocabulary.draw(unit, rng).text
        misread = LOOK_ALIKES.get(unit.text[at], other[int(rng.integers(len(other)))])
        kind = int(rng.integers(10))
        new = misread if kind < 8 else "" if kind == 8 and len(unit.text) > 1 else unit.text[at] + " "
        noisy[i] = unit._replace(text=unit.text[:at] + new + unit.text[at + 1 :])
    return noisy


def _garbled(units: list[Unit], n: int, vocabulary: Vocabulary, rng: np.random.Generator) -> list[Unit]:
    """As many characters as `n` is of the words are misread: look-alikes, lost and stray ones."""
    lengths = [len(unit.text) for unit in units]
    ends = np.cumsum(lengths)
    noisy = [list(unit.text) for unit in units]
    n_wrong = round(n / len(units) * int(ends[-1])) if units else 0
    for place in rng.permutation(sum(lengths))[:n_wrong].tolist():
        i = int(np.searchsorted(ends, place, side="right"))
        at = place - int(ends[i]) + lengths[i]
        character = units[i].text[at]
        other = vocabulary.draw(units[i], rng).text
        new = other[int(rng.integers(len(other)))]
        kind = int(rng.integers(10))
        wrong = LOOK_ALIKES.get(character, new) if kind < 4 else new
        noisy[i][at] = wrong if kind < 6 else "" if kind < 8 else character + new
    return [unit._replace(text="".join(characters)) for unit, characters in zip(units, noisy, strict=True)]


def _verbatim(units: list[Unit], _: int, __: Vocabulary, ___: np.random.Generator) -> list[Unit]:
    return units


def _reordered(units: list[Unit], _: int, __: Vocabulary, rng: np.random.Generator) -> list[Unit]:
    """The sentences (clauses, or thirds, where there are fewer than two) stand in another order."""
    cuts: list[int] = []
    for end in (SENTENCE_END, CLAUSE_END):
        cuts = [i + 1 for i, unit in enumerate(units[:-1]) if end.search(unit.gap)]
        if cuts:
            break
    cuts = cuts or sorted({len(units) // 3, 2 * len(units) // 3} - {0})
    pieces = [units[a:b] for a, b in pairwise([0, *cuts, len(units)])]
    order = rng.permutation(len(pieces)).tolist()
    if order == sorted(order):
        order = order[1:] + order[:1]
    ends = " " if not all(unit.is_character for unit in units) else ""
    return [unit for i in order for unit in [*pieces[i][:-1], pieces[i][-1]._replace(gap=pieces[i][-1].gap or ends)]]


def _rewrapped(units: list[Unit], _: int, __: Vocabulary, rng: np.random.Generator) -> list[Unit]:
    """Lines end elsewhere, some of them inside a word, with a hyphen."""
    width = int(rng.integers(LINE // 2, LINE))
    wrapped: list[Unit] = []
    column = int(rng.integers(width))
    for unit in units:
        text, gap = unit.text, regex.sub(r"\s+", " ", unit.gap)
        column += len(text) + len(gap)
        if column >= width:
            column = 0
            half = len(text) // 2
            if len(text) >= 6 and text.isalpha() and not unit.is_character and rng.integers(2):
                text = f"{text[:half]}-\n{text[half:]}"
            elif (unit.is_character or gap) and not HYPHEN_END.search(gap):
                gap = gap.rstrip(" ") + "\n"
        wrapped.append(Unit(text, unit.hash, gap))
    return wrapped


Edit = Callable[[list[Unit], int, Vocabulary, np.random.Generator], list[Unit]]

KINDS: dict[str, Edit] = {
    "verbatim": _verbatim,
    "rewrapped": _rewrapped,
    "replaced": _replaced,
    "dropped": _dropped,
    "inserted": _inserted,
    "mixed": _mixed,
    "misread": _misread,
    "garbled": _garbled,
    "shuffled": _shuffled,
    "reordered": _reordered,
}
WITHOUT_RATE = ("verbatim", "rewrapped", "reordered")  # no words are changed
OUTSIDE_PROMISE = {  # by unit of comparison
    "word": ("shuffled", "reordered", "garbled"),  # the promise speaks of words replaced, dropped, inserted
    "character": ("shuffled", "reordered"),
}


def edit_units(units: list[Unit], kind: str, n_edits: int, vocabulary: Vocabulary, rng: np.random.Generator) -> str:
    """Return the text of a passage after exactly `n_edits` edits of one kind (see `KINDS`)."""
    return written(KINDS[kind](units, n_edits, vocabulary, rng))
