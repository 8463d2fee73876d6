from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.generate import collection
from click.testing import CliRunner, Result

from textreuse.cli import main
from textreuse.pan import Span, write_pan

DOCUMENTS, PLANTED = collection(8, seed=2, reuse_rate=0.5, words=(150, 200), edit_rate=0.0, passage_words=(50, 60))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["evaluate", *arguments], catch_exceptions=False)


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    for document in DOCUMENTS:
        (tmp_path / f"{document.id}.txt").write_text(document.text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def pan(tmp_path: Path) -> Path:
    """A folder as PAN lays it out: every document on both sides, one category with reuse and one without."""
    for side in ("susp", "src"):
        (tmp_path / side).mkdir()
        for document in DOCUMENTS:
            (tmp_path / side / f"{side}-{document.id}.txt").write_bytes(document.text.encode())
    truth = [
        Span(f"susp-{p.target_id}.txt", p.target_start, p.target_stop - p.target_start,
             f"src-{p.source_id}.txt", p.source_start, p.source_stop - p.source_start)
        for p in PLANTED
    ]  # fmt: skip
    write_pan(truth, tmp_path / "02-verbatim", name="plagiarism")
    pairs = sorted({(span.suspicious, span.source) for span in truth})
    (tmp_path / "02-verbatim" / "pairs").write_text("".join(f"{a} {b}\n" for a, b in pairs))
    (tmp_path / "01-none").mkdir()
    (tmp_path / "01-none" / "pairs").write_text("")
    return tmp_path


def test_the_texts_of_a_folder_are_tested_and_stay_as_they_are(articles: Path) -> None:
    before = {path: path.read_bytes() for path in articles.iterdir()}
    result = run(str(articles), "--kind", "verbatim", "--length", "20", "-n", "10", "--threads", "1", "-q")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines()[-1].split()[:5] == ["verbatim", "20", "0%", "10", "10"]
    assert before == {path: path.read_bytes() for path in articles.iterdir()}


def test_options_reach_the_test(articles: Path) -> None:
    result = run(
        str(articles), "--min-words", "12", "--edit-rate", "0.3", "--recall", "0.9", "--kind", "mixed",
        "--edited", "0.1", "--edited", "0.2", "-n", "3", "-q",
    )  # fmt: skip
    lines = [line.split()[:3] for line in result.stdout.splitlines()[2:]]
    assert lines == [["mixed", words, rate] for words in ("12", "24", "48") for rate in ("10%", "20%")]
    assert "promised: 0.9 of the passages of at least 12 words with at most 30%" in result.stdout


def test_a_picture_is_written(articles: Path) -> None:
    picture = articles / "selftest.svg"
    run(str(articles), *f"--kind verbatim --length 20 -n 2 -q --svg {picture}".split())
    assert picture.read_text(encoding="utf-8").startswith("<svg ")


def test_what_stands_in_pan_is_scored_by_category(pan: Path) -> None:
    result = run("--pan", str(pan), "--threads", "1", "-q")
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0].startswith("8 suspicious and 8 source documents, ")
    assert "01-none: 0 cases, 0 detections in 0 pairs" in lines
    assert any(line.startswith("02-verbatim: 4 cases, ") for line in lines)
    (macro,) = (line.split() for line in lines if line.startswith("  macro"))
    assert float(macro[macro.index("recall") + 1]) > 0.95
    assert any(line.startswith("  edges      median 0 characters, 0 words") for line in lines)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "evaluate takes either texts (PATH...) or --pan DIR."),
        (["{folder}", "--pan", "{folder}"], "evaluate takes either texts (PATH...) or --pan DIR."),
        (["--pan", "{folder}"], "no folder in {folder} holds a file 'pairs'"),
        (["--pan", "{folder}", "-n", "5", "--svg", "x.svg"], "--pan plants nothing, so it takes no n, svg."),
        (["{folder}", "--svg", "{folder}/none/x.svg"], "does not exist. Create it first."),
        (["{folder}", "--kind", "typed"], "kinds: 'typed' is unknown"),
        (["{folder}"], "holds no .txt file"),
    ],
)
def test_what_cannot_be_is_one_line_and_exit_code_2(arguments: list[str], message: str, tmp_path: Path) -> None:
    result = run(*(argument.format(folder=tmp_path) for argument in arguments))
    assert result.exit_code == 2
    assert message.format(folder=tmp_path) in result.stderr
    assert len(result.stderr.splitlines()) == 1
