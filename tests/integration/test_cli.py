"""The commands on real files, from the arguments to what they write."""

from __future__ import annotations

import csv
import inspect
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

import textreuse
from textreuse.cli import main
from textreuse.options import DEFAULTS, PRESETS
from textreuse.pipeline import find_reuse

SHARED = (
    "The harbour commission announced on Tuesday that the northern pier would stay closed until the inspectors had "
    "examined every one of its four hundred timber piles and reported on them."
)
FOOTER = "Subscribe to our newsletter to receive a fresh selection of stories in your inbox every single morning."

# Options of find_reuse that the command line does not have, each with its reason.
LIBRARY_ONLY = {
    "progress": "the command has its own bars",
    "keep_texts": "what the command writes and prints is the passages themselves",
    "tokenizer": "a function or a compiled pattern, which no argument can be",
    "shingle_words": "derived from the promise; set by hand in experiments, which are scripts",
    "seed_words": "derived from the promise; set by hand in experiments, which are scripts",
    "gap_words": "derived from the promise; set by hand in experiments, which are scripts",
    "window": "derived from the promise; set by hand in experiments, which are scripts",
    "max_partners": "the result links every occurrence anyway; set by hand in experiments",
    "batch_hits": "changes memory, never the result",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    texts = {
        "courier/one.txt": f"The ferries were late again. {SHARED} Nobody was surprised.\n{FOOTER}\n",
        "courier/two.txt": f"Trains ran on time for once, and the mayor took all credit for it.\n{FOOTER}\n",
        "herald/three.txt": f"We learn from our neighbours:\r\n{SHARED}\r\nMore on page four.\r\n",
    }
    for name, text in texts.items():
        path = tmp_path / "papers" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    monkeypatch.chdir(tmp_path)
    return tmp_path / "papers"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def found(*arguments: str) -> list[dict[str, object]]:
    result = run("find", *arguments, "--min-words", "12", "-o", "-")
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def pairs(rows: list[dict[str, object]]) -> set[tuple[object, object]]:
    return {(row["a_id"], row["b_id"]) for row in rows}


ONE, TWO, THREE = "courier/one.txt", "courier/two.txt", "herald/three.txt"


def test_find_gives_offsets_into_the_files_as_they_are(folder: Path) -> None:
    (row,) = [row for row in found("papers") if row["b_id"] == THREE]
    assert row["a_id"] == ONE
    for side in "ab":
        text = (folder / str(row[f"{side}_id"])).read_bytes().decode()
        passage = text[int(str(row[f"{side}_start"])) : int(str(row[f"{side}_stop"]))]
        assert passage == row[f"{side}_text"]
        assert SHARED.rstrip(".") in passage


def test_jsonl_and_csv_hold_the_same_matches(folder: Path) -> None:
    rows = found("papers")
    assert run("find", "papers", "--min-words", "12", "-o", "m.csv").exit_code == 0
    with Path("m.csv").open(encoding="utf-8", newline="") as file:
        in_csv = list(csv.DictReader(file))
    assert [{name: str(value) for name, value in row.items()} for row in rows] == in_csv


def test_group_leaves_out_matches_within_a_folder(folder: Path) -> None:
    assert pairs(found("papers")) == {(ONE, TWO), (ONE, THREE)}
    assert pairs(found("papers", "--group", "folder")) == {(ONE, THREE)}


def test_exclude_leaves_out_what_is_of_no_interest(folder: Path) -> None:
    Path("footer.txt").write_text(FOOTER)
    assert pairs(found("papers", "--exclude", "footer.txt")) == {(ONE, THREE)}


def test_against_matches_across_only(folder: Path) -> None:
    assert pairs(found("papers/courier", "--against", "papers/herald")) == {("one.txt", "three.txt")}


def test_max_matches_keeps_the_best(folder: Path) -> None:
    assert found("papers", "--max-matches", "1") == found("papers")[:1]


def test_find_prints_the_best_matches_and_writes_the_report(folder: Path) -> None:
    assert "inspectors" in run("find", "papers", "--min-words", "12").stdout
    result = run("find", "papers", "--min-words", "12", "--html", "report.html")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith("3 documents, 2 matches in 2 families -> report.html\n")
    assert "inspectors" in Path("report.html").read_text(encoding="utf-8")


def test_compare_finds_what_two_files_share(folder: Path) -> None:
    result = run("compare", f"papers/{ONE}", f"papers/{THREE}", "-o", "-")
    (row,) = [json.loads(line) for line in result.stdout.splitlines()]
    assert (row["a_id"], row["b_id"]) == ("a", "b")
    assert SHARED.rstrip(".") in row["a_text"]
    assert result.stderr == "2 documents, 1 match in 1 family -> stdout\n"


def test_demo_prints_matches_and_writes_its_report_where_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("demo")
    assert result.exit_code == 0, result.stderr
    assert "Report: open textreuse-demo.html" in result.stdout
    assert Path("textreuse-demo.html").stat().st_size > 0
    assert run("demo", "--html", "other.html").stdout.endswith("Report: open other.html in a browser.\n")
    assert Path("other.html").stat().st_size > 0


def test_wrong_options_are_one_line_and_exit_code_2(folder: Path) -> None:
    result = run("find", "papers", "--min-words", "-3", "--recall", "7")
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1


def start(*arguments: str) -> subprocess.Popen[bytes]:
    """Start the command as a process of its own, with the package that is under test."""
    environment = {**os.environ, "PYTHONPATH": str(Path(str(textreuse.__file__)).parents[1])}
    command = [sys.executable, "-m", "textreuse", *arguments]
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        preexec_fn=heed_interrupts if os.name == "posix" else None,
    )


def heed_interrupts() -> None:
    # jobs that a shell starts in the background ignore SIGINT, and so does all that they start
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_a_pipe_gets_matches_on_stdout_and_no_bars_on_stderr(folder: Path) -> None:
    with start("find", "papers", "--min-words", "12", "-o", "-") as process:
        output, errors = process.communicate()
    assert process.returncode == 0
    assert len(output.splitlines()) == 2
    assert errors.decode() == "3 documents, 2 matches in 2 families -> stdout\n"


@pytest.mark.skipif(os.name != "posix", reason="sends SIGINT")
def test_ctrl_c_is_exit_code_130_without_a_traceback(folder: Path) -> None:
    # A named pipe for a text: the command waits for what comes out of it, so that the signal finds it at work.
    os.mkfifo("slow")
    with start("compare", "slow", f"papers/{ONE}") as process:
        while process.poll() is None:
            try:
                writer = os.open("slow", os.O_WRONLY | os.O_NONBLOCK)
                break
            except OSError:  # nobody reads yet
                time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        try:
            # A signal between the last check of the interpreter and its blocking read is seen only at the next one.
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGINT)
            output, errors = process.communicate(timeout=60)
        finally:
            os.close(writer)  # a command that missed the signal ends now, so that the test fails instead of waiting
    assert (process.returncode, output, errors) == (130, b"", b"Interrupted.\n")


def test_every_option_of_find_reuse_is_on_the_command_line_or_library_only() -> None:
    of_library = {
        name: parameter.default
        for name, parameter in inspect.signature(find_reuse).parameters.items()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    }
    of_command = {option.name: option for option in main.commands["find"].params if isinstance(option, click.Option)}
    assert set(of_command) - {"output", "html", "quiet"} == set(of_library) - set(LIBRARY_ONLY)
    assert set(LIBRARY_ONLY) <= set(of_library)
    defaults = {**of_library, **DEFAULTS}
    for name in ("min_words", "edit_rate", "recall", "max_expected", "text_field", "id_field"):
        assert of_command[name].default == defaults[name]


def test_the_help_names_every_preset() -> None:
    assert all(name in run("find", "--help").stdout for name in PRESETS)
