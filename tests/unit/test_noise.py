"""How much of a collection is misread."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.generate import documents

from textreuse.noise import NOISY, estimate_noise
from textreuse.rarity import number_tokens
from textreuse.tokenize import tokenize

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def estimate(texts: list[str]) -> float | None:
    tokens = tokenize(texts)
    return estimate_noise(tokens, number_tokens(tokens.hashes)[0], texts)


def clean_texts(n: int = 60) -> list[str]:
    return [document.text for document in documents(n, 3)]


def misread(text: str, share: float, rng: np.random.Generator) -> str:
    wrong = rng.random(len(text)) < share
    drawn = rng.integers(len(LETTERS), size=len(text))
    return "".join(
        LETTERS[n] if is_wrong and c.isalpha() else c
        for c, is_wrong, n in zip(text, wrong.tolist(), drawn.tolist(), strict=True)
    )


@pytest.mark.parametrize("share", [0.01, 0.03, 0.06, 0.1])
def test_the_estimate_is_near_the_share_of_letters_replaced(share: float) -> None:
    rng = np.random.default_rng(1)
    found = estimate([misread(text, share, rng) for text in clean_texts()])
    assert found is not None
    # one letter in 26 is replaced by itself, and two errors may give the same word twice
    assert 0.7 * share <= found <= 1.15 * share


def test_clean_text_does_not_look_misread() -> None:
    found = estimate(clean_texts())
    assert found is not None
    assert found < NOISY / 2


@pytest.mark.parametrize("texts", [[], [""], ["too short to tell"], ["漢字" * 4000]])
def test_where_nothing_tells_there_is_no_estimate(texts: list[str]) -> None:
    assert estimate(texts) is None
