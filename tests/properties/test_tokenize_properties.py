"""Laws of tokenizing that hold for any text."""

from __future__ import annotations

import importlib
import unicodedata

import numpy as np
import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st
from tests import naive_tokenize as naive

from textreuse._unicode import load_table
from textreuse.model import Tokens
from textreuse.tokenize import tokenize

step = importlib.import_module("textreuse.tokenize")  # the module, whatever the package calls by this name

# Few characters of every kind, so that the rare neighbours meet: joiners and line ends, marks of several combining
# classes, what decomposes or folds to several, what vanishes.
TRICKY = (
    "aaZ10'-\u2019\u2010\u00ad \t\n\r\x85\u2028\u00a0.\u00b7\u0301\u0345\u20dd\u093c\u094d\u093f\u3099\u0f71\u0f72"
    "\u0327\u0f73\u0f77\u0344\u200d\u200b\ufeff\u0640\u064e日カガｶﾞー゛กำ่ཀབঙো½①²㋀㎡㍿ŀŉİıßæﬁøΣςᾳ각각ʼn\ud800\udc00👩א״🇩کﷺ"
)
any_text = st.text(st.characters(codec=None), max_size=40)
tricky_text = st.text(st.sampled_from(TRICKY), max_size=25)
ascii_text = st.text(st.one_of(st.sampled_from("ab1'-`\n\r\t Z."), st.characters(max_codepoint=127)), max_size=40)
texts = st.one_of(any_text, tricky_text, ascii_text)


def rows(tokens: Tokens) -> list[naive.Token]:
    """The tokens one by one."""
    columns = tokens.hashes.tolist(), tokens.starts.tolist(), tokens.stops.tolist()
    return [naive.Token(*row) for row in zip(*columns, strict=True)]


def same(a: Tokens, b: Tokens) -> bool:
    return rows(a) == rows(b) and a.bounds.tolist() == b.bounds.tolist()


def hashes(text: str) -> list[int]:
    """Token hashes of one text."""
    return list(map(int, tokenize([text]).hashes))


@given(texts)
@example("exam-\r\n ple")
@example("a" * 9 + "-\n" + "b" * 9 + "-\nc")
@example("a\u00ad\n\u00ad\tb")
def test_tokens_are_those_of_the_naive_twin(text: str) -> None:
    assert rows(tokenize([text])) == naive.tokens(text)


@given(st.lists(st.sampled_from("क\u093c\u094d\u3099\u0f71\u0f72\u0f73\u0301\u200dか"), max_size=12).map("".join))
def test_marks_in_any_order_hash_as_in_the_naive_twin(text: str) -> None:
    assert rows(tokenize([text])) == naive.tokens(text)


# Kernels take 64 bytes at a time, so longer texts, too, in which nearly every byte matters.
crossing = st.text("ab1'-\n ", min_size=50, max_size=150)


@given(st.lists(ascii_text | crossing, min_size=1, max_size=4))
def test_ascii_kernel_agrees_with_general_kernel(texts: list[str]) -> None:
    assert same(step.ascii_tokens(texts), step.general_tokens(texts))


@given(texts)
@example("क\u094d\u093c")
@example("か\u0301\u3099")
@example("\u0f40\u0f72\u0f71")
@example("a\u05b0\u094d\u0327\u093c")
def test_canonically_equivalent_texts_hash_alike(text: str) -> None:
    assert hashes(unicodedata.normalize("NFC", text)) == hashes(unicodedata.normalize("NFD", text)) == hashes(text)


# Without ŉ: its capital is an apostrophe and N, and the apostrophe does not follow a hyphen within a word.
@given(st.text(st.characters(max_codepoint=0x24F, codec="utf-8", exclude_characters="ŉ"), max_size=30))
def test_upper_and_lower_case_of_latin_text_hash_alike(text: str) -> None:
    assert hashes(text.upper()) == hashes(text) == hashes(text.lower()) == hashes(text.casefold())


@given(texts, st.integers(0, 40), st.sampled_from("\u200b\u200c\u200d\ufeff\u2060\u00ad\u0640\ufe0f\u202e\u0301\u064e"))
def test_what_is_invisible_or_an_accent_changes_no_hash_wherever_it_stands(
    text: str, place: int, vanishing: str
) -> None:
    # A soft hyphen at the end of a line joins, and an inserted character may stand between halves of a surrogate pair
    # only in a str that holds lone surrogates, which separate anyway.
    if vanishing == "\u00ad" and regex.match(r"[\p{Zs}\p{Mn}\p{Me}\p{Cf}\t]*[\n\r\x85\u2028]", text[place:]):
        return
    assert hashes(text[:place] + vanishing + text[place:]) == hashes(text)


@given(texts)
def test_offsets_lie_in_the_text_in_order(text: str) -> None:
    tokens = tokenize([text])
    edges = np.column_stack([tokens.starts, tokens.stops]).astype(np.int64)
    assert (edges[:, 0] < edges[:, 1]).all()
    assert (edges[1:, 0] >= edges[:-1, 1]).all()
    assert len(edges) == 0 or edges[-1, 1] <= len(text)


@given(texts)
def test_each_token_by_itself_tokenizes_to_itself(text: str) -> None:
    tokens = tokenize([text])
    pieces = [text[start:stop] for start, stop in zip(tokens.starts, tokens.stops, strict=True)]
    alone = tokenize(pieces)
    assert alone.hashes.tolist() == tokens.hashes.tolist()
    assert alone.starts.tolist() == [0] * len(pieces)
    assert alone.stops.tolist() == [len(piece) for piece in pieces]


@given(st.lists(texts, max_size=8), st.integers(1, 60), st.integers(1, 3))
def test_tokens_depend_neither_on_threads_nor_on_batches(collection: list[str], chunk_size: int, threads: int) -> None:
    apart = [tokenize([text]) for text in collection]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(step, "CHUNK_SIZE", chunk_size)
        together = tokenize(collection, threads=threads)
    assert rows(together) == [row for tokens in apart for row in rows(tokens)]
    assert np.diff(together.bounds).tolist() == [len(tokens) for tokens in apart]


@given(texts)
def test_own_tokenizer_that_finds_the_same_spans_gives_the_same_tokens(text: str) -> None:
    built_in = tokenize([text])
    spans = list(zip(built_in.starts.tolist(), built_in.stops.tolist(), strict=True))
    assert same(tokenize([text], tokenizer=lambda _: spans), built_in)


@given(texts.filter(bool))
def test_any_span_hashes_as_the_naive_twin_folds_it(text: str) -> None:
    folded = [naive.character(ord(c)) for c in text]
    classes = [c.token_class for c in folded if c.token_class in (naive.WORD, naive.IDEOGRAPH)]
    expected = naive.hash_text(text, is_ideograph=classes == [naive.IDEOGRAPH])
    assert hashes_of_whole(text) == [expected]


def hashes_of_whole(text: str) -> list[int]:
    """Hash of the text as one token."""
    return list(map(int, tokenize([text], tokenizer=lambda text: [(0, len(text))]).hashes))


def test_table_is_loaded_once() -> None:
    assert load_table() is load_table()
