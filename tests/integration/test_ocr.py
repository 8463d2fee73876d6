"""Misread text: a sample of benchmarks/accuracy/ocr.py, and what a user sees of it."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from benchmarks.accuracy import ocr
from benchmarks.accuracy.promise import read_vocabulary
from benchmarks.generate import documents, noise, prose

import textreuse as tr
from textreuse.cli import main

N = 60
PASSAGE = (
    "At half past nine the harbour bell was rung three times, and the whole of the quay fell silent; for nobody "
    "who stood there had believed that the schooner would come home before the ice, nor that her master, an old "
    "and careful man, would bring her in against the tide with only half of his people left to work the sails."
)


def garbled(share: float, seed: int = 1, before: int = 60, after: int = 60) -> str:
    return f"{prose(before, seed)} {noise(PASSAGE, share, seed)} {prose(after, seed, 1)}"


@pytest.mark.parametrize(
    ("language", "rate", "spaces", "bar"),
    [
        ("English", 0.1, 0.0, 0.99),
        ("English", 0.2, 0.0, 0.8),
        ("English", 0.1, 0.03, 0.99),
        ("Chinese", 0.15, 0.0, 0.95),
    ],
)
def test_misread_passages_are_found_as_one_match(
    language: str, rate: float, spaces: float, bar: float, shared_data: Path
) -> None:
    row = ocr.run(read_vocabulary(language, shared_data), 80, rate, spaces, N, explain=3)
    assert abs(row.error - rate) < 0.02 + spaces
    # so few that a rate as high as the bar would give as few or fewer in one of a thousand runs
    assert row.found >= N * bar - 3.1 * (N * bar * (1 - bar)) ** 0.5, row
    assert row.one >= 0.9 * row.found
    assert row.false <= 1


@pytest.mark.parametrize("share", [0.0, 0.05, 0.1])
def test_both_passages_are_whole_words_of_the_passage(share: float) -> None:
    a, b = f"{prose(80, 5)} {PASSAGE} {prose(40, 6)}", garbled(share)
    (match,) = tr.compare(a, b, preset="ocr", min_words=30)
    assert abs(match.a.start - a.index(PASSAGE)) <= 8
    assert abs(match.a.stop - a.index(PASSAGE) - len(PASSAGE)) <= 8
    for text, passage in ((a, match.a), (b, match.b)):
        assert text[passage.start : passage.stop] == passage.text
        assert not (text[passage.start - 1].isalnum() and passage.text[0].isalnum())
        assert not (text[passage.stop].isalnum() and passage.text[-1].isalnum())
    assert match.similarity == pytest.approx(1 - share, abs=0.06)


def test_the_alignment_shows_which_letters_differ() -> None:
    (match,) = tr.compare(PASSAGE, PASSAGE.replace("schooner", "sch0oner"), preset="ocr")
    (change,) = [edit for edit in match.alignment if edit.kind != "equal"]
    assert PASSAGE[change.a_start : change.a_stop] == "o"
    assert match.b.document_text is not None
    assert match.b.document_text[change.b_start : change.b_stop] == "0"


def test_the_result_does_not_depend_on_threads_batches_or_order() -> None:
    texts = {f"{n:02}": garbled(0.1, n) for n in range(12)}
    expected = [match.to_dict() for match in tr.find_reuse(texts, preset="ocr", min_words=30, threads=1)]
    assert len(expected) == 12 * 11 / 2
    several: list[dict[str, Any]] = [{"threads": 2}, {"threads": 3, "batch_hits": 100}]
    for options in several:
        assert [match.to_dict() for match in tr.find_reuse(texts, preset="ocr", min_words=30, **options)] == expected
    backwards = dict(reversed(texts.items()))
    assert [match.to_dict() for match in tr.find_reuse(backwards, preset="ocr", min_words=30)] == expected


def test_a_misread_passage_is_explained_and_its_family_holds_all_copies() -> None:
    texts = {f"{n:02}": garbled(0.06, n) for n in range(5)}
    result = tr.find_reuse(texts, preset="ocr", min_words=30)
    assert [len(family) for family in result.families] == [5]
    assert result.explain("00", "04").matches
    assert len(result.families[0].collation().witnesses) == 5
    assert result.skipped == ()


def test_one_text_may_repeat_itself_misread() -> None:
    text = f"{garbled(0.05, 1)} {prose(200, 9)} {garbled(0.05, 2)}"
    result = tr.find_reuse({"a": text, "b": prose(300, 10)}, preset="ocr", min_words=30, within=True)
    assert [(match.a.document_id, match.b.document_id) for match in result] == [("a", "a")]
    assert result[0].a.stop <= result[0].b.start


def misread_collection(share: float) -> list[str]:
    return [noise(document.text, share, n) for n, document in enumerate(documents(40, 3))]


def test_text_that_looks_misread_is_warned_of_with_an_estimate() -> None:
    with pytest.warns(tr.TextReuseWarning, match=r'of the letters look misread .* Pass preset="ocr"'):
        result = tr.find_reuse(misread_collection(0.05))
    assert 0.01 < result.stats["misread"] < 0.05  # lost and stray letters are not seen


def test_clean_text_and_letters_are_not_warned_of() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert tr.find_reuse(misread_collection(0.0)).stats["misread"] < 0.005
        assert tr.find_reuse(misread_collection(0.05), preset="ocr").stats["misread"] is None


def test_the_command_line_says_so_in_a_line(tmp_path: Path) -> None:
    from click.testing import CliRunner

    for n, text in enumerate(misread_collection(0.05)):
        (tmp_path / f"{n}.txt").write_text(text)
    result = CliRunner().invoke(main, ["find", str(tmp_path)], catch_exceptions=False)
    assert result.exit_code == 0
    assert result.stderr.startswith("warning: about ")
    assert "warning" not in CliRunner().invoke(main, ["find", str(tmp_path), "--unit", "character"]).stderr


def test_a_self_test_promises_garbled_text_where_letters_are_compared() -> None:
    collection = [document.text for document in documents(40, 4)]
    result = tr.self_test(collection, kinds=["garbled"], edit_rates=[0.1], lengths=[60], n=20, preset="ocr", threads=1)
    (row,) = result
    assert row.promised == 0.95
    assert row.recall >= 0.8
    by_words = tr.self_test(collection, kinds=["garbled"], edit_rates=[0.1], lengths=[60], n=20, threads=1)
    assert [row.promised for row in by_words] == [None]


def test_noise_in_the_bench_is_as_much_as_asked_for() -> None:
    rng = np.random.default_rng(2)
    text = prose(400, 1)
    noisy, places = ocr.misread(text, 0.1, 0.0, "abcdefghijklmnopqrstuvwxyz", rng)
    assert len(places) == len(text) + 1
    assert places[-1] == len(noisy)
    assert 0.06 < ocr.edits_between(text, noisy) / len(text) < 0.11
