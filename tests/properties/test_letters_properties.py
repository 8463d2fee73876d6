"""Letters as tokens, against a slow twin."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from tests.naive_misread import letters

from textreuse.options import Letters
from textreuse.tokenize import tokenize

LETTERS = Letters.LETTERS
texts = st.lists(
    st.text(st.sampled_from("aAé e\u0301ßﬁ漢字กิ-'\n\u00ad한ﷺ1²\ud800😀"), max_size=20) | st.text(max_size=8), max_size=4
)


@given(texts)
def test_letters_are_what_each_code_point_folds_to(collection: list[str]) -> None:
    tokens = tokenize(collection, tokenizer=LETTERS)
    expected = [letters(text) for text in collection]
    flat = [letter for of_text in expected for letter in of_text]
    assert tokens.bounds.tolist() == [sum(map(len, expected[:n])) for n in range(len(expected) + 1)]
    assert list(zip(tokens.starts.tolist(), tokens.stops.tolist(), strict=True)) == [letter[2:] for letter in flat]
    assert [bool(h & 1) for h in tokens.hashes.tolist()] == [letter[1] for letter in flat]
    # equal hashes for equal letters, and only for those
    assert (
        len(set(zip(tokens.hashes.tolist(), (letter[:2] for letter in flat), strict=True)))
        == len(set(tokens.hashes.tolist()))
        == len({letter[:2] for letter in flat})
    )


@given(texts, st.integers(1, 4))
def test_letters_do_not_depend_on_threads_or_on_the_other_texts(collection: list[str], threads: int) -> None:
    together = tokenize(collection, tokenizer=LETTERS, threads=threads)
    apart = [tokenize([text], tokenizer=LETTERS) for text in collection]
    assert together.hashes.tolist() == [h for tokens in apart for h in tokens.hashes.tolist()]


@given(st.text(st.characters(categories=["L"]), max_size=12))
def test_composed_and_decomposed_letters_are_the_same(text: str) -> None:
    composed, decomposed = (tokenize([unicodedata.normalize(form, text)], tokenizer=LETTERS) for form in ("NFC", "NFD"))
    assert composed.hashes.tolist() == decomposed.hashes.tolist()


def test_a_text_that_folds_to_many_letters_has_room() -> None:
    assert len(tokenize(["ﷺ" * 1000], tokenizer=LETTERS)) == 1000 * len(letters("ﷺ"))
