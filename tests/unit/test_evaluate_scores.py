from __future__ import annotations

from pathlib import Path

import pytest

from textreuse.errors import InputError, OptionsError
from textreuse.evaluate import (
    Agreement,
    EdgeErrors,
    Span,
    measure_edges,
    read_pan,
    score_cases,
    score_characters,
    score_documents,
    write_pan,
)
from textreuse.pan import read_pan_pairs, read_pan_texts

CASE = ("s", 0, 10, "t", 5, 10)
ALL = Agreement(1.0, 1.0, 1.0)
NONE = Agreement(0.0, 0.0, 0.0)


def test_a_case_is_found_if_enough_of_both_sides_is_covered() -> None:
    half = ("s", 0, 5, "t", 5, 5)
    assert score_cases([CASE], [half]) == ALL
    assert score_cases([CASE], [half], coverage=0.51) == Agreement(1.0, 0.0, 0.0)
    assert score_cases([CASE], [("s", 0, 10, "t", 5, 4)]) == Agreement(1.0, 0.0, 0.0)


def test_pieces_add_up_to_a_found_case() -> None:
    assert score_cases([CASE], [("s", 0, 5, "t", 5, 5), ("s", 5, 5, "t", 10, 5)], coverage=1) == ALL


def test_a_detection_far_longer_than_its_case_is_not_right() -> None:
    assert score_cases([CASE], [("s", 0, 30, "t", 5, 30)]) == Agreement(0.0, 1.0, 0.0)


def test_documents_count_once_however_many_cases_they_share() -> None:
    truth = [CASE, ("s", 100, 10, "t", 100, 10), ("s", 0, 10, "u", 0, 10)]
    found = [CASE, ("s", 50, 10, "t", 50, 10), ("s", 50, 10, "u", 50, 10), ("s", 0, 10, "v", 0, 10)]
    score = score_documents(truth, found)
    assert (score.precision, score.recall) == (1 / 3, 1 / 2)
    assert score.f1 == pytest.approx(0.4)


def test_characters_are_scored_on_each_side_by_itself() -> None:
    suspicious, source = score_characters([CASE], [("s", 5, 10, "t", 5, 10)])
    assert suspicious == Agreement(0.5, 0.5, 0.5)
    assert source == ALL


def test_a_character_of_several_detections_of_one_pair_counts_once() -> None:
    assert score_characters([CASE], [CASE, CASE, ("s", 0, 5, "t", 5, 5)]) == (ALL, ALL)


def test_a_passage_held_against_another_source_agrees_in_no_character() -> None:
    assert score_characters([CASE], [("s", 0, 10, "u", 5, 10)]) == (NONE, NONE)


@pytest.mark.parametrize("score", [score_cases, score_documents])
def test_nothing_to_find_and_nothing_found_is_perfect(score: object) -> None:
    assert callable(score)
    assert score([], []) == ALL
    assert score([CASE], []) == Agreement(1.0, 0.0, 0.0)
    assert score([], [CASE]) == Agreement(0.0, 1.0, 0.0)


def test_a_coverage_that_is_no_share_is_an_error() -> None:
    with pytest.raises(OptionsError, match="coverage=0: a share above 0"):
        score_cases([CASE], [CASE], coverage=0)


def test_edges_are_measured_from_the_first_to_the_last_piece() -> None:
    pieces = [("s", 1, 3, "t", 5, 3), ("s", 6, 4, "t", 9, 8)]
    # starts: 1 and 0 off; stops: 0 and 2 off
    errors = measure_edges([CASE], pieces)
    assert (errors.n_edges, errors.median, errors.median_words) == (4, 0.5, None)
    assert errors.percentile_90 == pytest.approx(1.7)


def test_edges_in_words_count_those_that_stand_between() -> None:
    text = "one two three four five"
    whole, middle = ("s", 0, 23, "t", 0, 23), ("s", 8, 10, "t", 8, 15)
    errors = measure_edges([whole], [middle], suspicious={"s": text}, sources={"t": text})
    # "one two " is two words, " five" one; on the other side "one two " and nothing
    assert (errors.median_words, errors.percentile_90_words) == (1.5, 2.0)
    cut = ("s", 2, 21, "t", 0, 23)
    errors = measure_edges([whole], [cut], suspicious={"s": text}, sources={"t": text})
    assert errors.percentile_90_words == pytest.approx(0.7)  # of 1, 0, 0, 0


def test_edges_of_what_is_not_detected_count_nothing() -> None:
    assert measure_edges([CASE], []) == EdgeErrors(0, 0.0, 0.0, None, None)
    assert measure_edges([CASE], [], suspicious={}, sources={}) == EdgeErrors(0, 0.0, 0.0, 0.0, 0.0)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    spans = [Span("s<&>\"'.txt", 3, 4, "t/ü.txt", 5, 6), Span("s<&>\"'.txt", 1, 2, "t/ü.txt", 1, 2)]
    paths = write_pan([*spans, Span("r.txt", 0, 1, "t.txt", 0, 1)], tmp_path / "new" / "folder")
    assert [path.name for path in paths] == ["r-t.xml", "s_&__'-t_ü.xml"]
    assert read_pan(tmp_path / "new" / "folder") == [Span("r.txt", 0, 1, "t.txt", 0, 1), *spans]


def test_documents_whose_names_differ_in_slashes_only_get_files_of_their_own(tmp_path: Path) -> None:
    spans = [Span("a/b.txt", 0, 1, "t.txt", 0, 1), Span("a_b.txt", 0, 1, "t.txt", 0, 1)]
    assert [path.name for path in write_pan(spans, tmp_path)] == ["a_b-t.xml", "a_b-t-2.xml"]
    assert sorted(read_pan(tmp_path)) == spans


def test_features_are_named_as_asked(tmp_path: Path) -> None:
    (path,) = write_pan([CASE], tmp_path, name="plagiarism")
    assert 'name="plagiarism"' in path.read_text(encoding="utf-8")


def test_a_name_that_xml_cannot_hold_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="XML cannot"):
        write_pan([("s\x00", 0, 1, "t", 0, 1)], tmp_path)


def test_texts_of_pan_keep_their_line_ends(tmp_path: Path) -> None:
    for side in ("susp", "src"):
        (tmp_path / side).mkdir()
        (tmp_path / side / f"{side}.txt").write_bytes("ü\r\n".encode())
    assert read_pan_texts(tmp_path) == ({"susp.txt": "ü\r\n"}, {"src.txt": "ü\r\n"})


def test_a_folder_that_pan_would_not_know_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no folder susp and no folder src"):
        read_pan_texts(tmp_path)
    for side in ("susp", "src"):
        (tmp_path / side).mkdir()
    (tmp_path / "src" / "bad.txt").write_bytes(b"ab\xff")
    with pytest.raises(InputError, match=r"bad\.txt is not in UTF-8 .*at byte 2"):
        read_pan_texts(tmp_path)


def test_pairs_are_two_names_a_line(tmp_path: Path) -> None:
    (tmp_path / "pairs").write_text("a b\n\nc d\n")
    assert read_pan_pairs(tmp_path / "pairs") == [("a", "b"), ("c", "d")]
    (tmp_path / "pairs").write_text("a b\na b c\n")
    with pytest.raises(InputError, match=r"line 2 of .*pairs holds 3 names"):
        read_pan_pairs(tmp_path / "pairs")
