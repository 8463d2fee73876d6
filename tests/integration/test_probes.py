"""Probes: one small question about the whole way through, and the answer that a user may expect."""

from __future__ import annotations

import csv
import gzip
import json
import multiprocessing
import pickle
import random
import textwrap
import unicodedata
from collections.abc import Callable, Iterable
from itertools import pairwise
from multiprocessing.queues import Queue
from pathlib import Path
from typing import Any

import pytest
from benchmarks.generate import prose

import textreuse as tr
from textreuse.samples import load_sample

PASSAGE = prose(60, 5)
OTHER_PASSAGE = prose(60, 8)


def filler(seed: int, n_words: int = 120) -> str:
    """Return text that shares nothing with any passage."""
    return prose(n_words, (99, seed))


def around(*pieces: str, seed: int) -> str:
    """Return the pieces as paragraphs between others that stand nowhere else."""
    paragraphs = [filler(1000 * seed)]
    for number, piece in enumerate(pieces, 1):
        paragraphs += [piece, filler(1000 * seed + number)]
    return "\n\n".join(paragraphs)


def covered(passages: Iterable[tr.Passage]) -> int:
    """Return how many characters stand in at least one of the passages of a document."""
    total = place = 0
    for passage in sorted(passages, key=lambda passage: passage.start):
        total += max(0, passage.stop - max(passage.start, place))
        place = max(place, passage.stop)
    return total


def places(text: str, piece: str) -> list[int]:
    """Return where a piece stands in a text."""
    found, place = [], text.find(piece)
    while place >= 0:
        found.append(place)
        place = text.find(piece, place + 1)
    return found


def extents(result: Iterable[tr.Match]) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return where matches stand on both sides, in order of their places."""
    return sorted(((match.a.start, match.a.stop), (match.b.start, match.b.stop)) for match in result)


def extent(text: str, piece: str) -> tuple[int, int]:
    (place,) = places(text, piece)
    return place, place + len(piece)


def documents_in(result: tr.ReuseResult) -> set[str]:
    """Return the ids of all documents that stand in a match."""
    return {passage.document_id for match in result for passage in (match.a, match.b)}


# --- repeated, swapped, within ----------------------------------------------------------------------------------------


def test_a_passage_once_in_a_and_three_times_in_b_gives_three_matches() -> None:
    a, b = around(PASSAGE, seed=1), around(PASSAGE, PASSAGE, PASSAGE, seed=2)
    result = tr.compare(a, b)
    assert extents(result) == [(extent(a, PASSAGE), (place, place + len(PASSAGE))) for place in places(b, PASSAGE)]
    assert len(result) == 3
    assert {match.similarity for match in result} == {1.0}
    assert [len(family) for family in result.families] == [4]


def test_a_passage_three_times_in_a_row_gives_three_matches() -> None:
    a, b = around(PASSAGE, seed=1), around(f"{PASSAGE}\n\n{PASSAGE}\n\n{PASSAGE}", seed=2)
    assert extents(tr.compare(a, b)) == [
        (extent(a, PASSAGE), (place, place + len(PASSAGE))) for place in places(b, PASSAGE)
    ]


def test_a_passage_twice_in_both_gives_four_matches() -> None:
    a, b = around(PASSAGE, PASSAGE, seed=1), around(PASSAGE, PASSAGE, seed=2)
    result = tr.compare(a, b)
    assert len(result) == 4
    assert {match.a.text for match in result} | {match.b.text for match in result} == {PASSAGE}
    assert [len(family) for family in result.families] == [4]


@pytest.mark.parametrize("between", [0, 60])
def test_swapped_paragraphs_give_two_matches(between: int) -> None:
    gap = [filler(77, between)] if between else []
    a = around("\n\n".join([PASSAGE, *gap, OTHER_PASSAGE]), seed=1)
    b = around("\n\n".join([OTHER_PASSAGE, *[filler(78, between)] * len(gap), PASSAGE]), seed=2)
    result = tr.compare(a, b)
    assert extents(result) == sorted((extent(a, piece), extent(b, piece)) for piece in (PASSAGE, OTHER_PASSAGE))
    assert len(result.families) == 2


def test_texts_that_are_nothing_but_swapped_paragraphs_give_two_matches() -> None:
    a, b = f"{PASSAGE}\n\n{OTHER_PASSAGE}", f"{OTHER_PASSAGE}\n\n{PASSAGE}"
    assert extents(tr.compare(a, b)) == sorted(
        (extent(a, piece), extent(b, piece)) for piece in (PASSAGE, OTHER_PASSAGE)
    )


def test_a_passage_twice_in_one_document_is_one_match_within_and_none_otherwise() -> None:
    text = around(PASSAGE, PASSAGE, seed=1)
    first, second = ((place, place + len(PASSAGE)) for place in places(text, PASSAGE))
    result = tr.find_reuse([text], within=True)
    assert extents(result) == [(first, second)]
    assert (result[0].a.document_id, result[0].b.document_id) == ("0", "0")
    assert len(tr.find_reuse([text])) == 0


def test_a_passage_twice_in_a_row_is_one_match_within() -> None:
    text = around(f"{PASSAGE}\n\n{PASSAGE}", seed=1)
    first, second = ((place, place + len(PASSAGE)) for place in places(text, PASSAGE))
    assert extents(tr.find_reuse([text], within=True)) == [(first, second)]


@pytest.mark.parametrize("pieces", [[PASSAGE] * 3, ["\n\n".join([PASSAGE] * 3)]], ids=["apart", "in a row"])
def test_a_passage_three_times_in_one_document_is_three_matches_within(pieces: list[str]) -> None:
    text = around(*pieces, seed=1)
    one, two, three = ((place, place + len(PASSAGE)) for place in places(text, PASSAGE))
    assert extents(tr.find_reuse([text], within=True)) == [(one, two), (one, three), (two, three)]


def test_a_text_that_repeats_nothing_has_no_matches_within() -> None:
    assert len(tr.find_reuse([filler(1, 500)], within=True)) == 0


# --- scripts ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def declarations(shared_data: Path) -> dict[str, str]:
    with gzip.open(shared_data / "udhr" / "udhr.jsonl.gz", "rt", encoding="utf-8") as lines:
        return {row["id"]: row["text"] for row in map(json.loads, lines)}


def middle_words(text: str, n_words: int) -> str:
    words = text.split()
    return " ".join(words[len(words) // 2 :][:n_words])


def middle_characters(text: str, n_characters: int) -> str:
    characters = "".join(text.split())
    return characters[len(characters) // 2 :][:n_characters]


def assert_found(
    piece: str, written: str | None = None, hosts: tuple[str, str] | None = None, **options: Any
) -> tr.Match:
    """Assert that a piece is one match, as a whole and alike, with the same piece as it is written in another text."""
    written = piece if written is None else written
    a_host, b_host = hosts or (filler(1, 240), filler(2, 240))
    a, b = (
        f"{host[: len(host) // 2]}\n{text}\n{host[len(host) // 2 :]}"
        for host, text in ((a_host, piece), (b_host, written))
    )
    a_start, b_start = len(a_host) // 2 + 1, len(b_host) // 2 + 1
    best = tr.compare(a, b, **options)[0]
    assert (best.a.start, best.a.stop) == (a_start, a_start + len(piece)), (best.a.text, piece)
    assert (best.b.start, best.b.stop) == (b_start, b_start + len(written)), (best.b.text, written)
    assert best.similarity == 1.0
    assert best.expected < 1e-6
    return best


@pytest.mark.parametrize("language", ["cmn_hans", "cmn_hant", "tha", "jpn", "khm", "lao"])
def test_eighty_characters_without_spaces_are_found(language: str, declarations: dict[str, str]) -> None:
    piece = middle_characters(declarations[language], 80)
    match = assert_found(piece)
    assert match.words <= 40  # two characters count as a word


@pytest.mark.parametrize("language", ["cmn_hans", "tha", "jpn", "hin", "arb"])
def test_a_passage_among_text_of_its_own_script_is_found(language: str, declarations: dict[str, str]) -> None:
    text = declarations[language]
    piece = middle_words(text, 80) if language in ("hin", "arb") else middle_characters(text, 80)
    quarter = len(text) // 4
    assert_found(piece, hosts=(text[:quarter], text[-quarter:]))


@pytest.mark.parametrize(
    "row",
    [
        " ".join(str(random.Random(1).randrange(10_000) + number) for number in range(80)),
        ", ".join(f"{17 * number % 101}.{number:02}" for number in range(40)),  # 80 numbers, a decimal point in pairs
        "\n".join(f"{number * number}\t{number}" for number in range(40)),
        " ".join(str(number) for number in range(80)),
    ],
    ids=["random", "decimals", "table", "counting"],
)
def test_eighty_numbers_are_found(row: str) -> None:
    assert_found(row)


def with_vowel_marks(text: str) -> str:
    """Return Arabic text with a vowel mark after every other letter."""
    marks = random.Random(7)
    return "".join(
        letter + (chr(marks.randrange(0x64B, 0x653)) if "ء" <= letter <= "ي" and marks.random() < 0.5 else "")
        for letter in text
    )


def test_eighty_arabic_words_are_found_with_and_without_vowel_marks(declarations: dict[str, str]) -> None:
    words = middle_words(declarations["arb"], 80)
    marked = with_vowel_marks(words)
    assert len(marked) > 1.2 * len(words)
    for match in (assert_found(words), assert_found(words, marked), assert_found(marked, words)):
        assert match.words == 80


def test_devanagari_is_found_composed_and_decomposed(declarations: dict[str, str]) -> None:
    words = middle_words(declarations["hin"], 80)
    assert_found(words)
    assert_found(unicodedata.normalize("NFC", words), unicodedata.normalize("NFD", words))


# --- one side written otherwise ---------------------------------------------------------------------------------------

LANGUAGES = ["spa", "vie", "ell_monotonic", "rus", "kor", "deu_1996", "tur", "fra", "pol", "ben", "hye", "yor"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("write", [str.upper, str.lower, str.title, str.casefold])
def test_text_in_other_case_is_found_and_alike(
    write: Callable[[str], str], language: str, declarations: dict[str, str]
) -> None:
    words = middle_words(declarations[language], 80)
    assert_found(words, write(words))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_text_in_other_normal_form_is_found_and_alike(form: Any, language: str, declarations: dict[str, str]) -> None:
    words = middle_words(declarations[language], 80)
    assert_found(words, unicodedata.normalize(form, words))


@pytest.mark.parametrize("width", [20, 33, 47, 60, 72, 90])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\n\t", " \n    ", "\n\n"])
def test_wrapped_text_is_found_and_alike(width: int, line_end: str) -> None:
    assert_found(PASSAGE, line_end.join(textwrap.wrap(PASSAGE, width, break_long_words=False)))


def hyphenated(text: str, width: int) -> str:
    """Return the text in lines of a width, with words split by a hyphen wherever a line ends inside one."""
    lines = [""]
    for word in text.split():
        room = width - len(lines[-1]) - 1
        cut = room - 1
        if room >= len(word):
            lines[-1] = f"{lines[-1]} {word}".lstrip()
        elif cut >= 2 and len(word) - cut >= 2 and word.isalpha():
            lines[-1] = f"{lines[-1]} {word[:cut]}-".lstrip()
            lines.append(word[cut:])
        else:
            lines.append(word)
    return "\n".join(lines)


@pytest.mark.parametrize("width", [20, 33, 47, 60, 72, 90])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_text_hyphenated_at_line_ends_is_found_and_alike(width: int, line_end: str) -> None:
    written = hyphenated(PASSAGE, width)
    assert "-\n" in written
    assert_found(PASSAGE, written.replace("\n", line_end))


QUOTED = (
    "She said, \"I don't know why it's here, nor whose it is; the captain's wife didn't ask.\" 'Well,' he answered, \""
    "that isn't what I'd have done, but o'clock or no o'clock they'll come; there's nothing we can't carry 'til then.\""
)


@pytest.mark.parametrize(
    "quotes",
    [{"'": "’", '"': "”"}, {"'": "‘", '"': "“"}, {"'": "ʼ", '"': "„"}, {"'": "'", '"': "»"}, {"'": "＇", '"': "＂"}],
    ids=["closing", "opening", "letter and low", "guillemets", "wide"],
)
def test_text_with_other_quotation_marks_is_found_and_alike(quotes: dict[str, str]) -> None:
    written = "".join(quotes.get(character, character) for character in QUOTED)
    a, b = around(QUOTED, seed=1), around(written, seed=2)
    (match,) = tr.compare(a, b)
    assert match.similarity == 1.0
    # the closing quotation mark, which differs, may be left out
    assert QUOTED[:-2] in match.a.text
    assert written[:-2] in match.b.text
    assert len(match.a) <= len(QUOTED)


def test_ligatures_width_and_invisible_characters_are_alike() -> None:
    text = "the office staff filed five difficult affidavits of the first official in the efficient coffee office"
    for written in (
        text.replace("ffi", "ﬃ").replace("fi", "ﬁ"),
        "".join(chr(ord(letter) + 0xFEE0) if letter.isalpha() else letter for letter in text),
        text.replace("ff", "f\N{SOFT HYPHEN}f"),
        text.replace("o", "o\N{ZERO WIDTH JOINER}"),
    ):
        assert_found(text, written, min_words=10)


# --- offsets ----------------------------------------------------------------------------------------------------------

FAMILY_EMOJI = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}\u200d\N{BOY}"
PREFIXES = {
    "Turkish dotted I": "İstanbul'da İİİ İ. " * 20,
    "emoji with joiners": f"{FAMILY_EMOJI} {FAMILY_EMOJI}{FAMILY_EMOJI} " * 20,
    "emoji that touches": FAMILY_EMOJI,
    "flags and keycaps": "🇩🇪🇫🇷 1️⃣ ☺️ #️⃣ ",
    "byte order mark": "\ufeff",
    "byte order marks": "\ufeff\ufeff x \ufeff",
    "CRLF": "one line\r\nand another\r\n\r\n",
    "lone surrogates": "\ud800 \udfff\ud83d " * 5,
    "astral letters": "𝕳𝖊𝖑𝖑𝖔 𐍈 " * 20,
    "sharp s and ligatures": "Straße ﬁﬂ ﷺ ŉ ǰ " * 20,
    "decomposed": "e\u0301 o\u0308\u0323 \u0301 " * 20,
    "null characters": "\0\0 \0",
    "line separators": "\u2028\u2029\x85\v\f",
    "direction marks": "\u202e\u200f\u2066 ",
}


@pytest.mark.parametrize("prefix", PREFIXES.values(), ids=PREFIXES)
def test_offsets_are_right_after(prefix: str) -> None:
    a, b = f"{prefix}{PASSAGE} {filler(1)}", f"{filler(2)} {prefix}{PASSAGE}"
    (match,) = tr.compare(a, b)
    assert match.a.text == match.b.text
    assert match.a.text.endswith(PASSAGE)
    # the prefix itself is shared, too, and may be a part of what is found
    (other,) = tr.compare(a, f"{filler(2)} {PASSAGE}")
    assert (other.a.start, other.a.stop) == (len(prefix), len(prefix) + len(PASSAGE))
    assert other.a.text == other.b.text == PASSAGE


def test_offsets_are_right_in_a_text_with_crlf() -> None:
    a = around(PASSAGE, seed=1).replace("\n", "\r\n").replace(". ", ".\r\n")
    b = around(PASSAGE, seed=2)
    (match,) = tr.compare(a, b)
    assert match.similarity == 1.0
    assert match.a.text == PASSAGE.replace("\n", "\r\n").replace(". ", ".\r\n")
    assert match.b.text == PASSAGE


def test_files_with_byte_order_mark_and_crlf_keep_the_offsets_of_their_text(tmp_path: Path) -> None:
    text = f"{PASSAGE}\n\n{filler(1)}".replace("\n", "\r\n")
    (tmp_path / "marked.txt").write_bytes(text.encode("utf-8-sig"))
    (tmp_path / "plain.txt").write_bytes(f"{filler(2)}\n{PASSAGE}".encode())
    (match,) = tr.find_reuse(tmp_path)
    assert match.a.document_text is not None
    assert match.a.document_text.removeprefix("\ufeff") == text
    assert match.a.text == PASSAGE.replace("\n", "\r\n")
    assert match.b.text == PASSAGE


# --- odd input --------------------------------------------------------------------------------------------------------


def test_no_documents_give_an_empty_result() -> None:
    result = tr.find_reuse([])
    assert (len(result), len(result.families), result.skipped) == (0, 0, ())


@pytest.mark.parametrize("text", ["", " \n\t", "... --- !!!", "\ufeff", "\u200b"])
def test_two_texts_without_words_are_skipped_with_a_reason(text: str) -> None:
    result = tr.compare(text, text)
    assert len(result) == 0
    assert [skipped.document_id for skipped in result.skipped] == ["a", "b"]
    assert all("no words" in skipped.reason for skipped in result.skipped)


def test_a_document_of_one_word_is_skipped_with_a_reason() -> None:
    result = tr.find_reuse({"word": "word", "long": PASSAGE, "copy": PASSAGE, "empty": ""})
    assert len(result) == 1
    assert sorted(skipped.document_id for skipped in result.skipped) == ["empty", "word"]
    assert len({skipped.reason for skipped in result.skipped}) == 2


def test_a_thousand_identical_documents_are_all_matched() -> None:
    result = tr.find_reuse([PASSAGE] * 1_000)
    assert {match.similarity for match in result} == {1.0}
    assert {(match.a.text, match.b.text) for match in result} == {(PASSAGE, PASSAGE)}
    assert documents_in(result) == set(result.documents)
    (family,) = result.families
    assert (family.n_documents, len(family)) == (1_000, 1_000)
    assert result.stats["documents"] == 1_000
    assert result.stats["copies"] > 0  # what is not listed pair by pair is counted


def test_a_passage_of_a_thousand_documents_is_one_family_of_all() -> None:
    documents = {f"{number:03}": f"{filler(number, 40)}\n\n{PASSAGE}" for number in range(1_000)}
    result = tr.find_reuse(documents)
    (family,) = (family for family in result.families if family.n_documents > 10)
    assert family.n_documents == 1_000
    assert documents_in(result) == set(documents)
    assert result.stats["unlisted_hits"] > 0


@pytest.mark.parametrize("n_library", [1, 2, 16, 40])
@pytest.mark.parametrize("n_queries", [1, 2, 16, 40])
def test_copies_of_one_text_on_both_sides_are_all_matched(n_queries: int, n_library: int) -> None:
    queries = {f"q{number:03}": PASSAGE for number in range(n_queries)}
    library = {f"l{number:03}": PASSAGE for number in range(n_library)}
    result = tr.find_reuse(queries, against=library)
    assert {match.a.document_id for match in result} == set(queries)
    assert {match.b.document_id for match in result} == set(library)
    (family,) = result.families
    assert family.n_documents == n_queries + n_library


@pytest.mark.parametrize("n_second", [1, 2, 16, 40])
@pytest.mark.parametrize("n_first", [1, 2, 16, 40])
def test_copies_of_one_text_in_two_groups_are_all_matched_across(n_first: int, n_second: int) -> None:
    first = [tr.Document(f"1-{number:03}", PASSAGE, {"paper": "first"}) for number in range(n_first)]
    second = [tr.Document(f"2-{number:03}", PASSAGE, {"paper": "second"}) for number in range(n_second)]
    result = tr.find_reuse(first + second, group="paper")
    assert documents_in(result) == set(result.documents)
    assert all((match.a.document_id[0], match.b.document_id[0]) == ("1", "2") for match in result)
    (family,) = result.families
    assert family.n_documents == n_first + n_second


def test_copies_of_one_text_in_many_groups_are_all_matched_across() -> None:
    documents = [tr.Document(f"{number:03}", PASSAGE, {"paper": number % 7}) for number in range(100)]
    result = tr.find_reuse(documents, group="paper")
    assert documents_in(result) == set(result.documents)
    assert all(int(match.a.document_id) % 7 != int(match.b.document_id) % 7 for match in result)


@pytest.fixture(scope="module")
def long_line() -> str:
    line = prose(650_000, 77).replace("\n", " ")
    assert len(line) > 5_000_000
    return line


def test_a_passage_is_found_in_a_single_line_of_five_million_characters(long_line: str) -> None:
    middle = long_line.index(" ", len(long_line) // 2) + 1
    stop = long_line.index(" ", middle + 500)
    b = f"{filler(1)}\n{long_line[middle:stop]}\n{filler(2)}"
    (match,) = tr.compare(long_line, b)
    assert (match.a.start, match.a.stop) == (middle, len(long_line[:stop].rstrip(",.")))
    assert match.similarity == 1.0


def test_a_line_of_five_million_characters_equals_itself(long_line: str) -> None:
    (match,) = tr.compare(long_line, long_line)
    assert match.a.text == match.b.text == long_line
    assert match.similarity == 1.0


@pytest.mark.parametrize("unit", ["漢", "word ", "la li lo "])
def test_a_single_line_of_one_thing_over_and_over_is_found_whole(unit: str) -> None:
    line = (unit * (5_000_000 // len(unit))).rstrip()
    (match,) = tr.compare(line, line)
    assert (len(match.a), len(match.b), match.similarity) == (len(line), len(line), 1.0)
    longer = tr.compare(line, f"{line} the end")  # not the same text, so this one is aligned
    assert covered([match.a for match in longer]) == len(line)


@pytest.mark.parametrize("n_times", [2, 20, 80])
def test_repeated_paragraphs_are_covered_to_the_end_on_both_sides(n_times: int) -> None:
    text = " ".join([prose(300, 1)] * n_times)
    result = tr.compare(text, f"{text} end")
    assert covered([match.a for match in result]) == len(text)
    assert covered([match.b for match in result]) >= len(text) - 1  # the last full stop may be left out
    assert max(len(match.a) for match in result) == len(text)


def test_a_single_word_of_five_million_letters_is_skipped() -> None:
    result = tr.compare("x" * 5_000_000, "x" * 5_000_000)
    assert (len(result), [skipped.document_id for skipped in result.skipped]) == (0, ["a", "b"])


def test_lone_surrogates_are_kept_through_every_output(tmp_path: Path) -> None:
    a, b = f"\ud800 {PASSAGE} \udfff", f"{filler(1)} \udc80 " + PASSAGE.replace(" ", " \udc80 ", 3)
    result = tr.find_reuse({"a\ud800": a, "b": b})
    (match,) = result
    assert match.similarity == 1.0
    assert a[match.a.start : match.a.stop] == PASSAGE
    result.to_jsonl(tmp_path / "matches.jsonl")
    row = json.loads((tmp_path / "matches.jsonl").read_text("utf-8"))
    assert (row["a_id"], row["a_text"], row["b_text"]) == ("a\ud800", match.a.text, match.b.text)
    result.to_csv(tmp_path / "matches.csv")
    result.to_html(tmp_path / "report.html")
    assert "<" in result._repr_html_()
    assert pickle.loads(pickle.dumps(result)) == result


# --- a text and itself ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n_words", [20, 100, 5_000])
def test_a_text_compared_with_itself_is_one_match_of_full_length(n_words: int) -> None:
    text = prose(n_words, 4)
    (match,) = tr.compare(text, text)
    assert (match.a.text, match.b.text) == (text, text)
    assert match.similarity == 1.0
    assert match.score > 2 * n_words  # bits: rarity does not vanish because everything is shared
    assert match.expected < 1e-3


def test_a_text_among_a_thousand_copies_keeps_a_high_score() -> None:
    text = prose(100, 4)
    alone = tr.compare(text, text)[0]
    among = tr.find_reuse([text] * 1_000)[0]
    assert (among.a.text, among.similarity) == (text, 1.0)
    assert among.score > 0.9 * alone.score
    assert among.expected < 1e-3


@pytest.mark.parametrize("document", load_sample(), ids=lambda document: document.id)
def test_each_sample_compared_with_itself_is_one_match_of_full_length(document: tr.Document) -> None:
    best = tr.compare(document.text, document.text)[0]
    assert best.similarity == 1.0
    assert len(best.a) >= len(document.text.strip()) - 2  # a quotation mark at an end may be left out
    assert best.a.text == best.b.text


# --- against, group, exclude, max_matches on the sample collection ----------------------------------------------------


@pytest.fixture(scope="module")
def sample() -> list[tr.Document]:
    return load_sample()


@pytest.fixture(scope="module")
def everything(sample: list[tr.Document]) -> tr.ReuseResult:
    return tr.find_reuse(sample)


def pairs(result: Iterable[tr.Match]) -> set[tuple[str, str]]:
    return {(match.a.document_id, match.b.document_id) for match in result}


def test_against_finds_matches_across_only(sample: list[tr.Document], everything: tr.ReuseResult) -> None:
    agency = [document for document in sample if document.metadata["outlet"] == "Northline Agency"]
    others = [document for document in sample if document not in agency]
    result = tr.find_reuse(others, against=agency)
    expected = {(b, a) for a, b in pairs(everything) if a == "01-northline"}
    assert len(expected) == 5
    assert pairs(result) == expected  # the query is a, although its id is the greater
    assert result.stats["documents"] == len(sample)
    assert result.stats["matches_found"] == len(result)


def test_against_takes_lists_whose_ids_are_alike() -> None:
    queries, library = [f"{PASSAGE} {filler(1)}", filler(2)], [filler(3), f"{filler(4)} {PASSAGE}"]
    (match,) = tr.find_reuse(queries, against=library)
    assert (match.a.document_id, match.b.document_id) == ("0", "1")
    assert (match.a.document_text, match.b.document_text) == (queries[0], library[1])


def test_group_compares_no_documents_of_one_group(sample: list[tr.Document], everything: tr.ReuseResult) -> None:
    group_of = {document.id: document.id in ("01-northline", "03-vellhaven-courier") for document in sample}
    result = tr.find_reuse(sample, group=lambda document: "one" if group_of[document.id] else document.id)
    assert pairs(everything) - pairs(result) == {("01-northline", "03-vellhaven-courier")}
    assert pairs(result) <= pairs(everything)
    by_language = tr.find_reuse(sample, group="language")
    assert len(by_language) == 0  # nothing in the sample crosses a language
    assert by_language.stats["candidate_pairs"] == 0


def test_documents_without_a_group_are_compared_with_all() -> None:
    documents = [
        tr.Document("1", f"{PASSAGE} {filler(1)}", {"paper": "x"}),
        tr.Document("2", f"{PASSAGE} {filler(2)}", {"paper": "x"}),
        tr.Document("3", f"{PASSAGE} {filler(3)}", {"paper": None}),
        tr.Document("4", f"{PASSAGE} {filler(4)}"),
    ]
    assert pairs(tr.find_reuse(documents, group="paper")) == {
        ("1", "3"),
        ("1", "4"),
        ("2", "3"),
        ("2", "4"),
        ("3", "4"),
    }


def test_excluded_text_is_in_no_match(sample: list[tr.Document]) -> None:
    everything = tr.find_reuse(sample, boilerplate="keep")
    by_id = {document.id: document for document in sample}
    footer = by_id["03-vellhaven-courier"].text.strip().split("\n\n")[-1]
    correction = by_id["05-coast-observer"].text.strip().split("\n\n")[-2]
    assert footer.startswith("The Fjordland Press Group")
    assert correction.startswith("Correction:")
    result = tr.find_reuse(sample, exclude=[footer, correction], boilerplate="keep")

    def is_boilerplate(match: tr.Match) -> bool:
        return match.a.text.startswith(("The Fjordland", "Correction:"))

    n_boilerplate = sum(map(is_boilerplate, everything))
    assert n_boilerplate >= 8
    assert not any(map(is_boilerplate, result))
    # all others are there as before
    assert {(m.a, m.b) for m in result} == {(m.a, m.b) for m in everything if not is_boilerplate(m)}
    # and those left out are counted: not those with the excluded texts themselves, which nobody asked for
    assert result.stats["excluded_matches"] == n_boilerplate
    assert result.stats["documents"] == len(sample)
    assert set(result.documents) == set(by_id)


def test_max_matches_keeps_the_best_and_counts_all(sample: list[tr.Document], everything: tr.ReuseResult) -> None:
    for most in (0, 1, 5, 1_000):
        result = tr.find_reuse(sample, max_matches=most)
        assert result.matches == everything.matches[:most]
        assert result.stats["matches_found"] == len(everything)
        assert result.families == everything.families


def test_stats_count_what_was_done(sample: list[tr.Document], everything: tr.ReuseResult) -> None:
    stats = everything.stats
    assert stats["documents"] == len(sample)
    for name in ("tokens", "shingles", "anchors", "candidate_pairs", "regions", "matches_found"):
        assert stats[name] >= len(pairs(everything)), name
    assert stats["anchors"] <= stats["shingles"] <= stats["tokens"]
    assert all(seconds >= 0 for seconds in stats["seconds"].values())
    peaks = list(stats["peak_bytes"].values())
    assert peaks == sorted(peaks)  # of the process so far
    # a token has a hash of 8 bytes, a start and a stop of 4, and what it counts in one byte
    assert stats["bytes"]["tokens"] >= 17 * stats["tokens"]
    assert stats["bytes"]["anchors"] >= 8 * stats["anchors"]
    assert stats["bytes"].keys() == {"tokens", "rarity", "anchors", "matches"}


# --- the result -------------------------------------------------------------------------------------------------------


def test_a_result_is_a_sequence_of_matches_best_first(everything: tr.ReuseResult) -> None:
    matches = list(everything)
    assert len(matches) == len(everything) == 34
    assert everything[0] == matches[0]
    assert everything[-1] == matches[-1]
    assert list(everything[:3]) == matches[:3]
    assert list(everything[::-1]) == matches[::-1]
    assert matches[3] in everything
    assert all(better.score >= worse.score for better, worse in pairwise(matches))
    assert all(match.a.document_id < match.b.document_id for match in matches)
    with pytest.raises(IndexError):
        everything[39]


def test_filter_keeps_a_result_of_fewer_matches(everything: tr.ReuseResult) -> None:
    verbatim = everything.filter(lambda match: match.similarity == 1.0)
    assert 0 < len(verbatim) < len(everything)
    assert [match for match in everything if match.similarity == 1.0] == list(verbatim)
    assert verbatim.stats == everything.stats


def test_every_match_belongs_to_the_family_of_its_passages(everything: tr.ReuseResult) -> None:
    families = {family.id: family for family in everything.families}
    for match in everything:
        members = families[match.family].members
        for passage in (match.a, match.b):
            assert any(
                member.document_id == passage.document_id
                and member.start <= passage.stop
                and passage.start <= member.stop
                for member in members
            )
    for family in everything.families:
        assert family.n_documents == len({member.document_id for member in family})
        assert family.fullest in family.members


def test_a_result_without_texts_keeps_all_but_the_texts(everything: tr.ReuseResult, tmp_path: Path) -> None:
    bare = everything.without_texts()
    assert everything.has_texts
    assert not bare.has_texts
    assert bare.matches == everything.matches  # texts do not count in comparing
    for read in (lambda: bare[0].a.text, lambda: bare[0].alignment, lambda: bare.families[0].members[0].text):
        with pytest.raises(tr.MissingTextError, match=r"keep_texts=True"):
            read()
    with pytest.raises(tr.MissingTextError):
        bare.explain("01-northline", "02-open-quay")
    assert PASSAGE not in str(bare[0])
    bare.to_jsonl(tmp_path / "bare.jsonl")
    bare.to_csv(tmp_path / "bare.csv")
    bare.to_html(tmp_path / "bare.html")
    assert "a_text" not in json.loads((tmp_path / "bare.jsonl").read_text("utf-8").splitlines()[0])
    sentence = everything[0].a.text[:40]
    for name in ("bare.jsonl", "bare.csv", "bare.html"):
        assert sentence not in (tmp_path / name).read_text("utf-8")
    assert sentence.encode() not in pickle.dumps(bare)


def test_keep_texts_false_is_without_texts_from_the_start(
    sample: list[tr.Document], everything: tr.ReuseResult
) -> None:
    result = tr.find_reuse(sample, keep_texts=False)
    assert not result.has_texts
    assert result.matches == everything.matches
    assert everything[0].a.text[:40].encode() not in pickle.dumps(result)


def test_a_result_survives_pickling_whole(everything: tr.ReuseResult) -> None:
    copy = pickle.loads(pickle.dumps(everything))
    assert copy == everything
    assert [match.a.text for match in copy] == [match.a.text for match in everything]
    assert copy[0].alignment == everything[0].alignment
    assert str(copy.explain("01-northline", "02-open-quay")) == str(everything.explain("01-northline", "02-open-quay"))


def report_from_child(queue: Queue[Any], result: tr.ReuseResult) -> None:
    again = tr.find_reuse(load_sample(), threads=2)
    queue.put((again.matches == result.matches, len(result), result[0].a.text, len(result[0].alignment)))


def test_a_result_and_the_search_survive_a_fork(everything: tr.ReuseResult) -> None:
    if "fork" not in multiprocessing.get_all_start_methods():
        pytest.skip("this system cannot fork")
    context = multiprocessing.get_context("fork")
    queue: Queue[Any] = context.Queue()
    child = context.Process(target=report_from_child, args=(queue, everything))
    child.start()
    same, length, text, n_edits = queue.get(timeout=120)
    child.join(timeout=60)
    assert child.exitcode == 0
    assert same
    assert (length, text, n_edits) == (len(everything), everything[0].a.text, len(everything[0].alignment))


def test_a_match_reads_well_as_text(everything: tr.ReuseResult) -> None:
    match = everything[0]
    head, a, b = str(match).splitlines()
    for part in (match.a.document_id, match.b.document_id, str(match.a.start), str(match.b.stop), "similarity 1.00"):
        assert part in head
    assert match.a.text.split()[0] in a
    assert match.b.text.split()[-1] in b
    assert str(len(everything)) in repr(everything)


# --- explain ----------------------------------------------------------------------------------------------------------


def test_explain_shows_the_regions_of_a_pair_that_was_found(everything: tr.ReuseResult) -> None:
    for a, b in (("01-northline", "05-coast-observer"), ("05-coast-observer", "01-northline")):
        explanation = everything.explain(a, b)
        found = [match for match in everything if {match.a.document_id, match.b.document_id} == {a, b}]
        assert len(explanation.matches) == len(found) == 2
        assert explanation.shared_anchors > 0
        side = {match.a.document_id: match.a for match in found}, {match.b.document_id: match.b for match in found}
        passage = {**side[0], **side[1]}[a]
        assert any(abs(region.a_start - passage.start) <= 2 for region in explanation.matches)
        assert f"{a} (" in str(explanation)


def test_explain_says_why_a_pair_was_not_found(everything: tr.ReuseResult) -> None:
    explanation = everything.explain("01-northline", "12-endgame-column")
    assert explanation.matches == ()
    assert "no region" in str(explanation)
    # half of what is asked for is there: it is shown, with the reason
    short = " ".join(PASSAGE.split()[:10])
    result = tr.compare(f"{filler(1)} {short} {filler(2)}", f"{filler(3)} {short} {filler(4)}")
    assert len(result) == 0
    (region, *_) = result.explain("a", "b").regions
    assert region.covered >= 9
    assert region.verdict != "match"


def test_explain_looks_among_the_documents_and_not_among_the_excluded() -> None:
    result = tr.find_reuse([f"{PASSAGE} {filler(1)}", f"{filler(2)} {PASSAGE}"], exclude=[filler(3)])
    assert len(result) == 1
    assert len(result.explain("0", "1").matches) == 1


@pytest.mark.parametrize("library", [[f"{filler(2)} {PASSAGE}"], [filler(3), f"{filler(2)} {PASSAGE}"]])
def test_explain_takes_a_query_and_a_document_of_the_library(library: list[str]) -> None:
    result = tr.find_reuse([f"{PASSAGE} {filler(1)}", filler(4)], against=library)
    (match,) = result
    assert len(result.explain(match.a.document_id, match.b.document_id).matches) == 1


def test_explain_names_an_unknown_document(everything: tr.ReuseResult) -> None:
    with pytest.raises(tr.InputError, match="'nobody'"):
        everything.explain("nobody", "01-northline")
    with pytest.raises(tr.InputError, match="twice"):
        everything.explain("01-northline", "01-northline")


# --- alignments -------------------------------------------------------------------------------------------------------


def assert_alignment_covers(match: tr.Match) -> None:
    """Assert that the edit script goes through both passages from start to stop, and that what is equal is equal."""
    assert match.a.document_text is not None
    assert match.b.document_text is not None
    a_place, b_place = match.a.start, match.b.start
    a_gaps, b_gaps = [], []
    for edit in match.alignment:
        assert edit.kind in ("equal", "replace", "insert", "delete")
        assert a_place <= edit.a_start <= edit.a_stop <= match.a.stop
        assert b_place <= edit.b_start <= edit.b_stop <= match.b.stop
        assert (edit.a_start == edit.a_stop) == (edit.kind == "insert")
        assert (edit.b_start == edit.b_stop) == (edit.kind == "delete")
        a_gaps.append(match.a.document_text[a_place : edit.a_start])
        b_gaps.append(match.b.document_text[b_place : edit.b_start])
        a_place, b_place = edit.a_stop, edit.b_stop
    a_gaps.append(match.a.document_text[a_place : match.a.stop])
    b_gaps.append(match.b.document_text[b_place : match.b.stop])
    assert not any(character.isalnum() for gap in (*a_gaps, *b_gaps) for character in gap)
    kinds = [edit.kind for edit in match.alignment]
    assert all(before != after for before, after in pairwise(kinds))


def test_alignments_of_the_sample_go_through_both_passages(everything: tr.ReuseResult) -> None:
    for match in everything:
        assert_alignment_covers(match)
    assert {edit.kind for match in everything for edit in match.alignment} == {"equal", "replace", "insert", "delete"}


def test_an_alignment_shows_each_kind_of_edit() -> None:
    words = PASSAGE.split()
    edited = [*words[:20], "entirely", *words[20:30], "different", *words[31:45], *words[47:]]
    a, b = around(PASSAGE, seed=1), around(" ".join(edited), seed=2)
    (match,) = tr.compare(a, b)
    assert_alignment_covers(match)
    changes = [
        (edit.kind, a[edit.a_start : edit.a_stop], b[edit.b_start : edit.b_stop])
        for edit in match.alignment
        if edit.kind != "equal"
    ]

    def bare(words: list[str]) -> str:
        return " ".join(words).rstrip(".,")

    assert changes == [
        ("insert", "", "entirely"),
        ("replace", bare(words[30:31]), "different"),
        ("delete", bare(words[45:47]), ""),
    ]


def test_equal_parts_of_an_alignment_are_equal_but_for_case_and_marks() -> None:
    a, b = around(PASSAGE, seed=1), around(PASSAGE.upper(), seed=2)
    (match,) = tr.compare(a, b)
    (edit,) = match.alignment
    assert edit.kind == "equal"
    assert a[edit.a_start : edit.a_stop].upper() == b[edit.b_start : edit.b_stop]


# --- output -----------------------------------------------------------------------------------------------------------


def test_outputs_have_one_row_per_match_with_the_same_values(everything: tr.ReuseResult, tmp_path: Path) -> None:
    everything.to_jsonl(tmp_path / "matches.jsonl")
    everything.to_csv(tmp_path / "matches.csv")
    rows = [json.loads(line) for line in (tmp_path / "matches.jsonl").read_text("utf-8").splitlines()]
    assert rows == [match.to_dict() for match in everything]
    with (tmp_path / "matches.csv").open(encoding="utf-8", newline="") as stream:
        table = list(csv.DictReader(stream))
    assert [(row["a_id"], int(row["a_start"]), row["b_text"]) for row in table] == [
        (match.a.document_id, match.a.start, match.b.text) for match in everything
    ]
    frame = everything.to_pandas()
    assert frame.shape[0] == len(everything)
    assert frame["a_text"].tolist() == [match.a.text for match in everything]
    assert frame["score"].tolist() == [match.score for match in everything]


def test_no_matches_make_empty_outputs_with_the_same_columns(everything: tr.ReuseResult, tmp_path: Path) -> None:
    nothing = tr.find_reuse([filler(1), filler(2)])
    assert len(nothing) == 0
    nothing.to_jsonl(tmp_path / "matches.jsonl")
    assert (tmp_path / "matches.jsonl").read_bytes() == b""
    assert nothing.to_pandas().columns.tolist() == everything.to_pandas().columns.tolist()
    nothing.to_html(tmp_path / "report.html")
    assert nothing._repr_html_()


def test_the_report_holds_the_passages_and_no_link_to_elsewhere(everything: tr.ReuseResult, tmp_path: Path) -> None:
    everything.to_html(tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "Tarbarrel Row" in page
    assert 'src="http' not in page
    assert '<link rel="stylesheet"' not in page
    summary = everything._repr_html_()
    assert "01-northline" in summary
    assert "34 matches" in summary


def test_markup_in_texts_and_ids_is_shown_and_not_run(tmp_path: Path) -> None:
    attack = "<script>alert(1)</script>"
    text = f"{PASSAGE} {attack} </script> <img src=x onerror=alert(1)> {OTHER_PASSAGE}"
    result = tr.find_reuse({attack: text, "b": f"{filler(1)} {text}"})
    result.to_html(tmp_path / "report.html")
    for page in ((tmp_path / "report.html").read_text("utf-8"), result._repr_html_()):
        assert attack not in page
        assert "<img src=x" not in page


# --- errors -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("documents", "names"),
    [
        ([tr.Document("twin", "a"), tr.Document("other", "b"), tr.Document("twin", "c")], "'twin'.*0 and 2"),
        ([{"id": 1, "text": "a"}, {"id": "1", "text": "b"}], "'1'"),
        ([{"id": "first", "text": "a"}, {"id": "second", "body": "b"}], 'document 1 .*"text".*body'),
        ([{"id": "empty-handed", "text": None}], "'empty-handed' has no text"),
        ({"nothing": None}, "'nothing' has no text"),
        ({"raw": b"some bytes"}, "'raw' is bytes.*[Dd]ecode"),
        (["text", b"some bytes"], "'1' is bytes"),
        ([tr.Document("raw", b"some bytes")], "'raw' is bytes"),  # type: ignore[arg-type]
        ([{"id": "number", "text": 7}], "'number' is int"),
        ("no/such/folder", "no/such/folder.*not an existing"),
        (5, "int 5"),
        (None, "None"),
        (tr.Document("alone", "text"), "alone.*list"),
    ],
)
def test_an_error_in_the_input_names_the_document(documents: object, names: str) -> None:
    with pytest.raises(tr.InputError, match=f"(?s){names}"):
        tr.find_reuse(documents)


@pytest.mark.parametrize("option", ["against", "exclude"])
def test_an_error_in_the_second_collection_names_the_document(option: str) -> None:
    with pytest.raises(tr.InputError, match="'raw' is bytes"):
        tr.find_reuse(["text"], **{option: {"raw": b"some bytes"}})  # type: ignore[arg-type]


def test_compare_says_which_text_is_none() -> None:
    with pytest.raises(tr.InputError, match=r"text_a .*bytes"):
        tr.compare(b"some bytes", "text")  # type: ignore[arg-type]
    with pytest.raises(tr.InputError, match=r"text_b .*NoneType"):
        tr.compare("text", None)  # type: ignore[arg-type]


def test_a_field_to_group_by_that_no_document_has_is_an_error(sample: list[tr.Document]) -> None:
    with pytest.raises(tr.InputError, match=r"'publisher'.*outlet"):
        tr.find_reuse(sample, group="publisher")


def test_a_group_that_cannot_be_compared_names_the_document() -> None:
    documents = [tr.Document("listed", "text", {"papers": ["one", "two"]})]
    with pytest.raises(tr.InputError, match="'listed'"):
        tr.find_reuse(documents, group="papers")


def test_all_bad_options_are_named_together() -> None:
    with pytest.raises(tr.OptionsError, match=r"min_words=0.*edit_rate=5.*threads=0"):
        tr.find_reuse(["text"], min_words=0, edit_rate=5, threads=0)


def test_a_generator_is_consumed_once() -> None:
    taken = []

    def generate() -> Iterable[str]:
        for number in range(3):
            taken.append(number)
            yield f"{filler(number)} {PASSAGE}"

    assert len(tr.find_reuse(generate())) == 3
    assert taken == [0, 1, 2]
