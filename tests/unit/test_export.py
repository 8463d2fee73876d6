"""Matches as JSON lines, CSV and DataFrame."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import Any, cast

import pytest

from textreuse.errors import TextReuseError
from textreuse.export import to_pandas, write_csv, write_jsonl
from textreuse.result import Match, Passage, ReuseResult

TEXT = 'He said: "Größe, 大小",\r\nand 😀 left.'
SURROGATES = "torn \ud83d apart\n\udc80"


def result_of(*texts: str, score: float = 0.1 + 0.2) -> ReuseResult:
    matches = tuple(
        Match(
            Passage(f"a{i}", 0, len(text), text),
            Passage("b\udcff", 2, 2 + len(text), f"__{text}"),
            1.0,
            score,
            1e-300,
            i,
            5.5,
        )
        for i, text in enumerate(texts)
    )
    options = cast(Any, None)  # no export looks at the options
    return ReuseResult(matches, families=(), skipped=(), options=options, stats={}, documents={})


def test_jsonl_holds_one_object_per_match_that_reads_back_as_its_dict(tmp_path: Path) -> None:
    result = result_of(TEXT, SURROGATES)
    write_jsonl(result, tmp_path / "m.jsonl")
    lines = (tmp_path / "m.jsonl").read_text(encoding="utf-8").split("\n")
    assert lines.pop() == ""
    assert [json.loads(line) for line in lines] == [match.to_dict() for match in result]


def test_jsonl_is_readable_text_with_only_lone_surrogates_escaped(tmp_path: Path) -> None:
    write_jsonl(result_of("大小 \ud83d"), str(tmp_path / "m.jsonl"))
    data = (tmp_path / "m.jsonl").read_bytes()
    assert "大小".encode() in data
    assert rb'\ud83d"' in data
    assert b"\r" not in data


def test_csv_reads_back_line_ends_and_quotes_included(tmp_path: Path) -> None:
    write_csv(result_of(TEXT), tmp_path / "m.csv")
    with (tmp_path / "m.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["a_text"], row["b_text"]) == (TEXT, TEXT)
    assert (row["a_id"], row["a_start"], row["a_stop"]) == ("a0", "0", str(len(TEXT)))
    assert row["b_id"] == r"b\udcff"


def test_floats_are_written_so_that_they_read_back_exactly(tmp_path: Path) -> None:
    write_csv(result_of(TEXT), tmp_path / "m.csv")
    write_jsonl(result_of(TEXT), tmp_path / "m.jsonl")
    for name in ("m.csv", "m.jsonl"):
        content = (tmp_path / name).read_text(encoding="utf-8")
        assert "0.30000000000000004" in content  # repr(0.1 + 0.2)
        assert "1e-300" in content


def test_rows_end_in_a_line_feed_and_nothing_else(tmp_path: Path) -> None:
    write_csv(result_of("one", "two"), tmp_path / "m.csv")
    data = (tmp_path / "m.csv").read_bytes()
    assert data.count(b"\n") == 3  # a header and two rows
    assert b"\r" not in data


def test_no_match_gives_an_empty_jsonl_and_a_csv_with_the_same_header(tmp_path: Path) -> None:
    write_jsonl(result_of(), tmp_path / "m.jsonl")
    assert (tmp_path / "m.jsonl").read_bytes() == b""
    write_csv(result_of(), tmp_path / "empty.csv")
    write_csv(result_of(TEXT), tmp_path / "full.csv")
    assert (tmp_path / "full.csv").read_bytes().startswith((tmp_path / "empty.csv").read_bytes())


def test_a_result_without_texts_has_no_columns_for_them(tmp_path: Path) -> None:
    result = result_of(TEXT).without_texts()
    write_csv(result, tmp_path / "m.csv")
    assert "text" not in (tmp_path / "m.csv").read_text(encoding="utf-8")
    assert [name for name in to_pandas(result).columns.tolist() if "text" in name] == []


@pytest.mark.parametrize("write", [write_jsonl, write_csv])
def test_a_stream_gets_what_a_file_gets(write: Any, tmp_path: Path) -> None:
    stream = io.StringIO(newline="")
    write(result_of(TEXT, SURROGATES), stream)
    write(result_of(TEXT, SURROGATES), tmp_path / "file")
    assert stream.getvalue().encode() == (tmp_path / "file").read_bytes()


@pytest.mark.parametrize("write", [write_jsonl, write_csv])
def test_a_dash_writes_the_same_bytes_to_stdout_whatever_its_encoding(
    write: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii", newline="\r\n"))
    sys.stdout.write("before\n")
    write(result_of(TEXT), "-")
    sys.stdout.write("after\n")
    sys.stdout.flush()
    write(result_of(TEXT), tmp_path / "file")
    assert raw.getvalue() == b"before\r\n" + (tmp_path / "file").read_bytes() + b"after\r\n"


def test_a_dash_writes_to_a_stdout_that_has_no_bytes_below(monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = io.StringIO()
    monkeypatch.setattr(sys, "stdout", notebook)
    write_jsonl(result_of(TEXT), "-")
    assert json.loads(notebook.getvalue())["a_text"] == TEXT


@pytest.mark.parametrize("write", [write_jsonl, write_csv])
def test_a_file_that_cannot_be_written_is_an_error_that_names_it(write: Any, tmp_path: Path) -> None:
    with pytest.raises(TextReuseError, match=r"missing/m' cannot be written \(No such file or directory\)"):
        write(result_of(TEXT), tmp_path / "missing" / "m")


def test_a_data_frame_holds_the_rows_of_the_matches() -> None:
    result = result_of(TEXT, SURROGATES)
    assert to_pandas(result).to_dict("records") == [match.to_dict() for match in result]


def test_an_empty_data_frame_has_the_columns_and_types_of_a_full_one() -> None:
    empty, full = to_pandas(result_of()), to_pandas(result_of(TEXT))
    assert len(empty) == 0
    assert empty.dtypes.to_dict() == full.dtypes.to_dict()


def test_a_missing_pandas_is_an_error_that_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(TextReuseError, match=r"pip install 'textreuse\[pandas\]'"):
        to_pandas(result_of(TEXT))
