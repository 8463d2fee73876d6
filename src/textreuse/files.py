"""Text files: which of them a folder holds, what their ids are, how they are decoded."""

from __future__ import annotations

import codecs
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from textreuse.errors import InputError
from textreuse.model import Document, Skipped

TEXT_SUFFIX = ".txt"
# Named by itself, a file of any other kind is read as plain text; the markup of these would pass for words.
STRUCTURED_SUFFIXES = frozenset(
    "." + kind
    for kinds in ("csv tsv json jsonl ndjson parquet", "htm html xml rtf doc docx odt epub pdf", "gz zip")
    for kind in kinds.split()
)
# UTF-32 before UTF-16: the little-endian mark of the one begins with that of the other.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file with its id, and its folder as seen from where the search began.

    `reason` says why the file is not to be read, if so. `named` is true if the user named this very file.
    """

    id: str
    path: Path
    folder: str
    reason: str | None = None
    named: bool = False


def find_files(roots: Sequence[Path]) -> list[FoundFile]:
    """Return the files that `roots` (files and folders) name or hold, in the order of the roots, then of the ids.

    A file in a folder has its path relative to the folder as id, a file named by itself its name. Where that gives
    one id to two files, the ids of all files are preceded by their root. Hidden files are left out; files that are
    no text are in the list, with the reason.

    Raises
    ------
    InputError
        If a folder holds no .txt file, if a file that was named is of a kind that is not read, or if one file would
        be read twice.
    """
    found = [list(_search_folder(root)) if root.is_dir() else [_named_file(root)] for root in roots]
    files = [file for files in found for file in files]
    if len(roots) == 1:
        return files
    _refuse_same_file_twice(files)
    if len({file.id for file in files}) < len(files):
        prefixed = [
            [replace(file, id=(root if file.named else root / file.id).as_posix()) for file in files]
            for root, files in zip(roots, found, strict=True)
        ]
        files = [file for files in prefixed for file in files]
    return [replace(file, folder=file.path.parent.as_posix()) for file in files]


def read_files(
    files: Sequence[FoundFile], encoding: str | None, on_skip: Callable[[Skipped], None]
) -> Iterator[Document]:
    """Yield the documents in `files`, each read when its turn comes; the others go to `on_skip` with the reason.

    Line ends stay as they are; a byte order mark is not part of the text. Metadata is `folder`, and `encoding` where
    the file is not in UTF-8.

    Raises
    ------
    InputError
        If a file that the user named cannot be read, or any file is not in the `encoding` that was asked for.
    """
    for file in files:
        reason = file.reason
        if reason is None:
            try:
                text, actual = decode(file.path.read_bytes(), encoding)
                noted = {} if actual == "utf-8" else {"encoding": actual}
                yield Document(file.id, text, {"folder": file.folder, **noted})
                continue
            except OSError as error:
                reason = f"cannot be read ({error.strerror})"
            except UnicodeDecodeError as error:
                reason = f"is not in {error.encoding}: {error.reason} at byte {error.start:,}"
                if encoding is not None:
                    raise InputError(
                        f"{str(file.path)!r} {reason}. Leave encoding out to have it recognized file by file."
                    ) from error
            except _NotTextError as error:
                reason = str(error)
        if file.named:
            raise InputError(f"{str(file.path)!r} {reason}.")
        on_skip(Skipped(file.id, reason))


class _NotTextError(Exception):
    """The bytes are no text; the message says how that was seen and reads on after the name of the file."""


def decode(data: bytes, encoding: str | None = None) -> tuple[str, str]:
    r"""Return the text in `data` and the encoding it was decoded from.

    Without `encoding`, a byte order mark decides; then UTF-8, if all of `data` is valid or more characters outside
    ASCII are valid than not (a file that was cut off or damaged); then Windows-1252, and Latin-1 where that has gaps.

    Examples
    --------
    >>> decode(b"won\x92t")
    ('won’t', 'cp1252')
    """
    if encoding is not None:
        return data.decode(encoding), encoding
    for mark, name in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data.decode(name), name
    data = data.removeprefix(codecs.BOM_UTF8)
    if data.count(0) > len(data) // 10:
        raise _NotTextError("is binary, or UTF-16 without a byte order mark; for that, pass encoding='utf-16-le'")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        valid = data.decode("utf-8", "ignore")
    repaired = data.decode("utf-8", "replace")
    n_invalid = len(repaired) - len(valid)
    if sum(character > "\x7f" for character in valid) > n_invalid:
        return repaired, f"utf-8, {n_invalid:,} invalid replaced"
    try:
        return data.decode("cp1252"), "cp1252"
    except UnicodeDecodeError:
        return data.decode("latin-1"), "latin-1"


def _named_file(path: Path) -> FoundFile:
    if path.suffix.lower() in STRUCTURED_SUFFIXES:
        raise InputError(
            f"{str(path)!r} is not plain text ({path.suffix}). Name a .txt file, or read it yourself and pass its "
            f"texts: a list, a dict id -> text or a DataFrame."
        )
    return FoundFile(path.name, path, ".", named=True)


def _search_folder(root: Path) -> list[FoundFile]:
    """Return the files in `root` and its folders in code point order of their ids, at least one of them a .txt."""
    unreadable: list[OSError] = []
    found = []
    for folder, subfolders, names in os.walk(root, onerror=unreadable.append):
        subfolders[:] = [name for name in subfolders if not name.startswith(".")]
        links = [name for name in subfolders if (Path(folder) / name).is_symlink()]
        for name in [*links, *(name for name in names if not name.startswith("."))]:
            path = Path(folder) / name
            reason = None
            if name in links:
                reason = "is a link to a folder, which is not followed"
            elif path.suffix.lower() != TEXT_SUFFIX:
                reason = f"is not a {TEXT_SUFFIX} file"
            relative = path.relative_to(root)
            found.append(FoundFile(relative.as_posix(), path, relative.parent.as_posix(), reason))
    for error in unreadable:
        path = Path(error.filename)
        found.append(FoundFile(path.relative_to(root).as_posix(), path, ".", f"cannot be read ({error.strerror})"))
    if all(file.reason for file in found):
        kinds = Counter(file.path.suffix.lower() or "no suffix" for file in found)
        has = ", ".join(f"{count} with {kind}" for kind, count in kinds.most_common(5)) or "no files"
        raise InputError(f"folder {str(root)!r} holds no {TEXT_SUFFIX} file (it has: {has}). Name another folder.")
    return sorted(found, key=lambda file: file.id)


def _refuse_same_file_twice(files: Sequence[FoundFile]) -> None:
    seen: dict[Path, Path] = {}
    for file in files:
        first = seen.setdefault(file.path.resolve(), file.path)
        if first is not file.path:
            raise InputError(
                f"file {str(file.path)!r} would be read twice, also as {str(first)!r}. Leave one of its paths out."
            )
