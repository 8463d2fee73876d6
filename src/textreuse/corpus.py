"""Documents from whatever holds them: folders, files, lists, dicts, iterators, DataFrames."""

from __future__ import annotations

import numbers
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from functools import partial
from itertools import chain, pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

from textreuse.errors import InputError
from textreuse.files import TEXT_SUFFIX, find_files, read_files
from textreuse.model import Document, Skipped

ReadPaths = Callable[[Sequence[Path]], Iterator[Document]]


def read_collection(
    source: object, *, text_field: str = "text", id_field: str = "id", encoding: str | None = None
) -> tuple[list[Document], list[Skipped]]:
    """Return all documents of `source` in code point order of their ids, and the files that are none.

    Takes what `read_documents` takes; a generator is consumed once. Nothing in `source` gives two empty lists.

    Raises
    ------
    InputError
        If the documents cannot be read as they are (see `read_documents`), or two have the same id.

    Examples
    --------
    >>> documents, skipped = read_collection({"b": "second text", "a": "first text"})
    >>> [document.id for document in documents]
    ['a', 'b']
    """
    skipped: list[Skipped] = []
    documents = list(
        read_documents(source, text_field=text_field, id_field=id_field, encoding=encoding, on_skip=skipped.append)
    )
    ordered = sorted(documents, key=lambda document: document.id)
    for left, right in pairwise(ordered):
        if left.id == right.id:
            positions = [position for position, document in enumerate(documents) if document.id == left.id]
            raise InputError(
                f"{len(positions)} documents have the id {left.id!r} (documents {positions[0]} and {positions[1]}, "
                f"counted from 0). Give each document an id of its own."
            )
    return ordered, sorted(skipped)


def read_documents(
    source: object,
    *,
    text_field: str = "text",
    id_field: str = "id",
    encoding: str | None = None,
    on_skip: Callable[[Skipped], None] | None = None,
) -> Iterator[Document]:
    """Return an iterator over the documents of `source`, in the order in which they arrive.

    Parameters
    ----------
    source
        A path (str or `Path`) of a text file or of a folder, whose .txt files are read recursively (ids are paths
        relative to the folder, with `/`); a list of `Path` (where two ids would be equal, all are preceded by their
        path in the list); a dict id -> text; an iterable of str (ids are indexes, padded
        with zeros so that they sort), of `Document`, or of mappings; a DataFrame of pandas or polars, or another
        table that narwhals knows.
    text_field, id_field
        Where mappings and tables hold text and id; all else they hold becomes metadata. Where no mapping has "id",
        ids are padded indexes.
    encoding
        Read files in this encoding only. By default a byte order mark decides, then UTF-8, then Windows-1252 or
        Latin-1; `metadata["encoding"]` tells where it was not UTF-8.
    on_skip
        Called with each file that is not read, and why. Use `read_collection` to get them as a list.

    Raises
    ------
    InputError
        If `source` is of no known kind or not an existing path, or a document has no text, or a text or an id is of
        the wrong type. It names the document and the way to mend it. Whether two ids are equal is not checked here.

    Examples
    --------
    >>> [(document.id, document.text) for document in read_documents(["one text", "another"])]
    [('0', 'one text'), ('1', 'another')]
    >>> next(read_documents([{"id": 7, "text": "a text", "year": 1848}]))
    Document(id='7', text='a text', metadata={'year': 1848})
    """
    read_paths = partial(_read_paths, encoding=_checked_encoding(encoding), on_skip=on_skip)
    if isinstance(source, str | os.PathLike):
        return read_paths([_existing_path(source)])
    if isinstance(source, Mapping):
        return (Document(_checked_id(key, f"key {key!r}"), _checked_text(text, key)) for key, text in source.items())
    if isinstance(source, AbstractSet):
        raise InputError("a set of texts has no order that lasts from run to run. Pass a list: sorted(texts).")
    if not isinstance(source, list | tuple | Iterator):
        source = _rows_of_table(source)
    if isinstance(source, bytes | bytearray | Document) or not isinstance(source, Iterable):
        raise InputError(
            f"documents are {_describe(source)}, which holds no documents. Pass a folder or file path, a list of "
            f"str, a dict id -> text, an iterable of Document or of mappings, or a DataFrame; a single document "
            f"goes in a list."
        )
    return _read_items(iter(source), read_paths, text_field, id_field)


def plain_texts(source: object) -> Sequence[str] | None:
    """Return `source` if it is a list of nothing but str, of which no `Document`s need to be made, else None.

    `padded_indexes` are their ids.

    >>> plain_texts(["one text", "another"]), plain_texts(["one text", None])
    (['one text', 'another'], None)
    """
    if isinstance(source, list | tuple) and set(map(type, source)) == {str}:
        _refuse_name_of_file(source[0])
        return source
    return None


def _read_paths(
    paths: Sequence[Path], encoding: str | None, on_skip: Callable[[Skipped], None] | None
) -> Iterator[Document]:
    return read_files(find_files(paths), encoding, on_skip or (lambda _: None))


def _read_items(items: Iterator[object], read_paths: ReadPaths, text_field: str, id_field: str) -> Iterator[Document]:
    """Return the documents among `items`, all of which must be of the kind of the first."""
    try:
        first = next(items)
    except StopIteration:
        return iter(())
    if isinstance(first, Document | Mapping):
        return _read_records(first, items, text_field, id_field)
    everything = [first, *items]
    if isinstance(first, os.PathLike):
        return read_paths([_existing_path(item) for item in everything])
    return _read_texts(everything)


def _read_texts(texts: Sequence[object]) -> Iterator[Document]:
    _refuse_name_of_file(texts[0])
    ids = padded_indexes(len(texts))
    return (Document(id_, _checked_text(text, id_)) for id_, text in zip(ids, texts, strict=True))


def _refuse_name_of_file(text: object) -> None:
    if isinstance(text, str) and text.endswith(TEXT_SUFFIX) and _is_path(text):
        raise InputError(
            f"document 0 is {text!r}, the name of an existing file, and a list of str is taken as a list of "
            f"texts. Pass [Path(name) for name in names]."
        )


def _read_records(first: object, others: Iterator[object], text_field: str, id_field: str) -> Iterator[Document]:
    """Yield the documents in mappings and `Document`s; padded indexes are the ids where no mapping has one."""
    if _has_id(first, id_field):
        for position, record in enumerate(chain([first], others)):
            yield _document(record, position, None, text_field, id_field)
        return
    records = [first, *others]  # how wide the indexes are depends on how many there are
    for position, (index, record) in enumerate(zip(padded_indexes(len(records)), records, strict=True)):
        yield _document(record, position, index, text_field, id_field)


def _has_id(record: object, id_field: str) -> bool:
    # Another field than the default was asked for by name, so its absence is an error and not a wish for indexes.
    return isinstance(record, Document) or id_field != "id" or (isinstance(record, Mapping) and id_field in record)


def _document(record: object, position: int, index: str | None, text_field: str, id_field: str) -> Document:
    """Return the document in `record`; `index` is its id where the documents before it had none of their own."""
    where = f"document {position} (counted from 0)"
    if index is not None and _has_id(record, id_field):
        raise InputError(f"{where} has an id, those before it have none. Give an id to all documents or to none.")
    if isinstance(record, Document):
        id_ = _checked_id(record.id, where)
        return Document(id_, _checked_text(record.text, id_), record.metadata)
    if not isinstance(record, Mapping):
        raise InputError(f"{where} is {_describe(record)}, those before it are not. Pass documents of one kind.")
    named = {id_field: "id_field"} if index is None else {}
    for field, option in {**named, text_field: "text_field"}.items():
        if field not in record:
            has = ", ".join(map(str, record)) or "nothing"
            raise InputError(
                f'{where} has no field "{field}" (it has: {has}). Give it one, or name another with {option}=.'
            )
    id_ = _checked_id(record[id_field], where) if index is None else index
    text = _checked_text(record[text_field], id_)
    return Document(id_, text, {str(key): record[key] for key in record if key not in (id_field, text_field)})


def _rows_of_table(source: object) -> object:
    """Return the rows of a DataFrame as mappings, one at a time, and anything else as it is."""
    import narwhals as nw
    from narwhals.exceptions import NarwhalsError

    try:
        table: Any = nw.from_native(source, pass_through=True)
        if isinstance(table, nw.LazyFrame):
            table = table.collect()
        return table.iter_rows(named=True) if isinstance(table, nw.DataFrame) else source
    except NarwhalsError as error:  # such as two columns of one name
        raise InputError(f"the table cannot be read: {' '.join(str(error).split())}") from error


def padded_indexes(count: int) -> list[str]:
    """Return the numbers below `count` with zeros in front, so that they sort as numbers do.

    >>> padded_indexes(3), padded_indexes(1001)[-2:]
    (['0', '1', '2'], ['0999', '1000'])
    """
    width = len(str(count - 1))
    ends = [f"{n:0{min(width, 3)}}" for n in range(min(count, 1000))]
    if count <= 1000:
        return ends
    # joining two halves takes a third of the time of formatting a number
    starts = (f"{n:0{width - 3}}" for n in range(-(-count // 1000)))
    return [start + end for start in starts for end in ends][:count]


def _checked_encoding(encoding: str | None) -> str | None:
    try:
        b"text".decode(encoding or "utf-8")
    except UnicodeError:
        pass  # an encoding that exists, and in which these bytes are no text
    except (LookupError, ValueError) as error:
        raise InputError(f'encoding {encoding!r} is unknown. Name one such as "utf-8" or "cp1252".') from error
    return encoding


def _checked_text(text: object, document_id: object) -> str:
    if type(text) is str:
        return text
    if isinstance(text, str):
        return str(text)  # numpy has a str of its own
    where = f"document {document_id!r}"
    if _is_missing(text):
        raise InputError(f"{where} has no text ({text!r}). Leave the document out, or set its text to an empty str.")
    if isinstance(text, bytes | bytearray | memoryview):
        raise InputError(
            f'{where} is {_describe(bytes(text[:20]))}, not str. Decode it first: text.decode("utf-8"), or the '
            f"encoding it is in."
        )
    raise InputError(f"the text of {where} is {_describe(text)}, not str. Pass the text itself as a str.")


def _checked_id(value: object, where: str) -> str:
    if isinstance(value, str | numbers.Real | UUID | date) and not _is_missing(value):
        return str(value)
    what = f"no id ({value!r})" if _is_missing(value) else f"an id that is {_describe(value)}"
    raise InputError(f"{where} has {what}. An id is a str or an int.")


def _is_missing(value: object) -> bool:
    return (
        value is None or type(value).__name__ in ("NAType", "NaTType") or (isinstance(value, float) and value != value)
    )


def _describe(value: object) -> str:
    return f"{type(value).__name__} {_shorten(repr(value))}"


def _shorten(shown: str) -> str:
    return shown if len(shown) <= 60 else f"{shown[:57]}..."


def _is_path(name: str) -> bool:
    try:
        return name != "" and Path(name).exists()  # Path("") would be the current folder
    except OSError:  # longer than a name may be
        return False


def _existing_path(name: object) -> Path:
    if not isinstance(name, str | os.PathLike):
        raise InputError(f"{_describe(name)} stands in a list of paths. Pass paths only, or texts only.")
    path = os.fspath(name)
    if not _is_path(path):
        hint = " A str is taken as a path: put a text in a list, [text]." if isinstance(name, str) else ""
        raise InputError(f"{_shorten(repr(path))} is not an existing file or folder.{hint}")
    return Path(path)
