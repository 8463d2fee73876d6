from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from textreuse.errors import InputError, OptionsError
from textreuse.model import Document, Skipped
from textreuse.scrub_result import RemovedSpan
from textreuse.scrubbing import make_scrub_options, mark_units, scrub
from textreuse.tokenize import tokenize

LETTER = "Sign up for our daily letter!"
SHARED = " ".join(f"word{number}" for number in range(60))
PAGES = {
    "1": f"The first story of the day.\n{LETTER}\nYes.",
    "2": f"Another story, which is longer than the first.\nYes.\n\n{LETTER.upper()}\n\nIt goes on here for a while.\n",
    "3": f"{LETTER}",
}


def texts(result: object) -> list[str]:
    return [document.text for document in result]  # type: ignore[attr-defined]


def test_repeated_lines_go_and_short_ones_stay() -> None:
    result = scrub(PAGES)
    assert texts(result) == [
        PAGES["1"],
        "Another story, which is longer than the first.\nYes.\n\nIt goes on here for a while.\n",
        "",
    ]
    start = PAGES["2"].index("SIGN")
    kept = PAGES["1"].index("Sign")
    assert result.removed == (
        RemovedSpan("2", start, start + 29, "1", kept, kept + 29),
        RemovedSpan("3", 0, 29, "1", kept, kept + 29),
    )


def test_min_words_says_what_is_short() -> None:
    assert "Yes." in texts(scrub(PAGES, min_words=2))[1]
    assert "Yes." not in texts(scrub(PAGES, min_words=1))[1]
    assert texts(scrub(PAGES, min_words=7)) == [*PAGES.values()]


def test_two_characters_count_as_a_word() -> None:
    line = "天命之謂性率性之"  # eight characters
    assert texts(scrub([line, line], min_words=4)) == [line, ""]
    assert texts(scrub([line, line], min_words=5)) == [line, line]


def test_lines_without_words_stay() -> None:
    table = "a | b\n-----\nc | d\n-----\n"
    assert texts(scrub([table], min_words=1)) == [table]


def test_paragraphs_are_compared_whole() -> None:
    one = "First line of it,\nand a second one.\n\nSomething else."
    other = "First line of it, and a second one.\n\nFirst line of it,\n\nand more."
    result = scrub([one, other], level="paragraph", min_words=4)
    assert texts(result) == [one, "First line of it,\n\nand more."]


def test_passages_are_found_wherever_they_start() -> None:
    result = scrub([f"Before it {SHARED} after it.", f"Not so ({SHARED}), and on."], level="passage")
    assert texts(result)[1] == "Not so (), and on."
    (span,) = result.removed
    assert (span.id, span.kept_id, span.kept_start) == ("1", "0", len("Before it "))


def test_a_passage_of_fewer_words_stays() -> None:
    pages = [f"a {SHARED}", f"b {SHARED}"]
    assert texts(scrub(pages, level="passage", min_words=61)) == pages
    assert texts(scrub(pages, level="passage", min_words=60)) == [pages[0], "b"]


@pytest.mark.parametrize(("keep", "kept"), [("first", "a"), ("last", "d"), ("longest", "b"), ("earliest", "c")])
@pytest.mark.parametrize("level", ["line", "paragraph", "passage"])
def test_the_occurrence_that_was_asked_for_is_kept(level: str, keep: str, kept: str) -> None:
    documents = [
        Document("a", f"{LETTER}", {"year": 1999}),
        Document("b", f"{LETTER}\n\nwith much more to say about it", {"date": "1998-01-01"}),
        Document("c", f"{LETTER}\n\nand more", {"date": "1997-12-31"}),
        Document("d", f"{LETTER}\n\nand so"),
    ]
    result = scrub(documents, level=level, keep=keep, min_words=5)
    assert {span.kept_id for span in result.removed} == {kept}
    assert [document.id for document in result if LETTER in document.text] == [kept]


@pytest.mark.parametrize("level", ["line", "passage"])
def test_within_a_document_the_first_or_the_last_is_kept(level: str) -> None:
    page = f"one\n{LETTER}\ntwo\n{LETTER}\nthree"
    assert texts(scrub([page], level=level, min_words=5)) == [f"one\n{LETTER}\ntwo\nthree"]
    assert texts(scrub([page], level=level, min_words=5, keep="last")) == [f"one\ntwo\n{LETTER}\nthree"]


def test_documents_keep_their_order_ids_and_metadata() -> None:
    documents = [Document("b", LETTER, {"n": 1}), Document("a", LETTER, {"n": 2})]
    assert scrub(documents).documents == (documents[0], Document("a", "", {"n": 2}))


def test_a_word_divided_at_the_end_of_a_line_makes_one_line_of_two() -> None:
    pages = [
        "A line that ends in exam-\nple and more",
        "Its own first line.\nA line that ends in exam-\nand other ends",
    ]
    assert texts(scrub(pages, min_words=3)) == pages


def test_punctuation_counts_if_the_tokenizer_says_so() -> None:
    code = ["x = a + b * c", "x = a - b * c"]
    assert texts(scrub(code, min_words=3)) == [code[0], ""]
    assert texts(scrub(code, min_words=3, tokenizer=r"\w+|[^\w\s]")) == code


def test_what_was_counted_is_in_stats() -> None:
    stats = scrub(PAGES).stats
    counted = {name: stats[name] for name in stats if name not in ("seconds", "peak_bytes")}
    assert counted == {
        "documents": 3,
        "documents_changed": 2,
        "documents_emptied": 1,
        "words": 6 + 6 + 1 + 8 + 1 + 6 + 7 + 6,
        "words_removed": 12,
        "spans": 2,
        "token_comparisons": 0,
    }
    assert list(stats["seconds"]) == ["read", "tokenize", "compare", "cut"]


def test_it_prints_what_it_did() -> None:
    assert repr(scrub(PAGES)) == "<ScrubResult: 3 documents, 2 lines with 29.3% of the words removed, 0 skipped>"


def test_empty_documents_and_files_that_are_no_text_are_skipped(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(LETTER)
    (tmp_path / "b.txt").write_text(" - ")
    (tmp_path / "c.pdf").write_text("x")
    result = scrub(tmp_path)
    assert texts(result) == [LETTER, " - "]
    assert result.skipped == (Skipped("b.txt", "has no words"), Skipped("c.pdf", "is not a .txt file"))
    assert scrub([]).documents == ()


def test_removed_spans_are_written_as_tables(tmp_path: Path) -> None:
    result = scrub(PAGES)
    result.to_jsonl(tmp_path / "removed.jsonl")
    result.to_csv(tmp_path / "removed.csv")
    expected = [span._asdict() for span in result.removed]
    assert [json.loads(line) for line in (tmp_path / "removed.jsonl").read_text().splitlines()] == expected
    with (tmp_path / "removed.csv").open(newline="") as file:
        assert list(csv.DictReader(file)) == [{name: str(row[name]) for name in row} for row in expected]
    assert result.to_pandas().to_dict("records") == expected


def test_options_can_be_looked_at() -> None:
    options = scrub(PAGES, level="passage", threads=2, tokenizer=r"\w+").options
    expected = {"level": "passage", "min_words": 50, "keep": "first", "threads": 2, "tokenizer": r"\w+"}
    assert options.to_dict() == expected


def test_wrong_options_are_named_together() -> None:
    message = (
        r"level='page': 'line', 'paragraph', 'passage'; keep='best': .*; min_words=0: .* from 1 to 10,000, or None"
    )
    with pytest.raises(OptionsError, match=message):
        scrub(PAGES, level="page", keep="best", min_words=0)
    with pytest.raises(OptionsError, match=r"threads=1.5: .*; tokenizer=7"):
        scrub(PAGES, threads=1.5, tokenizer=7)  # type: ignore[arg-type]


def test_two_documents_of_one_id_are_an_error() -> None:
    with pytest.raises(InputError, match="two documents have the id 'a'"):
        scrub([Document("a", "x"), Document("a", "y")])


def test_progress_tells_every_step() -> None:
    steps: list[str] = []
    scrub(PAGES, level="passage", progress=lambda step, done, total: steps.append(step))
    assert list(dict.fromkeys(steps)) == ["read", "tokenize", "compare", "cut"]


@pytest.mark.parametrize(
    ("text", "paragraphs", "unit"),
    [
        ("one\ntwo\nthree", False, "two"),
        ("one\r\n\ttwo.  \r\nthree", False, "two."),
        ("one\n---\n* two *\n---\nthree", False, "* two *"),
        ("two", False, "two"),
        ('\n\n"two"\n\n', False, '"two"'),
        ("one\u2028(two)\x85three", False, "(two)"),
        ("one\n \n- two\nsecond line\n\n\nthree", True, "- two\nsecond line"),
        ("one\r\n\r\ntwo\r\n----\r\n\r\nthree", True, "two\r\n----"),
        ("one\u2029two\u2029three", True, "two"),
    ],
)
def test_a_line_or_paragraph_reaches_from_end_to_end_without_white_space(
    text: str, paragraphs: bool, unit: str
) -> None:
    level = "paragraph" if paragraphs else "line"
    tokens = tokenize([text])
    starts, stops = mark_units([text], tokens, make_scrub_options(level, 1, "first", None, 1))
    place = tokens.starts.tolist().index(text.index("two"))
    assert text[starts[place] : stops[place]] == unit
