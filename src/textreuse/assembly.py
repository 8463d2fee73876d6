"""From the arrays of a search to what the user gets: matches, families, skipped documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from textreuse import boilerplate, passages, significance
from textreuse.dates import read_date
from textreuse.deferred import Deferred
from textreuse.families import Grouping, group_matches, number_families
from textreuse.model import Extents, Int64Array, Skipped
from textreuse.result import Family, Match, Passage
from textreuse.search import Search

T = TypeVar("T")

UNIT = 256  # scores are integers in 1/256 bit


def list_skipped(search: Search, found: Extents) -> list[Skipped]:
    """Return what was not read, has no words, or is too short for a match (and is in none beside a longer passage)."""
    documents, needed = search.collection.documents, search.least_weight
    weight, word = search.weight_of_documents(), search.options.weights.word
    short = weight < needed
    short[: search.collection.n_excluded] = False
    short[found.a] = short[found.b] = False
    skipped = list(search.collection.skipped)
    for number in np.flatnonzero(short).tolist():
        words = float(weight[number]) / word
        if words == 0:
            reason = "no words: the text is empty or has nothing but separators"
        else:
            reason = (
                f"too short: {words:g} word{'s' * (words != 1)}, and a match has at least {needed[number] / word:g} "
                f"(min_words={search.options.min_words})"
            )
        skipped.append(Skipped(documents[number].id, reason))
    return skipped


class Sorted(NamedTuple):
    """Matches, best first, with the families of all, and by match and by family whether they are boilerplate."""

    found: Extents
    grouping: Grouping
    is_boilerplate: npt.NDArray[np.bool_]
    boilerplate_families: npt.NDArray[np.bool_]


def sort_matches(search: Search, found: Extents, formulaic: npt.NDArray[np.bool_]) -> Sorted:
    """Return the matches best first, in families; those of boilerplate are grouped by themselves and numbered last.

    Boilerplate therefore holds no two families together. `formulaic` says by token what belongs to widespread text.
    """
    found = found.take(np.lexsort((found.b_start, found.a_start, found.b, found.a, -found.score)))
    tokens, sides, weights = search.tokens, search.collection.sides, search.token_weights
    apart = boilerplate.mask_frequent(found, formulaic, tokens, weights, search.least_weight)
    # one after the other: what another thread sorts cannot be interrupted
    main, aside = (group_matches(found.take(mask), tokens.n_documents) for mask in (~apart, apart))
    uniform = boilerplate.find_uniform(found.take(~apart), main, tokens, sides, search.options.weights)
    family = np.empty(len(found), np.int64)
    family[~apart] = main.family
    family[apart] = len(uniform) + aside.family
    flags = np.concatenate([uniform, np.ones(int(aside.family.max(initial=-1)) + 1, bool)])
    nodes = np.concatenate([main.nodes, aside.nodes + np.array([0, 0, 0, len(uniform)])])
    is_boilerplate = flags[family]
    last = np.argsort(is_boilerplate, kind="stable")
    numbers = number_families(family[last])
    nodes[:, 3] = numbers[nodes[:, 3]]
    nodes = nodes[np.lexsort((nodes[:, 2], nodes[:, 1], nodes[:, 0], nodes[:, 3]))]
    flags[numbers] = flags.copy()
    return Sorted(found, Grouping(numbers[family], nodes), is_boilerplate, flags)


class Listing:
    """Matches and families of a search, made when they are looked at; at once where the texts are not to be kept."""

    def __init__(self, search: Search, ordered: Sorted) -> None:
        self._search = search
        self._ordered = ordered
        documents = search.collection.documents
        self._dates = Deferred(len(documents), lambda: (read_date(document.metadata) for document in documents))

    @cached_property
    def _nodes(self) -> Int64Array:
        return _with_copies(self._ordered.grouping.nodes, self._search.copies)

    def matches(self, rows: Int64Array) -> Sequence[Match]:
        """Return the matches of the rows given."""
        return self._later(len(rows), lambda: self._list_matches(rows))

    def families(self, flags: npt.NDArray[np.bool_], *, chosen: bool) -> Sequence[Family]:
        """Return the families of which `flags` (by family) are as `chosen`."""
        numbers = np.flatnonzero(flags == chosen)
        return self._later(len(numbers), lambda: self._list_families(numbers))

    def _later(self, n: int, make: Callable[[], Iterator[T]]) -> Sequence[T]:
        return Deferred(n, make) if self._search.options.keep_texts else tuple(make())

    def _list_matches(self, rows: Int64Array) -> Iterator[Match]:
        search = self._search
        found, family, is_boilerplate = (
            self._ordered.found.take(rows),
            (self._ordered.grouping.family[rows] + 1).tolist(),
            self._ordered.is_boilerplate[rows].tolist(),
        )
        texts = search.collection.documents
        a_starts, a_stops = passages.offsets(search.tokens, found.a, found.a_start, found.a_stop)
        b_starts, b_stops = passages.offsets(search.tokens, found.b, found.b_start, found.b_stop)
        expected = significance.expected_by_chance(found.score, search.space).tolist()
        shorter = np.maximum(1, np.minimum(found.words_a, found.words_b))
        similarity = np.minimum(1.0, found.matched / shorter).tolist()
        words = (np.maximum(found.words_a, found.words_b) / search.options.weights.word).tolist()
        scores = (found.score / UNIT).tolist()
        for row, (a, b) in enumerate(zip(found.a.tolist(), found.b.tolist(), strict=True)):
            a_start, a_stop, b_start, b_stop = passages.widen_over_punctuation(
                texts[a].text, a_starts[row], a_stops[row], texts[b].text, b_starts[row], b_stops[row]
            )
            yield Match(
                a=self._passage(a, a_start, a_stop),
                b=self._passage(b, b_start, b_stop),
                similarity=similarity[row],
                score=scores[row],
                expected=expected[row],
                family=family[row],
                words=words[row],
                boilerplate=is_boilerplate[row],
                tokenizer=search.options.tokens_from,
            )

    def _list_families(self, numbers: Int64Array) -> Iterator[Family]:
        """Yield the families of these numbers, their members in order of date, then of document and place."""
        search = self._search
        nodes = self._nodes[np.isin(self._nodes[:, 3], numbers)]
        starts, stops = passages.offsets(search.tokens, nodes[:, 0], nodes[:, 1], nodes[:, 2])
        members: dict[int, list[Passage]] = {}
        for document, family, start, stop in zip(
            nodes[:, 0].tolist(), nodes[:, 3].tolist(), starts, stops, strict=True
        ):
            members.setdefault(family, []).append(self._passage(document, start, stop))
        flags = self._ordered.boilerplate_families
        for number in sorted(members):
            in_order = sorted(members[number], key=lambda member: (member.date is None, member.date or ""))  # stable
            yield Family(number + 1, tuple(in_order), bool(flags[number]), search.options.tokenizer)

    def _passage(self, document: int, start: int, stop: int) -> Passage:
        """Return a passage of a document, with its text if texts are kept."""
        of = self._search.collection.documents[document]
        text = of.text if self._search.options.keep_texts else None
        is_library = self._search.collection.is_library(document)
        return Passage(of.id, start, stop, text, is_library, self._dates[document])


def _with_copies(nodes: Int64Array, copies: Int64Array) -> Int64Array:
    """Return the members of families, with those of each set-aside copy beside those of its original."""
    parts = [nodes]
    present = set(nodes[:, 0].tolist())
    of_original: dict[int, Int64Array] = {}
    for original, copy in copies.tolist():
        if copy not in present and original in present:
            if original not in of_original:
                of_original[original] = nodes[nodes[:, 0] == original]
            same = of_original[original].copy()
            same[:, 0] = copy
            parts.append(same)
    everything = np.concatenate(parts)
    return everything[np.lexsort((everything[:, 2], everything[:, 1], everything[:, 0], everything[:, 3]))]
