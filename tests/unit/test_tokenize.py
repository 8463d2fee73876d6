"""What is one token, what tokens hash alike, and where they stand in the original text."""

from __future__ import annotations

import gzip
import importlib
import importlib.util
import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests import naive_tokenize as naive

from textreuse._parallel import even_chunks, run_chunks
from textreuse._unicode import load_table
from textreuse._unicode.units import load_units, packed
from textreuse.errors import InputError, OptionsError
from textreuse.tokenize import half_words, tokenize

step = importlib.import_module("textreuse.tokenize")  # the module, whatever the package calls by this name
# Kernels as plain Python are some hundred times slower: then every 997th character and every 60th text must do.
WITHOUT_JIT = os.environ.get("NUMBA_DISABLE_JIT") == "1"
REPOSITORY = Path(__file__).resolve().parents[2]


def pieces(text: str) -> list[str]:
    """Tokens as they are written in the text."""
    tokens = tokenize([text])
    return [text[start:stop] for start, stop in zip(tokens.starts, tokens.stops, strict=True)]


def hashes(text: str) -> list[int]:
    return list(map(int, tokenize([text]).hashes))


def alike(*texts: str) -> bool:
    """Whether all texts give the same hashes, and some."""
    first = hashes(texts[0])
    return bool(first) and all(hashes(text) == first for text in texts[1:])


# --- what a token is --------------------------------------------------------------------------------------------------


def test_words_and_numbers_are_tokens_and_all_else_separates() -> None:
    assert pieces("Three  men, in 1889 (on a_b)!") == ["Three", "men", "in", "1889", "on", "a", "b"]


def test_texts_without_words_have_no_tokens() -> None:
    tokens = tokenize(["", "... -- \n", "\u00a8\u0301\u200d"])
    assert len(tokens) == 0
    assert tokens.bounds.tolist() == [0, 0, 0, 0]


def test_no_texts_give_no_tokens() -> None:
    assert tokenize([]).bounds.tolist() == [0]


def test_dtypes_are_those_that_the_model_promises() -> None:
    for texts in ([], ["a"], ["ä"], ["a", "ä"]):
        tokens = tokenize(texts)
        arrays = (tokens.hashes, tokens.starts, tokens.stops, tokens.bounds)
        assert [array.dtype for array in arrays] == [np.uint64, np.uint32, np.uint32, np.int64]


@pytest.mark.parametrize("mark", "'`\u2018\u2019\u02bc\uff07\u02b9")
def test_apostrophe_inside_a_word_stays_in_it_and_out_of_the_hash(mark: str) -> None:
    assert pieces(f"I don{mark}t") == ["I", f"don{mark}t"]
    assert alike(f"don{mark}t", "dont", "don't")


def test_quotes_around_words_separate() -> None:
    assert pieces("'tis the dogs' \u2018home\u2019 a''b") == ["tis", "the", "dogs", "home", "a", "b"]


def test_hyphen_joins_letters_but_neither_digits_nor_dashes() -> None:
    assert pieces("well-known 2016-02 Covid-19 a--b a - b -c d-") == (
        ["well-known", "2016", "02", "Covid", "19", "a", "b", "a", "b", "c", "d"]
    )
    assert alike("well-known", "well\u2010known", "well\u2011known", "wellknown", "Well-\nknown")


@pytest.mark.parametrize("hyphen", ["-", "\u2010", "\u00ad", "\u00ac", " \u00ad"[1:] * 2])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\u2028", "\x85", " \t\n", "\n   ", " \r\n\t "])
def test_word_split_at_a_line_end_is_one_token(hyphen: str, line_end: str) -> None:
    split = f"exam{hyphen}{line_end}ple"
    assert pieces(f"an {split} of") == ["an", split, "of"]
    assert alike(split, "example")


@pytest.mark.parametrize("gap", ["-\n\n", "- ", "-\n-", "- a", "-\u2029", "\n", "-\n'"])
def test_word_is_not_joined_over_a_gap_that_is_no_line_end(gap: str) -> None:
    assert len(pieces(f"exam{gap}ple")) >= 2


def test_numbers_are_not_joined_over_a_line_end() -> None:
    assert pieces("1914-\n1918 page-\n7 7-\npages") == ["1914", "1918", "page", "7", "7", "pages"]


def test_words_are_not_joined_over_the_end_of_a_document() -> None:
    assert tokenize(["exam-\n", "ple"]).bounds.tolist() == [0, 1, 2]
    assert tokenize(["exäm-\n", "ple"]).bounds.tolist() == [0, 1, 2]
    assert tokenize(["exäm", "plé"]).bounds.tolist() == [0, 1, 2]


def test_words_of_many_pieces_and_more_than_eight_letters_are_whole() -> None:
    assert alike("an-\nti-dis-es-\r\n tab-lish-ment-ari'an-ism", "antidisestablishmentarianism")
    assert alike("antidisestablishmentarianism", "\u200bantidisestablishmentarianism")  # the two kernels


@pytest.mark.parametrize(
    "text",
    [
        "漢字仮名",
        "ひらがな",
        "カタカナー",
        "ภาษา",
        "ພາສາ",
        "កខគ",
        "မြန်မာ"[:1] * 3,
        "ㄅㄆ",
        "𠀀𠀁",
        "〇々",
        "ꆈꌠ",
        "\ufa0e\uf900",
    ],
)
def test_each_character_of_a_spaceless_script_is_a_token(text: str) -> None:
    assert pieces(text) == list(text)
    assert half_words(tokenize([text]).hashes) == len(text)


def test_marks_stay_with_their_character_in_spaceless_scripts() -> None:
    assert pieces("น้ำกี่") == ["น้", "ำ", "กี่"]
    assert pieces("か\u3099ｶﾞ") == ["か\u3099", "ｶﾞ"]


def test_digits_of_spaceless_scripts_are_one_number() -> None:
    assert pieces("ปี๒๕๖๗") == ["ปี", "๒๕๖๗"]
    assert alike("๒๕๖๗", "2567", "٢٥٦٧", "２５６７")


def test_vowel_signs_of_indic_scripts_stay_in_the_word() -> None:
    for word in ["हिन्दी", "தமிழ்", "বাংলা", "తెలుగు", "മലയാളം", "සිංහල"]:
        assert pieces(f"{word} {word}") == [word, word]
    assert not alike("कि", "की")


def test_hangul_is_a_word_between_spaces() -> None:
    assert pieces("한국어 문장") == ["한국어", "문장"]


def test_half_words_count_words_twice_and_ideographs_once() -> None:
    assert half_words(tokenize(["two words 漢字仮"]).hashes) == 2 * 2 + 3


# --- what hashes alike ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "variants",
    [
        ("Été", "été", "ETE", "E\u0301te\u0301"),
        ("STRASSE", "straße", "STRAẞE", "Strasse"),
        ("ﬁnding ﬂaws oﬃce", "finding flaws office"),
        ("æsthetic œuvre Ĳssel", "AESTHETIC OEUVRE ijssel"),
        ("Søren Łódź Đurđa", "soren lodz durda"),
        ("Paſſion", "passion"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος", "Σισυφοσ"),
        ("İstanbul ISPARTA ılık", "istanbul ısparta ILIK"),
        ("ŉ", "ʼN", "n"),
        ("ＷＩＤＥ １２", "wide 12"),
        ("ｶﾞｷﾞﾊﾟ", "ガギパ", "カ\u3099キ\u3099ハ\u309a"),
        ("ёлка й", "елка и"),
        ("한글", unicodedata.normalize("NFD", "한글")),
        ("כָּתַב", "כתב"),
        ("ὁδός ᾳ", "οδος α"),
        ("coŀlecció", "col·lecció", "colleccio"),
        ("Kelvin \u212a \u2126 \u212b", "kelvin k ω å"),
        ("⼀\uf900", "一豈"),
        ("x²", "x2"),
    ],
)
def test_variants_of_writing_hash_alike(variants: tuple[str, ...]) -> None:
    assert alike(*variants)


@pytest.mark.parametrize(
    "vanishing", ["\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u0640", "\ufe0f", "\u202b"]
)
def test_what_is_invisible_vanishes_inside_and_outside_words(vanishing: str) -> None:
    text = f"{vanishing}in{vanishing}side{vanishing} out"
    assert pieces(text) == [f"in{vanishing}side", "out"]
    assert alike(text, "inside out")


def test_arabic_hashes_alike_with_and_without_points() -> None:
    assert pieces("كِتَابٌ جَدِيدٌ") == ["كِتَابٌ", "جَدِيدٌ"]
    assert alike("كِتَابٌ جَدِيدٌ", "كتاب جديد", "كتـــاب جديد", "ﻛﺘﺎﺏ جديد")


def test_marks_hash_alike_in_every_canonically_equivalent_order() -> None:
    assert alike("\u0f40\u0f71\u0f72", "\u0f40\u0f73", "\u0f40\u0f72\u0f71")
    assert alike("क\u093c\u094d", "क\u094d\u093c", "\u0958\u094d")
    assert not alike("क\u093e\u093f", "क\u093f\u093e")  # vowel signs have class 0: their order means something


def test_long_run_of_marks_costs_no_more_memory_and_is_ordered() -> None:
    assert alike("क" + "\u094d\u093c" * 5000, "क" + "\u093c" * 5000 + "\u094d" * 5000)


def test_different_words_hash_apart() -> None:
    words = [
        "a",
        "b",
        "ab",
        "ba",
        "aa",
        "a" * 8,
        "a" * 9,
        "a" * 16,
        "a" * 17,
        "ä" * 2 + "b",
        "я",
        "яя",
        "яяя",
        "1",
        "l",
        "½",
        "12",
    ]
    folded_alike = {"ä" * 2 + "b": "aab"}
    assert "aab" in folded_alike.values() and len({hashes(word)[0] for word in words}) == len(words)


def test_ideographs_are_marked_in_the_lowest_bit_and_words_are_not() -> None:
    assert [h & 1 for h in hashes("word 字 かな слово ๒")] == [0, 1, 1, 1, 0, 0]


def test_hash_is_the_same_on_every_machine_and_in_every_version() -> None:
    # Computed by the naive twin; signatures and indexes that people keep depend on them.
    assert [f"{h:016x}" for h in hashes("reuse textreuse слово 字")] == [
        "e9e027dc55af0852",
        "3f3d4d03cf640390",
        "3a7d52daf1cc72a6",
        "f4cef44d05d9cdcf",
    ]


# --- where tokens stand -----------------------------------------------------------------------------------------------


def test_offsets_count_code_points_of_the_original() -> None:
    text = "İİ ﬁn 𝔘𝔫𝔦 e\u0301te\u0301 end"
    tokens = tokenize([text])
    assert pieces(text) == ["İİ", "ﬁn", "𝔘𝔫𝔦", "e\u0301te\u0301", "end"]
    assert tokens.starts.tolist() == [0, 3, 6, 10, 16]


def test_marks_that_follow_belong_to_the_token_and_what_is_invisible_does_not() -> None:
    assert pieces("e\u0301\u200d, \u0301x\u200d\u0327\u00ad y") == ["e\u0301", "x\u200d\u0327", "y"]


def test_emoji_separate_whatever_joins_them() -> None:
    assert pieces("a👩\u200d👩\u200d👧b 👍🏽 ☀\ufe0f c🇩🇪d") == ["a", "b", "c", "d"]


def test_lone_surrogates_separate() -> None:
    assert pieces("a\ud800b\udc00\udfffc") == ["a", "b", "c"]
    assert tokenize(["ä\ud83d", "\ude00b"]).starts.tolist() == [0, 1]


def test_tokens_of_mixed_collections_come_in_the_order_of_the_texts() -> None:
    texts = ["plain one", "zwölf", "", "plain two", "три", "漢 x", "y"]
    tokens = tokenize(texts)
    assert tokens.n_documents == 7
    for index, text in enumerate(texts):
        start, stop = tokens.bounds[index : index + 2]
        assert tokens.hashes[start:stop].tolist() == hashes(text)
        assert tokens.starts[start:stop].tolist() == tokenize([text]).starts.tolist()


def test_chunks_hold_every_text_once_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(step, "CHUNK_SIZE", 5)
    chunks = list(step.text_chunks(["abc", "d", "", "efghijk", "l"]))
    assert chunks == [(0, ["abc", "d"]), (2, [""]), (3, ["efghijk"]), (4, ["l"])]


@pytest.mark.parametrize("letter", ["a", "я", "ß", "각", "が", "e\u0301", "aя", "人\u0e38\u0e48", "х'y", "\U0001e900"])
def test_words_of_any_length_are_whole_wherever_the_kernel_makes_a_break(letter: str) -> None:
    # Blocks are of eight bytes, words of more than 16 are hashed apart, and 1024 code points are folded together.
    lengths = [*range(1, 36), *range(126, 132), 500, *range(1020, 1026), 3000]
    for length in lengths[:: 6 if WITHOUT_JIT else 1]:
        text = f"é, {letter * length} -{letter}"
        tokens = tokenize([text])
        columns = tokens.hashes.tolist(), tokens.starts.tolist(), tokens.stops.tolist()
        assert list(zip(*columns, strict=True)) == naive.tokens(text), length


def test_code_points_of_longer_texts_than_numpy_takes_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("", "\0", "a\0", "é", "яs", "\ud800\udc00\U00010000\0\0"):
        expected = list(map(ord, text))
        assert step.utf_32(text).tolist() == expected
        with monkeypatch.context() as patch:
            patch.setattr(step, "LONGEST_IN_NUMPY", -1)
            assert step.utf_32(text).tolist() == expected


# --- one's own tokenizer ----------------------------------------------------------------------------------------------


def test_pattern_gives_the_tokens() -> None:
    tokens = tokenize(["a-b C", "Ähre"], tokenizer=r"[\p{L}-]+")
    assert tokens.starts.tolist() == [0, 4, 0]
    assert tokens.stops.tolist() == [3, 5, 4]
    assert tokens.hashes.tolist() == hashes("ab c ahre")


def test_callable_gives_the_tokens_and_they_fold_alike() -> None:
    tokens = tokenize(["漢字 NEW York"], tokenizer=lambda text: [(0, 2), (3, 11)])
    assert tokens.hashes[1] == hashes("newyork")[0]
    assert half_words(tokens.hashes) == 4  # a word of two characters is a word


def test_single_ideograph_of_own_tokenizer_is_the_same_token() -> None:
    assert tokenize(["漢"], tokenizer=".").hashes.tolist() == hashes("漢")


def test_span_without_letters_is_hashed_as_it_stands() -> None:
    dash, dots = tokenize(["- ..."], tokenizer=r"\S+").hashes
    assert dash != dots


@pytest.mark.parametrize(
    ("spans", "hint"),
    [
        ([(0, 0)], "non-empty"),
        ([(2, 1)], "0 <= start < stop"),
        ([(-1, 1)], "0 <= start < stop"),
        ([(1, 4)], "0 <= start < stop"),
        ([(1, 2), (0, 1)], "in order"),
        ([(0, 2), (1, 3)], "without overlap"),
        ([(0.0, 1.0)], "pair of integers"),
        ([("a", "b")], "pair of integers"),
        ([3], "pair of integers"),
        ([(0, 1, 2)], "pair of integers"),
    ],
)
def test_bad_span_is_reported_with_its_text_and_what_to_do(spans: list[Any], hint: str) -> None:
    with pytest.raises(OptionsError, match=r"for text 1, which has 3 characters") as caught:
        tokenize(["ok", "abc"], tokenizer=lambda text: spans if text == "abc" else [])
    assert hint in str(caught.value)
    assert repr(spans[-1]) in str(caught.value)


def test_bad_span_in_a_later_chunk_names_the_right_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(step, "CHUNK_SIZE", 1)
    with pytest.raises(OptionsError, match="text 2"):
        tokenize(["a", "b", "c"], tokenizer=lambda text: [(0, 2)] if text == "c" else [])


def test_tokenizer_that_is_no_pattern_or_callable_is_refused() -> None:
    with pytest.raises(OptionsError, match=r"no valid pattern"):
        tokenize(["a"], tokenizer="(")
    with pytest.raises(OptionsError, match="of type int"):
        tokenize(["a"], tokenizer=3)  # type: ignore[arg-type]
    with pytest.raises(OptionsError, match="empty"):
        tokenize(["a b"], tokenizer=r"\w*")


def test_texts_that_are_no_strings_are_refused() -> None:
    with pytest.raises(InputError, match="text 1 is of type bytes"):
        tokenize(["a", b"b"])  # type: ignore[list-item]
    with pytest.raises(InputError, match=r"Pass \[text\]"):
        tokenize("a text")


def test_text_too_long_for_32_bit_offsets_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(step, "LONGEST_TEXT", 3)
    with pytest.raises(InputError, match="text 1 has 4 characters"):
        tokenize(["abc", "abcd"])


# --- chunks and threads -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_results_come_in_the_order_of_chunks(threads: int) -> None:
    chunks = list(even_chunks(20, 3))
    assert chunks[-1] == (18, 20)
    assert list(run_chunks(lambda chunk: chunk[0], chunks, threads)) == [0, 3, 6, 9, 12, 15, 18]


@pytest.mark.parametrize("threads", [1, 2])
def test_first_exception_in_order_of_chunks_is_raised(threads: int) -> None:
    def fail_from(chunk: int) -> int:
        if chunk >= 2:
            raise ValueError(chunk)
        return chunk

    with pytest.raises(ValueError, match=r"^2$"):
        list(run_chunks(fail_from, range(9), threads))


def test_chunks_are_drawn_only_as_threads_become_free() -> None:
    remaining = iter(range(100))
    results = run_chunks(lambda chunk: chunk, remaining, threads=2)
    assert next(results) == 0
    assert next(remaining) == 4


# --- the table --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_shipped_table_is_what_the_script_generates() -> None:
    table = load_table()
    if table.unicode_version != unicodedata.unidata_version:
        pytest.skip(f"the table is of Unicode {table.unicode_version}, this Python has {unicodedata.unidata_version}")
    script = REPOSITORY / "scripts" / "make_unicode_table.py"
    spec = importlib.util.spec_from_file_location("make_unicode_table", script)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    built = module.build()
    for name in ("pages", "entries", "sequences"):
        assert np.array_equal(built[name], getattr(table, name)), name


def test_units_are_what_the_table_says() -> None:
    units, elements = load_units()
    for code_point in range(0, 0x110000, 997 if WITHOUT_JIT else 7):
        token_class, kind, folded = naive.character(code_point)
        unit = int(units[code_point])
        assert unit >> 8 & 7 == token_class
        if len(folded) == 1:
            (value,) = packed(np.array([ord(folded)], np.uint64)).tolist()
            assert unit >> 36 == value >> 36 and unit & 0x1001 == value & 0x1001
        elif unit >> 60:  # a sequence that is for the loop
            start, length = unit >> 36 & 0xFFFFF, unit >> 60
            values = packed(np.array(list(map(ord, folded)), np.uint64)) >> np.uint64(36)
            assert (elements[start : start + length] >> np.uint64(36)).tolist() == values.tolist()
        elif token_class != naive.HYPHEN:
            assert unit >> 36 == unit & 1 == 0
            assert unit >> 7 & 1 == (token_class == naive.SEPARATOR and kind > 0)  # may stand behind a hyphen


CONTEXTS = [
    "{}",
    "a{}b",
    "a{}-b",
    "a-{}b",
    "a'{}b",
    "日{}日",
    "か{}\u3099",
    "क{}\u093c\u0301b",
    "1{}1",
    "a-\n{}b",
    "a\u00ad\n{}",
]


@pytest.mark.parametrize("context", CONTEXTS)
def test_every_character_hashes_like_its_canonical_decomposition(context: str) -> None:
    characters = [c for c in map(chr, range(0x110000)) if unicodedata.normalize("NFD", c) != c]
    assert len(characters) > 13_000
    characters = characters[:: 997 if WITHOUT_JIT else 1]
    composed = tokenize([context.format(c) for c in characters])
    decomposed = tokenize([unicodedata.normalize("NFD", context.format(c)) for c in characters])
    assert np.array_equal(composed.hashes, decomposed.hashes)
    assert np.array_equal(composed.bounds, decomposed.bounds)


def test_every_character_hashes_alike_in_either_case_but_for_iota_subscript() -> None:
    characters = [f"x{chr(c)}y" for c in range(0x110000) if not 0xD800 <= c < 0xE000]
    without_iota = [c for c in characters if "\u0345" not in unicodedata.normalize("NFD", c)]
    assert len(characters) - len(without_iota) == 64
    without_iota = without_iota[:: 997 if WITHOUT_JIT else 1]
    for change in (str.upper, str.lower, str.title, str.casefold):
        changed = tokenize([change(c) for c in without_iota])
        assert np.array_equal(changed.hashes, tokenize(without_iota).hashes)


def test_importing_the_step_loads_no_numba() -> None:
    code = "import sys; import textreuse.tokenize; sys.exit('numba' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=REPOSITORY / "src")


# --- real texts -------------------------------------------------------------------------------------------------------


def test_declaration_of_human_rights_tokenizes_alike_composed_and_decomposed_in_every_language(
    shared_data: Path,
) -> None:
    with gzip.open(shared_data / "udhr" / "udhr.jsonl.gz", "rt", encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in file]
    assert len(texts) == 532
    texts = texts[:: 60 if WITHOUT_JIT else 1]
    tokens = tokenize(texts)
    assert np.diff(tokens.bounds).min() > 0  # no script is lost
    for form in ("NFC", "NFD"):
        other = tokenize([unicodedata.normalize(form, text) for text in texts])
        assert np.array_equal(tokens.hashes, other.hashes)
        assert np.array_equal(tokens.bounds, other.bounds)
    for index, text in enumerate(texts):
        starts, stops = (array[slice(*tokens.bounds[index : index + 2])] for array in (tokens.starts, tokens.stops))
        written = [text[start:stop] for start, stop in zip(starts, stops, strict=True)]
        assert all(c.isspace() is False for word in written for c in (word[0], word[-1]))
        assert hashes(" ".join(written)) == tokens.hashes[slice(*tokens.bounds[index : index + 2])].tolist()
