"""From the arrays of a search to what the user gets: matches, families, skipped documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from textreuse import boilerplate, passages, significance
from textreuse.candidates import AnchorIndex
from textreuse.dates import read_date
from textreuse.families import Grouping, group_matches, number_families
from textreuse.model import Extents, Int64Array, Skipped
from textreuse.result import Family, Match, Passage
from textreuse.search import Search

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


def sort_matches(search: Search, index: AnchorIndex, found: Extents) -> Sorted:
    """Return the matches best first, in families; those of boilerplate are grouped by themselves and numbered last.

    Boilerplate therefore holds no two families together.
    """
    found = found.take(np.lexsort((found.b_start, found.a_start, found.b, found.a, -found.score)))
    tokens, sides, weights = search.tokens, search.collection.sides, search.token_weights
    marked = boilerplate.mark_frequent(index, found, tokens, sides, search.shingle_reach(), search.options.weights)
    apart = boilerplate.mask_frequent(found, marked, tokens, weights, search.least_weight)
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


def list_matches(search: Search, ordered: Sorted, rows: Int64Array, dates: Sequence[str | None]) -> Iterator[Match]:
    """Yield the matches of the rows given; `dates` are by document."""
    found, family, is_boilerplate = (
        ordered.found.take(rows),
        ordered.grouping.family[rows],
        ordered.is_boilerplate[rows],
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
            a=make_passage(search, a, a_start, a_stop, dates[a]),
            b=make_passage(search, b, b_start, b_stop, dates[b]),
            similarity=similarity[row],
            score=scores[row],
            expected=expected[row],
            family=int(family[row]) + 1,
            words=words[row],
            boilerplate=bool(is_boilerplate[row]),
            tokenizer=search.options.tokens_from,
        )


def list_families(search: Search, ordered: Sorted, dates: Sequence[str | None]) -> Iterator[Family]:
    """Yield the families, their members in order of date, then of document and place; `dates` are by document."""
    nodes = _with_copies(ordered.grouping.nodes, search.copies)
    starts, stops = passages.offsets(search.tokens, nodes[:, 0], nodes[:, 1], nodes[:, 2])
    members: dict[int, list[Passage]] = {}
    for document, family, start, stop in zip(nodes[:, 0].tolist(), nodes[:, 3].tolist(), starts, stops, strict=True):
        members.setdefault(family + 1, []).append(make_passage(search, document, start, stop, dates[document]))
    for number in sorted(members):
        in_order = sorted(members[number], key=lambda member: (member.date is None, member.date or ""))  # stable
        yield Family(number, tuple(in_order), bool(ordered.boilerplate_families[number - 1]), search.options.tokenizer)


def make_passage(search: Search, document: int, start: int, stop: int, date: str | None) -> Passage:
    """Return a passage of a document, with its text if texts are kept."""
    of = search.collection.documents[document]
    text = of.text if search.options.keep_texts else None
    return Passage(of.id, start, stop, text, search.collection.is_library(document), date)


def list_dates(search: Search) -> list[str | None]:
    """Return when each document is from."""
    return [read_date(document.metadata) for document in search.collection.documents]


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
