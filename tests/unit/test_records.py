from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from textreuse.errors import InputError
from textreuse.model import Document
from textreuse.records import open_records, value_span

ROWS = [
    {"id": "a", "text": 'one\n"two"', "n": 1.10, "year": 1848},
    {"id": "b", "text": "naïve 漢", "list": [1, {"text": "not this"}]},
    {"id": "c", "text": ""},
]


def copy_of(path: Path, edits: dict[str, str | None], **options: Any) -> bytes:
    """Return what is written of a collection, decompressed."""
    records = open_records(path, **options)
    list(records.read())
    output = path.with_name(f"out{''.join(path.suffixes)}")
    records.write(output, edits)
    data = output.read_bytes()
    return gzip.decompress(data) if output.suffix == ".gz" else data


def documents_in(path: Path, **options: Any) -> list[Document]:
    return list(open_records(path, **options).read())


# JSON lines

# As other programs write it: blanks where none are needed, escapes, line ends of Windows, none at the end.
LINES = (
    b'{"id":"a", "text" : "one\\n\\"two\\"","n": 1.10, "year": 1848}\r\n'
    b"\n"
    b'  { "list": [1, {"text": "not this"}], "text":"na\\u00efve \xe6\xbc\xa2" ,"id":"b"}  \n'
    b'{"text": "twice", "id": "c", "text": ""}'
)


@pytest.fixture(params=["rows.jsonl", "rows.ndjson", "rows.jsonl.gz"])
def lines(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / str(request.param)
    path.write_bytes(gzip.compress(LINES) if path.suffix == ".gz" else LINES)
    return path


def test_each_line_is_a_document_with_its_date(lines: Path) -> None:
    assert documents_in(lines) == [
        Document("a", 'one\n"two"', {"year": 1848}),
        Document("b", "naïve 漢", {}),
        Document("c", "", {}),
    ]


def test_lines_are_written_byte_for_byte(lines: Path) -> None:
    assert copy_of(lines, {}) == LINES.replace(b"\n\n", b"\n")  # the blank line held nothing
    first, _, second, third = LINES.split(b"\n")
    assert copy_of(lines, {"b": None}) == first + b"\n" + third
    assert copy_of(lines, {"a": None, "c": None}) == second + b"\n"


def test_another_text_leaves_every_other_byte(lines: Path) -> None:
    edited = copy_of(lines, {"a": "einé\n", "b": "字", "c": "neu"}).split(b"\n")
    assert edited[0] == b'{"id":"a", "text" : "ein\\u00e9\\n","n": 1.10, "year": 1848}\r'
    assert edited[1] == '  { "list": [1, {"text": "not this"}], "text":"字" ,"id":"b"}  '.encode()
    assert edited[2] == b'{"text": "twice", "id": "c", "text": "neu"}'


def test_a_lone_surrogate_is_written_as_its_escape(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_bytes('{"id": "é", "text": "\\ud800 x"}\n'.encode())
    assert copy_of(tmp_path / "x.jsonl", {"é": "\ud800"}) == '{"id": "é", "text": "\\ud800"}\n'.encode()


def test_the_same_rows_compress_to_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_bytes(LINES)
    records = open_records(tmp_path / "x.jsonl")
    assert len(list(records.read())) == 3
    for name in ("one.jsonl.gz", "other.jsonl.gz"):
        records.write(tmp_path / name, {})
    assert (tmp_path / "one.jsonl.gz").read_bytes() == (tmp_path / "other.jsonl.gz").read_bytes()


def test_a_row_without_an_id_has_the_number_of_its_line(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text("\n".join('{"text": "t"}' for _ in range(12)))
    ids = [document.id for document in documents_in(tmp_path / "x.jsonl")]
    assert (ids[0], ids[8], ids[11]) == ("01", "09", "12")


@pytest.mark.parametrize(
    "line", ['{"text":"x"}', '{ "a" : [ ] , "text" : "x" , "b":{"text":"y"} }\n', '\ufeff{"text": "x"}']
)
def test_the_value_of_a_field_is_found_among_others(line: str) -> None:
    start, stop = value_span(line, "text")
    assert line[start:stop] == '"x"'
    changed = json.loads((line[:start] + '"new"' + line[stop:]).removeprefix("\ufeff"))
    assert changed == {**json.loads(line.removeprefix("\ufeff")), "text": "new"}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"body": "x", "id": 1}', r"line 2 of x.jsonl has no field 'text' \(it has: body, id\)\. .* --text-field"),
        ('{"text": null}', "line 2 of x.jsonl has no text in 'text' but null"),
        ('{"text": "x", "id": [1]}', r"line 2 of x.jsonl has \[1\] for 'id'\. .* --id-field"),
        ("{'text': 'x'}", "line 2 of x.jsonl is no JSON: Expecting property name"),
        ('["text"]', "line 2 of x.jsonl is no JSON object but a list"),
        (b'{"text": "na\xefve"}', "line 2 of x.jsonl is not in utf-8. Pass --encoding"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, line: str | bytes, message: str) -> None:
    data = line if isinstance(line, bytes) else line.encode()
    (tmp_path / "x.jsonl").write_bytes(b'{"text": "fine"}\n' + data + b"\n")
    with pytest.raises(InputError, match=message):
        documents_in(tmp_path / "x.jsonl")


def test_a_field_named_for_the_id_has_to_be_there(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text('{"text": "fine", "id": 1}\n')
    with pytest.raises(InputError, match=r"line 1 of x\.jsonl has None for 'no'"):
        documents_in(tmp_path / "x.jsonl", id_field="no")


# Tables

TABLE = (
    'id,text,"year"\r\n'
    'a,"one\r\n""two"", three",1848\r\n'
    "\r\n"
    "b,naïve,\r\n"
    'c,"last",1850'
)  # fmt: skip


@pytest.fixture(params=["rows.csv", "rows.csv.gz", "bom.csv"])
def table(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, str]:
    path = tmp_path / str(request.param)
    text = "\ufeff" + TABLE if path.name.startswith("bom") else TABLE
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path, text


def test_each_row_is_a_document(table: tuple[Path, str]) -> None:
    assert documents_in(table[0]) == [
        Document("a", 'one\r\n"two", three', {"year": "1848"}),
        Document("b", "naïve", {"year": ""}),
        Document("c", "last", {"year": "1850"}),
    ]


def test_rows_are_written_byte_for_byte(table: tuple[Path, str]) -> None:
    path, text = table
    text = text.replace("\r\n\r\n", "\r\n")  # the blank line held nothing
    assert copy_of(path, {}).decode() == text
    assert copy_of(path, {"b": None}).decode() == text.replace("b,naïve,\r\n", "")
    assert copy_of(path, {"a": None}).decode() == text.replace('a,"one\r\n""two"", three",1848\r\n', "")


def test_a_row_with_another_text_is_the_only_one_that_changes(table: tuple[Path, str]) -> None:
    path, text = table
    text = text.replace("\r\n\r\n", "\r\n")
    assert copy_of(path, {"b": 'x "y", z'}).decode() == text.replace("b,naïve,", 'b,"x ""y"", z",')
    assert copy_of(path, {"c": "new"}).decode() == text.replace('c,"last",1850', "c,new,1850")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_what_sets_fields_apart_is_found_out(tmp_path: Path, delimiter: str) -> None:
    (tmp_path / "x.csv").write_text(delimiter.join(["id", "the text"]) + "\n" + delimiter.join(["a", "b"]) + "\n")
    assert documents_in(tmp_path / "x.csv", text_field="the text") == [Document("a", "b", {})]
    assert copy_of(tmp_path / "x.csv", {"a": "c"}, text_field="the text").decode().endswith(f"\na{delimiter}c\n")


def test_long_fields_can_be_read_and_the_limit_is_as_before(tmp_path: Path) -> None:
    before = csv.field_size_limit()
    (tmp_path / "x.csv").write_text("text\n" + "x" * (before + 1) + "\n")
    assert len(documents_in(tmp_path / "x.csv")[0].text) == before + 1
    assert csv.field_size_limit() == before


def test_other_encodings_can_be_named(tmp_path: Path) -> None:
    data = "id,text\na,naïve\nb,été\n".encode("cp1252")
    (tmp_path / "x.csv").write_bytes(data)
    with pytest.raises(InputError, match=r"x\.csv is not in utf-8\. Pass --encoding"):
        documents_in(tmp_path / "x.csv")
    assert documents_in(tmp_path / "x.csv", encoding="cp1252")[1].text == "été"
    assert copy_of(tmp_path / "x.csv", {"b": None}, encoding="cp1252") == data.replace(b"b,\xe9t\xe9\n", b"")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,body\na,b\n", r"names no field 'text' \(it is: id,body\)\. .* --text-field"),
        ("", "names no field 'text'"),
        ("text,text\na,b\n", "has a name twice: text, text"),
        ("id,text\na,b\nc\n", "line 3 of x.csv has 1 fields, the first line 2"),
    ],
)
def test_a_table_that_cannot_be_read_is_an_error(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "x.csv").write_text(text)
    with pytest.raises(InputError, match=message):
        documents_in(tmp_path / "x.csv")


# Files


def test_files_are_copied_into_a_folder_of_the_same_shape(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    contents = {"a.txt": b"\xef\xbb\xbfone\r\n", "sub/b.txt": b"na\xefve\n", "sub/c.txt": "drei\n".encode("utf-16")}
    for name, data in {**contents, "d.pdf": b"x"}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    records = open_records(folder)
    assert [(document.id, document.text) for document in records.read()] == [
        ("a.txt", "one\r\n"), ("sub/b.txt", "naïve\n"), ("sub/c.txt", "drei\n")
    ]  # fmt: skip
    assert [skipped.document_id for skipped in records.skipped] == ["d.pdf"]

    def written(name: str, edits: dict[str, str | None]) -> dict[str, bytes]:
        records.write(tmp_path / name, edits)
        files = (path for path in (tmp_path / name).rglob("*") if path.is_file())
        return {path.relative_to(tmp_path / name).as_posix(): path.read_bytes() for path in files}

    assert written("same", {}) == contents
    assert written("less", {"sub/b.txt": None}) == {name: contents[name] for name in ("a.txt", "sub/c.txt")}
    assert written("new", {"a.txt": "two\r\n", "sub/b.txt": "été\n", "sub/c.txt": "vier\n"}) == {
        "a.txt": b"\xef\xbb\xbftwo\r\n",
        "sub/b.txt": b"\xe9t\xe9\n",
        "sub/c.txt": "vier\n".encode("utf-16"),
    }


def test_one_file_becomes_one_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one")
    assert copy_of(tmp_path / "a.txt", {"a.txt": "two"}) == b"two"
