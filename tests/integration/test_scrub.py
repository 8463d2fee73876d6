"""What scrub removes from real collections, checked by other means than its own."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from hashlib import blake2b
from pathlib import Path

import numpy as np
import pytest

from textreuse.model import Document
from textreuse.scrub_result import ScrubResult
from textreuse.scrubbing import scrub
from textreuse.tokenize import tokenize

WORDS = 30


@pytest.fixture(scope="module", params=["reuters21578", "20newsgroups"])
def documents(request: pytest.FixtureRequest, shared_data: Path) -> list[Document]:
    """A fifth of a collection, every fifth document."""
    with gzip.open(shared_data / f"{request.param}.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file][::5]
    return [Document(row["id"], row["text"]) for row in rows]


def check(result: ScrubResult, documents: list[Document]) -> None:
    """Check that what was removed is equal to what is kept, and that the rest is there word by word."""
    texts = {document.id: document.text for document in documents}
    removed: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for span in result.removed:
        removed[span.id].append((span.start, span.stop))
    stretches = [texts[span.id][span.start : span.stop] for span in result.removed]
    kept = [texts[span.kept_id][span.kept_start : span.kept_stop] for span in result.removed]
    for one, other in zip(*(tokenize(both, threads=2).hashes for both in (stretches, kept)), strict=True):
        assert one == other
    for span in result.removed:
        assert all(stop <= span.kept_start or span.kept_stop <= start for start, stop in removed[span.kept_id])
    before, after = tokenize([document.text for document in documents]), tokenize([d.text for d in result])
    for number, document in enumerate(documents):
        first, last = int(before.bounds[number]), int(before.bounds[number + 1])
        starts = before.starts[first:last]
        left = np.ones(last - first, bool)
        for start, stop in removed[document.id]:
            left &= (starts < start) | (starts >= stop)
        expected = before.hashes[first:last][left]
        assert np.array_equal(after.hashes[after.bounds[number] : after.bounds[number + 1]], expected)


@pytest.mark.parametrize("keep", ["first", "last", "longest"])
@pytest.mark.parametrize("level", ["line", "paragraph", "passage"])
def test_only_what_is_kept_elsewhere_is_removed(documents: list[Document], level: str, keep: str) -> None:
    result = scrub(documents, level=level, keep=keep)
    assert len(result.removed) > 10
    check(result, documents)


def test_no_passage_is_left_that_stands_twice(documents: list[Document]) -> None:
    result = scrub(documents, level="passage", min_words=WORDS)
    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for span in result.removed:
        spans[span.id].append((span.start, span.stop))
    tokens = tokenize([document.text for document in documents])
    seen: dict[bytes, int] = {}
    for number, document in enumerate(documents):
        first, last = int(tokens.bounds[number]), int(tokens.bounds[number + 1])
        starts = tokens.starts[first:last]
        gone = np.zeros(last - first + 1, np.int64)
        for start, stop in spans[document.id]:
            gone[1:] += (starts >= start) & (starts < stop)
        n_gone = np.cumsum(gone)
        data = tokens.hashes[first:last].tobytes()
        for place in range(last - first - WORDS + 1):
            if n_gone[place + WORDS] == n_gone[place]:  # nothing of this window was removed
                digest = blake2b(data[8 * place : 8 * (place + WORDS)], digest_size=16).digest()
                # windows that overlap may be equal: neither could go whole
                assert first + place - seen.setdefault(digest, first + place) < WORDS
