"""Matches as files and tables: one row per match, the same bytes for the same result."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from textreuse.errors import TextReuseError

if TYPE_CHECKING:
    import pandas as pd

    from textreuse.result import ReuseResult

COLUMNS = {
    "a_id": "object",
    "a_start": "int64",
    "a_stop": "int64",
    "b_id": "object",
    "b_start": "int64",
    "b_stop": "int64",
    "similarity": "float64",
    "score": "float64",
    "expected": "float64",
    "family": "int64",
    "words": "float64",
    "boilerplate": "bool",
}
TEXT_COLUMNS = {"a_text": "object", "b_text": "object"}


class TextStream(Protocol):
    """Anything that text can be written to."""

    def write(self, text: str, /) -> object:
        """Write `text`."""


def write_jsonl(result: ReuseResult, path: str | Path | TextStream) -> None:
    r"""Write one JSON object per match and line, best match first; no match gives an empty file.

    UTF-8, lines ending in ``\n`` on every system; a lone surrogate is written as its JSON escape.

    Parameters
    ----------
    result
        What `find_reuse` or `compare` returned.
    path
        A file, which is overwritten; "-" for standard output; or an open text stream.

    Raises
    ------
    TextReuseError
        If the file cannot be written.
    """
    with lines_to(path) as stream:
        for match in result.matches:
            stream.write(json.dumps(match.to_dict(), ensure_ascii=False) + "\n")


def write_csv(result: ReuseResult, path: str | Path | TextStream) -> None:
    r"""Write a header and one row per match, best match first.

    UTF-8, rows ending in ``\n``, every text quoted; a lone surrogate is written as ``\udc80`` and the like.

    Parameters
    ----------
    result
        What `find_reuse` or `compare` returned.
    path
        A file, which is overwritten; "-" for standard output; or an open text stream.

    Raises
    ------
    TextReuseError
        If the file cannot be written.
    """
    with lines_to(path) as stream:
        # Not QUOTE_MINIMAL: which characters it holds for special differs between versions of Python.
        writer = csv.DictWriter(
            stream, list(_columns(result)), extrasaction="ignore", quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n"
        )
        writer.writeheader()
        writer.writerows(match.to_dict() for match in result.matches)


def to_pandas(result: ReuseResult) -> pd.DataFrame:
    """Return a DataFrame with one row per match, best match first, its columns those of `Match.to_dict`.

    No match gives an empty frame with the same columns and types. Texts and ids have dtype object, which holds
    every str, lone surrogates included.

    Raises
    ------
    TextReuseError
        If pandas is not installed.
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise TextReuseError("to_pandas needs pandas: pip install 'textreuse[pandas]', or use to_csv.") from error
    rows = [match.to_dict() for match in result.matches]
    columns = _columns(result)
    return pd.DataFrame({name: pd.Series([row[name] for row in rows], dtype=kind) for name, kind in columns.items()})


def write_records_jsonl(rows: Sequence[Any], path: str | Path | TextStream) -> None:
    """Write one JSON object per named tuple, as `write_jsonl` does."""
    with lines_to(path) as stream:
        for row in rows:
            stream.write(json.dumps(row._asdict(), ensure_ascii=False) + "\n")


def write_records_csv(columns: Mapping[str, str], rows: Sequence[Any], path: str | Path | TextStream) -> None:
    """Write the names of `columns` and one row per named tuple, as `write_csv` does."""
    with lines_to(path) as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def records_to_pandas(columns: Mapping[str, str], rows: Sequence[Any]) -> pd.DataFrame:
    """Return a DataFrame with one row per named tuple; `columns` gives the types.

    Raises
    ------
    TextReuseError
        If pandas is not installed.
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise TextReuseError("to_pandas needs pandas: pip install 'textreuse[pandas]', or use to_csv.") from error
    return pd.DataFrame(
        {name: pd.Series([getattr(row, name) for row in rows], dtype=columns[name]) for name in columns}
    )


def _columns(result: ReuseResult) -> dict[str, Any]:
    return {**COLUMNS, **TEXT_COLUMNS} if result.has_texts else COLUMNS


class _EscapingStream:
    """Passes text on with lone surrogates escaped, which no UTF-8 file can hold."""

    def __init__(self, stream: TextStream) -> None:
        self.stream = stream

    def write(self, text: str, /) -> None:
        self.stream.write(text.encode("utf-8", "backslashreplace").decode("utf-8"))


@contextmanager
def lines_to(path: str | Path | TextStream) -> Iterator[TextStream]:
    """Give a stream that writes to `path` in UTF-8 with its line ends as they are."""
    if not isinstance(path, str | Path):
        yield _EscapingStream(path)
    elif path == "-" and not hasattr(sys.stdout, "buffer"):  # a notebook, say
        yield _EscapingStream(sys.stdout)
    elif path == "-":
        # Standard output has the encoding and the line ends of the system; the rows have their own.
        sys.stdout.flush()
        stream = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="\n", write_through=True)
        try:
            yield _EscapingStream(stream)
        finally:
            stream.detach()
    else:
        try:
            with Path(path).open("w", encoding="utf-8", newline="\n") as file:
                yield _EscapingStream(file)
        except OSError as error:
            raise TextReuseError(
                f"{str(path)!r} cannot be written ({error.strerror}). Name a file in an existing folder."
            ) from error
