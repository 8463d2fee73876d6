from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from textreuse.model import Tokens
from textreuse.rewording import KINDS, WITHOUT_RATE, Unit, Vocabulary, apply_edits, edit_units, written
from textreuse.tokenize import tokenize

ENGLISH = (
    "The ferry, which was late again, left the northern pier at nine. Nobody on board had slept. It rained all day!"
)
CHINESE = "萬石君名奮其父趙人也。姓石氏趙亡徙居溫。高祖東擊項籍過河內時奮年十五為小吏。"
MIXED = "In 1998 東京 had 12 million people, 大阪 fewer than nine; Kyoto's temples 京都 had many visitors."
OTHER = ["Some other words stand here, taller than trees, and none of them is repeated.", "別有他字于此"]
DASHES = (
    "Between - and that - 'quoted' words, pre- and postfixes stand  apart - as they did\n - before. Then - or - on. "
)
TEXTS = [ENGLISH, CHINESE, MIXED, DASHES]


def vocabulary_of(text: str) -> Vocabulary:
    texts = [text, *OTHER]
    return Vocabulary(texts, tokenize(texts))


def units_of(vocabulary: Vocabulary) -> list[Unit]:
    return vocabulary.units(0, 0, int(vocabulary.tokens.bounds[1]))


def hashes(text: str) -> list[int]:
    return [int(token) for token in tokenize([text]).hashes]


def generator(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


def difference(before: list[int], after: list[int]) -> tuple[int, int]:
    """Return how many tokens are gone and how many are new."""
    return (Counter(before) - Counter(after)).total(), (Counter(after) - Counter(before)).total()


@pytest.mark.parametrize("text", TEXTS)
def test_units_are_the_tokens_and_what_stands_between_them(text: str) -> None:
    units = units_of(vocabulary_of(text))
    assert [unit.hash for unit in units] == hashes(text)
    assert written(units) == text.rstrip(".。! ")


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("seed", range(5))
def test_edits_are_as_many_as_asked(text: str, seed: int) -> None:
    vocabulary = vocabulary_of(text)
    units = units_of(vocabulary)
    before = hashes(text)
    for replaced, dropped, inserted in [(4, 0, 0), (0, 4, 0), (0, 0, 4), (3, 2, 1)]:
        edited = apply_edits(units, replaced, dropped, inserted, vocabulary, generator(seed))
        after = hashes(written(edited))
        assert after == [unit.hash for unit in edited]  # words do not run together
        assert len(after) == len(before) - dropped + inserted
        gone, new = difference(before, after)
        assert gone <= replaced + dropped
        assert new <= replaced + inserted
        assert gone - new == dropped - inserted


@pytest.mark.parametrize("text", TEXTS)
def test_a_word_is_replaced_by_another_word_and_a_character_by_another_character(text: str) -> None:
    vocabulary = vocabulary_of(text)
    units = units_of(vocabulary)
    edited = apply_edits(units, len(units), 0, 0, vocabulary, generator(1))
    assert all(old.hash != new.hash for old, new in zip(units, edited, strict=True))
    assert [old.is_character for old in units] == [new.is_character for new in edited]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("kind", ["verbatim", "rewrapped"])
def test_wrapping_changes_no_token(text: str, kind: str) -> None:
    vocabulary = vocabulary_of(text)
    for seed in range(20):
        copy = edit_units(units_of(vocabulary), kind, 0, vocabulary, generator(seed))
        assert hashes(copy) == hashes(text)


def test_wrapping_ends_lines_and_hyphenates() -> None:
    vocabulary = vocabulary_of(5 * ENGLISH)
    copies = [edit_units(units_of(vocabulary), "rewrapped", 0, vocabulary, generator(seed)) for seed in range(5)]
    assert all("\n" in copy for copy in copies)
    assert any("-\n" in copy for copy in copies)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("kind", ["shuffled", "reordered"])
def test_another_order_keeps_every_token(text: str, kind: str) -> None:
    vocabulary = vocabulary_of(text)
    for seed in range(5):
        after = hashes(edit_units(units_of(vocabulary), kind, 4, vocabulary, generator(seed)))
        assert after != hashes(text)
        assert Counter(after) == Counter(hashes(text))


def test_shuffling_moves_as_many_words_as_asked() -> None:
    vocabulary = vocabulary_of(ENGLISH)
    after = hashes(edit_units(units_of(vocabulary), "shuffled", 4, vocabulary, generator(1)))
    assert sum(old != new for old, new in zip(hashes(ENGLISH), after, strict=True)) == 4


def test_reordering_moves_whole_sentences() -> None:
    vocabulary = vocabulary_of(ENGLISH)
    copy = edit_units(units_of(vocabulary), "reordered", 0, vocabulary, generator(1))
    for sentence in ("The ferry, which was late again, left the northern pier at nine", "Nobody on board had slept"):
        assert sentence in copy


def test_text_without_sentences_or_clauses_is_reordered_in_thirds() -> None:
    vocabulary = vocabulary_of("one two three four five six")
    copies = {edit_units(units_of(vocabulary), "reordered", 0, vocabulary, generator(seed)) for seed in range(20)}
    assert "five six one two three four" in copies
    assert "one two three four five six" not in copies


def test_misreading_damages_one_character_of_so_many_words() -> None:
    vocabulary = vocabulary_of(ENGLISH)
    units = units_of(vocabulary)
    for seed in range(20):
        noisy = KINDS["misread"](units, 5, vocabulary, generator(seed))
        damaged = [(old.text, new.text) for old, new in zip(units, noisy, strict=True) if old != new]
        assert len(damaged) <= 5
        assert all(abs(len(old) - len(new)) <= 1 for old, new in damaged)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_edits_alike(kind: str) -> None:
    vocabulary = vocabulary_of(MIXED)
    copies = {edit_units(units_of(vocabulary), kind, 3, vocabulary, generator(7)) for _ in range(3)}
    assert len(copies) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_single_word_survives_every_kind_of_edit(kind: str) -> None:
    vocabulary = vocabulary_of("alone")
    assert isinstance(edit_units(units_of(vocabulary), kind, 0, vocabulary, generator(1)), str)


def test_where_there_is_but_one_word_another_is_made_of_it() -> None:
    vocabulary = Vocabulary(["same same same"], tokenize(["same same same"]))
    edited = apply_edits(vocabulary.units(0, 0, 3), 1, 0, 0, vocabulary, generator(1))
    assert sorted(unit.text for unit in edited) == ["same", "same", "samesame"]


def test_no_units_are_no_text() -> None:
    empty = Tokens(np.empty(0, np.uint64), np.empty(0, np.uint32), np.empty(0, np.uint32), np.zeros(2, np.int64))
    assert written(Vocabulary([""], empty).units(0, 0, 0)) == ""


def test_kinds_without_a_rate_are_kinds() -> None:
    assert set(WITHOUT_RATE) <= set(KINDS)
