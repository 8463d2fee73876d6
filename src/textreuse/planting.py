"""Reuse of which all is known: passages taken from some documents of a collection and planted into others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from textreuse.model import Document, Int64Array
from textreuse.rewording import Vocabulary, edit_units
from textreuse.tokenize import Tokenizer, tokenize

HALF_WORDS_PER_COPY = 400  # a document receives one copy per so much text, and one at least


class Sort(NamedTuple):
    """What sort of passage to plant: kind of edit, length in words, share of edited words."""

    kind: str
    words: int
    edit_rate: float


class Planted(NamedTuple):
    """Where a passage stands in its source and where its copy stands in the target, by offsets; `sort` is an index."""

    sort: int
    source: str
    source_start: int
    source_stop: int
    target: str
    target_start: int
    target_stop: int


class _Copy(NamedTuple):
    sort: int
    source: str
    source_start: int
    source_stop: int
    text: str


class Ground:
    """Documents to plant into, and those that passages are taken from: of `library`, or of the same collection.

    Lengths are in words; two characters of a spaceless script count as one.
    """

    def __init__(
        self, documents: Sequence[Document], library: Sequence[Document] | None, tokenizer: Tokenizer | None = None
    ) -> None:
        self.n_targets = len(documents)
        self.from_library = library is not None
        self.documents = [*documents, *(library or ())]
        texts = [document.text for document in self.documents]
        self.vocabulary = Vocabulary(texts, tokenize(texts, tokenizer=tokenizer))
        self._bounds = self.vocabulary.tokens.bounds
        weights = 2 - (self.vocabulary.tokens.hashes & np.uint64(1)).astype(np.int64)
        self._half_words: Int64Array = np.concatenate([np.zeros(1, np.int64), np.cumsum(weights)])
        self.sizes: Int64Array = np.diff(self._half_words[self._bounds])
        sources = range(self.n_targets if self.from_library else 0, len(texts))
        # of equal texts the first only: the search may hold the others against nothing but that one
        self.sources = np.array(sorted({texts[n]: n for n in reversed(sources)}.values()), np.int64)

    @property
    def longest(self) -> int:
        """The longest passage that can be planted, in words; 0 where there is nothing to plant it into."""
        if not len(self.sources) or self.n_targets < (1 if self.from_library else 2):
            return 0
        return int(self.sizes[self.sources].max()) // 2

    def plant(
        self, waiting: Sequence[int], sorts: Sequence[Sort], rng: np.random.Generator
    ) -> tuple[list[Document], list[Planted], list[int]]:
        """Return the documents with passages planted, where these stand, and what found no room.

        `waiting` numbers sorts, one per passage; at least the first finds room, if no sort is longer than `longest`. A
        document gives or receives, never both.
        """
        givers, receivers = self._roles(sorts[waiting[0]].words, rng)
        room = np.repeat(receivers, np.maximum(1, self.sizes[receivers] // HALF_WORDS_PER_COPY))
        free = iter(rng.permutation(room).tolist())
        able = {words: givers[self.sizes[givers] >= 2 * words] for words in {sort.words for sort in sorts}}
        copies: dict[int, list[_Copy]] = defaultdict(list)
        left: list[int] = []
        for number in waiting:
            sort = sorts[number]
            target = next(free, None) if len(able[sort.words]) else None
            if target is None:
                left.append(number)
                continue
            source = int(able[sort.words][int(rng.integers(len(able[sort.words])))])
            copies[target].append(self._copy(number, sort, source, rng))
        documents = self.documents[: self.n_targets]
        planted: list[Planted] = []
        for target, of_target in sorted(copies.items()):
            documents[target], places = self._inserted(target, of_target, rng)
            planted += places
        return documents, planted, left

    def _roles(self, words: int, rng: np.random.Generator) -> tuple[Int64Array, Int64Array]:
        """Return which documents give, one of them at least `words` words, and which receive."""
        receivers = np.arange(self.n_targets)
        if self.from_library:
            return self.sources, receivers
        able = self.sources[self.sizes[self.sources] >= 2 * words]
        one = able[int(rng.integers(len(able)))]
        others = rng.permutation(receivers[receivers != one])
        half = (len(others) + 1) // 2
        return np.intersect1d([one, *others[half:]], self.sources), np.sort(others[:half])

    def _copy(self, number: int, sort: Sort, source: int, rng: np.random.Generator) -> _Copy:
        """Return a random passage of the source, `sort.words` words long (half a word more at most), and its copy."""
        start, stop = int(self._bounds[source]), int(self._bounds[source + 1])
        last = int(np.searchsorted(self._half_words, self._half_words[stop] - 2 * sort.words, side="right"))
        first = int(rng.integers(start, max(start + 1, last)))
        end = int(np.searchsorted(self._half_words, self._half_words[first] + 2 * sort.words))
        units = self.vocabulary.units(source, first - start, end - start)
        text = edit_units(units, sort.kind, round(sort.edit_rate * len(units)), self.vocabulary, rng)
        tokens = self.vocabulary.tokens
        return _Copy(number, self.documents[source].id, int(tokens.starts[first]), int(tokens.stops[end - 1]), text)

    def _inserted(
        self, target: int, copies: Iterable[_Copy], rng: np.random.Generator
    ) -> tuple[Document, list[Planted]]:
        """Return the target with copies inserted before random words of it (or at its end), each before another."""
        document = self.documents[target]
        starts = self.vocabulary.tokens.starts[int(self._bounds[target]) : int(self._bounds[target + 1])].tolist()
        places = [*starts, len(document.text)]
        order = list(copies)
        chosen = sorted(places[i] for i in rng.permutation(len(places))[: len(order)].tolist())
        pieces: list[str] = []
        planted: list[Planted] = []
        done, written = 0, 0
        for place, copy in zip(chosen, order, strict=True):
            before = document.text[done:place]
            lead = before if not before or before[-1].isspace() else before + " "
            at = written + len(lead)
            planted.append(Planted(*copy[:4], document.id, at, at + len(copy.text)))
            pieces += [lead, copy.text, " "]
            done, written = place, at + len(copy.text) + 1
        pieces.append(document.text[done:])
        return replace(document, text="".join(pieces)), planted
