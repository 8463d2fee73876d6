"""Cleaning documents inside, and signatures from documents. `extra_info` holds how many units one call handles."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks import prepared
from textreuse.model import Document
from textreuse.repeats import find_repeated_passages
from textreuse.scrubbing import LEVELS, scrub
from textreuse.signing import signatures
from textreuse.tokenize import tokenize

FOOTER = "All rights reserved. Subscribe to our newsletter for the best stories of the week."


@lru_cache
def pages() -> list[Document]:
    """Return documents, a sentence to a line, every fifth a copy of another, all with the same last paragraph."""
    texts = [text.replace(". ", ".\n") for text in prepared.texts()]
    texts = [texts[number - 1] if number % 5 == 4 else text for number, text in enumerate(texts)]
    return [Document(f"{number:06}", f"{text}\n\n{FOOTER}") for number, text in enumerate(texts)]


@pytest.mark.parametrize("level", list(LEVELS))
def test_scrub(benchmark: BenchmarkFixture, level: str) -> None:
    result = benchmark(scrub, pages(), level=level, threads=1)
    benchmark.extra_info |= {"unit": "word", "units": result.stats["words"]}
    assert len(result.removed) > 0


def test_find_repeated_passages(benchmark: BenchmarkFixture) -> None:
    tokens = tokenize([page.text for page in pages()])
    benchmark.extra_info |= {"unit": "token", "units": len(tokens)}
    found = benchmark(find_repeated_passages, tokens, np.arange(tokens.n_documents), 100)
    assert len(found) > 0


def test_signatures_of_documents(benchmark: BenchmarkFixture) -> None:
    found = benchmark(signatures, pages(), threads=1)
    benchmark.extra_info |= {"unit": "shingle", "units": int(found.sizes.sum())}
    assert len(found) == len(pages())
