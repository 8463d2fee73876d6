"""Collections on disk that can be written again as they are, with some documents left out or their texts changed.

A collection is a folder of text files, one text file, a file of JSON lines or a CSV file (both also with .gz).
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import IO, Any, Protocol, cast

from textreuse.dates import FIELDS
from textreuse.errors import InputError
from textreuse.files import BYTE_ORDER_MARKS, FoundFile, find_files, read_files
from textreuse.model import Document, Skipped

JSON_LINES = (".jsonl", ".ndjson")
TABLES = (".csv", ".tsv")
ROW_FILES = JSON_LINES + TABLES
DELIMITERS = ",;\t|"
COMPRESSION = 6  # as gzip does; 9, the default of Python, takes a quarter longer for 0.3 % less
Edits = Mapping[str, str | None]  # the new text of a document, None to leave it out; others stay as they are


class Records(Protocol):
    """Documents of a collection, read once in a stream, then written."""

    skipped: list[Skipped]

    def read(self) -> Iterator[Document]:
        """Yield the documents in the order of the files or rows."""

    def write(self, output: Path, edits: Edits) -> None:
        """Write the collection with `edits` to `output`, all else byte for byte as it was read."""


def open_records(path: Path, *, text_field: str = "text", id_field: str = "id", encoding: str | None = None) -> Records:
    """Return the collection at `path`, of the kind that its name says."""
    kind = kind_of(path)
    if kind in JSON_LINES:
        return JsonLines(path, text_field, id_field, encoding)
    if kind in TABLES:
        return Table(path, text_field, id_field, encoding)
    return TextFiles(path, encoding)


def kind_of(path: Path) -> str:
    """Return the suffix that says the kind of a file, without .gz.

    >>> kind_of(Path("wire.jsonl.gz")), kind_of(Path("articles"))
    ('.jsonl', '')
    """
    name = path.name.lower().removesuffix(".gz")
    return Path(name).suffix


@dataclass
class TextFiles:
    """A folder of text files, or one text file."""

    path: Path
    encoding: str | None
    skipped: list[Skipped] = field(default_factory=list)
    _files: dict[str, tuple[FoundFile, str]] = field(default_factory=dict)

    def read(self) -> Iterator[Document]:
        """Yield a document for each file, in the order of their paths."""
        found = find_files([self.path])
        by_id = {file.id: file for file in found}
        for document in read_files(found, self.encoding, self.skipped.append):
            encoding = self.encoding or str(document.metadata.get("encoding", "utf-8"))
            self._files[document.id] = by_id[document.id], encoding
            yield document

    def write(self, output: Path, edits: Edits) -> None:
        """Copy the files into the folder `output`, under their paths; one file becomes the file `output`."""
        for id_, (file, encoding) in self._files.items():
            text = edits.get(id_, "")
            if text is None:
                continue
            target = output if file.named else output / id_
            target.parent.mkdir(parents=True, exist_ok=True)
            if id_ in edits:
                target.write_bytes(_encoded(text, file.path, encoding))
            else:
                shutil.copyfile(file.path, target)


def _encoded(text: str, original: Path, encoding: str) -> bytes:
    """Return a text in the encoding of its original, with a byte order mark if that had one."""
    if encoding.startswith("utf-8"):  # or "utf-8, 3 invalid replaced"
        with original.open("rb") as file:
            mark = b"\xef\xbb\xbf" if file.read(3) == b"\xef\xbb\xbf" else b""
        return mark + text.encode("utf-8", "surrogatepass")
    with original.open("rb") as file:
        start = file.read(4)
    for mark, name in BYTE_ORDER_MARKS:
        if encoding == name and start.startswith(mark):
            return mark + text.encode(f"{name}-{'le' if mark[0] == 0xFF else 'be'}")
    return text.encode(encoding)


@dataclass
class _Rows:
    """A file of rows; an id that is not there is the number of the line, filled up with zeros."""

    path: Path
    text_field: str
    id_field: str
    encoding: str | None
    skipped: list[Skipped] = field(default_factory=list)
    _ids: list[str] = field(default_factory=list)  # of the rows that were read, in their order

    def _document(self, row: Mapping[str, Any], line: int) -> Document:
        where = f"line {line:,} of {self.path.name}"
        text = row.get(self.text_field)
        if not isinstance(text, str):
            has = ", ".join(map(str, row)) or "nothing"
            what = f"no field {self.text_field!r} (it has: {has})"
            if self.text_field in row:
                what = f"no text in {self.text_field!r} but {json.dumps(text)[:40]}"
            raise InputError(f"{where} has {what}. Name the field that holds the text with --text-field.")
        id_ = row.get(self.id_field)
        if self.id_field == "id" and "id" not in row:
            id_ = f"{line:0{self._width}}"
        if id_ is None or isinstance(id_, dict | list | bool):
            raise InputError(
                f"{where} has {id_!r} for {self.id_field!r}. Name the field that holds ids with --id-field."
            )
        dates = {name: row[name] for name in FIELDS if name in row}
        self._ids.append(str(id_))
        return Document(str(id_), text, dates)

    @cached_property
    def _width(self) -> int:
        """Return how many digits the numbers of lines have."""
        with _opened(self.path, "rb") as file:
            return len(str(sum(1 for _ in file)))


@dataclass
class JsonLines(_Rows):
    """A file with one JSON object per line."""

    def read(self) -> Iterator[Document]:
        """Yield a document for each line that is not blank."""
        self._ids.clear()
        for number, line in self._lines():
            yield self._document(self._parsed(line, number), number)

    def write(self, output: Path, edits: Edits) -> None:
        """Write the lines to the file `output` ("-": standard output)."""
        with _opened(output, "wb") as file:
            for id_, (_, line) in zip(self._ids, self._lines(), strict=True):
                text = edits.get(id_)
                if id_ not in edits:
                    file.write(line)
                elif text is not None:
                    file.write(self._with_text(line, text))

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        with _opened(self.path, "rb") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, line

    def _parsed(self, line: bytes, number: int) -> dict[str, Any]:
        try:
            row = json.loads(line.decode(self.encoding or "utf-8-sig"))
        except UnicodeDecodeError as error:
            raise InputError(
                f"line {number:,} of {self.path.name} is not in {error.encoding}. Pass --encoding."
            ) from error
        except ValueError as error:
            raise InputError(f"line {number:,} of {self.path.name} is no JSON: {error}.") from error
        if not isinstance(row, dict):
            raise InputError(f"line {number:,} of {self.path.name} is no JSON object but a {type(row).__name__}.")
        return row

    def _with_text(self, line: bytes, text: str) -> bytes:
        """Return a line with another text, every other byte as it is."""
        encoding = self.encoding or "utf-8"
        source = line.decode(encoding)
        start, stop = value_span(source, self.text_field)
        # a lone surrogate can only be written as its escape
        is_ascii = line.isascii() or any("\ud800" <= character <= "\udfff" for character in text)
        return (source[:start] + json.dumps(text, ensure_ascii=is_ascii) + source[stop:]).encode(encoding)


def value_span(line: str, name: str) -> tuple[int, int]:
    """Return where the value of a field stands in the text of a JSON object; the last one where there are several.

    >>> line = '{"a": "text", "text" : "x\\\\"y", "b": [1, 2]}'
    >>> start, stop = value_span(line, "text")
    >>> line[start:stop]
    '"x\\\\"y"'
    """
    decoder = json.JSONDecoder()
    found = (0, 0)
    place = line.index("{") + 1
    while line[place:].lstrip()[:1] not in ("}", ""):
        key, place = decoder.raw_decode(line, _skip(line, place, ","))
        start = _skip(line, place, ":")
        _, place = decoder.raw_decode(line, start)
        if key == name:
            found = start, place
        place = _skip(line, place, "")
    return found


def _skip(line: str, place: int, separator: str) -> int:
    """Return the place after white space, a separator if it is there, and white space."""
    while line[place] in " \t\r\n" or line[place] == separator:
        place += 1
    return place


@dataclass
class Table(_Rows):
    """A CSV file with a line of names; what sets fields apart is found out from that."""

    def read(self) -> Iterator[Document]:
        """Yield a document for each row."""
        self._ids.clear()
        for number, _, row, _ in self._rows():
            yield self._document(row, number)

    def write(self, output: Path, edits: Edits) -> None:
        """Write the names and rows to the file `output` ("-": standard output)."""
        with _opened(output, "wb") as binary:
            encoding = self.encoding or "utf-8"
            binary.write(self._header().encode(encoding))
            for id_, (_, source, row, delimiter) in zip(self._ids, self._rows(), strict=True):
                text = edits.get(id_)
                if id_ not in edits:
                    binary.write(source.encode(encoding))
                elif text is not None:
                    end = source[len(source.rstrip("\r\n")) :]
                    changed = io.StringIO()
                    writer = csv.writer(changed, delimiter=delimiter, lineterminator=end)
                    writer.writerow({**row, self.text_field: text}.values())
                    binary.write(changed.getvalue().encode(encoding))

    def _header(self) -> str:
        with self._text() as file:
            lines = _Recorded(file)
            next(csv.reader(lines), None)
            return lines.taken()

    def _rows(self) -> Iterator[tuple[int, str, dict[str, str], str]]:
        """Yield each row: the number of its first line, its source, its fields by name, and what sets them apart."""
        with self._text() as file, _unlimited_fields():
            lines = _Recorded(file)
            header = self._header()
            delimiter = self._delimiter(header)
            reader = csv.reader(lines, delimiter=delimiter)
            names = next(reader, [])
            if len(set(names)) < len(names):
                raise InputError(f"the first line of {self.path.name} has a name twice: {', '.join(names)}.")
            lines.taken()
            number = lines.number + 1
            try:
                for values in reader:
                    source, first = lines.taken(), number
                    number = lines.number + 1
                    if not values:
                        continue
                    if len(values) != len(names):
                        raise InputError(
                            f"line {first:,} of {self.path.name} has {len(values)} fields, the first line {len(names)}."
                        )
                    yield first, source, dict(zip(names, values, strict=True)), delimiter
            except csv.Error as error:
                raise InputError(f"line {lines.number:,} of {self.path.name} is no CSV: {error}.") from error

    def _delimiter(self, header: str) -> str:
        for delimiter in DELIMITERS:
            if self.text_field in next(csv.reader([header.removeprefix("\ufeff")], delimiter=delimiter), []):
                return delimiter
        raise InputError(
            f"the first line of {self.path.name} names no field {self.text_field!r} (it is: {header.strip()[:200]}). "
            f"Name the field that holds the text with --text-field."
        )

    @contextmanager
    def _text(self) -> Iterator[IO[str]]:
        with (
            _opened(self.path, "rb") as binary,
            io.TextIOWrapper(binary, encoding=self.encoding or "utf-8", newline="") as file,
        ):
            try:
                yield file
            except UnicodeDecodeError as error:
                raise InputError(f"{self.path.name} is not in {error.encoding}. Pass --encoding.") from error


class _Recorded:
    """Lines of a file, with what was taken of them since it was last asked."""

    def __init__(self, file: IO[str]) -> None:
        self._file, self._taken, self.number = file, list[str](), 0

    def __iter__(self) -> _Recorded:
        return self

    def __next__(self) -> str:
        line = next(self._file)
        self._taken.append(line)
        self.number += 1
        return line if self.number > 1 else line.removeprefix("\ufeff")

    def taken(self) -> str:
        """Return the lines since the last call."""
        source = "".join(self._taken)
        self._taken.clear()
        return source


@contextmanager
def _unlimited_fields() -> Iterator[None]:
    """Let a field of a CSV file be as long as it is: by default 131,072 characters are an error."""
    before = csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        yield
    finally:
        csv.field_size_limit(before)


@contextmanager
def _opened(path: Path, mode: str) -> Iterator[IO[bytes]]:
    """Open a file of bytes, compressed if its name ends in .gz; "-" is standard output."""
    if str(path) == "-":
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    elif path.suffix.lower() == ".gz":
        # no time and no name in the file: the same rows give the same bytes
        with path.open(mode) as raw, gzip.GzipFile("", mode, COMPRESSION, raw, mtime=0) as file:
            yield cast(IO[bytes], file)
    else:
        with path.open(mode) as plain:
            yield plain
