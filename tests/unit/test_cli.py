"""The command line by itself: what it asks the library for, and how it answers. The real work is in integration/."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, cast

import click
import pytest
from click.testing import CliRunner, Result
from rich.console import Console
from rich.progress import Task

from textreuse import progress
from textreuse.cli import main
from textreuse.errors import OptionsError
from textreuse.model import Edit, Skipped
from textreuse.result import Family, Match, Passage, ReuseResult

A = "one two three"
STATS = {"documents": 2}


def result_of(n_matches: int, **fields: Any) -> ReuseResult:
    match = Match(Passage("a.txt", 0, 3, A), Passage("b.txt", 0, 3, A), 1.0, 9.5, 0.001, 0, 3.0)
    match.__dict__["alignment"] = (Edit("equal", 0, 3, 0, 3),)  # known beforehand, so that no step is needed for it
    families = (Family(0, (match.a, match.b)),) if n_matches else ()
    values: dict[str, Any] = {"skipped": (), "options": cast(Any, None), "stats": STATS, "documents": {}}
    return ReuseResult((match,) * n_matches, families, **{**values, **fields})


class Pipeline(ModuleType):
    """Stands in for the pipeline: notes how it was called and answers as it was told."""

    def __init__(self) -> None:
        super().__init__("textreuse.pipeline")
        self.calls: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
        self.answer: Callable[[], ReuseResult] = lambda: result_of(1)

    def find_reuse(self, *documents: Any, **options: Any) -> ReuseResult:
        self.calls.append((documents, options))
        return self.answer()

    compare = find_reuse

    @property
    def options(self) -> dict[str, Any]:
        """The options of the only call, progress aside."""
        ((_, options),) = self.calls
        return {name: value for name, value in options.items() if name != "progress"}


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Pipeline:
    stand_in = Pipeline()
    monkeypatch.setitem(sys.modules, "textreuse.pipeline", stand_in)
    monkeypatch.chdir(tmp_path)
    for name in ("a.txt", "b.txt"):
        Path(name).write_text(A)
    return stand_in


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


# Help


@pytest.mark.parametrize("command", [[], *([name] for name in main.commands)])
def test_every_help_has_examples_and_every_option_a_text(command: list[str]) -> None:
    result = run(*command, "--help")
    assert result.exit_code == 0
    assert "Examples:\n" in result.stdout
    described: click.Command = main.commands[command[0]] if command else main
    for parameter in described.params:
        assert isinstance(parameter, click.Argument) or cast(click.Option, parameter).help


def test_version_is_one_line() -> None:
    result = run("--version")
    assert result.exit_code == 0
    assert result.stdout.startswith("textreuse ")
    assert result.stdout.count("\n") == 1


def test_the_command_loads_nothing_heavy_before_it_must() -> None:
    code = (
        "import sys, textreuse.cli\n"
        "print(*{'numba', 'numpy', 'pandas', 'scipy', 'datasketch', 'narwhals', 'rich'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_python_m_is_the_command() -> None:
    done = subprocess.run([sys.executable, "-m", "textreuse", "--help"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Usage: textreuse [OPTIONS] COMMAND")


# What is asked for


def test_options_that_were_not_given_are_left_to_the_library(pipeline: Pipeline) -> None:
    assert run("find", "a.txt", "b.txt").exit_code == 0
    assert pipeline.calls[0][0] == ([Path("a.txt"), Path("b.txt")],)
    assert pipeline.options == {}


def test_every_option_reaches_the_library(pipeline: Pipeline) -> None:
    given = (
        "find . --against a.txt --against b.txt --exclude b.txt --min-words 8 --edit-rate 0.1 --recall 0.9 "
        "--preset ocr --unit word --max-expected 0.5 --boilerplate keep --within --group folder --max-matches 5 "
        "--threads 2 --encoding cp1252 --text-field body --id-field no"
    )
    assert run(*given.split()).exit_code == 0
    assert pipeline.options == {
        "against": [Path("a.txt"), Path("b.txt")],
        "exclude": [A],
        "min_words": 8,
        "edit_rate": 0.1,
        "recall": 0.9,
        "preset": "ocr",
        "unit": "word",
        "max_expected": 0.5,
        "boilerplate": "keep",
        "within": True,
        "group": "folder",
        "max_matches": 5,
        "threads": 2,
        "encoding": "cp1252",
        "text_field": "body",
        "id_field": "no",
    }


def test_compare_hands_over_the_two_texts(pipeline: Pipeline) -> None:
    Path("b.txt").write_bytes("naïve".encode("utf-16"))
    assert run("compare", "a.txt", "b.txt", "--min-words", "3").exit_code == 0
    assert pipeline.calls[0][0] == (A, "naïve")
    assert pipeline.options == {"min_words": 3}


# What is answered


def test_without_output_the_best_matches_are_printed_and_the_status_is_on_stderr(pipeline: Pipeline) -> None:
    result = run("find", ".")
    assert "a.txt" in result.stdout
    assert result.stderr == "2 documents, 1 match in 1 family\n"


def test_with_output_stdout_is_empty_and_stderr_says_where_it_is(pipeline: Pipeline) -> None:
    pipeline.answer = lambda: result_of(2)
    result = run("find", ".", "-o", "m.csv", "--html", "r.html")
    assert result.stdout == ""
    assert result.stderr == "2 documents, 2 matches in 1 family -> m.csv and r.html\n"
    assert len(Path("m.csv").read_text().splitlines()) == 3  # a header and two rows
    assert "<html" in Path("r.html").read_text(encoding="utf-8").lower()


def test_a_dash_writes_json_lines_and_nothing_else_to_stdout(pipeline: Pipeline) -> None:
    result = run("find", ".", "-o", "-")
    assert result.stdout.startswith('{"a_id": "a.txt"')
    assert result.stdout.count("\n") == 1


def test_quiet_leaves_stderr_empty(pipeline: Pipeline) -> None:
    assert run("find", ".", "-q").stderr == ""


def test_no_match_is_a_success(pipeline: Pipeline) -> None:
    pipeline.answer = lambda: result_of(0)
    result = run("find", ".", "-o", "m.jsonl")
    assert (result.exit_code, result.stderr) == (0, "2 documents, 0 matches in 0 families -> m.jsonl\n")


def test_what_was_skipped_or_not_in_utf_8_is_said(pipeline: Pipeline) -> None:
    skipped = tuple(Skipped(f"{name}.pdf", "is not a .txt file") for name in "abcde")
    documents: dict[str, dict[str, Any]] = {"x.txt": {"encoding": "cp1252"}, "y.txt": {}}
    pipeline.answer = lambda: result_of(1, skipped=skipped, documents=documents)
    lines = run("find", ".", "-o", "m.csv").stderr.splitlines()
    assert lines[1:] == [
        "not UTF-8, read as cp1252: x.txt. If that is wrong, pass --encoding.",
        "skipped, is not a .txt file: a.pdf, b.pdf, c.pdf and 2 more",
    ]


# What goes wrong


def test_an_error_of_the_library_is_one_line_and_exit_code_2(pipeline: Pipeline) -> None:
    def fail() -> ReuseResult:
        raise OptionsError("recall is 7, not in 0..1.\nmin_words is -1.")

    pipeline.answer = fail
    result = run("find", ".")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "Error: recall is 7, not in 0..1. min_words is -1.\n"


def test_an_interrupt_is_exit_code_130(pipeline: Pipeline) -> None:
    def interrupt() -> ReuseResult:
        raise KeyboardInterrupt

    pipeline.answer = interrupt
    result = run("find", ".")
    assert (result.exit_code, result.stderr) == (130, "Interrupted.\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("find", "Missing argument 'PATH...'"),
        ("find nowhere", "'nowhere' does not exist"),
        ("find . --min-words many", "'many' is not a valid integer"),
        ("find . -o m.xlsx", "'m.xlsx' ends in none of .jsonl, .csv, .graphml"),
        ("find . -o new/m.csv", "folder 'new' does not exist"),
        ("find . --html -", "the report goes to a file"),
        ("compare a.txt", "Missing argument 'B'"),
        ("compare a.txt .", "is a directory"),
        ("demo --html new/demo.html", "folder 'new' does not exist"),
    ],
)
def test_wrong_usage_is_exit_code_2_before_any_work(pipeline: Pipeline, arguments: str, message: str) -> None:
    result = run(*arguments.split())
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.replace("│", " ").split())
    assert pipeline.calls == []


def test_an_unreadable_text_is_one_line_and_exit_code_2(pipeline: Pipeline) -> None:
    Path("scan.pdf").write_text("x")
    result = run("compare", "a.txt", "scan.pdf")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "'scan.pdf' is not plain text" in result.stderr


# Progress


def terminal() -> tuple[Console, io.StringIO]:
    written = io.StringIO()
    return Console(file=written, force_terminal=True, width=100), written


def test_nothing_is_shown_in_a_pipe(pipeline: Pipeline) -> None:
    written = io.StringIO()
    with progress.ProgressBars(Console(file=written)) as bars:
        bars("align", 1, 2)
    assert written.getvalue() == ""


def test_a_terminal_shows_each_step_and_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "kernels_are_compiled", lambda: True)
    console, written = terminal()
    with progress.ProgressBars(console) as bars:
        bars("tokenize", 2, 2)
        bars("align", 1, 7)
    assert "tokenize" in written.getvalue()
    assert "14%" in written.getvalue()


def test_quiet_shows_nothing_on_a_terminal() -> None:
    console, written = terminal()
    with progress.ProgressBars(console, quiet=True) as bars:
        bars("align", 1, 2)
    assert written.getvalue() == ""


@pytest.mark.parametrize(("compiled", "is_said"), [(False, True), (True, False)])
def test_a_first_run_that_takes_its_time_is_explained(
    compiled: bool, is_said: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "kernels_are_compiled", lambda: compiled)
    monkeypatch.setattr(progress, "SECONDS_BEFORE_NOTE", 0.0)
    console, written = terminal()
    with progress.ProgressBars(console) as bars:
        if is_said:
            bars.note.join(timeout=10)
        else:
            assert not bars.note.is_alive()

    assert ("First run" in written.getvalue()) == is_said


def test_kernels_count_as_compiled_where_there_is_an_index_newer_than_their_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NUMBA_DISABLE_JIT", raising=False)
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    assert not progress.kernels_are_compiled()
    index = tmp_path / "_kernels_0123abcd" / f"align.f-1.py{sys.version_info.major}{sys.version_info.minor}.nbi"
    index.parent.mkdir()
    index.touch()
    assert progress.kernels_are_compiled()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "elsewhere"))
    assert not progress.kernels_are_compiled()
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    assert progress.kernels_are_compiled()


# Documentation


def test_every_command_is_in_the_documentation() -> None:
    usage = (Path(__file__).resolve().parents[2] / "docs" / "usage.md").read_text(encoding="utf-8")
    assert [name for name in main.commands if f"    textreuse {name} " not in usage.replace("\n", " \n")] == []


def test_a_step_of_many_parts_shows_its_rate_and_one_of_one_part_none() -> None:
    class OfSpeed(NamedTuple):
        total: float | None
        speed: float | None

    column = progress.RateColumn()
    shown = [str(column.render(cast(Task, OfSpeed(*of)))) for of in ((500.0, 1234.4), (1.0, 1234.4), (500.0, None))]
    assert shown == ["1,234/s", "", ""]
