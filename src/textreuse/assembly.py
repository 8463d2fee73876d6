"""From the arrays of a search to what the user gets: matches, families, skipped documents."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from textreuse import passages, significance
from textreuse.families import Grouping
from textreuse.model import Extents, Int64Array, Skipped
from textreuse.result import Family, Match, Passage
from textreuse.search import Search

UNIT = 256  # scores are integers in 1/256 bit


def list_skipped(search: Search, found: Extents) -> list[Skipped]:
    """Return what was not read, has no words, or is too short for a match (and is in none beside a longer passage)."""
    documents, needed = search.collection.documents, search.half_words
    half_words = search.half_words_of_documents()
    short = half_words < needed
    short[: search.collection.n_excluded] = False
    short[found.a] = short[found.b] = False
    skipped = list(search.collection.skipped)
    for number in np.flatnonzero(short).tolist():
        words = float(half_words[number]) / 2
        if words == 0:
            reason = "no words: the text is empty or has nothing but separators"
        else:
            reason = (
                f"too short: {words:g} word{'s' * (words != 1)}, and a match has at least {needed[number] / 2:g} "
                f"(min_words={search.options.min_words})"
            )
        skipped.append(Skipped(documents[number].id, reason))
    return skipped


def list_matches(search: Search, found: Extents, family: Int64Array) -> Iterator[Match]:
    """Yield the matches in the order of `found`."""
    texts = search.collection.documents
    a_starts, a_stops = passages.offsets(search.tokens, found.a, found.a_start, found.a_stop)
    b_starts, b_stops = passages.offsets(search.tokens, found.b, found.b_start, found.b_stop)
    expected = significance.expected_by_chance(found.score, search.space).tolist()
    shorter = np.maximum(1, np.minimum(found.words_a, found.words_b))
    similarity = np.minimum(1.0, found.matched / shorter).tolist()
    words = (np.maximum(found.words_a, found.words_b) / 2).tolist()
    scores = (found.score / UNIT).tolist()
    for row, (a, b) in enumerate(zip(found.a.tolist(), found.b.tolist(), strict=True)):
        a_start, a_stop, b_start, b_stop = passages.widen_over_punctuation(
            texts[a].text, a_starts[row], a_stops[row], texts[b].text, b_starts[row], b_stops[row]
        )
        yield Match(
            a=make_passage(search, a, a_start, a_stop),
            b=make_passage(search, b, b_start, b_stop),
            similarity=similarity[row],
            score=scores[row],
            expected=expected[row],
            family=int(family[row]) + 1,
            words=words[row],
            tokenizer=search.options.tokenizer,
        )


def list_families(search: Search, grouping: Grouping) -> Iterator[Family]:
    """Yield the families, their members in order of document and place."""
    nodes = _with_copies(grouping.nodes, search.copies)
    starts, stops = passages.offsets(search.tokens, nodes[:, 0], nodes[:, 1], nodes[:, 2])
    members: dict[int, list[Passage]] = {}
    for document, family, start, stop in zip(nodes[:, 0].tolist(), nodes[:, 3].tolist(), starts, stops, strict=True):
        members.setdefault(family + 1, []).append(make_passage(search, document, start, stop))
    for number in sorted(members):
        yield Family(number, tuple(members[number]))


def make_passage(search: Search, document: int, start: int, stop: int) -> Passage:
    """Return a passage of a document, with its text if texts are kept."""
    of = search.collection.documents[document]
    text = of.text if search.options.keep_texts else None
    return Passage(of.id, start, stop, text, search.collection.is_library(document))


def _with_copies(nodes: Int64Array, copies: Int64Array) -> Int64Array:
    """Return the members of families, with those of each set-aside copy beside those of its original."""
    parts = [nodes]
    present = set(nodes[:, 0].tolist())
    for original, copy in copies.tolist():
        if copy not in present and original in present:
            same = nodes[nodes[:, 0] == original].copy()
            same[:, 0] = copy
            parts.append(same)
    everything = np.concatenate(parts)
    return everything[np.lexsort((everything[:, 2], everything[:, 1], everything[:, 0], everything[:, 3]))]
