from __future__ import annotations

import json
from math import log2
from pathlib import Path

import pytest

from textreuse.errors import InputError, OptionsError
from textreuse.evaluate import PlagdetScore, Span, plagdet, read_pan

CASE = ("s", 0, 10, "t", 5, 10)


def test_scores_are_those_of_the_scorer_of_pan(shared_data: Path) -> None:
    vectors = json.loads((shared_data / "plagdet-vectors.json").read_text())
    assert len(vectors) == 195
    for number, vector in enumerate(vectors):
        for average in ("macro", "micro"):
            score = plagdet(vector["cases"], vector["detections"], average=average)
            expected = PlagdetScore(
                vector[f"plagdet_{average}"],
                vector[average]["precision"],
                vector[average]["recall"],
                vector["granularity"],
            )
            for name in PlagdetScore.__slots__:
                assert getattr(score, name) == pytest.approx(getattr(expected, name), abs=1e-9), (number, average, name)


@pytest.mark.parametrize("average", ["macro", "micro"])
def test_finding_all_and_nothing_else_is_perfect(average: str) -> None:
    assert plagdet([CASE], [CASE], average=average) == PlagdetScore(1, 1, 1, 1)  # type: ignore[arg-type]
    assert plagdet([], [], average=average) == PlagdetScore(1, 1, 1, 1)  # type: ignore[arg-type]


@pytest.mark.parametrize("average", ["macro", "micro"])
@pytest.mark.parametrize(("cases", "found"), [([CASE], []), ([], [CASE])])
def test_finding_nothing_or_only_what_is_not_there_scores_zero(
    cases: list[tuple[object, ...]], found: list[tuple[object, ...]], average: str
) -> None:
    assert plagdet(cases, found, average=average) == PlagdetScore(0, 0, 0, 1)  # type: ignore[arg-type]


def test_half_of_a_case_is_half_of_its_recall() -> None:
    score = plagdet([CASE], [("s", 0, 5, "t", 5, 5)])
    assert (score.recall, score.precision) == (0.5, 1.0)
    assert score.plagdet == pytest.approx(2 / 3)


def test_a_detection_in_pieces_costs_by_granularity() -> None:
    score = plagdet([CASE], [("s", 0, 5, "t", 5, 5), ("s", 5, 5, "t", 10, 5)])
    assert (score.recall, score.precision, score.granularity) == (1.0, 1.0, 2.0)
    assert score.plagdet == pytest.approx(1 / log2(3))


def test_a_detection_that_overlaps_on_one_side_only_detects_nothing() -> None:
    assert plagdet([CASE], [("s", 0, 10, "t", 50, 10)]).recall == 0


def test_documents_of_another_pair_detect_nothing() -> None:
    assert plagdet([CASE], [("s", 0, 10, "u", 5, 10)]).recall == 0


def test_macro_weighs_cases_alike_and_micro_characters() -> None:
    cases = [("s", 0, 10, "t", 0, 10), ("s", 100, 90, "t", 100, 90)]
    found = cases[:1]
    assert plagdet(cases, found).recall == 0.5
    assert plagdet(cases, found, average="micro").recall == pytest.approx(0.1)


def test_an_unknown_average_is_an_error() -> None:
    with pytest.raises(OptionsError, match="average='mean': may be 'macro' or 'micro'"):
        plagdet([CASE], [CASE], average="mean")  # type: ignore[arg-type]


XML = """<document reference="s.txt">
<feature name="about" authors="anonymous" />
<feature name="plagiarism" this_offset="3" this_length="4"
  source_reference="t.txt" source_offset="5" source_length="6" />
</document>"""


def test_pan_files_are_read_in_order_of_name(tmp_path: Path) -> None:
    (tmp_path / "b.xml").write_text(XML)
    (tmp_path / "a.xml").write_text(XML.replace("s.txt", "r.txt"))
    (tmp_path / "c.txt").write_text("no annotation")
    assert read_pan(tmp_path) == [Span("r.txt", 3, 4, "t.txt", 5, 6), Span("s.txt", 3, 4, "t.txt", 5, 6)]
    assert read_pan(str(tmp_path)) == read_pan(tmp_path)


def test_a_folder_without_annotations_has_no_cases(tmp_path: Path) -> None:
    assert read_pan(tmp_path) == []


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there is no folder '.*nowhere'"):
        read_pan(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("no xml at all", r"broken\.xml is no XML"),
        (XML.replace(' this_offset="3"', ""), r"broken\.xml: a feature lacks or garbles 'this_offset'"),
        (XML.replace('"4"', '"four"'), r"broken\.xml: a feature lacks or garbles .*four"),
        (XML.replace(' reference="s.txt"', ""), r"broken\.xml: a feature lacks or garbles 'reference'"),
    ],
)
def test_a_broken_annotation_is_an_error_that_names_the_file(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "broken.xml").write_text(content)
    with pytest.raises(InputError, match=message):
        read_pan(tmp_path)
