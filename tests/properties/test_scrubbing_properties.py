from __future__ import annotations

import re
from itertools import groupby, pairwise

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from tests import naive_repeats
from tests.naive_repeats import END

from textreuse.model import Document
from textreuse.scrubbing import LEVELS, make_scrub_options, mark_units, scrub
from textreuse.tokenize import tokenize

# Few different words, and all that stands between words: line ends of each kind, hyphens, marks, quotation marks.
words = st.sampled_from(["a", "b", "Ab", "d'a", "漢", "字", "7"])
gaps = st.sampled_from(
    [" ", " ", " ", "\n", "\n", "\n\n", "\r\n", " \n\t\n ", "\u2029", "\x0b", "-\n", "-", ", ", ". ", " (", ") ", "!",
     "\n---\n", "\u0301 ", "’", "", "\u200b", "\u00ad"]
)  # fmt: skip
texts = st.builds(
    lambda start, pairs: start + "".join(word + gap for word, gap in pairs),
    st.sampled_from(["", " ", "\n  ", "("]),
    st.lists(st.tuples(words, gaps), max_size=16),
)
collections = st.lists(texts, max_size=4).map(
    lambda found: [Document(f"{number}", text) for number, text in enumerate(found)]
)
keeps = st.sampled_from(["first", "last", "longest", "earliest"])
levels = st.sampled_from(sorted(LEVELS))


def hashes(text: str) -> list[int]:
    found: list[int] = tokenize([text]).hashes.tolist()
    return found


def longest_run_of_blank_lines(text: str) -> int:
    lines = re.split(END, text)[1:-1]
    return max(
        (len(list(run)) for is_blank, run in groupby(lines, lambda line: not line.strip()) if is_blank), default=0
    )


@given(collections, levels, keeps, st.integers(1, 4))
@example([Document("0", "a b c-"), Document("1", "c-\na b\nb")], "line", "first", 2)
def test_what_is_removed_is_kept_elsewhere_and_the_rest_stays(
    documents: list[Document], level: str, keep: str, min_words: int
) -> None:
    result = scrub(documents, level=level, keep=keep, min_words=min_words)
    originals = {document.id: document.text for document in documents}
    removed: dict[str, list[tuple[int, int]]] = {id_: [] for id_ in originals}
    for span in result.removed:
        removed[span.id].append((span.start, span.stop))
    assert [(document.id, document.metadata) for document in result] == [(d.id, d.metadata) for d in documents]
    for span in result.removed:
        text, kept = (
            originals[span.id][span.start : span.stop],
            originals[span.kept_id][span.kept_start : span.kept_stop],
        )
        assert text == text.strip() != ""
        assert hashes(text) == hashes(kept)
        assert all(stop <= span.kept_start or span.kept_stop <= start for start, stop in removed[span.kept_id])
    for before, after in zip(documents, result, strict=True):
        spans = sorted(removed[before.id])
        assert all(one[1] <= other[0] for one, other in pairwise(spans))
        if not spans:
            assert after == before
        tokens = tokenize([before.text])
        words_left = [
            word
            for word, start, stop in zip(
                tokens.hashes.tolist(), tokens.starts.tolist(), tokens.stops.tolist(), strict=True
            )
            if not any(first <= start < last for first, last in spans)
        ]
        assert hashes(after.text) == words_left
        assert longest_run_of_blank_lines(after.text) <= longest_run_of_blank_lines(before.text)


@given(collections, levels, keeps, st.integers(1, 4))
def test_threads_do_not_matter(documents: list[Document], level: str, keep: str, min_words: int) -> None:
    one, other = (scrub(documents, level=level, keep=keep, min_words=min_words, threads=threads) for threads in (1, 3))
    assert (one.documents, one.removed) == (other.documents, other.removed)


@given(
    collections, levels, st.sampled_from(["longest", "earliest"]), st.integers(1, 4), st.randoms(use_true_random=False)
)
def test_order_of_documents_does_not_matter_unless_asked_for(
    documents: list[Document], level: str, keep: str, min_words: int, random: object
) -> None:
    shuffled = list(documents)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = (scrub(source, level=level, keep=keep, min_words=min_words) for source in (documents, shuffled))
    assert one.removed == other.removed
    assert sorted(one, key=lambda document: document.id) == sorted(other, key=lambda document: document.id)


@given(collections, st.booleans())
@example([Document("0", "a\n \n-\n\n- b --\n\n*\n\n\nb")], True)
@example([Document("0", "--\n\n -\r\n*a\t\n* b\u2028 -"), Document("1", " a\n\n-")], False)
def test_units_stand_where_the_slow_twin_says(documents: list[Document], paragraphs: bool) -> None:
    texts = [document.text for document in documents]
    tokens = tokenize(texts)
    options = make_scrub_options("paragraph" if paragraphs else "line", 1, "first", None, 1)
    starts, stops = mark_units(texts, tokens, options)
    token_starts, token_stops = tokens.starts.tolist(), tokens.stops.tolist()
    for text, (first, last) in zip(texts, pairwise(tokens.bounds.tolist()), strict=True):
        edges = [*token_starts[first:last], len(text)]
        befores = [0, *token_stops[first:last]]
        units = [
            place
            for place in range(last - first)
            if place == 0 or naive_repeats.unit_span(text, befores[place], edges[place], 0, 0, paragraphs=paragraphs)[0]
        ]
        assert np.flatnonzero(stops[first:last]).tolist() == units
        for place, next_place in pairwise([*units, last - first]):
            room = befores[place], edges[place], befores[next_place], edges[next_place]
            _, span = naive_repeats.unit_span(text, *room, paragraphs=paragraphs)
            assert (starts[first + place], stops[first + place]) == span
